"""A file as it was found, before it is parsed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.ingest.parse.not_an_entry import NotAnEntry

BESIDE = ".yaml"  # behind a file's whole name: what it does not say of itself
Line = str | NotAnEntry


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


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file inside a folder that could not be read, and why."""

    where: str
    reason: str
