"""The words of the product as frozen dataclasses: no I/O, no clock.

Offsets count characters of an entry's text, half-open: ``entry.text[start:end]``.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from corpus.models.entries import BlockKind, Entry
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Filters, Span
from corpus.models.sources import Source

# answered: by what is quoted; closest: the passages that are quoted may answer; not_covered: nothing here does, what is
# near is named; listed: from the record, without quotes; talk: nothing of the corpus was asked for.
Outcome = Literal["answered", "closest", "not_covered", "listed", "talk"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A number ↔ an entry, with the quote: ``entry.text[start:end]``, an exact substring of the passage.

    `section`: the heading that the quote stands under, or "". `kind` and `speaker`: whose words it is, as of the
    `Block` that it stands in. `highlights`: the sentences of it that answer, in their order, as stretches of the
    entry's text.
    """

    number: int
    entry: Entry
    quote: str
    start: int
    end: int
    passage: str
    section: str = ""
    kind: BlockKind = "prose"
    speaker: str | None = None
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, and what it rests on; by default a quote behind a lead-in that says whose words it is.

    `citations`: the numbers of the entries; `quotes`: the places in the answer's citations. `lead` is the lead-in's
    part of `text`, with the blank behind it, or "": what follows it is the quote, with its marks.
    """

    text: str
    citations: tuple[int, ...]
    lead: str = ""
    quotes: tuple[int, ...] = ()


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


class Counted(NamedTuple):
    """A source or a person, by name, with the number of their entries."""

    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What is answered in our own words, without a quote: a line, and what is listed below it.

    `entries`, or `counts`: at most ten, of `total`. `filters`: under which the whole list of entries can be seen, or
    None. `examples`: questions that can be asked.
    """

    line: str
    entries: tuple[Entry, ...] = ()
    counts: tuple[Counted, ...] = ()
    total: int = 0
    filters: Filters | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question. That it is not covered is a normal answer, with the `nearest` entries.

    `nearest`: only those that are near enough, the most likely to answer first; `near`: each of them in its one best
    sentence, numbered from 1, which is no answer. `passing`: how many entries pass the filters.
    `confidence`, 0 to 1: the probability that what is quoted answers. `sources`: slug → source, of all described ones.
    `understood`: what the question was heard to say of who and when, and which misspelt words were read as others, in
    words, or ""; the `question` stays as it was written. `notes`: sentences for the reader: what was
    heard and left nothing, how old all of it is. `listing`: what is said and listed without quotes; of an entry as a
    whole, what is said above them. `kind`: what the question was taken to ask for. `searched`: whether anything of it
    could be searched: of a question in a language that the model does not know, perhaps nothing.
    """

    question: str
    outcome: Outcome
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
    listing: Listing | None = None
    kind: QuestionKind = QuestionKind.OTHER
    searched: bool = True

    @property
    def covered(self) -> bool:
        return self.outcome == "answered"

    @property
    def is_gap(self) -> bool:
        """Whether the corpus was asked for something that it does not cover."""
        return self.outcome in {"not_covered", "closest"}

    @property
    def is_context(self) -> bool:
        """Whether a conversation goes on from it. What was refused leaves the conversation as it was."""
        return self.outcome in {"answered", "closest", "listed"}


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

    `section`: the heading that it stands under, or "". `kind` and `speaker`: whose words it is, as of a citation.
    """

    entry: Entry
    source: Source
    before: str
    quote: str
    after: str
    section: str = ""
    kind: BlockKind = "prose"
    speaker: str | None = None
