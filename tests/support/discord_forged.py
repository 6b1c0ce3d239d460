"""What a modified client of Discord can send: any custom_id under any message, any command at any place."""

from typing import Any

from discord_interactions import COMMAND, COMPONENT, MODAL, Interaction, Resolved, find_command, option_tree
from discord_messages import Message
from discord_people import MENU_RESPONSE, MESSAGE_MENU, SLASH, SLASH_RESPONSE
from discord_server import LoopbackDiscord
from discord_world import Channel, User

BUTTON, MENU = 2, 3


def forged_press(
    discord: LoopbackDiscord,
    message: Message,
    custom_id: str,
    user: User,
    *,
    values: list[str] | None = None,
    owners: dict[str, str] | None = None,
) -> Interaction:
    """Press a button that need not be there, or with `values` choose in such a menu. `owners`: for whom the app is."""
    handle = Interaction(discord, COMPONENT, user, message.channel)
    handle.source, handle.owners = message, owners_in(message.channel) if owners is None else owners
    kind = BUTTON if values is None else MENU
    chosen = {} if values is None else {"values": values}
    data = {"custom_id": custom_id, "component_type": kind, "id": 1, **chosen}
    return discord._dispatch(handle, data, {"type": COMPONENT, "interacted_message_id": str(message.id)})


def forged_form(
    discord: LoopbackDiscord,
    message: Message,
    custom_id: str,
    fields: dict[str, str],
    user: User,
    *,
    owners: dict[str, str] | None = None,
) -> Interaction:
    """Send a form that was never opened, as if it had been under this message."""
    handle = Interaction(discord, MODAL, user, message.channel)
    handle.source, handle.response_kind = message, SLASH_RESPONSE
    handle.owners = owners_in(message.channel) if owners is None else owners
    filled = [
        {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": name, "value": text}}
        for name, text in fields.items()
    ]
    about = {"id": str(handle.id), "user": user.payload(), "authorizing_integration_owners": handle.owners}
    opened = {**about, "type": COMPONENT, "interacted_message_id": str(message.id)}
    data = {"custom_id": custom_id, "components": filled}
    return discord._dispatch(handle, data, {"type": MODAL, "triggering_interaction_metadata": opened})


def forged_command(
    discord: LoopbackDiscord,
    command: str,
    options: dict[str, Any],
    user: User,
    channel: Channel,
    *,
    target: Message | None = None,
    owners: dict[str, str] | None = None,
) -> Interaction:
    """Use a command where no client offers it. `target`: the message on which a context menu is opened."""
    found, words = find_command(discord.commands_in(channel), command, SLASH if target is None else MESSAGE_MENU)
    resolved = Resolved(channel)
    more = (
        {"options": option_tree(found, words, options, resolved)}
        if target is None
        else {"target_id": resolved.add(target)}
    )
    handle = Interaction(discord, COMMAND, user, channel)
    handle.owners = owners_in(channel) if owners is None else owners
    handle.response_kind = SLASH_RESPONSE if target is None else MENU_RESPONSE
    data = {"id": found["id"], "name": found["name"], "type": found["type"], **more, **resolved.given()}
    return discord._dispatch(handle, data, {"type": COMMAND})


def owners_in(channel: Channel) -> dict[str, str]:
    """For whom the app is in this place, where the place has it."""
    return {"0": str(channel.guild.id) if channel.guild else "0"}
