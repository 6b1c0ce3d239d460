"""A question in another language than the corpus's: what both share is searched, and shown as the closest."""

from datetime import date

import pytest
from build import take_in
from fakes import ToyEmbedder

from corpus import open_corpus, parse_filters
from corpus.answer import coverage
from corpus.answer.coverage import COVERED
from corpus.settings import BUILT_IN_MODEL

TODAY = date(2026, 11, 28)
ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
ROWS = [
    (
        "ann",
        "2026-09-02",
        "paper",
        [ANN],
        "Distillation of spirits is forbidden in private kitchens. Salt is cheap here.",
    ),
    (
        "bea",
        "2026-10-02",
        "herald",
        [BEA],
        "The ferry Aurora of the harbour runs on batteries. It crosses the strait at night.",
    ),
    ("cats", "2026-10-04", "herald", [BEA], "Cats sleep all night, and nobody knows why they purr."),
]
GERMAN = "The question is in German; this corpus is in English and its model knows English alone: "
SEARCHED = "names and terms that both share were searched"


@pytest.fixture
def ask(settings, tmp_path):
    with open_corpus(settings, ToyEmbedder(BUILT_IN_MODEL)) as corpus:
        take_in(corpus, tmp_path, ROWS)
        yield lambda question, *earlier, **filters: corpus.ask(question, parse_filters(**filters), earlier, TODAY)


def cited(answer):
    return [citation.entry.id for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "language", "shared", "expected"),
    [
        ("Warum ist die Distillation in Küchen verboten?", "German", "Distillation", ["ann"]),
        ("Pourquoi la distillation est-elle interdite ?", "French", "distillation", ["ann"]),
        ("Auroraという船は何で動きますか？", "Japanese", "Aurora", ["bea"]),
    ],
)
def test_what_is_found_by_a_shared_term_is_the_closest_and_no_answer(ask, question, language, shared, expected):
    answer = ask(question)
    assert (answer.outcome, answer.covered, cited(answer)) == ("closest", False, expected)
    assert answer.notes[0] == GERMAN.replace("German", language) + f"{SEARCHED} ({shared})."
    assert answer.question == question
    assert answer.confidence < COVERED


def test_who_is_named_is_quoted_with_the_newest_where_nothing_else_is_shared(ask):
    assert cited(ask("Was schreibt Bea Binder über die Katzen?")) == ["cats", "bea"]
    assert cited(ask("Was schreibt Bea Binder über die Fähre Aurora?")) == ["bea"]


def test_where_nothing_is_shared_nothing_is_near(ask):
    answer = ask("Warum schlafen die Katzen nachts nicht?")
    assert (answer.outcome, answer.citations, answer.nearest) == ("not_covered", (), ())
    assert answer.notes[0] == GERMAN + "they share no name or term. Ask in English."
    assert not answer.searched


def test_filters_hold_in_any_language(ask):
    assert ask("Warum ist die Distillation in Küchen verboten?", source="herald").outcome == "not_covered"


def test_the_closest_can_be_asked_about(ask):
    answer = ask("link?", "Warum ist die Distillation in Küchen verboten?")
    assert cited(answer) == ["ann"]


@pytest.mark.parametrize(
    "question", ["Is distillation of spirits forbidden?", "Distillation?", "distillation kitchens"]
)
def test_a_question_in_english_is_told_nothing_of_languages(ask, question):
    assert not any("language" in note or "English" in note for note in ask(question).notes)


def test_a_corpus_in_the_language_of_the_question_is_asked_as_it_is(settings, tmp_path):
    rows = [
        *ROWS,
        ("katzen", "2026-10-04", "herald", [BEA], "Die Katzen schlafen nachts nicht, weil die Mäuse laut sind. " * 3),
    ]
    with open_corpus(settings, ToyEmbedder(BUILT_IN_MODEL)) as corpus:
        answer = take_in(corpus, tmp_path, rows).ask("Warum schlafen die Katzen nachts nicht?", today=TODAY)
    assert (answer.outcome, answer.notes) == ("answered", ())


def test_a_model_that_may_know_languages_is_asked_as_it_is(toy, tmp_path):
    answer = take_in(toy, tmp_path, ROWS).ask("Warum ist die Distillation in Küchen verboten?", today=TODAY)
    assert not any("English" in note for note in answer.notes)


@pytest.mark.parametrize("bar", [0.0, 1.0])
def test_what_is_quoted_is_the_closest_however_sure_we_are_of_it(ask, monkeypatch, bar):
    monkeypatch.setattr(coverage, "COVERED", bar)
    answer = ask("Warum ist die Distillation in Küchen verboten?")
    assert (answer.outcome, cited(answer)) == ("closest", ["ann"])
