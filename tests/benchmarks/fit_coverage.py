"""Fit how confidence comes of its two signals, on questions with known answers (tests/practice): a logistic regression.

``python tests/benchmarks/fit_coverage.py`` (some minutes). Every collection is left out once, and four times half of
all entries are: a question is covered where all that answers it was taken in, and not covered where none of it was. The
questions that no entry answers are left to the report: their writers made them as near as they could.

Prints BIAS and SLOPE for ``corpus/answer/coverage.py``, and with those that stand there, how far confidence and the
share of covered questions agree (a reliability diagram), the area under the curve, and both kinds of error. With
``--words-alone`` it searches as where no model embeds the questions.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from corpus.answer import coverage
from corpus.answer.retrieve import retrieve
from corpus.index.embedders.built_in import BuiltInEmbedder
from corpus.library import Corpus, open_corpus
from corpus.settings import CorpusSettings

PRACTICE = Path(__file__).parent.parent / "practice"
HALVES = 4
WORDS_ALONE = "--words-alone" in sys.argv


class Asked(NamedTuple):
    """A question put to a part of the entries: the signals of its sentences, and whether they answer it."""

    signals: list[tuple[float, float]]
    covered: bool
    split: str


class Remembering(BuiltInEmbedder):
    """The built-in model, which embeds each passage and each question once: the parts share most of theirs."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def embed_question(self, question: str) -> Any:
        if question not in self._known:
            self._known[question] = super().embed_question(question)
        return self._known[question]

    def embed_passages(self, passages: Any) -> Any:
        new = [p for p in dict.fromkeys(passages) if p not in self._known]
        self._known.update(zip(new, super().embed_passages(new) if new else [], strict=True))
        return [self._known[p] for p in passages]


def lines(pattern: str) -> list[dict[str, Any]]:
    return [
        json.loads(line) for file in sorted(PRACTICE.glob(pattern)) for line in file.read_text("utf-8").splitlines()
    ]


def splits(entries: list[dict[str, Any]]) -> Iterator[tuple[str, set[str]]]:
    """Name → the ids of the entries that are taken in."""
    for left_out in sorted({entry["source"] for entry in entries}):
        yield f"without {left_out}", {entry["id"] for entry in entries if entry["source"] != left_out}
    for seed in range(HALVES):
        first = {entry["id"] for entry in entries if random.Random(f"{seed}{entry['id']}").random() < 0.5}  # noqa: S311
        yield f"half {seed}", first
        yield f"half {seed}", {entry["id"] for entry in entries} - first


def asked_of(corpus: Corpus, embedder: Remembering, question: str) -> list[tuple[float, float]]:
    def signals(now: Any) -> list[tuple[float, float]]:
        words = now.words(question)
        asked = {word: now.lexical.rarity(word) for word in words}
        vector = None if WORDS_ALONE else embedder.embed_question(question)
        hits = retrieve(now, vector, words, coverage.PASSAGES)
        # Words alone may find nothing.
        return [signal for hit in hits for signal in coverage.measure_sentences(hit, asked, now.words)] or [(0.0, 0.0)]

    return corpus._reader.read(signals)


def gather() -> list[Asked]:
    entries, questions = lines("*.entries.jsonl"), lines("*.questions.jsonl")
    embedder, rows = Remembering(), []
    for name, kept in [*splits(entries), ("all", {entry["id"] for entry in entries})]:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "entries.jsonl"
            source.write_text("".join(json.dumps(e) + "\n" for e in entries if e["id"] in kept), encoding="utf-8")
            with open_corpus(CorpusSettings(data_dir=Path(folder) / "data"), embedder) as corpus:
                corpus.refresh([source])
                for question in questions:
                    answering = {quote["entry"] for quote in question["quotes"]}
                    if name == "all" or (answering and (answering <= kept or not answering & kept)):
                        covered = bool(answering) and answering <= kept
                        rows.append(Asked(asked_of(corpus, embedder, question["question"]), covered, name.split()[0]))
        print(f"{name}: {len(rows)} questions", flush=True)
    return rows


def best(rows: list[Asked]) -> np.ndarray:
    """The highest sum of a sentence's two signals, for each question."""
    return np.array([[max(map(sum, row.signals))] for row in rows])


def fit(rows: list[Asked]) -> tuple[float, float]:
    """BIAS and SLOPE; both ways to leave entries out weigh the same."""
    rows = [row for row in rows if row.split != "all"]
    kinds = [row.split for row in rows]
    weighing = np.array([len(rows) / 2 / kinds.count(kind) for kind in kinds])
    model = LogisticRegression(C=10).fit(best(rows), [row.covered for row in rows], sample_weight=weighing)
    return float(model.intercept_[0]), float(model.coef_[0, 0])


def report(rows: list[Asked]) -> None:
    for split in sorted({row.split for row in rows}):
        part = [row for row in rows if row.split == split]
        covered = np.array([row.covered for row in part])
        confidence = 1 / (1 + np.exp(-(coverage.BIAS + coverage.SLOPE * best(part)[:, 0])))
        enough = confidence >= coverage.COVERED
        print(
            f"\n{split}: {len(part)} questions, AUROC {roc_auc_score(covered, confidence):.3f}; "
            f"refused though covered {np.mean(~enough[covered]):.1%}, "
            f"answered though not {np.mean(enough[~covered]):.1%}"
        )
        for low in np.arange(0, 1, 0.1):
            inside = (confidence >= low) & (confidence < low + 0.1)
            if inside.any():
                share = covered[inside].mean()
                print(f"  {low:.1f} to {low + 0.1:.1f}  said {confidence[inside].mean():.2f}  was {share:.2f}", end="")
                print(f"  {'#' * round(40 * share)}  ({inside.sum()})")


if __name__ == "__main__":
    gathered = gather()
    print("BIAS, SLOPE = {:.2f}, {:.2f}".format(*fit(gathered)))
    report(gathered)
