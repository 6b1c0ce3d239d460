"""`/settings`: where and for whom the bot answers here, how often, how privately, and where new entries are announced.

One panel of menus; each choice is kept at once. Announcements are made here too: each new entry once, never a flood.
"""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord import error_replies
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.components import custom_id, view
from bot.discord.features.guild_settings.message import PACES, PRIVACY, announcement, described
from bot.discord.interaction_data import chosen
from bot.discord.interactions import TRANSIENT, retry
from bot.discord.places import is_staff
from bot.discord.store.models import GuildSettings
from bot.errors import MemberRefused, NotAllowed
from corpus import Corpus, CorpusChange, Entry, EntryUnknown, Source

log = logging.getLogger(__name__)

MOST_CHOSEN = 25
ANNOUNCED = 5  # entries that one announcement names
LONGEST_ID = 19  # digits of an id of Discord
OLD_PANEL = "This panel is from an earlier version of the bot. Open it again with /settings."
PLACES = [discord.ChannelType.text, discord.ChannelType.category, discord.ChannelType.forum, discord.ChannelType.voice]
NEWS = [discord.ChannelType.text, discord.ChannelType.news]


class Settings(commands.Cog):
    def __init__(self, client: FootnoteBot) -> None:
        self.client = client
        client.on_press("set", self.set)

    @app_commands.command(
        description="Where and for whom the bot answers, how often, and where it tells of new entries."
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)  # guild_only keeps the tree's others
    @app_commands.allowed_installs(guilds=True, users=False)
    async def settings(self, interaction: Interaction) -> None:
        _check_staff(interaction)
        found = await self.client.server_settings.get(interaction.guild_id)
        await interaction.response.send_message(described(found), view=panel(found), ephemeral=True)

    async def set(self, interaction: Interaction, menu: str) -> None:
        """Keep a choice in the panel, log it, and show it."""
        _check_staff(interaction)
        guild = interaction.guild
        if guild is None:
            raise MemberRefused(OLD_PANEL)
        changes = changes_from(menu, guild, chosen(interaction))
        if changes.get("announce"):
            # What is there already is no news: the first announcement comes with the next new entry.
            known = [title.id for title in self.client.library.titles]
            await self.client.store.use(lambda stored: stored.announcements.mark(guild.id, known))
        found = await self.client.server_settings.change(guild.id, changes)
        written = ", ".join(f"{name} = {value}" for name, value in changes.items())
        await self.client.note(interaction, f"settings: {written}")
        await interaction.response.edit_message(content=described(found), view=panel(found))

    # Announcements

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._announce_everywhere()  # what came in while the bot was away

    @commands.Cog.listener()
    async def on_corpus_changed(self, _change: CorpusChange) -> None:
        await self._announce_everywhere()

    async def _announce_everywhere(self) -> None:
        for guild in self.client.guilds:
            settings = await self.client.server_settings.get(guild.id)
            channel = guild.get_channel(settings.announce or 0)
            if isinstance(channel, discord.TextChannel):
                try:
                    await self._announce(guild.id, channel)
                except Exception:  # whatever it is: the other servers are told all the same
                    log.exception("New entries could not be announced in channel %s.", channel.id)

    async def _announce(self, guild: int, channel: discord.TextChannel) -> None:
        ids = [title.id for title in self.client.library.titles]
        fresh = await self.client.store.use(lambda stored: stored.announcements.missing_in(guild, ids))
        if not fresh:
            return
        entries, known, sources = await self.client.library.use(lambda corpus: read_news(corpus, fresh, ANNOUNCED))
        # Marked before it is sent: after a crash an announcement may be missing, but none comes twice.
        await self.client.store.use(lambda stored: stored.announcements.mark(guild, fresh))
        if not entries:
            return
        content = announcement(entries, sources, more=len(fresh) - len(entries) - known)
        try:
            await retry(lambda: channel.send(content, nonce=discord.utils.time_snowflake(datetime.now(UTC))))
        except (discord.HTTPException, *TRANSIENT) as error:
            reason, _ = error_replies.sentence_for(error)
            log.warning("New entries could not be announced in channel %s: %s", channel.id, reason)
            what = f"{len(fresh)} new entries could not be announced in #{channel.name}: {reason}"
            await self.client.store.use_or(
                None, lambda stored: stored.log.add(guild, 0, "Discord", what, datetime.now(UTC))
            )

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        changed = await self.client.server_settings.forget_channel(channel.guild.id, channel.id)
        if changed:
            what = f"#{channel.name} was deleted: {changed}"
            now = datetime.now(UTC)
            await self.client.store.use_or(
                None, lambda stored: stored.log.add(channel.guild.id, 0, "Discord", what, now)
            )

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.client.server_settings.forget_server(guild.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self.client.server_settings.forget_channel(payload.guild_id, payload.thread_id)


def _check_staff(interaction: Interaction) -> None:
    """Hidden commands can be opened to others in the server's own settings: so it is checked here as well."""
    if not is_staff(interaction):
        raise NotAllowed("Only members who may manage this server can change its settings.")


# What was chosen in a menu → the settings to change. Hostile until it is parsed: whatever does not fit is refused.


def changes_from(menu: str, guild: discord.Guild, values: list[str]) -> dict[str, Any]:
    """Return what a choice in one of the panel's menus changes. Raises MemberRefused."""
    match menu:
        case "channels":
            return {"channels": tuple(_channel(guild, value, PLACES).id for value in values)}
        case "roles":
            roles = [guild.get_role(_id(value)) for value in values]
            if None in roles:
                raise MemberRefused("A role among these is not one of this server (any more). Choose again.")
            return {"roles": tuple(role.id for role in roles if role)}
        case "private":
            return {"private": _one_of(PRIVACY, values) == "private"}
        case "announce" if len(values) > 1:
            raise MemberRefused("New entries are announced in one channel alone. Choose one.")
        case "announce":
            return {"announce": _channel(guild, values[0], NEWS, speaking=True).id if values else None}
        case "pace":
            questions, _, seconds = _one_of(PACES, values).partition(":")
            return {"questions": int(questions), "seconds": int(seconds)}
    raise MemberRefused(OLD_PANEL)


def _one_of(known: Collection[str], values: list[str]) -> str:
    if len(values) != 1 or values[0] not in known:
        raise MemberRefused(OLD_PANEL)
    return values[0]


def _id(value: str) -> int:
    """Return the id of Discord in a text; 0, which nothing has, where it is none."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= LONGEST_ID else 0


def _channel(
    guild: discord.Guild, value: str, kinds: list[discord.ChannelType], *, speaking: bool = False
) -> discord.abc.GuildChannel:
    """Return the channel, if it is of these kinds and the bot sees it (and may speak there). Raises MemberRefused."""
    channel = guild.get_channel(_id(value))
    if channel is None:
        raise MemberRefused("That channel is not one of this server (any more). Choose another.")
    if channel.type not in kinds:
        raise MemberRefused(f"<#{channel.id}> is of another type: choose one that the menu offers.")
    allowed = channel.permissions_for(guild.me)
    for name, has in (("View Channel", allowed.view_channel), ("Send Messages", allowed.send_messages or not speaking)):
        if not has:
            raise MemberRefused(f"The bot lacks the permission {name} in <#{channel.id}>. Give it, and choose again.")
    return channel


def panel(settings: GuildSettings) -> ui.View:
    """Return the menus that change the settings, each showing what is chosen now."""
    channels = [
        discord.SelectDefaultValue(id=c, type=discord.SelectDefaultValueType.channel) for c in settings.channels
    ]
    roles = [discord.SelectDefaultValue(id=r, type=discord.SelectDefaultValueType.role) for r in settings.roles]
    news = discord.SelectDefaultValue(id=settings.announce or 0, type=discord.SelectDefaultValueType.channel)
    now = f"{settings.questions}:{settings.seconds}"
    default = "private" if settings.private else "public"
    return view(
        ui.ChannelSelect(
            custom_id=custom_id("set", "channels"), placeholder="Channels where the bot answers", channel_types=PLACES,
            min_values=0, max_values=MOST_CHOSEN, default_values=channels[:MOST_CHOSEN],
        ),
        ui.RoleSelect(
            custom_id=custom_id("set", "roles"), placeholder="Roles that may ask", min_values=0,
            max_values=MOST_CHOSEN, default_values=roles[:MOST_CHOSEN],
        ),
        ui.Select(
            custom_id=custom_id("set", "private"),
            options=[discord.SelectOption(label=w, value=v, default=v == default) for v, w in PRIVACY.items()],
        ),
        ui.ChannelSelect(
            custom_id=custom_id("set", "announce"), placeholder="Channel for new entries", channel_types=NEWS,
            min_values=0, max_values=1, default_values=[news] if settings.announce else [],
        ),
        ui.Select(
            custom_id=custom_id("set", "pace"), placeholder="Questions of one member",
            options=[discord.SelectOption(label=w, value=v, default=v == now) for v, w in PACES.items()],
        ),
    )  # fmt: skip


def read_news(corpus: Corpus, fresh: list[str], most: int) -> tuple[list[Entry], int, dict[str, Source]]:
    """Return the first of the new entries, how many before them are cross-posts of known ones, and the sources."""
    entries: list[Entry] = []
    known, unnamed = 0, set(fresh)
    for entry_id in fresh:
        if len(entries) == most:
            break
        try:
            page = corpus.page(entry_id)
        except EntryUnknown:
            continue
        if all(copy.id in unnamed for copy in page.copies):
            entries.append(page.entry)
            unnamed.discard(entry_id)
        else:
            known += 1
    return entries, known, corpus.sources()


async def setup(client: FootnoteBot) -> None:
    await client.add_cog(Settings(client))
