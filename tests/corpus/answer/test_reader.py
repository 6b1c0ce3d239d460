"""A reader puts its own score in the place of a sentence's cosine; the toy one counts shared words."""

import re

import pytest
from build import hit
from fakes import ToyEmbedder

from corpus import open_corpus
from corpus.answer.reader import STRANGERS, ScoringReader
from corpus.answer.select import PASSAGES
from corpus.index.embedders.calibration import ANSWERING, FOREIGN, load_pairs

QUESTION = "Who keeps the sluice of Delft?"


class Overlap:
    """Scores a text by the words of the question in it; keeps what it was given."""

    def __init__(self):
        self.asked = []

    def score(self, question, texts):
        self.asked.append((question, list(texts)))
        words = set(re.findall(r"\w{4,}", question.lower()))
        return [10.0 * len(words & set(re.findall(r"\w{4,}", text.lower()))) / len(words) - 4 for text in texts]


class Indifferent:
    def __init__(self, score=0.5):
        self._score = score

    def score(self, _, texts):
        return [self._score for _ in texts]


def similarities(hits):
    return [[round(s.similarity, 3) for s in one.sentences] for one in hits]


def test_a_sentence_that_answers_goes_before_one_that_only_is_near():
    near, answers = ("The weather was fine.", 0.9), ("The guild keeps the sluice of Delft.", 0.1)
    [read] = ScoringReader(Overlap()).read(QUESTION, [hit(near, answers, title="Notes")])
    far, best = (s.similarity for s in read.sentences)
    assert far < FOREIGN < ANSWERING < best == read.similarity <= 1


def test_its_scale_is_measured_by_questions_with_known_answers():
    toy = Overlap()
    reader = ScoringReader(toy)
    assert reader.line.factor > 0
    assert len(toy.asked) == len(load_pairs())
    assert sum(len(texts) for _, texts in toy.asked) <= (STRANGERS + 3) * len(load_pairs())
    assert reader.line is reader.line  # once


def test_who_tells_nothing_apart_has_no_say():
    hits = [hit(("The weather was fine.", 0.9), ("The guild keeps it.", 0.1))]
    assert ScoringReader(Indifferent()).read(QUESTION, hits) == hits


def test_a_score_that_is_no_number_counts_as_the_least():
    reader = ScoringReader(Overlap())
    assert reader.line.factor
    reader._scorer = Indifferent(float("nan"))
    [read] = reader.read(QUESTION, [hit(("The guild keeps it.", 0.5))])
    assert read.similarity == -1.0


def test_no_more_than_the_passages_that_are_quoted_from_are_read():
    toy = Overlap()
    reader = ScoringReader(toy)
    hits = [hit((f"The sluice {n} is shut.", 0.5), id=f"e{n}", title="Notes") for n in range(PASSAGES + 2)]
    read = reader.read(QUESTION, hits)
    assert [one.entry.id for one in read] == [one.entry.id for one in hits]
    assert read[PASSAGES:] == hits[PASSAGES:]
    assert toy.asked[-1] == (QUESTION, [f"Notes\nThe sluice {n} is shut." for n in range(PASSAGES)])
    assert reader.read(QUESTION, []) == []


@pytest.mark.parametrize(
    ("question", "outcomes"),
    [("What is an open-weight model?", {"answered"}), ("Who keeps the sluice of Delft?", {"not_covered"})],
)
def test_it_orders_chooses_and_refuses(settings, question, outcomes):
    with open_corpus(settings, ToyEmbedder(), Overlap()) as corpus:
        corpus.prepare()
        answer = corpus.ask(question)
        assert answer.outcome in outcomes
        if answer.citations:
            assert "An open-weight model is one" in " ".join(c.quote for c in answer.citations)
