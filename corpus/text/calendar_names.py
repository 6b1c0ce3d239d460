"""Months and weekdays by the names that languages give them, from the Unicode CLDR (by way of Babel)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

# All of them together, so that a name which two languages give to different months is known as such.
LANGUAGES = (
    "en af ar be bg bn ca cs cy da de el es et eu fa fi fr ga gl he hi hr hu id is it ja ka ko lt lv mk ms nb nl pl pt "
    "ro ru sk sl sq sr sv ta th tr uk vi zh"
).split()
SHORTEST_PREFIX = 3  # characters: "фев" and "Sept" are written, though CLDR has "февр." and "Sep"
TAGS = 200  # languages whose names are kept in memory; a tag comes from outside
ALSO_WRITTEN = {"de": {"Mrz": 3, "Jänner": 1, "Feber": 2}, "es": {"setiembre": 9}, "it": {"genn": 1}}  # CLDR lacks them
Names = Mapping[str, frozenset[int]]


def fold_name(word: str) -> str:
    """Return a word as names are compared: without case, dots, accents, and the "in" of Hebrew before a month."""
    apart = unicodedata.normalize("NFKD", word.casefold()).replace("ı", "i")
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f.]|^ב(?=[א-ת]{3})", "", apart))


def months_named(word: str, language: str | None = None) -> frozenset[int]:
    """Return the months (1 to 12) that a word may name; several where languages differ and `language` does not tell.

    English first: it is what most feeds write, whatever their language.
    """
    return _named(word, language, 0)


def weekdays_named(word: str, language: str | None = None) -> frozenset[int]:
    """Return the weekdays (0 is Monday) that a word may name, in the same way."""
    return _named(word, language, 1)


@lru_cache(maxsize=TAGS)
def day_stands_first(language: str, separator: str) -> bool | None:
    """Return whether a language writes 5 March as 5/3 (True) or 3/5 (False) with this separator; None if unknown.

    English is written both ways, and pages claim en-US wherever they are from.
    """
    locale = _locale(language)
    if locale is None or locale.language == "en":
        return None
    shown = format_date(date(2025, 12, 31), "short", locale=locale)
    order = re.search(r"(12|31)\s?([./-])\s?(12|31)", shown)
    return order[1] == "31" if order and order[2] == separator and not re.match(r"\d*25", shown) else None


def _named(word: str, language: str | None, which: int) -> frozenset[int]:
    name = fold_name(word)
    if not name or name.isdigit():
        return frozenset()
    for own in filter(None, ("en", language)):
        found = _names_of(own)[which].get(name)
        if found:
            return found
    return _names_of_all()[which].get(name, frozenset())


@cache
def _names_of_all() -> tuple[Names, Names]:
    """The names of all languages; loading them takes 0.4 s, once, when a word is no English one."""
    merged: tuple[dict[str, frozenset[int]], ...] = ({}, {})
    for whole in (False, True):  # a name in full counts for more than what begins another
        for which, names in enumerate(merged):
            found = defaultdict[str, set[int]](set)
            for language in LANGUAGES:
                for name, numbers in _names_of(language)[which].items():
                    if (name in _whole_names(language)[which]) == whole:
                        found[name] |= numbers
            names.update((name, frozenset(numbers)) for name, numbers in found.items())
    return merged[0], merged[1]


@lru_cache(maxsize=TAGS)
def _names_of(language: str) -> tuple[Names, Names]:
    """The names of one language, with what can only be the beginning of one; empty for an unknown language."""
    both: list[dict[str, frozenset[int]]] = []
    for whole in _whole_names(language):
        names = dict(whole)
        beginnings = defaultdict[str, set[int]](set)
        for name, numbers in whole.items():
            for length in range(SHORTEST_PREFIX, len(name)):
                beginnings[name[:length]] |= numbers
        names |= {
            name: frozenset(numbers)
            for name, numbers in beginnings.items()
            if len(numbers) == 1 and name not in whole and name.isalpha()
        }
        both.append(names)
    return both[0], both[1]


@lru_cache(maxsize=TAGS)
def _whole_names(language: str) -> tuple[Names, Names]:
    """The names of one language as CLDR has them, wide and abbreviated, alone and in a date."""
    locale = _locale(language)
    if locale is None:
        return {}, {}
    months, days = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for names, stated in ((months, locale.months[form][width]), (days, locale.days[form][width])):
                for number, name in stated.items():
                    if not re.search(r"\d", name):  # 3月, tháng 3: these are read as numbers
                        names[fold_name(name)].add(number)
    for name, number in ALSO_WRITTEN.get(locale.language, {}).items():
        months[fold_name(name)].add(number)
    return tuple({name: frozenset(numbers) for name, numbers in found.items()} for found in (months, days))  # type: ignore[return-value]


def _locale(language: str) -> Locale | None:
    """The locale of a language tag, or of its language alone; None where there is none."""
    parts = re.fullmatch(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8}){0,4}", language, re.IGNORECASE)
    for tag in (language.replace("_", "-"), parts[1].lower()) if parts else ():
        with suppress(ValueError, UnknownLocaleError):
            return Locale.parse(tag, sep="-")
    return None
