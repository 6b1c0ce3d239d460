"""A search goes through one generation of the index, stage by stage: this file read from top to bottom is its way.

Select the entries that pass, retrieve passages, rerank them, read their sentences, weigh whether they cover the topic,
choose sentences, group them by speaker, cite and write, find what is related. What each stage made stands in the trace.
Which searches answer a question is decided in `ask.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from time import perf_counter
from typing import NamedTuple

from corpus.answer.cite import cite
from corpus.answer.coverage import Asked, Coverage, read_asked, weigh_coverage
from corpus.answer.explain import Trace
from corpus.answer.grouping import group_by_speaker, prefer_newer, suppressed_duplicates
from corpus.answer.nearest import find_nearest, weigh_entries
from corpus.answer.places import choose_places
from corpus.answer.related import find_related
from corpus.answer.rerank import READ, Models, rerank
from corpus.answer.retrieve import Candidates, gather_candidates, rank
from corpus.answer.select import PASSAGES, Choice, choose_best_of_each, choose_quotes
from corpus.answer.voices import keep_quotable, leave_out
from corpus.answer.writers.quotes import QuoteWriter
from corpus.errors import FilterRefused
from corpus.filters import resolve_source
from corpus.index.compatibility import WORDS_ALONE
from corpus.index.embedders.base import Vector
from corpus.index.generation import Generation
from corpus.models.answers import Answer, Citation, Related, Timings
from corpus.models.search import NO_FILTERS, Filters, Hit
from corpus.models.sources import Source
from corpus.query.question_kind import classify_content
from corpus.text.person_name import name_matches

NEWEST = 3  # entries that are shown where just the newest are asked for
SURE = 0.95  # that these are it
LINES = 8  # entries of a timeline
LINES_PASSAGES = 60  # whose sentences are candidates for it
QUOTES = QuoteWriter()


class Shape(Enum):
    """What an answer is made of."""

    QUOTES = auto()  # the best sentences, by speaker
    NEWEST_FIRST = auto()  # the best sentences, of nearly equal ones the newer, by date
    NEWEST_ENTRIES = auto()  # the newest entries, each in the sentence nearest to their titles
    TIMELINE = auto()  # the best sentence of each entry that by itself would answer, the oldest first


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for. `pieces`: ids of the only entries that count, where there are some. `without`: entry id,
    start and end of what is not quoted.
    """

    topic: str
    filters: Filters = NO_FILTERS
    shape: Shape = Shape.QUOTES
    pieces: frozenset[str] = frozenset()
    without: frozenset[tuple[str, int, int]] = frozenset()


class Selection(NamedTuple):
    """The entries that may be used: slug → source of all, the numbers of those that pass (None: all of them), newest
    first, and the cross-posts that are left out.
    """

    sources: dict[str, Source]
    allowed: list[int] | None
    suppressed: frozenset[int]


class Found(NamedTuple):
    """What a topic is, as a vector (None where words alone are searched) and in terms, the passages looked at for it
    and the best of them; with milliseconds.
    """

    vector: Vector | None
    words: Sequence[str]
    candidates: Candidates
    hits: list[Hit]
    embedding: float
    searching: float


def run_search(generation: Generation, models: Models, search: Search) -> Trace:
    """Answer one search. Raises FilterRefused, or a DataUnusable."""
    begun = perf_counter()
    selection = select_entries(generation, search.filters)
    if search.pieces:
        numbers = generation.entries.numbers(search.pieces).values()
        kept = sorted(numbers) if selection.allowed is None else [n for n in selection.allowed if n in set(numbers)]
        selection = selection._replace(allowed=kept)
    passing = generation.manifest.entries if selection.allowed is None else len(selection.allowed)
    limit = PASSAGES if search.shape in {Shape.QUOTES, Shape.NEWEST_FIRST} else LINES_PASSAGES
    if search.shape is Shape.NEWEST_ENTRIES:
        selection, search = _select_newest(generation, selection, search)
        # Which entries come is decided, and titles are no question.
        models = models._replace(reranker=None, reader=None)
    found = find_passages(generation, models, search.topic, limit, selection)
    found = found._replace(hits=leave_out(keep_quotable(found.hits, search.filters), search.without))
    if models.reader is not None:
        found = found._replace(hits=models.reader.read(search.topic, found.hits))
    asked = _read_asked(generation, search, found.words)
    coverage, choice = _choose(generation, search.shape, found.hits, found.words, asked)
    citations = cite(choice.quotes)
    cited = list(dict.fromkeys(c.entry.id for c in citations))
    # A line of a timeline or a newest entry is what was asked for, however sure we are that it answers.
    outcome = ("answered" if choice.certain else coverage.outcome) if citations else "not_covered"
    sentences = QUOTES.write(search.topic, citations, selection.sources)
    related, near = Related(), tuple[Citation, ...]()
    if citations:
        allowed, suppressed = selection.allowed, selection.suppressed
        related = find_related(generation, cited, found.vector, allowed, suppressed, found.words, found.candidates)
    else:
        near = find_nearest(found.hits, found.words, asked, generation.words)
    whole = 1000 * (perf_counter() - begun)
    answer = Answer(
        question=search.topic,
        outcome=outcome,
        # Where nothing could be quoted, what was found does not count.
        confidence=round(coverage.confidence, 4) if citations or coverage.outcome == "not_covered" else 0.0,
        sentences=tuple(sentences),
        citations=tuple(citations),
        related=related,
        nearest=tuple(c.entry for c in near),
        timings_ms=Timings(
            round(found.embedding, 2),
            round(found.searching, 2),
            round(whole - found.embedding - found.searching, 2),
            round(whole, 2),
        ),
        generation=generation.number,
        sources=selection.sources,
        near=near,
        passing=passing,
        notes=() if found.vector is not None else (WORDS_ALONE,),
    )
    rarities = {word: generation.lexical.rarity(word) for word in found.words}
    return Trace(search.filters, passing, rarities, found.hits, coverage, choice, answer)


def select_entries(generation: Generation, filters: Filters) -> Selection:
    """Return the entries that pass. Raises FilterRefused for a source or a person that is not there."""
    sources = generation.entries.sources()
    if filters == NO_FILTERS:
        return Selection(sources, None, suppressed_duplicates(generation.originals))
    resolved = resolve_source(filters, sources, generation.entries.used_sources())
    people = generation.entries.people() if filters.person else []
    if filters.person and not any(name_matches(filters.person, name) for name in people):
        listed = ", ".join(people[:10]) or "nobody yet"
        raise FilterRefused(f"Nobody of that name is in this corpus: {filters.person}. Those with most: {listed}.")
    allowed = generation.entries.select(resolved)
    return Selection(sources, allowed, suppressed_duplicates(generation.originals, allowed))


def _select_newest(generation: Generation, selection: Selection, search: Search) -> tuple[Selection, Search]:
    """Return the newest entries that pass as the selection, and their titles as the topic."""
    numbers = generation.entries.select(NO_FILTERS) if selection.allowed is None else selection.allowed
    newest = [number for number in numbers if number not in selection.suppressed][:NEWEST]
    titles = [entry.title for entry in generation.entries.entries(newest).values()]
    return selection._replace(allowed=newest), replace(search, topic=" ".join(titles) or search.topic)


def find_passages(generation: Generation, models: Models, topic: str, limit: int, selection: Selection) -> Found:
    """Return the best `limit` passages for a topic, best first.

    By words alone where no model here has made the generation's vectors. Raises ModelUnusable.
    """
    begun = perf_counter()
    vector = models.embedders.embed_question(generation, topic)
    embedded = perf_counter()
    words = generation.words(topic)
    most = limit if models.reranker is None else max(limit, READ)
    candidates = gather_candidates(generation, vector, words, most, selection.allowed, selection.suppressed)
    hits = rank(generation, vector, candidates, most)
    if models.reranker is not None:
        hits = rerank(models.reranker, topic, hits)[:limit]
    return Found(vector, words, candidates, hits, 1000 * (embedded - begun), 1000 * (perf_counter() - embedded))


def _read_asked(generation: Generation, search: Search, words: Sequence[str]) -> Asked:
    """Return what a search asks for; titles, which the newest entries are searched by, ask for nothing by name."""
    if search.shape is Shape.NEWEST_ENTRIES:
        return Asked({word: generation.lexical.rarity(word) for word in words})
    kind = classify_content(search.topic)
    return read_asked(search.topic, kind, words, generation.words, generation.lexical.rarity)


def _choose(
    generation: Generation, shape: Shape, hits: list[Hit], words: Sequence[str], asked: Asked
) -> tuple[Coverage, Choice]:
    """Return how sure we are that the hits cover the topic, and the quotes for an answer of this shape."""
    terms = generation.words
    if shape is Shape.TIMELINE:
        weighed = weigh_entries(hits, asked, terms)
        coverage = max(weighed.values(), key=lambda c: c.confidence, default=Coverage(0.0, 0.0, 0.0))
        answering = [hit for hit in hits if weighed[hit.entry.id].outcome == "answered"]
        return coverage, Choice(tuple(choose_best_of_each(answering, LINES, words, terms)), certain=True)
    newest = shape is not Shape.QUOTES
    if shape is Shape.NEWEST_ENTRIES:
        coverage = weigh_coverage(hits, asked, terms)
        choice = Choice(tuple(choose_best_of_each(hits, NEWEST, words, terms)), certain=True)
        if choice.quotes:  # that these were asked for is sure
            coverage = replace(coverage, confidence=max(coverage.confidence, SURE))
    else:
        hits = prefer_newer(hits) if newest else hits
        coverage = weigh_coverage(hits, asked, terms)
        choice = Choice()
        if coverage.outcome != "not_covered":
            choice = choose_places(choose_quotes(hits, words, terms, asked), terms)
    return coverage, group_by_speaker(choice, newest=newest)
