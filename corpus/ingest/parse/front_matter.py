"""Front matter: plain fields in YAML, TOML or JSON, at the top of a text or in a file of their own.

The one place that knows YAML.
"""

import json
import re
import tomllib
import unicodedata
from datetime import date
from typing import Any, NamedTuple

import yaml

from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.text.json_lines import json_value

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<meta>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# As Hugo writes TOML, and as Eleventy and others name the language behind the dashes.
OTHER_FRONT = re.compile(
    r"\A(?:(?P<plus>\+\+\+)|---(?P<language>yaml|toml|json))[ \t]*\n(?P<meta>.*?)^(?(plus)\+\+\+|---)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
JSON_FRONT = re.compile(r"\A\{\s*\"")
# A key of many parts (a.a.a…): the parser of TOML takes time by the square of their number, 45 s for 64 kB.
DEEP_KEY = re.compile(r"""(?:(?:"(?:[^"\\\n]|\\.)*+"|'[^'\n]*'|(?<![\w-])[\w-]++)[ \t]*+\.[ \t]*+){20}""")
LONGEST_FRONT = 64_000  # bytes; the worst of this length that is known to us keeps the library busy for two seconds
DEEPEST = 8  # lists and fields in one another: people has three
LONGEST_NUMBER = 20  # digits
NO_ALIAS = "an alias (*) or a tag (!), which are not taken: write the value itself"
# Characters that reorder what a reader sees: a title or a name made of them could pretend to be another.
BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Fronted(NamedTuple):
    """A text with the fields that stand above it; `fields` is None where there are none."""

    fields: dict[str, Any] | None
    body: str


class _NotTaken(yaml.MarkedYAMLError):
    """What YAML allows and front matter does not."""


class _PlainLoader(yaml.SafeLoader):
    """YAML as people mean it: of plain values null, true, false, whole and decimal numbers and days are no text.

    YAML 1.1, which the library reads by itself, has more: No and on are booleans there, 010 is 8, 1:30 is 90 (and takes
    minutes, where it is long), << takes in other fields. Nor are there aliases, which multiply a few bytes into
    gigabytes, tags, of which front matter needs none, and fields that are named twice.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  the library's way to say what a class resolves
    levels = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) is not None:
            raise _NotTaken(problem=NO_ALIAS, problem_mark=event.start_mark)
        self.levels += 1
        if self.levels > DEEPEST:
            raise _NotTaken(problem="lists and fields in one another, too many", problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.levels -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        found = super().construct_mapping(node, deep)
        if len(found) < len(node.value):
            raise _NotTaken(problem="a field that is named twice; keep one", problem_mark=node.start_mark)
        return found

    def whole_number(self, node: Any) -> int:
        if len(node.value) > LONGEST_NUMBER:
            raise _NotTaken(problem="a huge number; put quotes around it", problem_mark=node.start_mark)
        return int(node.value)

    def day(self, node: Any) -> date:
        try:
            return date.fromisoformat(node.value)
        except ValueError as error:
            raise _NotTaken(
                problem="a day that no calendar has; write it as in 2026-06-01", problem_mark=node.start_mark
            ) from error


for _kind, _written, _begins in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)", "-+.0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_written})\Z"), list(_begins))
_PlainLoader.add_constructor("tag:yaml.org,2002:int", _PlainLoader.whole_number)
_PlainLoader.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))
_PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", _PlainLoader.day)


def split_front_matter(text: str) -> Fronted:
    """Return a text apart from its front matter, with the line ends of Unix. Raises NotAnEntry where that is broken.

    In YAML between ---, TOML between +++, JSON in braces, or between --- with the name of one of these behind it.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if match := FRONT_MATTER.match(text):
        return Fronted(parse_front_matter(match["meta"], first_line=2), text[match.end() :])
    if match := OTHER_FRONT.match(text):
        language = match["language"] or "toml"
        parse = {"yaml": parse_front_matter, "toml": parse_toml, "json": _parse_json}[language]
        return Fronted(parse(match["meta"]), text[match.end() :])
    if JSON_FRONT.match(text):  # Hugo's; a text may begin with a brace, and have none
        try:
            _, end = json.JSONDecoder().raw_decode(text[: LONGEST_FRONT + 1])
        except (ValueError, RecursionError):
            return Fronted(None, text)
        return Fronted(_parse_json(text[:end]), text[end:])
    return Fronted(None, text)


def parse_toml(written: str) -> dict[str, Any]:
    """Return the fields of a TOML document. Raises NotAnEntry."""
    _check_length(written)
    if DEEP_KEY.search(written):
        raise NotAnEntry('has a key of more than 20 parts; write plain fields such as title = "My entry"')
    try:
        return _checked(tomllib.loads(written))
    except (ValueError, RecursionError) as error:
        raise NotAnEntry(f"has broken front matter: it is not TOML ({in_short(error)})") from error


def _parse_json(written: str) -> dict[str, Any]:
    _check_length(written)
    try:
        return _checked(json_value(written))
    except ValueError as error:
        raise NotAnEntry(f"has broken front matter: it is not JSON that is taken ({in_short(error)})") from error


def _check_length(written: str) -> None:
    if len(written.encode(errors="replace")) > LONGEST_FRONT:
        raise NotAnEntry(f"has front matter of more than {LONGEST_FRONT // 1000} kB; the text stands below it")


def _checked(fields: Any) -> dict[str, Any]:
    if not isinstance(fields, dict):
        raise NotAnEntry("has front matter that is not a list of fields such as id: my-entry")
    if "text" in fields:
        raise NotAnEntry("has a field text in its front matter; the text stands below it")
    return fields


def parse_front_matter(written: str, first_line: int = 1) -> dict[str, Any]:
    """Return the fields of front matter without its dashes. `first_line`: the number of its first line in the file."""
    _check_length(written)
    try:
        fields = yaml.load(written, _PlainLoader)  # noqa: S506  a SafeLoader, and stricter
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise NotAnEntry(_broken(error, first_line)) from error
    return _checked({} if fields is None else fields)  # nothing between the dashes, or comments


def _broken(error: Exception, first_line: int) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return "has broken front matter; write plain fields such as id: my-entry"
    mark = error.problem_mark
    line = f" in line {mark.line + first_line}" if mark else ""
    remedy = "" if isinstance(error, _NotTaken) else "; put quotes around values with a colon"
    return f"has broken front matter: {in_short(error.problem)}{line}{remedy}"


def in_short(value: object) -> str:
    """Return what a reason shows of a value from outside: one short line that cannot steer a terminal."""
    try:
        text = " ".join(str(value).split())
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a huge number"
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and c not in BIDIRECTIONAL)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  one line of a terminal
