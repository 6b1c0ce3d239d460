"""Many questions' values → figures, each with the interval that chance leaves it. Pure, and the same every time.

A figure is a function of how often each question counts: once for the figure itself, and as often as a resample of the
questions has drawn it for its interval (bootstrap, 95%). Two evaluations of the same questions are compared on the same
resamples, so that a hard question counts for neither.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from corpus.evaluation import calibration
from corpus.evaluation.calibration import Floats, Weighted, divide
from corpus.evaluation.judged import Judged

RESAMPLES, SEED = 1000, 1
OUTER = (2.5, 97.5)  # percentiles with 95% of the resamples between them
PERCENTILES = (50, 95, 99)
STAGES = ("embed", "search", "compose", "total")
MEANS = (
    *("right", "passages.recall", "passages.precision", "quotes.precision", "quotes.recall", "quotes.f1"),
    *("highlights.precision", "highlights.recall", "highlights.f1"),
    *("coverage.refused", "coverage.answered", "ranking.ndcg", "ranking.recall", "ranking.mrr"),
)
# Those that take questions of both sorts: where all of a kind can be answered, or none, the others of all kinds count.
TWO_SORTED: dict[str, Callable[[Sequence[Judged]], Weighted | None]] = {
    "coverage.auroc": calibration.auroc,
    "coverage.answered_at_95": calibration.answered_at_95,
}
CALIBRATED: dict[str, Callable[[Sequence[Judged]], Weighted | None]] = {
    "coverage.ece": calibration.calibration_error,
    "coverage.brier": calibration.brier,
}
FIGURES = (*MEANS, *TWO_SORTED, *CALIBRATED)
LESS_IS_BETTER = ("coverage.refused", "coverage.answered", "coverage.answered_at_95", *CALIBRATED)


class Figure(NamedTuple):
    """A figure over `n` questions, and the ends of its 95% interval."""

    value: float
    n: int
    low: float
    high: float


class Change(NamedTuple):
    """A figure then and now, and the ends of the 95% interval of the difference."""

    then: float
    now: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether it is more than the choice of questions explains."""
        return self.low > 0 or self.high < 0


def is_less_better(name: str) -> bool:
    return name.startswith("latency_ms.") or name.endswith(LESS_IS_BETTER)


def figures(judged: Sequence[Judged], others: Sequence[Judged] = ()) -> dict[str, Figure]:
    """Return every figure that these questions give. `others`: of all kinds, where these are of one kind."""
    found: dict[str, Figure] = {}
    both = _with_both_sorts(judged, others)
    for name in FIGURES:
        counted = both if name in TWO_SORTED else judged
        figure = _find_figure(name, counted)
        if figure is not None:
            low, high = _measure_interval(figure(_draw_resamples(len(counted))))
            number = sum(name in j.values if name in MEANS else j.answerable is not None for j in counted)
            found[name] = Figure(_compute_once(figure, len(counted)), number, low, high)
    return found


def figures_by_kind(judged: Sequence[Judged]) -> dict[str, dict[str, Figure]]:
    """Return kind → its figures, in the order in which the kinds first come."""
    kinds = dict.fromkeys(j.kind for j in judged)
    return {kind: figures([j for j in judged if j.kind == kind], judged) for kind in kinds}


def changes(earlier: Sequence[Judged], later: Sequence[Judged]) -> dict[str, Change]:
    """Return how the figures have changed; of the same questions, in the same order."""
    drawn = _draw_resamples(len(later))
    found: dict[str, Change] = {}
    for name in FIGURES:
        before, after = _find_figure(name, earlier), _find_figure(name, later)
        if before is not None and after is not None:
            low, high = _measure_interval(after(drawn) - before(drawn))
            found[name] = Change(_compute_once(before, len(earlier)), _compute_once(after, len(later)), low, high)
    return found


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of some latencies."""
    found = np.percentile(milliseconds, PERCENTILES) if milliseconds else np.zeros(len(PERCENTILES))
    return {f"p{name}": round(float(value), 2) for name, value in zip(PERCENTILES, found, strict=True)}


def _find_figure(name: str, judged: Sequence[Judged]) -> Weighted | None:
    """Return how a figure follows from how often each question counts; None where these questions do not give it."""
    if name not in MEANS:
        return (TWO_SORTED | CALIBRATED)[name](judged)
    has = np.array([name in j.values for j in judged], dtype=float)
    value = np.array([j.values.get(name, 0.0) for j in judged])
    return (lambda counts: divide(counts @ value, counts @ has)) if has.any() else None


def _with_both_sorts(judged: Sequence[Judged], others: Sequence[Judged]) -> list[Judged]:
    sorts = {j.answerable for j in judged if j.answerable is not None}
    return [*judged, *(o for o in others if len(sorts) == 1 and o.answerable is not None and o.answerable not in sorts)]


def _draw_resamples(questions: int) -> Floats:
    """Return how often each question is drawn, for each resample."""
    chance = np.random.default_rng(SEED)
    return chance.multinomial(questions, np.full(questions, 1 / questions), size=RESAMPLES).astype(np.float64)


def _measure_interval(values: Floats) -> tuple[float, float]:
    low, high = np.nanpercentile(values, OUTER)
    return round(float(low), 4), round(float(high), 4)


def _compute_once(figure: Weighted, questions: int) -> float:
    return round(float(figure(np.ones((1, questions)))[0]), 4)
