"""Where the headings of a Markdown text stand."""

import re
from collections.abc import Iterator

HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(?P<title>.*?))?(?:[ \t]+#+)?[ \t]*")
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>.*)")
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
LONGEST = 1000  # characters of a heading's line
MARKS = re.compile(r"(\*\*|__|`)(.+?)\1")


def headings(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield each heading that is written with # as (offset of its line, title), without those in a block of code."""
    start, fence = 0, ""
    for line in markdown.split("\n"):
        mark = FENCE.fullmatch(line)
        if fence:
            if mark and mark["mark"].startswith(fence) and not mark["rest"].strip():
                fence = ""
        elif mark:
            fence = mark["mark"]
        elif len(line) <= LONGEST and (found := HEADING.fullmatch(line)) and found["title"]:
            yield start, MARKS.sub(r"\2", LINK.sub(r"\1", found["title"])).strip()
        start += len(line) + 1
