"""What the bot keeps of a community, in plain words, and for how long.

`person` and `asker` are keyed hashes. A user's id stands in the clear in a LogLine alone: moderators answer for what
they do, until they wish to be forgotten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Verdict = Literal["up", "down"]

# How long each is kept; /privacy says so. Settings, and which entries were announced, stay with the server.
ANSWERS_KEPT = timedelta(days=180)  # of cards, too
GAPS_KEPT = timedelta(days=180)  # since it was last asked
VOTES_KEPT = timedelta(days=180)
LOG_KEPT = timedelta(days=365)
THREADS_KEPT = timedelta(days=365)  # and the numbers in them
PENDING_KEPT = timedelta(days=1)
FORMER_MODERATOR = "a former moderator"  # in the log, in place of who was forgotten

QUESTION_AT_MOST = 1000  # characters of a question, and of a reason, that are kept
CHANNELS_AT_MOST = 100
QUESTIONS_AT_MOST = 100
SECONDS_AT_MOST = 3600


class SettingRefused(ValueError):
    """A sentence for the moderator on what a setting may be."""


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """Where a quote stands: `hash` is that of the quote, so that it is found again when the entry has changed."""

    number: int
    entry: str
    start: int
    end: int
    hash: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the buttons of an answer need after a restart. `asker` is "" once that person was forgotten.

    `covered`: whether it quotes anything, be it only the closest.
    """

    id: str
    made: datetime
    guild: int | None
    channel: int | None
    message: int | None
    asker: str
    private: bool
    covered: bool
    generation: int
    filters: Mapping[str, str] = field(default_factory=dict)
    citations: tuple[KeptCitation, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Votes:
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """A vote. `question` is "" once the answer is no longer kept, or who asked was forgotten."""

    answer: str
    verdict: Verdict
    question: str
    reason: str | None
    guild: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was not covered, as it was last asked; `times` counts it in any case and with any blanks."""

    question: str
    times: int
    last: datetime


@dataclass(frozen=True, slots=True)
class LogLine:
    at: datetime
    user_id: int
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Card:
    """A job's message that was still in progress: after a crash it is mended."""

    id: str
    guild: int
    channel: int
    message: int
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """An addition that was previewed and waits for Apply: the words of the command that does it."""

    id: str
    guild: int
    person: str
    words: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a person was un-named (answers, lines of the log) or deleted (the rest).

    `pending`: the ids of their additions, whose files are not of this record.
    """

    answers: int
    feedback: int
    gaps: int
    log: int = 0
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A server's settings. No `channels`, no `roles`: everywhere, for everybody. `questions` in `seconds` of each."""

    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    private: bool = False
    announce: int | None = None
    questions: int = 5
    seconds: int = 60


def changed(settings: GuildSettings, changes: Mapping[str, Any]) -> GuildSettings:
    """The settings with these changes. Raises SettingRefused, with what is allowed."""
    checked = {name: _checked(name, value) for name, value in changes.items()}
    return replace(settings, **checked)


def _checked(name: str, value: Any) -> Any:
    match name:
        case "channels" | "roles":
            return _ids(name, value)
        case "private":
            if isinstance(value, bool):
                return value
            raise SettingRefused("Private is either on or off.")
        case "announce":
            return None if value is None else _ids("announcement channels", [value])[0]
        case "questions":
            return _number("questions", value, QUESTIONS_AT_MOST)
        case "seconds":
            return _number("seconds", value, SECONDS_AT_MOST)
    known = ", ".join(field.name for field in fields(GuildSettings))
    raise SettingRefused(f"There is no setting “{name[:40]}”. There are: {known}.")


def _ids(what: str, given: Iterable[Any]) -> tuple[int, ...]:
    """Ids of Discord, each once, in the order given."""
    ids = tuple(dict.fromkeys(given))
    if not all(isinstance(i, int) and not isinstance(i, bool) and 0 < i < 2**63 for i in ids):
        raise SettingRefused(f"One of the {what} is none that Discord knows.")
    if len(ids) > CHANNELS_AT_MOST:
        raise SettingRefused(f"{len(ids)} {what} are too many; at most {CHANNELS_AT_MOST} can be named.")
    return ids


def _number(what: str, value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise SettingRefused(f"The number of {what} is a whole number from 1 to {most}.")
    return value
