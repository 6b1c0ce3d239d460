"""The bot reads the sources by itself: when their time has come, in nobody's way, and what matters is written down."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from discord_server import LoopbackDiscord
from discord_world import MODERATOR
from earlier import say_made_with
from fakes import ToyEmbedder
from in_process import connected, prepare

from bot.contract.schema import Report
from bot.discord.jobs.card import counts
from bot.discord.jobs.finished import Finished
from bot.discord.jobs.process import JobRunning
from bot.discord.jobs.schedule import BY, LONGEST_PAUSE, PAUSE, RENEWAL, WHAT, Schedule, remarks
from bot.discord.store.community import Community
from bot.errors import QueueFull
from corpus import CorpusSettings, Outdated, open_corpus
from tests.bot.cli.test_sources import PIECE

TAKEN = Report(dry_run=False, committed=True, new=("a", "b"), generation=8, notes=("/srv/data/x fails for 3 days.",))
QUIET = Report(dry_run=False, committed=False, unchanged=("a",))


class Bot:
    """As much of a bot as the schedule sees. `starts`: the words of each job; `ended`: how the next will end."""

    def __init__(self, tmp_path, due=-1.0, **settings):
        self.starts = []
        self.ended = Finished(report=QUIET)
        self.running = None
        self.faster = False
        self.jobs = self
        self.library = self.store = self
        self.guilds = [SimpleNamespace(id=number) for number in (1, 2)]
        self.settings = SimpleNamespace(discord_servers=frozenset({1}))
        self.is_ready = lambda: True
        self.at_work = nullcontext
        self.community = Community(tmp_path / "community.sqlite3")
        self.due = None if due is None else datetime.now(UTC) + timedelta(seconds=due)
        self.outdated = None
        self.corpus = SimpleNamespace(
            find_outdated=lambda: self.outdated,
            settings=SimpleNamespace(**{"offline": False, "refresh_hours": 6.0, **settings}),
            next_due=lambda: self.due,
        )

    async def start(self, words, what, by, most_seconds=None):
        assert most_seconds is None or what == RENEWAL, "all else is stopped after six hours"
        if self.faster:
            raise JobRunning("refresh", "mo")
        self.starts.append((words, what, by))

        async def wait():
            return self.ended

        return SimpleNamespace(what=what, by=by, wait=wait)

    async def use(self, work):
        return work(self.corpus)

    async def use_or(self, _, work):
        return work(self.community)

    def look(self, schedule=None):
        """One look; the schedule, for another one."""
        schedule = schedule or Schedule(self)
        asyncio.run(schedule.look())
        return schedule


def test_what_is_due_is_read_by_a_job_in_its_name(tmp_path):
    bot = Bot(tmp_path)
    bot.look()
    assert bot.starts == [(("refresh", "--due"), WHAT, BY)]


@pytest.mark.parametrize(
    ("due", "settings"),
    [(None, {}), (60, {}), (-1, {"offline": True}), (-1, {"refresh_hours": 0.0})],
    ids=["never", "later", "offline", "not by itself"],
)
def test_nothing_is_read_before_its_time_or_where_that_is_not_wanted(tmp_path, due, settings):
    bot = Bot(tmp_path, due, **settings)
    bot.look()
    assert bot.starts == []


def test_an_outdated_index_is_made_anew_before_anything_is_read(tmp_path, caplog):
    bot = Bot(tmp_path, offline=True)
    bot.outdated = Outdated(("splitter",), "The index was made by another version.", "Run `footnote rebuild`.")
    bot.ended = Finished(report=Report(dry_run=False, committed=True, generation=8, notes=("It is made anew.",)))
    with caplog.at_level("INFO"):
        schedule = bot.look()
    assert bot.starts == [(("rebuild", "--if-outdated"), RENEWAL, BY)]
    assert "The index was made by another version. A new one is made beside it." in caplog.text
    told = [line.what for line in bot.community.log.last(1, 9)]
    assert told == ["It is made anew.", f"{RENEWAL}: generation 8"]
    bot.look(schedule)
    assert len(bot.starts) == 1, "not again at once, whatever became of it"


def test_a_moderators_job_is_waited_out(tmp_path):
    bot = Bot(tmp_path)
    bot.running = object()
    schedule = bot.look()
    bot.running, bot.faster = None, True
    bot.look(schedule)
    assert bot.starts == []
    bot.faster = False
    bot.look(schedule)
    assert len(bot.starts) == 1


def test_after_a_failure_it_waits_longer_each_time(tmp_path):
    bot, began, seconds = Bot(tmp_path), [], 0.0
    bot.ended = Finished(error="Another refresh is at work.", code=5)
    schedule = Schedule(bot, clock=lambda: seconds)

    async def through():
        nonlocal seconds
        while len(began) < 12:
            await schedule.look()
            if len(bot.starts) > len(began):
                began.append(seconds)
            if len(began) == 9:
                bot.ended = Finished(report=QUIET)
            seconds += PAUSE / 2

    asyncio.run(through())
    pauses = [after - before for before, after in pairwise(began)]
    assert pauses == [min(PAUSE * 2**n, LONGEST_PAUSE) for n in range(1, 10)] + [PAUSE] * 2


def test_moderators_who_keep_the_corpus_find_changes_and_remarks_in_their_log(tmp_path):
    bot = Bot(tmp_path)
    schedule = bot.look()
    assert bot.community.log.last(1, 9) == []
    bot.ended = Finished(report=TAKEN, code=3)
    schedule._not_before = 0.0
    bot.look(schedule)
    told = [(line.name, line.what) for line in bot.community.log.last(1, 9)]
    assert told == [(BY, "x fails for 3 days."), (BY, f"{WHAT}: {counts(TAKEN)}")]
    assert bot.community.log.last(2, 9) == []
    assert remarks(Finished(error="It failed.", code=1)) == []


def test_no_trouble_ends_it(tmp_path, monkeypatch, caplog):
    troubles = [QueueFull(), ZeroDivisionError(), None]
    bot = Bot(tmp_path)
    schedule = Schedule(bot)

    async def look():
        if trouble := troubles.pop(0):
            raise trouble
        schedule.stop()
        await asyncio.sleep(0)

    monkeypatch.setattr("bot.discord.jobs.schedule.LOOK", 0.0)
    monkeypatch.setattr(schedule, "look", look)

    async def through():
        schedule.start()
        with pytest.raises(asyncio.CancelledError):
            await schedule._task

    asyncio.run(through())
    assert troubles == []
    assert "The schedule stumbled" in caplog.text


@pytest.mark.asyncio
async def test_what_came_by_the_schedule_is_announced_once_and_stands_in_the_moderators_log(tmp_path, monkeypatch):
    """The real bot and its real child, with a toy model; the source is a folder, and both shipped ones are paused."""
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
    data, folder = prepare(tmp_path / "data"), tmp_path / "essays"
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    folder.mkdir()
    with open_corpus(CorpusSettings(data_dir=data), ToyEmbedder()) as corpus:
        corpus.follow(str(folder), name="Essays")
        for shipped in ("interconnects", "huggingface"):
            corpus.pause(shipped)
    (folder / "lighthouse.txt").write_text(PIECE, encoding="utf-8")
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        news = discord.add_channel("news", guild=guild)
        mo = discord.add_user("mo", MODERATOR)
        async with connected(discord, monkeypatch, data) as client:
            panel = await (await discord.slash("settings", user=mo, channel=guild.channel)).answered()
            await (await discord.choose(panel, "fn:set:announce", [news], mo)).answered()
            schedule = client.get_cog("Sources").schedule
            await schedule.look()
            told = await discord.next_message(news, 30)
            assert told.content.startswith("**New in the corpus**\n- ")
            assert "The lighthouse" in told.content
            schedule._not_before = 0.0
            await schedule.look()
            log = (await (await discord.slash("corpus log", user=mo, channel=guild.channel)).answered()).content
            assert f"**{BY}** {WHAT}: 1 new" in log
            listed = await (await discord.slash("corpus sources", user=mo, channel=guild.channel)).answered()
            assert "**Essays** · read <t:" in listed.content
            assert (
                "**Interconnects** · paused · not read yet\n-# 8 entries (1 teaser), newest 2026-06-01"
                in listed.content
            )
        mine = [m for channel in discord.channels.values() for m in channel.messages if m.author is discord.bot]
        assert sum("New in the corpus" in message.content for message in mine) == 1
        assert not [message for message in mine if "started by" in message.content], "no card"
        assert discord.violations == []


@pytest.mark.asyncio
async def test_members_are_answered_from_an_earlier_index_until_the_bots_child_has_made_the_new_one(
    tmp_path, monkeypatch
):
    data = prepare(tmp_path / "data")
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    say_made_with(data, splitter="1")
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        ada, mo = discord.add_user("ada"), discord.add_user("mo", MODERATOR)

        async def ask():
            asked = await discord.slash("ask", {"question": "consortium"}, user=ada, channel=guild.channel)
            return await asked.answered()

        async with connected(discord, monkeypatch, data) as client:
            before = await ask()
            said = (await (await discord.slash("corpus status", user=mo, channel=guild.channel)).answered()).content
            assert "it answers, and a new one is made beside it" in said
            looking = asyncio.create_task(client.get_cog("Sources").schedule.look())
            await discord.until(lambda: client.jobs.running)
            assert (await ask()).content == before.content, "while it is made"
            await looking
            await discord.until(lambda: client.library._corpus._reader._held.generation.number == 2)
            assert await client.library.use(lambda corpus: corpus.find_outdated()) is None
            assert (await ask()).content == before.content
            evidence = await (await discord.press(before, "Evidence", ada)).answered()
            assert "consortium" in evidence.content
            log = (await (await discord.slash("corpus log", user=mo, channel=guild.channel)).answered()).content
            assert f"**{BY}** {RENEWAL}: generation 2" in log
        assert discord.violations == []
