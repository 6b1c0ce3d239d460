"""Quotes → numbered citations. Pure."""

from collections.abc import Iterable

from corpus.answer.select import Quote
from corpus.answer.sentences import find_heading
from corpus.models.answers import Citation


def cite(quotes: Iterable[Quote]) -> list[Citation]:
    """Return one citation for each quote, in their order; quotes of one entry share its number, the first has 1."""
    numbers: dict[str, int] = {}
    citations = []
    for quote in quotes:
        entry = quote.hit.entry
        number = numbers.setdefault(entry.id, len(numbers) + 1)
        words, section = entry.text[quote.start : quote.end], find_heading(entry, quote.start)
        citations.append(Citation(number, entry, words, quote.start, quote.end, quote.hit.text, section))
    return citations
