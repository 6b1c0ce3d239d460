"""What the buttons of an answer do: evidence, related, votes, delete, share, follow up, ask in a thread."""

import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import discord
from discord.ext import commands

from bot.discord import error_replies
from bot.discord.admission import admit, checked_question, count_look
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.components import answer_buttons, entry_menu, question_modal, reason_modal
from bot.discord.error_codes import THREAD_EXISTS
from bot.discord.features.questions.conversations import Conversation
from bot.discord.features.questions.delivery import Delivery
from bot.discord.features.questions.message import evidence_messages
from bot.discord.features.questions.service import MemberQuestion
from bot.discord.interaction_data import fields
from bot.discord.interactions import defer, retry
from bot.discord.messages.question_lines import asked_in
from bot.discord.places import is_served, threads_possible
from bot.discord.rate_limits import Seen
from bot.discord.store.community import Community
from bot.discord.store.database import CommunityDamaged
from bot.discord.store.models import KeptAnswer, Verdict
from bot.errors import MemberRefused, NotAllowed
from bot.text import plain, shorten
from corpus import Context, Corpus, Entry, EntryUnknown, Filters, InputRefused, parse_filters

log = logging.getLogger(__name__)

NOT_KEPT = "This answer is no longer kept. Ask again with /ask."
ENTRY_GONE = "This entry has been taken out of the corpus."
NOT_YOURS = "Only who asked, or who may manage messages here, can delete an answer."
INTRODUCTION = (
    "Ask here by mentioning <@{me}>, or by a reply to this message with the ping on. What was asked before counts as "
    "context, and each [number] keeps its meaning."
)


class Answers(commands.Cog):
    def __init__(self, client: FootnoteBot, delivery: Delivery) -> None:
        self.client = client
        self.delivery = delivery
        self._shared = Seen()
        client.on_press("evidence", self.evidence)
        client.on_press("related", self.related)
        client.on_press("up", self.up)
        client.on_press("down", self.down)
        client.on_press("reason", self.reason)
        client.on_press("delete", self.delete)
        client.on_press("share", self.share)
        client.on_press("follow", self.follow)
        client.on_press("followed", self.followed)
        client.on_press("thread", self.thread)

    async def evidence(self, interaction: Interaction, answer_id: str) -> None:
        count_look(self.client, interaction)
        await defer(interaction, private=True)
        kept = await self._kept(interaction, answer_id)
        first, *more = evidence_messages(await self.client.library.use(_contexts(kept)))
        await retry(lambda: interaction.edit_original_response(content=first))
        interaction.extras["shown"] = True
        for content in more:
            await interaction.followup.send(content, ephemeral=True)

    async def related(self, interaction: Interaction, answer_id: str) -> None:
        count_look(self.client, interaction)
        await defer(interaction, private=True)
        kept = await self._kept(interaction, answer_id)
        entries = await self.client.library.use(_entries(kept))
        if not entries:
            raise MemberRefused(ENTRY_GONE)
        name = "What to read next" if kept.covered else "The nearest entries"
        menu = entry_menu(entries, "Choose an entry to see its page")
        await retry(lambda: interaction.edit_original_response(content=f"**{name}**", view=menu))

    # Votes

    async def up(self, interaction: Interaction, answer_id: str) -> None:
        await self._vote(interaction, answer_id, "up")
        await error_replies.send_privately(interaction, "Noted: 👍. Press the other to change it.")

    async def down(self, interaction: Interaction, answer_id: str) -> None:
        await self._vote(interaction, answer_id, "down")
        with error_replies.acknowledged_before():
            await interaction.response.send_modal(reason_modal(answer_id))

    async def reason(self, interaction: Interaction, answer_id: str) -> None:
        await self._kept(interaction, answer_id)
        person = await self.client.store.use(lambda stored: stored.people.hash_of(interaction.user.id))
        text = plain(str(fields(interaction).get("reason", "")))
        if text:
            await self.client.store.use(lambda stored: stored.feedback.give_reason(answer_id, person, text))
        await error_replies.send_privately(interaction, "Noted: 👎. Press the other to change it.")

    async def _vote(self, interaction: Interaction, answer_id: str, verdict: Verdict) -> None:
        await self._kept(interaction, answer_id)
        person = await self.client.store.use(lambda stored: stored.people.hash_of(interaction.user.id))
        message = interaction.message.content if interaction.message else ""
        question = asked_in(message, as_written=True) or ""  # as understood, it may hold what somebody else asked
        guild, now = interaction.guild_id, datetime.now(UTC)
        await self.client.store.use(
            lambda stored: stored.feedback.vote(answer_id, person, verdict, question, guild, now)
        )

    # The message itself

    async def delete(self, interaction: Interaction, answer_id: str) -> None:
        kept, own = await self.client.store.use_or((None, False), _served(interaction, answer_id))
        shown_to_all = interaction.message is not None and not interaction.message.flags.ephemeral
        manages = interaction.guild_id is not None and interaction.permissions.manage_messages and shown_to_all
        if not own and not manages:
            raise NotAllowed(NOT_YOURS)
        with error_replies.acknowledged_before():
            await interaction.response.defer()
        with contextlib.suppress(discord.NotFound):  # somebody was faster
            await interaction.delete_original_response()
        if kept is not None:
            await self.client.store.use_or(None, lambda stored: stored.answers.drop(answer_id))
        if not own and interaction.guild_id:
            await self.client.note(interaction, "deleted an answer")

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self.delivery.conversations.forget(payload.channel_id)  # a question goes with its message, whoever deleted it

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        self.delivery.conversations.forget(payload.channel_id)

    async def share(self, interaction: Interaction, answer_id: str) -> None:
        """Post the private answer again, for all, under an id of its own."""
        kept = await self._kept(interaction, answer_id)
        if interaction.message is None or not kept.private:
            raise MemberRefused(NOT_KEPT)
        await admit(self.client, interaction)
        if not self._shared.first_time(answer_id):
            raise MemberRefused("This answer was shared already.")
        shared = replace(kept, id=secrets.token_urlsafe(9), message=None, private=False, made=datetime.now(UTC))
        await self.client.store.use(lambda stored: stored.answers.keep(shared))
        buttons = answer_buttons(
            shared.id,
            covered=kept.covered,
            related=bool(kept.related),
            private=False,
            threads=kept.covered and threads_possible(interaction),
        )
        sent = await interaction.response.send_message(interaction.message.content, view=buttons)
        channel, message = interaction.channel_id, sent.message_id
        if message and channel:
            await self.client.store.use_or(None, lambda stored: stored.answers.place(shared.id, channel, message))

    # Going on

    async def follow(self, interaction: Interaction, answer_id: str) -> None:
        await self._filters(interaction, answer_id)
        with error_replies.acknowledged_before():
            await interaction.response.send_modal(question_modal(answer_id))

    async def followed(self, interaction: Interaction, answer_id: str) -> None:
        question = checked_question(str(fields(interaction).get("question", "")))
        filters = await self._filters(interaction, answer_id)
        settings = await admit(self.client, interaction, question)
        before = asked_in(interaction.message.content) if interaction.message else None
        asked = MemberQuestion(
            question=question,
            asker=interaction.user.id,
            guild=interaction.guild_id,
            channel=interaction.channel_id,
            private=settings.private or bool(interaction.message and interaction.message.flags.ephemeral),
            filters=filters,
            conversation=Conversation(earlier=(before,) if before else ()),
            threads=threads_possible(interaction),
        )
        await self.delivery.answer_interaction(interaction, asked)

    async def thread(self, interaction: Interaction, answer_id: str) -> None:
        message, me = interaction.message, self.client.user
        if message is None or interaction.guild is None or me is None:
            raise MemberRefused("A thread can only be opened in a server.")
        may = interaction.app_permissions
        needed = (
            ("Create Public Threads", may.create_public_threads),
            ("Send Messages in Threads", may.send_messages_in_threads),
        )
        for name, has in needed:
            if not has:
                raise NotAllowed(f"The bot lacks the permission {name} in this channel. Tell a moderator.")
        await admit(self.client, interaction)
        await defer(interaction, private=True)
        kept = await self._kept(interaction, answer_id)
        if kept.private:
            raise MemberRefused(NOT_KEPT)
        name = shorten(plain(asked_in(message.content) or "Questions"), 90)
        try:
            thread = await message.create_thread(name=name, auto_archive_duration=1440)
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
            raise MemberRefused(f"There is a thread on this answer already: <#{message.id}>.") from error
        cited = [citation.entry for citation in sorted(kept.citations, key=lambda citation: citation.number)]
        guild, now = interaction.guild.id, datetime.now(UTC)
        await self.client.store.use(lambda stored: stored.threads.open(thread.id, guild, now))
        await self.client.store.use(lambda stored: stored.threads.number(thread.id, cited))
        await retry(lambda: thread.send(INTRODUCTION.format(me=me.id), nonce=interaction.id))
        await interaction.edit_original_response(content=f"Here it goes on: <#{thread.id}>.")

    async def _filters(self, interaction: Interaction, answer_id: str) -> Filters:
        """Return the filters of the answer that is followed up; none where the record cannot be used."""
        try:
            kept = await self._kept(interaction, answer_id)
        except CommunityDamaged as error:
            log.error("%s", error)  # noqa: TRY400  the sentence says all
            return parse_filters()
        return parse_filters(**kept.filters)

    async def _kept(self, interaction: Interaction, answer_id: str) -> KeptAnswer:
        """Return the answer whose button was pressed. Raises MemberRefused, with one sentence whatever is wrong."""
        kept, _ = await self.client.store.use(_served(interaction, answer_id))
        if kept is None:
            raise MemberRefused(NOT_KEPT)
        return kept


def _served(interaction: Interaction, answer_id: str) -> Callable[[Community], tuple[KeptAnswer | None, bool]]:
    """The answer, if this press is for it, and whether who pressed had asked."""

    def find(stored: Community) -> tuple[KeptAnswer | None, bool]:
        kept, person = stored.answers.get(answer_id), stored.people.hash_of(interaction.user.id)
        if kept is None or not is_served(kept, interaction, person):
            return None, False
        return kept, kept.asker == person

    return find


def _contexts(kept: KeptAnswer) -> Callable[[Corpus], list[tuple[int, Context | str]]]:
    """Each citation in its paragraph, or the sentence that says why it is not there."""

    def find(corpus: Corpus) -> list[tuple[int, Context | str]]:
        found: list[tuple[int, Context | str]] = []
        for c in kept.citations:
            try:
                found.append((c.number, corpus.quote_in_context(c.entry, c.start, c.end, c.hash)))
            except EntryUnknown:
                found.append((c.number, ENTRY_GONE))
            except InputRefused as error:
                found.append((c.number, str(error)))
        return found

    return find


def _entries(kept: KeptAnswer) -> Callable[[Corpus], list[Entry]]:
    """Those of the related entries that are still there."""

    def find(corpus: Corpus) -> list[Entry]:
        found = []
        for entry_id in kept.related:
            try:
                found.append(corpus.page(entry_id).entry)
            except EntryUnknown:
                continue
        return found

    return find
