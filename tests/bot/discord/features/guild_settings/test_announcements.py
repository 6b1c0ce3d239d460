"""New entries are announced in each server once, whatever happens in another."""

from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.discord.features.guild_settings.cog import Settings
from bot.discord.store.community import Community
from bot.discord.store.models import GuildSettings
from bot.errors import QueueFull
from corpus import Corpus, CorpusChange

CHANGE = CorpusChange(2, ("new",), (), ())


def client_of(corpus, community, guilds, use):
    async def use_store(work):
        return work(community)

    async def settings_of(guild):
        return GuildSettings(announce=guild)

    library = SimpleNamespace(titles=corpus.titles(), use=use)
    return SimpleNamespace(
        guilds=guilds,
        library=library,
        store=SimpleNamespace(use=use_store),
        server_settings=SimpleNamespace(get=settings_of),
        on_press=lambda *_: None,
    )


def servers(*numbers):
    channels = [Mock(spec=discord.TextChannel, id=number, send=AsyncMock()) for number in numbers]
    return channels, [SimpleNamespace(id=c.id, get_channel={c.id: c}.get) for c in channels]


@pytest.mark.asyncio
async def test_what_goes_wrong_in_one_server_keeps_no_other_from_the_news_and_is_made_up_for(toy, tmp_path):
    toy.refresh()
    with Community(tmp_path / "community.sqlite3") as community:
        channels, guilds = servers(1, 2)
        full = [QueueFull()]

        async def use(work):
            if full:
                raise full.pop()
            return work(toy)

        settings = Settings(client_of(toy, community, guilds, use))
        await settings.on_corpus_changed(CHANGE)
        assert [channel.send.await_count for channel in channels] == [0, 1]
        await settings.on_corpus_changed(CHANGE)
        assert [channel.send.await_count for channel in channels] == [1, 1]


@pytest.mark.asyncio
async def test_many_old_pieces_of_a_new_source_are_no_flood_and_a_cross_post_is_no_news(toy, tmp_path, monkeypatch):
    toy.refresh()
    newest = [title.id for title in toy.titles()]
    of, plain_page = {newest[1]: newest[0], newest[0]: newest[1], newest[2]: newest[11]}, Corpus.page

    def page(corpus, entry_id):
        found = plain_page(corpus, entry_id)
        copies = (plain_page(corpus, of[entry_id]).entry,) if entry_id in of else ()
        return replace(found, copies=copies)

    monkeypatch.setattr(Corpus, "page", page)
    with Community(tmp_path / "community.sqlite3") as community:
        (channel,), guilds = servers(1)
        community.announcements.mark(1, newest[11:])

        async def use(work):
            return work(toy)

        settings = Settings(client_of(toy, community, guilds, use))
        for _ in range(2):
            await settings.on_corpus_changed(CHANGE)
        (said,) = [call.args[0] for call in channel.send.await_args_list]
        titles = {title.id: title.title for title in toy.titles()}
        assert [line for line in said.splitlines()[1:] if line.startswith("- ")] == [
            next(line for line in said.splitlines() if titles[newest[n]] in line) for n in (0, 3, 4, 5, 6)
        ]
        assert said.endswith("-# and 4 more: /latest")
