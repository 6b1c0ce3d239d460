"""From the best passages, the sentences worth quoting: at most five, without saying one thing twice.

A sentence's worth = its cosine with the question + BEFORE · that of the sentence before it + the share of the
question's terms that it holds, each weighted by its rarity among the sentences considered: a word of the subject stands
in most of them, and what the question wants to know of it in few + PASSAGE · its passage's score over the best's; less
ASKING where it asks itself, and LEANS where it leans on a sentence that cannot be quoted with it; less the share TIER
of it for each tier away from the primary: who retells a piece gives way to the piece. Pure.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from corpus.answer.sections import heading_lines, without
from corpus.answer.standalone import leans
from corpus.models.search import Hit, Span

PASSAGES = 8  # whose sentences are candidates
MOST = 5  # sentences of one answer
BEFORE = 0.2
PASSAGE = 0.3
ASKING = 0.5
LEANS = 0.05
TOGETHER = 400  # characters that a sentence may have with the one that it leans on
TIER = 0.12
ENOUGH = 0.88  # of the best sentence's worth
SAME = 0.75  # of all terms of two sentences stand in both: they say the same
# Characters; what is shorter is a heading or a crumb, unless it ends like a sentence and has some letters.
SHORTEST = 25
FEWEST_LETTERS = 6
WHOLE = 800  # characters that a sentence may have to be quoted whole, though it was cut for the index
# What a sentence may end with; also the end of a line, in lists and tables.
BOUNDARIES = ".?!…。？！\"'”’»)]\n\r"
# What stands before a whole sentence: one of these, and perhaps the mark of a list, a heading or a quotation.
BEGINNING = re.compile(rf"[{re.escape(BOUNDARIES)}]\s*(?:(?:[-*•#>|]+|\d{{1,3}}[.)])\s*)?$")
ASKS = ("?", "？", "؟")
END_MARKS = tuple(".?!…。？！\"'”’)")
# What turns a sentence round, or makes it another claim: two sentences that differ in these never say the same.
NEGATIONS = frozenset("no not never none neither nor without cannot".split())
NOT = re.compile(r"n['’]t\b")
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand
    million billion half third quarter twice double""".split()
)

Terms = Callable[[str], list[str]]
Outcome = Literal["quoted", "below the bar", "beyond five", "overlaps", "repeats"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a hit's entry that is to be quoted: one sentence, or neighbours joined."""

    hit: Hit
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that could be quoted, from `start`; `own`: where it begins without the sentence that it leans on."""

    hit: Hit
    start: int
    end: int
    own: int
    terms: frozenset[str]
    figures: frozenset[str]
    negations: frozenset[str]
    worth: float = 0.0


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
    """The quotes of an answer, and all sentences considered, best first. `bar`: the least worth that was enough."""

    quotes: tuple[Quote, ...] = ()
    considered: tuple[Considered, ...] = ()
    bar: float = 0.0


def choose(hits: Sequence[Hit], words: Sequence[str], terms: Terms) -> Choice:
    """The quotes for an answer to a question with these terms, and what became of every sentence.

    Those of one entry stand together, the best entry first.
    """
    candidates = _by_worth(hits[:PASSAGES], words, terms)
    if not candidates:
        return Choice()
    bar = ENOUGH * candidates[0].worth
    chosen: list[int] = []  # places in candidates
    fates: list[Outcome | int] = []  # what became of each, or which of the chosen it repeats
    for place, found in enumerate(candidates):
        candidate = found
        others = [candidates[i] for i in chosen]
        if any(_overlap(candidate, other) for other in others):
            candidate = candidates[place] = replace(candidate, start=candidate.own)  # what it leans on is quoted
        fate = _fate(candidate, others, bar)
        if fate == QUOTED:
            chosen.append(place)
        elif isinstance(fate, int) and _is_original_of(candidate, others[fate]):
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


def best_of_each(hits: Sequence[Hit], most: int, words: Sequence[str], terms: Terms) -> list[Quote]:
    """The best sentence of each entry, of the `most` best entries, oldest first; a copy gives way to the original."""
    chosen: list[_Candidate] = []
    seen: set[str] = set()
    for candidate in _by_worth(hits, words, terms):
        if candidate.hit.entry.id in seen:
            continue
        seen.add(candidate.hit.entry.id)
        copied = next((i for i, other in enumerate(chosen) if candidate.terms == other.terms), None)
        if copied is None:
            chosen.append(candidate)
        elif _is_original_of(candidate, chosen[copied]):
            chosen[copied] = candidate
    ordered = sorted(chosen[:most], key=lambda c: (c.hit.entry.published, c.hit.number))
    return [Quote(c.hit, c.start, c.end) for c in ordered]


def _by_worth(hits: Sequence[Hit], words: Sequence[str], terms: Terms) -> list[_Candidate]:
    found = [read for hit in hits for read in _read(hit, terms)]
    telling = rarities(words, [candidate.terms for candidate, _ in found])
    highest = hits[0].score if hits and hits[0].score > 0 else math.inf
    weighed = []
    for candidate, nearness in found:
        worth = nearness + share_of_words(telling, candidate.terms)
        worth += PASSAGE * candidate.hit.score / highest
        worth *= 1 - TIER * (candidate.hit.entry.tier - 1)
        weighed.append(replace(candidate, worth=worth))
    return sorted(weighed, key=lambda c: -c.worth)


def rarities(asked: Iterable[str], sentences: Sequence[frozenset[str]]) -> dict[str, float]:
    """How much each term tells among some sentences: its inverse frequency in them, as BM25 has it."""
    holding = Counter(word for held in sentences for word in held)
    return {word: math.log(1 + (len(sentences) - holding[word] + 0.5) / (holding[word] + 0.5)) for word in asked}


def _fate(candidate: _Candidate, chosen: Sequence[_Candidate], bar: float) -> Outcome | int:
    if candidate.worth < bar:
        return BELOW
    # A sentence with the one that it leans on counts as two.
    if sum(1 if c.start == c.own else 2 for c in (*chosen, candidate)) > MOST:
        return BEYOND
    if any(_overlap(candidate, other) for other in chosen):
        return OVERLAPS
    return next((i for i, other in enumerate(chosen) if _says_no_more(candidate, other)), QUOTED)


def share_of_words(asked: dict[str, float], held: frozenset[str]) -> float:
    """The share of the asked terms that are held, weighted by their rarity; 0 to 1."""
    total = sum(asked.values())
    return sum(weight for word, weight in asked.items() if word in held) / total if total else 0.0


def begins_inside(text: str, start: int) -> bool:
    """Whether a stretch of a text begins in the middle of a sentence: one too long for a quote had to be cut."""
    before = text[max(0, start - 20) : start]
    return not BEGINNING.search(before if start > 20 else "\n" + before)  # noqa: PLR2004  far enough for a list's mark


def ends_inside(text: str, end: int) -> bool:
    """Whether a stretch of a text ends in the middle of a sentence."""
    after = text[end : end + 20].lstrip(" \t\u00a0")
    return bool(after) and after[0] not in "\n\r" and text[end - 1] not in BOUNDARIES


def _read(hit: Hit, terms: Terms) -> Iterator[tuple[_Candidate, float]]:
    """The sentences of a hit that could be quoted, each with its nearness to the question and the one before."""
    mean = sum(s.similarity for s in hit.sentences) / max(1, len(hit.sentences))
    for place, part, quoted in _stretches(hit):
        text = hit.entry.text[part.start : part.end]
        if len(text) < SHORTEST and not (text.endswith(END_MARKS) and sum(map(str.isalpha, text)) >= FEWEST_LETTERS):
            continue
        before = hit.sentences[place - 1].similarity if place else mean
        nearness = hit.sentences[place].similarity + BEFORE * before - ASKING * text.rstrip("\"'”’») ").endswith(ASKS)
        plain = set(re.findall(r"\w+", NOT.sub(" not", text.lower())))
        figures = frozenset(word for word in plain if word in NUMBERS or word[0].isdigit())
        start = quoted.start
        if leans(hit.entry.text[quoted.start : quoted.end]):
            start = _leaning_start(hit, quoted)
            nearness -= LEANS * (start == quoted.start)
        held = frozenset(terms(text))
        yield _Candidate(hit, start, quoted.end, quoted.start, held, figures, NEGATIONS & plain), nearness


def _leaning_start(hit: Hit, leaning: Span) -> int:
    """Where the sentence before begins, if it can be quoted with this one; otherwise where this one does."""
    before = next((s for s in reversed(hit.sentences) if s.end <= leaning.start), None)
    if before is None or leaning.end - before.start > TOGETHER or "\n" in hit.entry.text[before.end : leaning.start]:
        return leaning.start
    return leaning.start if begins_inside(hit.entry.text, before.start) else before.start


def _stretches(hit: Hit) -> Iterator[tuple[int, Span, Span]]:
    """Of each sentence of a hit: its place among them, what it says, and what is to be quoted of it.

    A splitter may take a heading for the first words of a sentence, or for its last: then only what is none counts.
    """
    headings = heading_lines(hit.entry, Span(hit.start, hit.end))
    for place, sentence in enumerate(hit.sentences):
        own = Span(sentence.start, sentence.end)
        for part in without(own, headings, hit.entry.text):
            whole = without(_whole(hit, place), headings, hit.entry.text) if part == own else [part]
            yield place, part, next((quoted for quoted in whole if part.start < quoted.end), part)


def _whole(hit: Hit, place: int) -> Span:
    """The whole sentence that a part of one stands in, where the passage holds it and it is no longer than WHOLE.

    Half a sentence can say what its author denies: "the mistaken claim that …".
    """
    first = last = place
    text = hit.entry.text
    while first > 0 and begins_inside(text, hit.sentences[first].start):
        first -= 1
    while last < len(hit.sentences) - 1 and ends_inside(text, hit.sentences[last].end):
        last += 1
    start, end = hit.sentences[first].start, hit.sentences[last].end
    return Span(start, end) if end - start <= WHOLE else Span(hit.sentences[place].start, hit.sentences[place].end)


def _says_no_more(one: _Candidate, chosen: _Candidate) -> bool:
    """Whether a sentence only repeats a chosen one: most terms in common, no figure of its own, nothing denied."""
    return (
        len(one.terms & chosen.terms) >= SAME * max(1, len(one.terms | chosen.terms))
        and one.figures <= chosen.figures
        and one.negations == chosen.negations
    )


def _is_original_of(one: _Candidate, other: _Candidate) -> bool:
    """Whether the same words stand in an entry that was published, or else archived, before: a copy gives way to it."""
    age, other_age = ((c.hit.entry.published, c.hit.number) for c in (one, other))
    return one.terms == other.terms and age < other_age


def _overlap(one: _Candidate, other: _Candidate) -> bool:
    return one.hit.entry.id == other.hit.entry.id and one.start < other.end and other.start < one.end


def _follows(one: _Candidate, other: _Candidate) -> bool:
    """Whether two quotes stand next to each other in one paragraph of one passage."""
    between = one.hit.entry.text[one.end : other.start]
    return one.hit is other.hit and one.end <= other.start and not between.strip() and "\n" not in between


def _arrange(chosen: Sequence[_Candidate]) -> list[Quote]:
    """By entry, the entry of the best sentence first; within an entry in the order of its text; neighbours joined."""
    entries = list(dict.fromkeys(c.hit.entry.id for c in chosen))
    ordered = sorted(chosen, key=lambda c: (entries.index(c.hit.entry.id), c.start))
    quotes: list[Quote] = []
    last: _Candidate | None = None
    for candidate in ordered:
        if last and _follows(last, candidate):
            before = quotes.pop()
            quotes.append(Quote(before.hit, before.start, candidate.end))
        else:
            quotes.append(Quote(candidate.hit, candidate.start, candidate.end))
        last = candidate
    return quotes
