"""The default writer: an answer is its quotes, each led by who says it. Pure.

An author's own words stand between quotation marks behind the author's name; a summary's words never do: they are
nobody's but the summary's, and the lead-in says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.answer.sentences import begins_inside, ends_inside
from corpus.models.answers import Citation, Sentence
from corpus.models.entries import Entry
from corpus.models.sources import Source
from corpus.text.dates import written_day
from corpus.text.person_name import join_names

MOST_NAMES = 3


class QuoteWriter:
    """One sentence for each quote, in their order."""

    def write(self, question: str, quotes: Sequence[Citation], sources: Mapping[str, Source]) -> list[Sentence]:  # noqa: ARG002  quotes speak for themselves
        shown: set[tuple[int, bool, str | None]] = set()  # whose words of which entry were led in
        sentences = []
        for place, quote in enumerate(quotes):
            voice = (quote.number, quote.kind == "quote", quote.speaker)
            sentence = sentence_of(quote, sources, known=voice in shown)
            sentences.append(replace(sentence, quotes=(place,)))
            shown = {one for one in shown if one[0] != quote.number} | {voice}
        return sentences


def sentence_of(citation: Citation, sources: Mapping[str, Source], *, known: bool = False) -> Sentence:
    """Return what a citation says, led by whose words they are; `known`: its entry was quoted just before."""
    entry = citation.entry
    # Outside the exact quote: what was cut from a sentence too long to be quoted.
    before = "… " if begins_inside(entry, citation.start) else ""
    after = " …" if ends_inside(entry, citation.end) else ""
    quoted = before + citation.quote + after
    if entry.wording == "summary":
        lead = "From the same summary: " if known else f"From {lead_in(entry, sources)}: "
    else:
        lead = "" if known else f"{_name_voice(citation, sources)}: "
    text = lead + (quoted if entry.wording == "summary" else f"“{quoted}”")
    return Sentence(text, (citation.number,), lead)


def _name_voice(citation: Citation, sources: Mapping[str, Source]) -> str:
    """Return what stands before a quote: an entry's own voice, or who else says it there."""
    entry, speaker = citation.entry, citation.speaker
    if speaker is None:
        return lead_in(entry, sources)
    if citation.kind == "quote":
        return f"{speaker}, quoted by {lead_in(entry, sources)}" if speaker else f"Quoted by {lead_in(entry, sources)}"
    source = sources.get(entry.source)
    place, who = source.name if source else entry.source, speaker or "One of those who speak"
    return f"{who}, {place}, {written_day(entry.published)}"


def lead_in(entry: Entry, sources: Mapping[str, Source]) -> str:
    """Return whose words an entry's text is, where and when: what stands before a quote."""
    source = sources.get(entry.source)
    place = source.name if source else entry.source
    day = written_day(entry.published)
    if entry.wording == "summary":
        return f"a summary of {_describe_piece(entry, source, place)}, {day}"
    guests, hosts = _name_speakers(entry)
    if guests:  # two speak, and the text alone does not say which
        who = f"interview of {guests} by {hosts}" if hosts else f"interview of {guests}"
    else:
        who = join_names(_people_with(entry, "author", "host"), MOST_NAMES)
    if not who or place.casefold() in who.casefold():  # a publication of one person's often has the name of that person
        return f"{who or place}, {day}"
    return f"{who}, {place}, {day}"


def _describe_piece(entry: Entry, source: Source | None, place: str) -> str:
    """Return the piece that a summary is of, in words: Nathan Lambert's essay; Dean W. Ball's interview with …"""
    guests, hosts = _name_speakers(entry)
    if guests:
        return f"{guests}'s interview with {hosts}" if hosts else f"an interview with {guests}"
    people = _people_with(entry, "author", "host")
    noun = source.piece if source else "piece"
    if not people:
        return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun} in {place}"
    named = join_names(people, MOST_NAMES)
    return f"{named}'s {noun}" if len(people) <= MOST_NAMES else f"the {noun} by {named}"


def _name_speakers(entry: Entry) -> tuple[str, str]:
    """Return the names of the guests of an interview, and of those who held it; "" for nobody."""
    guests, hosts = _people_with(entry, "guest"), _people_with(entry, "host", "author")
    return join_names(guests, MOST_NAMES), join_names(hosts, MOST_NAMES)


def _people_with(entry: Entry, *roles: str) -> list[str]:
    """Return the names of those with the first of these roles that anybody has."""
    named = ([person.name for person in entry.people if person.role == role] for role in roles)
    return next(filter(None, named), [])
