"""Which names somebody may have meant who has written one that is not among them."""

import re
from collections.abc import Sequence

WORD = re.compile(r"[^\W_]+")
LONGEST, MOST_WORDS = 200, 12  # characters and words of what was written that are looked at
ALIKE = 75  # of 100: of two words, and of all that was written; "consortum" and "consortium" have 95


def find_nearest(written: str, names: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Return the places of at most `limit` of the names that are like what was written, the most alike first.

    A name has several forms (an id, a title), and holds the words of all of them. It is alike where it holds what was
    written, where it holds most of its words or ones much like them, whatever their order, or where one form as a whole
    is like it.
    """
    sought = written.casefold().strip()[:LONGEST]
    words = WORD.findall(sought)[:MOST_WORDS]
    if not words:
        return []
    scores = [_score(sought, words, [form.casefold() for form in forms]) for forms in names]
    alike = [place for place, score in enumerate(scores) if score >= ALIKE]
    return sorted(alike, key=lambda place: -scores[place])[:limit]


def _score(sought: str, words: Sequence[str], forms: Sequence[str]) -> float:
    """Return how alike they are: 0 to 100, and more where the name holds what was written."""
    if any(sought in form for form in forms):
        return 101
    from rapidfuzz import fuzz  # noqa: PLC0415  30 ms that only a misspelt name needs

    own = set(WORD.findall(" ".join(forms)))
    best = [max((fuzz.ratio(word, other, score_cutoff=ALIKE) for other in own), default=0.0) for word in words]
    weighed = sum(score * len(word) for score, word in zip(best, words, strict=True))  # a long word says more
    return max(weighed / sum(map(len, words)), *(fuzz.ratio(sought, form, score_cutoff=ALIKE) for form in forms))
