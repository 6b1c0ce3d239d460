"""After /forget-me nothing that a person said is left in any file of the data folder, whichever way it came in."""

import logging
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from discord_server import LoopbackDiscord
from discord_world import MODERATOR
from in_process import connected, prepare

COVERED = "Why do open and closed models differ, by zanzibar?"
FOREIGN = "Does zanzibar bake sourdough bread at night?"
MARK = b"zanzibar"
ADDED = """\
---
id: zanzibar-piece
title: Of Zanzibar
source: interconnects
kind: event
tier: 2
url: https://example.org/zanzibar
people: [{name: Ada, role: author}]
published: 2026-08-01
summary: A piece.
---
Zanzibar will build a federation of gardeners. It appears to be likely.
"""


@pytest_asyncio.fixture
async def discord():
    async with LoopbackDiscord() as loopback:
        loopback.add_guild("makers")
        yield loopback
        assert loopback.violations == []


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest_asyncio.fixture
async def bot(discord, monkeypatch, data, prepared):
    discord.add_user("ada")
    async with connected(discord, monkeypatch, data, first=prepared) as client:
        yield client


def left_in(data):
    """The files that hold the marker, in any case and either encoding, or have it in their name."""
    files = [file for file in data.rglob("*") if file.is_file()]
    assert {"community.sqlite3", "archive.sqlite3"} <= {file.name for file in files}
    held = [file for file in files if MARK in file.read_bytes().lower().replace(b"\0", b"")]
    return [str(file.relative_to(data)) for file in {*held, *(f for f in files if MARK.decode() in str(f).lower())}]


async def asked(discord, user, channel, question, **options):
    handle = await discord.slash("ask", {"question": question, **options}, user=user, channel=channel)
    return await handle.answered()


async def forget(discord, user, channel):
    told = await (await discord.slash("forget-me", {}, user=user, channel=channel)).answered()
    assert "Done." in told.content
    return told.content


@pytest.mark.asyncio
async def test_nothing_that_a_member_said_is_left(discord, bot, data, caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    guild, channel = discord.guilds[0], discord.guilds[0].channel
    ada, bob = discord.add_user("zoe"), discord.add_user("bob", MODERATOR)
    mo = discord.add_user("mo", MODERATOR)
    await bot.server_settings.change(guild.id, {"questions": 100})

    answer = await asked(discord, ada, channel, COVERED)
    await asked(discord, ada, channel, FOREIGN)
    await asked(discord, ada, channel, "Private: " + FOREIGN, private=True)
    await discord.reply_to(await discord.say(channel, "Mentioned: " + FOREIGN, ada, mention_bot=True))
    await discord.reply_to(await discord.say(discord.dm(ada), "Written: " + FOREIGN, ada))
    said = await discord.say(channel, "I think that Zanzibaar and open models differ.", ada)
    await (await discord.menu("Find Sources", said, ada)).answered()
    # A vote with its reason, and another's vote on her answer.
    await (await discord.press(answer, "👍", bob)).answered()
    opened = await discord.press(answer, "👎", ada)
    await (await discord.submit(opened, {"reason": "Zanzibar was meant."})).answered()
    # A follow-up, and a thread; also another's question that follows hers.
    opened = await discord.press(answer, "Follow up", ada)
    await (await discord.submit(opened, {"question": "and what of bread in Zanzibar?"})).answered()
    opened = await discord.press(answer, "Follow up", bob)
    followed = await (await discord.submit(opened, {"question": "and why?"})).answered()
    await (await discord.press(followed, "👍", bob)).answered()
    await (await discord.press(answer, "Ask in thread", ada)).answered()
    thread = discord.channels[answer.id]
    await discord.reply_to(await discord.say(thread, "and does Zanzibar bake?", ada, mention_bot=True))
    await discord.reply_to(await discord.say(thread, "and why?", bob, mention_bot=True))
    # A gap that a moderator closes.
    shown = await (await discord.slash("corpus gaps", {}, user=mo, channel=channel)).answered()
    menu = next(part for part in shown.parts() if "options" in part)
    gap = next(option["value"] for option in menu["options"] if "anzibar" in option["label"])
    await (await discord.choose(shown, menu["custom_id"], [gap], mo)).answered()
    # An error that repeats the question.
    with monkeypatch.context() as broken:
        broken.setattr("corpus.library.Corpus.find_quotes", _fails)
        assert "not your fault" in (await asked(discord, ada, channel, FOREIGN)).content

    assert left_in(data), "it was there"
    await forget(discord, ada, channel)
    assert left_in(data) == []
    assert "zanzibar" not in caplog.text.lower()
    # What is said of her answer afterwards brings nothing back.
    await (await discord.press(answer, "👍", mo)).answered()
    assert left_in(data) == []
    log = await (await discord.slash("corpus log", {}, user=mo, channel=channel)).answered()
    assert "closed a gap" in log.content
    votes = await bot.store.use(lambda stored: stored.feedback.count(guild.id))
    assert votes.up == 3, "the votes of others count on"


def _fails(_corpus, question, *_):
    raise ValueError(f"no such field: {question}")


@pytest.mark.asyncio
async def test_nothing_of_a_moderators_pending_addition_is_left_and_the_log_does_not_name_them(discord, bot, data):
    guild, channel = discord.guilds[0], discord.guilds[0].channel
    mo, other = discord.add_user("quincy", MODERATOR), discord.add_user("mo", MODERATOR)
    await bot.store.use(lambda stored: stored.log.add(guild.id, other.id, other.name, "did this", datetime.now(UTC)))
    panel = await (await discord.slash("settings", {}, user=mo, channel=channel)).answered()
    await discord.choose(panel, "fn:set:pace", ["30:60"], mo)
    await discord.until(lambda: "30 a minute" in panel.content)
    for fields in ({"text": ADDED}, {"file": discord.upload("zanzibar.md", ADDED.encode())}):
        opened = await discord.slash("corpus add", {}, user=mo, channel=channel)
        preview = await (await discord.submit(opened, fields)).answered(40.0)
        assert "Apply" in preview.labels
    assert [name for name in left_in(data) if name.startswith("additions")]
    assert "2, deleted" in await forget(discord, mo, channel)
    assert left_in(data) == []
    refused = await (await discord.press(preview, "Apply", mo)).answered()
    assert "applied or discarded already" in refused.content
    log = await (await discord.slash("corpus log", {}, user=other, channel=channel)).answered()
    assert "**a former moderator** settings: questions" in log.content
    assert "**mo** did this" in log.content
    assert "quincy" not in log.content
    record = b"".join(file.read_bytes() for file in data.glob("community.sqlite3*"))
    assert str(mo.id).encode() not in record
    assert b"quincy" not in record


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_privacy_says_how_long_each_is_kept(discord):
    channel = discord.guilds[0].channel
    told = await (await discord.slash("privacy", {}, user=discord.users[-1], channel=channel)).answered()
    for what in (
        "Of an answer, 180 days",
        "until 180 days after it was last asked",
        "Of a 👍 or 👎, 180 days",
        "Of a thread on an answer, 365 days",
        "Of moderators, 365 days",
        "with name and id",
        "waits 1 day",
        "The corpus's own history keeps who started a change",
        "which entries were announced",
        "Of a job, until its end (at most 180 days)",
        "“a former moderator”",
    ):
        assert what.replace("“", '"').replace("”", '"') in told.content


@pytest.mark.asyncio
async def test_a_server_that_removes_the_bot_finds_nothing_set_when_it_comes_back(discord, bot):
    guild = discord.add_guild("elsewhere")
    await discord.until(lambda: bot.get_guild(guild.id))
    await bot.server_settings.change(guild.id, {"private": True})
    discord.remove_guild(guild)
    await discord.until(lambda: bot.get_guild(guild.id) is None)
    for _ in range(100):
        if not await bot.store.use(lambda stored: stored.settings.get(guild.id).private):
            break
    assert not (await bot.server_settings.get(guild.id)).private
