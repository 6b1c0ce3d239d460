"""Markdown → its text, without the marks, and what its blocks are. Run in the sandbox, and imports nothing of ours."""

import re
from typing import Any

import lxml.html
import markdown_it

from .page import clean_controls, join_blocks
from .text_walk import LeftOut, Walk, lost, size_of_element

NOTE = re.compile(r"^ {0,3}\[\^[^\]\s]{1,40}\]:[ \t]*", re.MULTILINE)  # where a note stands
MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")  # where it is named
LOST = "is built in a way in which some of its words would be lost; write it as plain text"


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return the text of Markdown, its headings, and what its blocks are, as of a page."""
    written = MARK.sub("", NOTE.sub("\n\n", request["text"]))
    written = re.sub(r"\{/\*.{0,2000}?\*/\}", "", written)  # MDX's own comments
    html = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(written)
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
