"""The lines of `--json-lines`: what a change of the corpus says while it is carried out, and at its end."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Discriminator, Field, Tag, TypeAdapter, ValidationError

from bot.contract.schema import Count, Json, Report, Second, versioned, written


@dataclass(frozen=True, slots=True)
class Progress:
    """`current`: what is being done just now, from outside. `estimate`: seconds that the stage may still take."""

    stage: str
    done: Count
    total: Count
    current: str = ""
    estimate: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no report, as a sentence, and the exit code."""

    error: Annotated[str, Field(min_length=1)]
    code: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """`footnote refresh --watch` waits for its next round; None where no source is read by itself."""

    until: Second | None


Event = Progress | Report | Failure | Waiting
NAMES: dict[type[Event], str] = {Progress: "progress", Report: "report", Failure: "error", Waiting: "waiting"}


EVENTS: TypeAdapter[Event] = TypeAdapter(
    Annotated[
        Annotated[Progress, Tag("progress")]
        | Annotated[Report, Tag("report")]
        | Annotated[Failure, Tag("error")]
        | Annotated[Waiting, Tag("waiting")],
        Discriminator(lambda line: line.get("event") if isinstance(line, dict) else None),
    ]
)


def event_json(event: Event) -> Json:
    return {"event": NAMES[type(event)], **(versioned(event) if isinstance(event, Report) else written(event))}


def parse_event(line: bytes) -> Event | None:
    """Return what a line says, or None where it says nothing that we know."""
    try:
        return EVENTS.validate_json(line)
    except ValidationError:
        return None
