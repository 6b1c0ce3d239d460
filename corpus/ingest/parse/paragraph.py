"""A paragraph of a text, with what a page says of it."""

from typing import NamedTuple

from corpus.models.entries import BlockKind


class Paragraph(NamedTuple):
    """Lines without an empty one between them, and what the page says of them."""

    start: int
    end: int
    words: str
    kind: BlockKind = "prose"
    speaker: str | None = None
