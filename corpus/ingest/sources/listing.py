"""The lists of sources: feeds, sitemaps, single pages. Which of the pieces that they name are looked at."""

import hashlib
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.parse.entry_records import NotAnEntry
from corpus.ingest.parse.feed import Item, Listing, NoItem, discover, read_feed, read_sitemap
from corpus.ingest.sources.selection import Look, choose
from corpus.ingest.sources.session import Web
from corpus.models.entries import Entry
from corpus.models.fetched import Fetched, FetchFailed, Gone, NotModified, Validators
from corpus.models.sources import SeenItem, Source, SourceState
from corpus.text.canonical_url import key
from corpus.text.media_type import Want

TIER = 3  # of what nobody has described yet
SITEMAPS = 500  # that one source may be spread over
PAGES = frozenset({"text/html", "application/xhtml+xml"})
Tell = Callable[[str, str], None]


def untold(step: str, found: str) -> None:
    """For those who need not hear of each step."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a source before it is read. `recent`: its newer entries."""

    state: SourceState
    seen: Mapping[str, SeenItem]
    recent: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """How the sources are to be read. `known`: keys of the addresses that the record knows.

    `whole`: read the lists though they have not changed. `anew`: keys of pieces to look at, whatever is known of them.
    """

    now: datetime
    known: Container[str]
    backfill: bool = False
    whole: bool = False
    anew: frozenset[str] = frozenset()

    @property
    def conditional(self) -> bool:
        """Whether a list that has not changed need not be read."""
        return not (self.backfill or self.whole or self.anew)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list of a source came to. `failure`: why it gives nothing, as a clause."""

    source: Source
    outcome: Literal["read", "unchanged", "failed", "closed"]
    failure: str = ""
    moved_to: str | None = None
    validators: Validators = field(default_factory=Validators)
    read_hash: str | None = None
    looks: tuple[Look, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # (where, reason) of what is listed and is no piece
    to_come: bool = False  # some of that will be one
    asked: str | None = None  # the address that was asked
    files: int = 0  # of a folder: how many it holds

    @property
    def number(self) -> int:
        """How many pieces are listed."""
        return len(self.looks) + self.files

    @property
    def wanted(self) -> list[Item]:
        return [look.item for look in self.looks if look.verdict == "look"]


def list_source(source: Source, known: Past, wish: Wish, tools: Web, tell: Tell = untold) -> Listed:
    """What a source lists, and which of it is to be looked at."""
    if source.pages:
        return _looked_over(source, known, wish, _pages(source), Listed(source, "read"))
    is_sitemap = source.sitemap is not None and (source.feed is None or wish.backfill)
    address = (source.sitemap if is_sitemap else known.state.moved_to or source.feed) or ""
    what = "its sitemap" if is_sitemap else "its feed"
    state = known.state
    former = Validators(state.etag, state.last_modified) if wish.conditional else Validators()
    want: Want = "sitemap" if is_sitemap else "feed"
    fetched = tools.fetcher.fetch(address, want, former, tell)
    if address != source.feed and not is_sitemap and source.feed and _is_elsewhere(fetched):
        address = source.feed  # it has moved once, and is no longer there
        fetched = tools.fetcher.fetch(address, want, tell=tell)
    if not isinstance(fetched, Fetched):
        same = Listed(source, "unchanged", validators=former, read_hash=state.read_hash, asked=address)
        return _without_a_list(fetched, what, same, closes=not (is_sitemap and source.feed))
    read_hash = hashlib.sha256(fetched.body).hexdigest()
    came = Listed(source, "read", "", fetched.moved_to, fetched.validators, read_hash, asked=address)
    if is_sitemap and source.feed:  # what is remembered is about the feed
        came = Listed(source, "read")
    if read_hash == state.read_hash and wish.conditional:
        return replace(came, outcome="unchanged")
    try:
        listing = _sitemaps(source, fetched, tools) if is_sitemap else read_feed(fetched, tools.dissector)
    except NotAnEntry as reason:
        return Listed(source, "failed", f"{what} {reason}")
    return _looked_over(source, known, wish, listing, came)


def _is_elsewhere(fetched: Fetched | NotModified | Gone | FetchFailed) -> bool:
    return isinstance(fetched, Gone) or (isinstance(fetched, FetchFailed) and not fetched.passing)


def _without_a_list(outcome: NotModified | Gone | FetchFailed, what: str, same: Listed, *, closes: bool) -> Listed:
    match outcome:
        case NotModified(moved_to=moved_to):
            return replace(same, moved_to=moved_to)
        case Gone():
            return Listed(same.source, "closed" if closes else "failed", f"{what} is gone for good (410)")
        case FetchFailed(reason=reason):
            return Listed(same.source, "failed", f"{what} {reason}")


def _looked_over(source: Source, known: Past, wish: Wish, listing: Listing, came: Listed) -> Listed:
    """A list with a verdict for each of its pieces. An empty one is a failure: nothing is taken from it."""
    if not listing.items:
        before = f", where there were {len(known.seen)} before" if known.seen else ""
        why = f"; the first: {listing.refused[0].reason}" if listing.refused else ""
        return Listed(source, "failed", f"it lists no piece that can be read{before}{why}")
    first = known.state.succeeded is None
    looks = choose(
        listing.items, known.seen, wish.known, first=first, backfill=wish.backfill or bool(source.pages), anew=wish.anew
    )
    refused = tuple((one.where, one.reason) for one in listing.refused)
    return replace(came, looks=tuple(looks), refused=refused, to_come=any(one.later for one in listing.refused))


def _pages(source: Source) -> Listing:
    """Single pages as a list: what can be said of them is their address alone."""
    items = {item.key: item for item in map(page_item, source.pages)}
    return Listing(source.name, source.home or "", "sitemap", None, tuple(items.values()), (), ())


def page_item(address: str) -> Item:
    """A piece of which nothing is known but its address."""
    return Item(address, key(address), "", (), "", "", "", "", "full", None, None, "")


def item_of(entry: Entry) -> Item:
    """A piece that is known, as if a list had named it: what its page does not say stays as it is."""
    people = tuple(person.name for person in entry.people)
    item = replace(page_item(entry.url or ""), title=entry.title, people=people, day=entry.published.isoformat())
    return replace(item, summary=entry.summary)


def _sitemaps(source: Source, fetched: Fetched, tools: Web) -> Listing:
    """All that a sitemap lists, and those that it is spread over."""
    whole = read_sitemap(fetched, tools.dissector, source.pattern)
    items, refused, todo, asked = [*whole.items], [*whole.refused], [*whole.more], {fetched.url}
    while todo and len(asked) < SITEMAPS:
        address = todo.pop(0)
        if address in asked:
            continue
        asked.add(address)
        found = tools.fetcher.fetch(address, "sitemap")
        if not isinstance(found, Fetched):
            reason = found.reason if isinstance(found, FetchFailed) else "is gone"
            raise NotAnEntry(f"is spread over several sitemaps, of which {address} {reason}")
        part = read_sitemap(found, tools.dissector, source.pattern)
        items.extend(part.items)
        refused.extend(part.refused)
        todo.extend(part.more)
    if todo:
        told = f"is spread over {len(asked) + len(todo)} sitemaps, of which {len(todo)} were not read"
        refused.append(NoItem(fetched.url, told))
    items.sort(key=lambda item: item.updated or item.day, reverse=True)
    once = {item.key: item for item in reversed(items)}
    return replace(whole, items=tuple(reversed(once.values())), refused=tuple(refused), more=())


# What can be followed


def followable(address: str, pattern: str | None, tools: Web) -> Source:
    """What can be followed at an address, as a source without a slug. Raises NotAnEntry."""
    path = urlsplit(address).path.lower()
    is_sitemap = pattern is not None or bool(re.search(r"sitemap[^/]*(\.xml|\.xml\.gz|\.txt)$", path))
    if is_sitemap:
        fetched = _fetched(address, "sitemap", tools)
        read_sitemap(fetched, tools.dissector, pattern)
        home = urlunsplit((*urlsplit(fetched.final_url)[:2], "", "", ""))
        return Source(
            "", urlsplit(home).hostname or "", TIER, home, sitemap=fetched.moved_to or address, pattern=pattern
        )
    fetched = _fetched(address, "feed", tools)
    feeds = discover(fetched.text, fetched.final_url) if fetched.content_type in PAGES else []
    if feeds:
        fetched = _fetched(feeds[0], "feed", tools)
    listing = read_feed(fetched, tools.dissector)
    home = listing.home or urlunsplit((*urlsplit(fetched.final_url)[:2], "", "", ""))
    return Source("", listing.title, TIER, home, feed=fetched.moved_to or fetched.url, feed_kind=listing.kind)


def _fetched(address: str, want: Want, tools: Web) -> Fetched:
    """What stands at an address. Raises NotAnEntry."""
    match tools.fetcher.fetch(address, want):
        case Fetched() as fetched:
            return fetched
        case FetchFailed(reason=reason):
            raise NotAnEntry(reason)
        case _:
            raise NotAnEntry("is gone for good (410)")
