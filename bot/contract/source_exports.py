"""The JSON of a source in an export: one line or several, which a refresh takes in elsewhere (docs/json.md)."""

from dataclasses import dataclass
from typing import Literal

from bot.contract.schema import Json, Number, Tier, Time, filled, written
from corpus import ExportedSource


@dataclass(frozen=True, slots=True)
class DescribedSource:
    """A source as it is described to be taken in."""

    slug: str
    name: str
    tier: Tier
    home: str | None
    feed: str | None
    feed_kind: str | None
    piece: str
    sitemap: str | None
    pattern: str | None
    pages: tuple[str, ...]
    every_hours: Number | None


@dataclass(frozen=True, slots=True)
class RememberedState:
    """What is remembered of a source between two readings."""

    standing: Literal["followed", "paused", "closed", "removed"]
    address: str | None
    moved_to: str | None
    etag: str | None
    last_modified: str | None
    read_hash: str | None
    tried: Time | None
    succeeded: Time | None
    failed: Time | None
    failure: str
    failing_since: Time | None
    due: Time | None
    by: str


@dataclass(frozen=True, slots=True)
class ListedPiece:
    """A piece that a source has listed."""

    key: str
    fingerprint: str
    passed: bool
    etag: str | None
    last_modified: str | None
    read: Time | None


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """A source in an export."""

    footnote_source: Literal[1]
    source: DescribedSource
    state: RememberedState | None
    seen: tuple[ListedPiece, ...]


def exported_source_json(exported: ExportedSource) -> Json:
    """A source as an export carries it; what is not known is left out."""
    whole = written(filled(ExportedLine, exported, footnote_source=1))
    parts = [whole["source"], whole["state"] or {}, *whole["seen"]]
    for part in parts:
        for name in [name for name, value in part.items() if value is None]:
            del part[name]
    return whole
