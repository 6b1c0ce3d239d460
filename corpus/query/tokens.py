"""A sentence as a row of words that patterns can be put to, each with its place in the sentence. Pure.

Words are folded: lower case, no accents. A word that stands for something understood is a sign and a number (@0 a name,
#… a time): no word of a question looks like that, since signs stand alone.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

# What somebody quotes is one word, whatever stands in it: it is a title, or another one's words.
QUOTED = '"'
WORD = re.compile(r"\"[^\"]{1,300}\"|“[^”]{1,300}”|[^\W_]+(?:[-'’.][^\W_]+)*(?:['’](?!\w))?|[^\w\s.]")


class Word(NamedTuple):
    """A folded word, and where it stands: ``sentence[start:end]``."""

    text: str
    start: int
    end: int


def words_of(sentence: str) -> list[Word]:
    return [Word(_folded(found[0]), found.start(), found.end()) for found in WORD.finditer(sentence)]


def fold(text: str) -> str:
    """Lower case without accents, with the plain apostrophe."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def _folded(text: str) -> str:
    return QUOTED if text[0] in '"“' and len(text) > 1 else fold(text).replace("’", "'")


class Row(NamedTuple):
    """Words joined by blanks, for patterns; `begins[n]` is where the n-th of them begins in the text."""

    words: Sequence[Word]
    text: str
    begins: Sequence[int]

    def places(self, found: re.Match[str], group: int | str = 0) -> range:
        """Which words a match, or a group of it, covers."""
        start, end = found.span(group)
        return range(bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) if end > start else 0)


def row_of(words: Sequence[Word]) -> Row:
    begins, at = [], 0
    for word in words:
        begins.append(at)
        at += len(word.text) + 1
    return Row(words, " ".join(word.text for word in words), begins)


def put(words: Sequence[Word], pattern: re.Pattern[str], named: Callable[[re.Match[str]], str | None]) -> list[Word]:
    """The words with each match of a pattern as one word, where it is given a name."""
    row = row_of(words)
    made: list[Word] = []
    done = 0
    for found in pattern.finditer(row.text):
        places, name = row.places(found), named(found)
        if name is None or not places or places.start < done:
            continue
        made += [*words[done : places.start], Word(name, words[places.start].start, words[places.stop - 1].end)]
        done = places.stop
    return [*made, *words[done:]]
