"""An exception → one sentence for the person, an exit code for a script, and for a bug one record for us."""

import errno
import logging
import secrets
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

log = logging.getLogger(__name__)

UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO, errno.EPIPE})  # of our own output
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
    """`until`: seconds since 1970, when another question may be asked."""

    def __init__(self, whose: str, until: int) -> None:
        super().__init__(f"{whose} asked often enough for now. The next question may come <t:{until}:R>.")
        self.until = until


class NotHere(MemberRefused): ...


class NotAllowed(MemberRefused): ...


def exit_code(error: Exception) -> int:
    """The code that the command ends with; the README lists them."""
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
    if not isinstance(error, ValidationError):
        return SettingsUnusable(
            f"The settings cannot be read ({error}). Is .env plain UTF-8 text, and the folder there?"
        )
    faults = []
    for fault in error.errors():
        said = fault["msg"].removeprefix("Value error, ")
        faults.append(f"FOOTNOTE_{'_'.join(map(str, fault['loc'])).upper()}: {said[:1].lower()}{said[1:]}")
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
    """Write the trace to a file and return the sentence that tells the person where it is."""
    reference = secrets.token_hex(4)
    trace = "".join(traceback.format_exception(error))
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} reference {reference}\n{trace}\n"
    told = f"Something went wrong that should not have (reference {reference})"
    for place in [p for p in (folder, Path(tempfile.gettempdir())) if p]:
        try:
            with (place / "footnote-errors.log").open("a", encoding="utf-8") as file:
                file.write(entry)
        except OSError:
            continue
        return f"{told}; the details are in {place / 'footnote-errors.log'}. Please report them. Nothing was lost."
    return f"{told}: {type(error).__name__}. Please report it. Nothing was lost."


def apology(error: BaseException) -> str:
    """What a member is told of a bug: that it is ours, and the reference under which its trace was logged."""
    reference = secrets.token_hex(4)
    log.error("Reference %s", reference, exc_info=error)
    return (
        f"Something went wrong here, and it is not your fault. Try again; if it stays, tell a moderator: {reference}."
    )
