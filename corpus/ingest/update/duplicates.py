"""Cross-posts found by their text: which entries say what another one said before. Pure, and the same each time.

A text becomes a signature (MinHash over its shingles); texts whose signatures agree in one of their bands (LSH) are
compared as they are, by `same_text.py`.
"""

from bisect import bisect
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from corpus import budgets
from corpus.ingest.update.minhash import min_hash
from corpus.ingest.update.same_text import MIX, ComparedText, Glance, Kinship, kinship

# Words; a text shorter than that is too little to tell what it is of ("This post is for subscribers").
FEWEST = 20
HASHES, OPENING_HASHES = 128, 64
SIZE = 4 * (HASHES + OPENING_HASHES)  # bytes of a signature
OPENING = 80  # words at the beginning that have a signature of their own: a teaser shares little else with its piece
# As the library's index has them, but of all texts at once: 10,000 in 0.1 s of numpy instead of 5 s of single look-ups.
# Bands, and rows in each. The first find 98% of texts that share 0.6 of their shingles, the second 99% of openings that
# share 0.4.
WHOLE_BANDS, OPENING_BANDS = (32, 4), (32, 2)
# Share of a signature that agrees, below which texts are not read and compared: what shares 0.6, or 0.4 of an opening,
# agrees less by chance in 1 of 3,000 and 1 of 150. 1,500 essays that share 0.2 are 1,800 pairs to read, not 45,000.
NEAR, NEAR_OPENING = 0.45, 0.25
CROWD = 30  # texts that one is compared with: where more look alike, they are made from a template
# What is kept at hand while texts are compared: characters of them, some 6 bytes each, and shingles of 8 bytes.
KEPT, KEPT_SHINGLES = 20_000_000, 10_000_000

V = TypeVar("V")
Order = Mapping[int, tuple[date, int]]


def make_signature(text: str) -> bytes:
    """Return what `find_copies` knows a text by; empty for one that is too short, or as long as a book."""
    if len(text) > budgets.MOST_CHARACTERS:
        return b""
    read = ComparedText(text)
    if not FEWEST <= read.length <= budgets.LONGEST_COMPARED:
        return b""
    opening = read.shingles[: read.units_within(OPENING)]
    return _hash_values(read.shingles, HASHES) + _hash_values(opening, OPENING_HASHES)


def find_copies(
    signatures: Mapping[int, bytes],
    order: Order,
    texts: Callable[[int], str],
    fresh: Collection[int] | None = None,
    known: Mapping[int, int] | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[int, int]:
    """Return number of a copy → number of its original, of all these entries.

    The original is what was published first, or else archived first, of those that are not a part of a longer one.
    `order`: day of publication and number. `known`: what came of this before, for the entries that are not `fresh`
    (None: all are); what it says of others, or of entries that are gone, does not count. `on_progress` is called with
    how many entries are compared, and of how many: more, where these lead to others.
    """
    before = dict(known or {})
    anew = set(signatures) if fresh is None else set(signatures) & (set(fresh) | voices_of(before, fresh, signatures))
    read = _Cache(lambda number: ComparedText(texts(number)), lambda text: len(text.text), KEPT)
    # Most candidates share too little. Read once, and not for each pair, 10,000 texts of one writer take half as long.
    glance = _Cache(lambda number: Glance.of(read(number)), lambda text: len(text.shingles), KEPT_SHINGLES)
    compared: set[int] = set()
    kin: dict[tuple[int, int], Kinship] = {}
    while waiting := sorted(anew - compared):
        for one, other in candidate_pairs(signatures, waiting):
            on_progress(len(compared) + bisect(waiting, one) - 1, len(anew))
            pair = min(one, other), max(one, other)
            if pair not in kin:
                alike = glance(pair[0]).may_be(glance(pair[1]))
                kin[pair] = kinship(*map(read, pair)) if alike else "other"
        compared |= anew
        on_progress(len(compared), len(anew))
        related = {n for pair, found in kin.items() if found != "other" for n in pair}
        anew |= related | voices_of(before, related, signatures)
    untouched = {copy: original for copy, original in before.items() if copy in signatures.keys() - compared}
    return untouched | choose_originals(kin, order, lambda number: read(number).length)


class _Cache(Generic[V]):
    """Makes the value of a number, and keeps the last ones, as many as fit into `most` by their size."""

    def __init__(self, make: Callable[[int], V], size: Callable[[V], int], most: int) -> None:
        self._make, self._size, self._most = make, size, most
        self._values: OrderedDict[int, V] = OrderedDict()
        self._held = 0

    def __call__(self, number: int) -> V:
        if number in self._values:
            self._values.move_to_end(number)
            return self._values[number]
        value = self._values[number] = self._make(number)
        self._held += self._size(value)
        while self._held > self._most and len(self._values) > 1:
            self._held -= self._size(self._values.popitem(last=False)[1])
        return value


def voices_of(known: Mapping[int, int], fresh: Collection[int] | None, here: Collection[int]) -> set[int]:
    """Return the members of every voice that one of these belongs to, or one that is not here any more."""
    changed = set(fresh or ())
    voices = {original for pair in known.items() for original in pair[1:] if not changed.isdisjoint(pair)}
    voices |= {original for copy, original in known.items() if copy not in here or original not in here}
    return {n for copy, original in known.items() if original in voices for n in (copy, original)} & set(here)


def candidate_pairs(signatures: Mapping[int, bytes], fresh: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield pairs of numbers, the first one fresh, whose signatures agree in a band; of many, those that agree most."""
    numbers = np.array(sorted(n for n, value in signatures.items() if len(value) == SIZE), dtype=np.int64)
    if not len(numbers):
        return
    table = np.frombuffer(b"".join(signatures[n] for n in numbers.tolist()), dtype="<u4").reshape(-1, SIZE // 4)
    is_fresh = np.isin(numbers, np.fromiter(fresh, dtype=np.int64, count=len(fresh)))
    groups = list(
        {group.tobytes(): group for keys in band_keys(table) for group in group_equal(keys, is_fresh)}.values()
    )
    member: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        for place in group[is_fresh[group]].tolist():
            member.setdefault(place, []).append(number)
    for place in sorted(member):
        others = {other for number in member[place] for other in groups[number][:CROWD].tolist()}
        alike = np.array(sorted(others - {place}), dtype=np.int64)
        agree = table[alike] == table[place]
        near = (agree[:, :HASHES].mean(axis=1) >= NEAR) | (agree[:, HASHES:].mean(axis=1) >= NEAR_OPENING)
        alike, agreement = alike[near], agree[near].sum(axis=1)
        for other in alike[np.argsort(-agreement, kind="stable")][:CROWD]:
            yield int(numbers[place]), int(numbers[other])


def band_keys(table: npt.NDArray[np.uint32]) -> Iterator[npt.NDArray[np.uint64]]:
    """Yield for each band what each signature has in it, as one number."""
    first = 0
    for bands, rows in (WHOLE_BANDS, OPENING_BANDS):
        for start in range(first, first + bands * rows, rows):
            keys = np.zeros(len(table), dtype=np.uint64)
            for column in range(start, start + rows):
                keys = keys * MIX + table[:, column]
            yield keys
        first += bands * rows


def group_equal(keys: npt.NDArray[np.uint64], is_fresh: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.int64]]:
    """Return the places of equal keys, of those groups that have a fresh one, in order."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], np.diff(keys[order]) != 0)))
    sizes = np.diff(np.append(starts, len(keys)))
    wanted = np.flatnonzero((sizes > 1) & (np.add.reduceat(is_fresh[order], starts) > 0))
    return [order[starts[i] : starts[i] + sizes[i]] for i in wanted.tolist()]


def choose_originals(
    kin: Mapping[tuple[int, int], Kinship], order: Order, length: Callable[[int], float]
) -> dict[int, int]:
    """Return every text of a voice → its one original, by whatever chain they hang together."""
    voices: dict[int, set[int]] = {}
    parts: set[int] = set()
    for (one, other), found in kin.items():
        if found == "other":
            continue
        joined = voices.get(one, {one}) | voices.get(other, {other})
        voices.update(dict.fromkeys(joined, joined))
        if found == "part":
            parts.add(min((one, other), key=length))
    originals = {id(voice): min(voice - parts or voice, key=lambda n: order[n]) for voice in voices.values()}
    return {n: originals[id(voice)] for n, voice in voices.items() if n != originals[id(voice)]}


def _hash_values(shingles: npt.NDArray[np.uint64], count: int) -> bytes:
    folded = np.unique((shingles ^ shingles >> np.uint64(32)) & np.uint64(0xFFFFFFFF))
    return min_hash(folded.astype(np.uint32), count).astype("<u4").tobytes()
