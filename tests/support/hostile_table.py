"""What each hostile text of the corpus became in Discord, as a table: python tests/support/hostile_table.py

It refreshes the hostile corpus with the real command, runs the real bot against a Discord on loopback, and asks.
"""

import asyncio
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from discord_messages import Message
from discord_server import LoopbackDiscord
from discord_world import MEMBER, Guild, Permission, User
from hostile import REFUSED, Planted, planted, unescaped, write_corpus
from markup import foreign, links, live
from running import ROOT, running

from bot.text import plain

WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Sea:
    """The loopback with the bot connected on the hostile corpus. `refreshed`: what the command said."""

    discord: LoopbackDiscord
    guild: Guild
    staff: User
    planted: list[Planted]
    refreshed: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """The messages in which one planted text came."""

    planted: Planted
    answer: Message
    evidence: Message
    page: Message


@asynccontextmanager
async def hostile_sea(folder: Path) -> AsyncIterator[Sea]:
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("makers")
        # Who keeps the corpus has no cooldown, of questions or of looks: on a quick machine, these would be too many.
        # The mentions that are planted are of people who are there.
        staff = discord.add_user("mo", MEMBER | Permission.MANAGE_GUILD)
        texts = planted(staff.mention, f"<@&{guild.roles.get(staff, guild.id)}>",
                        guild.channel.mention)  # fmt: skip
        write_corpus(folder / "in", texts)
        refreshed = await _refresh(folder)
        async with running(discord, folder / "data", FOOTNOTE_DISCORD_SERVERS=str(guild.id)):
            yield Sea(discord, guild, staff, texts, refreshed)


async def _refresh(folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "refresh", "--from", str(folder / "in")),
        env={**os.environ, "FOOTNOTE_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode in {0, 3}, said.decode()
    return said.decode()


async def arrivals(sea: Sea) -> list[Arrived]:
    """Ask for each planted text in the source that carries nothing else, and look at its evidence and its page."""
    return [await _arrived(sea, one) for one in sea.planted]


async def _arrived(sea: Sea, one: Planted) -> Arrived:
    person = {"user": sea.staff, "channel": sea.guild.channel}
    asked = await sea.discord.slash("ask", {"question": one.question, "source": one.source}, **person)
    answer = await asked.answered(WAIT)
    evidence = await (await sea.discord.press(answer, "Evidence", sea.staff)).answered(WAIT)
    shown = await sea.discord.slash("entry", {"title": one.title}, **person)
    return Arrived(one, answer, evidence, await shown.answered(WAIT))


def row(arrived: Arrived) -> str:
    """Planted → the quote, the source's line, and whether anything in them lives or pings."""
    content = arrived.answer.content
    quote = next(line for line in content.split("\n") if line.startswith("> "))
    source = next(line for line in content.split("\n") if line.startswith("**[1]** "))
    everything = [arrived.answer, arrived.evidence, arrived.page]
    pings = set().union(*(message.pings for message in everything))
    alive = live(foreign(content)) | live(foreign(arrived.page.content))
    alive |= live(foreign(arrived.evidence.content, bold_quotes=True))
    target = next((target for _, target in links(source)), "")
    cells = [
        arrived.planted.attempt,
        _code(arrived.planted.text, 60),
        _code(_around(quote, arrived.planted), 110),
        _code(source.removeprefix("**[1]** ").split("](<")[0].lstrip("["), 60),
        _code(target, 60) if target else "none",
        ", ".join(sorted(alive | pings)) or "nothing",
    ]
    return f"| {' | '.join(cells)} |"


def _around(quote: str, one: Planted) -> str:
    """The part of the quote in which the planted text stands."""
    begins = re.split(r"tides \d+[:,] ", quote, maxsplit=1)
    return quote if one.text[:1] in quote[:6] or len(begins) == 1 else begins[1]


def _code(text: str, most: int) -> str:
    """A text as it is, in a cell of a Markdown table."""
    line = text.replace("\n", "⏎").translate(
        {ord(c): f"\\u{ord(c):04x}" for c in "\u200b\u200d\u200f\u202c\u202e\u2060\u2066\u2069"}
    )
    line = line if len(line) <= most else line[: most - 1] + "…"
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    return f"{fence} {line} {fence}".replace("|", "\\|")


def said_of_refused(sea: Sea) -> list[str]:
    """The refresh's sentence for each entry that is refused at the door."""
    return re.findall(r"rejected .*?hostile\.jsonl:\d+: (.+)", sea.refreshed)


def arrives_whole(arrived: Arrived) -> bool:
    """Whether a member reads the planted words in the quote, every sign of them, or their beginning where cut."""
    words = unicodedata.normalize("NFC", plain(arrived.planted.text))[:40]
    return words in unescaped(arrived.answer.content)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with hostile_sea(Path(folder)) as sea:
            print("| attempt | planted | in the quote | in the title | its link leads to | alive, or pinged |")
            print("|---|---|---|---|---|---|")
            for arrived in await arrivals(sea):
                print(row(arrived))
            print("\n| refused when it is read | what the refresh says |\n|---|---|")
            for name, said in zip(REFUSED, said_of_refused(sea), strict=True):
                print(f"| {name} | {said.replace('|', chr(92) + '|')} |")


if __name__ == "__main__":
    asyncio.run(main())
