"""What is near a question that the corpus does not cover: the best sentence of each entry that may speak of it. Pure.

A question in other words than the corpus's may be refused although the sentence is there: then it stands here. What has
nothing to do with the question is not named at all.
"""

from collections.abc import Mapping, Sequence

from corpus.answer.coverage import Coverage, Rarity, weigh
from corpus.answer.related import NEAREST
from corpus.answer.select import Terms, best_of_each
from corpus.answer.writers.quotes import compose
from corpus.models.answers import Citation
from corpus.models.search import Hit
from corpus.models.sources import Source

NEAR = 0.15  # how sure we are at least, by an entry's own passages alone, that it answers


def weigh_each(hits: Sequence[Hit], words: Sequence[str], terms: Terms, rarity: Rarity) -> dict[str, Coverage]:
    """Entry id → how sure we are that this entry alone answers: another one's words do not speak for it."""
    entries: dict[str, list[Hit]] = {}
    for hit in hits:
        entries.setdefault(hit.entry.id, []).append(hit)
    return {i: weigh(own, words, terms, rarity) for i, own in entries.items()}


def nearest(
    hits: Sequence[Hit], words: Sequence[str], terms: Terms, rarity: Rarity, sources: Mapping[str, Source]
) -> tuple[Citation, ...]:
    """The entries that are near enough, each in its best sentence, numbered; the most likely to answer first."""
    sure = {i: weighed.confidence for i, weighed in weigh_each(hits, words, terms, rarity).items()}
    enough = [hit for hit in hits if sure[hit.entry.id] >= NEAR]
    quotes = best_of_each(enough, len(enough), words, terms)
    ordered = sorted(quotes, key=lambda quote: -sure[quote.hit.entry.id])[:NEAREST]
    return tuple(compose(ordered, sources)[1])


def first_quotes(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """As near, what answers a wider question: of each entry the quote that stands first, with its number."""
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.entry.id, citation)
    return tuple(first.values())[:NEAREST]
