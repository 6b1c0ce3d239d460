"""Which entries are cross-posts of others: kept beside the record, and made anew where a text has changed."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import count

from corpus.ingest.update.duplicates import link, signature
from corpus.models.entries import Entry, Title
from corpus.models.updates import Duplicate, Plan, Progress
from corpus.storage.record import Record


def link_copies(archive: Record, progress: Progress) -> None:
    """Bring what is kept of cross-posts up to the texts as they are."""
    if archive.cross_posts.is_up_to_date():
        return
    fresh = _signed(archive, progress)
    order = {number: (day, number) for number, day in archive.entries.days().items()}
    known, tell = archive.entries.copies(), partial(progress, "compare")
    copies = link(archive.cross_posts.signatures() | fresh, order, _text_in(archive), fresh, known, tell)
    archive.cross_posts.replace(fresh, copies)


def _signed(archive: Record, progress: Progress) -> dict[int, bytes]:
    """Number → signature, of the entries whose text has none yet."""
    numbers = archive.cross_posts.unsigned()
    return _signatures(archive.entries.each(numbers), len(numbers), progress)


def _signatures(entries: Iterable[tuple[int, Entry]], count: int, progress: Progress) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for number, entry in entries:
        progress("sign", len(found), count)
        found[number] = signature(entry.text)
    if found:
        progress("sign", count, count)
    return found


def _text_in(archive: Record) -> Callable[[int], str]:
    return lambda number: archive.entries.entries([number])[number].text


def copies_among(archive: Record, entries: Iterable[Title]) -> tuple[Duplicate, ...]:
    """Those of these entries that are cross-posts, with what they are copies of."""
    copies = archive.entries.copies()
    numbers = archive.entries.numbers(entry.id for entry in entries) if copies else {}
    originals = archive.entries.entries([copies[n] for n in numbers.values() if n in copies])
    return tuple(Duplicate(i, originals[copies[n]].id) for i, n in numbers.items() if copies.get(n) in originals)


def would_be_copies(archive: Record | None, plan: Plan[Entry], progress: Progress) -> tuple[Duplicate, ...]:
    """Those of the new and changed entries of a plan that would be cross-posts. Nothing is written."""
    entries: Sequence[Entry] = (*plan.new, *plan.changed)
    days = archive.entries.days() if archive else {}
    known = archive.entries.numbers(entry.id for entry in entries) if archive else {}
    free = count(max(days, default=0) + 1)
    fresh = {known.get(entry.id) or next(free): entry for entry in entries}
    signatures = (archive.cross_posts.signatures() if archive else {}) | _signatures(
        fresh.items(), len(fresh), progress
    )
    order = {number: (day, number) for number, day in days.items()}
    order |= {number: (entry.published, number) for number, entry in fresh.items()}

    def entry_of(number: int) -> Entry:
        return fresh[number] if number in fresh or archive is None else archive.entries.entries([number])[number]

    before, tell = archive.entries.copies() if archive else {}, partial(progress, "compare")
    copies = link(signatures, order, lambda n: entry_of(n).text, list(fresh), before, tell)
    return tuple(Duplicate(fresh[n].id, entry_of(of).id) for n, of in copies.items() if n in fresh)
