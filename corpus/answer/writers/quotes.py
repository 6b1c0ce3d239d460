"""The default writer: an answer is its quotes, each led by who says it. Pure.

An author's own words stand between quotation marks behind the author's name; a summary's words never do: they are
nobody's but the summary's, and the lead-in says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.answer.select import begins_inside, ends_inside
from corpus.models.answers import Citation, Sentence
from corpus.models.entries import Entry
from corpus.models.sources import Source
from corpus.text.dates import written_day

MOST_NAMES = 3


class QuoteWriter:
    """One sentence for each quote, in their order."""

    def write(self, question: str, quotes: Sequence[Citation], sources: Mapping[str, Source]) -> list[Sentence]:  # noqa: ARG002  quotes speak for themselves
        shown: set[int] = set()
        sentences = []
        for place, quote in enumerate(quotes):
            sentence = sentence_of(quote, sources, known=quote.number in shown)
            sentences.append(replace(sentence, quotes=(place,)))
            shown.add(quote.number)
        return sentences


def sentence_of(citation: Citation, sources: Mapping[str, Source], *, known: bool = False) -> Sentence:
    """What a citation says, led by whose words they are; `known`: its entry was quoted just before."""
    entry = citation.entry
    # Outside the exact quote: what was cut from a sentence too long to be quoted.
    before = "… " if begins_inside(entry.text, citation.start) else ""
    after = " …" if ends_inside(entry.text, citation.end) else ""
    quoted = before + citation.quote + after
    lead = _lead(entry, sources, known=known)
    text = lead + (quoted if entry.wording == "summary" else f"“{quoted}”")
    return Sentence(text, (citation.number,), lead)


def _lead(entry: Entry, sources: Mapping[str, Source], *, known: bool) -> str:
    """What stands before a quote; `known`: this entry was quoted just before."""
    if entry.wording == "summary":
        return "From the same summary: " if known else f"From {lead_in(entry, sources)}: "
    return "" if known else f"{lead_in(entry, sources)}: "


def lead_in(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Whose words an entry's text is, where and when: what stands before a quote."""
    source = sources.get(entry.source)
    place = source.name if source else entry.source
    day = written_day(entry.published)
    if entry.wording == "summary":
        return f"a summary of {_piece(entry, source, place)}, {day}"
    who = _who(entry)
    return f"{who}, {place}, {day}" if who else f"{place}, {day}"


def _piece(entry: Entry, source: Source | None, place: str) -> str:
    """The piece that a summary is of, in words: Nathan Lambert's essay; Dean W. Ball's interview with …"""
    guests, hosts = _named(entry, "guest"), _named(entry, "host") or _named(entry, "author")
    if guests:
        return f"{_join(guests)}'s interview with {_join(hosts)}" if hosts else f"an interview with {_join(guests)}"
    people = _named(entry, "author") or hosts
    noun = source.piece if source else "piece"
    if not people:
        return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun} in {place}"
    return f"{_join(people)}'s {noun}" if len(people) <= MOST_NAMES else f"the {noun} by {_join(people)}"


def _who(entry: Entry) -> str:
    """Who speaks in an entry's own words. In an interview two do, and the text alone does not say which."""
    guests, hosts = _named(entry, "guest"), _named(entry, "host") or _named(entry, "author")
    if guests:
        return f"interview of {_join(guests)} by {_join(hosts)}" if hosts else f"interview of {_join(guests)}"
    return _join(_named(entry, "author") or hosts)


def _named(entry: Entry, role: str) -> list[str]:
    return [person.name for person in entry.people if person.role == role]


def _join(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[: MOST_NAMES - 1])} and {len(names) - MOST_NAMES + 1} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
