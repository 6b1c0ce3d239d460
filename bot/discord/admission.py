"""Who may ask, here and now, and what: places, roles, cooldowns, the length of a question."""

import time

from bot.discord.client import FootnoteBot, Interaction
from bot.discord.permissions import may_change
from bot.discord.places import is_staff, roles_of, surroundings
from bot.discord.rate_limits import LOOKS, LOOKS_SECONDS, SERVER_QUESTIONS, SERVER_SECONDS
from bot.discord.store.models import GuildSettings
from bot.errors import CoolingDown, NotHere, QueueFull
from corpus import QuestionRefused, classify_question, clean_question

LONGEST_QUESTION = 300  # characters, so that it can stand above its answer


def checked_question(text: str) -> str:
    """Return the question in one line. Raises QuestionRefused, with the limit where it is too long for Discord.

    The library cleans and checks it again; here it stands before the acknowledgement, so that a refusal is seen by the
    asker alone.
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST_QUESTION:
        raise QuestionRefused(
            f"The question has {len(plain):,} characters; at most {LONGEST_QUESTION} are read. Ask for one thing in a "
            "sentence, for example: Will open models catch up?"
        )
    return clean_question(plain)


def check_place(settings: GuildSettings, channels: set[int], roles: set[int]) -> None:
    """Raise NotHere where the server's moderators want no answers. `channels`: this one, its parent and category."""
    if settings.channels and not channels & set(settings.channels):
        places = ", ".join(f"<#{channel}>" for channel in settings.channels[:5])
        raise NotHere(
            f"The moderators have set other channels for questions: {places}. Ask there, or in a message to me."
        )
    if settings.roles and not roles & set(settings.roles):
        raise NotHere("The moderators let members with certain roles ask here. Ask them for one of these roles.")


def take_turn(
    client: FootnoteBot, asker: int, guild: int | None, settings: GuildSettings, question: str = "", *, staff: bool
) -> None:
    """Count this question. Raises CoolingDown, or QueueFull where too many wait already.

    Small talk, and what is asked of the catalogue or for a piece as a whole, spends no question: it counts as a look.
    """
    now = time.monotonic()
    if client.library.is_full():
        raise QueueFull
    if question and not classify_question(question).is_content:
        if not staff and (wait := client.looks.wait(asker, LOOKS, LOOKS_SECONDS, now)) > 0:
            raise CoolingDown("You have looked around", "look", int(time.time() + wait) + 1)
        client.looks.take(asker, now)
        return
    waits = [(client.servers.wait(guild, SERVER_QUESTIONS, SERVER_SECONDS, now), "This server has")] if guild else []
    if not staff:
        waits.append((client.members.wait(asker, settings.questions, settings.seconds, now), "You have"))
    longest, whose = max(waits, default=(0.0, ""))
    if longest > 0:
        raise CoolingDown(f"{whose} asked", "question", int(time.time() + longest) + 1)
    client.members.take(asker, now)
    if guild:
        client.servers.take(guild, now)


async def admit(client: FootnoteBot, interaction: Interaction, question: str = "") -> GuildSettings:
    """Return the server's settings, if this member may ask `question` here and now. Raises MemberRefused."""
    settings = await client.server_settings.get(interaction.guild_id)
    if interaction.is_guild_integration():
        check_place(settings, surroundings(interaction.channel), roles_of(interaction.user))
    take_turn(client, interaction.user.id, interaction.guild_id, settings, question, staff=is_staff(interaction))
    return settings


def count_look(client: FootnoteBot, interaction: Interaction) -> None:
    """Count a private look at the corpus: each waits for the one thread that answers. Raises CoolingDown.

    Who keeps the corpus does not wait; who manages some other server does: anybody can have one.
    """
    person, now = interaction.user.id, time.monotonic()
    keeps = is_staff(interaction) and may_change(client, interaction.guild_id)
    if not keeps and (wait := client.looks.wait(person, LOOKS, LOOKS_SECONDS, now)) > 0:
        raise CoolingDown("You have looked around", "look", int(time.time() + wait) + 1)
    client.looks.take(person, now)
