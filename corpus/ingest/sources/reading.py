"""The sources are read: their lists, and what is worth a look of what these name. Nothing is written here.

First all sources are asked for their lists, then the pages of all are read: several hosts at once, one request after
another at each. A source that cannot be read, or hardly any of whose pieces can be, gives nothing.
"""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from functools import partial

from corpus import budgets
from corpus.ingest.fetch.politeness import host_of, run_by_host
from corpus.ingest.parse.not_an_entry import NotAnEntry, NotReadNow
from corpus.ingest.parse.web_page import WebPage, page_of_item, parse_page
from corpus.ingest.sources.base import Listed, OnStep, ReadContext, ReadOptions, SourceMemory, ignore_step
from corpus.ingest.sources.findings import Findings, Outcome, sort_findings
from corpus.ingest.sources.pages import item_of, page_item
from corpus.ingest.sources.registry import kind_of
from corpus.ingest.sources.selection import to_ask_again
from corpus.ingest.sources.web import Web
from corpus.models.entries import Entry
from corpus.models.fetched import FetchFailed, Gone, NotModified, Validators
from corpus.models.items import Item
from corpus.models.sources import SeenItem, Source
from corpus.models.updates import Progress
from corpus.text.canonical_url import page_key

FEWEST = 3  # pieces of which more than half must be readable; of fewer, each stands for itself


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A piece that was looked at. `found`: its page, why it is none, or None where it is as it was."""

    item: Item
    found: WebPage | Entry | NotAnEntry | None
    failed: bool = False  # it could not be fetched
    passing: bool = False  # what is wrong may be over when it is asked again
    validators: Validators = field(default_factory=Validators)
    from_page: bool = False
    again: bool = False  # the list did not ask for it
    left: bool = False  # for another refresh: this one has read as much as it may

    @property
    def key(self) -> str:
        """Of the page that was found, which a link may have led to."""
        return page_key(self.found.address) if isinstance(self.found, WebPage) else self.item.key


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that was read: its list, and what was looked at."""

    listed: Listed
    taken: tuple[LookedAt, ...] = ()

    @property
    def source(self) -> Source:
        return self.listed.source

    def findings(self, characters: int = 0) -> Findings:
        """Return what it gave, each piece under its address. `characters`: that the refresh has of other texts."""
        outcomes: list[tuple[str, Outcome]] = [(self.source.slug, self.source)]
        outcomes += [(where, NotAnEntry(reason)) for where, reason in self.listed.refused]
        outcomes += [(one.item.url, one.found) for one in self.taken if one.found is not None]
        return sort_findings(outcomes, self.source, characters) + self.listed.found


def read_sources(
    sources: Sequence[Source],
    memory: Mapping[str, SourceMemory],
    options: ReadOptions,
    web: Web,
    progress: Progress,
    on_step: OnStep = ignore_step,
) -> list[Reading]:
    """Read these sources, in their order; `memory` by their slugs. `on_step`: see `OnStep`.

    What goes beyond the budget of a refresh is left to the next one.
    """
    listed = _list_all(sources, memory, options, web, progress, on_step)
    wanted = [(one, item, False) for one in listed for item in one.wanted]
    wanted += [(one, item, True) for one in listed for item in _asked_again(one, memory, options)]
    taken: dict[str, list[LookedAt]] = {source.slug: [] for source in sources}
    budget = ReadingBudget(budgets.MOST_IN_A_REFRESH - options.characters - sum(one.found.characters for one in listed))
    jobs = []
    for one, item, _ in wanted:
        before = memory[one.source.slug].seen.get(item.key)
        jobs.append((host_of(item.url) if not item.html else "", partial(budget.look_at, item, before, web)))
    if any(kind_of(source).needs_web for source in sources):
        progress("fetch", 0, len(jobs))
    found: dict[int, LookedAt] = {}
    for done, (place, one_taken) in enumerate(run_by_host(jobs, stop=web.stop), start=1):
        found[place] = budget.charge(one_taken)
        progress("fetch", done, len(jobs), wanted[place][1].title or wanted[place][1].url)
    for place in sorted(found):
        one, _, again = wanted[place]
        taken[one.source.slug].append(replace(found[place], again=again))
    return [without_outage(Reading(one, tuple(taken[one.source.slug]))) for one in listed]


# The lists


def _list_all(
    sources: Sequence[Source],
    memory: Mapping[str, SourceMemory],
    options: ReadOptions,
    web: Web,
    progress: Progress,
    on_step: OnStep,
) -> list[Listed]:
    """The lists of all sources, in their order: what is on this computer first, one after the other."""
    listed: dict[str, Listed] = {}
    for source in sources:
        if not kind_of(source).needs_web:
            progress("read", 0, 1, source.name)
            used = options.characters + sum(one.found.characters for one in listed.values())
            mine = replace(options, characters=used)
            listed[source.slug] = kind_of(source).list_items(
                source, ReadContext(memory[source.slug], mine, web, on_step)
            )
            progress("read", 1, 1, source.name)
    jobs = [
        (
            host_of(source.address or ""),
            partial(kind_of(source).list_items, source, ReadContext(memory[source.slug], options, web, on_step)),
        )
        for source in sources
        if source.slug not in listed
    ]
    if jobs:
        progress("read", 0, len(jobs))
    for done, (_, one) in enumerate(run_by_host(jobs, stop=web.stop), start=1):
        listed[one.source.slug] = one
        progress("read", done, len(jobs), one.source.name)
    return [listed[source.slug] for source in sources]


def _asked_again(listed: Listed, memory: Mapping[str, SourceMemory], options: ReadOptions) -> list[Item]:
    """The pages of newer entries that are asked again, though the list says nothing else of them."""
    if listed.outcome not in {"read", "unchanged"}:
        return []
    of_source = memory[listed.source.slug]
    wanted = {item.key for item in listed.wanted}
    again = []
    for item, entry in ((item_of(entry), entry) for entry in of_source.recent):
        published = datetime.combine(entry.published, time(), UTC)
        if item.key not in wanted and to_ask_again(of_source.seen.get(item.key), published, options.now):
            again.append(item)
    return again


# The pieces


class ReadingBudget:
    """How many characters a refresh may still read. What goes beyond is left, unseen, for the next one."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def look_at(self, item: Item, before: SeenItem | None, web: Web) -> LookedAt:
        """Return a piece, or that it is left where nothing may be read any more. From any thread."""
        return look_at(item, before, web) if self.left > 0 else LookedAt(item, None, passing=True, left=True)

    def charge(self, looked_at: LookedAt) -> LookedAt:
        """Count a piece that was read; return it, or that it is left where it goes beyond."""
        self.left -= len(looked_at.found.text) if isinstance(looked_at.found, WebPage | Entry) else 0
        return LookedAt(looked_at.item, None, passing=True, left=True) if self.left < 0 else looked_at


def look_at(item: Item, before: SeenItem | None, web: Web) -> LookedAt:
    """Return a piece: from the list, where that carries its text, or from its page.

    Of a piece of which the list carries the opening alone the page is asked first: it may have all.
    """
    if not item.html:
        return _look_at_page(item, before, web)
    if item.access == "teaser":
        on_its_page = _look_at_page(item, before, web)
        if not isinstance(on_its_page.found, NotAnEntry):
            return on_its_page
        return replace(_look_at_words(item, web), passing=on_its_page.passing)
    return _look_at_words(item, web)


def _look_at_words(item: Item, web: Web) -> LookedAt:
    """A piece from the text that its list carries, in a page of its own."""
    page = f"<!DOCTYPE html><html><head><title>{html.escape(item.title)}</title></head><body><article>{item.html}"
    try:
        return LookedAt(item, page_of_item(item, web.sandbox.page(f"{page}</article></body></html>", item.url)))
    except NotAnEntry as reason:
        return LookedAt(item, reason, passing=isinstance(reason, NotReadNow))


def _look_at_page(item: Item, before: SeenItem | None, web: Web) -> LookedAt:
    """`item.fingerprint` is "" where no list has named it: then what an earlier refresh had fetched may be too old."""
    same_words = before is not None and item.fingerprint in {"", before.fingerprint}
    former = Validators(before.etag, before.last_modified) if before and same_words else Validators()
    kept = web.pages.get(item.url, item.fingerprint) if item.fingerprint else None
    fetched = kept or web.fetcher.fetch(item.url, "page", former)
    match fetched:
        case FetchFailed(reason=reason, passing=passing):
            return LookedAt(item, NotAnEntry(reason), failed=True, passing=passing, from_page=True)
        case Gone():
            return LookedAt(item, NotAnEntry("is gone for good (410)"), failed=True, from_page=True)
        case NotModified():
            return LookedAt(item, None, validators=former, from_page=True)
    if item.fingerprint:
        web.pages.put(fetched, item.fingerprint)
    try:
        found: WebPage | Entry | NotAnEntry = parse_page(fetched, web.sandbox, item)
    except NotAnEntry as reason:
        found = reason
    passing = isinstance(found, NotReadNow)
    return LookedAt(item, found, passing=passing, validators=fetched.validators, from_page=True)


def read_pages(addresses: Sequence[str], web: Web, progress: Progress, characters: int = 0) -> Findings:
    """Return what stands at these addresses of the web, read one after the other, each page once.

    `characters`: that the refresh has of other texts already.
    """
    wanted: dict[str, str] = {}
    for url in map(str.strip, addresses):
        wanted.setdefault(page_key(url), url)
    outcomes: list[tuple[str, Outcome]] = []
    for done, url in enumerate(wanted.values()):
        progress("fetch", done, len(wanted), url)
        outcomes.append((url, look_at(page_item(url), None, web).found or NotAnEntry("did not change")))
    progress("fetch", len(wanted), len(wanted))
    return sort_findings(outcomes, characters=characters)


def without_outage(reading: Reading) -> Reading:
    """Return a reading without what was taken, where the site is out of order: what it shows then is none of it.

    So it is where more than half of what it lists fails for now, or shows one and the same text; or where all fails.
    """
    listed = [one for one in reading.taken if not one.again]
    failed = [one for one in listed if one.failed]
    unread = [str(one.found) for one in failed if one.passing or len(failed) == len(listed)]
    pages = {one.key: one.found.text for one in reading.taken if isinstance(one.found, WebPage)}
    same = max(Counter(pages.values()).values(), default=0)
    if not _is_most(len(unread), len(listed)) and not _is_most(same, len(reading.taken)):
        return reading
    failure = f"it shows one and the same text for {same} of {len(reading.taken)} pieces, so none was taken"
    if _is_most(len(unread), len(listed)):
        ((reason, _),) = Counter(unread).most_common(1)
        failure = f"{len(unread)} of {len(listed)} pieces could not be read, so none was taken: a page {reason}"
    return Reading(Listed(reading.source, "failed", failure))


def is_offline(readings: Sequence[Reading], memory: Mapping[str, SourceMemory]) -> bool:
    """Return whether this computer seems to have no network: no source was reached, of several or of one that was once.

    One alone that was never read may have its name misspelt.
    """
    asked = [one for one in readings if kind_of(one.source).needs_web]
    if not asked or not all(one.listed.unreached for one in asked):
        return False
    hosts = {host_of(one.source.address or "") for one in asked}
    return len(hosts) > 1 or any(memory[one.source.slug].state.succeeded for one in asked)


def as_offline(reading: Reading) -> Reading:
    """Return a reading of what was not reached, with that in place of what would be wrong with its address."""
    if not reading.listed.unreached:
        return reading
    return replace(reading, listed=replace(reading.listed, failure="it could not be reached, and no other site either"))


def _is_most(part: int, whole: int) -> bool:
    return whole >= FEWEST and part * 2 > whole
