"""Whom and which publication a question names, among those of the corpus. Pure.

A person is known by the whole name, by its first and last part, and by the last alone where nobody else has it; a
source by its name, its slug, and its name without what many have (Blog, Newsletter …). Two names with the same first
and last part are one person's, unless what stands between them differs.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.query.date_ranges import MONTHS
from corpus.query.tokens import QUOTED, Word, split_words

LONGEST_NAME = 7  # words
HONORIFICS = frozenset("mr mrs ms dr prof professor president senator sir dame".split())
SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
# Last parts of names that are none of a person: of groups, and of what calls itself by a word of the language.
NO_SURNAMES = frozenset(MONTHS) | frozenset(
    """admin authors board collective contributors council desk editor editors foundation group guest host institute
    lab labs ltd inc llc corp company media members network news office others people press research reporter reporters
    society staff team university users who what everyone anyone nobody author correspondent contributor editorial
    """.split()
)
# Surnames that are words as well: a person is meant where the question writes one with a capital.
ALSO_WORDS = frozenset(
    """baker banks bell best bird bishop black bond book brown bush case cash chance church clay cook cross day data
    early field fields fisher ford fox french german gold good grant gray green grey hall hill holiday house hunter
    judge king knight lamb law little long love major mark marks mason moon noble page park parks pope poor power powers
    price rice rich rose sage sharp short silver small snow south north east west spring stone street strong summers
    swift trust walker waters weeks white will wills winter winters wise wolf wood woods young""".split()
)
MANY_HAVE = frozenset("blog newsletter podcast magazine journal guides essays".split())


class Named(NamedTuple):
    """Who or what a name stands for. `people`: the names of one person, the most used first; or `source`, a slug."""

    people: tuple[str, ...] = ()
    source: str | None = None


KnownNames = Mapping[tuple[str, ...], Named]


@lru_cache(maxsize=4)  # of as many generations: 10,000 people take 0.2 s
def index_names(people: tuple[str, ...], sources: tuple[tuple[str, str], ...]) -> KnownNames:
    """Return the words of each name → what it stands for.

    `people`: names, the most used first; `sources`: slug and name.
    """
    known = _index_people(people)
    known.update(_index_sources(sources))  # an organisation may be named as the author of what it publishes
    return {words: named for words, named in known.items() if len(words) <= LONGEST_NAME}


def one_word_names(known: KnownNames) -> frozenset[str]:
    """Return the names of one word, folded, that are no words of the language as well."""
    return frozenset(words[0] for words in known if len(words) == 1) - ALSO_WORDS


def mark_names(sentence: str, words: Sequence[Word], known: KnownNames) -> tuple[list[Word], list[Named]]:
    """Return the words with each name as one word (@, its number, 's where it has that), and what these stand for."""
    made: list[Word] = []
    named: list[Named] = []
    at = 0
    while at < len(words):
        length, found, ending = _find_name(sentence, words, at, known)
        if found is None:
            made.append(words[at])
            at += 1
            continue
        is_titled = bool(made) and made[-1].text in HONORIFICS and bool(found.people)
        start = made.pop().start if is_titled else words[at].start
        made.append(Word(f"@{len(named)}{ending}", start, words[at + length - 1].end))
        named.append(found)
        at += length
    return made, named


def _find_name(sentence: str, words: Sequence[Word], at: int, known: KnownNames) -> tuple[int, Named | None, str]:
    """Return how many words from here are a name, the longest there is, and what it ends with."""
    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        part = words[at : at + length]
        last, ending = split_genitive(part[-1].text)
        key = (*(word.text for word in part[:-1]), last)
        found = known.get(key)
        if found and _is_meant(sentence, words[at - 1].text if at else "", part, found):
            return length, found, ending
    return 0, None, ""


def _is_meant(sentence: str, before: str, part: Sequence[Word], found: Named) -> bool:
    """Whether the words are a name here: where they are words of the language, too, the capital decides."""
    if len(part) > 1:
        return True
    capital = sentence[part[0].start].isupper()
    if before in {"the", "a", "an", "this", "that", "my", "our", "your"}:
        return capital and found.source is not None
    return capital or split_genitive(part[0].text)[0] not in ALSO_WORDS


def split_genitive(word: str) -> tuple[str, str]:
    """Return a word without the mark of the genitive, and that mark: 's or ""."""
    if word.endswith("'s"):
        return word[:-2], "'s"
    return (word[:-1], "'s") if word.endswith("'") else (word, "")


def _index_people(people: Iterable[str]) -> dict[tuple[str, ...], Named]:
    persons: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}
    surnames: dict[str, set[tuple[str, str]]] = {}
    for name in people:
        parts = split_name(name)
        if parts and any(any(c.isalpha() for c in part) for part in parts):
            ends = parts[0], parts[-1]
            persons.setdefault(ends, []).append((parts, name))
            surnames.setdefault(parts[-1], set()).add(ends)
    found: dict[tuple[str, ...], Named] = {}
    for ends, names in persons.items():
        first, last = ends
        for parts in {parts for parts, _ in names} - {(name,) for name in NO_SURNAMES}:
            found[parts] = Named(tuple(name for other, name in names if other == parts or len(other) == 2))  # noqa: PLR2004
        if len(names[0][0]) > 1:
            found[ends] = Named(tuple(name for _, name in names))
        if surnames[last] == {ends} and len(last) > 1 and last not in NO_SURNAMES and last.isalpha() and first != last:
            found.setdefault((last,), Named(tuple(name for _, name in names)))
    return found


def split_name(name: str) -> tuple[str, ...]:
    """Return the parts of a person's name, folded, without honorifics and suffixes."""
    parts = [word.text for word in split_words(name) if word.text[:1].isalnum() and word.text != QUOTED]
    while len(parts) > 2 and parts[-1] in SUFFIXES:  # noqa: PLR2004
        parts.pop()
    while len(parts) > 2 and parts[0] in HONORIFICS:  # noqa: PLR2004
        parts.pop(0)
    return tuple(parts)


def _index_sources(sources: Iterable[tuple[str, str]]) -> dict[tuple[str, ...], Named]:
    meant: dict[tuple[str, ...], set[str]] = {}
    for slug, name in sources:
        parts = tuple(word.text for word in split_words(name) if word.text[:1].isalnum())
        names = {parts, (slug.casefold(),), tuple(part for part in slug.casefold().split("-") if part)}
        names |= {parts[1:]} if parts[:1] == ("the",) else set()
        names |= {parts[:-1]} if parts[-1:] and parts[-1] in MANY_HAVE else set()
        for words in names:
            if any(len(part) > 1 for part in words):
                meant.setdefault(words, set()).add(slug)
    return {words: Named(source=slugs.pop()) for words, slugs in meant.items() if len(slugs) == 1}


def unique_people(names: Iterable[str]) -> list[str]:
    """Return the names of people, each person under the first of the names that it has."""
    persons: dict[tuple[str, ...], str] = {}
    for name in names:
        parts = split_name(name)
        persons.setdefault((parts[0], parts[-1]) if parts else (name,), name)
    return list(persons.values())
