"""Acknowledging interactions, and calling Discord again after errors that pass."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bot.discord import error_replies
from bot.discord.error_codes import TOO_MANY
from bot.discord.interaction_data import AnyInteraction

log = logging.getLogger(__name__)
T = TypeVar("T")


TRANSIENT = (discord.DiscordServerError, aiohttp.ClientError, OSError)  # what Discord, or the way to it, mends itself
PAUSES = (0.5, 1.0, 2.0)  # seconds before Discord is asked again, after an error of its own


async def retry(call: Callable[[], Awaitable[T]]) -> T:
    """Call until Discord takes it: only for what may be sent twice (an edit, a message with a nonce)."""
    for pause in PAUSES:
        try:
            return await call()
        except TRANSIENT as error:
            log.info("Discord stumbled (%s); trying again.", error)
        except discord.HTTPException as error:
            if error.status != TOO_MANY:  # the library has waited as Discord asked, five times
                raise
            log.info("Discord is too busy for us (%s); trying again.", error)
        await asyncio.sleep(pause)
    return await call()


async def defer(interaction: AnyInteraction, *, private: bool) -> None:
    """Show "thinking …".

    Where the interaction is not known any more (it came too late, or Discord lost it), Discord's error is left to the
    doors, which end it with a line in the log: nothing is worked at for nobody.
    """
    interaction.extras["private"] = private
    with error_replies.acknowledged_before():
        await retry(lambda: interaction.response.defer(thinking=True, ephemeral=private))
