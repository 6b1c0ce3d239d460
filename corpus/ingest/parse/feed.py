"""Feeds and sitemaps, as they were fetched → what they list; and where a page says that its feed is."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

from corpus.ingest.parse.feed_items import ItemRefused, address_of, make_listing
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.url_pattern import address_pattern
from corpus.models.fetched import Fetched
from corpus.models.items import Listing
from corpus.text.media_type import GZIP, LOOKS_LIKE_HTML, decode_document

A_FEED = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json)", re.IGNORECASE)
FEED_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)\b", re.IGNORECASE)
HTML_ROOT = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
START = 4096  # bytes in which a document says what it is
HEAD_CHARACTERS = 500_000  # characters
LINK = re.compile(r"<(link|base)\b([^>]{0,3000})>", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
MOST_UNPACKED = 50_000_000  # bytes of a sitemap, as its protocol has it
BADLY_PACKED = "is compressed wrongly, or breaks off; try again later"
ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def read_feed(fetched: Fetched, sandbox: Sandbox, today: date | None = None) -> Listing:
    """Return what a feed lists. Raises NotAnEntry for what is none, and for one that cannot be read."""
    if not fetched.body.strip():
        raise NotAnEntry("is empty")
    if _is_page(fetched.body):
        feeds = discover_feeds(fetched.text or fetched.body.decode(errors="replace"), fetched.final_url)
        if feeds:
            raise NotAnEntry(f"is a web page and no feed; its feed is {feeds[0]}")
        raise NotAnEntry("is a web page and no feed, and names none; give the address of a feed")
    is_json = fetched.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}  # which is in UTF-8, whatever is claimed
    label = CHARSET.search(fetched.content_type)
    decoded = decode_document(fetched.body, label[1] if label and not is_json else None)
    stated = sandbox.feed(decoded.text.encode(), fetched.final_url)
    listing = make_listing(stated, fetched.final_url, today or datetime.now(UTC).date())
    return replace(listing, note=decoded.note)


def read_sitemap(fetched: Fetched, sandbox: Sandbox, pattern: str | None = None, today: date | None = None) -> Listing:
    """Return the addresses that a sitemap lists, those that the pattern finds itself in. Raises NotAnEntry."""
    if not fetched.body.strip():
        raise NotAnEntry("is empty")
    if _is_page(fetched.body):
        raise NotAnEntry("is a web page and no sitemap; a site names its sitemap in its robots.txt")
    label = CHARSET.search(fetched.content_type)
    # No guess: an address with a wrong letter leads elsewhere.
    decoded = decode_document(_unpacked(fetched.body), label[1] if label else None, may_guess=False)
    if not decoded.text.strip():
        raise NotAnEntry("is empty")
    stated = sandbox.sitemap(decoded.text.encode(), fetched.final_url)
    try:
        fits = address_pattern(pattern) if pattern else None
    except ValueError as error:
        raise NotAnEntry(f"cannot be searched: its pattern {error}") from error
    listing = make_listing(stated, fetched.final_url, today or datetime.now(UTC).date(), fits)
    return replace(listing, note=decoded.note)


def _unpacked(body: bytes) -> bytes:
    """A sitemap, decompressed where it is a compressed file. Raises NotAnEntry."""
    if body.startswith(GZIP):
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            unpacked = decoder.decompress(body, MOST_UNPACKED + 1)
        except zlib.error as error:
            raise NotAnEntry(BADLY_PACKED) from error
        if not unpacked and not decoder.eof:
            raise NotAnEntry(BADLY_PACKED)
        body = unpacked
    if len(body) > MOST_UNPACKED:
        raise NotAnEntry(f"is larger than {MOST_UNPACKED // 1_000_000} MB, which no sitemap may be")
    return body


def discover_feeds(html: str, url: str) -> list[str]:
    """Return the addresses of the feeds that a page links to, those of its comments last."""
    base, found = url, dict[str, bool]()
    for tag, attributes in _links(html[:HEAD_CHARACTERS]):
        try:
            address = address_of(attributes.get("href", ""), base)
        except ItemRefused:
            continue
        if tag == "base":
            base = address
        elif "alternate" in attributes.get("rel", "").lower().split() and A_FEED.match(
            attributes.get("type", "").strip()
        ):
            found.setdefault(address, "comments" in address.lower())
    return sorted(found, key=lambda address: found[address])


def _links(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The <link> and <base> of a page with their attributes, without those in its comments."""
    first, *behind = html.split("<!--")
    shown = first + "".join(part.partition("-->")[2] for part in behind)
    for tag, inside in LINK.findall(shown):
        attributes = {name.lower(): unescape(a or b or c).strip() for name, a, b, c in ATTRIBUTE.findall(inside)}
        yield tag.lower(), attributes


def _is_page(body: bytes) -> bool:
    start = body.removeprefix(b"\xef\xbb\xbf")[:START].replace(b"\0", b"")
    if LOOKS_LIKE_HTML.match(start):
        return True
    return HTML_ROOT.search(start) is not None and not FEED_ROOT.search(start)
