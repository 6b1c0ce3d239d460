"""What was asked before in a conversation, read from our own messages: nothing else keeps a question."""

from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot.discord.client import FootnoteBot
from bot.discord.earlier_questions import read_thread
from bot.shared import EARLIER_QUESTIONS

REMEMBERED = 1000  # threads, in memory only


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
            self._remember(channel.id, await read_thread(channel, me.id))
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
