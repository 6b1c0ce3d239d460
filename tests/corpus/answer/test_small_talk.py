"""Small talk is answered with a line, without a search; what looks like it and asks something is searched."""

import pytest
from build import take_in

ROWS = [
    (
        "licences",
        "2026-02-02",
        "paper",
        [{"name": "Ann Archer", "role": "author"}],
        "Licences are vague. Salt is cheap.",
    ),
    (
        "cats",
        "2026-11-02",
        "herald",
        [{"name": "Ann Archer", "role": "author"}],
        "Cats sleep all night, and they purr.",
    ),
]


@pytest.fixture
def corpus(toy, tmp_path):
    return take_in(toy, tmp_path, ROWS)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("hi", "greeting", "Hello!"),
        ("thanks a lot!", "thanks", "You are welcome."),
        ("bye", "goodbye", "Goodbye."),
        ("who are you?", "identity", "I am a bot"),
        ("what can you do", "help", "Ask in a sentence"),
    ],
)
def test_small_talk_is_met_with_a_line(corpus, said, kind, words):
    answer = corpus.ask(said)
    assert (answer.outcome, answer.kind, answer.covered, answer.is_gap) == ("talk", kind, False, False)
    assert answer.listing.line.startswith(words)
    assert (answer.citations, answer.nearest, answer.notes) == ((), (), ())


def test_help_names_questions_that_the_corpus_answers(corpus):
    answer = corpus.ask("help")
    newest = corpus.titles()[0].title
    assert answer.listing.examples == (f"What is “{newest}” about?", "What has Ann Archer published?")
    assert corpus.ask("thanks").listing.examples == ()


def test_in_a_conversation_it_is_small_talk_too(corpus):
    assert corpus.ask("thanks", earlier=("What do cats do all night?",)).outcome == "talk"


def test_in_a_conversation_this_is_what_was_spoken_of(corpus):
    assert corpus.ask("how does this work?").outcome == "talk"
    assert corpus.ask("how does this work?", earlier=("What do cats do all night?",)).outcome != "talk"


def test_what_asks_something_is_searched(corpus):
    answer = corpus.ask("hi! what do cats do all night?")
    assert answer.outcome == "answered"
    assert [c.entry.id for c in answer.citations] == ["cats"]


def test_why_says_which_kind_was_understood(corpus):
    explained = corpus.explain("who are you")
    assert (explained.kind, explained.hits, explained.covered) == ("identity", (), False)
    assert corpus.explain("what do cats do all night?").kind == "other"
