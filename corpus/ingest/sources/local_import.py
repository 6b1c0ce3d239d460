"""Gather what the sources hold: read, parse, and keep the reason for whatever was not taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import budgets
from corpus.ingest.parse.document import Document, Unreadable
from corpus.ingest.parse.entry_records import NotAnEntry, parse_json_line, parse_markdown, parse_sources
from corpus.ingest.parse.sandbox import Dissector
from corpus.ingest.sources.local_files import read_documents
from corpus.models.entries import Entry
from corpus.models.sources import Source
from corpus.models.updates import Progress, Rejected

if TYPE_CHECKING:
    from corpus.ingest.parse.web_page import WebPage
    from corpus.ingest.sources.session import Web


FOLDER_REMEDY = "only who runs this may have a folder followed: take it out, and say `footnote sources add FOLDER`"


@dataclass(slots=True)
class Gathered:
    """Entries as (where, entry) in the order found, the sources named beside them, and what was rejected.

    `pages` are entries to be: which ones they are is decided beside the archive. `origins`: place → slug of the source
    that was read there, of what did not come from files or single addresses. `characters`: of all texts.
    """

    entries: list[tuple[str, Entry]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    pages: list["WebPage"] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    characters: int = 0

    def add(self, where: str, outcome: "Entry | WebPage | NotAnEntry", source: str | None = None) -> None:
        """What was read at a place: an entry, a page, or why it is none. `source`: the slug of the one it is from."""
        if source is not None:
            self.origins.setdefault(where, source)
        if not isinstance(outcome, NotAnEntry):
            self.characters += len(outcome.text)
            if self.characters > budgets.MOST_IN_A_REFRESH:
                outcome = NotAnEntry(budgets.FILES_FULL)
        if isinstance(outcome, NotAnEntry):
            self.rejected.append(Rejected(where, str(outcome)))
        elif isinstance(outcome, Entry):
            self.entries.append((where, outcome))
        else:
            self.pages.append(outcome)


def gather(paths: Sequence[Path] | None, characters: int = 0) -> Gathered:
    """All that these files and folders hold, or the shipped corpus. Raises FileRefused for a path that is missing.

    `characters`: that the refresh has of other texts already.
    """
    gathered = Gathered(characters=characters)
    with Dissector() as dissector:  # it starts no process before the first file that needs one
        for document in read_documents(paths):
            match document:
                case Unreadable():
                    gathered.rejected.append(Rejected(document.where, document.reason.rstrip(".")))
                case Document(format="sources"):
                    _gather_sources(gathered, document)
                case Document(format="jsonl"):
                    for number, line in document.lines:
                        gathered.add(f"{document.where}:{number}", _outcome(parse_json_line, line))
                case Document(format="page" | "text" | "pdf"):
                    from corpus.ingest.parse.documents import read_file  # noqa: PLC0415  it brings the HTTP client along

                    gathered.add(document.where, read_file(document, dissector))
                case _:
                    gathered.add(document.where, _outcome(parse_markdown, document.text))
    return gathered


def gather_pages(gathered: Gathered, urls: Sequence[str], tools: "Web", progress: Progress) -> None:
    """Add what stands at these addresses of the web, one after the other."""
    from corpus.ingest.sources.reading import read_page  # noqa: PLC0415  a question needs no network
    from corpus.text.canonical_url import key  # noqa: PLC0415

    wanted: dict[str, str] = {}
    for url in map(str.strip, urls):
        wanted.setdefault(key(url), url)
    for done, url in enumerate(wanted.values()):
        progress("fetch", done, len(wanted), url)
        gathered.add(url, read_page(url, tools))
    progress("fetch", len(wanted), len(wanted))


def _gather_sources(gathered: Gathered, document: Document) -> None:
    """Add the sources that a file describes. Who writes a file that is taken in must not choose what folder is read."""
    try:
        sources = parse_sources(document.text)
    except NotAnEntry as reason:
        gathered.add(document.where, reason)
        return
    for source in sources:
        if source.folder and not document.shipped:
            gathered.add(document.where, NotAnEntry(f"names a folder for the source {source.slug}; {FOLDER_REMEDY}"))
        else:
            gathered.sources.append(source)


def _outcome(parse: Callable[[str], Entry], text: str | NotAnEntry) -> Entry | NotAnEntry:
    if isinstance(text, NotAnEntry):
        return text
    try:
        return parse(text)
    except NotAnEntry as reason:
        return reason
