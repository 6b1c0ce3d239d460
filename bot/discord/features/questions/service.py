"""A member's question → the message that answers it. The one way, whatever the question came by."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import discord

from bot.discord.client import FootnoteBot
from bot.discord.components import answer_buttons, listing_buttons
from bot.discord.features.questions.conversations import Conversation
from bot.discord.features.questions.listing_message import listing_message
from bot.discord.features.questions.message import Heading, answer_message
from bot.discord.store.community import Community
from bot.discord.store.models import KeptAnswer, KeptCitation
from corpus import Answer, Filters, quote_hash, read_about_answer, written_filters

NO_FILTERS = Filters()
NEW_CONVERSATION = Conversation()


@dataclass(frozen=True, slots=True)
class MemberQuestion:
    """A question with all that its answer depends on. `threads`: whether a thread can be opened on the answer.

    `noted`: whether it is kept as a gap where it is not covered; the text of somebody's message is not.
    """

    question: str
    asker: int
    guild: int | None
    channel: int | None
    private: bool
    filters: Filters = NO_FILTERS
    conversation: Conversation = NEW_CONVERSATION
    threads: bool = False
    noted: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that answers, to be sent as it is; `id` is what its buttons carry.

    `understood`: the question that may be followed; None where it was refused, or asked nothing of the content.
    """

    id: str
    understood: str | None
    content: str
    view: discord.ui.View


async def answer(client: FootnoteBot, question: MemberQuestion) -> Reply:
    """Ask the library, keep what the buttons will need, and render. Raises what the library raises."""
    earlier = question.conversation.earlier
    found = await client.library.find_quotes(question.question, question.filters, earlier)
    found = await client.library.write(found)
    numbers = await _numbers(client, question, found)
    # "Link?" is a question about the answer before, and tells nothing that the corpus lacks.
    is_gap = question.noted and found.is_gap and not (earlier and read_about_answer(question.question))
    quotes = bool(found.citations)

    def keep(stored: Community) -> KeptAnswer:
        kept = _kept(question, found, numbers, stored.people.hash_of(question.asker))
        stored.answers.keep(kept)
        if is_gap:
            # What it follows may be somebody else's question: who asked that could not have it forgotten here.
            own = question.question if question.conversation.earlier else found.question
            stored.gaps.add(own, question.guild, kept.asker, kept.made)
        return kept

    # Where the record cannot be used, the answer comes all the same; its buttons will say that it is not kept.
    kept = await client.store.use_or(_kept(question, found, numbers, ""), keep)
    shown = Heading(question.question, found.question, question.filters, question.noted, is_gap)
    understood = found.question if found.is_context else None
    if found.outcome in {"listed", "talk"}:
        entries = found.listing.entries if found.listing else ()
        buttons = listing_buttons(kept.id, entries, private=question.private, follow=found.outcome == "listed")
        return Reply(kept.id, understood, listing_message(found, shown), buttons)
    buttons = answer_buttons(
        kept.id,
        covered=quotes,
        related=bool(kept.related),
        private=question.private,
        threads=question.threads and quotes,
    )
    return Reply(kept.id, understood, answer_message(found, shown, numbers), buttons)


async def _numbers(client: FootnoteBot, question: MemberQuestion, found: Answer) -> dict[str, int]:
    """Return entry id → its number: in a thread the one that it has there, else that of the answer."""
    own = {citation.entry.id: citation.number for citation in found.citations}
    thread = question.conversation.thread
    if thread is None or not own:
        return own
    return await client.store.use_or(own, lambda stored: stored.threads.number(thread, list(own)))


def _kept(question: MemberQuestion, found: Answer, numbers: dict[str, int], asker: str) -> KeptAnswer:
    related = found.related if found.citations else None
    listed = [*related.guides, *related.events] if related else list(found.nearest)
    return KeptAnswer(
        id=secrets.token_urlsafe(9),
        made=datetime.now(UTC),
        guild=question.guild,
        channel=question.channel,
        message=None,
        asker=asker,
        private=question.private,
        covered=bool(found.citations),
        generation=found.generation,
        filters=written_filters(question.filters),
        citations=tuple(
            KeptCitation(numbers[c.entry.id], c.entry.id, c.start, c.end, quote_hash(c.quote)) for c in found.citations
        ),
        related=tuple(entry.id for entry in listed),
    )
