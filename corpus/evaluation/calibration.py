"""Whether the confidence separates what can be answered from what cannot, and whether it means what it says. Pure.

Each figure is a function of how often each question counts (resamples x questions) → its value for each resample.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.evaluation.judged import Judged

Floats = npt.NDArray[np.float64]
Weighted = Callable[[Floats], Floats]

BINS = 10
LOST = 0.05  # of the answerable questions, where the unanswerable ones that would be answered are counted


class Bin(NamedTuple):
    """The `n` questions with a confidence from `low` on and below `high`: how sure, and how often rightly."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


def reliability(judged: Sequence[Judged]) -> list[Bin]:
    """Return the bins of confidence, of ten, that hold a question."""
    known = [j for j in judged if j.answerable is not None]
    table = []
    for number in range(BINS):
        its = [j for j in known if _bin_of(j.confidence) == number]
        if its:
            sure, right = sum(j.confidence for j in its) / len(its), sum(j.is_borne_out for j in its) / len(its)
            table.append(Bin(number / BINS, (number + 1) / BINS, len(its), sure, right))
    return table


def auroc(judged: Sequence[Judged]) -> Weighted | None:
    """Return how often an answerable question has more confidence than an unanswerable one; a tie is half."""
    yes, no, sure = _split_by_answer(judged)
    if not (yes.any() and no.any()):
        return None
    more = np.greater.outer(sure[yes], sure[no]) + 0.5 * np.equal.outer(sure[yes], sure[no])

    def area(counts: Floats) -> Floats:
        keeps, leaves = counts[:, yes], counts[:, no]
        return divide(((keeps @ more) * leaves).sum(axis=1), keeps.sum(axis=1) * leaves.sum(axis=1))

    return area


def answered_at_95(judged: Sequence[Judged]) -> Weighted | None:
    """Return the share of the unanswerable questions that are at least as sure as 95% of the answerable ones."""
    yes, no, sure = _split_by_answer(judged)
    if not (yes.any() and no.any()):
        return None
    ordered = np.argsort(sure[yes], kind="stable")

    def answered(counts: Floats) -> Floats:
        keeps, leaves = counts[:, yes][:, ordered], counts[:, no]
        lost = np.floor(LOST * keeps.sum(axis=1))
        bar = sure[yes][ordered][np.argmax(keeps.cumsum(axis=1) > lost[:, None], axis=1)]
        return divide((leaves * np.greater_equal.outer(sure[no], bar).T).sum(axis=1), leaves.sum(axis=1))

    return answered


def calibration_error(judged: Sequence[Judged]) -> Weighted | None:
    """Return the expected calibration error: how far confidence is from the share that is right, over ten bins."""
    known, off = _measure_errors(judged)
    if not known.any():
        return None
    bins = np.array([_bin_of(j.confidence) for j in judged])
    spread = np.equal.outer(bins, np.arange(BINS)) * off[:, None]
    return lambda counts: divide(np.abs(counts @ spread).sum(axis=1), counts @ known)


def brier(judged: Sequence[Judged]) -> Weighted | None:
    """Return the Brier score: the mean square of how far the confidence is from what was so, 1 or 0."""
    known, off = _measure_errors(judged)
    return (lambda counts: divide(counts @ off**2, counts @ known)) if known.any() else None


def divide(some: Floats, whole: Floats) -> Floats:
    """Return the share for each resample; not a number, where one holds no question of the sort."""
    shares: Floats = np.divide(some, whole, out=np.full(len(some), np.nan), where=whole > 0)
    return shares


def _split_by_answer(judged: Sequence[Judged]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], Floats]:
    """Return which questions can be answered, which cannot, and the confidence of each."""
    answerable = [j.answerable for j in judged]
    sure = np.array([j.confidence for j in judged])
    return np.array([a is True for a in answerable]), np.array([a is False for a in answerable]), sure


def _measure_errors(judged: Sequence[Judged]) -> tuple[Floats, Floats]:
    """Return for each question whether an answer is known, and how far its confidence is from what was so."""
    known = np.array([j.answerable is not None for j in judged], dtype=float)
    return known, known * np.array([j.confidence - j.is_borne_out for j in judged])


def _bin_of(confidence: float) -> int:
    return min(int(confidence * BINS), BINS - 1)
