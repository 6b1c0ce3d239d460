"""A bot in the process of the test, against a Discord on loopback, with the toy model: quick, and its jobs are real."""

import asyncio
import shutil
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord_server import LoopbackDiscord
from fakes import ToyEmbedder
from running import tally
from yarl import URL

from bot.discord.all_features import FEATURES
from bot.discord.client import FootnoteBot
from bot.discord.corpus_worker import Library
from bot.discord.jobs.process import Jobs
from bot.discord.store.community import Community
from bot.settings import BotSettings
from corpus import CorpusSettings, open_corpus

HERE = Path(__file__).resolve().parent
TOY = (sys.executable, str(HERE / "toy_footnote.py"))


class QuickBot(FootnoteBot):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No five seconds between two IDENTIFYs."""


def prepare(data: Path) -> Path:
    """Make the index of the shipped corpus in this folder, for many bots to begin with."""
    with open_corpus(CorpusSettings(data_dir=data), ToyEmbedder()) as corpus:
        corpus.prepare()
    return data


@asynccontextmanager
async def connected(
    discord: LoopbackDiscord, monkeypatch, data: Path, command=TOY, first=None, *, ready=True, **settings
):
    """A connected bot on this data folder; wound down at the end. `first`: a folder to begin with a copy of.

    `ready`: whether to wait until it knows all its servers.
    """
    monkeypatch.setattr(Route, "BASE", discord.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(discord.gateway.url))
    monkeypatch.setenv("PYTHONPATH", str(HERE.parent.parent))
    if first is not None and not data.exists():  # noqa: ASYNC240  a test's folder
        shutil.copytree(first, data)
    data.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240
    library = Library(open_corpus(CorpusSettings(data_dir=data), ToyEmbedder(), serving=True))
    community = Community(data / "community.sqlite3")
    client = QuickBot(BotSettings(**settings), library, community, Jobs(command=command), FEATURES)
    client._connection.guild_ready_timeout = 0.1  # no two seconds for further servers
    async with client:
        await client.login(discord.token)
        await library.load()
        connecting = asyncio.create_task(client.connect())
        following = asyncio.create_task(client.follow())
        try:
            await discord.connected()
            if ready:
                await client.wait_until_ready()
            yield client
        finally:
            following.cancel()
            await client.wind_down(3.0)
            with suppress(asyncio.CancelledError, asyncio.TimeoutError):
                await asyncio.wait_for(connecting, 3.0)
            await library.close(5.0)
            tally(discord)
