"""Messages of the loopback Discord: what of them a bot is shown, and whom they ping."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from discord_world import Attachment, Channel, User, mint, now

SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING = 1 << 2, 1 << 5, 1 << 6, 1 << 7
REPLY = 19
# What a forward holds of the message (resources/message.mdx#message-snapshot-object).
SNAPSHOT = frozenset(
    """type content mentions mention_roles attachments embeds timestamp edited_timestamp flags components""".split()
)


@dataclass(eq=False)
class Message:
    """A message as it stands. `pings`: whom it and its edits would have notified; `versions`: its earlier contents."""

    channel: Channel
    author: User
    content: str = ""
    kind: int = 0
    flags: int = 0
    components: list[dict[str, Any]] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reference: "Message | None" = None
    forwards: "Message | None" = None
    poll: dict[str, Any] | None = None
    reply_pings: bool = False
    by_interaction: dict[str, Any] = field(default_factory=dict)
    owner: User | None = None
    nonce: str | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    pings: set[str] = field(default_factory=set)
    versions: list[str] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    edited: str | None = None
    deleted: bool = False
    thread: Channel | None = None
    event: tuple[str, dict[str, Any]] | None = None
    id: int = field(default_factory=mint)
    created: str = field(default_factory=now)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def link(self) -> str:
        place = self.channel.guild.id if self.channel.guild else "@me"
        return f"https://discord.com/channels/{place}/{self.channel.id}/{self.id}"

    def displays(self) -> str:
        """The text displays, in which Discord looks for mentions as it does in the content."""
        return "\n".join(c["content"] for c in walk(self.components) if c.get("type") == 10)

    def parts(self) -> list[dict[str, Any]]:
        """All components with their children, in order."""
        return list(walk(self.components))

    @property
    def labels(self) -> list[str]:
        """The buttons, as a person sees them."""
        return [face(c) for c in self.parts() if c["type"] == 2]

    def readable_without_intent(self, bot: User) -> bool:
        """Whether a bot without the message content intent is shown the content (events/gateway.mdx)."""
        if self.channel.guild is None or self.author is bot or f"<@{bot.id}>" in self.content:
            return True
        answered = self.reference
        ordinary = answered is not None and answered.author is bot and not answered.by_interaction
        return ordinary and self.reply_pings

    def payload(self, *, whole: bool = True) -> dict[str, Any]:
        """The message object; with `whole=False` what is behind the message content intent is left out."""
        out = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.kind,
            "author": self.author.payload(),
            "content": self.content if whole else "",
            "components": self.components if whole else [],
            "embeds": self.embeds if whole else [],
            "attachments": [a.payload() for a in self.attachments] if whole else [],
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": self.mention_roles,
            "mention_everyone": bool(self.pings & {"@everyone", "@here"}),
            "timestamp": self.created,
            "edited_timestamp": self.edited,
            "flags": self.flags,
            "pinned": False,
            "tts": False,
            **self.by_interaction,
        }
        if self.nonce is not None:
            out["nonce"] = self.nonce
        if self.thread is not None:
            out["thread"] = self.thread.payload()
        if self.poll is not None and whole:
            out["poll"] = self.poll
        return out | self._reference(whole=whole)

    def _reference(self, *, whole: bool) -> dict[str, Any]:
        """Discord gives the message that is answered along, one deep; null once it is deleted. A forward is a copy."""
        if self.forwards is not None:
            place = {"type": 1, "channel_id": str(self.forwards.channel.id), "message_id": str(self.forwards.id)}
            copied = {key: value for key, value in self.forwards.payload().items() if key in SNAPSHOT}
            return {"message_reference": place, "message_snapshots": [{"message": copied}] if whole else []}
        if self.reference is None:
            return {}
        place = {"guild_id": str(self.channel.guild.id)} if self.channel.guild else {}
        known = {"type": 0, "channel_id": str(self.reference.channel.id), "message_id": str(self.reference.id), **place}
        other = None
        if not self.reference.deleted:
            theirs = whole or self.reference.author.bot
            other = {k: v for k, v in self.reference.payload(whole=theirs).items() if k != "referenced_message"}
        return {"message_reference": known, "referenced_message": other}


def poll_of(question: str, *answers: str) -> dict[str, Any]:
    """A poll as Discord tells of it. Each answer has a text (resources/poll.mdx)."""
    media = [{"text": answer, "emoji": {"id": None, "name": "👍", "animated": False}} for answer in answers]
    return {
        "question": {"text": question},
        "answers": [{"answer_id": number, "poll_media": one} for number, one in enumerate(media, 1)],
        "expiry": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "allow_multiselect": False,
        "layout_type": 1,
        "results": {"answer_counts": [], "is_finalized": False},
    }


def walk(components: list[dict[str, Any]]):
    """Components and their children, outer ones first."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        inner = [component[key] for key in ("accessory", "component") if component.get(key)]
        yield from walk(inner)


def face(component: dict[str, Any]) -> str:
    """What a person sees of a button or a menu."""
    emoji = (component.get("emoji") or {}).get("name") or ""
    return component.get("label") or component.get("placeholder") or emoji


def without_nulls(value: Any) -> Any:
    """What Discord gives back of a component: keys that were null are absent, in emoji and options too."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def as_kept(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components as Discord gives them back: each with its number, and with the defaults filled in."""
    numbers = itertools.count(1)

    def keep(given: dict[str, Any]) -> dict[str, Any]:
        kept = without_nulls(given)
        kept["id"] = given.get("id") or next(numbers)
        if kept["type"] in {3, 5, 6, 7, 8}:
            kept = {"min_values": 1, "max_values": 1, **kept}
        if kept["type"] == 17:
            kept = {"accent_color": None, "spoiler": False, **kept}
        for key in ("components", "accessory", "component"):
            if isinstance(kept.get(key), list):
                kept[key] = [keep(child) for child in kept[key]]
            elif kept.get(key):
                kept[key] = keep(kept[key])
        return kept

    return [keep(component) for component in components]


def pings_of(message: Message, text: str, allowed: dict[str, Any] | None, *, interaction: bool) -> set[str]:
    """Whom this text would notify (resources/message.mdx#allowed-mentions-object).

    Without the object an ordinary message parses everything and an interaction's only users. That the bot may lack
    MENTION_EVERYONE is left aside: another server grants it.
    """
    parse = {"users"} if interaction else {"users", "roles", "everyone"}
    if allowed is not None:
        parse = set(allowed.get("parse") or [])
    pings = set()
    for kind, pattern in (("users", r"<@!?(\d+)>"), ("roles", r"<@&(\d+)>")):
        named = {str(number) for number in (allowed or {}).get(kind) or []}
        found = {m[1]: m[0].replace("!", "") for m in re.finditer(pattern, text)}
        pings |= {mention for number, mention in found.items() if kind in parse or number in named}
    if "everyone" in parse:
        pings |= set(re.findall(r"@everyone|@here", text))
    replied = allowed.get("replied_user", False) if allowed is not None else True
    if message.reference is not None and message.kind == REPLY and replied and not interaction:
        pings.add(message.reference.author.mention)
    return pings
