"""Reports, sources, checks and runs → text for a terminal. Pure: the time is passed in, and nothing is printed.

Titles, reasons and addresses come from outside: control characters, which could steer a terminal, are taken out here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.safe import plain
from bot.terminal import Block
from corpus import (
    Check,
    CheckedItem,
    Entry,
    RefreshReport,
    Run,
    Source,
    SourceHealth,
    SourceRead,
    SourceState,
    written_day,
)

MOST_LISTED = 20
RUN_AT_MOST = 12  # items in a row of which the same is to be said; of more, those in the middle are counted
RUN_SHOWN = 10
NAME = 22  # columns of a source's name: with it, a row of the list of sources fits into 80
OUTCOMES = {"read": "green", "unchanged": "dim", "failed": "bold red", "closed": "yellow"}
VERDICTS = {"new": "green", "changed": "green", "unchanged": "dim", "passed over": "dim", "rejected": "red"}
CALM = {"unchanged", "passed over"}


# How a change of the corpus went


def report_blocks(report: RefreshReport) -> list[Block]:
    plan = report.plan
    blocks: list[Block] = [Text(plain(note), style="yellow") for note in report.notes]
    blocks += read_blocks(report.sources)
    if report.undone:
        blocks.append(Text(f"{'Would undo' if report.dry_run else 'Undone'}: {plain(report.undone)}"))
    blocks.append(Text(("Would be: " if report.dry_run else "") + _counts(report), style="bold"))
    copies = {copy.id: copy.of for copy in plan.duplicates}
    for name, entries in (("new", plan.new), ("changed", plan.changed), ("removed", plan.removed)):
        blocks += [_entry_line(name, entry, copies) for entry in entries[:MOST_LISTED]]
        blocks += _more(len(entries))
    blocks += [
        Text.assemble(("  rejected ", "red"), plain(r.where), ": ", plain(r.reason))
        for r in plan.rejected[:MOST_LISTED]
    ]
    blocks += _more(len(plan.rejected))
    blocks.append(Text(_outcome(report), style="dim"))
    return blocks


def _entry_line(name: str, entry: Entry, copies: Mapping[str, str]) -> Text:
    line = Text.assemble((f"  {name:<8} ", "green"), plain(entry.id), "  ", (plain(entry.title), "dim"))
    if entry.id in copies:
        line.append(f"  is a cross-post of {plain(copies[entry.id])}", "yellow")
    return line


def _counts(report: RefreshReport) -> str:
    plan = report.plan
    kinds = {
        "new": plan.new,
        "changed": plan.changed,
        "unchanged": plan.unchanged,
        "removed": plan.removed,
        "rejected": plan.rejected,
    }
    # Of a refresh, all that it knows; of a removal or an undo, what there is of it.
    shown = {name for name in kinds if name != "removed"} if not (plan.removed or report.undone) else set()
    told = [f"{len(what)} {name}" for name, what in kinds.items() if what or name in shown]
    return ", ".join(told) or "no entry changes"


def _outcome(report: RefreshReport) -> str:
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
    table.add_column(min_width=min(NAME, max(cell_len(plain(read.name)) for read in shown)), max_width=NAME)
    table.add_column(no_wrap=True)
    table.add_column()
    for read in shown[:MOST_LISTED]:
        table.add_row(plain(read.name), Text(read.outcome, OUTCOMES[read.outcome]), Text(read_in_words(read)))
    return [table, *_more(len(shown), "sources"), Text()]


def read_in_words(read: SourceRead) -> str:
    """What came of reading a source: the numbers of its entries, and the sentence."""
    counts = {"new": read.new, "changed": read.changed, "unchanged": read.unchanged, "rejected": read.rejected}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    sentence = plain(read.sentence)
    return "; ".join(part for part in (told if read.outcome == "read" else "", sentence) if part)


def run_table(runs: Iterable[Run]) -> Table:
    """A row a change: when, what, how much, by whom."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for style in ("dim", "bold", "", "cyan"):
        table.add_column(style=style)
    for run in runs:
        counts = {"new": run.new, "changed": run.changed, "removed": run.removed, "rejected": run.rejected}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "sources only"
        action = run.action + (" (undone)" if run.undone else "")
        table.add_row(f"{run.finished:%Y-%m-%d %H:%M} UTC", action, told, Text(plain(run.by)))
    return table


# The sources, and how they do


def source_blocks(sources: Sequence[SourceHealth], shares: Mapping[str, float] | None, now: datetime) -> list[Block]:
    """A row of numbers for each source, and below it where it is read, and what is wrong with it.

    `shares`: slug → share of the citations of the bot's answers; None where none were kept.
    """
    names = [set_cell_size(name, NAME) if cell_len(name) > NAME else name for name in _names(sources)]
    width = max(map(cell_len, [*names, "Source"]))
    blocks: list[Block] = [Text(_row("Source", "State", HEADINGS, width), style="bold")]
    for name, health in zip(names, sources, strict=True):
        fails = is_failing(health.state)
        row = _row(name, state_in_words(health.state, now), _numbers(health, shares), width)
        blocks.append(Text(row, style="bold red" if fails else "" if health.state.standing == "followed" else "dim"))
        where = " · ".join(part for part in (health.source.slug, health.source.address or "") if part)
        blocks.append(_below(plain(where), "dim"))
        blocks += [_below(line, "red" if fails else "yellow") for line in _remarks(health.state, now)]
    return blocks


HEADINGS = ("Entries", "Newest", "Teasers", "Copies", "Cited")


def _names(sources: Sequence[SourceHealth]) -> list[str]:
    return [plain(health.source.name) for health in sources]


def _row(name: str, state: str, numbers: Sequence[str], width: int) -> str:
    entries, newest, teasers, copies, cited = numbers
    return f"{set_cell_size(name, width)}  {state:<14} {entries:>7}  {newest:<10} {teasers:>7} {copies:>6} {cited:>5}"


def _numbers(health: SourceHealth, shares: Mapping[str, float] | None) -> tuple[str, ...]:
    newest = health.newest.isoformat() if health.newest else "–"
    counts = [str(count) if count else "–" for count in (health.teasers, health.duplicates)]
    return (str(health.entries), newest, *counts, share_in_words(shares, health.source.slug))


def share_in_words(shares: Mapping[str, float] | None, slug: str) -> str:
    if shares is None:
        return "–"
    share = shares.get(slug, 0.0)
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"  # noqa: PLR2004  0% would say that it is never cited


def is_failing(state: SourceState) -> bool:
    return state.standing == "followed" and state.failing_since is not None


def state_in_words(state: SourceState, now: datetime) -> str:
    """In at most 14 characters."""
    if state.standing != "followed":
        return state.standing
    if state.failing_since is not None:
        return f"failing {span(now - state.failing_since)}"
    return "not read yet" if state.succeeded is None else ago(state.succeeded, now, "read ")


def _remarks(state: SourceState, now: datetime) -> Iterator[str]:
    """What is to be said of a source besides its numbers."""
    if state.failure and (is_failing(state) or state.standing == "closed"):
        last = f"last read {_at(state.succeeded)}" if state.succeeded else "never read yet"
        again = f"tried again {_until(state.due, now)}" if state.due and state.standing == "followed" else ""
        yield "; ".join(part for part in (plain(state.failure), last, again) if part)
    elif state.standing != "followed" and state.succeeded:
        yield f"last read {_at(state.succeeded)}"
    if state.moved_to:
        yield f"has moved for good to {plain(state.moved_to)}"


def _at(moment: datetime | None) -> str:
    return f"{written_day(moment.date())}, {moment:%H:%M} UTC" if moment else ""


def _until(moment: datetime, now: datetime) -> str:
    return f"in {span(moment - now)}" if moment > now else "at the next refresh"


def ago(moment: datetime, now: datetime, before: str = "") -> str:
    """How long ago, or of what is longer ago than 99 days, the day."""
    past = now - moment
    if past < timedelta(minutes=1):
        return f"{before}just now"
    return moment.date().isoformat() if past.days > 99 else f"{before}{span(past)} ago"  # noqa: PLR2004


def span(length: timedelta) -> str:
    """A length of time in its greatest unit: 12 min, 3 h, 5 d."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 60:  # noqa: PLR2004  an hour
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(minutes / 1440)} d"  # noqa: PLR2004  two days


def followed_sentence(source: Source) -> str:
    """That a source is followed from now on, and where."""
    kind = "feed" if source.feed else "sitemap" if source.sitemap else "folder" if source.folder else "page"
    return (
        f"{plain(source.name)} ({plain(source.slug)}, tier {source.tier}): its {kind} is {plain(source.address or '')}"
    )


# What a source would give


def check_blocks(check: Check) -> list[Block]:
    """Each step of reading a source, then what it lists: what a refresh would do with each piece, and why."""
    source = check.source
    title = f"{plain(source.name)} ({plain(source.slug)}, tier {source.tier})" if source else "No source was found"
    blocks: list[Block] = [Text(title, style="bold" if source else "bold red"), Text(plain(check.address), "blue")]
    steps = Table.grid(padding=(0, 2, 0, 0))
    steps.add_column(no_wrap=True)
    steps.add_column(no_wrap=True)
    steps.add_column()
    for step in check.steps:
        mark = Text("✓", "green") if step.fine else Text("✗", "bold red")
        steps.add_row(mark, Text(plain(step.step), "bold"), Text(plain(step.found), "" if step.fine else "red"))
    if check.steps:
        blocks += [Text(), steps]
    if check.items:
        blocks += [Text(), _items(check.items), Text()]
    return [*blocks, Text(_verdicts(check.items), style="bold"), Text("Nothing was written.", style="dim")]


def _items(items: Sequence[CheckedItem]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    for _, found in groupby(items, key=lambda item: (item.verdict, item.reason)):
        alike = list(found)
        hidden = len(alike) - RUN_SHOWN if len(alike) > RUN_AT_MOST else 0
        for item in alike[: len(alike) - hidden]:
            table.add_row(
                Text(item.verdict, VERDICTS[item.verdict]), Text(plain(item.published) or "no day"), _item(item)
            )
        if hidden:
            table.add_row("", "", Text(f"… and {hidden} more like this", "dim"))
    return table


def _item(item: CheckedItem) -> Text:
    told = Text(plain(item.title) or "(no title)", "dim" if item.verdict in CALM else "")
    if item.verdict not in CALM and item.url:
        told.append(f"\n{plain(item.url)}", "blue")
    if item.reason:
        told.append(f"\n{plain(item.reason)}", "red" if item.verdict == "rejected" else "dim")
    return told


def _verdicts(items: Sequence[CheckedItem]) -> str:
    counts = {verdict: sum(item.verdict == verdict for item in items) for verdict in VERDICTS}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    return f"A refresh would find: {told}." if told else "A refresh would find no piece."


# Parts that they share


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _below(line: str, style: str) -> Padding:
    return Padding(Text(line, style), (0, 0, 0, 2), expand=False)


def _more(count: int, what: str = "") -> list[Block]:
    return [Text(f"  … and {count - MOST_LISTED} more {what}".rstrip())] if count > MOST_LISTED else []
