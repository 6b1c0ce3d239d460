"""What members call what texts call otherwise: "proprietary" models are "closed" ones in most commentary. Pure.

A word is read as the other only where the corpus has just the other: where it has both, they may not mean the same. A
small model does not know that they do: "what is still missing in the world of freely available models?" is .74 sure
of its answer, and .85 with "open models"; of 17 paraphrased questions to the shipped corpus 5 are answered (0).
"""

import re
from collections.abc import Callable
from typing import NamedTuple

MODELS = r"(?=(?: (?:ai|language|frontier|weight))?[ -](?:models?|llms?|ais?|ones|weights|labs?|systems?)\b)"
# Each with the word that is read for it; a plural stays one.
SAME = tuple(
    (re.compile(rf"\b(?:{written})", re.IGNORECASE), read)
    for written, read in (
        (rf"(?:(?:free|public|open)ly (?:available|downloadable)|downloadable|free|public){MODELS}", "open"),
        (r"proprietary\b", "closed"),
        (rf"(?:private|commercial|locked[ -]down|api[ -]only){MODELS}", "closed"),
        (r"leaderboard(?=s?\b)", "benchmark"),
        (r"llm(?=s?\b)", "model"),
    )
)


class Reading(NamedTuple):
    """Words as they were written, and what they are read as; ``question[start:end]`` are those words."""

    start: int
    end: int
    read: str


def find_field_words(question: str, has: Callable[[str], bool]) -> list[Reading]:
    """Return what of a question is read as a word of the corpus that means the same, in its order.

    `has`: whether the corpus has a word, in lower case.
    """
    return sorted(
        Reading(*match.span(), read)
        for written, read in SAME
        if has(read)
        for match in written.finditer(question)
        if not any(has(form) for word in match[0].lower().split() for form in (word, f"{word}s"))
    )
