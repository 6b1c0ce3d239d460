"""Files and folders, and the shipped corpus: read, parsed, and the reason kept for whatever is not taken."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.ingest.parse.document import Document, Line, Remark, Unreadable
from corpus.ingest.parse.documents import NEEDED, read_file, read_markdown, read_record
from corpus.ingest.parse.entry_records import EntryRecord, entry_of, parse_json_object, parse_sources
from corpus.ingest.parse.exported_sources import MARK, parse_exported_source
from corpus.ingest.parse.front_matter import FRONT_MATTER, in_short
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.sources.findings import Findings, Outcome, sort_findings
from corpus.ingest.sources.local_files import read_documents
from corpus.models.sources import Source

FOLDER_REMEDY = "only who runs this may have a folder followed: take it out, and say `footnote sources add FOLDER`"
NAMES_SOURCE = re.compile(r"^source:[ \t]*([a-z0-9][a-z0-9._-]*)[ \t]*$", re.MULTILINE)


def import_files(
    paths: Sequence[Path] | None, characters: int = 0, source: Source | None = None, only: str | None = None
) -> Findings:
    """Return what these files and folders hold, or the shipped corpus. Raises FileRefused for a path that is missing.

    `characters`: that the refresh has of other texts already. `source`: the one whose folder this is. `only`: a slug;
    a shipped entry of another source is not even parsed.
    """
    with Sandbox() as sandbox:  # it starts no process before the first file that needs one
        return sort_findings(_read(paths, sandbox, only), source, characters)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sources that the shipped corpus describes, and the slugs that its entries name, without parsing these."""

    described: tuple[Source, ...]
    named: tuple[str, ...]


def read_shelf() -> Shelf:
    """Return what the shipped corpus says of sources."""
    documents = [document for document in read_documents(None) if isinstance(document, Document)]
    described = [outcome for one in documents if one.format == "sources" for _, outcome in read_sources_file(one)]
    named = (named_source(document.text) for document in documents)
    return Shelf(tuple(s for s in described if isinstance(s, Source)), tuple(filter(None, dict.fromkeys(named))))


def _read(paths: Sequence[Path] | None, sandbox: Sandbox, only: str | None) -> Iterator[tuple[str, Outcome]]:
    for document in read_documents(paths):
        match document:
            case Remark():
                yield "", document
            case Unreadable():
                yield document.where, NotAnEntry(document.reason.rstrip("."))
            case Document(format="sources"):
                yield from read_sources_file(document)
            case Document(format="jsonl"):
                for number, line in document.lines:
                    yield from _read_line(document, f"{document.where}:{number}", line, sandbox)
            case Document(format="page" | "text" | "pdf"):
                yield document.where, read_file(document, sandbox)
            case _ if not (only and document.shipped and named_source(document.text) not in {only, None}):
                found, remarks = read_markdown(document, sandbox)
                yield from (("", remark) for remark in remarks)
                yield document.where, found


def _read_line(document: Document, where: str, line: Line, sandbox: Sandbox) -> Iterator[tuple[str, Outcome]]:
    """Yield the entry that a line of JSON is, the page that it describes, an exported source, or why it is none."""
    try:
        if isinstance(line, NotAnEntry):
            raise line
        fields = parse_json_object(line)
        if isinstance(fields, dict) and MARK in fields:
            exported = parse_exported_source(fields)
            a_folder = NotAnEntry(f"names a folder for the source {exported.source.slug}; {FOLDER_REMEDY}")
            yield where, a_folder if exported.source.folder else exported
            return
        if not isinstance(fields, dict) or not fields.keys() >= {*NEEDED, "text"}:
            yield where, read_record(document, where, fields, sandbox)
            return
        unknown = [name for name in fields if name not in EntryRecord.model_fields]
        yield from (("", Remark("field", in_short(name))) for name in unknown)
        yield where, entry_of({"summary": ""} | {name: fields[name] for name in fields if name not in unknown})
    except NotAnEntry as reason:
        yield where, reason


def named_source(text: str) -> str | None:
    """Return the slug that front matter names plainly as its source; None where only YAML can say."""
    front = FRONT_MATTER.match(text)
    found = NAMES_SOURCE.search(front["meta"]) if front else None
    return found[1] if found else None


def read_sources_file(document: Document) -> Iterator[tuple[str, Source | NotAnEntry]]:
    """Yield the sources that a file describes. Who writes such a file must not choose what folder is read."""
    try:
        sources = parse_sources(document.text)
    except NotAnEntry as reason:
        yield document.where, reason
        return
    for source in sources:
        if source.folder and not document.shipped:
            yield document.where, NotAnEntry(f"names a folder for the source {source.slug}; {FOLDER_REMEDY}")
        else:
            yield document.where, source
