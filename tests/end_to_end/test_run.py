"""How `footnote run` starts, ends, and what outlives it: real processes against a Discord on loopback."""

import asyncio
import re
import shutil
import signal
import sqlite3
from contextlib import closing

import pytest
from discord_server import LoopbackDiscord
from discord_world import MEMBER, Permission
from running import running, start

from bot import errors

pytestmark = pytest.mark.slow

QUESTION = "Why do open and closed models differ?"
FOREIGN = "How do I bake sourdough bread?"
STAFF = MEMBER | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder for all runs of this file: the index is built once."""
    return tmp_path_factory.mktemp("run") / "data"


async def ends_with(discord, data, **environment):
    """The exit code of a run that cannot work, and the last line that it said."""
    bot = await start(discord, data, **environment)
    try:
        code = await asyncio.wait_for(bot.process.wait(), 90)
    finally:
        if bot.process.returncode is None:
            bot.process.kill()
    assert "Traceback" not in bot.log
    return code, bot.log.strip().splitlines()[-1]


@pytest.mark.asyncio
async def test_what_was_shown_set_and_kept_outlives_a_restart(data):
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        ada, moderator = discord.add_user("ada"), discord.add_user("mo", STAFF)
        async with running(discord, data):
            asked = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=guild.channel)
            message = await asked.answered()
            await (await discord.press(message, "👍", ada)).answered()
            vote = await discord.press(message, "👎", ada)
            await vote.opened()
            followed = await discord.press(message, "Follow up", ada)
            await followed.opened()
            gap = await discord.slash("ask", {"question": FOREIGN}, user=ada, channel=guild.channel)
            await gap.answered()
            panel = await (await discord.slash("settings", user=moderator, channel=guild.channel)).answered()
            await (await discord.choose(panel, "fn:set:pace", ["30:60"], moderator)).answered()
        synced = discord.syncs
        async with running(discord, data):
            evidence = await (await discord.press(message, "Evidence", ada)).answered()
            assert "different curves" in evidence.content
            related = await (await discord.press(message, "Related", ada)).answered()
            assert len(related.parts()) > 0
            # Modals that the process before had opened.
            told = await (await discord.submit(vote, {"reason": "after the restart"})).answered()
            assert "Noted: 👎" in told.content
            answer = await (await discord.submit(followed, {"question": "and a consortium?"})).answered()
            assert "-# Understood as: " in answer.content
            panel = await (await discord.slash("settings", user=moderator, channel=guild.channel)).answered()
            assert "Questions of one member: 30 a minute" in panel.content
            forgotten = await (await discord.slash("forget-me", user=ada, channel=guild.channel)).answered()
            assert "votes (1) and uncovered questions (1)" in forgotten.content
        assert discord.syncs == synced, "the commands had not changed, and were not told again"
        assert discord.violations == []


@pytest.mark.asyncio
async def test_after_a_restart_a_thread_is_read_again_and_no_acknowledgement_waits_for_it(data):
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        ada = discord.add_user("ada")
        async with running(discord, data):
            asked = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=guild.channel)
            message = await asked.answered()
            await (await discord.press(message, "Ask in thread", ada)).answered()
        thread = discord.channels[message.id]
        async with running(discord, data):
            discord.faults.delay("GET", f"/channels/{thread.id}/messages", 3.5)
            again = await discord.slash("ask", {"question": "and why?"}, user=ada, channel=thread)
            assert await again.acknowledged() < 1
            answer = await again.answered()
            assert f"-# Understood as: {QUESTION} and why?" in answer.content
        assert discord.violations == []


@pytest.mark.asyncio
async def test_help_is_acknowledged_though_discord_is_slow_to_tell_of_the_commands(data):
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        async with running(discord, data):
            discord.faults.delay("GET", "/commands$", 3.5)
            helped = await discord.slash("help", user=discord.add_user("ada"), channel=guild.channel)
            assert await helped.acknowledged() < 1
            assert re.search(r"</ask:\d+>", (await helped.answered()).content)


@pytest.mark.asyncio
async def test_sigterm_lets_an_answer_end_and_closes_cleanly(data):
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        users = [discord.add_user(f"user{n}") for n in range(30)]
        async with running(discord, data) as bot:
            handles = [
                await discord.slash("ask", {"question": QUESTION}, user=user, channel=guild.channel) for user in users
            ]
            await handles[0].acknowledged()
            began = discord.clock()
            assert await bot.stop(signal.SIGTERM) == 0
            assert discord.clock() - began < 10
            messages = [await handle.answered(1) for handle in handles if handle.callbacks]
        told = [m for m in messages if "is being restarted. Ask again in a minute." in m.content]
        answered = [m for m in messages if "**Sources**" in m.content]
        assert answered
        assert len(answered) + len(told) == len(messages)
        assert discord.violations == []


@pytest.mark.asyncio
async def test_sigterm_leaves_nobody_with_thinking_for_ever(data):
    """Also where Discord makes the last words wait: each is sent again after a 429."""
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        users = [discord.add_user(f"user{n}") for n in range(20)]
        async with running(discord, data) as bot:
            asks = [await discord.slash("ask", {"question": QUESTION}, user=u, channel=guild.channel) for u in users]
            shows = [await discord.slash("latest", user=user, channel=guild.channel) for user in users]
            await shows[-1].acknowledged()
            for method, path in (("PATCH", "@original"), ("DELETE", "@original"), ("POST", "/webhooks/")):
                discord.faults.rate_limit(method, path, 0.4, times=20)
            assert await bot.stop(signal.SIGTERM) == 0
        for handle in [*asks, *shows]:
            assert not handle.callbacks or handle.answer is not None, handle.seen()


@pytest.mark.asyncio
async def test_without_the_record_questions_are_answered_and_moderators_can_delete(data, tmp_path):
    copy = shutil.copytree(data, tmp_path / "copy")
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        ada, moderator = discord.add_user("ada"), discord.add_user("mo", STAFF)
        async with running(discord, copy):
            with closing(sqlite3.connect(copy / "community.sqlite3")) as record:
                record.execute("DROP TABLE secret")
                record.execute("DROP TABLE answers")
            asked = await discord.slash("ask", {"question": QUESTION}, user=ada, channel=guild.channel)
            message = await asked.answered()
            assert "different curves" in message.content
            await discord.press(message, "Delete", moderator)
            await discord.until(lambda: message.deleted)


@pytest.mark.asyncio
async def test_a_wrong_token_ends_in_a_sentence(data):
    async with LoopbackDiscord() as discord:
        code, said = await ends_with(discord, data, FOOTNOTE_DISCORD_TOKEN="wrong")  # noqa: S106
        assert code == errors.TOKEN
        assert "Discord does not accept the token" in said
        assert "Reset Token" in said


@pytest.mark.asyncio
async def test_missing_access_ends_in_a_sentence(data, tmp_path):  # noqa: ARG001
    async with LoopbackDiscord() as discord:
        discord.faults.fail("PUT", "/commands$", 403, code=50001, message="Missing Access", times=100)
        code, said = await ends_with(discord, tmp_path / "other")
        assert code == errors.ACCESS
        assert "Missing Access" in said
        assert "Invite it again" in said


@pytest.mark.asyncio
async def test_no_network_ends_in_a_sentence(data):
    async with LoopbackDiscord() as discord:
        code, said = await ends_with(discord, data, FOOTNOTE_DISCORD_API_URL="http://127.0.0.1:9/api/v10")
        assert code == errors.NETWORK
        assert "http://127.0.0.1:9/api/v10 cannot be reached" in said


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("closed", "expected", "says"),
    [
        (4004, errors.TOKEN, "Reset Token"),
        (4011, errors.SHARDING, "shards"),
        (4012, errors.GATEWAY, "update discord.py"),
        (4014, errors.INTENTS, "intents"),
    ],
)
async def test_a_close_code_that_nothing_mends_ends_in_a_sentence(data, closed, expected, says):
    async with LoopbackDiscord() as discord:
        discord.faults.refuse_identify(closed, times=10)
        code, said = await ends_with(discord, data)
        assert code == expected
        assert says in said


@pytest.mark.asyncio
async def test_no_start_is_left_for_today(data):
    """Discord resets the token of a bot that starts too often: so it does not even try."""
    async with LoopbackDiscord() as discord:
        discord.gateway.identifies_left = 0
        code, said = await ends_with(discord, data)
        assert code == errors.GATEWAY
        assert re.search(r"start it again in \d+ hours", said)
        assert discord.connections.identified == 0


@pytest.mark.asyncio
async def test_sigterm_while_the_model_loads_ends_at_once(data):
    async with LoopbackDiscord() as discord:
        bot = await start(discord, data)
        try:
            await discord.until(lambda: "the model is loaded" in bot.log, 60)
            began = discord.clock()
            assert await bot.stop(signal.SIGTERM) == 0
            assert discord.clock() - began < 10
        finally:
            if bot.process.returncode is None:
                bot.process.kill()


@pytest.mark.asyncio
async def test_a_second_bot_on_one_data_folder_is_refused(data):
    """Two would answer everything twice."""
    async with LoopbackDiscord() as discord, running(discord, data):
        code, said = await ends_with(discord, data)
        assert code == errors.RUNNING
        assert "two would answer everything twice" in said
