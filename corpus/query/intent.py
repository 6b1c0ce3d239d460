"""What a question says of who and when, understood without a model: whose words it asks for, and of which time. Pure.

A name counts only where the question makes it the one who speaks ("what did Lambert say", "according to", "Ball's
essay"), and a time only where it is the time of the saying, not of the matter ("essays since April", and not "revenue
in 2019"). What is in doubt is left a part of the question: a filter that nobody wished hides what answers, a missed one
hides nothing. A sentence that follows another takes over what was understood of that, unless it says otherwise.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from corpus.models.search import NO_FILTERS, Filters
from corpus.query import patterns
from corpus.query.date_ranges import Period, mark_periods
from corpus.query.entities import KnownNames, Named, mark_names
from corpus.query.plain_words import strip_noise
from corpus.query.stop_words import SUBJECTLESS
from corpus.query.tokens import QUOTED, Row, join_words, split_words

MOST_TIMES = 4  # of one sentence are looked at
SPEAKING = (
    *(patterns.SPEAKS, patterns.MAKES_OF, patterns.ACCORDING, patterns.HOLDS, patterns.HELD_BY, patterns.FOR),
    *(patterns.APPEARED_IN, patterns.HEADING),
)


@dataclass(frozen=True, slots=True)
class QueryIntent:
    """Who, when and which order a question asks for, and what it is about; false where it asks for none of the first.

    `topic`: the question without what was understood and without noise around it; never empty where the question has
    words. `newest`: the newest is asked for. `is_bare`: it names no subject, only who or when, and the topic is the
    question. `last_topic`: that of the last sentence alone, or "".
    """

    filters: Filters = NO_FILTERS
    newest: bool = False
    topic: str = ""
    is_bare: bool = False
    last_topic: str = ""

    @property
    def names_speaker(self) -> bool:
        return bool(self.filters.speakers or self.filters.others_than or self.filters.source)

    def __bool__(self) -> bool:
        return self.newest or self.filters != NO_FILTERS


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with its names and times each as one word, and what was understood of it so far.

    `is_asking`: it asks what was said, by somebody or by anybody. `used`: the words that were understood.
    """

    text: str
    row: Row
    named: Sequence[Named]
    periods: Sequence[Period]
    speakers: tuple[Named, ...] = ()
    others: tuple[Named, ...] = ()
    newest: bool = False
    is_asking: bool = False
    period: Period | None = None
    used: frozenset[int] = frozenset()

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(self.row.text)

    def names_in(self, match: re.Match[str]) -> tuple[Named, ...]:
        return tuple(self.named[int(n)] for n in re.findall(r"@(\d+)", match["who"]))

    def times(self) -> Iterator[re.Match[str]]:
        return islice(patterns.TIME.finditer(self.row.text), MOST_TIMES)

    def using(self, *places: Iterable[int]) -> frozenset[int]:
        return self.used.union(*places)


def extract_intent(question: str, today: date, names: KnownNames) -> QueryIntent:
    """Return what a cleaned question says of who and when. `names`: those of the corpus, made by `index_names`."""
    intent, asks, last = QueryIntent(), False, ""
    topics: list[str] = []
    for place, text in enumerate(split_questions(question)):
        parsed = _parse_sentence(text, today, names, intent if place else None, asks=asks)
        intent, asks = _merge(intent, parsed), asks or parsed.is_asking
        last = "" if place and parsed.search(patterns.ATTRIBUTION) else _remaining_text(parsed)
        topics += [last] if last else []
    topic = " ".join(topics)
    topic, bare = strip_noise(topic or question), bool(intent) and not topic
    return replace(intent, topic=topic, is_bare=bare, last_topic=strip_noise(last))


def split_questions(text: str) -> list[str]:
    """Return the questions that stand one behind the other."""
    return [part for part in re.split(r"(?<=[?!…]) +|(?<=\.) +(?=(?:and|but|so|or|what|who|since)\b)", text) if part]


def _parse_sentence(text: str, today: date, names: KnownNames, before: QueryIntent | None, *, asks: bool) -> _Sentence:
    """Understand one sentence; `before`: what those before it said; `asks`: whether one of them asks what was said."""
    words, named = mark_names(text, split_words(text), names)
    words, periods = mark_periods(words, today)
    sentence = _find_excluded(_Sentence(text, join_words(words), named, periods), before)
    sentence = sentence if sentence.others else _find_speakers(sentence, before)
    sentence = _find_newest(sentence)
    is_asking = sentence.speakers or sentence.others or sentence.newest or sentence.search(patterns.ANYBODY)
    return _find_period(replace(sentence, is_asking=bool(is_asking)), is_first=before is None, asks=asks)


def _merge(before: QueryIntent, sentence: _Sentence) -> QueryIntent:
    """Return what was understood before, with what the next sentence says in its place."""
    filters = before.filters
    if sentence.period:
        filters = replace(filters, since=sentence.period.first, until=sentence.period.last)
    if sentence.speakers or sentence.others:
        people = tuple(dict.fromkeys(name for one in sentence.speakers for name in one.people))
        others = tuple(dict.fromkeys(name for one in sentence.others for name in one.people))
        source = next((one.source for one in sentence.speakers if one.source), None)
        filters = replace(filters, speakers=people, others_than=others, source=source)
    return QueryIntent(filters, before.newest or sentence.newest)


# Who


def _find_speakers(sentence: _Sentence, before: QueryIntent | None) -> _Sentence:
    """Return the sentence with those whose words are asked for."""
    for pattern in SPEAKING:
        match = sentence.search(pattern)
        if match is None or not _is_speaking(sentence, pattern, match):
            continue
        places = sentence.row.places(match)
        if pattern is patterns.SPEAKS and match["verb"] not in patterns.PLAIN:
            places = range(places.start, sentence.row.places(match, "verb").start)
        elif pattern in {patterns.HELD_BY, patterns.APPEARED_IN}:
            places = range(sentence.row.places(match, "who").start - 1, places.stop)
        return replace(sentence, speakers=sentence.names_in(match), used=sentence.using(places))
    match = sentence.search(patterns.NAME_ALONE)
    if match and before and (before.filters.speakers or before.filters.others_than or before.filters.source):
        return replace(sentence, speakers=sentence.names_in(match), used=sentence.using(range(len(sentence.row.words))))
    return sentence


def _is_speaking(sentence: _Sentence, pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Whether who is named where a phrase was found speaks there, and is not spoken of."""
    before = sentence.row.text[: match.start()]
    last = (before.split() or [""])[-1]
    if pattern in {patterns.SPEAKS, patterns.MAKES_OF, patterns.HOLDS} and sentence.search(patterns.ASKS_WHO):
        return False
    if pattern is patterns.SPEAKS:
        if match["verb"] in patterns.PUBLISHING and match["aux"] and not patterns.ASKS_WHAT.search(before):
            return False  # "Does Anthropic publish its weights?"
        return match["aux"] is not None or last not in patterns.NOT_SPEAKING
    if pattern is patterns.HOLDS:
        return last not in patterns.NOT_HOLDING and not patterns.RESPONDING.search(before)
    if pattern is patterns.HELD_BY:
        act = (match["topic"].split() or [""])[-1]  # "the essay reviewed by": what stands before is no writing
        return not act.endswith(("ed", "en")) or act in patterns.PAST
    only = {patterns.APPEARED_IN: "source", patterns.HEADING: "people"}.get(pattern)
    return only is None or all(getattr(one, only) for one in sentence.names_in(match))


def _find_excluded(sentence: _Sentence, before: QueryIntent | None) -> _Sentence:
    """Return the sentence with those whose words are not asked for: who disagrees with …, what others than … say."""
    for pattern in (patterns.WITHOUT, patterns.AGAINST):
        match = sentence.search(pattern)
        if match and sentence.search(patterns.SAYS_OR_HOLDS) and all(one.people for one in sentence.names_in(match)):
            return replace(sentence, others=sentence.names_in(match), used=sentence.using(sentence.row.places(match)))
    match = sentence.search(patterns.THE_OTHERS)
    if match and before and before.filters.speakers:
        others = (Named(before.filters.speakers),)
        return replace(sentence, others=others, used=sentence.using(sentence.row.places(match)))
    return sentence


# When


def _find_newest(sentence: _Sentence) -> _Sentence:
    """Return the sentence with whether the newest is asked for."""
    if match := sentence.search(patterns.NEWS):
        return replace(sentence, newest=True, used=sentence.using(sentence.row.places(match)))
    match = sentence.search(patterns.LATELY)
    if match and (sentence.speakers or sentence.search(patterns.ANYBODY)):
        group = next(name for name in "abcd" if match[name])
        return replace(sentence, newest=True, used=sentence.using(sentence.row.places(match, group)))
    return sentence


def _find_period(sentence: _Sentence, *, is_first: bool, asks: bool) -> _Sentence:
    """Return the sentence with the time at which it was said. `asks`: one before it asks what was said."""
    for match in sentence.times():
        follows = not is_first and _is_of_previous_question(sentence, match, asks=asks)
        if not follows and not (sentence.is_asking and _is_of_saying(sentence, match)):
            continue
        period = sentence.periods[int(match["number"])]
        if sentence.period:  # since April until June
            period = Period(sentence.period.first, period.last)
            if sentence.period.last or not period.first or not period.last or period.first > period.last:
                continue
        sentence = replace(sentence, period=period, used=sentence.using(sentence.row.places(match)))
    return sentence


def _is_of_previous_question(sentence: _Sentence, match: re.Match[str], *, asks: bool) -> bool:
    """Whether a time says when that was said which the question before asks for."""
    before, after = sentence.row.text[: match.start()], sentence.row.text[match.end() :]
    if not patterns.END.match(after):
        return False
    # What a follow-up was completed by: since 1 June 2026.
    is_completed = match["how"] == "s" and match["kind"] == "d"
    # "And in March?" is when it was said, "and in 2020?" may be when it was, unless it is asked what was said.
    return is_completed or ((asks or match["kind"] != "y") and patterns.ONLY_PART.match(before) is not None)


def _is_of_saying(sentence: _Sentence, match: re.Match[str]) -> bool:
    """Whether a time, in a question for what was said, is when it was said, and not when the matter was."""
    before, after = sentence.row.text[: match.start()], sentence.row.text[match.end() :]
    if match["how"] == "b" and not sentence.search(patterns.HAD_BEEN_SAID):
        return False
    if patterns.LEADING.match(before):
        return True
    is_open = match["how"] in "su" or (match["how"] == "r" and match["kind"] != "y")
    was_said = patterns.WAS_SAID.search(before) is not None and not sentence.search(patterns.LOOKING_AHEAD)
    if patterns.NEXT_TO.search(before) or (sentence.period and patterns.TIME.search(before.split()[-1])):
        return is_open or was_said
    if not patterns.END.match(after) or not patterns.AFTER_TOPIC.search(before):
        return False
    # "What did people say about inflation in May?" may mean the inflation's May; with a name it is the saying's.
    is_clear = sentence.search(patterns.WHAT_WAS_SAID) is not None or not sentence.search(patterns.ANYBODY)
    return is_open or (was_said and match["kind"] != "y" and is_clear)


# Beside the filters that were given


def without_given(given: Filters, understood: Filters) -> Filters:
    """Return what was understood without what is given otherwise: that counts for more."""
    since = understood.since if given.since is None else None
    until = understood.until if given.until is None else None
    first, last = given.since or since, given.until or until
    if first and last and first > last:
        since = until = None
    is_free = given.person is None
    return Filters(
        since=since,
        until=until,
        source=understood.source if given.source is None else None,
        speakers=understood.speakers if is_free else (),
        others_than=understood.others_than if is_free else (),
    )


def add_filters(given: Filters, understood: Filters) -> Filters:
    """Return the given filters with those understood that do not contradict them."""
    added = without_given(given, understood)
    return replace(
        given,
        since=given.since or added.since,
        until=given.until or added.until,
        source=given.source or added.source,
        speakers=given.speakers or added.speakers,
        others_than=given.others_than or added.others_than,
    )


# What is left


def _remaining_text(sentence: _Sentence) -> str:
    """Return a sentence without what was understood of it; "" where only that was in it."""
    if not sentence.used:
        return sentence.text
    kept, at = [], 0
    for place in sorted(sentence.used):
        word = sentence.row.words[place]
        kept.append(sentence.text[at : word.start])
        at = word.end
    left = " ".join(" ".join([*kept, sentence.text[at:]]).split())
    left = re.sub(r"[ ,;:]+(?=[?!])| (?=[,;:])", "", left)
    framed = patterns.FRAME.sub("", left, count=1)
    return next((text.strip(" ,;:–—-") for text in (framed, left) if _names_subject(text)), "")


def _names_subject(text: str) -> bool:
    """Whether a text has a word, or something quoted, that says what it is about."""
    words = (word.text.partition("'")[0] for word in split_words(text))
    return any(w == QUOTED or (w[:1].isalnum() and w not in SUBJECTLESS and w not in patterns.PLAIN) for w in words)
