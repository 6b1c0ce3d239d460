"""What the first lines of a text say of it: its title, who wrote it, and when. Pure.

Only lines that say nothing else count: a date in a sentence may be of anything.
"""

import re
from typing import NamedTuple

from corpus.ingest.parse.post_fields import LINKED, names_of
from corpus.text.dates import MONTHS
from corpus.text.headings import headings
from corpus.text.written_dates import parse_moment

LONGEST_TITLE = 120  # characters
FEW = 5  # lines of such a header
LONGEST_RAW = 1000  # characters that are looked at of a line, with its marks
STAMPED = 10_000  # characters of a text in which the stamp of a preprint stands
PROSE, SENTENCE = 12, 6  # words: a line of more, or a sentence of more, says something else
LINES, LONGEST_LINE = 12, 160  # lines that hold something, from the top; characters of one that is looked at
NAME_WORD = r"(?:[A-Z\u00c0-\u024f][\w'’.-]*|de|van|von|der|den|di|da|la|le|al|bin|el)"
NAME = rf"[A-Z\u00c0-\u024f][\w'’.-]*(?: {NAME_WORD}){{1,4}}"
BYLINE = re.compile(
    rf"(?i:(?:written |posted |published )?by|von|par|por|authors?:?|verfasser:?)[: ]+"
    rf"(?P<names>{NAME}(?:(?:, and |, | and | & | und | et ){NAME}){{0,9}})"
)
NAMES_ONLY = re.compile(rf"{NAME}(?:(?:, and |, | and | & ){NAME}){{0,9}}")
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS).replace("Sep(?:tember)?", "Sep(?:t(?:ember)?)?")
DAY = re.compile(
    rf"\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d\d:\d\d(?::\d\d)?\S{{0,6}})?|\d{{4}}/\d{{2}}/\d{{2}}"
    rf"|\b(?:{MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:{MONTH})\.?,? \d{{4}}"
    r"|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日",
    re.IGNORECASE,
)
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
    """What the first lines of a text say; "" and () where they do not."""

    title: str = ""
    people: tuple[str, ...] = ()
    day: str = ""


def find_opening(text: str, title: str = "", *, is_markdown: bool = True) -> Opening:
    """Return what the first lines of a text say of it. `title`: where that is known, names may stand below it alone."""
    lines = [line for raw in text[: LINES * 2000].splitlines() if (line := _bare(raw))][:LINES]
    named = next((match[1].strip() for line in lines[:FEW] if (match := NAMED.fullmatch(line))), "")
    found = title or named or (_find_heading(text) if is_markdown else _find_first_line(text))
    people: tuple[str, ...] = ()
    day = ""
    prose = 0
    for place, line in enumerate(lines):
        prose += len(line.split()) > (SENTENCE if line.endswith((".", "!", "?")) else PROSE)
        if len(line) > LONGEST_LINE or prose > 1:  # a subtitle may stand there; what comes behind the text is of else
            break
        if UPDATED.search(line):
            continue
        byline = BYLINE.search(line)
        dates = DAY.findall(line)
        rest = LABELS.sub("", DAY.sub("", BYLINE.sub("", line)))
        words = re.findall(r"\w+", rest)
        above = lines[place - 1] if place else ""
        if not people and byline and len(words) <= 3 and byline.start() <= 1:  # noqa: PLR2004  a place, a paper
            people = tuple(names_of(byline["names"]))
        elif not people and found and above == found and (names := NAMES_ONLY.match(rest.strip(" ,|·•–—-"))):
            people = tuple(names_of(names[0])) if len(words) == len(re.findall(r"\w+", names[0])) else ()
            words = [] if people else words
        if not day and len(dates) == 1 and len(words) <= 3:  # noqa: PLR2004  the same
            moment = parse_moment(
                re.sub(r"[年月]", "-", re.sub(r"\s|日", "", dates[0])) if "年" in dates[0] else dates[0]
            )
            day = moment.day.isoformat() if moment else ""
    if not day and (stamp := STAMP.search(text[:STAMPED])):
        moment = parse_moment(stamp[1])
        day = moment.day.isoformat() if moment else ""
    return Opening(found, people, day)


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


def _find_first_line(text: str) -> str:
    """Return the first line of a plain text, where it stands alone and is no sentence."""
    underlined = UNDERLINED.match(text, len(text) - len(text.lstrip()))
    first, _, rest = (underlined["title"], "", "\n") if underlined else text.lstrip().partition("\n")
    line, after = first.strip(), rest.partition("\n")[0].strip()
    stands_alone = not after or DAY.search(after[:LONGEST_LINE]) or BYLINE.match(after[:LONGEST_LINE])
    is_title = (
        0 < len(line) <= LONGEST_TITLE and line[-1] not in ".!:;," and not DAY.search(line) and bool(rest.strip())
    )
    return line if (is_title and stands_alone) or underlined else ""


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
