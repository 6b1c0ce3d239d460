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

import secrets
import time
from pathlib import Path
from typing import Any, Self

from discord_faults import Faults
from discord_gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, INVALID, RECONNECT, Connections, Gateway
from discord_http import BASE, Http
from discord_interactions import WAIT, Interaction
from discord_messages import Message
from discord_people import People
from discord_record import Bell, Record, Request
from discord_world import DM, GUILD_TEXT, MEMBER, MESSAGE_CONTENT, PUBLIC_THREAD, Attachment, Channel, Guild, User, mint


class LoopbackDiscord(People):
    """One application with one bot, and the world around it."""

    interaction_seconds = 3.0

    def __init__(self, *, message_content: bool = False, shards: int = 1, check_at_once: bool = True) -> None:
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
        self.bell, self.faults, self.record = Bell(), Faults(), Record(self.application_id, check_at_once=check_at_once)
        self.gateway = Gateway(self.token, self.bot, self.application_id, self.record, self.faults, self.bell)
        self.gateway.shards, self.gateway.guilds = shards, self.guilds
        self.gateway.privileged = MESSAGE_CONTENT if message_content else 0
        self.origin = ""
        self._http = Http(self)

    async def __aenter__(self) -> Self:
        host, port = await self._http.start()
        self.origin, self.gateway.url = f"http://{host}:{port}", f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.clear()
        await self.gateway.stop()
        await self._http.stop()

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

    def add_guild(
        self,
        name: str,
        *,
        bot_inside: bool = True,
        bot_permissions: int = MEMBER,
        has_commands: bool | None = None,
        available: bool = True,
        shard: int = 0,
    ) -> Guild:
        """A server with one text channel, for this shard of several.

        Without the bot inside, it is one where somebody uses their own app; with `has_commands`, one to which the app
        was added for its commands alone.
        """
        installed = bot_inside if has_commands is None else has_commands
        number = mint()
        number += (shard - (number >> 22)) % self.gateway.shards << 22 if self.gateway.shards > 1 else 0
        about = {"id": number, "has_commands": installed, "available": available}
        guild = Guild(name, self.bot, bot_inside, bot_permissions, world=self, **about)
        guild.roles |= {user: mint() for user in self.users if user.permissions & ~MEMBER and user is not self.bot}
        self.guilds.append(guild)
        self.add_channel("general", guild=guild)
        if bot_inside and available:
            self.gateway.dispatch("GUILD_CREATE", guild.created(), guild_id=guild.id, needs=GUILDS)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """The bot is thrown out."""
        guild.bot_inside = guild.has_commands = False
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, needs=GUILDS)

    def add_channel(self, name: str, *, guild: Guild | None = None, deny: int = 0, kind: int = GUILD_TEXT) -> Channel:
        """A channel, of the first server by default. `deny`: what the bot may not do in it, as bits."""
        guild = guild or self.guilds[0]
        channel = Channel(name, guild, kind, denied=int(deny), owner=guild.owner, world=self)
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
        channel = Channel(f"with {user.name}", kind=DM, recipient=user, world=self)
        self.channels[channel.id] = channel
        return channel

    def add_thread(
        self, channel: Channel, name: str, *, owner: User, message: Message | None = None, kind: int = PUBLIC_THREAD
    ) -> Channel:
        """A thread; one from a message has the message's id."""
        number = message.id if message else mint()
        thread = Channel(name, channel.guild, kind, parent=channel, owner=owner, id=number, world=self)
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
