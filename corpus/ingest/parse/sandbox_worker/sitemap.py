"""Sitemaps → the addresses that they list, as they say them. Run in the sandbox, and imports nothing of ours."""

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


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a sitemap lists, or the trouble why it is none."""
    try:
        body = unpack(b64decode(request["body"]))
    except zlib.error:
        return {"trouble": "is compressed wrongly, or breaks off; try again later"}
    if len(body) > MOST_BYTES:
        return {"trouble": f"is larger than {MOST_BYTES // 1_000_000} MB, which no sitemap may be"}
    start = body.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if not start:
        return {"trouble": "is empty"}
    if start == b"<":
        return read_xml(body)
    lines = body.decode("utf-8-sig", "replace").splitlines()
    links = [line.strip() for line in lines if re.match(r"\s*https?://", line, re.IGNORECASE)]
    if len(links) * 2 < sum(1 for line in lines if line.strip()):
        return {"trouble": NO_SITEMAP}
    return make_answer([{"link": link} for link in links], [], broke_off=False)


def unpack(body: bytes) -> bytes:
    """Return the body, decompressed where it is; one byte more than allowed tells that there would be more."""
    if not body.startswith(PACKED):
        return body
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    unpacked = decoder.decompress(body, MOST_BYTES + 1)
    if not unpacked and not decoder.eof:
        raise zlib.error
    return unpacked


def read_xml(body: bytes) -> dict[str, Any]:
    """Return what a sitemap lists; of one that breaks off, what stands before. A damaged row is left out."""
    rows: list[dict[str, str]] = []
    more: list[str] = []
    broke_off, root = False, ""
    try:
        for element, name in stream_elements(body):
            if name in ROWS:
                row = read_row(element)
                more.append(row.get("link", "")) if name == "sitemap" else rows.append(row)
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
            root = root or local_name(element.getroottree().getroot())
    except lxml.etree.XMLSyntaxError:
        broke_off = True
    if root in FEEDS:
        return {"trouble": "is a feed and no sitemap; follow it as a feed"}
    if root not in {"urlset", "sitemapindex"}:
        return {"trouble": NO_SITEMAP}
    return make_answer(rows, more, broke_off=broke_off)


def stream_elements(body: bytes) -> Iterator[tuple[Any, str]]:
    """Yield each element when it ends. No entity is resolved, and nothing is loaded from elsewhere."""
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
        yield element, local_name(element)


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace, in small letters."""
    tag = element.tag
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
