"""What a kind of source is: the protocol, the values that go in and out, and what the kinds share.

A kind is one file beside this one and a line in `registry.py`; a description (`models/sources.py`) is of the kind whose
field it fills.
"""

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.sources.findings import NOTHING_FOUND, Findings
from corpus.ingest.sources.selection import Look, choose
from corpus.models.entries import Entry
from corpus.models.fetched import Fetched, FetchFailed, FetchOutcome, Gone, NotModified, Validators
from corpus.models.items import Item, Listing
from corpus.models.sources import SeenItem, Source, SourceState
from corpus.text.media_type import Want

if TYPE_CHECKING:
    from corpus.ingest.sources.web import Web

TIER = 3  # of what nobody has described yet
OnStep = Callable[[str, str], None]  # called with each step of asking for a list, and what came of it


def ignore_step(step: str, found: str) -> None:
    """Show nothing: for callers that need not know of each step."""


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What is known of a source before it is read. `seen`: by key; `recent`: its newer entries."""

    state: SourceState
    seen: Mapping[str, SeenItem]
    recent: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How the sources are to be read. `known`: keys of the addresses that the record knows.

    `whole`: read the lists though they have not changed. `anew`: keys of pieces to look at, whatever is known of them.
    `characters`: that the refresh has of other texts already.
    """

    now: datetime
    known: Container[str]
    backfill: bool = False
    whole: bool = False
    anew: frozenset[str] = frozenset()
    characters: int = 0

    @property
    def conditional(self) -> bool:
        """Whether a list that has not changed need not be read."""
        return not (self.backfill or self.whole or self.anew)

    def validators(self, state: SourceState) -> Validators:
        """Return what a server needs to say that its list has not changed, where that is enough."""
        return Validators(state.etag, state.last_modified) if self.conditional else Validators()


@dataclass(frozen=True, slots=True)
class ReadContext:
    """With what a source is read. `on_step`: see `OnStep`."""

    memory: SourceMemory
    options: ReadOptions
    web: "Web"
    on_step: OnStep = ignore_step


@dataclass(frozen=True, slots=True)
class Lookup:
    """An address at which something may be followed. `pattern`: for those of a sitemap's addresses that are wanted."""

    address: str
    pattern: str | None
    web: "Web"


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list of a source came to. `failure`: why it gives nothing, as a clause.

    `looks`: a verdict for each listed piece. `found`: of a source that is read as it is listed, its pieces themselves.
    """

    source: Source
    outcome: Literal["read", "unchanged", "failed", "closed"]
    failure: str = ""
    moved_to: str | None = None
    validators: Validators = field(default_factory=Validators)
    read_hash: str | None = None
    looks: tuple[Look, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # (where, reason) of what is listed and is no piece
    to_come: bool = False  # some of that will be one
    asked: str | None = None  # the address that was asked
    found: Findings = NOTHING_FOUND
    note: str = ""  # what of the list could not be decoded, as a clause
    unreached: bool = False  # the request never came to its host, as where there is no network

    @property
    def number(self) -> int:
        """How many pieces are listed."""
        return len(self.looks) + self.found.pieces

    @property
    def wanted(self) -> list[Item]:
        return [look.item for look in self.looks if look.verdict == "look"]


class SourceKind(Protocol):
    """A way in which new pieces of a source are found. `field`: that of a `Source` which makes it one of this kind."""

    @property
    def field(self) -> str: ...

    @property
    def needs_web(self) -> bool:
        """Whether it can be read only where the web may be."""

    def list_items(self, source: Source, context: ReadContext, /) -> Listed:
        """Return what a source lists, and which of it is to be looked at. Whatever goes wrong is an outcome."""

    def describe(self, lookup: Lookup, /) -> Source | None:
        """Return the source of this kind that can be followed at an address, without a slug; None for other kinds'.

        Raises NotAnEntry, SourceRefused for what should be one and cannot be read.
        """


def look_over(listing: Listing, came: Listed, memory: SourceMemory, options: ReadOptions) -> Listed:
    """Return a list with a verdict for each of its pieces. An empty one is a failure: nothing is taken from it."""
    if not listing.items:
        before = f", where there were {len(memory.seen)} before" if memory.seen else ""
        why = f"; the first: {listing.refused[0].reason}" if listing.refused else ""
        return Listed(came.source, "failed", f"it lists no piece that can be read{before}{why}")
    looks = choose(
        listing.items,
        memory.seen,
        options.known,
        first=memory.state.succeeded is None,
        backfill=options.backfill,
        anew=options.anew,
    )
    refused = tuple((one.where, one.reason) for one in listing.refused)
    to_come = any(one.later for one in listing.refused)
    return replace(came, looks=tuple(looks), refused=refused, to_come=to_come, note=listing.note)


def read_list(
    outcome: FetchOutcome,
    came: Listed,
    context: ReadContext,
    what: str,
    parse: Callable[[Fetched], Listing],
    *,
    is_main: bool = True,
) -> Listed:
    """Return what a fetched list came to. `came`: the source and the address that was asked; `what`: for failures.

    `is_main`: it is the list by which the source is followed; of another one nothing is remembered.
    """
    source, state, options = came.source, context.memory.state, context.options
    match outcome:
        case NotModified(moved_to=moved_to):
            former = options.validators(state)
            return replace(came, outcome="unchanged", moved_to=moved_to, validators=former, read_hash=state.read_hash)
        case Gone():
            return Listed(source, "closed" if is_main else "failed", f"{what} is gone for good (410)")
        case FetchFailed(reason=reason, unreached=unreached):
            return Listed(source, "failed", f"{what} {reason}", unreached=unreached)
        case Fetched() as fetched:
            pass
    read_hash = hashlib.sha256(fetched.body).hexdigest()
    if is_main:
        came = replace(came, moved_to=fetched.moved_to, validators=fetched.validators, read_hash=read_hash)
        if read_hash == state.read_hash and options.conditional:
            return replace(came, outcome="unchanged")
    try:
        listing = parse(fetched)
    except NotAnEntry as reason:
        return Listed(source, "failed", f"{what} {reason}")
    return look_over(listing, came, context.memory, options)


def fetch_or_refuse(address: str, want: Want, web: "Web") -> Fetched:
    """Return what stands at an address. Raises NotAnEntry."""
    match web.fetcher.fetch(address, want):
        case Fetched() as fetched:
            return fetched
        case FetchFailed(reason=reason):
            raise NotAnEntry(reason)
        case _:
            raise NotAnEntry("is gone for good (410)")
