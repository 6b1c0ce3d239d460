"""JSON Feed → what it lists, as it says it. Run in the process apart, and imports nothing of ours."""

import json
import re
from typing import Any

from html_fragment import as_html, as_text, text

MOST_ITEMS = 20_000
MARK = b"\xef\xbb\xbf"
JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/.{1,20}")
BROKEN = "is JSON that is broken or breaks off"
NO_FEED = "is JSON and no feed: it has no version of JSON Feed, or no items"


def read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(_decoded(body))
    except (ValueError, RecursionError):
        return {"trouble": BROKEN}
    version = told.get("version") if isinstance(told, dict) else None
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list) or not JSON_FEED.fullmatch(as_text(version)):
        return {"trouble": NO_FEED}
    authors = _authors(told)
    return {
        "kind": "json",
        "title": " ".join(as_text(told.get("title")).split()),
        "home": as_text(told.get("home_page_url")),
        "language": as_text(told.get("language")),
        "items": [_json_item(item if isinstance(item, dict) else {}, authors) for item in items[:MOST_ITEMS]],
        "beyond": max(0, len(items) - MOST_ITEMS),
    }


def _decoded(body: bytes) -> str:
    encoding = "utf-8-sig" if body.startswith(MARK) else json.detect_encoding(body)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _json_item(item: dict[str, Any], authors: list[str]) -> dict[str, Any]:
    summary = " ".join(as_text(item.get("summary")).split())[:20_000]
    content = as_text(item.get("content_html")) or as_html(as_text(item.get("content_text")))
    return {
        "link": as_text(item.get("url")),
        "guid": as_text(item.get("id")),
        "title": " ".join(as_text(item.get("title")).split()),
        "people": _authors(item) or authors,
        "published": as_text(item.get("date_published")),
        "updated": as_text(item.get("date_modified")),
        "summary": summary,
        "language": as_text(item.get("language")),
        **text(content, summary, as_text(item.get("url"))),
    }


def _authors(of: dict[str, Any]) -> list[str]:
    """Version 1.1 has a list of authors, 1.0 one."""
    listed = of.get("authors")
    every = listed if isinstance(listed, list) and listed else [of.get("author")]
    return [as_text(one["name"]) for one in every[:50] if isinstance(one, dict) and as_text(one.get("name"))]
