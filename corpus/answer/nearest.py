"""What is near a question that the corpus does not cover: the best sentence of each entry that may speak of it. Pure.

A question in other words than the corpus's may be refused although the sentence is there: then it stands here. What has
nothing to do with the question is not named at all.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus.answer.cite import cite
from corpus.answer.coverage import Asked, Coverage, Terms, weigh_coverage
from corpus.answer.related import NEAREST
from corpus.answer.select import choose_best_of_each
from corpus.models.answers import Answer, Citation, Related
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Hit

NEAR = 0.42  # how sure we are at least, by an entry's own passages alone, that it answers


def weigh_entries(hits: Sequence[Hit], asked: Asked, terms: Terms) -> dict[str, Coverage]:
    """Return entry id → how sure we are that this entry alone answers: another one's words do not count for it."""
    entries: dict[str, list[Hit]] = {}
    for hit in hits:
        entries.setdefault(hit.entry.id, []).append(hit)
    return {i: weigh_coverage(own, asked, terms) for i, own in entries.items()}


def find_nearest(hits: Sequence[Hit], words: Sequence[str], asked: Asked, terms: Terms) -> tuple[Citation, ...]:
    """Return the entries that are near enough, each in its best sentence, numbered; the likeliest to answer first.

    Where it is asked what became of something, that thing is near.
    """
    if asked.kind is QuestionKind.OUTCOME:
        asked = asked._replace(kind=QuestionKind.OTHER)
    sure = {i: weighed.confidence for i, weighed in weigh_entries(hits, asked, terms).items()}
    enough = [hit for hit in hits if sure[hit.entry.id] >= NEAR]
    quotes = choose_best_of_each(enough, len(enough), words, terms)
    ordered = sorted(quotes, key=lambda quote: -sure[quote.hit.entry.id])[:NEAREST]
    return tuple(cite(ordered))


def first_quotes(citations: Sequence[Citation], most: int = NEAREST) -> tuple[Citation, ...]:
    """Return of each of at most `most` entries the quote that stands first, with its number."""
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.entry.id, citation)
    return tuple(first.values())[:most]


def as_nearest(answer: Answer) -> Answer:
    """Return an answer of entries that are not those that were asked for as what is near."""
    near = first_quotes(answer.citations)
    return replace(
        answer,
        outcome="not_covered",
        confidence=0.0,
        sentences=(),
        citations=(),
        related=Related(),
        nearest=tuple(c.entry for c in near),
        near=near,
    )
