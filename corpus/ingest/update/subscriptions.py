"""The sources that are followed: how each does, how one comes and goes, and what one would give."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.errors import SourceRefused
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.sources.base import TIER, ReadOptions
from corpus.ingest.sources.local_import import read_shelf
from corpus.ingest.sources.registry import describe_source
from corpus.ingest.sources.schedule import Pace, find_source, next_due
from corpus.ingest.update import source_check
from corpus.ingest.update.collect import memory_of, web_of
from corpus.ingest.update.identify import identify_pages
from corpus.ingest.update.known_addresses import KnownAddresses
from corpus.ingest.update.request import name_of
from corpus.ingest.update.updater import Updater
from corpus.models.sources import (
    Check,
    CheckedItem,
    CheckStep,
    FollowStatus,
    Source,
    SourceHealth,
    SourceState,
    SourceUpdates,
)
from corpus.models.updates import Counts, Progress, no_progress
from corpus.settings import CorpusSettings
from corpus.storage.record import Record
from corpus.storage.source_state import NO_TALLY
from corpus.text.slug import slug_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from corpus.ingest.sources.web import Web

LONGEST_SLUG = 60
OFFLINE = "FOOTNOTE_OFFLINE is set, so the web is left alone; unset it, and try again."


class Subscriptions:
    """Looks after the sources of a data folder. `Corpus` is its face: what it promises stands there."""

    def __init__(self, settings: CorpusSettings, updater: Updater) -> None:
        self._settings = settings
        self._updater = updater

    # How they do

    def followed(self) -> list[SourceHealth]:
        with self._updater.workspace.reading_if_there() as record:
            sources, states = _sources(record), record.sources.states() if record else {}
            tallies = record.sources.tallies() if record else {}
        found = [
            SourceHealth(source, states.get(slug, SourceState(slug)), *tallies.get(slug, NO_TALLY))
            for slug, source in sources.items()
            if source.address
        ]
        return sorted(found, key=lambda one: one.source.name.casefold())

    def next_due(self) -> datetime | None:
        if self._settings.offline:
            return None
        with self._updater.workspace.reading_if_there() as record:
            states = record.sources.states() if record else {}
            pace = Pace(datetime.now(UTC), self._settings.refresh_hours)
            return next_due(_sources(record).values(), states, pace)

    # How they come and go

    def follow(
        self,
        address: str,
        slug: str | None = None,
        name: str | None = None,
        tier: int | None = None,
        pattern: str | None = None,
        by: str | None = None,
    ) -> Source:
        self._updater.prepare()
        with self._web() as web:
            found = _look_up(address.strip(), pattern, web)
        with self._updater.workspace.changing() as (record, _):
            sources = record.entries.sources()
            before = next((s for s in sources.values() if s.address == found.address), None)
            if before is None:
                source = _named(found, sources, slug, name, tier)
            elif slug not in {None, before.slug}:
                raise SourceRefused(f"It is a source already, as {before.slug}; entries use that slug, so it stays.")
            else:  # with what is said of it now
                source = replace(before, name=name or before.name, tier=tier or before.tier)
            if before is None and source.slug not in sources:
                record.sources.forget(source.slug)
            updates = SourceUpdates([_with_status(record.sources.state(source.slug), "followed", by)])
            described = [] if before == source else [source]
            record.history.apply(described, [], Counts(), by=name_of(by), updates=updates, action="follow")
        return source

    def set_status(self, named: str, status: FollowStatus, by: str | None = None) -> Source:
        self._updater.prepare()
        with self._updater.workspace.changing() as (record, _):
            source = find_source(named, {slug: s for slug, s in record.entries.sources().items() if s.address})
            state = _with_status(record.sources.state(source.slug), status, by)
            record.sources.update(SourceUpdates([state]))
        return source

    # What one would give

    def check(self, named: str, *, backfill: bool = False, progress: Progress = no_progress) -> Check:
        from corpus.ingest.sources.reading import read_sources  # noqa: PLC0415  a question needs no network

        steps: list[CheckStep] = []
        with self._updater.workspace.reading_if_there() as record, self._web() as web:
            try:
                source = self._find_or_look_up(named.strip(), record, web)
            except SourceRefused as refused:
                steps.append(CheckStep("look", str(refused), fine=False))
                return Check(named, None, tuple(steps), _check_page(named.strip(), record, web, progress))
            now, known = datetime.now(UTC), KnownAddresses(record)
            memory = memory_of(record, source, record.sources.states() if record else {}, now)
            options = ReadOptions(now, known.ids.keys(), backfill, whole=True)

            def on_step(step: str, found: str) -> None:
                steps.append(CheckStep(step, found))

            (reading,) = read_sources([source], {source.slug: memory}, options, web, progress, on_step)
            resolved = identify_pages(reading.findings(), record, known)
            found = {one.item.url: one.found for one in reading.taken}
            items = source_check.check_items(reading.listed.looks, found, resolved, record)
        steps += source_check.describe_steps(reading)
        if reading.listed.failure:
            steps[-1:] = [replace(step, fine=False) for step in steps[-1:]]
            steps.append(CheckStep("outcome", f"Nothing would be taken: {reading.listed.failure}.", fine=False))
        return Check(source.address or "", source, tuple(steps), items)

    def _find_or_look_up(self, sought: str, record: Record | None, web: "Web") -> Source:
        sources = _sources(record)
        if re.match(r"https?://", sought, re.IGNORECASE) is None:
            return find_source(sought, {slug: s for slug, s in sources.items() if s.address})
        found = _look_up(sought, None, web)
        known = next((s for s in sources.values() if s.address == found.address), None)
        return known or _named(found, sources, None, None, None)

    def _web(self) -> "AbstractContextManager[Web]":
        if self._settings.offline:
            raise SourceRefused(OFFLINE)
        return web_of(self._settings, keep_pages=False)


def _check_page(address: str, record: Record | None, web: "Web", progress: Progress) -> tuple[CheckedItem, ...]:
    """The one piece that stands at an address of the web which is no source's."""
    from corpus.ingest.sources.reading import read_pages  # noqa: PLC0415  a question needs no network

    if re.match(r"https?://", address, re.IGNORECASE) is None:
        return ()
    found = read_pages([address], web, progress)
    resolved = identify_pages(found, record, KnownAddresses(record))
    return source_check.check_items((), {page.url: page for page in found.pages}, resolved, record)


def _sources(record: Record | None) -> Mapping[str, Source]:
    """Those that the record describes; before it holds anything, those of the shipped corpus."""
    known = record.entries.sources() if record else {}
    return known or {source.slug: source for source in read_shelf().described}


def _with_status(state: SourceState, status: FollowStatus, by: str | None) -> SourceState:
    """A state with another status; who follows it again does so afresh, whatever failed before."""
    set_by = replace(state, standing=status, by=name_of(by))
    if status != "followed":
        return set_by
    afresh = replace(set_by, failing_since=None, told=False, due=None, tried=None)
    return replace(afresh, moved_to=None, etag=None, last_modified=None, read_hash=None)


def _look_up(address: str, pattern: str | None, web: "Web") -> Source:
    """What can be followed at an address, named by what it says itself. Raises SourceRefused."""
    try:
        return describe_source(address, pattern, web)
    except NotAnEntry as reason:
        raise SourceRefused(f"{address} cannot be followed: it {reason}.") from reason


def _named(
    found: Source, sources: Mapping[str, Source], slug: str | None, name: str | None, tier: int | None
) -> Source:
    """The source under a slug that is free, with what somebody said of it. Raises SourceRefused."""
    called = " ".join((name or found.name).split())[:200]
    if slug is not None and (slug in sources or not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", slug)):
        taken = (
            f"is that of {sources[slug].name}" if slug in sources else "is no slug: small letters, digits, . _ and -"
        )
        raise SourceRefused(f"{slug!r} {taken}. Give another with --slug.")
    host = (urlsplit(found.home or found.address or "").hostname or "").removeprefix("www.")
    first = slug or slug_of(called, LONGEST_SLUG) or slug_of(host.replace(".", " "), LONGEST_SLUG) or "source"
    free, number = first, 2
    while slug is None and free in sources:
        free, number = f"{first}-{number}", number + 1
    return replace(found, slug=free, name=called or host or free, tier=tier or TIER)
