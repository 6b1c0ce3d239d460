"""Which piece a question names: by words of its title, by whom, from where, of when, the newest, by its address. Pure.

A word of the name counts by its rarity: of the pieces that have it in their title, or in the names of their people and
their source. So "the consortium piece" is the one with that word in its title, and "Ball's interview" one of Ball's.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from corpus.query.date_ranges import MONTH_NUMBERS, Period, mark_periods
from corpus.query.plain_words import any_of
from corpus.query.request_forms import MANY, ONE
from corpus.query.tokens import split_words

ENOUGH = 0.6  # of a name's weight that a piece has to explain
CLOSE = 0.9  # of the best one's, that is as good
MOST_OF_TITLE = 0.5  # that a loose name has to hold
# What stands around the name: in a line or two, that, the, for me.
AROUND = re.compile(
    any_of(
        r" in (?:(?:a|one|two|three|few|\d|couple|of|single|short) ?)*(?:lines?|sentences?|words?)(?: or two)?$",
        " (?:for me|in short|in brief|overall|so far|please)$",
        "^(?:the|that|this|a|an) ",
    ),
    re.IGNORECASE,
)
NOUNS = re.compile(rf"\b(?:{ONE}|{MANY}|blog|talk|piece of writing|titled|called|entitled|named)\b", re.IGNORECASE)
NEWEST = re.compile(r"\b(?:newest|latest|most recent|last|recent)\b", re.IGNORECASE)
ADDRESS = re.compile(r"https?://\S+")
MONTH = re.compile(rf"(?<![\w-])(?:{'|'.join(MONTH_NUMBERS)})(?![\w-])(?: \d{{4}})?", re.IGNORECASE)

Terms = Callable[[str], Sequence[str]]


class PieceName(NamedTuple):
    """What a question says of a piece: `words` of its title, people or source; `is_piece`: it is called one."""

    words: str
    period: Period | None = None
    newest: bool = False
    is_piece: bool = False
    address: str = ""


class Piece(NamedTuple):
    """A piece as it can be named; `title` and `names` (of its people and source) in terms."""

    number: int
    published: date
    title: frozenset[str]
    names: frozenset[str]
    address: str = ""


def read_piece_name(text: str, today: date) -> PieceName:
    """Return what a text says of the piece that it names."""
    if address := ADDRESS.search(text):
        return PieceName("", is_piece=True, address=address[0])
    while (trimmed := AROUND.sub("", text)) != text:
        text = trimmed
    month = MONTH.search(text)
    periods = mark_periods(split_words(f"in {month[0]}"), today)[1] if month else []
    rest = text.replace(month[0], " ") if month and periods else text
    is_newest, is_piece = bool(NEWEST.search(rest)), bool(NOUNS.search(rest))
    newest = is_newest and is_piece
    rest = NOUNS.sub(" ", NEWEST.sub(" ", rest) if newest else rest)
    return PieceName(" ".join(rest.split()), periods[0] if periods else None, newest, is_piece)


def find_pieces(name: PieceName, pieces: Sequence[Piece], terms: Terms, *, loose: bool = False) -> list[int]:
    """Return the numbers of the pieces that a name fits as well as any, the newest first; none, where none fits well.

    `loose`: the words may as well be a subject ("thoughts on distillation"): then they must be called a piece, or be
    most of a title.
    """
    if name.address:
        return [piece.number for piece in pieces if piece.address and piece.address == name.address]
    among = [piece for piece in pieces if _is_of(piece, name.period)]
    asked = frozenset(terms(name.words))
    if not asked and not (name.is_piece and (name.newest or name.period)):
        return []
    rarity = _measure_rarities(pieces)
    fits = [(piece, _measure_fit(asked, piece, rarity)) for piece in among]
    fits = [(piece, fit) for piece, fit in fits if fit >= ENOUGH]
    if not any(asked & piece.title for piece, _ in fits) and not name.is_piece:
        return []
    if loose and not name.is_piece:
        fits = [(piece, fit) for piece, fit in fits if _measure_fit(piece.title, piece, rarity, asked) >= MOST_OF_TITLE]
    if not fits:
        return []
    # Of those that explain the name alike, the one with more of its title in the name is meant.
    scored = [(fit + _measure_fit(piece.title, piece, rarity, asked) / 2, piece) for piece, fit in fits]
    best = max(score for score, _ in scored)
    alike = [piece for score, piece in scored if name.newest or score >= CLOSE * best]
    ordered = sorted(alike, key=lambda piece: piece.published, reverse=True)
    return [piece.number for piece in ordered[: 1 if name.newest else None]]


def _is_of(piece: Piece, period: Period | None) -> bool:
    if period is None:
        return True
    return (period.first or date.min) <= piece.published <= (period.last or date.max)


def _measure_rarities(pieces: Iterable[Piece]) -> Callable[[str], float]:
    """Return how rare a term is among the names of pieces; one that none has is as rare as one of a single piece."""
    counts, total = Counter[str](), 0
    for piece in pieces:
        counts.update(piece.title | piece.names)
        total += 1
    return lambda term: math.log((total + 1) / (max(1, counts[term]) + 0.5)) + 0.1


def _measure_fit(
    terms: frozenset[str], piece: Piece, rarity: Callable[[str], float], among: frozenset[str] | None = None
) -> float:
    """Return the share of these terms, by rarity, that the piece has, or that are `among` these; 1 for none."""
    held = piece.title | piece.names if among is None else among
    whole = sum(map(rarity, terms))
    return sum(rarity(term) for term in terms & held) / whole if whole else 1.0
