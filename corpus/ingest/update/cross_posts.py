"""Which entries are cross-posts of others: kept beside the record, and made anew where a text has changed."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import count

from corpus.ingest.update.duplicates import find_copies, make_signature
from corpus.models.entries import Entry, Title
from corpus.models.updates import Duplicate, Plan, Progress
from corpus.storage.record import Record


def link_cross_posts(record: Record, progress: Progress) -> None:
    """Bring what is kept of cross-posts up to the texts as they are."""
    if record.cross_posts.is_up_to_date():
        return
    numbers = record.cross_posts.unsigned()
    fresh = _sign(record.entries.each(numbers), len(numbers), progress)
    order = {number: (day, number) for number, day in record.entries.days().items()}

    def text_of(number: int) -> str:
        return record.entries.entries([number])[number].text

    signatures, known = record.cross_posts.signatures() | fresh, record.entries.copies()
    copies = find_copies(signatures, order, text_of, fresh, known, partial(progress, "compare"))
    record.cross_posts.replace(fresh, copies)


def _sign(entries: Iterable[tuple[int, Entry]], total: int, progress: Progress) -> dict[int, bytes]:
    """Number → signature of the text, of these entries."""
    found: dict[int, bytes] = {}
    for number, entry in entries:
        progress("sign", len(found), total)
        found[number] = make_signature(entry.text)
    if found:
        progress("sign", total, total)
    return found


def cross_posts_among(record: Record, entries: Iterable[Title]) -> tuple[Duplicate, ...]:
    """Return those of these entries that are cross-posts, with what they are copies of."""
    copies = record.entries.copies()
    numbers = record.entries.numbers(entry.id for entry in entries) if copies else {}
    originals = record.entries.entries([copies[n] for n in numbers.values() if n in copies])
    return tuple(Duplicate(i, originals[copies[n]].id) for i, n in numbers.items() if copies.get(n) in originals)


def predict_cross_posts(record: Record | None, plan: Plan[Entry], progress: Progress) -> tuple[Duplicate, ...]:
    """Return those of the new and changed entries of a plan that would be cross-posts. Nothing is written."""
    entries: Sequence[Entry] = (*plan.new, *plan.changed)
    days = record.entries.days() if record else {}
    known = record.entries.numbers(entry.id for entry in entries) if record else {}
    free = count(max(days, default=0) + 1)
    fresh = {known.get(entry.id) or next(free): entry for entry in entries}
    signatures = record.cross_posts.signatures() if record else {}
    signatures |= _sign(fresh.items(), len(fresh), progress)
    order = {number: (day, number) for number, day in days.items()}
    order |= {number: (entry.published, number) for number, entry in fresh.items()}

    def entry_of(number: int) -> Entry:
        return fresh[number] if number in fresh or record is None else record.entries.entries([number])[number]

    before = record.entries.copies() if record else {}
    copies = find_copies(
        signatures, order, lambda n: entry_of(n).text, list(fresh), before, partial(progress, "compare")
    )
    return tuple(Duplicate(fresh[n].id, entry_of(of).id) for n, of in copies.items() if n in fresh)
