"""What stands before the commands, and what each says of itself."""

import re
from importlib.metadata import version

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import app

GROUP = typer.main.get_command(app.app)
COMMANDS = [
    [],
    *([name] for name in GROUP.commands),
    *(["sources", name] for name in GROUP.commands["sources"].commands),
]


def test_the_version_is_told_and_nothing_else_is_done():
    told = CliRunner().invoke(app.app, ["--version"])
    assert (told.exit_code, told.output) == (0, f"footnote {version('footnote-bot')}\n")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_command_has_its_help_under_two_names_and_in_it_no_types_of_python(words):
    told, short = (CliRunner().invoke(app.app, [*words, option]) for option in ("--help", "-h"))
    assert (told.exit_code, short.exit_code, short.output) == (0, 0, told.output)
    assert "Usage: " in told.output
    assert not re.search(r"<(bool|str|int|float|path|list)", told.output, flags=re.IGNORECASE)
    assert "…]..." not in told.output


def test_a_wrong_option_names_the_long_name_of_help():
    told = CliRunner().invoke(app.app, ["status", "--loud"])
    assert told.exit_code == 2
    assert "status --help" in told.output
