"""JSON Feed → what it lists, as it says it. Run in the sandbox, and imports nothing of ours."""

import json
import re
from typing import Any

from .html_fragment import as_html, as_text, text

MOST_ITEMS = 20_000
JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/.{1,20}")
BROKEN = "is JSON that is broken or breaks off"
NO_FEED = "is JSON and no feed: it has no version of JSON Feed, or no items"


def read(body: bytes) -> dict[str, Any]:
    """Return what a JSON Feed, in UTF-8, says of itself and lists, or the trouble why it is none."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return {"trouble": BROKEN}
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not JSON_FEED.fullmatch(as_text(version)):
        return {"trouble": NO_FEED}
    authors = authors_of(feed)
    return {
        "kind": "json",
        "title": " ".join(as_text(feed.get("title")).split()),
        "home": as_text(feed.get("home_page_url")),
        "language": as_text(feed.get("language")),
        "items": [read_item(item if isinstance(item, dict) else {}, authors) for item in items[:MOST_ITEMS]],
        "beyond": max(0, len(items) - MOST_ITEMS),
    }


def read_item(item: dict[str, Any], authors: list[str]) -> dict[str, Any]:
    """Return what a feed says of one of its items."""
    summary = " ".join(as_text(item.get("summary")).split())[:20_000]
    content = as_text(item.get("content_html")) or as_html(as_text(item.get("content_text")))
    return {
        "link": as_text(item.get("url")),
        "guid": as_text(item.get("id")),
        "title": " ".join(as_text(item.get("title")).split()),
        "people": authors_of(item) or authors,
        "published": as_text(item.get("date_published")),
        "updated": as_text(item.get("date_modified")),
        "summary": summary,
        "language": as_text(item.get("language")),
        **text(content, summary, as_text(item.get("url"))),
    }


def authors_of(of: dict[str, Any]) -> list[str]:
    """Return the names of the authors: version 1.1 has a list of them, 1.0 one."""
    listed = of.get("authors")
    every = listed if isinstance(listed, list) and listed else [of.get("author")]
    return [as_text(one["name"]) for one in every[:50] if isinstance(one, dict) and as_text(one.get("name"))]
