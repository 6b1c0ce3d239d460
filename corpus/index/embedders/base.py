"""What an embedding model is to the index: names, vectors and their scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.models.search import Scale, Span

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]
SPECIAL_TOKENS = 2  # [CLS] and [SEP], or what the model uses instead


@dataclass(frozen=True, slots=True)
class PassageText:
    """What is embedded of a passage: `context` (the title) helps its vector and is no part of its sentences.

    `sentences` are spans of `text`.
    """

    context: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """Unit vectors: one of the passage, and one row for each of its sentences."""

    vector: Vector
    sentences: Matrix


class Embedder(Protocol):
    """What the library needs of a model; tests bring a toy."""

    name: str
    runtime: str  # what runs it, in the manifest; embedders with equal fingerprints agree, whatever theirs is

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors could: a hash of the weights."""

    @property
    def dimension(self) -> int: ...

    @property
    def scale(self) -> Scale:
        """Brings its cosines to the scale of the built-in model's."""

    @property
    def window(self) -> int:
        """How many tokens of a text the model reads, besides its own special ones."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...

    def embed_question(self, question: str) -> Vector: ...

    def embed_passages(self, passages: Sequence[PassageText]) -> list[EmbeddedPassage]: ...
