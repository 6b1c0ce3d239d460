"""The commands that change the corpus, as a person, a script or the bot's jobs meet them. The model is a toy."""

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from earlier import say_made_with
from fakes import ToyEmbedder
from typer.testing import CliRunner

import corpus
from bot.cli import app
from bot.cli.history import PAUSE, ProgressLines
from bot.contract.events import parse_event
from corpus.library import open_corpus
from tests.bot.contract.test_results import documented

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def footnote(monkeypatch):
    """Run a command in this process, with the toy model."""
    monkeypatch.setattr(corpus, "open_corpus", lambda settings: open_corpus(settings, ToyEmbedder()))

    def run(*words, code=0):
        done = CliRunner().invoke(app.app, [str(word) for word in words])
        assert done.exit_code == code, (done.output, done.exception)
        return done

    return run


@pytest.fixture
def shelf(footnote):
    footnote("refresh", "--by", "Ada")
    return footnote


def lines_of(done):
    """The lines of --json-lines; each must be one that the bot's jobs understand."""
    lines = done.stdout.splitlines()
    assert all(parse_event(line.encode()) for line in lines)
    return [json.loads(line) for line in lines]


# For people


def test_a_removal_is_told_and_undone(shelf):
    assert shelf("remove", "consortium", "next-phase", "--dry-run").stdout.startswith("Would be: 2 removed\n")
    told = shelf("remove", "consortium", "next-phase").stdout
    assert told.startswith("2 removed\n  removed  consortium")
    assert told.endswith("Generation 2 is committed (0 entries indexed).\n")
    refreshed = shelf("refresh").stdout
    assert "0 new, 0 changed, 10 unchanged, 2 rejected\n" in refreshed
    assert "--restore takes it back" in refreshed
    planned = shelf("undo", "--dry-run").stdout
    assert planned.startswith("Would undo: the removal by ")
    assert "Would be: 2 new\n" in planned
    assert "Nothing was written." in planned
    assert "Undone: the removal by " in shelf("undo").stdout
    assert "12 unchanged, 0 rejected" in shelf("refresh").stdout


def test_what_was_removed_on_purpose_is_no_failure_of_a_refresh_but_what_is_wrong_is(shelf, tmp_path):
    shelf("remove", "consortium")
    assert "1 rejected" in shelf("refresh", code=0).stdout
    (tmp_path / "bad.md").write_text("nothing", encoding="utf-8")
    shelf("refresh", "--from", tmp_path / "bad.md", code=3)


def test_restoring_takes_it_back(shelf):
    shelf("remove", "consortium")
    assert shelf("refresh", "--restore").stdout.split("\n")[1] == "1 new, 0 changed, 11 unchanged, 0 rejected"


def test_history_says_when_what_and_who(footnote):
    assert "Nothing has changed" in footnote("history").output
    footnote("refresh", "--source", "Hugging Face Blog", "--by", "Ada \x1b[31m Lovelace")
    footnote("remove", "cybersecurity-openness", "--by", "Bo")
    footnote("undo", "--by", "Cy")
    rows = [line.split("  ") for line in footnote("history").stdout.splitlines()]
    assert [[cell.strip() for cell in row[1:] if cell] for row in rows] == [
        ["undo", "1 new", "huggingface", "Cy"],
        ["remove (undone)", "1 removed", "huggingface", "Bo"],
        ["refresh", "1 new", "huggingface", "Ada [31m Lovelace"],
    ]
    assert len(footnote("history", "-n", "1").stdout.splitlines()) == 1


def test_without_a_name_it_is_the_users(shelf, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    shelf("remove", "consortium")
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(KeyError("uid 1234")))
    shelf("remove", "next-phase")
    assert [run["by"] for run in json.loads(shelf("history", "--json").stdout)] == ["", "grace", "Ada"]


# Export


def test_what_is_exported_is_imported_unchanged(shelf, tmp_path):
    file = tmp_path / "all.jsonl"
    file.write_text("what was there before", encoding="utf-8")
    assert "12 entries are in" in shelf("export", file).output
    told = json.loads(shelf("refresh", "--from", file, "--json").stdout)
    assert (len(told["unchanged"]), told["committed"]) == (12, False)
    assert shelf("export", "-").stdout == file.read_text(encoding="utf-8")
    assert set(json.loads(file.read_text(encoding="utf-8").split("\n")[0])) == documented("Entries to import") - {
        *("start", "end", "speaker")  # of a section and a block
    }
    assert [f.name for f in tmp_path.iterdir() if "part" in f.name] == []


def test_behind_the_entries_stand_the_sources_unless_they_are_left_out(shelf, tmp_path):
    rows = [json.loads(line) for line in shelf("export", "-").stdout.splitlines()]
    assert [row.get("source", {}).get("slug") for row in rows[12:]] == ["footnote", "huggingface", "interconnects"]
    assert not any("footnote_source" in row for row in rows[:12])
    file = tmp_path / "all.jsonl"
    assert "12 entries are in" in shelf("export", file, "--no-sources").output
    assert "footnote_source" not in file.read_text(encoding="utf-8")
    shelf("export", file)
    done = shelf("refresh", "--from", file, "--no-sources")
    assert "The sources in the file were left out: footnote, huggingface, interconnects." in done.output


def test_without_a_network_the_shipped_corpus_is_taken_in_and_the_command_ends_well(footnote, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    done = footnote("refresh")
    assert done.output.count("is this computer offline?") == 1
    assert "check its spelling" not in done.output
    assert "12 new" in done.output


@pytest.mark.parametrize("name", ["", "missing/all.jsonl", "x" * 300, "a\0b"])
def test_where_nothing_can_be_written_it_says_so(shelf, tmp_path, name):
    done = shelf("export", f"{tmp_path}/{name}", code=1)
    assert isinstance(done.exception, corpus.FileRefused)
    assert str(done.exception).endswith("give another file.")


def test_an_export_that_breaks_off_leaves_the_file_as_it_was(shelf, tmp_path, monkeypatch):
    file = tmp_path / "all.jsonl"
    file.write_text("before", encoding="utf-8")
    monkeypatch.setattr("bot.contract.results.record_json", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    shelf("export", file, code=130)
    assert file.read_text(encoding="utf-8") == "before"
    assert [f.name for f in tmp_path.iterdir() if "part" in f.name] == []


# For programs


def test_lines_tell_each_stage_from_first_to_last_and_then_the_report(footnote):
    rows = lines_of(footnote("refresh", "--json-lines"))
    stages = [(r["stage"], r["done"], r["total"]) for r in rows[:-1]]
    assert stages == [
        ("read", 0, 1),
        ("read", 1, 1),
        ("sign", 0, 12),
        ("sign", 12, 12),
        ("compare", 12, 12),
        ("load", 0, 1),
        ("load", 1, 1),
        ("index", 0, 12),
        ("index", 12, 12),
    ]
    assert {key for row in rows[:-1] for key in row} == {"event", "stage", "done", "total", "current", "estimate"}
    assert rows[-1]["event"] == "report"
    assert set(rows[-1]) - {"event"} < documented("report")
    assert len(rows[-1]["new"]) == 12


def test_lines_of_a_removal_an_undo_and_a_rebuild(shelf):
    removed = lines_of(shelf("remove", "--json-lines", "--by=-x", "consortium"))[-1]
    assert (removed["event"], removed["removed"], removed["generation"]) == ("report", ["consortium"], 2)
    planned = lines_of(shelf("undo", "--json-lines", "--dry-run"))
    assert [row["event"] for row in planned] == ["report"]
    assert planned[0]["undone"].startswith("the removal by -x on ")
    assert lines_of(shelf("undo", "--json-lines"))[-1]["new"] == ["consortium"]
    assert lines_of(shelf("rebuild", "--json-lines"))[-1]["indexed"] == 12


def test_a_report_comes_even_where_something_was_rejected(footnote, tmp_path):
    (tmp_path / "bad.md").write_text("nothing", encoding="utf-8")
    rows = lines_of(footnote("refresh", "--json-lines", f"--from={tmp_path}", code=3))
    assert rows[-1]["rejected"][0]["where"].endswith("bad.md")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["remove", "nowhere"], 3, "No entry has the id 'nowhere'"),
        (["refresh", "--from", "missing.md"], 3, "does not exist"),
        (["refresh", "--source", "Gazette"], 3, "the choice is"),
        (["undo"], 3, "nothing to undo"),
        (["rebuild"], 4, "footnote refresh"),
    ],
)
def test_an_error_is_the_last_line(footnote, words, code, said):
    row = lines_of(footnote(*words, "--json-lines", code=code))[-1]
    assert (row["event"], row["code"]) == ("error", code)
    assert said in row["error"]


def test_a_bug_is_a_line_too(footnote, monkeypatch):
    monkeypatch.setattr("corpus.library.Corpus.undo", lambda *_, **__: 1 / 0)
    row = lines_of(footnote("undo", "--json-lines", code=1))[-1]
    assert "reference" in row["error"]


def test_progress_is_told_five_times_a_second_at_most_and_the_ends_of_each_stage_always(capsys):
    ticks = iter(range(10_000))
    steps = ProgressLines(clock=lambda: next(ticks) * PAUSE / 10)
    for stage in ("load", "index"):
        for done in range(101):
            steps.show(stage, done, 100)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for stage in ("load", "index"):
        of_stage = [row["done"] for row in told if row["stage"] == stage]
        assert of_stage[0] == 0
        assert of_stage[-1] == 100
        assert 10 <= len(of_stage) <= 12


def test_history_as_json_is_as_documented(shelf):
    rows = json.loads(shelf("history", "--json").stdout)
    assert {key for row in rows for key in row} == documented("run")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_work_with_a_line_and_nothing_is_lost(tmp_path, number):
    """A real process with the real model; started deaf to Ctrl-C, as a shell's background is."""
    data, lines = tmp_path / "data", tmp_path / "many.jsonl"
    entry = {"source": "s", "kind": "event", "tier": 3, "title": "T", "people": [], "published": "2026-01-01"}
    rows = [entry | {"id": f"e{n}", "summary": "", "text": f"Ship {n} sails. " * 300} for n in range(300)]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "refresh", "--json-lines", f"--from={lines}"],
        env={**os.environ, "FOOTNOTE_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509  no thread in the child
    )
    told = []
    for line in process.stdout:
        told.append(json.loads(line))
        if told[-1].get("stage") == "index":
            process.send_signal(number)
            break
    rest, said = process.communicate(timeout=60)
    last = json.loads(rest.splitlines()[-1])
    assert last == {"event": "error", "error": "Stopped. Nothing was lost.", "code": 130}
    assert (process.returncode, said.strip()) == (130, "Stopped. Nothing was lost.")
    assert not [path.name for path in (data / "index").iterdir()]


# An index of another version


def test_an_earlier_index_answers_and_a_line_beside_the_answer_says_what_to_do(shelf, settings):
    say_made_with(settings.data_dir, splitter="1")
    asked = shelf("ask", "Why do open and closed models differ?")
    assert "Sources\n[1] " in asked.stdout
    assert asked.stderr.startswith(
        "The index was made by another version of footnote. It goes on answering as it is. `foot"
    )
    answer = json.loads(shelf("ask", "Why do open and closed models differ?", "--json").stdout)
    assert (answer["generation"], answer["covered"]) == (1, True)
    told = shelf("status")
    assert "another version of footnote" in told.stdout
    assert json.loads(shelf("status", "--json").stdout)["outdated"] == ["splitter"]
    assert "Generation 2 is committed (12 entries indexed)." in shelf("refresh").stdout
    assert json.loads(shelf("status", "--json").stdout)["outdated"] == []
    assert shelf("ask", "Why do open and closed models differ?").stderr == ""


def test_a_watch_makes_it_anew_at_once(shelf, settings, monkeypatch):
    due = []
    monkeypatch.setattr("bot.cli.refresh_loop.watch", lambda next_due, *_: due.append(next_due()))
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
    for source in ("interconnects", "huggingface"):
        shelf("sources", "pause", source)
    shelf("refresh", "--watch")
    say_made_with(settings.data_dir, splitter="1")
    shelf("refresh", "--watch")
    assert due[0] is None
    assert due[1] <= datetime.now(UTC)


def test_a_rebuild_if_outdated_does_nothing_where_the_index_is_as_it_would_be(shelf, settings):
    assert "nothing was done" in shelf("rebuild", "--if-outdated").output
    say_made_with(settings.data_dir, splitter="1")
    [*_, report] = lines_of(shelf("rebuild", "--if-outdated", "--json-lines"))
    assert (report["committed"], report["generation"], report["indexed"]) == (True, 2, 12)
    assert "is made anew" in report["notes"][0]
    assert "nothing was done" in shelf("rebuild", "--if-outdated").output
