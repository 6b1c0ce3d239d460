"""A question that was asked, with what came of it. Plain data; an earlier report gives it again."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.models.answers import Timings
from corpus.models.updates import Rejected


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote of the answer: ``text`` is characters `start` to `end` of the entry's text."""

    entry: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its values of the figures that it counts for.

    `key`: a hash of all that was asked and known. `question`: as it was understood. `answerable`: None where that is
    not known. `known`: the words that answer it. `invented`: quotes that their entries do not hold, which none should.
    """

    id: str
    kind: str
    key: str
    question: str
    answerable: bool | None
    covered: bool
    confidence: float
    values: Mapping[str, float]
    timings_ms: Timings
    quoted: tuple[Quoted, ...] = ()
    known: tuple[str, ...] = ()
    invented: int = 0

    @property
    def is_borne_out(self) -> bool:
        """Whether the confidence is right: there is an answer and, where something was quoted, it is in that."""
        return bool(self.answerable and (not self.covered or self.values.get("right")))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Questions that were asked of a corpus. `empty` and `rejected`: those that were not, and why."""

    judged: tuple[Judged, ...]
    generation: int | None
    model: str
    entries: int
    passages: int
    empty: int = 0
    rejected: tuple[Rejected, ...] = ()
