"""Text that comes from outside, in one line and no longer than there is room: for both faces."""

import unicodedata

MOST_MARKS = 4  # upon one letter; more only make a text unreadable, and the lines around it
HIDDEN = frozenset({"Cc", "Cf", "Cs"})  # categories: control, format (bidi and zero width, too), half a surrogate pair
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that show nothing


def plain(text: str) -> str:
    """One line, without characters that steer a terminal, show nothing or reorder, and at most four marks on a letter.

    Four are more than languages stack: Vietnamese two, Thai two, Hebrew with points and accents three.
    """
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
