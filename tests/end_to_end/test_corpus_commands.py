"""`/corpus` end to end: the real bot, its real child processes, the real model, a Discord on loopback."""

import asyncio
import re

import pytest
from discord_server import LoopbackDiscord
from discord_world import MEMBER, Permission
from running import running

pytestmark = pytest.mark.slow

STAFF = MEMBER | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES
LONG = 120.0  # seconds that a child process may take on a busy machine
QUESTION = "Who keeps the lighthouse logbook of Maplewick harbour?"
ENTRY = """\
---
id: lighthouse
title: The lighthouse logbook
source: harbour
kind: event
tier: 1
url: https://example.org/lighthouse
people: [{name: Ada Keeper, role: author}]
published: 2026-07-01
access: full
wording: author
summary: Who keeps the logbook.
---
The lighthouse logbook of Maplewick harbour is kept by the night watch. It has been so since the storm of last winter.
"""


@pytest.mark.asyncio
async def test_a_corpus_is_refreshed_added_to_and_taken_back(tmp_path):
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        news = discord.add_channel("news", guild=guild)
        moderator = discord.add_user("mo", STAFF)

        async def ask():
            asker = discord.add_user("asker")
            handle = await discord.slash("ask", {"question": QUESTION}, user=asker, channel=guild.channel)
            return (await handle.answered(30)).content

        async def answer_with(words):
            """The answer, once it has these words: the bot takes up a new generation within seconds."""
            for _ in range(30):
                if words in (answer := await ask()):
                    return answer
                await asyncio.sleep(0.5)
            raise AssertionError(f"{words!r} is not in {answer}")

        async def card(started):
            """The card of the job that this press or command starts, at its end."""
            guild.channel.taken.update(message.id for message in guild.channel.messages)
            await started()
            posted = await discord.next_message(guild.channel, LONG)
            await discord.until(lambda: "Cancel" not in posted.labels, LONG)
            return posted

        async with running(discord, tmp_path / "data"):
            panel = await (await discord.slash("settings", user=moderator, channel=guild.channel)).answered()
            await (await discord.choose(panel, "fn:set:announce", [news], moderator)).answered()

            # Until Discord has told of all servers, nobody may change anything.
            for _ in range(60):
                asked = await discord.slash("corpus export", user=moderator, channel=guild.channel)
                if "still connecting" not in (await asked.answered(LONG)).content:
                    break
                await asyncio.sleep(0.5)

            # A refresh that finds nothing new.
            first = await card(lambda: discord.slash("corpus refresh", user=moderator, channel=guild.channel))
            assert "12 unchanged" in first.content
            assert "Undo" not in first.labels

            # An entry as a text: previewed, applied, answered from, announced.
            opened = await discord.slash("corpus add", user=moderator, channel=guild.channel)
            preview = await (await discord.submit(opened, {"text": ENTRY})).answered(LONG)
            assert "1 new" in preview.content
            assert "Nothing is changed yet" in preview.content
            assert "does not cover" in await ask()
            added = await card(lambda: discord.press(preview, "Apply", moderator))
            assert "1 new" in added.content
            assert "Undo" in added.labels
            assert "Ada Keeper" in await answer_with("kept by the night watch")
            told = await discord.next_message(news, LONG)
            assert "**New in the corpus**" in told.content
            assert "[The lighthouse logbook](<https://example.org/lighthouse>)" in told.content

            # Taken back: the answer is as before.
            undo = await (await discord.slash("corpus undo", user=moderator, channel=guild.channel)).answered(LONG)
            assert "1 removed" in undo.content
            undone = await card(lambda: discord.press(undo, "Undo", moderator))
            assert "1 removed" in undone.content
            await answer_with("does not cover")

            log = await (await discord.slash("corpus log", user=moderator, channel=guild.channel)).answered()
            for what in ("refresh", "addition", "undo", "settings"):
                assert re.search(rf"mo.*{what}", log.content), log.content
            assert len([m for m in news.messages if m.author is discord.bot]) == 1
        assert discord.violations == []
