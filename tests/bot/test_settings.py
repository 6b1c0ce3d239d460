"""What an operator writes into the environment, and what becomes of what is no setting."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.cli import app, open_corpus
from bot.settings import BotSettings, unknown_settings


@pytest.mark.parametrize(
    ("written", "servers"),
    [
        ("1577025816066261854", {1577025816066261854}),
        ("1, 2", {1, 2}),
        ("1 2,3", {1, 2, 3}),
        ("[1, 2]", {1, 2}),
        ("[]", set()),
        ("", set()),
    ],
)
def test_servers_are_named_by_their_ids_one_or_several(monkeypatch, written, servers):
    monkeypatch.setenv("FOOTNOTE_DISCORD_SERVERS", written)
    assert BotSettings().discord_servers == servers


@pytest.mark.parametrize("written", ["makers", "1.5", "1;2", "-1", "9" * 21, '{"a": 1}'])
def test_what_is_no_id_of_a_server_is_refused_with_how_to_write_one(monkeypatch, written):
    monkeypatch.setenv("FOOTNOTE_DISCORD_SERVERS", written)
    with pytest.raises(ValidationError, match="is no list of server ids; write it as 123456789012345678, "):
        BotSettings()


# Names that are none


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("FOOTNOTE_DATADIR", "FOOTNOTE_DATA_DIR"),
        ("FOOTNOTE_DATA_FOLDER", "FOOTNOTE_DATA_DIR"),
        ("FOOTNOTE_TOKEN", "FOOTNOTE_DISCORD_TOKEN"),
        ("footnote_discord_tokn", "FOOTNOTE_DISCORD_TOKEN"),
        ("FOOTNOTE_MODLE", "FOOTNOTE_MODEL"),
        ("FOOTNOTE_OFLINE", "FOOTNOTE_OFFLINE"),
        ("FOOTNOTE_REFRESH_HOUR", "FOOTNOTE_REFRESH_HOURS"),
    ],
)
def test_a_misspelt_setting_is_named_with_the_right_one(written, meant):
    assert unknown_settings({written: "x"}) == f"{written.upper()} is no setting; did you mean {meant}?"
    Path(".env").write_text(f"{written}=x\n", encoding="utf-8")
    assert unknown_settings({}) == f"{written.upper()} in .env is no setting; did you mean {meant}?"


def test_what_is_like_no_setting_is_named_with_where_all_stand():
    assert unknown_settings({"FOOTNOTE_XYZZY": "1"}) == (
        "FOOTNOTE_XYZZY is no setting; .env.example names all that there are."
    )


def test_settings_and_what_is_not_named_as_one_are_left_alone():
    Path(".env").write_text("FOOTNOTE_MODEL=a\nfootnote_offline=true\nOTHER_MODLE=1\n", encoding="utf-8")
    assert unknown_settings({"FOOTNOTE_DISCORD_TOKEN": "x", "footnote_data_dir": "y", "_FOOTNOTE_COMPLETE": "z"}) == ""


def test_of_many_names_some_are_told_and_none_is_longer_than_a_line():
    told = unknown_settings({f"FOOTNOTE_{'X' * 5000}{n}": "" for n in range(9)} | {"FOOTNOTE_\x1b[31m": ""})
    assert "And 5 more are none." in told
    assert len(told) < 1000
    assert told.isprintable()


def test_a_misspelt_setting_is_noted_once_and_stops_nothing(monkeypatch):
    open_corpus._note_unknown_settings.cache_clear()
    monkeypatch.setenv("FOOTNOTE_DATADIR", "elsewhere")
    done = CliRunner().invoke(app.app, ["history", "--json"])
    assert (done.exit_code, done.stdout) == (0, "[]\n")
    assert done.stderr == "FOOTNOTE_DATADIR is no setting; did you mean FOOTNOTE_DATA_DIR?\n"
    assert CliRunner().invoke(app.app, ["history", "--json"]).stderr == ""
