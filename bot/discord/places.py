"""Where something happens in Discord, and what its people may do there. Pure looks at Discord's objects."""

import discord

from bot.discord.interaction_data import AnyInteraction
from bot.discord.store.models import KeptAnswer


def surroundings(channel: object) -> set[int]:
    """The ids of a channel, of the channel that a thread belongs to, and of the category."""
    found = {getattr(channel, "id", 0), getattr(channel, "parent_id", None) or 0}
    # A thread's own category_id raises where its parent is not known, as in a server that has our commands alone.
    above = channel.parent if isinstance(channel, discord.Thread) else channel
    return (found | {getattr(above, "category_id", None) or 0}) - {0}


def roles_of(person: object) -> set[int]:
    """The ids of a member's roles; of the server as well, whose id is the role that everybody has."""
    return {role.id for role in person.roles} if isinstance(person, discord.Member) else set()


def is_staff(interaction: AnyInteraction) -> bool:
    """Whether this person manages the server where the interaction happens, as Discord says it itself.

    Only where the server has the app: what members bring along in their own accounts gives nobody a right in it.
    """
    may = interaction.permissions
    return interaction.is_guild_integration() and (may.manage_guild or may.administrator)


def is_served(kept: KeptAnswer, interaction: AnyInteraction, person: str) -> bool:
    """Whether a press is for this answer: on its own message, and of a private one, by who asked (`person`'s hash).

    A modified client can press under any message what stands under another one.
    """
    message = interaction.message
    if message is None or (kept.guild, kept.channel) != (interaction.guild_id, interaction.channel_id):
        return False
    if kept.private and kept.asker != person:
        return False
    # Where an answer stands is kept a moment after it was sent, or not at all: then its message's own buttons name it.
    if kept.message:
        return message.id == kept.message
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return kept.id in {(child.custom_id or "").rpartition(":")[2] for row in rows for child in row.children}


def threads_possible(interaction: AnyInteraction) -> bool:
    """Whether a thread can be opened on an answer here: in an ordinary channel of a server that the bot is in."""
    return (
        interaction.is_guild_integration()
        and isinstance(interaction.channel, discord.TextChannel)
        and interaction.app_permissions.create_public_threads
        and interaction.app_permissions.send_messages_in_threads
    )
