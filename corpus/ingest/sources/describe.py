"""How the reading of a source is described to people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from corpus.ingest.sources.reading import Reading
from corpus.models.sources import Source, SourceState
from corpus.models.updates import Counts, SourceRead
from corpus.text.dates import written_day

FAILS_FOR = timedelta(days=3)  # after which it is said, once


def describe_reading(reading: Reading, before: SourceState, counts: Counts) -> SourceRead:
    """Return how reading a source went, in words, with what became of its pieces."""
    listed = reading.listed
    moved = listed.moved_to if listed.moved_to != before.moved_to else None
    since = f" since {written_day(before.succeeded.date())}" if before.succeeded else ""
    words = {
        "read": _describe_read(reading, first=before.succeeded is None),
        "unchanged": f"nothing new in its list{since}" if counts.changed else f"nothing new{since}",
        "failed": listed.failure,
        "closed": f"{listed.failure}, so it is not read any more",
    }
    sentence = words[listed.outcome] + (f"; its list {listed.note}" if listed.note else "")
    sentence += f"; it has moved for good, to {moved}" if moved else ""
    slug, name = reading.source.slug, reading.source.name
    return SourceRead(slug, name, listed.outcome, sentence, listed.number, *counts[:4])  # none is removed


def _describe_read(reading: Reading, *, first: bool) -> str:
    parts = [f"{reading.listed.number} listed"]
    verdicts = Counter(look.verdict for look in reading.listed.looks)
    if first and verdicts["passed over"]:
        parts.append(f"{verdicts['passed over']} older ones passed over (--backfill takes them)")
    left = verdicts["left"] + sum(1 for one in reading.taken if one.left)
    if left:
        parts.append(f"{left} left for the next refresh")
    later = sum(1 for one in reading.taken if one.passing and not one.left)
    return ", ".join([*parts, f"{later} to be tried again"] if later else parts)


def failing_for_days(sources: Mapping[str, Source], states: Iterable[SourceState], now: datetime) -> list[SourceState]:
    """Return the states of sources that have failed for days, of which that was not said yet."""
    return [
        state
        for state in states
        if state.standing == "followed"
        and state.slug in sources
        and state.failing_since is not None
        and now - state.failing_since >= FAILS_FOR
        and not state.told
    ]


def describe_failing(source: Source, state: SourceState) -> str:
    """Return that a source has failed for days, as a note."""
    since = written_day(state.failing_since.date()) if state.failing_since else "some days"
    return (
        f"{source.name} cannot be read since {since}: {state.failure}. Look into it with `footnote sources check "
        f"{source.slug}`, or have it left alone with `footnote sources pause {source.slug}`."
    )
