"""Chosen sentences → the places that are shown: each within its paragraph, so that it can be understood. Pure.

A sentence that answers often needs the one beside it: on 180 questions to 294 essays a known answer stands among what
is quoted for 34% with sentences alone, for 44% with three places of about 300 characters (spans 75 and 81%, the shipped
corpus 78 and 88%). More than 300 characters brought nothing: 44.4% with 400, 45.0% with 500.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.answer.coverage import Terms
from corpus.answer.select import BELOW, BEYOND, QUOTED, SAME, Choice, Considered, Quote
from corpus.answer.sentences import (
    FURNITURE,
    LINE_MARK,
    are_neighbours,
    find_heading_lines,
    leans_on_previous,
    with_correction,
)
from corpus.answer.voices import STRUCK, find_block
from corpus.index.chunking import split_sentences
from corpus.models.entries import Entry
from corpus.models.search import Hit, Span
from corpus.text.decoding import is_garbled

PLACES = 3  # of one answer
LATELY = 256  # sentences whose places are kept
LONG = 300  # characters that a place is to have, where its paragraph has them
MOST = 500  # that it is grown to at the most: with 400 two in a hundred fewer are answered
LIST = 600  # that a list may have with the line that announces it
FURTHER = 0.7  # of the best sentence's worth: what is shown beside it, without a highlight
PARAGRAPH = 4000  # characters; of what is longer (a log, a table without lines), nothing is grown
ANNOUNCES = re.compile(r"[:：]\s*$")
BROKEN_OFF = re.compile(r"[^\W\d_]\s*$")  # without an end: a list that follows goes on with it


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of an entry that is to be shown, for a sentence of this worth."""

    hit: Hit
    start: int
    end: int
    worth: float
    highlights: tuple[Span, ...] = ()

    def overlaps(self, hit: Hit, stretch: Span) -> bool:
        return self.hit.entry.id == hit.entry.id and self.start < stretch.end and stretch.start < self.end


def choose_places(choice: Choice, terms: Terms) -> Choice:
    """Return a choice of sentences as at most PLACES places: the sentences are highlighted in them.

    Where the sentences stand in fewer places, the next best ones are shown, too, and none of theirs is highlighted.
    Places of one entry stand together, in the order of its text, the best entry first; what follows right upon another
    is one place with it.
    """
    places: list[_Place] = []
    for worth, quote in _rank_quotes(choice):
        own = Span(quote.start, quote.end)
        for place in places:
            if place.overlaps(quote.hit, own):
                around = Span(min(place.start, own.start), max(place.end, own.end))
                highlights = tuple(sorted((*place.highlights, own)))
                places[places.index(place)] = replace(place, start=around.start, end=around.end, highlights=highlights)
                break
        else:
            if len(places) < PLACES:
                grown = _grow_beside(quote.hit, own, places)
                places.append(_Place(quote.hit, *grown, worth, highlights=(own,)))
    for one in choice.considered:
        if len(places) == PLACES or not places or one.worth < FURTHER * choice.considered[0].worth:
            break
        if one.outcome in {BELOW, BEYOND} and _adds_to(one, places, terms):
            places.append(_Place(one.hit, *_grow_beside(one.hit, Span(one.start, one.end), places), one.worth))
    entries = list(dict.fromkeys(place.hit.entry.id for place in places))
    quotes: list[Quote] = []
    for place in sorted(places, key=lambda place: (entries.index(place.hit.entry.id), place.start)):
        quote = Quote(place.hit, place.start, place.end, place.highlights)
        last = quotes[-1] if quotes else None
        if last and last.hit.entry.id == quote.hit.entry.id and are_neighbours(quote.hit.entry, last, quote):
            quotes[-1] = replace(last, end=quote.end, highlights=last.highlights + quote.highlights)
        else:
            quotes.append(quote)
    return replace(choice, quotes=tuple(quotes))


def _rank_quotes(choice: Choice) -> list[tuple[float, Quote]]:
    """Return the quotes with the worth of the best sentence in each, the best first."""
    quoted = [one for one in choice.considered if one.outcome == QUOTED]
    ranked = []
    for quote in choice.quotes:
        within = (
            one.worth
            for one in quoted
            if one.hit.entry.id == quote.hit.entry.id and quote.start <= one.start and one.end <= quote.end
        )
        ranked.append((max(within, default=0.0), quote))
    return sorted(ranked, key=lambda pair: -pair[0])


def _adds_to(one: Considered, places: Sequence[_Place], terms: Terms) -> bool:
    """Whether a sentence stands in none of the places, and most of its terms do not stand in any of them, either."""
    stretch = Span(one.start, one.end)
    own = set(terms(one.hit.entry.text[one.start : one.end]))
    for place in places:
        held = own.intersection(terms(place.hit.entry.text[place.start : place.end]))
        if place.overlaps(one.hit, stretch) or len(held) >= SAME * max(1, len(own)):
            return False
    return True


def _grow_beside(hit: Hit, own: Span, places: Sequence[_Place]) -> Span:
    """Return a sentence grown, or as it is where that would run into one of the places."""
    grown = grow(hit.entry, own)
    return own if any(place.overlaps(hit, grown) for place in places) else grown


@lru_cache(maxsize=LATELY)
def grow(entry: Entry, own: Span) -> Span:
    """Return a sentence with those beside it in its paragraph, to about LONG characters; of a list, with its items.

    What stands behind goes before what stands in front, but a place does not begin with a sentence that leans on one
    that is not shown. Nothing is taken in that may not be quoted, and nothing of somebody else's words.
    """
    around = _find_paragraph(entry, own)
    if around is None:
        return own
    longest = MOST if "\n" not in entry.text[around.start : around.end] else LIST
    wanted = LONG if longest == MOST else LIST
    text = entry.text
    sentences = [
        Span(around.start + s.start, around.start + s.end)
        for s in split_sentences(text[around.start : around.end], entry.language)
    ]
    inside = [place for place, s in enumerate(sentences) if s.start < own.end and own.start < s.end]
    if not inside:
        return own
    first, last = inside[0], inside[-1]
    start, end = own

    struck = [Span(*match.span()) for match in STRUCK.finditer(text, *around)]

    def fits(one: Span) -> bool:
        is_within = max(end, one.end) - min(start, one.start) <= longest
        is_struck = any(span.start < one.end and one.start < span.end for span in struck)
        words = text[one.start : one.end]
        return is_within and not (is_struck or FURNITURE.fullmatch(words) or is_garbled(words))

    while True:
        leans = leans_on_previous(text[start:end])
        behind = last + 1 < len(sentences) and end - start < wanted and fits(sentences[last + 1])
        before = first > 0 and (leans or end - start < wanted) and fits(sentences[first - 1])
        if before and (leans or not behind):
            first -= 1
            start = sentences[first].start
        elif behind:
            last += 1
            end = sentences[last].end
        else:
            break
    grown = with_correction(entry, _without_mark(text, Span(start, end)))
    return grown if grown and find_block(entry, *grown) else own


def _find_paragraph(entry: Entry, own: Span) -> Span | None:
    """Return the paragraph around a stretch, within one voice; for an item of a list, the list and what announces it.

    None where there is none that could be shown.
    """
    text = entry.text
    behind = bisect_right(entry.blocks, own.start, key=lambda block: block.start)
    block = entry.blocks[behind - 1] if behind and entry.blocks[behind - 1].end > own.start else None
    if block:
        least, most = block.start, block.end
    else:
        least = entry.blocks[behind - 1].end if behind else 0
        most = entry.blocks[behind].start if behind < len(entry.blocks) else len(text)
    start = max(least, text.rfind("\n", least, own.start) + 1)
    end = text.find("\n", own.end, most)
    end = end if end >= 0 else most
    is_item = LINE_MARK.match(text, start, end) or (block is not None and block.kind == "list")
    while is_item and start > least and own.end - start < LIST:
        previous = text.rfind("\n", least, start - 1) + 1 if start - 1 > least else least
        line = text[previous : start - 1]
        if line.strip() and not (LINE_MARK.match(line) or ANNOUNCES.search(line)):
            break
        start = max(previous, least)
        if line.strip() and not LINE_MARK.match(line):
            break
    announces = ANNOUNCES.search(text, max(start, end - 3), end) or BROKEN_OFF.search(text, max(start, end - 3), end)
    while (is_item or announces) and end < most and end - own.start < LIST:
        following = text.find("\n", end + 1, most)
        following = following if following >= 0 else most
        line = text[end + 1 : following]
        if line.strip() and not (LINE_MARK.match(line) or (block and block.kind == "list")):
            break
        end = following
    if end - start > PARAGRAPH or any(line.end > start for line in find_heading_lines(entry, Span(start, end))):
        return None
    return Span(start, end)


def _without_mark(text: str, stretch: Span) -> Span:
    """Return a stretch without the mark of a list's item that it begins with."""
    mark = LINE_MARK.match(text, stretch.start, stretch.end)
    return Span(mark.end(), stretch.end) if mark else stretch
