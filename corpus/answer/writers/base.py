"""Quotes → the sentences of an answer: what a writer is, and what is checked of the sentences that it writes."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.errors import WriterFailed
from corpus.models.answers import Citation, Sentence
from corpus.models.sources import Source


class Writer(Protocol):
    """Writes answers. It may be slow, and is called by several threads at a time."""

    def write(self, question: str, quotes: Sequence[Citation], sources: Mapping[str, Source]) -> Sequence[Sentence]:
        """Return the sentences of an answer made of these quotes, at least one; `sources`: slug → source.

        Each names the places in `quotes` of those that it rests on, one or more, and their numbers; a quote may serve
        several sentences, or none. Raises WriterFailed.
        """


def check_sentences(sentences: Sequence[Sentence], quotes: Sequence[Citation]) -> tuple[Sentence, ...]:
    """Return a writer's sentences, of which each rests on quotes that are there. Raises WriterFailed."""
    if not sentences:
        raise WriterFailed("The writer wrote nothing; the quotes are shown as they are.")
    for sentence in sentences:
        is_there = sentence.quotes and all(0 <= place < len(quotes) for place in sentence.quotes)
        if not sentence.text.strip() or not is_there:
            raise WriterFailed("A sentence of the writer rests on no quote; the quotes are shown as they are.")
        if set(sentence.citations) != {quotes[place].number for place in sentence.quotes}:
            raise WriterFailed("A sentence of the writer cites other entries than it rests on; the quotes are shown.")
    return tuple(sentences)
