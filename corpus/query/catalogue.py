"""Which entries a request for the catalogue names: by whom, from which source, of when, about what. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from corpus.models.search import NO_FILTERS, Filters
from corpus.query.date_ranges import Period, mark_periods
from corpus.query.entities import KnownNames, Named, mark_names
from corpus.query.request_forms import Request
from corpus.query.stop_words import SUBJECTLESS
from corpus.query.tokens import Row, join_words, split_words

GUIDES = frozenset({"guide", "guides", "explainer", "explainers"})
# What says whose an entry is, or of when; and what says what it is about.
IS_PUBLISHED = "(?:(?:published|written|posted|that|which|were|was|are|is) )*"
WHOSE = re.compile(
    rf"{IS_PUBLISHED}(?:(?P<how>by|from|of|in|on|at|with|did|has|have|does) )?(?:the )?(?P<who>@\d+)(?:'s)?"
    r"(?: (?:wrote|write|written|published?|post(?:ed)?|have|has|had))*(?= |$)"
)
WHEN = re.compile(rf"{IS_PUBLISHED}(?:(?:from|in|of) )?(?P<when>#\S+)(?= |$)")
NOTHING = re.compile(r"(?:so far|lately|recently|in total|in all|of all|here|ever)(?= |$)")
ABOUT = re.compile(
    r"(?:(?:that|which|are|is|talk|talking|speak|deal|written) )*(?:about|on|of|regarding|concerning|mentioning|mention"
    r"|discussing|discuss|covering|cover|with|in) (?P<subject>.+)"
)


class Scope(NamedTuple):
    """The entries that pass the filters, and speak of the subject; "" for whatever they speak of."""

    filters: Filters = NO_FILTERS
    subject: str = ""


def read_scope(request: Request, today: date, names: KnownNames) -> Scope | None:
    """Return which entries a request names; None where not all of what it says of them is understood."""
    is_event = request.noun == "events"
    scope: Scope | None = Scope(Filters(kind="guide" if request.noun in GUIDES else "event" if is_event else None))
    for text, parse in ((request.before, _read_before), (request.after, _read_after)):
        scope = parse(scope, text, today, names) if scope and text else scope
    # "What's new in distillation" asks what is said of it, "the newest essays on distillation" for a list.
    is_list = bool(request.noun) or request.is_one
    return scope if scope is None or is_list or not scope.subject else None


def _read_before(scope: Scope, text: str, today: date, names: KnownNames) -> Scope | None:
    """Return the scope with what stands before the noun: "Ball's", "April", "Interconnects", "distillation"."""
    row, named, _ = _mark(text, today, names)
    if match := WHOSE.fullmatch(row.text):
        return _add_name(scope, named[int(match["who"][1:])])
    dated, _, periods = _mark(f"in {text}", today, {})
    if WHEN.fullmatch(dated.text):
        return _add_period(scope, periods[0])
    if text.endswith(("'s", "s'")):  # somebody's who is not known
        return None
    return _add_subject(scope, text)


def _read_after(scope: Scope, text: str, today: date, names: KnownNames) -> Scope | None:
    """Return the scope with what stands behind the noun: "by Ball since April", "about licences from the Herald"."""
    row, named, periods = _mark(text, today, names)
    at = 0
    while at < len(row.text):
        found = _read_phrase(scope, row.text, at, named, periods)
        if found is None:
            break
        scope, at = found
    if at >= len(row.text):
        return scope
    about = ABOUT.fullmatch(row.text, at)
    if about is None or scope.subject:
        return None
    # What the entries are about may be followed by whose they are: by Ball, since April.
    start = about.start("subject")
    for blank in [*(m.start() for m in re.finditer(" ", row.text[start:])), len(row.text) - start]:
        behind = row.text[start + blank + 1 :]
        if not behind or behind.startswith(("by @", "from @", "#", "published ", "written ")):
            rest = _read_rest(scope, behind, named, periods)
            if rest is not None:
                places = row.places(about, "subject")
                last = row.places(about, "subject").start + row.text[start : start + blank].count(" ")
                words = text[row.words[places.start].start : row.words[last].end]
                return _add_subject(rest, words)
    return None


def _read_rest(scope: Scope, text: str, named: Sequence[Named], periods: Sequence[Period]) -> Scope | None:
    at = 0
    while at < len(text):
        found = _read_phrase(scope, text, at, named, periods)
        if found is None:
            return None
        scope, at = found
    return scope


def _read_phrase(
    scope: Scope, text: str, at: int, named: Sequence[Named], periods: Sequence[Period]
) -> tuple[Scope, int] | None:
    """Return the scope with the phrase that stands here, and where the next one begins."""
    if match := WHEN.match(text, at):
        return _add_period(scope, periods[int(re.sub(r"\D", "", match["when"]))]), match.end() + 1
    if match := WHOSE.match(text, at):
        name = named[int(match["who"][1:])]
        if match["how"] == "on" and name.source is None:  # essays on Ball
            return None
        return _add_name(scope, name), match.end() + 1
    if match := NOTHING.match(text, at):
        return scope, match.end() + 1
    return None


def _mark(text: str, today: date, names: KnownNames) -> tuple[Row, list[Named], list[Period]]:
    words, named = mark_names(text, split_words(text), names)
    words, periods = mark_periods(words, today)
    return join_words(words), named, periods


def _add_name(scope: Scope, name: Named) -> Scope:
    if name.source:
        return scope._replace(filters=replace(scope.filters, source=name.source))
    return scope._replace(filters=replace(scope.filters, person=name.people[0]))


def _add_period(scope: Scope, period: Period) -> Scope:
    since, until = period.first or scope.filters.since, period.last or scope.filters.until
    return scope._replace(filters=replace(scope.filters, since=since, until=until))


def _add_subject(scope: Scope, text: str) -> Scope | None:
    words = [word.text for word in split_words(text) if word.text[:1].isalnum()]
    return scope._replace(subject=text) if set(words) - SUBJECTLESS else None
