"""The words of the product as frozen dataclasses: no I/O, no clock.

Offsets count characters of an entry's text, half-open: ``entry.text[start:end]``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, Self

Kind = Literal["event", "guide"]
Role = Literal["author", "host", "guest"]
Access = Literal["full", "teaser"]
Wording = Literal["author", "summary"]
Half = Literal["meaning", "words", "both"]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that the corpus follows. `piece` is what it calls one of its pieces: essay, post, guide …

    New pieces are read from one of: `feed`; `sitemap`, those of its addresses that `pattern` (a regular expression)
    finds itself in; `pages`, addresses of the web; `folder`, a path. A source with none of them is not followed.
    `every_hours`: how often it is read by itself; None: as the settings say.
    """

    slug: str
    name: str
    tier: int
    home: str | None = None
    feed: str | None = None
    feed_kind: str | None = None
    piece: str = "piece"
    sitemap: str | None = None
    pattern: str | None = None
    pages: tuple[str, ...] = ()
    folder: str | None = None
    every_hours: float | None = None

    @property
    def address(self) -> str | None:
        """Where its new pieces are read from; None where it is not followed."""
        return self.feed or self.sitemap or self.folder or (self.pages[0] if self.pages else None)


class Section(NamedTuple):
    """A part of an entry's text under a heading: from `start`, where the heading stands, to the next section."""

    start: int
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece. `wording` says whose words `text` is: the author's, or a summary's.

    `language`: a BCP 47 tag such as en or zh-Hant. `licence`: what the publisher says of the use of it, as an address
    or a line. `sections` are in order of their start.
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


class Linear(NamedTuple):
    """factor · x + shift."""

    factor: float = 1.0
    shift: float = 0.0


class Scale(NamedTuple):
    """What brings an embedding model's cosines to the scale of the built-in one's.

    `asked`: those of a question with sentences and passages; `texts`: those of texts with each other, and of a question
    where it is weighed together with such.
    """

    asked: Linear = Linear()
    texts: Linear = Linear()


class Span(NamedTuple):
    """A stretch of a text, half-open, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an entry's text that is indexed, with its sentences. An entry's passages join to its text."""

    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a hit. `similarity`: cosine with the question on the built-in model's scale, −1 to 1."""

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; a higher score is better. `similarity`: as of its sentences, that of
    the whole or of the nearest sentence, whichever is higher.

    `number` is the archive's for the entry: of two entries, the one archived first has the lower. `by_meaning` and
    `by_words`: its place, from 1, among those that each half of the search brought; None where that half did not.
    """

    entry: Entry
    start: int
    end: int
    score: float
    similarity: float
    sentences: tuple[ScoredSentence, ...]
    number: int = 0
    by_meaning: int | None = None
    by_words: int | None = None

    @property
    def text(self) -> str:
        return self.entry.text[self.start : self.end]

    @property
    def found_by(self) -> Half:
        """Which half of the search brought it."""
        if self.by_words is None:
            return "meaning"
        return "words" if self.by_meaning is None else "both"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries may be used; all that are given must hold. Made by `parse_filters`, or heard in a question.

    `person` is a part of the name of somebody who wrote, led or was heard in an entry. `speakers` and `others_than` are
    whole names: an entry passes where one of the first, or anybody but the second, is who speaks in it
    (`Entry.voice`), so that an interview is its guest's.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    person: str | None = None
    kind: Kind | None = None
    speakers: tuple[str, ...] = ()
    others_than: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A number ↔ an entry, with the quote: ``entry.text[start:end]``, an exact substring of the passage.

    `section`: the heading that the quote stands under, or "".
    """

    number: int
    entry: Entry
    quote: str
    start: int
    end: int
    passage: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer: a quote with at most a lead-in that says whose words it is.

    `lead` is that part of `text`, with the blank behind it, or "": what follows it is the quote, with its marks.
    """

    text: str
    citations: tuple[int, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Entries near the question or the entry, and not cited."""

    guides: tuple[Entry, ...] = ()
    events: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds that each stage of an answer took."""

    embed: float
    search: float
    compose: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question. `covered` may be false: a normal answer, with the `nearest` entries.

    `nearest`: only those that are near enough, the most likely to answer first; `near`: each of them in its one best
    sentence, numbered from 1, which is no answer. `passing`: how many entries pass the filters.
    `confidence`, 0 to 1: the probability that what is quoted answers. `sources`: slug → source, of all described ones.
    `understood`: what the question was heard to say of who and when, and which misspelt words were read as others, in
    words, or ""; the `question` stays as it was written. `notes`: sentences for the reader: what was
    heard and left nothing, how old all of it is.
    """

    question: str
    covered: bool
    confidence: float
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    related: Related
    nearest: tuple[Entry, ...]
    timings_ms: Timings
    generation: int
    sources: dict[str, Source] = field(default_factory=dict)
    understood: str = ""
    notes: tuple[str, ...] = ()
    near: tuple[Citation, ...] = ()
    passing: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A stretch of a list of entries, newest first; `total`: how long the whole list is."""

    entries: tuple[Entry, ...]
    total: int
    sources: dict[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """An entry as a page: itself, its source and what is related. `copies`: cross-posts of it, or what it is one of.

    `sources`: slug → source, of all described ones.
    """

    entry: Entry
    source: Source
    related: Related
    copies: tuple[Entry, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """A quote of an entry in its paragraph, as the entry is now: ``before + quote + after``; "…" where that was cut.

    `section`: the heading that it stands under, or "".
    """

    entry: Entry
    source: Source
    before: str
    quote: str
    after: str
    section: str = ""
