"""The words of entries.

Offsets count characters of an entry's text, half-open: ``entry.text[start:end]``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Self

Kind = Literal["event", "guide"]
Role = Literal["author", "host", "guest"]
Access = Literal["full", "teaser"]
Wording = Literal["author", "summary"]
BlockKind = Literal["prose", "list", "table", "code", "reference", "quote", "caption"]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: Role


class Section(NamedTuple):
    """A part of an entry's text under a heading: from `start`, where the heading stands, to the next section."""

    start: int
    title: str


class Block(NamedTuple):
    """A stretch of an entry's text that is not its author's plain prose: ``entry.text[start:end]``.

    `speaker`: None, whoever speaks in the entry; "", somebody else who is not named; else a name, as the text has it. A
    `quote` is what the entry quotes from others, so its speaker is never None.
    """

    start: int
    end: int
    kind: BlockKind = "prose"
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece. `wording` says whose words `text` is: the author's, or a summary's.

    `language`: a BCP 47 tag such as en or zh-Hant. `licence`: what the publisher says of the use of it, as an address
    or a line. `sections` are in order of their start, and so are `blocks`, which never overlap; whatever is in none of
    them is prose of the entry's own voice.
    """

    id: str
    source: str
    kind: Kind
    tier: int
    url: str | None
    title: str
    people: tuple[Person, ...]
    published: date
    summary: str
    text: str
    access: Access = "full"
    wording: Wording = "author"
    language: str | None = None
    licence: str | None = None
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def voice(self) -> tuple[str, ...]:
        """The names of those whose words an entry holds."""
        return voice_of((person.name, person.role) for person in self.people)


def voice_of(people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Who speaks, of these names and roles: the guests of an interview; else its authors, else its hosts."""
    roles = tuple(people)
    found = (tuple(name for name, role in roles if role == wanted) for wanted in ("guest", "author", "host"))
    return next((names for names in found if names), ())


class Title(NamedTuple):
    """What a list of entries shows of one. A tuple: there may be thousands, read while somebody types."""

    id: str
    title: str
    published: date
    source: str
    kind: Kind

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(entry.id, entry.title, entry.published, entry.source, entry.kind)


class Byline(NamedTuple):
    """What an entry is called, where (a source's slug, an address) and when it came out, and whose names it has."""

    title: str
    source: str
    people: tuple[str, ...]
    published: date
    url: str
