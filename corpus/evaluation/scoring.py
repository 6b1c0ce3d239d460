"""One question's figures, from what was found and quoted for it and what is known of it. Pure.

A stretch is an entry's id with two places in its text. All shares count characters, each once.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from corpus.evaluation.questions import KnownQuote

BUDGET = 4000  # characters of the passages found that count: what five passages of full length hold
RANKS = 10
HALF = 0.5  # of a known quote that must be quoted, or of what is quoted that must be known


class Stretch(NamedTuple):
    """Characters `start` to `end` of an entry's text."""

    entry: str
    start: int
    end: int


class Known(NamedTuple):
    """What is known of a question: the stretches that answer it (None: not known), and the entries' grades."""

    quotes: Sequence[Stretch] | None
    relevant: Mapping[str, float]


class Found(NamedTuple):
    """What came of a question: the passages, best first, whether it was answered, and what was quoted.

    `highlighted`: the sentences of what was quoted that answer. `listed`: the ids of entries that answer in place of
    quotes.
    """

    passages: Sequence[Stretch]
    covered: bool
    quoted: Sequence[Stretch]
    highlighted: Sequence[Stretch] = ()
    listed: frozenset[str] = frozenset()


def locate_quote(quote: KnownQuote, text: str) -> Stretch | None:
    """Return where a known quote stands in its entry's text; None where the entry does not say it.

    Its own place counts where those words stand there; else its first place in the text, white space aside.
    """
    words = quote.text.split()
    if quote.start is not None and quote.end is not None and quote.end <= len(text):
        there = text[quote.start : quote.end]
        if there.strip() and (not words or there.split() == words):
            return Stretch(quote.entry, quote.start, quote.end)
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return Stretch(quote.entry, *found.span()) if found else None


def count_characters(stretches: Iterable[Stretch]) -> int:
    """Return how many characters some stretches hold together."""
    total, reach = 0, dict[str, int]()
    for entry, start, end in sorted(stretches):
        begin = max(start, reach.get(entry, 0))
        if end > begin:
            total += end - begin
            reach[entry] = end
    return total


def count_common(some: Iterable[Stretch], others: Sequence[Stretch]) -> int:
    """Return how many characters are in both."""
    pieces = (
        Stretch(a.entry, max(a.start, b.start), min(a.end, b.end)) for a in some for b in others if a.entry == b.entry
    )
    return count_characters(piece for piece in pieces if piece.start < piece.end)


def take_within_budget(passages: Sequence[Stretch], budget: int = BUDGET) -> list[Stretch]:
    """Return the first so many characters of the passages, in their order."""
    taken: list[Stretch] = []
    for entry, start, end in passages:
        if budget <= 0:
            break
        taken.append(Stretch(entry, start, min(end, start + budget)))
        budget -= end - start
    return taken


def score_question(known: Known, found: Found) -> dict[str, float]:
    """Return the question's value of each figure that it counts for; docs/eval.md says what they mean."""
    values: dict[str, float] = {}
    if known.quotes:
        values |= _score_quotes(known.quotes, found)
    elif known.quotes is not None:
        values |= {"right": float(not found.covered), "coverage.answered": float(found.covered)}
    if known.relevant:
        values |= _score_ranking(known.relevant, [stretch.entry for stretch in found.passages])
    return values


def _score_quotes(quotes: Sequence[Stretch], found: Found) -> dict[str, float]:
    passages = take_within_budget(found.passages)
    quoted, highlighted = (found.quoted, found.highlighted) if found.covered else ((), ())
    return {
        "right": float((found.covered and is_right(quotes, quoted)) or lists_right(quotes, found.listed)),
        "passages.recall": _measure_share(passages, quotes),
        "passages.precision": _measure_share(quotes, passages),
        **_score_choice("quotes", quotes, quoted),
        **_score_choice("highlights", quotes, highlighted),
        "coverage.refused": float(not found.covered and not found.listed),
    }


def _score_choice(name: str, known: Sequence[Stretch], chosen: Sequence[Stretch]) -> dict[str, float]:
    """Return precision, recall and their harmonic mean of what was chosen, in characters."""
    recall, precision = _measure_share(chosen, known), _measure_share(known, chosen)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {f"{name}.precision": precision, f"{name}.recall": recall, f"{name}.f1": f1}


def is_right(known: Sequence[Stretch], quoted: Sequence[Stretch]) -> bool:
    """Whether half of one known quote is quoted, or half of what is quoted is known."""
    return any(_measure_share(quoted, [one]) >= HALF for one in known) or _measure_share(known, quoted) >= HALF


def lists_right(known: Sequence[Stretch], listed: frozenset[str]) -> bool:
    """Whether all entries of the known quotes are listed, or half of those listed are such."""
    entries = {quote.entry for quote in known}
    return bool(listed) and (entries <= listed or len(entries & listed) >= HALF * len(listed))


def _measure_share(some: Sequence[Stretch], whole: Sequence[Stretch]) -> float:
    """Return how much of the whole is in some stretches, 0 to 1."""
    characters = count_characters(whole)
    return count_common(some, whole) / characters if characters else 0.0


def _score_ranking(relevant: Mapping[str, float], found: Sequence[str]) -> dict[str, float]:
    """Return the nDCG with linear gains, recall and reciprocal rank of the first ten entries."""
    top = list(dict.fromkeys(found))[:RANKS]
    gain = sum(relevant.get(entry, 0.0) / math.log2(rank + 2) for rank, entry in enumerate(top))
    best = sorted(relevant.values(), reverse=True)[:RANKS]
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(best))
    return {
        "ranking.ndcg": gain / ideal,
        "ranking.recall": sum(entry in relevant for entry in top) / len(relevant),
        "ranking.mrr": next((1 / (rank + 1) for rank, entry in enumerate(top) if entry in relevant), 0.0),
    }
