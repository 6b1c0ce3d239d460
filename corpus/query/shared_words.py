"""What a question in another language shares with a corpus in English: names, words of titles, terms. Pure.

Whether it may be in one is told here, of its words and letters; which one it is, a model of languages tells.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from corpus.query.entities import KnownNames, mark_names
from corpus.query.spelling import FOREIGN, KnownWords, find_alike, is_english, is_foreign
from corpus.query.stop_words import SUBJECTLESS
from corpus.query.tokens import fold, split_words

FEWEST_WORDS = 3  # of a question in Latin letters, by which a language is told
# A question in English has one of these shares of small words, or of words of English at all; names do not count.
SMALL_WORDS, ENGLISH_WORDS = 0.3, 0.75
SHORTEST_WORD, SHORTEST_IN_TITLE = 5, 4  # letters of a word in small letters
# A word of so many letters is spelt like one of a title where so much of it is the same and its first letter sounds so.
SHORTEST_COGNATE, ALIKE, SAME_SOUND = 9, 0.7, {"k": "c", "z": "c"}
LETTERS = re.compile(r"[^\W\d_]+")
LATIN = "A-Za-z\u00c0-\u024f"
TERM = re.compile(rf"[{LATIN}0-9]+(?:[-.+'’][{LATIN}0-9]+)*")
CODE = re.compile(rf"[{LATIN}].*\d|\d.*[{LATIN}]|[{LATIN}][A-Z]")  # GPT-5, RLHF, LeoLM
# Words of other languages that are others in English.
FALSE_FRIENDS = frozenset(
    """also arme avant avec base brief chat chef come comment comme dale dice dont dove entre fast fine gift kind main
    mais mode mute pain para pero plus pour pure rest sage sale sans sole sono tale tout wand wohl""".split()
)


class Shared(NamedTuple):
    """What is shared. `people`: those whose names are said; `terms`: other names and words, as they are written."""

    people: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def may_be_foreign(question: str) -> bool:
    """Whether a question may be in another language than English: its letters and words do not rule it out."""
    if _is_in_other_letters(question):
        return True
    words = [word for word in LETTERS.findall(question) if len(word) > 1 or not word.isascii()]
    lower = [word for word in words if not word[0].isupper()]
    if len(words) < FEWEST_WORDS or sum(word in SUBJECTLESS for word in lower) >= SMALL_WORDS * len(lower):
        return False
    english = sum(word in SUBJECTLESS or is_english(word) for word in lower)
    return is_foreign(question) or english < ENGLISH_WORDS * len(lower)


def find_shared(question: str, names: KnownNames, known: KnownWords, in_titles: Collection[str]) -> Shared:
    """Return what a question in another language shares with a corpus. `in_titles`: the words of its titles, folded.

    Words of the corpus in Latin letters within another script; elsewhere those with figures or more than one capital,
    those with a capital inside a sentence, and words of English that are not too short to be another language's. Where
    there are none, the words of titles that are spelt alike ("consorcio": "consortium").
    """
    marked, named = mark_names(question, split_words(question), names)
    places = [range(word.start, word.end) for word in marked if word.text[0] == "@"]
    is_other = _is_in_other_letters(question)
    terms = [question[at.start : at.stop] for at, one in zip(places, named, strict=True) if one.source]
    cognates = []
    for match in TERM.finditer(question):
        text, word = match[0], fold(match[0])
        if any(match.start() in place for place in places):
            continue
        if not text.isascii() or not all(map(known.holds, known.terms(text) or [""])):
            cognates += _find_cognate(word, in_titles)
        elif CODE.search(text):
            terms.append(text)
        elif word not in SUBJECTLESS | FOREIGN | FALSE_FRIENDS and not word.isdigit():
            is_said = word in known.vocabulary.counts
            is_name = is_said and text[0].isupper() and match.start() > 1
            is_of_title = len(word) >= SHORTEST_IN_TITLE and word in in_titles
            is_word = is_said and len(word) >= SHORTEST_WORD and is_english(word)
            terms += [text] if is_other or is_name or is_of_title or is_word else []
    terms = terms or cognates
    people = dict.fromkeys(one.people[0] for one in named if one.people)
    return Shared(tuple(people), tuple(dict.fromkeys(terms)))


def _find_cognate(word: str, in_titles: Collection[str]) -> list[str]:
    """Return the word of the titles that a long word of another language is spelt like, or nothing."""
    if len(word) < SHORTEST_COGNATE or not word.isalpha():
        return []
    begun = [other for other in in_titles if other[0] in {word[0], SAME_SOUND.get(word[0])}]
    return find_alike(word, begun, ALIKE)


def _is_in_other_letters(text: str) -> bool:
    """Whether a text is written in others than Latin letters: most of it, or all but names and terms."""
    others = sum(c.isalpha() and not re.match(rf"[{LATIN}]", c) for c in text)
    has_small_words = any(word.lower() in SUBJECTLESS for word in LETTERS.findall(text))
    return 2 * others > sum(map(str.isalpha, text)) or (others >= FEWEST_WORDS and not has_small_words)
