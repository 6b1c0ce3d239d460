"""Replies other than answers: a sentence for one person alone, a refusal, an apology."""

import contextlib
import logging
from collections.abc import Iterator

import aiohttp
import discord
from discord import app_commands

from bot import errors
from bot.discord import interaction_data
from bot.discord.error_codes import ACKNOWLEDGED, UNKNOWN_MESSAGE, is_token_gone, refusal_of
from bot.discord.interaction_data import AnyInteraction
from bot.discord.markdown import escape
from bot.discord.store.models import SettingRefused
from corpus import EntryUnknown, InputRefused

log = logging.getLogger(__name__)

OLD_BUTTON = "This button is from an earlier version of the bot. Ask again with /ask."
OLD_COMMAND = "This command is from an earlier version of the bot. Reload Discord (Ctrl+R), and choose it again."
ENTRY_UNKNOWN = "No entry of that name. Begin to type its title, and choose one of those that appear."
UNREACHABLE = "The way to Discord broke just now. Try again in a minute."


def sentence_for(error: BaseException, written: str = "") -> tuple[str, bool]:
    """Return the sentence for an error, and whether it is for the person alone (they, or the bot, were refused).

    Logs what maintainers should know of. `written`: what the person wrote, which is kept out of the log.
    """
    if (refused := _refused(error)) is not None:
        return refused, True
    if isinstance(error, discord.HTTPException) and (refusal := refusal_of(error)) is not None:
        log.log(refusal.level, "Discord refused: %s (code %s).", refusal.meaning, error.code)
        return refusal.sentence, not isinstance(error, discord.DiscordServerError)
    if isinstance(error, aiohttp.ClientError | ConnectionError):
        log.warning("The way to Discord broke: %s", error)
        return UNREACHABLE, False
    return errors.apology(error, written), False


def _refused(error: BaseException) -> str | None:
    """Return the sentence for a member whose input or request was refused; None for other errors."""
    match error:
        case EntryUnknown():
            return ENTRY_UNKNOWN
        case InputRefused():
            return escape(str(error))
        case errors.MemberRefused() | SettingRefused():
            return str(error)
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return OLD_COMMAND
    return None


async def send_privately(interaction: AnyInteraction, sentence: str) -> None:
    """Send a sentence to this person alone, whatever has been sent before."""
    response = interaction.response
    if not response.is_done():
        with acknowledged_before():
            await response.send_message(sentence, ephemeral=True)
            return
    await interaction.followup.send(sentence, ephemeral=True)


async def apologise(interaction: AnyInteraction, error: BaseException) -> None:
    """End an interaction that went wrong in one sentence, in place of "thinking …" where that is what is shown.

    Where the interaction is lost nobody can be told, and it is nobody's fault: a line in the log.
    """
    if is_token_gone(error):
        log.info("An interaction was lost before it was answered: %s", error)
        return
    sentence, refused = sentence_for(error, interaction_data.written_in(interaction))
    thinking = interaction.response.type is discord.InteractionResponseType.deferred_channel_message
    for_asker_alone = refused and not interaction.extras.get("private") and not isinstance(error, errors.Restarting)
    try:
        if not thinking or interaction.extras.get("shown"):
            await send_privately(interaction, sentence)
        elif for_asker_alone:  # "thinking …" is there for all, and stays so: what is for one comes in place of it
            await interaction.delete_original_response()
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.edit_original_response(content=sentence, view=None)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as failure:
        gone = is_token_gone(failure) or getattr(failure, "code", None) == UNKNOWN_MESSAGE
        log.log(logging.INFO if gone else logging.WARNING, "An apology could not be delivered: %s", failure)


@contextlib.contextmanager
def acknowledged_before() -> Iterator[None]:
    """Suppress Discord's refusal of a response that it has taken already, when the library sends it again."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code != ACKNOWLEDGED:
            raise
