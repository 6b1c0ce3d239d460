"""Who speaks: a cross-post is no voice of its own, and the quotes of one voice stand together. Pure.

`originals` is number of a cross-post → number of its original, of entries that are all here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.answer.select import Choice, Considered, Quote
from corpus.models.entries import Entry
from corpus.models.search import Hit

NEWER = 0.1  # of a hit's score: what the newest gains on the oldest, where the newest is asked for


def silent(originals: Mapping[int, int], among: Sequence[int] | None = None) -> frozenset[int]:
    """The cross-posts that are left out: those whose original speaks, or another cross-post in its place.

    Where only the entries `among`, newest first, may speak, the oldest cross-post stands in for an original that may
    not.
    """
    if not originals or among is None:
        return frozenset(originals)
    allowed = set(among)
    passing = [copy for copy in originals if copy in allowed]
    standing_in: dict[int, list[int]] = {}
    for copy in passing:
        if originals[copy] not in allowed:
            standing_in.setdefault(originals[copy], []).append(copy)
    speaking = {max(copies, key=among.index) if len(copies) > 1 else copies[0] for copies in standing_in.values()}
    return frozenset(passing) - speaking


def one_voice(numbers: Collection[int], originals: Mapping[int, int]) -> set[int]:
    """These entries, and all that say the same as one of them."""
    voices = {originals.get(number, number) for number in numbers}
    return voices.union(numbers, (copy for copy, original in originals.items() if original in voices))


def by_voice(choice: Choice, *, newest: bool = False) -> Choice:
    """A choice whose quotes are in order of voice: the voice of the best first, and of each its entries by date.

    `newest`: all by date, the newest first. Within an entry, the order of its text stays.
    """
    quotes = choice.quotes
    voices = list(dict.fromkeys(_voice(quote.hit.entry) for quote in quotes))
    entries = _ids(quotes)

    def place(quote: Quote) -> tuple[int, int, int]:
        entry = quote.hit.entry
        day = entry.published.toordinal()
        return (0, -day, entries.index(entry.id)) if newest else (voices.index(_voice(entry)), day, quote.hit.number)

    ordered = tuple(sorted(quotes, key=place))
    return replace(choice, quotes=ordered, considered=tuple(_renumbered(choice, entries, _ids(ordered))))


def newer_first(hits: Sequence[Hit]) -> list[Hit]:
    """The hits where the newest is asked for: of nearly equal ones, those of newer entries are better."""
    days = sorted({hit.entry.published for hit in hits})
    gain = {day: NEWER * place / max(1, len(days) - 1) for place, day in enumerate(days)}
    scored = [replace(hit, score=hit.score + abs(hit.score) * gain[hit.entry.published]) for hit in hits]
    return sorted(scored, key=lambda hit: -hit.score)


def _voice(entry: Entry) -> tuple[str, ...]:
    return entry.voice or (entry.source,)


def _ids(quotes: Iterable[Quote]) -> list[str]:
    return list(dict.fromkeys(quote.hit.entry.id for quote in quotes))


def _renumbered(choice: Choice, before: Sequence[str], after: Sequence[str]) -> Iterator[Considered]:
    """What became of each sentence, with the numbers that the entries have now."""
    for considered in choice.considered:
        told = re.sub(r"(?<=\[)\d+(?=\])", lambda n: str(after.index(before[int(n[0]) - 1]) + 1), considered.outcome)
        yield replace(considered, outcome=told)
