"""The questions with known answers: complete, and every quote a sentence of the shipped corpus, to the letter."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from corpus.index.chunking import split_sentences
from corpus.ingest.sources.local_import import import_files

FILE = Path(__file__).parents[2] / "gold" / "questions.jsonl"
QUESTIONS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
ENTRIES = {entry.id: entry for _, entry in import_files(None).entries}
SENTENCES = {i: {e.text[s.start : s.end] for s in split_sentences(e.text)} for i, e in ENTRIES.items()}
AT_LEAST = {
    "fact": 8,
    "comparison": 8,
    "time": 8,
    "person": 8,
    "follow-up": 8,
    "one-word": 8,
    "paraphrase": 8,
    "misspelt": 8,
    "other-language": 8,
    "unanswerable-near": 12,
    "unanswerable-far": 10,
}
KEYS = {"id", "kind", "question", "earlier", "within", "asked", "quotes"}


def of_kind(kind: str):
    return [pytest.param(q, id=q["id"]) for q in QUESTIONS if q["kind"] == kind]


def test_there_are_enough_of_every_kind():
    told = Counter(question["kind"] for question in QUESTIONS)
    assert set(told) == set(AT_LEAST)
    assert told >= Counter(AT_LEAST)
    assert len(QUESTIONS) >= 100


def test_no_id_and_no_question_stands_twice():
    ids = Counter(question["id"] for question in QUESTIONS)
    put = Counter((question["question"].casefold(), *question.get("earlier", [])) for question in QUESTIONS)
    assert [twice for twice, times in (ids + put).items() if times > 1] == []


def test_every_entry_answers_something():
    assert {quote["entry"] for question in QUESTIONS for quote in question["quotes"]} == set(ENTRIES)


@pytest.mark.parametrize("question", [pytest.param(q, id=q["id"]) for q in QUESTIONS])
def test_a_question_is_formed_as_the_readme_says(question):
    assert {"id", "kind", "question", "quotes"} <= set(question) <= KEYS
    assert question["id"].startswith(question["kind"] + "-")
    assert question["question"] == " ".join(question["question"].split()) != ""
    assert all(earlier.strip() for earlier in question.get("earlier", []))


@pytest.mark.parametrize("question", [pytest.param(q, id=q["id"]) for q in QUESTIONS])
def test_every_quote_is_a_whole_sentence_of_its_entry(question):
    told = [(quote["entry"], quote["text"]) for quote in question["quotes"]]
    assert [(entry, text) for entry, text in told if text not in SENTENCES[entry]] == []
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("question", [pytest.param(q, id=q["id"]) for q in QUESTIONS])
def test_what_is_unanswerable_has_no_quotes_and_all_else_has_some(question):
    assert bool(question["quotes"]) is not question["kind"].startswith("unanswerable")


@pytest.mark.parametrize("question", of_kind("time"))
def test_a_question_about_a_time_is_answered_from_that_time(question):
    first, last = (day and date.fromisoformat(day) for day in question["within"])
    for entry in {quote["entry"] for quote in question["quotes"]}:
        published = ENTRIES[entry].published
        assert (first or published) <= published <= (last or published), entry


@pytest.mark.parametrize("question", of_kind("comparison"))
def test_a_comparison_is_answered_from_more_than_one_entry(question):
    assert len({quote["entry"] for quote in question["quotes"]}) > 1


@pytest.mark.parametrize("question", of_kind("follow-up"))
def test_a_follow_up_follows_something(question):
    assert question["earlier"]


@pytest.mark.parametrize("question", of_kind("one-word"))
def test_one_word_is_one_word(question):
    assert len(question["question"].split()) == 1
