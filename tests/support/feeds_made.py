"""Feeds, written in any version from what their publisher means, with what a person who follows them should get.

What a version cannot say (RSS 0.90 knows no date) is not expected of it. `feed_families` and `feed_faults` combine
versions, encodings, dates, links, texts and faults into several hundred.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

TODAY = date(2026, 11, 24)
HOME = "https://ledger.example/"
FEED = f"{HOME}feed.xml"
TEXT = (
    "<p>Open models grow where nobody planned a bed for them, and nobody waters them but those who need them.</p>" * 4
)
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"'
)


@dataclass(frozen=True)
class Piece:
    """An item as its publisher means it. `link`, `guid` and `title` may be None: then nothing is said of them."""

    title: str | None = "A small garden"
    link: str | None = f"{HOME}p/garden"
    guid: str | None = None
    date: str = "Mon, 04 May 2026 13:02:11 GMT"
    day: str = "2026-05-04"
    author: str = "Ada Quill"
    summary: str = "Why the edges matter"
    html: str = TEXT
    extra: str = ""  # more elements, as XML


@dataclass(frozen=True)
class Made:
    """A feed, and what is expected of it: for its items these fields, for what is no item or no feed these words."""

    name: str
    body: bytes
    content_type: str = "application/xml"
    items: tuple[dict, ...] | None = None  # None: any
    refused: tuple[str, ...] | None = ()  # None: any
    trouble: str | None = None
    url: str = FEED
    final_url: str = FEED

    @property
    def text(self):
        return self.body.decode(errors="replace")


# Versions


def _rss(version, pieces, title, language):
    rows = "".join(_rss_item(version, piece) for piece in pieces)
    said = f"<title>{escape(title)}</title><link>{HOME}</link><description>Notes</description>"
    return f'<rss version="{version}" {SPACES}><channel>{said}<language>{language}</language>{rows}</channel></rss>'


def _rss_item(version, piece):
    row = _element("title", piece.title) + _element("link", piece.link)
    row += _element("description", piece.summary)
    if version == "2.0":
        row += _element("guid", piece.guid, ' isPermaLink="false"')
        row += f"<pubDate>{piece.date}</pubDate><dc:creator>{escape(piece.author)}</dc:creator>"
        row += f"<content:encoded>{escape(piece.html)}</content:encoded>" if piece.html else ""
    return f"<item>{row}{piece.extra}</item>"


def _rdf(version, pieces, title, language):
    space = "http://purl.org/rss/1.0/" if version == "1.0" else "http://my.netscape.com/rdf/simple/0.9/"
    rows = "".join(_rdf_item(version, piece) for piece in pieces)
    head = f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{space}" {SPACES}'
    about = f"<title>{escape(title)}</title><link>{HOME}</link>"
    tongue = f"<dc:language>{language}</dc:language>" if version == "1.0" else ""
    return f"<rdf:RDF {head}><channel>{about}{tongue}</channel>{rows}</rdf:RDF>"


def _rdf_item(version, piece):
    row = _element("title", piece.title) + _element("link", piece.link)
    if version == "1.0":
        row += _element("description", piece.summary) + f"<dc:date>{piece.date}</dc:date>"
        row += f"<dc:creator>{escape(piece.author)}</dc:creator>"
        row += f"<content:encoded><![CDATA[{piece.html}]]></content:encoded>" if piece.html else ""
    return f"<item>{row}{piece.extra}</item>"


def _atom(version, pieces, title, language):
    space = "http://www.w3.org/2005/Atom" if version == "1.0" else "http://purl.org/atom/ns#"
    rows = "".join(_atom_entry(version, piece) for piece in pieces)
    said = f'<title>{escape(title)}</title><link rel="alternate" type="text/html" href="{HOME}"/>'
    said += f'<link rel="self" type="application/atom+xml" href="{FEED}"/>'
    version = ' version="0.3"' if version == "0.3" else ""
    return f'<feed{version} xml:lang="{language}" xmlns="{space}" {SPACES}>{said}{rows}</feed>'


def _atom_entry(version, piece):
    day, how = ("published", 'type="html"') if version == "1.0" else ("issued", 'type="text/html" mode="escaped"')
    row = _element("title", piece.title)
    row += f'<link rel="alternate" type="text/html" href="{escape(piece.link)}"/>' if piece.link is not None else ""
    row += _element("id", piece.guid) + f"<{day}>{piece.date}</{day}><summary>{escape(piece.summary)}</summary>"
    row += f"<author><name>{escape(piece.author)}</name></author>"
    row += f"<content {how}>{escape(piece.html)}</content>" if piece.html else ""
    return f"<entry>{row}{piece.extra}</entry>"


def _element(name, value, attributes=""):
    return "" if value is None else f"<{name}{attributes}>{escape(value)}</{name}>"


def _json_feed(version, pieces, title, language):
    items = []
    for piece in pieces:
        item = {"id": piece.guid, "url": piece.link, "title": piece.title, "summary": piece.summary}
        item |= {"date_published": piece.date, "content_html": piece.html or None}
        item |= {"author": {"name": piece.author}} if version == "1" else {"authors": [{"name": piece.author}]}
        items.append({name: value for name, value in item.items() if value is not None})
    told = {"version": f"https://jsonfeed.org/version/{version}", "title": title, "home_page_url": HOME}
    return json.dumps(told | {"language": language, "items": items}, ensure_ascii=False)


VERSIONS = {
    "rss090": (_rdf, "0.9", {"title"}),
    "rss091": (_rss, "0.91", {"title", "summary", "language"}),
    "rss092": (_rss, "0.92", {"title", "summary", "language"}),
    "rss20": (_rss, "2.0", {"title", "summary", "language", "day", "people", "html"}),
    "rss10": (_rdf, "1.0", {"title", "summary", "language", "day", "people", "html"}),
    "atom03": (_atom, "0.3", {"title", "summary", "language", "day", "people", "html"}),
    "atom10": (_atom, "1.0", {"title", "summary", "language", "day", "people", "html"}),
    "json1": (_json_feed, "1", {"title", "summary", "language", "day", "people", "html"}),
    "json11": (_json_feed, "1.1", {"title", "summary", "language", "day", "people", "html"}),
}
DATED = ("rss20", "rss10", "atom10", "json11")  # one of each kind that knows dates
XML = [name for name in VERSIONS if not name.startswith("json")]


def write(version, *pieces, title="The Open Ledger", language="en"):
    """A feed of this version, as text without a declaration."""
    how, number, _ = VERSIONS[version]
    return how(number, pieces or (Piece(),), title, language)


def expected(version, *pieces, language="en"):
    can = VERSIONS[version][2] | {"url"}
    rows = []
    for piece in pieces or (Piece(),):
        row = {"url": piece.link, "title": piece.title, "day": piece.day, "summary": piece.summary}
        row |= {"people": (piece.author,), "html": piece.html, "language": language}
        rows.append({name: value for name, value in row.items() if name in can})
    return tuple(rows)


def encode(text, encoding, declared=True):
    """As bytes, with a declaration that names the encoding where there may be one."""
    is_xml = not text.startswith("{")
    if declared and is_xml:
        text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n{text}'
    return text.encode(encoding)


# What damages a document, and what no damage may lead to

PARTS = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<item>",
    b"</item>",
    b"</entry>",
    b"\0",
    b"\xff",
    b'"',
    b"<!--",
    b"{",
]
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def assert_is_plain(found):
    """Whatever a list says, what is shown of it hides and reorders nothing, and every address leads to the web."""
    for item in found.items:
        shown = "".join((item.title, item.summary, *item.people, item.licence or "", item.language or "", item.url))
        assert not CONTROLS.search(shown), item
        assert item.url.startswith(("http://", "https://"))
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", item.day)
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?)?", item.updated)
        assert item.day <= str(TODAY + timedelta(days=2))
        item.html.encode()
    for one in found.refused:
        assert one.reason
        assert not CONTROLS.search(one.where + one.reason)
    assert len({item.key for item in found.items}) == len(found.items)
