"""Sitemaps → the addresses that they list, as they say them. Run in the process apart, and imports nothing of ours."""

import io
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import lxml.etree

MOST_BYTES = 50_000_000  # unpacked, as the protocol has it
MOST_ADDRESSES = 50_000  # the same
LONGEST = 4000  # characters of a value
PACKED = b"\x1f\x8b"
ROWS = {"url", "sitemap"}
WANTED = {
    "loc": "link",
    "lastmod": "updated",
    "title": "title",
    "publication_date": "published",
    "language": "language",
}
FEEDS = {"rss", "feed", "rdf"}
NO_SITEMAP = "is no sitemap: neither XML with a urlset nor a list of addresses"


def take_apart(asked: dict[str, Any]) -> dict[str, Any]:
    """What a sitemap lists; one that is none has its trouble told."""
    try:
        body = _unpacked(b64decode(asked["body"]))
    except zlib.error:
        return {"trouble": "is compressed wrongly, or breaks off; try again later"}
    if len(body) > MOST_BYTES:
        return {"trouble": f"is larger than {MOST_BYTES // 1_000_000} MB, which no sitemap may be"}
    start = body.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if not start:
        return {"trouble": "is empty"}
    return _of_xml(body) if start == b"<" else _of_text(body)


def _unpacked(body: bytes) -> bytes:
    """The body, decompressed where it is; one byte more than allowed tells that there would be more."""
    if not body.startswith(PACKED):
        return body
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    unpacked = decoder.decompress(body, MOST_BYTES + 1)
    if not unpacked and not decoder.eof:
        raise zlib.error
    return unpacked


def _of_text(body: bytes) -> dict[str, Any]:
    lines = body.decode("utf-8-sig", "replace").splitlines()
    links = [line.strip() for line in lines if re.match(r"\s*https?://", line, re.IGNORECASE)]
    if len(links) * 2 < sum(1 for line in lines if line.strip()):
        return {"trouble": NO_SITEMAP}
    return _found([{"link": link} for link in links], [], broke_off=False)


def _of_xml(body: bytes) -> dict[str, Any]:
    """Read as a stream, so that what breaks off gives what stands before; a damaged row is left out."""
    rows: list[dict[str, str]] = []
    more: list[str] = []
    broke_off, root = False, ""
    try:
        for element, name in _elements(body):
            if name in ROWS:
                row = _row(element)
                more.append(row.get("link", "")) if name == "sitemap" else rows.append(row)
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
            root = root or _name(element.getroottree().getroot())
    except lxml.etree.XMLSyntaxError:
        broke_off = True
    if root in FEEDS:
        return {"trouble": "is a feed and no sitemap; follow it as a feed"}
    if root not in {"urlset", "sitemapindex"}:
        return {"trouble": NO_SITEMAP}
    return _found(rows, more, broke_off=broke_off)


def _elements(body: bytes) -> Iterator[tuple[Any, str]]:
    """Each element when it ends. No entity is resolved, and nothing is loaded from elsewhere."""
    stream = lxml.etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in stream:
        yield element, _name(element)


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _row(element: Any) -> dict[str, str]:
    """What is told of an address; of what is told twice, the first. Pictures and translations of it are not it."""
    row: dict[str, str] = {}
    for part in element.iter():
        name = WANTED.get(_name(part))
        parent = part.getparent()
        if name and (parent is element or _name(parent) in {"news", "publication"}):
            row.setdefault(name, " ".join((part.text or "").split())[:LONGEST])
    return row


def _found(rows: list[dict[str, str]], more: list[str], *, broke_off: bool) -> dict[str, Any]:
    return {
        "kind": "sitemap",
        "items": rows[:MOST_ADDRESSES],
        "beyond": max(0, len(rows) - MOST_ADDRESSES),
        "more": more[:MOST_ADDRESSES],
        "broke_off": broke_off,
    }
