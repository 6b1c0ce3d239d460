"""How fast the bot acknowledges and answers: alone, many at once, and while a refresh of 1,000 entries goes on.

    python tests/benchmarks/discord_benchmark.py [--alone 200] [--at-once 50 200] [--rounds 4] [--entries 1000]

The real `footnote run`, the real model, a Discord on loopback in this process, so that its own work counts as well.
Times are from INTERACTION_CREATE to the first callback, and to the edit that shows the answer. Some minutes on 2 cores.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmark import make_entries

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from discord_server import LoopbackDiscord
from running import running

from bot.discord.jobs.process import Jobs

QUESTIONS = (
    "Why do open and closed models differ?",
    "Will there be a consortium for open models?",
    "What does openness mean for cybersecurity?",
    "How large is the gap between open and closed models?",
    "Who decides on access to open models?",
)
AIMS = "aims: acknowledged p99 under 300 ms, never over 3 s; answered p50 under 1 s alone, p99 of 200 at once under 2 s"


def spread(seconds: list[float]) -> dict[str, float]:
    """p50, p99 and the longest, in milliseconds."""
    ordered = sorted(1000 * s for s in seconds)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p99": round(ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], 1),
        "max": round(ordered[-1], 1),
        "n": len(ordered),
    }


class Askers:
    """People who ask: each a new one, and in a server of their own by turns, so that no cooldown counts.

    No two questions are the same: the vector of one that was asked before is at hand.
    """

    def __init__(self, discord: LoopbackDiscord) -> None:
        self.discord = discord
        self.guilds = [discord.add_guild(f"guild{n}") for n in range(20)]
        self.count = 0

    async def ask(self) -> tuple[float, float]:
        """Ask the next question; seconds to the acknowledgement and to the answer."""
        self.count += 1
        guild = self.guilds[self.count % len(self.guilds)]
        question = f"Reader {self.count} asks: {QUESTIONS[self.count % len(QUESTIONS)]}"
        user = self.discord.add_user(f"asker{self.count}")
        handle = await self.discord.slash("ask", {"question": question}, user=user, channel=guild.channel)
        message = await handle.answered(60)
        assert "**Sources**" in message.content, message.content
        return handle.acknowledged_after, handle.answered_after


def told(times: list[tuple[float, float]]) -> dict:
    return {"acknowledged": spread([a for a, _ in times]), "answered": spread([b for _, b in times])}


async def measure(alone: int, at_once: list[int], rounds: int, entries: int, folder: Path) -> dict:
    found: dict = {}
    async with LoopbackDiscord(check_at_once=False) as discord:
        askers = Askers(discord)
        async with running(discord, folder / "data") as bot:
            for _ in range(10):
                await askers.ask()
            found["alone"] = told([await askers.ask() for _ in range(alone)])
            for count in at_once:
                many, spent = [], bot.processor()
                for _ in range(rounds):
                    many += await asyncio.gather(*(askers.ask() for _ in range(count)))
                spent = 1000 * (bot.processor() - spent) / len(many)
                found[f"{count} at once"] = {**told(many), "processor ms of the bot, each": round(spent, 1)}
            if entries:
                found |= await while_refreshing(askers, entries, folder)
            found["memory MB"] = round(bot.memory() / 1e6)
        discord.record.check_requests()
        found["requests"], found["rejected"] = len(discord.requests), len(discord.violations)
    return found


async def while_refreshing(askers: Askers, entries: int, folder: Path) -> dict:
    """Questions before, during and after a refresh in a child process, at the pace of a busy channel."""
    made = folder / "made.jsonl"
    rows = make_entries(entries * 15 // 4)
    for row in rows:  # short pieces, of about 900 characters: the refresh is to end within minutes
        row["text"] = row["text"].split("\n\n")[0]
    made.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    os.environ["FOOTNOTE_DATA_DIR"] = str(folder / "data")

    async def paced(until) -> list[tuple[float, float]]:
        times = []
        while not until(len(times)):
            times.append(await askers.ask())
            await asyncio.sleep(0.25)
        return times

    before = await paced(lambda n: n >= 100)
    jobs = Jobs()
    began = time.perf_counter()
    job = await jobs.start(["refresh", f"--from={made}"], "benchmark", "benchmark")
    during = await paced(lambda n: job.done and n >= 100)
    finished = await job.wait()
    took = time.perf_counter() - began
    assert finished.report is not None, finished
    usual = statistics.median(b for _, b in before)
    beyond = [b for _, b in during if b > 2 * usual]
    return {
        "before the refresh": told(before),
        f"during a refresh of {len(rows)} entries": told(during),
        "refresh": {"seconds": round(took, 1), "new": len(finished.report.new)},
        "beyond twice the usual": {"n": len(beyond), "of": len(during), "usual p50 ms": round(1000 * usual, 1)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alone", type=int, default=200)
    parser.add_argument("--at-once", type=int, nargs="+", default=[50, 200], help="at most 200: more are refused")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--entries", type=int, default=1000, help="of the refresh; 0 leaves it out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        found = asyncio.run(measure(options.alone, options.at_once, options.rounds, options.entries, Path(folder)))
    print(json.dumps(found, indent=2))
    print(AIMS)


if __name__ == "__main__":
    main()
