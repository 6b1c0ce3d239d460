"""Which days an English phrase means: since April, between March and May 2026, in the last two weeks. Pure.

Of a month without a year the latest is meant that has begun. What begins after today is no time at which anything was
said: such a phrase is understood as none.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from corpus.query.tokens import Word, replace_matches, split_words

MONTHS = "january february march april may june july august september october november december".split()
SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10} | {
    "nov": 11,
    "dec": 12,
}
MONTH_NUMBERS = {name: n for n, name in enumerate(MONTHS, start=1)} | SHORT
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month it begins with
COUNTS = {name: n for n, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
COUNTS |= {"a": 1, "an": 1, "few": 3, "couple of": 2}
EARLIEST, LATEST = date.min, date.max

_MONTH = "|".join(MONTH_NUMBERS)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_SEASON = "|".join(SEASONS)
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(COUNTS)})"
_UNIT = r"(?:day|week|month|year)s?"
# The kinds of time, by the letter that a word for one has: d day, m month, y year, r counted from today.
_POINT = (
    rf"\d{{4}}-\d\d-\d\d|\d{{4}}-\d\d|(?:the )?{_DAY} (?:of )?(?:{_MONTH})(?: ,)?(?: {_YEAR})?"
    rf"|(?:{_MONTH}) (?:the )?{_DAY}(?! ?\d)(?:(?: ,)? {_YEAR})?|(?:last )?(?:{_MONTH})(?: of)?(?: ,)?(?: {_YEAR})?"
    rf"|(?:{_SEASON})(?: of)? {_YEAR}|(?:this|last) (?:{_SEASON})|(?:the )?(?:year )?{_YEAR}|yesterday|today"
    rf"|(?:this|last) (?:week|month|year)|{_COUNT} {_UNIT} ago"
)
_PART = r"(?:(?:the )?(?:beginning|start|middle|end) of |early |late )?"  # left aside: what is around it counts, too
_END = r"(?=$| [^\w@#]| (?!\d)\w| [@#])"
PHRASE = re.compile(
    rf"(?<!\S)(?:(?:between (?P<from>{_POINT}|{_DAY}) and|from (?P<from2>{_POINT}|{_DAY}) (?:to|until|till|through)) "
    rf"(?P<to>{_POINT})"
    rf"|(?P<since>since|from(?= \S+(?: \S+){{0,3}} onwards?)|ever since|as of) {_PART}(?P<a>{_POINT})(?: onwards?)?"
    rf"|(?P<after>after|later than) (?P<b>{_POINT})|(?P<before>before|prior to|earlier than) (?P<c>{_POINT})"
    rf"|(?P<until>until|till|up to|up until) {_PART}(?P<d>{_POINT})|(?P<by>by) (?P<e>{_POINT})"
    rf"|(?:(?:in|over|during|within|for|from) )?(?:the )?(?:last|past|previous) (?P<count>{_COUNT}) (?P<unit>{_UNIT})"
    rf"|(?:(?:in|over|during|within|for|from) )?the (?:last|past) (?P<one>day|week|month|year)"
    rf"|(?:in|during|throughout|on|of|from|dated) {_PART}(?P<f>{_POINT})"
    rf"|(?P<g>yesterday|today|(?:this|last) (?:week|month|year|{_SEASON}))){_END}"
)

POINT = re.compile(_POINT)
STRETCH = re.compile(rf"(?:the )?(?:last|past|previous) (?:(?P<count>{_COUNT}) )?(?P<unit>{_UNIT})")


class Period(NamedTuple):
    """The days from `first` to `last`, both among them; None: open there."""

    first: date | None
    last: date | None


def parse_period(written: str, today: date) -> Period | None:
    """Return the first and the last day of what is written, as in a question: 2026-04, april, last month, the last two
    weeks. None for what is no time.
    """
    text = " ".join(word.text for word in split_words(written))
    if POINT.fullmatch(text):
        return _parse_point(text, today)
    found = STRETCH.fullmatch(text)
    first = _go_back(found["count"] or "one", found["unit"], today) if found else None
    return Period(first, today) if first else None


def mark_periods(words: Sequence[Word], today: date) -> tuple[list[Word], list[Period]]:
    """Return the words with each phrase of time as one word, and the times.

    Such a word is #, a letter for how it stands (s since, u until, b by, r between, i in), one for its kind (d m y r),
    and its number.
    """
    periods: list[Period] = []

    def name_period(match: re.Match[str]) -> str | None:
        parsed = _parse_phrase(match, today)
        if parsed is None:
            return None
        how, kind, period = parsed
        periods.append(period)
        return f"#{how}{kind}{len(periods) - 1}"

    return replace_matches(words, PHRASE, name_period), periods


def _parse_phrase(match: re.Match[str], today: date) -> tuple[str, str, Period] | None:
    """Return how a phrase of time stands, of which kind it is, and its days; None where there are no such days."""
    if match["to"]:
        return _parse_between(match["from"] or match["from2"], match["to"], today)
    if unit := match["unit"] or match["one"]:
        first = _go_back(match["count"] or "one", unit, today)
        return ("s", "r", Period(first, None)) if first else None
    for group, how in (("a", "s"), ("b", "after"), ("c", "before"), ("d", "u"), ("e", "b"), ("f", "i"), ("g", "i")):
        if match[group]:
            return _parse_bound(how, match[group], today)
    return None


def _parse_bound(how: str, written: str, today: date) -> tuple[str, str, Period] | None:
    point = _parse_point(written, today)
    if point is None or point.first is None or point.last is None or point.first > today:
        return None
    kind = _kind_of(written)
    match how:
        case "s":
            return "s", kind, Period(point.first, None)
        case "after":
            later = point.last + timedelta(1) if point.last < LATEST else LATEST
            return ("s", kind, Period(later, None)) if later <= today else None
        case "before":
            return ("u", kind, Period(None, point.first - timedelta(1))) if point.first > EARLIEST else None
        case "u" | "b":
            return how, kind, Period(None, point.last)
        case _:
            return "i", kind, point


def _parse_between(first: str, last: str, today: date) -> tuple[str, str, Period] | None:
    """Return the time from one to the other; of a month without a year that of the other's year, or the latest one."""
    end = _parse_point(last, today)
    if end is None or end.first is None:
        return None
    if re.fullmatch(_DAY, first):  # between 1 and 15 April
        first = f"{first} {MONTHS[end.first.month - 1]} {end.first.year}" if _kind_of(last) == "d" else ""
    beginning = _parse_point(first, today if re.search(r"\d{4}", first) else end_of_month(end.first))
    if beginning is None or beginning.first is None or end.last is None or beginning.first > min(end.last, today):
        return None
    return "r", _kind_of(last), Period(beginning.first, end.last)


def _parse_point(written: str, today: date) -> Period | None:
    """Return the first and the last day of what is written; None where there is no such day."""
    text = " ".join(written.replace(",", " ").split()).removeprefix("the ").removeprefix("year ")
    found = re.search(r"(?<!\d)\d{4}", text)
    year = int(found[0]) if found else None
    month = next((MONTH_NUMBERS[word] for word in text.split() if word in MONTH_NUMBERS), None)
    day = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)", text.replace(found[0], "") if found else text)
    season = next((SEASONS[word] for word in text.split() if word in SEASONS), None)
    try:
        if relative := _parse_relative(text, today):
            return relative
        if "-" in text:
            numbers = [int(part) for part in text.split("-")]
            return whole_months(*numbers) if len(numbers) == 2 else Period(date(*numbers), date(*numbers))  # noqa: PLR2004
        if month:
            number = int(day[1]) if day else 0
            year = year or today.year - ((month, number) > (today.month, today.day))
            return Period(date(year, month, number), date(year, month, number)) if day else whole_months(year, month)
        if season:
            return whole_months(year or today.year, season, 3)
        return whole_months(year, 1, 12) if year else None
    except (ValueError, OverflowError):
        return None


def _parse_relative(text: str, today: date) -> Period | None:
    """Return the days that are counted from today: yesterday, two weeks ago, last month. None for all else."""
    match {"today": "0 days ago", "yesterday": "1 day ago"}.get(text, text).split():
        case [*count, unit, "ago"]:
            day = _go_back(" ".join(count), unit, today)
            return Period(day, day) if day else None
        case [("this" | "last") as which, "week"]:
            monday = today - timedelta(today.weekday() + (7 if which == "last" else 0))
            return Period(monday, monday + timedelta(6))
        case [("this" | "last") as which, "month"]:
            year, month = divmod(today.year * 12 + today.month - 1 - (which == "last"), 12)
            return whole_months(year, month + 1)
        case [("this" | "last") as which, "year"]:
            return whole_months(today.year - (which == "last"), 1, 12)
        case [("this" | "last") as which, season] if season in SEASONS:
            # Of a winter that began last year, too. The last one is the latest that is over.
            year = today.year - (season == "winter" and today.month <= 2)  # noqa: PLR2004
            period = whole_months(year, SEASONS[season], 3)
            is_over = period.last is None or period.last < today
            return period if which == "this" or is_over else whole_months(year - 1, SEASONS[season], 3)
    return None


def whole_months(year: int, month: int, count: int = 1) -> Period:
    """Return the days of so many months, the first of which is given. Raises ValueError beyond the calendar."""
    last_year, last_month = divmod(year * 12 + month - 1 + count - 1, 12)
    return Period(date(year, month, 1), end_of_month(date(last_year, last_month + 1, 1)))


def end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_before(day: date, months: int) -> date:
    """Return the same day so many months before, or the last of its month."""
    before = day.year * 12 + day.month - 1 - months
    year, month = before // 12, before % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1])) if year > 0 else EARLIEST


def _go_back(count: str, unit: str, today: date) -> date | None:
    """Return the day so many days, weeks, months or years before today, as they are written; None before all days."""
    number = COUNTS.get(count) or int(count)
    match unit.removesuffix("s"):
        case "day" | "week" as days:
            back = timedelta(number * (7 if days == "week" else 1))
            return today - back if today - EARLIEST > back else None
        case months:
            return months_before(today, number * (12 if months == "year" else 1))


def _kind_of(written: str) -> str:
    """Return the kind of a time, by its letter: d day, m month, y year, r counted from today."""
    if re.search(r"today|yesterday|ago|this|last", written):
        return "r"
    if re.search(r"\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d|-)", written):
        return "d"
    return "y" if re.fullmatch(rf"(?:the )?(?:year )?{_YEAR}", written) else "m"
