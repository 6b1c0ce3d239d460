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
    *("right", "passages.recall", "quotes.recall", "quotes.f1"),
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


def compare(then: Evaluation, now: Evaluation) -> Comparison:
    """Raises InputRefused where they are of different questions."""
    before, after = {j.id: j for j in then.judged}, {j.id: j for j in now.judged}
    _check_same(before, after)
    ids = sorted(after)
    pairs = [(before[i], after[i]) for i in ids]
    verdicts = [(then.values.get("right"), now.values.get("right"), now) for then, now in pairs]
    old, new = latencies(then), latencies(now)
    return Comparison(
        changes([before[i] for i in ids], [after[i] for i in ids]),
        {name: Latency(old[name], new[name]) for name in new},
        tuple(j for was, now_is, j in verdicts if was and not now_is),
        tuple(j for was, now_is, j in verdicts if now_is and not was),
        tuple(_notes(then, now)),
    )


def _check_same(before: Mapping[str, Judged], after: Mapping[str, Judged]) -> None:
    gone, new = [i for i in before if i not in after], [i for i in after if i not in before]
    changed = [i for i in after if i in before and before[i].key != after[i].key]
    said = {"are only in the report": gone, "are not in the report": new, "were changed since": changed}
    told = [f"{_listed(ids)} {what}" for what, ids in said.items() if ids]
    if told:
        raise InputRefused(
            f"The earlier report is of other questions, so its figures cannot be compared: {'; '.join(told)}. "
            "Evaluate the same file on both sides."
        )


def _listed(ids: list[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(map(shown, ids[:NAMED])) + more


def _notes(then: Evaluation, now: Evaluation) -> list[str]:
    told = {"model": (then.model, now.model), "entries": (then.entries, now.entries)}
    told["passages"] = (then.passages, now.passages)
    return [f"The {what} changed: {was} → {is_now}." for what, (was, is_now) in told.items() if was != is_now]


def latencies(evaluation: Evaluation) -> dict[str, float]:
    """The figures of speed: latency_ms.total.p50 and so on."""
    return {
        f"latency_ms.{stage}.{name}": value
        for stage in STAGES
        for name, value in percentiles([getattr(j.timings_ms, stage) for j in evaluation.judged]).items()
    }


def named_figures(evaluation: Evaluation) -> dict[str, Figure]:
    """All figures by the names that floors use: right, quotes.f1, kinds.fact.right …"""
    found = figures(evaluation.judged)
    for kind, its in figures_by_kind(evaluation.judged).items():
        found |= {f"kinds.{kind}.{name}": figure for name, figure in its.items()}
    return found


def missed(floors: Mapping[str, float], evaluation: Evaluation) -> list[Miss]:
    """The floors that the evaluation does not keep. Of a figure of which less is better, its floor is a ceiling."""
    values = {name: figure.value for name, figure in named_figures(evaluation).items()} | latencies(evaluation)
    return [
        Miss(name, floor, values.get(name))
        for name, floor in floors.items()
        if not _keeps(name, floor, values.get(name))
    ]


def _keeps(name: str, floor: float, value: float | None) -> bool:
    return value is not None and (value <= floor if is_less_better(name) else value >= floor)


def new_floors(floors: Mapping[str, float], evaluation: Evaluation, *, lower: bool = False) -> dict[str, float]:
    """Floors one question below the present figures: what another processor rounds otherwise is no loss.

    They rise, and where `lower` says so they fall, too. What names no figure stays, and so do latencies.
    """
    found = named_figures(evaluation)
    names = [*floors] or [name for name in FIRST_FLOORS if name in found]
    return {name: _new_floor(name, floors.get(name), found.get(name), lower=lower) for name in names}


def _new_floor(name: str, floor: float | None, figure: Figure | None, *, lower: bool) -> float:
    if figure is None:
        return floor or 0.0
    if is_less_better(name):
        fresh = round(min(1.0, figure.value + 1 / figure.n), 3)
        return fresh if floor is None or lower else min(floor, fresh)
    fresh = round(max(0.0, figure.value - 1 / figure.n), 3)
    return fresh if floor is None or lower else max(floor, fresh)
