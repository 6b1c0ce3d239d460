"""Who and when, said in the question or before it: what is answered, shown and dropped. The model is a toy."""

from dataclasses import replace
from datetime import date

import pytest
from build import take_in

from corpus import parse_filters
from corpus.answer import ask as asking

TODAY = date(2026, 11, 28)
ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
GUEST = [{"name": "Ann Archer", "role": "host"}, {"name": "Bea Q. Binder", "role": "guest"}]
ROWS = [
    ("ann-feb", "2026-02-02", "paper", [ANN], "Open licences are too vague for lawyers. Salt is cheap."),
    ("ann-sep", "2026-09-02", "paper", [ANN], "Open licences are getting clearer for lawyers. Bread is dear."),
    ("bea-oct", "2026-10-02", "herald", [BEA], "Open licences are a burden for small firms. Cats sleep all day."),
    ("talk", "2026-03-03", "paper", GUEST, "Government control of ferries would end badly for the islands."),
    ("cats", "2026-11-02", "herald", [BEA], "Cats sleep all night, and nobody knows why they purr."),
]


@pytest.fixture
def corpus(toy, tmp_path):
    return take_in(toy, tmp_path, ROWS)


def cited(answer):
    return list(dict.fromkeys(c.entry.id for c in answer.citations))


@pytest.mark.parametrize(
    ("question", "understood", "expected"),
    [
        ("What are open licences for?", "", {"ann-feb", "ann-sep", "bea-oct"}),
        ("What did Archer say about open licences for lawyers?", "Ann Archer", {"ann-feb", "ann-sep"}),
        ("What did Archer say about open licences since April?", "since 1 April 2026, Ann Archer", {"ann-sep"}),
        ("According to the Herald, are open licences a burden?", "herald", {"bea-oct"}),
        ("Who disagrees with Archer on open licences?", "others than Ann Archer", {"bea-oct"}),
        # An interview is its guest's.
        ("What does Bea Binder say about government control of ferries?", "Bea Q. Binder", {"talk"}),
    ],
)
def test_the_answer_is_of_whom_and_when_was_asked_for(corpus, question, understood, expected):
    answer = corpus.ask(question, today=TODAY)
    assert (answer.question, answer.understood) == (question, understood)
    assert set(cited(answer)) == expected
    explained = corpus.explain(question, today=TODAY)
    assert explained.covered
    assert {s.entry_id for s in explained.sentences if s.outcome == "quoted"} == expected


def test_what_is_given_counts_for_more_and_is_not_told_as_understood(corpus):
    question = "What did Archer say about open licences since September?"
    answer = corpus.ask(question, parse_filters(person="binder"), today=TODAY)
    assert (answer.understood, cited(answer)) == ("since 1 September 2026", ["bea-oct"])


def test_days_that_leave_nothing_are_dropped_and_it_is_said(corpus):
    answer = corpus.ask("What did Archer say about open licences since October?", today=TODAY)
    assert answer.understood == "since 1 October 2026, Ann Archer"
    assert set(cited(answer)) == {"ann-feb", "ann-sep"}
    assert answer.notes == ("No entry by Ann Archer since 1 October 2026: this is from all entries by Ann Archer.",)
    silent = corpus.ask("What was said about government control of ferries since October?", today=TODAY)
    assert cited(silent) == ["talk"]
    assert silent.notes[0] == "No entry since 1 October 2026 answers this: this is from all entries."


def test_the_closest_without_the_days_goes_before_nothing_within_them(corpus, monkeypatch):
    def run_search(generation, models, search):
        trace = found(generation, models, search)
        outcome = "not_covered" if search.filters.since else "closest"
        return replace(trace, answer=replace(trace.answer, outcome=outcome))

    found = asking.run_search
    monkeypatch.setattr(asking, "run_search", run_search)
    answer = corpus.ask("What did Archer say about open licences since April?", today=TODAY)
    assert (answer.outcome, set(cited(answer))) == ("closest", {"ann-feb", "ann-sep"})
    assert "since 1 April 2026 answers this: this is from all entries by Ann Archer" in answer.notes[0]


def test_whom_it_asks_for_is_dropped_only_where_no_entry_passes(corpus):
    """What others say is no answer to what somebody says; but they are named as near."""
    answer = corpus.ask("What does Archer say about cats that purr all night?", today=TODAY)
    assert not answer.covered
    assert answer.notes == ("No entry by Ann Archer answers this: the nearest are of all entries.",)
    assert answer.nearest[0].id == "cats"
    assert answer.near[0].number == 1
    assert answer.near[0].quote == "Cats sleep all night, and nobody knows why they purr."
    question = "What does archer say about cats that purr all night?"
    given = corpus.ask(question, parse_filters(source="herald"), today=TODAY)
    assert given.notes == ("No entry by Ann Archer in herald: this is from all entries in herald.",)
    assert cited(given) == ["cats"]
    named = corpus.ask(question.replace("archer", "Archer"), parse_filters(source="herald"), today=TODAY)
    assert named.outcome != "answered", "nothing around names her"
    nowhere = corpus.ask("What does Archer say about goalkeepers at Wembley?", today=TODAY)
    assert (nowhere.covered, nowhere.notes) == (False, ())


def test_where_the_newest_is_asked_for_it_stands_first(corpus):
    about = "open licences for lawyers and small firms"
    assert cited(corpus.ask(f"What is the latest on {about}?", today=TODAY))[0] == "bea-oct"
    assert corpus.ask(f"the latest on {about}", today=TODAY).understood == "newest first"


def test_voices_stand_together_by_date(corpus):
    found = cited(corpus.ask("What are open licences for?", today=TODAY))
    assert found.index("ann-sep") == found.index("ann-feb") + 1


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What has been said lately?", ["cats", "bea-oct", "ann-sep"]),
        ("What did Archer say?", ["ann-sep", "ann-feb"]),
        ("What did Binder argue this month?", ["cats"]),
    ],
)
def test_a_question_without_a_subject_is_answered_by_the_newest(corpus, question, expected):
    answer = corpus.ask(question, today=TODAY)
    assert answer.covered
    assert cited(answer) == expected
    assert answer.notes[0].startswith("The question names no subject")


def test_where_nobody_published_what_others_days_hold_is_near_and_no_answer(corpus):
    answer = corpus.ask("What did Archer argue in October?", today=TODAY)
    assert not answer.covered
    assert [entry.id for entry in answer.nearest] == ["ann-sep", "ann-feb"]
    assert [(c.number, c.entry.id) for c in answer.near] == [(1, "ann-sep"), (2, "ann-feb")]
    assert answer.notes == ("No entry by Ann Archer of October 2026: this is from all entries by Ann Archer.",)


@pytest.mark.parametrize(
    ("today", "told"),
    [
        ("2026-09-03", ""),
        ("2027-09-02", ""),
        ("2027-09-03", "The newest entry cited is of 2 September 2026, more than 12 months ago."),
    ],
)
def test_where_all_of_it_is_old_it_is_said(corpus, today, told):
    answer = corpus.ask("Are open licences clearer for lawyers?", today=date.fromisoformat(today))
    assert "ann-sep" in cited(answer)
    assert " ".join(answer.notes) == told


FIRST = "Are open licences too vague for lawyers?"


@pytest.mark.parametrize(
    ("question", "earlier", "whole", "understood"),
    [
        ("who said that?", [FIRST], f"{FIRST} who said that?", ""),
        ("when was that?", [FIRST], f"{FIRST} when was that?", ""),
        ("and in September?", [FIRST], f"{FIRST} and in September?", "September 2026"),
        ("and in 2020?", [FIRST], f"{FIRST} and in 2020?", ""),
        ("since then?", [FIRST], f"{FIRST} Since 2 February 2026?", "since 2 February 2026"),
        ("who disagrees?", [FIRST], f"{FIRST} Who disagrees with Ann Archer?", "others than Ann Archer"),
        ("What do others say?", [FIRST], f"{FIRST} What do others than Ann Archer say?", "others than Ann Archer"),
        (
            "and for firms?",
            ["What did Archer say about open licences?"],
            "What did Archer say about open licences? and for firms?",
            "Ann Archer",
        ),
        (
            "and Binder?",
            ["What did Archer say about open licences since April?"],
            "What did Archer say about open licences since April? and Binder?",
            "since 1 April 2026, Bea Q. Binder",
        ),
        # As it is read back from a message: already completed.
        (
            "who said that?",
            [f"{FIRST} Since 2 February 2026?"],
            f"{FIRST} Since 2 February 2026? who said that?",
            "since 2 February 2026",
        ),
    ],
)
def test_a_follow_up_keeps_what_was_understood_and_takes_up_the_answer(corpus, question, earlier, whole, understood):
    answer = corpus.ask(question, earlier=earlier, today=TODAY)
    assert (answer.question, answer.understood) == (whole, understood)


def test_who_said_that_is_answered_by_the_answer_again(corpus):
    before = corpus.ask(FIRST, today=TODAY)
    again = corpus.ask("who said that?", earlier=[FIRST], today=TODAY)
    assert [c.quote for c in again.citations] == [c.quote for c in before.citations]
    assert all("Ann Archer" in sentence.lead for sentence in again.sentences[:1])


def test_who_disagrees_is_not_answered_by_who_was_quoted(corpus):
    answer = corpus.ask("who disagrees?", earlier=["Are open licences too vague?"], today=TODAY)
    assert answer.covered
    assert not [c for c in answer.citations if c.entry.voice == ("Ann Archer",)]


def test_names_that_are_shown_are_the_corpuss_own(corpus):
    answer = corpus.ask("What did bea **BINDER** <@1> say about licences since\u202e April?", today=TODAY)
    assert "<" not in answer.understood + " ".join(answer.notes)
