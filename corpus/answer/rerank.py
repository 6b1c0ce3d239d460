"""Hits in the order of a cross-encoder's score: a setting for those who can download one. `reader.py` reads on.

A cross-encoder reads a question and a passage together. It knows better than two vectors which passage answers, and
computes all of it anew for each question; so it reads only the best that the search has found.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from corpus.errors import ModelUnusable
from corpus.index.compatibility import Embedders
from corpus.index.embedders.base import Embedder
from corpus.index.embedders.sentence_transformer import limit_threads, quiet_libraries, shorten_error
from corpus.models.search import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

READ = 30  # of the best passages of a search
BATCH = 8  # pairs at once: in larger batches, the short ones are padded to the long ones (a fifth slower)
HEAD = "ForSequenceClassification"


class Reranker(Protocol):
    """What the library needs of a cross-encoder; tests bring a toy."""

    def score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """Return how well each text answers; higher is better, comparable within one question only."""


class Reader(Protocol):
    """What scores the sentences of passages for a question (`reader.py`)."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits in their order, with the similarity of their sentences as this reader sees it, −1 to 1."""


class Models(NamedTuple):
    """What a question is asked with."""

    embedders: Embedders
    reranker: Reranker | None = None
    reader: Reader | None = None

    @property
    def embedder(self) -> Embedder:
        """The one of the settings, which new passages are embedded with."""
        return self.embedders.own


class CrossEncoderReranker:
    """A Reranker over a sentence-transformers CrossEncoder, loaded when it is first needed.

    `local`: whether to look on this machine alone. `question_threads`: as of the embedder.
    """

    def __init__(self, name: str, *, local: bool = False, question_threads: int | None = None) -> None:
        self.name = name
        self._local = local
        self._question_threads = question_threads

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        model = self._model  # for no text, too: that it cannot be loaded is raised at once
        return self._predict(model, question, texts) if texts else []

    def _predict(self, model: "CrossEncoder", question: str, texts: Sequence[str]) -> list[float]:
        pairs: list[Any] = [(question, text) for text in texts]
        with limit_threads(self._question_threads):
            return [float(s) for s in model.predict(pairs, batch_size=BATCH, show_progress_bar=False)]

    @cached_property
    def _model(self) -> "CrossEncoder":
        try:
            model = self._load()
            self._check(model)
        except Exception as error:  # foreign code and files from anywhere: whatever it raises, it is no reranker
            raise ModelUnusable(
                f"The reranker {self.name} cannot be loaded ({shorten_error(error)}). Check FOOTNOTE_RERANKER: a "
                "folder, or the name of a cross-encoder that is on this machine or, unless FOOTNOTE_OFFLINE is set, "
                "can be downloaded; without it, none is used."
            ) from error
        return model

    def _load(self) -> "CrossEncoder":
        quiet_libraries()
        import torch  # noqa: PLC0415  these take seconds, and most commands do not need them
        from sentence_transformers import CrossEncoder  # noqa: PLC0415

        local = self._local or Path(self.name).exists()
        # Scores as they are: squeezed between 0 and 1, the best ones would be equals.
        model: CrossEncoder = CrossEncoder(
            self.name, device="cpu", local_files_only=local, activation_fn=torch.nn.Identity()
        )
        return model

    def _check(self, model: "CrossEncoder") -> None:
        """Raise ValueError where it gives no score that means something."""
        if model.num_labels != 1:
            raise ValueError(f"it gives a passage {model.num_labels} scores, not one")
        made, kept = type(model.model).__name__, getattr(model.config, "architectures", None) or [HEAD]
        # Any model can be loaded as one: where it has no head that scores, it gets one of random numbers.
        if made.endswith(HEAD) and not any(name.endswith(HEAD) for name in kept):
            raise ValueError(f"it is a {kept[0]}, which scores nothing")
        if not all(map(math.isfinite, self._predict(model, "Who?", ["She."]))):
            raise ValueError("its scores are no numbers")


def rerank(reranker: Reranker, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, the first READ of them in the order of the reranker's scores; of equals, the first stays so.

    The hits' own scores are dealt out anew, the highest to the first: they go on telling the order, and what is made of
    them keeps its meaning, on whatever scale the cross-encoder counts.
    """
    scores = reranker.score(question, [f"{hit.entry.title}\n{hit.text}" for hit in hits[:READ]])
    places = sorted(range(len(scores)), key=lambda place: -scores[place])
    order = [hits[place] for place in places] + list(hits[len(scores) :])
    own = sorted((hit.score for hit in hits), reverse=True)
    return [replace(hit, score=score) for hit, score in zip(order, own, strict=True)]
