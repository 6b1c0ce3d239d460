"""Whose words a quotation says that it is, in its own lines: a name that is surely a person's, or nobody."""

import re
from typing import Any

ATTRIBUTION = re.compile(r"[—–―-]{1,2}\s*(?P<name>[^\W\d_][^,(@\n]{1,60}?)\s*(?:[,(@].*)?", re.DOTALL)
PARTICLES = frozenset("de da di van von der den la le al bin del dos du".split())
NO_PERSON = frozenset("the a an proverb anonymous unknown source via saying folk old and never again".split())


def name_quoted(quotation: Any) -> str:
    """Return the name that a quotation says it is by, or "": of several, or of none that is surely a person's."""
    cited = quotation.xpath(".//cite | .//footer | .//figcaption")
    lines = [line for part in quotation.xpath(".//p | .//footer | .//cite") for line in part.text_content().split("\n")]
    lines += [" ".join(child.tail.split()) for child in quotation.iter("br") if child.tail]
    lines += [quotation.text_content().strip().rpartition("\n")[2]]
    names = {name for line in lines if (name := find_attribution(line))}
    last = " ".join(cited[-1].text_content().split()) if cited else ""
    if not names and last and quotation.text_content().rstrip().endswith(last.rpartition(" ")[2]):
        names = {name for name in [find_attribution(f"— {last}")] if name}
    return names.pop() if len(names) == 1 else ""


def find_attribution(line: str) -> str:
    """Return the name in a line that says whose words stand above it: "— Bo Marsh, The Mill"; "" for any other."""
    match = ATTRIBUTION.fullmatch(" ".join(line.split())[-200:])
    words = match["name"].split() if match else []
    are_names = all(word[0].isupper() or word in PARTICLES or not word.isascii() for word in words)
    if not 1 < len(words) <= 4 or not are_names or NO_PERSON & {word.lower() for word in words}:  # noqa: PLR2004
        return ""
    return "" if match is None or re.search(r"[.!?\d“”\"]", match["name"].replace(". ", " ")) else match["name"].strip()
