"""The commands that change the corpus, besides `refresh`, and the list of its changes."""

import contextlib
import getpass
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from bot import errors
from bot.cli import console
from bot.cli.open_corpus import explain, opened_corpus

if TYPE_CHECKING:
    from bot.contract.events import Event
    from corpus import Corpus, Progress, RefreshReport

    Act = Callable[[Corpus, Progress], RefreshReport]

PAUSE = 0.2  # seconds between two lines of progress

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs (docs/json.md).")]
JsonLines = Annotated[
    bool, typer.Option("--json-lines", help="Print a JSON line for each step, then one for the report or the error.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who wishes it, for `footnote history`; else your user name.")
]


def remove(
    entry_ids: Annotated[list[str], typer.Argument(metavar="ID", help="The entries; `footnote entries` lists them.")],
    dry_run: DryRun = False,
    by: By = None,
    as_json: AsJson = False,
    json_lines: JsonLines = False,
) -> None:
    """Take entries out, and keep them out of later refreshes; `footnote undo` brings them back."""
    carry_out(
        lambda corpus, progress: corpus.remove(entry_ids, name_of_user(by), dry_run=dry_run, progress=progress),
        as_json,
        json_lines,
    )


def apply(
    plan: Annotated[
        Path, typer.Argument(metavar="FILE", help="What `footnote refresh --dry-run --save-plan FILE` has written.")
    ],
    sha256: Annotated[
        str | None,
        typer.Option("--sha256", metavar="HASH", help="Only if this is the file's SHA-256, its “saved_plan”."),
    ] = None,
    by: By = None,
    as_json: AsJson = False,
    json_lines: JsonLines = False,
) -> None:
    """Take in what a dry run has shown, exactly: nothing is read or fetched again."""

    def act(corpus: "Corpus", progress: "Progress") -> "RefreshReport":
        return corpus.apply(plan, sha256, name_of_user(by), progress)

    if carry_out(act, as_json, json_lines).dry_run:  # the corpus has changed meanwhile
        raise typer.Exit(errors.REFUSED)


def undo(
    run: Annotated[
        int | None, typer.Option("--run", metavar="ID", help="Only if this is the last change; see `footnote history`.")
    ] = None,
    dry_run: DryRun = False,
    by: By = None,
    as_json: AsJson = False,
    json_lines: JsonLines = False,
) -> None:
    """Go back to before the last change; again, one change further."""
    carry_out(
        lambda corpus, progress: corpus.undo(name_of_user(by), run_id=run, dry_run=dry_run, progress=progress),
        as_json,
        json_lines,
    )


def rebuild(
    if_outdated: Annotated[
        bool,
        typer.Option("--if-outdated", help="Only where another version or model has made it; keep what is the same."),
    ] = False,
    as_json: AsJson = False,
    json_lines: JsonLines = False,
) -> None:
    """Make the index anew from the archive: after a change of the model, or damage."""

    def show(report: "RefreshReport") -> None:
        if report.committed:
            console.note(f"Generation {report.generation} is committed ({report.indexed} entries indexed).")
        else:
            console.note("The index is as this version makes it; nothing was done.")

    carry_out(lambda corpus, progress: corpus.rebuild(progress, if_outdated=if_outdated), as_json, json_lines, show)


def history(
    limit: Annotated[int, typer.Option("-n", metavar="N", min=1, max=10_000, help="How many changes.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the last changes of the corpus: when, by whom, and how much."""
    with opened_corpus() as corpus:
        runs = corpus.history(limit)
    if as_json:
        from bot.contract.results import run_json  # noqa: PLC0415

        console.show_json([run_json(run) for run in runs])
    elif runs:
        from bot.cli.views.reports import run_table  # noqa: PLC0415

        console.show([run_table(runs)])
    else:
        console.note("Nothing has changed the corpus yet.")


# What they share


def show_report(report: "RefreshReport") -> None:
    from bot.cli.views.reports import report_blocks  # noqa: PLC0415

    console.show(report_blocks(report))


def carry_out(
    act: "Act", as_json: bool, json_lines: bool, show: "Callable[[RefreshReport], None]" = show_report
) -> "RefreshReport":
    """Carry out a change, show its progress and its report, and return the report."""
    if json_lines:
        with stoppable(signal.SIGTERM, signal.SIGINT):
            return _show_in_lines(act)
    with stoppable(signal.SIGTERM), opened_corpus() as corpus, console.progress_bars() as progress:
        report = act(corpus, progress)
    if as_json:
        from bot.contract.results import report_json  # noqa: PLC0415

        console.show_json(report_json(report))
    else:
        show(report)
    return report


def _show_in_lines(act: "Act") -> "RefreshReport":
    from bot.contract.results import changes_of  # noqa: PLC0415

    try:
        with opened_corpus() as corpus:
            try:
                report = act(corpus, ProgressLines().show)
            except console.ReaderGone as gone:  # what is left undone is no good end
                raise KeyboardInterrupt from gone
        show_event(changes_of(report))
    except KeyboardInterrupt:
        show_failure(errors.STOPPED_SAID, errors.STOPPED)
        raise
    except Exception as error:  # whatever it is: who reads the lines gets it as a line
        sentence, code = explain(error)
        show_failure(sentence, code)
        raise typer.Exit(code) from error
    return report


def show_event(event: "Event") -> None:
    """Print a line of `--json-lines`."""
    from bot.contract.events import event_json  # noqa: PLC0415

    console.show_json(event_json(event), indent=None)


def show_failure(sentence: str, code: int) -> None:
    from bot.contract.events import Failure  # noqa: PLC0415

    with contextlib.suppress(console.ReaderGone):  # the code says it, too
        show_event(Failure(sentence, code))


class ProgressLines:
    """Prints progress as JSON lines: the first and the last step of each stage, and of the others five a second."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._began = self._shown = 0.0

    def show(self, stage: str, done: int, total: int, current: str = "") -> None:
        from bot.contract.events import Progress  # noqa: PLC0415

        now = self._clock()
        if stage != self._stage:
            self._began = now
        elif done < total and now - self._shown < PAUSE:
            return
        self._stage, self._shown = stage, now
        left = round((now - self._began) / done * (total - done), 1) if done else None
        show_event(Progress(stage, done, total, current, left))


@contextlib.contextmanager
def stoppable(*signals: signal.Signals) -> Iterator[None]:
    """Have these signals stop the work as Ctrl-C does. SIGINT is named, too, where who starts us ignored it."""
    former = {number: signal.signal(number, signal.default_int_handler) for number in signals}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def name_of_user(by: str | None) -> str:
    if by is not None:
        return by
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user that the system knows by number alone
        return ""
