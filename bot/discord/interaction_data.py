"""What a person pressed, chose or entered, whichever process had made it: hostile until it is parsed."""

from collections.abc import Iterator
from typing import Any

import discord

AnyInteraction = discord.Interaction[Any]  # for what needs nothing of our own client
LONGEST_NAME = 100  # characters that Discord lets us give a custom_id, or a choice in a menu
MOST_CHOSEN = 25


def custom_id_of(interaction: AnyInteraction) -> str:
    """The custom_id; "" for what we cannot have given."""
    data: Any = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    return custom_id if len(custom_id) <= LONGEST_NAME else ""


def chosen(interaction: AnyInteraction) -> list[str]:
    """The values that were chosen in a menu; "" for one that no menu of ours can hold."""
    data: Any = interaction.data or {}
    values = data.get("values")
    given = map(str, values) if isinstance(values, list) else ()
    # Not left out: that nothing was chosen can be a choice, too.
    return [value if len(value) <= LONGEST_NAME else "" for value in given][:MOST_CHOSEN]


def written_in(interaction: AnyInteraction) -> str:
    """All text that an interaction brings: what was typed, chosen or pointed at, and the message that was pressed."""
    message = interaction.message.content if interaction.message else ""
    return " ".join([*_texts(interaction.data), message])


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _texts(part)


def fields(interaction: AnyInteraction) -> dict[str, str | list[str]]:
    """custom_id → the text, or the values chosen, of each field of a modal."""
    found: dict[str, str | list[str]] = {}
    data: Any = interaction.data or {}
    for row in data.get("components", []):
        inner = row.get("component")
        for component in [inner] if isinstance(inner, dict) else row.get("components", []):
            name = component.get("custom_id")
            if isinstance(name, str):
                values = component.get("values")
                found[name] = list(map(str, values)) if isinstance(values, list) else str(component.get("value") or "")
    return found
