"""What was read at files and addresses, as one frozen value; several are joined with `+`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus import budgets
from corpus.ingest.parse.document import Remark
from corpus.ingest.parse.not_an_entry import LeftOut, NotAnEntry
from corpus.ingest.parse.web_page import WebPage
from corpus.models.entries import Entry
from corpus.models.sources import ExportedSource, Source
from corpus.models.updates import Rejected

Outcome = Entry | WebPage | Source | ExportedSource | NotAnEntry | Remark


@dataclass(frozen=True, slots=True)
class Findings:
    """Entries as (where, entry) in the order found, the sources described beside them, and what was rejected.

    `pages` are entries to be: which ones they are is decided beside the record. `origins`: place → slug of the source
    that was read there, of what did not come from files or single addresses. `characters`: of all texts. `remarks`:
    on pieces that were taken, and on files that were read or left alone. `exported`: sources that an export carries.
    """

    entries: tuple[tuple[str, Entry], ...] = ()
    pages: tuple[WebPage, ...] = ()
    sources: tuple[Source, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    characters: int = 0
    remarks: tuple[Remark, ...] = ()
    exported: tuple[ExportedSource, ...] = ()

    def __add__(self, later: "Findings") -> "Findings":
        """Join what was found later; of a place that both were at, the first origin stays."""
        return Findings(
            self.entries + later.entries,
            self.pages + later.pages,
            self.sources + later.sources,
            self.rejected + later.rejected,
            {**later.origins, **self.origins},
            self.characters + later.characters,
            self.remarks + later.remarks,
            self.exported + later.exported,
        )

    @property
    def pieces(self) -> int:
        """How many places gave something, or should have."""
        return len(self.entries) + len(self.pages) + len(self.rejected)


NOTHING_FOUND = Findings()


def sort_findings(
    outcomes: Iterable[tuple[str, Outcome]], source: Source | None = None, characters: int = 0
) -> Findings:
    """Sort what was read, as (where, outcome). `source`: the one that was read there.

    `characters`: that the refresh has of other texts already; what goes beyond its budget is rejected.
    """
    entries: list[tuple[str, Entry]] = []
    pages: list[WebPage] = []
    sources: list[Source] = []
    rejected: list[Rejected] = []
    origins: dict[str, str] = {}
    remarks: list[Remark] = []
    exported: list[ExportedSource] = []
    found = 0
    for where, outcome in outcomes:
        if isinstance(outcome, Source):
            sources.append(outcome)
            continue
        if isinstance(outcome, ExportedSource):
            exported.append(outcome)
            continue
        if isinstance(outcome, Remark | LeftOut):
            remarks.append(outcome if isinstance(outcome, Remark) else Remark("draft", where))
            continue
        if source is not None:
            origins[where] = source.slug
        if isinstance(outcome, NotAnEntry):
            rejected.append(Rejected(where, str(outcome)))
            continue
        found += len(outcome.text)
        if characters + found > budgets.MOST_IN_A_REFRESH:
            rejected.append(Rejected(where, budgets.FILES_FULL))
        elif isinstance(outcome, Entry):
            entries.append((where, outcome))
        else:
            pages.append(outcome)
            remarks += [*outcome.remarks, *([Remark("piece", f"{where} {outcome.note}.")] if outcome.note else [])]
    pieces = tuple(entries), tuple(pages), tuple(sources), tuple(rejected)
    return Findings(*pieces, origins, found, tuple(remarks), tuple(exported))
