"""What there is, answered from the record: counts, lists, what is new, sources, people. The model is a toy."""

from datetime import date

import pytest
from build import take_in

from corpus import parse_filters

TODAY = date(2026, 11, 28)
ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
ROWS = [
    ("ann-feb", "2026-02-02", "paper", [ANN], "Open licences are too vague for lawyers. Salt is cheap."),
    ("ann-sep", "2026-09-02", "paper", [ANN], "Open licences are getting clearer for lawyers. Bread is dear."),
    ("bea-oct", "2026-10-02", "herald", [BEA], "Open licences are a burden for small firms. Cats sleep all day."),
    ("cats", "2026-11-02", "herald", [BEA, ANN], "Cats sleep all night, and nobody knows why they purr."),
]


@pytest.fixture
def corpus(toy, tmp_path):
    return take_in(toy, tmp_path, ROWS)


@pytest.mark.parametrize(
    ("question", "line", "listed"),
    [
        ("what's new?", "The newest of 4 entries:", ["cats", "bea-oct", "ann-sep", "ann-feb"]),
        ("list all essays", "4 entries:", ["cats", "bea-oct", "ann-sep", "ann-feb"]),
        ("list all essays since September", "3 entries since 1 September 2026:", ["cats", "bea-oct", "ann-sep"]),
        ("what did Binder publish?", "2 entries by or with Bea Q. Binder:", ["cats", "bea-oct"]),
        ("Binder's latest post", "The newest entry by or with Bea Q. Binder:", ["cats"]),
        ("what came out in October", "1 entry of October 2026:", ["bea-oct"]),
        ("how many posts are from the Herald?", "2 entries in herald.", ["cats", "bea-oct"]),
        ("all posts by archer in February", "1 entry by or with Ann Archer of February 2026:", ["ann-feb"]),
        ("list all guides", "No guide.", []),
    ],
)
def test_entries_are_listed_newest_first(corpus, question, line, listed):
    answer = corpus.ask(question, today=TODAY)
    assert (answer.outcome, answer.listing.line) == ("listed", line)
    assert [entry.id for entry in answer.listing.entries] == listed
    assert answer.listing.total == len(listed)
    assert (answer.covered, answer.is_gap, answer.citations) == (False, False, ())


def test_the_size_of_the_corpus_is_told(corpus):
    line = corpus.ask("how many essays do you have?").listing.line
    assert line == (
        "4 entries: 4 events (dated pieces, such as essays) and 0 guides, from 2 sources, of 2 February 2026 to "
        "2 November 2026."
    )


def test_what_the_record_has_is_sure(corpus):
    assert corpus.ask("list all essays").confidence == 1
    nothing = corpus.ask("What did Archer publish in October?", today=TODAY)
    assert (nothing.confidence, nothing.listing.total) == (0, 0)


def test_where_there_is_none_of_a_time_the_newest_of_others_are_named(corpus):
    answer = corpus.ask("What did Archer publish in October?", today=TODAY)
    assert answer.listing.line == "No entry by or with Ann Archer of October 2026. The newest beside that time:"
    assert [entry.id for entry in answer.listing.entries] == ["cats", "ann-sep", "ann-feb"]


def test_entries_about_a_subject_are_those_that_hold_its_words(corpus):
    answer = corpus.ask("list the essays about open licences since September", today=TODAY)
    assert answer.listing.line == "2 entries since 1 September 2026 with “open licences” in the title or in a passage:"
    assert {entry.id for entry in answer.listing.entries} == {"ann-sep", "bea-oct"}
    newest = corpus.ask("the newest essay about open licences", today=TODAY)
    assert [entry.id for entry in newest.listing.entries] == ["bea-oct"]


def test_a_title_with_the_subject_comes_first(corpus):
    answer = corpus.ask("list all essays about cats", today=TODAY)
    assert [entry.id for entry in answer.listing.entries] == ["cats", "bea-oct"]


@pytest.mark.parametrize(
    ("question", "line", "counts"),
    [
        ("which sources do you have?", "2 sources with 4 entries in all:", {"paper": 2, "herald": 2}),
        ("how many sources are there", "2 sources with 4 entries in all:", {"paper": 2, "herald": 2}),
        (
            "who writes here?",
            "2 people wrote, led or were heard, by number of entries:",
            {"Ann Archer": 3, "Bea Q. Binder": 2},
        ),
    ],
)
def test_sources_and_people_are_counted(corpus, question, line, counts):
    listing = corpus.ask(question).listing
    assert (listing.line, dict(listing.counts), listing.total) == (line, counts, 2)


def test_more_than_ten_are_told_with_the_filters_that_list_them(toy, tmp_path):
    rows = [(f"e{n}", f"2026-03-{n:02}", "paper", [ANN], f"Cats sleep {n} hours.") for n in range(1, 15)]
    answer = take_in(toy, tmp_path, rows).ask("list all essays by Archer from March", today=TODAY)
    listing = answer.listing
    assert listing.line == "14 entries by or with Ann Archer of March 2026; the newest ten:"
    assert (len(listing.entries), listing.total) == (10, 14)
    assert listing.filters == parse_filters("2026-03", "2026-03", person="Ann Archer")


@pytest.mark.parametrize(
    ("before", "question", "line"),
    [
        ("how many posts by Archer?", "and by Binder?", "2 entries by or with Bea Q. Binder."),
        ("list all essays from October", "what about September?", "1 entry of September 2026:"),
        ("what's new", "and from the Herald?", "The newest of 2 entries in herald:"),
    ],
)
def test_a_list_is_followed_by_another_one(corpus, before, question, line):
    answer = corpus.ask(question, earlier=(before,), today=TODAY)
    assert (answer.outcome, answer.listing.line) == ("listed", line)


def test_a_list_is_no_subject_of_what_follows(corpus):
    earlier = ("Are open licences clearer for lawyers?", "list all essays from October")
    answer = corpus.ask("and for small firms?", earlier=earlier, today=TODAY)
    assert answer.question == "Are open licences clearer for lawyers? and for small firms?"


def test_given_filters_hold(corpus):
    answer = corpus.ask("list all essays", parse_filters(source="herald"), today=TODAY)
    assert [entry.id for entry in answer.listing.entries] == ["cats", "bea-oct"]


def test_a_misspelt_name_is_read_right_and_it_is_said(corpus):
    answer = corpus.ask("essays by Bindr", today=TODAY)
    assert answer.listing.line == "2 entries by or with Bea Q. Binder:"
    assert answer.understood == "“Bindr” read as “Binder”"


@pytest.mark.parametrize(
    "question", ["how many licences are vague?", "what's new in open licences for lawyers?", "list all posts by Miller"]
)
def test_what_the_record_cannot_say_is_searched(corpus, question):
    assert corpus.ask(question, today=TODAY).outcome in {"answered", "not_covered"}
