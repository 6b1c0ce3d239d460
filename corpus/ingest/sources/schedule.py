"""Which sources are read, and when. Decided from plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from corpus.errors import SourceUnknown
from corpus.models.sources import Source, SourceState

JITTER = 0.1  # of the hours between two readings: not all sites at once, nor one at the same minute each day


@dataclass(frozen=True, slots=True)
class Pace:
    """When sources are read: the present moment in UTC, hours between two readings, and by how much to shift (±1)."""

    now: datetime
    hours: float
    shift: float = 0.0

    def after(self, source: Source) -> datetime | None:
        """Return when a source that has just been read is read again; None: never by itself."""
        hours = self.hours if source.every_hours is None else source.every_hours
        return self.now + timedelta(hours=hours * (1 + JITTER * self.shift)) if hours else None


def find_source(name: str, sources: Mapping[str, Source]) -> Source:
    """Return the source of this slug or name, without case. Raises SourceUnknown, which names those that there are."""
    sought = name.strip().casefold()
    found = next((s for s in sources.values() if sought in {s.slug.casefold(), s.name.casefold()}), None)
    if found:
        return found
    followed = ", ".join(sorted(s.slug for s in sources.values() if s.address)) or "none yet"
    raise SourceUnknown(f"No source is called {name.strip()!r}. Those that can be followed: {followed}.")


def to_read(
    sources: Mapping[str, Source], states: Mapping[str, SourceState], slug: str | None, due: Pace | None
) -> list[Source]:
    """Return the sources that a refresh reads: the one of this slug, or those that are followed, once an address.

    `due`: of those that are followed, the ones whose time has come. One that is paused or closed is read where it is
    named. One that is not followed is read by nobody.
    """
    if slug is not None:
        found = sources.get(slug)
        return [found] if found and found.address and _status(states, found) != "removed" else []
    followed = _followed(sources.values(), states)
    if due is None:
        return followed
    times = ((source, due_at(source, state_of(source, states), due)) for source in followed)
    return [source for source, time in times if time is not None and time <= due.now]


def _followed(sources: Iterable[Source], states: Mapping[str, SourceState]) -> list[Source]:
    """Those that are followed; of several with one address, one."""
    return [*{s.address: s for s in sources if s.address and _status(states, s) == "followed"}.values()]


def state_of(source: Source, states: Mapping[str, SourceState]) -> SourceState:
    """Return what is remembered of a source; where its address has changed, nothing of the former server."""
    state = states.get(source.slug, SourceState(source.slug))
    if state.address in {None, source.address}:
        return replace(state, address=source.address)
    return replace(state, address=source.address, moved_to=None, etag=None, last_modified=None, read_hash=None)


def due_at(source: Source, state: SourceState, pace: Pace) -> datetime | None:
    """Return when a source is to be read by itself; None: never. A clock that was ahead once is not waited for."""
    if pace.after(source) is None:
        return None
    if state.tried is None or state.due is None or state.tried > pace.now:
        return pace.now
    return state.due


def next_due(sources: Iterable[Source], states: Mapping[str, SourceState], pace: Pace) -> datetime | None:
    """Return when the time of a followed source comes: now, where one was never read; None, where none ever comes."""
    times = [due_at(source, state_of(source, states), pace) for source in _followed(sources, states)]
    return min((due for due in times if due), default=None)


def _status(states: Mapping[str, SourceState], source: Source) -> str:
    return states[source.slug].standing if source.slug in states else "followed"
