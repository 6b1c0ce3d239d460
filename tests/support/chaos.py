"""Questions while Discord stumbles: closed connections, lost sessions, 429s and errors of its own.

    python tests/support/chaos.py [--questions 200] [--seed 1]

The real `footnote run` against a Discord on loopback. Every question must end in exactly one answer or one apology, and
the bot's memory and sockets must not grow. A question that Discord itself never delivered (its session was lost with
the connection, so no bot can know of it) is counted apart. Takes some minutes, and stops by itself.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from discord_interactions import Interaction
from discord_messages import Message
from discord_server import LoopbackDiscord
from discord_world import Channel
from running import Running, running

STUMBLING = r"/(webhooks|interactions|channels)/"
CHANCE = 0.1  # of an error for each request
PAUSE = 0.4  # seconds between two questions
PATIENCE = 60.0  # seconds for the last answers
TOPICS = ("open models", "a consortium", "cybersecurity", "the performance gap", "distillation", "sourdough bread")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many questions ended how; `wrong` are those with no end, or with more than one."""

    questions: int
    answers: int
    apologies: int
    undelivered: int
    wrong: tuple[str, ...]
    faults: dict[str, int]
    memory: tuple[int, int]
    sockets: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    channel: Channel
    asked: Interaction | Message
    sessions_lost: int  # when it was asked

    def ends(self, discord: LoopbackDiscord) -> list[Message]:
        """The messages that end it: an answer or an apology, in place or in the channel."""
        own = [m for m in self.channel.messages if m.author is discord.bot and not m.deleted and not m.loading]
        if isinstance(self.asked, Message):
            return [m for m in own if m.reference is self.asked]
        placed = [self.asked.answer] if self.asked.answer else []
        more = [m for m in self.asked.followups if not m.deleted and m is not self.asked.answer]
        posted = [m for m in own if self.text in m.content and m not in placed and m not in more]
        return [*placed, *more, *posted]


class Chaos:
    def __init__(self, discord: LoopbackDiscord, seed: int) -> None:
        self.discord = discord
        self.dice = random.Random(seed)  # noqa: S311  a run can be repeated
        self.faults: Counter[str] = Counter()
        self.lost = 0

    async def stumble(self) -> None:
        """For ever: every second or two, one of the ways in which Discord goes wrong."""
        while True:
            # Of a bot that is connected: else nothing but the library's own waiting, minutes in the end, is measured.
            await self.discord.connected(120)
            await asyncio.sleep(self.dice.uniform(0.5, 3.0))
            await self.dice.choice([self._close, self._close, self._lose, self._reconnect, self._limit, self._limit])()

    async def _close(self) -> None:
        code = self.dice.choice([1000, 1006, 4000, 4001, 4002, 4008, 4009])
        self.faults[f"closed with {code}"] += 1
        await self.discord.close_gateways(code)

    async def _lose(self) -> None:
        self.faults["session lost"] += 1
        self.lost += 1
        await self.discord.invalid_session(resumable=False)

    async def _reconnect(self) -> None:
        self.faults["told to reconnect"] += 1
        await self.discord.reconnect()

    async def _limit(self) -> None:
        self.faults["429"] += 1
        scope = self.dice.choice(["user", "shared", "global"])
        self.discord.faults.rate_limit("*", STUMBLING, self.dice.uniform(0.05, 0.5), scope=scope)

    async def ask(self, number: int, channel: Channel) -> Question:
        """A person asks, by command or by mention; where Discord has nobody to deliver it to, they try again."""
        text = f"What is said on {self.dice.choice(TOPICS)} (number {number})?"
        user = self.discord.add_user(f"asker{number}")
        while True:
            await self.discord.connected(120)
            with suppress(AssertionError):  # "No bot is connected": it was closed a moment ago
                lost = self.lost
                if self.dice.random() < 0.5:
                    asked = await self.discord.slash("ask", {"question": text}, user=user, channel=channel)
                else:
                    asked = await self.discord.say(channel, text, user, mention_bot=True)
                return Question(text, channel, asked, lost)


async def run(questions: int, seed: int, data: Path) -> Outcome:
    async with LoopbackDiscord() as discord:
        guilds = [discord.add_guild(f"guild{n}") for n in range(1 + questions // 80)]
        async with running(discord, data) as bot:
            chaos = Chaos(discord, seed)
            for number in range(20):  # what grows only once has grown
                await (await ask_calmly(discord, guilds[0].channel, number)).answered()
            before = (bot.memory(), bot.sockets())
            discord.faults.by_chance(CHANCE, path=STUMBLING, seed=seed)
            stumbling = asyncio.create_task(chaos.stumble())
            asked = []
            for number in range(questions):
                asked.append(await chaos.ask(number, guilds[number % len(guilds)].channel))
                await asyncio.sleep(PAUSE)
            stumbling.cancel()
            discord.faults.clear()
            chaos.faults["5xx, by chance"] = sum(1 for r in discord.requests if (r.status or 0) >= 500)
            await settle(discord, asked)
            return await outcome(discord, chaos, asked, bot, before)


async def ask_calmly(discord: LoopbackDiscord, channel: Channel, number: int) -> Interaction:
    user = discord.add_user(f"early{number}")
    return await discord.slash("ask", {"question": "What is said on open models?"}, user=user, channel=channel)


async def settle(discord: LoopbackDiscord, asked: list[Question]) -> None:
    with suppress(AssertionError):
        await discord.until(lambda: all(question.ends(discord) for question in asked), PATIENCE)
    await asyncio.sleep(2)  # a second answer would come now


async def outcome(
    discord: LoopbackDiscord, chaos: Chaos, asked: list[Question], bot: Running, before: tuple[int, int]
) -> Outcome:
    ends = {question.text: question.ends(discord) for question in asked}
    undelivered = {
        question.text
        for question in asked
        if not ends[question.text] and chaos.lost > question.sessions_lost and not noticed(question)
    }
    wrong = [f"{text}: {len(found)}" for text, found in ends.items() if len(found) != 1 and text not in undelivered]
    messages = [found[0].content for found in ends.values() if len(found) == 1]
    answers = sum("-# Question: " in content for content in messages)
    return Outcome(
        questions=len(asked),
        answers=answers,
        apologies=len(messages) - answers,
        undelivered=len(undelivered),
        wrong=tuple(wrong),
        faults=dict(chaos.faults),
        memory=(before[0], bot.memory()),
        sockets=(before[1], bot.sockets()),
    )


def noticed(question: Question) -> bool:
    """Whether the bot had the question: it has acknowledged it at least."""
    return isinstance(question.asked, Interaction) and bool(question.asked.callbacks)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="footnote-chaos-") as folder:
        found = asyncio.run(run(options.questions, options.seed, Path(folder) / "data"))
        log = (Path(folder) / "data" / "run-0.log").read_text(encoding="utf-8")
    print(json.dumps(asdict(found), indent=2))
    errors = [line for line in log.splitlines() if " ERROR " in line]
    print(f"{len(errors)} errors in the log", *errors[:5], sep="\n")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
