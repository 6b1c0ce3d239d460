"""The sources that are followed: how each does, what one would give, and how one comes and goes."""

import contextlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.errors import IndexMissing, SourceRefused
from corpus.ingest.sources.local_import import Gathered, gather
from corpus.ingest.sources.schedule import Pace, find_source, next_due
from corpus.ingest.update.collect import Order, past_of, read_folder, take, tools_of, wish_of
from corpus.ingest.update.decide import name_of, placed, plan_of
from corpus.ingest.update.updater import Keeper
from corpus.models.entries import Entry
from corpus.models.sources import (
    Check,
    CheckedItem,
    CheckStep,
    FollowStatus,
    Source,
    SourceHealth,
    SourceState,
    SourceUpdates,
    Verdict,
)
from corpus.models.updates import Counts, Plan, Progress, no_progress
from corpus.settings import CorpusSettings
from corpus.storage.record import Record
from corpus.storage.source_state import NO_TALLY

if TYPE_CHECKING:
    from corpus.ingest.sources.listing import Tell
    from corpus.ingest.sources.reading import Reading
    from corpus.ingest.sources.session import Web

TIER = 3  # of what nobody has described yet
LONGEST_SLUG = 60
OFFLINE = "FOOTNOTE_OFFLINE is set, so the web is left alone; unset it, and try again."


class Subscriptions:
    """Looks after the sources of a data folder. `Corpus` is its face: what it promises stands there."""

    def __init__(self, settings: CorpusSettings, keeper: Keeper) -> None:
        self._settings = settings
        self._keeper = keeper

    # How they do

    def followed(self) -> list[SourceHealth]:
        with self._reading() as archive:
            sources, states = self._sources(archive), archive.sources.states() if archive else {}
            tallies = archive.sources.tallies() if archive else {}
        found = [
            SourceHealth(source, states.get(slug, SourceState(slug)), *tallies.get(slug, NO_TALLY))
            for slug, source in sources.items()
            if source.address
        ]
        return sorted(found, key=lambda one: one.source.name.casefold())

    def next_due(self) -> datetime | None:
        if self._settings.offline:
            return None
        with self._reading() as archive:
            states = archive.sources.states() if archive else {}
            pace = Pace(datetime.now(UTC), self._settings.refresh_hours)
            return next_due(self._sources(archive).values(), states, pace)

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
        self._keeper.prepare()
        with self._tools() as tools:
            found = _looked_up(address.strip(), pattern, tools)
        with self._keeper.changing_archive() as archive:
            sources = archive.entries.sources()
            before = next((s for s in sources.values() if s.address == found.address), None)
            source = _as_told(before, slug, name, tier) if before else _described(found, sources, slug, name, tier)
            if before is None and source.slug not in sources:
                archive.sources.forget(source.slug)
            state = _standing(archive.sources.state(source.slug), "followed", by)
            taken = [] if before == source else [source]
            archive.history.apply(taken, [], Counts(), by=name_of(by), updates=SourceUpdates([state]), action="follow")
        return source

    def set_standing(self, named: str, standing: FollowStatus, by: str | None = None) -> Source:
        self._keeper.prepare()
        with self._keeper.changing_archive() as archive:
            source = find_source(named, {slug: s for slug, s in archive.entries.sources().items() if s.address})
            archive.sources.update(SourceUpdates([_standing(archive.sources.state(source.slug), standing, by)]))
        return source

    # What one would give

    def check(self, named: str, *, backfill: bool = False, progress: Progress = no_progress) -> Check:
        steps: list[CheckStep] = []

        def tell(step: str, found: str, fine: bool = True) -> None:
            steps.append(CheckStep(step, found, fine))

        with self._reading() as archive, self._tools() as tools:
            try:
                source = self._to_check(named, archive, tools)
            except SourceRefused as refused:
                return Check(named, None, (CheckStep("look", str(refused), fine=False),))
            gathered = Gathered()
            reading = self._read(gathered, source, archive, Order(backfill=backfill), tools, progress, tell)
            items = _checked(reading, placed(gathered, archive), archive)
        for step, told in _steps(reading):
            tell(step, told)
        if reading.listed.failure:
            steps[-1:] = [replace(step, fine=False) for step in steps[-1:]]
            tell("outcome", f"Nothing would be taken: {reading.listed.failure}.", False)
        return Check(source.address or "", source, tuple(steps), items)

    @staticmethod
    def _read(
        gathered: Gathered,
        source: Source,
        archive: Record | None,
        order: Order,
        tools: "Web",
        progress: Progress,
        tell: "Tell",
    ) -> "Reading":
        from corpus.ingest.sources.reading import read_sources  # noqa: PLC0415  a question needs no network

        if source.folder:
            tell("folder", source.folder)
            return read_folder(gathered, source, progress)
        past = past_of(archive, source, archive.sources.states() if archive else {}, order.now)
        wish = wish_of(archive, order, whole=True)
        (reading,) = read_sources([source], {source.slug: past}, wish, tools, progress, tell)
        take(gathered, reading)
        return reading

    def _to_check(self, named: str, archive: Record | None, tools: "Web") -> Source:
        sources = self._sources(archive)
        sought = named.strip()
        if re.match(r"https?://", sought, re.IGNORECASE) is None:
            return find_source(sought, {slug: s for slug, s in sources.items() if s.address})
        found = _looked_up(sought, None, tools)
        known = next((s for s in sources.values() if s.address == found.address), None)
        return known or _described(found, sources, None, None, None)

    # The parts

    def _sources(self, archive: Record | None) -> dict[str, Source]:
        """Those that the archive describes; before it holds anything, those of the shipped corpus."""
        known = archive.entries.sources() if archive else {}
        return known or {s.slug: s for s in gather(None).sources}

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Record | None]:
        with contextlib.ExitStack() as opened:
            try:
                archive = opened.enter_context(self._keeper.reading_archive())
            except IndexMissing:
                archive = None
            yield archive

    def _tools(self) -> "contextlib.AbstractContextManager[Web]":
        if self._settings.offline:
            raise SourceRefused(OFFLINE)
        return tools_of(self._settings, kept=False)


def _standing(state: SourceState, standing: FollowStatus, by: str | None) -> SourceState:
    """A state with another standing; who follows it again does so afresh, whatever failed before."""
    now = replace(state, standing=standing, by=name_of(by))
    if standing != "followed":
        return now
    afresh = replace(now, failing_since=None, told=False, due=None, tried=None)
    return replace(afresh, moved_to=None, etag=None, last_modified=None, read_hash=None)


# What stands at an address


def _looked_up(address: str, pattern: str | None, tools: "Web") -> Source:
    """What can be followed at an address, named by what it says itself. Raises SourceRefused."""
    from corpus.ingest.parse.entry_records import NotAnEntry  # noqa: PLC0415
    from corpus.ingest.sources.listing import followable  # noqa: PLC0415  a question needs no network

    if re.match(r"[a-z][a-z0-9+.-]*://", address, re.IGNORECASE) is None:
        return _folder(address)
    try:
        return followable(address, pattern, tools)
    except NotAnEntry as reason:
        raise SourceRefused(f"{address} cannot be followed: it {reason}.") from reason


def _folder(address: str) -> Source:
    try:
        folder = Path(address).expanduser().absolute()
        exists = bool(address) and folder.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise SourceRefused(f"{address!r} is neither a web address nor a folder ({error}).") from error
    if not exists:
        raise SourceRefused(
            f"{address!r} is neither a web address nor a folder that exists. An address begins with https://."
        )
    return Source("", folder.name or "files", TIER, folder=str(folder))


def _as_told(source: Source, slug: str | None, name: str | None, tier: int | None) -> Source:
    """A source that is there already, with what somebody says of it now. Raises SourceRefused for another slug."""
    if slug not in {None, source.slug}:
        raise SourceRefused(f"It is a source already, as {source.slug}; entries use that slug, so it stays.")
    return replace(source, name=name or source.name, tier=tier or source.tier)


def _described(
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
    free = slug or _free(_slug(called) or _slug(host) or "source", sources)
    return replace(found, slug=free, name=called or host or free, tier=tier or TIER)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-")


def _free(slug: str, sources: Mapping[str, Source]) -> str:
    number = 2
    free = slug
    while free in sources:
        free, number = f"{slug}-{number}", number + 1
    return free


# What a reading came to


def _steps(reading: "Reading") -> Iterator[tuple[str, str]]:
    """What the list held, what of it was chosen, and how reading that went, as lines."""
    looks = reading.listed.looks
    if not looks:
        return
    days = sorted(look.item.day for look in looks if look.item.day)
    yield "list", f"names {len(looks)} pieces" + (f", from {days[0]} to {days[-1]}" if days else "")
    chosen: Counter[str] = Counter(look.verdict for look in looks)
    words = {"look": "to look at", "unchanged": "as before", "passed over": "passed over", "left": "left for next time"}
    yield "choice", ", ".join(f"{chosen[verdict]} {told}" for verdict, told in words.items() if chosen[verdict])
    if reading.taken:
        bad = sum(1 for one in reading.taken if isinstance(one.found, Exception))
        yield "pieces", f"{len(reading.taken) - bad} of {len(reading.taken)} can be read"


def _checked(reading: "Reading", gathered: Gathered, archive: Record | None) -> tuple[CheckedItem, ...]:
    """Each piece that is listed, with what a refresh would do with it."""
    plan = plan_of(archive, gathered, restore=False, yielding=True)
    verdicts = _verdicts(plan, {entry.id: where for where, entry in gathered.entries})
    items = []
    for look in reading.listed.looks:
        item = look.item
        verdict, reason = verdicts.pop(item.url, ("unchanged", ""))
        if look.verdict in {"passed over", "left"}:
            verdict, reason = "passed over", look.reason
        items.append(CheckedItem(item.title, item.url, item.day, verdict, reason or look.reason))
    entries = dict(gathered.entries)
    for where, (verdict, reason) in verdicts.items():  # of a folder, or what was listed and is no piece
        entry = entries.get(where)
        title, day = (entry.title, entry.published.isoformat()) if entry else ("", "")
        items.append(CheckedItem(title, where, day, verdict, reason))
    return tuple(items)


def _verdicts(plan: Plan[Entry], places: Mapping[str, str]) -> dict[str, tuple[Verdict, str]]:
    found: dict[str, tuple[Verdict, str]] = {one.where: ("rejected", one.reason) for one in plan.rejected}
    found |= {places[entry.id]: ("new", "") for entry in plan.new}
    found |= {places[entry.id]: ("changed", "") for entry in plan.changed}
    return found | {places[entry.id]: ("unchanged", "") for entry in plan.unchanged}
