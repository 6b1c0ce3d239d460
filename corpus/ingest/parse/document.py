"""A file as it was found, before it is parsed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from corpus.ingest.parse.not_an_entry import NotAnEntry

BESIDE = ".yaml"  # behind a file's whole name: what it does not say of itself
Line = str | NotAnEntry


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What all files of a folder share. `fields`: of an entry, where a file does not say them itself.

    `address`: at which the site of the files stands, perhaps with {slug}, {year}, {month} and {day}. `rows`: the fields
    that a list of the posts has of each, by the name of its file without the ending. `names`: of people, by the keys
    that the posts have for them.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class Remark(NamedTuple):
    """What people are told of files, all together: `value` is the ending, the field or the place that it is about.

    `changed` and `created`: the day of publication is that of the last change, or of the making of a PDF. Of `export`,
    what comes with one, and of `piece`, what is wrong with one that was taken, it is the whole sentence.
    """

    topic: Literal["export", "ending", "hidden", "draft", "field", "changed", "created", "piece"]
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `format`: markdown, sources or text; or page or pdf, which are bytes: `body`.

    Of jsonl, `lines` has each line that holds something with its number, or why it cannot be read; it reads them from
    the file, so that it must be used before the next document is asked for. `beside`: what stands in the file beside
    it, as front matter without its dashes. `shipped`: whether it is part of this program.
    """

    where: str
    format: str
    text: str = ""
    body: bytes = b""
    beside: str = ""
    lines: Iterable[tuple[int, Line]] = field(default=(), compare=False)
    shipped: bool = False
    facts: FolderFacts = field(default_factory=FolderFacts, compare=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file inside a folder that could not be read, and why."""

    where: str
    reason: str
