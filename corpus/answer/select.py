"""From the best passages, the sentences worth quoting: at most five, without saying one thing twice.

A sentence's worth = its cosine with the question + BEFORE · that of the sentence before it + the share of the
question's terms that stand in it or over it (title, heading, whose it is), each weighted by its rarity among the
sentences considered: a word of the subject stands in most of them, and what is asked of it in few + PASSAGE · its
passage's score over the best's; less ASKING where it asks itself, LEANS where it leans on a sentence that cannot be
quoted with it, PUBLISHED where it speaks of its piece's publication, and LACKS where it has not the figure, day or name
that is asked for. For a definition, DEFINES more where it says what the term is; for all else, less the share TIER of
it for each tier away from the primary: who retells a piece gives way to the piece. Pure.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self

from corpus.answer.coverage import Asked, Terms, lacks_wanted, share_terms
from corpus.answer.sentences import are_neighbours, find_heading, read_sentences
from corpus.models.entries import Entry
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Hit, Span
from corpus.text.dates import written_day

NOTHING_ASKED = Asked({})  # but terms
PASSAGES = 8  # whose sentences are candidates
MOST = 5  # sentences of one answer
BEFORE = 0.2
PASSAGE = 0.3
ASKING = 0.5
LEANS = 0.05
LACKS = 0.3
DEFINES = 0.2
PUBLISHED = 0.5
LONGEST_TERM = 80  # characters, before it is said what that is
SAYS_WHAT = re.compile(r"\b(?:is|are|was|were|means?|refers? to|stands? for|consists? of|describes?)\b|:(?=\s)")
INTRODUCES = re.compile(r"(?:we|I|today)\b.{0,30}\b(?:introduc|present|announc|releas)\w* (?:the )?", re.IGNORECASE)
INTRODUCED = 30  # characters behind it, in which the term stands: "We proudly introduce Brillo, an editor …"
TIER = 0.12
ENOUGH = 0.88  # of the best sentence's worth
SAME = 0.75  # of all terms of two sentences stand in both: they say the same
# Characters; what is shorter is a heading or a crumb, unless it ends like a sentence and has some letters.
SHORTEST = 25
FEWEST_LETTERS = 6
ASKS = ("?", "？", "؟")
END_MARKS = tuple(".?!…。？！\"'”’)")
# What turns a sentence round, or makes it another claim: two sentences that differ in these never say the same.
NEGATIONS = frozenset("no not never none neither nor without cannot".split())
NOT = re.compile(r"n['’]t\b")
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand
    million billion half third quarter twice double""".split()
)

Outcome = Literal["quoted", "below the bar", "beyond five", "overlaps", "repeats"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a hit's entry that is to be quoted: one sentence, or neighbours joined, or the place around them.

    `highlights`: the sentences of a place that answer.
    """

    hit: Hit
    start: int
    end: int
    highlights: tuple[Span, ...] = ()


@dataclass(slots=True)
class _Candidate:
    """A sentence that could be quoted, from `start`; `own`: where it begins without the sentence that it leans on."""

    hit: Hit
    start: int
    end: int
    own: int
    terms: frozenset[str]
    worth: float

    @property
    def text(self) -> str:
        return self.hit.entry.text[self.own : self.end]

    def overlaps(self, other: Self) -> bool:
        return self.hit.entry.id == other.hit.entry.id and self.start < other.end and other.start < self.end

    def precedes(self, other: Self) -> bool:
        """Whether the other stands right behind this one, in one paragraph of one passage."""
        return self.hit is other.hit and self.end <= other.start and are_neighbours(self.hit.entry, self, other)

    def repeats(self, other: Self) -> bool:
        """Whether this only says the other again: most terms in common, no figure of its own, nothing denied."""
        if len(self.terms & other.terms) < SAME * max(1, len(self.terms | other.terms)):
            return False
        (figures, negations), (other_figures, other_negations) = map(_find_claims, (self.text, other.text))
        return figures <= other_figures and negations == other_negations

    def is_original_of(self, other: Self) -> bool:
        """Whether the same words stand here in an entry published, or else archived, before: a copy gives way to it."""
        age, other_age = ((c.hit.entry.published, c.hit.number) for c in (self, other))
        return self.terms == other.terms and age < other_age


@dataclass(frozen=True, slots=True)
class Considered:
    """A sentence that might have been quoted, and what became of it. `repeats`: the entry whose quote says the same."""

    hit: Hit
    start: int
    end: int
    worth: float
    outcome: Outcome
    repeats: str | None = None


QUOTED: Final = "quoted"
BELOW: Final = "below the bar"
BEYOND: Final = "beyond five"
OVERLAPS: Final = "overlaps"
REPEATS: Final = "repeats"


@dataclass(frozen=True, slots=True)
class Choice:
    """The quotes of an answer, and all sentences considered, best first. `bar`: the least worth that was enough.

    `certain`: whether the quotes are what was asked for, however sure it is that they answer.
    """

    quotes: tuple[Quote, ...] = ()
    considered: tuple[Considered, ...] = ()
    bar: float = 0.0
    certain: bool = False


def choose_quotes(hits: Sequence[Hit], words: Sequence[str], terms: Terms, asked: Asked = NOTHING_ASKED) -> Choice:
    """Return the quotes for an answer to a question with these terms, and what became of every sentence.

    Those of one entry stand together, the best entry first.
    """
    candidates = _rank_candidates(hits[:PASSAGES], words, terms, asked)
    if not candidates:
        return Choice()
    bar = ENOUGH * candidates[0].worth
    chosen: list[int] = []  # places in candidates
    fates: list[Outcome | int] = []  # what became of each, or which of the chosen it repeats
    for place in range(len(candidates)):
        candidate, others = candidates[place], [candidates[i] for i in chosen]
        if any(candidate.overlaps(other) for other in others):
            candidate.start = candidate.own  # what it leans on is quoted
        fate = _decide_fate(candidate, others, bar)
        if fate == QUOTED:
            chosen.append(place)
        elif isinstance(fate, int) and candidate.is_original_of(others[fate]):
            fates[chosen[fate]] = fate
            chosen[fate] = place
            fate = QUOTED
        fates.append(fate)
    quoted = [candidates[i] for i in chosen]
    considered = []
    for c, fate in zip(candidates, fates, strict=True):
        repeats = quoted[fate].hit.entry.id if isinstance(fate, int) else None
        outcome = REPEATS if isinstance(fate, int) else fate
        considered.append(Considered(c.hit, c.start, c.end, c.worth, outcome, repeats))
    return Choice(tuple(_arrange(quoted)), tuple(considered), bar)


def choose_best_of_each(hits: Sequence[Hit], most: int, words: Sequence[str], terms: Terms) -> list[Quote]:
    """Return the best sentence of each of the `most` best entries, oldest first; a copy gives way to the original."""
    chosen: list[_Candidate] = []
    seen: set[str] = set()
    for candidate in _rank_candidates(hits, words, terms):
        if candidate.hit.entry.id in seen:
            continue
        seen.add(candidate.hit.entry.id)
        copied = next((i for i, other in enumerate(chosen) if candidate.terms == other.terms), None)
        if copied is None:
            chosen.append(candidate)
        elif candidate.is_original_of(chosen[copied]):
            chosen[copied] = candidate
    ordered = sorted(chosen[:most], key=lambda c: (c.hit.entry.published, c.hit.number))
    return [Quote(c.hit, c.start, c.end) for c in ordered]


def _rank_candidates(
    hits: Sequence[Hit], words: Sequence[str], terms: Terms, asked: Asked = NOTHING_ASKED
) -> list[_Candidate]:
    """Return the sentences of the hits that could be quoted, each with its worth, the best first."""
    candidates = [candidate for hit in hits for candidate in _read_candidates(hit, terms)]
    # What a piece and a section are about, each of their sentences is about; what is rare is told from the sentences'
    # own words. Right without it, with it: essays .444 .465, gold .78 .80, spans .79 .80, practice .57 .60.
    own = [candidate.terms for candidate in candidates]
    headed = {hit.entry.id: frozenset(terms(_head_of(hit.entry))) for hit in hits}
    held = [c.terms.union(headed[c.hit.entry.id], terms(find_heading(c.hit.entry, c.own))) for c in candidates]
    shares = share_terms(measure_rarities(words, own), held)
    highest = hits[0].score if hits and hits[0].score > 0 else math.inf
    is_definition = asked.kind is QuestionKind.DEFINITION
    for candidate, share in zip(candidates, shares, strict=True):
        candidate.worth += share + PASSAGE * candidate.hit.score / highest
        candidate.worth -= LACKS * lacks_wanted(asked, candidate.hit.entry, Span(candidate.own, candidate.end), terms)
        candidate.worth -= PUBLISHED * (asked.kind is not QuestionKind.WHEN and _is_on_publication(candidate))
        if is_definition:  # a guide explains a term better than who uses it
            candidate.worth += DEFINES * _defines(candidate.text, words, terms)
        else:
            candidate.worth *= 1 - TIER * (candidate.hit.entry.tier - 1)
    return sorted(candidates, key=lambda c: -c.worth)


def _is_on_publication(candidate: _Candidate) -> bool:
    """Whether a sentence's paragraph says on which day its piece was published: that stands before each quote."""
    text = candidate.hit.entry.text
    end = text.find("\n\n", candidate.end)
    paragraph = text[text.rfind("\n\n", 0, candidate.own) + 1 : end if end >= 0 else len(text)]
    return "publish" in paragraph and written_day(candidate.hit.entry.published) in paragraph


def _head_of(entry: Entry) -> str:
    """Return the words over an entry: its title, where it appeared, whose it is."""
    return " ".join([entry.title, entry.source, *(person.name for person in entry.people)])


def _defines(sentence: str, words: Sequence[str], terms: Terms) -> bool:
    """Whether a sentence begins with these terms and goes on to say what they are, or introduces them."""
    verb, introduces = SAYS_WHAT.search(sentence, 0, LONGEST_TERM), INTRODUCES.match(sentence)
    begins = sentence[: verb.start()] if verb else ""
    introduced = sentence[introduces.end() : introduces.end() + INTRODUCED] if introduces else ""
    return bool(words) and any(set(words) <= set(terms(part)) for part in (begins, introduced))


def measure_rarities(asked: Iterable[str], sentences: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return how rare each term is among some sentences: its inverse document frequency in them, as BM25 has it."""
    holding = Counter(word for held in sentences for word in held)
    return {word: math.log(1 + (len(sentences) - holding[word] + 0.5) / (holding[word] + 0.5)) for word in asked}


def _decide_fate(candidate: _Candidate, chosen: Sequence[_Candidate], bar: float) -> Outcome | int:
    """Return what becomes of a candidate, or the place of the chosen one that it repeats."""
    if candidate.worth < bar:
        return BELOW
    # A sentence with the one that it leans on counts as two.
    if sum(1 if c.start == c.own else 2 for c in (*chosen, candidate)) > MOST:
        return BEYOND
    if any(candidate.overlaps(other) for other in chosen):
        return OVERLAPS
    return next((i for i, other in enumerate(chosen) if candidate.repeats(other)), QUOTED)


def _find_claims(sentence: str) -> tuple[set[str], set[str]]:
    """Return the figures of a sentence, and the words that deny."""
    plain = set(re.findall(r"\w+", NOT.sub(" not", sentence.lower())))
    return {word for word in plain if word in NUMBERS or word[0].isdigit()}, plain & NEGATIONS


def _read_candidates(hit: Hit, terms: Terms) -> Iterator[_Candidate]:
    """Yield the sentences of a hit that could be quoted, each worth its nearness to the question as yet."""
    mean = sum(s.similarity for s in hit.sentences) / max(1, len(hit.sentences))
    for place, own, quoted, start, leans in read_sentences(hit):
        text = hit.entry.text[own.start : own.end]
        if len(text) < SHORTEST and not (text.endswith(END_MARKS) and sum(map(str.isalpha, text)) >= FEWEST_LETTERS):
            continue
        before = hit.sentences[place - 1].similarity if place else mean
        nearness = hit.sentences[place].similarity + BEFORE * before - ASKING * text.rstrip("\"'”’») ").endswith(ASKS)
        nearness -= LEANS * leans
        yield _Candidate(hit, start, quoted.end, quoted.start, frozenset(terms(text)), nearness)


def _arrange(chosen: Sequence[_Candidate]) -> list[Quote]:
    """Return the quotes by entry, the best sentence's first; each one's in the order of its text, neighbours joined."""
    entries = list(dict.fromkeys(c.hit.entry.id for c in chosen))
    ordered = sorted(chosen, key=lambda c: (entries.index(c.hit.entry.id), c.start))
    quotes: list[Quote] = []
    last: _Candidate | None = None
    for candidate in ordered:
        if last and last.precedes(candidate):
            before = quotes.pop()
            quotes.append(Quote(before.hit, before.start, candidate.end))
        else:
            quotes.append(Quote(candidate.hit, candidate.start, candidate.end))
        last = candidate
    return quotes
