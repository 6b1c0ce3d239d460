"""Changes of the corpus that moderators ask for: previewed, confirmed, carried out by a job with a card."""

import asyncio
import contextlib
import logging
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import discord
from discord import ui

from bot.contract.schema import Report
from bot.discord import error_replies
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.interactions import TRANSIENT, defer, retry
from bot.discord.jobs import uploads
from bot.discord.jobs.card import (
    RESTARTED,
    JobCard,
    Subject,
    cancel_button,
    confirm_buttons,
    ended_text,
    failure_text,
    outcome,
    running_text,
    undo_button,
)
from bot.discord.jobs.finished import Finished
from bot.discord.jobs.process import Job, JobRefused, JobRunning
from bot.discord.jobs.schedule import BY, RENEWAL
from bot.discord.markdown import escape
from bot.discord.permissions import CardChannel, channel_for_card, check_may_change
from bot.discord.places import is_staff
from bot.discord.store.database import CommunityDamaged
from bot.discord.store.models import Pending
from bot.errors import MemberRefused
from bot.text import shorten

log = logging.getLogger(__name__)

PLAN = "plan.jsonl"  # in the folder of what is previewed
PREVIEW_SECONDS = 600.0  # a preview has to be there before its interaction ends, after 15 minutes
USED_UP = "This was applied or discarded already, or is too old. Begin anew."
ENDED = "This work has ended already; /corpus status says what the corpus holds now."
NOT_YOURS = "Only who started this work, or who may manage the server where that was, can cancel it."
STARTED = "Started: how it goes on stands in this channel."
WITHOUT_CARD = "So the work goes on without a message; /corpus log says how it ended."


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `footnote`, and `what` it does in words."""

    what: str
    words: tuple[str, ...]

    def as_dry_run(self, plan: Path | None = None) -> "Command":
        """Return the same command as a dry run, which keeps its plan in a file."""
        kept = () if plan is None else (f"--save-plan={plan}",)
        return Command(f"{self.what} (dry run)", (self.words[0], "--dry-run", *kept, *self.words[1:]))


class JobRunner:
    """Starts jobs and follows each to its end, whatever becomes of its card."""

    def __init__(self, client: FootnoteBot) -> None:
        self._client = client
        self._following: set[asyncio.Task[None]] = set()
        self._subjects: dict[str, Subject] = {}  # of the jobs at work
        self._cancelled_by: dict[str, str] = {}

    # A job with a card

    async def start(self, interaction: Interaction, command: Command, pending_id: str = "") -> None:
        """Start a command, and say so. Raises MemberRefused where it cannot be started.

        `pending_id`: the preview that was confirmed; its files are deleted at the end.
        """
        await self._start(interaction, command, command.what, pending_id)

    async def start_dry_run(self, interaction: Interaction, command: Command) -> None:
        """Start a dry run, whose card has a button that applies just what it shows. Raises as `start` does."""
        pending_id = secrets.token_hex(8)
        await self._start(interaction, command.as_dry_run(self._plan_file(pending_id)), command.what, pending_id)

    async def _start(self, interaction: Interaction, command: Command, goal: str, pending_id: str) -> None:
        channel = channel_for_card(interaction)
        job = await self._started(interaction, command)
        self._subjects[job.id] = Subject(
            command.what, job.by, interaction.user.id, int(time.time()), interaction.guild_id
        )
        follow = self._follow(interaction, job, channel, goal, pending_id)
        following = asyncio.create_task(follow, name=f"card {job.id}")
        self._following.add(following)
        following.add_done_callback(self._ended)
        await self._report(interaction, STARTED)

    async def _started(self, interaction: Interaction, command: Command) -> Job:
        running = self._client.jobs.running
        if running and running.what == RENEWAL:  # that begins anew, and no answer waits for it
            if not interaction.response.is_done():
                await defer(interaction, private=True)
            running.cancel()
            await running.wait()
        try:
            return await self._client.jobs.start(command.words, command.what, interaction.user.name)
        except JobRefused as error:
            raise refused(error) from error

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._following.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("A job could not be followed to its end.", exc_info=error)

    async def _follow(
        self, interaction: Interaction, job: Job, channel: CardChannel, goal: str, pending_id: str
    ) -> None:
        """Follow a job to its end. `goal`: what it does, or what a dry run prepares, in words."""
        subject, before, plan_kept = self._subjects[job.id], self.titles(), False

        async def last(ended: Finished) -> tuple[str, ui.View | None]:
            nonlocal plan_kept
            # The titles as the job began, too, so that what it has removed has a name.
            text = ended_text(subject, ended, before | self.titles(), self._cancelled_by.get(job.id))
            if ended.report and await self._keep_plan(interaction, goal, ended.report, pending_id):
                plan_kept = True
                return text, confirm_buttons("Apply", pending_id, dangerous=False)
            return text, undo_button() if ended.report and ended.report.committed else None

        with self._client.at_work():
            try:
                card = await self._post(interaction, job, subject, channel)
                await self._client.note(interaction, f"{job.what}: started")
                if card is None:
                    ended = await job.wait()
                else:
                    ended, shown = await card.follow(last)
                    if shown:
                        await self._close_card(job.id)
                log.info("The job “%s” of %s has ended: %s", job.what, job.by, outcome(ended))
                await self._client.note(interaction, f"{job.what}: {outcome(ended)}")
            finally:
                self._subjects.pop(job.id, None)
                self._cancelled_by.pop(job.id, None)
                if pending_id and not plan_kept:
                    await asyncio.to_thread(uploads.drop, self._client.library.data_dir, pending_id)

    async def _post(self, interaction: Interaction, job: Job, subject: Subject, channel: CardChannel) -> JobCard | None:
        """Post the card; None where that fails: the work goes on without it."""
        text, buttons = running_text(subject, None), cancel_button(job.id)
        try:
            sent = await retry(lambda: channel.send(text, view=buttons, nonce=interaction.id))
        except (discord.HTTPException, *TRANSIENT) as error:
            log.warning("The card of “%s” could not be posted: %s. The work goes on.", job.what, error)
            with contextlib.suppress(discord.HTTPException, *TRANSIENT):  # nothing can be sent
                sentence, _ = error_replies.sentence_for(error)
                await error_replies.send_privately(interaction, f"{sentence} {WITHOUT_CARD}")
            return None
        place, now = (interaction.guild_id or 0, sent.channel.id, sent.id), datetime.now(UTC)
        await self._client.store.use_or(None, lambda stored: stored.cards.open(job.id, *place, job.what, now))
        message = self._client.get_partial_messageable(sent.channel.id).get_partial_message(sent.id)
        return JobCard(message, subject, job)

    async def _keep_plan(self, interaction: Interaction, goal: str, report: Report, pending_id: str) -> bool:
        """Keep the plan of a dry run for its confirmation; return False where it would change nothing."""
        if not pending_id or not report.saved_plan or not (report.new or report.changed):
            return False
        words = ("apply", f"--sha256={report.saved_plan}", "--", str(self._plan_file(pending_id)))
        try:
            await self.keep_pending(interaction, Command(goal, words), pending_id)
        except CommunityDamaged as error:  # the report is shown all the same
            log.error("%s", error)  # noqa: TRY400  the sentence says all
            return False
        return True

    def _plan_file(self, pending_id: str) -> Path:
        """Make the folder of a preview, and return the path of its plan."""
        folder = self._client.library.data_dir / uploads.FOLDER / pending_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder / PLAN

    def titles(self) -> dict[str, str]:
        return {title.id: title.title for title in self._client.library.titles}

    async def cancel(self, interaction: Interaction, job_id: str) -> None:
        job, subject = self._client.jobs.running, self._subjects.get(job_id)
        if job is None or job.id != job_id or subject is None:
            raise MemberRefused(ENDED)
        own = is_staff(interaction) or interaction.user.id == subject.starter
        if interaction.guild_id != subject.guild or not own:
            raise MemberRefused(NOT_YOURS)
        self._cancelled_by.setdefault(job_id, interaction.user.name)
        job.cancel()
        await error_replies.send_privately(interaction, "It is being stopped.")
        await self._client.note(interaction, f"{job.what}: cancelled it")

    async def finish_lost_cards(self) -> None:
        """Edit the cards that an earlier process left in progress: what ran was interrupted."""
        for card in await self._client.store.use_or([], lambda stored: stored.cards.all()):
            if card.id in self._subjects:
                continue
            message = self._client.get_partial_messageable(card.channel).get_partial_message(card.message)
            what = escape(shorten(card.what[:1].upper() + card.what[1:], 150))
            text = f"**{what}**\n{RESTARTED}"
            try:
                await retry(lambda message=message, text=text: message.edit(content=text, view=None))  # type: ignore[misc]
            except TRANSIENT as error:
                log.info("The card of an earlier run could not be mended now: %s", error)
                continue
            except discord.HTTPException as error:
                log.info("The card of an earlier run is gone: %s", error)
            await self._close_card(card.id)

    async def _close_card(self, card_id: str) -> None:
        await self._client.store.use_or(None, lambda stored: stored.cards.close(card_id))

    # First a preview, then a press

    async def preview_addition(
        self, interaction: Interaction, command: Command, pending_id: str
    ) -> tuple[Report, bool]:
        """Return what a refresh would take in, and whether its plan is kept to be applied. Raises as `preview` does."""
        report = await self.preview(interaction, command.as_dry_run(self._plan_file(pending_id)))
        return report, await self._keep_plan(interaction, command.what, report, pending_id)

    async def preview(self, interaction: Interaction, dry: Command) -> Report:
        """Return the report of a dry run. Raises MemberRefused where it fails or takes too long."""
        job = await self._started(interaction, dry)
        try:
            with self._client.at_work():
                ended = await asyncio.wait_for(job.wait(), PREVIEW_SECONDS)
        except TimeoutError as error:
            job.cancel()
            raise MemberRefused("The preview took too long and was stopped. Nothing was changed.") from error
        if ended.report is None:
            raise MemberRefused(failure_text(ended, dry.what))
        return ended.report

    async def keep_pending(self, interaction: Interaction, command: Command, pending_id: str | None = None) -> str:
        """Keep a command until somebody confirms it, over a restart, too; return its id."""
        kept_as = pending_id or secrets.token_hex(8)
        person = await self._client.store.use(lambda stored: stored.people.hash_of(interaction.user.id))
        words = (command.what, *command.words)
        place, now = interaction.guild_id or 0, datetime.now(UTC)
        await self._client.store.use(lambda stored: stored.pending.keep(kept_as, place, person, words, now))
        return kept_as

    async def confirm(self, interaction: Interaction, pending_id: str) -> None:
        """Carry out what was previewed: once, however often the button is pressed."""
        check_may_change(interaction)
        channel_for_card(interaction)
        if (running := self._client.jobs.running) and running.what != RENEWAL:
            raise refused(JobRunning(running.what, running.by))
        with error_replies.acknowledged_before():  # what follows may have to wait for questions
            await interaction.response.defer()
        interaction.extras["shown"] = True  # a refusal from here on stands beside the preview, not in its place
        pending = await self._client.store.use(lambda stored: stored.pending.get(pending_id))
        if pending is None or not _is_fresh(pending, interaction):
            raise MemberRefused(USED_UP)
        what, *words = pending.words
        command = Command(what, tuple(words))
        if not await self._client.store.use(lambda stored: stored.pending.drop(pending_id)):
            raise MemberRefused(USED_UP)
        try:
            await self.start(interaction, command, pending_id)
        except MemberRefused:
            await self.keep_pending(
                interaction, command, pending_id
            )  # somebody else was faster: it can be pressed again
            raise

    async def discard(self, interaction: Interaction, pending_id: str) -> None:
        check_may_change(interaction)
        pending = await self._client.store.use(lambda stored: stored.pending.get(pending_id))
        is_ours = pending is not None and _is_fresh(pending, interaction)
        if not is_ours or not await self._client.store.use(lambda stored: stored.pending.drop(pending_id)):
            raise MemberRefused(USED_UP)
        await asyncio.to_thread(uploads.drop, self._client.library.data_dir, pending_id)
        await self._report(interaction, "Discarded. Nothing was changed.")

    @staticmethod
    async def _report(interaction: Interaction, sentence: str) -> None:
        """Reply in place of the buttons that were pressed, or beside a card, whose text stays."""
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await retry(lambda: interaction.edit_original_response(content=sentence))
            return
        if interaction.type is not discord.InteractionType.component:
            await error_replies.send_privately(interaction, sentence)
            return
        on_card = interaction.message is not None and not interaction.message.flags.ephemeral
        content = discord.utils.MISSING if on_card else sentence
        if interaction.response.is_done():
            await retry(lambda: interaction.edit_original_response(content=content, view=None))
        else:
            with error_replies.acknowledged_before():
                await interaction.response.edit_message(content=content, view=None)
        if on_card:
            await interaction.followup.send(sentence, ephemeral=True)


def refused(error: JobRefused) -> MemberRefused:
    if isinstance(error, JobRunning):
        if error.by == BY:
            return MemberRefused("The schedule is reading the sources just now. Try again when it has finished.")
        who, what = escape(error.by), escape(shorten(error.what, 150))
        return MemberRefused(f"{who} has started “{what}”, and it is still at work. Wait for its end, or cancel it.")
    return MemberRefused(escape(str(error)))


def _is_fresh(pending: Pending, interaction: Interaction) -> bool:
    age = datetime.now(UTC) - pending.at
    known = pending.words[1:2] in {("apply",), ("remove",), ("undo",)}  # a version before kept orders in another form
    return known and pending.guild == (interaction.guild_id or 0) and age.total_seconds() < uploads.KEPT
