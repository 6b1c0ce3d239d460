"""The settings of servers, in memory: they stand before each acknowledgement."""

import logging
from collections.abc import Mapping
from typing import Any

from bot.discord.store.community import Community
from bot.discord.store.database import CommunityDamaged
from bot.discord.store.models import GuildSettings
from bot.discord.store_worker import StoreWorker

log = logging.getLogger(__name__)


class SettingsCache:
    def __init__(self, store: StoreWorker) -> None:
        self._store = store
        self._settings: dict[int, GuildSettings] = {}

    async def get(self, guild: int | None) -> GuildSettings:
        """Return a server's settings; the defaults for direct messages, private ones where the record is damaged."""
        if guild is None:
            return GuildSettings()
        if guild not in self._settings:
            try:
                self._settings[guild] = await self._store.use(lambda stored: stored.settings.get(guild))
            except CommunityDamaged as error:
                log.error("%s", error)  # noqa: TRY400  the sentence says all
                return GuildSettings(private=True)  # what its moderators set is not known: then nothing is public
        return self._settings[guild]

    async def change(self, guild: int, changes: Mapping[str, Any]) -> GuildSettings:
        """Keep changed settings, and return all of the server's. Raises SettingRefused."""
        self._settings[guild] = await self._store.use(lambda stored: stored.settings.change(guild, **changes))
        return self._settings[guild]

    async def forget_server(self, guild: int) -> None:
        """The bot was removed from a server: what was set there holds no more, also when it comes back."""
        self._settings.pop(guild, None)
        await self._store.use_or(None, lambda stored: stored.forget_server(guild))

    async def forget_channel(self, guild: int, channel: int) -> str | None:
        """Take a deleted channel or thread out of the settings; return what that changed, in words.

        Where moderators wanted answers in this channel alone, they are private until another is set.
        """

        def forget(stored: Community) -> tuple[GuildSettings, GuildSettings]:
            before = stored.settings.get(guild)
            stored.forget_channel(channel)
            after = stored.settings.get(guild)
            if before.channels and not after.channels:
                after = stored.settings.change(guild, private=True)
            return before, after

        try:
            before, after = await self._store.use(forget)
        except CommunityDamaged as error:
            log.error("%s", error)  # noqa: TRY400  the sentence says all
            return None
        self._settings[guild] = after
        if after == before:
            return None
        if after.private != before.private:
            return "answers are private until another channel is set"
        return "it is set no more"
