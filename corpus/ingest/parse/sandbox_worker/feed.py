"""Feeds → what they list, as they say it. Run in the sandbox, and imports nothing of ours."""

import io
import re
from base64 import b64decode
from typing import Any

import feedparser

from . import json_feed
from .feed_repair import make_well_formed, repair
from .html_fragment import as_html, as_text, first, plain, text

MOST_ITEMS = 20_000
CLOSES = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
OPENS = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
TEXTS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "plain"}
LICENCE = re.compile(r"https?://(?:[\w-]+\.)*(?:creativecommons\.org|opensource\.org|gnu\.org)/[^\s\"'<>)]{1,200}")
START = 65_536  # bytes in which the root of a document begins
SITEMAP_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
A_SITEMAP = "is a sitemap and no feed; follow it with a pattern of the addresses that are wanted (--pattern /posts/)"
NO_FEED = "is no feed: neither RSS nor Atom nor JSON Feed"


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a feed says of itself and lists, or the trouble why it is none."""
    body = b64decode(request["body"])
    start = body.replace(b"\0", b"").lstrip()[:1]
    if not start:
        return {"trouble": "is empty"}
    if start in b"{[":
        listed: dict[str, Any] = json_feed.read(body)
        return listed
    return read_xml(body, request["url"])


# XML


def read_xml(body: bytes, url: str) -> dict[str, Any]:
    """Return what a feed in XML, in UTF-8, says of itself and lists."""
    body = repair(body)
    # With text/xml, a library of the old school takes the text for ASCII.
    parsed = parse_feed(body, {"content-type": "application/xml; charset=utf-8", "content-location": url})
    version = as_text(parsed.get("version"))
    if not version and not any("link" in entry or "id" in entry for entry in parsed.entries):
        return {"trouble": A_SITEMAP if SITEMAP_ROOT.search(body[:START]) else NO_FEED}
    broke_off, whole = find_break(body)
    feed, entries = parsed.feed, parsed.entries[:MOST_ITEMS]
    return {
        "kind": "rdf" if version in {"rss090", "rss10"} else "atom" if version.startswith("atom") else "rss",
        "title": plain(feed.get("title"), type_of(feed, "title")),
        "home": as_text(feed.get("link")),
        "language": as_text(feed.get("language")),
        "items": [read_entry(entry, feed, version) for entry in entries],
        "beyond": len(parsed.entries) - len(entries),
        "broke_off": broke_off,
        "partial": max(1, len(entries) - whole) if broke_off and whole is not None else 0,
    }


def parse_feed(body: bytes, headers: dict[str, str]) -> Any:
    """Return a feed as the library reads it; one in thousands makes it fall, and is made well-formed for it."""

    def parse(body: bytes) -> Any:
        # Bytes in a stream are never taken for the name of a file. The text is cleaned by the extractor, not here.
        stream = io.BytesIO(body)
        return feedparser.parse(stream, response_headers=headers, resolve_relative_uris=False, sanitize_html=False)

    try:
        return parse(body)
    except (AttributeError, LookupError, TypeError, ValueError):
        return parse(make_well_formed(body))


def find_break(body: bytes) -> tuple[bool, int | None]:
    """Return whether a feed breaks off, and if in the middle of an item, how many there are before it."""
    closes = [match.end() for match in CLOSES.finditer(body)]
    rest = body[closes[-1] if closes else 0 :]
    if ENDS.search(rest) or (not closes and re.search(rb"/>\s*$", rest)):
        return False, None
    return True, len(closes) if OPENS.search(rest) else None


def read_entry(entry: Any, feed: Any, version: str) -> dict[str, Any]:
    """Return what a feed says of one of its entries."""
    # Atom has an entry without authors inherit those of the feed that it comes from.
    heir_of = entry["source"] if "source" in entry else feed if version.startswith("atom") else {}
    links, of_feed = (
        [as_text(link.get("href")) for link in one.get("links", []) if link.get("rel") == "license"]
        for one in (entry, feed)
    )
    content, language = read_content(entry)
    # The library gives a text as summary where none was told.
    summary = plain(entry.get("summary"), type_of(entry, "summary")) if "summary_detail" in entry else ""
    guid = as_text(dict.get(entry, "id"))
    address = as_text(entry.get("feedburner_origlink")) or as_text(entry.get("link"))
    return {
        # Atom's library takes an id for a link, though it may be no address.
        "link": "" if address == guid else address,
        "guid": guid,
        "title": plain(entry.get("title"), type_of(entry, "title")),
        "people": names_of(entry) or names_of(heir_of),
        "published": first(dict.get(entry, "published"), dict.get(entry, "created")),
        "updated": as_text(dict.get(entry, "updated")),
        "summary": summary[:20_000],
        "language": as_text(entry.get("language")) or language,
        "licence": first(*links, licence_of(entry), *of_feed, licence_of(feed)),
        **text(content, summary, address),
    }


def read_content(entry: Any) -> tuple[str, str]:
    """Return the text of an entry as HTML, and its language; "" where the feed gives no text, or an address."""
    for one in entry.get("content", []):
        kind, value = TEXTS.get(as_text(one.get("type")).lower()), as_text(one.get("value"))
        if kind and value:
            return (value if kind == "html" else as_html(value)), as_text(one.get("language"))
    return "", as_text(entry.get("title_detail", {}).get("language"))


def names_of(of: Any) -> list[str]:
    """Return the names of the authors of an entry or a feed."""
    return [as_text(one.get("name")) for one in of.get("authors", [])[:50] if one.get("name")]


def licence_of(of: Any) -> str:
    """Return the address of a licence that a note of rights names. What only reserves rights is none."""
    found = LICENCE.search(as_text(of.get("rights")))
    return found[0].rstrip(".,;") if found else ""


def type_of(of: Any, name: str) -> str:
    """Return whether a text is HTML or plain."""
    return TEXTS.get(as_text(of.get(f"{name}_detail", {}).get("type")).lower(), "html")
