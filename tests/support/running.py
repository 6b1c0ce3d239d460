"""The real `footnote run`, as a process, against a Discord on loopback."""

import asyncio
import os
import re
import signal
import sys
from collections import Counter
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from discord_server import LoopbackDiscord

ROOT = Path(__file__).resolve().parents[2]
START = 90.0  # seconds that importing, loading the model and connecting may take on a busy machine


TALLY: Counter[str] = Counter()  # what the bot asked of Discord in this run of the tests, by kind
REJECTED: list[str] = []
_counted: WeakKeyDictionary[LoopbackDiscord, tuple[int, int]] = WeakKeyDictionary()


def tally(discord: LoopbackDiscord) -> None:
    """Count a loopback's requests, since it was last counted, for the summary at the end of the tests."""
    requests, violations = _counted.get(discord, (0, 0))
    _counted[discord] = (len(discord.requests), len(discord.violations))
    for request in discord.requests[requests:]:
        path = re.sub(r"/\d{15,}", "/{id}", request.path)
        path = re.sub(r"(webhooks/\{id\}|interactions/\{id\})/[^/]+", r"\1/{token}", path)
        TALLY[f"{request.method} {path}"] += 1
    REJECTED.extend(discord.violations[violations:])


class Running:
    """A running bot. `log` is what it wrote to its error stream."""

    def __init__(self, process: asyncio.subprocess.Process, log_file: Path) -> None:
        self.process = process
        self._log_file = log_file

    @property
    def log(self) -> str:
        return self._log_file.read_text(encoding="utf-8", errors="replace")

    async def stop(self, number: int = signal.SIGTERM, seconds: float = 30.0) -> int:
        """Send the signal and wait for the end; returns the exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), seconds)

    def sockets(self) -> int:
        return sum(1 for one in self._open() if one.startswith("socket:"))

    def memory(self) -> int:
        """Resident bytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def processor(self) -> float:
        """Seconds of the processor so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _open(self) -> list[str]:
        found = []
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(OSError):
                found.append(os.readlink(link))  # noqa: PTH115  a socket's name is no path
        return found


async def start(discord: LoopbackDiscord, data: Path, **environment: str) -> Running:
    """Start `footnote run` on a data folder. It may not be connected yet, or never be."""
    data.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  a test's folder
    log_file = data / f"run-{len(list(data.glob('run-*.log')))}.log"  # noqa: ASYNC240
    with log_file.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            env={
                **os.environ,
                "FOOTNOTE_DATA_DIR": str(data),
                "FOOTNOTE_DISCORD_TOKEN": discord.token,
                "FOOTNOTE_DISCORD_API_URL": discord.api_url,
                "HF_HUB_OFFLINE": "1",
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            cwd=data,
            stdout=log,
            stderr=log,
        )
    return Running(process, log_file)


@asynccontextmanager
async def running(discord: LoopbackDiscord, data: Path, **environment: str):
    """A connected bot; stopped at the end, whatever happens."""
    bot = await start(discord, data, **environment)
    try:
        connected = asyncio.create_task(discord.connected(START))
        ended = asyncio.create_task(bot.process.wait())
        await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), f"The bot ended with {ended.result()}: {bot.log[-2000:]}"
        await connected
        ended.cancel()
        yield bot
    finally:
        if bot.process.returncode is None:
            with suppress(TimeoutError):
                await bot.stop()
        if bot.process.returncode is None:
            bot.process.kill()
            await bot.process.wait()
        tally(discord)
        assert "Traceback" not in bot.log, bot.log[-4000:]
