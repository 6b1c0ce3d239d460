"""What a feed writes of a date → the day, where it was written, and the instant, where it gives a time too.

The day is the publisher's own: what came out on the evening of 1 June in California is of 1 June, though it was 2 June
in Greenwich. Forms whose day is a guess (06/07/2026, 2026-06) are no dates. Pure, and no text is too odd.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from corpus.text.dates import MONTHS

LONGEST = 80  # characters
FIRST_YEAR = 1971  # what is older is a clock's zero, or no year at all
LAST_YEAR = 9000  # far from the end of what can be computed with
# Hours from Greenwich, as RFC 822 and the world name them. An unknown name stands for Greenwich.
ZONES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2}
ZONES |= {"bst": 1, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "akst": -9, "hst": -10}
CENTURY = 70  # RFC 822 wrote two digits: 69 is of this century, 70 of the last

TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?"
ZONE = r"(?P<zone>z|[+-]\d{1,2}:?\d\d|(?:gmt|utc)[+-]\d{1,2}(?::?\d\d)?|[a-z]{1,5})?(?:\s*\([^()]*\))?"
BEHIND = rf"(?:(?:\s*,\s*|\s+|t)(?:at\s+)?{TIME}\s*{ZONE})?"
WEEKDAY = r"(?:[^\W\d_]{2,12}(?:\.?\s*,\s*|\.?\s+))?"
MONTH = r"(?P<name>[a-z]{3,9})\.?"
PACKED_TIME = r"(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?:[.,]\d+)?(?P<zone>z|[+-]\d\d:?\d\d)?"
FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){BEHIND}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:[t ]?{PACKED_TIME})?",
        rf"(?P<year>\d{{4}})-?w(?P<week>\d\d)-?(?P<weekday>\d){BEHIND}",
        rf"(?P<year>\d{{4}})-(?P<of_year>\d{{3}}){BEHIND}",
        rf"{WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]*{MONTH}[\s,-]*(?P<year>\d{{4}}|\d\d){BEHIND}",
        rf"{WEEKDAY}{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}}){BEHIND}",
        rf"{WEEKDAY}{MONTH}\s+(?P<day>\d{{1,2}})\s+{TIME}\s+(?:{ZONE}\s+)?(?P<year>\d{{4}})",
        r"(?P<seconds>\d{9,10})(?:\d{3}|\.\d+)?",
    )
]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was said to happen. `instant`: in UTC; None where only the day is given."""

    day: date
    instant: datetime | None = None

    def __str__(self) -> str:
        return f"{self.instant:%Y-%m-%dT%H:%M:%SZ}" if self.instant else str(self.day)


def parse_moment(written: str, parsed: str = "") -> Moment | None:
    """Return when that is; `parsed`: what another made of it, for months in words that are not known here."""
    has_words = re.search(r"[^\W\d_]{3}|[^\x00-\x7f]", written) is not None
    for text in (written, parsed if has_words else ""):
        text = " ".join(text[: LONGEST + 1].split())  # noqa: PLW2901  the same text in one line
        for match in _matches(text) if len(text) <= LONGEST else ():
            found = _of(match.groupdict())
            return found if found and FIRST_YEAR <= found.day.year < LAST_YEAR else None
    return None


def _matches(text: str) -> Iterator[re.Match[str]]:
    for form in FORMS:
        match = form.fullmatch(text)
        # A word that stands where a month should may be one of another language: that form does not know it.
        if match and ("name" not in form.groupindex or _month(match["name"])):
            yield match


def _of(parts: dict[str, str | None]) -> Moment | None:
    """The moment that the parts of a form give; None for a day that the calendar does not have."""
    if parts.get("seconds"):
        instant = datetime.fromtimestamp(int(parts["seconds"] or 0), UTC)
        return Moment(instant.date(), instant)
    try:
        day = _day(parts)
        return Moment(day, _instant(day, parts))
    except (ValueError, OverflowError):
        return None


def _day(parts: dict[str, str | None]) -> date:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:  # noqa: PLR2004  two digits
        year += 2000 if year < CENTURY else 1900
    if parts.get("week"):
        return date.fromisocalendar(year, int(parts["week"] or 0), int(parts["weekday"] or 0))
    if parts.get("of_year"):
        return datetime.strptime(f"{year:04}-{parts['of_year']}", "%Y-%j").date()  # noqa: DTZ007  a day has no zone
    month = _month(parts["name"] or "") if parts.get("name") else int(parts["month"] or 0)
    return date(year, month, int(parts["day"] or 0))


def _month(name: str) -> int:
    """The number of a month by its English name or its first three letters and more; 0 for what is none."""
    found = (number for number, full in enumerate(MONTHS, start=1) if full.lower().startswith(name.lower()))
    return next(found, 0)


def _instant(day: date, parts: dict[str, str | None]) -> datetime | None:
    """In UTC; None where no time is given, or one that no clock shows: the day stands all the same."""
    if not parts.get("hour"):
        return None
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    half = (parts.get("half") or "")[:1].lower()
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    if hour > 24 or minute > 59 or second > 60 or not FIRST_YEAR <= day.year < LAST_YEAR:  # noqa: PLR2004  a clock's
        return None
    there = datetime(day.year, day.month, day.day, tzinfo=timezone(_offset(parts.get("zone") or "")))
    return (there + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))).astimezone(UTC)


def _offset(zone: str) -> timedelta:
    """From Greenwich. What lies further than any zone does is taken for Greenwich."""
    number = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d\d)?", zone.lower())
    if not number:
        return timedelta(hours=ZONES.get(zone.lower(), 0))
    offset = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
    if offset > timedelta(hours=15):
        return timedelta()
    return -offset if number[1] == "-" else offset
