"""An exception → one sentence for the person, an exit code for a script, and for a bug one record for us."""

import errno
import logging
import os
import re
import secrets
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO})  # of our own output
WORD = re.compile(r"\w{3,}")  # what is shorter names nobody and nothing
STOPPED_SAID = "Stopped. Nothing was lost."
BUG, USAGE, REFUSED, DATA, RUNNING, MODEL, SETTINGS, MISSED, STOPPED = 1, 2, 3, 4, 5, 6, 7, 8, 130
# How `footnote run` ends when Discord will not have it: a supervisor should not start it again before it is mended.
TOKEN, ACCESS, INTENTS, SHARDING, NETWORK, GATEWAY = 10, 11, 12, 13, 14, 15


class NotStarted(Exception):
    """A sentence on why the Discord process cannot run, with the remedy, and the exit code that goes with it."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


class MemberRefused(Exception):
    """A sentence for the member who asked: what is not possible now, and what to do."""


class QueueFull(MemberRefused):
    def __init__(self) -> None:
        super().__init__("Too many questions are waiting right now. Ask again in a minute.")


class Restarting(MemberRefused):
    def __init__(self) -> None:
        super().__init__("The bot is being restarted. Ask again in a minute.")


class TookTooLong(MemberRefused):
    def __init__(self) -> None:
        super().__init__(
            "The answer took too long, so it was left. Ask again in a minute; if it stays, tell a moderator."
        )


class CoolingDown(MemberRefused):
    """`done` and `next_one` say what was done too often; `until`: seconds since 1970, when it may be done again."""

    def __init__(self, done: str, next_one: str, until: int) -> None:
        super().__init__(f"{done} often enough for now. The next {next_one} may come <t:{until}:R>.")
        self.until = until


class NotHere(MemberRefused): ...


class NotAllowed(MemberRefused): ...


def exit_code(error: Exception) -> int:
    """The code that the command ends with; docs/operators.md lists them."""
    from corpus import DataUnusable, InputRefused, ModelUnusable, RefreshRunning  # noqa: PLC0415  not for --help

    match error:
        case InputRefused():
            return REFUSED
        case DataUnusable():
            return DATA
        case RefreshRunning():
            return RUNNING
        case ModelUnusable():
            return MODEL
        case _:
            return BUG


class SettingsUnusable(Exception):
    """A sentence on what is wrong in the environment or in `.env`."""


def settings_problem(error: Exception) -> SettingsUnusable:
    """What is wrong, by the name of each variable, or with the file itself."""
    from pydantic import ValidationError  # noqa: PLC0415  not for --help

    if not isinstance(error, ValidationError):
        return SettingsUnusable(
            f"The settings cannot be read ({error}). Is .env plain UTF-8 text, and the folder there?"
        )
    faults = []
    for fault in error.errors():
        message = fault["msg"].removeprefix("Value error, ")
        faults.append(f"FOOTNOTE_{'_'.join(map(str, fault['loc'])).upper()}: {message[:1].lower()}{message[1:]}")
    return SettingsUnusable(
        f"The settings are not right: {'; '.join(faults)}. Correct them in the environment or in .env."
    )


def check_settings_file() -> None:
    """Raises SettingsUnusable where `.env` is no text: libraries of ours read it as they are imported."""
    try:
        Path(".env").read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError):
        return
    except (OSError, UnicodeDecodeError) as error:
        raise settings_problem(error) from error


def record_bug(error: BaseException, folder: Path | None) -> str:
    """Write the trace to a file and return a sentence that says where it is."""
    reference = secrets.token_hex(4)
    trace = "".join(traceback.format_exception(error))
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} reference {reference}\n{trace}\n"
    sentence = f"Something went wrong that should not have (reference {reference})"
    for place in (folder, None):
        try:
            file = _append(place / "footnote-errors.log", entry) if place else _write_aside(entry)
        except OSError:
            continue
        return f"{sentence}; the details are in {file}. Please report them. Nothing was lost."
    return f"{sentence}: {type(error).__name__}. Please report it. Nothing was lost."


def _append(path: Path, entry: str) -> Path:
    """To a file that its owner alone may read: a trace holds what people have asked."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        os.fchmod(handle, 0o600)
        file.write(entry)
    return path


def _write_aside(entry: str) -> Path:
    """Into a new file with a name that nobody can guess: anybody may put links into the folder of temporary files."""
    handle, name = tempfile.mkstemp(prefix="footnote-errors-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(entry)
    return Path(name)


def _trace_without(written: str, error: BaseException) -> str:
    """Return the trace of an error and its causes; in their sentences, each word of `written` becomes "…"."""
    words = set(WORD.findall(written.casefold()))
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    parts = []
    for one in reversed(chain):
        sentence = WORD.sub(lambda found: "…" if found[0].casefold() in words else found[0], str(one))
        frames = "".join(traceback.format_tb(one.__traceback__))
        parts.append(f"{frames}{type(one).__module__}.{type(one).__qualname__}: {sentence}")
    return "\nwhich led to\n".join(parts)


def apology(error: BaseException, written: str = "") -> str:
    """Return the sentence for a member after a bug: that it is ours, and the reference of its trace in the log.

    `written`: what the member wrote, whose words are taken out of the errors' own: nobody could delete them from a log.
    """
    reference = secrets.token_hex(4)
    log.error("Reference %s\n%s", reference, _trace_without(written, error))
    return (
        f"Something went wrong here, and it is not your fault. Try again; if it stays, tell a moderator: {reference}."
    )
