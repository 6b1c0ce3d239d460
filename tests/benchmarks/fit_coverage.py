"""Fit how confidence comes of its signals, on questions with known answers: a logistic regression on their sum.

``python tests/benchmarks/fit_coverage.py [--set ENTRIES QUESTIONS …]`` (some minutes). Without a set: the practice
questions (tests/practice) and the gold ones on the shipped corpus. Each question is asked of its whole corpus, and once
more of what is left of it without the entries that answer: there it is a question that the corpus does not cover. Of
those, few are asked of a real corpus, so each counts REMOVED of an ordinary one; every set counts alike. With
``--words-alone`` it searches as where no model embeds the questions.

Prints BIAS and SLOPE for ``corpus/answer/coverage.py``, and with those that stand there, for each set: the area under
the curve, how far confidence and the share of covered questions agree, both kinds of error of what is answered and of
what is shown as closest, and how often a known answer stands among the places that would be quoted.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from corpus.answer import coverage
from corpus.answer.ask import corpus_words
from corpus.answer.coverage import measure_sentences, read_asked, sum_signals
from corpus.answer.places import choose_places
from corpus.answer.retrieve import retrieve
from corpus.answer.select import PASSAGES, choose_quotes
from corpus.answer.voices import keep_quotable
from corpus.evaluation.evaluate import KnownPlaces
from corpus.evaluation.questions import KnownQuestion, read_questions
from corpus.evaluation.scoring import Stretch, is_right
from corpus.index.generation import Generation
from corpus.ingest.sources.local_files import SHELF
from corpus.library import Corpus, open_corpus
from corpus.query.question_kind import classify_content
from corpus.query.understand import understand
from corpus.settings import CorpusSettings

TESTS = Path(__file__).parent.parent
DEFAULT = [
    *((TESTS / f"practice/{name}.entries.jsonl", TESTS / f"practice/{name}.questions.jsonl")
      for name in ("essays", "general", "money", "science")),
    (SHELF, TESTS / "gold/questions.jsonl"),
]  # fmt: skip
REMOVED = 0.05
FAR, OTHER = "far", ("language", "other-language")  # in the kinds of questions; the latter are left out
TODAY = date(2026, 11, 30)


class Asked(NamedTuple):
    """A question put to a corpus: the sum of its best sentence's signals, whether the corpus covers it, and whether
    that is since its answers were removed. `shown`: whether a known answer would be quoted.
    """

    total: float
    covered: bool
    removed: bool
    far: bool
    shown: bool = False


def ask_all(entries: Path, questions: Path, *, words_alone: bool) -> Iterator[Asked]:
    with tempfile.TemporaryDirectory() as folder, open_corpus(CorpusSettings(data_dir=Path(folder))) as corpus:
        corpus.refresh([entries])
        read = read_questions(enumerate(questions.read_text("utf-8").split("\n"), start=1))
        places = KnownPlaces(corpus)
        for question in read.asked:
            if question.kind not in OTHER:
                yield from ask(corpus, question, places.known(question).quotes or (), words_alone=words_alone)


def ask(corpus: Corpus, question: KnownQuestion, known: Sequence[Stretch], *, words_alone: bool) -> Iterator[Asked]:
    def signals(generation: Generation) -> list[Asked]:
        words = corpus_words(generation)
        query = understand(question.question, question.earlier, question.filters, question.asked_on or TODAY, words)[0]
        topic, terms = query.intent.topic, cache(generation.words)
        searched = generation.words(topic)
        vector = None if words_alone else corpus._models.embedder.embed_question(topic)
        answering = {quote.entry for quote in known}
        asked = read_asked(topic, classify_content(topic), searched, terms, generation.lexical.rarity)
        found = retrieve(generation, vector, searched, 8 * PASSAGES)
        rows = []
        for removed in (False, True) if answering else (False,):
            hits = [hit for hit in found if not removed or hit.entry.id not in answering][:PASSAGES]
            hits = keep_quotable(hits, query.filters)
            total = max((sum_signals(s) for hit in hits for s in measure_sentences(hit, asked, terms)), default=0.0)
            chosen = choose_places(choose_quotes(hits, searched, terms, asked), terms).quotes
            shown = is_right(known, [Stretch(q.hit.entry.id, q.start, q.end) for q in chosen])
            covered = bool(answering) and not removed
            rows.append(Asked(total, covered, removed, FAR in question.kind, covered and shown))
        return rows

    yield from corpus._reader.read(signals)


def fit(sets: dict[str, list[Asked]]) -> tuple[float, float]:
    """BIAS and SLOPE; every set weighs the same."""
    rows = [(row, (REMOVED if row.removed else 1) / len(asked)) for asked in sets.values() for row in asked]
    weights = np.array([weight for _, weight in rows])
    model = LogisticRegression(C=100).fit(
        np.array([[row.total] for row, _ in rows]),
        [row.covered for row, _ in rows],
        sample_weight=weights / weights.mean(),
    )
    return float(model.intercept_[0]), float(model.coef_[0, 0])


def report(name: str, rows: list[Asked]) -> None:
    sure = 1 / (1 + np.exp(-(coverage.BIAS + coverage.SLOPE * np.array([row.total for row in rows]))))
    covered, removed = np.array([row.covered for row in rows]), np.array([row.removed for row in rows])
    far = np.array([row.far for row in rows])
    print(f"\n{name}: {covered.sum()} covered, a known answer would be quoted for "
          f"{statistics.fmean(row.shown for row in rows if row.covered):.3f}")  # fmt: skip
    for what, others in (
        ("near", ~covered & ~removed & ~far),
        ("far", far & ~removed),
        ("near and far", ~covered & ~removed),
        ("its answers removed", removed),
    ):
        if others.any():
            pair = covered | others
            shares = [np.mean(sure[others] >= bar) for bar in (coverage.COVERED, coverage.CLOSEST)]
            print(f"  {what:20} {others.sum():4}  AUROC {roc_auc_score(covered[pair], sure[pair]):.3f}  "
                  f"answered {shares[0]:.0%}, or closest {shares[1]:.0%}")  # fmt: skip
    bars = (coverage.COVERED, coverage.CLOSEST)
    print(f"  not answered though covered {np.mean(sure[covered] < bars[0]):.0%}, nor closest "
          f"{np.mean(sure[covered] < bars[1]):.0%}")  # fmt: skip
    own = ~removed
    bins = [own & (sure >= low / 10) & (sure < (low + 1) / 10) for low in range(10)]
    error = sum(part.sum() * abs(sure[part].mean() - covered[part].mean()) for part in bins if part.any()) / own.sum()
    print(f"  calibration error {error:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", nargs=2, type=Path, action="append", metavar=("ENTRIES", "QUESTIONS"))
    parser.add_argument("--words-alone", action="store_true")
    given = parser.parse_args()
    sets = {
        questions.stem: list(ask_all(entries, questions, words_alone=given.words_alone))
        for entries, questions in given.set or DEFAULT
    }
    print(json.dumps(dict(zip(("BIAS", "SLOPE"), (round(n, 2) for n in fit(sets)), strict=True))))
    for name, rows in sets.items():
        report(name, rows)


if __name__ == "__main__":
    main()
