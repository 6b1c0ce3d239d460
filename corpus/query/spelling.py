"""Misspelt words of a question, read as the corpus's own words that they are nearest to. Pure, and without a model.

A word is read as another one only where nothing speaks for it as it stands: the corpus has neither it nor another form
of it, no list of English has it, and it does not look like a name or a code. What is just unknown stays, and counts as
missing: "kangaroos" in a corpus without kangaroos is a subject that it does not cover, and no misspelt "kangaroo".
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from corpus.query.field_words import Reading, find_field_words
from corpus.query.stop_words import SUBJECTLESS

SHORTEST, LONGER, LONG = 4, 6, 8  # letters: from LONGER on one may be another, from LONG on there may be two mistakes
ENDING = 2  # last letters: two forms of a word differ in them (distils, distilling)
SHORTEST_NAME = 5  # with a capital inside a sentence
MOST = 16  # unknown words of a question are looked at
MOST_SHOWN = 4
RARE = 100  # uses of a word in the list, of 50 and more
EVERYWHERE = 1 << 40  # passages that hold a word without a subject: any question may have one
QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`")
# "whats" would be searched as a word of its own: a third of "whats distillation" was missing from each passage.
WITHOUT_APOSTROPHE = {f"{word}s": f"{word} is" for word in "what who how where when why".split()}
# Short forms of a chat, which lists of English have and texts mostly have not.
SHORT_FORMS = {
    "govt": "government",
    "gov": "government",
    "ppl": "people",
    "abt": "about",
    "cuz": "because",
    "dept": "department",
    "mgmt": "management",
    "infra": "infrastructure",
}
AROUND = ".,;:!?…()[]{}\"'“”‘’«»*~-–—"
CODE = re.compile(r"[\d_/\\@#:.<>=&+$%|^]")  # inside a word: an address, a handle, a version
LETTERS = re.compile(r"[^\W\d_]+")
DOUBLED = re.compile(r"(\w)\1")
SHORTENED = re.compile(r"['’](?!s\b)\w")  # doesn't
OPENING = re.compile(r"(?:^|[.?!…:]|[\"“(])\s*$")  # before the first word of a sentence
# What is British → as the list of English has it.
AMERICAN = tuple(
    (re.compile(british), american)
    for british, american in (
        ("our", "or"),
        ("is(?=(?:e[drs]?|ers|ing|ations?)$)", "iz"),
        ("ys(?=(?:e[drs]?|ing)$)", "yz"),
        ("(?<=[bt])re(?=s?$)", "er"),
        ("en(?=ces?$)", "ens"),
        ("sc(?=ep)", "sk"),
        ("ou(?=l[dt])", "o"),
        ("ll(?=(?:ed|ing|ers?)$)", "l"),
        ("mme(?=s?$)", "m"),
        ("ogue(?=s?$)", "og"),
        ("(?<=[hlnp])ae(?=[mdsor])", "e"),
        ("^oe|oe(?=[tua])", "e"),
    )
)
BEFORE_WORDS = """
anti counter de hyper inter mis multi non over post pre re self semi sub super trans un under
""".split()
# Small words of other languages that are none in English: who uses more of them than of ours does not write English.
FOREIGN = frozenset(
    """
aber avec bei como con cosa cuál dans das der des dla het della der di die du ein eine el ella els en er es est et för
für gli hoe ich il ist jak je jest kein les los mais med mehr mit muy nicht nie nous não och oder og os para pas pero
perché por pour qual que quel quelle quelles quels qui qué sind sobre sono sont sur är être über um una und une uma van
voor wat welche wer wie wird zijn zum
""".split()
)


class Vocabulary(Protocol):
    """The words of the corpus in lower case, by the alphabet, and how many passages hold each."""

    @property
    def words(self) -> Sequence[str]: ...
    @property
    def counts(self) -> Mapping[str, int]: ...


class KnownWords(NamedTuple):
    """The words that a corpus knows. `names`: those of its people's and sources' names, in lower case.

    `terms`: the terms of a text, as they are searched; `holds`: whether some passage has a term; `initials`: those of
    names in lower case → the name.
    """

    vocabulary: Vocabulary
    names: frozenset[str]
    terms: Callable[[str], Sequence[str]]
    holds: Callable[[str], bool]
    initials: Mapping[str, str] = MappingProxyType({})


class Correction(NamedTuple):
    """A word as it was written, and what it was read as."""

    written: str
    read: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """A question as it was `written`, as it is `read`, and the corrections between the two that are worth a word."""

    written: str
    read: str
    corrections: tuple[Correction, ...] = ()


def correct_spelling(question: str, known: KnownWords) -> Spelling:
    """Return a cleaned question with its misspelt words read as the corpus's."""
    if not known.vocabulary.words or is_foreign(question):
        return Spelling(question, question)
    unquoted = QUOTED.sub(lambda match: " " * len(match[0]), question)  # another one's words stay as they stand
    short = {**SHORT_FORMS, **known.initials}

    def has(word: str) -> bool:  # the vocabulary has no shorter ones
        return word in known.vocabulary.counts or (len(word) < SHORTEST and known.holds(word))

    readings = find_field_words(unquoted, has)
    read_already = {place for reading in readings for place in range(reading.start, reading.end)}
    unknown = 0
    for match in _find_words(unquoted, short):
        text = match[0]
        if unknown == MOST:
            break
        if match.start() in read_already:
            continue
        name = short.get(text.lower())
        if name and (terms := known.terms(text)) and not any(map(known.holds, terms)):  # else it is found as it stands
            readings.append(Reading(*match.span(), name))
        elif whole := WITHOUT_APOSTROPHE.get(text.lower()):
            readings.append(Reading(*match.span(), whole))
        elif not _is_known(text.lower(), known):
            unknown += 1
            is_name = text[0].isupper() and not OPENING.search(question[: match.start()])
            if nearest := _find_nearest(text, known, is_name=is_name):
                readings.append(Reading(*match.span(), nearest.capitalize() if text[0].isupper() else nearest))
    return _put_in(question, readings)


def _put_in(question: str, readings: Iterable[Reading]) -> Spelling:
    """Return a question with what its words are read as put in their place."""
    parts, corrections, at = [], [], 0
    for start, end, read in sorted(readings):
        written = question[start:end]
        parts += [question[at:start], read]
        at = end
        if written.lower() not in WITHOUT_APOSTROPHE:  # that is no mistake to speak of
            corrections.append(Correction(written, read))
    return Spelling(question, "".join([*parts, question[at:]]), tuple(dict.fromkeys(corrections)))


def describe_corrections(text: str, spellings: Iterable[Spelling]) -> str:
    """Return how words of a text were read, for the reader: “distilation” read as “distillation”; "" where none was.

    Not of words that name no subject: they change nothing that is searched.
    """
    words = set(LETTERS.findall(text))
    corrections = dict.fromkeys(c for one in spellings for c in one.corrections if words.issuperset(c.written.split()))
    described = [f"“{c.written}” read as “{c.read}”" for c in corrections if c.read.lower() not in SUBJECTLESS]
    more = len(described) - MOST_SHOWN
    return ", ".join([*described[:MOST_SHOWN], *([f"{more} more words read otherwise"] if more > 0 else [])])


def restore_spelling(text: str, spellings: Iterable[Spelling]) -> str:
    """Return a text that was put together of questions as they were read, with these as they were written."""
    for one in spellings:
        text = text.replace(one.read, one.written) if one.read != one.written else text
    return text


@cache
def load_english() -> Mapping[str, int]:
    """Return 160,000 words of English, and how often each is used.

    Read when a question has an unknown word for the first time: 0.2 s and 25 MB.
    """
    return dict(SpellChecker(language="en").word_frequency.dictionary)


# Which words are looked at


def _find_words(unquoted: str, short: Container[str]) -> Iterator[re.Match[str]]:
    """Find the words that may be misspelt: no codes, of short forms those in `short` alone."""
    for chunk in re.finditer(r"\S+", unquoted):
        if CODE.search(chunk[0].strip(AROUND)):
            continue
        for word in LETTERS.finditer(unquoted, *chunk.span()):
            text = word[0]
            is_plain = text.isascii() and text[1:].islower()
            is_long = len(text) >= SHORTEST - 1
            if text.lower() in short or (is_plain and is_long and not SHORTENED.match(unquoted, word.end())):
                yield word


def is_foreign(question: str) -> bool:
    """Whether a question has more small words of other languages than of English."""
    words = LETTERS.findall(question.lower())
    foreign = sum(word in FOREIGN for word in words)
    return foreign > 0 and foreign >= sum(word in SUBJECTLESS for word in words)


def _is_known(word: str, known: KnownWords) -> bool:
    """Whether the corpus, or English, has a word as it is written. What is the cheapest is asked first."""
    if word in known.vocabulary.counts or word in SUBJECTLESS or word in known.names:
        return True
    return not known.terms(word) or is_english(word)


def is_english(word: str) -> bool:
    """Whether a word is one of the language: listed, a form or a British spelling of such a one, or made of such."""
    listed = load_english()
    if word in listed or (word[-1] == "s" and _is_common(word[:-1])):
        return True
    if f"{word[:-1]}'{word[-1]}" in listed or f"{word[:-2]}'{word[-2:]}" in listed:  # doesnt, thats
        return True
    if any(pattern.sub(american, word) in listed for pattern, american in AMERICAN):
        return True
    begun = (word.removeprefix(start) for start in BEFORE_WORDS if word.startswith(start))
    cuts = range(SHORTEST, len(word) - SHORTEST + 1)
    return any(map(_is_common, begun)) or any(_is_common(word[:cut]) and _is_common(word[cut:]) for cut in cuts)


def _is_common(part: str) -> bool:
    """Whether words are made of a part: the list has many rare names, which typing errors are made of as well."""
    return len(part) >= SHORTEST and load_english().get(part, 0) > RARE


# What they are read as


def _find_nearest(text: str, known: KnownWords, *, is_name: bool) -> str | None:
    """Return the word that a misspelt one is nearest to, of several the most frequent; None where two are as good."""
    word = text.lower()
    if len(word) < SHORTEST:
        swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
        return next((other for other in swapped if other in SUBJECTLESS), None)
    if is_name and len(word) < SHORTEST_NAME:
        return None
    most = 2 if len(word) >= LONG and not text[0].isupper() else 1
    found = _find_near(word, known, most, is_name=is_name)
    stems = known.terms(word)
    if any(map(known.holds, stems)):  # another form of a word of the corpus, or one that is misspelt before its end
        found = [o for o in found if o.word[-ENDING:] == word[-ENDING:] and known.terms(o.word) == stems]
    best = min((other.rank for other in found), default=None)
    equal = sorted(other.word for other in found if other.rank == best)
    return equal[0] if len({tuple(known.terms(other)) for other in equal}) == 1 else None


class _Other(NamedTuple):
    """A word that may have been meant. `rank`: how many mistakes away, of which kind, and the more frequent first."""

    word: str
    rank: tuple[int, bool, int]


def _find_near(word: str, known: KnownWords, most: int, *, is_name: bool) -> list[_Other]:
    """Return the words within so many mistakes that begin as this one does."""
    counts = known.vocabulary.counts
    # Another letter makes another name (Hansen, Hanson), and leaves too little of a short word (gguf, gulf).
    is_exact = is_name or len(word) < LONGER
    found = []
    alike = list(_find_alike(word, known, most, is_name=is_name))
    for other, distance, _ in process.extract(word, alike, scorer=OSA.distance, score_cutoff=most, limit=None):
        # Where the first letter is the second one there, that is one of the mistakes.
        is_begun = other[0] == word[0] or OSA.distance(word[2:], other[2:]) < distance
        # Whether a letter is another one, and not just missing, doubled or in its neighbour's place.
        is_replaced = len(word) == len(other) and sorted(word) != sorted(other)
        if is_begun and not (is_exact and is_replaced):
            frequency = EVERYWHERE if other in SUBJECTLESS else counts.get(other, 0)
            # Neighbours changed places, or a letter is doubled or no longer: fingers do this, whatever they meant.
            is_slip = sorted(word) == sorted(other) or DOUBLED.sub(r"\1", word) == DOUBLED.sub(r"\1", other)
            found.append(_Other(other, (int(distance), not is_slip, -frequency)))
    return found


def _find_alike(word: str, known: KnownWords, most: int, *, is_name: bool) -> Iterator[str]:
    """Find the words of about this length with its first letter, or with its first two in each other's place."""
    begins = word[0], word[1] + word[0]
    lengths = range(max(SHORTEST, len(word) - most), len(word) + most + 1)
    words = () if is_name else (w for start in begins for w in find_prefixed(known.vocabulary.words, start))
    more = known.names if is_name else chain(known.names, SUBJECTLESS)
    return (w for w in chain(words, (w for w in more if w.startswith(begins))) if len(w) in lengths)


def find_alike(word: str, others: Iterable[str], least: float) -> list[str]:
    """Return the one of some words that a word is spelt most like, where so much of them is the same, or nothing."""
    found = process.extractOne(word, others, scorer=OSA.normalized_similarity, score_cutoff=least)
    return [found[0]] if found else []


def find_prefixed(words: Sequence[str], start: str) -> Sequence[str]:
    """Return those of words in order that begin so."""
    return words[bisect_left(words, start) : bisect_left(words, start[:-1] + chr(ord(start[-1]) + 1))]
