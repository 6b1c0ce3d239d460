"""The headings of an entry: under which one a quote stands, and which lines of its text are no sentences. Pure."""

from bisect import bisect_right
from collections.abc import Sequence

from corpus.models.entries import Entry
from corpus.models.search import Span


def find_heading(entry: Entry, place: int) -> str:
    """Return the title of the section that a place of the text is in, or ""."""
    behind = bisect_right(entry.sections, place, key=lambda section: section.start)
    return entry.sections[behind - 1].title if behind else ""


def find_heading_lines(entry: Entry, within: Span) -> list[Span]:
    """Return the lines within a stretch of the text that are headings; a section may begin with a sentence instead."""
    first = bisect_right(entry.sections, within.start, key=lambda section: section.start)
    lines = []
    for start, title in entry.sections[max(0, first - 1) :]:
        if start >= within.end:
            break
        end = entry.text.find("\n", start)
        line = entry.text[start : end if end >= 0 else len(entry.text)]
        if line.lstrip().startswith("#") or _letters_of(line) == _letters_of(title):
            lines.append(Span(start, start + len(line)))
    return lines


def cut_headings(stretch: Span, headings: Sequence[Span], text: str) -> list[Span]:
    """Return the parts of a stretch of the text that are in no heading, without the white space beside those."""
    inside = [h for h in headings if h.start < stretch.end and stretch.start < h.end]
    if not inside:
        return [stretch]
    edges = [stretch.start, *(edge for heading in inside for edge in heading), stretch.end]
    pairs = [(start, end, text[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [Span(end - len(part.lstrip()), start + len(part.rstrip())) for start, end, part in pairs if part.strip()]


def _letters_of(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())
