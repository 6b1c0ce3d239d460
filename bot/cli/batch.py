"""Lines of questions from a file or from standard input: hostile until parsed."""

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import TOO_LONG, FileRefused, Filters, InputRefused, json_value, lines_of, parse_filters

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line's question with its filters, and the id that its answer repeats."""

    id: Any
    question: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no question, with the id if it could be read."""

    id: Any
    reason: str


def read_batch(place: str, given: Mapping[str, str | None]) -> Iterator[BatchQuestion | BadLine]:
    """Each line's question, in order. `given`: the filters of the command line, which a line's own replace."""
    for number, line in numbered_lines(place):
        yield BadLine(None, f"Line {number} {TOO_LONG}.") if line is None else _parse(number, line, given)


def _parse(number: int, line: str, given: Mapping[str, str | None]) -> BatchQuestion | BadLine:
    try:
        fields = json_value(line)
    except ValueError:
        return BadLine(None, f"Line {number} is not JSON.")
    if not isinstance(fields, dict):
        return BadLine(None, f'Line {number} is no object; write {{"id": …, "question": "…"}}.')
    name = fields.get("id") if _is_json(fields.get("id")) else None
    question = fields.get("question")
    chosen = {key: fields.get(key, value) for key, value in given.items()}
    wrong = [key for key, value in chosen.items() if not isinstance(value, str | None)]
    if not isinstance(question, str):
        return BadLine(name, f'Line {number} has no "question"; write {{"id": …, "question": "…"}}.')
    if wrong:
        return BadLine(name, f"Line {number}: the filter {wrong[0]} must be a text.")
    try:
        return BatchQuestion(name, question, parse_filters(**chosen))
    except InputRefused as error:
        return BadLine(name, str(error))


def _is_json(value: Any) -> bool:
    """Whether a value can be written as JSON again: 1e999 is read as infinity, which it has not."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return True


def numbered_lines(place: str) -> Iterator[tuple[int, str | None]]:
    """The lines of a file, or of the standard input, that hold something; None is one that is too long to be read.

    Raises FileRefused.
    """
    try:
        with contextlib.ExitStack() as opened:
            stream = sys.stdin.buffer if place == STANDARD_INPUT else opened.enter_context(Path(place).open("rb"))
            for number, line in lines_of(stream):
                if line is None:
                    yield number, None
                elif line.strip():
                    # What is no UTF-8 becomes U+FFFD: the line may still be JSON, and its id may still be read.
                    yield number, line.decode("utf-8", errors="replace")
    except FileNotFoundError as error:
        raise FileRefused(f"{place} does not exist; check the path.") from error
    except OSError as error:
        raise FileRefused(f"{place} cannot be read ({error.strerror}); check the path and its permissions.") from error
