"""Politeness on the web: one request at a time and a pause per host, what a host asks us to wait, and when we leave it.

Times are seconds of a monotonic clock, which tests set, as they do the waiting.
"""

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from queue import Empty, Full, Queue
from time import monotonic
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import tenacity

from corpus.text.urls import PORTS

T = TypeVar("T")
Job = Callable[[], T]
LONGEST_WAIT = 60.0  # what a host asks us to wait beyond that, the next refresh waits
LONGEST_ABSENCE = 86_400.0  # nobody is believed who sends us away for more than a day
LONGEST_RETRY = 20.0  # seconds before a failed request is made again; they begin with the pause, and double
PATIENCE = 6  # requests in a row that a host fails before it is left alone: two pages, each asked for three times
LOOK_UP = 0.2  # seconds between two looks at whether to stop


class LeftAlone(Exception):  # an outcome for the report, as NotAnEntry is
    """Why a host was not asked, as a clause."""


class Politeness:
    """Whose turn it is at which host. Thread-safe; after `stop` nobody waits, and nobody gets a turn."""

    def __init__(
        self,
        pause: float = 1.0,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], object] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.pause, self._clock, self._now = pause, clock, now
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._turns = threading.Condition()
        self._busy = set[str]()
        self._pauses = defaultdict[str, float](float)
        self._ended = dict[str, float]()
        self._away = dict[str, float]()
        self._failures = Counter[str]()

    def stop(self) -> None:
        self._stopped.set()
        with self._turns:
            self._turns.notify_all()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def enter(self, host: str) -> float:
        """Wait for our turn at a host; return the seconds that it took. `leave` ends it. Raises LeftAlone."""
        began = self._clock()
        with self._turns:
            self._turns.wait_for(lambda: host not in self._busy or self.is_stopped)
            self._refuse(host)
            self._busy.add(host)
        try:
            while (rest := self.free_at(host) - self._clock()) > 0:
                self._wait(rest)
                self._refuse(host)
        except BaseException:
            self.leave(host, was_asked=False)
            raise
        return self._clock() - began

    def leave(self, host: str, *, was_asked: bool = True) -> None:
        """End our turn; the pause begins."""
        with self._turns:
            self._busy.discard(host)
            if was_asked:
                self._ended[host] = self._clock()
            self._turns.notify_all()

    def sleep(self, seconds: float) -> float:
        """Wait, until `stop` at most; return the seconds that it took."""
        began = self._clock()
        if not self.is_stopped:
            self._wait(seconds)
        return self._clock() - began

    def pause_longer(self, host: str, seconds: float) -> None:
        """Leave so many seconds between two requests to a host from now on."""
        self._pauses[host] = max(self._pauses[host], seconds)

    def stay_away(self, host: str, asked: str) -> None:
        """Leave a host alone, as its answer asks: a header Retry-After, seconds or a date."""
        seconds = retry_after(asked, self._now())
        if seconds is not None:
            self._away[host] = max(self._away.get(host, 0.0), self._clock() + seconds)

    def answered(self, host: str, *, well: bool) -> None:
        """Count the failures of a host in a row: unreachable, too slow, or too busy for us."""
        self._failures[host] = 0 if well else self._failures[host] + 1

    def reason_to_leave(self, host: str) -> str | None:
        """Return why the host is not asked now, as a clause; None where it may be."""
        if self.is_stopped:
            return "was stopped"
        until = self.away_until(host)
        if until:
            return f"was not asked: its site wants to be left alone until {until}"
        if self._failures[host] >= PATIENCE:
            return "was not asked: its site has failed several times in a row; try again later"
        return None

    def away_until(self, host: str) -> str | None:
        """Return until when the host wants to be left alone, where that is longer than we wait."""
        away = self._away.get(host, 0.0) - self._clock()
        if away <= LONGEST_WAIT:
            return None
        return f"{self._now() + timedelta(seconds=away):%Y-%m-%d %H:%M} UTC"

    def _refuse(self, host: str) -> None:
        reason = self.reason_to_leave(host)
        if reason:
            raise LeftAlone(reason)

    def free_at(self, host: str) -> float:
        """Return when the host's pause is over, and it does not want to be left alone any more."""
        pause = max(self.pause, self._pauses[host])
        paused = self._ended[host] + pause if host in self._ended else 0.0
        return max(paused, self._away.get(host, 0.0))


def host_of(url: str) -> str:
    """Return whom a request would burden: the host, or host:port where that is no port of the web's own.

    "" for what is no address.
    """
    try:
        parts = urlsplit(url.strip())
        name, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return ""
    return name if port in {None, *PORTS.values()} else f"{name}:{port}"


def retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, a day at most; None where it is neither a number nor a date."""
    header = header.strip()
    if re.fullmatch(r"[0-9]{1,100}", header):
        return min(float(header), LONGEST_ABSENCE)
    try:
        when = parsedate_to_datetime(header[:100])
        until = when if when.tzinfo else when.replace(tzinfo=UTC)
        return min(max((until - now).total_seconds(), 0.0), LONGEST_ABSENCE)
    except (ValueError, TypeError, OverflowError):
        return None


def retry(
    ask: Callable[[], T],
    is_to_be_asked_again: Callable[[T], bool],
    attempts: int,
    first: float,
    sleep: Callable[[float], None],
) -> T:
    """Return what asking gives, asked again where that may help, after `first` seconds and then longer, with jitter.

    In the end, the last outcome.
    """
    asking = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(attempts),
        retry=tenacity.retry_if_result(is_to_be_asked_again),
        wait=tenacity.wait_exponential_jitter(multiplier=first, max=LONGEST_RETRY, jitter=first),
        sleep=sleep,
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    return asking(ask)


def run_by_host(
    jobs: Sequence[tuple[str, Job[T]]], most_hosts: int = 8, stop: Callable[[], None] = lambda: None
) -> Iterator[tuple[int, T]]:
    """Run jobs, each named by its host: several hosts at once, those of one host in order. (place, result) as they end.

    Who leaves the iteration early, with Ctrl-C or an error, ends it: `stop` is called to wake the jobs, and they have a
    second. The threads are daemons, as nothing wakes one that asks for a name. An error of a job is raised here.
    """
    work = _Work(jobs)
    threads = [threading.Thread(target=work.run, daemon=True) for _ in range(min(most_hosts, work.hosts))]
    done = 0
    try:
        for thread in threads:
            thread.start()
        while done < len(jobs):
            with suppress(Empty):
                place, outcome = work.results.get(timeout=LOOK_UP)
                if isinstance(outcome, _Raised):
                    raise outcome.error
                done += 1
                yield place, outcome
    finally:
        if done < len(jobs):
            work.stopped.set()
            stop()
        ends = monotonic() + 1
        for thread in threads:
            if thread.ident is not None:  # it was started
                thread.join(max(0.0, ends - monotonic()))


class _Raised:
    """What a job raised, on its way to who waits for its result."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Work(Generic[T]):
    """Jobs by host, taken by threads; the results wait in a short queue, so that memory does not grow with the jobs."""

    def __init__(self, jobs: Sequence[tuple[str, Job[T]]]) -> None:
        by_host = dict[str, list[tuple[int, Job[T]]]]()
        for place, (host, job) in enumerate(jobs):
            by_host.setdefault(host, []).append((place, job))
        self._waiting = iter(by_host.values())
        self._taking = threading.Lock()
        self.hosts = len(by_host)
        self.results: Queue[tuple[int, T | _Raised]] = Queue(maxsize=8)
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            with self._taking:
                mine = next(self._waiting, None)
            if mine is None:
                return
            for place, job in mine:
                if self.stopped.is_set():
                    return
                try:
                    result: T | _Raised = job()
                except BaseException as error:  # noqa: BLE001  whatever it is, it is raised where the result is waited for
                    result = _Raised(error)
                self._put(place, result)

    def _put(self, place: int, result: T | _Raised) -> None:
        while not self.stopped.is_set():
            with suppress(Full):
                self.results.put((place, result), timeout=LOOK_UP)
                return
