"""What is started without being asked: `refresh --due` whenever a source is due, and a new index after an upgrade."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.discord.client import FootnoteBot
from bot.discord.jobs.card import outcome, without_folders
from bot.discord.jobs.finished import Finished
from bot.discord.jobs.process import Job, JobRefused
from bot.discord.permissions import may_change
from bot.discord.store.community import Community
from bot.errors import MemberRefused
from corpus import Corpus, CorpusError

log = logging.getLogger(__name__)

BY = "the schedule"  # who started it, in the record of runs and in what moderators see
WHAT = "refresh of what is due"
WORDS = ("refresh", "--due")
RENEWAL = "new index after an upgrade"
RENEWAL_WORDS = ("rebuild", "--if-outdated")
RENEWAL_SECONDS = 72 * 3600.0  # a million passages take 6 to 21 hours with 2 cores; moderators' work goes before it
LOOK = 60.0  # seconds between two looks at the least; half as much more by chance, so that many bots spread
PAUSE = 300.0  # seconds between two refreshes at the least
MOST_FAILURES = 9  # that are counted: the pause grows no more
LONGEST_PAUSE = 4 * 3600.0  # after one that failed once more
REMARKS = 10  # lines of one refresh in the moderators' log


class Schedule:
    """Refreshes what is due, one job at a time. It posts no card, and waits while others are at work."""

    def __init__(self, client: FootnoteBot, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._not_before = 0.0
        self._failures = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._for_ever(), name="schedule")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK * random.uniform(1, 1.5))  # noqa: S311  no secret
            try:
                await self.look()
            except (CorpusError, MemberRefused) as error:  # damage, or too many questions: the next look may go well
                log.info("What is due could not be looked up: %s", error)
            except Exception:  # whatever it was: the sources must be read tomorrow all the same
                log.exception("The schedule stumbled; it goes on.")

    async def look(self) -> None:
        """Refresh what is due now, if anything is and nobody else is at work, and follow that to its end.

        First of all, make anew an index of another version or model, which goes on answering meanwhile.
        """
        if self._client.jobs.running or self._clock() < self._not_before:
            return
        outdated, due = await self._client.library.use(lambda corpus: (corpus.find_outdated(), next_due(corpus)))
        if outdated is not None:
            log.info("%s A new one is made beside it.", outdated.reason)
        elif due is None or due > datetime.now(UTC):
            return
        words, what = (WORDS, WHAT) if outdated is None else (RENEWAL_WORDS, RENEWAL)
        try:
            job = await self._client.jobs.start(words, what, BY, None if outdated is None else RENEWAL_SECONDS)
        except JobRefused:  # somebody was faster, or the bot is being stopped
            return
        with self._client.at_work():
            await self._note(job, await job.wait())

    async def _note(self, job: Job, ended: Finished) -> None:
        """Log how a refresh went: all of it in the log of the process, changes and notes in that of the moderators."""
        log.info("The job “%s” of %s has ended: %s", job.what, job.by, outcome(ended))
        self._failures = 0 if ended.report or ended.cancelled else min(self._failures + 1, MOST_FAILURES)
        self._not_before = self._clock() + min(PAUSE * 2**self._failures, LONGEST_PAUSE)
        now = datetime.now(UTC)
        keepers = [guild.id for guild in self._client.guilds if may_change(self._client, guild.id)]

        def note(stored: Community) -> None:
            for guild in keepers:
                for remark in remarks(ended, job.what):
                    stored.log.add(guild, 0, BY, remark, now)

        await self._client.store.use_or(None, note)


def next_due(corpus: Corpus) -> datetime | None:
    """Return when a source is to be read next by itself; None where that is switched off."""
    wanted = corpus.settings.refresh_hours > 0 and not corpus.settings.offline
    return corpus.next_due() if wanted else None


def remarks(ended: Finished, what: str = WHAT) -> list[str]:
    """Return what moderators should know of a job that nobody of them started: changes and notes."""
    if ended.report is None:
        return []
    done = f"generation {ended.report.generation}" if what == RENEWAL else outcome(ended)
    changed = [f"{what}: {done}"] if ended.report.committed else []
    return [*changed, *map(without_folders, ended.report.notes)][:REMARKS]
