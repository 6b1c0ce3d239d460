"""The few fakes of the tests: a toy model whose vectors can be checked by eye."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from corpus.index.embedders.base import EmbeddedPassage, PassageText, Vector
from corpus.models.search import Scale


class ToyEmbedder:
    """A text's vector counts its words, each in a place that its hash chooses: equal words, equal direction.

    It loads in no time, so that tests of everything but meaning need no model.
    """

    dimension = 64
    scale = Scale()
    window = 120

    def __init__(self, name: str = "toy", fingerprint: str = "1") -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.embedded_passages = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed_question(self, question: str) -> Vector:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in re.findall(r"\w+", question.lower()):
            vector[int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dimension] += 1  # noqa: S324  no secret
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def embed_passages(self, passages: Sequence[PassageText]) -> list[EmbeddedPassage]:
        self.embedded_passages += len(passages)
        return [
            EmbeddedPassage(
                self.embed_question(f"{p.context} {p.text}"),
                np.array([self.embed_question(p.text[s.start : s.end]) for s in p.sentences], dtype=np.float32),
            )
            for p in passages
        ]
