"""Text that comes from outside → entries, or the reason why not. Hostile until it is parsed.

Two formats, one set of rules (`EntryRecord`): a JSONL line, and Markdown with YAML front matter, where the file's body
is the entry's text.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpus.models import Access, Entry, Kind, Person, Role, Source, Wording

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<meta>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# Letters and signs that show nothing.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Characters that reorder what a reader sees: a title or a name made of them could pretend to be another.
BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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


class NotAnEntry(Exception):  # it is an outcome that `refresh` reports, not an error that a person meets
    """The reason why a text is not an entry, as a clause that fits behind the file's name."""


def _line(value: str) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in BIDIRECTIONAL for c in value):
        raise ValueError("has a line break, a control character or one that reorders text; write it as plain text")
    return value.strip()


def _body(value: str) -> str:
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        raise ValueError("has a NUL or half of a surrogate pair, which is no text; save it as UTF-8")
    return value


def _filled(value: str) -> str:
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in BLANK for c in value):
        raise ValueError("is empty; an entry needs it")
    return value


def _day(value: object) -> object:
    if isinstance(value, datetime):
        raise ValueError("has a time of day; give the day alone, as in 2026-06-01")  # noqa: TRY004  pydantic reads it
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("is no date; write it as in 2026-06-01")
    if not isinstance(value, str | date):
        raise ValueError("is no date; write it as in 2026-06-01")  # noqa: TRY004
    return value


# Names of one or more labels, in any script, or an IPv6 address.
HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")


def web_address(value: str) -> str:
    """The address itself, if it is one that a link may point to: http or https, with a host, without a password."""
    if re.search(r"[\s<>\"\\\x00-\x20\x7f]", value) or any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in value
    ):
        raise ValueError("has a space or a character that no address has")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError("is no address; it should look like https://example.org/piece") from error
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host) or not port_is_fine:
        raise ValueError("is no web address; it should look like https://example.org/piece")
    if parts.username is not None or parts.password is not None:
        raise ValueError("carries a user name or a password; take it out")
    return value


Line = Annotated[str, AfterValidator(_line), AfterValidator(_filled)]
Slug = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PersonRecord(_Record):
    name: Annotated[Line, Field(max_length=200)]
    role: Role


class EntryRecord(_Record):
    """What a JSONL line holds, and front matter with its body."""

    id: Annotated[str, Field(max_length=200, pattern=r"^[^\s\x00-\x1f/\\#]+$"), AfterValidator(_line)]
    source: Slug
    kind: Kind
    tier: Annotated[int, Field(ge=1, le=3)]
    url: Annotated[str, Field(max_length=2000), AfterValidator(web_address)] | None = None
    title: Annotated[Line, Field(max_length=500)]
    people: Annotated[list[PersonRecord], Field(max_length=50)]
    published: Annotated[date, BeforeValidator(_day), Field(strict=False)]
    summary: Annotated[str, Field(max_length=20_000), AfterValidator(_body)]
    text: Annotated[str, Field(max_length=5_000_000), AfterValidator(_body), AfterValidator(_filled)]
    access: Access = "full"
    wording: Wording = "author"

    def entry(self) -> Entry:
        people = tuple(Person(p.name, p.role) for p in self.people)
        return Entry(**{name: getattr(self, name) for name in EntryRecord.model_fields} | {"people": people})


class SourceRecord(_Record):
    """A `[[source]]` of sources.toml."""

    slug: Slug
    name: Annotated[Line, Field(max_length=200)]
    tier: Annotated[int, Field(ge=1, le=3)]
    home: Annotated[str, AfterValidator(web_address)] | None = None
    feed: Annotated[str, AfterValidator(web_address)] | None = None
    feed_kind: Annotated[str, Field(pattern="^(rss|atom|json)$")] | None = None
    piece: Annotated[Line, Field(max_length=40)] = "piece"


def parse_json_line(line: str) -> Entry:
    """An entry from one line of JSONL. Raises NotAnEntry."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotAnEntry(f"is not JSON ({_short(error)}); each line must be one JSON object") from error
    return entry_of(fields)


def parse_markdown(text: str) -> Entry:
    """An entry from Markdown with front matter; the body, without blank lines around it, is its text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = FRONT_MATTER.match(text)
    if not match:
        raise NotAnEntry("has no front matter; begin it with a line ---, the fields, and another line ---")
    try:
        fields = yaml.load(match["meta"], _PlainLoader)  # noqa: S506  a SafeLoader, and stricter
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise NotAnEntry(_broken_front_matter(error)) from error
    if not isinstance(fields, dict):
        raise NotAnEntry("has front matter that is not a list of fields such as id: my-entry")
    if "text" in fields:
        raise NotAnEntry("has a field text in its front matter; the text stands below it")
    return entry_of({"summary": "", **fields, "text": text[match.end() :].strip()})


def _broken_front_matter(error: Exception) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return "has broken front matter; write plain fields such as id: my-entry"
    mark = error.problem_mark
    line = f" in line {mark.line + 2}" if mark else ""  # the first line is the ---
    remedy = "" if "alias" in str(error.problem) else "; put quotes around values with a colon"
    return f"has broken front matter: {_short(error.problem)}{line}{remedy}"


def parse_sources(text: str) -> list[Source]:
    """The sources of a sources.toml. Raises NotAnEntry with what is wrong."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnEntry(f"is not TOML ({_short(error)})") from error
    rows = tables.get("source", [])
    if set(tables) - {"source"} or not isinstance(rows, list):
        raise NotAnEntry("may hold [[source]] tables only")
    return [_source(number, row) for number, row in enumerate(rows, start=1)]


def _source(number: int, row: object) -> Source:
    try:
        return Source(**SourceRecord.model_validate(row).model_dump())
    except ValidationError as error:
        raise NotAnEntry(f"[[source]] {number}: {_explain(error)}") from error


def entry_of(fields: object) -> Entry:
    """An entry from its fields, the same for all that comes from outside. Raises NotAnEntry."""
    if not isinstance(fields, dict):
        raise NotAnEntry("is not an object with fields such as id and title")
    try:
        return EntryRecord.model_validate(fields).entry()
    except ValidationError as error:
        raise NotAnEntry(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    """At most three of the faults, as a sentence that names each field."""
    faults = error.errors(include_url=False, include_context=False)
    said = [_fault(f["type"], f["loc"], f["msg"], f.get("input")) for f in faults[:3]]
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""  # noqa: PLR2004  the three above
    return "; ".join(said) + more


REMEDIES = {
    "string_type": "is no text; put quotes around it",
    "id": "may not hold white space, / \\ or #; write it as in my-entry",
    "source": "is no slug; write it in small letters, digits, . _ and -",
    "slug": "is no slug; write it in small letters, digits, . _ and -",
}


def _fault(kind: str, where: Sequence[Any], message: str, value: Any) -> str:
    name = ".".join(str(part) for part in where)
    if kind == "missing":
        return f"the field {name} is missing"
    if kind == "extra_forbidden":
        return f"the field {_short(name)} is unknown; take it out"
    said = REMEDIES.get(name if kind == "string_pattern_mismatch" else kind) or message.removeprefix("Value error, ")
    if said == message:
        said = "is not right: " + said[:1].lower() + said[1:]
    given = _short(value) if isinstance(value, str | int | float | date) else ""
    return f"the field {name}{f' ({given!r})' if given else ''} {said}"


def _short(value: object) -> str:
    try:
        text = " ".join(str(value).split())
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a huge number"
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and c not in BIDIRECTIONAL)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  one line of a terminal
