"""Sitemaps → the addresses that they list, as they say them. Run in the sandbox, and imports nothing of ours."""

import io
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import lxml.etree

from .feed_repair import repair_characters, repair_references

MOST_ADDRESSES = 50_000  # as the protocol has it
LONGEST = 4000  # characters of a value
BEFORE = 65_536  # bytes in which the root begins
ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex|rss|feed|rdf)[\s>]", re.IGNORECASE)
END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE)
ROOTS, ROWS = {"urlset", "sitemapindex"}, {"url", "sitemap"}
WANTED = {
    "loc": "link",
    "lastmod": "updated",
    "title": "title",
    "publication_date": "published",
    "language": "language",
}
FEEDS = {"rss", "feed", "rdf"}
NO_SITEMAP = "is no sitemap: neither XML with a urlset nor a list of addresses"


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a sitemap lists, or the trouble why it is none."""
    body = b64decode(request["body"])
    root = ROOT.search(body[:BEFORE])
    if root or body.lstrip()[:1] == b"<":
        # What stands before the root (a blank line, a warning, declarations) says nothing that is wanted.
        return read_xml(repair_references(repair_characters(body[root.start() if root else 0 :])))
    lines = body.decode("utf-8", "replace").splitlines()
    links = [line.strip() for line in lines if re.match(r"\s*https?://", line, re.IGNORECASE)]
    if len(links) * 2 < sum(1 for line in lines if line.strip()):
        return {"trouble": NO_SITEMAP}
    return make_answer([{"link": link} for link in links], [], broke_off=False)


def read_xml(body: bytes) -> dict[str, Any]:
    """Return what a sitemap lists; of one that breaks off, what stands before. A damaged row is left out.

    What has its end does not break off: what is ill-formed in it, or stands behind it, is read over.
    """
    rows, more, root, is_whole = read_rows(body)
    if not is_whole and END.search(body):
        rows, more, root, is_whole = read_rows(body, recover=True)
    if root in FEEDS:
        return {"trouble": "is a feed and no sitemap; follow it as a feed"}
    if root not in ROOTS:
        return {"trouble": NO_SITEMAP}
    return make_answer(rows, more, broke_off=not is_whole)


def read_rows(body: bytes, *, recover: bool = False) -> tuple[list[dict[str, str]], list[str], str, bool]:
    """Return the rows of addresses, the further sitemaps, the name of the root, and whether all of it was read."""
    rows: list[dict[str, str]] = []
    more: list[str] = []
    root = ""
    try:
        for element, name in stream_elements(body, recover=recover):
            if name in ROWS:
                row = read_row(element)
                more.append(row.get("link", "")) if name == "sitemap" else rows.append(row)
                element.clear(keep_tail=False)
                # In one that is ill-formed a row may stand in another, whose parts are still to be read.
                while local_name(element.getparent()) in ROOTS and element.getprevious() is not None:
                    del element.getparent()[0]
            root = root or local_name(element.getroottree().getroot())
    except lxml.etree.XMLSyntaxError:
        return rows, more, root, False
    return rows, more, root, True


def stream_elements(body: bytes, *, recover: bool) -> Iterator[tuple[Any, str]]:
    """Yield each element when it ends. No entity is resolved, and nothing is loaded from elsewhere."""
    stream = lxml.etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in stream:
        yield element, local_name(element)


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace, in small letters."""
    tag = getattr(element, "tag", None)
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def read_row(element: Any) -> dict[str, str]:
    """Return what is said of an address; of what is said twice, the first. Pictures and translations are not it."""
    row: dict[str, str] = {}
    for part in element.iter():
        name = WANTED.get(local_name(part))
        parent = part.getparent()
        if name and (parent is element or local_name(parent) in {"news", "publication"}):
            row.setdefault(name, " ".join((part.text or "").split())[:LONGEST])
    return row


def make_answer(rows: list[dict[str, str]], more: list[str], *, broke_off: bool) -> dict[str, Any]:
    """Return the answer for what was listed."""
    return {
        "kind": "sitemap",
        "items": rows[:MOST_ADDRESSES],
        "beyond": max(0, len(rows) - MOST_ADDRESSES),
        "more": more[:MOST_ADDRESSES],
        "broke_off": broke_off,
    }
