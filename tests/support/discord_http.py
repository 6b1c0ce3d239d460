"""The HTTP side of the loopback Discord: each request is kept, checked, struck by the fault it is due, and answered."""

import asyncio
import json
import re
import time
import traceback
from typing import TYPE_CHECKING, Any

from aiohttp import web
from discord_faults import Fault, Refused
from discord_record import Request
from discord_rest import ROUTES, Call
from discord_webhooks import Webhooks
from discord_world import Attachment

if TYPE_CHECKING:
    from discord_server import LoopbackDiscord

BASE = "/api/v10"


class Http:
    """Serves one LoopbackDiscord on a free port of 127.0.0.1."""

    def __init__(self, discord: "LoopbackDiscord") -> None:
        self.discord = discord
        self.rest = Webhooks(discord)
        self._runner: web.AppRunner | None = None

    async def start(self) -> tuple[str, int]:
        app = web.Application(client_max_size=30 * 2**20)
        for place in ("/", "/gateway", "/gateway/"):
            app.router.add_get(place, self.discord.gateway.serve)
        app.router.add_get("/attachments/{id}/{name}", self._download)
        app.router.add_route("*", BASE + "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return host, port

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.Response:
        file = self.discord.attachments.get(int(request.match_info["id"]))
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, headers={"Content-Type": file.content_type})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        kept, files = await self._read(request)
        fault = self.discord.faults.next(kept)
        errors = self.discord.record.request(kept)
        self.discord.bell.ring()
        try:
            await _wait_out(fault)
            status, body, headers = self._answer(kept, files, errors, fault)
        except _Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)  # nobody is there to read it
        kept.status, kept.response = status, body
        if fault is None:
            self.discord.record.response(kept)
        self.discord.bell.ring()
        if body is None:
            return web.Response(status=status, headers=headers | {"Content-Type": "text/html; charset=utf-8"})
        return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)

    async def _read(self, request: web.Request) -> tuple[Request, list[Attachment]]:
        headers = {name: request.headers[name] for name in ("Authorization", "User-Agent") if name in request.headers}
        path = request.path.removeprefix(BASE)
        kept = Request(request.method, path, list(request.query.items()), headers=headers, at=self.discord.clock())
        files: list[Attachment] = []
        if request.content_type == "multipart/form-data":
            kept.files = []
            for name, part in (await request.post()).items():
                if isinstance(part, web.FileField):
                    data = part.file.read()
                    files.append(Attachment(part.filename, data, self.discord.origin, part.content_type))
                    kept.files.append((name, part.filename))
                    kept.sizes.append(len(data))
                elif name == "payload_json":
                    kept.json, kept.has_json = json.loads(str(part)), True
        elif request.can_read_body and (raw := await request.read()):
            kept.json, kept.has_json = json.loads(raw), True
        return kept, files

    def _answer(
        self, kept: Request, files: list[Attachment], errors: list[str], fault: Fault | None
    ) -> tuple[int, Any, dict[str, str]]:
        headers = _rate_limits(kept)
        try:
            headers |= self.discord.faults.spend(kept)
            if fault is not None and not fault.after:
                _strike(fault)
            status, body = self._route(kept, files, errors)
            if fault is not None:
                _strike(fault)
        except Refused as refused:
            return refused.status, refused.body, headers | refused.headers
        return status, body, headers

    def _route(self, kept: Request, files: list[Attachment], errors: list[str]) -> tuple[int, Any]:
        by_token = re.match(r"/(interactions|webhooks)/\d+/", kept.path)
        if not by_token and kept.headers.get("Authorization") != f"Bot {self.discord.token}":
            raise Refused(401, 0, "401: Unauthorized")
        for method, pattern, handler in _COMPILED:
            match = pattern.fullmatch(kept.path) if method == kept.method else None
            if match:
                if errors:
                    raise Refused(400, 50035, f"Invalid Form Body: {errors}")
                try:
                    return handler(self.rest, Call(kept, match.groupdict(), files))
                except Refused:
                    raise
                except Exception:  # noqa: BLE001  this server's own fault, which the test has to see
                    self.discord.own_violations.append(traceback.format_exc())
                    raise Refused(500, 0, "500: Internal Server Error") from None
        self.discord.own_violations.append(f"{kept.method} {kept.path} is not served")
        raise Refused(404, 0, "404: Not Found")


class _Dropped(Exception):
    """The connection is to be broken."""


def _strike(fault: Fault) -> None:
    if fault.drop:
        raise _Dropped
    if fault.refuse is not None:
        raise fault.refuse()


async def _wait_out(fault: Fault | None) -> None:
    if fault is not None and fault.seconds:
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.gate is not None:
        await fault.gate.wait()


def _rate_limits(kept: Request) -> dict[str, str]:
    """Discord's headers of a generous bucket; Via, without which discord.py takes a 429 for a ban by Cloudflare."""
    bucket = re.sub(r"\d{5,}|(?<=/)[\w-]{30,}", "", f"{kept.method}{kept.path}")
    return {
        "Content-Type": "application/json",  # exactly: with a charset discord.py reads it as text
        "Via": "1.1 google",
        "X-RateLimit-Limit": "1000",
        "X-RateLimit-Remaining": "999",
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
        "X-RateLimit-Bucket": f"{hash(bucket) & 0xFFFFFFFF:08x}",
    }


def _pattern(path: str) -> re.Pattern[str]:
    numbers = {"channel", "message", "guild", "user", "application", "interaction"}

    def group(found: re.Match[str]) -> str:
        name = found[1]
        kind = r"(?:\d+|@original)" if name == "message" else r"\d+" if name in numbers else r"[^/]+"
        return f"(?P<{name}>{kind})"

    return re.compile(re.sub(r"\{(\w+)\}", group, path))


_COMPILED = [(method, _pattern(path), handler) for method, path, handler in ROUTES]
