"""A question goes through one generation of the index: embed, search, coverage, select, compose, related.

`answered`, `newest_of` and `timeline` are the same way with another choice of sentences at its end. What a question
means, and which filters it brings, is decided before: in `conversing`.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache
from time import perf_counter
from typing import NamedTuple

import numpy as np

from corpus.answer.coverage import Coverage, weigh
from corpus.answer.explain import Asked
from corpus.answer.grouping import by_voice, newer_first, one_voice, silent
from corpus.answer.nearest import nearest, weigh_each
from corpus.answer.related import (
    EVENTS,
    GUIDES,
    MATCHES,
    TERMS,
    Places,
    by_passages,
    candidates,
    direction,
    sharing,
    spread,
)
from corpus.answer.rerank import Models, rerank
from corpus.answer.retrieve import scaled, search
from corpus.answer.select import PASSAGES, Choice, best_of_each, choose
from corpus.answer.writers.quotes import compose
from corpus.errors import FilterRefused
from corpus.filters import resolve_source
from corpus.index.embedders.base import Vector
from corpus.index.generation import Generation, recipe_of
from corpus.models.answers import Answer, Related, Timings
from corpus.models.entries import Entry
from corpus.models.search import Filters, Hit
from corpus.models.sources import Source
from corpus.text.person_name import name_matches

NO_FILTERS = Filters()
NEWEST = 3  # entries that are shown where just the newest are asked for
SURE = 0.95  # that these are it
LINES = 8  # entries of a timeline
LINES_PASSAGES = 60  # whose sentences are candidates for it

Choosing = Callable[[Generation, Sequence[Hit], Sequence[str]], tuple[Coverage, Choice]]


class Passing(NamedTuple):
    """A generation's sources, and the numbers of the entries that pass the filters (None: all of them)."""

    sources: dict[str, Source]
    allowed: list[int] | None


def timeline(now: Generation, models: Models, topic: str, filters: Filters) -> Asked:
    """What was said of a topic, in order of date: the best sentence of each entry that speaks of it."""
    return _asked(now, models, topic, filters, LINES_PASSAGES, _best_of_each)


def find(now: Generation, models: Models, question: str, limit: int, filters: Filters) -> list[Hit]:
    """The best passages for a cleaned question; none of a cross-post whose original passes the filters, too."""
    _, allowed = passing(now, filters)
    now.check(recipe_of(models.embedder))
    vector, words, quiet = models.embedder.embed_question(question), now.words(question), silent(now.originals, allowed)
    return rerank(models.reranker, question, limit, lambda most: search(now, vector, words, most, allowed, quiet))


def passing(now: Generation, filters: Filters) -> Passing:
    """Raises FilterRefused for a source or a person that is not there."""
    sources = now.entries.sources()
    if filters == NO_FILTERS:
        return Passing(sources, None)
    resolved = resolve_source(filters, sources, now.entries.used_sources())
    people = now.entries.people() if filters.person else []
    if filters.person and not any(name_matches(filters.person, name) for name in people):
        listed = ", ".join(people[:10]) or "nobody yet"
        raise FilterRefused(f"Nobody of that name is in this corpus: {filters.person}. Those with most: {listed}.")
    return Passing(sources, now.entries.select(resolved))


def related_to(
    now: Generation,
    cited: Sequence[str],
    vector: Vector | None,
    allowed: list[int] | None,
    quiet: Collection[int] | None = None,
    words: Sequence[str] = (),
) -> Related:
    """What else to read, near the question (where there is one) and these entries; nothing that says the same.

    `quiet`: the cross-posts that are left out, where they are known already. `words`: the question's terms.
    """
    known = dict(found for i in cited if (found := now.entries.entry(i)))
    near = [v for n in known if (v := now.table.entry_vector(n)) is not None]
    if vector is None and not near:  # of what is left out of the index, nothing is known to be near
        return Related((), ())
    closeness = scaled(now.table.entry_similarities(direction(vector, near)), now.scale.texts)
    excluded = one_voice(known, now.originals).union(silent(now.originals, allowed) if quiet is None else quiet)
    shared = _sharing(now, [*words, *_terms(now, known.values())], excluded, allowed)
    pools = candidates(now.table.entries, closeness + shared, now.guides, excluded, allowed)
    places = np.concatenate(pools)
    nearness = _through_passages(now, places, closeness[places], vector)
    entries = now.entries.entries(now.table.entries[places].tolist())
    pool = [entries[number] for number in now.table.entries[places].tolist()]

    def shown(limit: int, part: slice) -> tuple[Entry, ...]:
        vectors = now.table.entry_vectors[places[part]]
        voices = [entry.voice or entry.source for entry in pool[part]]
        chosen = spread(limit, nearness[part], shared[places[part]], vectors, voices, now.scale.texts)
        return tuple(pool[part][i] for i in chosen)

    guides = len(pools[0])
    return Related(shown(GUIDES, slice(guides)), shown(EVENTS, slice(guides, None)))


def _terms(now: Generation, entries: Collection[Entry]) -> list[str]:
    """What entries are about, in terms: of their titles first, then of their summaries."""
    return now.words(" ".join([*(entry.title for entry in entries), *(entry.summary for entry in entries)]))


def _sharing(now: Generation, words: Sequence[str], excluded: Collection[int], allowed: list[int] | None) -> Vector:
    bm25 = now.lexical.matching(list(dict.fromkeys(words))[:TERMS], MATCHES, allowed)
    scores = np.fromiter(bm25.values(), dtype=np.float32, count=len(bm25))
    return sharing(now.table.entries, excluded, now.table.entries_of(list(bm25)), scores)


def _through_passages(now: Generation, places: Places, closeness: Vector, question: Vector | None) -> Vector:
    """The closeness of the entries at these places, each as near to the question, if any, as its best passage."""
    if question is None:
        return closeness
    numbers = now.table.entries[places]
    theirs = now.table.rows[np.isin(now.table.rows["entry"], numbers)]
    whole, best = now.table.similarities(theirs["key"].tolist(), question)
    entry = scaled(np.asarray(now.table.entry_vectors[places] @ question), now.scale.texts)
    passages = scaled(np.asarray((whole + best) / 2, dtype=np.float32), now.scale.texts)
    return by_passages(numbers, closeness, entry, theirs["entry"], passages)


def copies_of(now: Generation, number: int) -> list[Entry]:
    """The other entries that say the same as this one: the original first, then the cross-posts, oldest first."""
    numbers = one_voice([number], now.originals) - {number}
    found = now.entries.entries(sorted(numbers))
    return [found[n] for n in sorted(found, key=lambda n: (n in now.originals, found[n].published, n))]


def answered(now: Generation, models: Models, question: str, filters: Filters, *, newest: bool = False) -> Asked:
    """The answer to what is asked as it stands, in quotes from the best passages. `newest`: the newest first."""
    return _asked(now, models, question, filters, PASSAGES, _newest_sentences if newest else _best_sentences)


def newest_of(now: Generation, models: Models, question: str, filters: Filters) -> Asked:
    """The newest entries that pass, each in the sentence that is nearest to their titles.

    Not covered where none passes.
    """
    _, allowed = passing(now, filters)
    numbers = now.entries.select(NO_FILTERS) if allowed is None else allowed
    quiet = silent(now.originals, allowed)
    newest = [number for number in numbers if number not in quiet][:NEWEST]
    titles = [entry.title for entry in now.entries.entries(newest).values()]
    topic = " ".join(titles) or question
    unordered = models._replace(reranker=None)  # which entries come is decided, and titles are no question
    return _asked(now, unordered, topic, filters, LINES_PASSAGES, _sentence_of_each, newest)


def _asked(
    now: Generation,
    models: Models,
    question: str,
    filters: Filters,
    limit: int,
    choosing: Choosing,
    among: list[int] | None = None,
) -> Asked:
    """One way through the stages. `among`: of the entries that pass, those that are searched, where not all."""
    begun = perf_counter()
    sources, allowed = passing(now, filters)
    count = now.manifest.entries if allowed is None else len(allowed)
    allowed = allowed if among is None else among
    now.check(recipe_of(models.embedder))
    vector = models.embedder.embed_question(question)
    embedded = perf_counter()
    words = now.words(question)
    quiet = silent(now.originals, allowed)
    hits = rerank(models.reranker, question, limit, lambda most: search(now, vector, words, most, allowed, quiet))
    searched = perf_counter()
    coverage, choice = choosing(now, hits, words)
    sentences, citations = compose(choice.quotes, sources)
    covered = bool(choice.quotes)
    near = () if covered else nearest(hits, words, now.words, now.lexical.rarity, sources)
    cited = list(dict.fromkeys(c.entry.id for c in citations))
    answer = Answer(
        question=question,
        covered=covered,
        # Where nothing could be quoted, what was found does not count.
        confidence=round(coverage.confidence, 4) if covered or not coverage.is_enough else 0.0,
        sentences=tuple(sentences),
        citations=tuple(citations),
        related=related_to(now, cited, vector, allowed, quiet, words) if covered else Related(),
        nearest=tuple(c.entry for c in near),
        timings_ms=_timings(begun, embedded, searched, perf_counter()),
        generation=now.number,
        sources=sources,
        near=near,
        passing=count,
    )
    rarities = {word: now.lexical.rarity(word) for word in words}
    return Asked(filters, count, rarities, hits, coverage, choice, answer)


def _best_sentences(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    terms = cache(now.words)  # both look at the same sentences
    coverage = weigh(hits, words, terms, now.lexical.rarity)
    choice = choose(hits, words, terms) if coverage.is_enough else Choice()
    return coverage, by_voice(choice)


def _newest_sentences(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    coverage, choice = _best_sentences(now, newer_first(hits), words)
    return coverage, by_voice(choice, newest=True)


def _sentence_of_each(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    """Of each entry one sentence: that these were asked for is sure."""
    chosen = best_of_each(hits, NEWEST, words, now.words)
    coverage = weigh(hits, words, now.words, now.lexical.rarity)
    sure = replace(coverage, confidence=max(coverage.confidence, SURE)) if chosen else coverage
    return sure, by_voice(Choice(tuple(chosen)), newest=True)


def _best_of_each(now: Generation, hits: Sequence[Hit], words: Sequence[str]) -> tuple[Coverage, Choice]:
    """Of each entry that by itself would answer."""
    weighed = weigh_each(hits, words, now.words, now.lexical.rarity)
    coverage = max(weighed.values(), key=lambda c: c.confidence, default=Coverage(0.0, 0.0, 0.0))
    speaking = [hit for hit in hits if weighed[hit.entry.id].is_enough]
    return coverage, Choice(tuple(best_of_each(speaking, LINES, words, now.words)))


def _timings(begun: float, embedded: float, searched: float, done: float) -> Timings:
    return Timings(
        *(round(1000 * s, 2) for s in (embedded - begun, searched - embedded, done - searched, done - begun))
    )
