"""A comparison quotes both sides, oldest first; a side that has nothing is named. The model is a toy."""

from datetime import date

import pytest
from build import take_in

TODAY = date(2026, 11, 28)
ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
ROWS = [
    ("ann-feb", "2026-02-02", "paper", [ANN], "Ferry tolls are too high for islanders. Salt is cheap."),
    ("ann-sep", "2026-09-02", "paper", [ANN], "Ferry tolls are fair by now for islanders. Bread is dear."),
    ("bea-jan", "2026-01-02", "herald", [BEA], "Ferry tolls are a burden for small firms. Cats sleep all day."),
    ("tunnels", "2026-03-02", "herald", [BEA], "Rock tunnels are dug by rented machines at night."),
]


@pytest.fixture
def corpus(toy, tmp_path):
    return take_in(toy, tmp_path, ROWS)


def cited(answer):
    return [(c.number, c.entry.id) for c in answer.citations]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Archer vs Binder on ferry tolls", ["bea-jan", "ann-feb", "ann-sep"]),
        ("compare Archer's February and September view of ferry tolls", ["ann-feb", "ann-sep"]),
    ],
)
def test_both_sides_are_quoted_the_oldest_first(corpus, question, expected):
    answer = corpus.ask(question, today=TODAY)
    assert (answer.outcome, answer.kind) == ("answered", "comparison")
    assert cited(answer) == list(enumerate(expected, start=1))
    assert [sentence.citations for sentence in answer.sentences] == [(n,) for n, _ in cited(answer)]


def test_of_two_subjects_each_is_quoted(corpus):
    answer = corpus.ask("what is the difference between cheap salt and rock tunnels?", today=TODAY)
    assert cited(answer) == [(1, "ann-feb"), (2, "tunnels")]


def test_a_side_that_has_nothing_is_named(corpus):
    answer = corpus.ask("do Archer and Binder agree on rock tunnels?", today=TODAY)
    assert cited(answer) == [(1, "tunnels")]
    assert "Nothing here answers this for Ann Archer." in answer.notes


def test_a_subject_that_nothing_speaks_of_is_named_though_its_words_are_found_apart(toy, tmp_path):
    rows = [
        ("one", "2026-01-02", "herald", [], "An open ferry is one without a roof. Its rate is low."),
        ("two", "2026-02-02", "herald", [], "The rate of tolls stays open to debate."),
    ]
    corpus = take_in(toy, tmp_path, rows)
    answer = corpus.ask("what is the difference between an open ferry and an open rate?", today=TODAY)
    assert answer.outcome == "closest"
    assert answer.citations[0].entry.id == "one"
    assert "Nothing here speaks of “open rate”." in answer.notes


def test_two_pieces_are_each_quoted(corpus):
    answer = corpus.ask("difference between the ann-feb essay and the bea-jan essay", today=TODAY)
    assert cited(answer) == [(1, "bea-jan"), (2, "ann-feb")]


def test_where_neither_side_has_anything_it_is_not_covered(corpus):
    assert corpus.ask("Archer vs Binder on volcanoes", today=TODAY).outcome == "not_covered"
