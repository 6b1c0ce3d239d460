"""The trace of a search, and how it is shown: why this was quoted, and why that was not. Pure."""

from dataclasses import dataclass

from corpus.answer.coverage import COVERED, Coverage
from corpus.answer.select import Choice
from corpus.models.answers import Answer, Timings
from corpus.models.question_kind import QuestionKind
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
    sentence was considered. `bar`: the worth that a sentence had to have. `kind`: what the question was
    taken to ask for.
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
    kind: QuestionKind = QuestionKind.OTHER


@dataclass(frozen=True, slots=True)
class Trace:
    """What each stage of a search made; the answer and its explanation are two views of this."""

    filters: Filters
    passing: int
    rarities: dict[str, float]
    hits: list[Hit]
    coverage: Coverage
    choice: Choice
    answer: Answer


def trace_unsearched(answer: Answer, filters: Filters) -> Trace:
    """Return the trace of an answer that took no search."""
    return Trace(filters, answer.passing, {}, [], Coverage(0.0, 0.0, 0.0), Choice(), answer)


def explain(trace: Trace) -> Explanation:
    """Return how the answer of a trace came about."""
    answer, coverage, choice = trace.answer, trace.coverage, trace.choice
    quoted = list(dict.fromkeys(quote.hit.entry.id for quote in choice.quotes))  # in the order of their numbers
    sentences = []
    for c in choice.considered:
        outcome = f"repeats [{quoted.index(c.repeats) + 1}]" if c.repeats is not None else c.outcome
        text = c.hit.entry.text[c.start : c.end]
        sentences.append(ExplainedSentence(c.hit.entry.id, c.start, c.end, text, c.worth, outcome))
    return Explanation(
        question=answer.question,
        filters=trace.filters,
        passing=trace.passing,
        terms=tuple(Term(word, rarity) for word, rarity in trace.rarities.items()),
        covered=answer.covered,
        confidence=coverage.confidence,
        threshold=COVERED,
        nearness=coverage.nearness,
        share=coverage.share,
        hits=tuple(
            ExplainedHit(
                *(h.entry.id, h.entry.title, h.start, h.end, h.score, h.similarity),
                *(h.found_by, h.by_meaning, h.by_words),
            )
            for h in trace.hits
        ),
        sentences=tuple(sentences),
        bar=choice.bar,
        timings_ms=answer.timings_ms,
        generation=answer.generation,
        kind=answer.kind,
    )
