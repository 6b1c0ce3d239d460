"""Lines of questions with known answers: hostile until parsed. docs/eval.md says what a line may hold. Pure."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.errors import InputRefused
from corpus.filters import parse_filters
from corpus.models.search import Filters
from corpus.models.updates import Rejected
from corpus.query.question import clean_question
from corpus.text.json_lines import TOO_LONG, json_value

NO_KIND = "question"
FILTERS = ("since", "until", "source", "person")
LONGEST_ID = 200  # characters of an id or a kind
LONGEST_SHOWN = 80  # characters of what is shown of a bad line


@dataclass(frozen=True, slots=True)
class KnownQuote:
    """What answers a question: a stretch of an entry's text, by its words, its place, or both."""

    entry: str
    text: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with what is known of its answer; `line`: where it stands. `asked_on`: from when "last month" counts.

    `quotes`: what answers it; none where the corpus does not, and None where that is not known. `relevant`: entry →
    how much it has to do with the question; empty where that is not known.
    """

    id: str
    kind: str
    question: str
    earlier: tuple[str, ...]
    filters: Filters
    quotes: tuple[KnownQuote, ...] | None
    relevant: Mapping[str, float]
    line: int
    asked_on: date | None = None

    @property
    def place(self) -> str:
        return f"line {self.line} ({self.id})"

    @property
    def key(self) -> str:
        """Return a short hash of all that is asked and known: two reports can be compared where it agrees."""
        known = None if self.quotes is None else [(q.entry, " ".join(q.text.split()) or q.start) for q in self.quotes]
        filters = [str(getattr(self.filters, name)) for name in FILTERS]
        asked = (self.question, self.earlier, filters, str(self.asked_on), known, sorted(self.relevant.items()))
        return hashlib.sha256(repr(asked).encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Questions:
    """What the lines hold. `empty`: how many are still to be filled in."""

    asked: tuple[KnownQuestion, ...]
    empty: int
    rejected: tuple[Rejected, ...]


class _Unusable(Exception):
    """Why a line is no question, as a clause behind its place, with the remedy."""


def read_questions(lines: Iterable[tuple[int, str | None]]) -> Questions:
    """Return the questions of numbered lines, as of ``enumerate(file, start=1)``; a bad line is among `rejected`.

    None is a line that is too long to be read.
    """
    asked: dict[str, KnownQuestion] = {}
    empty, rejected = 0, []
    for number, line in lines:
        if line is not None and not line.strip():
            continue
        try:
            question = _parse_line(number, line, asked)
        except _Unusable as reason:
            rejected.append(Rejected(f"line {number}", f"{reason}."))
        else:
            empty += question is None
            asked |= {question.id: question} if question else {}
    return Questions(tuple(asked.values()), empty, tuple(rejected))


def _parse_line(number: int, line: str | None, others: Mapping[str, KnownQuestion]) -> KnownQuestion | None:
    """Return a line's question; None for one that is still to be filled in."""
    if line is None:
        raise _Unusable(TOO_LONG)
    try:
        fields = json_value(line.removeprefix("\ufeff"))
    except ValueError as error:
        raise _Unusable("is not JSON; write one object a line, as docs/eval.md shows") from error
    if not isinstance(fields, dict):
        raise _Unusable('is no object; write {"id": …, "question": …, "quotes": […]}')
    text = fields.get("question")
    if not isinstance(text, str):
        raise _Unusable('has no "question"; write it as a text, or "" where it is still to be filled in')
    if not text.strip():
        return None
    name = _parse_name("id", fields.get("id"))
    if name in others:
        raise _Unusable(f"has the id of line {others[name].line}, {name}; give it another one")
    quotes, relevant = _parse_quotes(fields.get("quotes")), _parse_relevant(fields.get("relevant"))
    if quotes is None and not relevant:
        raise _Unusable('has neither "quotes" nor "relevant"; write "quotes": [] where the corpus does not answer it')
    try:
        return KnownQuestion(
            name,
            _parse_name("kind", fields.get("kind", NO_KIND)),
            clean_question(text),
            _parse_earlier(fields.get("earlier")),
            parse_filters(**{name: _parse_optional(name, fields.get(name)) for name in FILTERS}),
            quotes,
            relevant,
            number,
            _parse_day(fields.get("asked")),
        )
    except InputRefused as error:
        raise _Unusable(f"cannot be asked: {str(error).removesuffix('.')}") from error


def _parse_name(field: str, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > LONGEST_ID:
        raise _Unusable(f'has no "{field}" that is a line of at most {LONGEST_ID} characters; give it one')
    return value.strip()


def _parse_optional(field: str, value: Any) -> str | None:
    if not isinstance(value, str | None):
        raise _Unusable(f'has a "{field}" that is no text; write it in quotation marks, or leave it out')
    return value


def _parse_day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise _Unusable('has an "asked" that is no day; write it as 2026-06-01, or leave it out') from error


def _parse_earlier(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Unusable('has an "earlier" that is no list of texts; write the earlier questions, oldest first')
    return tuple(clean_question(one) for one in value)


def _parse_quotes(value: Any) -> tuple[KnownQuote, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise _Unusable('has "quotes" that are no list; write [{"entry": ID, "text": …}], or [] for no answer')
    return tuple(_parse_quote(one) for one in value)


def _parse_quote(value: Any) -> KnownQuote:
    fields = value if isinstance(value, dict) else {}
    entry, text = fields.get("entry"), fields.get("text", "")
    start: Any = fields.get("start")
    end: Any = fields.get("end")
    if not isinstance(entry, str) or not entry.strip() or not isinstance(text, str):
        raise _Unusable('has a quote that is not {"entry": ID, "text": …}; write it so')
    are_counts = all(isinstance(place, int) and not isinstance(place, bool) for place in (start, end))
    if (start, end) != (None, None) and not (are_counts and 0 <= start < end):
        raise _Unusable('has a quote whose "start" and "end" are no stretch; correct them, or leave both out')
    if not text.strip() and start is None:
        raise _Unusable('has a quote without "text"; copy the words from the entry')
    return KnownQuote(entry.strip(), text, start, end)


def _parse_relevant(value: Any) -> dict[str, float]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(_is_grade(grade) for grade in value.values()):
        raise _Unusable('has a "relevant" that is not {ENTRY_ID: grade}, with numbers from 0 on; write it so')
    if not any(value.values()):
        raise _Unusable('has a "relevant" without any grade above 0; name an entry, or leave it out')
    return {entry: float(grade) for entry, grade in value.items() if grade}


def _is_grade(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e6 and math.isfinite(value)  # noqa: PLR2004


def shown(text: str) -> str:
    """Return a text from outside as part of a sentence: in one line, without what steers a terminal."""
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return f"{line[:LONGEST_SHOWN]}…" if len(line) > LONGEST_SHOWN else line
