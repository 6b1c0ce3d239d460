"""The words of search: passages, what is found, how cosines are scaled, and which entries may be used."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from corpus.models.entries import Entry, Kind

Half = Literal["meaning", "words", "both"]


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


NO_FILTERS = Filters()
