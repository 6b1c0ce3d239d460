"""One interaction from the person's side, and what Discord's client lets a person fill in."""

import secrets
from typing import TYPE_CHECKING, Any

from discord_messages import EPHEMERAL, Message, walk
from discord_world import Attachment, Channel, User, mint

if TYPE_CHECKING:
    from discord_server import LoopbackDiscord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
SAID, DEFERRED, DEFERRED_UPDATE, UPDATED, CHOICES, OPENED_MODAL = 4, 5, 6, 7, 8, 9
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
SELECTS = {3, 5, 6, 7, 8}
WAIT = 10.0


class Interaction:
    """What a person did, and what the bot has made of it so far."""

    def __init__(self, discord: "LoopbackDiscord", kind: int, user: User, channel: Channel) -> None:
        self.discord, self.kind, self.user, self.channel = discord, kind, user, channel
        self.id, self.token = mint(), secrets.token_urlsafe(24)
        self.event: tuple[str, dict[str, Any]] | None = None
        self.dispatched_at = 0.0
        self.acknowledged_after: float | None = None
        self.answered_after: float | None = None
        self.callbacks: list[dict[str, Any]] = []
        self.original: Message | None = None
        self.source: Message | None = None  # whose button was pressed
        self.followups: list[Message] = []
        self.edits = 0
        self.too_late = False
        self.expired = False
        self.owners: dict[str, str] = {}
        self.metadata: dict[str, Any] = {}
        self.forced_ephemeral = False
        self.response_kind = 0

    @property
    def response(self) -> int | None:
        """The type of the first callback."""
        return self.callbacks[0]["type"] if self.callbacks else None

    @property
    def modal(self) -> dict[str, Any] | None:
        return self.callbacks[0]["data"] if self.response == OPENED_MODAL else None

    @property
    def choices(self) -> list[dict[str, Any]] | None:
        return self.callbacks[0]["data"]["choices"] if self.response == CHOICES else None

    @property
    def message(self) -> Message | None:
        """What @original is: the message that was pressed, where the bot updates it, or else the bot's answer."""
        return self.source if self.response in {DEFERRED_UPDATE, UPDATED} else self.original

    @property
    def answer(self) -> Message | None:
        """The message a person would take for the answer; None while there is none."""
        own = self.message
        done = self.response in {SAID, UPDATED} or (self.response == DEFERRED_UPDATE and self.edits)
        if own is not None and not own.deleted and (done or (self.response == DEFERRED and not own.loading)):
            return own
        return next((message for message in self.followups if not message.deleted), None)

    @property
    def ephemeral(self) -> bool:
        """Whether the answer is shown to this person alone; before there is one, whether it was deferred so."""
        if self.answer is not None:
            return self.answer.ephemeral
        return bool(self.callbacks and (self.callbacks[0].get("data") or {}).get("flags", 0) & EPHEMERAL)

    def expire(self) -> None:
        """Fifteen minutes later: edits and follow-ups are answered 401/50027."""
        self.expired = True

    def miss(self) -> None:
        """Three seconds later: a first callback is answered 404/10062."""
        self.too_late = True

    def noted(self) -> None:
        if self.answered_after is None and self.answer is not None:
            self.answered_after = self.discord.clock() - self.dispatched_at

    def seen(self) -> str:
        told = [f"{c['type']} {c.get('data')}" for c in self.callbacks]
        texts = [(m.content, m.loading, m.deleted) for m in [self.original, *self.followups] if m is not None]
        return f"Callbacks: {told}; messages: {texts}; {self.discord.seen()}"

    async def acknowledged(self, timeout: float = WAIT) -> float:  # noqa: ASYNC109  a test bounds each wait
        """Wait for the first callback. Gives the seconds it took."""
        await self.discord.bell.until(lambda: self.callbacks, timeout, "No acknowledgement", self.seen)
        assert self.acknowledged_after is not None
        return self.acknowledged_after

    async def answered(self, timeout: float = WAIT) -> Message:  # noqa: ASYNC109  a test bounds each wait
        """Wait for the answer: the callback's message, the edited original, or without an original a follow-up."""
        other = {OPENED_MODAL, CHOICES}
        await self.discord.bell.until(
            lambda: self.answer is not None or self.response in other, timeout, "No answer", self.seen
        )
        assert self.answer is not None, f"This was answered by no message. {self.seen()}"
        return self.answer

    async def opened(self, timeout: float = WAIT) -> dict[str, Any]:  # noqa: ASYNC109  a test bounds each wait
        """Wait for the modal. Gives its payload."""
        await self.acknowledged(timeout)
        assert self.modal is not None, f"No modal was opened. {self.seen()}"
        return self.modal

    async def until(self, look, timeout: float = WAIT) -> Message:  # noqa: ASYNC109  a test bounds each wait
        """Wait until the answer is as `look(message)` wants it, over all its edits."""
        await self.discord.bell.until(
            lambda: self.answer is not None and look(self.answer), timeout, "No such answer", self.seen
        )
        assert self.answer is not None
        return self.answer


# Slash commands


def find_command(commands: list[dict[str, Any]], words: str, kind: int = 1) -> tuple[dict[str, Any], list[str]]:
    """The registered command of this name, and the words of its subcommand."""
    name, *rest = words.split() if kind == 1 else [words]
    for command in commands:
        if command["name"] == name and command.get("type", 1) == kind:
            return command, rest
    raise AssertionError(f"No command {words!r} is registered. There are: {[c['name'] for c in commands]}")


def option_tree(
    command: dict[str, Any], words: list[str], values: dict[str, Any], resolved: "Resolved", focused: str | None = None
) -> list[dict[str, Any]]:
    """The options of an interaction, as Discord's client builds them; AssertionError where it would not let one."""
    options = command.get("options") or []
    if words:
        inner = next((o for o in options if o["type"] in {SUBCOMMAND, GROUP} and o["name"] == words[0]), None)
        assert inner is not None, f"/{command['name']} has no {words[0]!r}, but {[o['name'] for o in options]}"
        below = option_tree(inner, words[1:], values, resolved, focused)
        return [{"type": inner["type"], "name": inner["name"], "options": below}]
    assert not any(o["type"] in {SUBCOMMAND, GROUP} for o in options), f"{command['name']!r} wants a subcommand"
    known = {o["name"]: o for o in options}
    unknown = set(values) - set(known)
    assert not unknown, f"{command['name']!r} has no option {sorted(unknown)}, but {sorted(known)}"
    missing = [o["name"] for o in options if o.get("required") and o["name"] not in values]
    assert focused is not None or not missing, f"{command['name']!r} also wants {missing}"
    return [filled(known[name], value, resolved, typing=name == focused) for name, value in values.items()]


def filled(option: dict[str, Any], value: Any, resolved: "Resolved", *, typing: bool) -> dict[str, Any]:
    given = {"type": option["type"], "name": option["name"]}
    if typing:
        assert option.get("autocomplete"), f"{option['name']!r} has no autocomplete"
        return {**given, "value": str(value), "focused": True}
    return {**given, "value": checked(option, value, resolved)}


def checked(option: dict[str, Any], value: Any, resolved: "Resolved") -> Any:
    kind, name = option["type"], option["name"]
    for choice in option.get("choices") or []:
        if value in {choice["name"], choice["value"]}:
            return choice["value"]
    assert not option.get("choices"), f"{name!r} cannot be {value!r}, but {[c['name'] for c in option['choices']]}"
    if kind in {USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT}:
        return resolved.add(value)
    wanted = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}[kind]
    assert isinstance(value, wanted), f"{name!r} takes no {type(value).__name__}"
    size = len(value) if kind == STRING else value
    low, high = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    assert size >= option.get(low, size), f"{name!r}: {low} is {option[low]}"
    assert size <= option.get(high, size), f"{name!r}: {high} is {option[high]}"
    return value


class Resolved:
    """The objects behind the ids of an interaction."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.objects: dict[str, dict[str, Any]] = {}

    def add(self, thing: User | Channel | Attachment | Message) -> str:
        names = {User: "users", Channel: "channels", Attachment: "attachments", Message: "messages"}
        payload, key = thing.payload(), str(thing.id)
        if isinstance(thing, Channel):
            payload["permissions"] = str(int(thing.may(thing.guild.bot))) if thing.guild else "0"
        self.objects.setdefault(names[type(thing)], {})[key] = payload
        guild = self.channel.guild
        if isinstance(thing, User) and guild is not None:
            member = {k: v for k, v in guild.member(thing).items() if k not in {"user", "mute", "deaf"}}
            self.objects.setdefault("members", {})[key] = member | {"permissions": str(int(self.channel.may(thing)))}
        return key

    def given(self) -> dict[str, Any]:
        return {"resolved": self.objects} if self.objects else {}


# Menus and modals


def chosen(select: dict[str, Any], values: list[Any], resolved: Resolved) -> list[str]:
    """The values of a menu; a string menu's options may be named by what a person sees of them."""
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    assert low <= len(values) <= high, f"{len(values)} chosen, {low} to {high} allowed"
    if select["type"] != 3:
        return [resolved.add(value) for value in values]
    by_face = {o["label"]: o["value"] for o in select["options"]} | {o["value"]: o["value"] for o in select["options"]}
    missing = [value for value in values if value not in by_face]
    assert not missing, f"The menu has no {missing}, but {[o['label'] for o in select['options']]}"
    return [by_face[value] for value in values]


def submitted(modal: dict[str, Any], values: dict[str, Any], resolved: Resolved) -> list[dict[str, Any]]:
    """A modal's components, filled in by custom_id or label; AssertionError where the client would keep it open."""
    left = dict(values)
    out = [_filled_row(row, left, resolved) for row in modal["components"]]
    fields = [(row.get("label"), c.get("custom_id")) for row in modal["components"] for c in walk([row])]
    assert not left, f"The modal has no {sorted(left)}, but {[f for f in fields if any(f)]}"
    return out


def _filled_row(row: dict[str, Any], left: dict[str, Any], resolved: Resolved) -> dict[str, Any]:
    number = {"id": row.get("id") or 1}
    if row["type"] == 18:
        return {"type": 18, **number, "component": _field(row["component"], row["label"], left, resolved)}
    if row["type"] == 1:
        inner = [_field(c, c.get("label", ""), left, resolved) for c in row["components"]]
        return {"type": 1, **number, "components": inner}
    return {"type": row["type"], **number}


def _field(component: dict[str, Any], label: str, left: dict[str, Any], resolved: Resolved) -> dict[str, Any]:
    kind, custom_id = component["type"], component["custom_id"]
    value = left.pop(custom_id, left.pop(label, None))
    required = component.get("required", True)
    out = {"type": kind, "id": component.get("id") or 2, "custom_id": custom_id}
    if kind == 4:
        text = component.get("value") or "" if value is None else value
        assert text or not required, f"{label!r} must be filled in"
        longest = component.get("max_length", 4000)
        assert len(text) <= longest, f"{label!r} takes {longest} characters"
        assert not text or len(text) >= component.get("min_length", 0), f"{label!r} wants more characters"
        return {**out, "value": text}
    if kind == 21:
        assert value is not None or not required, f"{label!r} must be chosen"
        return {**out, "value": value}
    if kind == 23:
        return {**out, "value": bool(value)}
    many = [] if value is None else value if isinstance(value, list) else [value]
    assert many or not required, f"{label!r} must be filled in"
    if kind == 19:
        return {**out, "values": [resolved.add(file) for file in many]}
    if kind in SELECTS:
        return {**out, "values": chosen(component, many, resolved) if many else []}
    return {**out, "values": many}
