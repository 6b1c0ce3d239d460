"""How the cosines of any model are brought to the scale of the built-in one's.

What is near differs from model to model: one gives the best sentence 0.6 and a foreign one 0.2, another 0.87 and 0.79.
All that is decided by a cosine (what is near enough to answer, what words weigh beside meaning, what is the same once
more) was measured with the built-in model. So a model's own points are measured on questions with known answers
(calibration.jsonl, paragraphs from tests/practice): the mean cosine of a question with the sentence that answers it;
that with the nearest sentence of the other texts, which does not; and that of two texts. The straight lines that bring
them to the built-in model's points (and of texts, 1 to 1) are the model's scale.

Measured on the gold questions with two models whose cosines lie between 0.75 and 1. Without it, both answered all
questions of which the corpus knows nothing, and with it 0 and 5% of them. One was the built-in model, its cosines
pressed together: with its scale, it answered as the built-in model does. The other was multilingual-e5-small.
"""

import json
from functools import cache
from importlib.resources import files
from itertools import combinations
from statistics import fmean
from typing import NamedTuple

from corpus.errors import ModelUnusable
from corpus.index.chunking import split_sentences
from corpus.index.embedders.base import Embedder, PassageText
from corpus.models.search import Linear, Scale, Span

VERSION = "1"  # raise it with every change of what is measured, and by what
ANSWERING, FOREIGN, TEXTS = 0.5136, 0.3675, 0.1050  # the points of the built-in model
# Between two points of a model that separates them at all. One that does not has no say: all is as its lower point.
LEAST = 0.02


class Pair(NamedTuple):
    """A text with a question to it. `answering`: which of its sentences answer; the others need not be foreign."""

    title: str
    text: str
    sentences: tuple[Span, ...]
    question: str
    answering: tuple[int, ...]


@cache
def load_pairs() -> tuple[Pair, ...]:
    """Return the texts with questions that models are measured by. Raises ModelUnusable where the file is missing."""
    try:
        text = (files("corpus.index.embedders") / "calibration.jsonl").read_text(encoding="utf-8")
    except OSError as error:
        raise ModelUnusable(
            f"{error.filename}, by which models are measured, cannot be read; install footnote anew."
        ) from error
    return tuple(_make_pair(**json.loads(line)) for line in text.splitlines())


def _make_pair(title: str, text: str, question: str, answer: str) -> Pair:
    start = text.index(answer)
    sentences = split_sentences(text)
    answering = (n for n, s in enumerate(sentences) if s.start < start + len(answer) and s.end > start)
    return Pair(title, text, tuple(sentences), question, tuple(answering))


def measure_scale(embedder: Embedder) -> Scale:
    """Return the lines from this model's points to the built-in one's."""
    answering, foreign, texts = measure_points(embedder)
    return Scale(fit_line((foreign, FOREIGN), (answering, ANSWERING)), fit_line((texts, TEXTS), (1.0, 1.0)))


def measure_points(embedder: Embedder) -> tuple[float, float, float]:
    """Return mean cosines: of a question with the best answering sentence, with other texts' best; of two texts."""
    embedded = embedder.embed_passages([PassageText(one.title, one.text, one.sentences) for one in load_pairs()])
    answering, foreign = list[float](), list[float]()
    for place, one in enumerate(load_pairs()):
        question = embedder.embed_question(one.question)
        answering.append(float((embedded[place].sentences[list(one.answering)] @ question).max()))
        others = (text.sentences for other, text in enumerate(embedded) if other != place)
        foreign.append(max(float((sentences @ question).max()) for sentences in others))
    texts = [float(one.vector @ other.vector) for one, other in combinations(embedded, 2)]
    return fmean(answering), fmean(foreign), fmean(texts)


def fit_line(low: tuple[float, float], high: tuple[float, float]) -> Linear:
    """Return the line through two points; level, where the second lies above the first by less than LEAST."""
    if not high[0] - low[0] >= LEAST:  # nor where one of them is no number
        return Linear(0.0, low[1])
    factor = (high[1] - low[1]) / (high[0] - low[0])
    return Linear(factor, low[1] - factor * low[0])
