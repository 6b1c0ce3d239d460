"""A Discord on loopback for tests: REST and gateway on one port, people who act, faults on order, all traffic checked.

    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("Makers")
        user = discord.add_user("ada")
        ... start a bot with discord.token against discord.api_url ...
        await discord.connected()
        handle = await discord.slash("ask", {"question": "why?"}, user=user, channel=guild.channel)
        message = await handle.answered()
        assert discord.violations == []

It knows Discord from its documentation, not from Discord's code; `own_violations` tells where it strays from the
published specification. Waits end in an AssertionError which says what came instead.
"""

import asyncio
import json
import re
import secrets
import time
import traceback
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from discord_gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, INVALID, RECONNECT, Connections, Gateway
from discord_interactions import WAIT, Interaction
from discord_people import People
from discord_record import Bell, Fault, Faults, Record, Refused, Request
from discord_rest import ROUTES, Call, Rest
from discord_world import (
    DM,
    GUILD_TEXT,
    MEMBER,
    MESSAGE_CONTENT,
    PUBLIC_THREAD,
    Attachment,
    Channel,
    Guild,
    Message,
    User,
    mint,
)

BASE = "/api/v10"


class LoopbackDiscord(People):
    """One application with one bot, and the world around it."""

    interaction_seconds = 3.0

    def __init__(self, *, message_content: bool = False, shards: int = 1) -> None:
        self.token = f"test.{secrets.token_urlsafe(24)}"
        self.application_id = self.bot_id = mint()
        self.bot = User("footnote", bot=True, id=self.bot_id)
        self.owner = User("maintainer")
        self.users: list[User] = [self.bot, self.owner]
        self.guilds: list[Guild] = []
        self.channels: dict[int, Channel] = {}
        self.dms: dict[User, Channel] = {}
        self.attachments: dict[int, Attachment] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[dict[str, Any]]] = {}
        self.syncs = 0
        self.bell, self.faults, self.record = Bell(), Faults(), Record(self.application_id)
        self.gateway = Gateway(self.token, self.bot, self.application_id, self.record, self.faults, self.bell)
        self.gateway.shards, self.gateway.guilds = shards, self.guilds
        self.gateway.privileged = MESSAGE_CONTENT if message_content else 0
        self.rest = Rest(self)
        self.origin = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 2**20)
        for place in ("/", "/gateway", "/gateway/"):
            app.router.add_get(place, self.gateway.serve)
        app.router.add_get("/attachments/{id}/{name}", self._download)
        app.router.add_route("*", BASE + "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.origin, self.gateway.url = f"http://{host}:{port}", f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.clear()
        await self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return self.origin + BASE

    @property
    def connections(self) -> Connections:
        return self.gateway.connections

    @property
    def requests(self) -> list[Request]:
        return self.record.requests

    @property
    def violations(self) -> list[str]:
        return self.record.violations

    @property
    def warnings(self) -> list[str]:
        return self.record.warnings

    @property
    def own_violations(self) -> list[str]:
        return self.record.own_violations

    def write_log(self, path: Path | str) -> None:
        """All requests as JSON lines."""
        self.record.write_log(path)

    def clock(self) -> float:
        return time.monotonic()

    def seen(self) -> str:
        """What a failed wait reports: the last requests, the connections, the violations."""
        last = [f"{r.method} {r.path} → {r.status}" for r in self.requests[-8:]]
        return (
            f"Last requests: {last}; {self.connections}; violations: {self.violations[-3:]} {self.own_violations[-3:]}"
        )

    # The world

    def add_guild(self, name: str, *, bot_inside: bool = True, bot_permissions: int = MEMBER) -> Guild:
        """A server with one text channel. Without the bot inside, it is one where somebody uses their own app."""
        guild = Guild(name, self.bot, bot_inside, bot_permissions)
        guild.roles |= {user: mint() for user in self.users if user.permissions & ~MEMBER and user is not self.bot}
        self.guilds.append(guild)
        self.add_channel("general", guild=guild)
        if bot_inside:
            self.gateway.dispatch("GUILD_CREATE", guild.created(), guild_id=guild.id, needs=GUILDS)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """The bot is thrown out."""
        guild.bot_inside = False
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, needs=GUILDS)

    def add_channel(self, name: str, *, guild: Guild | None = None, deny: int = 0, kind: int = GUILD_TEXT) -> Channel:
        """A channel, of the first server by default. `deny`: what the bot may not do in it, as bits."""
        guild = guild or self.guilds[0]
        channel = Channel(name, guild, kind, denied=int(deny), owner=guild.owner)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        if len(guild.channels) > 1:
            self.tell_of(channel, "CHANNEL_CREATE")
        return channel

    def deny(self, channel: Channel, permissions: int, *, tell: bool = True) -> None:
        """Take permissions from the bot in a channel. `tell=False`: before the bot has heard of it."""
        channel.denied = int(permissions)
        if tell:
            self.tell_of(channel, "CHANNEL_UPDATE")

    def remove_channel(self, channel: Channel) -> None:
        channel.deleted = True
        if channel.guild is not None:
            channel.guild.channels.remove(channel)
        self.tell_of(channel, "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE")

    def add_user(self, name: str, permissions: int = MEMBER, *, installed: bool = False) -> User:
        """Somebody who is a member everywhere. `installed`: they have the app in their own account."""
        user = User(name, int(permissions), installed=installed)
        self.users.append(user)
        for guild in self.guilds:
            own = guild.role(user)
            if own is not None:
                about = {"guild_id": str(guild.id), "role": own}
                self.gateway.dispatch("GUILD_ROLE_CREATE", about, guild_id=guild.id, needs=GUILDS)
        return user

    def dm(self, user: User) -> Channel:
        """The conversation of this person with the bot."""
        if user not in self.dms:
            self.dms[user] = self._conversation(user)
        return self.dms[user]

    def private_channel(self, user: User) -> Channel:
        """A conversation of this person with somebody else, where only their own app can be used."""
        return self._conversation(user)

    def _conversation(self, user: User) -> Channel:
        channel = Channel(f"with {user.name}", kind=DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def add_thread(
        self, channel: Channel, name: str, *, owner: User, message: Message | None = None, kind: int = PUBLIC_THREAD
    ) -> Channel:
        """A thread; one from a message has the message's id."""
        thread = Channel(name, channel.guild, kind, parent=channel, owner=owner, id=message.id if message else mint())
        assert channel.guild is not None
        channel.guild.channels.append(thread)
        self.channels[thread.id] = thread
        if message is not None:
            message.thread = thread
        self.tell_of(thread, "THREAD_CREATE", newly_created=True)
        return thread

    def commands_in(self, channel: Channel) -> list[dict[str, Any]]:
        """The registered commands; a server's own ones first."""
        own = self.commands.get(channel.guild.id, []) if channel.guild else []
        return [*own, *self.commands.get(None, [])]

    # Messages and their events

    def may_read(self, message: Message) -> bool:
        return bool(self.gateway.privileged & MESSAGE_CONTENT) or message.readable_without_intent(self.bot)

    def post(self, message: Message) -> None:
        """Keep a message, and tell the bot. One for a single pair of eyes is in no channel's history."""
        self.attachments |= {file.id: file for file in message.attachments}
        if not message.ephemeral:
            message.channel.messages.append(message)
        self.announce("MESSAGE_CREATE", message)

    def announce(self, event: str, message: Message) -> None:
        self.attachments |= {file.id: file for file in message.attachments}
        guild = message.channel.guild
        heard = guild.bot_inside if guild is not None else message.channel in self.dms.values()
        if message.ephemeral or not heard:
            self.bell.ring()
            return
        payload = message.payload(whole=self.may_read(message)) | {"channel_type": message.channel.kind}
        needs = DIRECT_MESSAGES
        if guild is not None:
            needs = GUILD_MESSAGES
            member = guild.member(message.author)
            payload |= {"guild_id": str(guild.id), "member": {k: v for k, v in member.items() if k != "user"}}
        message.event = (event, payload)
        self.gateway.dispatch(event, payload, guild_id=guild.id if guild else None, needs=needs)

    def remove(self, message: Message) -> None:
        message.deleted = True
        guild = message.channel.guild
        if message.ephemeral or (guild is not None and not guild.bot_inside):
            self.bell.ring()
            return
        gone = {"id": str(message.id), "channel_id": str(message.channel.id)}
        gone |= {"guild_id": str(guild.id)} if guild else {}
        needs = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        self.gateway.dispatch("MESSAGE_DELETE", gone, guild_id=guild.id if guild else None, needs=needs)

    def tell_of(self, channel: Channel, event: str, **more: Any) -> None:
        guild = channel.guild
        if guild is not None and guild.bot_inside:
            self.gateway.dispatch(event, channel.payload() | more, guild_id=guild.id, needs=GUILDS)

    def resend(self, thing: Interaction | Message) -> None:
        """Send an event a second time, as Discord may."""
        assert thing.event is not None, "it was never sent"
        guild = thing.channel.guild
        self.gateway.dispatch(*thing.event, guild_id=guild.id if guild else None)

    # Waiting

    async def connected(self, timeout: float = WAIT) -> None:  # noqa: ASYNC109  a test bounds each wait
        """Wait until every shard has a session and a connection."""

        def look() -> bool:
            return {session.shard[0] for session in self.gateway.attached} == set(range(self.gateway.shards))

        await self.bell.until(look, timeout, "No bot has connected", self.seen)

    async def disconnected(self, timeout: float = WAIT) -> None:  # noqa: ASYNC109  a test bounds each wait
        await self.bell.until(lambda: not self.connections.open, timeout, "The bot is still connected", self.seen)

    async def resumed(self, times: int = 1, timeout: float = WAIT) -> None:  # noqa: ASYNC109  a test bounds each wait
        """Wait for the n-th RESUME since the beginning."""
        await self.bell.until(lambda: self.connections.resumed >= times, timeout, "No resume", self.seen)

    async def synced(self, times: int = 1, timeout: float = WAIT) -> None:  # noqa: ASYNC109  a test bounds each wait
        await self.bell.until(lambda: self.syncs >= times, timeout, "Commands not synced", self.seen)

    async def requested(
        self,
        method: str,
        path: str,
        *,
        times: int = 1,
        timeout: float = WAIT,  # noqa: ASYNC109  a test bounds each wait
    ) -> list[Request]:
        """Wait until so many requests that match have been answered."""

        def look() -> list[Request] | None:
            found = [r for r in self.record.matching(method, path) if r.status]
            return found if len(found) >= times else None

        return await self.bell.until(look, timeout, f"No {method} {path}", self.seen)

    async def reply_to(self, message: Message, timeout: float = WAIT) -> Message:  # noqa: ASYNC109  bounded
        """Wait for the bot's message that answers this one."""

        def look() -> Message | None:
            own = [m for m in message.channel.messages if m.author is self.bot and not m.deleted and not m.loading]
            return next((m for m in own if m.reference is message), None)

        return await self.bell.until(look, timeout, f"No reply to {message.content!r}", self.seen)

    async def next_message(self, channel: Channel, timeout: float = WAIT) -> Message:  # noqa: ASYNC109  bounded
        """Wait for the next message of the bot in a channel that has not been given out before."""

        def look() -> Message | None:
            new = [m for m in channel.messages if m.author is self.bot and m.id not in channel.taken]
            return next((m for m in new if not m.loading and not m.deleted), None)

        message = await self.bell.until(look, timeout, f"No message in {channel.name}", self.seen)
        channel.taken.add(message.id)
        return message

    async def until(self, look, timeout: float = WAIT, wanted: str = "It did not happen") -> Any:  # noqa: ASYNC109
        """Wait until `look()` is true, of whatever it is: of the bot's own state, too."""
        return await self.bell.until(look, timeout, wanted, self.seen, again=0.02)

    # The gateway's faults

    async def close_gateways(self, code: int, *, forget: bool = False) -> None:
        """Close all connections with this code. `forget`: the sessions are gone too, a RESUME is refused."""
        self.gateway.close_all(code, forget=forget)

    async def reconnect(self) -> None:
        """Ask the bot to connect anew (opcode 7)."""
        self.gateway.tell_all(RECONNECT, d=None)

    async def invalid_session(self, *, resumable: bool) -> None:
        """Opcode 9."""
        self.gateway.tell_all(INVALID, d=resumable, forget=not resumable)

    # Serving

    async def _download(self, request: web.Request) -> web.Response:
        file = self.attachments.get(int(request.match_info["id"]))
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, headers={"Content-Type": file.content_type})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        kept, files = await self._read(request)
        fault = self.faults.next(kept)
        errors = self.record.request(kept)
        self.bell.ring()
        try:
            await _wait_out(fault)
            status, body, headers = self._answer(kept, files, errors, fault)
        except _Dropped:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)  # nobody is there to read it
        kept.status, kept.response = status, body
        if fault is None:
            self.record.response(kept)
        self.bell.ring()
        return web.Response(status=status, body=None if body is None else json.dumps(body).encode(), headers=headers)

    async def _read(self, request: web.Request) -> tuple[Request, list[Attachment]]:
        headers = {name: request.headers[name] for name in ("Authorization", "User-Agent") if name in request.headers}
        path = request.path.removeprefix(BASE)
        kept = Request(request.method, path, list(request.query.items()), headers=headers, at=self.clock())
        files: list[Attachment] = []
        if request.content_type == "multipart/form-data":
            kept.files = []
            for name, part in (await request.post()).items():
                if isinstance(part, web.FileField):
                    data = part.file.read()
                    files.append(Attachment(part.filename, data, self.origin, part.content_type))
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
        if not by_token and kept.headers.get("Authorization") != f"Bot {self.token}":
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
                    self.own_violations.append(traceback.format_exc())
                    raise Refused(500, 0, "500: Internal Server Error") from None
        self.own_violations.append(f"{kept.method} {kept.path} is not served")
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
