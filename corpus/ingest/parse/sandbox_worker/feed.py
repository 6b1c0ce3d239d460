"""Feeds → what they list, as they say it. Run in the process apart, and imports nothing of ours."""

import io
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import feedparser
import json_feed
from feed_repair import mended, well_formed
from html_fragment import as_html, as_text, first, plain, text

MOST_ITEMS = 20_000
CLOSES = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
OPENS = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
TEXTS = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "plain"}
LICENCE = re.compile(r"https?://(?:[\w-]+\.)*(?:creativecommons\.org|opensource\.org|gnu\.org)/[^\s\"'<>)]{1,200}")
NO_FEED = "is no feed: neither RSS nor Atom nor JSON Feed"


def take_apart(asked: dict[str, Any]) -> dict[str, Any]:
    """What a feed says of itself and lists; one that is none has its trouble told."""
    body = b64decode(asked["body"])
    start = body.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if not start:
        return {"trouble": "is empty"}
    if start in b"{[":
        listed: dict[str, Any] = json_feed.read(body)
        return listed
    return _of_xml(body, asked["url"], asked["content_type"])


# XML


def _of_xml(body: bytes, url: str, content_type: str) -> dict[str, Any]:
    body, is_certain = mended(body)
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    kind = "application/xml"  # with text/xml, a library of the old school takes the text for ASCII
    if is_certain:
        kind = f"{kind}; charset=utf-8"
    elif charset:
        kind = f"{kind}; charset={charset[1]}"
    told = _parsed(body, {"content-type": kind, "content-location": url})
    version = as_text(told.get("version"))
    if not version and not any("link" in entry or "id" in entry for entry in told.entries):
        return {"trouble": NO_FEED}
    broke_off, whole = _breaks_off(body)
    feed, entries = told.feed, told.entries[:MOST_ITEMS]
    return {
        "kind": _kind(version),
        "title": plain(feed.get("title"), _type(feed, "title")),
        "home": as_text(feed.get("link")),
        "language": as_text(feed.get("language")),
        "items": [_entry(entry, feed, version) for entry in entries],
        "beyond": len(told.entries) - len(entries),
        "broke_off": broke_off,
        "partial": max(1, len(entries) - whole) if broke_off and whole is not None else 0,
    }


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    """As the library reads it; one feed in thousands makes it fall, and is made well-formed for it."""

    def parse(body: bytes) -> Any:
        # Bytes in a stream are never taken for the name of a file. The text is cleaned by the extractor, not here.
        stream = io.BytesIO(body)
        return feedparser.parse(stream, response_headers=headers, resolve_relative_uris=False, sanitize_html=False)

    try:
        return parse(body)
    except (AttributeError, LookupError, TypeError, ValueError):
        return parse(well_formed(body))


def _kind(version: str) -> str:
    if version in {"rss090", "rss10"}:
        return "rdf"
    return "atom" if version.startswith("atom") else "rss"


def _breaks_off(body: bytes) -> tuple[bool, int | None]:
    """Whether a feed ends before its end, and if that is in the middle of an item, how many there are before it."""
    body = body.replace(b"\0", b"")  # in UTF-16 without a mark, tags are then ASCII, too
    closes = [match.end() for match in CLOSES.finditer(body)]
    rest = body[closes[-1] if closes else 0 :]
    if ENDS.search(rest) or (not closes and re.search(rb"/>\s*$", rest)):
        return False, None
    return True, len(closes) if OPENS.search(rest) else None


def _entry(entry: Any, feed: Any, version: str) -> dict[str, Any]:
    links = [as_text(link.get("href")) for link in entry.get("links", []) if link.get("rel") == "license"]
    content, language = _content(entry)
    # The library gives a text as summary where none was told.
    summary = plain(entry.get("summary"), _type(entry, "summary")) if "summary_detail" in entry else ""
    guid = as_text(dict.get(entry, "id"))
    address = as_text(entry.get("feedburner_origlink")) or as_text(entry.get("link"))
    return {
        # Atom's library takes an id for a link, though it may be no address.
        "link": "" if address == guid else address,
        "guid": guid,
        "title": plain(entry.get("title"), _type(entry, "title")),
        "people": _names(entry) or _inherited(entry, feed, version),
        "published": first(dict.get(entry, "published"), dict.get(entry, "created")),
        "updated": as_text(dict.get(entry, "updated")),
        "published_utc": _utc(dict.get(entry, "published_parsed") or dict.get(entry, "created_parsed")),
        "updated_utc": _utc(dict.get(entry, "updated_parsed")),
        "summary": summary[:20_000],
        "language": as_text(entry.get("language")) or language,
        "licence": first(*links, _licence(entry), *_licences(feed)),
        **text(content, summary, address),
    }


def _content(entry: Any) -> tuple[str, str]:
    """The text of an entry as HTML, and its language; nothing where the feed gives what is no text, or an address."""
    for one in entry.get("content", []):
        kind, value = TEXTS.get(as_text(one.get("type")).lower()), as_text(one.get("value"))
        if kind and value:
            return (value if kind == "html" else as_html(value)), as_text(one.get("language"))
    return "", as_text(entry.get("title_detail", {}).get("language"))


def _inherited(entry: Any, feed: Any, version: str) -> list[str]:
    """Atom has an entry without authors inherit those of the feed that it comes from."""
    if "source" in entry:
        return _names(entry["source"])
    return _names(feed) if version.startswith("atom") else []


def _names(of: Any) -> list[str]:
    return [as_text(one.get("name")) for one in of.get("authors", [])[:50] if one.get("name")]


def _licences(feed: Any) -> Iterator[str]:
    yield from (as_text(link.get("href")) for link in feed.get("links", []) if link.get("rel") == "license")
    yield _licence(feed)


def _licence(of: Any) -> str:
    """The address of a licence that a note of rights names. What only reserves rights is none."""
    found = LICENCE.search(as_text(of.get("rights")))
    return found[0].rstrip(".,;") if found else ""


def _type(of: Any, name: str) -> str:
    return TEXTS.get(as_text(of.get(f"{name}_detail", {}).get("type")).lower(), "html")


def _utc(parsed: Any) -> str:
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6]) if parsed else ""
