"""The sources are read: what each lists, which of it is worth a look, and what its pages hold. Nothing is written here.

First all sources are asked for their lists, then the pages of all are read: several hosts at once, one request after
another at each. A source that cannot be read, or hardly any of whose pieces can be, gives nothing.
"""

import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.canonical import key
from corpus.ingest.choose import Look, choose, to_ask_again
from corpus.ingest.courtesy import at_once, host_of
from corpus.ingest.dissect import Dissector
from corpus.ingest.feed import Item, Listing, discover, read_feed, read_sitemap
from corpus.ingest.fetch import Fetched, Fetcher, FetchFailed, Gone, NotModified, Validators, Want
from corpus.ingest.parse import NotAnEntry
from corpus.ingest.spool import Spool
from corpus.ingest.webpage import WebPage, page_of_item, parsed
from corpus.models import Entry, Progress, SeenItem, Source, SourceState
from corpus.settings import CorpusSettings

TIER = 3  # of what nobody has described yet
SITEMAPS = 50  # that one source may be spread over
FEWEST = 3  # pieces of which more than half must be readable; of fewer, each stands for itself
Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a source before it is read. `recent`: addresses of its newer entries, with their days."""

    state: SourceState
    seen: Mapping[str, SeenItem]
    recent: Sequence[tuple[str, date]] = ()


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
class Taken:
    """A piece that was looked at. `found`: its page, why it is none, or None where it is as it was."""

    item: Item
    found: WebPage | Entry | NotAnEntry | None
    failed: bool = False  # it could not be fetched
    passing: bool = False  # and that may be over when it is asked again
    validators: Validators = field(default_factory=Validators)
    from_page: bool = False


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
    files: int = 0  # of a folder: how many it holds

    @property
    def number(self) -> int:
        """How many pieces are listed."""
        return len(self.looks) + self.files

    @property
    def wanted(self) -> list[Item]:
        return [look.item for look in self.looks if look.verdict == "look"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that was read: its list, and what was looked at."""

    listed: Listed
    taken: tuple[Taken, ...] = ()

    @property
    def source(self) -> Source:
        return self.listed.source


class Web:
    """What it takes to read the web: a client, a process that takes documents apart, what was fetched already."""

    def __init__(self, fetcher: Fetcher, dissector: Dissector, spool: Spool) -> None:
        self.fetcher = fetcher
        self.dissector = dissector
        self.spool = spool

    def stop(self) -> None:
        """End what others are waiting for."""
        self.fetcher.stop()
        self.dissector.close()


@contextmanager
def web(settings: CorpusSettings, spool: Spool) -> Iterator[Web]:
    """The web, for as long as a refresh lasts."""
    fetcher = Fetcher(settings.contact, settings.fetch_allowed, pause=settings.fetch_pause)
    with Dissector() as dissector:
        yield Web(fetcher, dissector, spool)


def read_sources(
    sources: Sequence[Source],
    known: Mapping[str, Past],
    wish: Wish,
    tools: Web,
    progress: Progress,
    tell: Tell | None = None,
) -> list[Reading]:
    """Read these sources, in their order; `known` by their slugs. `tell` hears of each step of asking for a list."""
    listed = _list_all(sources, known, wish, tools, progress, tell)
    wanted = [(one, item) for one in listed for item in (*one.wanted, *_asked_again(one, known, wish))]
    taken: dict[str, list[Taken]] = {source.slug: [] for source in sources}
    jobs = [
        (host_of(item.url) if not item.html else "", _job(tools, item, known[one.source.slug].seen.get(item.key)))
        for one, item in wanted
    ]
    progress("fetch", 0, len(jobs))
    found: dict[int, Taken] = {}
    for done, (place, one_taken) in enumerate(at_once(jobs, stop=tools.stop), start=1):
        found[place] = one_taken
        progress("fetch", done, len(jobs), wanted[place][1].title or wanted[place][1].url)
    for place in sorted(found):
        taken[wanted[place][0].source.slug].append(found[place])
    return [_judged(Reading(one, tuple(taken[one.source.slug]))) for one in listed]


# The lists


def _list_all(
    sources: Sequence[Source],
    known: Mapping[str, Past],
    wish: Wish,
    tools: Web,
    progress: Progress,
    tell: Tell | None,
) -> list[Listed]:
    def job(source: Source) -> Callable[[], Listed]:
        return lambda: list_source(source, known[source.slug], wish, tools, tell)

    jobs = [(host_of(source.address or ""), job(source)) for source in sources]
    progress("read", 0, len(jobs))
    listed: dict[int, Listed] = {}
    for done, (place, one) in enumerate(at_once(jobs, stop=tools.stop), start=1):
        listed[place] = one
        progress("read", done, len(jobs), one.source.name)
    return [listed[place] for place in sorted(listed)]


def list_source(source: Source, known: Past, wish: Wish, tools: Web, tell: Tell | None = None) -> Listed:
    """What a source lists, and which of it is to be looked at."""
    if source.pages:
        return _looked_over(source, known, wish, _pages(source), Listed(source, "read"))
    is_sitemap = source.sitemap is not None and (source.feed is None or wish.backfill)
    address = (source.sitemap if is_sitemap else known.state.moved_to or source.feed) or ""
    state = known.state
    former = Validators(state.etag, state.last_modified) if wish.conditional else Validators()
    fetched = tools.fetcher.fetch(address, "sitemap" if is_sitemap else "feed", former, tell or _untold)
    if not isinstance(fetched, Fetched):
        return _without_a_list(
            source, address, fetched, Listed(source, "unchanged", validators=former, read_hash=state.read_hash)
        )
    read_hash = hashlib.sha256(fetched.body).hexdigest()
    came = Listed(source, "read", moved_to=fetched.moved_to, validators=fetched.validators, read_hash=read_hash)
    if is_sitemap and source.feed:  # what is remembered is about the feed
        came = Listed(source, "read")
    if read_hash == state.read_hash and wish.conditional:
        return replace(came, outcome="unchanged")
    try:
        listing = _sitemaps(source, fetched, tools) if is_sitemap else read_feed(fetched, tools.dissector)
    except NotAnEntry as reason:
        return Listed(source, "failed", f"{address} {reason}")
    return _looked_over(source, known, wish, listing, came)


def _without_a_list(source: Source, address: str, outcome: NotModified | Gone | FetchFailed, same: Listed) -> Listed:
    match outcome:
        case NotModified(moved_to=moved_to):
            return replace(same, moved_to=moved_to)
        case Gone():
            return Listed(source, "closed", f"{address} says that it is gone for good (410)")
        case FetchFailed(reason=reason):
            return Listed(source, "failed", f"{address} {reason}")


def _looked_over(source: Source, known: Past, wish: Wish, listing: Listing, came: Listed) -> Listed:
    """A list with a verdict for each of its pieces. An empty one is a failure: nothing is taken from it."""
    if not listing.items:
        before = f", where there were {len(known.seen)} before" if known.seen else ""
        why = f"; the first: {listing.refused[0].reason}" if listing.refused else ""
        return Listed(source, "failed", f"{source.address} lists no piece that can be read{before}{why}")
    first = known.state.succeeded is None
    looks = choose(
        listing.items, known.seen, wish.known, first=first, backfill=wish.backfill or bool(source.pages), anew=wish.anew
    )
    return replace(came, looks=tuple(looks), refused=tuple((one.where, one.reason) for one in listing.refused))


def _pages(source: Source) -> Listing:
    """Single pages as a list: what can be said of them is their address alone."""
    items = tuple(page_item(address) for address in source.pages)
    return Listing(source.name, source.home or "", "sitemap", None, items, (), ())


def page_item(address: str) -> Item:
    """A piece of which nothing is known but its address."""
    return Item(address, key(address), "", (), "", "", "", "", "full", None, None, "")


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
    items.sort(key=lambda item: item.updated or item.day, reverse=True)
    return replace(whole, items=tuple(items), refused=tuple(refused), more=())


def _asked_again(listed: Listed, known: Mapping[str, Past], wish: Wish) -> list[Item]:
    """The pages of newer entries that are asked again, though the list says nothing else of them."""
    if listed.outcome not in {"read", "unchanged"}:
        return []
    of_source = known[listed.source.slug]
    wanted = {item.key for item in listed.wanted}
    items = {look.item.key: look.item for look in listed.looks}
    again = []
    for address, day in of_source.recent:
        its_key = key(address)
        published = datetime.combine(day, time(), UTC)
        if its_key not in wanted and to_ask_again(of_source.seen.get(its_key), published, wish.now):
            again.append(items.get(its_key) or page_item(address))
    return again


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
    if fetched.content_type in {"text/html", "application/xhtml+xml"}:
        feeds = discover(fetched.text, fetched.final_url)
        if not feeds:
            raise NotAnEntry("is a page that names no feed; give the address of its feed or of its sitemap")
        fetched = _fetched(feeds[0], "feed", tools)
    listing = read_feed(fetched, tools.dissector)
    home = listing.home or urlunsplit((*urlsplit(fetched.final_url)[:2], "", "", ""))
    return Source("", listing.title, TIER, home, feed=fetched.moved_to or fetched.url, feed_kind=listing.kind)


def _fetched(address: str, want: Want, tools: Web) -> Fetched:
    """What stands at an address. Raises NotAnEntry, which names the address where it is not the one that was given."""
    match tools.fetcher.fetch(address, want):
        case Fetched() as fetched:
            return fetched
        case FetchFailed(reason=reason):
            raise NotAnEntry(reason)
        case _:
            raise NotAnEntry("is gone for good (410)")


# The pieces


def _job(tools: Web, item: Item, before: SeenItem | None) -> Callable[[], Taken]:
    return lambda: look_at(item, before, tools)


def look_at(item: Item, before: SeenItem | None, tools: Web) -> Taken:
    """A piece: from the list, where that carries its text, or from its page.

    Of a piece of which the list carries the opening alone the page is asked first: it may have all.
    """
    if not item.html:
        return _look_at_page(item, before, tools)
    if item.access == "teaser":
        on_its_page = _look_at_page(item, before, tools)
        if not isinstance(on_its_page.found, NotAnEntry):
            return on_its_page
    try:
        found = tools.dissector.page(_as_page(item), item.url)
        return Taken(item, page_of_item(item, found))
    except NotAnEntry as reason:
        return Taken(item, reason)


def _look_at_page(item: Item, before: SeenItem | None, tools: Web) -> Taken:
    unchanged_words = before is not None and before.fingerprint == item.fingerprint
    former = Validators(before.etag, before.last_modified) if before and unchanged_words else Validators()
    fetched = tools.spool.get(item.url) or tools.fetcher.fetch(item.url, "page", former)
    match fetched:
        case FetchFailed(reason=reason, passing=passing):
            return Taken(item, NotAnEntry(reason), failed=True, passing=passing, from_page=True)
        case Gone():
            return Taken(item, NotAnEntry("is gone for good (410)"), failed=True, from_page=True)
        case NotModified():
            return Taken(item, None, validators=former, from_page=True)
    tools.spool.put(fetched)
    try:
        found: WebPage | Entry | NotAnEntry = parsed(fetched, tools.dissector, item)
    except NotAnEntry as reason:
        found = reason
    return Taken(item, found, validators=fetched.validators, from_page=True)


def read_page(url: str, tools: Web) -> WebPage | Entry | NotAnEntry:
    """The page at an address; an entry, where what stands there is Markdown with front matter."""
    taken = look_at(page_item(url), None, tools)
    return NotAnEntry("did not change") if taken.found is None else taken.found


def _as_page(item: Item) -> str:
    """The text of a feed's item, in a page of its own."""
    title = html.escape(item.title)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><article>{item.html}</article></body></html>"


def _judged(reading: Reading) -> Reading:
    """Without what was taken, where more than half of it could not be fetched, or is one and the same text.

    Then the site is out of order, and what it shows in place of its pieces is none of them.
    """
    taken = reading.taken
    unread = [str(one.found) for one in taken if one.failed]
    texts = Counter(one.found.text for one in taken if isinstance(one.found, WebPage))
    same = max(texts.values(), default=0)
    if len(taken) < FEWEST or max(len(unread), same) * 2 <= len(taken):
        return reading
    failure = f"shows one and the same text for {same} of {len(taken)} pieces, so none was taken"
    if len(unread) >= same:
        failure = f"could not be read for the most part, so nothing was taken: {len(unread)} of {len(taken)} pieces; "
        failure += f"{Counter(unread).most_common(1)[0][0]}"
    return Reading(Listed(reading.source, "failed", failure))


def _untold(step: str, found: str) -> None:
    """For those who need not hear of each step."""
