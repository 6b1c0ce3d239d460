"""Text that comes from outside → entries, or the reason why not. Hostile until it is parsed.

Two formats, one set of rules (`EntryRecord`): a JSONL line, and Markdown with YAML front matter, where the file's body
is the entry's text.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from corpus import budgets
from corpus.ingest.parse.document import FolderFacts
from corpus.ingest.parse.front_matter import BIDIRECTIONAL, DEEP_KEY, in_short, parse_toml
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.text_blocks import find_blocks_of
from corpus.ingest.parse.url_pattern import LONGEST_ADDRESS, checked_pattern
from corpus.models.entries import Access, Block, BlockKind, Entry, Kind, Person, Role, Section, Wording
from corpus.models.sources import ADDRESSES, Source
from corpus.text.json_lines import json_value
from corpus.text.language import language_tag
from corpus.text.urls import web_address

# Letters and signs that show nothing.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # NUL, and halves of surrogate pairs


def _line(value: str) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in BIDIRECTIONAL for c in value):
        raise ValueError("has a line break, a control character or one that reorders text; write it as plain text")
    return value.strip()


def _body(value: str) -> str:
    if NO_TEXT.search(value):
        raise ValueError("has a NUL or half of a surrogate pair, which is no text; save it as UTF-8")
    return value


def _fitting(value: object) -> object:
    """Says of a text that is too long what to do."""
    if isinstance(value, str) and len(value) > budgets.MOST_CHARACTERS:
        raise ValueError(budgets.TOO_LONG)
    return value


def _filled(value: str) -> str:
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in BLANK for c in value):
        raise ValueError("is empty; an entry needs it")
    return value


def _day(value: object) -> object:
    if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}[Tt ]", value):
        raise ValueError("has a time of day; give the day alone, and write it as in 2026-06-01")
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("is no date; write it as in 2026-06-01")
    if not isinstance(value, str | date):
        raise ValueError("is no date; write it as in 2026-06-01")  # noqa: TRY004
    return value


Line = Annotated[str, AfterValidator(_line), AfterValidator(_filled)]
Slug = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Address = Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(web_address)]
Language = Annotated[str, AfterValidator(language_tag)]
LONGEST_TITLE = 500  # characters, of an entry and of a section
LONGEST_LICENCE = 500
MOST_SECTIONS = 5000
MOST_BLOCKS = 20_000
LONGEST_NAME = 200  # of who speaks


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PersonRecord(_Record):
    name: Annotated[Line, Field(max_length=200)]
    role: Role


class SectionRecord(_Record):
    start: Annotated[int, Field(ge=0)]
    title: Annotated[Line, Field(max_length=LONGEST_TITLE)]


class BlockRecord(_Record):
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    kind: BlockKind = "prose"
    speaker: Annotated[str, Field(max_length=200), AfterValidator(_line)] | None = None


class EntryRecord(_Record):
    """What a JSONL line holds, and front matter with its body."""

    id: Annotated[str, Field(max_length=200, pattern=r"^[^\s\x00-\x1f/\\#]+$"), AfterValidator(_line)]
    source: Slug
    kind: Kind
    tier: Annotated[int, Field(ge=1, le=3)]
    url: Address | None = None
    title: Annotated[Line, Field(max_length=LONGEST_TITLE)]
    people: Annotated[list[PersonRecord], Field(max_length=50)]
    published: Annotated[date, BeforeValidator(_day), Field(strict=False)]
    summary: Annotated[str, Field(max_length=20_000), AfterValidator(_body)]
    text: Annotated[
        str,
        BeforeValidator(_fitting),
        Field(max_length=budgets.MOST_CHARACTERS),
        AfterValidator(_body),
        AfterValidator(_filled),
    ]
    access: Access = "full"
    wording: Wording = "author"
    language: Language | None = None
    licence: Annotated[Line, Field(max_length=LONGEST_LICENCE)] | None = None
    sections: Annotated[list[SectionRecord], Field(max_length=MOST_SECTIONS)] = Field(default_factory=list)
    blocks: Annotated[list[BlockRecord], Field(max_length=MOST_BLOCKS)] | None = None

    @field_validator("sections")
    @classmethod
    def _within_the_text(cls, sections: list[SectionRecord], info: ValidationInfo) -> list[SectionRecord]:
        starts = [section.start for section in sections]
        if any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError("is not in order; give each section a higher start than the one before")
        if starts and starts[-1] >= len(info.data.get("text", " " * (starts[-1] + 1))):
            raise ValueError("begins behind the end of the text; count the characters of the text from 0")
        return sections

    @field_validator("blocks")
    @classmethod
    def _in_order(cls, blocks: list[BlockRecord] | None, info: ValidationInfo) -> list[BlockRecord] | None:
        before = 0
        for block in blocks or ():
            if not before <= block.start < block.end:
                raise ValueError("is not in order; let each block begin where the one before ends, or behind it")
            if block.kind == "quote" and block.speaker is None:
                raise ValueError('has a quote of nobody; name its speaker, or write ""')
            before = block.end
        if before > len(info.data.get("text", " " * before)):
            raise ValueError("ends behind the end of the text; count the characters of the text from 0")
        return blocks

    def entry(self) -> Entry:
        """Return the entry; of a text that comes without blocks, those that it shows by itself."""
        fields = {name: getattr(self, name) for name in EntryRecord.model_fields}
        people = tuple(Person(p.name, p.role) for p in self.people)
        sections = tuple(Section(s.start, s.title) for s in self.sections)
        blocks = tuple(Block(b.start, b.end, b.kind, b.speaker) for b in self.blocks or ())
        entry = Entry(**fields | {"people": people, "sections": sections, "blocks": blocks})
        return replace(entry, blocks=find_blocks_of(entry)) if self.blocks is None else entry


def _address_of_posts(value: str) -> str:
    web_address(re.sub(r"\{(?:slug|year|month|day)\}", "x", value))
    return value


class FolderRecord(_Record):
    """A footnote.toml: what the files of a folder share. `address`: see `FolderFacts`."""

    source: Slug | None = None
    tier: Annotated[int, Field(ge=1, le=3)] | None = None
    kind: Kind | None = None
    people: Annotated[list[Annotated[Line, Field(max_length=200)]], Field(max_length=50)] = Field(default_factory=list)
    address: Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(_address_of_posts)] | None = None
    access: Access | None = None
    wording: Wording | None = None
    language: Language | None = None
    licence: Annotated[Line, Field(max_length=LONGEST_LICENCE)] | None = None


class SourceRecord(_Record):
    """A `[[source]]` of sources.toml."""

    slug: Slug
    name: Annotated[Line, Field(max_length=200)]
    tier: Annotated[int, Field(ge=1, le=3)]
    home: Address | None = None
    feed: Address | None = None
    feed_kind: Annotated[str, Field(pattern="^(rss|rdf|atom|json)$")] | None = None
    piece: Annotated[Line, Field(max_length=40)] = "piece"
    sitemap: Address | None = None
    pattern: Annotated[str, AfterValidator(checked_pattern)] | None = None
    pages: Annotated[list[Address], Field(max_length=200)] = Field(default_factory=list)
    folder: Annotated[Line, Field(max_length=1000)] | None = None
    every_hours: Annotated[float, Field(ge=0.25, le=24 * 366, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _followed_in_one_way(self) -> Self:
        # A feed holds the newest alone: a sitemap beside it is for what is older.
        ways = [name for name in ADDRESSES if getattr(self, name)]
        if len(ways) > 1 and ways != ["feed", "sitemap"]:
            raise ValueError(f"has {' and '.join(ways)}; a source is followed in one way, so keep one of them")
        if self.pattern is not None and not self.sitemap:
            raise ValueError("has a pattern without a sitemap, whose addresses it would choose from; take it out")
        return self

    def source(self) -> Source:
        return Source(**self.model_dump() | {"pages": tuple(self.pages)})


def names_given(people: object) -> list[str]:
    """Return the names of people as a record's field gives them, unchecked."""
    listed = people if isinstance(people, list) else []
    return [one["name"] for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)]


def sections_of(found: Iterable[tuple[int, str]], text: str) -> list[dict[str, Any]]:
    """Return those of a text's headings, as (offset, title), that a record takes, as its fields."""
    taken: list[dict[str, Any]] = []
    last = -1
    for start, title in found:
        if last < start < len(text) and len(title) <= LONGEST_TITLE and is_line(title):
            taken.append({"start": start, "title": title})
            last = start
    return taken[:MOST_SECTIONS]


def is_line(value: str) -> bool:
    try:
        return _filled(_line(value)) == value
    except ValueError:
        return False


def parse_json_line(line: str) -> Entry:
    """Return an entry from one line of JSONL. Raises NotAnEntry."""
    return entry_of(parse_json_object(line))


def parse_json_object(line: str) -> Any:
    """Return what a line of JSONL says. Raises NotAnEntry."""
    try:
        return json_value(line, with_nan=True)
    except ValueError as error:
        raise NotAnEntry(f"is not JSON that is taken ({in_short(error)}); each line must be one JSON object") from error


def parse_folder_facts(text: str) -> FolderFacts:
    """Return what a footnote.toml says of the files of its folder. Raises NotAnEntry with what is wrong."""
    try:
        record = FolderRecord.model_validate(parse_toml(text))
    except ValidationError as error:
        raise NotAnEntry(_explain(error)) from error
    fields = {name: value for name, value in record.model_dump().items() if value not in (None, [])}
    address = str(fields.pop("address", ""))
    if record.people:
        fields["people"] = [{"name": name, "role": "author"} for name in record.people]
    return FolderFacts(fields, address)


def parse_sources(text: str) -> list[Source]:
    """Return the sources of a sources.toml. Raises NotAnEntry with what is wrong."""
    if DEEP_KEY.search(text):
        raise NotAnEntry("has a key of more than 20 parts; it may hold [[source]] tables only")
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnEntry(f"is not TOML ({in_short(error)})") from error
    rows = tables.get("source", [])
    if set(tables) - {"source"} or not isinstance(rows, list):
        raise NotAnEntry("may hold [[source]] tables only")
    sources = []
    for number, row in enumerate(rows, start=1):
        try:
            sources.append(SourceRecord.model_validate(row).source())
        except ValidationError as error:
            raise NotAnEntry(f"[[source]] {number}: {_explain(error)}") from error
    return sources


def entry_of(fields: object) -> Entry:
    """Return an entry from its fields, the same for all that comes from outside. Raises NotAnEntry."""
    if not isinstance(fields, dict):
        raise NotAnEntry("is not an object with fields such as id and title")
    try:
        return EntryRecord.model_validate(fields).entry()
    except ValidationError as error:
        raise NotAnEntry(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    """At most three of the faults, as a sentence that names each field."""
    faults = error.errors(include_url=False)
    stated = [_fault(fault) for fault in faults[:3]]
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""  # noqa: PLR2004  the three above
    return "; ".join(stated) + more


REMEDIES = {
    "string_type": "is no text; put quotes around it",
    "id": "may not hold white space, / \\ or #; write it as in my-entry",
    "source": "is no slug; write it in small letters, digits, . _ and -",
    "slug": "is no slug; write it in small letters, digits, . _ and -",
}


def _fault(fault: ErrorDetails) -> str:
    """One fault, as a clause that names its field. What our own validators say stands as they say it."""
    kind, name = fault["type"], ".".join(str(part) for part in fault["loc"])
    ours = str(fault["ctx"]["error"]) if kind == "value_error" else ""
    if not name:  # of a record as a whole
        return ours or fault["msg"]
    if kind == "missing":
        return f"the field {name} is missing"
    if kind == "extra_forbidden":
        return f"the field {in_short(name)} is unknown; take it out"
    reason = REMEDIES.get(name if kind == "string_pattern_mismatch" else kind) or ours
    if not reason:
        reason = "is not right: " + fault["msg"][:1].lower() + fault["msg"][1:]
    value = fault.get("input")
    given = in_short(value) if isinstance(value, str | int | float | date) else ""
    return f"the field {name}{f' ({given!r})' if given else ''} {reason}"
