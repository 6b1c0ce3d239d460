"""Text that comes from outside, in one line, no longer than there is room, or as JSON: for both faces."""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

MOST_MARKS = 4  # upon one letter; more only make a text unreadable, and the lines around it
HIDDEN = frozenset({"Cc", "Cf", "Cs"})  # categories: control, format (bidi and zero width, too), half a surrogate pair
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that show nothing
# Letters and signs of Western languages alone, and what is for private use: nothing of it is hidden, a mark, or blank.
WESTERN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2015\u2018-\u201f\u2026\u20ac\ue000-\uf8ff\n]*")
FEW = 3  # places that are refused for one reason, and told each
LAST_SHOWN = 0x7E  # of ASCII: what stands before it json.dumps has escaped, apart from the line ends of `indent`


class _Escapes(dict[int, int | str]):
    """What `str.translate` makes of each character of a JSON text, worked out when it is first met."""

    def __missing__(self, code: int) -> int | str:
        unseen = unicodedata.category(chr(code)) in HIDDEN | {"Zl", "Zp"} or chr(code) in BLANK
        units = chr(code).encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
        self[code] = "".join(f"\\u{unit}" for unit in units) if code > LAST_SHOWN and unseen else code
        return self[code]


ESCAPES = _Escapes()


def json_text(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON, in the letters it has; what could steer a terminal, reorder or hide text is escaped.

    So are halves of surrogate pairs, which JSON can write and UTF-8 cannot.
    """
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(ESCAPES)


def plain(text: str) -> str:
    """One line, without characters that steer a terminal, show nothing or reorder, and at most four marks on a letter.

    Four are more than languages stack: Vietnamese two, Thai two, Hebrew with points and accents three.
    """
    if WESTERN.fullmatch(text):  # most are: a tenth of the time
        return " ".join(text.split())
    shown: list[str] = []
    marks = 0
    for c in text:
        category = "" if " " <= c <= "~" else unicodedata.category(c)  # most are plain ASCII
        if (category in HIDDEN and not c.isspace()) or c in BLANK:
            continue
        if category in {"Mn", "Me"}:
            marks += 1
        elif category != "Mc":  # a vowel that has a place of its own, under which marks go on
            marks = 0
        if marks <= MOST_MARKS:
            shown.append(c)
    return " ".join("".join(shown).split())


def shorten(text: str, most: int) -> str:
    """At most so many characters of a text, cut between two words, with "…" where something was left out."""
    if size(text) <= most:
        return text
    part = text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", errors="ignore")
    return (part.rsplit(" ", 1)[0] if " " in part[most // 2 :] else part).rstrip() + "…"


def size(text: str) -> int:
    """How long Discord finds a text: it counts as JavaScript does, where an emoji may count twice."""
    return len(text.encode("utf-16-le")) // 2


def group_by_reason(refused: Iterable[tuple[str, str]]) -> list[str]:
    """Return what was refused, as (place, reason), a line each; or one for all that were refused for one reason.

    Where more than FEW have a reason, some names are told, and how many more. Reasons that name their own file ("… into
    a.txt.yaml beside it") are one, with FILE in the name's place.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for where, reason in refused:
        name = name_of(where)
        groups.setdefault(reason.replace(name, "FILE") if name else reason, []).append((where, reason))
    lines: list[str] = []
    for shared, places in groups.items():
        if len(places) <= FEW:
            lines += [f"{where}: {reason}" for where, reason in places]
        else:
            names = [places[0][0], *(name_of(where) for where, _ in places[1:FEW])]
            lines.append(f"{', '.join(names)} and {len(places) - FEW:,} more: {shared}")
    return lines


def name_of(where: str) -> str:
    """Return the last part of a path or an address."""
    return where.rstrip("/").rpartition("/")[2]
