"""How an answer reaches Discord: acknowledged first, then shown in one edit, and not lost where Discord fails."""

import logging
from dataclasses import replace

import discord

from bot.discord import error_replies, interaction_data
from bot.discord.client import FootnoteBot, Interaction
from bot.discord.error_codes import TOKEN_GONE, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE
from bot.discord.features.questions.conversations import Conversation, Conversations
from bot.discord.features.questions.service import MemberQuestion, Reply, answer
from bot.discord.interactions import defer, retry

log = logging.getLogger(__name__)


class Delivery:
    """Answers interactions, and keeps what follows from an answer that was sent."""

    def __init__(self, client: FootnoteBot) -> None:
        self._client = client
        self.conversations = Conversations(client)

    async def answer_interaction(
        self, interaction: Interaction, question: MemberQuestion, *, follows_nothing: bool = False
    ) -> None:
        """Acknowledge, answer, show. Where the interaction is lost, a public answer is posted to the channel.

        In a thread of ours the question belongs to its conversation, unless it `follows_nothing`. Discord may be slow
        to tell of the thread: so that comes after the acknowledgement.
        """
        with self._client.at_work():
            reached = await _acknowledge(interaction, question)
            try:
                here = Conversation() if follows_nothing else await self.conversations.of_channel(interaction.channel)
                if here.thread is not None:
                    question = replace(question, conversation=here)
                reply = await answer(self._client, question)
            except Exception as error:  # whatever it is: it is answered in the interaction, or in the channel
                if reached:
                    raise  # the client's handler of errors answers it in the interaction
                sentence, _ = error_replies.sentence_for(error, interaction_data.written_in(interaction))
                await _post(interaction, question, sentence)
                return
            sent: discord.Message | None = None
            if reached:
                try:
                    sent = await retry(
                        lambda: interaction.edit_original_response(content=reply.content, view=reply.view)
                    )
                except discord.HTTPException as error:
                    if error.code == UNKNOWN_MESSAGE:
                        log.info("The answer's place was deleted before it came.")
                        return
                    if error.code not in TOKEN_GONE:
                        raise
                    reached = False
            interaction.extras["shown"] = reached
            if not reached:
                sent = await _post(interaction, question, reply.content, reply.view)
            await self.keep_sent(question, reply, sent)

    async def keep_sent(self, question: MemberQuestion, reply: Reply, sent: discord.Message | None) -> None:
        """Keep where the answer stands, and its question in the conversation, unless private or to be forgotten."""
        if question.conversation.thread is not None and not question.private and reply.understood:
            self.conversations.add(question.conversation.thread, reply.understood)
        if sent is not None:
            place = (sent.channel.id, sent.id)
            await self._client.store.use_or(None, lambda stored: stored.answers.place(reply.id, *place))


async def _acknowledge(interaction: Interaction, question: MemberQuestion) -> bool:
    """Return False where the interaction is lost, and the answer can be posted to the channel."""
    try:
        await defer(interaction, private=question.private)
    except discord.NotFound as error:
        if question.private or error.code != UNKNOWN_INTERACTION:
            raise
        return False
    return True


async def _post(
    interaction: Interaction, question: MemberQuestion, content: str, view: discord.ui.View | None = None
) -> discord.Message | None:
    """Send a message in place of an interaction that cannot be answered; never what was asked in private."""
    channel = interaction.channel
    if question.private or not isinstance(channel, discord.abc.Messageable):
        log.warning("A private question could not be answered: its interaction was lost.")
        return None
    shown = view or discord.utils.MISSING
    return await retry(lambda: channel.send(content, view=shown, nonce=interaction.id))
