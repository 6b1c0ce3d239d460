"""What a refresh gathers: from files, from pages by their address, and from the sources that are followed."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import budgets
from corpus.errors import FileRefused
from corpus.ingest.parse.entry_records import NotAnEntry
from corpus.ingest.sources import schedule
from corpus.ingest.sources.local_import import Gathered, gather, gather_pages
from corpus.ingest.sources.schedule import Pace
from corpus.models.entries import Entry
from corpus.models.sources import Source, SourceState, SourceUpdates
from corpus.models.updates import Counts, Plan, Progress, SourceRead
from corpus.settings import CorpusSettings
from corpus.storage.record import Record

if TYPE_CHECKING:
    from corpus.ingest.fetch.page_cache import Spool
    from corpus.ingest.sources.listing import Past, Wish
    from corpus.ingest.sources.reading import Reading
    from corpus.ingest.sources.session import Web

OFFLINE = "Offline (FOOTNOTE_OFFLINE): no source was read."
LEFT = "The next one takes them: run `footnote refresh` again, or wait for it."
FETCHED = "fetched"
RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Order:
    """What a refresh is asked for: see `Corpus.refresh`. `now` in UTC; `shift`: −1 to 1, see `Pace`.

    `save_plan`: the file in which a dry run keeps what it would take in.
    """

    paths: Sequence[Path] | None = None
    urls: Sequence[str] = ()
    by: str | None = None
    source: str | None = None
    restore: bool = False
    backfill: bool = False
    due: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    shift: float = 0.0
    save_plan: Path | None = None

    @property
    def yielding(self) -> bool:
        """Whether what is found leaves what says more of its piece: what somebody names by its path does not."""
        return self.paths is None

    @property
    def follows(self) -> bool:
        """Whether sources are read: not where files or pages are named."""
        return self.paths is None and not self.urls

    def pace(self, settings: CorpusSettings) -> Pace:
        return Pace(self.now, settings.refresh_hours, self.shift)


@dataclass(slots=True)
class Harvest:
    """What was gathered, with how each source was read, and what had been known of those before."""

    gathered: Gathered
    readings: Sequence["Reading"] = ()
    states: Mapping[str, SourceState] = field(default_factory=dict)
    past: Mapping[str, "Past"] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def learnt(self, pace: Pace) -> SourceUpdates:
        """What is to be remembered of the sources that were read; those that fail for days are told in the notes."""
        seen = {slug: past.seen for slug, past in self.past.items()}
        found = schedule.learnt(self.readings, self.states, seen, pace)
        sources = {one.source.slug: one.source for one in self.readings}
        failing = schedule.failing_for_days(sources, found.states, pace.now)
        self.notes.extend(schedule.failing_in_words(sources[state.slug], state) for state in failing)
        said = {state.slug for state in failing}
        return replace(found, states=[replace(s, told=s.told or s.slug in said) for s in found.states])

    def told(self, plan: Plan[Entry]) -> tuple[SourceRead, ...]:
        """How each source was read, in words, with what became of its pieces."""
        counted = self._counted(plan) if self.readings else {}
        return tuple(
            schedule.told(one, self._state(one.source.slug), counted.get(one.source.slug, Counts()))
            for one in self.readings
        )

    def _state(self, slug: str) -> SourceState:
        return self.states.get(slug, SourceState(slug))

    def forget_fetched(self, spool: "Spool") -> None:
        """What was taken in need not be kept for another time."""
        for reading in self.readings:
            for one in reading.taken:
                spool.forget(one.item.url, one.item.fingerprint)

    def _counted(self, plan: Plan[Entry]) -> dict[str, Counts]:
        """Slug → what became of the pieces of that source."""
        places = {entry.id: where for where, entry in self.gathered.entries}
        found: dict[str, Counts] = {}
        for name, entries in (("new", plan.new), ("changed", plan.changed), ("unchanged", plan.unchanged)):
            self._count(found, name, (places.get(entry.id, "") for entry in entries))
        self._count(found, "rejected", (one.where for one in plan.rejected))
        return found

    def _count(self, found: dict[str, Counts], name: str, places: Iterable[str]) -> None:
        for where in places:
            slug = self.gathered.origins.get(where)
            if slug is not None:
                counts = found.get(slug, Counts())
                found[slug] = counts._replace(**{name: getattr(counts, name) + 1})


def files_of(order: Order, progress: Progress) -> Gathered:
    """What the files of an order hold. Raises FileRefused."""
    progress("read", 0, 1)
    gathered = gather([] if order.urls and order.paths is None else order.paths)
    progress("read", 1, 1)
    return Gathered(sources=gathered.sources) if order.due else gathered


def harvest(
    gathered: Gathered,
    archive: Record | None,
    order: Order,
    settings: CorpusSettings,
    progress: Progress,
    *,
    kept: bool,
) -> Harvest:
    """With what the web, and the folders that are followed, have to give. `kept`: what is fetched, for another time."""
    found = Harvest(gathered)
    if order.urls and settings.offline:
        for url in order.urls:
            gathered.add(url, NotAnEntry("was not read: FOOTNOTE_OFFLINE is set; unset it, or add its text as a file"))
    elif order.urls:
        with tools_of(settings, kept=False) as tools:
            gather_pages(gathered, order.urls, tools, progress)
    if order.follows:
        _follow(found, archive, order, settings, progress, kept=kept)
    return found


def _follow(
    found: Harvest,
    archive: Record | None,
    order: Order,
    settings: CorpusSettings,
    progress: Progress,
    *,
    kept: bool,
) -> None:
    known = (archive.entries.sources() if archive else {}) | {s.slug: s for s in found.gathered.sources}
    found.states = archive.sources.states() if archive else {}
    sources = schedule.to_read(known, found.states, order.source, order.pace(settings) if order.due else None)
    named = schedule.called(order.source, known) if order.source is not None else None
    if named and named.address and not sources:
        found.notes.append(f"{order.source} is not followed, so it was not read; `footnote sources list` says what is.")
    readings = {s.slug: read_folder(found.gathered, s, progress) for s in sources if s.folder}
    on_the_web = [source for source in sources if not source.folder]
    if on_the_web and settings.offline:
        found.notes.append(OFFLINE)
    elif on_the_web:
        with tools_of(settings, kept=kept) as tools:
            readings |= _read_web(found, archive, on_the_web, order, tools, progress)
    found.readings = [readings[source.slug] for source in sources if source.slug in readings]


def _read_web(
    found: Harvest,
    archive: Record | None,
    sources: Sequence[Source],
    order: Order,
    tools: "Web",
    progress: Progress,
) -> dict[str, "Reading"]:
    from corpus.ingest.sources.reading import read_sources  # noqa: PLC0415  a question needs no network

    found.past = {source.slug: past_of(archive, source, found.states, order.now) for source in sources}
    wish = wish_of(archive, order)
    characters = found.gathered.characters
    readings = read_sources(sources, found.past, wish, tools, progress, characters=characters)
    for reading in readings:
        take(found.gathered, reading)
    left = sum(1 for reading in readings for one in reading.taken if one.left)
    if left:
        found.notes.append(f"{left} pieces were left: a refresh reads {budgets.MOST_IN_A_REFRESH:,} characters. {LEFT}")
    if archive and wish.anew:
        named = {look.item.key for one in readings for look in one.listed.looks}
        found.notes.extend(_named_nowhere(archive, named, {entry.id for _, entry in found.gathered.entries}))
    return {reading.source.slug: reading for reading in readings}


def _named_nowhere(archive: Record, named: Container[str], files: Container[str]) -> Iterator[str]:
    """How the removed entries come back that a refresh does not find, as a note."""
    from corpus.text.canonical_url import key  # noqa: PLC0415  a question needs no network

    lost = [
        one.url for one in archive.history.removals() if one.url and one.id not in files and key(one.url) not in named
    ]
    if lost:
        told = f"{len(lost)} removed entries are" if len(lost) > 1 else "1 removed entry is"
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        yield f"{told} named by no list any more. Take back: `footnote refresh --restore --url {lost[0]}`{more}."


def read_folder(gathered: Gathered, source: Source, progress: Progress) -> "Reading":
    """Add what a folder holds that is followed as a source."""
    from corpus.ingest.sources.listing import Listed  # noqa: PLC0415
    from corpus.ingest.sources.reading import Reading  # noqa: PLC0415  a question needs no network

    progress("read", 0, 1, source.name)
    if not Path(source.folder or "").is_absolute():
        return Reading(Listed(source, "failed", "its folder is no whole path; begin it with /"))
    try:
        inside = gather([Path(source.folder or "")], gathered.characters)
    except FileRefused as refused:
        return Reading(Listed(source, "failed", str(refused).removesuffix(".")))
    progress("read", 1, 1, source.name)
    places = [where for where, _ in inside.entries] + [one.where for one in inside.rejected]
    places += [page.url for page in inside.pages]
    gathered.origins |= dict.fromkeys(places, source.slug)
    gathered.characters = inside.characters
    gathered.entries.extend(inside.entries)
    gathered.rejected.extend(inside.rejected)
    gathered.pages.extend(inside.pages)
    gathered.sources.extend([source, *inside.sources])
    return Reading(Listed(source, "read", files=len(places)))


def past_of(archive: Record | None, source: Source, states: Mapping[str, SourceState], now: datetime) -> "Past":
    from corpus.ingest.sources.listing import Past  # noqa: PLC0415  a question needs no network

    state = schedule.state_of(source, states)
    if archive is None:
        return Past(state, {})
    recent = archive.entries.each(archive.sources.numbers_since(source.slug, (now - RECENT).date()))
    return Past(state, archive.sources.seen(source.slug), [entry for _, entry in recent])


def wish_of(archive: Record | None, order: Order, *, whole: bool = False) -> "Wish":
    from corpus.ingest.sources.listing import Wish  # noqa: PLC0415  a question needs no network
    from corpus.text.canonical_url import ids_by_key, key  # noqa: PLC0415

    removed = archive.history.removals() if archive and order.restore and order.source is None else []
    known = ids_by_key(archive.history.addresses()) if archive else {}
    anew = frozenset(key(one.url) for one in removed if one.url)
    return Wish(order.now, known.keys(), order.backfill, whole, anew)


def take(gathered: Gathered, reading: "Reading") -> None:
    """Add what a source gave, each piece under its address, with the source that it is from."""
    source = reading.source
    gathered.sources.append(source)
    for where, reason in reading.listed.refused:
        gathered.add(where, NotAnEntry(reason), source.slug)
    for one in reading.taken:
        if one.found is not None:
            gathered.add(one.item.url, one.found, source.slug)


def fetched(settings: CorpusSettings) -> "Spool":
    """What was fetched by refreshes that have not come to their end."""
    from corpus.ingest.fetch.page_cache import Spool  # noqa: PLC0415  a question needs no network

    return Spool(settings.data_dir / FETCHED)


def tools_of(settings: CorpusSettings, *, kept: bool) -> AbstractContextManager["Web"]:
    """What it takes to read the web, for as long as it is needed. `kept`: what is fetched is, for another time."""
    from corpus.ingest.fetch.page_cache import Spool  # noqa: PLC0415  a question needs no network
    from corpus.ingest.sources.session import web  # noqa: PLC0415

    return web(settings, fetched(settings) if kept else Spool(None))
