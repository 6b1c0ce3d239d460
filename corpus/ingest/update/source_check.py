"""What the check of a source shows: the steps of reading it, and what a refresh would do with each of its pieces."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.ingest.update.identify import Resolved
from corpus.ingest.update.plan import plan_update
from corpus.models.sources import CheckedItem, CheckStep, Verdict
from corpus.storage.record import Record

if TYPE_CHECKING:
    from corpus.ingest.sources.reading import Reading


def describe_steps(reading: "Reading") -> Iterator[CheckStep]:
    """Yield what the list held, what of it was chosen, and how reading that went."""
    looks = reading.listed.looks
    if not looks:
        return
    if reading.listed.note:
        yield CheckStep("text", reading.listed.note, fine=False)
    days = sorted(look.item.day for look in looks if look.item.day)
    yield CheckStep("list", f"names {len(looks)} pieces" + (f", from {days[0]} to {days[-1]}" if days else ""))
    chosen: Counter[str] = Counter(look.verdict for look in looks)
    words = {"look": "to look at", "unchanged": "as before", "passed over": "passed over", "left": "left for next time"}
    counts = [f"{chosen[verdict]} {name}" for verdict, name in words.items() if chosen[verdict]]
    yield CheckStep("choice", ", ".join(counts))
    if reading.taken:
        bad = sum(1 for one in reading.taken if isinstance(one.found, Exception))
        yield CheckStep("pieces", f"{len(reading.taken) - bad} of {len(reading.taken)} can be read")
    for note in reading.findings().notes:
        yield CheckStep("text", note, fine=False)


def check_items(reading: "Reading", resolved: Resolved, record: Record | None) -> tuple[CheckedItem, ...]:
    """Return each piece that is listed, with what a refresh would do with it."""
    plan = plan_update(resolved.entries, resolved.rejected, record, yielding=True)
    places = {entry.id: where for where, entry in resolved.entries}
    verdicts: dict[str, tuple[Verdict, str]] = {one.where: ("rejected", one.reason) for one in plan.rejected}
    verdicts |= {places[entry.id]: ("new", "") for entry in plan.new}
    verdicts |= {places[entry.id]: ("changed", "") for entry in plan.changed}
    verdicts |= {places[entry.id]: ("unchanged", "") for entry in plan.unchanged}
    items = []
    for look in reading.listed.looks:
        item = look.item
        verdict, reason = verdicts.pop(item.url, ("unchanged", ""))
        if look.verdict in {"passed over", "left"}:
            verdict, reason = "passed over", look.reason
        items.append(CheckedItem(item.title, item.url, item.day, verdict, reason or look.reason))
    entries = dict(resolved.entries)
    for where, (verdict, reason) in verdicts.items():  # of a folder, or what was listed and is no piece
        entry = entries.get(where)
        title, day = (entry.title, entry.published.isoformat()) if entry else ("", "")
        items.append(CheckedItem(title, where, day, verdict, reason))
    return tuple(items)
