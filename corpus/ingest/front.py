"""Front matter: plain fields in YAML, at the top of a text or in a file of their own. The one place that knows YAML."""

import re
import unicodedata
from typing import Any, NamedTuple

import yaml

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<meta>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# Characters that reorder what a reader sees: a title or a name made of them could pretend to be another.
BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class NotAnEntry(Exception):  # it is an outcome that `refresh` reports, not an error that a person meets
    """The reason why a text is not an entry, as a clause that fits behind the file's name."""


class NotReadNow(NotAnEntry):
    """The same of what this computer could not read just now: another time it may."""


class Fronted(NamedTuple):
    """A text with the fields that stand above it; `fields` is None where there are none."""

    fields: dict[str, Any] | None
    body: str


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, which multiply a few bytes into gigabytes, and without tags, of which it needs none."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="an alias (*) or a tag (!), which are not taken: write the value itself,",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


def fronted(text: str) -> Fronted:
    """A text apart from its front matter, with the line ends of Unix. Raises NotAnEntry where that is broken."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = FRONT_MATTER.match(text)
    return Fronted(fields_of(match["meta"], first_line=2), text[match.end() :]) if match else Fronted(None, text)


def fields_of(written: str, first_line: int = 1) -> dict[str, Any]:
    """The fields of front matter without its dashes. `first_line`: the number of its first line in the file."""
    try:
        fields = yaml.load(written, _PlainLoader)  # noqa: S506  a SafeLoader, and stricter
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise NotAnEntry(_broken(error, first_line)) from error
    if not isinstance(fields, dict):
        raise NotAnEntry("has front matter that is not a list of fields such as id: my-entry")
    if "text" in fields:
        raise NotAnEntry("has a field text in its front matter; the text stands below it")
    return fields


def _broken(error: Exception, first_line: int) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return "has broken front matter; write plain fields such as id: my-entry"
    mark = error.problem_mark
    line = f" in line {mark.line + first_line}" if mark else ""
    remedy = "" if "alias" in str(error.problem) else "; put quotes around values with a colon"
    return f"has broken front matter: {in_short(error.problem)}{line}{remedy}"


def in_short(value: object) -> str:
    """What a reason shows of a value from outside: one short line that cannot steer a terminal."""
    try:
        text = " ".join(str(value).split())
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a huge number"
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and c not in BIDIRECTIONAL)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  one line of a terminal
