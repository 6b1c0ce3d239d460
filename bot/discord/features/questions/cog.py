"""Questions: `/ask`, Find Sources on any message, a mention, a reply that pings, a direct message, a thread of ours."""

import logging
import time
from datetime import timedelta
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import error_replies
from bot.discord.admission import admit, check_place, checked_question, take_turn
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.error_codes import NO_REPLY_WITHOUT_HISTORY, refusal_of
from bot.discord.features.questions.buttons import Answers
from bot.discord.features.questions.conversations import Conversation
from bot.discord.features.questions.delivery import Delivery
from bot.discord.features.questions.message_text import text_of_message
from bot.discord.features.questions.service import MemberQuestion, answer
from bot.discord.interactions import retry
from bot.discord.messages.question_lines import asked_in
from bot.discord.places import roles_of, surroundings, threads_possible
from bot.errors import CoolingDown, MemberRefused
from corpus import classify_question, parse_filters

log = logging.getLogger(__name__)

EDITED_WITHIN = timedelta(minutes=10)  # of a message in which a mention was forgotten
REFUSALS, REFUSALS_SECONDS = 3, 60  # of one member, sent in a channel
NOBODY_ANSWERED = (
    "Nobody can be answered in channel %s (%s, code %s). %s The bot needs View Channel and Send Messages there (in "
    "threads: Send Messages in Threads)."
)
NOT_TOLD = (
    "Discord does not show me what you wrote: it keeps replies to answers of a command to itself. Press **Follow up** "
    "under the answer, or mention me in your message."
)
ROLE_NOT_TOLD = (
    "Discord does not show me what you wrote: you mentioned my role, which has my name. Choose me among the members, "
    "{me}, or use /ask."
)
NO_QUESTION = "Ask me something in a sentence, for example: Will open models catch up?"


class Ask(commands.Cog):
    def __init__(self, client: FootnoteBot, delivery: Delivery) -> None:
        self.client = client
        self.delivery = delivery
        self._begun = discord.utils.utcnow()
        menu = app_commands.ContextMenu(name="Find Sources", callback=self.find_sources)
        client.tree.add_command(menu)

    @app_commands.command(description="Ask the corpus: who said it, where and when, in quotes you can check.")
    @app_commands.describe(
        question="Your question, in a sentence",
        since="Only what was published from this day, month or year on: 2026-04, april, last month",
        until="Only what was published on or before it",
        source="Only this publication",
        person="Only pieces by or with this person",
        kind="Only events (dated pieces) or guides (explainers)",
        private="Only you see the answer",
    )
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, 300],
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        person: str | None = None,
        kind: Literal["event", "guide"] | None = None,
        private: bool | None = None,
    ) -> None:
        filters = parse_filters(since, until, source, person, kind)
        settings = await admit(self.client, interaction, question)
        hidden = settings.private if private is None else private
        asked = MemberQuestion(
            question=checked_question(question),
            asker=interaction.user.id,
            guild=interaction.guild_id,
            channel=interaction.channel_id,
            private=hidden,
            filters=filters,
            threads=threads_possible(interaction),
        )
        await self.delivery.answer_interaction(interaction, asked)

    async def find_sources(self, interaction: Interaction, message: discord.Message) -> None:
        text = text_of_message(message)
        if not text:
            await error_replies.send_privately(interaction, "This message has no text to find sources for.")
            return
        if classify_question(text).is_talk:
            await error_replies.send_privately(interaction, "This message says nothing to find sources for.")
            return
        await admit(self.client, interaction)
        # What somebody wrote, perhaps in a conversation of two, was no question to us: it is not kept as a gap.
        asked = MemberQuestion(
            text, interaction.user.id, interaction.guild_id, interaction.channel_id, private=True, noted=False
        )
        await self.delivery.answer_interaction(interaction, asked, follows_nothing=True)

    # Messages

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if self._is_for_us(message):
            await self._answer_once(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question that becomes one for us by an edit: the mention was forgotten, and is added.

        What was answered, or refused, before is not answered anew. A message from before our start may have been: so it
        is left alone.
        """
        message = payload.message
        edited = message.edited_at  # None where Discord adds what a link shows
        in_time = edited and edited - message.created_at <= EDITED_WITHIN and message.created_at > self._begun
        if in_time and self._is_for_us(message):
            await self._answer_once(message)

    def _is_for_us(self, message: discord.Message) -> bool:
        """Whether a person asks us: in a direct message, or by a mention of us or of the role that is ours alone."""
        if message.author.bot or message.webhook_id or self.client.user is None:
            return False
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return False
        if message.guild is None:
            return True
        # not mentioned_in: @everyone is not for us
        return self.client.user in message.mentions or message.guild.self_role in message.role_mentions

    async def _answer_once(self, message: discord.Message) -> None:
        if not self.client.seen.first_time(message.id):
            return
        with self.client.at_work():
            try:
                await self._answer_message(message)
            except Exception as error:  # noqa: BLE001  the door of all messages: whatever it is becomes a sentence
                try:
                    await self._refuse(message, error)
                except Exception as failure:  # noqa: BLE001  Discord takes nothing: then nobody can be told
                    log.warning("Message %s could not be answered: %s", message.id, failure)

    async def _refuse(self, message: discord.Message, error: Exception) -> None:
        """Say why there is no answer, to one person at most three times a minute: all can read it."""
        sentence, refused = error_replies.sentence_for(error, message.content)
        now = time.monotonic()
        if refused and self.client.refusals.wait(message.author.id, REFUSALS, REFUSALS_SECONDS, now):
            return
        self.client.refusals.take(message.author.id, now)
        sent = await self._say(message, sentence)
        if sent and isinstance(error, CoolingDown):
            await sent.delete(delay=max(1.0, error.until - time.time()))

    async def _answer_message(self, message: discord.Message) -> None:
        question = self._without_mention(message)
        if not question:
            raise MemberRefused(self._why_no_question(message))
        guild = message.guild.id if message.guild else None
        settings = await self.client.server_settings.get(guild)
        if message.guild:
            check_place(settings, surroundings(message.channel), roles_of(message.author))
        staff = isinstance(message.author, discord.Member) and message.author.guild_permissions.manage_guild
        question = checked_question(question)
        take_turn(self.client, message.author.id, guild, settings, question, staff=staff)
        asked = MemberQuestion(
            question=question,
            asker=message.author.id,
            guild=guild,
            channel=message.channel.id,
            private=False,
            threads=isinstance(message.channel, discord.TextChannel),
            conversation=await self._context(message),
        )
        reply = await answer(self.client, asked)
        sent = await self._say(message, reply.content, reply.view)
        await self.delivery.keep_sent(asked, reply, sent)

    async def _context(self, message: discord.Message) -> Conversation:
        """Return the conversation of a message: that of a thread of ours, or of our message that it replies to."""
        conversation = await self.delivery.conversations.of_channel(message.channel)
        replied = message.reference.resolved if message.reference else None
        if conversation.thread is None and isinstance(replied, discord.Message) and replied.author == self.client.user:
            earlier = asked_in(replied.content)
            return Conversation(earlier=(earlier,) if earlier else ())
        return conversation

    def _why_no_question(self, message: discord.Message) -> str:
        me = self.client.user
        replied = message.reference.resolved if message.reference else None
        if message.content or me is None:
            return NO_QUESTION
        if isinstance(replied, discord.Message) and replied.author == me:
            return NOT_TOLD
        return NO_QUESTION if me in message.mentions or message.guild is None else ROLE_NOT_TOLD.format(me=me.mention)

    def _without_mention(self, message: discord.Message) -> str:
        me, role = self.client.user, message.guild.self_role if message.guild else None
        text = message.content
        mentions = (f"<@{me.id}>", f"<@!{me.id}>") if me else ()
        for mention in (*mentions, *([role.mention] if role else [])):
            text = text.replace(mention, " ")
        return " ".join(text.split())

    async def _say(
        self, message: discord.Message, content: str, view: discord.ui.View | None = None
    ) -> discord.Message | None:
        """Reply, also where the message has been deleted meanwhile; None where the bot may not write."""
        reply = {"reference": message.to_reference(fail_if_not_exists=False), "mention_author": False}
        shown = discord.utils.MISSING if view is None else view

        async def send(**how: Any) -> discord.Message:
            return await retry(lambda: message.channel.send(content, view=shown, nonce=message.id, **how))

        try:
            try:
                return await send(**reply)
            except discord.HTTPException as error:
                if error.code != NO_REPLY_WITHOUT_HISTORY:
                    raise
                return await send()
        except discord.HTTPException as error:
            refusal = refusal_of(error)
            if refusal is None or not refusal.silences:
                raise
            log.log(refusal.level, NOBODY_ANSWERED, message.channel.id, refusal.meaning, error.code, refusal.sentence)
            return None


async def setup(client: FootnoteBot) -> None:
    delivery = Delivery(client)
    await client.add_cog(Ask(client, delivery))
    await client.add_cog(Answers(client, delivery))
