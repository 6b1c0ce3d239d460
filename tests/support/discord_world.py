"""The people, servers and channels of the loopback Discord, as a bot is told of them."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from discord_messages import Message
    from discord_server import LoopbackDiscord

DISCORD_EPOCH = 1_420_070_400_000  # milliseconds
GUILD_TEXT, DM, FORUM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 15, 11, 12
MESSAGE_CONTENT = 1 << 15  # the privileged intent
UNSET_OF_A_GUILD = """
    icon description home_header splash discovery_splash banner application_id afk_channel_id widget_channel_id
    vanity_url_code max_presences rules_channel_id safety_alerts_channel_id public_updates_channel_id incidents_data
"""
ZERO_OF_A_GUILD = """
    system_channel_flags default_message_notifications mfa_level explicit_content_filter premium_tier nsfw_level
"""
_counter = itertools.count()


class Permission(IntFlag):
    """The bits of Discord's permissions that matter to a bot that answers."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


MEMBER = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
MODERATOR = MEMBER | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES | Permission.MANAGE_THREADS
ALL = sum(Permission)


def mint() -> int:
    """A new snowflake of this moment: discord.py reads an interaction's age from its id."""
    return (int(time.time() * 1000) - DISCORD_EPOCH << 22) + next(_counter) % (1 << 22)


def now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass(eq=False)
class User:
    """Somebody with an account; `permissions` hold in every server, `installed` is the app in their own account.

    `bare`: Discord tells their permissions as they were given, without all that an administrator has besides.
    """

    name: str
    permissions: int = MEMBER
    bot: bool = False
    installed: bool = False
    blocks_dms: bool = False
    bare: bool = False
    locale: str = "en-GB"
    id: int = field(default_factory=mint)

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def payload(self) -> dict[str, Any]:
        shared = {"avatar": None, "discriminator": "0", "public_flags": 0, "flags": 0, "primary_guild": None}
        return {"id": str(self.id), "username": self.name, "global_name": self.name.title(), "bot": self.bot, **shared}


@dataclass(eq=False)
class Attachment:
    """A file that somebody uploaded, served by the same server."""

    filename: str
    data: bytes
    base: str
    content_type: str = "application/octet-stream"
    id: int = field(default_factory=mint)

    def payload(self) -> dict[str, Any]:
        url = f"{self.base}/attachments/{self.id}/{quote(self.filename)}"
        about = {"size": len(self.data), "content_type": self.content_type}
        return {"id": str(self.id), "filename": self.filename, "url": url, "proxy_url": url, **about}


@dataclass(eq=False)
class Guild:
    """A server. Without the bot inside, it may have its commands alone, or somebody uses the app of their own account.

    `available`: whether the bot is told more of it than that it is there.
    """

    name: str
    bot: User
    bot_inside: bool = True
    bot_permissions: int = MEMBER
    id: int = field(default_factory=mint)
    owner: User = field(default_factory=lambda: User("owner", permissions=ALL))
    channels: list["Channel"] = field(default_factory=list)
    roles: dict[User, int] = field(default_factory=dict)
    joined: str = field(default_factory=now)
    has_commands: bool = True
    available: bool = True
    world: "LoopbackDiscord | None" = field(default=None, repr=False)

    def add_channel(self, name: str, *, deny: int = 0, kind: int = GUILD_TEXT) -> "Channel":
        """Another channel. `deny`: what the bot may not do in it, as bits."""
        assert self.world is not None
        return self.world.add_channel(name, guild=self, deny=deny, kind=kind)

    @property
    def channel(self) -> "Channel":
        return self.channels[0]

    def role(self, user: User) -> dict[str, Any] | None:
        """The role that gives this person what a plain member may not; none for a plain member."""
        wanted = self.bot_permissions if user is self.bot else user.permissions
        if not wanted & ~MEMBER and user is not self.bot:
            return None
        return role(
            self.roles.setdefault(user, mint()), user.name, wanted, of_bot=self.bot if user is self.bot else None
        )

    @property
    def bot_role(self) -> str:
        """The mention of the role that Discord made for the bot, which has its name."""
        return f"<@&{self.all_roles()[1]['id']}>"

    def member(self, user: User) -> dict[str, Any]:
        own = self.role(user)
        return {
            "user": user.payload(),
            "roles": [own["id"]] if own else [],
            "joined_at": self.joined,
            "flags": 0,
            "nick": None,
            "avatar": None,
            "banner": None,
            "communication_disabled_until": None,
            "pending": False,
            "premium_since": None,
            "mute": False,
            "deaf": False,
        }

    def all_roles(self) -> list[dict[str, Any]]:
        people = [self.bot, *(user for user in self.roles if user is not self.bot)]
        return [role(self.id, "@everyone", MEMBER), *(own for user in people if (own := self.role(user)))]

    def payload(self) -> dict[str, Any]:
        return {
            **dict.fromkeys(UNSET_OF_A_GUILD.split()),
            **dict.fromkeys(ZERO_OF_A_GUILD.split(), 0),
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "features": [],
            "region": "deprecated",
            "afk_timeout": 300,
            "system_channel_id": str(self.channel.id),
            "widget_enabled": False,
            "verification_level": 1,
            "roles": self.all_roles(),
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "emojis": [],
            "stickers": [],
        }

    def created(self) -> dict[str, Any]:
        """GUILD_CREATE's payload."""
        open_threads = [c for c in self.channels if c.is_thread and not c.archived]
        return {
            **self.payload(),
            "channels": [c.payload() for c in self.channels if not c.is_thread],
            "threads": [c.payload() for c in open_threads],
            "members": [self.member(self.bot)],
            "member_count": 2 + len(self.roles),
            "large": False,
            "unavailable": False,
            "joined_at": self.joined,
            **{
                key: []
                for key in "voice_states presences stage_instances guild_scheduled_events soundboard_sounds".split()
            },
        }


def role(number: int, name: str, permissions: int, *, of_bot: User | None = None) -> dict[str, Any]:
    """A role as Discord tells of it. `of_bot`: whose it is, where Discord made it for a bot."""
    tags = {"tags": {"bot_id": str(of_bot.id)}} if of_bot else {}
    return tags | {
        "id": str(number),
        "name": name,
        "permissions": str(int(permissions)),
        "position": 0 if name == "@everyone" else 1,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": of_bot is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


@dataclass(eq=False)
class Channel:
    """A text channel, a thread, or a conversation with one `recipient`. `denied`: what the bot may not do here."""

    name: str
    guild: Guild | None = None
    kind: int = GUILD_TEXT
    parent: "Channel | None" = None
    recipient: User | None = None
    owner: User | None = None
    denied: int = 0
    id: int = field(default_factory=mint)
    messages: list["Message"] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    taken: set[int] = field(default_factory=set)
    typed: int = 0
    deleted: bool = False
    created: str = field(default_factory=now)
    world: "LoopbackDiscord | None" = field(default=None, repr=False)

    async def next_message(self, timeout: float = 10.0) -> "Message":  # noqa: ASYNC109  a test bounds each wait
        """Wait for the next message of the bot here that has not been given out before."""
        assert self.world is not None
        return await self.world.next_message(self, timeout)

    @property
    def is_thread(self) -> bool:
        return self.kind in {PUBLIC_THREAD, PRIVATE_THREAD}

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    def may(self, user: User) -> int:
        """What somebody may do here, as bits."""
        if self.guild is None:
            return MEMBER
        if user is self.guild.bot:
            above = self.parent.denied if self.parent else 0
            return (MEMBER | self.guild.bot_permissions) & ~self.denied & ~above if self.guild.bot_inside else MEMBER
        if user is self.guild.owner or (user.permissions & Permission.ADMINISTRATOR and not user.bare):
            return ALL
        return user.permissions

    def find(self, number: int) -> "Message | None":
        return next((m for m in self.messages if m.id == number and not m.deleted), None)

    def payload(self) -> dict[str, Any]:
        last = str(self.messages[-1].id) if self.messages else None
        shared = {"id": str(self.id), "type": self.kind, "flags": 0, "last_message_id": last}
        if self.guild is None:
            return {**shared, "recipients": [self.recipient.payload()] if self.recipient else []}
        shared |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        if self.is_thread:
            return {**shared, **self._as_thread()}
        denied = {"id": str(self.guild.bot.id), "type": 1, "allow": "0", "deny": str(self.denied)}
        overwrites = [denied] if self.denied else []
        plain = {"position": 0, "parent_id": None, "topic": None, "nsfw": False, "bitrate": 64000, "user_limit": 0}
        return {**shared, **plain, "permission_overwrites": overwrites}

    def _as_thread(self) -> dict[str, Any]:
        made = {"archive_timestamp": self.created, "create_timestamp": self.created, "auto_archive_duration": 1440}
        count = len(self.messages)
        return {
            "parent_id": str(self.parent.id) if self.parent else None,
            "owner_id": str(self.owner.id) if self.owner else "0",
            "thread_metadata": {"archived": self.archived, "locked": self.locked, **made},
            "message_count": count,
            "total_message_sent": count,
            "member_count": 1,
        }
