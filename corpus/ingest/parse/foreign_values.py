"""Single values of what the sandbox has found: foreign, so that any of them may be missing or of any type."""

from collections.abc import Mapping
from typing import Any

from corpus.text.language import language_tag
from corpus.text.plain import plain

LONGEST_WORD = 30  # characters; what is longer is cut where it must be


def text_of(row: Mapping[str, Any], name: str) -> str:
    """Return a text as it stands there, or "" for what is none."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def line_of(row: Mapping[str, Any], name: str, most: int) -> str:
    """Return a text in one line, without signs that hide or reorder; of a longer one, so many characters with "…"."""
    line = " ".join(plain(text_of(row, name)).split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[-LONGEST_WORD:] else cut}…"


def list_of(value: object) -> list[Any]:
    """Return a list as it stands there, or an empty one for what is none."""
    return value if isinstance(value, list) else []


def language_of(value: object) -> str | None:
    """Return the tag of a language (BCP 47), or None for what is none."""
    try:
        return language_tag(value.strip().replace("_", "-")) if isinstance(value, str) else None
    except ValueError:
        return None
