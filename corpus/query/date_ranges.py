"""Which days an English phrase means: since April, between March and May 2026, in the last two weeks. Pure.

Of a month without a year the latest is meant that has begun. What begins after today is no time at which anything was
said: such a phrase is understood as none.
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from corpus.query.tokens import Word, put

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
# The kinds of time, by the letter that a word for one has: d day, m month, y year, r told from today.
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


class Period(NamedTuple):
    """The days from `first` to `last`, both among them; None: open there."""

    first: date | None
    last: date | None


def mark_periods(words: Sequence[Word], today: date) -> tuple[list[Word], list[Period]]:
    """The words with each phrase of time as one word, and the times.

    Such a word is #, a letter for how it stands (s since, u until, b by, r between, i in), one for its kind (d m y r),
    and its number.
    """
    periods: list[Period] = []

    def named(found: re.Match[str]) -> str | None:
        read = _read(found, today)
        if read is None:
            return None
        how, kind, period = read
        periods.append(period)
        return f"#{how}{kind}{len(periods) - 1}"

    return put(words, PHRASE, named), periods


def _read(found: re.Match[str], today: date) -> tuple[str, str, Period] | None:
    if found["to"]:
        return _between(found["from"] or found["from2"], found["to"], today)
    if unit := found["unit"] or found["one"]:
        first = _back(_number(found["count"] or "one"), unit.removesuffix("s"), today)
        return ("s", "r", Period(first, None)) if first else None
    for group, how in (("a", "s"), ("b", "after"), ("c", "before"), ("d", "u"), ("e", "b"), ("f", "i"), ("g", "i")):
        if found[group]:
            return _one(how, found[group], today)
    return None


def _one(how: str, written: str, today: date) -> tuple[str, str, Period] | None:
    point = _point(written, today)
    if point is None or point.first is None or point.last is None or point.first > today:
        return None
    kind = _kind(written)
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


def _between(first: str, last: str, today: date) -> tuple[str, str, Period] | None:
    """From one to the other; of a month without a year that of the other's year, or the latest there was."""
    end = _point(last, today)
    if end is None or end.first is None:
        return None
    if re.fullmatch(_DAY, first):  # between 1 and 15 April
        first = f"{first} {MONTHS[end.first.month - 1]} {end.first.year}" if _kind(last) == "d" else ""
    beginning = _point(first, today if re.search(r"\d{4}", first) else _end_of_month(end.first))
    if beginning is None or beginning.first is None or end.last is None or beginning.first > min(end.last, today):
        return None
    return "r", _kind(last), Period(beginning.first, end.last)


def _point(written: str, today: date) -> Period | None:
    """The first and the last day of what is written; None where there is no such day."""
    text = " ".join(written.replace(",", " ").split()).removeprefix("the ").removeprefix("year ")
    year = re.search(r"(?<!\d)\d{4}", text)
    month = next((MONTH_NUMBERS[word] for word in text.split() if word in MONTH_NUMBERS), None)
    day = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)", text.replace(year[0], "") if year else text)
    season = next((SEASONS[word] for word in text.split() if word in SEASONS), None)
    try:
        if told := _from_today(text, today):
            return told
        if "-" in text:
            numbers = [int(part) for part in text.split("-")]
            return _month(numbers[0], numbers[1]) if len(numbers) == 2 else _days(date(*numbers), date(*numbers))  # noqa: PLR2004
        if month:
            return _in_month(int(year[0]) if year else None, month, int(day[1]) if day else None, today)
        if season:
            return _season(season, int(year[0]) if year else today.year)
        return _days(date(int(year[0]), 1, 1), date(int(year[0]), 12, 31)) if year else None
    except ValueError:
        return None


def _from_today(text: str, today: date) -> Period | None:
    match text.split():
        case ["today"]:
            return Period(today, today)
        case ["yesterday"]:
            return _days_before(1, today)
        case [*count, unit, "ago"]:
            day = _back(_number(" ".join(count)), unit.removesuffix("s"), today)
            return Period(day, day) if day else None
        case [("this" | "last") as which, ("week" | "month" | "year") as unit]:
            return _calendar(unit, today, back=which == "last")
        case [("this" | "last") as which, season] if season in SEASONS:
            return _season_near(SEASONS[season], today, back=which == "last")
    return None


def _days_before(count: int, today: date) -> Period | None:
    day = _back(count, "day", today)
    return Period(day, day) if day else None


def _season_near(month: int, today: date, *, back: bool) -> Period:
    """The one of this year; or, back, the latest that is over."""
    year = today.year - (month == SEASONS["winter"] and today.month <= 2)  # noqa: PLR2004  it began last year
    found = _season(month, year)
    return _season(month, year - 1) if back and found.last is not None and found.last >= today else found


def _calendar(unit: str, today: date, *, back: bool) -> Period | None:
    """The week, month or year that today is in, or the one before."""
    try:
        if unit == "week":
            monday = today - timedelta(today.weekday() + (7 if back else 0))
            return Period(monday, monday + timedelta(6))
        if unit == "month":
            before = today.year * 12 + today.month - 1 - back
            return _month(before // 12, before % 12 + 1)
        return Period(date(today.year - back, 1, 1), date(today.year - back, 12, 31))
    except (ValueError, OverflowError):
        return None


def _in_month(year: int | None, month: int, day: int | None, today: date) -> Period | None:
    if day is None:
        return _month(year or (today.year if month <= today.month else today.year - 1), month)
    if year is None:
        year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    return Period(date(year, month, day), date(year, month, day))


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(first, _end_of_month(first))


def _season(month: int, year: int) -> Period:
    ends = (year, month + 2) if month + 2 <= 12 else (year + 1, month - 10)  # noqa: PLR2004
    return Period(date(year, month, 1), _end_of_month(date(*ends, 1)))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _days(first: date, last: date) -> Period:
    return Period(first, last)


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of its month."""
    before = day.year * 12 + day.month - 1 - months
    year, month = before // 12, before % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1])) if year > 0 else EARLIEST


def _back(count: int, unit: str, today: date) -> date | None:
    if unit in {"day", "week"}:
        back = timedelta(count * (7 if unit == "week" else 1))
        return today - back if today - EARLIEST > back else None
    return months_before(today, count * (12 if unit == "year" else 1))


def _number(written: str) -> int:
    return COUNTS.get(written) or int(written)


def _kind(written: str) -> str:
    if re.search(r"today|yesterday|ago|this|last", written):
        return "r"
    if re.search(r"\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d|-)", written):
        return "d"
    return "y" if re.fullmatch(rf"(?:the )?(?:year )?{_YEAR}", written) else "m"
