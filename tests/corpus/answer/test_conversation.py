"""A conversation: what a follow-up is about, where it is answered, and what is asked of the answer itself."""

from datetime import date

import pytest
from build import take_in

from corpus.answer.coverage import COVERED

TODAY = date(2026, 11, 28)
ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
RUNS, CHARGED = (
    "The ferry Aurora runs on batteries and crosses the strait.",
    "Batteries of the ferry Aurora are charged at night.",
)
HULL = "The yard in Gdansk had built the hull."
ROWS = [
    ("aurora", "2026-09-02", "paper", [ANN], f"{RUNS}\n\nForty people work as its crew.\n\n{HULL}\n\n{CHARGED}"),
    ("harbour", "2026-09-04", "herald", [BEA], "The master builders of Oslo built the hull of the church roof in oak."),
    (
        "trains",
        "2026-10-02",
        "herald",
        [BEA],
        "Tickets for the night train cost thirty crowns.\n\nSleeping cars are warm.",
    ),
    ("cats", "2026-11-02", "herald", [BEA], "Cats sleep all night, and nobody knows why they purr."),
]
FIRST = "What does the ferry Aurora run on?"


@pytest.fixture
def ask(toy, tmp_path):
    corpus = take_in(toy, tmp_path, ROWS)
    return lambda question, *earlier: corpus.ask(question, earlier=earlier, today=TODAY)


def quoted(answer):
    """What is highlighted of the quotes; what stands beside it is left to the tests of places."""
    return [c.entry.text[start:end] for c in answer.citations for start, end in c.highlights]


def test_a_follow_up_is_answered_by_the_piece_that_the_conversation_is_about(ask):
    assert "harbour" in [c.entry.id for c in ask("who built the hull?").citations]
    answer = ask("and who built it, the hull?", FIRST)
    assert (answer.outcome, quoted(answer)) == ("answered", [HULL])


def test_a_follow_up_that_is_a_question_of_its_own_is_answered_by_any_piece(ask):
    answer = ask("and how much do tickets for the night train cost?", FIRST)
    assert quoted(answer) == ["Tickets for the night train cost thirty crowns."]
    assert answer.question == "and how much do tickets for the night train cost?"


@pytest.mark.parametrize("question", ["and about kangaroos?", "and in winter storms?"])
def test_what_the_corpus_does_not_say_of_the_subject_is_not_answered_by_what_was_said_before(ask, question):
    answer = ask(question, FIRST)
    assert (answer.outcome, answer.citations, answer.sentences) == ("not_covered", (), ())
    assert [entry.id for entry in answer.nearest] == ["aurora"]


def test_what_is_asked_of_it_is_not_answered_by_what_is_said_of_another(ask):
    answer = ask("and how much do tickets for its night train cost?", FIRST)
    assert (answer.outcome, answer.covered) == ("closest", False)
    assert quoted(answer) == ["Tickets for the night train cost thirty crowns."]
    assert answer.confidence < COVERED


def test_where_the_answer_comes_from_is_told_with_its_address(ask):
    answer = ask("link?", FIRST)
    assert answer.covered
    assert [s.text for s in answer.sentences] == ["“On aurora”: it has no address"]
    assert [c.entry.id for c in answer.citations] == ["aurora"]
    last = ask("sources?", FIRST, "and why do cats purr all night?", "who said that?")
    assert [c.entry.id for c in last.citations] == ["cats"]


@pytest.mark.parametrize("question", ["who said that?", "when was that?", "who wrote it?"])
def test_who_said_it_is_told_by_the_answer_again_with_its_lead_in(ask, question):
    answer = ask(question, FIRST)
    assert quoted(answer) == [RUNS]
    assert answer.sentences[0].lead == "Ann Archer, paper, 2 September 2026: "


def test_a_summary_of_that_is_one_of_the_piece_that_was_cited(ask):
    answer = ask("summarise that", FIRST, "and why do cats purr all night?")
    assert answer.covered
    assert {c.entry.id for c in answer.citations} == {"cats"}


def test_more_is_what_was_not_quoted_yet_until_there_is_none(ask):
    assert quoted(ask(FIRST)) == [RUNS]
    more = ask("what else?", FIRST)
    assert quoted(more) == [CHARGED]
    last = ask("more", more.question)
    assert (last.covered, last.citations) == (False, ())
    assert last.notes == ("Nothing more here answers this.",)


def test_why_is_not_answered_by_what_was_read_already(ask):
    why = ask("why?", FIRST)
    assert (why.outcome, quoted(why)) == ("answered", [CHARGED])
    last = ask("why?", FIRST, "and why do cats purr all night?")
    assert [c.entry.id for c in last.citations] == ["cats"], "of the last subject, though it says no more"
    assert quoted(ask("why?", "Why do cats purr all night?")) == quoted(ask("Why do cats purr all night?"))


def test_of_an_answer_that_there_was_not_nothing_is_told(ask):
    answer = ask("link?", "What do goalkeepers eat?")
    assert (answer.covered, answer.citations) == (False, ())
