"""A quote in its paragraph, as the entry is now: found again by its place, or else by a short hash of its words. Pure.

Faces keep no text of an answer: a button carries the entry's id, the place and the hash.
"""

import hashlib
import re

from corpus.answer.sentences import find_heading
from corpus.answer.voices import find_block
from corpus.models.answers import Context
from corpus.models.entries import Block, Entry
from corpus.models.search import Span
from corpus.models.sources import Source

HASHED = 8  # hex digits: a button's id has 100 characters, and by chance one in four thousand million agrees
BESIDE = 700  # characters of the paragraph on either side
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# Where a quote may begin: not within a word. Writing without blanks has no such places, so all of them count there.
BEGINNING = re.compile(r"(?<![0-9A-Za-z])\S")
SENTENCE_END = re.compile(r"(?:[.?!…]['\"”’»)\]]*(?=\s)|[。？！])\s*")


def quote_hash(text: str) -> str:
    """Return a short name for a stretch of text: equal words, equal hash."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASHED]


def find_quote(text: str, start: int, end: int, expected: str) -> Span | None:
    """Return where the quote with this hash stands: at ``text[start:end]``, or in a changed text the nearest to it."""
    length = end - start
    if start < 0 or not 0 < length <= len(text):
        return None
    if end <= len(text) and quote_hash(text[start:end]) == expected:
        return Span(start, end)
    places = []
    for place in (match.start() for match in BEGINNING.finditer(text, 0, len(text) - length + 1)):
        quote, beyond = text[place : place + length], text[place + length : place + length + 1]
        # No word goes on behind a quote, and no blank stands at its end.
        may_end = not quote[-1].isspace() and not (beyond.isascii() and beyond.isalnum())
        if may_end and quote_hash(quote) == expected:
            places.append(place)
    nearest = min(places, key=lambda place: abs(place - start), default=None)
    return None if nearest is None else Span(nearest, nearest + length)


def add_context(entry: Entry, source: Source, quote: Span) -> Context:
    """Return the quote with the rest of its paragraph; "…" where more than some hundred characters stand beside it."""
    text = entry.text
    above = max((m.end() for m in BLANK_LINE.finditer(text, 0, quote.start)), default=0)
    below = BLANK_LINE.search(text, quote.end)
    before = text[above : quote.start].lstrip()
    after = text[quote.end : below.start() if below else len(text)].rstrip()
    section = find_heading(entry, quote.start)
    block = find_block(entry, quote.start, quote.end) or Block(quote.start, quote.end)
    words = (_shorten_start(before), text[quote.start : quote.end], _shorten_end(after))
    return Context(entry, source, *words, section, block.kind, block.speaker)


def _shorten_end(text: str) -> str:
    if len(text) <= BESIDE:
        return text
    ends = [m.end() for m in SENTENCE_END.finditer(text, 0, BESIDE)]
    cut = ends[-1] if ends and ends[-1] > BESIDE // 2 else text.rfind(" ", 0, BESIDE)
    return text[: cut if cut > 0 else BESIDE].rstrip() + " …"


def _shorten_start(text: str) -> str:
    if len(text) <= BESIDE:
        return text
    first = len(text) - BESIDE
    begin = next((m.end() for m in SENTENCE_END.finditer(text, first)), len(text))
    cut = begin if begin < len(text) - BESIDE // 2 else text.find(" ", first)
    return "… " + text[cut if cut >= 0 else first :].lstrip()
