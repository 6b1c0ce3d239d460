"""The gateway of the loopback Discord: sessions that outlive their connection, and what they missed until RESUME."""

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from discord_faults import Faults
from discord_record import Bell, Record
from discord_world import MESSAGE_CONTENT, Guild, User

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    3,
    6,
    7,
    8,
    9,
    10,
    11,
)
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
END = object()


class Connection:
    """One websocket. What is sent goes through a queue, so that whoever dispatches need not wait."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.close_code: int | None = None

    def send(self, op: int, d: Any, *, s: int | None = None, t: str | None = None) -> None:
        self.queue.put_nowait({"op": op, "d": d, "s": s, "t": t})

    def close(self, code: int) -> None:
        """Close once everything before it is sent."""
        self.close_code = code
        self.queue.put_nowait(END)

    async def write(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while (payload := await self.queue.get()) is not END:
                await self.socket.send_str(json.dumps(payload))
            await self.socket.close(code=self.close_code or 1000)


@dataclass(eq=False)
class Session:
    """What Discord remembers of an identified shard."""

    shard: tuple[int, int]
    intents: int
    connection: Connection | None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # the sequence number is the place plus one

    def dispatch(self, event: str, data: dict[str, Any]) -> None:
        self.sent.append((event, data))
        if self.connection is not None:
            self.connection.send(DISPATCH, data, s=len(self.sent), t=event)

    def replay(self, after: int) -> None:
        assert self.connection is not None
        for number, (event, data) in enumerate(self.sent[after:], after + 1):
            self.connection.send(DISPATCH, data, s=number, t=event)
        self.dispatch("RESUMED", {"_trace": []})


@dataclass
class Connections:
    """How the bot has connected: `open` now, the others since the beginning."""

    open: int = 0
    opened: int = 0
    identified: int = 0
    resumed: int = 0
    refused: int = 0
    invalid: int = 0
    heartbeats: int = 0
    closed_with: list[int | None] = field(default_factory=list)


class Gateway:
    """Takes connections at `url`, and gives each session the events of its shard and intents."""

    heartbeat_interval = 41_250  # milliseconds

    def __init__(self, token: str, bot: User, application_id: int, record: Record, faults: Faults, bell: Bell) -> None:
        self.token, self.bot, self.application_id = token, bot, application_id
        self.record, self.faults, self.bell = record, faults, bell
        self.url = ""
        self.shards = 1
        self.privileged = 0  # the intents that are switched on in the portal
        self.guilds: list[Guild] = []
        self.sessions: list[Session] = []
        self.connections = Connections()
        self.identifies_left = 1000
        self.silent_shards: set[int] = set()  # whose READY does not come
        self._open: set[Connection] = set()

    # A connection

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        # Text frames, whatever compression the address asks for: discord.py inflates binary frames only.
        socket = web.WebSocketResponse(compress=False, timeout=2.0, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket)
        self._open.add(connection)
        self.connections.opened += 1
        self.connections.open += 1
        connection.send(HELLO, {"heartbeat_interval": self.heartbeat_interval, "_trace": []})
        writing = asyncio.create_task(connection.write())
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(connection, frame.data)
                    self.bell.ring()
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            self._ended(connection)
        return socket

    def _ended(self, connection: Connection) -> None:
        """1000 and 1001 from the bot end its session; anything else keeps it for a resume."""
        self._open.discard(connection)
        self.connections.open -= 1
        code = connection.close_code or connection.socket.close_code
        self.connections.closed_with.append(code)
        for session in [s for s in self.sessions if s.connection is connection]:
            session.connection = None
            if connection.close_code is None and code in {1000, 1001}:
                self.sessions.remove(session)
        self.bell.ring()

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            payload = json.loads(text)
        except ValueError:
            connection.close(4002)
            return
        self.record.gateway_send(payload)
        match payload.get("op"):
            case 1:
                self.connections.heartbeats += 1
                if self.faults.heartbeats_answered:
                    connection.send(ACK, None)
            case 2:
                self._identify(connection, payload["d"])
            case 6:
                self._resume(connection, payload["d"])
            case 3 | 4 | 8:
                pass
            case _:
                connection.close(4001)

    def _identify(self, connection: Connection, said: dict[str, Any]) -> None:
        refused = self._why_refused(said)
        if refused is not None:
            self.connections.refused += 1
            connection.close(refused)
            return
        self.identifies_left -= 1
        shard = tuple(said.get("shard") or (0, 1))
        # A session nobody is connected to would only gather events: the bot has begun anew.
        self.sessions = [s for s in self.sessions if s.connection is not None or s.shard != shard]
        session = Session(shard, said["intents"], connection)
        self.sessions.append(session)
        self.connections.identified += 1
        if session.shard[0] in self.silent_shards:
            return
        self._dispatch_to(session, "READY", self._ready(session))
        for guild in self.guilds:
            known = guild.bot_inside and guild.available
            if known and self._is_for(session, guild.id) and session.intents & GUILDS:
                self._dispatch_to(session, "GUILD_CREATE", guild.created())

    def _why_refused(self, said: dict[str, Any]) -> int | None:
        if self.faults.refused_identifies:
            return self.faults.refused_identifies.pop(0)
        if said.get("token") != self.token:
            return 4004
        if said.get("intents", 0) & PRIVILEGED & ~self.privileged:
            return 4014
        return 4010 if tuple(said.get("shard") or (0, 1))[1] != self.shards else None

    def _ready(self, session: Session) -> dict[str, Any]:
        mine = [g for g in self.guilds if g.bot_inside and self._is_for(session, g.id)]
        return {
            "v": 10,
            "user": {**self.bot.payload(), "verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(self.application_id), "flags": 0},
            "private_channels": [],
            "_trace": [],
        }

    def _resume(self, connection: Connection, said: dict[str, Any]) -> None:
        if said.get("token") != self.token:
            self.connections.refused += 1
            connection.close(4004)
            return
        session = next((s for s in self.sessions if s.id == said.get("session_id")), None)
        if session is None:
            self.connections.invalid += 1
            connection.send(INVALID, d=False)
        elif said["seq"] > len(session.sent):
            connection.close(4007)
        else:
            session.connection = connection
            self.connections.resumed += 1
            session.replay(said["seq"])

    # Events

    def _is_for(self, session: Session, guild_id: int | None) -> bool:
        return session.shard[0] == ((guild_id or 0) >> 22) % session.shard[1] if guild_id else session.shard[0] == 0

    def _dispatch_to(self, session: Session, event: str, data: dict[str, Any]) -> None:
        self.record.gateway_event(event, data)
        session.dispatch(event, data)

    def dispatch(self, event: str, data: dict[str, Any], *, guild_id: int | None = None, needs: int = 0) -> int:
        """Give an event to the sessions that are due it, on resume to those without a connection. To how many."""
        due = [s for s in self.sessions if self._is_for(s, guild_id) and s.intents & needs == needs]
        if due:
            self.record.gateway_event(event, data)
        for session in due:
            session.dispatch(event, data)
        self.bell.ring()
        return len(due)

    @property
    def attached(self) -> list[Session]:
        return [session for session in self.sessions if session.connection is not None]

    # What a test makes it do

    def close_all(self, code: int, *, forget: bool = False) -> None:
        if forget:
            self.sessions = []
        for connection in list(self._open):
            connection.close(code)

    def tell_all(self, op: int, *, d: Any, forget: bool = False) -> None:
        told = [session.connection for session in self.attached]
        if forget:
            self.sessions = []
            self.connections.invalid += len(told)
        for connection in told:
            if connection is not None:
                connection.send(op, d)

    async def stop(self) -> None:
        self.sessions = []
        for connection in list(self._open):
            connection.close(1001)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(connection.socket.close(code=1001), 2.0)
