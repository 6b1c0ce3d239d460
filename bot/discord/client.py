"""The Discord client: intents, no pings, commands, where button presses and errors arrive."""

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import error_replies, interaction_data
from bot.discord.corpus_worker import Library
from bot.discord.jobs.process import Jobs
from bot.discord.rate_limits import Cooldown, Seen
from bot.discord.settings_cache import SettingsCache
from bot.discord.store.community import Community
from bot.discord.store_worker import StoreWorker
from bot.settings import BotSettings
from corpus import CorpusChange

log = logging.getLogger(__name__)

T = TypeVar("T")
D = TypeVar("D")
Interaction = discord.Interaction["FootnoteBot"]
Handler = Callable[[Interaction, str], Coroutine[Any, Any, None]]
# Every button, menu and modal of ours has a custom_id "fn:<action>:<argument>"; argument: what the action is about.
OURS = "fn"
Feature = Callable[["FootnoteBot"], Coroutine[Any, Any, None]]  # adds its cogs to the client
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
BOTH = app_commands.AppInstallationType(guild=True, user=True)
SYNCED = "commands"


class Tree(app_commands.CommandTree["FootnoteBot"]):
    """The commands; each interaction is answered once, and whatever goes wrong becomes a sentence."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        return interaction.client.seen.first_time(interaction.id)

    async def _call(self, interaction: Interaction) -> None:
        # The library's own door has no outside: here a stop waits for the apology too, not for the command alone.
        with interaction.client.at_work():
            await super()._call(interaction)

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await error_replies.apologise(interaction, cause)


class FootnoteBot(commands.AutoShardedBot):
    """Needs no privileged intent: mentions, replies that ping, direct messages and interactions bring their text."""

    def __init__(
        self,
        settings: BotSettings,
        library: Library,
        community: Community,
        jobs: Jobs,
        features: Iterable[Feature] = (),
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=EVERYWHERE,
            allowed_installs=BOTH,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self.settings = settings
        self.library = library
        self.jobs = jobs
        self._features = tuple(features)
        self.seen = Seen()
        self.members, self.servers, self.looks, self.refusals = Cooldown(), Cooldown(), Cooldown(), Cooldown()
        self.store = store = StoreWorker(community)
        self.server_settings = SettingsCache(store)
        self._presses: dict[str, Handler] = {}
        self._command_ids: dict[str, int] | None = None
        self._at_work = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing here: there are no commands with a prefix, and questions are the business of a cog."""

    # Starting

    async def setup_hook(self) -> None:
        for add_to in self._features:
            await add_to(self)
        await self._sync()

    async def _sync(self) -> None:
        """Send our commands to Discord if they have changed since the last time: it takes 200 new ones a day."""
        forms = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        about = json.dumps([self.application_id, forms], sort_keys=True, default=str)
        digest = hashlib.sha256(about.encode()).hexdigest()
        if await self.store.use(lambda stored: stored.remembered.get(SYNCED)) != digest:
            await self.tree.sync()
            await self.store.use(lambda stored: stored.remembered.set(SYNCED, digest))
            log.info("The commands were told to Discord: they had changed.")

    async def command_ids(self) -> dict[str, int]:
        """Return the ids of our commands, for mentions that can be pressed; none where Discord does not answer."""
        if self._command_ids is None:
            try:
                self._command_ids = {command.name: command.id for command in await self.tree.fetch_commands()}
            except (discord.HTTPException, OSError):
                return {}
        return self._command_ids

    async def note(self, interaction: Interaction, what: str) -> None:
        """Add what a moderator did to the server's log."""
        who, guild = interaction.user, interaction.guild_id or 0
        await self.store.use_or(None, lambda stored: stored.log.add(guild, who.id, who.name, what, datetime.now(UTC)))

    # Presses of buttons, choices in menus, modals that were sent in: by their custom_id, so that they outlive us

    def on_press(self, action: str, handler: Handler) -> None:
        self._presses[action] = handler

    async def on_interaction(self, interaction: Interaction) -> None:
        pressed = {discord.InteractionType.component, discord.InteractionType.modal_submit}
        if interaction.type not in pressed or not self.seen.first_time(interaction.id):
            return
        ours, _, rest = interaction_data.custom_id_of(interaction).partition(":")
        action, _, argument = rest.partition(":")
        handler = self._presses.get(action) if ours == OURS else None
        with self.at_work():
            try:
                if handler is None:
                    await error_replies.send_privately(interaction, error_replies.OLD_BUTTON)
                else:
                    await handler(interaction, argument)
            except Exception as error:  # noqa: BLE001  the door of all presses: whatever it is becomes a sentence
                await error_replies.apologise(interaction, error)

    # The servers that the bot is in

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        if event_name == "shard_connect":  # called as soon as READY is read, before any event behind it
            # READY has named all servers of a shard, as unavailable until each is told of: the others are gone. The
            # library keeps them: a server that threw the bot out while it had no connection would count for ever.
            for guild in self.guilds:
                if guild.shard_id == args[0] and not guild.unavailable:
                    self._connection._remove_guild(guild)  # noqa: SLF001  as the library does when it is told of it
        super().dispatch(event_name, *args, **kwargs)

    # Work in hand, and the end

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Mark that somebody is being answered: a stop waits for it."""
        self._at_work += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._quiet.set()

    async def wind_down(self, seconds: float) -> None:
        """Refuse new questions, let those in hand end, stop a job, and leave. Takes little longer than `seconds`."""
        began = time.monotonic()
        self.library.stop()
        await self.jobs.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.1, seconds - (time.monotonic() - began))):
                while self._at_work:  # an answer that fails goes on as an apology
                    await self._quiet.wait()
        await self.close()
        self.store.close()

    async def follow(self) -> None:
        """Take up each new generation, and dispatch `corpus_changed` with what is new; runs until it is cancelled."""

        async def changed(change: CorpusChange) -> None:
            self.dispatch("corpus_changed", change)

        await self.library.follow(changed)
