"""A question is understood as one or two queries; switched off as a whole, it is searched as it stands."""

from datetime import date

import pytest
from build import take_in
from fakes import ToyEmbedder

from corpus import open_corpus
from corpus.answer.ask import corpus_words
from corpus.models.search import NO_FILTERS, Filters
from corpus.query.understand import fill_in, understand, understand_context

TODAY = date(2026, 11, 28)
ANN, BEA = {"name": "Ann Archer", "role": "author"}, {"name": "Bea Q. Binder", "role": "author"}
ROWS = [
    (
        "ann",
        "2026-02-02",
        "paper",
        [ANN],
        "Distillation of spirits is forbidden in private kitchens.\n\nSalt is cheap.",
    ),
    ("bea", "2026-10-02", "herald", [BEA], "Distillation of spirits is allowed in barns.\n\nBread is dear."),
]


@pytest.fixture
def corpus(toy, tmp_path):
    return take_in(toy, tmp_path, ROWS)


@pytest.fixture
def read(corpus):
    with corpus._reader.borrowed() as generation:
        words = corpus_words(generation)

    def act(question, *earlier, given=NO_FILTERS):
        return understand(question, earlier, given, TODAY, words)

    act.words = words
    return act


def test_a_plain_question_has_one_reading_without_filters(read):
    [query] = read("What is distillation?")
    assert (query.question, query.intent.topic, query.filters) == ("What is distillation?",) * 2 + (NO_FILTERS,)


def test_a_misspelt_question_is_read_corrected_first_and_then_as_it_was_written(read):
    corrected, written = read("what did Archr say about distilation?")
    assert corrected.question == "what did Archer say about distillation?"
    assert corrected.filters.speakers == ("Ann Archer",)
    assert (written.question, written.spellings) == ("what did Archr say about distilation?", ())


def test_a_chosen_filter_counts_for_more_than_an_understood_one(read):
    [query] = read("What did Archer say since April?", given=Filters(since=date(2026, 6, 1)))
    assert query.filters == Filters(since=date(2026, 6, 1), speakers=("Ann Archer",))
    assert query.filters_without_days == query.filters


def test_a_follow_up_is_put_behind_its_context(read):
    [query] = read("And in barns?", "What is distillation?")
    assert (query.context, query.follow_up) == ("What is distillation?", "And in barns?")
    assert query.by_itself.question == "And in barns?"
    assert not query.needs_answer


def test_a_follow_up_to_the_answer_is_filled_in_from_it(read):
    [query] = read("Since then?", "What did Archer say about distillation?")
    assert query.needs_answer
    assert understand_context(query, TODAY, read.words).filters.speakers == ("Ann Archer",)
    filled = fill_in(query, date(2026, 2, 2), ["Ann Archer"], TODAY, read.words)
    assert filled.question == "What did Archer say about distillation? Since 2 February 2026?"
    assert filled.filters == Filters(since=date(2026, 2, 2), speakers=("Ann Archer",))


def test_an_answer_in_a_conversation_is_explained_as_it_was_given(corpus):
    earlier = ("Is distillation of spirits forbidden in kitchens?",)
    answer = corpus.ask("Why?", earlier=earlier, today=TODAY)
    explained = corpus.explain("Why?", earlier=earlier, today=TODAY)
    assert answer.question == explained.question == f"{earlier[0]} Why?"
    assert answer.covered
    quoted = {s.text for s in explained.sentences if s.outcome == "quoted"}
    assert quoted == {c.quote for c in answer.citations}
    assert corpus.explain("Why?", today=TODAY).question == "Why?"


def test_without_understanding_a_question_is_searched_as_it_stands(corpus, settings):
    question = "What did archer say about distilation of spirits?"
    assert corpus.ask(question, today=TODAY).understood == "Ann Archer, “distilation” read as “distillation”"
    with open_corpus(settings.model_copy(update={"understanding": False}), ToyEmbedder()) as plain:
        answer = plain.ask(question, earlier=("What is salt?",), today=TODAY)
        assert (answer.question, answer.understood) == (question, "")
        assert {hit.entry_id for hit in plain.explain(question, today=TODAY).hits} == {"ann", "bea"}
        assert plain.timeline("distilation of spirits").understood == ""
