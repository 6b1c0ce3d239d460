"""The report of `footnote eval --json`, and what earlier reports and files of floors say. In words: docs/eval.md.

What is read here was written by a program or by hand, some time ago: hostile until parsed.
"""

import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.contract import schema
from bot.contract.schema import Count, Json, Number, Second, filled, read, written
from bot.text import plain
from corpus import (
    Comparison,
    Evaluation,
    FileRefused,
    Judged,
    Miss,
    Stub,
    figures,
    figures_by_kind,
    latencies,
    reliability,
)

FORM = 1  # of the report; raised where an older one can no longer be read
Optional = Field(default=None, exclude_if=lambda value: value is None)  # a key that stands there only where it is said


@dataclass(frozen=True, slots=True)
class Figure:
    value: Number
    n: Count
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class KindFigures:
    questions: Count
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Bin:
    low: Number
    high: Number
    n: Count
    confidence: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Change:
    then: Number
    now: Number
    low: Number
    high: Number
    clear: bool


@dataclass(frozen=True, slots=True)
class Latency:
    then: Number
    now: Number


@dataclass(frozen=True, slots=True)
class Compared:
    changes: dict[str, Change]
    latency_ms: dict[str, Latency]
    went_wrong: tuple[str, ...]
    came_right: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissedFloor:
    figure: str
    floor: Number
    value: Number | None
    sentence: str


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The questions with their values, and what follows from them, which is computed anew where a report is read."""

    report: Literal[1]
    made: Second
    generation: Count | None
    model: str
    entries: Count
    passages: Count
    questions: Count
    empty: Count
    rejected: tuple[schema.Rejection, ...]
    figures: dict[str, Figure]
    kinds: dict[str, KindFigures]
    latency_ms: dict[str, dict[str, Number]]
    reliability: tuple[Bin, ...]
    invented: Count
    judged: tuple[Judged, ...]
    against: Annotated[Compared | None, Optional] = None
    missed: Annotated[tuple[MissedFloor, ...] | None, Optional] = None


def evaluation_json(
    evaluation: Evaluation,
    comparison: Comparison | None = None,
    misses: Sequence[Miss] | None = None,
    now: datetime | None = None,
) -> Json:
    """Return the report of an evaluation, with what changed since an earlier one and the floors that it misses."""
    judged = evaluation.judged
    stages: dict[str, dict[str, Number]] = {}
    for name, value in latencies(evaluation).items():
        _, stage, percentile = name.split(".")
        stages.setdefault(stage, {})[percentile] = value
    return written(
        filled(
            EvaluationReport,
            evaluation,
            report=FORM,
            made=now or datetime.now(UTC),
            questions=len(judged),
            figures=figures(judged),
            kinds={
                kind: filled(KindFigures, questions=sum(j.kind == kind for j in judged), figures=found)
                for kind, found in figures_by_kind(judged).items()
            },
            latency_ms=stages,
            reliability=reliability(judged),
            invented=sum(j.invented for j in judged),
            against=comparison and _compared(comparison),
            missed=None if misses is None else [filled(MissedFloor, miss, figure=miss.name) for miss in misses],
        )
    )


def _compared(comparison: Comparison) -> Compared:
    return filled(
        Compared,
        comparison,
        changes={name: filled(Change, change, clear=change.is_clear) for name, change in comparison.changes.items()},
        latency_ms={name.removeprefix("latency_ms."): latency for name, latency in comparison.latencies.items()},
        went_wrong=[judged.id for judged in comparison.went_wrong],
        came_right=[judged.id for judged in comparison.came_right],
    )


def stub_json(stub: Stub) -> Json:
    """Return a line of questions with its question left to be written."""
    entry = stub.entry
    return {
        "id": f"{entry.id}-{stub.start}",
        "kind": "fact",
        "question": "",
        "quotes": [{"entry": entry.id, "text": stub.text, "start": stub.start, "end": stub.end}],
        "hint": {
            "title": entry.title,
            "who": [person.name for person in entry.people],
            "source": entry.source,
            "date": entry.published.isoformat(),
            "section": stub.section,
            "sentence": " ".join(stub.text.split()),
        },
    }


def read_report(place: str) -> Evaluation:
    """Return the evaluation of an earlier report. Raises FileRefused."""
    value = _load(place)
    if not isinstance(value, dict) or value.get("report") != FORM:
        raise FileRefused(f"{place} is no report; make one by `footnote eval QUESTIONS --json > {place}`.")
    found = read(EvaluationReport, value, place, "report")
    return Evaluation(found.judged, found.generation, found.model, found.entries, found.passages)


def read_floors(place: str) -> dict[str, float]:
    """Return figure → floor, of a file of JSON or TOML; nested names are joined by full stops. Raises FileRefused."""
    value = _load(place)
    if not isinstance(value, dict):
        raise FileRefused(f'{place} holds no floors; write {{"right": 0.8, "highlights.f1": 0.5}}.')
    floors = dict(_flat(value, ""))
    for name, floor in floors.items():
        if isinstance(floor, bool) or not isinstance(floor, int | float) or not math.isfinite(floor):
            raise FileRefused(f"{place}: the floor of {plain(name)} is no number; write one, or take it out.")
    return floors


def _flat(value: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, under in value.items():
        if isinstance(under, dict):
            yield from _flat(under, f"{above}{name}.")
        else:
            yield f"{above}{name}", under


def _load(place: str) -> Any:
    try:
        text = Path(place).read_text(encoding="utf-8")
        return tomllib.loads(text) if place.endswith(".toml") else json.loads(text)
    except FileNotFoundError as error:
        raise FileRefused(f"{place} does not exist; check the path.") from error
    except OSError as error:
        raise FileRefused(f"{place} cannot be read ({error.strerror}); check the path and its permissions.") from error
    except (ValueError, RecursionError) as error:
        form = "TOML" if place.endswith(".toml") else "JSON"
        raise FileRefused(f"{place} is not {form} ({error}); check what it holds.") from error
