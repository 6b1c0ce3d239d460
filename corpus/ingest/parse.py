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
# Characters that reorder what a reader sees: a title or a name made of them could pretend to be another.
BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
    if not value.strip():
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


def web_address(value: str) -> str:
    """The address itself, if it is one that a link may point to: http or https, with a host, without a password."""
    if re.search(r"[\s<>\"\x00-\x20\x7f]", value) or any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in value):
        raise ValueError("has a space or a character that no address has")
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError("is no address; it should look like https://example.org/piece") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_fine:
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
    return _entry(fields)


def parse_markdown(text: str) -> Entry:
    """An entry from Markdown with front matter; the body, without blank lines around it, is its text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = FRONT_MATTER.match(text)
    if not match:
        raise NotAnEntry("has no front matter; begin it with a line ---, the fields, and another line ---")
    try:
        fields = yaml.safe_load(match["meta"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotAnEntry(f"has broken front matter ({_short(error)}); put quotes around values with a colon") from error
    if not isinstance(fields, dict):
        raise NotAnEntry("has front matter that is not a list of fields such as id: my-entry")
    if "text" in fields:
        raise NotAnEntry("has a field text in its front matter; the text stands below it")
    return _entry({"summary": "", **fields, "text": text[match.end() :].strip()})


def parse_sources(text: str) -> list[Source]:
    """The sources of a sources.toml. Raises NotAnEntry with what is wrong."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnEntry(f"is not TOML ({_short(error)})") from error
    rows = tables.get("source", [])
    if set(tables) - {"source"} or not isinstance(rows, list):
        raise NotAnEntry("may hold [[source]] tables only")
    try:
        return [Source(**SourceRecord.model_validate(row).model_dump()) for row in rows]
    except ValidationError as error:
        raise NotAnEntry(_explain(error)) from error


def _entry(fields: object) -> Entry:
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


def _fault(kind: str, where: Sequence[Any], message: str, value: Any) -> str:
    name = ".".join(str(part) for part in where)
    if kind == "missing":
        return f"the field {name} is missing"
    if kind == "extra_forbidden":
        return f"the field {_short(name)} is unknown; take it out"
    said = message.removeprefix("Value error, ")
    if not message.startswith("Value error, "):
        said = "is not right: " + said[:1].lower() + said[1:]
    shown = f" ({_short(value)!r})" if isinstance(value, str | int | float | date) and str(value).strip() else ""
    return f"the field {name}{shown} {said}"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and c not in BIDIRECTIONAL)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  one line of a terminal
