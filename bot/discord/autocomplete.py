"""What is suggested while somebody types an option: from memory, at most 25, as Discord takes them. Pure."""

from collections.abc import Iterable, Sequence

from discord import app_commands

from bot.discord import error_replies
from bot.text import plain, shorten
from corpus import EntryUnknown, Source, Title

MOST_SUGGESTED = 25
LONGEST_CHOICE = 100  # characters of a choice's name, and of its value


def suggestions(titles: Sequence[Title], typed: str) -> list[Title]:
    """Return at most 25 entries whose title, id or source holds all the words typed; those that begin so come first."""
    words = plain(typed).casefold().split()
    found = []
    for title in titles:
        searched = f"{title.title} {title.id} {title.source}".casefold()
        if all(word in searched for word in words) and len(title.id) <= LONGEST_CHOICE:
            found.append(title)
            if len(found) == 4 * MOST_SUGGESTED:
                break
    begins = " ".join(words)
    return sorted(found, key=lambda t: not t.title.casefold().startswith(begins))[:MOST_SUGGESTED]


def entry_choices(titles: Sequence[Title], typed: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=shorten(plain(f"{t.title} ({t.published.year})"), LONGEST_CHOICE), value=t.id)
        for t in suggestions(titles, typed)
    ]


def source_choices(sources: Iterable[Source], typed: str) -> list[app_commands.Choice[str]]:
    words = plain(typed).casefold().split()
    fitting = [s for s in sources if all(word in f"{s.name} {s.slug}".casefold() for word in words)]
    return [
        app_commands.Choice(name=shorten(plain(s.name), LONGEST_CHOICE) or s.slug, value=s.slug)
        for s in fitting[:MOST_SUGGESTED]
    ]


def chosen_entry(titles: Sequence[Title], given: str) -> Title:
    """Return the entry that was chosen; the one of that title, where somebody typed it and chose none.

    Raises EntryUnknown.
    """
    found = [title for title in titles if given in {title.id, title.title}] or suggestions(titles, given)
    if not found:
        raise EntryUnknown(error_replies.ENTRY_UNKNOWN)
    return found[0]
