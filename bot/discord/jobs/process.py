"""A change of the corpus as a child process, such as `footnote refresh --json-lines`: one at a time.

What the child prints is parsed by `bot/contract/events.py`; what cannot be parsed is left aside and logged.
"""

import asyncio
import logging
import os
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bot.contract.events import Failure, Progress, parse_event
from bot.contract.schema import Report
from bot.discord.jobs.finished import Finished, conclude
from bot.errors import BUG, STOPPED

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bot")
WITHOUT_RUN = {"rebuild"}  # commands that leave the record as it is: nobody's name is kept beside them
TOKEN = "FOOTNOTE_DISCORD_TOKEN"  # noqa: S105  the variable's name: the child has no use for it
LINE_AT_MOST = 16 * 2**20  # bytes: a report that names some 300,000 entries
LAST_WORDS = 4096  # bytes of the error stream that are kept for the log
# Seconds of one job, then it is stopped: one that hangs must not keep all others from starting. The largest refresh
# that is taken (corpus/budgets.py) embeds for some two hours with one processor.
MOST_SECONDS = 6 * 3600.0
KILL_AFTER = 10.0  # seconds from the request to stop to the end by force
EXIT_AFTER = 30.0  # seconds that a child may take to go once it has reported
PIPES_AFTER = 2.0  # seconds that its own children may hold its streams once it has gone
CLOSE_WITHIN = 4.0  # seconds to stop by itself when the bot stops; the bot's own five are not all ours


class JobRefused(Exception):
    """A sentence on why no job can be started now."""


class JobRunning(JobRefused):
    """Another job is at work. `what` it is and who it was started `by` come from outside, and stand in the sentence."""

    def __init__(self, what: str, by: str) -> None:
        super().__init__(f"{by} has started “{what}”, and it is still at work. Wait for its end, or cancel it.")
        self.what = what
        self.by = by


class Job:
    """One run of a command. Made by `Jobs.start` alone."""

    def __init__(self, what: str, by: str, kill_after: float, most_seconds: float) -> None:
        self.id = secrets.token_hex(8)
        self.what = what
        self.by = by
        self.progress: Progress | None = None  # the latest
        self.cancelled = False
        self._kill_after = kill_after
        self._most_seconds = most_seconds
        self._is_overdue = False
        self._process: asyncio.subprocess.Process | None = None
        self._last: Report | Failure | None = None
        self._garbage = 0  # lines that are no events
        self._first_garbage = b""
        self._timers: list[asyncio.TimerHandle] = []
        self._task: asyncio.Task[Finished] | None = None

    def _begin(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._task = asyncio.create_task(self._run(command, environment), name=f"job {self.id}")

    @property
    def done(self) -> bool:
        return self._task is not None and self._task.done()

    async def wait(self) -> Finished:
        """How it ended. Any number may wait, and who stops waiting stops nothing."""
        if self._task is None:
            raise RuntimeError("a job is started by Jobs.start")
        return await asyncio.shield(self._task)

    def cancel(self) -> None:
        """Ask it to stop, as Ctrl-C does; after ten seconds it is ended by force. Again, or too late: no harm."""
        if not self.cancelled and not self.done:
            self.cancelled = True
            self._stop()

    def kill(self) -> None:
        """End it by force. Nothing committed is lost: a refresh writes aside, then replaces."""
        self._signal(signal.SIGKILL)

    # How it runs

    async def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> Finished:
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(environment),
                limit=LINE_AT_MOST,
                start_new_session=True,  # a group of its own: Ctrl-C in the bot's terminal is not meant for it
            )
        except (OSError, ValueError) as error:  # no such program, no memory, a word that no process can be given
            logger.warning("The job “%s” could not be started: %s", self.what, error)
            return Finished(error="The work could not be started. Nothing was changed.", code=BUG)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, 19)  # questions first
        if self.cancelled:
            self._stop()
        self._timers.append(asyncio.get_running_loop().call_later(self._most_seconds, self._give_up))
        try:
            return await self._watch(process)
        finally:
            self.kill()
            for timer in self._timers:
                timer.cancel()
            with suppress(TimeoutError):  # cancelled ourselves: the streams close before the loop does
                await asyncio.wait_for(process.wait(), 1)

    async def _watch(self, process: asyncio.subprocess.Process) -> Finished:
        if process.stdout is None or process.stderr is None:
            raise RuntimeError("the child's streams are pipes")
        reading = asyncio.create_task(self._read_lines(process.stdout))
        error_tail = asyncio.create_task(_read_tail(process.stderr))
        try:
            code = await _wait_for_exit(process, {reading, error_tail})
        finally:
            reading.cancel()
            error_tail.cancel()
        ended = conclude(self._last, code, cancelled=self.cancelled)
        if self._is_overdue and not self.cancelled and ended.report is None:
            sentence = f"It took longer than {self._most_seconds / 3600:g} hours, so it was stopped. Nothing was lost."
            ended = Finished(error=sentence, code=STOPPED)
        error_output = error_tail.result() if error_tail.done() and not error_tail.cancelled() else b""
        self._log(ended, error_output)
        return ended

    async def _read_lines(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # too long; what follows in the line comes as further lines
                self._count_garbage(b"(a line that is too long)")
                continue
            if not line:
                return
            self._take_line(line)
            await asyncio.sleep(0)  # a child that pours out lines stops no answer

    def _take_line(self, line: bytes) -> None:
        match parse_event(line):
            case None:
                self._count_garbage(line.strip())
            case Progress() as progress:
                self.progress = progress
            case Report() | Failure() as last if self._last is None:
                self._last = last
                self._by_force_after(EXIT_AFTER)

    def _count_garbage(self, line: bytes) -> None:
        if line:
            self._garbage += 1
            self._first_garbage = self._first_garbage or line[:200]

    def _log(self, ended: Finished, error_tail: bytes) -> None:
        if self._garbage:
            sentence = "The job “%s” printed %d lines that are no events; the first: %r"
            logger.warning(sentence, self.what, self._garbage, self._first_garbage)
        if ended.error and not self.cancelled:
            words = error_tail.decode(errors="replace")
            logger.warning("The job “%s” of %s failed: %s\n%s", self.what, self.by, ended.error, words)

    # How it stops

    def _stop(self) -> None:
        self._signal(signal.SIGINT)
        self._by_force_after(self._kill_after)

    def _give_up(self) -> None:
        self._is_overdue = True
        self._stop()

    def _by_force_after(self, seconds: float) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, self.kill))

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(OSError):  # it has just gone
                os.killpg(self._process.pid, number)


class Jobs:
    """The one place where jobs are started, so that there is one at a time."""

    def __init__(
        self, command: Sequence[str] = COMMAND, kill_after: float = KILL_AFTER, most_seconds: float = MOST_SECONDS
    ) -> None:
        self._command = tuple(command)
        self._kill_after = kill_after
        self._most_seconds = most_seconds
        self._job: Job | None = None
        self._closed = False

    @property
    def running(self) -> Job | None:
        """The job that is at work."""
        return self._job if self._job and not self._job.done else None

    async def start(self, words: Sequence[str], what: str, by: str, most_seconds: float | None = None) -> Job:
        """Run `footnote WORDS`. `what` names it for people, `by` is who asked for it; both stand in the record of runs.

        Raises JobRunning, or JobRefused when the bot is stopping. Whatever else goes wrong is how the job finished.
        A word that comes from outside belongs behind a "--", or into "--option=word". `most_seconds`: that it may take,
        where that is not as long as any.
        """
        if self._closed:
            raise JobRefused("The bot is being stopped. Try again when it is back.")
        if running := self.running:
            raise JobRunning(running.what, running.by)
        self._job = job = Job(what, by, self._kill_after, most_seconds or self._most_seconds)
        command, *rest = words
        named = [] if command in WITHOUT_RUN else [f"--by={by}"]
        job._begin([*self._command, command, "--json-lines", *named, *rest], _environment())  # noqa: SLF001  its maker
        return job

    async def close(self) -> None:
        """Stop what is at work, within five seconds, and start nothing more."""
        self._closed = True
        if job := self.running:
            job.cancel()
            try:
                await asyncio.wait_for(job.wait(), CLOSE_WITHIN)
            except TimeoutError:
                job.kill()
                with suppress(TimeoutError):
                    await asyncio.wait_for(job.wait(), 1)


async def _wait_for_exit(process: asyncio.subprocess.Process, streams: set[asyncio.Task[Any]]) -> int:
    """Wait for the end of a process and of its streams, and return the exit code.

    asyncio's own wait() also waits for the streams, which a child of the child may hold for ever.
    """
    while streams and process.returncode is None:
        _, streams = await asyncio.wait(streams, timeout=0.5)
    if streams:
        _, streams = await asyncio.wait(streams, timeout=PIPES_AFTER)
    if streams:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.wait(streams, timeout=1)
    return await process.wait() if process.returncode is None else process.returncode


async def _read_tail(stream: asyncio.StreamReader) -> bytes:
    tail = b""
    while chunk := await stream.read(LAST_WORDS):
        tail = (tail + chunk)[-LAST_WORDS:]
    return tail


def _environment() -> dict[str, str]:
    """Ours, without the token (in any case of letters), and with a processor left for questions."""
    passed = {name: value for name, value in os.environ.items() if name.upper() != TOKEN}
    threads = str(max(1, (os.cpu_count() or 1) - 1))
    return passed | {"OMP_NUM_THREADS": threads, "PYTHONUTF8": "1"}  # JSON is UTF-8, whatever the locale
