"""How the loopback Discord takes responses to interactions, follow-ups and edits through an interaction's token."""

from typing import Any

from discord_faults import Refused
from discord_interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED,
    DEFERRED_UPDATE,
    MODAL,
    OPENED_MODAL,
    SAID,
    UPDATED,
    Interaction,
)
from discord_messages import EPHEMERAL, LOADING, REPLY, Message
from discord_record import Request
from discord_rest import Answer, Call, Rest, route


class Webhooks(Rest):
    """The routes that an interaction's token opens; the others are inherited."""

    @route("POST", "/interactions/{interaction}/{token}/callback")
    def callback(self, call: Call) -> Answer:
        handle = self.discord.interactions.get(call.match["token"])
        known = handle is not None and str(handle.id) == call.match["interaction"]
        if handle is None or not known:
            raise Refused(404, 10062, "Unknown interaction")
        took = self.discord.clock() - handle.dispatched_at
        if not handle.callbacks and (handle.too_late or took > self.discord.interaction_seconds):
            raise Refused(404, 10062, "Unknown interaction")
        if handle.callbacks:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        self._fits(handle, call)
        handle.callbacks.append(call.body)
        handle.acknowledged_after = took
        self._respond(handle, call)
        handle.noted()
        if call.query("with_response") in {"1", "true", "True"}:
            return 200, self._response(handle)
        return 204, None

    def _fits(self, handle: Interaction, call: Call) -> None:
        """Whether this type of response may be given to this type of interaction."""
        allowed = {
            COMMAND: {SAID, DEFERRED, OPENED_MODAL},
            COMPONENT: {SAID, DEFERRED, DEFERRED_UPDATE, UPDATED, OPENED_MODAL},
            AUTOCOMPLETE: {CHOICES},
            MODAL: {SAID, DEFERRED} | ({DEFERRED_UPDATE, UPDATED} if handle.source else set()),
        }[handle.kind]
        if call.body["type"] not in allowed:
            said = f"A response of type {call.body['type']} to an interaction of type {handle.kind}"
            self.discord.record.violations.append(said)
            raise Refused(400, 50035, "Invalid Form Body")

    def _respond(self, handle: Interaction, call: Call) -> None:
        data = call.body.get("data") or {}
        kind = call.body["type"]
        if kind in {SAID, DEFERRED}:
            handle.original = self._said_by(handle, data)
            if kind == SAID:
                self.fill(handle.original, data, call, interaction=True)
            else:
                handle.original.flags |= LOADING
            self.discord.post(handle.original)
        elif kind == UPDATED and handle.source is not None:
            self.edit(handle.source, call._replace(request=_with_body(call, data)), interaction=True)

    def _said_by(self, handle: Interaction, data: dict[str, Any]) -> Message:
        """A new message of this interaction, still empty."""
        metadata = {**handle.metadata}
        application = {
            "application_id": str(self.discord.application_id),
            "webhook_id": str(self.discord.application_id),
        }
        message = Message(handle.channel, self.discord.bot, kind=handle.response_kind, owner=handle.user)
        message.by_interaction = {**application, "interaction_metadata": metadata}
        private = handle.forced_ephemeral or data.get("flags", 0) & EPHEMERAL
        message.flags = EPHEMERAL if private else 0
        if handle.source is not None and not handle.source.ephemeral:
            message.reference, message.kind = handle.source, REPLY
        return message

    def _response(self, handle: Interaction) -> dict[str, Any]:
        about: dict[str, Any] = {"id": str(handle.id), "type": handle.kind, "channel_id": str(handle.channel.id)}
        if handle.channel.guild is not None:
            about["guild_id"] = str(handle.channel.guild.id)
        message, kind = handle.message, handle.response
        if message is None:
            return {"interaction": about}
        about |= {"response_message_id": str(message.id), "response_message_ephemeral": message.ephemeral}
        about["response_message_loading"] = message.loading
        if kind not in {SAID, UPDATED}:
            return {"interaction": about}
        return {"interaction": about, "resource": {"type": kind, "message": message.payload()}}

    def _handle(self, call: Call) -> Interaction:
        handle = self.discord.interactions.get(call.match["token"])
        if handle is None or not handle.callbacks or call.match["application"] != str(self.discord.application_id):
            raise Refused(404, 10015, "Unknown Webhook")
        if handle.expired:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return handle

    def _webhook_message(self, call: Call) -> tuple[Interaction, Message]:
        handle, wanted = self._handle(call), call.match["message"]
        own = [handle.message] if wanted == "@original" else [handle.message, handle.original, *handle.followups]
        for message in own:
            if message is not None and not message.deleted and wanted in {"@original", str(message.id)}:
                return handle, message
        raise Refused(404, 10008, "Unknown Message")

    @route("POST", "/webhooks/{application}/{token}")
    def follow_up(self, call: Call) -> Answer:
        handle = self._handle(call)
        original = handle.original
        if original is not None and original.loading and not original.deleted:
            self.edit(original, call, interaction=True)  # deprecated, but so it is
            handle.noted()
            return 200, original.payload()
        if set(handle.owners) == {"1"} and len(handle.followups) >= 5:
            raise Refused(400, 40094, "This interaction has reached its limit of follow up messages")
        message = self._said_by(handle, call.body)
        if original is not None and not original.deleted and not original.ephemeral:
            message.reference, message.kind = original, REPLY
        self.fill(message, call.body, call, interaction=True)
        handle.followups.append(message)
        self.discord.post(message)
        handle.noted()
        return (200, message.payload()) if call.query("wait") in {"1", "true", "True"} else (204, None)

    @route("GET", "/webhooks/{application}/{token}/messages/{message}")
    def read_webhook_message(self, call: Call) -> Answer:
        return 200, self._webhook_message(call)[1].payload()

    @route("PATCH", "/webhooks/{application}/{token}/messages/{message}")
    def edit_webhook_message(self, call: Call) -> Answer:
        handle, message = self._webhook_message(call)
        self.edit(message, call, interaction=True)
        handle.edits += 1
        handle.noted()
        return 200, message.payload()

    @route("DELETE", "/webhooks/{application}/{token}/messages/{message}")
    def delete_webhook_message(self, call: Call) -> Answer:
        handle, message = self._webhook_message(call)
        self.discord.remove(message)
        handle.noted()
        return 204, None


def _with_body(call: Call, body: Any) -> Request:
    """The same request, seen as one for the message inside it."""
    return Request(call.request.method, call.request.path, json=body, has_json=True)
