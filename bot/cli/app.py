"""The one command `footnote`. Heavy imports stay inside the commands that need them; console.py alone prints."""

import logging
import os
import sys
from collections import deque
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperArgument, TyperOption

from bot import errors
from bot.cli import console, evaluate, history, refresh, run, sources
from bot.cli.history import AsJson
from bot.cli.open_corpus import corpus_to_ask, explain, opened_corpus
from bot.shared import EARLIER_QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus import Filters

# That a question is a <str> and a switch a <bool> helps nobody, and typer has no setting that leaves it out of --help.
for parameter in (TyperArgument, TyperOption):
    parameter.display_type = lambda *_, **__: ""  # type: ignore[method-assign]

FAREWELLS = {"exit", "quit", "bye"}  # as a whole line of a chat

app = typer.Typer(
    help="Ask a corpus of commentary on open and closed AI models, and see who said it, where and when.",
    epilog='Start with: footnote ask "Will open models catch up?"',
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["--help", "-h"]},  # the first is the one that errors name
)

QuestionWords = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUESTION", help="Your question; in quotes where it has what a shell reads: ? * ' &"),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help='Only what was published from this day, month or year on: 2026-04-20, 2026-04, april, "last month".',
    ),
]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only what was published on or before it.")]
SourceName = Annotated[str | None, typer.Option("--source", metavar="NAME", help="Only this source, by slug or name.")]
PersonName = Annotated[str | None, typer.Option("--person", metavar="NAME", help="Only pieces by or with this person.")]
KindName = Annotated[
    str | None, typer.Option("--kind", metavar="event|guide", help="Only events (dated pieces) or guides (explainers).")
]
WithRelated = Annotated[bool, typer.Option("--related", help="List related guides and events, too.")]
Batch = Annotated[
    str | None,
    typer.Option("--batch", metavar="FILE|-", help='Read lines {"id", "question"} and print one JSON line for each.'),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        console.show_line(f"footnote {version('footnote-bot')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def ask(
    question: QuestionWords = None,
    since: Since = None,
    until: Until = None,
    source: SourceName = None,
    person: PersonName = None,
    kind: KindName = None,
    related: WithRelated = False,
    as_json: AsJson = False,
    batch: Batch = None,
) -> None:
    """Answer a question in quotes from the corpus, each with its source."""
    from bot.cli.views.answers import answer_blocks  # noqa: PLC0415
    from bot.contract.results import answer_json  # noqa: PLC0415
    from corpus import parse_filters  # noqa: PLC0415

    asked = _only_question(question, batch)
    given = {"since": since, "until": until, "source": source, "person": person, "kind": kind}
    filters = parse_filters(**given)
    with corpus_to_ask() as corpus:
        if batch is not None:
            _run_batch(batch, given, lambda line, chosen: answer_json(corpus.ask(line, chosen)))
            return
        with console.spinner("Reading"):
            answer = corpus.ask(asked, filters)
        if as_json:
            console.show_json(answer_json(answer))
        else:
            console.show(answer_blocks(answer, related=related))


@app.command()
def search(
    question: QuestionWords = None,
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
    from bot.contract.results import hits_json  # noqa: PLC0415
    from corpus import clean_question, parse_filters  # noqa: PLC0415

    asked = _only_question(question, batch)
    given = {"since": since, "until": until, "source": source, "person": person, "kind": kind}
    filters = parse_filters(**given)
    with corpus_to_ask() as corpus:
        if batch is not None:

            def search_one(line: str, chosen: "Filters") -> dict[str, Any]:
                cleaned = clean_question(line)
                return hits_json(cleaned, corpus.search(cleaned, limit, chosen))

            _run_batch(batch, given, search_one)
            return
        cleaned = clean_question(asked)
        with console.spinner("Searching"):
            hits = corpus.search(cleaned, limit, filters)
        if as_json:
            console.show_json(hits_json(cleaned, hits))
        else:
            from bot.cli.views.answers import hit_blocks  # noqa: PLC0415

            console.show(hit_blocks(hits))


@app.command()
def chat(related: WithRelated = False) -> None:
    """Ask one question after another, also "And in security?"; arrow up for an earlier one, exit or Ctrl-D ends."""
    from bot.cli.views.answers import answer_blocks  # noqa: PLC0415
    from corpus import InputRefused, clean_question  # noqa: PLC0415

    earlier: deque[str] = deque(maxlen=EARLIER_QUESTIONS)

    with corpus_to_ask() as corpus:
        if sys.stdin.isatty():
            console.note("Ask in a sentence. exit or Ctrl-D ends.")
        for question in console.typed_lines(corpus.settings.data_dir / "chat_history"):
            if question.strip(" .!").casefold() in FAREWELLS:
                break
            try:
                asked = clean_question(question)
                with console.spinner("Reading"):
                    answer = corpus.ask(asked, earlier=tuple(earlier))
            except InputRefused as refused:
                console.note(str(refused))
                continue
            except KeyboardInterrupt:
                console.note("Left out.")
                continue
            if answer.is_context:
                earlier.append(answer.question)
            console.show(answer_blocks(answer, asked, related=related))
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
    from corpus import parse_filters  # noqa: PLC0415

    filters = parse_filters(since, until, source, person, kind)
    with corpus_to_ask() as corpus:
        found = corpus.entries(filters)
    if as_json:
        from bot.contract.results import entry_json  # noqa: PLC0415

        console.show_json([entry_json(entry) for entry in found])
    elif found:
        from bot.cli.views.answers import entry_table  # noqa: PLC0415

        console.show([entry_table(found)])
    else:
        console.note("No entry passes these filters.")


@app.command()
def entry(
    entry_id: Annotated[
        str, typer.Argument(metavar="ID|URL", help="Its id (`footnote entries` lists them), or its address.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show an entry as a page, with related guides and events."""
    with corpus_to_ask() as corpus:
        page = corpus.page(entry_id)
        sources = corpus.sources()
    if as_json:
        from bot.contract.results import page_json  # noqa: PLC0415

        console.show_json(page_json(page))
    else:
        from bot.cli.views.answers import page_blocks  # noqa: PLC0415

        console.show(page_blocks(page, sources))


for changing_command in (
    refresh.refresh,
    history.apply,
    history.remove,
    history.undo,
    history.history,
    history.rebuild,
):
    app.command()(changing_command)
app.add_typer(sources.app, name="sources")
app.command("eval")(evaluate.evaluate)
app.command()(run.run)


@app.command()
def export(
    place: Annotated[str, typer.Argument(metavar="FILE|-", help="Where to write them; - is the standard output.")],
    no_sources: Annotated[
        bool, typer.Option("--no-sources", help="Entries alone, as programs and versions before 0.3 take them.")
    ] = False,
) -> None:
    """Write all entries, then the sources with what they have listed, as JSON lines for `footnote refresh --from`."""
    from bot.contract.results import record_json  # noqa: PLC0415
    from bot.contract.source_exports import exported_source_json  # noqa: PLC0415
    from bot.files import write_lines  # noqa: PLC0415

    with opened_corpus() as corpus:
        sources = [] if no_sources else [exported_source_json(one) for one in corpus.every_source()]
        records = chain(map(record_json, corpus.every_entry()), sources)
        if place == "-":
            for record in records:
                console.show_json(record, indent=None)
        else:
            count = write_lines(Path(place), records) - len(sources)
            slugs = {one["source"]["slug"] for one in sources}
            console.note(f"{count} entries are in {place}" + (f", and {len(slugs)} sources." if slugs else "."))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say what the corpus holds, and whether its index is whole."""
    logging.getLogger("corpus").setLevel(logging.ERROR)  # its warnings are among the notes below
    with opened_corpus() as corpus:
        found = corpus.status()
    if as_json:
        from bot.contract.results import status_json  # noqa: PLC0415

        console.show_json(status_json(found))
    else:
        from bot.cli.views.answers import status_blocks  # noqa: PLC0415

        console.show(status_blocks(found))


def main() -> NoReturn:
    """Run the command and end with an exit code; a person never sees a traceback."""
    # Before numpy is imported: on vectors of 384 its second thread gains nothing, and on a busy machine p99 of a search
    # is three times as long with it (docs/scale.md).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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
        console.note(errors.STOPPED_SAID)
    try:
        sys.stdout.flush()
    except OSError as error:
        if code != errors.DATA:  # or it was said already
            code = _explain(error)
        sys.stdout = None  # so that Python does not try again at exit
    sys.exit(code)


def _explain(error: Exception) -> int:
    sentence, code = explain(error)
    console.complain(sentence)
    return code


# Parts that the commands share


def _only_question(words: list[str] | None, batch: str | None) -> str:
    """Return the question in one line, of as many words as the shell has made of it; "" where a batch holds them."""
    if (not words) == (batch is None):
        raise typer.BadParameter("Give either a question, or --batch FILE.", param_hint="QUESTION")
    return " ".join(words or ())


def _run_batch(batch: str, given: dict[str, str | None], answer: "Callable[[str, Filters], dict[str, Any]]") -> None:
    """Print a JSON line for each line of the batch, in order; a line that cannot be answered says why in "error"."""
    from bot.cli.batch import BatchQuestion, read_batch  # noqa: PLC0415
    from corpus import InputRefused  # noqa: PLC0415

    refused = 0
    for line in read_batch(batch, given):
        row: dict[str, Any] = {"id": line.id}
        if isinstance(line, BatchQuestion):
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
