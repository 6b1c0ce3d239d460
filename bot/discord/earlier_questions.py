"""What was asked before in a conversation, read from our own messages in Discord: nothing else keeps a question."""

import discord

from bot.discord.client import FootnoteBot
from bot.discord.messages.question_lines import asked_in, is_refusal
from bot.shared import EARLIER_QUESTIONS

LOOKED_BACK = 30  # messages of a thread


async def read_thread(thread: discord.Thread, me: int, before: discord.Message | None = None) -> tuple[str, ...]:
    """Return the last questions that a thread's messages of ours answer, and that of the answer it was opened on.

    Oldest first; empty where it may not be read, or is gone: then the conversation begins anew.
    """
    found: list[str] = []
    try:
        found = [
            question
            async for message in thread.history(limit=LOOKED_BACK, before=before)
            if message.author.id == me and not is_refusal(message.content) and (question := asked_in(message.content))
        ]
        if len(found) < EARLIER_QUESTIONS and isinstance(thread.parent, discord.TextChannel):
            beginning = await thread.parent.fetch_message(thread.id)
            found += [question for question in [asked_in(beginning.content)] if question]
    except discord.HTTPException:
        pass
    return tuple(reversed(found[:EARLIER_QUESTIONS]))


async def earlier_of(client: FootnoteBot, answer: discord.Message) -> tuple[str, ...]:
    """Return the questions that an answer of ours followed, oldest first, as far as they can still be read.

    In a thread of ours, those above it; elsewhere that of the answer that was replied to, or under which Follow up was
    pressed: Discord shows both as the message that ours refers to.
    """
    channel, me = answer.channel, client.user
    if me is None:
        return ()
    if isinstance(channel, discord.Thread) and await client.store.use_or(
        False, lambda stored: stored.threads.contains(channel.id)
    ):
        return await read_thread(channel, me.id, before=answer)
    above = answer
    for _ in range(2):  # a member's reply stands between two answers, or nothing does
        if above.reference is None or above.reference.message_id is None:
            return ()
        try:
            above = await channel.fetch_message(above.reference.message_id)
        except discord.HTTPException:
            return ()
        if above.author.id == me.id:
            question = asked_in(above.content)
            return (question,) if question else ()
    return ()
