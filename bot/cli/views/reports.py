"""Reports and runs → text for a terminal. Pure: nothing is printed.

Titles, reasons and addresses come from outside: control characters, which could steer a terminal, are taken out here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from bot.cli.views.blocks import MOST_LISTED, Block, counted, cut, numbered, rest_of
from bot.text import group_by_reason, plain
from corpus import Plan, RefreshReport, Run, SourceRead, Title

SOURCES_SHOWN = 3  # of a run, in its row
OUTCOMES = {"read": "green", "unchanged": "dim", "failed": "bold red", "closed": "yellow"}


# How a change of the corpus went


def report_blocks(report: RefreshReport) -> list[Block]:
    """What a change did, or would do: notes, sources, numbers, and the entries."""
    plan = report.plan
    blocks: list[Block] = [Text(plain(note), style="yellow") for note in report.notes]
    blocks += read_blocks(report.sources)
    if report.undone:
        blocks.append(Text(f"{'Would undo' if report.dry_run else 'Undone'}: {plain(report.undone)}"))
    blocks.append(Text(("Would be: " if report.dry_run else "") + counts_in_words(report), style="bold"))
    blocks += plan_blocks(plan)
    blocks.append(Text(outcome_in_words(report), style="dim"))
    return blocks


def plan_blocks(plan: Plan[Title]) -> Iterator[Block]:
    """A row for each entry that changes and for what was rejected; of each kind, no more than a screen holds."""
    copies = {copy.id: copy.of for copy in plan.duplicates}
    for name, entries in (("new", plan.new), ("changed", plan.changed), ("removed", plan.removed)):
        yield from text_rows(
            name, "green", [entry_text(entry, copies) for entry in entries[:MOST_LISTED]], len(entries)
        )
    refused = group_by_reason((plain(r.where), plain(r.reason)) for r in plan.rejected)
    yield from text_rows("rejected", "red", [Text(line) for line in refused[:MOST_LISTED]], len(refused))


def entry_text(entry: Title, copies: Mapping[str, str]) -> Text:
    line = Text.assemble(plain(entry.id), "  ", (plain(entry.title), "dim"))
    return line.append(f"\nis a cross-post of {plain(copies[entry.id])}", "yellow") if entry.id in copies else line


def text_rows(name: str, style: str, lines: Sequence[Text], count: int) -> Iterator[Block]:
    """Rows whose text wraps under itself."""
    if lines:
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(min_width=10, no_wrap=True, style=style)
        table.add_column(overflow="fold")
        for line in lines:
            table.add_row(f"  {name}", line)
        yield table
    yield from rest_of(count)


def counts_in_words(report: RefreshReport) -> str:
    plan = report.plan
    kinds = {
        "new": plan.new,
        "changed": plan.changed,
        "unchanged": plan.unchanged,
        "removed": plan.removed,
        "rejected": plan.rejected,
    }
    # Of a refresh, all that it knows; of a removal or an undo, what there is of it.
    always = {name for name in kinds if name != "removed"} if not (plan.removed or report.undone) else set()
    counts = [f"{len(what)} {name}" for name, what in kinds.items() if what or name in always]
    return ", ".join(counts) or "no entry changes"


def outcome_in_words(report: RefreshReport) -> str:
    if report.dry_run:
        return "Nothing was written."
    if report.committed:
        return f"Generation {report.generation} is committed ({counted(report.indexed, 'entry', 'entries')} indexed)."
    return (
        "Nothing to index yet."
        if report.generation is None
        else f"Generation {report.generation} stays: nothing changed."
    )


def read_blocks(sources: Sequence[SourceRead]) -> list[Block]:
    """A row for each source that was read; of many, those first of which there is something to tell."""
    shown = sources if len(sources) <= MOST_LISTED else sorted(sources, key=lambda read: read.outcome == "unchanged")
    if not shown:
        return []
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for read in shown[:MOST_LISTED]:
        table.add_row(
            Text(cut(plain(read.name))), Text(read.outcome, OUTCOMES[read.outcome]), Text(read_in_words(read))
        )
    return [table, *rest_of(len(shown), "sources"), Text()]


def read_in_words(read: SourceRead) -> str:
    """What came of reading a source: the numbers of its entries, and the sentence."""
    counts = {"new": read.new, "changed": read.changed, "unchanged": read.unchanged, "rejected": read.rejected}
    numbers = numbered(counts) if read.outcome == "read" else ""
    return "; ".join(part for part in (numbers, plain(read.sentence)) if part)


def run_table(runs: Iterable[Run]) -> Table:
    """A row a change: when, what, how much, of which sources, by whom."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for style in ("dim", "bold", "", "", "cyan"):
        table.add_column(style=style)
    for run in runs:
        counts = {"new": run.new, "changed": run.changed, "removed": run.removed, "rejected": run.rejected}
        numbers = numbered(counts) or ("a source" if run.action == "follow" else "sources only")
        action = run.action + (" (undone)" if run.undone else "")
        more = f" +{len(run.sources) - SOURCES_SHOWN}" if len(run.sources) > SOURCES_SHOWN else ""
        named = ", ".join(run.sources[:SOURCES_SHOWN]) + more
        table.add_row(f"{run.finished:%Y-%m-%d %H:%M} UTC", action, numbers, Text(plain(named)), Text(plain(run.by)))
    return table
