"""The stages behind an answer, as they were: for who asks why this was quoted, and why that was not. Pure."""

from dataclasses import dataclass

from corpus.answer.coverage import COVERED, Coverage
from corpus.answer.select import Choice
from corpus.models.answers import Answer, Timings
from corpus.models.search import Filters, Half, Hit


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the question as the lexical index knows it, and how much it tells (0 for a word in every passage)."""

    word: str
    rarity: float


@dataclass(frozen=True, slots=True)
class ExplainedHit:
    """A passage whose sentences were considered: ``entry.text[start:end]``.

    `found_by`: which half of the search brought it; `by_meaning` and `by_words` are its places there, from 1.
    """

    entry_id: str
    title: str
    start: int
    end: int
    score: float
    similarity: float
    found_by: Half
    by_meaning: int | None
    by_words: int | None


@dataclass(frozen=True, slots=True)
class ExplainedSentence:
    """A sentence that might have been quoted. `outcome`: quoted, below the bar, beyond five …"""

    entry_id: str
    start: int
    end: int
    text: str
    worth: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about.

    `passing`: how many entries pass the filters. `confidence` comes of `nearness` (the cosine of the nearest sentence,
    on the built-in model's scale) and `share` (of the terms, by rarity, that one passage holds); below `threshold`, no
    sentence was considered. `bar`: the worth that a sentence had to have.
    """

    question: str
    filters: Filters
    passing: int
    terms: tuple[Term, ...]
    covered: bool
    confidence: float
    threshold: float
    nearness: float
    share: float
    hits: tuple[ExplainedHit, ...]
    sentences: tuple[ExplainedSentence, ...]
    bar: float
    timings_ms: Timings
    generation: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with each stage of its answer; the answer and its explanation are two views of this."""

    filters: Filters
    passing: int
    rarities: dict[str, float]
    hits: list[Hit]
    coverage: Coverage
    choice: Choice
    answer: Answer


def explanation_of(asked: Asked) -> Explanation:
    return Explanation(
        question=asked.answer.question,
        filters=asked.filters,
        passing=asked.passing,
        terms=tuple(Term(word, rarity) for word, rarity in asked.rarities.items()),
        covered=asked.answer.covered,
        confidence=asked.coverage.confidence,
        threshold=COVERED,
        nearness=asked.coverage.nearness,
        share=asked.coverage.share,
        hits=tuple(_hit(hit) for hit in asked.hits),
        sentences=_sentences(asked.choice),
        bar=asked.choice.bar,
        timings_ms=asked.answer.timings_ms,
        generation=asked.answer.generation,
    )


def _hit(hit: Hit) -> ExplainedHit:
    place = hit.entry.id, hit.entry.title, hit.start, hit.end
    return ExplainedHit(*place, hit.score, hit.similarity, hit.found_by, hit.by_meaning, hit.by_words)


def _sentences(choice: Choice) -> tuple[ExplainedSentence, ...]:
    return tuple(
        ExplainedSentence(c.hit.entry.id, c.start, c.end, c.hit.entry.text[c.start : c.end], c.worth, c.outcome)
        for c in choice.considered
    )
