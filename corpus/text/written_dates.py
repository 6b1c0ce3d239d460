"""A date as people and programs write it → the day, and the instant where a time is given: `parse_moment`.

For feeds, pages and files alike. The day is the publisher's own: what came out on the evening of 1 June in California
is of 1 June, though it was 2 June in Greenwich. Forms whose day is a guess (06/07/2026, 2026-06) are no dates. Pure,
and no text is too odd.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product

from corpus.text.calendar_names import day_stands_first, fold_name, months_named, weekdays_named

LONGEST = 80  # characters
FIRST_YEAR = 1971  # what is older is a clock's zero, or no year at all
LAST_YEAR = 9000  # far from the end of what can be computed with
# Hours from Greenwich, as RFC 822 and the world name them. An unknown name stands for Greenwich.
ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2}
ZONES |= {"bst": 1, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "akst": -9, "hst": -10}
ZONES |= {"gmt": 0, "utc": 0, "ut": 0, "z": 0}
CENTURY = 70  # RFC 822 wrote two digits: 69 is of this century, 70 of the last
# Words between the parts of a date, and what stands behind a number that is an ordinal or a year.
FILLERS = frozenset(
    """a al am an at av d de del den der di do du dydd e el em en er ere g gada ho i in kl klo la le lo los m nam nd
    ngay o of on os pe r rd roku rok saat st th the t ti tl um uhr ur v van von vom y z à às a las год года р року г
    יום คศ พศ""".split()
)
AFTERNOON = {"pm", "p", "午後", "下午", "오후", "晚上", "μμ"}
MORNING = {"am", "a", "午前", "上午", "오전", "早上", "πμ"}
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}  # the year before each one's first
BUDDHIST, TO_BUDDHIST = range(2400, 2700), 543  # years of Thai dates, and how far they are ahead
NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}

ZONE = r"(?P<zone>(?:gmt|utc)?[+-]\d{1,2}(?::?\d\d)?z?(?!\d)|z(?![^\W\d_])|[a-z]{2,5}(?![^\W\d_]))?"
HALF = r"(?P<half>[ap]\.?\s?m\b\.?)"
TIME = re.compile(
    r"(?:(?P<before>午前|午後|上午|下午|오전|오후|晚上|早上)\s*)?(?:(?<=\d)t|(?<![\d:.,/-]))"
    r"(?P<hour>\d{1,2})(?:\s?[:h時时點点시]\s?(?P<minute>\d\d)\s?(?:분|分)?"
    rf"(?:\s?:?\s?(?P<second>\d\d)(?:[.,:]\d+|\s?초|\s?秒)?(?![\d:]))?(?:\s*{HALF})?|\s?(?P<alone>[ap]\.?\s?m\b\.?))"
    rf"\s*{ZONE}",
    re.IGNORECASE,
)
PACKED_TIME = r"(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?:[.,]\d+)?(?P<zone>z|[+-]\d\d:?\d\d)?"
# What programs write without a word, and no reader would.
PACKED = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:[t ]?{PACKED_TIME})?",
        rf"(?P<year>\d{{4}})-?w(?P<week>\d\d)-?(?P<weekday>\d)(?:[t ]{PACKED_TIME})?",
        rf"(?P<year>\d{{4}})-(?P<of_year>\d{{3}})(?:[t ]{PACKED_TIME})?",
        r"(?P<seconds>\d{9,10})(?:\d{3}|\.\d+)?",
    )
]
# As XML Schema writes a day, and ISO 8601 an hour.
DAY_ALONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:t\d\d(?:\d\d){0,2})?(?:z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
DOTTED_TIME = re.compile(
    r"(?:\b(?:alle|at|kl|klo|ore|um|à|às)\b\.?\s*|(?<=\d{4}[ ,]))(\d{1,2})\.(\d\d)(?![\d.])", re.IGNORECASE
)
EAST_ASIAN = re.compile(r"(\d{1,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日號号일]?")
VIETNAMESE_WEEKDAY = re.compile(r"\b(?:thứ\s+\w+|chủ\s+nhật)", re.IGNORECASE)  # whose first word reads as Thu
VIETNAMESE = re.compile(r"(\d{1,2})\s*,?\s*tháng\s+(\d{1,2})\s*(?:,|năm)*\s*(\d{4})", re.IGNORECASE)
HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十]+(?=\s*[年月日號号])")
ERA = re.compile(rf"({'|'.join(ERAS)})\s*(\d{{1,3}}|元)(?=\s*年)")
PART = re.compile(
    r"(?P<number>\d+)|(?P<word>[^\W\d_](?:[^\d\s,;/()\-–—:|·・'’]*[^\d\s,;/()\-–—:|·・'’])?)|(?P<mark>[./-])"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was said to happen. `instant`: in UTC; None where only the day is given."""

    day: date
    instant: datetime | None = None

    def __str__(self) -> str:
        return f"{self.instant:%Y-%m-%dT%H:%M:%SZ}" if self.instant else str(self.day)


def parse_moment(written: str, language: str | None = None) -> Moment | None:
    """Return the day, and where there is a time the instant, that a text of one date gives; None where it is a guess.

    Month and weekday may be in any of the languages of `calendar_names`. `language` (a tag such as pl, pt-BR) is of the
    text around it: it tells whose month "listopad" is, and whether 5.3.2025 has the day first. A weekday does, too.
    """
    text = " ".join(written[: LONGEST + 1].split())
    if len(text) > LONGEST:
        return None
    text = "".join(str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", text))
    plain_day = DAY_ALONE.fullmatch(text)
    text = plain_day[1] if plain_day else text
    packed = next((match for form in PACKED if (match := form.fullmatch(text))), None)
    found = _packed_moment(packed.groupdict()) if packed else _written_moment(text, language)
    return found if found and FIRST_YEAR <= found.day.year < LAST_YEAR else None


def _packed_moment(parts: dict[str, str | None]) -> Moment | None:
    """The moment of a form without words; None for a day that the calendar does not have."""
    if parts.get("seconds"):
        instant = datetime.fromtimestamp(int(parts["seconds"] or 0), UTC)
        return Moment(instant.date(), instant)
    year = int(parts["year"] or 0)
    try:
        if parts.get("week"):
            day = date.fromisocalendar(year, int(parts["week"] or 0), int(parts["weekday"] or 0))
        elif parts.get("of_year"):
            day = datetime.strptime(f"{year:04}-{parts['of_year']}", "%Y-%j").date()  # noqa: DTZ007  a day has no zone
        else:
            day = date(year, int(parts["month"] or 0), int(parts["day"] or 0))
    except ValueError:
        return None
    return Moment(day, _instant(day, parts))


def _written_moment(text: str, language: str | None) -> Moment | None:
    """The moment of a form with words or separators. The time is cut out first, wherever it stands."""
    text = DOTTED_TIME.sub(r"\1:\2", text)
    time = TIME.search(text)
    if time:
        # "10:00, 5 May 2026": the word behind a time may be the month or the weekday, and then is no zone.
        zone = time["zone"] or ""
        is_zone = not (months_named(zone, language) or weekdays_named(zone, language)) or zone.lower() in ZONES
        text = f"{text[: time.start()]} {'' if is_zone else zone} {text[time.end() :]}"
    days = _days(_numbered(text), language)
    if len(days) != 1:
        return None
    day = days.pop()
    return Moment(day, _instant(day, time.groupdict()) if time else None)


def _numbered(text: str) -> str:
    """The text with dates of East Asia and Vietnam as year-month-day in digits."""
    text = ERA.sub(lambda era: str(ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))), text)
    text = HAN_NUMBER.sub(lambda number: str(_han_number(number[0])), text)
    text = EAST_ASIAN.sub(r" \1-\2-\3 ", text)
    return VIETNAMESE.sub(r" \3-\2-\1 ", VIETNAMESE_WEEKDAY.sub("", text))


def _han_number(written: str) -> int:
    """The value of a number below 100, or of a year digit by digit: 二〇二五, 十二, 二十五."""
    tens, ten, ones = written.partition("十")
    if ten:
        return NUMERALS.get(tens[:1], 1) * 10 + NUMERALS.get(ones[:1], 0)
    return int("".join(str(NUMERALS[numeral]) for numeral in written[:4]))


def _days(text: str, language: str | None) -> set[date]:
    """The days that a date without its time may mean: one where it is no guess, none where it is no date."""
    parts = [match for match in PART.finditer(text) if match["mark"] is None]
    numbers = [(at, part[0]) for at, part in enumerate(parts) if part["number"]]
    if (
        text.lstrip()[:1] in {"-", "+"}
        or len(numbers) not in {2, 3}
        or {len(number) for _, number in numbers} - {1, 2, 4}
    ):
        return set()
    words = [(at, part[0]) for at, part in enumerate(parts) if part["word"]]
    weekdays, unknown = set[int](), list[int]()
    months = [(at, months_named(word, language), word) for at, word in words]
    for at, word in words:
        weekday = weekdays_named(word, language)
        weekdays |= weekday
        if not weekday and not months_named(word, language) and fold_name(word) not in FILLERS | ZONES.keys():
            unknown.append(at)
    first, last = numbers[0][0], numbers[-1][0]
    # A word before the date may be a weekday that is not known here, a word behind it a zone; within, it is odd.
    if sum(at < first for at in unknown) > 1 or any(first < at < last for at in unknown):
        return set()
    if len(numbers) == 3:  # noqa: PLR2004  year, month and day
        found = _numeric_days([number for _, number in numbers])
    else:
        found = set[date]()
        for at, which, word in months:
            others = [other for other, named, _ in months if named and other != at]
            if all(weekdays_named(parts[other][0], language) for other in others):
                found |= _named_days(at, which, numbers, is_thai=_is_thai(word))
    if len(found) > 1 and weekdays:
        return {day for day in found if day.weekday() in weekdays}
    separator = re.search(r"\d\s?([./-])", text)
    if len(found) > 1 and language and separator:
        day_first = day_stands_first(language, separator[1])
        return (
            {day for day in found if day_first == (day.day == int(numbers[0][1]))} if day_first is not None else found
        )
    return found


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0e7f"


def _named_days(at: int, months: frozenset[int], numbers: list[tuple[int, str]], *, is_thai: bool) -> set[date]:
    """The days of a month by name, a day, and a year of four digits, or of two where RFC 822 puts it."""
    (first_at, first), (last_at, last) = numbers
    if (len(first) == 4) != (len(last) == 4):  # noqa: PLR2004  the year's
        year, day = (int(first), last) if len(first) == 4 else (int(last), first)  # noqa: PLR2004
    elif len(last) == 2 and first_at < at < last_at and last_at - first_at == 2:  # noqa: PLR2004  04 May 26
        year, day = int(last) + (2000 if int(last) < CENTURY else 1900), first
    else:
        return set()
    year -= TO_BUDDHIST if is_thai and year in BUDDHIST else 0
    return set(_real_days(product((year,), months, (int(day),))))


def _numeric_days(numbers: list[str]) -> set[date]:
    """The days of three numbers: the year first, or last with day and month in either order."""
    first, second, third = map(int, numbers)
    lengths = [len(number) == 4 for number in numbers]  # noqa: PLR2004  which is the year
    if lengths == [True, False, False]:
        return set(_real_days([(first, second, third)]))
    if lengths != [False, False, True]:
        return set()
    return set(_real_days([(third, second, first), (third, first, second)]))


def _real_days(dates: Iterable[tuple[int, int, int]]) -> Iterator[date]:
    """Those of (year, month, day) that the calendar has."""
    for year, month, day in dates:
        with suppress(ValueError, OverflowError):
            yield date(year, month, day)


def _instant(day: date, parts: dict[str, str | None]) -> datetime | None:
    """In UTC; None where no time is given, or one that no clock shows: the day stands all the same."""
    if not parts.get("hour"):
        return None
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    half = fold_name(parts.get("before") or parts.get("half") or parts.get("alone") or "")
    hour = hour % 12 + (12 if half.replace(" ", "") in AFTERNOON else 0) if half else hour
    if hour > 24 or minute > 59 or second > 60 or not FIRST_YEAR <= day.year < LAST_YEAR:  # noqa: PLR2004  a clock's
        return None
    there = datetime(day.year, day.month, day.day, tzinfo=timezone(_offset(parts.get("zone") or "")))
    return (there + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))).astimezone(UTC)


def _offset(zone: str) -> timedelta:
    """From Greenwich. What lies further than any zone does is taken for Greenwich."""
    number = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d\d)?z?", zone.lower())
    if not number:
        return timedelta(hours=ZONES.get(zone.lower(), 0))
    offset = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
    if offset > timedelta(hours=15):
        return timedelta()
    return -offset if number[1] == "-" else offset
