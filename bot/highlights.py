"""The sentences of a quote that answer, as each face sets them off."""

from collections.abc import Sequence

from corpus import Answer, Citation, Sentence


def quotes_of(answer: Answer, sentence: Sentence) -> list[Citation]:
    return [answer.citations[place] for place in sentence.quotes]


def split_highlights(sentence: Sentence, quotes: Sequence[Citation]) -> list[tuple[str, bool]]:
    """Return a sentence without its lead-in in stretches that join to it, each with whether it is highlighted.

    Nothing is where the sentence is not the quote that it rests on.
    """
    text = sentence.text.removeprefix(sentence.lead)
    start = text.find(quotes[0].quote) if len(quotes) == 1 else -1
    if start < 0:
        return [(text, False)]
    parts, done = list[tuple[str, bool]](), 0
    for highlight in quotes[0].highlights:
        first, last = (start + place - quotes[0].start for place in highlight)
        parts += [(text[done:first], False), (text[first:last], True)]
        done = last
    return [part for part in (*parts, (text[done:], False)) if part[0]]
