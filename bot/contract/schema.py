"""The JSON that programs rely on, as dataclasses: each field is a key, in its order. docs/json.md says it in words.

`written` makes a value of them JSON, `read` takes JSON back. Keys are never renamed or dropped within a major version;
what is read may have more of them, and may lack those with a default.
"""

from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import Field, PlainSerializer, TypeAdapter, ValidationError

from corpus import FileRefused

# Raised when keys are added. 1: none said it. 2: `contract` itself; whose words they are: `blocks`, `kind`, `speaker`.
# 3: `outcome`, `highlights`; `listing`, `kind`.
CONTRACT = 3

T = TypeVar("T")
Json = dict[str, Any]
Count = Annotated[int, Field(ge=0, le=2**53)]
Number = int | float  # written as it is: 6 hours are no 6.0
Day = date  # "2026-04-21"
Time = Annotated[datetime, PlainSerializer(lambda time: time.isoformat())]
Second = Annotated[datetime, PlainSerializer(lambda time: time.isoformat(timespec="seconds"))]
Tier = Annotated[int, Field(ge=1, le=3)]
Kind = Literal["event", "guide"]
Outcome = Literal["answered", "closest", "not_covered", "listed", "talk"]
BlockKind = Literal["prose", "list", "table", "code", "reference", "quote", "caption"]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: Literal["author", "host", "guest"]


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    title: str
    url: str | None
    source: str
    tier: Tier
    kind: Kind
    people: tuple[Person, ...]
    published: Day
    access: Literal["full", "teaser"]
    wording: Literal["author", "summary"]


@dataclass(frozen=True, slots=True)
class Section:
    start: Count
    title: str


@dataclass(frozen=True, slots=True)
class Block:
    start: Count
    end: Count
    kind: BlockKind
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Record(Entry):
    """An entry whole, in the form that is imported."""

    language: str | None
    licence: str | None
    summary: str
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Related:
    guides: tuple[Entry, ...]
    events: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page(Record):
    related: Related
    copies: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    citations: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    start: Count
    end: Count


@dataclass(frozen=True, slots=True)
class Citation:
    number: Count
    entry: Entry
    quote: str
    start: Count
    end: Count
    passage: str
    section: str
    kind: BlockKind
    speaker: str | None
    highlights: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds."""

    embed: Number
    search: Number
    compose: Number
    total: Number


@dataclass(frozen=True, slots=True)
class Counted:
    name: str
    entries: Count


@dataclass(frozen=True, slots=True)
class Listing:
    line: str
    entries: tuple[Entry, ...]
    counts: tuple[Counted, ...]
    total: Count
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    covered: bool
    confidence: Annotated[float, Field(ge=0, le=1)]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    related: Related
    nearest: tuple[Entry, ...]
    timings_ms: Timings
    generation: Count
    understood: str
    notes: tuple[str, ...]
    near: tuple[Citation, ...]
    passing: Count
    outcome: Outcome
    listing: Listing | None
    kind: str


@dataclass(frozen=True, slots=True)
class Hit:
    """`entry`: its id."""

    entry: str
    start: Count
    end: Count
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Hits:
    question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How reading a source went: `outcome` is read, unchanged, failed or closed, and `sentence` says it in words."""

    slug: str
    name: str
    outcome: str
    sentence: str = ""
    items: Count = 0
    new: Count = 0
    changed: Count = 0
    unchanged: Count = 0
    rejected: Count = 0


@dataclass(frozen=True, slots=True)
class CrossPost:
    """The entry `id` says what the entry `of` said before."""

    id: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What changed, or with `dry_run` would change: ids of entries.

    `undoes`: the run that an undo goes back on, and `undone` in words. `saved_plan`: the SHA-256 of the plan that a dry
    run has kept.
    """

    dry_run: bool
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    indexed: Count = 0
    committed: bool
    generation: Count | None = None
    notes: tuple[str, ...] = ()
    undone: str | None = None
    undoes: Count | None = None
    sources: tuple[SourceReport, ...] = ()
    duplicates: tuple[CrossPost, ...] = ()
    saved_plan: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    slug: str
    name: str
    tier: Tier
    piece: str
    home: str | None
    address: str | None
    feed: str | None
    sitemap: str | None
    pattern: str | None
    pages: tuple[str, ...]
    folder: str | None
    every_hours: Number | None


@dataclass(frozen=True, slots=True)
class Health(Source):
    """A source with how it does; `cited`: its share of the citations that are kept."""

    standing: Literal["followed", "paused", "closed", "removed"]
    moved_to: str | None
    tried: Second | None
    succeeded: Second | None
    failed: Second | None
    failure: str
    failing_since: Second | None
    due: Second | None
    entries: Count
    newest: Day | None
    teasers: Count
    duplicates: Count
    cited: Number | None


@dataclass(frozen=True, slots=True)
class Step:
    step: str
    found: str
    fine: bool


@dataclass(frozen=True, slots=True)
class Origins:
    title: str
    people: str
    published: str


@dataclass(frozen=True, slots=True)
class TextTaken:
    share: Annotated[float, Field(ge=0, le=1)]
    left_out: dict[str, Count]


@dataclass(frozen=True, slots=True)
class CheckedItem:
    title: str
    url: str
    published: str
    verdict: Literal["new", "changed", "unchanged", "passed over", "rejected"]
    reason: str
    people: tuple[str, ...]
    origins: Origins
    text: TextTaken | None


@dataclass(frozen=True, slots=True)
class Check:
    address: str
    source: Source | None
    steps: tuple[Step, ...]
    items: tuple[CheckedItem, ...]


@dataclass(frozen=True, slots=True)
class Run:
    run: Count
    finished: Time
    action: Literal["refresh", "remove", "undo", "follow"]
    by: str
    new: Count
    changed: Count
    unchanged: Count
    removed: Count
    rejected: Count
    undoes: Count | None
    undone: bool
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    data_dir: str
    entries: Count
    guides: Count
    events: Count
    sources: tuple[str, ...]
    newest: Day | None
    generation: Count | None
    generations: tuple[Count, ...]
    passages: Count
    model: str
    behind: Count
    bytes: Count
    notes: tuple[str, ...]
    outdated: tuple[str, ...] = ()


@cache
def adapter(shape: Any) -> TypeAdapter[Any]:
    """Return what checks and writes values of a class of the schema; making one takes milliseconds."""
    return TypeAdapter(shape)


def written(value: Any) -> Json:
    """Return a value of the schema as a plain dictionary, ready for `json.dumps`."""
    plain: Json = adapter(type(value)).dump_python(value, mode="json")  # type: ignore[arg-type]
    return plain


def versioned(value: Any) -> Json:
    """Return what a command gives as one object, with the version of this contract as its last key."""
    return {**written(value), "contract": CONTRACT}


def read(shape: type[T], value: Any, place: str, what: str) -> T:
    """Return JSON from outside as a value of the schema. Raises FileRefused, with the key that is wrong."""
    try:
        checked: T = adapter(shape).validate_python(value)  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise FileRefused(f"{place} is no whole {what} ({where}: {fault['msg']}); make it anew.") from error
    return checked


@cache
def hints_of(shape: Any) -> dict[str, Any]:
    """Return field → type of a class of the schema, worked out once: an answer is made of some forty."""
    return get_type_hints(shape)


def filled(shape: type[T], *values: object, **given: object) -> T:
    """Return a value of the schema, filled from the attributes of the first of the values that has each.

    What has another name there, or is made of several, is `given`.
    """
    hints = hints_of(shape)  # type: ignore[arg-type]
    found = {name: next(getattr(v, name) for v in values if hasattr(v, name)) for name in hints.keys() - given.keys()}
    return shape(**{name: _fitted(hint, (found | given)[name]) for name, hint in hints.items()})


def _fitted(hint: Any, value: Any) -> Any:
    """The value, or the same as a part of the schema, or several of them, where that is what is hinted."""
    if value is None:
        return None
    if isinstance(hint, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_fitted(get_args(hint)[0], one) for one in value)
    if get_origin(hint) is dict:
        return {name: _fitted(get_args(hint)[1], one) for name, one in value.items()}
    return filled(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
