"""The settings of a server, and announcements of new entries → the text of messages. Pure."""

from collections.abc import Mapping, Sequence

from bot.discord.markdown import MOST
from bot.discord.messages.entry_lines import entry_line
from bot.discord.store.models import GuildSettings
from bot.text import size
from corpus import Entry, Source

PACES = {
    "3:60": "3 a minute",
    "5:60": "5 a minute",
    "10:60": "10 a minute",
    "30:60": "30 a minute",
    "10:3600": "10 an hour",
}
PRIVACY = {"public": "Answers are public by default", "private": "Answers are private by default"}


def described(settings: GuildSettings) -> str:
    """Return the settings of a server in words."""
    channels = " ".join(f"<#{channel}>" for channel in settings.channels) or "everywhere"
    roles = " ".join(f"<@&{role}>" for role in settings.roles) or "everybody"
    pace = PACES.get(f"{settings.questions}:{settings.seconds}", f"{settings.questions} in {settings.seconds} s")
    news = f"<#{settings.announce}>" if settings.announce else "nowhere"
    lines = [
        "**Settings of this server**",
        f"Answers in: {channels} (threads and categories count with their channels)",
        f"Answers for: {roles}",
        f"Answers are {'private' if settings.private else 'public'} unless asked otherwise",
        f"New entries are announced: {news}",
        f"Questions of one member: {pace}",
        "-# The menus below, in this order, keep each choice at once; empty means everywhere, everybody, nowhere.",
    ]
    return "\n".join(lines)


def announcement(entries: Sequence[Entry], sources: Mapping[str, Source], more: int) -> str:
    """Return what is new in the corpus; `more`: how many entries it does not name."""
    lines = ["**New in the corpus**"]
    for entry in entries:
        line = f"- {entry_line(entry, sources)}"
        if size("\n".join([*lines, line])) > MOST:
            more += 1
            continue
        lines.append(line)
    return "\n".join([*lines, f"-# and {more} more: /latest"] if more else lines)
