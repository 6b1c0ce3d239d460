"""Quotes → numbered citations. Pure."""

from collections.abc import Iterable

from corpus.answer.select import Quote
from corpus.answer.sentences import find_heading
from corpus.answer.voices import find_block
from corpus.models.answers import Citation
from corpus.models.entries import Block


def cite(quotes: Iterable[Quote]) -> list[Citation]:
    """Return one citation for each quote, in their order; quotes of one entry share its number, the first has 1."""
    numbers: dict[str, int] = {}
    citations = []
    for quote in quotes:
        entry = quote.hit.entry
        number = numbers.setdefault(entry.id, len(numbers) + 1)
        words, section = entry.text[quote.start : quote.end], find_heading(entry, quote.start)
        block = find_block(entry, quote.start, quote.end) or Block(quote.start, quote.end)
        passage = entry.text[min(quote.hit.start, quote.start) : max(quote.hit.end, quote.end)]
        citations.append(
            Citation(
                number,
                entry,
                words,
                quote.start,
                quote.end,
                passage,
                section,
                block.kind,
                block.speaker,
                highlights=quote.highlights,
            )
        )
    return citations
