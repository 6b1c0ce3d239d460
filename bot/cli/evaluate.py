"""`footnote eval`: questions with known answers → figures; compared with earlier ones, and held against floors."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import errors
from bot.cli import console
from bot.cli.history import AsJson
from bot.cli.open_corpus import corpus_to_ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus import Evaluation, Miss, Questions

MOST_TOLD = 20  # lines that were rejected

Against = Annotated[
    str | None, typer.Option("--against", metavar="REPORT", help="Compare with an earlier report (of --json).")
]
Floors = Annotated[
    str | None, typer.Option("--floors", metavar="FILE", help="Fail where a figure is below its floor in this file.")
]
WriteFloors = Annotated[
    bool, typer.Option("--write-floors", help="Raise the floors of FILE to just below the present figures.")
]
Lower = Annotated[bool, typer.Option("--lower", help="With --write-floors: lower them, too, where figures fell.")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Measure another embedding model; the index in use stays as it is."),
]
Worst = Annotated[int, typer.Option("--worst", metavar="N", min=0, max=1000, help="How many of the worst to show.")]
Make = Annotated[
    int | None,
    typer.Option("--make", metavar="N", min=1, max=10_000, help="Print N lines whose questions are yours to write."),
]


def evaluate(
    questions: Annotated[
        str | None, typer.Argument(metavar="QUESTIONS|-", help="Lines of questions with known answers (docs/eval.md).")
    ] = None,
    as_json: AsJson = False,
    against: Against = None,
    floors: Floors = None,
    write_floors: WriteFloors = False,
    lower: Lower = False,
    model: Model = None,
    worst: Worst = 5,
    make: Make = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="With --make: another number, other sentences.")] = 0,
) -> None:
    """Ask questions with known answers, and say how well they are answered."""
    _check_options(questions, make, floors, write_floors, lower)
    if make is not None:
        _print_stubs(make, seed)
        return
    from bot.contract.evaluation import evaluation_json, read_report  # noqa: PLC0415
    from corpus import compare  # noqa: PLC0415

    known = _read_questions(questions or "")
    earlier = read_report(against) if against else None
    limits = _read_floors(floors, write_floors) if floors else {}
    evaluation = _evaluate(known, model)
    comparison = compare(earlier, evaluation) if earlier else None
    misses = _find_misses(evaluation, floors, limits, write_floors, lower) if floors else None
    if as_json:
        console.show_json(evaluation_json(evaluation, comparison, misses))
    else:
        from bot.cli.views.evaluation import comparison_blocks, evaluation_blocks, worst_blocks  # noqa: PLC0415

        console.show([*evaluation_blocks(evaluation), *worst_blocks(evaluation, worst)])
        if comparison is not None:
            console.show(comparison_blocks(comparison))
    _report_misses(evaluation, misses)


def _check_options(
    questions: str | None, make: int | None, floors: str | None, write_floors: bool, lower: bool
) -> None:
    if (questions is None) == (make is None):
        raise typer.BadParameter("Give either a file of questions, or --make N.", param_hint="QUESTIONS")
    if write_floors and floors is None:
        raise typer.BadParameter("Give the file, too: --floors FILE --write-floors.", param_hint="--write-floors")
    if lower and not write_floors:
        raise typer.BadParameter("It goes with --write-floors.", param_hint="--lower")


def _print_stubs(number: int, seed: int) -> None:
    from bot.contract.evaluation import stub_json  # noqa: PLC0415
    from corpus import make_stubs  # noqa: PLC0415

    with corpus_to_ask() as corpus:
        stubs = make_stubs(corpus, number, seed)
    for stub in stubs:
        console.show_json(stub_json(stub), indent=None)
    if len(stubs) < number:
        console.note(f"Only {len(stubs)} sentences of the corpus stand by themselves and say enough to be asked about.")


def _read_questions(place: str) -> "Questions":
    """Raises FileRefused where there is nothing to ask."""
    from bot.cli.batch import numbered_lines  # noqa: PLC0415
    from corpus import FileRefused, read_questions  # noqa: PLC0415

    known = read_questions(numbered_lines(place))
    if not known.asked:
        first = f" {known.rejected[0].where}: {known.rejected[0].reason}" if known.rejected else ""
        raise FileRefused(
            f"There is no question to ask in {place} ({known.empty} to be filled in, {len(known.rejected)} rejected)."
            f"{first} docs/eval.md shows what a line holds; `footnote eval --make 20` begins some."
        )
    return known


def _read_floors(place: str, may_be_new: bool) -> "dict[str, float]":
    from bot.contract.evaluation import read_floors  # noqa: PLC0415
    from corpus import FileRefused  # noqa: PLC0415

    if may_be_new and place.endswith(".toml"):
        raise FileRefused(f"Floors are written as JSON; give a file that ends in .json in place of {place}.")
    return {} if may_be_new and not Path(place).exists() else read_floors(place)


def _evaluate(known: "Questions", model: str | None) -> "Evaluation":
    from corpus import FileRefused, evaluate, indexed_with  # noqa: PLC0415

    with corpus_to_ask() as corpus, console.progress_bars() as progress:
        if model is None:
            evaluation = evaluate(corpus, known, progress)
        else:
            with indexed_with(corpus, model, progress) as (other, seconds):
                evaluation = evaluate(other, known, progress)
            console.note(f"{evaluation.passages:,} passages were indexed with {model} in {seconds:,.1f} s.")
    if not evaluation.judged:
        first = evaluation.rejected[0]
        raise FileRefused(f"None of the questions can be asked of this corpus. {first.where}: {first.reason}")
    return evaluation


def _find_misses(
    evaluation: "Evaluation", place: str, floors: "Mapping[str, float]", write: bool, lower: bool
) -> "Sequence[Miss]":
    """Which floors are missed. Where they are to be written, and every question was asked, they are raised first."""
    from bot.files import write_json  # noqa: PLC0415
    from corpus import FileRefused, missed, new_floors  # noqa: PLC0415

    if write and evaluation.rejected:
        first = evaluation.rejected[0]
        raise FileRefused(f"No floors were written, since not all was asked. {first.where}: {first.reason}")
    if write:
        floors = new_floors(floors, evaluation, lower=lower)
        write_json(Path(place), floors)
        console.note(f"The floors are in {place}.")
    return missed(floors, evaluation)


def _report_misses(evaluation: "Evaluation", misses: "Sequence[Miss] | None") -> None:
    """Say what went wrong, and end with the code for it."""
    for miss in misses or ():
        console.complain(miss.sentence)
    if misses is not None and not misses:
        console.note("All floors are kept.")
    for rejected in evaluation.rejected[:MOST_TOLD]:
        console.complain(f"Not asked: {rejected.where}: {rejected.reason}")
    if len(evaluation.rejected) > MOST_TOLD:
        console.complain(f"… and {len(evaluation.rejected) - MOST_TOLD} more.")
    if evaluation.rejected:
        raise typer.Exit(errors.REFUSED)
    if misses:
        raise typer.Exit(errors.MISSED)
