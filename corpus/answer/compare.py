"""A comparison is answered from both sides: each is searched by itself, and both are quoted, oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from corpus.answer.cite import cite
from corpus.answer.coverage import MOST_SURE
from corpus.answer.explain import Trace
from corpus.answer.named_pieces import find_named, summarise
from corpus.answer.pipeline import QUOTES, Search, run_search
from corpus.answer.rerank import Models
from corpus.answer.select import Choice, Quote
from corpus.index.generation import Generation
from corpus.models.answers import Answer
from corpus.models.question_kind import QuestionKind
from corpus.models.search import NO_FILTERS, Filters
from corpus.query.comparison import Side, find_sides
from corpus.query.intent import add_filters
from corpus.query.piece_name import NOUNS
from corpus.query.request_forms import Request
from corpus.query.spelling import correct_spelling, describe_corrections
from corpus.query.understand import CorpusWords

QUOTES_OF_A_SIDE = 2
ONE_SIDED = 0.7  # of how sure we are of a side, where the other one has nothing


def answer_comparison(
    generation: Generation,
    models: Models,
    question: str,
    given: Filters,
    today: date,
    words: CorpusWords,
    search: Callable[[], Trace],
) -> Trace | None:
    """Answer a comparison from both its sides; None where it has no two sides, or they are not covered.

    `search`: searches for the question as a whole. What speaks of two subjects at once compares them better than what
    speaks of each. Raises FilterRefused, or a DataUnusable.
    """
    spelling = correct_spelling(question, words.known)
    sides = find_sides(spelling.read, today, words.names)
    if sides is None:
        return None
    sides = confine_to_pieces(generation, sides, given, today)
    if all(side.filters == NO_FILTERS for side in sides):
        if absent := find_absent(generation, sides):
            return _answer_for_the_other(generation, models, question, sides, absent, given)
        together = search()
        if together.answer.covered and speaks_of_both(generation, together.answer, sides):
            return together
    trace = compare(generation, models, question, sides, given)
    if trace is None or not spelling.corrections:
        return trace
    return replace(trace, answer=replace(trace.answer, understood=describe_corrections(question, [spelling])))


def compare(
    generation: Generation, models: Models, question: str, sides: tuple[Side, Side], given: Filters
) -> Trace | None:
    """Return the trace of an answer with quotes of both sides; None where neither is covered, or both are one.

    Where one side has nothing, a note says so. Raises FilterRefused, or a DataUnusable.
    """
    traces = [_search_side(generation, models, question, side, given) for side in sides]
    covered = [trace for trace in traces if trace.answer.covered]
    are_subjects = all(side.filters == NO_FILTERS for side in sides)
    if not covered or (are_subjects and len(covered) == 1):  # of two subjects, what speaks of both is found together
        return None
    quotes = _quotes_of(covered)
    if len(covered) > 1 and len({(q.hit.entry.id, q.start) for trace in covered for q in trace.choice.quotes[:1]}) == 1:
        return None  # one quote speaks of both: an ordinary search finds what stands beside it
    citations = tuple(cite(quotes))
    sure = min(trace.answer.confidence for trace in covered)
    silent = [side.name for side, trace in zip(sides, traces, strict=True) if not trace.answer.covered]
    first = covered[0]
    answer = replace(
        first.answer,
        question=question,
        listing=None,
        confidence=round(sure if not silent else ONE_SIDED * sure, 4),
        sentences=tuple(QUOTES.write(question, citations, first.answer.sources)),
        citations=citations,
        notes=(*first.answer.notes, *(f"Nothing here answers this for {name}." for name in silent)),
    )
    return replace(first, choice=Choice(tuple(quotes), first.choice.considered, first.choice.bar), answer=answer)


def _answer_for_the_other(
    generation: Generation,
    models: Models,
    question: str,
    sides: tuple[Side, Side],
    absent: Sequence[Side],
    given: Filters,
) -> Trace:
    """Return the trace of what is closest to a comparison with sides that no passage speaks of: what the other has."""
    other = next((side for side in sides if side not in absent), sides[0])
    trace = _search_side(generation, models, question, other, given)
    names = " or ".join(f"“{side.name}”" for side in absent)
    answer = replace(trace.answer, question=question, notes=(f"Nothing here speaks of {names}.", *trace.answer.notes))
    if answer.covered:
        answer = replace(answer, outcome="closest", confidence=min(answer.confidence, MOST_SURE))
    return replace(trace, answer=answer)


def _search_side(generation: Generation, models: Models, question: str, side: Side, given: Filters) -> Trace:
    if side.piece is not None and not side.topic:
        whole = summarise(generation, models, question, generation.entries.entries([side.piece]), given)
        if whole is not None:
            return whole
    return run_search(generation, models, Search(side.topic or question, add_filters(given, side.filters)))


def speaks_of_both(generation: Generation, answer: Answer, sides: tuple[Side, Side]) -> bool:
    """Whether the quotes of an answer hold a word of each of two subjects that the other has not."""
    quoted = {term for citation in answer.citations for term in generation.words(citation.quote)}
    first, second = (set(generation.words(side.name)) for side in sides)
    return bool((first - second) & quoted and (second - first) & quoted)


def find_absent(generation: Generation, sides: tuple[Side, Side]) -> list[Side]:
    """Return the sides of which no passage has the name, where both names begin alike: "open weight", "open source".

    The words of such a name are found everywhere, in other senses. Of "inference cost" and "training cost" they are
    not: who speaks of the cost of training speaks of it.
    """
    terms = [generation.words(side.name) for side in sides]
    if any(len(own) < 2 for own in terms) or terms[0][0] != terms[1][0]:  # noqa: PLR2004  a name of several words
        return []
    lexical = generation.lexical
    return [side for side, own in zip(sides, terms, strict=True) if not lexical.holds_together(own)]


def confine_to_pieces(
    generation: Generation, sides: tuple[Side, Side], given: Filters, today: date
) -> tuple[Side, Side]:
    """Return the sides each confined to the piece that it names, where both name one; else as they are."""
    pieces = []
    for side in sides:
        named = find_named(generation, Request(QuestionKind.SUMMARY, after=side.name, is_loose=True), given, today)
        if side.filters != NO_FILTERS or not named:
            return sides
        pieces.append(next(iter(named.items())))
    if pieces[0] == pieces[1]:
        return sides
    titled = {term for _, piece in pieces for term in generation.words(piece.title)}
    asked = [word for side in sides for word in side.topic.split() if not set(generation.words(word)) <= titled]
    topic = " ".join(word for word in dict.fromkeys(asked) if not NOUNS.fullmatch(word))
    first, second = (
        Side(
            f"“{piece.title}”",
            topic if set(generation.words(topic)) else "",
            Filters(since=piece.published, until=piece.published, source=piece.source),
            number,
        )
        for number, piece in pieces
    )
    return first, second


def _quotes_of(traces: list[Trace]) -> list[Quote]:
    """Return the best quotes of each side, each once, those of the oldest entry first."""
    quotes: list[Quote] = []
    for trace in traces:
        for quote in trace.choice.quotes[:QUOTES_OF_A_SIDE]:
            if not any(
                q.hit.entry.id == quote.hit.entry.id and q.start < quote.end and quote.start < q.end for q in quotes
            ):
                quotes.append(quote)
    return sorted(quotes, key=lambda quote: (quote.hit.entry.published, quote.hit.number, quote.start))
