"""`footnote run`: from the settings to a connected bot, and to its end. Each failure ends in a sentence."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from filelock import FileLock, Timeout
from yarl import URL

from bot import errors
from bot.discord.all_features import FEATURES
from bot.discord.client import FootnoteBot
from bot.discord.corpus_worker import Library
from bot.discord.jobs.process import Jobs
from bot.discord.store.community import Community
from bot.discord.store.database import COMMUNITY, CommunityDamaged
from bot.errors import NotStarted
from bot.settings import BotSettings
from corpus import CorpusSettings, make_data_folder, open_corpus, shortage_of

log = logging.getLogger(__name__)

LOCK = "run.lock"
FAREWELL = 6.0  # seconds for the answers in hand; a supervisor kills after ten
LAST_WORK = 2.0  # seconds for what the library's threads are at
# Seconds that a thread may hold Python's lock while another one waits for it. Python's own is 0.005, and each step of
# the event loop waited so long for the library's thread (docs/decisions/0074).
SWITCH = 0.001
PORTAL = "https://discord.com/developers/applications"
NO_TOKEN = (
    f"There is no token. Make a bot at {PORTAL}, take its token from Bot → Reset Token, and set FOOTNOTE_DISCORD_TOKEN "
    "in the environment or in .env."
)
BAD_TOKEN = (
    f"Discord does not accept the token: it is mistyped or was reset. Make a new one ({PORTAL}, Bot → Reset Token), "
    "set FOOTNOTE_DISCORD_TOKEN to it, and start again."
)
INTENTS = (
    "Discord refuses the bot's intents, though it needs no privileged one: update footnote and discord.py, and start "
    "again."
)
SHARDING = (
    "Discord asks for another number of shards. The bot takes the number that Discord recommends at its start: start "
    "it again; if it stays, no other process may hold this token with a number of its own."
)
API_VERSION = "Discord no longer speaks this version of its interface: update discord.py, and start again."
NO_IDENTIFIES = (
    "Discord allows this bot no further start for now (its daily number is used up, by a loop of restarts perhaps). "
    "Find out why it restarts, and start it again in {hours} hours."
)
# The gateway's close codes that no reconnecting mends (topics/opcodes-and-status-codes in its documentation).
CLOSED = {
    4004: (BAD_TOKEN, errors.TOKEN),
    4010: (SHARDING, errors.SHARDING),
    4011: (SHARDING, errors.SHARDING),
    4012: (API_VERSION, errors.GATEWAY),
    4013: (INTENTS, errors.INTENTS),
    4014: (INTENTS, errors.INTENTS),
}


def run(corpus_settings: CorpusSettings, settings: BotSettings) -> None:
    """Run the bot until it is told to stop (SIGTERM, Ctrl-C). Raises NotStarted, or what the library raises."""
    if settings.discord_token is None:
        raise NotStarted(NO_TOKEN, errors.TOKEN)
    sys.setswitchinterval(SWITCH)
    with _explaining_failures(settings):
        asyncio.run(_run(corpus_settings, settings, settings.discord_token.get_secret_value().strip()))


async def _run(corpus_settings: CorpusSettings, settings: BotSettings, token: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    lock = _lock_data_folder(corpus_settings.data_dir)
    library = Library(open_corpus(corpus_settings, serving=True))
    try:  # without the record no server's settings would hold, so there is no start without it
        community = Community(corpus_settings.data_dir / COMMUNITY)
    except CommunityDamaged as error:
        raise NotStarted(str(error), errors.DATA) from error
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak: nothing is missing
    client = FootnoteBot(settings, library, community, Jobs(), FEATURES)
    if settings.discord_api_url is not None:
        Route.BASE = settings.discord_api_url
    async with client:
        try:
            await _until(stop, _start(client, token))
        finally:
            log.info("Stopping: what is being answered is finished first.")
            await client.wind_down(FAREWELL)
            lock.release()
            if not await library.close(LAST_WORK):
                # Threads that load a model or build an index are not waited for: nothing of theirs is lost half done.
                log.info("What the library was at is left: it begins anew at the next start.")
                logging.shutdown()
                os._exit(0)


async def _start(client: FootnoteBot, token: str) -> None:
    """Log in (a wrong token shows at once), connect, and load what is slow meanwhile."""
    await client.login(token)
    _, gateway, limit = await client.http.get_bot_gateway()
    if limit.get("remaining", 1) <= 0:
        hours = -(-limit.get("reset_after", 0) // 3_600_000)
        raise NotStarted(NO_IDENTIFIES.format(hours=hours), errors.GATEWAY)
    if client.settings.discord_api_url:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
    await client.library.load()
    following = asyncio.create_task(client.follow(), name="follow")
    log.info("Connecting; the model is loaded meanwhile.")
    try:
        await asyncio.gather(client.connect(), client.library.warm_up())
    finally:
        following.cancel()


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do the work until it ends or the process is told to stop."""
    working = asyncio.create_task(work, name="discord")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        working.result()
    else:  # it ends with the client; what it says then is of no use any more
        working.add_done_callback(lambda task: task.cancelled() or task.exception())


def _lock_data_folder(data_dir: Path) -> FileLock:
    """The lock that one bot alone can hold on a data folder: two would answer everything twice."""
    lock = FileLock(data_dir / LOCK, timeout=0)
    try:
        make_data_folder(data_dir)
        lock.acquire()
    except Timeout as error:
        sentence = f"Another `footnote run` is at work in {data_dir}; two would answer everything twice. Stop it first."
        raise NotStarted(sentence, errors.RUNNING) from error
    except OSError as error:
        sentence = f"The data folder {data_dir}, which holds the bot's record, cannot be written ({error.strerror})."
        raise NotStarted(str(shortage_of(error, data_dir) or sentence), errors.DATA) from error
    return lock


@contextlib.contextmanager
def _explaining_failures(settings: BotSettings) -> Iterator[None]:
    """What Discord or the network refuses, as a sentence with its remedy and an exit code of its own."""
    place = settings.discord_api_url or "Discord"
    try:
        yield
    except discord.LoginFailure as error:
        raise NotStarted(BAD_TOKEN, errors.TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise NotStarted(INTENTS, errors.INTENTS) from error
    except discord.ConnectionClosed as error:
        unknown = (
            f"Discord closed the connection with the code {error.code}: start again; if it stays, update footnote."
        )
        raise NotStarted(*CLOSED.get(error.code or 0, (unknown, errors.GATEWAY))) from error
    except discord.GatewayNotFound as error:
        raise _not_started_by(place, error.__cause__) from error
    except discord.HTTPException as error:
        raise _not_started_by(place, error) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:  # of a file: that is not the network
            raise
        raise NotStarted(
            f"{place} cannot be reached ({error}). Check the network, its firewall or proxy, and start again.",
            errors.NETWORK,
        ) from error


def _not_started_by(place: str, error: BaseException | None) -> NotStarted:
    """What a status of Discord's REST interface means for a start."""
    if not isinstance(error, discord.HTTPException) or error.status >= 500:  # noqa: PLR2004  Discord's own errors
        sentence = (
            f"{place} answers with errors of its own ({error}); see https://discordstatus.com, and start again later."
        )
        return NotStarted(sentence, errors.NETWORK)
    if error.status == 401:  # noqa: PLR2004  unauthorized
        return NotStarted(BAD_TOKEN, errors.TOKEN)
    sentence = (
        f"{place} refuses this bot access ({error.status}, code {error.code}: {error.text}). Invite it again with "
        f"the scopes bot and applications.commands, and check the application at {PORTAL}."
    )
    return NotStarted(sentence, errors.ACCESS)
