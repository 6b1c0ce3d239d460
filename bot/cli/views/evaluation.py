"""An evaluation → text for a terminal. Pure: nothing is printed.

Questions and quotes come from outside: control characters, which could steer a terminal, are taken out here.
"""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from bot.cli.views.blocks import Block, counted, cut, indented
from bot.text import plain, shorten
from corpus import Bin, Comparison, Evaluation, Figure, Judged, figures, figures_by_kind, latencies, reliability

NONE = "–"
ALL = "all"
COLUMNS = {
    "Right": "right",
    "Found": "passages.recall",
    "Quoted": "quotes.recall",
    "Precision": "highlights.precision",
    "Recall": "highlights.recall",
    "F1": "highlights.f1",
}
RANKED = {"nDCG@10": "ranking.ndcg", "Recall@10": "ranking.recall", "MRR@10": "ranking.mrr"}
COVERAGE = {
    "coverage.auroc": "AUROC of the confidence",
    "coverage.refused": "refused though covered",
    "coverage.answered": "answered though not covered",
    "coverage.answered_at_95": "the same, where 95% are kept",
    "coverage.ece": "calibration error",
    "coverage.brier": "Brier score",
}
SHOWN = 300  # characters of a quote
KNOWN = 4  # known quotes of a question
LISTED = 20  # questions that went wrong or came right


def evaluation_blocks(evaluation: Evaluation) -> list[Block]:
    """The figures: overall and for each kind, coverage, speed."""
    whole, kinds = figures(evaluation.judged), figures_by_kind(evaluation.judged)
    number = counted(len(evaluation.judged), "question", "questions")
    entries = counted(evaluation.entries, "entry", "entries")
    about = f"{number} of {entries}, {evaluation.passages:,} passages, {plain(evaluation.model)}"
    blocks: list[Block] = [Text(about, style="bold")]
    if evaluation.empty:
        blocks.append(Text(f"{counted(evaluation.empty, 'line is', 'lines are')} still to be filled in.", style="dim"))
    blocks += [
        Text(),
        kind_table(evaluation.judged, whole, kinds),
        *coverage_blocks(whole, reliability(evaluation.judged)),
    ]
    blocks += [Text(), latency_table(latencies(evaluation))]
    invented = sum(j.invented for j in evaluation.judged)
    if invented:
        blocks.append(Text(f"{invented} of the quotes are not in their entries: that is a bug.", style="bold red"))
    return blocks


def kind_table(
    judged: Sequence[Judged], whole: Mapping[str, Figure], kinds: Mapping[str, Mapping[str, Figure]]
) -> Table:
    """A row for each kind, one for all, and below it the 95% interval."""
    columns = {head: name for head, name in (COLUMNS | RANKED).items() if name in whole}
    table = figure_table("Kind", "n", *columns)
    for kind, its in kinds.items():
        number = sum(j.kind == kind for j in judged)
        table.add_row(Text(cut(plain(kind))), str(number), *(_value(name, its.get(name)) for name in columns.values()))
    table.add_row(ALL, str(len(judged)), *(_value(name, whole.get(name)) for name in columns.values()), style="bold")
    table.add_row("95%", "", *(_interval(name, whole[name]) for name in columns.values()), style="dim")
    return table


def coverage_blocks(whole: Mapping[str, Figure], bins: Sequence[Bin]) -> Iterator[Block]:
    """The figures of coverage, and how often each confidence is right; nothing where all questions can be answered."""
    found = {name: whole[name] for name in COVERAGE if name in whole}
    if not found:
        return
    yield Text()
    table = figure_table("Coverage", "n", "", "95%")
    for name, figure in found.items():
        table.add_row(COVERAGE[name], str(figure.n), _value(name, figure), Text(_interval(name, figure), style="dim"))
    yield table
    yield Text()
    table = figure_table("Confidence", "n", "Mean", "Right")
    for one in bins:
        table.add_row(f"{one.low:.1f} to {one.high:.1f}", str(one.n), f"{one.confidence:.2f}", f"{one.right:.2f}")
    yield table


def latency_table(found: Mapping[str, float]) -> Table:
    """A row for each stage; milliseconds."""
    stages = dict.fromkeys(name.split(".")[1] for name in found)
    percentiles = dict.fromkeys(name.split(".")[2] for name in found)
    table = figure_table("Milliseconds", *percentiles)
    for stage in stages:
        table.add_row(stage, *(f"{found[f'latency_ms.{stage}.{percentile}']:.1f}" for percentile in percentiles))
    return table


# The worst


def worst_blocks(evaluation: Evaluation, number: int) -> list[Block]:
    """The questions that were answered worst, with what was quoted and what answers them."""
    blocks: list[Block] = []
    for judged in worst(evaluation.judged)[:number]:
        verdict = "right" if judged.values["right"] else "wrong"
        head = Text.assemble((verdict, "yellow" if verdict == "right" else "red"), "  ", (plain(judged.id), "cyan"))
        blocks += [Text(), head.append(f"  {plain(judged.question)}", "bold")]
        blocks += [indented(line) for line in detail_lines(judged)]
    return [Text(), Text("The worst", style="bold underline"), *blocks[1:]] if blocks else []


def worst(judged: Sequence[Judged]) -> list[Judged]:
    """Those that are wrong first, the surest at the top; of those that are right, the lowest F1; none without fault."""
    faulty = [j for j in judged if "right" in j.values and j.values["right"] * j.values.get("highlights.f1", 1.0) < 1]
    return sorted(faulty, key=lambda j: (j.values["right"], j.values.get("highlights.f1", 1.0), -j.confidence))


def detail_lines(judged: Judged) -> Iterator[Text]:
    """What was quoted, and what answers the question."""
    confidence = f"confidence {judged.confidence:.2f}"
    f1 = f", F1 {judged.values['quotes.f1']:.2f}" if "highlights.f1" in judged.values else ""
    yield Text(f"{judged.kind}, {confidence}{f1}", style="dim")
    for quoted in judged.quoted:
        yield Text.assemble(("quoted  ", "dim"), f"{plain(quoted.entry)}: “{shorten(plain(quoted.text), SHOWN)}”")
    if not judged.covered:
        yield Text.assemble(("quoted  ", "dim"), "nothing: not covered")
    for text in judged.known[:KNOWN]:
        yield Text.assemble(("known   ", "dim"), f"“{shorten(plain(text), SHOWN)}”")
    if len(judged.known) > KNOWN:
        yield Text(f"        … and {len(judged.known) - KNOWN} more", style="dim")
    if not judged.known:
        yield Text.assemble(("known   ", "dim"), "the corpus does not answer it")


# Compared with an earlier one


def comparison_blocks(comparison: Comparison) -> list[Block]:
    """A row for each figure that has changed; those that the choice of questions does not explain stand out."""
    changed = {name: change for name, change in comparison.changes.items() if (change.low, change.high) != (0, 0)}
    table = figure_table("Compared", "Then", "Now", "Change", "95%")
    for name, (then, now, low, high) in changed.items():
        is_clear = changed[name].is_clear
        change = Text(f"{now - then:+.3f}", style="bold" if is_clear else "dim")
        interval = Text(f"{low:+.3f} to {high:+.3f}", style="" if is_clear else "dim")
        table.add_row(name, f"{then:.3f}", f"{now:.3f}", change, interval)
    for name, (before, after) in comparison.latencies.items():
        if name.startswith("latency_ms.total"):
            table.add_row(name, f"{before:.1f}", f"{after:.1f}", f"{after - before:+.1f}", "")
    same = [] if changed else [Text("No figure has changed but the speed.")]
    blocks: list[Block] = [Text(), *same, table, *(Text(plain(note), style="yellow") for note in comparison.notes)]
    return [
        *blocks,
        *question_list("Went wrong", comparison.went_wrong, "red"),
        *question_list("Came right", comparison.came_right, "green"),
    ]


def question_list(heading: str, judged: Sequence[Judged], style: str) -> Iterator[Block]:
    if judged:
        yield Text()
        yield Text(f"{heading} ({len(judged)})", style=style)
    for one in judged[:LISTED]:
        yield indented(Text.assemble((plain(one.id), "cyan"), f"  {plain(one.question)}"))
    if len(judged) > LISTED:
        yield Text(f"  … and {len(judged) - LISTED} more")


# Parts that they share


def figure_table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _value(name: str, figure: Figure | None) -> str:
    return NONE if figure is None else _number(name, figure.value)


def _interval(name: str, figure: Figure) -> str:
    return f"{_number(name, figure.low)}–{_number(name, figure.high)}"


def _number(name: str, value: float) -> str:
    is_share = name in {"right", "coverage.refused", "coverage.answered", "coverage.answered_at_95"}
    return f"{value:.0%}" if is_share else f"{value:.2f}"
