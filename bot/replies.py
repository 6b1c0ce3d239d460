"""How an interaction is told something other than an answer: a sentence for the person alone, or an apology."""

import contextlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from bot import errors
from bot.safe import escape
from corpus import EntryUnknown, InputRefused

if TYPE_CHECKING:
    from bot.client import Interaction

log = logging.getLogger(__name__)

OLD_BUTTON = "This button is from an earlier version of the bot. Ask again with /ask."
OLD_COMMAND = "This command is from an earlier version of the bot. Reload Discord (Ctrl+R), and choose it again."
ENTRY_UNKNOWN = "No entry of that name. Begin to type its title, and choose one of those that appear."
# Discord's error codes (topics/opcodes-and-status-codes in its documentation).
UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, ACKNOWLEDGED, EXPIRED = 10008, 10015, 10062, 40060, 50027
NO_REPLY_WITHOUT_HISTORY, THREAD_LOCKED = 160002, 160005


def sentence_for(error: BaseException) -> tuple[str, bool]:
    """What a person is told of an error, and whether it was their input that was refused (else it is a bug)."""
    match error:
        case EntryUnknown():
            return ENTRY_UNKNOWN, True
        case InputRefused():
            return escape(str(error)), True
        case errors.MemberRefused():
            return str(error), True
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return OLD_COMMAND, True
        case discord.Forbidden():
            return "The bot may not do that here: it lacks a permission in this channel. Tell a moderator.", True
        case _:
            return errors.apology(error), False


async def tell(interaction: "Interaction", sentence: str) -> None:
    """A sentence for this person alone, whatever has been sent before."""
    response = interaction.response
    if not response.is_done():
        with acknowledged_before():
            await response.send_message(sentence, ephemeral=True)
            return
    await interaction.followup.send(sentence, ephemeral=True)


async def apologise(interaction: "Interaction", error: BaseException) -> None:
    """End an interaction that went wrong in one sentence, in place of "thinking …" where that is what is shown."""
    sentence, refused = sentence_for(error)
    thinking = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
    for_asker_alone = refused and not interaction.extras.get("private") and not isinstance(error, errors.Restarting)
    try:
        if not thinking or interaction.extras.get("shown"):
            await tell(interaction, sentence)
        elif for_asker_alone:  # "thinking …" is there for all, and stays so: what is for one comes in place of it
            await interaction.delete_original_response()
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.edit_original_response(content=sentence, view=None)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
        log.warning("An apology could not be delivered: %s", failure)


@contextlib.contextmanager
def acknowledged_before() -> Iterator[None]:
    """Nothing went wrong where Discord had taken a response, and says so when the library sends it again."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code != ACKNOWLEDGED:
            raise
