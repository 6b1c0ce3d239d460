"""What stands before the commands."""

from importlib.metadata import version

from typer.testing import CliRunner

from bot.cli import app


def test_the_version_is_told_and_nothing_else_is_done():
    told = CliRunner().invoke(app.app, ["--version"])
    assert (told.exit_code, told.output) == (0, f"footnote {version('footnote-bot')}\n")
