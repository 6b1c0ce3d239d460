"""What a job says: JSON from a child process → frozen dataclasses. It is believed in nothing until it has been parsed.

A line is {"event": "progress", "stage", "done", "total", "current", "estimate"}, or at last {"event": "report", …} with
the keys of docs/json.md, or {"event": "error", "error", "code"}.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator, Field, TypeAdapter, ValidationError

from bot.errors import BUG, REFUSED, RUNNING, STOPPED

SENTENCE_AT_MOST = 2000  # characters of an error's sentence
Count = Annotated[int, Field(ge=0, le=2**53)]


@dataclass(frozen=True, slots=True)
class JobProgress:
    """`current`: what is being done just now, from outside. `estimate`: seconds that the stage may still take."""

    stage: str
    done: Count
    total: Count
    current: str = ""
    estimate: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    event: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True)
class Rejection:
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How reading a source went: `outcome` is read, unchanged, failed or closed, and `sentence` says it in words."""

    name: str
    outcome: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CrossPost:
    """The entry `id` says what the entry `of` said before."""

    id: str
    of: str


@dataclass(frozen=True, slots=True)
class JobReport:
    """What changed, or with `dry_run` would change: ids of entries.

    `undoes`: the run that an undo goes back on, and `undone` in words. `saved_plan`: the SHA-256 of the plan that a dry
    run has kept.
    """

    dry_run: bool
    committed: bool
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    indexed: Count = 0
    generation: Count | None = None
    notes: tuple[str, ...] = ()
    undone: str | None = None
    undoes: Count | None = None
    sources: tuple[SourceReport, ...] = ()
    duplicates: tuple[CrossPost, ...] = ()
    saved_plan: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    event: Literal["report"] = "report"


@dataclass(frozen=True, slots=True)
class JobError:
    error: Annotated[str, Field(min_length=1)]
    code: int = BUG
    event: Literal["error"] = "error"


Event = JobProgress | JobReport | JobError
EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Discriminator("event")])


def parse_event(line: bytes) -> Event | None:
    """What a line says, or None where it says nothing that we know."""
    try:
        return EVENTS.validate_json(line)
    except ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class Finished:
    """How a job ended: with a report, or with a sentence on why not. `code` is the command's exit code.

    A report stands even where `code` is not 0: some entries were rejected, and the others taken in. A sentence that is
    not `public` names paths or settings: it is logged for maintainers, and moderators are told only that it failed.
    """

    report: JobReport | None = None
    error: str | None = None
    code: int = 0
    cancelled: bool = False
    public: bool = True


def finished(ending: JobReport | JobError | None, code: int, *, cancelled: bool) -> Finished:
    """How it ended, by what was said last, the exit code (negative: the signal that ended it), and whether we asked."""
    match ending:
        case JobReport() as report:
            return Finished(report=report, code=code)
        case JobError(code=told) if told == RUNNING:  # its own sentence names the folder
            elsewhere = "Another refresh is at work, started outside Discord. Try again when it has finished."
            return Finished(error=elsewhere, code=told)
        case JobError(error=sentence, code=told):
            public = told in {REFUSED, STOPPED}
            return Finished(error=sentence[:SENTENCE_AT_MOST], code=told, cancelled=cancelled, public=public)
    if cancelled:
        return Finished(error="Stopped. Nothing was lost.", code=STOPPED, cancelled=True)
    if code < 0:
        reason = "was ended from outside; perhaps memory ran out"
    else:
        reason = f"ended without a report (exit code {code}); the log says more"
    return Finished(error=f"The work {reason}. What was committed stands; start it again.", code=code or BUG)
