"""A page of a PDF → its lines in the order of reading, told by where they stand and how large they are written.

A raised number is no part of the number before it, two columns are read one after the other, and what stands apart
(a title, a heading, a caption) is parted by an empty line. Imports nothing of ours.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from statistics import median
from typing import Any, NamedTuple

SMALLER = 0.85  # of the size of its line: what is raised or lowered is written smaller
RAISED, LOWERED = 0.12, 0.08  # of that size, above or below the line: footnote marks of TeX are raised by a third
APART = 1.6  # times the usual distance of lines: between paragraphs, and around headings
OTHER_SIZE = 1.08  # of the size of the line before: a heading, a caption
SAME_ROW = 0.3  # of the size: the lines of two columns stand on one height
FEWEST_ROWS, FEWEST_LETTERS = 3, 18  # rows of a column, letters of each line in it: cells of tables have fewer
MOST_COLUMNS = 4
INDENT = 2.5  # times the size: a paragraph's first line in a column
GAP = 1.0  # times the size: what may part two columns, if it does so in several rows
LETTER, MOST_LETTERS = 0.46, 256  # of the size: a letter's width, where a font does not say it; letters of a font
TITLE_SIZE = 1.15  # of the size of the text
FIRST_LINES, TITLE_LINES = 12, 4
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
SAME_PLACE = 0.1  # points
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
SHOWN = {b"Tj", b"TJ", b"'", b'"'}  # operators that show text
HIGH, LOW = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ers|re|e|es|è?me|o|a|ª|º|TM|®|™)")
NUMBERS = re.compile(r"[-+−]?\d{1,3}")
NOTES = re.compile(r"[*†‡§¶#]+|\d{1,3}(?:\s*[,–-]\s*\d{1,3})*,?|\[\d{1,3}\]|[a-z]")
YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d$")
UNITS = frozenset("m km cm mm nm µm ft mi yd in s ms kg g mol l".split())
LONGEST_WORD = 60  # letters before what is raised that are looked at
VARIABLE = re.compile(r"(?:^|[^\W_]*[^\w])(?P<word>[^\W\d_]+)$")


class Fragment(NamedTuple):
    """A stretch of text as it is shown: where its baseline begins and about ends, in points, and its size."""

    text: str
    x: float
    y: float
    size: float
    end: float


class Line(NamedTuple):
    """A line, or what one column has of it. `size`: of most of its letters."""

    text: str
    x: float
    y: float
    size: float
    end: float


def read_lines(page: Any) -> list[Line]:
    """Return the lines of a page, as they are to be read; an empty one where a paragraph ends to the eye.

    `page`: pypdf's.
    """
    cells = (_compose(cell) for fragments in _gather(page) for cell in _split_at_gaps(fragments))
    return _part(_order_columns([cell for cell in cells if cell.text]))


class Shown(NamedTuple):
    """A string that is shown: where the line that it is on was set to begin, and its letters.

    `gap`: the room before it, in parts of its size, where it follows another one without being set anew; else 0.
    """

    x: float
    gap: float
    letters: int


def _gather(page: Any) -> Iterator[list[Fragment]]:
    """Yield the fragments of each line."""
    reading = _Reading()
    page.extract_text(visitor_operand_before=reading.note_operator, visitor_text=reading.note_text)
    line: list[Fragment] = []
    for fragment in reading.fragments:
        first, *more = fragment.text.split("\n")
        line.append(fragment._replace(text=first))
        for text in more:
            yield line
            line = [fragment._replace(text=text)]
    yield line


class _Reading:
    """What pypdf tells of a page while it reads it: operators, and the text that they have shown, some at a time."""

    def __init__(self) -> None:
        self.fragments: list[Fragment] = []
        self._rise = self._rise_shown = 0.0
        self._shown: list[Shown] = []
        self._widths: dict[int, tuple[int, list[float]]] = {}

    def note_operator(self, operator: bytes, operands: Sequence[Any], cm: Sequence[float], tm: Sequence[float]) -> None:
        if operator == b"Ts":
            self._rise = float(operands[0]) if operands and isinstance(operands[0], int | float) else 0.0
        elif operator in SHOWN and operands:
            self._rise_shown = self._rise
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            gap = 0.0
            for part in operands[-1] if isinstance(operands[-1], list) else [operands[-1]]:
                if isinstance(part, str | bytes):
                    letters = sum(not chr(c).isspace() for c in part) if isinstance(part, bytes) else _count(part)
                    self._shown.append(Shown(x, gap, letters))
                    gap = 0.0
                elif isinstance(part, int | float):
                    gap -= float(part) / 1000

    def note_text(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        scale = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5] + self._rise_shown * scale
        size = abs(size) * scale
        if id(font) not in self._widths:
            self._widths[id(font)] = _widths_of(font)
        first, widths = self._widths[id(font)]
        for piece, shown in _cut(text, self._shown):
            if shown:
                x = self.fragments[-1].end + shown.gap * size if shown.gap else shown.x
            places = (ord(c) - first for c in piece)
            width = sum(widths[place] if 0 <= place < len(widths) else LETTER for place in places) * size
            written = piece.replace("\0", "").translate(LIGATURES)
            self.fragments.append(Fragment(written, x, y, size, x + width))
        if text:
            self._shown = []


def _count(text: str) -> int:
    """Return how many letters a text has, and other signs that are no space."""
    return sum(not c.isspace() for c in text)


def _cut(text: str, shown: Sequence[Shown]) -> Iterator[tuple[str, Shown | None]]:
    """Yield a text in pieces, one for each place that it was set to, with the string that begins there.

    pypdf joins what stands on one height: so the letters of each string are counted. Where they are not those of the
    text (two bytes a letter, ligatures, from right to left), it is one piece.
    """
    starts = [n for n, one in enumerate(shown) if n and (one.gap > GAP or abs(one.x - shown[n - 1].x) > SAME_PLACE)]
    if not starts or sum(one.letters for one in shown) != _count(text) or RIGHT_TO_LEFT.search(text):
        yield text, None
        return
    place, before = 0, None
    for begin, end in pairwise([0, *starts]):
        left = sum(one.letters for one in shown[begin:end])
        stop = place
        while left:
            left -= not text[stop].isspace()
            stop += 1
        yield text[place:stop], before
        place, before = stop, shown[end]
    yield text[place:], before


def _widths_of(font: Any) -> tuple[int, list[float]]:
    """Return the first character that a font gives the width of, and the widths from there on, in parts of its size."""
    try:
        return int(font["/FirstChar"]), [float(width) / 1000 or LETTER for width in font["/Widths"][:MOST_LETTERS]]
    except (TypeError, ValueError, LookupError, AttributeError):  # none is given, or something else than numbers
        return 0, []


def _split_at_gaps(fragments: Sequence[Fragment]) -> Iterator[list[Fragment]]:
    """Yield the fragments of a line in stretches that a wide gap parts: of two columns, or cells of a table."""
    cell: list[Fragment] = []
    end = 0.0
    for fragment in fragments:
        if not fragment.text.strip():
            cell.append(fragment)
            continue
        if cell and fragment.x - end > GAP * fragment.size:
            yield cell
            cell = []
        end = max(end if cell else 0.0, fragment.end)
        cell.append(fragment)
    yield cell


def _compose(fragments: Sequence[Fragment]) -> Line:
    """Return a line from its fragments, with raised and lowered figures told from the others."""
    shown = [one for one in fragments if one.text.strip()]
    if not shown:
        return Line("", 0, 0, 0, 0)
    letters: Counter[float] = Counter()
    for one in shown:
        letters[round(one.size, 1)] += len(one.text.strip())
    size = max(letters, key=lambda of_size: (letters[of_size], of_size))
    base = next(one for one in shown if round(one.size, 1) == size)
    text = ""
    for one in fragments:
        small = one.size < size * SMALLER and bool(one.text.strip())
        if small and one.y > base.y + size * RAISED:
            text = _add_raised(text, one.text)
        elif small and one.y < base.y - size * LOWERED and text[-1:].isdigit():
            text += one.text.translate(LOW)
        else:
            text += one.text
    return Line(" ".join(text.split()), shown[0].x, base.y, size, max(one.end for one in shown))


def _add_raised(before: str, raised: str) -> str:
    """Return the text before with what is raised behind it: an exponent stays one (10²⁵), the mark of a note goes.

    What may be either stays, raised: the number is the one that stands on the page.
    """
    mark, stem = raised.strip(), before.rstrip()
    gap = " " if raised[-1:].isspace() else ""
    if not stem:  # the mark before the text of a note
        return f"{before}{mark} "
    last, tail = stem[-1], stem[-LONGEST_WORD:]
    word = VARIABLE.search(tail)
    is_variable = bool(word and (len(word["word"]) == 1 or word["word"] in UNITS))
    if ORDINAL.fullmatch(mark) and (last.isdigit() or not NOTES.fullmatch(mark)):
        return stem + mark + gap
    if last.isdigit() and NOTES.fullmatch(mark) and YEAR.search(tail):
        return stem + gap
    if NUMBERS.fullmatch(mark) and (last.isdigit() or last in ")]" or is_variable):
        return stem + mark.translate(HIGH) + gap
    if NOTES.fullmatch(mark) and not (mark.isalpha() and (last.isdigit() or is_variable)):
        return stem + gap
    power = mark.translate(HIGH)
    return (
        stem + (power if not any(c.isascii() for c in power) else f"^{mark}" if len(mark) == 1 else f"^({mark})") + gap
    )


def _order_columns(lines: Sequence[Line]) -> list[Line]:
    """Return lines that were written row by row over several columns, column by column; else each row as one line."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if last and abs(line.y - last.y) <= SAME_ROW * last.size and line.x > last.x:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered: list[Line] = []
    at = 0
    while at < len(rows):
        starts = [cell.x for cell in rows[at]]
        end = _end_of_columns(rows, at, starts)
        stretch, at = rows[at:end], end
        cells = [cell for row in stretch for cell in row]
        full = sum(1 for row in stretch if len(row) == len(starts))
        if full >= FEWEST_ROWS and sum(len(cell.text) for cell in cells) >= FEWEST_LETTERS * len(cells):
            ordered += sorted(cells, key=lambda cell: _column_of(cell, starts) or 0)
        else:
            ordered += [row[0]._replace(text=" ".join(c.text for c in row), end=row[-1].end) for row in stretch]
    return ordered


def _end_of_columns(rows: Sequence[list[Line]], at: int, starts: Sequence[float]) -> int:
    """Return behind which row the columns end that begin in this one, at these places; behind itself where it has one.

    Whether they are columns of text or of a table is not looked at: so no row is looked at twice.
    """
    end = at + 1
    if not 2 <= len(starts) <= MOST_COLUMNS:  # noqa: PLR2004  one column is none
        return end
    while end < len(rows):
        columns = [_column_of(cell, starts) for cell in rows[end]]
        if None in columns or len(set(columns)) < len(columns):
            break
        end += 1
    return end


def _column_of(cell: Line, starts: Sequence[float]) -> int | None:
    """Return in which column a line stands, if it does not reach into the next one."""
    column = next((n for n, x in enumerate(starts) if -cell.size <= cell.x - x <= INDENT * cell.size), None)
    if column is None or column + 1 == len(starts):
        return column
    return column if cell.end < starts[column + 1] else None


def _part(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with an empty one between those that stand apart, or are written in another size."""
    steps = [above.y - below.y for above, below in pairwise(lines)]
    usual = median(step for step in steps if step > 0) if any(step > 0 for step in steps) else 0
    parted: list[Line] = list(lines[:1])
    for (above, below), step in zip(pairwise(lines), steps, strict=True):
        sizes = sorted((above.size, below.size))
        if (usual and step > APART * usual) or sizes[1] > OTHER_SIZE * sizes[0]:
            parted.append(below._replace(text=""))
        parted.append(below)
    return parted


def find_title(lines: Sequence[Line]) -> str:
    """Return what is written largest among the first lines of a document, where it is larger than the text; else ""."""
    shown = [line for line in lines if line.text]
    letters: Counter[float] = Counter()
    for line in shown:
        letters[line.size] += len(line.text)
    if not letters:
        return ""
    usual = max(letters, key=lambda size: letters[size])
    largest = max(line.size for line in shown[:FIRST_LINES])
    first = next(n for n, line in enumerate(shown) if line.size == largest)
    title = [line.text for line in takewhile(lambda line: line.size == largest, shown[first:])]
    return " ".join(title) if largest > TITLE_SIZE * usual and len(title) <= TITLE_LINES else ""
