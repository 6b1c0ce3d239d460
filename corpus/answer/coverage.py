"""Whether the corpus covers a question: a calibrated probability, from the one sentence that speaks for it best.

Two signals of a sentence, neither of them a rank: how near it comes to the question in meaning (a cosine, on the scale
of the built-in model's), and how much of what the question names stands in it or beside it (the question's terms,
weighted by their rarity; the title counts, too). A question on the corpus's subject that the corpus does not answer has
the first without the second.

confidence = 1 / (1 + exp(−(BIAS + SLOPE · (cosine + share)))): a logistic regression, fitted by
``tests/benchmarks/fit_coverage.py`` on questions with known answers over texts that were written for it
(tests/practice), with whole collections and halves of all entries left out. Both signals count alike: with a weight for
each, fitted there, the collections that nobody here wrote were separated less well (docs/decisions/0022).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.models.search import Hit

Rarity = Callable[[str], float]
Terms = Callable[[str], list[str]]  # of a text, as they are searched

PASSAGES = 8  # whose sentences are looked at
BIAS, SLOPE = -4.57, 6.87
# To answer amiss costs somewhat more than to keep an answer back (11 to 9): what is near is shown as near all the same.
COVERED = 0.55
SUBJECTLESS = 0.5  # the share, where a question has nothing but stop words: meaning alone decides


@dataclass(frozen=True, slots=True)
class Coverage:
    """How sure we are, 0 to 1, and the two signals that say so: a cosine, and the share of the asked terms, 0 to 1."""

    confidence: float
    nearness: float
    share: float

    @property
    def is_enough(self) -> bool:
        return self.confidence >= COVERED


def weigh_coverage(hits: Sequence[Hit], words: Sequence[str], terms: Terms, rarity: Rarity) -> Coverage:
    """Return how sure we are that the hits answer a question with these terms."""
    asked = {word: rarity(word) for word in words}
    signals = [pair for hit in hits[:PASSAGES] for pair in measure_sentences(hit, asked, terms)]
    if not signals:
        return Coverage(0.0, 0.0, 0.0)
    nearness, share = max(signals, key=sum)
    return Coverage(1 / (1 + math.exp(-(BIAS + SLOPE * (nearness + share)))), nearness, share)


def measure_sentences(hit: Hit, asked: dict[str, float], terms: Terms) -> list[tuple[float, float]]:
    """Return of each sentence its cosine, and its share of the asked terms; what stands only beside it counts half."""
    title = frozenset(terms(hit.entry.title))
    held = [frozenset(terms(hit.entry.text[s.start : s.end])) for s in hit.sentences]
    own = share_terms(asked, [title | terms_of for terms_of in held])
    beside = share_terms(asked, [title.union(*held[max(0, place - 1) : place + 2]) for place in range(len(held))])
    shares = [(one + other) / 2 if asked else SUBJECTLESS for one, other in zip(own, beside, strict=True)]
    return [(sentence.similarity, share) for sentence, share in zip(hit.sentences, shares, strict=True)]


def share_terms(asked: dict[str, float], held: Sequence[frozenset[str]]) -> list[float]:
    """Return for each of some texts' terms the share of the asked ones among them, weighted by their rarity; 0 to 1."""
    total = sum(asked.values())
    return [sum(weight for word, weight in asked.items() if word in terms) / total if total else 0.0 for terms in held]
