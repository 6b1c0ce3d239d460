"""The REST routes of the loopback Discord that such a bot uses; any other is answered 404 and kept on record."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from discord_faults import Refused
from discord_messages import HAS_THREAD, LOADING, REPLY, SUPPRESS_EMBEDS, Message, as_kept, pings_of
from discord_record import Request
from discord_world import PUBLIC_THREAD, Attachment, Channel, Guild, Permission, User, mint, now

if TYPE_CHECKING:
    from discord_server import LoopbackDiscord

KEPT_FLAGS = SUPPRESS_EMBEDS | 1 << 12 | 1 << 15


class Call(NamedTuple):
    """A request on its way to its route."""

    request: Request
    match: dict[str, str]
    files: list[Attachment]

    @property
    def body(self) -> Any:
        return self.request.json

    def query(self, name: str, default: str = "") -> str:
        return dict(self.request.query).get(name, default)


Answer = tuple[int, Any]
Handler = Callable[["Rest", Call], Answer]
ROUTES: list[tuple[str, str, Handler]] = []


def route(method: str, path: str):
    def keep(handler: Handler) -> Handler:
        ROUTES.append((method, path, handler))
        return handler

    return keep


class Rest:
    """Answers of Discord: each route gives a status and a body, or raises Refused."""

    def __init__(self, discord: "LoopbackDiscord") -> None:
        self.discord = discord

    # What is asked about

    def channel(self, call: Call, *needed: Permission) -> Channel:
        channel = self.discord.channels.get(int(call.match["channel"]))
        if channel is None or channel.deleted:
            raise Refused(404, 10003, "Unknown Channel")
        if channel.guild is not None and not channel.guild.bot_inside:
            raise Refused(403, 50001, "Missing Access")
        self._allowed(channel, Permission.VIEW_CHANNEL, 50001, "Missing Access")
        for permission in needed:
            self._allowed(channel, permission)
        return channel

    def _allowed(
        self, channel: Channel, permission: Permission, code: int = 50013, said: str = "Missing Permissions"
    ) -> None:
        if not channel.may(self.discord.bot) & permission:
            raise Refused(403, code, said)

    def message(self, call: Call, *needed: Permission) -> Message:
        message = self.channel(call, *needed).find(int(call.match["message"]))
        if message is None:
            raise Refused(404, 10008, "Unknown Message")
        return message

    def shown(self, message: Message) -> dict[str, Any]:
        """A message as REST gives it: the message content intent counts here too."""
        return message.payload(whole=self.discord.may_read(message))

    # Messages

    def fill(self, message: Message, body: dict[str, Any], call: Call, *, interaction: bool) -> None:
        """Write into a message what a request says of it; whatever it does not name stays."""
        text = ""
        if "content" in body:
            message.content = body["content"] or ""
            text = message.content
        if "components" in body:
            message.components = as_kept(body["components"] or [])
            text += "\n" + message.displays()
        if "embeds" in body:
            message.embeds = [{"type": "rich", **embed} for embed in body["embeds"] or []]
        if "attachments" in body:
            kept = {str(a.get("id")) for a in body["attachments"] or []}
            message.attachments = [a for a in message.attachments if str(a.id) in kept]
        message.attachments += call.files
        message.flags &= ~LOADING
        if body.get("flags") is not None:
            message.flags = message.flags & ~SUPPRESS_EMBEDS | body["flags"] & KEPT_FLAGS
        new = pings_of(message, text, body.get("allowed_mentions"), interaction=interaction)
        message.pings |= new
        if "content" in body or "components" in body:
            message.mentions = [user for user in self.discord.users if user.mention in new]

    def edit(self, message: Message, call: Call, *, interaction: bool) -> dict[str, Any]:
        if not message.loading:
            message.versions.append(message.content)
        self.fill(message, call.body or {}, call, interaction=interaction)
        message.edited = now()
        self.discord.announce("MESSAGE_UPDATE", message)
        return message.payload()

    @route("POST", "/channels/{channel}/messages")
    def send(self, call: Call) -> Answer:
        channel = self.channel(call)
        place = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        self._allowed(channel, place)
        if call.files:
            self._allowed(channel, Permission.ATTACH_FILES)
        if channel.recipient is not None and channel.recipient.blocks_dms:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if channel.locked:
            raise Refused(400, 160005, "Thread is locked")
        channel.archived = False
        body = call.body or {}
        if body.get("enforce_nonce"):
            same = [m for m in channel.messages if m.nonce == str(body["nonce"]) and m.author is self.discord.bot]
            if same:
                return 200, same[0].payload()
        message = Message(channel, self.discord.bot, nonce=str(body["nonce"]) if body.get("nonce") else None)
        self._refer(message, body.get("message_reference"))
        self.fill(message, body, call, interaction=False)
        self.discord.post(message)
        return 200, message.payload()

    def _refer(self, message: Message, reference: dict[str, Any] | None) -> None:
        if not reference:
            return
        self._allowed(message.channel, Permission.READ_MESSAGE_HISTORY, 160002, "Cannot reply without history")
        found = message.channel.find(int(reference["message_id"]))
        if found is not None:
            message.reference, message.kind = found, REPLY
        elif reference.get("fail_if_not_exists", True):
            inner = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
            raise Refused(400, 50035, "Invalid Form Body", errors={"message_reference": inner})

    @route("GET", "/channels/{channel}/messages")
    def history(self, call: Call) -> Answer:
        channel = self.channel(call)
        if not channel.may(self.discord.bot) & Permission.READ_MESSAGE_HISTORY:
            return 200, []
        limit = int(call.query("limit", "50"))
        kept = [m for m in channel.messages if not m.deleted]
        if call.query("before"):
            kept = [m for m in kept if m.id < int(call.query("before"))]
        if call.query("after"):
            kept = [m for m in kept if m.id > int(call.query("after"))][:limit]
        return 200, [self.shown(m) for m in reversed(kept[-limit:])]

    @route("GET", "/channels/{channel}/messages/{message}")
    def one_message(self, call: Call) -> Answer:
        return 200, self.shown(self.message(call, Permission.READ_MESSAGE_HISTORY))

    @route("PATCH", "/channels/{channel}/messages/{message}")
    def edit_message(self, call: Call) -> Answer:
        message = self.message(call)
        if message.author is not self.discord.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if message.channel.archived:
            raise Refused(400, 50083, "Thread is archived")
        return 200, self.edit(message, call, interaction=False)

    @route("DELETE", "/channels/{channel}/messages/{message}")
    def delete_message(self, call: Call) -> Answer:
        message = self.message(call)
        if message.author is not self.discord.bot:
            self._allowed(message.channel, Permission.MANAGE_MESSAGES)
        self.discord.remove(message)
        return 204, None

    @route("POST", "/channels/{channel}/messages/bulk-delete")
    def bulk_delete(self, call: Call) -> Answer:
        channel = self.channel(call, Permission.MANAGE_MESSAGES)
        for number in call.body["messages"]:
            found = channel.find(int(number))
            if found is not None:
                self.discord.remove(found)
        return 204, None

    @route("POST", "/channels/{channel}/typing")
    def typing(self, call: Call) -> Answer:
        self.channel(call).typed += 1
        return 204, None

    @route("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
    def react(self, call: Call) -> Answer:
        self.message(call, Permission.ADD_REACTIONS, Permission.READ_MESSAGE_HISTORY).reactions.append(
            call.match["emoji"]
        )
        return 204, None

    @route("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
    def unreact(self, call: Call) -> Answer:
        message = self.message(call)
        message.reactions = [emoji for emoji in message.reactions if emoji != call.match["emoji"]]
        return 204, None

    # Channels and threads

    @route("GET", "/channels/{channel}")
    def one_channel(self, call: Call) -> Answer:
        return 200, self.channel(call).payload()

    @route("PATCH", "/channels/{channel}")
    def edit_channel(self, call: Call) -> Answer:
        channel = self.channel(call)
        if channel.owner is not self.discord.bot:
            self._allowed(channel, Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS)
        channel.name = call.body.get("name", channel.name)
        channel.archived = call.body.get("archived", channel.archived)
        channel.locked = call.body.get("locked", channel.locked)
        self.discord.tell_of(channel, "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE")
        return 200, channel.payload()

    @route("POST", "/channels/{channel}/messages/{message}/threads")
    def thread_from_message(self, call: Call) -> Answer:
        message = self.message(call, Permission.CREATE_PUBLIC_THREADS)
        if message.channel.guild is None or message.channel.is_thread:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        if message.thread is not None:
            raise Refused(400, 160004, "A thread has already been created for this message")
        message.flags |= HAS_THREAD
        made = self.discord.add_thread(message.channel, call.body["name"], owner=self.discord.bot, message=message)
        return 201, made.payload()

    @route("POST", "/channels/{channel}/threads")
    def thread(self, call: Call) -> Answer:
        kind = call.body.get("type") or PUBLIC_THREAD
        public = kind == PUBLIC_THREAD
        needed = Permission.CREATE_PUBLIC_THREADS if public else Permission.CREATE_PRIVATE_THREADS
        channel = self.channel(call, needed)
        made = self.discord.add_thread(channel, call.body["name"], owner=self.discord.bot, kind=kind)
        return 201, made.payload()

    @route("PUT", "/channels/{channel}/thread-members/{member}")
    def join(self, call: Call) -> Answer:
        self.channel(call)
        return 204, None

    @route("POST", "/users/@me/channels")
    def open_dm(self, call: Call) -> Answer:
        user = self._user(call.body["recipient_id"])
        return 200, self.discord.dm(user).payload()

    # People, servers, the application

    def _user(self, number: Any) -> User:
        for user in self.discord.users:
            if user.id == int(number):
                return user
        raise Refused(404, 10013, "Unknown User")

    def guild(self, call: Call) -> Guild:
        for guild in self.discord.guilds:
            if guild.id == int(call.match["guild"]) and guild.bot_inside:
                return guild
        raise Refused(404, 10004, "Unknown Guild")

    @route("GET", "/users/@me")
    def me(self, _call: Call) -> Answer:
        private = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
        return 200, self.discord.bot.payload() | private

    @route("GET", "/users/{user}")
    def one_user(self, call: Call) -> Answer:
        return 200, self._user(call.match["user"]).payload()

    @route("GET", "/guilds/{guild}")
    def one_guild(self, call: Call) -> Answer:
        return 200, self.guild(call).payload()

    @route("GET", "/guilds/{guild}/channels")
    def guild_channels(self, call: Call) -> Answer:
        return 200, [c.payload() for c in self.guild(call).channels if not c.is_thread]

    @route("GET", "/guilds/{guild}/members/{user}")
    def one_member(self, call: Call) -> Answer:
        return 200, self.guild(call).member(self._user(call.match["user"]))

    @route("GET", "/gateway")
    def gateway(self, _call: Call) -> Answer:
        return 200, {"url": self.discord.gateway.url}

    @route("GET", "/gateway/bot")
    def gateway_bot(self, _call: Call) -> Answer:
        gateway = self.discord.gateway
        left = {"total": 1000, "remaining": gateway.identifies_left, "reset_after": 86_400_000, "max_concurrency": 1}
        return 200, {"url": gateway.url, "shards": gateway.shards, "session_start_limit": left}

    @route("GET", "/oauth2/applications/@me")
    def application(self, _call: Call) -> Answer:
        none = "icon interactions_endpoint_url role_connections_verification_url team type"
        zero = "flags approximate_guild_count approximate_user_install_count approximate_user_authorization_count"
        return 200, {
            **dict.fromkeys(none.split()),
            **dict.fromkeys(zero.split(), 0),
            "id": str(self.discord.application_id),
            "name": self.discord.bot.name,
            "description": "",
            "verify_key": "0" * 64,
            "flags_new": "0",
            "redirect_uris": [],
            "owner": self.discord.owner.payload(),
            "bot": self.discord.bot.payload(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
        }

    # Commands

    def _commands(self, call: Call) -> list[dict[str, Any]]:
        if call.match["application"] != str(self.discord.application_id):
            raise Refused(403, 50001, "Missing Access")
        where = int(call.match["guild"]) if "guild" in call.match else None
        return self.discord.commands.setdefault(where, [])

    @route("GET", "/applications/{application}/commands")
    @route("GET", "/applications/{application}/guilds/{guild}/commands")
    def read_commands(self, call: Call) -> Answer:
        return 200, self._commands(call)

    @route("PUT", "/applications/{application}/commands")
    @route("PUT", "/applications/{application}/guilds/{guild}/commands")
    def sync_commands(self, call: Call) -> Answer:
        kept = self._commands(call)
        ids = {(c["type"], c["name"]): c["id"] for c in kept}
        kept[:] = [self._command(command, ids, call) for command in call.body]
        self.discord.syncs += 1
        return 200, kept

    def _command(self, given: dict[str, Any], ids: dict[tuple[int, str], str], call: Call) -> dict[str, Any]:
        """A command as Discord gives it back; one of the same type and name keeps its id."""
        said = {key: value for key, value in given.items() if value is not None}
        kind = said.get("type", 1)
        if "default_member_permissions" in said:
            said["default_member_permissions"] = str(said["default_member_permissions"])  # a number is accepted too
        place = {"guild_id": call.match["guild"]} if "guild" in call.match else {}
        defaults = {"default_member_permissions": None, "description": "", "nsfw": False, "type": kind}
        known = ids.get((kind, said["name"]), str(mint()))
        own = {"id": known, "application_id": str(self.discord.application_id), "version": str(mint())}
        return {**defaults, **said, **place, **own}
