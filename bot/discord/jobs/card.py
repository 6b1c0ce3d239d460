"""The message that shows a job: its progress, how it ended, and the edits that keep it up to date."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.contract.events import Progress
from bot.contract.schema import Report
from bot.discord.components import DANGER, button, view
from bot.discord.interactions import TRANSIENT, retry
from bot.discord.jobs.finished import Finished
from bot.discord.jobs.process import Job
from bot.discord.markdown import MOST, escape, escape_within
from bot.shared import STAGES
from bot.text import group_by_reason, shorten, size

log = logging.getLogger(__name__)

PACE = 1.0  # seconds between two edits of a card
LAST_PAUSES = (0.0, 5.0, 20.0, 60.0)  # seconds before each try to show the end
BAR = 12
LISTED = (10, 6, 3, 1, 0)  # how many of each kind are listed: as many as there is room for
LONGEST_LINE = 150
LONGEST_NOTE = 300
TROUBLES = {"failed", "closed"}  # outcomes of reading a source that a moderator should know of
LONGEST_REASON = 600
# The folders before a file's name: what a server is shown names no places of the machine.
FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/:]+/)+")
RESTARTED = "The bot was restarted while this ran; /corpus status says what the corpus holds now."
STOPPED_WITH_BOT = "The bot was stopped while this ran. Nothing was lost; start it again when it is back."


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about. `since`: seconds from 1970; `by`: who started it, and `starter` their id, in `guild`."""

    what: str
    by: str
    starter: int
    since: int
    guild: int | None = None

    @property
    def head(self) -> str:
        what = self.what[:1].upper() + self.what[1:]
        return f"**{escape(shorten(what, 150))}** · started by {escape(self.by)} <t:{self.since}:R>"


def without_folders(text: str) -> str:
    return FOLDERS.sub("", text)


def running_text(subject: Subject, progress: Progress | None) -> str:
    if progress is None:
        return f"{subject.head}\nStarting …"
    stage = escape(shorten(STAGES.get(progress.stage, progress.stage), 60))
    if progress.total <= 1:
        return f"{subject.head}\n{stage} …"
    done = min(progress.done, progress.total)
    filled = BAR * done // progress.total
    left = f" · {time_left(progress.estimate)}" if progress.estimate and done < progress.total else ""
    line = f"{stage} {'▰' * filled}{'▱' * (BAR - filled)} {done} of {progress.total}{left}"
    current = escape_within(shorten(without_folders(progress.current), LONGEST_LINE), LONGEST_LINE)
    return "\n".join([subject.head, line, *([f"-# {current}"] if current else [])])


def time_left(seconds: float) -> str:
    """Return how long a stage may still take, no more exactly than it is known."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute left"
    hours = round(seconds / 3600)
    if minutes < 90:  # noqa: PLR2004  two hours are shown as such
        return f"about {minutes} minute{'s' * (minutes > 1)} left"
    return f"about {hours} hours left"


def counts(report: Report) -> str:
    """Return how much of each, in words (2 new · 1 changed · 9 unchanged)."""
    always = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
    sometimes = {"removed": report.removed, "rejected": report.rejected}
    parts = [f"{len(found)} {name}" for name, found in always.items()]
    parts += [f"{len(found)} {name}" for name, found in sometimes.items() if found]
    if failed := sum(source.outcome == "failed" for source in report.sources):
        parts.append("1 source failed" if failed == 1 else f"{failed} sources failed")
    return " · ".join(parts)


def report_text(head: str, report: Report, titles: Mapping[str, str]) -> str:
    """A report below its heading: what changed, by title where it is known, and what was rejected and why."""
    lines = [head, counts(report)]
    if report.undone:
        lines.append(f"Taken back: {escape(shorten(report.undone, 250))}.")
    groups = {
        "Sources": [
            f"{source.name} {source.outcome}: {without_folders(source.sentence)}"
            for source in report.sources
            if source.outcome in TROUBLES
        ],
        "New": [_named(entry, titles) for entry in report.new],
        "Changed": [_named(entry, titles) for entry in report.changed],
        "Removed": [_named(entry, titles) for entry in report.removed],
        "Cross-posts": [f"{copy.id} is a cross-post of {_named(copy.of, titles)}" for copy in report.duplicates],
        "Rejected": group_by_reason((without_folders(r.where), without_folders(r.reason)) for r in report.rejected),
    }
    notes = [f"-# {escape_within(without_folders(note), LONGEST_NOTE)}" for note in report.notes[:3]]
    for most in LISTED:
        listed = [line for name, described in groups.items() for line in _list_lines(name, described, most)]
        message = "\n".join([*lines, *listed, *notes])
        if size(message) <= MOST:
            break
    return message


def _named(entry_id: str, titles: Mapping[str, str]) -> str:
    title = titles.get(entry_id)
    return f"{title} ({entry_id})" if title else entry_id


def _list_lines(name: str, described: Sequence[str], most: int) -> Iterable[str]:
    if not described or not most:
        return
    yield f"**{name}**"
    for line in described[:most]:
        yield f"- {escape(shorten(line, LONGEST_LINE))}"
    if len(described) > most:
        yield f"-# and {len(described) - most} more"


def failure_text(ended: Finished, what: str) -> str:
    """Return why there is no report, for moderators. What names paths or settings goes to the log alone."""
    if ended.public:
        return escape(without_folders(shorten(ended.error or "", LONGEST_REASON)))
    reference = secrets.token_hex(4)
    log.warning("Reference %s: the job “%s” failed: %s", reference, what, ended.error)
    return f"It failed, and nothing was lost. The log says why: tell the maintainer the reference {reference}."


def outcome(ended: Finished) -> str:
    """Return how a job ended, as a line of the moderators' log."""
    if ended.cancelled:
        return "cancelled"
    if ended.report is None:
        return f"failed: {shorten(without_folders(ended.error or ''), 200)}" if ended.public else "failed"
    return counts(ended.report) + ("" if ended.report.committed else ", no change")


def ended_text(subject: Subject, ended: Finished, titles: Mapping[str, str], cancelled_by: str | None) -> str:
    if ended.cancelled:
        described = f"Cancelled by {escape(cancelled_by)}. Nothing was lost." if cancelled_by else STOPPED_WITH_BOT
        return f"{subject.head}\n{described}"
    if ended.report is None:
        return f"{subject.head}\n{failure_text(ended, subject.what)}"
    report = ended.report
    if report.dry_run:
        stated = "A dry run: nothing was changed. It would be:"
    elif report.committed:
        stated = f"Done: the corpus is at generation {report.generation}."
    else:
        stated = "Nothing had to change."
    return report_text(f"{subject.head}\n{stated}", report, titles)


class JobCard:
    """A job's message: edited at most once a second, always to the newest state, and at last to its end."""

    def __init__(self, message: discord.PartialMessage, subject: Subject, job: Job) -> None:
        self._message = message
        self._subject = subject
        self._job = job
        self._shown = running_text(subject, None)
        self._edited = time.monotonic()
        self._gone = False

    async def follow(
        self, last: Callable[[Finished], Coroutine[Any, Any, tuple[str, ui.View | None]]]
    ) -> tuple[Finished, bool]:
        """Show the job until its end, then the text and buttons that `last` gives.

        Returns how it ended, and False where that could not be shown: then the card is finished at the next start.
        """
        waiting = asyncio.create_task(self._job.wait())
        while not (await asyncio.wait({waiting}, timeout=PACE))[0]:
            text = running_text(self._subject, self._job.progress)
            if not self._gone and text != self._shown:
                await self._show(text)
        ended = waiting.result()
        await asyncio.sleep(max(0.0, self._edited + PACE - time.monotonic()))
        return ended, await self._show_last(*await last(ended))

    async def _show(self, text: str) -> None:
        try:
            await self._message.edit(content=text, view=cancel_button(self._job.id))
            self._shown = text
        except (discord.NotFound, discord.Forbidden) as error:
            self._gone = True
            log.warning("The card of “%s” can no longer be shown: %s. The work goes on.", self._subject.what, error)
        except (discord.HTTPException, *TRANSIENT) as error:
            log.info("An edit of a card was lost: %s", error)
        self._edited = time.monotonic()

    async def _show_last(self, text: str, buttons: ui.View | None) -> bool:
        for pause in () if self._gone else LAST_PAUSES:
            await asyncio.sleep(pause)
            try:
                await retry(lambda: self._message.edit(content=text, view=buttons))
            except TRANSIENT:
                continue
            except discord.HTTPException as error:
                log.warning("The card of “%s” could not be brought to its end: %s", self._subject.what, error)
                self._gone = isinstance(error, discord.NotFound | discord.Forbidden)
                break
            return True
        return self._gone


def cancel_button(job_id: str) -> ui.View:
    return view(button("Cancel", "cancel", job_id))


def undo_button() -> ui.View:
    return view(button("Undo", "undo", "", emoji="↩️"))


def confirm_buttons(label: str, pending_id: str, *, dangerous: bool) -> ui.View:
    style = DANGER if dangerous else discord.ButtonStyle.success
    return view(button(label, "go", pending_id, style=style), button("Discard", "discard", pending_id))
