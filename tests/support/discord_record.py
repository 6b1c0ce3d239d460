"""What the loopback Discord keeps of the traffic: every request, checked at once."""

import asyncio
import functools
import importlib.util
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

SPEC = Path(__file__).resolve().parents[3] / "shared" / "spec"


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

    def __init__(self, application_id: int, *, check_at_once: bool = True) -> None:
        self.application_id = application_id
        self.check_at_once = check_at_once  # else only when `check_requests` is called: for measurements
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.warnings: list[str] = []
        self.own_violations: list[str] = []
        self.strangers: list[str] = []

    def request(self, request: Request) -> list[str]:
        """Keep it and check it. Gives the errors, for which Discord would answer 400."""
        self.requests.append(request)
        return self._check(request) if self.check_at_once else []

    def check_requests(self) -> None:
        """Check all requests now."""
        for request in self.requests:
            self._check(request)

    def _check(self, request: Request) -> list[str]:
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
        if check is None or not self.check_at_once:
            return
        body = checker().ABSENT if request.response is None else request.response
        report = check.response(request.method, request.path, request.status, body)
        if not report.ok:
            self.own_violations.append(str(report))

    def gateway_event(self, event: str, data: dict[str, Any]) -> None:
        check = validator()
        if check is None or not self.check_at_once:
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
