"""What the reading of a source teaches: its state from then on, and what it has listed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from corpus.ingest.sources.base import SourceMemory
from corpus.ingest.sources.reading import Reading
from corpus.ingest.sources.schedule import Pace
from corpus.models.sources import SeenItem, SourceState, SourceUpdates


def learn(readings: Sequence[Reading], memory: Mapping[str, SourceMemory], pace: Pace) -> SourceUpdates:
    """Return what is to be remembered of these sources; `memory`: by their slugs, what was known of them before."""
    kept = [state_after(one, memory[one.source.slug].state, pace) for one in readings]
    items = {one.source.slug: list(_items(one, memory[one.source.slug].seen, pace.now)) for one in readings}
    return SourceUpdates(kept, {slug: rows for slug, rows in items.items() if rows})


def state_after(reading: Reading, before: SourceState, pace: Pace) -> SourceState:
    """Return what is remembered of a source once it was read."""
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
    validators = listed.validators
    return replace(well, etag=validators.etag, last_modified=validators.last_modified, read_hash=listed.read_hash)


def is_settled(reading: Reading) -> bool:
    """Return whether nothing of what a source lists is left for another time."""
    left = reading.listed.to_come or any(look.verdict == "left" for look in reading.listed.looks)
    return not left and not any(one.passing for one in reading.taken)


def _items(reading: Reading, seen: Mapping[str, SeenItem], now: datetime) -> Iterable[SeenItem]:
    for look in reading.listed.looks:
        if look.verdict == "passed over":
            yield SeenItem(look.item.key, look.item.fingerprint, passed=True)
    for one in reading.taken:
        if not one.passing:
            before, validators = seen.get(one.item.key), one.validators
            fingerprint = one.item.fingerprint or (before.fingerprint if before else "")
            read = now if one.from_page and not (one.again and one.failed) else None  # what is gone is asked no more
            item = SeenItem(one.item.key, fingerprint, False, validators.etag, validators.last_modified, read)
            yield item
            if one.key != item.key:  # its link leads to its page: it is known by both
                yield replace(item, key=one.key)
