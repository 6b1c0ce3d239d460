"""Who may do what moderators do. Checked when it is done: commands that are hidden can be opened to others."""

from collections.abc import Callable, Collection, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.discord.client import FootnoteBot, Handler, Interaction
from bot.discord.places import is_staff
from bot.errors import MemberRefused, NotAllowed

CardChannel = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel
NOT_STAFF = "Only members who may manage this server can do this."
ELSEWHERE = "The corpus is kept by the moderators of other servers, which the bot's maintainer has named."
CONNECTING = "The bot is still connecting, and does not know yet which servers it is in. Try again in a minute."
NO_MEMBER = "This server has the commands alone, without the bot as a member: the corpus is not in its hands."
NOT_NAMED = (
    "The bot is in several servers, and they share its corpus: its maintainer must name those whose moderators may "
    "change it, in FOOTNOTE_DISCORD_SERVERS."
)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
BY_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
MANAGERS = discord.Permissions(manage_guild=True)


class NotStaff(NotAllowed, app_commands.CheckFailure):
    """An error of the command tree, too: so a group's check can raise it, and it reaches the one door of errors."""

    def __init__(self) -> None:
        super().__init__(NOT_STAFF)


def check_staff(interaction: Interaction) -> None:
    if not is_staff(interaction):
        raise NotStaff


class StaffGroup(app_commands.Group):
    """Commands for who manages the server: hidden from others, and refused to them."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        check_staff(interaction)
        return True


def on_staff_press(
    client: FootnoteBot, action: str, handler: Callable[[Interaction, str], Coroutine[Any, Any, None]]
) -> None:
    """As `client.on_press`; who is no moderator (any more) is refused."""

    async def checked(interaction: Interaction, argument: str) -> None:
        check_staff(interaction)
        await handler(interaction, argument)

    made: Handler = checked
    client.on_press(action, made)


def why_no_change(
    guild: int | None, named: Collection[int], members: Collection[int], *, all_known: bool
) -> str | None:
    """Why this server's moderators may not change the corpus, as a sentence; None where they may.

    It depends on who asks: a server may have the commands without the bot as a member, by anybody's wish. `members`:
    the servers that the bot is in, those without a connection too; `all_known`: whether each shard has told its own.
    """
    if named:
        return None if guild in named else ELSEWHERE
    if not all_known:
        return CONNECTING
    if guild not in members:
        return NO_MEMBER
    return None if len(members) == 1 else NOT_NAMED


def refusal_of(client: FootnoteBot, guild: int | None) -> str | None:
    """Why the corpus is not in the hands of this server's moderators; None where it is."""
    members = {member.id for member in client.guilds}
    return why_no_change(guild, client.settings.discord_servers, members, all_known=client.is_ready())


def may_change(client: FootnoteBot, guild: int | None) -> bool:
    return refusal_of(client, guild) is None


def check_may_change(interaction: Interaction) -> None:
    """For what changes the corpus, takes the one place of a job, or hands over what is of all servers."""
    if refusal := refusal_of(interaction.client, interaction.guild_id):
        raise NotAllowed(refusal)


def channel_for_card(interaction: Interaction) -> CardChannel:
    """The channel, if the bot may write in it. Raises a MemberRefused that names the permission that is missing."""
    channel, may = interaction.channel, interaction.app_permissions
    in_thread = isinstance(channel, discord.Thread)
    needed = {
        "View Channel": may.view_channel,
        "Send Messages in Threads" if in_thread else "Send Messages": (
            may.send_messages_in_threads if in_thread else may.send_messages
        ),
    }
    missing = " and ".join(name for name, has in needed.items() if not has)
    if missing:
        raise NotAllowed(
            f"The bot lacks the permission {missing} in this channel, where it would show how the work goes on. Give "
            "it, or use another channel. Nothing was started."
        )
    if not isinstance(channel, CardChannel):
        raise MemberRefused("The bot cannot show here how the work goes on. Use a text channel.")
    return channel
