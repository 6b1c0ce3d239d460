"""The one command `footnote`. Heavy imports stay inside the commands that need them; console.py alone prints."""

import contextlib
import errno
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot import console, errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpus import Corpus, CorpusSettings, Filters

app = typer.Typer(
    help="Ask a corpus of commentary on open and closed AI models, and see who said it, where and when.",
    epilog='Start with: footnote ask "Will open models catch up?"',
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only what was published on or after this day, month or year (2026-04)."),
]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only what was published on or before it.")]
SourceName = Annotated[str | None, typer.Option("--source", metavar="NAME", help="Only this source, by slug or name.")]
PersonName = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Only pieces by or with this person.")]
KindName = Annotated[
    str | None, typer.Option("--kind", metavar="event|guide", help="Only events (dated pieces) or guides (explainers).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs (docs/json.md).")]
Batch = Annotated[
    str | None,
    typer.Option("--batch", metavar="FILE|-", help='Read lines {"id", "question"} and print one JSON line for each.'),
]


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="Your question, in quotes.")] = None,
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
        with console.spinner("Reading"):
            answer = corpus.ask(question or "", filters)
        if as_json:
            console.show_json(answer_json(answer))
        else:
            console.show(answer_blocks(answer))


@app.command()
def search(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="Your question, in quotes.")] = None,
    limit: Annotated[int, typer.Option("-k", metavar="N", min=1, max=1000, help="How many passages.")] = 10,
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
        with console.spinner("Searching"):
            hits = corpus.search(question or "", limit, filters)
        if as_json:
            console.show_json(hits_json(clean_question(question or ""), hits))
        else:
            from bot.terminal import hit_blocks  # noqa: PLC0415

            console.show(hit_blocks(hits))


@app.command()
def chat() -> None:
    """Ask one question after another; arrow up brings back an earlier one, Ctrl-D ends."""
    from bot.terminal import answer_blocks  # noqa: PLC0415
    from corpus import InputRefused  # noqa: PLC0415

    with _open() as corpus:
        if sys.stdin.isatty():
            console.note("Ask in a sentence. Ctrl-D ends.")
        for question in console.typed_lines(corpus.settings.data_dir / "chat_history"):
            try:
                with console.spinner("Reading"):
                    answer = corpus.ask(question)
            except InputRefused as refused:
                console.note(str(refused))
                continue
            except KeyboardInterrupt:
                console.note("Left out.")
                continue
            console.show([*answer_blocks(answer)])
            console.show_line("")


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
    from bot.terminal import entry_table  # noqa: PLC0415
    from corpus import parse_filters  # noqa: PLC0415

    filters = parse_filters(since, until, source, person, kind)
    with _open() as corpus:
        found = corpus.entries(filters)
    if as_json:
        console.show_json([entry_json(entry) for entry in found])
    elif found:
        console.show([entry_table(found)])
    else:
        console.note("No entry passes these filters.")


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

        console.show_json(page_json(page))
    else:
        from bot.terminal import page_blocks  # noqa: PLC0415

        console.show(page_blocks(page, sources))


@app.command()
def refresh(
    first: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="PATH", help="Take in these .md or .jsonl files or folders alone; may be repeated."
        ),
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="PATH…", help="More paths, behind --from.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in new and changed entries: the shipped corpus, or what --from names."""
    if more and not first:
        raise typer.BadParameter("Put --from before the paths.", param_hint="PATH")
    named: list[str] = [*(first or []), *(more or [])]
    if not all(named):
        raise typer.BadParameter(
            "A path is empty; it would be the current folder. Write . for that.", param_hint="--from"
        )
    paths = [Path(name) for name in named] or None
    with _corpus() as corpus, console.progress_bars() as progress:
        report = corpus.refresh(paths, dry_run=dry_run, progress=progress)
    _report(report, as_json)
    if report.plan.rejected:
        raise typer.Exit(errors.REFUSED)


@app.command()
def rebuild(as_json: AsJson = False) -> None:
    """Make the index anew from the archive: after a change of the model, or damage."""
    with _corpus() as corpus, console.progress_bars() as progress:
        report = corpus.rebuild(progress)
    if as_json:
        _report(report, as_json)
    else:
        console.note(f"Generation {report.generation} is committed ({report.indexed} entries indexed).")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say what the corpus holds, and whether its index is whole."""
    logging.getLogger("corpus").setLevel(logging.ERROR)  # its warnings are among the notes below
    with _corpus() as corpus:
        found = corpus.status()
    if as_json:
        from bot.contract import status_json  # noqa: PLC0415

        console.show_json(status_json(found))
    else:
        from bot.terminal import status_blocks  # noqa: PLC0415

        console.show(status_blocks(found))


@app.command()
def run() -> None:
    """Run the Discord bot until it is stopped (SIGTERM, Ctrl-C); needs FOOTNOTE_DISCORD_TOKEN."""
    from bot.run import run as run_bot  # noqa: PLC0415
    from bot.settings import BotSettings  # noqa: PLC0415

    console.record_logs()
    settings = _settings()
    try:
        bot_settings = BotSettings()
    except (ValueError, OSError, RuntimeError) as error:
        raise errors.settings_problem(error) from error
    run_bot(settings, bot_settings)


def main() -> NoReturn:
    """Run the command and end with an exit code; a person never sees a traceback."""
    console.quiet_logs()
    console.whole_streams()
    code: int | str | None = 0
    try:
        errors.check_settings_file()
        app()  # ends by SystemExit; a wrong command line is explained by typer, and ends with 2
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:
        code = errors.STOPPED
    except Exception as error:  # noqa: BLE001  the outermost edge: whatever it is becomes a sentence
        code = _explain(error)
    if code == errors.STOPPED:  # typer makes this exit code of a Ctrl-C, and says nothing
        console.note("Stopped. Nothing was lost.")
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _explain(error)
        sys.stdout = None  # so that Python does not try again at exit
    sys.exit(code)


def _explain(error: Exception) -> int:
    if isinstance(error, errors.SettingsUnusable):
        console.complain(str(error))
        return errors.SETTINGS
    if isinstance(error, errors.NotStarted):
        console.complain(str(error))
        return error.code
    from corpus import CorpusError  # noqa: PLC0415

    if isinstance(error, CorpusError):
        console.complain(str(error))
        return errors.exit_code(error)
    if isinstance(error, OSError) and error.filename is None and error.errno in {errno.ENOSPC, errno.EIO, errno.EPIPE}:
        console.complain(f"The output could not be written ({error.strerror}).")
        return errors.DATA
    try:
        folder = _settings().data_dir
    except errors.SettingsUnusable:
        folder = None
    console.complain(errors.record_bug(error, folder if folder and folder.is_dir() else None))
    return errors.BUG


# Parts that the commands share


def _settings() -> "CorpusSettings":
    from corpus import CorpusSettings  # noqa: PLC0415

    try:
        return CorpusSettings()
    except (ValueError, OSError, RuntimeError) as error:
        raise errors.settings_problem(error) from error


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
            origin = "the shipped corpus" if corpus.is_archive_empty() else "the archive"
            console.note(f"There is no index yet: building one from {origin}.")
            with console.progress_bars() as progress:
                report = corpus.prepare(progress)
            console.note(f"Done: {report.indexed} entries." if report else "Another process has built it meanwhile.")
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
        console.show_json(row, indent=None)
    if refused:
        console.complain(f'{refused} of the lines could not be answered; their "error" says why.')
        raise typer.Exit(errors.REFUSED)


def _report(report: Any, as_json: bool) -> None:
    if as_json:
        from bot.contract import report_json  # noqa: PLC0415

        console.show_json(report_json(report))
    else:
        from bot.terminal import report_blocks  # noqa: PLC0415

        console.show(report_blocks(report))
