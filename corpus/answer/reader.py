"""How well each sentence of the best passages answers, where something is set that reads it with the question.

The seam behind retrieval, before coverage and choice (`Reader` in `rerank.py`). Without a reader a sentence's
similarity is its cosine. A reader puts its own score in that place, on the scale of the built-in model's cosines: so it
has its say in what is quoted, what is closest and what is refused, and all weights and bars go on holding
(docs/decisions/0079).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from statistics import fmean

from corpus.answer.rerank import Reranker
from corpus.answer.select import PASSAGES
from corpus.index.embedders.calibration import ANSWERING, FOREIGN, Pair, fit_line, load_pairs
from corpus.models.search import Hit, Linear

STRANGERS = 4  # sentences of other texts that a question is read with, to measure a scale: 220 pairs in all


class ScoringReader:
    """A Reader by the scores of a cross-encoder, brought to the cosines' scale by questions with known answers.

    The scale is measured with the first question, once: as two points of the built-in model's (`calibration.py`), that
    of sentences that answer and that of the best of others. Who cannot tell these apart has no say.
    """

    def __init__(self, scorer: Reranker) -> None:
        self._scorer = scorer

    @cached_property
    def line(self) -> Linear:
        """Return the line from its scores to cosines; its factor is 0 where it tells nothing apart."""
        answering, foreign = list[float](), list[float]()
        for place, one in enumerate(load_pairs()):
            others = [_texts_of(other)[0] for other in (*load_pairs()[place + 1 :], *load_pairs()[:place])][:STRANGERS]
            own = [_texts_of(one)[n] for n in one.answering]
            scores = self._scorer.score(one.question, [*own, *others])
            answering.append(max(scores[: len(own)]))
            foreign.append(max(scores[len(own) :]))
        return fit_line((fmean(foreign), FOREIGN), (fmean(answering), ANSWERING))

    def read(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        if not self.line.factor:
            return list(hits)
        best = hits[:PASSAGES]
        texts = [f"{hit.entry.title}\n{hit.entry.text[s.start : s.end]}" for hit in best for s in hit.sentences]
        cosines = (self.line.factor * score + self.line.shift for score in self._scorer.score(question, texts))
        read = []
        for hit in best:
            sentences = tuple(replace(s, similarity=min(max(-1.0, next(cosines)), 1.0)) for s in hit.sentences)
            best_of = max((s.similarity for s in sentences), default=hit.similarity)
            read.append(replace(hit, sentences=sentences, similarity=best_of))
        return [*read, *hits[PASSAGES:]]


def _texts_of(pair: Pair) -> list[str]:
    """Return the sentences of a text as a reader gets them: below the title."""
    return [f"{pair.title}\n{pair.text[s.start : s.end]}" for s in pair.sentences]
