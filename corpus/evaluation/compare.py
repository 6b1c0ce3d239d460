"""Two evaluations of the same questions compared, and an evaluation held against its floors. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from corpus.errors import InputRefused
from corpus.evaluation.figures import (
    STAGES,
    Change,
    Figure,
    changes,
    figures,
    figures_by_kind,
    is_less_better,
    percentiles,
)
from corpus.evaluation.judged import Evaluation, Judged
from corpus.evaluation.questions import shown

# What a new file of floors holds; any other name of a figure may be written into it.
FIRST_FLOORS = (
    *("right", "passages.recall", "quotes.recall", "highlights.f1"),
    *("coverage.auroc", "coverage.refused", "coverage.answered"),
)
NAMED = 5  # ids in a sentence


class Latency(NamedTuple):
    """A percentile of a stage's milliseconds, then and now."""

    then: float
    now: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What has changed since an earlier evaluation. `went_wrong`, `came_right`: with the questions as they are now."""

    changes: Mapping[str, Change]
    latencies: Mapping[str, Latency]
    went_wrong: tuple[Judged, ...]
    came_right: tuple[Judged, ...]
    notes: tuple[str, ...]


class Miss(NamedTuple):
    """A floor that is missed, or that names no figure."""

    name: str
    floor: float
    value: float | None

    @property
    def sentence(self) -> str:
        if self.value is None:
            return (
                f"{shown(self.name)} is no figure of these questions; take it out of the floors, or correct its name."
            )
        limit = "ceiling" if is_less_better(self.name) else "floor"
        side = "above" if is_less_better(self.name) else "below"
        return f"{self.name} is {self.value:.3f}, {side} its {limit} of {self.floor:.3f}."


def compare(earlier: Evaluation, later: Evaluation) -> Comparison:
    """Return what has changed between two evaluations. Raises InputRefused where they are of different questions."""
    before, after = {j.id: j for j in earlier.judged}, {j.id: j for j in later.judged}
    _check_same(before, after)
    pairs = [(before[i], after[i]) for i in sorted(after)]
    verdicts = [(bool(b.values.get("right")), bool(a.values.get("right")), a) for b, a in pairs]
    old, new = latencies(earlier), latencies(later)
    made_with = {name: (getattr(earlier, name), getattr(later, name)) for name in ("model", "entries", "passages")}
    return Comparison(
        changes([b for b, _ in pairs], [a for _, a in pairs]),
        {name: Latency(old[name], new[name]) for name in new},
        tuple(j for was, is_right, j in verdicts if was and not is_right),
        tuple(j for was, is_right, j in verdicts if is_right and not was),
        tuple(f"The {what} changed: {was} → {is_now}." for what, (was, is_now) in made_with.items() if was != is_now),
    )


def _check_same(before: Mapping[str, Judged], after: Mapping[str, Judged]) -> None:
    """Raise InputRefused where these are not the same questions, with some of those that are not."""
    differences = {
        "are only in the report": [i for i in before if i not in after],
        "are not in the report": [i for i in after if i not in before],
        "were changed since": [i for i in after if i in before and before[i].key != after[i].key],
    }
    clauses = []
    for what, ids in differences.items():
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        clauses += [f"{', '.join(map(shown, ids[:NAMED]))}{more} {what}"] if ids else []
    if clauses:
        raise InputRefused(
            f"The earlier report is of other questions, so its figures cannot be compared: {'; '.join(clauses)}. "
            "Evaluate the same file on both sides."
        )


def latencies(evaluation: Evaluation) -> dict[str, float]:
    """Return the figures of speed: latency_ms.total.p50 and so on."""
    return {
        f"latency_ms.{stage}.{name}": value
        for stage in STAGES
        for name, value in percentiles([getattr(j.timings_ms, stage) for j in evaluation.judged]).items()
    }


def named_figures(evaluation: Evaluation) -> dict[str, Figure]:
    """Return all figures by the names that floors use: right, quotes.f1, kinds.fact.right …"""
    named = figures(evaluation.judged)
    for kind, its in figures_by_kind(evaluation.judged).items():
        named |= {f"kinds.{kind}.{name}": figure for name, figure in its.items()}
    return named


def missed(floors: Mapping[str, float], evaluation: Evaluation) -> list[Miss]:
    """Return the floors that are not reached. Of a figure of which less is better, its floor is a ceiling."""
    values = {name: figure.value for name, figure in named_figures(evaluation).items()} | latencies(evaluation)
    misses = []
    for name, floor in floors.items():
        value = values.get(name)
        is_reached = value is not None and (value <= floor if is_less_better(name) else value >= floor)
        if not is_reached:
            misses.append(Miss(name, floor, value))
    return misses


def new_floors(floors: Mapping[str, float], evaluation: Evaluation, *, lower: bool = False) -> dict[str, float]:
    """Return floors one question below the present figures: what another processor rounds otherwise is no loss.

    They rise, and where `lower` says so they fall, too. What names no figure stays, and so do latencies.
    """
    named = named_figures(evaluation)
    names = [*floors] or [name for name in FIRST_FLOORS if name in named]
    return {name: _new_floor(name, floors.get(name), named.get(name), lower=lower) for name in names}


def _new_floor(name: str, floor: float | None, figure: Figure | None, *, lower: bool) -> float:
    if figure is None:
        return floor or 0.0
    if is_less_better(name):
        fresh = round(min(1.0, figure.value + 1 / figure.n), 3)
        return fresh if floor is None or lower else min(floor, fresh)
    fresh = round(max(0.0, figure.value - 1 / figure.n), 3)
    return fresh if floor is None or lower else max(floor, fresh)
