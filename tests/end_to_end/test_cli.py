"""The command as a person or a script meets it: real processes, the real model, the real stores."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import run

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Why do open and closed models differ?"
pytestmark = pytest.mark.slow
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the shipped corpus, made by the first question."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    first = run("ask", QUESTION, data=folder)
    assert first.returncode == 0, first.stderr
    assert "building one from the shipped corpus" in first.stderr
    assert "Sources\n[1] " in first.stdout
    return folder


def test_batches_answer_in_order_and_say_why_not(data, tmp_path):
    lines = [
        {"id": 1, "question": QUESTION, "quotes": ["ignored"]},
        {"id": "two", "question": ""},
        {"id": None, "question": "consortium", "until": "2026-04-30", "kind": "event"},
        {"id": 4, "question": "consortium", "since": "soon"},
        {"id": 5, "question": 5},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines) + "not json\n\n[]\n"
    done = run("ask", "--batch", "-", data=data, stdin=text)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == [1, "two", None, 4, 5, None, None]
    assert ["error" in row for row in rows] == [False, True, False, True, True, True, True]
    assert done.returncode == 3
    assert rows[0]["covered"]
    assert rows[2]["citations"][0]["entry"]["id"] == "consortium"
    (tmp_path / "batch.jsonl").write_text(json.dumps(lines[0]) + "\n", encoding="utf-8")
    hits = run("search", "--batch", tmp_path / "batch.jsonl", "-k", "3", data=data)
    assert hits.returncode == 0
    assert len(json.loads(hits.stdout)["hits"]) == 3


def test_an_answer_as_json_is_one_object(data):
    answer = json.loads(run("ask", QUESTION, "--json", "--person", "lambert", data=data).stdout)
    assert answer["covered"]
    assert all("Nathan Lambert" in str(c["entry"]["people"]) for c in answer["citations"])


def test_what_the_corpus_does_not_cover_is_said(data):
    done = run("ask", "How do I bake sourdough bread at home?", data=data)
    assert done.returncode == 0
    assert done.stdout.strip() == "The corpus does not cover this, and holds nothing near it."


def test_chat_answers_line_after_line(data):
    done = run("chat", data=data, stdin=f"{QUESTION}\n\n?!\nWhat is a consortium for?\n")
    assert done.returncode == 0
    assert done.stdout.count("Sources\n") == 2
    assert "The question has no words" in done.stderr


def test_in_a_chat_a_question_may_follow_the_one_before(data):
    done = run("chat", data=data, stdin=f"{QUESTION}\nWho disagrees?\nAnd in security?\n")
    told = [line for line in done.stdout.splitlines() if line.startswith("Understood")]
    whole = f"{QUESTION} Who disagrees with Nathan Lambert?"  # and not with the guide, which retells him
    assert told[:2] == [f"Understood as: {whole}", "Understood: others than Nathan Lambert"]
    assert told[2] == f"Understood as: {whole} And in security?"


def test_in_a_chat_the_answer_is_asked_about_and_what_was_refused_is_forgotten(data):
    asked = ["What does Dean Ball say about government authority?", "how do i bake sourdough bread?", "link?"]
    done = run("chat", data=data, stdin="\n".join([*asked, "who said that?", "What is distillation?", "and RLHF?"]))
    told = [line for line in done.stdout.splitlines() if line.startswith("Understood as")]
    assert told == [
        f"Understood as: {asked[0]} link?",
        f"Understood as: {asked[0]} who said that?",
        "Understood as: What is RLHF?",
    ]
    assert re.search(
        r"^“Dean Ball on open models and government control”: https://\S+ \[1\]$", done.stdout, re.MULTILINE
    )


def test_an_entry_as_a_page(data):
    done = run("entry", "different-exponentials", data=data)
    assert "Related guides (3)" in done.stdout
    assert "Related events (8)" in done.stdout
    assert "Summary in our words, not the author's" in done.stdout


def test_lists_are_narrowed(data):
    assert len(run("entries", data=data).stdout.splitlines()) == 12
    listed = json.loads(run("entries", "--source", "hugging face blog", "--json", data=data).stdout)
    assert [entry["id"] for entry in listed] == ["cybersecurity-openness"]


def test_a_second_refresh_changes_nothing(data):
    done = run("refresh", data=data)
    assert done.stdout == (
        "Offline (FOOTNOTE_OFFLINE): no source was read.\n"
        "0 new, 0 changed, 12 unchanged, 0 rejected\nGeneration 1 stays: nothing changed.\n"
    )
    assert run("status", data=data).stdout.startswith("entries      12 (9 events, 3 guides)\n")


def test_a_file_of_ones_own_is_taken_in_with_its_exact_text(tmp_path):
    """Hostile text stays text: archived as given, and shown without what steers a terminal."""
    text = "The lighthouse keeper said \x1b[31mred\x07 things \u202e about ships.\r\nNo ship came back."
    row = {
        "id": "mine",
        "source": "log",
        "kind": "event",
        "tier": 3,
        "url": "https://example.org/a(b)",
        "title": "[x](https://evil.example) @everyone",
        "people": [{"name": "A. Keeper", "role": "author"}],
        "published": "2026-01-01",
        "summary": "",
        "text": text,
    }
    (tmp_path / "in.jsonl").write_text(
        json.dumps(row) + "\n" + json.dumps(row | {"colour": 1}) + "\n", encoding="utf-8"
    )
    folder = tmp_path / "data"
    done = run("refresh", "--from", tmp_path / "in.jsonl", data=folder)
    assert done.returncode == 3
    assert "Fields that no entry has were passed over: 1 colour." in done.stdout
    assert "its id mine is already that of" in " ".join(done.stdout.split())
    page = run("entry", "mine", "--json", data=folder)
    assert json.loads(page.stdout)["text"] == text
    shown = (
        run("entry", "mine", data=folder).stdout + run("ask", "What did the lighthouse keeper say?", data=folder).stdout
    )
    assert not STEERING.search(shown)
    assert "A. Keeper, log, 1 January 2026: “" in shown


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ask"], 2, "Give either a question"),
        (["ask", "x", "--batch", "-"], 2, "Give either a question"),
        (["ask", ""], 3, "The question is empty"),
        (["ask", "x" * 10_000], 3, "10,000 characters; at most 2,000"),
        (["ask", "x", "--since", "2026-02-31"], 3, "is no date"),
        (["ask", "x", "--source", "Gazette"], 3, "the choice is"),
        (["ask", "--batch", "missing.jsonl"], 3, "does not exist"),
        (["entry", "nothing-like-it"], 3, "footnote entries"),
        (["refresh", "--from", "missing.md"], 3, "missing.md does not exist"),
        (["refresh", "missing.md"], 2, "Put --from before"),
        (["search", "x", "-k", "0"], 2, "-k"),
        (["sing"], 2, "sing"),
    ],
)
def test_bad_input_is_a_sentence_and_a_code(data, words, code, said):
    done = run(*words, data=data)
    assert done.returncode == code
    assert said in " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.stderr).split())
    assert not done.stdout


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"FOOTNOTE_KEEP_GENERATIONS": "many"}, 7, "FOOTNOTE_KEEP_GENERATIONS"),
        ({"FOOTNOTE_DATA_DIR": "/dev/null/data"}, 4, "FOOTNOTE_DATA_DIR"),
    ],
)
def test_bad_settings_are_a_sentence_and_a_code(data, changes, code, said):
    done = run("ask", QUESTION, data=data, **changes)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_model_that_is_nowhere_makes_no_index_and_leaves_the_one_there_is_answering(data):
    asked = run("ask", QUESTION, data=data, FOOTNOTE_MODEL="./no-such-model")
    assert (asked.returncode, "set FOOTNOTE_MODEL back" in asked.stderr) == (0, True), asked.stderr
    rebuilt = run("rebuild", data=data, FOOTNOTE_MODEL="./no-such-model")
    assert (rebuilt.returncode, "FOOTNOTE_MODEL" in rebuilt.stderr) == (6, True), rebuilt.stderr


def test_help_is_for_newcomers():
    done = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert 'footnote ask "Will open models catch up?"' in done.stdout
    assert "\x1b" not in done.stdout


def test_a_reader_that_goes_away_is_no_error_to_read_about(data):
    """`footnote entries | head -n 1` prints one line and no complaint."""
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m bot entries | head -n 1"],  # noqa: S607
        env={**os.environ, "FOOTNOTE_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert len(done.stdout.splitlines()) == 1
    assert not done.stderr


def test_colours_and_progress_on_a_terminal(tmp_path):
    """On a terminal there are colours and a bar; in a pipe (all tests above) there are none."""
    shown, terminal = pty.openpty()
    environment = {
        **os.environ,
        "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
        "TERM": "xterm-256color",
        "COLUMNS": "100",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "refresh"], stdout=terminal, stderr=terminal, env=environment, cwd=ROOT
    )
    os.close(terminal)
    seen = b""
    while True:
        try:
            part = os.read(shown, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(shown)
    assert process.wait(timeout=60) == 0
    text = seen.decode()
    assert "Indexing" in text
    assert "12/12" in text
    assert "\x1b[1m12 new" in text


@pytest.mark.parametrize(
    ("words", "changes", "code", "said"),
    [
        (["refresh", "--from", ""], {}, 2, "A path is empty"),
        (["status"], {"FOOTNOTE_DATA_DIR": "~nobody-of-that-name/x"}, 7, "FOOTNOTE_DATA_DIR"),
    ],
)
def test_what_would_mean_another_folder_is_refused(data, words, changes, code, said):
    done = run(*words, data=data, **changes)
    assert done.returncode == code
    assert said in done.stderr


def test_a_settings_file_that_is_no_text_is_a_sentence(tmp_path):
    (tmp_path / ".env").write_bytes(b"\x80\xff\n")
    done = run("status", data=tmp_path / "data")
    assert done.returncode == 7
    assert "UTF-8" in done.stderr


def test_ids_come_back_as_they_were_given(data):
    """Half a surrogate pair is JSON, though it is no text; infinity is not."""
    lines = '{"id": "\\ud800", "question": "consortium"}\n{"id": 1e999, "question": "consortium"}\n{"id": NaN}\n'
    done = run("search", "--batch", "-", "-k", "1", data=data, stdin=lines)
    first, second, third = (json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines())
    assert first["id"] == "\ud800"
    assert second["id"] is None
    assert third == {"id": None, "error": "Line 3 is not JSON."}


@pytest.mark.parametrize("words", [["entries"], ["status", "--json"], ["entry", "consortium"]])
def test_a_full_output_is_a_sentence(data, words):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            env={**os.environ, "FOOTNOTE_DATA_DIR": str(data)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
        )
    assert done.returncode == 4
    assert done.stderr == "The output could not be written (No space left on device).\n"
