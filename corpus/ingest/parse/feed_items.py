"""What a publication lists → items, and why others are none. Hostile until it is converted here; pure.

An item is known by its own address: a guid may be one for all, or none. What it says is kept as it says it, as plain
text without signs that hide or reorder; only its text stays HTML, for the extractor that reads pages.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from corpus.ingest.parse.foreign_values import language_of, line_of, list_of, text_of
from corpus.ingest.parse.people import clean_people, names_of_host
from corpus.models.items import Item, Kind, Listing, NoItem
from corpus.text.canonical_url import page_key
from corpus.text.plain import plain
from corpus.text.urls import web_address
from corpus.text.written_dates import Moment, parse_moment

KINDS: tuple[Kind, ...] = get_args(Kind)
AHEAD = timedelta(days=2)  # a day may have begun elsewhere, and a clock may be wrong
MOST_ITEMS = 20_000
MOST_REFUSED = 100  # one by one
LONGEST_ADDRESS, LONGEST_TITLE, LONGEST_SUMMARY = 2000, 500, 1000


def make_listing(
    stated: dict[str, Any], address: str, today: date, fits: Callable[[str], bool] | None = None
) -> Listing:
    """Return what a document lists, from what the sandbox has found in it. No value of it is too odd."""
    kind, language, home = stated.get("kind"), language_of(stated.get("language")), ""
    with suppress(ItemRefused):
        home = address_of(text_of(stated, "home"), address) if text_of(stated, "home") else ""
    rows = [row for row in list_of(stated.get("items")) if isinstance(row, dict)]
    refused = _Refused(address)
    refused.add_of_whole(stated, rows)
    rows = rows[: len(rows) - _partial(stated, rows)]
    if fits:
        rows = [row for row in rows if fits(text_of(row, "link"))]
    items = make_items(rows[:MOST_ITEMS], _Place(address, home, today, language, text_of(stated, "title")), refused)
    return Listing(
        title=line_of(stated, "title", LONGEST_TITLE),
        home=home,
        kind=next((known for known in KINDS if known == kind), "rss"),
        language=language,
        items=tuple(replace(item, language=item.language or language) for item in items),
        refused=refused.no_items(),
        more=tuple(further_sitemaps(stated, address)),
    )


class _Place:
    """Where a list stands, what it says of itself, and when it is read. `own`: keys of the publication's addresses."""

    def __init__(self, address: str, home: str, today: date, language: str | None = None, title: str = "") -> None:
        self.address, self.today, self.language, self.title = address, today, language, title
        self.own = frozenset(map(page_key, filter(None, (home, address))))


class _Refused:
    """What is no item, one by one, as far as anybody would read it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._no_items: list[NoItem] = []
        self._unnamed = 0

    def add(self, row: dict[str, Any], number: int, reason: "str | ItemRefused") -> None:
        if len(self._no_items) < MOST_REFUSED:
            later = isinstance(reason, ItemToCome)
            self._no_items.append(NoItem(place_of(row, number, self._address), str(reason), later))
        else:
            self._unnamed += 1

    def add_of_whole(self, stated: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Add what is to be said of the whole list, and of an item that breaks off."""
        partial = _partial(stated, rows)
        if partial:
            number = len(rows) - partial + 1
            self.add(rows[number - 1], number, "breaks off in the middle; the items before it were read")
        elif stated.get("broke_off"):
            self._no_items.append(
                NoItem(self._address, "breaks off before its end; what it lists up to there was read")
            )
        beyond = stated.get("beyond")
        beyond = (max(beyond, 0) if isinstance(beyond, int) else 0) + max(0, len(rows) - MOST_ITEMS)
        if beyond:
            more = f"lists more than {MOST_ITEMS:,} items; {beyond:,} were not read"
            self._no_items.append(NoItem(self._address, more))

    def no_items(self) -> tuple[NoItem, ...]:
        if not self._unnamed:
            return tuple(self._no_items)
        return (
            *self._no_items,
            NoItem(self._address, f"lists {self._unnamed:,} more that are no items, for such reasons"),
        )


def _partial(stated: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """How many items at the end are parts of one that breaks off."""
    partial = stated.get("partial")
    return min(max(partial, 0), len(rows)) if isinstance(partial, int) else 0


def make_items(rows: list[dict[str, Any]], place: _Place, refused: _Refused) -> Iterator[Item]:
    """Yield the items, each once, the newest first; one without a date stays below the one listed before it."""
    items: dict[str, Item] = {}
    order: dict[str, str] = {}
    before = "9"
    for number, row in enumerate(rows, start=1):
        try:
            item = make_item(row, place)
        except ItemRefused as reason:
            refused.add(row, number, reason)
            continue
        if item.key in items:
            if items[item.key].fingerprint != item.fingerprint:
                refused.add(row, number, "is listed more than once, with different words; the first was taken")
            continue
        moments = (moment_of(row, name, place) for name in ("published", "updated"))
        before = next((str(found) for found in moments if found), before)
        items[item.key], order[item.key] = item, before
    yield from sorted(items.values(), key=lambda item: order[item.key], reverse=True)


class ItemRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why something that is listed is no item, as a clause."""


class ItemToCome(ItemRefused):
    """The same of an item that will be one, when its day has come."""


def make_item(row: dict[str, Any], place: _Place) -> Item:
    """Return the item that a row of a list is. Raises ItemRefused."""
    url, its_key = own_address_of(row, place)
    day = day_of(row, place)
    updated = moment_of(row, "updated", place)
    title, text = line_of(row, "title", LONGEST_TITLE), text_of(row, "html")
    item = Item(
        url=url,
        key=its_key,
        title=title,
        people=people_of(row, place),
        day=str(day.day) if day else "",
        updated=str(updated) if updated and updated.day <= place.today + AHEAD else "",
        summary=line_of(row, "summary", LONGEST_SUMMARY),
        # Without a title it would be no entry: its page may have one.
        html=plain(text, keep="\n\t").strip() if title else "",
        access="teaser" if row.get("teaser") is True else "full",
        language=language_of(row.get("language")),
        licence=line_of(row, "licence", LONGEST_TITLE) or None,
        fingerprint="",
    )
    stated = (item.title, item.day, item.updated, *item.people, item.summary, item.html)
    return replace(item, fingerprint=hashlib.sha256("\0".join(stated).encode()).hexdigest()[:32])


def own_address_of(row: dict[str, Any], place: _Place) -> tuple[str, str]:
    """Return the address of an item, and its key: its link, or else its guid where that is one. Raises ItemRefused.

    Some feeds give every item the link of the front page; the guid then tells them apart.
    """
    link, guid = text_of(row, "link"), text_of(row, "guid")
    is_address = re.match(r"https?://", guid, re.IGNORECASE) is not None
    if not link.strip() and not is_address:
        raise ItemRefused("gives no address of a page")
    for given in filter(None, (link.strip(), guid if is_address else "")):
        url = address_of(given, place.address)
        its_key = page_key(url)
        if its_key not in place.own:
            return url, its_key
    raise ItemRefused("links to the front page or to the list itself, and to no page of its own")


def address_of(link: str, base: str) -> str:
    """Return the web address that a link leads to from where it stands. Raises ItemRefused."""
    link = re.sub(r"[\t\r\n]", "", link).strip()
    if "\ufffd" in link:  # the character of what could not be decoded
        raise ItemRefused("has a link with a byte that is no character of its list's set")
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


def moment_of(row: dict[str, Any], name: str, place: _Place) -> Moment | None:
    """Return the moment that a row gives under a name, its words read in the item's language or else the list's."""
    return parse_moment(text_of(row, name), language_of(row.get("language")) or place.language)


def day_of(row: dict[str, Any], place: _Place) -> Moment | None:
    """Return when an item says that it was published, or where it says nothing of that, last changed.

    A day of publication that cannot be read is none: the last change is often of another year. Raises ItemRefused for
    a day that is to come: as the latest word on everything it would stand above all others for as long; it is taken
    once its day has come.
    """
    found = moment_of(row, "published", place)
    if "published" in row and not text_of(row, "published").strip():  # a sitemap's lastmod is no day of publication
        found = moment_of(row, "updated", place)
    if found and found.day > place.today + AHEAD:
        raise ItemToCome(
            f"says that it was published on {found.day}, which is yet to come; it is taken from that day on"
        )
    return found


def people_of(row: dict[str, Any], place: _Place) -> tuple[str, ...]:
    """Return the people who wrote an item; the publication itself is none of them."""
    written = (name for name in list_of(row.get("people")) if isinstance(name, str))
    text = " ".join(text_of(row, name) for name in ("summary", "html"))
    return clean_people(written, {place.title, *names_of_host(place.address)} - {""}, text)


def further_sitemaps(stated: dict[str, Any], address: str) -> Iterator[str]:
    """Yield further sitemaps, without this one and without what is no address."""
    seen = {page_key(address)}
    for link in list_of(stated.get("more"))[:MOST_ITEMS]:
        try:
            url = address_of(link if isinstance(link, str) else "", address)
        except ItemRefused:
            continue
        if page_key(url) not in seen:
            seen.add(page_key(url))
            yield url


def place_of(row: dict[str, Any], number: int, address: str) -> str:
    """Return how an item is named that may have no address: by its place then, and its title if there is one."""
    link = text_of(row, "link") or text_of(row, "guid")
    with suppress(ItemRefused):
        return address_of(link or "none:", address)
    title = line_of(row, "title", 60)
    return f"{address} item {number}" + (f" ({title})" if title else "")
