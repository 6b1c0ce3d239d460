"""As much as a message holds."""

from collections.abc import Iterable

from bot.discord.markdown import MOST
from bot.text import size


def fitting(lines: Iterable[str]) -> str:
    """Return as many of the lines, from the first, as one message holds."""
    shown = ""
    for line in lines:
        if size(longer := f"{shown}\n{line}" if shown else line) > MOST:
            break
        shown = longer
    return shown


def packed(blocks: Iterable[str]) -> list[str]:
    """Return the blocks in as few messages as hold them, in order."""
    messages: list[str] = []
    for block in blocks:
        if messages and size(f"{messages[-1]}\n{block}") <= MOST:
            messages[-1] += f"\n{block}"
        else:
            messages.append(block)
    return messages
