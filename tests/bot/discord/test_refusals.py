"""What Discord refuses in the ordinary course of things is a sentence, never "our bug" with a trace in the log."""

import logging
import re
import sys

import pytest
import pytest_asyncio
from discord_server import LoopbackDiscord
from discord_world import MODERATOR
from in_process import connected, prepare

from corpus import CorpusChange

QUESTION = "Why do open and closed models differ?"
ANSWER_EDIT, SENDING, THREAD = "/messages/@original$", r"/channels/\d+/messages$", "/threads$"
# Discord's status and error code → words of the sentence. Each can come to a bot that does nothing wrong.
REFUSED = {
    (403, 20009): "explicit",
    (400, 20016): "no faster",
    (400, 20022): "no faster",
    (400, 20028): "no faster",
    (400, 20029): "no faster",
    (400, 30003): "pinned",
    (400, 30010): "reactions",
    (400, 30013): "as many channels",
    (400, 30033): "members",
    (400, 30046): "no faster",
    (403, 40004): "switched",
    (413, 40005): "larger",
    (403, 40006): "switched",
    (400, 40067): "tag",
    (403, 50001): "View Channel",
    (403, 50003): "direct messages",
    (403, 50005): "author",
    (403, 50007): "direct messages",
    (403, 50008): "text channel",
    (403, 50009): "verification level",
    (403, 50013): "lacks a permission",
    (403, 50021): "Discord itself",
    (400, 50024): "such a channel",
    (400, 50068): "that kind",
    (400, 50083): "archived",
    (403, 50278): "share no server",
    (400, 160002): "Read Message History",
    (400, 160005): "locked",
    (400, 160006): "active threads",
    (400, 160007): "active threads",
    (400, 200000): "AutoMod",
    (400, 200001): "AutoMod",
    (400, 240000): "harmful",
    (400, 987654): "code 987654",
    (403, 0): "status 403",
}
# What silences the bot in the channel: there is nobody to be told.
SILENT = {20016, 20022, 20028, 20029, 30046, 40004, 40006, 40067, 50001, 50007, 50008, 50009, 50013, 50024, 50083}
SILENT |= {50278, 160005}


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
def mo(discord):
    return discord.add_user("mo", MODERATOR)


@pytest_asyncio.fixture
async def bot(discord, monkeypatch, tmp_path, prepared, mo):  # noqa: ARG001  a person comes first
    async with connected(discord, monkeypatch, tmp_path / "data", first=prepared) as client:
        yield client


@pytest.fixture
def channel(discord):
    return discord.guilds[0].channel


@pytest.fixture(autouse=True)
def _ordinary(caplog):
    """Nothing is logged as an error, and no trace, in any of these tests."""
    caplog.set_level(logging.INFO)
    yield
    told = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR or r.exc_info]
    assert told == []


async def asked(discord, user, channel, **options):
    return await discord.slash("ask", {"question": QUESTION, **options}, user=user, channel=channel)


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_a_refused_answer_is_told_to_who_asked(discord, channel, mo):
    for (status, code), says in REFUSED.items():
        discord.faults.fail("PATCH", ANSWER_EDIT, status, code=code)
        handle = await asked(discord, mo, channel)
        told = await handle.answered()
        assert says in told.content, (code, told.content)
        assert told.ephemeral
        assert handle.original.deleted, "no “thinking …” is left for all to see"


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_a_refused_reply_is_told_in_the_channel_where_anything_can_be(discord, channel, mo, caplog):
    for (status, code), says in REFUSED.items():
        if code == 160002:
            continue  # the answer comes, and is no reply
        discord.faults.fail("POST", SENDING, status, code=code)
        before = caplog.text
        question = await discord.say(channel, QUESTION, mo, mention_bot=True)
        if code in SILENT:
            await discord.until(lambda before=before, code=code: f"code {code})" in caplog.text[len(before) :])
            assert str(channel.id) in caplog.text[len(before) :]
        else:
            assert says in (await discord.reply_to(question)).content, code
        # A member who is refused is told three times a minute: each here asks for the first time.
        mo = discord.add_user(f"mo{code}", MODERATOR)


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_a_refused_thread_is_told_to_who_wanted_it(discord, channel, mo):
    answer = await (await asked(discord, mo, channel)).answered()
    for (status, code), says in REFUSED.items():
        discord.faults.fail("POST", THREAD, status, code=code)
        told = await (await discord.press(answer, "Ask in thread", mo)).answered()
        assert says in told.content, (code, told.content)
        assert told.ephemeral


@pytest.mark.asyncio
async def test_a_job_whose_card_is_refused_goes_on_and_its_starter_is_told(
    discord, channel, mo, monkeypatch, tmp_path, prepared
):
    script = tmp_path / "child.py"
    script.write_text(
        'print(\'{"event": "report", "dry_run": false, "committed": false, "generation": 1}\')', encoding="utf-8"
    )
    command = (sys.executable, str(script))
    async with connected(discord, monkeypatch, tmp_path / "data", command, prepared) as client:
        for (status, code), says in REFUSED.items():
            discord.faults.fail("POST", SENDING, status, code=code)
            handle = await discord.slash("corpus refresh", {}, user=mo, channel=channel)

            def told(handle=handle):
                own = [handle.original, *handle.followups]
                return next((m for m in own if m is not None and "/corpus log says how" in m.content), None)

            assert says in (await discord.until(told)).content, code
            await discord.until(lambda: client.jobs.running is None)


@pytest.mark.asyncio
async def test_a_refused_announcement_stands_in_the_moderators_log(discord, bot, channel, mo):
    guild = discord.guilds[0]
    await bot.server_settings.change(guild.id, {"announce": channel.id})
    settings = bot.get_cog("Settings")
    for (status, code), says in REFUSED.items():
        await bot.store.use(lambda stored: stored._db.run("DELETE FROM announced"))
        discord.faults.fail("POST", SENDING, status, code=code)
        await settings.on_corpus_changed(CorpusChange(2, ("new",), (), ()))
        (line, *_) = await bot.store.use(lambda stored: stored.log.last(guild.id, 1))
        assert line.name == "Discord"
        assert "could not be announced" in line.what
        assert says in line.what, code
    handle = await discord.slash("corpus log", {}, user=mo, channel=channel)
    assert "could not be announced" in (await handle.answered()).content


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_a_form_that_discord_finds_wrong_is_our_bug_with_a_reference(discord, channel, mo, caplog):
    for code in (50035, 0):
        discord.faults.fail("PATCH", ANSWER_EDIT, 400, code=code)
        told = await (await asked(discord, mo, channel)).answered()
        reference = re.search(r"not your fault.* ([0-9a-f]{8})\.", told.content)[1]
        assert f"Reference {reference}" in caplog.text
    caplog.clear()


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_what_was_written_does_not_stand_in_the_log_of_a_bug(discord, channel, mo, caplog, monkeypatch):
    def fails(_corpus, question, *_):
        raise ValueError(f"no such field: {question.upper()} (column 7)")

    monkeypatch.setattr("corpus.library.Corpus.find_quotes", fails)
    marked = "Does Zanzibar hoard quinces?"
    first = await (await asked(discord, mo, channel, question=marked)).answered()
    second = await discord.reply_to(await discord.say(channel, marked, mo, mention_bot=True))
    for told in (first, second):
        assert "not your fault" in told.content
    assert "ValueError: no such field: " in caplog.text
    assert "(column 7)" in caplog.text
    assert "in fails" in caplog.text, "where it happened stays"
    for word in ("zanzibar", "quinces"):
        assert word not in caplog.text.lower()
    caplog.clear()


# Lost interactions


@pytest.mark.asyncio
async def test_a_lost_interaction_costs_one_line_and_no_work(discord, bot, channel, mo, caplog, monkeypatch):
    answer = await (await asked(discord, mo, channel)).answered()
    worked = []
    use = bot.library.use

    async def counted(work, **how):
        worked.append(work)
        return await use(work, **how)

    monkeypatch.setattr(bot.library, "use", counted)
    for name, options in (
        ("ask", {"question": QUESTION, "private": True}),
        ("entry", {"title": "consortium"}),
        ("latest", {}),
        ("browse", {}),
        ("timeline", {"topic": "open models"}),
        ("help", {}),
        ("privacy", {}),
        ("settings", {}),
        ("corpus status", {}),
        ("corpus gaps", {}),
        ("corpus log", {}),
        ("corpus sources", {}),
        ("corpus export", {}),
    ):
        caplog.clear()
        (await discord.slash(name, options, user=mo, channel=channel)).miss()
        await discord.until(lambda: "An interaction was lost" in caplog.text, wanted=name)
    for label in ("Evidence", "Related", "Ask in thread", "Follow up", "👎"):
        caplog.clear()
        (await discord.press(answer, label, mo)).miss()
        await discord.until(lambda: "An interaction was lost" in caplog.text, wanted=label)
    assert worked == []
    assert [r for r in caplog.records if r.levelno > logging.INFO] == []
    caplog.clear()
    assert answer.thread is None
    own = [m for m in channel.messages if m.author is discord.bot and not m.ephemeral]
    assert own == [answer], "nothing was posted in place of them"


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_a_token_that_is_gone_at_the_end_is_no_bug(discord, channel, mo, caplog):
    answer = await (await asked(discord, mo, channel)).answered()
    for status, code in ((404, 10015), (401, 50027), (404, 10062), (404, 10008), (404, 10003)):
        for label in ("Evidence", "Related"):
            caplog.clear()
            discord.faults.fail("PATCH", ANSWER_EDIT, status, code=code, times=2)
            await discord.press(answer, label, mo)
            await discord.until(lambda: "An interaction was lost" in caplog.text or "Discord refused" in caplog.text)
            discord.faults.clear()
    assert "not your fault" not in "".join(m.content for m in channel.messages)


# Pace


async def in_batches(ways, size=5):
    """The answers to what somebody does, a few at once: a busy machine does no more within three seconds."""
    told = []
    for n in range(0, len(ways), size):
        handles = [await way() for way in ways[n : n + size]]
        told += [await handle.answered() for handle in handles]
    return told


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("command", ["latest", "entry"])
async def test_what_is_posted_for_all_counts_as_a_question(discord, channel, command):
    ada = discord.add_user("ada")
    options = {"title": "consortium"} if command == "entry" else {}
    told = await in_batches([lambda: discord.slash(command, options, user=ada, channel=channel)] * 15)
    assert len([m for m in told if not m.ephemeral]) == 5
    refused = [m for m in told if m.ephemeral]
    assert all(re.search(r"often enough for now\. .* <t:\d+:R>", m.content) for m in refused)


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_sharing_and_threads_count_as_questions(discord, channel):
    ada = discord.add_user("ada")
    private = [await (await asked(discord, ada, channel, private=True)).answered() for _ in range(4)]
    shared = [await (await discord.press(answer, "Share", ada)).answered() for answer in private]
    assert [m.ephemeral for m in shared] == [False, True, True, True]
    assert "often enough" in shared[-1].content
    refused = await (await discord.press(shared[0], "Ask in thread", ada)).answered()
    assert "often enough" in refused.content
    assert shared[0].thread is None


@pytest.mark.asyncio
async def test_a_flood_of_presses_is_told_when_to_go_on_and_leaves_room_for_others(discord, bot, channel, mo):
    ada = discord.add_user("ada")
    answer = await (await asked(discord, mo, channel)).answered()
    listed = await (await discord.slash("browse", {}, user=mo, channel=channel)).answered()
    ways = [
        lambda: discord.press(answer, "Evidence", ada),
        lambda: discord.press(answer, "Related", ada),
        lambda: discord.slash("latest", {"private": True}, user=ada, channel=channel),
        lambda: discord.slash("browse", {}, user=ada, channel=channel),
        lambda: discord.slash("entry", {"title": "consortium", "private": True}, user=ada, channel=channel),
    ]
    told = await in_batches(ways * 10)
    refused = [m for m in told if "often enough" in m.content]
    assert len(refused) == 20
    assert all(m.ephemeral and re.search(r"<t:\d+:R>", m.content) for m in refused)
    assert not bot.library.is_full()
    await discord.press(listed, "Next", mo)  # of another member, who may
    await discord.until(lambda: "page 2 of 2" in listed.content)
