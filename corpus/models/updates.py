"""The words of looking after the corpus: how sources do, plans, reports and runs. No I/O, no clock."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

from corpus.models.entries import Entry, Title

Action = Literal["refresh", "remove", "undo", "follow"]


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


class Counts(NamedTuple):
    """How many entries a run, or the reading of a source, came to."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    removed: int = 0


E = TypeVar("E", Entry, Title)


@dataclass(frozen=True, slots=True)
class Plan(Generic[E]):
    """What a refresh would do. Entries that a refresh does not see stay: missing is not deleted.

    Of a removal or an undo, too: then `changed` holds entries as they will be, `removed` those that leave.
    `duplicates`: those of the new and changed entries that are cross-posts. A plan is made and carried out with the
    entries, and reported with their titles alone.
    """

    new: tuple[E, ...]
    changed: tuple[E, ...]
    unchanged: tuple[E, ...]
    rejected: tuple[Rejected, ...]
    removed: tuple[E, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


def in_titles(plan: Plan[Entry]) -> Plan[Title]:
    """The same plan as it is reported: without the texts, which may be many."""
    new, changed, unchanged, removed = (
        tuple(map(Title.of, entries)) for entries in (plan.new, plan.changed, plan.unchanged, plan.removed)
    )
    return Plan(new, changed, unchanged, plan.rejected, removed, plan.duplicates)


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
class RefreshReport:
    """What a change did, or with `dry_run` would do. `generation` is None where none exists yet.

    `undoes`: the run that an undo goes back on, and `undone` in words: "the refresh by Ada on 24 November 2026 (2 new,
    1 changed)".
    `sources`: how each source that was read went. `saved_plan`: the SHA-256 of the file in which a dry run has kept
    what it would take in.
    """

    plan: Plan[Title]
    dry_run: bool
    generation: int | None
    committed: bool
    indexed: int
    notes: tuple[str, ...] = ()
    undone: str | None = None
    undoes: int | None = None
    sources: tuple[SourceRead, ...] = ()
    saved_plan: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A change of the record. `by`: who wished it, or "". `undoes`: of an undo, the run that it took back.

    `undone`: whether a later run took this one back. `finished` is in UTC. `sources`: slugs of those whose entries or
    description it changed.
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
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry that somebody removed: a refresh does not bring it back, nor another with its address."""

    id: str
    url: str | None
    by: str
    on: date


class Outdated(NamedTuple):
    """An index that another version or model has made. It answers as far as it can be read, and is to be made anew.

    `differs`: in what it is not as it would be made now: model, weights, splitter, words, distance. `reason`: that in
    sentences, with how questions are answered meanwhile; `remedy`: a sentence.
    """

    differs: tuple[str, ...]
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the data folder holds. `behind`: entries that the archive has and the index does not show yet.

    `outdated`: in what the index is not as it would be made now, as `Outdated.differs`.
    """

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
    outdated: tuple[str, ...] = ()


class Progress(Protocol):
    """Called while long work goes on. `current`: what is being done just now, for people: a source, a title."""

    def __call__(self, stage: str, done: int, total: int, current: str = "") -> None: ...


def no_progress(stage: str, done: int, total: int, current: str = "") -> None:
    """For callers that show nothing."""


class CorpusChange(NamedTuple):
    """What a newly opened generation shows otherwise than the one before: the ids of entries."""

    generation: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
