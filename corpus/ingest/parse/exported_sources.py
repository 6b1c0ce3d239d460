"""A line of an export that carries a source, with what is remembered of it → checked values. Hostile until parsed."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from corpus.ingest.parse.entry_records import Address, SourceRecord
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.models.sources import ExportedSource, FollowStatus, SeenItem, SourceState

MARK = "footnote_source"  # the key by which such a line is known; its value is the version of its form
MOST_SEEN = 20_000  # pieces in a line
Time = Annotated[AwareDatetime, Field(strict=False)]
Header = Annotated[str, Field(max_length=500, pattern=r"^[ -~]*$")]
Print = Annotated[str, Field(max_length=64, pattern=r"^[0-9a-f]*$")]
Words = Annotated[str, Field(max_length=2000)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)  # a later version may say more


class StateRecord(_Record):
    """The state of a source, without its slug."""

    standing: FollowStatus = "followed"
    address: Words | None = None
    moved_to: Address | None = None
    etag: Header | None = None
    last_modified: Header | None = None
    read_hash: Print | None = None
    tried: Time | None = None
    succeeded: Time | None = None
    failed: Time | None = None
    failure: Words = ""
    failing_since: Time | None = None
    due: Time | None = None
    by: Annotated[str, Field(max_length=200)] = ""


class SeenRecord(_Record):
    """A piece that a source has listed."""

    key: Annotated[str, Field(min_length=1, max_length=2500)]
    fingerprint: Print
    passed: bool = False
    etag: Header | None = None
    last_modified: Header | None = None
    read: Time | None = None


class ExportedSourceRecord(_Record):
    """Such a line. Of a source that has listed much there are several, each with a part of that."""

    footnote_source: Literal[1]
    source: SourceRecord
    state: StateRecord | None = None
    seen: Annotated[list[SeenRecord], Field(max_length=MOST_SEEN)] = Field(default_factory=list)


def parse_exported_source(fields: dict[str, Any]) -> ExportedSource:
    """Return the source that a line of an export carries. Raises NotAnEntry."""
    try:
        record = ExportedSourceRecord.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))[:100]
        raise NotAnEntry(
            f"is no source as `footnote export` writes it ({where}: {fault['msg']}); export anew"
        ) from error
    source = record.source.source()
    state = SourceState(source.slug, **record.state.model_dump()) if record.state else None
    return ExportedSource(source, state, tuple(SeenItem(**one.model_dump()) for one in record.seen))
