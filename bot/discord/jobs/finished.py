"""How a job ended, from what its child process said last and how it left."""

from dataclasses import dataclass

from bot.contract.events import Failure
from bot.contract.schema import Report
from bot.errors import BUG, REFUSED, RUNNING, STOPPED

SENTENCE_AT_MOST = 2000  # characters of an error's sentence


@dataclass(frozen=True, slots=True)
class Finished:
    """How a job ended: with a report, or with a sentence on why not. `code` is the command's exit code.

    A report stands even where `code` is not 0: some entries were rejected, and the others taken in. A sentence that is
    not `public` names paths or settings: it is logged for maintainers, and moderators are told only that it failed.
    """

    report: Report | None = None
    error: str | None = None
    code: int = 0
    cancelled: bool = False
    public: bool = True


def conclude(last: Report | Failure | None, code: int, *, cancelled: bool) -> Finished:
    """Return how a job ended.

    `last`: its last line, if it was a report or an error. `code`: its exit code; negative, the signal that ended it.
    `cancelled`: whether we asked it to stop.
    """
    match last:
        case Report() as report:
            return Finished(report=report, code=code)
        case Failure(code=code_said) if code_said == RUNNING:  # its own sentence names the folder
            elsewhere = "Another refresh is at work, started outside Discord. Try again when it has finished."
            return Finished(error=elsewhere, code=code_said)
        case Failure(error=sentence, code=code_said):
            public = code_said in {REFUSED, STOPPED}
            return Finished(error=sentence[:SENTENCE_AT_MOST], code=code_said, cancelled=cancelled, public=public)
    if cancelled:
        return Finished(error="Stopped. Nothing was lost.", code=STOPPED, cancelled=True)
    if code < 0:
        reason = "was ended from outside; perhaps memory ran out"
    else:
        reason = f"ended without a report (exit code {code}); the log says more"
    return Finished(error=f"The work {reason}. What was committed stands; start it again.", code=code or BUG)
