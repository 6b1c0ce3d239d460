"""What was asked before in a conversation, read from our own messages: nothing else keeps a question."""

from collections import OrderedDict

import discord

from bot.discord.features.questions.message import asked_in
from bot.discord.rate_limits import CONVERSATION

REMEMBERED = 1000  # conversations, in memory only
LOOKED_BACK = 30  # messages of a thread, after a restart

_earlier: OrderedDict[int, tuple[str, ...]] = OrderedDict()


async def earlier_in(thread: discord.Thread, me: int) -> tuple[str, ...]:
    """The last questions of a thread, oldest first: from memory, or after a restart from the thread itself."""
    if thread.id not in _earlier:
        found: list[str] = []
        try:
            found = [
                question
                async for message in thread.history(limit=LOOKED_BACK)
                if message.author.id == me and (question := asked_in(message.content))
            ]
            if len(found) < CONVERSATION and isinstance(thread.parent, discord.TextChannel):
                beginning = await thread.parent.fetch_message(thread.id)
                found += [question for question in [asked_in(beginning.content)] if question]
        except discord.HTTPException:
            pass  # it may not be read, or is gone: then the conversation begins anew
        _keep(thread.id, tuple(reversed(found[:CONVERSATION])))
    return _earlier[thread.id]


def note(thread: int, question: str) -> None:
    """A question was answered in this thread."""
    if thread in _earlier:
        _keep(thread, (*_earlier[thread], question)[-CONVERSATION:])


def forget(thread: int) -> None:
    """A message went: what is left of the conversation is read from the thread again."""
    _earlier.pop(thread, None)


def _keep(thread: int, questions: tuple[str, ...]) -> None:
    _earlier[thread] = questions
    _earlier.move_to_end(thread)
    if len(_earlier) > REMEMBERED:
        _earlier.popitem(last=False)
