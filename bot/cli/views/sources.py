"""Sources with how they do, and checks of them → text for a terminal. Pure: the time is passed in.

Titles, reasons and addresses come from outside: control characters, which could steer a terminal, are taken out here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice

from rich.cells import cell_len, set_cell_size
from rich.table import Table
from rich.text import Text

from bot.cli.views.blocks import Block, cut, indented, numbered
from bot.source_health import ago, is_failing, share_in_words, span
from bot.text import plain
from corpus import Check, CheckedItem, Origins, Source, SourceHealth, SourceState, written_day

MOST_REASONS = 3  # why something was left out of a page
RUN_AT_MOST, RUN_SHOWN = 7, 5  # pieces in a row that stay as they are; of more, the first are shown
VERDICTS = {"new": "green", "changed": "green", "unchanged": "dim", "passed over": "dim", "rejected": "red"}
CALM = {"unchanged", "passed over"}


# The sources, and how they do


def source_blocks(sources: Sequence[SourceHealth], shares: Mapping[str, float], now: datetime) -> list[Block]:
    """A row of numbers for each source, and below it where it is read, and what is wrong with it.

    `shares`: slug → share of the citations of the bot's answers; empty where it keeps none.
    """
    names = [cut(plain(health.source.name)) for health in sources]
    width = max(map(cell_len, [*names, "Source"]))
    blocks: list[Block] = [Text(state_row("Source", "State", HEADINGS, width), style="bold")]
    for name, health in zip(names, sources, strict=True):
        fails = is_failing(health.state)
        counts = [str(count) if count else "–" for count in (health.teasers, health.duplicates)]
        newest = health.newest.isoformat() if health.newest else "–"
        numbers = (f"{health.entries:,}", newest, *counts, share_in_words(shares, health.source.slug))
        row = state_row(name, state_in_words(health.state, now), numbers, width)
        blocks.append(Text(row, style="bold red" if fails else "" if health.state.standing == "followed" else "dim"))
        where = " · ".join(part for part in (health.source.slug, health.source.address or "") if part)
        blocks.append(indented(Text(plain(where), "dim")))
        blocks += [indented(Text(line, "red" if fails else "yellow")) for line in remarks_on(health.state, now)]
    return blocks


HEADINGS = ("Entries", "Newest", "Teasers", "Copies", "Cited")


def state_row(name: str, state: str, numbers: Sequence[str], width: int) -> str:
    entries, newest, teasers, copies, cited = numbers
    return f"{set_cell_size(name, width)}  {state:<14} {entries:>7}  {newest:<10} {teasers:>7} {copies:>6} {cited:>5}"


def state_in_words(state: SourceState, now: datetime) -> str:
    """In at most 14 characters."""
    if state.standing != "followed":
        return state.standing
    if state.failing_since is not None:
        return f"failing {span(now - state.failing_since)}"
    return "not read yet" if state.succeeded is None else ago(state.succeeded, now, "read ")


def remarks_on(state: SourceState, now: datetime) -> Iterator[str]:
    """What is to be said of a source besides its numbers."""
    if state.failure and (is_failing(state) or state.standing == "closed"):
        last = f"last read {moment_in_words(state.succeeded)}" if state.succeeded else "never read yet"
        again = ""
        if state.due and state.standing == "followed":
            again = f"next try in {span(state.due - now)}" if state.due > now else "next try at the next refresh"
        yield " · ".join(part for part in (plain(state.failure), last, again) if part)
    elif state.standing != "followed" and state.succeeded:
        yield f"last read {moment_in_words(state.succeeded)}"
    if state.moved_to:
        yield f"has moved for good to {plain(state.moved_to)}"


def moment_in_words(moment: datetime | None) -> str:
    return f"{written_day(moment.date())}, {moment:%H:%M} UTC" if moment else ""


def described(source: Source) -> str:
    """A source and where it is read, as a part of a sentence."""
    kind = "feed" if source.feed else "sitemap" if source.sitemap else "folder" if source.folder else "page"
    name, slug, address = plain(source.name), plain(source.slug), plain(source.address or "")
    return f"{name} ({slug}, tier {source.tier}), {kind} {address}"


# What a source would give


def check_blocks(check: Check) -> list[Block]:
    """Each step of reading a source, then what it lists: what a refresh would do with each piece, and why."""
    source = check.source
    title = f"{plain(source.name)} ({plain(source.slug)}, tier {source.tier})" if source else "No source was found"
    blocks: list[Block] = [Text(title, style="bold" if source else "bold red"), Text(plain(check.address), "blue")]
    steps = Table.grid(padding=(0, 2, 0, 0))
    steps.add_column(no_wrap=True)
    steps.add_column(no_wrap=True)
    steps.add_column(overflow="fold")
    for step in check.steps:
        mark = Text("✓", "green") if step.fine else Text("✗", "bold red")
        steps.add_row(mark, Text(plain(step.step), "bold"), Text(plain(step.found), "" if step.fine else "red"))
    if check.steps:
        blocks += [Text(), steps]
    if check.items:
        blocks += [Text(), item_table(check.items), Text()]
    counts = numbered({verdict: sum(item.verdict == verdict for item in check.items) for verdict in VERDICTS})
    total = f"A refresh would find: {counts}." if counts else "A refresh would find no piece."
    return [*blocks, Text(total, style="bold"), Text("Nothing was written.", style="dim")]


def item_table(items: Sequence[CheckedItem]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for (kind, _), found in groupby(items, key=lambda item: (item.verdict, item.reason)):
        alike = list(found)
        hidden = len(alike) - RUN_SHOWN if kind in CALM and len(alike) > RUN_AT_MOST else 0
        for place, item in enumerate(alike[: len(alike) - hidden]):
            verdict, day = Text(item.verdict, VERDICTS[item.verdict]), Text(plain(item.published) or "no day")
            table.add_row(verdict, day, item_text(item, "" if place and kind != "rejected" else item.reason))
        if hidden:
            table.add_row("", "", Text(f"… and {hidden} more like this", "dim"))
    return table


def item_text(item: CheckedItem, reason: str) -> Text:
    line = Text(plain(item.title) or "(no title)", "dim" if item.verdict in CALM else "")
    if item.verdict not in CALM and item.url:
        line.append(f"\n{plain(item.url)}", "blue")
    if item.verdict not in CALM and item.origins != Origins():
        line.append(f"\n{plain(origins_in_words(item))}", "dim")
    if item.verdict not in CALM and item.text is not None:
        left_out = ", ".join(f"{why} {size:,}" for why, size in islice(item.text.left_out.items(), MOST_REASONS))
        shown = f"{item.text.share:.0%} of the page's text taken" + (f"; left out: {left_out}" if left_out else "")
        line.append(f"\n{plain(shown)}", "dim")
    if reason:
        line.append(f"\n{plain(reason)}", "red" if item.verdict == "rejected" else "dim")
    return line


def origins_in_words(item: CheckedItem) -> str:
    """Who wrote a piece, and where it says so, its title and its day."""
    people = ", ".join(item.people)
    by = f"by {people} ({item.origins.people or 'of the record'})" if people else "by nobody that it names"
    places = {"day": item.origins.published, "title": item.origins.title}
    return " · ".join([by, *(f"{name} from {place}" for name, place in places.items() if place)])
