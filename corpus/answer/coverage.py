"""Whether the corpus covers a question: a calibrated probability, from the one sentence that speaks for it best.

Three signals of a sentence, none of them a rank. How near it comes to the question in meaning: a cosine, on the scale
of the built-in model's. How much of what the question asks stands in it or beside it: the question's terms, weighted by
their rarity; the title counts, too. And what is missing: a name of the question that is not named anywhere around, and
the figure, day or name that such a question wants. A question on the corpus's subject that the corpus does not answer
has the first without the others; in a corpus of hundreds of essays some sentence always has the words, and only the
name tells (AUROC on such questions .54 without it, .74 with it).

confidence = 1 / (1 + exp(−(BIAS + SLOPE · (NEARNESS · cosine + share − MISSING · missing)))): a logistic regression, by
``tests/benchmarks/fit_coverage.py`` on four collections with known answers that count alike, each question asked once
more without the entries that answer it (docs/decisions/0022).
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.models.answers import Outcome
from corpus.models.entries import Entry
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Hit, Span
from corpus.query.named import find_names
from corpus.query.question_kind import find_counted

Rarity = Callable[[str], float]
Terms = Callable[[str], Sequence[str]]  # of a text, as they are searched

PASSAGES = 8  # whose sentences are looked at
BIAS, SLOPE = -1.59, 2.33
NEARNESS, MISSING = 2.0, 1.5
COVERED = 0.74
CLOSEST = 0.6
MOST_SURE = 0.7  # that the closest answers, where it is said not to
SUBJECTLESS = 0.5  # the share, where a question has nothing but stop words: meaning alone decides
SHARES = 0.05  # of the asked terms, in and beside a sentence that says who
AROUND = 500  # characters before and behind a passage, in which what the question names may stand
WITHOUT_KIND = 0.6  # what is missing where a sentence has not what a question of this kind wants

WORD = re.compile(r"\w+")
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
WRITTEN_NUMBERS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    "(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?|[mb]illions?|half|quarter|twice|double|"
    "triple|zero"
)
# What an answer of a kind has: a figure after "how many", and no day alone, a day or a stretch of time after "when", a
# name after "who".
WANTED = {
    QuestionKind.FIGURE: re.compile(
        rf"(?<![\w.])(?!(?:19|20)\d\d(?![\d,.%]*\d))\d[\d.,]*+(?! (?:{MONTHS})\b)|\b(?:{WRITTEN_NUMBERS})\b",
        re.IGNORECASE,
    ),
    QuestionKind.WHEN: re.compile(
        rf"\d|\b(?:{MONTHS}|yesterday|today"
        r"|tomorrow|(?:last|this|next|every) \w+|quarter|spring|summer|autumn|fall|winter|days?|weeks?|months?|years?"
        r"|decades?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|soon|now|never|until|since)\b",
        re.IGNORECASE,
    ),
    QuestionKind.WHO: re.compile(
        rf"(?<![.?!:…] )(?<!^)(?<![\"“'‘])\b(?!(?i:{MONTHS})\b)[^\W\d_a-z]\w+|\b(?:we|I|they)\b"
    ),
    QuestionKind.OUTCOME: re.compile(
        r"\b(?:c[ao]me true|turn(?:ed|s) out|pan(?:ned|s) out|h[eo]ld up|aged|prove[dn]|in (?:hindsight|retrospect)"
        r"|looking back|(?:was|were) (?:right|wrong|correct|mistaken)|got (?:\w+ )?(?:right|wrong)|fulfilled|failed"
        r"|missed|succeeded|happened|as (?:I|we|he|she|they) (?:had )?(?:predicted|expected))\b",
        re.IGNORECASE,
    ),
}
BEFORE_FIGURE, BEHIND_FIGURE = 4, 5  # words, among which what is counted stands: "of 2,236 removed links"
# Whom a sentence retells ("Ada Quill argues that …", "Ada Quill's essay …"), and a title, with its author.
RETELLS = re.compile(
    r"""(?:\b[A-Z][\w.'’-]+(?:,?\ and|,)?\ )+(?:co-authors\ )?(?:\w+ly\ )?
     (?:argues?|says?|writes?|claims?|contends?|suggests?|predicts?|believes?|thinks?)\ (?=that\b|in\ ["“])
    |(?:\b[A-Z][\w.-]+\ )*\b[A-Z][\w-]+['’]s?\ (?=["“]|(?:essay|post|piece|article|interview)\b)
    |["“][^"”]{1,150}["”](?:\ \([^)]{1,40}\))?(?:,?\ (?:hosted\ |written\ )?by(?:\ [A-Z][\w.-]+)+)?""",
    re.VERBOSE,
)
# What no row of a table answers.
WITHOUT_CELLS = frozenset(map(QuestionKind, "definition why_how yes_no opinion outcome".split()))


class Asked(NamedTuple):
    """What a question asks for: its terms, each with its rarity, the terms of each name in a row, its kind, and the
    terms of what is counted where it asks how many.
    """

    rarities: Mapping[str, float]
    names: tuple[tuple[str, ...], ...] = ()
    kind: QuestionKind = QuestionKind.OTHER
    counted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How sure we are, 0 to 1, and the signals that say so: a cosine, the share of the asked terms, 0 to 1, and how
    much of what is asked for by name or kind is missing, 0 to 1.5.
    """

    confidence: float
    nearness: float
    share: float
    missing: float = 0.0

    @property
    def outcome(self) -> Outcome:
        if self.confidence >= COVERED:
            return "answered"
        return "closest" if self.confidence >= CLOSEST else "not_covered"


def read_asked(topic: str, kind: QuestionKind, words: Sequence[str], terms: Terms, rarity: Rarity) -> Asked:
    """Return what a topic with these terms asks for."""
    names = (tuple(terms(name)) for name in find_names(topic))
    counted = frozenset(terms(find_counted(topic)))
    return Asked({word: rarity(word) for word in words}, tuple(filter(None, names)), kind, counted)


def weigh_coverage(hits: Sequence[Hit], asked: Asked, terms: Terms) -> Coverage:
    """Return how sure we are that the hits answer a question."""
    signals = [signal for hit in hits[:PASSAGES] for signal in measure_sentences(hit, asked, terms)]
    if not signals:
        return Coverage(0.0, 0.0, 0.0)
    nearness, share, missing = max(signals, key=sum_signals)
    sure = 1 / (1 + math.exp(-(BIAS + SLOPE * sum_signals((nearness, share, missing)))))
    return Coverage(sure, nearness, share, missing)


def sum_signals(signals: tuple[float, float, float]) -> float:
    """Return what a sentence's cosine, share and what is missing are together."""
    nearness, share, missing = signals
    return NEARNESS * nearness + share - MISSING * missing


def measure_sentences(hit: Hit, asked: Asked, terms: Terms) -> list[tuple[float, float, float]]:
    """Return of each sentence its cosine, its share of the asked terms, and how much is missing.

    Of the share, what stands only beside the sentence counts half.
    """
    title = frozenset(terms(hit.entry.title))
    held = [title.union(terms(hit.entry.text[s.start : s.end])) for s in hit.sentences]
    own = share_terms(asked.rarities, held)
    beside = share_terms(asked.rarities, [frozenset().union(*held[max(0, at - 1) : at + 2]) for at in range(len(held))])
    unnamed = _share_unnamed(hit, asked, terms)
    signals = []
    for sentence, one, other in zip(hit.sentences, own, beside, strict=True):
        share = (one + other) / 2 if asked.rarities else SUBJECTLESS
        lacks = lacks_wanted(asked, hit.entry, Span(sentence.start, sentence.end), terms)
        # Somebody named where nothing of the question is said has nothing to do with it.
        lacks = lacks or (asked.kind is QuestionKind.WHO and share < SHARES)
        signals.append((sentence.similarity, share, unnamed + WITHOUT_KIND * lacks))
    return signals


def lacks_wanted(asked: Asked, entry: Entry, sentence: Span, terms: Terms) -> bool:
    """Whether a sentence lacks what an answer of a question's kind has.

    Who did something is neither who wrote the sentence, nor whom it retells, nor whom the question names itself. How
    many there are stands beside what is counted.
    """
    if asked.kind in WITHOUT_CELLS and entry.text.count(" | ", *sentence) > 1:  # a row of a table
        return True
    wanted = WANTED.get(asked.kind)
    if wanted is None:
        return False
    text = entry.text[slice(*sentence)]
    if asked.kind is QuestionKind.WHO:
        names = WORD.findall(" ".join([entry.source, *(person.name for person in entry.people)]))
        text = re.sub(rf"(?i)\b(?:{'|'.join(names)})\b", "_", RETELLS.sub("_", text))
        named = map(terms, wanted.findall(text))
        return all(name and asked.rarities.keys() >= set(name) for name in named)
    found = wanted.finditer(text)
    if asked.kind is not QuestionKind.FIGURE or not asked.counted:
        return not any(found)
    beside = (text[: at.start()].split()[-BEFORE_FIGURE:] + text[at.end() :].split()[:BEHIND_FIGURE] for at in found)
    return not any(asked.counted.intersection(terms(" ".join(words))) for words in beside)


def _share_unnamed(hit: Hit, asked: Asked, terms: Terms) -> float:
    """Return the share of what the question names, by rarity, that is named nowhere around a passage; 0 to 1.

    Where nobody is named as its author, it may be who is asked for: then nothing is missing.
    """
    if not hit.entry.people:
        return 0.0
    weights = [max(asked.rarities.get(term, 0.0) for term in name) for name in asked.names]
    if not sum(weights):
        return 0.0
    around = f" {' '.join(terms(_describe_around(hit.entry, Span(hit.start, hit.end))))} "
    missing = (f" {' '.join(name)} " not in around for name in asked.names)
    return sum(weight for weight, lacks in zip(weights, missing, strict=True) if lacks) / sum(weights)


def _describe_around(entry: Entry, passage: Span) -> str:
    """Return the words around a passage, with those that its entry is headed by."""
    people = " ".join(person.name for person in entry.people)
    words = entry.text[max(0, passage.start - AROUND) : passage.end + AROUND]
    return f"{entry.title}\n{entry.source} {people}\n{words}"


def share_terms(asked: Mapping[str, float], held: Sequence[frozenset[str]]) -> list[float]:
    """Return for each of some texts' terms the share of the asked ones among them, weighted by their rarity; 0 to 1."""
    total = sum(asked.values())
    return [sum(weight for word, weight in asked.items() if word in terms) / total if total else 0.0 for terms in held]
