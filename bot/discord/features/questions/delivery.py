"""How an answer reaches Discord: acknowledged first, then shown in one edit, and not lost where Discord stumbles."""

import logging
import time
from dataclasses import replace
from typing import TypeVar

import discord

from bot.discord import error_replies, interaction_data
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.error_codes import TOKEN_GONE, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE
from bot.discord.features.questions import conversation
from bot.discord.features.questions.service import Asked, Conversation, Ready, answer, check_place, take_turn
from bot.discord.interactions import again, defer
from bot.discord.permissions import may_change
from bot.discord.places import is_staff, roles_of, surroundings
from bot.discord.rate_limits import LOOKS, LOOKS_SECONDS
from bot.discord.store.models import GuildSettings
from bot.errors import CoolingDown

log = logging.getLogger(__name__)

T = TypeVar("T")


async def admit(client: FootnoteBot, interaction: Interaction) -> GuildSettings:
    """The server's settings, if this member may ask here and now. Raises a MemberRefused."""
    settings = await client.settings_of(interaction.guild_id)
    if interaction.is_guild_integration():
        check_place(settings, surroundings(interaction.channel), roles_of(interaction.user))
    take_turn(client, interaction.user.id, interaction.guild_id, settings, staff=is_staff(interaction))
    return settings


def count_look(client: FootnoteBot, interaction: Interaction) -> None:
    """Count a private look at the corpus: each waits for the one thread that answers. Raises CoolingDown.

    Who keeps the corpus does not wait; who manages some other server does: anybody can have one.
    """
    person, now = interaction.user.id, time.monotonic()
    keeps = is_staff(interaction) and may_change(client, interaction.guild_id)
    if not keeps and (wait := client.looks.wait(person, LOOKS, LOOKS_SECONDS, now)) > 0:
        raise CoolingDown("You have looked around", "look", int(time.time() + wait) + 1)
    client.looks.take(person, now)


async def conversation_of(client: FootnoteBot, channel: object) -> Conversation:
    """The thread, if it is one of ours, and the questions asked in it before."""
    if (
        isinstance(channel, discord.Thread)
        and client.user
        and await client.record_or(False, lambda stored: stored.threads.contains(channel.id))
    ):
        return Conversation(channel.id, await conversation.earlier_in(channel, client.user.id))
    return Conversation()


async def _reached(interaction: Interaction, asked: Asked) -> bool:
    """Acknowledge a question. False where the interaction is lost, and the answer can be posted to the channel."""
    try:
        await defer(interaction, private=asked.private)
    except discord.NotFound as error:
        if asked.private or error.code != UNKNOWN_INTERACTION:
            raise
        return False
    return True


async def answer_interaction(
    client: FootnoteBot, interaction: Interaction, asked: Asked, *, by_itself: bool = False
) -> None:
    """Acknowledge, answer, show. Where the interaction is lost, a public answer is posted to the channel.

    In a thread of ours the question belongs to its conversation, which Discord may be slow to tell: so that comes after
    the acknowledgement. `by_itself`: it follows nothing, wherever it was asked.
    """
    with client.at_work():
        reached = await _reached(interaction, asked)
        try:
            here = Conversation() if by_itself else await conversation_of(client, interaction.channel)
            if here.thread is not None:
                asked = replace(asked, conversation=here)
            ready = await answer(client, asked)
        except Exception as error:  # whatever it is: it is told in the interaction, or in the channel
            if reached:
                raise  # the door of errors tells it in the interaction
            sentence, _ = error_replies.sentence_for(error, interaction_data.written_in(interaction))
            await _post(interaction, sentence, None, asked)
            return
        sent: discord.Message | None = None
        if reached:
            try:
                sent = await again(lambda: interaction.edit_original_response(content=ready.content, view=ready.view))
            except discord.HTTPException as error:
                if error.code == UNKNOWN_MESSAGE:
                    log.info("The answer's place was deleted before it came.")
                    return
                if error.code not in TOKEN_GONE:
                    raise
                reached = False
        interaction.extras["shown"] = reached
        if not reached:
            sent = await _post(interaction, ready.content, ready.view, asked)
        await after_sending(client, asked, ready, sent)


async def _post(
    interaction: Interaction, content: str, view: discord.ui.View | None, asked: Asked
) -> discord.Message | None:
    """A message to the channel, in place of an interaction that cannot be answered; never what was asked in private."""
    channel = interaction.channel
    if asked.private or not isinstance(channel, discord.abc.Messageable):
        log.warning("A private question could not be answered: its interaction was lost.")
        return None
    missing = discord.utils.MISSING
    return await again(lambda: channel.send(content, view=view or missing, nonce=interaction.id))


async def after_sending(client: FootnoteBot, asked: Asked, ready: Ready, sent: discord.Message | None) -> None:
    """Keep where the answer stands, and that its question belongs to the conversation, unless it was a private one."""
    if asked.conversation.thread is not None and not asked.private:
        conversation.note(asked.conversation.thread, ready.understood)
    if sent is not None:
        await client.record_or(None, lambda stored: stored.answers.place(ready.id, sent.channel.id, sent.id))
