"""Lines of JSON from outside: read one at a time, and none of them fills the memory or means two things."""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

LONGEST_LINE = (
    4_000_000  # bytes: 8 for each character of the longest entry. Parsed, a line takes up to 12 times as much
)
DEEPEST = 20  # lists and objects in one another: an entry has three
TOO_DEEP = f"it is nested more than {DEEPEST} deep"
TOO_LONG = f"is longer than {LONGEST_LINE // 1_000_000} MB, which is more than a line may have; split it"


def lines_of(stream: BinaryIO, most: int = sys.maxsize) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number, from 1; None stands for one longer than LONGEST_LINE, which is passed over.

    A line that does not end is the last one, though more of it may be written meanwhile. `most`: bytes that are read at
    all.
    """
    number, left = 0, most
    while line := stream.readline(min(LONGEST_LINE + 1, left)):
        number, left, rest = number + 1, left - len(line), line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            line, rest = b"", stream.readline(min(LONGEST_LINE + 1, left))
            left -= len(rest)
        yield number, line or None
        if not rest.endswith(b"\n"):
            return


def json_value(line: str, *, with_nan: bool = False) -> Any:
    """Return what a line of JSON says. Raises ValueError with a clause, also for what parsers read differently.

    `with_nan`: NaN and infinity are read, which no standard has, so that a field that cannot take them is named.
    """
    try:
        value = json.loads(line, parse_constant=None if with_nan else _refuse_nan, object_pairs_hook=_make_object)
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error
    _check_depth(value, DEEPEST)
    return value


def _refuse_nan(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("it names a field twice")
    return fields


def _check_depth(value: Any, levels: int) -> None:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if inner and not levels:
        raise ValueError(TOO_DEEP)
    for one in inner:
        if isinstance(one, dict | list):
            _check_depth(one, levels - 1)
