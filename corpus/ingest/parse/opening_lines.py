"""What the first lines of a text say of it: its title, who wrote it, and when. Pure.

Only lines that say nothing else count: a date in a sentence may be of anything.
"""

import re
from typing import NamedTuple

from corpus.ingest.parse.post_fields import LINKED, names_of
from corpus.ingest.parse.published_day import CHANGED, DATE
from corpus.text.calendar_names import weekdays_named
from corpus.text.headings import headings
from corpus.text.written_dates import parse_moment

LONGEST_TITLE = 120  # characters
FEW = 5  # lines of such a header
LONGEST_RAW = 1000  # characters that are looked at of a line, with its marks
STAMPED = 10_000  # characters of a text in which the stamp of a preprint stands
PROSE, SENTENCE = 12, 6  # words: a line of more, or a sentence of more, says something else
LINES, LONGEST_LINE = 12, 160  # lines that hold something, from the top; characters of one that is looked at
CAPITAL = "[A-Z\u00c0-\u024f\u0386-\u03ab\u0400-\u042f]"  # of Latin, Greek and Cyrillic
NAME_WORD = rf"(?:{CAPITAL}[\w'’.-]*|de|van|von|der|den|di|da|la|le|al|bin|el)"
NAME = rf"{CAPITAL}[\w'’.-]*(?: {NAME_WORD}){{1,4}}"
NAMES = rf"{NAME}(?:(?:, and |, | and | & | und | et | y | e | i | и ){NAME}){{0,9}}"
BYLINE = re.compile(
    rf"(?:(?i:(?:written |posted |published )?by|von|par|por|di|door|af|av|authors?:?|verfasser(?:in)?:?"
    rf"|autor(?:in|a)?:?|auteure?:?|autore:?|автор:?|текст:?)[: ]+(?P<names>{NAMES})"
    r"|(?:作者|文|撰文)\s?[:：]\s?(?P<han>[^\W\d_a-zA-Z]{2,8}))"
)
NAMES_ONLY = re.compile(NAMES)
HAN_NAME = re.compile(r"[\u4e00-\u9fff々]{2,5}(?:[ \u3000][\u4e00-\u9fff々ぁ-ヿ]{1,4})?")  # beside a date
DAY = re.compile(rf"(?<![\w-]){DATE}", re.VERBOSE | re.IGNORECASE)
# What may stand beside a date in a line that says when a text was published, and nothing else.
LABELS = re.compile(
    r"\b(?:first )?(?:published|posted|written|date|dated|on|at|veröffentlicht|datum|am|publié|le|fecha|publicado|el|"
    r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b\d{1,2}:\d\d\b|\b\d{1,3} min(?:ute)?s?(?: read)?\b",
    re.IGNORECASE,
)
UPDATED = re.compile(r"\b(?:updated|modified|changed|revised|last|edited|aktualisiert)\b", re.IGNORECASE)
NAMED = re.compile(r"title: {1,9}(\S.{0,299})", re.IGNORECASE)  # Pelican's, and that of other headers of lines
MARKS = re.compile(r"^[\s>#=-]+|[*_`]+|</?[A-Za-z][^<>\n]{0,200}>|[\s#=-]+$")
UNDERLINED = re.compile(r"(?P<title>[^\n]{1,300})\n(?:=+|-{3,})[ \t]*(?:\n|\Z)")
STAMP = re.compile(
    r"arXiv:\d{4}\.\d{4,5}v\d+ {0,3}\[[\w.-]{1,20}\] {0,3}(\d{1,2} [A-Z][a-z]{2} \d{4})"
)  # in the margin
DATED_NAME = re.compile(r"(?P<year>(?:19|20)\d\d)[-_.](?P<month>\d\d)[-_.](?P<day>\d\d)(?:[-_. T]+|$)")
DATED_PATH = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)(?=/|$)")


class Opening(NamedTuple):
    """What the first lines of a text say; "" and () where they do not. `lines`: those that say it, without marks."""

    title: str = ""
    people: tuple[str, ...] = ()
    day: str = ""
    lines: tuple[str, ...] = ()


def find_opening(text: str, title: str = "", *, is_markdown: bool = True, language: str | None = None) -> Opening:
    """Return what the first lines of a text say of it. `title`: where that is known, names may stand below it alone.

    `language`: of the text; it tells which day 4.5.2026 is.
    """
    raw = [line for line in text[: LINES * 2000].splitlines() if _bare(line)][:LINES]
    lines = [_bare(line) for line in raw]
    named = next((match[1].strip() for line in lines[:FEW] if (match := NAMED.fullmatch(line))), "")
    found = title or named or (_find_heading(text) if is_markdown else _find_first_line(text, language))
    people: tuple[str, ...] = ()
    day = ""
    stating = [line for line in lines[:FEW] if line == found or NAMED.fullmatch(line)]
    prose = 0
    for place, line in enumerate(lines):
        prose += len(line.split()) > (SENTENCE if line.endswith((".", "!", "?")) else PROSE)
        if len(line) > LONGEST_LINE or prose > 1:  # a subtitle may stand there; what comes behind the text is of else
            break
        dates = _find_days(line, language)
        if UPDATED.search(line) or (dates and CHANGED.search(line[: line.index(dates[0][0])])):
            continue
        is_heading = line == found or (is_markdown and raw[place].lstrip().startswith("#"))  # "By sheer luck"
        byline = None if is_heading else BYLINE.match(line.lstrip(" |,·•–—-("))
        rest = BYLINE.sub("", line)
        for written, _ in dates:
            rest = rest.replace(written, " ")
        rest = " ".join(word for word in LABELS.sub("", rest).split() if not weekdays_named(word.strip(",."), language))
        words = re.findall(r"\w+", rest)
        before = people, day
        above = lines[place - 1] if place else ""
        if not people and byline and len(words) <= 3:  # noqa: PLR2004  a place, a paper
            people = tuple(names_of(byline["names"] or byline["han"]))
        elif not people and found and above == found and (names := _find_names(rest, beside_date=bool(dates))):
            people = tuple(names_of(names)) if len(words) == len(re.findall(r"\w+", names)) else ()
            words = [] if people else words
        if not day and len(dates) == 1 and len(words) <= 3:  # noqa: PLR2004  the same
            day = dates[0][1]
        if (people, day) != before:
            stating.append(line)
    if not day and (stamp := STAMP.search(text[:STAMPED])):
        moment = parse_moment(stamp[1])
        day = moment.day.isoformat() if moment else ""
    return Opening(found, people, day, tuple(stating))


def _find_days(line: str, language: str | None) -> list[tuple[str, str]]:
    """Return the dates of a line as they are written, each with its day; none of a line that is too long for one."""
    written = DAY.findall(line) if len(line) <= LONGEST_LINE else []
    moments = [(date, parse_moment(date, language)) for date in written]
    return [(date, moment.day.isoformat()) for date, moment in moments if moment]


def _find_names(rest: str, *, beside_date: bool) -> str:
    """Return the names at the beginning of a line; those of East Asia, which show no capitals, only beside a date."""
    bare = rest.strip(" ,|·•–—-(")
    match = NAMES_ONLY.match(bare) or (HAN_NAME.fullmatch(bare.strip(" )")) if beside_date else None)
    return match[0] if match else ""


def _bare(line: str) -> str:
    """Return a line without the marks of Markdown and HTML; of a link, its words."""
    return MARKS.sub("", LINKED.sub(r"\1\2", line[:LONGEST_RAW])).strip()


def _find_heading(text: str) -> str:
    """Return the first heading, where nothing but a line or two stands above it."""
    start = len(text) - len(text.lstrip())
    underlined = UNDERLINED.match(text, start)
    if underlined:
        return underlined["title"].strip()
    place, heading = next(headings(text[:20_000]), (0, ""))
    above = [line for line in text[:place].splitlines() if line.strip()]
    return heading if len(above) <= 3 else ""  # noqa: PLR2004  imports, a badge, a line of dates


def _find_first_line(text: str, language: str | None) -> str:
    """Return the first line of a plain text, where it stands alone or above a name or a day, and is no sentence."""
    underlined = UNDERLINED.match(text, len(text) - len(text.lstrip()))
    if underlined:
        return underlined["title"].strip()
    line, *after = [one.strip() for one in text.lstrip()[: LINES * 2000].split("\n", 3)]
    below = after[0][:LONGEST_LINE] if after else ""
    beneath = after[1][:LONGEST_LINE] if len(after) > 1 else ""
    stands_alone = (
        not below
        or _find_days(below, language)
        or BYLINE.match(below)
        or (NAMES_ONLY.fullmatch(below) and (not beneath or _find_days(beneath, language)))
    )
    is_line = 0 < len(line) <= LONGEST_TITLE and line[-1] not in ".!:;," and not _find_days(line, language)
    return line if is_line and stands_alone and any(after) else ""


def find_day_in_path(path: str) -> str:
    """Return the day that the name of a file or of its folder says, or its path: 2026-05-04-a.md, 2026/05/04/a.md."""
    parts = path.replace("\\", "/").split("/")
    for part in reversed(parts[-2:]):
        named = DATED_NAME.search(part)
        if named and (named.start() == 0 or not part[named.start() - 1].isdigit()):
            moment = parse_moment("-".join(named.group("year", "month", "day")))
            if moment:
                return moment.day.isoformat()
    nested = DATED_PATH.search("/".join(["", *parts[:-1]]))
    moment = parse_moment("-".join(nested.groups())) if nested else None
    return moment.day.isoformat() if moment else ""
