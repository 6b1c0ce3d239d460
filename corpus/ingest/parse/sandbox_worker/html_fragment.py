"""A piece of HTML that a feed carries: its words, and whether it is a text. Run in the sandbox."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import lxml.html

from .text_walk import Walk

LONGEST = 2_000_000  # characters of one text; a page that is longer is not read either
SHORTEST = 200  # characters; what is shorter is no text, but what some feeds give in its place
BLOCKS = "//p | //div | //br | //li | //h1 | //h2 | //h3 | //h4 | //td | //blockquote | //pre"
FIGURES = "//sup | //sub | //math | //del | //s | //strike"
CUT_OFF = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]$")
# What the last link of an opening says, where the rest stands on the page.
GO_ON = re.compile(
    r"(?:\W*(?:read|continue|keep|view|see)\b.{0,60}\b(?:more|on|reading|rest|full|whole|post|story|article)\b.{0,60}"
    r"|\W*more\W*|weiterlesen.{0,60}|lire la suite.{0,60}|leer más.{0,60}|seguir leyendo.{0,60})",
    re.IGNORECASE,
)


def text(content: str, summary: str, address: str) -> dict[str, Any]:
    """Return the text that is carried, if it is one, and whether it is an opening that ends with a link to go on."""
    if not content or len(content) > LONGEST:
        return {"html": "", "teaser": False}
    content, is_teaser = drop_invitation(content, address)
    words = plain(content, "html")
    is_text = len(words) >= SHORTEST and words != summary and not CUT_OFF.search(words)
    return {"html": content if is_text else "", "teaser": is_teaser}


def drop_invitation(content: str, address: str) -> tuple[str, bool]:
    """Return a text without a last paragraph that only links to the piece itself, and whether there was one."""
    if not re.search(r"<a\s", content[-2000:], re.IGNORECASE):
        return content, False
    tree = parse_tree(content)
    for link in tree.xpath("(//a)[last()]") if tree is not None else []:
        stated = " ".join(link.text_content().split())
        block = next((one for one in link.iterancestors() if one.tag in {"p", "div"}), tree)
        alone = " ".join(block.text_content().split()) == stated
        is_last = not "".join(block.xpath("following::text()")).strip()
        if alone and is_last and GO_ON.fullmatch(stated) and is_same_page(link.get("href", ""), address):
            inside = block is tree
            (link if inside else block).drop_tree()
            rest = (lxml.html.tostring(child, encoding="unicode") for child in tree)
            return html.escape(tree.text or "") + "".join(rest), True
    return content, False


def is_same_page(one: str, other: str) -> bool:
    """Return whether two addresses lead to one page."""
    try:
        here, there = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    return (here.netloc, here.path.rstrip("/")) == (there.netloc, there.path.rstrip("/"))


def parse_tree(fragment: str) -> Any:
    """Return the elements of a piece of HTML, in one that holds them; None where there is nothing to be read."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    source = f"<html><body>{fragment}</body></html>".replace("\0", "").encode("utf-8", "replace")
    try:
        return lxml.html.document_fromstring(source, parser=parser).find("body")
    except (lxml.etree.LxmlError, ValueError):
        return None


def plain(value: Any, kind: str) -> str:
    """Return a text in one line, without the tags that it may have."""
    words = as_text(value)
    if kind == "html" and ("<" in words or "&" in words):
        tree = parse_tree(words)
        if tree is None:
            return ""
        for hidden in tree.xpath("//script | //style"):
            hidden.drop_tree()
        if tree.xpath(FIGURES):  # a figure that is raised is another one than beside the rest
            return " ".join(" ".join(block.text for block in Walk().read(tree)).split())
        for block in tree.xpath(BLOCKS):
            block.tail = f" {block.tail or ''}"
        words = tree.text_content()
    return " ".join(words.split())


def as_html(words: str) -> str:
    """Return plain text as paragraphs of HTML."""
    return "".join(f"<p>{html.escape(part)}</p>" for part in re.split(r"\n\s*\n", words) if part.strip())


def first(*values: Any) -> str:
    """Return the first of these that is a text and not empty, or ""."""
    return next(filter(None, map(as_text, values)), "")


def as_text(value: Any) -> str:
    """Return a text without blanks around it, or "" for what is none."""
    return value.strip() if isinstance(value, str) else ""
