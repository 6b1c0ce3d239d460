"""What the check of a source shows: the steps of reading it, and what a refresh would do with each of its pieces."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.ingest.parse.web_page import WebPage
from corpus.ingest.update.identify import Resolved
from corpus.ingest.update.plan import plan_update
from corpus.models.entries import Entry
from corpus.models.sources import CheckedItem, CheckStep, Origins, Verdict
from corpus.storage.record import Record

if TYPE_CHECKING:
    from corpus.ingest.sources.reading import Reading
    from corpus.ingest.sources.selection import Look

FRONT_MATTER = "front matter"


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
    for remark in reading.findings().remarks:
        if remark.topic == "piece":
            yield CheckStep("text", remark.value, fine=False)


def check_items(
    looks: Iterable["Look"], found: Mapping[str, object], resolved: Resolved, record: Record | None
) -> tuple[CheckedItem, ...]:
    """Return each piece that is listed, with what a refresh would do with it. `found`: what was read, by address."""
    plan = plan_update(resolved.entries, resolved.rejected, record, yielding=True)
    places = {entry.id: where for where, entry in resolved.entries}
    verdicts: dict[str, tuple[Verdict, str]] = {one.where: ("rejected", one.reason) for one in plan.rejected}
    verdicts |= {places[entry.id]: ("new", "") for entry in plan.new}
    verdicts |= {places[entry.id]: ("changed", "") for entry in plan.changed}
    verdicts |= {places[entry.id]: ("unchanged", "") for entry in plan.unchanged}
    entries, items = dict(resolved.entries), []
    for look in looks:
        item = look.item
        verdict, reason = verdicts.pop(item.url, ("unchanged", ""))
        if look.verdict in {"passed over", "left"}:
            verdict, reason = "passed over", look.reason
        checked = CheckedItem(item.title, item.url, item.day, verdict, reason or look.reason)
        items.append(_as_read(checked, entries.get(item.url), found.get(item.url)))
    for where, (verdict, reason) in verdicts.items():  # of a folder, or what was listed and is no piece
        items.append(_as_read(CheckedItem("", where, "", verdict, reason), entries.get(where), found.get(where)))
    return tuple(items)


def _as_read(checked: CheckedItem, entry: Entry | None, found: object) -> CheckedItem:
    """A piece as it would be taken: with the people, and where it was found what it is called, by whom and of when."""
    if entry is None:
        return checked
    people = tuple(person.name for person in entry.people)
    checked = replace(checked, title=entry.title, published=entry.published.isoformat(), people=people)
    if isinstance(found, WebPage):
        words = {**found.origins, **dict.fromkeys(found.given, FRONT_MATTER)}
        day = words.get("published") or words.get("day", "")
        origins = Origins(words.get("title", ""), words.get("people", ""), day)
        return replace(checked, origins=origins, text=found.taken)
    return replace(checked, origins=Origins(FRONT_MATTER, FRONT_MATTER, FRONT_MATTER))
