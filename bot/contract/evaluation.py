"""The report of `footnote eval --json`, and what earlier reports and files of floors say. In words: docs/eval.md.

What is read here was written by a program or by hand, some time ago: hostile until parsed.
"""

import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.text import plain
from corpus import (
    Comparison,
    Evaluation,
    Figure,
    FileRefused,
    Miss,
    Stub,
    figures,
    figures_by_kind,
    latencies,
    reliability,
)

FORM = 1  # of the report; raised where an older one can no longer be read
ABOUT = ("generation", "model", "entries", "passages")
Json = dict[str, Any]


def evaluation_json(evaluation: Evaluation, now: datetime | None = None) -> Json:
    kinds = figures_by_kind(evaluation.judged)
    numbers = {kind: sum(j.kind == kind for j in evaluation.judged) for kind in kinds}
    return {
        "report": FORM,
        "made": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        **{name: getattr(evaluation, name) for name in ABOUT},
        "questions": len(evaluation.judged),
        "empty": evaluation.empty,
        "rejected": [{"where": r.where, "reason": r.reason} for r in evaluation.rejected],
        "figures": _figures(figures(evaluation.judged)),
        "kinds": {kind: {"questions": numbers[kind], "figures": _figures(its)} for kind, its in kinds.items()},
        "latency_ms": _nested(latencies(evaluation)),
        "reliability": [one._asdict() for one in reliability(evaluation.judged)],
        "invented": sum(j.invented for j in evaluation.judged),
        "judged": [asdict(j) for j in evaluation.judged],
    }


def _figures(found: Mapping[str, Figure]) -> Json:
    return {name: figure._asdict() for name, figure in found.items()}


def _nested(found: Mapping[str, float]) -> Json:
    stages: dict[str, Json] = {}
    for name, value in found.items():
        _, stage, percentile = name.split(".")
        stages.setdefault(stage, {})[percentile] = value
    return stages


def comparison_json(comparison: Comparison) -> Json:
    return {
        "changes": {name: {**c._asdict(), "clear": c.is_clear} for name, c in comparison.changes.items()},
        "latency_ms": {
            name.removeprefix("latency_ms."): latency._asdict() for name, latency in comparison.latencies.items()
        },
        "went_wrong": [j.id for j in comparison.went_wrong],
        "came_right": [j.id for j in comparison.came_right],
        "notes": list(comparison.notes),
    }


def missed_json(misses: Sequence[Miss]) -> list[Json]:
    return [{"figure": m.name, "floor": m.floor, "value": m.value, "sentence": m.sentence} for m in misses]


def stub_json(stub: Stub) -> Json:
    """A line of questions with its question left to be written."""
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
    """An evaluation as an earlier report tells it. Raises FileRefused."""
    value = _loaded(place)
    if not isinstance(value, dict) or value.get("report") != FORM:
        raise FileRefused(f"{place} is no report; make one by `footnote eval QUESTIONS --json > {place}`.")
    fields = {name: value.get(name) for name in (*ABOUT, "judged")}
    try:
        return TypeAdapter(Evaluation).validate_python(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise FileRefused(f"{place} is no whole report ({where}: {fault['msg']}); make it anew.") from error


def read_floors(place: str) -> dict[str, float]:
    """Figure → floor, of a file of JSON or TOML; nested names are joined by full stops. Raises FileRefused."""
    value = _loaded(place)
    if not isinstance(value, dict):
        raise FileRefused(f'{place} holds no floors; write {{"right": 0.8, "quotes.f1": 0.5}}.')
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


def _loaded(place: str) -> Any:
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
