"""Gather what the sources hold: read, parse, and keep the reason for whatever was not taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.ingest.parse import NotAnEntry, parse_json_line, parse_markdown, parse_sources
from corpus.ingest.sources import Document, Unreadable, read_documents
from corpus.models import Entry, Rejected, Source


@dataclass(slots=True)
class Gathered:
    """Entries as (where, entry) in the order found, the sources named beside them, and what was rejected."""

    entries: list[tuple[str, Entry]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def gather(paths: Sequence[Path] | None) -> Gathered:
    """All that these files and folders hold, or the shipped corpus. Raises FileRefused for a path that is missing."""
    gathered = Gathered()
    for document in read_documents(paths):
        if isinstance(document, Unreadable):
            gathered.rejected.append(Rejected(document.where, document.reason.rstrip(".")))
            continue
        try:
            if document.format == "sources":
                gathered.sources.extend(parse_sources(document.text))
            elif document.format == "markdown":
                gathered.entries.append((document.where, parse_markdown(document.text)))
        except NotAnEntry as reason:
            gathered.rejected.append(Rejected(document.where, str(reason)))
        if document.format == "jsonl":
            for where, outcome in _parse_lines(document):
                if isinstance(outcome, Entry):
                    gathered.entries.append((where, outcome))
                else:
                    gathered.rejected.append(Rejected(where, str(outcome)))
    return gathered


def _parse_lines(document: Document) -> Iterator[tuple[str, Entry | NotAnEntry]]:
    # Not splitlines(): a JSON string may hold U+2028, which is no end of a line here.
    for number, line in enumerate(document.text.split("\n"), start=1):
        if line.strip():
            where = f"{document.where}:{number}"
            try:
                yield where, parse_json_line(line)
            except NotAnEntry as reason:
                yield where, reason
