"""The initials of a corpus's sources: "hf" is how a community calls Hugging Face. Pure."""

from collections import defaultdict
from functools import lru_cache

from corpus.query.entities import MANY_HAVE
from corpus.query.tokens import fold


@lru_cache(maxsize=4)  # of as many generations
def index_initials(names: tuple[str, ...]) -> dict[str, str]:
    """Return the initials of names of several words, in lower case → the name; none that two of them share.

    Of a name without what many have: those of "The Hugging Face Blog" are "hf".
    """
    meant = defaultdict(set)
    for name in names:
        words = [word for word in name.split() if word[0].isalpha() and fold(word) not in MANY_HAVE | {"the"}]
        if len(words) > 1:
            meant[fold("".join(word[0] for word in words))].add(" ".join(words))
    return {initials: found.pop() for initials, found in meant.items() if len(found) == 1}
