import pytest

from corpus.query.field_words import find_field_words
from corpus.query.spelling import Correction, KnownWords, correct_spelling, describe_corrections
from tests.corpus.query.test_spelling import Vocabulary, split_terms

WORDS = {"open": 9, "closed": 8, "model": 3, "models": 9, "benchmark": 2, "public": 1, "weights": 2}


def read(question, words=WORDS):
    known = KnownWords(Vocabulary(tuple(sorted(words)), words), frozenset(), split_terms, words.__contains__)
    return correct_spelling(question, known)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("do freely available models catch up?", "do open models catch up?"),
        ("Downloadable LLMs or proprietary ones", "open models or closed ones"),
        ("is the free one behind the API-only models", "is the free one behind the closed models"),
        ("which leaderboards count", "which benchmarks count"),
        ("are free AI models worse", "are open AI models worse"),
        ("locked-down systems", "closed systems"),
    ],
)
def test_what_members_call_a_kind_of_model_is_read_as_the_corpus_calls_it(question, expected):
    assert read(question).read == expected


@pytest.mark.parametrize(
    "question",
    [
        "is a free lunch available",  # of no model
        "which available models are there",
        "are public models safe",  # the corpus has the word
        "what did he say of “proprietary models”",
        "what is open source",  # a licence, and no other word for open weights
    ],
)
def test_what_may_mean_something_else_stays_as_it_stands(question):
    assert read(question).read == question


def test_where_the_corpus_has_both_words_or_neither_nothing_is_read_otherwise():
    question = "are proprietary models better"
    assert read(question, {**WORDS, "proprietary": 1}).read == question
    assert read(question, {"models": 3, "better": 1}).read == question
    assert find_field_words("which leaderboard", {"benchmark", "leaderboards"}.__contains__) == []
    assert find_field_words("which LLM", {"model", "llm"}.__contains__) == []


def test_the_reader_learns_what_was_read_for_what():
    spelling = read("freely available models and proprietary ones")
    assert spelling.corrections == (Correction("freely available", "open"), Correction("proprietary", "closed"))
    shown = describe_corrections("freely available models and proprietary ones", [spelling])
    assert shown == "“freely available” read as “open”, “proprietary” read as “closed”"
