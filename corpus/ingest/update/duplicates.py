"""Cross-posts found by their text: which entries say what another one said before. Pure, and the same each time.

A text becomes a signature (MinHash over its shingles: runs of words, or of characters where a script sets no blanks
between words); texts whose signatures agree in one of their bands (LSH) are compared as they are. Two texts are one

- where they share SAME of all their shingles, or
- where PART of the shorter one's shingles stand in the beginning of the longer one: a teaser, an excerpt, or a piece
  with lines of its publisher's around it,

and where neither says much that the other does not, or only the longer one does: of that, the shorter one is a part.
Where a figure differs between the same words, it is another statement and no copy: the next month's report.

Measured on 88 texts of 3,000 characters, of which no two share more than 0.13 of their shingles. With every 20th word
changed, they share 0.76 with themselves; with 40 foreign words around 300, 0.87, and around 60, 0.57, nearly all of it
in one run. Two texts of one template with three fifths in common share 0.13 to 0.47. Between these lie SAME and PART:
all of the former count as copies, and 1 in 350 of the latter.
"""

import re
import unicodedata
import zlib
from bisect import bisect
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt

from corpus import budgets
from corpus.text.dates import MONTHS

if TYPE_CHECKING:
    from datasketch import MinHash

SAME = 0.7  # of all shingles of two texts stand in both
PART, UNBROKEN = 0.7, 0.65  # of the shorter text's shingles stand in the beginning of the longer; so many in a row
# Words; a text shorter than the first is too little to tell what it is of ("This post is for subscribers"), a text
# shorter than the second is a copy only of one with the very same words.
FEWEST, SHORT = 20, 60
AROUND = 80  # words in a row that a publisher may put beside a piece; a text that has more of its own is no copy
WORDS, CHARACTERS = 3, 5  # in a shingle
HASHES, OPENING_HASHES = 128, 64
HASHED = 10_000  # shingles at a time: each takes 1 kB and more, in all its permutations
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
MIX = np.uint64(0x9E3779B97F4A7C15)  # an odd number without a pattern: 2⁶⁴ by the golden ratio
# What is kept at hand while texts are compared: characters of them, some 6 bytes each, and shingles of 8 bytes.
KEPT, KEPT_SHINGLES = 20_000_000, 10_000_000

# Scripts that set no blanks between words: Thai, Lao, Burmese, Khmer, Kana, Han. Each of their letters is a unit.
LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
UNIT = re.compile(rf"[{LETTERS}]|\d+(?:[.,:]\d+)*|[^\W\d{LETTERS}]+")
LETTER = re.compile(rf"[{LETTERS}]")
THOUSANDS = re.compile(r",(?=\d{3})")  # 1,000 is the figure 1000
FIGURES = frozenset("one two three four five six seven eight nine ten eleven twelve".split())
MONTH_NAMES = (*(month.lower() for month in MONTHS), *(month[:3].lower() for month in MONTHS), "sept")
DATED = re.compile(rf"{'|'.join(MONTH_NAMES)}|(?:19|20)\d\d|[年月日]")

V = TypeVar("V")
Order = Mapping[int, tuple[date, int]]
Kinship = Literal["same", "part", "other"]  # part: the shorter of the two is a part of the longer


def signature(text: str) -> bytes:
    """What `link` finds the copies of a text by; empty for a text that is too short to be one, or as long as a book."""
    if len(text) > budgets.MOST_CHARACTERS:
        return b""
    read = _Read(text)
    if not FEWEST <= read.length <= budgets.LONGEST_COMPARED:
        return b""
    opening = read.shingles[: read.units_within(OPENING)]
    return _hash_values(read.shingles, HASHES) + _hash_values(opening, OPENING_HASHES)


def link(
    signatures: Mapping[int, bytes],
    order: Order,
    texts: Callable[[int], str],
    fresh: Collection[int] | None = None,
    known: Mapping[int, int] | None = None,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[int, int]:
    """Number of a copy → number of its original, of all these entries.

    The original is what was published first, or else archived first, of those that are not a part of a longer one.
    `order`: day of publication and number. `known`: what came of this before, for the entries that are not `fresh`
    (None: all are); what it says of others, or of entries that are gone, does not count. `tell` hears how many entries
    are compared, and of how many: more, where these lead to others.
    """
    before = dict(known or {})
    anew = set(signatures) if fresh is None else set(signatures) & (set(fresh) | _touched(before, fresh, signatures))
    read = _Kept(lambda number: _Read(texts(number)), lambda text: len(text.text), KEPT)
    # Most candidates share too little. Read once, and not for each pair, 10,000 texts of one writer take half as long.
    glance = _Kept(lambda number: _Glance.of(read(number)), lambda text: len(text.shingles), KEPT_SHINGLES)
    compared: set[int] = set()
    kin: dict[tuple[int, int], Kinship] = {}
    while waiting := sorted(anew - compared):
        for one, other in _candidates(signatures, waiting):
            tell(len(compared) + bisect(waiting, one) - 1, len(anew))
            pair = min(one, other), max(one, other)
            if pair not in kin:
                alike = _share_enough(*map(glance, pair))
                kin[pair] = _kinship(*map(read, pair)) if alike else "other"
        compared |= anew
        tell(len(compared), len(anew))
        related = {n for pair, found in kin.items() if found != "other" for n in pair}
        anew |= related | _touched(before, related, signatures)
    untouched = {copy: original for copy, original in before.items() if copy in signatures.keys() - compared}
    return untouched | _resolved(kin, order, lambda number: read(number).length)


class _Kept(Generic[V]):
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


class _Glance(NamedTuple):
    """What is kept of a text at hand: its length in words and its shingles, each once, in order."""

    length: float
    shingles: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, text: "_Read") -> Self:
        return cls(text.length, text.held)


def _share_enough(one: _Glance, other: _Glance) -> bool:
    """Whether two texts may be one, by what `_kinship` asks first."""
    shorter, longer = sorted((one, other), key=lambda text: text.length)
    shared = np.intersect1d(shorter.shingles, longer.shingles, assume_unique=True)
    return shorter.length < SHORT or len(shared) >= PART * len(shorter.shingles)


def _kinship(one: "_Read", other: "_Read") -> Kinship:
    """What two texts are to each other."""
    shorter, longer = sorted((one, other), key=lambda text: text.length)
    if shorter.length < SHORT:
        return "same" if shorter.units == longer.units else "other"
    shared = len(np.intersect1d(shorter.held, longer.held, assume_unique=True))
    if shared < PART * len(shorter.held) or _own(shorter, longer) > AROUND:
        return "other"
    same = shared >= SAME * (len(shorter.held) + len(longer.held) - shared)
    if not (same or _begins(longer, shorter)) or _differ_in_a_figure(shorter, longer):
        return "other"
    more = _own(longer, shorter) if same else longer.length - shorter.length
    return "same" if more <= AROUND else "part"


def _own(one: "_Read", other: "_Read") -> float:
    """How many words in a row a text has that are not in the other."""
    there = np.isin(one.shingles, other.shingles)
    edges = np.flatnonzero(np.concatenate(([True], there, [True])))  # each behind its unit, the first before all
    return float(np.diff(np.concatenate(([0.0], one.reach, one.reach[-1:]))[edges]).max())


def _begins(longer: "_Read", shorter: "_Read") -> bool:
    """Whether one text is the beginning of the other, but for what stands around it."""
    beginning = longer.shingles[: longer.units_within(shorter.length + max(AROUND, shorter.length / 2))]
    there = np.isin(shorter.shingles, beginning)
    gaps = np.flatnonzero(np.concatenate(([True], ~there, [True])))
    return bool(there.mean() >= PART and np.diff(gaps).max() - 1 >= UNBROKEN * len(there))


@dataclass(frozen=True)
class _Read:
    """A text as it is compared: its words in lower case without their marks."""

    text: str

    @property
    def units(self) -> list[str]:
        """Not kept: they take ten times as much room as their shingles."""
        return UNIT.findall(unicodedata.normalize("NFKC", self.text).casefold())

    @cached_property
    def _counted(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint64]]:
        """`reach` and `shingles`."""
        units = self.units
        # Which units are letters of a script without blanks.
        letters = np.zeros(len(units), dtype=np.bool_)
        if LETTER.search("".join(units)):
            is_letter = {unit: bool(LETTER.match(unit)) for unit in set(units)}
            letters = np.array([is_letter[unit] for unit in units], dtype=np.bool_)
        count = len(units)
        hashed = np.zeros(count + CHARACTERS, dtype=np.uint64)
        each = {unit: zlib.crc32(unit.encode("utf-8", "surrogatepass")) for unit in set(units)}
        hashed[:count] = [each[unit] for unit in units]
        runs = [hashed[:count]]
        for place in range(1, CHARACTERS):
            runs.append(runs[-1] * MIX + hashed[place : place + count])
        reach = np.cumsum(np.where(letters, 0.5, 1.0))
        return reach, np.where(letters, runs[CHARACTERS - 1], runs[WORDS - 1])

    @property
    def reach(self) -> npt.NDArray[np.float64]:
        """How many words there are up to each unit; a letter of a script without blanks counts for half a word."""
        return self._counted[0]

    @property
    def shingles(self) -> npt.NDArray[np.uint64]:
        """That of each unit, with those behind it, as a hash of 64 bits."""
        return self._counted[1]

    @cached_property
    def length(self) -> float:
        """In words."""
        return float(self.reach[-1]) if len(self.reach) else 0.0

    @cached_property
    def held(self) -> npt.NDArray[np.uint64]:
        """Its shingles, each once, in order."""
        return np.unique(self.shingles)

    @cached_property
    def figures(self) -> dict[tuple[str, ...], set[str]]:
        """The two words before and the one behind a figure → the figures that stand there; dates are none."""
        found: dict[tuple[str, ...], set[str]] = {}
        units = self.units
        for i, unit in enumerate(units):
            beside = (*units[max(0, i - 2) : i], "…", *units[i + 1 : i + 2])
            if (unit[0].isdigit() or unit in FIGURES) and not any(DATED.fullmatch(u) for u in (unit, *beside)):
                found.setdefault(beside, set()).add(THOUSANDS.sub("", unit))
        return found

    def units_within(self, words: float) -> int:
        """How many units these words at the beginning are."""
        return int(np.searchsorted(self.reach, words, side="right"))


def _differ_in_a_figure(one: _Read, other: _Read) -> bool:
    return any(not values & other.figures.get(place, values) for place, values in one.figures.items())


def _touched(known: Mapping[int, int], fresh: Collection[int] | None, here: Collection[int]) -> set[int]:
    """The members of every voice that one of these belongs to, or one that is not here any more."""
    changed = set(fresh or ())
    voices = {original for pair in known.items() for original in pair[1:] if not changed.isdisjoint(pair)}
    voices |= {original for copy, original in known.items() if copy not in here or original not in here}
    return {n for copy, original in known.items() if original in voices for n in (copy, original)} & set(here)


def _candidates(signatures: Mapping[int, bytes], fresh: Collection[int]) -> Iterator[tuple[int, int]]:
    """Pairs of numbers, the first one fresh, whose signatures agree in a band; of many, those that agree most."""
    numbers = np.array(sorted(n for n, value in signatures.items() if len(value) == SIZE), dtype=np.int64)
    if not len(numbers):
        return
    table = np.frombuffer(b"".join(signatures[n] for n in numbers.tolist()), dtype="<u4").reshape(-1, SIZE // 4)
    is_fresh = np.isin(numbers, np.fromiter(fresh, dtype=np.int64, count=len(fresh)))
    groups = list({group.tobytes(): group for keys in _bands(table) for group in _groups(keys, is_fresh)}.values())
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


def _bands(table: npt.NDArray[np.uint32]) -> Iterator[npt.NDArray[np.uint64]]:
    """For each band, what each signature has in it, as one number."""
    first = 0
    for bands, rows in (WHOLE_BANDS, OPENING_BANDS):
        for start in range(first, first + bands * rows, rows):
            keys = np.zeros(len(table), dtype=np.uint64)
            for column in range(start, start + rows):
                keys = keys * MIX + table[:, column]
            yield keys
        first += bands * rows


def _groups(keys: npt.NDArray[np.uint64], is_fresh: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.int64]]:
    """The places of equal keys, of those groups that have a fresh one, in order."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], np.diff(keys[order]) != 0)))
    sizes = np.diff(np.append(starts, len(keys)))
    wanted = np.flatnonzero((sizes > 1) & (np.add.reduceat(is_fresh[order], starts) > 0))
    return [order[starts[i] : starts[i] + sizes[i]] for i in wanted.tolist()]


def _resolved(kin: Mapping[tuple[int, int], Kinship], order: Order, length: Callable[[int], float]) -> dict[int, int]:
    """Every text of a voice → its one original, by whatever chain they hang together."""
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


def _hash_values(shingles: npt.NDArray[np.uint64], permutations: int) -> bytes:
    made = _empty(permutations).copy()
    folded = np.unique((shingles ^ shingles >> np.uint64(32)) & np.uint64(0xFFFFFFFF))
    for start in range(0, len(folded), HASHED):
        made.update_batch(folded[start : start + HASHED].tolist())
    return np.asarray(made.hashvalues, dtype="<u4").tobytes()


@cache
def _empty(permutations: int) -> "MinHash":
    # Imported here: datasketch brings scipy, which takes a second to load, and answering needs neither.
    from datasketch import MinHash  # noqa: PLC0415

    return MinHash(permutations, seed=1, hashfunc=int, scheme="affine32")
