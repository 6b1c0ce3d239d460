"""A question asked anywhere in Discord → the message that answers it. The one way, whatever the question came by."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import discord

from bot.discord.client import FootnoteBot
from bot.discord.components import answer_buttons
from bot.discord.features.questions.message import Shown, answer_message
from bot.discord.rate_limits import SERVER_QUESTIONS, SERVER_SECONDS
from bot.discord.store.community import Community
from bot.discord.store.models import GuildSettings, KeptAnswer, KeptCitation
from bot.errors import CoolingDown, NotHere, QueueFull
from corpus import Answer, Filters, QuestionRefused, clean_question, quote_hash

LONGEST = 300  # characters of a question, so that it can stand above its answer
NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a question follows. `thread`: one that the bot opened, where numbers stay; `earlier`: oldest first."""

    thread: int | None = None
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that its answer depends on. `threads`: whether a thread can be opened on the answer.

    `noted`: whether it is kept as a gap where it is not covered; the text of somebody's message is not.
    """

    question: str
    asker: int
    guild: int | None
    channel: int | None
    private: bool
    filters: Filters = NO_FILTERS
    conversation: Conversation = Conversation()
    threads: bool = False
    noted: bool = True


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that answers, to be sent as it is; `id` is what its buttons carry."""

    id: str
    understood: str
    content: str
    view: discord.ui.View


def checked_question(text: str) -> str:
    """The question in one line. Raises QuestionRefused with the limit where it is too long for Discord."""
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        raise QuestionRefused(
            f"The question has {len(plain):,} characters; at most {LONGEST} are read. Ask for one thing in a sentence, "
            "for example: Will open models catch up?"
        )
    return clean_question(plain)


def check_place(settings: GuildSettings, channels: set[int], roles: set[int]) -> None:
    """Raises NotHere where the server's moderators want no answers. `channels`: this one, its parent and category."""
    if settings.channels and not channels & set(settings.channels):
        places = ", ".join(f"<#{channel}>" for channel in settings.channels[:5])
        raise NotHere(
            f"The moderators have set other channels for questions: {places}. Ask there, or in a message to me."
        )
    if settings.roles and not roles & set(settings.roles):
        raise NotHere("The moderators let members with certain roles ask here. Ask them for one of these roles.")


def take_turn(client: FootnoteBot, asker: int, guild: int | None, settings: GuildSettings, *, staff: bool) -> None:
    """Count this question. Raises CoolingDown, or QueueFull where too many wait already."""
    now = time.monotonic()
    if client.library.is_full():
        raise QueueFull
    waits = [(client.servers.wait(guild, SERVER_QUESTIONS, SERVER_SECONDS, now), "This server has")] if guild else []
    if not staff:
        waits.append((client.members.wait(asker, settings.questions, settings.seconds, now), "You have"))
    longest, whose = max(waits, default=(0.0, ""))
    if longest > 0:
        raise CoolingDown(f"{whose} asked", "question", int(time.time() + longest) + 1)
    client.members.take(asker, now)
    if guild:
        client.servers.take(guild, now)


async def answer(client: FootnoteBot, asked: Asked) -> Ready:
    """Ask the library, keep what the buttons will need, and render. Raises what the library raises."""
    earlier = asked.conversation.earlier
    found = await client.library.use(lambda corpus: corpus.ask(asked.question, asked.filters, earlier))
    return await ready(client, asked, found)


async def ready(client: FootnoteBot, asked: Asked, found: Answer) -> Ready:
    """The message for an answer that was found."""
    numbers = await _numbers(client, asked, found)

    def keep(stored: Community) -> KeptAnswer:
        kept = _kept(asked, found, numbers, stored.people.hash_of(asked.asker))
        stored.answers.keep(kept)
        if asked.noted and not found.covered:
            # What it follows may be somebody else's question: who asked that could not have it forgotten here.
            own = asked.question if asked.conversation.earlier else found.question
            stored.gaps.add(own, asked.guild, kept.asker, kept.made)
        return kept

    # Where the record cannot be used, the answer comes all the same; its buttons will say that it is not kept.
    kept = await client.record_or(_kept(asked, found, numbers, ""), keep)
    buttons = answer_buttons(
        kept.id,
        covered=found.covered,
        related=bool(kept.related),
        private=asked.private,
        threads=asked.threads and found.covered,
    )
    shown = Shown(asked.question, found.question, asked.filters, asked.noted)
    return Ready(kept.id, found.question, answer_message(found, shown, numbers), buttons)


async def _numbers(client: FootnoteBot, asked: Asked, found: Answer) -> dict[str, int]:
    own = {citation.entry.id: citation.number for citation in found.citations}
    thread = asked.conversation.thread
    if thread is None or not own:
        return own
    return await client.record_or(own, lambda stored: stored.threads.number(thread, list(own)))


def _kept(asked: Asked, found: Answer, numbers: dict[str, int], asker: str) -> KeptAnswer:
    related = found.related if found.covered else None
    listed = [*related.guides, *related.events] if related else list(found.nearest)
    return KeptAnswer(
        id=secrets.token_urlsafe(9),
        made=datetime.now(UTC),
        guild=asked.guild,
        channel=asked.channel,
        message=None,
        asker=asker,
        private=asked.private,
        covered=found.covered,
        generation=found.generation,
        filters=written_filters(asked.filters),
        citations=tuple(
            KeptCitation(numbers[c.entry.id], c.entry.id, c.start, c.end, quote_hash(c.quote)) for c in found.citations
        ),
        related=tuple(entry.id for entry in listed),
    )


def written_filters(filters: Filters) -> dict[str, str]:
    """Filters as `parse_filters` reads them again."""
    fields = {
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
        "source": filters.source,
        "person": filters.person,
        "kind": filters.kind,
    }
    return {name: value for name, value in fields.items() if value}
