"""What was asked before in a conversation, read from our own messages: nothing else keeps a question."""

from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot.discord.client import FootnoteBot
from bot.discord.messages.question_lines import asked_in
from bot.shared import EARLIER_QUESTIONS

REMEMBERED = 1000  # threads, in memory only
LOOKED_BACK = 30  # messages of a thread, after a restart


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a question follows. `thread`: one that the bot opened, where numbers stay; `earlier`: oldest first."""

    thread: int | None = None
    earlier: tuple[str, ...] = ()


class Conversations:
    """The last questions of each thread that the bot opened: in memory, and after a restart from the thread itself."""

    def __init__(self, client: FootnoteBot) -> None:
        self._client = client
        self._earlier: OrderedDict[int, tuple[str, ...]] = OrderedDict()

    async def of_channel(self, channel: object) -> Conversation:
        """Return the conversation of a thread of ours; of another channel, one without a beginning."""
        me = self._client.user
        if not isinstance(channel, discord.Thread) or me is None:
            return Conversation()
        if not await self._client.store.use_or(False, lambda stored: stored.threads.contains(channel.id)):
            return Conversation()
        if channel.id not in self._earlier:
            self._remember(channel.id, await _read_back(channel, me.id))
        return Conversation(channel.id, self._earlier[channel.id])

    def add(self, thread: int, question: str) -> None:
        """Add a question that was answered in this thread."""
        if thread in self._earlier:
            self._remember(thread, (*self._earlier[thread], question)[-EARLIER_QUESTIONS:])

    def forget(self, channel: int) -> None:
        """Forget a conversation of which a message was deleted: the rest is read from the thread again."""
        self._earlier.pop(channel, None)

    def _remember(self, thread: int, questions: tuple[str, ...]) -> None:
        self._earlier[thread] = questions
        self._earlier.move_to_end(thread)
        if len(self._earlier) > REMEMBERED:
            self._earlier.popitem(last=False)


async def _read_back(thread: discord.Thread, me: int) -> tuple[str, ...]:
    """Return the last questions that a thread's messages of ours show, and that of the answer it was opened on."""
    found: list[str] = []
    try:
        found = [
            question
            async for message in thread.history(limit=LOOKED_BACK)
            if message.author.id == me and (question := asked_in(message.content))
        ]
        if len(found) < EARLIER_QUESTIONS and isinstance(thread.parent, discord.TextChannel):
            beginning = await thread.parent.fetch_message(thread.id)
            found += [question for question in [asked_in(beginning.content)] if question]
    except discord.HTTPException:
        pass  # it may not be read, or is gone: then the conversation begins anew
    return tuple(reversed(found[:EARLIER_QUESTIONS]))
