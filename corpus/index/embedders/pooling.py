"""Token vectors become those of a passage and of its sentences.

A sentence's vector costs nothing beside its passage's: it is the mean of the passage's token vectors that fall into the
sentence ("late" pooling: each token has seen the whole passage). That is how a mean-pooling model makes its passage
vector from the same tokens.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpus.index.embedders.base import EmbeddedPassage, Matrix, PassageText, Vector
from corpus.models.search import Span


def text_of(passage: PassageText) -> str:
    """Return what a model reads of a passage: its context, and its text behind it."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def pool_sentences(
    tokens: Matrix, offsets: npt.NDArray[np.int64], passage: Vector, sentences: Sequence[Span]
) -> EmbeddedPassage:
    """Return the passage's unit vector with one for each sentence: the mean of the tokens inside it.

    `tokens`: a row each, without padding; `offsets`: where each begins and ends in the passage's text, special tokens
    and those of the context outside of it or empty.
    """
    starts, ends = offsets[:, 0], offsets[:, 1]
    rows = np.empty((len(sentences), passage.shape[0]), dtype=np.float32)
    for row, sentence in enumerate(sentences):
        inside = (starts >= sentence.start) & (ends <= sentence.end) & (ends > starts)
        # Beyond the window, or of no known character: the passage speaks for it.
        rows[row] = to_unit(tokens[inside].mean(axis=0)) if inside.any() else passage
    return EmbeddedPassage(passage, rows)


def to_unit(vector: Vector) -> Vector:
    """Return the vector at length 1, or as it is where it has none."""
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)
