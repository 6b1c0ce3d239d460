"""The words of sources: what is followed, how each does, and what a check of one found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

IS_ADDRESS = MappingProxyType({"is_address": True})


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
    feed: str | None = field(default=None, metadata=IS_ADDRESS)
    feed_kind: str | None = None
    piece: str = "piece"
    sitemap: str | None = field(default=None, metadata=IS_ADDRESS)
    pattern: str | None = None
    pages: tuple[str, ...] = field(default=(), metadata=IS_ADDRESS)
    folder: str | None = field(default=None, metadata=IS_ADDRESS)
    every_hours: float | None = None

    @property
    def address(self) -> str | None:
        """Where its new pieces are read from; None where it is not followed."""
        given: list[str | tuple[str, ...]] = [value for name in ADDRESSES if (value := getattr(self, name))]
        return (given[0] if isinstance(given[0], str) else given[0][0]) if given else None


# The fields by which a source can be followed, one for each kind of source.
ADDRESSES = tuple(one.name for one in fields(Source) if one.metadata.get("is_address"))


FollowStatus = Literal["followed", "paused", "closed", "removed"]
Verdict = Literal["new", "changed", "unchanged", "passed over", "rejected"]


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between two refreshes. Times are in UTC.

    `address`: the one of the source that it is about. `moved_to`: the one that this redirects to for good. `etag`,
    `last_modified`: what its server said of the answer that was read last; `read_hash`: SHA-256 of that answer.
    `failing_since` is None while it is well; `failure` says in words why the last reading failed. `told`: whether it
    was said that it fails for days. `by`: who set its standing.
    """

    slug: str
    standing: FollowStatus = "followed"
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
class SourceUpdates:
    """What a refresh has learnt of its sources, to be kept: their states, and by slug what each has listed."""

    states: Sequence[SourceState] = ()
    items: Mapping[str, Sequence[SeenItem]] = field(default_factory=dict)


NO_UPDATES = SourceUpdates()


@dataclass(frozen=True, slots=True)
class ExportedSource:
    """A source on its way from one data folder to another. `state`, `seen`: what is remembered of it there."""

    source: Source
    state: SourceState | None = None
    seen: Sequence[SeenItem] = ()


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
class Origins:
    """Where a piece says its title, its people and its day, in words ("JSON-LD author", "feed"); "" where nowhere."""

    title: str = ""
    people: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class TextTaken:
    """How much of a page's words is the piece's text, and what was left out: why → characters without white space."""

    share: float
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """A piece that a source lists, and what a refresh would do with it, and why, as a clause.

    `people` and `origins` are known of those that were read, `text` of those that were read from a page.
    """

    title: str
    url: str
    published: str
    verdict: Verdict
    reason: str = ""
    people: tuple[str, ...] = ()
    origins: Origins = Origins()
    text: TextTaken | None = None


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
