"""The headings of an entry: under which one a quote stands, and which lines of its text are no sentences. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from corpus.models.entries import Entry, Section
from corpus.models.search import Span


def heading_over(entry: Entry, place: int) -> str:
    """The title of the section that a place of the text is in, or ""."""
    behind = bisect_right(entry.sections, place, key=lambda section: section.start)
    return entry.sections[behind - 1].title if behind else ""


def heading_lines(entry: Entry, within: Span) -> list[Span]:
    """Where headings stand within a stretch of the text; where a section begins with a sentence, there is none."""
    first = bisect_right(entry.sections, within.start, key=lambda section: section.start)
    sections = entry.sections[max(0, first - 1) :]
    return list(_lines(entry.text, [s for s in sections if s.start < within.end]))


def without(stretch: Span, headings: Sequence[Span], text: str) -> list[Span]:
    """The parts of a stretch of the text that are in no heading, without the white space beside those."""
    inside = [h for h in headings if h.start < stretch.end and stretch.start < h.end]
    if not inside:
        return [stretch]
    edges = [stretch.start, *(edge for heading in inside for edge in heading), stretch.end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [_trimmed(text, Span(start, end)) for start, end in pairs if text[start:end].strip()]


def _trimmed(text: str, part: Span) -> Span:
    words = text[part.start : part.end]
    return Span(part.end - len(words.lstrip()), part.start + len(words.rstrip()))


def _lines(text: str, sections: Sequence[Section]) -> Iterator[Span]:
    for start, title in sections:
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if line.lstrip().startswith("#") or _letters(line) == _letters(title):
            yield Span(start, start + len(line))


def _letters(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())
