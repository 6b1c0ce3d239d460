"""What else to read: entries near the question or near an entry, unlike each other, and never one that is cited. Pure.

Three things say how near an entry is. Its vector; its best passage, for a long piece on several matters answers a
question in one of them; and the words that it shares, for names and terms say what a vector only hints at. Of the
nearest, one after the other is chosen that says something else than those before (maximal marginal relevance). Being
alike is a fault only from where two texts are nearly one (ALIKE): pieces on one matter are alike, too, and it is for
this that they are near. `tests/benchmarks/related_benchmark.py` measures it.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

import numpy as np
import numpy.typing as npt

from corpus.answer.grouping import with_same_content
from corpus.answer.retrieve import Candidates, Vector, rescale
from corpus.index.generation import Generation
from corpus.models.answers import Related
from corpus.models.entries import Entry
from corpus.models.search import Linear

Matrix = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]  # in a table of entries, or their numbers

GUIDES, EVENTS, NEAREST = 3, 8, 3
QUESTION = 0.5  # the question's share in what related entries are near to; the rest is the cited entries'
WORDS = 0.2  # what sharing most words adds to a cosine
TERMS, MATCHES = 32, 200  # that are looked up, the question's first; passages that are found by them. 1 ms for 10,000
SCANNED = 20_000  # entries whose vectors are all looked at: 4 ms
SEARCHED = 200  # passages whose entries alone are looked at, where there are more
POOL = 2  # times as many of the nearest are looked at as are shown
# Cosines of the default model's entry vectors. Pieces on matters that have nothing in common: 0.0 to 0.1 in the middle,
# 95% below 0.28. Next reports of one firm: 0.88; two versions of one text: 0.82 to 0.97.
FLOOR, ALIKE = 0.2, 0.85
AS_IS = Linear()
CROWDED = 0.9  # the worth of closeness where half of the list are of the same voice: others that are near go first


def find_related(
    generation: Generation,
    cited: Sequence[str],
    vector: Vector | None,
    allowed: list[int] | None,
    suppressed: Collection[int],
    words: Sequence[str] = (),
    candidates: Candidates | None = None,
) -> Related:
    """Return what else to read, near the question (where there is one) and the cited entries, none that says the same.

    `cited`: ids; `allowed`: numbers of the entries that pass the filters, None for all; `suppressed`: the cross-posts
    that are left out; `words`: the question's terms; `candidates`: the passages that a search for it looked at.
    """
    table, scale = generation.table, generation.scale.texts
    known = dict(found for i in cited if (found := generation.entries.entry(i)))
    near = [v for n in known if (v := table.entry_vector(n)) is not None]
    if vector is None and not near:  # of what is left out of the index, nothing is known to be near
        return Related()
    target = combine_targets(vector, near)
    excluded = with_same_content(known, generation.originals).union(suppressed)
    # What the cited entries are about, in terms: of their titles first, then of their summaries.
    about = [*(entry.title for entry in known.values()), *(entry.summary for entry in known.values())]
    terms = list(dict.fromkeys([*words, *generation.words(" ".join(about))]))[:TERMS]
    bm25 = generation.lexical.matching(terms, MATCHES, allowed)
    scores = np.fromiter(bm25.values(), dtype=np.float32, count=len(bm25))
    sharing = table.entries_of(list(bm25))
    considered = _find_considered(generation, target, sharing, allowed)
    numbers = table.entries if considered is None else table.entries[considered]
    closeness = rescale(table.entry_similarities(target, considered), scale)
    shared = score_shared_terms(numbers, excluded, sharing, scores)
    pools = find_candidates(numbers, closeness + shared, generation.guides, excluded, allowed)
    nearest = np.concatenate(pools)
    nearness, shared = closeness[nearest], shared[nearest]
    places = nearest if considered is None else considered[nearest]
    if vector is not None and candidates is not None and candidates.cosines is not None:
        own = rescale(np.asarray(table.entry_vectors[places] @ vector), scale)
        passages = rescale(np.asarray(sum(candidates.cosines) / 2, dtype=np.float32), scale)
        nearness = raise_by_passages(numbers[nearest], nearness, own, candidates.numbers, passages)
    entries = generation.entries.entries(table.entries[places].tolist())
    pool = [entries[number] for number in table.entries[places].tolist()]

    def choose_entries(limit: int, part: slice) -> tuple[Entry, ...]:
        speakers = [entry.voice or entry.source for entry in pool[part]]
        vectors = table.entry_vectors[places[part]]
        chosen = diversify(limit, nearness[part], shared[part], vectors, speakers, scale)
        return tuple(pool[part][i] for i in chosen)

    guides = len(pools[0])
    return Related(choose_entries(GUIDES, slice(guides)), choose_entries(EVENTS, slice(guides, None)))


def _find_considered(
    generation: Generation, target: Vector, sharing: Places, allowed: Sequence[int] | None
) -> Places | None:
    """Return the places of the entries that may be related: None for all; of many those that a search finds near.

    `sharing`: who has some of the words. To multiply the vectors of 200,000 entries takes longer than all else.
    """
    table = generation.table
    if len(table.entries) <= SCANNED:
        return None
    if allowed is not None and len(allowed) <= SCANNED:
        return table.places_of(np.array(allowed, dtype=np.int64))
    near = table.entries_of(generation.vectors.nearest(target, SEARCHED))
    guides = np.array(sorted(generation.guides) if len(generation.guides) <= SCANNED else [], dtype=np.int64)
    return table.places_of(np.unique(np.concatenate([near, guides, sharing])))


def combine_targets(question: Vector | None, cited: Sequence[Vector]) -> Vector:
    """Return what related entries should be near to: as much the question as all cited entries together.

    A cosine with a sum is the sum of cosines, so that one product with all entries' vectors weighs them all.
    """
    mean = np.mean(cited, axis=0) if cited else None
    if question is None or mean is None:
        return np.asarray(mean if question is None else question, dtype=np.float32)
    return np.asarray(QUESTION * question + (1 - QUESTION) * mean, dtype=np.float32)


def score_shared_terms(numbers: Places, excluded: Collection[int], found: Places, bm25: Vector) -> Vector:
    """Return what shared words add to the closeness of the entries `numbers`: WORDS for the one that shares most, or 0.

    `found`: the entry of each passage with some of the words; `bm25`: what its words count. The excluded do not count.
    """
    added = _take_best(numbers, found, bm25, 0)
    added[_are_in(numbers, excluded)] = 0
    return np.asarray(WORDS * added / max(added.max(initial=0), 1e-9), dtype=np.float32)


def find_candidates(
    numbers: Places,
    closeness: Vector,
    guides: Collection[int],
    excluded: Collection[int],
    among: Collection[int] | None = None,
) -> tuple[Places, Places]:
    """Return the places in `numbers` of the guides and of the events that are looked at, nearest first.

    `closeness[i]` is how near entry `numbers[i]` is. Only those `among` count, where given, and none of the excluded.
    """
    fitting = ~_are_in(numbers, excluded)
    if among is not None:
        fitting &= _are_in(numbers, among)
    guide = _are_in(numbers, guides)
    pools = ((fitting & guide, POOL * GUIDES), (fitting & ~guide, POOL * EVENTS))
    nearest = [_take_nearest(np.flatnonzero(kind), closeness, numbers, limit) for kind, limit in pools]
    return nearest[0], nearest[1]


def raise_by_passages(numbers: Places, closeness: Vector, own: Vector, owners: Places, passages: Vector) -> Vector:
    """Return the closeness of the entries `numbers`, each as near to the question as its vector or its best passage.

    `own`: how near the entries' vectors are to the question; `passages`: how near the passages are that a search looked
    at, whose entries are `owners`. Others are no nearer: to read all passages of 22 essays took a quarter of an answer.
    """
    theirs = np.isin(owners, numbers)
    best = _take_best(numbers, owners[theirs], passages[theirs], -1)
    return np.asarray(closeness + QUESTION * np.maximum(best - own, 0), dtype=np.float32)


def diversify(
    limit: int, closeness: Vector, shared: Vector, vectors: Matrix, voices: Sequence[Hashable], texts: Linear = AS_IS
) -> list[int]:
    """Return the places of at most `limit` of some entries, in the order in which to show them (MMR).

    `vectors` are of length 1.

    `shared`: what the words add; they bring nothing up that is not near. `texts`: the scale of the vectors' cosines.
    What is nearly the same as one chosen before comes after all that is not; what is not near is not shown at all.
    """
    left = closeness >= FLOOR
    alike = np.zeros_like(closeness)  # to the most similar of those chosen
    of_voice: Counter[Hashable] = Counter()
    chosen: list[int] = []
    while len(chosen) < limit and left.any():
        crowd = np.array([2 * of_voice[voice] >= limit for voice in voices])
        worth = np.where(crowd, CROWDED, 1) * (closeness + shared) - np.maximum(alike - ALIKE, 0) / (1 - ALIKE)
        best = int(np.argmax(np.where(left, worth, -np.inf)))
        left[best] = False
        alike = np.maximum(alike, texts.factor * np.asarray(vectors @ vectors[best]) + texts.shift)
        of_voice[voices[best]] += 1
        chosen.append(best)
    return chosen


def _take_best(numbers: Places, owners: Places, values: Vector, least: float) -> Vector:
    """Return the highest value that each of the entries `numbers` owns."""
    order = np.argsort(numbers)
    best = np.full(len(numbers), least, dtype=np.float32)
    np.maximum.at(best, order[np.searchsorted(numbers, owners, sorter=order)], values)
    return best


def _take_nearest(places: Places, closeness: Vector, numbers: Places, limit: int) -> Places:
    """Return the nearest of these places; of equals the one archived first."""
    if len(places) > limit:  # to order 10,000 takes longer than all else
        least = np.partition(closeness[places], -limit)[-limit]
        places = places[closeness[places] >= least]
    return places[np.lexsort((numbers[places], -closeness[places]))][:limit]


def _are_in(numbers: Places, chosen: Collection[int]) -> npt.NDArray[np.bool_]:
    return np.isin(numbers, np.fromiter(chosen, dtype=np.int64, count=len(chosen)))
