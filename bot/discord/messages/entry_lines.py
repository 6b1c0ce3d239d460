"""An entry in a line of a message: title, who, where, when, and what kind of piece; and days and times."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from bot.discord.markdown import escape_within, link
from bot.shared import TIERS
from bot.text import plain
from corpus import Entry, Source

LONGEST_PEOPLE, LONGEST_SOURCE = 120, 60  # characters: names come from outside, and each may have 200


def entry_line(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Title as a link, who, where, when, and what kind of piece: one line."""
    return f"{link(entry.title, entry.url)} · {entry_facts(entry, sources)}"


def short_line(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Return title as a link, where and when."""
    return " · ".join([link(entry.title, entry.url), source_name(entry, sources), day(entry.published)])


def source_name(entry: Entry, sources: Mapping[str, Source]) -> str:
    source = sources.get(entry.source)
    return escape_within(source.name if source else entry.source, LONGEST_SOURCE)


def entry_facts(entry: Entry, sources: Mapping[str, Source], *, dated: bool = True) -> str:
    """Who, where, when (unless that stands elsewhere), and what kind of piece."""
    people = ", ".join(plain(p.name) + ("" if p.role == "author" else f" ({p.role})") for p in entry.people)
    kind = ("guide, " if entry.kind == "guide" else "") + TIERS[entry.tier]
    parts = [
        escape_within(people, LONGEST_PEOPLE),
        source_name(entry, sources),
        day(entry.published) if dated else "",
        kind,
        "teaser only" if entry.access == "teaser" else "",
    ]
    return " · ".join(part for part in parts if part)


def day(published: date, form: str = "D") -> str:
    """A date in the reader's own language ("d": in digits): at noon, so that it is the same day nearly everywhere."""
    return f"<t:{int(datetime.combine(published, time(12), UTC).timestamp())}:{form}>"


def stamp(moment: datetime) -> str:
    """Return a moment in the reader's own zone and language, relative to now."""
    return f"<t:{int(moment.astimezone(UTC).timestamp())}:R>"
