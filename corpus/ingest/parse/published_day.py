"""What a page writes of days → the one on which its piece was published, and where it says so. Pure.

A date is taken in the order in which the page's parts are believed (`sandbox_worker/page_day.py`); one whose day is a
guess, or is yet to come, is passed over: no day is better than a wrong one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from corpus.text.calendar_names import day_stands_first
from corpus.text.written_dates import parse_moment

AHEAD = timedelta(days=1)  # a day may have begun elsewhere
OLDEST = date(1900, 1, 1)
WORD = r"[^\W\d_]{2,14}"
# Mar  5 10:15:00 UTC 2025, as the programs date and ctime write.
CLOCKED = r"[^\W\d_]{3,9}\s+\d{1,2}\s+\d\d:\d\d(?::\d\d)?\s+(?:(?:[A-Z]{1,5}|[+-]\d{4})\s+)?(?:19|20)\d\d(?!\d)"
DATE = rf"""(?:
    (?:19|20)\d\d\s?[-/.年년]\s?\d{{1,2}}\s?[-/.月월]\s?\d{{1,2}}(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)
    |\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:\d{{4}}|\d\d)(?!\d)
    |\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de\s+|of\s+)?{WORD}\.?,?[\s-]+(?:de\s+|del\s+)?(?:19|20)\d\d(?!\d)
    |{WORD}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s+(?:19|20)\d\d(?!\d)
    |{CLOCKED}
    |\d{{1,2}}\s+tháng\s+\d{{1,2}},?\s+(?:năm\s+)?(?:19|20)\d\d)"""
# Where a date may stand in a line, with the weekday before it, which may prove the order of day and month.
DATES = re.compile(rf"(?:(?<![^\W_]){WORD}\.?,?\s+)?{DATE}", re.VERBOSE | re.IGNORECASE)
BEFORE_DATES = r"\W{0,3}(?:on|am|le|el|il|op|the|der|vom|zeit|time)?\W{0,3}$"
CHANGED = re.compile(
    r"""(?:\bv(?:[2-9]|\d\d)
    |updated?|modified|revised|edited|reviewed|aktualisiert|stand|geändert|änderung|aktualisierung|mise?\ à\ jour
    |modifié|actualizado|modificado|aggiornato|atualizado|bijgewerkt|uppdaterad|opdateret|更新|修改|수정|изменено)"""
    + BEFORE_DATES,
    re.VERBOSE | re.IGNORECASE,
)
# Days of something else: of the page as a file, of a reader, of an event.
OTHERS = re.compile(
    r"""(?:generated|built|build|rendered|compiled|copyright|©|\(c\)|exported|cached|visited|today(?:\ is)?|heute|hoy
    |aujourd.hui|retrieved|accessed|abgerufen|gedruckt|printed|expires|deadline
    |received|accepted|eingegangen
    |\b(?:event|meeting|conference|workshop|webinar|termin|veranstaltung|save\ the\ date)\b
    |\bam\ (?:montag|dienstag|mittwoch|donnerstag|freitag))"""
    + BEFORE_DATES,
    re.VERBOSE | re.IGNORECASE,
)
SPAN = re.compile(rf"\s*(?:[–—-]|to|bis|until)\s*(?={DATES.pattern})", re.VERBOSE | re.IGNORECASE)  # of an event
# A site's own bar, with a clock.
GREETING = re.compile(
    r"\b(?:welcome|willkommen|bienvenue|bienvenid[oa]|hello|hallo)\W{1,3}(?:guest|gast|visitor|besucher|invité|invitado)\b"
    r"|\b(?:log ?in|sign in|anmelden|einloggen|connexion)\b",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(r"\W{0,3}(?:©|copyright|\(c\))", re.IGNORECASE)
SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])")
MONTHS = 12
LONGEST_DATE = 30  # characters of a line that is a date and nothing else
MOST_WORDS = 9  # beside a date: more make a sentence, whose day is of what it tells
FEW = 4  # words beside a date that stands alone somewhere on the page
CUT = r"[|·•]|\s[–—]\s"
SENTENCE_END = re.compile(r"[^\W\d][.!?…:]\W*$|\d[.!?…]\W*$")  # as a sentence ends, and what leads to somebody's words
ENTRY_BEHIND = re.compile(r"\s*:\s+[^\W\d]")  # 3 March 1999: the flood
PUBLISHING = re.compile(r"publish|post|written|veröffentlich|publi|erschien|geschrieben|gepost", re.IGNORECASE)
ONLY = "the page's only date"


@dataclass(frozen=True, slots=True)
class Found:
    """A day in words (2026-06-01), and where it was found; both "" where none was."""

    day: str = ""
    origin: str = ""


def choose_day(written: Sequence[tuple[str, str]], language: str | None, today: date) -> Found:
    """Return the day of publication. `written`: (origin, a date or a line with one), the likeliest first."""
    written = proved_by_each_other(written)
    for origin, group in groupby(written, key=lambda one: one[0]):
        lines = [line for _, line in group]
        seen = is_seen(origin)
        most = FEW if origin == ONLY else MOST_WORDS
        days = [
            day
            for line in lines
            if (day := day_in(line, language if seen else None, today, seen=seen, most_words=most))
        ]
        if origin.endswith("above the title"):
            days = [day for day in days if day != today]  # a clock that stands there shows this day, too
        if days and (origin != ONLY or len(set(days)) == 1):
            return by_publishers_clock(Found(days[0].isoformat(), origin), lines[0], written, language, today)
    return changed_day(written, language, today)


def changed_day(written: Sequence[tuple[str, str]], language: str | None, today: date) -> Found:
    """Return the day of a change that is written by the title: where no other is written, it is the only one known."""
    for origin, line in written:
        for match in DATES.finditer(line[:300]) if origin.endswith("below the title") else ():
            day = _day_of(match[0], language)
            if day and OLDEST <= day <= today + AHEAD and CHANGED.search(_label(line[: match.start()], match[0])):
                return Found(day.isoformat(), f"{origin}, of a change")
    return Found()


def proved_by_each_other(written: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the texts with dates as 07/11/2023 year first, where another date that a program wrote proves their order.

    07/14/2023 does. A date that is seen proves nothing of those in the metadata, which other programs write.
    """
    days = [day for origin, line in written if not is_seen(origin) for day in SLASHED.finditer(line)]
    month_first = {int(day[2]) > MONTHS for day in days if max(int(day[1]), int(day[2])) > MONTHS}
    if len(month_first) != 1:
        return list(written)
    form = r"\3-\1-\2" if month_first.pop() else r"\3-\2-\1"
    return [(origin, line if is_seen(origin) else SLASHED.sub(form, line)) for origin, line in written]


def is_seen(origin: str) -> bool:
    """Return whether readers see what was found there: the page's language is then the text's."""
    return not origin.startswith(("JSON-LD", "meta", "microdata", "address"))


def by_publishers_clock(
    found: Found, line: str, written: Sequence[tuple[str, str]], language: str | None, today: date
) -> Found:
    """Return the day that stands by the title, where that in UTC is the one before or after it: readers see that."""
    if is_seen(found.origin) or not re.search(r"T?\d\d:\d\d.*(?:Z|[+-]00:?00)$", line):
        return found
    for origin, shown in written:
        if origin.endswith("the title"):
            day = day_in(shown, language, today, seen=True)
            if day and abs(day - date.fromisoformat(found.day)) == timedelta(days=1):
                return Found(day.isoformat(), origin)
            if day:
                break
    return found


def day_in(line: str, language: str | None, today: date, *, seen: bool, most_words: int = MOST_WORDS) -> date | None:
    """Return the day that a date or a line gives, or None where it gives none that can be a day of publication.

    `seen`: readers see the line, so it may be a sentence on something else.
    """
    whole = parse_moment(line, language) if not seen or (len(line) <= LONGEST_DATE and not DATES.search(line)) else None
    if whole:
        return whole.day if OLDEST <= whole.day <= today + AHEAD else None
    is_bar = GREETING.search(line) is not None and not PUBLISHING.search(line)
    if seen and (
        is_bar or COPYRIGHT.match(line) or any(SPAN.match(line, match.end()) for match in DATES.finditer(line[:300]))
    ):
        return None
    changed: date | None = None
    end = 0
    for match in DATES.finditer(line[:300]):
        before = line[end : match.start()] + match[0][: len(match[0]) - len(match[0].lstrip())]
        end = match.end()
        day = _day_of(match[0], language)
        if day is None or not OLDEST <= day <= today + AHEAD:
            continue
        label = _label(before, match[0])
        if OTHERS.search(label) or (seen and _is_sentence(line, match)):
            continue
        if CHANGED.search(label):
            changed = changed or day
        elif not seen or _words_beside(line, match) <= most_words:
            return day
    return changed if not seen else None


def _label(before: str, date_: str) -> str:
    """What stands before a date, with the word that may be its weekday or its label."""
    first = re.match(rf"{WORD}\.?,?\s+(?=\d|{WORD}\.?\s+\d)", date_)
    return f"{before} {first[0] if first else ''}".strip()


def _day_of(written: str, language: str | None) -> date | None:
    """The day of a date, with the word before it or without it."""
    for text in _forms(" ".join(written.split()), language):
        moment = parse_moment(text, language)
        if moment:
            return moment.day
    return None


def _forms(text: str, language: str | None) -> Iterator[str]:
    clocked = re.search(CLOCKED, text)
    if clocked:
        yield " ".join((*clocked[0].split()[:2], clocked[0][-4:]))
        return
    short = re.search(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d\d)$", text)
    if short:  # a year of two digits: where the language has the day first, or a number is no month
        day_first = bool(language) and day_stands_first(language or "", short[2])
        if day_first or int(short[1]) > 12 or int(short[3]) > 12:  # noqa: PLR2004  months
            yield f"{short[1]}{short[2]}{short[3]}{short[2]}20{short[4]}"
        return
    yield text
    if " " in text:
        yield text.split(" ", 1)[1]


def _is_sentence(line: str, match: "re.Match[str]") -> bool:
    """Whether a line is a sentence in which a date occurs, or tells what was on that day."""
    rest = f"{_label(line[: match.start()], match[0])} {line[match.end() :]}"
    if PUBLISHING.search(rest):
        return False
    small = [word for word in rest.split() if word[:1].islower() and len(word) > 1]
    is_introduction = bool(small) and line.rstrip().endswith(":")  # On Mon, 3 Mar 2025, Bo Marsh wrote:
    ends_as_one = len(small) > 1 and SENTENCE_END.search(line) is not None
    return is_introduction or ends_as_one or bool(ENTRY_BEHIND.match(line, match.end()))


def _words_beside(line: str, match: "re.Match[str]") -> int:
    """How many words stand in a date's part of the line beside it: many make a sentence, in which a date occurs."""
    if re.match(
        r"\W{0,2}(?:first\s+)?(?:published|posted|written|submitted|veröffentlicht|publié|publicado|erstellt|dieser)\b",
        line,
        re.IGNORECASE,
    ):
        return 0
    rest = f"{re.split(CUT, line[: match.start()])[-1]} {re.split(CUT, line[match.end() :])[0]}"
    return len(re.sub(r"https?://\S+|[|·•—–:/,()-]", " ", rest).split())
