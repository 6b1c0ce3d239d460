"""Feeds and sitemaps, as they were fetched → what they list; and where a page says that its feed is."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape

from corpus.ingest.parse.entry_records import NotAnEntry
from corpus.ingest.parse.feed_items import ItemRefused, address_of, listing
from corpus.ingest.parse.sandbox import Dissector
from corpus.ingest.parse.url_pattern import address_pattern
from corpus.models.fetched import Fetched
from corpus.models.items import Item, Listing, NoItem
from corpus.text.media_type import LOOKS_LIKE_HTML

__all__ = ["Item", "Listing", "NoItem", "discover", "read_feed", "read_sitemap"]

A_FEED = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json)", re.IGNORECASE)
FEED_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)\b", re.IGNORECASE)
HTML_ROOT = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
START = 4096  # bytes in which a document says what it is
WHERE_FEEDS_ARE_TOLD = 500_000  # characters
LINK = re.compile(r"<(link|base)\b([^>]{0,3000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def read_feed(fetched: Fetched, dissector: Dissector, today: date | None = None) -> Listing:
    """What a feed lists. Raises NotAnEntry for what is none, and for one that cannot be read."""
    if not fetched.body.strip():
        raise NotAnEntry("is empty")
    if _is_page(fetched.body):
        raise NotAnEntry(_in_disguise(fetched))
    said = dissector.feed(fetched.body, fetched.final_url, fetched.content_type)
    return listing(said, fetched.final_url, today or datetime.now(UTC).date())


def read_sitemap(
    fetched: Fetched, dissector: Dissector, pattern: str | None = None, today: date | None = None
) -> Listing:
    """The addresses that a sitemap lists, those that the pattern finds itself in. Raises NotAnEntry."""
    if not fetched.body.strip():
        raise NotAnEntry("is empty")
    if _is_page(fetched.body):
        raise NotAnEntry("is a web page and no sitemap; a site names its sitemap in its robots.txt")
    said = dissector.sitemap(fetched.body, fetched.final_url)
    try:
        fits = address_pattern(pattern) if pattern else None
    except ValueError as error:
        raise NotAnEntry(f"cannot be searched: its pattern {error}") from error
    return listing(said, fetched.final_url, today or datetime.now(UTC).date(), fits)


def discover(html: str, url: str) -> list[str]:
    """The addresses of the feeds that a page links to, those of its comments last."""
    base, found = url, dict[str, bool]()
    for tag, told in _links(html[:WHERE_FEEDS_ARE_TOLD]):
        try:
            address = address_of(told.get("href", ""), base)
        except ItemRefused:
            continue
        if tag == "base":
            base = address
        elif "alternate" in told.get("rel", "").lower().split() and A_FEED.match(told.get("type", "").strip()):
            found.setdefault(address, "comments" in address.lower())
    return sorted(found, key=lambda address: found[address])


def _links(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The <link> and <base> of a page with their attributes, without those in its comments."""
    first, *behind = html.split("<!--")
    shown = first + "".join(part.partition("-->")[2] for part in behind)
    for tag, inside in LINK.findall(shown):
        told = {name.lower(): unescape(a or b or c).strip() for name, a, b, c in ATTRIBUTE.findall(inside)}
        yield tag.lower(), told


def _is_page(body: bytes) -> bool:
    start = body.removeprefix(b"\xef\xbb\xbf")[:START].replace(b"\0", b"")
    if LOOKS_LIKE_HTML.match(start):
        return True
    return HTML_ROOT.search(start) is not None and not FEED_ROOT.search(start)


def _in_disguise(fetched: Fetched) -> str:
    feeds = discover(fetched.text or fetched.body.decode(errors="replace"), fetched.final_url)
    if feeds:
        return f"is a web page and no feed; its feed is {feeds[0]}"
    return "is a web page and no feed, and names none; give the address of a feed"
