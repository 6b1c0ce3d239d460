"""New entries are announced in each server once, whatever happens in another."""

from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.cogs.settings import Settings
from bot.community import Community, GuildSettings
from bot.errors import QueueFull


@pytest.mark.asyncio
async def test_what_goes_wrong_in_one_server_keeps_no_other_from_the_news_and_is_made_up_for(toy, tmp_path):
    toy.refresh()
    with Community(tmp_path / "community.sqlite3") as community:
        channels = [Mock(spec=discord.TextChannel, id=number, send=AsyncMock()) for number in (1, 2)]
        guilds = [SimpleNamespace(id=c.id, get_channel={c.id: c}.get) for c in channels]
        full = [QueueFull()]

        async def use(work):
            if full:
                raise full.pop()
            return work(toy)

        async def record(work, *arguments):
            return work(community, *arguments)

        async def settings_of(guild):
            return GuildSettings(announce=guild)

        library = SimpleNamespace(titles=toy.titles(), use=use)
        client = SimpleNamespace(
            guilds=guilds, library=library, record=record, settings_of=settings_of, on_press=lambda *_: None
        )
        settings = Settings(client)
        await settings.on_corpus_changed()
        assert [channel.send.await_count for channel in channels] == [0, 1]
        await settings.on_corpus_changed()
        assert [channel.send.await_count for channel in channels] == [1, 1]
