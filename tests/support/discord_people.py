"""What people do in the loopback Discord: commands, presses, choices, modals, messages, as their client lets them."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from discord_interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    SELECTS,
    WAIT,
    Interaction,
    Resolved,
    chosen,
    find_command,
    option_tree,
    submitted,
)
from discord_messages import REPLY, Message, face, pings_of, poll_of
from discord_world import Attachment, Channel, Permission, User

if TYPE_CHECKING:
    from discord_server import LoopbackDiscord

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
IN_SERVER, WITH_BOT, PRIVATE = 0, 1, 2
SLASH_RESPONSE, MENU_RESPONSE = 20, 23


class People:
    """The half of LoopbackDiscord that acts. A person cannot do what their client would not offer: AssertionError."""

    # Messages

    async def say(
        self: "LoopbackDiscord",
        channel: Channel,
        text: str,
        user: User,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        mention_bot: bool = False,
        files: tuple[Attachment, ...] = (),
        forwards: Message | None = None,
        poll: tuple[str, ...] = (),
    ) -> Message:
        """Send a message as a person, who may ping whom they like. `poll`: its question, and its answers."""
        assert channel.may(user) & Permission.SEND_MESSAGES, f"{user.name} may not write in {channel.name}"
        content = f"{self.bot.mention} {text}" if mention_bot else text
        message = Message(channel, user, content, attachments=list(files), reference=reply_to, reply_pings=ping)
        message.kind = REPLY if reply_to is not None else 0
        message.forwards = forwards
        message.poll = poll_of(*poll) if poll else None
        allowed = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        message.pings = pings_of(message, content, allowed, interaction=False)
        self._name_mentioned(message)
        self.post(message)
        return message

    async def edit(self: "LoopbackDiscord", message: Message, text: str, *, after: float = 0.0) -> None:
        """Edit a person's message so many seconds after it was sent. Whom it then mentions is named, not pinged."""
        message.versions.append(message.content)
        message.content = text
        message.edited = (datetime.fromisoformat(message.created) + timedelta(seconds=after)).isoformat()
        self._name_mentioned(message)
        self.announce("MESSAGE_UPDATE", message)

    def _name_mentioned(self: "LoopbackDiscord", message: Message) -> None:
        named = {*re.findall(r"<@&?\d+>", message.content.replace("<@!", "<@")), *message.pings}
        message.mentions = [someone for someone in self.users if someone.mention in named]
        message.mention_roles = re.findall(r"<@&(\d+)>", message.content)

    async def delete(self: "LoopbackDiscord", message: Message) -> None:
        self.remove(message)

    # Commands

    async def slash(
        self: "LoopbackDiscord",
        command: str,
        options: dict[str, Any] | None = None,
        *,
        user: User,
        channel: Channel,
        force: bool = False,
    ) -> Interaction:
        """Use "ask" or "corpus refresh". `force`: an administrator has opened the command to everybody."""
        found, words = find_command(self.commands_in(channel), command)
        resolved = Resolved(channel)
        tree = option_tree(found, words, options or {}, resolved)
        return self._command(found, user, channel, {"options": tree, **resolved.given()}, force=force)

    async def autocomplete(
        self: "LoopbackDiscord",
        command: str,
        option: str,
        text: str,
        user: User,
        channel: Channel,
        *,
        others: dict[str, Any] | None = None,
        timeout: float = WAIT,  # noqa: ASYNC109  a test bounds each wait
    ) -> list[dict[str, Any]]:
        """Type into an option. Gives the choices that the bot offers, as Discord has them: name and value."""
        found, words = find_command(self.commands_in(channel), command)
        tree = option_tree(found, words, {**(others or {}), option: text}, Resolved(channel), focused=option)
        handle = self._command(found, user, channel, {"options": tree}, kind=AUTOCOMPLETE)
        await handle.acknowledged(timeout)
        return handle.choices or []

    async def menu(
        self: "LoopbackDiscord", command: str, target: Message | User, user: User, channel: Channel | None = None
    ) -> Interaction:
        """Use "Find Sources" from the menu of a message (or of a person, in `channel`)."""
        place = channel or (target.channel if isinstance(target, Message) else None)
        assert place is not None, "where?"
        kind = MESSAGE_MENU if isinstance(target, Message) else USER_MENU
        found, _ = find_command(self.commands_in(place), command, kind)
        resolved = Resolved(place)
        target_id = resolved.add(target)
        return self._command(found, user, place, {"target_id": target_id, **resolved.given()})

    def _command(
        self: "LoopbackDiscord",
        command: dict[str, Any],
        user: User,
        channel: Channel,
        more: dict[str, Any],
        *,
        kind: int = COMMAND,
        force: bool = False,
    ) -> Interaction:
        handle = Interaction(self, kind, user, channel)
        handle.owners = self._owners(command, user, channel)
        if not force:
            self._offered(command, user, channel)
        handle.response_kind = SLASH_RESPONSE if command["type"] == SLASH else MENU_RESPONSE
        place = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        data = {"id": command["id"], "name": command["name"], "type": command["type"], **place, **more}
        return self._dispatch(handle, data, {"type": COMMAND})

    def _owners(self: "LoopbackDiscord", command: dict[str, Any], user: User, channel: Channel) -> dict[str, str]:
        """For whom the app is here: "0" the server (or its direct messages), "1" the person."""
        context = self.context(channel)
        contexts = command.get("contexts") or [IN_SERVER, WITH_BOT]
        assert "guild_id" in command or context in contexts, f"{command['name']!r} is not offered in context {context}"
        installs, owners = command.get("integration_types") or [0], {}
        if 0 in installs and channel.guild is not None and channel.guild.has_commands:
            owners["0"] = str(channel.guild.id)
        elif 0 in installs and context == WITH_BOT:
            owners["0"] = "0"
        if 1 in installs and user.installed:
            owners["1"] = str(user.id)
        assert owners, f"{command['name']!r} is not offered: the app is installed neither here nor by {user.name}"
        return owners

    def _offered(self, command: dict[str, Any], user: User, channel: Channel) -> None:
        """Whether this person sees the command; an administrator always does, a direct message has no permissions."""
        needed, may = command.get("default_member_permissions"), channel.may(user)
        if needed is None or channel.guild is None or may & Permission.ADMINISTRATOR:
            return
        seen = int(needed) and not int(needed) & ~may
        assert seen, f"{user.name} does not see {command['name']!r}: it is for members with the permissions {needed}"

    # Buttons, menus, modals

    async def press(self: "LoopbackDiscord", message: Message, button: str, user: User) -> Interaction:
        """Press a button by its label, its emoji or its custom_id."""
        found = self._component(message, button, {2}, user)
        assert found.get("custom_id"), f"{button!r} is a link: {found.get('url')}"
        return self._press(message, user, {"custom_id": found["custom_id"], "component_type": 2, "id": found["id"]})

    async def choose(
        self: "LoopbackDiscord", message: Message, menu: str, values: list[Any], user: User
    ) -> Interaction:
        """Choose in a menu, which is named by its custom_id or placeholder, by labels or values."""
        found = self._component(message, menu, SELECTS, user)
        resolved = Resolved(message.channel)
        values = chosen(found, values, resolved)
        about = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"]}
        return self._press(message, user, {**about, "values": values, **resolved.given()})

    def _component(self, message: Message, name: str, kinds: set[int], user: User) -> dict[str, Any]:
        assert not message.deleted, "the message is gone"
        assert not message.ephemeral or message.owner is user, f"{user.name} does not see this message"
        offered = [c for c in message.parts() if c["type"] in kinds]
        for component in offered:
            emoji = (component.get("emoji") or {}).get("name")
            if name in {face(component), component.get("custom_id"), emoji}:
                assert not component.get("disabled"), f"{name!r} is disabled"
                return component
        raise AssertionError(f"No {name!r} under this message, but {[(face(c), c.get('custom_id')) for c in offered]}")

    def _press(self: "LoopbackDiscord", message: Message, user: User, data: dict[str, Any]) -> Interaction:
        handle = Interaction(self, COMPONENT, user, message.channel)
        handle.source = message
        handle.owners = self._owners_of(message, user)
        return self._dispatch(handle, data, {"type": COMPONENT, "interacted_message_id": str(message.id)})

    def _owners_of(self: "LoopbackDiscord", message: Message, user: User) -> dict[str, str]:
        kept = message.by_interaction.get("interaction_metadata", {}).get("authorizing_integration_owners")
        if kept and user.installed == ("1" in kept):
            return dict(kept)
        guild = message.channel.guild
        return {"0": str(guild.id) if guild else "0"} if guild is None or guild.has_commands else dict(kept or {})

    async def submit(
        self: "LoopbackDiscord", opened: Interaction, values: dict[str, Any], user: User | None = None
    ) -> Interaction:
        """Fill in and send the modal that an interaction was answered with; fields by custom_id or label."""
        modal = await opened.opened()
        resolved = Resolved(opened.channel)
        handle = Interaction(self, MODAL, user or opened.user, opened.channel)
        handle.source, handle.owners, handle.response_kind = opened.source, opened.owners, SLASH_RESPONSE
        data = {"custom_id": modal["custom_id"], "components": submitted(modal, values, resolved), **resolved.given()}
        return self._dispatch(handle, data, {"type": MODAL, "triggering_interaction_metadata": opened.metadata})

    def upload(
        self: "LoopbackDiscord", name: str, data: bytes, content_type: str = "application/octet-stream"
    ) -> Attachment:
        """A file for an option, a modal's upload or a message."""
        attachment = Attachment(name, data, self.origin, content_type)
        self.attachments[attachment.id] = attachment
        return attachment

    # The event

    def context(self: "LoopbackDiscord", channel: Channel) -> int:
        if channel.guild is not None:
            return IN_SERVER
        return WITH_BOT if channel in self.dms.values() else PRIVATE

    def _dispatch(
        self: "LoopbackDiscord", handle: Interaction, data: dict[str, Any], metadata: dict[str, Any]
    ) -> Interaction:
        user, channel, guild = handle.user, handle.channel, handle.channel.guild
        assert not channel.archived, "an archived thread takes no commands"
        owners = {"authorizing_integration_owners": handle.owners}
        handle.metadata = {"id": str(handle.id), "user": user.payload(), **owners, **metadata}
        external = not channel.may(user) & Permission.USE_EXTERNAL_APPS
        handle.forced_ephemeral = set(handle.owners) == {"1"} and guild is not None and external
        payload = {
            "id": str(handle.id),
            "application_id": str(self.application_id),
            "type": handle.kind,
            "token": handle.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.payload(),
            "app_permissions": str(int(channel.may(self.bot))),
            "locale": user.locale,
            "entitlements": [],
            "context": self.context(channel),
            "attachment_size_limit": 10_485_760,
            **owners,
            **self._who(user, channel),
        }
        if handle.source is not None:
            payload["message"] = handle.source.payload()
        handle.event = ("INTERACTION_CREATE", payload)
        self.interactions[handle.token] = handle
        sent = self.gateway.dispatch(*handle.event, guild_id=guild.id if guild else None)
        handle.dispatched_at = self.clock()
        assert sent, "No bot is connected."
        return handle

    def _who(self, user: User, channel: Channel) -> dict[str, Any]:
        guild = channel.guild
        if guild is None:
            return {"user": user.payload()}
        member = guild.member(user) | {"permissions": str(int(channel.may(user)))}
        about = {"id": str(guild.id), "locale": "en-US", "features": []}
        return {"guild_id": str(guild.id), "guild": about, "guild_locale": "en-US", "member": member}
