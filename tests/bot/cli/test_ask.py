"""`footnote ask` and `search` as a person meets them: the shipped corpus, the real stores, the toy model."""

import json

import pytest
from fakes import ToyEmbedder
from typer.testing import CliRunner

import corpus.library
from bot.cli import app
from bot.cli.open_corpus import explain
from corpus import CorpusSettings, open_corpus

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
