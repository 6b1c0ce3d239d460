"""The commands `footnote sources …`: which publications the corpus follows, and how each does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot import errors
from bot.cli import console
from bot.cli.history import AsJson, By, name_of_user
from bot.cli.open_corpus import opened_corpus

if TYPE_CHECKING:
    from corpus import Source

app = typer.Typer(
    help="List the publications that the corpus follows and how each does; follow another, check one, pause one.",
    epilog="Start with: footnote sources list",
    no_args_is_help=True,
)

NAME = Annotated[str, typer.Argument(metavar="NAME", help="The source, by slug or name.")]
NONE_YET = "No source is followed yet. `footnote sources add ADDRESS` follows a feed, a site, a sitemap or a folder."


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the sources: when each was last read, what is wrong with it, and what the corpus has of it."""
    from bot.cli.views.sources import source_blocks  # noqa: PLC0415
    from bot.discord.store.answers import cited_in  # noqa: PLC0415
    from bot.source_health import shares_of  # noqa: PLC0415
    from corpus import DataUnusable  # noqa: PLC0415

    with opened_corpus() as corpus:
        found = corpus.followed()
        try:
            shares = shares_of(cited_in(corpus.settings.data_dir), corpus.titles())
        except DataUnusable:  # nothing was indexed yet: so nothing was cited
            shares = {}
    if as_json:
        from bot.contract.results import health_json  # noqa: PLC0415

        console.show_json([health_json(h, shares.get(h.source.slug, 0.0) if shares else None) for h in found])
    elif found:
        console.show(source_blocks(found, shares, datetime.now(UTC)))
    else:
        console.note(NONE_YET)


@app.command()
def add(
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="A feed, a site that names its feed, a sitemap, or a folder of files."),
    ],
    slug: Annotated[str | None, typer.Option("--slug", metavar="SLUG", help="Its short name, for commands.")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="What people call it.")] = None,
    tier: Annotated[
        int | None,
        typer.Option(
            "--tier", metavar="N", min=1, max=3, help="1 primary, 2 commentary, 3 anything else (unless you say)."
        ),
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option("--pattern", metavar="REGEX", help="Of a sitemap: only the addresses in which this is found."),
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Follow a source: from now on, each refresh takes in what is new there."""
    with opened_corpus() as corpus, console.spinner("Looking"):
        source = corpus.follow(address, slug=slug, name=name, tier=tier, pattern=pattern, by=name_of_user(by))
    _say(source, as_json, f"Followed from now on: {_described(source)}.")
    if not as_json:
        console.note(
            f"The next refresh takes in its newest pieces, 50 at most; `footnote refresh --source {source.slug} "
            f"--backfill` takes in all that it lists. `footnote sources check {source.slug}` shows first what that "
            "would be."
        )


@app.command()
def remove(name: NAME, by: By = None, as_json: AsJson = False) -> None:
    """Follow a source no more; its entries stay."""
    with opened_corpus() as corpus:
        source = corpus.unfollow(name, by=name_of_user(by))
    _say(source, as_json, f"Followed no more: {source.name}. Its entries stay; `footnote remove ID` takes one out.")


@app.command()
def pause(name: NAME, by: By = None, as_json: AsJson = False) -> None:
    """Leave a source unread, until it is resumed."""
    with opened_corpus() as corpus:
        source = corpus.pause(name, by=name_of_user(by))
    _say(source, as_json, f"Paused: {source.name} is not read until `footnote sources resume {source.slug}`.")


@app.command()
def resume(name: NAME, by: By = None, as_json: AsJson = False) -> None:
    """Read a source again that was paused, or was closed or removed."""
    with opened_corpus() as corpus:
        source = corpus.resume(name, by=name_of_user(by))
    _say(source, as_json, f"Followed again: {_described(source)}. The next refresh reads it.")


@app.command()
def check(
    name: Annotated[str, typer.Argument(metavar="NAME|ADDRESS", help="A source, or the address of one to be.")],
    backfill: Annotated[
        bool, typer.Option("--backfill", help="As a refresh with --backfill: all that it lists, not the newest alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show step by step what a source would give, and why each piece would be taken or not. Writes nothing."""
    from bot.cli.views.sources import check_blocks  # noqa: PLC0415
    from bot.contract.results import check_json  # noqa: PLC0415

    with opened_corpus() as corpus, console.progress_bars() as progress:
        found = corpus.check(name, backfill=backfill, progress=progress)
    if as_json:
        console.show_json(check_json(found))
    else:
        console.show(check_blocks(found))
    if found.source is None or not all(step.fine for step in found.steps):
        raise typer.Exit(errors.REFUSED)


def _described(source: "Source") -> str:
    from bot.cli.views.sources import described  # noqa: PLC0415

    return described(source)


def _say(source: "Source", as_json: bool, sentence: str) -> None:
    if as_json:
        from bot.contract.results import source_json  # noqa: PLC0415

        console.show_json(source_json(source))
    else:
        console.show_line(sentence)
