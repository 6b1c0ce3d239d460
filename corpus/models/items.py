"""What a publication lists, as plain values."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["rss", "atom", "rdf", "json", "sitemap"]


@dataclass(frozen=True, slots=True)
class Item:
    """A piece as a list names it. `day` and `updated` are "" where they are not told, `html` where the text is not.

    `updated`: an instant in UTC (2026-06-01T12:00:00Z), or a day. `fingerprint` changes with all that is said of it.
    """

    url: str
    key: str
    title: str
    people: tuple[str, ...]
    day: str
    updated: str
    summary: str
    html: str
    access: Literal["full", "teaser"]
    language: str | None
    licence: str | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class NoItem:
    """What is listed and is no item, by its address or its place, and why, as a clause. `later`: it will be one."""

    where: str
    reason: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists: the newest first where days are told, else as listed. `more`: sitemaps it is spread over.

    `note`: what of it could not be decoded, as a clause.
    """

    title: str
    home: str
    kind: Kind
    language: str | None
    items: tuple[Item, ...]
    refused: tuple[NoItem, ...]
    more: tuple[str, ...] = ()
    note: str = ""
