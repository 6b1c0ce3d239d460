"""Sentences of a corpus that can be asked about → questions to be filled in. Chosen by a seed, the same every time."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from corpus.answer.sentences import cut_headings, find_heading, find_heading_lines
from corpus.index.chunking import split_sentences
from corpus.models.entries import Entry
from corpus.models.search import Span

if TYPE_CHECKING:
    from corpus.library import Corpus

SHORTEST, LONGEST = 60, 400  # characters of a sentence that says something, and can be quoted whole
WORDS, CONTENT_WORDS = 9, 3  # that it has at least; a content word is a long one, a name or a figure
LETTERS = 0.7  # of its characters: less is a table, a formula or code
LONG = 7  # letters
# A sentence that begins so leans on the one before it.
LEANING = frozenset(
    """
above accordingly additionally again also and another anyway because besides both but consequently conversely each
either finally first furthermore he hence her here his however i indeed instead it its like likewise meanwhile moreover
my neither nevertheless next nonetheless nor or otherwise our perhaps rather second she similarly so still such that
then there therefore these they third this those though thus too we well what which who why yes yet you your
""".split()
)
# And so does one with such a word near its beginning; further on, it may mean something in the sentence itself.
POINTING = re.compile(
    r"\b(?:above|below|former|latter|aforementioned|the other|the same|this|these|those|such a"
    r"|its?|he|she|they|them|their|his|her)\b"
)
NEAR = 40  # characters
WHOLE = re.compile(r"[A-Z0-9“\"].*[.!…][”\"')\]]*", flags=re.DOTALL)
NOT_PROSE = re.compile(r"https?://|www\.|[|{}<>=©\n]")


@dataclass(frozen=True, slots=True)
class Stub:
    """A sentence of an entry that a question may be written for: ``entry.text[start:end]``."""

    entry: Entry
    start: int
    end: int
    section: str

    @property
    def text(self) -> str:
        return self.entry.text[self.start : self.end]


def make_stubs(corpus: "Corpus", number: int, seed: int = 0) -> list[Stub]:
    """Return as many sentences, or all there are: of each source in turn, from old entries and new ones, none twice.

    Of cross-posts the oldest alone gives any: the others are not quoted.
    """
    return list(islice(_draw_stubs(corpus, random.Random(seed)), number))  # noqa: S311  no secret


def _draw_stubs(corpus: "Corpus", chance: random.Random) -> Iterator[Stub]:
    """Yield one of each entry, then another one of each, until there are no more."""
    rounds: list[Iterator[Stub]] = []
    for entry in _take_turns(corpus.entries(), chance):
        its = _draw_from_entry(entry, chance)
        first = next(its, None)
        copies = corpus.page(entry.id).copies if first is not None else ()
        is_original = all((entry.published, entry.id) < (copy.published, copy.id) for copy in copies)
        if first is not None and is_original:
            rounds.append(its)
            yield first
    while rounds:
        drawn = [(its, stub) for its in rounds if (stub := next(its, None)) is not None]
        yield from (stub for _, stub in drawn)
        rounds = [its for its, _ in drawn]


def _take_turns(entries: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """Return the entries in an order whose every beginning is spread over the sources and, within each, the years."""
    by_source: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.published, e.id)):
        by_source.setdefault(entry.source, []).append(entry)
    sources = sorted(by_source)
    chance.shuffle(sources)
    spread = [_spread_out(by_source[source], chance) for source in sources]
    return [entry for entry in chain.from_iterable(zip_longest(*spread)) if entry is not None]


def _spread_out(ordered: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """Return them with each far from those before: the golden ratio's steps round a circle, from a place by chance."""
    left, at = list(ordered), chance.random()
    ordered_anew = []
    while left:
        ordered_anew.append(left.pop(int(at * len(left))))
        at = (at + 0.618034) % 1
    return ordered_anew


def _draw_from_entry(entry: Entry, chance: random.Random) -> Iterator[Stub]:
    """Yield the sentences of an entry that can be asked about, in an order drawn by chance."""
    headings = find_heading_lines(entry, Span(0, len(entry.text)))
    sentences = split_sentences(entry.text, entry.language)
    parts = chain.from_iterable(cut_headings(s, headings, entry.text) for s in sentences)
    fit = [part for part in parts if can_be_asked_about(entry.text[part.start : part.end])]
    chance.shuffle(fit)
    yield from (Stub(entry, start, end, find_heading(entry, start)) for start, end in fit)


def can_be_asked_about(sentence: str) -> bool:
    """Whether a sentence stands by itself and says something: no heading, no list, no question, nothing that points."""
    words = re.findall(r"[^\W_]+(?:[-'’.,][^\W_]+)*", sentence)
    if not SHORTEST <= len(sentence) <= LONGEST or len(words) < WORDS or not WHOLE.fullmatch(sentence):
        return False
    first = re.split("['’]", words[0].lower())[0]
    if first in LEANING or POINTING.search(sentence[:NEAR].lower()) or NOT_PROSE.search(sentence):
        return False
    letters = sum(c.isalpha() or c.isspace() for c in sentence) / len(sentence)
    content = sum(len(w) >= LONG or w[0].isdigit() or (w[0].isupper() and w is not words[0]) for w in words)
    return letters >= LETTERS and content >= CONTENT_WORDS
