"""A reader that goes away, as behind `| head -1`, ends what runs on, is no error, and hides none."""

import io
import itertools
import json
import os
import sys

import pytest
from fakes import ToyEmbedder
from in_process import prepare

import corpus.library
from bot.cli import app, batch, console

QUESTION = "Why do open and closed models differ?"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("readers") / "data")


@pytest.fixture
def footnote(monkeypatch, data):
    """Run the command with an output that nobody reads; return its exit code. `both`: nor its `complaints`."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    monkeypatch.setattr(corpus.library, "make_embedder", lambda *_, **__: ToyEmbedder())
    monkeypatch.setattr(console, "quiet_logs", lambda: None)  # the logs of this process are the tests'

    def run(*words, both=False):
        reader, writer = os.pipe()
        os.close(reader)
        complaints = io.StringIO()
        with monkeypatch.context() as changed, os.fdopen(writer, "w", encoding="utf-8") as unread:
            changed.setattr(sys, "argv", ["footnote", *words])
            changed.setattr(sys, "stdout", unread)
            changed.setattr(sys, "stderr", unread if both else complaints)
            with pytest.raises(SystemExit) as ended:
                app.main()
        run.complaints = complaints.getvalue()
        return ended.value.code or 0

    return run


@pytest.mark.parametrize("both", [False, True], ids=["output", "error stream, too"])
@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["ask", "-h"],
        ["ask", QUESTION],
        ["ask", QUESTION, "--json"],
        ["search", QUESTION],
        ["entries"],
        ["entry", "consortium"],
        ["status"],
        ["history"],
        ["sources", "list"],
        ["export", "-"],
    ],
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_no_error_and_nothing_to_complain_of(footnote, words, both):
    assert footnote(*words, both=both) == 0
    assert not footnote.complaints


def test_questions_without_end_are_answered_no_further(footnote, monkeypatch):
    asked = ((n, json.dumps({"question": QUESTION})) for n in itertools.count())
    monkeypatch.setattr(batch, "numbered_lines", lambda _: asked)
    assert footnote("ask", "--batch", "-") == 0
    assert next(asked)[0] < 3


@pytest.mark.parametrize("both", [False, True], ids=["output", "error stream, too"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["sing"], 2),
        (["entry", "nowhere"], 3),
        (["refresh", "--from", "bad.md", "--dry-run"], 3),
        (["refresh", "--from", "bad.md", "--dry-run", "--json"], 3),
        (["undo", "--run", "99", "--json-lines"], 3),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_by_the_code_all_the_same(footnote, tmp_path, words, code, both):
    (tmp_path / "bad.md").write_text("nothing", encoding="utf-8")
    assert footnote(*words, both=both) == code


def test_work_whose_progress_nobody_reads_is_stopped_which_is_no_good_end(footnote):
    assert footnote("rebuild", "--json-lines") == 130
    assert "Stopped. Nothing was lost." in footnote.complaints
