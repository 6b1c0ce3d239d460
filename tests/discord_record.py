"""What the loopback Discord keeps of the traffic: every request, checked at once; and the faults a test asks for."""

import asyncio
import functools
import importlib.util
import json
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

SPEC = Path(__file__).resolve().parent.parent.parent / "shared" / "spec"


@functools.cache
def checker() -> ModuleType | None:
    """The checker of Discord traffic that lies beside the checkout; None where it does not."""
    file = SPEC / "discord_check.py"
    if not file.exists():
        return None
    spec = importlib.util.spec_from_file_location("discord_check", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["discord_check"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@functools.cache
def document() -> dict[str, Any]:
    return json.loads((SPEC / "discord-openapi.json").read_text(encoding="utf-8"))


@functools.cache
def validator() -> Any:
    """One for all servers: compiling the schemas anew for each would cost more than the tests."""
    module = checker()
    return None if module is None else module.Validator(document())


@dataclass
class Request:
    """One request of the bot, and its answer."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    json: Any = None
    has_json: bool = False
    files: list[tuple[str, str]] | None = None
    sizes: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    at: float = 0.0
    status: int = 0
    response: Any = None

    def line(self) -> dict[str, Any]:
        """As the checker's `log` reads it: what was absent is absent."""
        out: dict[str, Any] = {"method": self.method, "path": self.path, "query": self.query, "status": self.status}
        if self.has_json:
            out["json"] = self.json
        if self.files:
            out["files"] = self.files
        if self.response is not None:
            out["response"] = self.response
        return out


class Record:
    """`violations`: what Discord would refuse of the bot's; `own_violations`: where this server is no Discord."""

    def __init__(self, application_id: int) -> None:
        self.application_id = application_id
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.warnings: list[str] = []
        self.own_violations: list[str] = []
        self.strangers: list[str] = []

    def request(self, request: Request) -> list[str]:
        """Keep it and check it. Gives the errors, for which Discord would answer 400."""
        self.requests.append(request)
        check = validator()
        if check is None:
            return []
        check.application_id = self.application_id
        absent = checker().ABSENT
        report = check.request(
            request.method,
            request.path,
            json=request.json if request.has_json else absent,
            query=request.query,
            files=request.files,
            headers=request.headers,
        )
        self.warnings += [f"{report.what}: {finding}" for finding in report.warnings]
        if not report.ok:
            self.violations.append(str(report))
        return [str(finding) for finding in report.errors]

    def response(self, request: Request) -> None:
        check = validator()
        if check is None:
            return
        body = checker().ABSENT if request.response is None else request.response
        report = check.response(request.method, request.path, request.status, body)
        if not report.ok:
            self.own_violations.append(str(report))

    def gateway_event(self, event: str, data: dict[str, Any]) -> None:
        check = validator()
        if check is None:
            return
        report = check.gateway_event(event, data)
        if not report.ok:
            self.own_violations.append(str(report))

    def gateway_send(self, payload: Any) -> None:
        check = validator()
        if check is None:
            return
        report = check.gateway_send(payload)
        if not report.ok:
            self.violations.append(str(report))

    @property
    def checks(self) -> bool:
        """Whether the traffic can be checked here."""
        return validator() is not None

    def matching(self, method: str, path: str) -> list[Request]:
        return [r for r in self.requests if r.method == method and re.search(path, r.path)]

    def write_log(self, path: Path | str) -> None:
        lines = [json.dumps(request.line(), ensure_ascii=False) for request in self.requests]
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


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


class Faults:
    """Orders of a test; each is used up. Paths are searched as regular expressions, method "*" is any."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
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
        """429 as Discord gives it; scope "user", "shared" or "global". Without `via` it looks like a Cloudflare ban."""

        def refuse() -> Refused:
            everywhere = scope == "global"
            said = "You are being rate limited."
            refused = Refused(429, 0, said, retry_after=retry_after, **{"global": everywhere})
            refused.headers = {"Retry-After": str(max(1, round(retry_after))), "X-RateLimit-Scope": scope}
            refused.headers |= {"X-RateLimit-Global": "true"} if everywhere else {"X-RateLimit-Remaining": "0"}
            refused.headers |= {} if via else {"Via": ""}
            return refused

        return self._add(Fault(method, path, times, refuse=refuse))

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


class Bell:
    """Rings whenever anything has happened; whoever waits for something looks again then."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def until(
        self, look: Callable[[], Any], seconds: float, wanted: str, seen: Callable[[], str], again: float = 1.0
    ) -> Any:
        """What `look` gives as soon as it is true. Raises AssertionError with what was seen instead.

        It also looks again after so many seconds without a ring: for what happens outside this server.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not (found := look()):
            left = end - loop.time()
            if left <= 0:
                raise AssertionError(f"{wanted}: not within {seconds} s. {seen()}")
            waiting: asyncio.Future[None] = loop.create_future()
            self._waiting.add(waiting)
            await asyncio.wait([waiting], timeout=min(left, again))
            self._waiting.discard(waiting)
        return found
