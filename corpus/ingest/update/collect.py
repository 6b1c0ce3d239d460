"""What an update finds: in files, at pages by their address, and at the sources that are followed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from corpus import budgets
from corpus.filters import parse_filters, resolve_source
from corpus.ingest.fetch.page_cache import PageCache
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.sources import schedule
from corpus.ingest.sources.base import ReadOptions, SourceMemory
from corpus.ingest.sources.findings import Findings, sort_findings
from corpus.ingest.sources.local_import import import_files, read_shelf
from corpus.ingest.sources.registry import kind_of
from corpus.ingest.sources.remarks import describe_remarks
from corpus.ingest.update.known_addresses import KnownAddresses
from corpus.ingest.update.request import UpdateRequest
from corpus.models.sources import Source, SourceState, SourceUpdates
from corpus.models.updates import Progress
from corpus.settings import CorpusSettings
from corpus.storage.record import Record

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from corpus.ingest.sources.reading import Reading
    from corpus.ingest.sources.web import Web

OFFLINE = "Offline (FOOTNOTE_OFFLINE): no source was read."
NO_NETWORK = (
    "No site could be reached: is this computer offline? The shipped corpus and your files need no network. Behind a "
    "proxy, set HTTPS_PROXY or FOOTNOTE_FETCH_PROXY; FOOTNOTE_OFFLINE=true leaves the web alone."
)
PAGE_OFFLINE = "was not read: FOOTNOTE_OFFLINE is set; unset it, or add its text as a file"
LEFT = "The next one takes them: run `footnote refresh` again, or wait for it."
FETCHED = "fetched"
RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class CollectResult:
    """What was found, and how each source was read, with what had been known of it before.

    `source`: the slug of the one source that was asked for, where that is known already. `notes`: for the report.
    `unmentioned`: slugs of shipped sources that nobody could have read yet: there is no network, which a note says.
    """

    findings: Findings
    source: str | None = None
    readings: tuple["Reading", ...] = ()
    memory: Mapping[str, SourceMemory] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unmentioned: frozenset[str] = frozenset()

    def learn(self, pace: schedule.Pace) -> tuple[SourceUpdates, tuple[str, ...]]:
        """Return what is to be remembered of the sources, and notes on those that have failed for days."""
        if not self.readings:
            return SourceUpdates(), ()
        from corpus.ingest.sources import describe, learning  # noqa: PLC0415  a question needs no network

        updates = learning.learn(self.readings, self.memory, pace)
        sources = {one.source.slug: one.source for one in self.readings}
        failing = describe.failing_for_days(sources, updates.states, pace.now)
        noted = {state.slug for state in failing}
        states = [replace(state, told=state.told or state.slug in noted) for state in updates.states]
        notes = tuple(describe.describe_failing(sources[state.slug], state) for state in failing)
        return replace(updates, states=states), notes

    def forget_pages(self, cache: PageCache) -> None:
        """Forget the pages that were fetched: what was taken in need not be kept for another time."""
        for reading in self.readings:
            for one in reading.taken:
                cache.forget(one.item.url, one.item.fingerprint)


def collect(
    request: UpdateRequest,
    files: Findings,
    record: Record | None,
    known: KnownAddresses,
    settings: CorpusSettings,
    progress: Progress,
    *,
    keep_pages: bool,
) -> CollectResult:
    """Return what there is: in the named `files`, and on the web or in the shipped corpus and the sources.

    `keep_pages`: what is fetched, for another time, should this one break off. Raises FilterRefused where the source
    that is asked for is not there, before anything is read.
    """
    if request.follows:
        return _collect_followed(request, record, known, settings, progress, keep_pages=keep_pages)
    if not request.urls:
        return CollectResult(files, notes=describe_remarks(files.remarks))
    if settings.offline:
        offline = sort_findings((url, NotAnEntry(PAGE_OFFLINE)) for url in request.urls)
        return CollectResult(files + offline, notes=describe_remarks(files.remarks))
    from corpus.ingest.sources.reading import read_pages  # noqa: PLC0415  a question needs no network

    with web_of(settings, keep_pages=False) as web:
        found = files + read_pages(request.urls, web, progress, files.characters)
        return CollectResult(found, notes=describe_remarks(found.remarks))


def resolve_source_name(name: str, record: Record | None, findings: Findings, *more: str) -> str:
    """Return the slug of the source that is called so, by its slug, its name or a part of that. Raises FilterRefused.

    It is one that the record or the findings describe, or that entries of theirs name; or one of these slugs.
    """
    described = (record.entries.sources() if record else {}) | {s.slug: s for s in findings.sources}
    used = [*(record.entries.used_sources() if record else ()), *(e.source for _, e in findings.entries), *more]
    return resolve_source(parse_filters(source=name), described, used).source or ""


def _collect_followed(
    request: UpdateRequest,
    record: Record | None,
    known: KnownAddresses,
    settings: CorpusSettings,
    progress: Progress,
    *,
    keep_pages: bool,
) -> CollectResult:
    progress("read", 0, 1)
    shelf = read_shelf()
    findings = Findings(sources=shelf.described)
    source = None
    if request.source is not None:
        source = resolve_source_name(request.source, record, findings, *shelf.named)
    if not request.due:
        findings = import_files(None, only=source)
    progress("read", 1, 1)
    sources = (record.entries.sources() if record else {}) | {s.slug: s for s in shelf.described}
    states = record.sources.states() if record else {}
    to_read = schedule.to_read(sources, states, source, request.pace(settings) if request.due else None)
    notes = []
    if source in sources and sources[source].address and not to_read:
        notes.append(f"{request.source} is not followed, so it was not read; `footnote sources list` says what is.")
    if settings.offline and any(kind_of(one).needs_web for one in to_read):
        notes.append(OFFLINE)
        to_read = [one for one in to_read if not kind_of(one).needs_web]
    memory = {one.slug: memory_of(record, one, states, request.now) for one in to_read}
    if not to_read:
        return CollectResult(findings, source, notes=tuple(notes))
    from corpus.ingest.sources.reading import as_offline, is_offline, read_sources  # noqa: PLC0415  as above

    is_restoring = request.restore and source is None
    anew = frozenset(address for address, _ in known.removed) if is_restoring else frozenset[str]()
    options = ReadOptions(request.now, known.ids.keys(), request.backfill, anew=anew, characters=findings.characters)
    with web_of(settings, keep_pages=keep_pages) as web:
        readings = read_sources(to_read, memory, options, web, progress)
    unmentioned = frozenset[str]()
    if is_offline(readings, memory):
        notes.append(NO_NETWORK)
        never = {one.source.slug for one in readings if memory[one.source.slug].state.succeeded is None}
        unmentioned = frozenset(one.slug for one in shelf.described if source is None) & never
        readings = [as_offline(one) for one in readings]
    for reading in readings:
        findings += reading.findings(findings.characters)
    notes.extend(describe_remarks(findings.remarks))
    left = sum(1 for reading in readings for one in reading.taken if one.left)
    if left:
        notes.append(f"{left} pieces were left: a refresh reads {budgets.MOST_IN_A_REFRESH:,} characters. {LEFT}")
    if anew:
        notes.extend(_describe_lost(known, readings, findings))
    return CollectResult(findings, source, tuple(readings), memory, tuple(notes), unmentioned)


def _describe_lost(known: KnownAddresses, readings: "list[Reading]", findings: Findings) -> Iterator[str]:
    """How the removed entries come back that no list names any more, as a note."""
    named = {look.item.key for one in readings for look in one.listed.looks}
    found = {entry.id for _, entry in findings.entries}
    lost = [one.url for address, one in known.removed if address not in named and one.id not in found]
    if lost:
        which = f"{len(lost)} removed entries are" if len(lost) > 1 else "1 removed entry is"
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        yield f"{which} named by no list any more. Take back: `footnote refresh --restore --url {lost[0]}`{more}."


def memory_of(record: Record | None, source: Source, states: Mapping[str, SourceState], now: datetime) -> SourceMemory:
    """Return what the record knows of a source before it is read."""
    state = schedule.state_of(source, states)
    if record is None:
        return SourceMemory(state, {})
    recent = record.entries.each(record.sources.numbers_since(source.slug, (now - RECENT).date()))
    return SourceMemory(state, record.sources.seen(source.slug), [entry for _, entry in recent])


def page_cache(settings: CorpusSettings) -> PageCache:
    """Return what was fetched by refreshes that have not come to their end."""
    return PageCache(settings.data_dir / FETCHED)


def web_of(settings: CorpusSettings, *, keep_pages: bool) -> "AbstractContextManager[Web]":
    """Give what it takes to read the web. `keep_pages`: what is fetched is kept for another time."""
    from corpus.ingest.sources.web import open_web  # noqa: PLC0415  a question needs no network

    return open_web(settings, page_cache(settings) if keep_pages else PageCache(None))
