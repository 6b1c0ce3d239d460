"""What a person pressed, chose or entered, whichever process had made it: hostile until it is parsed."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.client import Interaction


def custom_id_of(interaction: "Interaction") -> str:
    data: Any = interaction.data or {}
    return str(data.get("custom_id", ""))


def chosen(interaction: "Interaction") -> list[str]:
    """The values that were chosen in a menu."""
    data: Any = interaction.data or {}
    return [str(value) for value in data.get("values") or []]


def fields(interaction: "Interaction") -> dict[str, str | list[str]]:
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
