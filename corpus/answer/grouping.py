"""Cross-posts count once, and the quotes of one speaker stand together. Pure.

`originals` is number of a cross-post → number of its original, of entries that are all here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from corpus.answer.select import Choice, Quote
from corpus.answer.voices import find_block
from corpus.models.search import Hit

NEWER = 0.1  # of a hit's score: what the newest gains on the oldest, where the newest is asked for


def suppressed_duplicates(originals: Mapping[int, int], among: Sequence[int] | None = None) -> frozenset[int]:
    """Return the cross-posts that are left out: those whose original may be quoted, or another cross-post in its place.

    Where only the entries `among`, newest first, may be quoted, the oldest cross-post stands in for an original that
    may not.
    """
    if not originals or among is None:
        return frozenset(originals)
    allowed = set(among)
    passing = [copy for copy in originals if copy in allowed]
    standing_in: dict[int, list[int]] = {}
    for copy in passing:
        if originals[copy] not in allowed:
            standing_in.setdefault(originals[copy], []).append(copy)
    quoted = {max(copies, key=among.index) if len(copies) > 1 else copies[0] for copies in standing_in.values()}
    return frozenset(passing) - quoted


def with_same_content(numbers: Collection[int], originals: Mapping[int, int]) -> set[int]:
    """Return these entries and all cross-posts of them, or what they are cross-posts of."""
    first = {originals.get(number, number) for number in numbers}
    return first.union(numbers, (copy for copy, original in originals.items() if original in first))


def group_by_speaker(choice: Choice, *, newest: bool = False) -> Choice:
    """Return a choice with its quotes by speaker: the one of the best quote first, and of each the entries by date.

    `newest`: all by date, the newest first. Within an entry, the order of its text stays.
    """
    speakers = list(dict.fromkeys(_speakers_of(quote) for quote in choice.quotes))
    entries = list(dict.fromkeys(quote.hit.entry.id for quote in choice.quotes))

    def place(quote: Quote) -> tuple[int, int, int]:
        entry = quote.hit.entry
        day = entry.published.toordinal()
        if newest:
            return 0, -day, entries.index(entry.id)
        return speakers.index(_speakers_of(quote)), day, quote.hit.number

    return replace(choice, quotes=tuple(sorted(choice.quotes, key=place)))


def prefer_newer(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits in another order: of nearly equal ones, those of newer entries are better."""
    days = sorted({hit.entry.published for hit in hits})
    gain = {day: NEWER * place / max(1, len(days) - 1) for place, day in enumerate(days)}
    scored = [replace(hit, score=hit.score + abs(hit.score) * gain[hit.entry.published]) for hit in hits]
    return sorted(scored, key=lambda hit: -hit.score)


def _speakers_of(quote: Quote) -> tuple[str, ...]:
    entry, block = quote.hit.entry, find_block(quote.hit.entry, quote.start, quote.end)
    if block and block.speaker is not None:
        return (block.speaker, "" if block.speaker else entry.id)
    return entry.voice or (entry.source,)
