"""`/corpus` as moderators meet it: previews, job cards, undo, gaps, why; against a Discord on loopback."""

import asyncio
import json
import logging
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import followed
import pytest
import pytest_asyncio
from discord_server import LoopbackDiscord
from discord_world import MODERATOR, Permission
from fakes import ToyEmbedder
from in_process import connected, prepare
from pdfs import pdf
from web import serving

from bot.contract.events import Progress
from bot.contract.schema import CrossPost, Rejection, Report, SourceReport
from bot.discord.features.insight.message import NO_SOURCES, sources_messages
from bot.discord.jobs.card import Subject, ended_text, running_text, time_left, without_folders
from bot.discord.jobs.finished import Finished
from bot.discord.jobs.schedule import BY, RENEWAL, RENEWAL_SECONDS, RENEWAL_WORDS, WHAT, WORDS
from bot.discord.store.community import Community
from bot.text import size
from corpus import Corpus, CorpusSettings, open_corpus

ENTRY = """\
---
id: new-piece
title: A *new* piece on [open models](https://evil.example)
source: interconnects
kind: event
tier: 2
url: https://example.org/new
people:
  - name: Ada Lovelace
    role: author
published: 2026-08-01
summary: A piece.
---
Open models will be built by a federation of gardeners. It appears to be likely.
"""
SOON = 40.0  # seconds for a child process on a busy machine
# A child that says what it is told to, line by line, when the test lets it.
SCRIPTED = """
import json, os, pathlib, signal, sys, time
def say(**event): print(json.dumps(event), flush=True)
def stop(*_):
    say(event="error", error="Stopped. Nothing was lost.", code=130)
    sys.exit(130)
signal.signal(signal.SIGINT, stop)
pathlib.Path("words.jsonl").open("a").write(json.dumps(sys.argv[1:]) + "\\n")
def wait_for(name):
    until = time.monotonic() + 60
    while not pathlib.Path(name).exists() and time.monotonic() < until: time.sleep(0.02)
REPORT = {"event": "report", "dry_run": "--dry-run" in sys.argv, "committed": "--dry-run" not in sys.argv,
    "new": ["consortium", "b"], "unchanged": ["c"], "generation": 7,
    "rejected": [{"where": "/srv/secret/a.md:3", "reason": "it has no title"}],
    "saved_plan": "c" * 64 if "--save-plan" in " ".join(sys.argv) else None}
"""


@pytest_asyncio.fixture
async def discord():
    async with LoopbackDiscord() as loopback:
        loopback.add_guild("makers")
        yield loopback
        assert loopback.violations == []
        for channel in loopback.channels.values():
            for message in channel.messages:
                assert message.author is not loopback.bot or not message.pings, message.content


@pytest.fixture
def channel(discord):
    return discord.guilds[0].channel


@pytest.fixture
def mo(discord):
    return discord.add_user("mo", MODERATOR)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


@pytest_asyncio.fixture
async def bot(discord, monkeypatch, tmp_path, prepared, mo):  # noqa: ARG001  a person comes first
    async with connected(discord, monkeypatch, tmp_path / "data", first=prepared) as client:
        yield client


@pytest.fixture
def scripted(discord, monkeypatch, tmp_path, prepared, mo):  # noqa: ARG001
    """Makes a bot whose jobs are these lines of Python, run in the test's folder."""

    def made(lines, **settings):
        script = tmp_path / "child.py"
        script.write_text(SCRIPTED + lines, encoding="utf-8")
        return connected(discord, monkeypatch, tmp_path / "data", (sys.executable, str(script)), prepared, **settings)

    return made


def words_of(tmp_path):
    """The words of each command that the scripted child was started with."""
    return [json.loads(line) for line in (tmp_path / "words.jsonl").read_text().splitlines()]


async def corpus(discord, name, user, channel, **options):
    return await discord.slash(f"corpus {name}", options, user=user, channel=channel)


async def card_of(discord, channel, holding=""):
    """The job's card in the channel, once it holds this."""

    def look():
        cards = [m for m in channel.messages if m.author is discord.bot and "started by" in m.content]
        return next((m for m in reversed(cards) if holding in m.content), None)

    return await discord.until(look, SOON, f"No card with {holding!r}")


async def logged(discord, user, channel, what):
    """The moderators' log, once it holds this."""
    for _ in range(100):
        handle = await corpus(discord, "log", user, channel)
        said = (await handle.answered()).content
        if what in said:
            return said
        await asyncio.sleep(0.05)
    raise AssertionError(said)


async def no_open_cards(client):
    """The record of cards is empty, a moment after the last edit."""
    for _ in range(100):
        if not await client.store.use(lambda stored: stored.cards.all()):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await client.store.use(lambda stored: stored.cards.all()))


# Who may


@pytest.mark.asyncio
async def test_members_are_refused_even_where_the_commands_were_opened_to_them(discord, bot, channel):
    ada = discord.add_user("ada")
    with pytest.raises(AssertionError, match="does not see"):
        await corpus(discord, "status", ada, channel)
    for name in ("status", "sources", "refresh", "add", "undo", "gaps", "log", "export"):
        handle = await discord.slash(f"corpus {name}", user=ada, channel=channel, force=True)
        assert "Only members who may manage this server" in (await handle.answered()).content
        assert handle.ephemeral
    for name, options in (("remove", {"entry": "consortium"}), ("why", {"link": "x"})):
        handle = await discord.slash(f"corpus {name}", options, user=ada, channel=channel, force=True)
        assert "Only members who may manage this server" in (await handle.answered()).content
    assert bot.jobs.running is None


@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_the_commands_are_for_servers_alone(discord):
    commands = {c["name"]: c for c in discord.commands[None]}
    for name in ("corpus", "Why This Answer"):
        assert commands[name]["contexts"] == [0]
        assert commands[name]["integration_types"] == [0]
        assert commands[name]["default_member_permissions"] == str(int(Permission.MANAGE_GUILD))


@pytest.mark.asyncio
async def test_of_several_servers_those_that_are_named_change_the_corpus(discord, scripted, channel, mo):
    other = discord.add_guild("others")
    async with scripted("say(**REPORT)") as client:
        handle = await corpus(discord, "refresh", mo, channel)
        assert "FOOTNOTE_DISCORD_SERVERS" in (await handle.answered()).content
        dry = await corpus(discord, "refresh", mo, channel, dry_run=True)
        assert "FOOTNOTE_DISCORD_SERVERS" in (await dry.answered()).content
        client.settings = client.settings.model_copy(update={"discord_servers": frozenset({other.id})})
        refused = await corpus(discord, "refresh", mo, channel)
        assert "other servers" in (await refused.answered()).content
        taken = await corpus(discord, "refresh", mo, other.channel)
        assert "Started" in (await taken.answered()).content
        await card_of(discord, other.channel, "generation 7")


@pytest.mark.asyncio
async def test_a_missing_permission_is_named_before_anything_starts(discord, scripted, channel, mo, tmp_path):
    discord.deny(channel, Permission.SEND_MESSAGES)
    async with scripted("say(**REPORT)"):
        for name in ("refresh", "add", "undo"):
            handle = await corpus(discord, name, mo, channel)
            assert "lacks the permission Send Messages in this channel" in (await handle.answered()).content
            assert handle.ephemeral
    assert not (tmp_path / "words.jsonl").exists()


# The card


@pytest.mark.asyncio
async def test_a_refresh_is_told_on_a_card_from_beginning_to_end(discord, scripted, channel, mo, tmp_path):
    steps = """
say(event="progress", stage="index", done=3, total=12)
wait_for("go")
say(**REPORT)
sys.exit(3)
"""
    async with scripted(steps) as client:
        handle = await corpus(discord, "refresh", mo, channel, source="interconnects")
        assert "Started" in (await handle.answered()).content
        assert handle.ephemeral
        card = await card_of(discord, channel, "Indexing ▰▰▰▱▱▱▱▱▱▱▱▱ 3 of 12")
        assert not card.ephemeral
        assert card.labels == ["Cancel"]
        assert "**Refresh of interconnects** · started by mo <t:" in card.content
        busy = await corpus(discord, "refresh", mo, channel)
        assert "mo has started “refresh of interconnects”, and it is still at work" in (await busy.answered()).content
        status = await (await corpus(discord, "status", mo, channel)).answered()
        assert "At work: refresh of interconnects, started by mo, 3 of 12" in status.content
        (tmp_path / "go").touch()
        await card_of(discord, channel, "Done: the corpus is at generation 7.")
        assert "2 new · 0 changed · 1 unchanged · 1 rejected" in card.content
        assert "(consortium)\n- b\n**Rejected**\n- a\\.md\\:3: it has no title" in card.content
        assert "/srv" not in card.content
        assert card.labels == ["Undo"]
        await no_open_cards(client)
        said = await logged(discord, mo, channel, "refresh of interconnects: 2 new")
        assert "refresh of interconnects: started" in said
    assert words_of(tmp_path)[0] == ["refresh", "--json-lines", "--by=mo", "--source=interconnects"]


@pytest.mark.asyncio
async def test_a_card_is_edited_at_most_once_a_second_and_ends_at_the_newest(discord, scripted, channel, mo):
    steps = """
for n in range(250):
    say(event="progress", stage="index", done=n, total=250)
    time.sleep(0.01)
say(**REPORT)
"""
    async with scripted(steps):
        await corpus(discord, "refresh", mo, channel)
        card = await card_of(discord, channel, "generation 7")
        edits = [r for r in discord.requests if r.method == "PATCH" and r.path.endswith(f"/messages/{card.id}")]
        assert 2 <= len(edits) <= 5


@pytest.mark.asyncio
async def test_cancel_stops_the_work_and_says_who_did_it(discord, scripted, channel, mo):
    async with scripted("say(event='progress', stage='index', done=1, total=9)\ntime.sleep(60)") as client:
        await corpus(discord, "refresh", mo, channel)
        card = await card_of(discord, channel, "1 of 9")
        ada = discord.add_user("ada")
        refused = await discord.press(card, "Cancel", ada)
        assert "Only who started this work" in (await refused.answered()).content
        pat = discord.add_user("pat", MODERATOR)
        pressed = await discord.press(card, "Cancel", pat)
        assert "being stopped" in (await pressed.answered()).content
        await card_of(discord, channel, "Cancelled by pat. Nothing was lost.")
        assert card.labels == []
        await discord.until(lambda: client.jobs.running is None)
        await logged(discord, mo, channel, "refresh: cancelled")


@pytest.mark.asyncio
async def test_a_card_that_is_deleted_stops_nothing(discord, scripted, channel, mo, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    steps = """
say(event="progress", stage="index", done=1, total=9)
wait_for("go")
say(event="progress", stage="index", done=2, total=9)
wait_for("on")
say(**REPORT)
"""
    async with scripted(steps) as client:
        await corpus(discord, "refresh", mo, channel)
        await discord.delete(await card_of(discord, channel, "1 of 9"))
        (tmp_path / "go").touch()
        await discord.until(lambda: "can no longer be shown" in caplog.text)
        (tmp_path / "on").touch()
        await discord.until(lambda: "The job “refresh” of mo has ended: 2 new" in caplog.text, SOON)
        await logged(discord, mo, channel, "refresh: 2 new")
        await no_open_cards(client)


@pytest.mark.asyncio
async def test_a_channel_that_is_deleted_stops_nothing(discord, scripted, mo, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    doomed = discord.add_channel("doomed")
    async with scripted("say(event='progress', stage='index', done=1, total=9)\nwait_for('go')\nsay(**REPORT)"):
        await corpus(discord, "refresh", mo, doomed)
        await card_of(discord, doomed, "1 of 9")
        discord.remove_channel(doomed)
        (tmp_path / "go").touch()
        await discord.until(lambda: "has ended: 2 new" in caplog.text, SOON)


@pytest.mark.asyncio
async def test_the_last_edit_arrives_though_discord_stumbles(discord, scripted, channel, mo, tmp_path):
    async with scripted("say(event='progress', stage='index', done=1, total=9)\nwait_for('go')\nsay(**REPORT)"):
        await corpus(discord, "refresh", mo, channel)
        card = await card_of(discord, channel, "1 of 9")
        discord.faults.fail("PATCH", f"/channels/{channel.id}/messages/{card.id}", 503, times=2)
        (tmp_path / "go").touch()
        await card_of(discord, channel, "generation 7")


@pytest.mark.asyncio
async def test_what_names_places_of_the_machine_is_not_told(discord, scripted, channel, mo, caplog):
    async with scripted("say(event='error', error='The folder /srv/secret is full.', code=4)\nsys.exit(4)"):
        await corpus(discord, "refresh", mo, channel)
        card = await card_of(discord, channel, "It failed, and nothing was lost.")
        reference = re.search(r"the reference (\w{8})", card.content)[1]
        assert "secret" not in card.content
        assert f"Reference {reference}" in caplog.text


@pytest.mark.asyncio
async def test_cards_of_an_earlier_process_are_mended(discord, tmp_path, channel, mo, scripted):
    steps = "say(event='progress', stage='index', done=1, total=9)\ntime.sleep(60)"
    async with scripted(steps) as client:
        await corpus(discord, "refresh", mo, channel)
        card = await card_of(discord, channel, "1 of 9")
    assert "The bot was stopped while this ran" in card.content, "a stop in peace tells itself"
    before = Community(tmp_path / "data" / "community.sqlite3")
    before.cards.open("lost", discord.guilds[0].id, channel.id, card.id, "refresh", datetime.now(UTC))
    before.close()
    async with scripted(steps) as client:
        await discord.until(lambda: "The bot was restarted while this ran" in card.content)
        await discord.until(lambda: card.labels == [])
        await no_open_cards(client)


# Adding


async def filled(discord, mo, channel, **values):
    opened = await corpus(discord, "add", mo, channel)
    return await discord.submit(opened, values)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_text_is_previewed_applied_and_undone(discord, bot, channel, mo, tmp_path):
    handle = await filled(discord, mo, channel, text=ENTRY)
    preview = await handle.answered(SOON)
    assert handle.ephemeral
    assert "Nothing is changed yet" in preview.content
    assert "1 new · 0 changed · 0 unchanged" in preview.content
    assert preview.labels == ["Apply", "Discard"]
    assert len(bot.library.titles) == 12
    first = await discord.press(preview, "Apply", mo)
    second = await discord.press(preview, "Apply", mo)
    said = [(await pressed.answered(SOON)).content for pressed in (first, second)]
    assert sum("Started" in one for one in said) == 1
    card = await card_of(discord, channel, "Done: the corpus is at generation")
    assert "**Addition of entry\\.md**" in card.content
    await discord.until(lambda: len(bot.library.titles) == 13, SOON)
    await discord.until(lambda: not list((tmp_path / "data" / "additions").glob("*")))
    undo = await discord.press(card, "Undo", mo)
    shown = await undo.answered(SOON)
    assert shown.ephemeral
    assert "Taken back: the refresh by mo" in shown.content
    assert (
        "**Removed**\n- A \\*new\\* piece on \\[open models\\](https\\://evil\\.example) (new-piece)" in shown.content
    )
    await discord.press(shown, "Undo", mo)
    await discord.until(lambda: len(bot.library.titles) == 12, SOON)
    said = await logged(discord, mo, channel, "undo: 0 new")
    assert "addition of entry\\.md: 1 new" in said


@pytest.mark.slow
@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_a_preview_of_an_undo_is_not_applied_to_another_change(discord, channel, mo):
    asked = await (await corpus(discord, "remove", mo, channel, entry="consortium")).answered()
    old = await (await corpus(discord, "undo", mo, channel)).answered(SOON)
    await discord.press(asked, "Remove", mo)
    await card_of(discord, channel, "generation")
    await discord.press(old, "Undo", mo)
    card = await card_of(discord, channel, "has changed since this undo was previewed")
    assert "the removal by mo" in card.content


@pytest.mark.asyncio
async def test_an_entry_is_removed_after_a_question(discord, bot, channel, mo):
    choices = await discord.autocomplete("corpus remove", "entry", "consortium need", user=mo, channel=channel)
    assert [choice["value"] for choice in choices] == ["consortium"]
    handle = await corpus(discord, "remove", mo, channel, entry="consortium")
    asked = await handle.answered()
    assert handle.ephemeral
    assert "Remove **The inevitable need for an open model consortium**" in asked.content
    assert asked.labels == ["Remove", "Discard"]
    assert len(bot.library.titles) == 12
    await discord.press(asked, "Remove", mo)
    card = await card_of(discord, channel, "Done: the corpus is at generation")
    assert "**Removed**\n- The inevitable need" in card.content
    await discord.until(lambda: "consortium" not in [t.id for t in bot.library.titles], SOON)
    unknown = await corpus(discord, "remove", mo, channel, entry="no such thing")
    assert "choose one of those" in (await unknown.answered()).content


@pytest.mark.asyncio
async def test_what_is_discarded_is_gone(discord, bot, channel, mo, tmp_path):
    preview = await (await filled(discord, mo, channel, text=ENTRY)).answered(SOON)
    assert list((tmp_path / "data" / "additions").glob("*/entry.md"))
    assert "Discarded" in (await (await discord.press(preview, "Discard", mo)).answered()).content
    assert not list((tmp_path / "data" / "additions").glob("*"))
    assert len(bot.library.titles) == 12


@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_what_is_wrong_with_an_addition_is_said(discord, channel, mo, tmp_path):
    preview = await (await filled(discord, mo, channel, text=ENTRY.replace("kind: event", "kind: rumour"))).answered(
        SOON
    )
    assert "Nothing would change" in preview.content
    assert "**Rejected**\n- entry\\.md: " in preview.content
    assert str(tmp_path) not in preview.content
    assert preview.labels == []
    await discord.until(lambda: not list((tmp_path / "data" / "additions").glob("*")))


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_file_is_taken_in_and_a_form_sent_twice_once(discord, bot, channel, mo):
    file = discord.upload("Größe & more.MD", ENTRY.encode())
    opened = await corpus(discord, "add", mo, channel)
    first, second = await discord.submit(opened, {"file": file}), await discord.submit(opened, {"file": file})
    preview = await first.answered(SOON)
    assert "**Preview of Größe-more\\.md**" in preview.content
    assert "This form was sent already" in (await second.answered()).content
    await discord.press(preview, "Apply", mo)
    await discord.until(lambda: len(bot.library.titles) == 13, SOON)


@pytest.mark.slow
@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_a_pdf_is_taken_in_with_what_it_lacks(discord, channel, mo):
    file = discord.upload("A note.PDF", pdf(["Open models are behind, says a PDF that has no day."], Title="A note"))
    refused = await (await filled(discord, mo, channel, file=file)).answered(SOON)
    assert "write published: 2026-06-01 into A-note\\.pdf\\.yaml beside it" in refused.content
    assert "give what it lacks as text in the same form" in refused.content
    preview = await (await filled(discord, mo, channel, file=file, text="published: 2026-06-01")).answered(SOON)
    assert "**Preview of A-note\\.pdf**" in preview.content
    assert "1 new" in preview.content
    assert "- a-note" in preview.content


@pytest.mark.asyncio
async def test_an_apply_works_after_a_restart(discord, monkeypatch, tmp_path, channel, mo):
    async with connected(discord, monkeypatch, tmp_path / "data"):
        preview = await (await filled(discord, mo, channel, text=ENTRY)).answered(SOON)
    async with connected(discord, monkeypatch, tmp_path / "data") as client:
        await discord.press(preview, "Apply", mo)
        await discord.until(lambda: len(client.library.titles) == 13, SOON)


@pytest.mark.asyncio
async def test_a_preview_of_yesterday_is_too_old(discord, bot, channel, mo):
    preview = await (await filled(discord, mo, channel, text=ENTRY)).answered(SOON)
    pending_id = preview.parts()[1]["custom_id"].rpartition(":")[2]
    kept = await bot.store.use(lambda stored: stored.pending.get(pending_id))
    yesterday = datetime.now(UTC) - timedelta(hours=25)
    await bot.store.use(lambda stored: stored.pending.keep(kept.id, kept.guild, kept.person, kept.words, yesterday))
    assert "too old" in (await (await discord.press(preview, "Apply", mo)).answered()).content


@pytest.mark.asyncio
async def test_an_address_is_previewed_and_applied(discord, scripted, channel, mo, tmp_path):
    async with scripted("say(**REPORT)"):
        preview = await (await filled(discord, mo, channel, url="https://example.org/a?b=(c)")).answered(SOON)
        assert "**Preview of https\\://example\\.org/a?b=(c)**" in preview.content
        await discord.press(preview, "Apply", mo)
        await card_of(discord, channel, "generation 7")
    dry, wet = words_of(tmp_path)
    plan = dry.pop(4).removeprefix("--save-plan=")
    assert dry == ["refresh", "--json-lines", "--by=mo", "--dry-run", "--url=https://example.org/a?b=(c)"]
    assert wet == ["apply", "--json-lines", "--by=mo", f"--sha256={'c' * 64}", "--", plan]


def essay(text, title="On gardens"):
    return (
        f"<html><head><title>{title}</title><meta name='author' content='Ada Lovelace'>"
        "<meta property='article:published_time' content='2026-08-01'></head>"
        f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


HONEST = "Open models will be built by a federation of gardeners. It takes years, and nobody can hurry them along. " * 4
PLANTED = "Open models will be built by nobody at all, and whoever says otherwise is lying to all of you. " * 4


@pytest.fixture
def page(monkeypatch):
    """The address of a page on loopback that says HONEST, and the web that it stands in."""
    with serving() as web:
        monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
        monkeypatch.setenv("FOOTNOTE_FETCH_ALLOWED", web.host)
        monkeypatch.setenv("FOOTNOTE_FETCH_PAUSE", "0")
        web.put("/gardens", essay(HONEST))
        yield web


async def texts(bot, words):
    """The texts of the entries that hold these words."""
    found = await bot.library.use(lambda corpus: corpus.entries())
    return [entry.text for entry in found if words in entry.text]


@pytest.mark.slow
@pytest.mark.asyncio
async def test_the_page_that_was_previewed_is_taken_in_and_no_other(discord, bot, channel, mo, page):
    preview = await (await filled(discord, mo, channel, url=page.url("/gardens"))).answered(SOON)
    assert "1 new" in preview.content
    page.put("/gardens", essay(PLANTED))
    asked = len(page.asked)
    await discord.press(preview, "Apply", mo)
    await card_of(discord, channel, "Done: the corpus is at generation")
    await discord.until(lambda: len(bot.library.titles) == 13, SOON)
    assert await texts(bot, "federation of gardeners")
    assert not await texts(bot, "nobody at all")
    assert len(page.asked) == asked


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_file_that_is_swapped_between_preview_and_apply_is_not_taken_in(discord, bot, channel, mo, tmp_path):
    preview = await (await filled(discord, mo, channel, text=ENTRY)).answered(SOON)
    (stored,) = (tmp_path / "data" / "additions").glob("*/entry.md")
    stored.write_text(stored.read_text().replace("a federation of gardeners", "nobody at all"))
    await discord.press(preview, "Apply", mo)
    await discord.until(lambda: len(bot.library.titles) == 13, SOON)
    assert await texts(bot, "federation of gardeners")


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_plan_that_is_swapped_between_preview_and_apply_is_refused(discord, bot, channel, mo, tmp_path):
    preview = await (await filled(discord, mo, channel, text=ENTRY)).answered(SOON)
    (plan,) = (tmp_path / "data" / "additions").glob("*/plan.jsonl")
    plan.write_text(plan.read_text().replace("a federation of gardeners", "nobody at all"))
    await discord.press(preview, "Apply", mo)
    await card_of(discord, channel, "is not the one that was previewed")
    assert len(bot.library.titles) == 12


@pytest.mark.slow
@pytest.mark.asyncio
async def test_a_preview_that_the_corpus_has_overtaken_is_shown_anew_and_can_be_applied(discord, bot, channel, mo):
    first = await (await filled(discord, mo, channel, text=ENTRY)).answered(SOON)
    second = await (await filled(discord, mo, channel, text=ENTRY.replace("gardeners", "carpenters"))).answered(SOON)
    await discord.press(first, "Apply", mo)
    await card_of(discord, channel, "Done: the corpus is at generation")
    await discord.until(lambda: len(bot.library.titles) == 13, SOON)
    await discord.press(second, "Apply", mo)
    card = await card_of(discord, channel, "has changed since this plan was made")
    assert "0 new · 1 changed" in card.content
    assert card.labels == ["Apply", "Discard"]
    assert await texts(bot, "gardeners")
    await discord.press(card, "Apply", mo)
    await card_of(discord, channel, "generation 3")
    await bot.library.use(lambda corpus: corpus.catch_up())
    assert await texts(bot, "carpenters")


@pytest.mark.slow
@pytest.mark.asyncio
async def test_what_a_dry_run_of_a_source_has_shown_can_be_applied_as_it_was(discord, bot, channel, mo, page, tmp_path):
    with open_corpus(CorpusSettings(data_dir=tmp_path / "data"), ToyEmbedder()) as maintainers:
        page.put("/feed", feed(page.url("/gardens")), Content_Type="application/rss+xml")
        maintainers.follow(page.url("/feed"), slug="gardens", name="Gardens")
    await corpus(discord, "refresh", mo, channel, source="gardens", dry_run=True)
    card = await card_of(discord, channel, "A dry run")
    assert "1 new" in card.content
    assert card.labels == ["Apply", "Discard"]
    page.put("/gardens", essay(PLANTED))
    await discord.press(card, "Apply", mo)
    await discord.until(lambda: card.labels == [], SOON)
    assert "A dry run" in card.content
    await discord.until(lambda: len(bot.library.titles) == 13, SOON)
    assert await texts(bot, "federation of gardeners")
    assert not await texts(bot, "nobody at all")


def feed(address):
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Gardens</title><link>https://gardens.example</link>"
        f"<item><title>On gardens</title><link>{address}</link><pubDate>Sat, 01 Aug 2026 10:00:00 GMT</pubDate></item>"
        "</channel></rss>"
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "Give one of the three"),
        ({"url": "https://example.org", "text": ENTRY}, "Give one of the three"),
        ({"url": "ftp://example.org/x"}, "That is no web address"),
        ({"url": "https://"}, "That is no web address"),
    ],
    ids=str,
)
@pytest.mark.asyncio
async def test_a_form_that_cannot_be_taken_is_refused(discord, scripted, channel, mo, tmp_path, given, says):
    async with scripted("say(**REPORT)"):
        handle = await filled(discord, mo, channel, **given)
        assert says in (await handle.answered()).content
        assert handle.ephemeral
    assert not (tmp_path / "words.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("big.md", b"x" * 25_000_000, "big\\.md has 25.0 MB; at most 2 MB are taken here"),
        ("big.pdf", b"x" * 25_000_000, "big\\.pdf has 25.0 MB; at most 10 MB are taken here"),
        ("picture.md", b"\x89PNG\r\n\x1a\n\x00\xff", "picture\\.md is no UTF-8 text"),
        ("nul.md", b"a\0b", "nul\\.md is no text"),
        ("note.txt", b"\xff", "note\\.txt is no UTF-8 text"),
        ("tool.exe", b"MZ", "tool\\.exe is neither Markdown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.asyncio
async def test_a_file_that_cannot_be_taken_is_refused(discord, scripted, channel, mo, tmp_path, name, data, says):
    async with scripted("say(**REPORT)"):
        file = discord.upload(name, data, "text/markdown")
        handle = await filled(discord, mo, channel, file=file)
        assert says in (await handle.answered()).content
        assert handle.ephemeral
        fetched = [r for r in discord.requests if "/attachments/" in r.path]
        assert not fetched or len(data) < 2_000_000
    assert not (tmp_path / "words.jsonl").exists()


# Looking


@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_status_tells_the_state_and_no_place_of_the_machine(discord, channel, mo, tmp_path):
    handle = await corpus(discord, "status", mo, channel)
    said = (await handle.answered()).content
    assert handle.ephemeral
    assert "12 entries (9 events, 3 guides)" in said
    assert "Generation 1" in said
    assert "No work is going on." in said
    assert str(tmp_path) not in said


@pytest.mark.asyncio
async def test_gaps_are_paged_and_closed(discord, bot, channel, mo):
    now, guild = datetime.now(UTC), discord.guilds[0].id
    for number in range(12):
        for _ in range(12 - number):
            await bot.store.use(
                lambda stored, number=number: stored.gaps.add(
                    f"What of @everyone number {number}?", guild, "somebody", now
                )
            )
    shown = await (await corpus(discord, "gaps", mo, channel)).answered()
    assert shown.ephemeral
    assert "page 1 of 2 · 12 questions" in shown.content
    assert "- What of \\@everyone number 0? · 12 times, last <t:" in shown.content
    await discord.press(shown, "Next", mo)
    await discord.until(lambda: "page 2 of 2" in shown.content)
    assert shown.content.count("\n- ") == 2
    menu = next(part for part in shown.parts() if "options" in part)
    await discord.choose(shown, menu["custom_id"], [menu["options"][0]["value"]], mo)
    await discord.until(lambda: "11 questions" in shown.content)
    assert "number 10?" not in shown.content
    assert "number 10?" not in await logged(discord, mo, channel, "closed a gap"), "it is a member's question"


@pytest.mark.asyncio
async def test_why_shows_the_stages_behind_an_answer(discord, bot, channel, mo):
    ada = discord.add_user("ada")
    asked = await discord.slash(
        "ask", {"question": "Why do open and closed models differ?", "kind": "event"}, user=ada, channel=channel
    )
    answer = await asked.answered()
    handle = await corpus(discord, "why", mo, channel, link=answer.link)
    await handle.answered()
    await discord.until(lambda: handle.followups)
    said = "\n".join(m.content for m in [handle.answer, *handle.followups])
    assert handle.ephemeral
    assert all(message.ephemeral for message in handle.followups)
    assert "**Why this answer?** Why do open and closed models differ?" in said
    assert "(only: events)" in said
    assert re.search(r"Confidence \*\*[01]\.\d\d\*\* ≥ 0\.\d\d: enough to answer", said)
    assert re.search(r"1\\\. .+ · score \d\.\d\d, similarity \d\.\d\d, by ", said)
    highlighted = [line for line in answer.content.split("\n") if line.startswith("> ") and "**" in line]
    assert said.count("- **quoted** · worth") >= len(highlighted) > 0  # one place may hold several
    assert "generation 1" not in said
    menu = await discord.menu("Why This Answer", answer, mo)
    assert (await menu.answered()).content == handle.answer.content
    kept = await bot.store.use(lambda stored: stored.answers.of_message(answer.id))
    assert kept is not None


@pytest.mark.asyncio
@pytest.mark.usefixtures("bot")
async def test_why_in_a_conversation_is_the_why_of_that_answer(discord, channel, mo, monkeypatch):
    """By a reply, under Follow up and in a thread, the question is explained with what it followed."""
    explained = []
    monkeypatch.setattr(
        "corpus.library.Corpus.explain",
        lambda corpus, *asked, explain=Corpus.explain: [explained.append(asked), explain(corpus, *asked)][1],
    )
    first, then = "Why do open and closed models differ?", "And what of security?"
    begun = await discord.reply_to(await discord.say(channel, first, mo, mention_bot=True))
    replied = await discord.reply_to(await discord.say(channel, then, mo, reply_to=begun, ping=True))
    opened = await discord.press(begun, "Follow up", mo)
    followed = await (await discord.submit(opened, {"question": then})).answered()
    await (await discord.press(begun, "Ask in thread", mo)).answered()
    in_thread = await discord.reply_to(await discord.say(discord.channels[begun.id], then, mo, mention_bot=True))
    for answer in (replied, followed, in_thread):
        assert "Understood as: Why do open and closed models differ? And what of security?" in answer.content
        handle = await discord.menu("Why This Answer", answer, mo)
        said = (await handle.answered()).content
        assert "**Why this answer?** Why do open and closed models differ? And what of security?" in said
        question, _, earlier = explained.pop()
        assert (question, earlier) == (then, (first,))
    await (await discord.menu("Why This Answer", begun, mo)).answered()
    assert explained.pop()[::2] == (first, ())


@pytest.mark.asyncio
async def test_why_says_when_the_corpus_has_changed_since(discord, bot, channel, mo):
    asked = await discord.slash("ask", {"question": "open models"}, user=mo, channel=channel)
    answer = await asked.answered()
    removing = await (await corpus(discord, "remove", mo, channel, entry="consortium")).answered()
    await discord.press(removing, "Remove", mo)
    await discord.until(lambda: len(bot.library.titles) == 11, SOON)
    menu = await discord.menu("Why This Answer", answer, mo)
    assert "The answer was made of generation 1; the corpus is at 2 now" in (await menu.answered()).content


@pytest.mark.asyncio
async def test_why_is_no_way_into_other_places(discord, bot, channel, mo):
    ada = discord.add_user("ada")
    said = await discord.say(channel, "Good morning", ada)
    for link in (said.link, "https://example.org", said.link.replace(str(discord.guilds[0].id), "1"), f"{said.link}1"):
        handle = await corpus(discord, "why", mo, channel, link=link)
        assert re.search(
            "no answer of this bot|no link to a message|message is gone", (await handle.answered()).content
        )
        assert handle.ephemeral
    menu = await discord.menu("Why This Answer", said, mo)
    assert "no answer of this bot" in (await menu.answered()).content
    hidden = discord.add_channel("hidden")
    asked = await discord.slash("ask", {"question": "open models"}, user=ada, channel=hidden)
    answer = await asked.answered()
    blind = {"id": str(mo.id), "type": 1, "allow": "0", "deny": str(int(Permission.VIEW_CHANNEL))}
    discord.tell_of(hidden, "CHANNEL_UPDATE", permission_overwrites=[blind])
    await discord.until(lambda: bot.get_channel(hidden.id).overwrites)
    handle = await corpus(discord, "why", mo, channel, link=answer.link)
    assert "cannot see the channel" in (await handle.answered()).content


@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_export_is_what_can_be_taken_in_again(discord, channel, mo):
    handle = await corpus(discord, "export", mo, channel)
    message = await handle.until(lambda m: m.attachments)
    assert handle.ephemeral
    lines = message.attachments[0].data.decode().splitlines()
    assert len(lines) == 12
    assert {"id", "title", "text", "people"} <= set(json.loads(lines[0]))
    preview = await filled(discord, mo, channel, file=discord.upload("all.jsonl", message.attachments[0].data))
    assert "0 new · 0 changed · 12 unchanged" in (await preview.answered(SOON)).content
    await logged(discord, mo, channel, "exported the corpus")


@pytest.mark.usefixtures("bot")
@pytest.mark.asyncio
async def test_a_corpus_that_is_too_large_for_a_file_is_said(discord, channel, mo, monkeypatch):
    monkeypatch.setattr(sys.modules["bot.discord.features.insight.cog"], "LARGEST_EXPORT", 1000)
    handle = await corpus(discord, "export", mo, channel)
    await discord.until(lambda: handle.answer is not None)
    assert "footnote export" in handle.answer.content


@pytest.mark.asyncio
async def test_sources_are_suggested(discord, bot, channel, mo):
    await discord.until(lambda: bot.get_cog("Moderation")._sources)
    choices = await discord.autocomplete("corpus refresh", "source", "inter", user=mo, channel=channel)
    assert {"name": "Interconnects", "value": "interconnects"} in choices


# Sources, and the schedule that reads them


@pytest.mark.asyncio
async def test_sources_are_paged_and_tell_what_fails_first(discord, bot, channel, mo, monkeypatch):
    many = [
        replace(health, source=replace(health.source, name=f"{n} {health.source.name}"))
        for n in range(9)
        for health in followed.sources()
    ]
    monkeypatch.setattr(Corpus, "followed", lambda _: many, raising=False)
    handle = await corpus(discord, "sources", mo, channel)
    first = await handle.answered()
    assert handle.ephemeral
    assert "-# page 1 of " in first.content
    assert " · 72 sources · 18 failing" in first.content
    assert "**0 Hugging Face Blog** · ⚠️ failing · last read <t:" in first.content
    assert "Interconnects" not in first.content
    await (await discord.press(first, "Next", mo)).answered()
    await discord.until(lambda: "-# page 2 of " in first.content)
    monkeypatch.setattr(Corpus, "followed", lambda _: many[:1])
    await (await discord.press(first, "Next", mo)).answered()
    await discord.until(lambda: "-# 1 source" in first.content)
    assert first.labels == []
    assert bot.jobs.running is None


@pytest.mark.asyncio
async def test_who_comes_while_the_schedule_is_at_work_is_told(discord, scripted, channel, mo, tmp_path):
    async with scripted("wait_for('go')\nsay(**REPORT)") as client:
        job = await client.jobs.start(WORDS, WHAT, BY)
        busy = await corpus(discord, "refresh", mo, channel)
        assert "The schedule is reading the sources just now" in (await busy.answered()).content
        status = await (await corpus(discord, "status", mo, channel)).answered()
        assert "At work: refresh of what is due, started by the schedule" in status.content
        (tmp_path / "go").touch()
        assert (await job.wait()).report
    assert words_of(tmp_path)[0] == ["refresh", "--json-lines", "--by=the schedule", "--due"]


# The texts alone


@pytest.mark.asyncio
async def test_moderators_work_goes_before_a_new_index_after_an_upgrade(discord, scripted, channel, mo, tmp_path):
    lines = 'if "rebuild" in sys.argv: wait_for("never")\nsay(**REPORT)'
    async with scripted(lines) as bot:
        renewal = await bot.jobs.start(RENEWAL_WORDS, RENEWAL, BY, RENEWAL_SECONDS)
        await discord.until((tmp_path / "words.jsonl").exists, SOON)
        told = await (await corpus(discord, "refresh", mo, channel)).answered()
        assert told.content.startswith("Started")
        assert (await renewal.wait()).cancelled
        await card_of(discord, channel, "generation 7")
        assert [words[0] for words in words_of(tmp_path)] == ["rebuild", "refresh"]


def test_a_report_of_any_size_fits_into_a_message():
    many = tuple(f"entry-{'_*' * 90}-{number}" for number in range(300))
    rejected = tuple(Rejection(f"/srv/{'x' * 200}/{one}.md", "[" * 300) for one in many)
    report = Report(
        dry_run=False,
        committed=True,
        new=many,
        changed=many,
        unchanged=many,
        removed=many,
        rejected=rejected,
        generation=7,
        notes=("*" * 500,) * 9,
        undone="`" * 3000,
        sources=tuple(SourceReport("s", one, "failed", "@everyone " * 90) for one in many),
        duplicates=tuple(CrossPost(one, one) for one in many),
    )
    subject = Subject("addition of " + "*" * 300, "_" * 32, 1, 1_800_000_000)
    told = ended_text(subject, Finished(report=report), dict.fromkeys(many, "[" * 500), None)
    assert size(told) <= 2000
    assert "300 new · 300 changed · 300 unchanged · 300 removed · 300 rejected · 300 sources failed" in told
    assert size(ended_text(subject, Finished(error="|" * 5000, code=3), {}, None)) <= 2000


def test_a_list_of_sources_fits_into_messages_and_nothing_in_it_has_a_meaning():
    shouting = [
        replace(
            h,
            source=replace(h.source, name="@everyone *x* " * 40),
            state=replace(h.state, failure="/srv/a.toml: " + "<@1> " * 900),
        )
        for h in followed.sources() * 5
    ]
    pages = sources_messages(shouting, followed.SHARES)
    assert all(size(page) <= 2000 for page in pages)
    assert sum(page.count("% of citations") for page in pages) == 40
    assert not re.search(r"(?<!\\)[@<](?!t:\d|1%)|/srv", "".join(pages))
    told = sources_messages(followed.sources(), {})[0].splitlines()
    assert told[1] == "-# 8 sources · 2 failing"
    assert told[2].startswith("**Hugging Face Blog** · ⚠️ failing · last read <t:")
    assert told[3:5] == ["answers with 503 (Service Unavailable)", "-# 50 entries (2 cross-posts), newest 2026-04-21"]
    assert sources_messages([], {}) == [NO_SOURCES]


SUBJECT = Subject("refresh", "mo", 1, 1_800_000_000)


def test_a_card_says_what_is_being_read_and_how_long_it_may_take():
    progress = Progress("fetch", 12, 48, "[Open](https://evil.example) @everyone in /srv/data/a.md " + "*" * 900, 170.0)
    head, line, current = running_text(SUBJECT, progress).split("\n")
    assert head == "**Refresh** · started by mo <t:1800000000:R>"
    assert line == "Fetching ▰▰▰▱▱▱▱▱▱▱▱▱ 12 of 48 · about 3 minutes left"
    assert current.startswith("-# \\[Open\\](https\\://evil\\.example) \\@everyone in a\\.md")
    assert size(current) <= 153
    assert running_text(SUBJECT, Progress("read", 1, 9)).endswith("Reading ▰▱▱▱▱▱▱▱▱▱▱▱ 1 of 9")
    assert running_text(SUBJECT, Progress("index", 9, 9, "", 0.0)).endswith("9 of 9")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "less than a minute left"),
        (45, "about 1 minute left"),
        (3600, "about 60 minutes left"),
        (2.6 * 3600, "about 3 hours left"),
        (1e9, "about 277778 hours left"),
    ],
)
def test_an_estimate_is_no_more_exact_than_it_is(seconds, said):
    assert time_left(seconds) == said


def test_a_report_names_the_sources_that_failed_and_the_cross_posts():
    report = Report(
        dry_run=False,
        committed=True,
        new=("copy",),
        generation=8,
        sources=(
            SourceReport("s", "Interconnects", "read", "20 pieces are listed"),
            SourceReport("s", "*Import AI*", "failed", "https://importai.example/feed answers with 503"),
            SourceReport("s", "Old news", "closed", "says that it has ended (410)"),
        ),
        duplicates=(CrossPost("copy", "catch-up"),),
    )
    told = ended_text(SUBJECT, Finished(report=report, code=3), {"catch-up": "Open models in perpetual catch-up"}, None)
    assert told.splitlines()[1:] == [
        "Done: the corpus is at generation 8.",
        "1 new · 0 changed · 0 unchanged · 1 source failed",
        "**Sources**",
        "- \\*Import AI\\* failed: https\\://importai\\.example/feed answers with 503",
        "- Old news closed: says that it has ended (410)",
        "**New**",
        "- copy",
        "**Cross-posts**",
        "- copy is a cross-post of Open models in perpetual catch-up (catch-up)",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/data/additions/ab12/gap.md:3", "gap.md:3"),
        ("“/srv/data/gap.md” is not UTF-8", "“gap.md” is not UTF-8"),
        ("https://example.org/a/b.html", "https://example.org/a/b.html"),
        ("and/or 1/2", "and/or 1/2"),
    ],
)
def test_folders_are_left_out_and_addresses_are_not(text, shown):
    assert without_folders(text) == shown
