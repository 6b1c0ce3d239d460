"""What a publication lists → items, and why others are none. Hostile until it is converted here; pure.

An item is known by its own address: a guid may be one for all, or none. What it says is kept as it says it, as plain
text without signs that hide or reorder; only its text stays HTML, for the extractor that reads pages.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from corpus.ingest.dates import Moment, moment
from corpus.ingest.language import language_tag
from corpus.ingest.parse import web_address
from corpus.ingest.webpage import key, plain

Kind = Literal["rss", "atom", "rdf", "json", "sitemap"]
AHEAD = timedelta(days=2)  # a day may have begun elsewhere, and a clock may be wrong
MOST_ITEMS = 20_000
MOST_REFUSED = 100  # told one by one
MOST_PEOPLE = 50
LONGEST_ADDRESS, LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_NAME = 2000, 500, 2000, 100


@dataclass(frozen=True, slots=True)
class Item:
    """A piece as a list names it. `day` and `updated` are "" where they are not told, `html` where the text is not.

    `updated`: an instant in UTC (2026-06-01T12:00:00Z), or a day. `fingerprint` changes with all that is said of it.
    """

    url: str
    key: str
    title: str
    people: tuple[str, ...]
    day: str
    updated: str
    summary: str
    html: str
    access: Literal["full", "teaser"]
    language: str | None
    licence: str | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class NoItem:
    """What is listed and is no item, by its address or its place, and why, as a clause."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists: the newest first where days are told, else as listed. `more`: sitemaps it is spread over."""

    title: str
    home: str
    kind: Kind
    language: str | None
    items: tuple[Item, ...]
    refused: tuple[NoItem, ...]
    more: tuple[str, ...] = ()


def listing(said: dict[str, Any], address: str, today: date, fits: Callable[[str], bool] | None = None) -> Listing:
    """What a document lists, from what the process apart has found in it. No value of it is too odd."""
    given = said.get("kind")
    kind: Kind = given if given in {"rss", "atom", "rdf", "json", "sitemap"} else "rss"
    language = _language(said.get("language"))
    home = _home(said, address)
    rows = [row for row in _list(said.get("items")) if isinstance(row, dict)]
    troubles = list(_troubles(said, rows, address))
    rows = rows[:-1] if said.get("last_is_partial") else rows
    if fits:
        rows = [row for row in rows if fits(_text(row, "link"))]
    items: dict[str, tuple[Item, str]] = {}
    for number, row in enumerate(rows[:MOST_ITEMS], start=1):
        try:
            item = _item(row, address, home, today)
        except ItemRefused as reason:
            troubles.append(NoItem(_where(row, number, address), str(reason)))
            continue
        item = replace(item, language=item.language or language)
        former = items.setdefault(item.key, (item, _when(row)))[0]
        if former.fingerprint != item.fingerprint:
            troubles.append(NoItem(item.url, "is listed more than once, with different words; the first was taken"))
    return Listing(
        title=_line(said, "title", LONGEST_TITLE),
        home=home,
        kind=kind,
        language=language,
        items=_newest_first(list(items.values())),
        refused=_told(troubles, address),
        more=tuple(_more(said, address)),
    )


class ItemRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why something that is listed is no item, as a clause."""


def _item(row: dict[str, Any], base: str, home: str, today: date) -> Item:
    url = _own_address(row, base, home)
    day = _day(row, today)
    updated = moment(_text(row, "updated"), _text(row, "updated_utc"))
    title, text = _line(row, "title", LONGEST_TITLE), _text(row, "html")
    item = Item(
        url=url,
        key=key(url),
        title=title,
        people=_people(row),
        day=str(day.day) if day else "",
        updated=str(updated) if updated and updated.day <= today + AHEAD else "",
        summary=_line(row, "summary", LONGEST_SUMMARY),
        # Without a title it would be no entry: its page may have one.
        html=plain(text, keep="\n\t").strip() if title else "",
        access="teaser" if row.get("teaser") is True else "full",
        language=_language(row.get("language")),
        licence=_line(row, "licence", LONGEST_TITLE) or None,
        fingerprint="",
    )
    return replace(item, fingerprint=_fingerprint(item))


def _fingerprint(item: Item) -> str:
    said = (item.title, item.day, item.updated, *item.people, item.summary, item.html)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def _own_address(row: dict[str, Any], base: str, home: str) -> str:
    """The address of an item: its link, or else its guid where that is one. Raises ItemRefused.

    Some feeds give every item the link of the front page; what tells them apart is then in the guid.
    """
    link, guid = _text(row, "link"), _text(row, "guid")
    is_address = re.match(r"https?://", guid, re.IGNORECASE) is not None
    if not link and not is_address:
        raise ItemRefused("gives no address of a page")
    url = address_of(link or guid, base)
    if home and key(url) == key(home):
        if not is_address or key(url) == key(address_of(guid, base)):
            raise ItemRefused("links to the front page and to no page of its own")
        url = address_of(guid, base)
    return url


def address_of(link: str, base: str) -> str:
    """The web address that a link leads to from where it stands. Raises ItemRefused, an outcome for the report."""
    link = re.sub(r"[\t\r\n]", "", link).strip()
    try:
        url = urldefrag(urljoin(base, link)).url
        scheme = urlsplit(url).scheme
    except ValueError as error:
        raise ItemRefused("has a link that is no web address") from error
    if scheme not in {"http", "https"}:
        raise ItemRefused(f"has a {plain(scheme)[:20]}: link, which leads to no page")
    url = re.sub(r"[ \"<>\\^`{|}]", lambda found: quote(found[0]), url)
    if len(url) > LONGEST_ADDRESS:
        raise ItemRefused(f"has a link of more than {LONGEST_ADDRESS:,} characters")
    try:
        return web_address(url)
    except ValueError as error:
        raise ItemRefused(f"has a link that {error}") from error


def _day(row: dict[str, Any], today: date) -> Moment | None:
    """When an item says that it was published, or else last changed. Raises ItemRefused for a day that is to come.

    As the latest word on everything it would stand above all others for as long; it is taken once its day has come.
    """
    found = moment(_text(row, "published"), _text(row, "published_utc"))
    if found is None and "published" in row:  # a sitemap's lastmod is no day of publication
        found = moment(_text(row, "updated"), _text(row, "updated_utc"))
    if found and found.day > today + AHEAD:
        raise ItemRefused(
            f"says that it was published on {found.day}, which is yet to come; it is taken from that day on"
        )
    return found


def _when(row: dict[str, Any]) -> str:
    """What items are put in order by; "" where they do not say."""
    moments = (moment(_text(row, name), _text(row, f"{name}_utc")) for name in ("published", "updated"))
    return next((str(found) for found in moments if found), "")


def _newest_first(dated: Sequence[tuple[Item, str]]) -> tuple[Item, ...]:
    """One without a date keeps its place below the one that is listed before it."""
    before, ordered = "9", []
    for item, when in dated:
        before = when or before
        ordered.append((before, item))
    return tuple(item for _, item in sorted(ordered, key=lambda pair: pair[0], reverse=True))


def _people(row: dict[str, Any]) -> tuple[str, ...]:
    """Names; an address of the mail or the web is none."""
    told = (" ".join(plain(name).split()) for name in _list(row.get("people")) if isinstance(name, str))
    names = (re.sub(r"^By\s+|\s*[(<]?\S+@\S+[)>]?\s*", "", name).strip() for name in told)
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= LONGEST_NAME and "://" not in name))[
        :MOST_PEOPLE
    ]


def _language(told: object) -> str | None:
    try:
        return language_tag(told.strip().replace("_", "-")) if isinstance(told, str) else None
    except ValueError:
        return None


def _home(said: dict[str, Any], address: str) -> str:
    try:
        return address_of(_text(said, "home"), address) if _text(said, "home") else ""
    except ItemRefused:
        return ""


def _more(said: dict[str, Any], address: str) -> Iterator[str]:
    """Further sitemaps, without this one and without what is no address."""
    seen = {key(address)}
    for link in _list(said.get("more"))[:MOST_ITEMS]:
        try:
            url = address_of(link if isinstance(link, str) else "", address)
        except ItemRefused:
            continue
        if key(url) not in seen:
            seen.add(key(url))
            yield url


def _troubles(said: dict[str, Any], rows: list[dict[str, Any]], address: str) -> Iterator[NoItem]:
    """What is to be said of the whole list, and of an item that breaks off."""
    if said.get("last_is_partial") and rows:
        yield NoItem(_where(rows[-1], len(rows), address), "breaks off in the middle; the items before it were read")
    elif said.get("broke_off"):
        yield NoItem(address, "breaks off before its end; what it lists up to there was read")
    beyond = said.get("beyond")
    beyond = (beyond if isinstance(beyond, int) else 0) + max(0, len(rows) - MOST_ITEMS)
    if beyond:
        yield NoItem(address, f"lists more than {MOST_ITEMS:,} items; {beyond:,} were not read")


def _told(troubles: list[NoItem], address: str) -> tuple[NoItem, ...]:
    """The troubles one by one, as far as anybody would read them."""
    left = len(troubles) - MOST_REFUSED
    if left <= 0:
        return tuple(troubles)
    return (*troubles[:MOST_REFUSED], NoItem(address, f"lists {left:,} more that are no items, for such reasons"))


def _where(row: dict[str, Any], number: int, address: str) -> str:
    """How an item is named that may have no address: by its place then, and its title if there is one."""
    link = _text(row, "link") or _text(row, "guid")
    with suppress(ItemRefused):
        return address_of(link or "none:", address)
    title = _line(row, "title", 60)
    return f"{address} item {number}" + (f" ({title})" if title else "")


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _line(row: dict[str, Any], name: str, most: int) -> str:
    line = " ".join(plain(_text(row, name)).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
