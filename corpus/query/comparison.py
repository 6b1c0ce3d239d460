"""The two sides of a comparison: two people, two times, or two subjects. Pure.

Two names that the corpus knows, or two months or years, are the sides wherever they stand in the question; else what
stands on either side of "versus" or in "the difference between". What both sides are asked about is the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from corpus.models.search import NO_FILTERS, Filters
from corpus.query.date_ranges import MONTH_NUMBERS, mark_periods
from corpus.query.entities import KnownNames, Named, mark_names
from corpus.query.plain_words import any_of, split_clauses, strip_chatter
from corpus.query.stop_words import SUBJECTLESS
from corpus.query.tokens import Word, split_words

LONGEST = 300  # characters of a question that says what it compares
LONGEST_SIDE = 8  # words
MONTH = f"(?:{'|'.join(MONTH_NUMBERS)})"
TIME = re.compile(rf"(?<![\w-])(?:{MONTH}(?: (?:19|20)\d\d)?|(?:19|20)\d\d)(?![\w-])", re.IGNORECASE)
SINCE = re.compile(rf"\b(?:since|after) {TIME.pattern}", re.IGNORECASE)
# Words of the comparison itself, which say nothing of what is compared.
COMPARING = re.compile(
    any_of(
        r"\b(?:compare[sd]?|comparison|versus|differences?|between|different|differ|agree|disagree|changed?)\b",
        r"\b(?:(?:his|her|their) mind|views?|opinions?|stance|takes?|positions?|same|both|each|against|essays?)\b",
        r"\b(?:posts?|pieces?|what|how|who|whether|do|does|did|is|are|has|have|where|they|them|his|her|their|or)\b",
    ),
    re.IGNORECASE,
)
ENDING = any_of(
    "what is the (?:main |real )?difference|which (?:one )?(?:is|are) better|(?:who|which) wins|what is better",
    "differences?|explained|which one|which to (?:choose|pick)|do they (?:agree|disagree|differ)",
)
# Of one against another, in court or in a match.
NO_COMPARISON = re.compile(r"\b(?:what happened|who won|ruling|verdict|court|lawsuit)\b", re.IGNORECASE)
TOPIC = "(?: (?:on|about|regarding|when it comes to|in terms of) (?P<topic>.+))?"
SUBJECTS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:.{{0,40}} )?(?:difference|differences|comparison)(?: in \S+)? between (?P<a>.+?) and (?P<b>.+?){TOPIC}",
        rf"(?:how (?:do|would) (?:you|i|we) )?compare (?P<a>.+?) (?:and|with|to|versus|against) (?P<b>.+?){TOPIC}",
        rf"how (?:do|does|did|is|are) (?P<a>.+?) (?:different|differ|compare) (?:from|to|with) (?P<b>.+?){TOPIC}",
        rf"how (?:do|does|did) (?P<a>.+?) and (?P<b>.+?) (?:differ|compare){TOPIC}",
        rf"(?P<a>.+?) (?:versus|compared (?:to|with)) (?P<b>.+?)(?: {ENDING})?{TOPIC}(?: {ENDING})?",
    )
)


class Side(NamedTuple):
    """One side of a comparison: what is searched for it, by whom and of when; `name`: what it is called.

    `piece`: the number of the entry that it is; without a topic, that as a whole.
    """

    name: str
    topic: str
    filters: Filters = NO_FILTERS
    piece: int | None = None


def find_sides(question: str, today: date, names: KnownNames) -> tuple[Side, Side] | None:
    """Return the two sides that a question compares; None where it names no two that can be told apart."""
    asked = strip_chatter(" ".join(split_clauses(question)))
    if len(asked) > LONGEST or NO_COMPARISON.search(asked):
        return None
    words, named = mark_names(asked, split_words(asked), names)
    distinct = list(dict.fromkeys(named))
    if len(distinct) == 2:  # noqa: PLR2004  two sides
        return _find_people(asked, words, distinct)
    return _find_times(asked, today, names) or _find_subjects(asked)


def _find_people(asked: str, words: Sequence[Word], distinct: Sequence[Named]) -> tuple[Side, Side] | None:
    topics = [_clean_topic(_words_beside_names(asked, words))] * 2
    places = [place for place, word in enumerate(words) if word.text.startswith("@")]
    between = [place for place, word in enumerate(words) if word.text == "versus" and places[0] < place < places[-1]]
    if between:  # Ball on licences versus Binder on ferries
        own = [_clean_topic(_words_beside_names(asked, part)) for part in (words[: between[0]], words[between[0] :])]
        topics = own if all(own) else topics
    if not all(topics):
        return None
    first, second = (Side(_name_of(one), topic, _filter_by(one)) for one, topic in zip(distinct, topics, strict=True))
    return first, second


def _find_times(asked: str, today: date, names: KnownNames) -> tuple[Side, Side] | None:
    found = list(dict.fromkeys(match[0] for match in TIME.finditer(asked)))
    since = SINCE.search(asked)
    if len(found) != (1 if since else 2):
        return None
    rest = asked.replace(since[0], " ") if since else TIME.sub(" ", asked)
    words, named = mark_names(rest, split_words(rest), names)
    distinct = list(dict.fromkeys(named))
    by = _filter_by(distinct[0]) if len(distinct) == 1 else NO_FILTERS
    topic = _clean_topic(_words_beside_names(rest, words))
    if since:  # has her view changed since May?
        first_day = mark_periods(split_words(f"in {found[0]}"), today)[1]
        if not topic or not first_day or not first_day[0].first:
            return None
        day = first_day[0].first
        before, after = replace(by, until=day - timedelta(1)), replace(by, since=day)
        return Side(f"the time before {found[0]}", topic, before), Side(f"the time since {found[0]}", topic, after)
    if not re.search(r"\d", found[0]) and (year := re.search(r" \d{4}", found[1])):  # between January and June 2025
        found[0] += year[0]
    periods = [mark_periods(split_words(f"in {time}"), today)[1] for time in found]
    if not topic or not all(periods):
        return None
    first, second = (
        Side(time, topic, replace(by, since=period[0].first, until=period[0].last))
        for time, period in zip(found, periods, strict=True)
    )
    return first, second


def _find_subjects(asked: str) -> tuple[Side, Side] | None:
    for form in SUBJECTS:
        match = form.fullmatch(asked)
        if match is None:
            continue
        first, second = (re.sub(r"^(?:the|an?) ", "", match[side], flags=re.IGNORECASE) for side in "ab")
        tail = second.split()[1:]
        if len(first.split()) == 1 and tail:  # between open and closed weights
            first = " ".join([first, *tail])
        topic = f" {match['topic']}" if match["topic"] else ""
        sides = [Side(side, f"{side}{topic}") for side in (first, second)]
        if all(_clean_topic(side.name) and len(side.name.split()) <= LONGEST_SIDE for side in sides):
            return sides[0], sides[1]
    return None


def _words_beside_names(text: str, words: Sequence[Word]) -> str:
    """Return the words of a text that are no names, as they are written."""
    return " ".join(text[word.start : word.end] for word in words if not word.text.startswith("@"))


def _clean_topic(text: str) -> str:
    """Return what is compared, without the words of the comparison; "" where nothing else is said."""
    left = " ".join(COMPARING.sub(" ", text).split())
    left = re.sub(r"^(?:(?:on|about|of|in|and|or|with|to|from|for|over|the|s)\b ?)+", "", left)
    left = re.sub(r"(?: (?:and|or|on|of|to|from|about|with|in))+$", "", left)
    return left if set(re.findall(r"\w+", left.casefold())) - SUBJECTLESS else ""


def _name_of(named: Named) -> str:
    return named.people[0] if named.people else named.source or ""


def _filter_by(named: Named) -> Filters:
    return Filters(speakers=named.people, source=named.source)
