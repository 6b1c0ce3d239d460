"""What a publication lists → items, and why others are none. Hostile until it is converted here; pure.

An item is known by its own address: a guid may be one for all, or none. What it says is kept as it says it, as plain
text without signs that hide or reorder; only its text stays HTML, for the extractor that reads pages.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from corpus.ingest.parse.feed_dates import Moment, moment
from corpus.models.items import Item, Kind, Listing, NoItem
from corpus.text.canonical_url import key
from corpus.text.language import language_tag
from corpus.text.plain import plain
from corpus.text.urls import web_address

KINDS: tuple[Kind, ...] = get_args(Kind)
AHEAD = timedelta(days=2)  # a day may have begun elsewhere, and a clock may be wrong
MOST_ITEMS = 20_000
MOST_REFUSED = 100  # told one by one
MOST_PEOPLE = 50
LONGEST_ADDRESS, LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_NAME = 2000, 500, 1000, 100
LONGEST_WORD = 30  # what is longer is cut where it must be


def listing(said: dict[str, Any], address: str, today: date, fits: Callable[[str], bool] | None = None) -> Listing:
    """What a document lists, from what the process apart has found in it. No value of it is too odd."""
    kind, language, home = said.get("kind"), _language(said.get("language")), _home(said, address)
    rows = [row for row in _list(said.get("items")) if isinstance(row, dict)]
    refused = _Refused(address)
    refused.of_the_whole(said, rows)
    rows = rows[: len(rows) - _partial(said, rows)]
    if fits:
        rows = [row for row in rows if fits(_text(row, "link"))]
    items = _items(rows[:MOST_ITEMS], _Place(address, home, today), refused)
    return Listing(
        title=_line(said, "title", LONGEST_TITLE),
        home=home,
        kind=next((known for known in KINDS if known == kind), "rss"),
        language=language,
        items=tuple(replace(item, language=item.language or language) for item in items),
        refused=refused.told(),
        more=tuple(_more(said, address)),
    )


class _Place:
    """Where a list stands, and when it is read. `own`: keys of addresses that are the publication's, and no piece's."""

    def __init__(self, address: str, home: str, today: date) -> None:
        self.address, self.today = address, today
        self.own = frozenset(map(key, filter(None, (home, address))))


class _Refused:
    """What is no item, one by one, as far as anybody would read it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._told: list[NoItem] = []
        self._untold = 0

    def add(self, row: dict[str, Any], number: int, reason: "str | ItemRefused") -> None:
        if len(self._told) < MOST_REFUSED:
            later = isinstance(reason, ItemToCome)
            self._told.append(NoItem(_where(row, number, self._address), str(reason), later))
        else:
            self._untold += 1

    def of_the_whole(self, said: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """What is to be said of the whole list, and of an item that breaks off."""
        partial = _partial(said, rows)
        if partial:
            number = len(rows) - partial + 1
            self.add(rows[number - 1], number, "breaks off in the middle; the items before it were read")
        elif said.get("broke_off"):
            self._told.append(NoItem(self._address, "breaks off before its end; what it lists up to there was read"))
        beyond = said.get("beyond")
        beyond = (max(beyond, 0) if isinstance(beyond, int) else 0) + max(0, len(rows) - MOST_ITEMS)
        if beyond:
            more = f"lists more than {MOST_ITEMS:,} items; {beyond:,} were not read"
            self._told.append(NoItem(self._address, more))

    def told(self) -> tuple[NoItem, ...]:
        if not self._untold:
            return tuple(self._told)
        return (*self._told, NoItem(self._address, f"lists {self._untold:,} more that are no items, for such reasons"))


def _partial(said: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """How many items at the end are parts of one that breaks off."""
    partial = said.get("partial")
    return min(max(partial, 0), len(rows)) if isinstance(partial, int) else 0


def _items(rows: list[dict[str, Any]], place: _Place, refused: _Refused) -> Iterator[Item]:
    """The items, each once, the newest first."""
    items: dict[str, tuple[Item, str]] = {}
    for number, row in enumerate(rows, start=1):
        try:
            item = _item(row, place)
        except ItemRefused as reason:
            refused.add(row, number, reason)
            continue
        former = items.setdefault(item.key, (item, _when(row)))[0]
        if former.fingerprint != item.fingerprint:
            refused.add(row, number, "is listed more than once, with different words; the first was taken")
    yield from _newest_first(list(items.values()))


class ItemRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why something that is listed is no item, as a clause."""


class ItemToCome(ItemRefused):
    """The same of an item that will be one, when its day has come."""


def _item(row: dict[str, Any], place: _Place) -> Item:
    url, its_key = _own_address(row, place)
    day = _day(row, place.today)
    updated = moment(_text(row, "updated"), _text(row, "updated_utc"))
    title, text = _line(row, "title", LONGEST_TITLE), _text(row, "html")
    item = Item(
        url=url,
        key=its_key,
        title=title,
        people=_people(row),
        day=str(day.day) if day else "",
        updated=str(updated) if updated and updated.day <= place.today + AHEAD else "",
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


def _own_address(row: dict[str, Any], place: _Place) -> tuple[str, str]:
    """The address of an item, and its key: its link, or else its guid where that is one. Raises ItemRefused.

    Some feeds give every item the link of the front page; the guid then tells them apart.
    """
    link, guid = _text(row, "link"), _text(row, "guid")
    is_address = re.match(r"https?://", guid, re.IGNORECASE) is not None
    if not link.strip() and not is_address:
        raise ItemRefused("gives no address of a page")
    for told in filter(None, (link.strip(), guid if is_address else "")):
        url = address_of(told, place.address)
        its_key = key(url)
        if its_key not in place.own:
            return url, its_key
    raise ItemRefused("links to the front page or to the list itself, and to no page of its own")


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
        raise ItemToCome(
            f"says that it was published on {found.day}, which is yet to come; it is taken from that day on"
        )
    return found


def _when(row: dict[str, Any]) -> str:
    """What items are put in order by; "" where they do not say."""
    moments = (moment(_text(row, name), _text(row, f"{name}_utc")) for name in ("published", "updated"))
    return next((str(found) for found in moments if found), "")


def _newest_first(dated: Sequence[tuple[Item, str]]) -> list[Item]:
    """One without a date keeps its place below the one that is listed before it."""
    before, ordered = "9", []
    for item, when in dated:
        before = when or before
        ordered.append((before, item))
    return [item for _, item in sorted(ordered, key=lambda pair: pair[0], reverse=True)]


def _people(row: dict[str, Any]) -> tuple[str, ...]:
    """Names; an address of the mail or the web is none."""
    told = (" ".join(plain(name).split()) for name in _list(row.get("people")) if isinstance(name, str))
    names = (re.sub(r"^By\s+|\s*[(<]?\S+@\S+[)>]?\s*|^\((?=[^()]*\)$)|(?<=\w)\)$", "", name).strip() for name in told)
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
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[-LONGEST_WORD:] else cut}…"


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
