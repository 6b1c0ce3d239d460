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


def split_words(sentence: str) -> list[Word]:
    """Return the words and signs of a sentence, folded; what is quoted in it is one word, QUOTED."""
    words = []
    for match in WORD.finditer(sentence):
        is_quoted = match[0][0] in '"“' and len(match[0]) > 1
        words.append(Word(QUOTED if is_quoted else fold(match[0]), *match.span()))
    return words


def fold(text: str) -> str:
    """Return a text in lower case, without accents, with the plain apostrophe."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.casefold().replace("’", "'")


class Row(NamedTuple):
    """Words joined by blanks, for patterns; `begins[n]` is where the n-th of them begins in the text."""

    words: Sequence[Word]
    text: str
    begins: Sequence[int]

    def places(self, match: re.Match[str], group: int | str = 0) -> range:
        """Return the places of the words that a match, or a group of it, covers."""
        start, end = match.span(group)
        return range(bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) if end > start else 0)


def join_words(words: Sequence[Word]) -> Row:
    """Return the words as a row that patterns can be put to."""
    begins, at = [], 0
    for word in words:
        begins.append(at)
        at += len(word.text) + 1
    return Row(words, " ".join(word.text for word in words), begins)


def replace_matches(
    words: Sequence[Word], pattern: re.Pattern[str], name_match: Callable[[re.Match[str]], str | None]
) -> list[Word]:
    """Return the words with each match of a pattern as one word, where it is given a name."""
    row = join_words(words)
    made: list[Word] = []
    done = 0
    for match in pattern.finditer(row.text):
        places, name = row.places(match), name_match(match)
        if name is None or not places or places.start < done:
            continue
        made += [*words[done : places.start], Word(name, words[places.start].start, words[places.stop - 1].end)]
        done = places.stop
    return [*made, *words[done:]]
