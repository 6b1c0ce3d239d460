"""The words of the product as frozen dataclasses: no I/O, no clock.

Offsets count characters of an entry's text, half-open: ``entry.text[start:end]``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol

Kind = Literal["event", "guide"]
Role = Literal["author", "host", "guest"]
Access = Literal["full", "teaser"]
Wording = Literal["author", "summary"]
Half = Literal["meaning", "words", "both"]
Action = Literal["refresh", "remove", "undo", "follow"]
Standing = Literal["followed", "paused", "closed", "removed"]
Verdict = Literal["new", "changed", "unchanged", "passed over", "rejected"]


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


class Title(NamedTuple):
    """What a list of entries shows of one. A tuple: there may be thousands, read while somebody types."""

    id: str
    title: str
    published: date
    source: str
    kind: Kind


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
    """A sentence of a hit. `similarity`: cosine with the question, −1 to 1."""

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; a higher score is better. `similarity`: cosine with the question, −1 to 1.

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
    """Which entries may be used; all that are given must hold. Made by `parse_filters`."""

    since: date | None = None
    until: date | None = None
    source: str | None = None
    person: str | None = None
    kind: Kind | None = None


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

    `confidence`, 0 to 1: how sure we are that what is quoted answers. `sources`: slug → source, of all described ones.
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


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that was not taken, where it stood, and why. `was_removed`: it is right, but somebody removed it."""

    where: str
    reason: str
    was_removed: bool = False


class Duplicate(NamedTuple):
    """A cross-post: the entry `id` says what the entry `of` said before. Both are kept, as one voice."""

    id: str
    of: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a refresh would do. Entries that a refresh does not see stay: missing is not deleted.

    Of a removal or an undo, too: then `changed` holds entries as they will be, `removed` those that leave.
    `duplicates`: those of the new and changed entries that are cross-posts.
    """

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    unchanged: tuple[Entry, ...]
    rejected: tuple[Rejected, ...]
    removed: tuple[Entry, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRead:
    """How reading a source went in a refresh. `sentence` says it as a clause; `items`: how many pieces it listed.

    `outcome`: read; unchanged: there is nothing new; failed: nothing of it was taken, and why; closed: it says that it
    has ended. The counts are of entries.
    """

    slug: str
    name: str
    outcome: Literal["read", "unchanged", "failed", "closed"]
    sentence: str
    items: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between two refreshes. Times are in UTC.

    `address`: the one of the source that it is about. `moved_to`: the one that this redirects to for good. `etag`,
    `last_modified`: what its server said of the answer that was read last; `read_hash`: SHA-256 of that answer.
    `failing_since` is None while it is well; `failure` says in words why the last reading failed. `told`: whether it
    was said that it fails for days. `by`: who set its standing.
    """

    slug: str
    standing: Standing = "followed"
    address: str | None = None
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    read_hash: str | None = None
    tried: datetime | None = None
    succeeded: datetime | None = None
    failed: datetime | None = None
    failure: str = ""
    failing_since: datetime | None = None
    told: bool = False
    due: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class SeenItem:
    """A piece that a source has listed. `key` is the same for all addresses of its page.

    `fingerprint`: of what the list said of it. `etag`, `last_modified`, `read`: of its page, where that was read.
    `passed`: whether it was passed over, as too old for the first reading of the source.
    """

    key: str
    fingerprint: str
    passed: bool = False
    etag: str | None = None
    last_modified: str | None = None
    read: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source with how it does. `duplicates`: how many of its entries are cross-posts of others."""

    source: Source
    state: SourceState
    entries: int
    newest: date | None
    teasers: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """A piece that a source lists, and what a refresh would do with it, and why, as a clause."""

    title: str
    url: str
    published: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckStep:
    """A step of reading a source and what came of it, as a line."""

    step: str
    found: str
    fine: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """What a source would give, step by step; nothing was written. `source` is None where no source was found."""

    address: str
    source: Source | None
    steps: tuple[CheckStep, ...]
    items: tuple[CheckedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a change did, or with `dry_run` would do. `generation` is None where none exists yet.

    `undone`: what an undo goes back on, in words: "the refresh by Ada on 24 November 2026 (2 new, 1 changed)".
    `sources`: how each source that was read went.
    """

    plan: Plan
    dry_run: bool
    generation: int | None
    committed: bool
    indexed: int
    notes: tuple[str, ...] = ()
    undone: str | None = None
    sources: tuple[SourceRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A change of the record. `by`: who wished it, or "". `undoes`: of an undo, the run that it took back.

    `undone`: whether a later run took this one back. `finished` is in UTC.
    """

    id: int
    finished: datetime
    action: Action
    by: str
    new: int
    changed: int
    unchanged: int
    rejected: int
    removed: int
    undoes: int | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry that somebody removed: a refresh does not bring it back, nor another with its address."""

    id: str
    url: str | None
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Status:
    """What the data folder holds. `behind`: entries that the archive has and the index does not show yet."""

    data_dir: str
    entries: int
    guides: int
    events: int
    sources: tuple[str, ...]
    newest: date | None
    generation: int | None
    generations: tuple[int, ...]
    passages: int
    model: str
    behind: int
    bytes: int
    notes: tuple[str, ...] = ()


class Progress(Protocol):
    """Called while long work goes on. `current`: what is being done just now, for people: a source, a title."""

    def __call__(self, stage: str, done: int, total: int, current: str = "") -> None: ...


def no_progress(stage: str, done: int, total: int, current: str = "") -> None:
    """For callers that show nothing."""
