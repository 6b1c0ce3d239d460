"""The sources are read: their lists, and what is worth a look of what these name. Nothing is written here.

First all sources are asked for their lists, then the pages of all are read: several hosts at once, one request after
another at each. A source that cannot be read, or hardly any of whose pieces can be, gives nothing.
"""

import html
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from corpus.ingest.canonical import key
from corpus.ingest.choose import to_ask_again
from corpus.ingest.courtesy import at_once, host_of
from corpus.ingest.feed import Item
from corpus.ingest.fetch import FetchFailed, Gone, NotModified, Validators
from corpus.ingest.lists import Listed, Past, Tell, Wish, list_source, page_item, untold
from corpus.ingest.parse import NotAnEntry
from corpus.ingest.web import Web
from corpus.ingest.webpage import WebPage, page_of_item, parsed
from corpus.models import Entry, Progress, SeenItem, Source

FEWEST = 3  # pieces of which more than half must be readable; of fewer, each stands for itself


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
class Reading:
    """A source that was read: its list, and what was looked at."""

    listed: Listed
    taken: tuple[Taken, ...] = ()

    @property
    def source(self) -> Source:
        return self.listed.source


def read_sources(
    sources: Sequence[Source],
    known: Mapping[str, Past],
    wish: Wish,
    tools: Web,
    progress: Progress,
    tell: Tell = untold,
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
    tell: Tell,
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
    failure = f"it shows one and the same text for {same} of {len(taken)} pieces, so none was taken"
    if len(unread) >= same:
        ((reason, _),) = Counter(unread).most_common(1)
        failure = f"{len(unread)} of {len(taken)} pieces could not be read, so none was taken: a page {reason}"
    return Reading(Listed(reading.source, "failed", failure))
