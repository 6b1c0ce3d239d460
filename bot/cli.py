"""The one command `footnote`: the only place that prints. Heavy imports stay inside the commands that need them."""

import contextlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

from bot import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.terminal import Block
    from corpus import Corpus, CorpusSettings, Filters, Progress

UNWRAPPED = 100_000  # columns: a pipe gets each line whole; it is for programs, or for a pager that wraps by itself

app = typer.Typer(
    help="Ask a corpus of commentary on open and closed AI models, and see who said it, where and when.",
    epilog='Start with: footnote ask "Will open models catch up?"',
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

Since = Annotated[
    str | None, typer.Option(help="Only what was published on or after this day, month or year (2026-04).")
]
Until = Annotated[str | None, typer.Option(help="Only what was published on or before it.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Only this source, by slug or name.")]
PersonName = Annotated[str | None, typer.Option("--person", help="Only pieces by or with this person.")]
KindName = Annotated[str | None, typer.Option("--kind", help="Only events (dated pieces) or guides (explainers).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs (docs/json.md).")]
Batch = Annotated[
    str | None,
    typer.Option("--batch", metavar="FILE|-", help='Read lines {"id", "question"} and print one JSON line for each.'),
]


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="Your question, in quotes.")] = None,
    since: Since = None,
    until: Until = None,
    source: SourceName = None,
    person: PersonName = None,
    kind: KindName = None,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Answer a question in quotes from the corpus, each with its source."""
    from bot.contract import answer_json  # noqa: PLC0415
    from bot.terminal import answer_blocks  # noqa: PLC0415
    from corpus import parse_filters  # noqa: PLC0415

    _one_of(question, batch)
    given = {"since": since, "until": until, "source": source, "person": person, "kind": kind}
    filters = parse_filters(**given)
    with _open() as corpus:
        if batch is not None:
            _run_batch(batch, given, lambda asked, chosen: answer_json(corpus.ask(asked, chosen)))
            return
        with _working("Reading"):
            answer = corpus.ask(question or "", filters)
        if as_json:
            _print_json(answer_json(answer))
        else:
            _print(answer_blocks(answer))


@app.command()
def search(
    question: Annotated[str | None, typer.Argument(help="Your question, in quotes.")] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    since: Since = None,
    until: Until = None,
    source: SourceName = None,
    person: PersonName = None,
    kind: KindName = None,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Show the passages that are found for a question, best first."""
    from bot.contract import hits_json  # noqa: PLC0415
    from corpus import clean_question, parse_filters  # noqa: PLC0415

    _one_of(question, batch)
    given = {"since": since, "until": until, "source": source, "person": person, "kind": kind}
    filters = parse_filters(**given)
    with _open() as corpus:
        if batch is not None:
            _run_batch(
                batch,
                given,
                lambda asked, chosen: hits_json(clean_question(asked), corpus.search(asked, limit, chosen)),
            )
            return
        with _working("Searching"):
            hits = corpus.search(question or "", limit, filters)
        if as_json:
            _print_json(hits_json(clean_question(question or ""), hits))
        else:
            from bot.terminal import hit_blocks  # noqa: PLC0415

            _print(hit_blocks(hits))


@app.command()
def chat() -> None:
    """Ask one question after another; arrow up brings back an earlier one, Ctrl-D ends."""
    from bot.terminal import answer_blocks  # noqa: PLC0415
    from corpus import InputRefused  # noqa: PLC0415

    with _open() as corpus:
        if sys.stdin.isatty():
            _note("Ask in a sentence. Ctrl-D ends.")
        for question in _typed_lines(corpus.settings.data_dir / "chat_history"):
            try:
                with _working("Reading"):
                    answer = corpus.ask(question)
            except InputRefused as refused:
                _note(str(refused))
                continue
            _print([*answer_blocks(answer)])
            _print_line("")


@app.command()
def entries(
    since: Since = None,
    until: Until = None,
    source: SourceName = None,
    person: PersonName = None,
    kind: KindName = None,
    as_json: AsJson = False,
) -> None:
    """List the entries of the corpus, newest first."""
    from bot.contract import entry_json  # noqa: PLC0415
    from bot.terminal import entry_line  # noqa: PLC0415
    from corpus import parse_filters  # noqa: PLC0415

    filters = parse_filters(since, until, source, person, kind)
    with _open() as corpus:
        found = corpus.entries(filters)
    if as_json:
        _print_json([entry_json(entry) for entry in found])
    elif found:
        _print([entry_line(entry) for entry in found])
    else:
        _note("No entry passes these filters.")


@app.command()
def entry(
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="The entry's id; `footnote entries` lists them.")],
    as_json: AsJson = False,
) -> None:
    """Show an entry as a page, with related guides and events."""
    with _open() as corpus:
        page = corpus.page(entry_id)
        sources = corpus.sources()
    if as_json:
        from bot.contract import page_json  # noqa: PLC0415

        _print_json(page_json(page))
    else:
        from bot.terminal import page_blocks  # noqa: PLC0415

        _print(page_blocks(page, sources))


@app.command()
def refresh(
    first: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="PATH", help="Take in these .md or .jsonl files or folders alone; may be repeated."
        ),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="More paths, behind --from.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in new and changed entries: the shipped corpus, or what --from names."""
    if more and not first:
        raise typer.BadParameter("Put --from before the paths.", param_hint="PATH")
    paths = [*(first or []), *(more or [])] or None
    with _corpus() as corpus, _progress() as progress:
        report = corpus.refresh(paths, dry_run=dry_run, progress=progress)
    _report(report, as_json)
    if report.plan.rejected:
        raise typer.Exit(errors.REFUSED)


@app.command()
def rebuild(as_json: AsJson = False) -> None:
    """Make the index anew from the archive: after a change of the model, or damage."""
    with _corpus() as corpus, _progress() as progress:
        report = corpus.rebuild(progress)
    if as_json:
        _report(report, as_json)
    else:
        _note(f"Generation {report.generation} is committed ({report.indexed} entries indexed).")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say what the corpus holds, and whether its index is whole."""
    with _corpus() as corpus:
        found = corpus.status()
    if as_json:
        from bot.contract import status_json  # noqa: PLC0415

        _print_json(status_json(found))
    else:
        from bot.terminal import status_blocks  # noqa: PLC0415

        _print(status_blocks(found))


def main() -> NoReturn:
    """Run the command and end with an exit code; a person never sees a traceback."""
    _quiet_logs()
    for stream in (sys.stdout, sys.stderr):  # what a terminal or a pipe cannot encode becomes a question mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    code: int | str | None = 0
    try:
        app()  # ends by SystemExit; a wrong command line is explained by typer, and ends with 2
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:
        code = errors.STOPPED
    except Exception as error:  # noqa: BLE001  the outermost edge: whatever it is becomes a sentence
        code = _explain(error)
    if code == errors.STOPPED:  # typer makes this exit code of a Ctrl-C, and says nothing
        _note("Stopped. The last generation goes on answering; run the command again to go on.")
    sys.exit(code)


def _explain(error: Exception) -> int:
    from pydantic import ValidationError  # noqa: PLC0415

    from corpus import CorpusError  # noqa: PLC0415

    if isinstance(error, ValidationError):
        _fail(errors.settings_sentence(error))
        return errors.SETTINGS
    if isinstance(error, CorpusError):
        _fail(str(error))
        return errors.exit_code(error)
    try:
        folder = _settings().data_dir
    except ValidationError:
        folder = None
    _fail(errors.record_bug(error, folder if folder and folder.is_dir() else None))
    return errors.BUG


# Parts that the commands share


def _settings() -> "CorpusSettings":
    from corpus import CorpusSettings  # noqa: PLC0415

    return CorpusSettings()


@contextlib.contextmanager
def _corpus() -> "Iterator[Corpus]":
    from corpus import open_corpus  # noqa: PLC0415

    with open_corpus(_settings()) as corpus:
        yield corpus


@contextlib.contextmanager
def _open() -> "Iterator[Corpus]":
    """The corpus, with an index: on the very first use, one is built."""
    with _corpus() as corpus:
        if corpus.is_empty():
            _note("There is no index yet: building one from the shipped corpus, or from the archive if there is one.")
            with _progress() as progress:
                report = corpus.prepare(progress)
            _note(f"Done: {report.indexed} entries." if report else "Done, by another process.")
        yield corpus


def _one_of(question: str | None, batch: str | None) -> None:
    if (question is None) == (batch is None):
        raise typer.BadParameter("Give either a question in quotes, or --batch FILE.", param_hint="QUESTION")


def _run_batch(batch: str, given: dict[str, str | None], answer: "Callable[[str, Filters], dict[str, Any]]") -> None:
    """Print a JSON line for each line of the batch, in order; a line that cannot be answered says why in "error"."""
    from bot.batch import Asked, read_batch  # noqa: PLC0415
    from corpus import InputRefused  # noqa: PLC0415

    refused = 0
    for line in read_batch(batch, given):
        row: dict[str, Any] = {"id": line.id}
        if isinstance(line, Asked):
            try:
                row |= answer(line.question, line.filters)
            except InputRefused as error:
                row["error"] = str(error)
        else:
            row["error"] = line.reason
        refused += "error" in row
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    if refused:
        _fail(f'{refused} of the lines could not be answered; their "error" says why.')
        raise typer.Exit(errors.REFUSED)


def _typed_lines(history: Path) -> Iterator[str]:
    """What a person types, line by line, until Ctrl-D; on a terminal with the arrow keys and an earlier day's lines."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        return
    import readline  # noqa: PLC0415  importing it gives input() its line editing

    readline.set_history_length(500)
    with contextlib.suppress(OSError):
        readline.read_history_file(history)
    while True:
        try:
            line = input("? ")
        except EOFError:
            _print_line("")
            return
        with contextlib.suppress(OSError):
            readline.write_history_file(history)
        if line.strip():
            yield line


def _report(report: Any, as_json: bool) -> None:
    if as_json:
        from bot.contract import report_json  # noqa: PLC0415

        _print_json(report_json(report))
    else:
        from bot.terminal import report_blocks  # noqa: PLC0415

        _print(report_blocks(report))


@contextlib.contextmanager
def _progress() -> "Iterator[Progress]":
    """A progress bar on a terminal's error stream; nothing in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        names = {"read": "Reading", "index": "Indexing"}
        tasks = {stage: bars.add_task(name, total=None, visible=False) for stage, name in names.items()}

        def show(stage: str, done: int, total: int) -> None:
            bars.update(tasks[stage], completed=done, total=total, visible=True)

        yield show


@contextlib.contextmanager
def _working(what: str) -> Iterator[None]:
    """A spinner on a terminal while the model loads; nothing in a pipe."""
    console = Console(stderr=True)
    with console.status(f"{what} …") if console.is_terminal else contextlib.nullcontext():
        yield


def _print(blocks: "list[Block]") -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = UNWRAPPED
    for block in blocks:
        console.print(block)


def _print_line(line: str) -> None:
    Console(highlight=False).print(line, markup=False)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _note(sentence: str) -> None:
    Console(stderr=True, highlight=False).print(sentence, style="dim", markup=False, soft_wrap=True)


def _fail(sentence: str) -> None:
    Console(stderr=True, highlight=False).print(sentence, style="red", markup=False, soft_wrap=True)


class _Notes(logging.Handler):
    """The library's warnings, as notes."""

    def emit(self, record: logging.LogRecord) -> None:
        _note(record.getMessage())


def _quiet_logs() -> None:
    logging.getLogger("corpus").addHandler(_Notes(logging.WARNING))
    logging.getLogger("corpus").propagate = False
    logging.getLogger().addHandler(logging.NullHandler())  # other libraries' warnings are not for this person
