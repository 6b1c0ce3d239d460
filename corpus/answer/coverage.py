"""Whether the corpus covers a question: a first honest rule, until it is calibrated on questions with known answers.

Two signals, neither of them a rank: how near the best sentence comes to the question in meaning, and how much of what
the question names (its terms, weighted by their rarity) stands in one of the best passages. A question on the
corpus's subject that the corpus does not answer has the first without the second.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.answer.select import Rarity, Terms, share_of_words
from corpus.models import Hit

PASSAGES = 5
BIAS, NEARNESS, WORDS = -4.5, 6.0, 4.0
COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Coverage:
    """How sure we are, 0 to 1, and the two signals that say so: a cosine, and the share of the asked terms, 0 to 1."""

    confidence: float
    nearness: float
    share: float

    @property
    def is_enough(self) -> bool:
        return self.confidence >= COVERED


def weigh(hits: Sequence[Hit], words: Sequence[str], terms: Terms, rarity: Rarity) -> Coverage:
    """How sure we are that the hits answer a question with these terms."""
    if not hits:
        return Coverage(0.0, 0.0, 0.0)
    asked = {word: rarity(word) for word in words}
    best = hits[:PASSAGES]
    nearness = max(hit.similarity for hit in best)
    share = max(share_of_words(asked, frozenset(terms(f"{hit.entry.title}\n{hit.text}"))) for hit in best)
    if not asked:  # nothing but stop words: meaning alone decides
        share = 0.5
    return Coverage(1 / (1 + math.exp(-(BIAS + NEARNESS * nearness + WORDS * share))), nearness, share)
