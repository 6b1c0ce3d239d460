"""A question → the passages most likely to answer it, from meaning (vectors) and words (BM25) together.

score = (w + b) / 2 + LEXICAL · BM25 / highest BM25 + NEIGHBOUR · (scores of the passages before and after), with w the
cosine of the whole passage and b that of its best sentence, both on the scale of the built-in model's. The weights come
from the public collections' questions, chosen where both collections are near their best (a wide, flat optimum).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.models.entries import Entry
from corpus.models.search import Hit, Linear, Passage, Scale, ScoredSentence

Vector = npt.NDArray[np.float32]
Cosine = TypeVar("Cosine", float, Vector)

DENSE_CANDIDATES = 100
LEXICAL_CANDIDATES = 200
LEXICAL = 0.5
# The cosine that any sentence has with a question without a vector: with it, words alone answer no more that the corpus
# does not, and refuse twice as much that it does (tests/benchmarks/fit_coverage.py --words-alone).
UNKNOWN = 0.3
NEIGHBOUR = 0.12
# Entries that the vector store is asked for by number; it takes 16,380 at the most, and 49 ms for these.
MOST_NAMED = 5000
WIDER = 5  # times as many candidates, where more entries pass, or where most of those found are suppressed


class VectorIndex(Protocol):
    def nearest(self, vector: Vector, limit: int, entries: Sequence[int] | None = None) -> list[int]: ...


class LexicalIndex(Protocol):
    def matching(self, words: Sequence[str], limit: int, entries: Sequence[int] | None = None) -> dict[int, float]: ...


class PassageTable(Protocol):
    def similarities(self, keys: Sequence[int], vector: Vector) -> tuple[Vector, Vector]: ...
    def entries_of(self, keys: Sequence[int]) -> npt.NDArray[np.int64]: ...
    def passage(self, key: int) -> tuple[int, Passage]: ...
    def sentence_similarities(self, key: int, vector: Vector) -> list[float]: ...


class EntryStore(Protocol):
    def entries(self, numbers: Sequence[int]) -> dict[int, Entry]: ...


class Index(Protocol):
    """What searching needs of a generation."""

    @property
    def vectors(self) -> VectorIndex: ...
    @property
    def lexical(self) -> LexicalIndex: ...
    @property
    def table(self) -> PassageTable: ...
    @property
    def entries(self) -> EntryStore: ...
    @property
    def scale(self) -> Scale: ...


class Candidates(NamedTuple):
    """The passages that either half of the search brought, by ascending key: each one's entry and its two cosines with
    the question, as the model gives them (None without a vector); and what each half brought, best first.
    """

    keys: list[int]
    numbers: npt.NDArray[np.int64]
    cosines: tuple[Vector, Vector] | None
    bm25: dict[int, float]
    near: list[int]


def retrieve(
    index: Index,
    vector: Vector | None,
    words: Sequence[str],
    limit: int,
    entries: Sequence[int] | None = None,
    suppressed: Collection[int] = (),
) -> list[Hit]:
    """Return the best `limit` passages for a question's vector and terms, best first.

    Of these entries alone where given, and of none that is suppressed. Without a vector, by the terms alone.
    """
    return rank(index, vector, gather_candidates(index, vector, words, limit, entries, suppressed), limit)


def gather_candidates(
    index: Index,
    vector: Vector | None,
    words: Sequence[str],
    limit: int,
    entries: Sequence[int] | None = None,
    suppressed: Collection[int] = (),
) -> Candidates:
    """Return what the halves bring without what is suppressed; where that is most of it, they are asked for more.

    `limit`: the passages that are to be chosen of them. Of these entries alone where given.
    """
    left_out = np.fromiter(suppressed, dtype=np.int64, count=len(suppressed))
    for times in (1, WIDER):
        bm25 = index.lexical.matching(words, times * max(LEXICAL_CANDIDATES, limit), entries)
        near = [] if vector is None else _find_nearest(index, vector, times * max(DENSE_CANDIDATES, limit), entries)
        keys = sorted({*bm25, *near})
        numbers = index.table.entries_of(keys)
        if not suppressed:
            break
        usable = ~np.isin(numbers, left_out)
        brought, numbers = len(keys), numbers[usable]
        keys = [key for key, is_usable in zip(keys, usable, strict=True) if is_usable]
        kept = set(keys)
        bm25 = {key: score for key, score in bm25.items() if key in kept}
        near = [key for key in near if key in kept]
        if 2 * len(keys) >= brought:
            break
    cosines = None if vector is None else index.table.similarities(keys, vector)
    return Candidates(keys, numbers, cosines, bm25, near)


def rank(index: Index, vector: Vector | None, candidates: Candidates, limit: int) -> list[Hit]:
    """Return the best `limit` of the candidates for a question's vector, best first."""
    keys, numbers, cosines, bm25, near = candidates
    if not keys:
        return []
    if cosines is None:
        whole = best = np.full(len(keys), UNKNOWN, dtype=np.float32)
    else:
        whole, best = (rescale(cosine, index.scale.asked) for cosine in cosines)
    scores = fuse_scores(keys, numbers, whole, best, bm25)
    # Of equals, the entry archived first: a key depends on the way on which the index came about.
    order = np.lexsort((numbers, -scores))[:limit]
    # Half precision can put a cosine a hair beyond 1, and a model's scale farther.
    similarity = np.clip(np.maximum(whole, best), -1.0, 1.0)
    chosen = [(int(keys[i]), float(scores[i]), float(similarity[i])) for i in order]
    places = ({key: place for place, key in enumerate(half, 1)} for half in (near, bm25))
    return _build_hits(index, vector, chosen, *places)


def rescale(cosine: Cosine, line: Linear) -> Cosine:
    """Return what the built-in model would say to the like: all weights and bars were chosen by its cosines."""
    return line.factor * cosine + line.shift


def _find_nearest(index: Index, vector: Vector, limit: int, entries: Sequence[int] | None) -> list[int]:
    """Return the keys of the passages nearest to a vector, also where more entries pass than can be named."""
    if entries is None or len(entries) <= MOST_NAMED:
        return index.vectors.nearest(vector, limit, entries)
    # So many entries pass that most of the nearest are among them.
    near = index.vectors.nearest(vector, limit * WIDER)
    passing = np.isin(index.table.entries_of(near), np.asarray(entries, dtype=np.int64))
    return [key for key, passes in zip(near, passing, strict=True) if passes][:limit]


def fuse_scores(
    keys: Sequence[int], entries: npt.NDArray[np.int64], whole: Vector, best: Vector, bm25: Mapping[int, float]
) -> Vector:
    """Return the score of each candidate, by ascending key (the passages of an entry have keys in a row)."""
    highest = max(bm25.values(), default=0.0) or 1.0
    lexical = np.array([bm25.get(key, 0.0) / highest for key in keys], dtype=np.float32)
    own = (whole + best) / 2 + LEXICAL * lexical
    places = np.asarray(keys)
    adjacent = (np.diff(places) == 1) & (np.diff(entries) == 0)
    beside = np.zeros_like(own)
    beside[1:] += np.where(adjacent, own[:-1], 0)
    beside[:-1] += np.where(adjacent, own[1:], 0)
    return np.asarray(own + NEIGHBOUR * beside, dtype=np.float32)


def _build_hits(
    index: Index,
    vector: Vector | None,
    chosen: Sequence[tuple[int, float, float]],
    by_meaning: Mapping[int, int],
    by_words: Mapping[int, int],
) -> list[Hit]:
    """Return the chosen passages (key, score, similarity) as hits; `by_meaning`, `by_words`: key → place there."""
    found = [(*index.table.passage(key), key, score, similarity) for key, score, similarity in chosen]
    entries, scale = index.entries.entries(list({number for number, *_ in found})), index.scale.asked
    hits = []
    for number, passage, key, score, similarity in found:
        if vector is None:
            closeness = [UNKNOWN] * len(passage.sentences)
        else:
            cosines = (rescale(c, scale) for c in index.table.sentence_similarities(key, vector))
            closeness = [min(max(c, -1.0), 1.0) for c in cosines]
        sentences = tuple(ScoredSentence(s.start, s.end, c) for s, c in zip(passage.sentences, closeness, strict=True))
        half = by_meaning.get(key), by_words.get(key)
        hits.append(Hit(entries[number], passage.start, passage.end, score, similarity, sentences, number, *half))
    return hits
