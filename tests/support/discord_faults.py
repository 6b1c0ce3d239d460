"""What a test may have go wrong in the loopback Discord."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from discord_record import Request


class Refused(Exception):
    """Discord says no: a status, an error code, and what it adds."""

    def __init__(self, status: int, code: int = 0, message: str = "", **more: Any) -> None:
        super().__init__(f"{status}/{code} {message}")
        self.status = status
        self.headers: dict[str, str] = {}
        self.body = {"message": message or f"{status}: refused", "code": code, **more}


@dataclass
class Fault:
    """What is to happen to the next requests that match. `after`: Discord has taken the request, and then fails."""

    method: str
    path: str
    times: int
    after: bool = False
    refuse: Callable[[], Refused] | None = None
    seconds: float = 0.0
    gate: asyncio.Event | None = None
    drop: bool = False
    happened: int = 0
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109  a test bounds each wait
        try:
            await asyncio.wait_for(self.bell.wait(), timeout)
        except TimeoutError:
            raise AssertionError(f"No {self.method} {self.path} came within {timeout} s.") from None

    def release(self) -> None:
        assert self.gate is not None, "only a hold can be released"
        self.gate.set()


@dataclass
class Limit:
    """A bucket of so many requests in so many seconds, for all paths that match."""

    method: str
    path: str
    requests: int
    seconds: float
    taken: list[float] = field(default_factory=list)

    def spend(self, at: float) -> dict[str, str]:
        """Discord's headers after one more request. Raises Refused (429) where the bucket is empty."""
        self.taken = [moment for moment in self.taken if moment > at - self.seconds]
        reset = self.seconds - (at - self.taken[0]) if self.taken else self.seconds
        if len(self.taken) >= self.requests:
            raise limited(reset, "user")
        self.taken.append(at)
        return {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Remaining": str(self.requests - len(self.taken)),
            "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
            "X-RateLimit-Reset-After": f"{reset:.3f}",
        }


def limited(retry_after: float, scope: str, *, via: bool = True) -> Refused:
    """429 as Discord gives it (topics/rate-limits.mdx)."""
    everywhere = scope == "global"
    refused = Refused(429, 0, "You are being rate limited.", retry_after=retry_after, **{"global": everywhere})
    refused.headers = {"Retry-After": str(max(1, round(retry_after))), "X-RateLimit-Scope": scope}
    refused.headers |= {"X-RateLimit-Global": "true"} if everywhere else {"X-RateLimit-Remaining": "0"}
    refused.headers |= {} if via else {"Via": ""}
    return refused


class Faults:
    """Orders of a test; each is used up. Paths are searched as regular expressions, method "*" is any."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._limits: list[Limit] = []
        self._chance: tuple[float, tuple[int, ...], str, random.Random] | None = None
        self.heartbeats_answered = True
        self.refused_identifies: list[int] = []

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int = 0,
        message: str = "",
        times: int = 1,
        after: bool = False,
    ) -> Fault:
        return self._add(Fault(method, path, times, after, lambda: Refused(status, code, message)))

    def rate_limit(
        self,
        method: str,
        path: str,
        retry_after: float = 0.05,
        *,
        scope: str = "user",
        times: int = 1,
        via: bool = True,
    ) -> Fault:
        """Answer 429; scope "user", "shared" or "global". Without `via` it looks like a Cloudflare ban."""
        return self._add(Fault(method, path, times, refuse=lambda: limited(retry_after, scope, via=via)))

    def limit(self, method: str, path: str, requests: int, seconds: float) -> None:
        """Give the paths that match a bucket of their own: its headers tell, and beyond it comes 429."""
        self._limits.append(Limit(method, path, requests, seconds))

    def spend(self, request: Request) -> dict[str, str]:
        for limit in self._limits:
            if limit.method == request.method and re.search(limit.path, request.path):
                return limit.spend(request.at)
        return {}

    def delay(self, method: str, path: str, seconds: float, *, times: int = 1) -> Fault:
        return self._add(Fault(method, path, times, seconds=seconds))

    def hold(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Keep the answer back until the fault is released; `await fault.reached()` tells that the request is there."""
        return self._add(Fault(method, path, times, gate=asyncio.Event()))

    def drop(self, method: str, path: str, *, times: int = 1, after: bool = False) -> Fault:
        """Break the connection instead of an answer."""
        return self._add(Fault(method, path, times, after, drop=True))

    def by_chance(
        self, probability: float, *, statuses: tuple[int, ...] = (500, 502, 503), path: str = "", seed: int = 0
    ) -> None:
        self._chance = (probability, statuses, path, random.Random(seed))  # noqa: S311  a test repeats itself

    def refuse_identify(self, code: int, times: int = 1) -> None:
        """Close the next connections at IDENTIFY with this code, such as 4004 or 4014."""
        self.refused_identifies += [code] * times

    def clear(self) -> None:
        for fault in self._faults:
            if fault.gate:
                fault.gate.set()
        self._faults.clear()
        self._limits.clear()
        self._chance = None
        self.refused_identifies.clear()
        self.heartbeats_answered = True

    def next(self, request: Request) -> Fault | None:
        for fault in self._faults:
            fits = fault.method in {"*", request.method} and re.search(fault.path, request.path)
            if fits and fault.happened < fault.times:
                fault.happened += 1
                fault.bell.set()
                return fault
        if self._chance is not None:
            probability, statuses, path, dice = self._chance
            if re.search(path, request.path) and dice.random() < probability:
                status = dice.choice(statuses)
                return Fault("*", path, 1, after=dice.random() < 0.5, refuse=lambda: Refused(status))
        return None
