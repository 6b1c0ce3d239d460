"""`footnote refresh`: once, or with --watch round after round."""

import signal
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import errors
from bot.cli import console
from bot.cli.history import (
    AsJson,
    By,
    DryRun,
    JsonLines,
    ProgressLines,
    carry_out,
    name_of_user,
    show_event,
    show_failure,
    show_report,
    stoppable,
)
from bot.cli.open_corpus import corpus_settings, explain, opened_corpus

if TYPE_CHECKING:
    from corpus import Corpus, Progress, RefreshReport

BUSY = "Another refresh is at work; this one waits for its end."
NOTHING_DUE = "No source is read by itself for now. `footnote sources list` says which are followed, and how they do."
OFFLINE = "FOOTNOTE_OFFLINE is set, so no source is read and there is nothing to watch. Unset it."
NEVER = (
    "FOOTNOTE_REFRESH_HOURS is 0, so no source is read by itself and there is nothing to watch. Set it to some hours."
)


def refresh(
    first: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="Take in these folders or files (.md .jsonl .html .txt .pdf) alone; may be repeated.",
        ),
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="More paths, behind --from.")] = None,
    urls: Annotated[
        list[str] | None,
        typer.Option("--url", metavar="URL", help="Take in this page of the web, in its author's words; repeatable."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="Take in this source alone, by slug or name.")
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="Take in removed entries, too; they are no longer kept out.")
    ] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Of sources: take in all that they list, not the newest pieces alone.")
    ] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Read only those sources whose time has come; for a cron job that runs often.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until Ctrl-C or SIGTERM: read each source as its time comes.")
    ] = False,
    dry_run: DryRun = False,
    save_plan: Annotated[
        Path | None,
        typer.Option(
            "--save-plan",
            metavar="FILE",
            dir_okay=False,
            help="With --dry-run: keep what it would take in, for `footnote apply FILE`.",
        ),
    ] = None,
    no_sources: Annotated[
        bool, typer.Option("--no-sources", help="Of an export: leave out the sources that it carries.")
    ] = False,
    by: By = None,
    as_json: AsJson = False,
    json_lines: JsonLines = False,
) -> None:
    """Take in what is new: of the shipped corpus and the followed sources, or what --from and --url name."""
    named = _named(first, more)
    if save_plan is not None and not dry_run:
        raise typer.BadParameter("It keeps what a dry run found; add --dry-run.", param_hint="--save-plan")
    if watch:
        others = (named, urls, source, restore, backfill, dry_run, as_json)
        _alone("--watch", "reads what is due, again and again; of the options, it takes --by and --json-lines", *others)
        _watch(by, json_lines)
        return
    if due or backfill:
        option = "--due" if due else "--backfill"
        _alone(option, "is about the sources that are followed; it does not go with --from and --url", named, urls)

    def act(corpus: "Corpus", progress: "Progress") -> "RefreshReport":
        return corpus.refresh(
            [Path(name) for name in named] or None,
            urls=urls or (),
            by=name_of_user(by),
            source=source,
            restore=restore,
            backfill=backfill,
            due=due,
            dry_run=dry_run,
            save_plan=save_plan,
            takes_sources=not no_sources,
            progress=progress,
        )

    report = carry_out(act, as_json, json_lines, _show_due if due else show_report)
    if report.saved_plan and not (as_json or json_lines):
        console.note(f"The plan is kept: `footnote apply {save_plan}` takes in just this.")
    refused = not all(rejected.was_removed for rejected in report.plan.rejected)  # those are left out on purpose
    if refused or any(read.outcome == "failed" for read in report.sources):
        raise typer.Exit(errors.REFUSED)


def _show_due(report: "RefreshReport") -> None:
    """Nothing, where nothing was due: cron would send each word as a letter."""
    if report.sources or report.committed:
        show_report(report)
    elif console.is_terminal():
        console.note("No source is due. `footnote sources list` says how each does.")


def _named(first: list[str] | None, more: list[str] | None) -> list[str]:
    if more and not first:
        raise typer.BadParameter("Put --from before the paths.", param_hint="PATH")
    named: list[str] = [*(first or []), *(more or [])]
    if not all(named):
        raise typer.BadParameter(
            "A path is empty; it would be the current folder. Write . for that.", param_hint="--from"
        )
    return named


def _alone(option: str, why: str, *others: object) -> None:
    if any(others):
        raise typer.BadParameter(f"It {why}.", param_hint=option)


def _watch(by: str | None, json_lines: bool) -> None:
    """Rounds until somebody stops it, which is how it ends well."""
    from bot.cli.refresh_loop import watch  # noqa: PLC0415

    settings = corpus_settings()
    if settings.offline or not settings.refresh_hours:
        raise errors.SettingsUnusable(OFFLINE if settings.offline else NEVER)
    output = WatchForPrograms() if json_lines else WatchForPeople()

    def next_due() -> "datetime | None":
        with opened_corpus() as corpus:
            return datetime.now(UTC) if corpus.find_outdated() else corpus.next_due()

    def refresh() -> "RefreshReport":
        with opened_corpus() as corpus, output.progress() as progress:
            return corpus.refresh(due=True, by=name_of_user(by), progress=progress)

    try:
        with stoppable(signal.SIGTERM, signal.SIGINT):
            watch(next_due, refresh, output)
    except KeyboardInterrupt:
        console.note(errors.STOPPED_SAID)


class WatchForPeople:
    """Shows a watch to people: a line for each round, with its time."""

    @staticmethod
    def progress() -> "AbstractContextManager[Progress]":
        return console.progress_bars()

    @staticmethod
    def waiting(until: datetime | None) -> None:
        if until is None:
            console.note(NOTHING_DUE)
        else:
            console.note(f"The next source is read at {until.astimezone():%Y-%m-%d %H:%M}.")

    @staticmethod
    def busy() -> None:
        console.note(BUSY)

    @staticmethod
    def report(report: "RefreshReport") -> None:
        from bot.cli.refresh_loop import round_in_words  # noqa: PLC0415

        console.show_line(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}  {round_in_words(report)}")

    @staticmethod
    def failed(error: Exception) -> None:
        console.complain(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}  {explain(error)[0]}")


class WatchForPrograms:
    """Shows a watch to programs: as --json-lines does, and when it waits."""

    @staticmethod
    def progress() -> "AbstractContextManager[Progress]":
        return nullcontext(ProgressLines().show)

    @staticmethod
    def waiting(until: datetime | None) -> None:
        from bot.contract.events import Waiting  # noqa: PLC0415

        show_event(Waiting(until and until.astimezone(UTC)))

    @staticmethod
    def busy() -> None:
        show_failure(BUSY, errors.RUNNING)

    @staticmethod
    def report(report: "RefreshReport") -> None:
        from bot.contract.results import changes_of  # noqa: PLC0415

        show_event(changes_of(report))

    @staticmethod
    def failed(error: Exception) -> None:
        show_failure(*explain(error))
