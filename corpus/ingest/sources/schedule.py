"""Which sources are read, what a refresh learns of them, and how that is told. Decided from plain data."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from corpus.errors import SourceUnknown
from corpus.models.sources import SeenItem, Source, SourceState, SourceUpdates
from corpus.models.updates import Counts, SourceRead
from corpus.text.dates import written_day

if TYPE_CHECKING:
    from corpus.ingest.sources.reading import Reading, Taken

FAILS_FOR = timedelta(days=3)  # after which it is said, once
JITTER = 0.1  # of the hours between two readings: not all sites at once, nor one at the same minute each day


@dataclass(frozen=True, slots=True)
class Pace:
    """When sources are read: the present moment in UTC, hours between two readings, and by how much to shift (±1)."""

    now: datetime
    hours: float
    shift: float = 0.0

    def after(self, source: Source) -> datetime | None:
        """When a source that has just been read is read again; None: never by itself."""
        hours = self.hours if source.every_hours is None else source.every_hours
        return self.now + timedelta(hours=hours * (1 + JITTER * self.shift)) if hours else None


def called(name: str, sources: Mapping[str, Source]) -> Source | None:
    sought = name.strip().casefold()
    return next((s for s in sources.values() if sought in {s.slug.casefold(), s.name.casefold()}), None)


def find_source(name: str, sources: Mapping[str, Source]) -> Source:
    """The source of this slug or name, without case. Raises SourceUnknown, which names those that there are."""
    found = called(name, sources)
    if found:
        return found
    followed = ", ".join(sorted(s.slug for s in sources.values() if s.address)) or "none yet"
    raise SourceUnknown(f"No source is called {name.strip()!r}. Those that can be followed: {followed}.")


def to_read(
    sources: Mapping[str, Source], states: Mapping[str, SourceState], named: str | None, due: Pace | None
) -> list[Source]:
    """The sources that a refresh reads: the one that is named, or those that are followed; with `due` those whose time
    has come. Of several with one address, one is read.

    One that is paused or closed is read where it is named. One that is not followed is read by nobody.
    """
    if named is not None:
        found = called(named, sources)
        return [found] if found and found.address and _standing(states, found) != "removed" else []
    followed = _followed(sources.values(), states)
    return [s for s in followed if due is None or _is_due(s, state_of(s, states), due)]


def _followed(sources: Iterable[Source], states: Mapping[str, SourceState]) -> list[Source]:
    """Those that are followed; of several with one address, one."""
    return [*{s.address: s for s in sources if s.address and _standing(states, s) == "followed"}.values()]


def state_of(source: Source, states: Mapping[str, SourceState]) -> SourceState:
    """What is remembered of a source; where its address is another one now, nothing of the former one's server."""
    state = states.get(source.slug, SourceState(source.slug))
    if state.address in {None, source.address}:
        return replace(state, address=source.address)
    return replace(state, address=source.address, moved_to=None, etag=None, last_modified=None, read_hash=None)


def due_at(source: Source, state: SourceState, pace: Pace) -> datetime | None:
    """When a source is to be read by itself; None: never. A clock that was ahead once is not waited for."""
    if pace.after(source) is None:
        return None
    if state.tried is None or state.due is None or state.tried > pace.now:
        return pace.now
    return state.due


def _is_due(source: Source, state: SourceState, pace: Pace) -> bool:
    due = due_at(source, state, pace)
    return due is not None and due <= pace.now


def next_due(sources: Iterable[Source], states: Mapping[str, SourceState], pace: Pace) -> datetime | None:
    """When the time of a followed source comes: now, where one was never read; None, where none ever comes."""
    times = [due_at(source, state_of(source, states), pace) for source in _followed(sources, states)]
    return min((due for due in times if due), default=None)


def _standing(states: Mapping[str, SourceState], source: Source) -> str:
    return states[source.slug].standing if source.slug in states else "followed"


# What a reading teaches


def learnt(
    readings: Sequence["Reading"],
    states: Mapping[str, SourceState],
    seen: Mapping[str, Mapping[str, SeenItem]],
    pace: Pace,
) -> SourceUpdates:
    """What is to be remembered of these sources; `seen`: by their slugs, what they had listed before."""
    kept = [state_after(one, state_of(one.source, states), pace) for one in readings]
    items = {one.source.slug: list(_items(one, seen.get(one.source.slug, {}), pace.now)) for one in readings}
    return SourceUpdates(kept, {slug: rows for slug, rows in items.items() if rows})


def state_after(reading: "Reading", before: SourceState, pace: Pace) -> SourceState:
    """How a source stands once it was read."""
    listed = reading.listed
    state = replace(before, tried=pace.now, due=pace.after(reading.source))
    if listed.outcome in {"failed", "closed"}:
        since = before.failing_since or pace.now
        failing = replace(state, failed=pace.now, failure=listed.failure, failing_since=since)
        return replace(failing, standing="closed") if listed.outcome == "closed" else failing
    standing = "followed" if before.standing == "closed" else before.standing
    well = replace(state, standing=standing, succeeded=pace.now, failing_since=None, told=False)
    still = before.moved_to if listed.asked == before.moved_to else None
    well = replace(well, moved_to=listed.moved_to or still)
    if not is_settled(reading):  # it is listed anew next time, so that what is open is not hidden by a 304
        return replace(well, etag=None, last_modified=None, read_hash=None)
    told = listed.validators
    return replace(well, etag=told.etag, last_modified=told.last_modified, read_hash=listed.read_hash)


def is_settled(reading: "Reading") -> bool:
    """Whether nothing of what a source lists is left for another time."""
    left = reading.listed.to_come or any(look.verdict == "left" for look in reading.listed.looks)
    return not left and not any(one.passing for one in reading.taken)


def _items(reading: "Reading", seen: Mapping[str, SeenItem], now: datetime) -> Iterable[SeenItem]:
    for look in reading.listed.looks:
        if look.verdict == "passed over":
            yield SeenItem(look.item.key, look.item.fingerprint, passed=True)
    for one in reading.taken:
        if not one.passing:
            item = _item(one, seen.get(one.item.key), now)
            yield item
            if one.key != item.key:  # its link leads to its page: it is known by both
                yield replace(item, key=one.key)


def _item(one: "Taken", before: SeenItem | None, now: datetime) -> SeenItem:
    fingerprint = one.item.fingerprint or (before.fingerprint if before else "")
    told = one.validators
    read = now if one.from_page and not (one.again and one.failed) else None  # what is gone is asked no more
    return SeenItem(one.item.key, fingerprint, etag=told.etag, last_modified=told.last_modified, read=read)


# How it is told


def told(reading: "Reading", before: SourceState, counts: Counts) -> SourceRead:
    """How reading a source went, in words."""
    listed = reading.listed
    moved = listed.moved_to if listed.moved_to != before.moved_to else None
    words = {
        "read": _read_in_words(reading, first=before.succeeded is None),
        "unchanged": _nothing_new(before, counts),
        "failed": listed.failure,
        "closed": f"{listed.failure}, so it is not read any more",
    }
    sentence = words[listed.outcome] + (f"; it has moved for good, to {moved}" if moved else "")
    slug, name = reading.source.slug, reading.source.name
    return SourceRead(slug, name, listed.outcome, sentence, listed.number, *counts[:4])  # none is removed


def _read_in_words(reading: "Reading", *, first: bool) -> str:
    parts = [f"{reading.listed.number} listed"]
    verdicts = Counter(look.verdict for look in reading.listed.looks)
    if first and verdicts["passed over"]:
        parts.append(f"{verdicts['passed over']} older ones passed over (--backfill takes them)")
    left = verdicts["left"] + sum(1 for one in reading.taken if one.left)
    if left:
        parts.append(f"{left} left for the next refresh")
    later = sum(1 for one in reading.taken if one.passing and not one.left)
    return ", ".join([*parts, f"{later} to be tried again"] if later else parts)


def _nothing_new(before: SourceState, counts: Counts) -> str:
    since = f" since {written_day(before.succeeded.date())}" if before.succeeded else ""
    return f"nothing new in its list{since}" if counts.changed else f"nothing new{since}"


def failing_for_days(sources: Mapping[str, Source], states: Iterable[SourceState], now: datetime) -> list[SourceState]:
    """The states of sources that have failed for days, of which that was not said yet."""
    return [
        state
        for state in states
        if state.standing == "followed"
        and state.slug in sources
        and state.failing_since is not None
        and now - state.failing_since >= FAILS_FOR
        and not state.told
    ]


def failing_in_words(source: Source, state: SourceState) -> str:
    since = written_day(state.failing_since.date()) if state.failing_since else "some days"
    return (
        f"{source.name} cannot be read since {since}: {state.failure}. Look into it with `footnote sources check "
        f"{source.slug}`, or have it left alone with `footnote sources pause {source.slug}`."
    )
