"""How well the shipped corpus answers: the gold questions, put to the real model, keep their floors.

`footnote eval tests/gold/questions.jsonl --floors tests/gold/floors.json --write-floors` raises them after a gain.
"""

import json
from pathlib import Path

import pytest

from bot.contract.evaluation import read_floors
from corpus import CorpusSettings, evaluate, missed, open_corpus, read_questions

pytestmark = pytest.mark.slow

GOLD = Path(__file__).resolve().parents[2] / "gold"
FLOORS = read_floors(str(GOLD / "floors.json"))
# What a floor is kept for, whatever else is in the file.
NEEDED = {"right", "passages.recall", "highlights.f1", "coverage.auroc", "coverage.refused", "coverage.answered"}


@pytest.fixture(scope="session")
def evaluation(tmp_path_factory):
    """Of the shipped corpus as it is indexed here and now, with the built-in model."""
    settings = CorpusSettings(data_dir=tmp_path_factory.mktemp("gold") / "data", offline=True, _env_file=None)
    with (GOLD / "questions.jsonl").open(encoding="utf-8") as file:
        questions = read_questions(enumerate(file, start=1))
    with open_corpus(settings) as corpus:
        corpus.prepare()
        return evaluate(corpus, questions)


def test_every_gold_question_is_asked_and_every_quote_is_in_its_entry(evaluation):
    assert [f"{r.where}: {r.reason}" for r in evaluation.rejected] == []
    assert len(evaluation.judged) >= 80
    assert sum(j.invented for j in evaluation.judged) == 0
    assert evaluation.empty == 0


def test_the_floors_are_kept(evaluation):
    assert set(FLOORS) >= NEEDED
    assert [miss.sentence for miss in missed(FLOORS, evaluation)] == [], json.dumps(
        {j.id: dict(j.values) for j in evaluation.judged if not j.values.get("right", 1)}, indent=1
    )
