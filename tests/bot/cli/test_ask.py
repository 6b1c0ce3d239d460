"""`footnote ask` and `search` as a person meets them: the shipped corpus, the real stores, the toy model."""

import json
import re
from dataclasses import replace

import pytest
from fakes import ToyEmbedder
from typer.testing import CliRunner

import corpus.library
from bot.cli import app
from bot.cli.open_corpus import explain
from bot.cli.views.answers import answer_blocks
from corpus import CorpusSettings, Related, open_corpus

QUESTION = "Why do open and closed models differ?"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the shipped corpus, embedded by the toy model."""
    folder = tmp_path_factory.mktemp("ask") / "data"
    with open_corpus(CorpusSettings(data_dir=folder), ToyEmbedder()) as made:
        made.prepare()
    return folder


@pytest.fixture(autouse=True)
def _toy(monkeypatch, data):
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(data))
    monkeypatch.setattr(corpus.library, "make_embedder", lambda *_, **__: ToyEmbedder())


def footnote(*words, stdin=None, code=0):
    """What a command prints, and what it complains of, as `main` makes a sentence of an error."""
    done = CliRunner().invoke(app.app, list(words), input=stdin)
    sentence, ended = "", done.exit_code
    if done.exception and not isinstance(done.exception, SystemExit):
        sentence, ended = explain(done.exception)
    assert ended == code, (done.output, done.exception)
    return done.stdout, done.stderr + sentence


# The question


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    "words",
    [
        [QUESTION],
        QUESTION.split(),
        ["--person", "lambert", *QUESTION.split()],
        [*QUESTION.split(), "--person", "lambert"],
        ["Why", "do", "--person", "lambert", "open and closed", "models", "differ?"],
    ],
    ids=["quoted", "words", "options before", "options behind", "options between"],
)
def test_a_question_needs_no_quotes_and_options_stand_anywhere(command, words):
    quoted = [QUESTION, *(["--person", "lambert"] if "--person" in words else [])]
    told, expected = (json.loads(footnote(command, *given, "--json")[0]) for given in (words, quoted))
    assert told["question"] == QUESTION
    for answer in (told, expected):
        answer.pop("timings_ms", None)
    assert told == expected


@pytest.mark.parametrize("words", [["ask"], ["search"], ["ask", "why", "--batch", "-"]])
def test_without_a_question_or_with_two_kinds_of_them_nothing_is_asked(words):
    _, complaint = footnote(*words, code=2)
    assert "Give either a question, or --batch FILE." in complaint


def test_a_question_of_blanks_is_refused_in_a_sentence():
    assert "The question is empty" in footnote("ask", "", " ", code=3)[1]


# The answer


def test_an_answer_ends_with_how_much_is_related_and_lists_it_only_when_asked_to():
    told = footnote("ask", QUESTION)[0].splitlines()
    counts = re.fullmatch(
        r"--related lists what is related: (\d) guides? and (\d) events?\. `footnote entry ID` shows one\.", told[-1]
    )
    assert counts
    listed = footnote("ask", QUESTION, "--related")[0].splitlines()
    assert listed[: len(told) - 1] == told[:-1]
    below = listed[len(told) - 1 :]
    assert [f"Related guides ({counts[1]})", f"Related events ({counts[2]})"] == [
        line for line in below if line.startswith("Related")
    ]
    assert not any(line.startswith("--related") for line in below)


def test_each_source_is_shown_with_the_id_by_which_its_page_is_found():
    told = footnote("ask", QUESTION)[0]
    titles = re.findall(r"^\[\d\] (.+)  (\S+)$", told.partition("Sources\n")[2], flags=re.MULTILINE)
    assert titles
    for title, entry_id in titles:
        assert footnote("entry", entry_id)[0].startswith(f"{title}\n")


def test_of_related_entries_those_are_counted_that_there_are():
    with open_corpus(CorpusSettings(), ToyEmbedder()) as opened:
        answer = opened.ask(QUESTION)
    guide = answer.related.guides[:1]
    for related, says in (
        (Related(), None),
        (Related(guides=guide), "--related lists what is related: 1 guide. `footnote entry ID` shows one."),
        (Related(events=guide * 2), "--related lists what is related: 2 events. `footnote entry ID` shows one."),
    ):
        lines = [str(block) for block in answer_blocks(replace(answer, related=related)) if "--related" in str(block)]
        assert lines == ([says] if says else [])


def test_a_chat_lists_related_entries_when_asked_to():
    assert "Related guides (" not in footnote("chat", stdin=f"{QUESTION}\n")[0]
    assert "Related guides (" in footnote("chat", "--related", stdin=f"{QUESTION}\n")[0]


@pytest.mark.parametrize("farewell", ["exit", "quit", "bye", " Exit ", "Bye!"])
def test_a_chat_ends_with_a_farewell(farewell):
    told, complaint = footnote("chat", stdin=f"{QUESTION}\n{farewell}\n{QUESTION}\n")
    assert told.count("Sources\n") == 1
    assert not complaint


def test_a_question_about_an_exit_ends_no_chat():
    told, _ = footnote("chat", stdin=f"exit strategy of open models\n{QUESTION}\n")
    assert "Sources\n" in told


# An entry


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("consortum", "Did you mean consortium (The inevitable need for an open model consortium)?"),
        ("Different_Exponential", "Did you mean different-exponentials (Open and closed models are on "),
        ("https://www.interconnects.ai/p/open-models-in-perpetual-catchup?r=1", "Did you mean perpetual-catch-up ("),
        ("https://example.org/sourdough", "List the ids with `footnote entries`."),
    ],
)
def test_an_id_or_address_that_no_entry_has_is_refused_with_what_may_be_meant(written, says):
    told, complaint = footnote("entry", written, code=3)
    assert not told
    what = "address" if "/" in written else "id"
    assert complaint.startswith(f"No entry has the {what} '{written}'. {says}")


def test_an_entry_is_shown_by_its_address():
    by_id = footnote("entry", "different-exponentials")[0]
    address = by_id.splitlines()[2]
    assert address.startswith("https://www.interconnects.ai/p/")
    assert footnote("entry", address)[0] == footnote("entry", f"{address}/?utm_source=mail")[0] == by_id
