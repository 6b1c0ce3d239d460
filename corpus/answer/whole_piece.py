"""A piece as a whole: at most three of its sentences that state what it says.

A sentence's worth = its cosine with the whole piece and its title (the mean of its passages + TITLE · the title)
+ STATES where it says that it states something ("we argue", "this post", "the point is") + CLAIMS where it judges
("should", "not … but") + OPENING or CLOSING in the first or last paragraphs, where a piece says what it is about, or
what came of it; less SHORT, LEANS and QUOTING where it says little by itself: it is short, takes up the sentence
before, or is somebody's speech.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from corpus.answer.rerank import Models
from corpus.answer.select import ASKING, END_MARKS, SAME, SHORTEST, Quote
from corpus.answer.sentences import read_sentences
from corpus.answer.voices import keep_quotable
from corpus.index.embedders.base import Vector
from corpus.index.generation import Generation
from corpus.models.entries import Entry
from corpus.models.search import NO_FILTERS, Hit, ScoredSentence
from corpus.query.plain_words import any_of

MOST = 3
TITLE = 0.5
STATES, CLAIMS = 0.12, 0.08
OPENING, CLOSING = 0.1, 0.06
SHORT, LEANS, QUOTING = 0.15, 0.1, 0.2
PARAGRAPHS = 4  # of the opening, and of the closing; fewer, where they were half of the piece
FEW_WORDS = 8
LONGEST = 500  # characters of a sentence that states something in short
STATING = re.compile(
    any_of(
        r"\b(?:we|I)(?:['’](?:ve|m|re|ll|d))?(?: \w+)? (?:argue|believe|think|show|find|found|propose|introduce|present"
        r"|claim|suggest|release|explore|describe|built|want|predict|conclude|recommend|expect|urge|ask|hope|learned)\b",
        r"\b(?:this|the) (?:post|essay|article|piece|paper)\b|\bin (?:short|summary|conclusion)\b|\bultimately\b",
        r"\bthe (?:\w+ )?(?:point|problem|key|lesson|takeaway|answer|thesis|goal|idea|reason) (?:is|here|of)\b",
        r"\bmy (?:\w+ )?(?:view|point|argument|take|claim|bet|thesis|conclusion)\b",
    ),
    re.IGNORECASE,
)
CLAIMING = re.compile(
    any_of(
        r"\b(?:should|must|needs? to|have to|has to|never|always|will be|the only|rather than|instead of|so much as)\b",
        r"\bit(?: i|['’])s time\b|\bnot (?:\w+ ){1,6}but\b|\bwhat (?:I|we) (?:do )?(?:know|want|need)\b",
        r"\bI(?: a|['’])m (?:\w+ )?(?:convinced|sure|certain|starting)\b",
    ),
    re.IGNORECASE,
)
TAKING_UP = re.compile(r"[\W_]*(?:because|that|which|also|though|except|even|maybe)\b", re.IGNORECASE)
SPEECH = re.compile(r"[\[\"“”]")


class _Statement(NamedTuple):
    quote: Quote
    terms: frozenset[str]
    worth: float


def read_piece(generation: Generation, models: Models, number: int, entry: Entry) -> list[Hit]:
    """Return the passages of an entry, in the order of its text, each sentence with its cosine with the whole piece.

    0 for each where no model here has made the generation's vectors. Raises ModelUnusable.
    """
    embedder = models.embedders.find(generation)
    whole = generation.table.entry_vector(number)
    if embedder is not None and whole is not None:
        mixed = whole + TITLE * embedder.embed_question(entry.title)
        whole = np.asarray(mixed / max(float(np.linalg.norm(mixed)), 1e-9), dtype=np.float32)
    hits = []
    for key in generation.table.stretches_of(number)[0]:
        _, passage = generation.table.passage(key)
        cosines = _cosines(generation, key, whole, len(passage.sentences))
        sentences = tuple(ScoredSentence(s.start, s.end, c) for s, c in zip(passage.sentences, cosines, strict=True))
        hits.append(Hit(entry, passage.start, passage.end, 1.0, max(cosines, default=0.0), sentences, number))
    return keep_quotable(hits, NO_FILTERS)


def _cosines(generation: Generation, key: int, whole: Vector | None, count: int) -> list[float]:
    return [0.0] * count if whole is None else generation.table.sentence_similarities(key, whole)


def choose_statements(generation: Generation, hits: Sequence[Hit]) -> list[Quote]:
    """Return at most three sentences of one entry's passages that state what it says, in the order of its text."""
    chosen: list[_Statement] = []
    for statement in sorted(_weigh_sentences(generation, hits), key=lambda one: -one.worth):
        apart = all(
            statement.quote.start >= other.quote.end or other.quote.start >= statement.quote.end for other in chosen
        )
        repeats = any(
            len(statement.terms & other.terms) >= SAME * min(len(statement.terms), len(other.terms)) for other in chosen
        )
        if apart and not repeats:
            chosen.append(statement)
        if len(chosen) == MOST:
            break
    return sorted((one.quote for one in chosen), key=lambda quote: quote.start)


def _weigh_sentences(generation: Generation, hits: Sequence[Hit]) -> Iterator[_Statement]:
    if not hits:
        return
    text = hits[0].entry.text
    paragraphs = [m.end() for m in re.finditer(r"\n\s*\n", text)] or [len(text)]
    edge = max(1, min(PARAGRAPHS, len(paragraphs) // 4))
    opening, closing = paragraphs[edge - 1], paragraphs[-edge]
    for hit in hits:
        for place, own, quoted, start, leans in read_sentences(hit):
            words = text[own.start : own.end]
            if not SHORTEST <= len(words) <= LONGEST or not words.endswith(
                END_MARKS
            ):  # a row of a list, an announcement
                continue
            worth = hit.sentences[place].similarity + STATES * bool(STATING.search(words))
            worth += CLAIMS * bool(CLAIMING.search(words))
            worth += OPENING * (own.start < opening) + CLOSING * (own.start >= closing > opening)
            takes_up = leans or TAKING_UP.match(words) is not None
            worth -= SHORT * (len(words.split()) < FEW_WORDS) + LEANS * takes_up + QUOTING * bool(SPEECH.match(words))
            worth -= ASKING * words.rstrip("\"'”’») ").endswith("?")
            yield _Statement(Quote(hit, start, quoted.end), frozenset(generation.words(words)), worth)
