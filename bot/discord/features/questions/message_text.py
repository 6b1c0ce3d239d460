"""What somebody's message says, wherever in it that stands: in its own words, a forward, a card or a poll."""

import re
from collections.abc import Iterator

import discord

from bot.text import plain, shorten

MOST_SOURCE_TEXT = 1000  # characters of a message whose sources are sought; the model reads about as many
ADDRESS = re.compile(r"<?https?://[^\s>]+>?")


def text_of_message(message: discord.Message) -> str:
    """Return the words of a message and of those that it forwards, in one line; "" where it has none."""
    written: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    parts = [part for one in written for part in _texts_of(one)]
    if message.poll is not None:
        parts += [message.poll.question, *(answer.text for answer in message.poll.answers)]
    text = plain("\n".join(parts))
    return shorten(text, MOST_SOURCE_TEXT) if any(c.isalnum() for c in text) else ""


def _texts_of(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    """Yield what is written in a message itself; where that is an address at most, what its cards (embeds) say.

    Beside words cards are previews of links.
    """
    has_words = any(c.isalnum() for c in ADDRESS.sub("", message.content))
    cards = [] if has_words else [text for embed in message.embeds for text in _texts_of_card(embed)]
    yield from cards or [message.content]


def _texts_of_card(card: discord.Embed) -> Iterator[str]:
    yield from filter(None, (card.title, card.description))
    for field in card.fields:
        yield from filter(None, (field.name, field.value))
