"""Markdown → its text, without the marks, and what its blocks are. Run in the sandbox, and imports nothing of ours.

What engines add to CommonMark (notes, shortcodes, edits, comments, raised figures) is put into its words first.
"""

import re
from typing import Any

import lxml.html
import markdown_it

from .elements import size_of_element
from .page import clean_controls, join_blocks
from .text_walk import LeftOut, Walk, lost

LOST = "is built in a way in which some of its words would be lost; write it as plain text"
QUOTE = r"(?:block|pull)?quote|epigraph"
EXTENSIONS = tuple(
    (re.compile(pattern, re.MULTILINE | re.IGNORECASE), written)
    for pattern, written in (
        (r"^ {0,3}\[\^[^\]\s]{1,40}\]:[ \t]*", "\n\n"),  # where a note stands
        (r"\[\^[^\]\s]{1,40}\]|\[@[^\]\n]{1,200}\]", ""),  # where it is named, or a reference is
        (
            rf"^\{{\{{[<%]\s*(?:{QUOTE})\b.{{0,300}}?[>%]\}}\}}|\{{%\s*(?:{QUOTE})\b.{{0,300}}?%\}}",
            "\n\n<blockquote>\n\n",
        ),
        (rf"\{{\{{[<%]\s*/\s*(?:{QUOTE})\s*[>%]\}}\}}|\{{%\s*end(?:{QUOTE})\s*%\}}", "\n\n</blockquote>\n\n"),
        (r"\{\{[<%].{0,300}?[>%]\}\}|\{%.{0,300}?%\}", ""),  # other shortcodes
        (
            rf"^:::+\s*\{{?\.?(?:{QUOTE})\b[^\n]{{0,80}}\n([\s\S]{{0,5000}}?)^:::+[ \t]*$",
            r"\n\n<blockquote>\n\n\1\n\n</blockquote>\n\n",
        ),
        (r"^:::+[^\n]{0,80}$", "\n\n"),
        (r"\{~~.{0,500}?~>(.{0,500}?)~~\}", r"\1"),  # CriticMarkup
        (r"\{--(.{0,500}?)--\}", r"<del>\1</del>"),
        (r"(?<![\w~])~(\w(?:[^~\n]{0,80}\w)?)~(?![\w~])", r"<del>\1</del>"),  # one tilde strikes, too
        (r"\^\[([^\]\n]{1,500})\]", r'<span class="sidenote">\1</span>'),
        (r"\{\+\+(.{0,500}?)\+\+\}", r"\1"),
        (r"\{>>.{0,500}?<<\}|%%.{0,2000}?%%|\{/\*.{0,2000}?\*/\}", ""),  # comments
        (r"[ \t]*\{#[\w:-]{1,60}\}[ \t]*$", ""),  # names of headings
        (r"(?<=[\w)\]])\^(\d{1,5})\^", r"<sup>\1</sup>"),
        (r"(?<=\w)~(\d{1,5})~", r"<sub>\1</sub>"),
        (r"==([^=\n]{1,300})==", r"\1"),
        (r"^([ \t]*[-*+][ \t]+)\[[ xX]\][ \t]+", r"\1"),  # boxes of a list of tasks
        (r"[ \t]\^[a-z][\w-]{2,40}[ \t]*$", ""),  # names of paragraphs
        (r"!\[\[[^\]\n]{1,200}\]\]", ""),  # what a wiki shows there of another page
        (r"\[\[(?:[^\]|\n]{1,200}\|)?([^\]|\n]{1,200})\]\]", r"\1"),  # links of a wiki
        (r"\[!(?:note|tip|important|warning|caution|info|quote)\][+-]?", ""),
    )
)


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return the text of Markdown, its headings, and what its blocks are, as of a page."""
    parts = re.split(
        r"(^ {0,3}(?:```|~~~).*?^ {0,3}(?:```|~~~)[ \t]*$)", request["text"], flags=re.MULTILINE | re.DOTALL
    )
    for place in range(0, len(parts), 2):  # what is between them is code
        for extension, written in EXTENSIONS:
            parts[place] = extension.sub(written, parts[place])
    html = (
        markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render("".join(parts))
    )
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree: Any = lxml.html.document_fromstring(f"<body>{html}</body>".encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return {"text": "", "sections": [], "blocks": []}
    clean_controls(tree)
    left_out: LeftOut = LeftOut()
    total = size_of_element(tree)
    found = Walk(left_out).read(tree)
    if lost(total, sum(block.size for block in found), left_out):
        return {"trouble": LOST}
    text, sections, blocks = join_blocks(found)
    return {"text": text, "sections": sections, "blocks": blocks, "left_out": dict(left_out), "characters": total}
