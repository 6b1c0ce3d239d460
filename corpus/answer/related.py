"""What else to read: entries near the question or near an entry, and never one that is cited. Pure."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from corpus.answer.search import Vector

GUIDES, EVENTS, NEAREST = 3, 8, 3
QUESTION = 0.5  # the question's share in what related entries are near to; the rest is the cited entries'


def direction(question: Vector | None, cited: Sequence[Vector]) -> Vector:
    """What related entries should be near to: as much the question as all cited entries together.

    A cosine with a sum is the sum of cosines, so that one product with all entries' vectors weighs them all.
    """
    mean = np.mean(cited, axis=0) if cited else None
    if question is None or mean is None:
        return np.asarray(mean if question is None else question, dtype=np.float32)
    return np.asarray(QUESTION * question + (1 - QUESTION) * mean, dtype=np.float32)


def related_numbers(
    numbers: npt.NDArray[np.int64],
    closeness: Vector,
    guides: Collection[int],
    excluded: Collection[int],
    among: Collection[int] | None = None,
) -> tuple[list[int], list[int]]:
    """The numbers of the nearest guides and of the nearest events, nearest first.

    `closeness[i]` is how near entry `numbers[i]` is. Only those `among` count, where given, and none of the excluded.
    """
    fitting = ~_in(numbers, excluded)
    if among is not None:
        fitting &= _in(numbers, among)
    candidates = numbers[fitting]
    ordered = candidates[np.lexsort((candidates, -closeness[fitting]))]
    guide = _in(ordered, guides)
    return ordered[guide][:GUIDES].tolist(), ordered[~guide][:EVENTS].tolist()


def _in(numbers: npt.NDArray[np.int64], chosen: Collection[int]) -> npt.NDArray[np.bool_]:
    return np.isin(numbers, np.fromiter(chosen, dtype=np.int64, count=len(chosen)))
