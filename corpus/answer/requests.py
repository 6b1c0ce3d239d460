"""What is answered without a search for the content: small talk, the catalogue, a piece that is named."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from corpus.answer.catalogue import answer_catalogue
from corpus.answer.explain import Trace, trace_unsearched
from corpus.answer.named_pieces import describe_entries, find_named, summarise
from corpus.answer.rerank import Models
from corpus.answer.small_talk import answer_talk
from corpus.index.generation import Generation
from corpus.models.answers import Answer, Listing, Related, Timings
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Filters
from corpus.query.question_kind import classify_question
from corpus.query.request_forms import continue_request, find_request
from corpus.query.spelling import correct_spelling, describe_corrections
from corpus.query.understand import CorpusWords

THIS = re.compile(r"\bthis (?:work|function)\b", re.IGNORECASE)  # in a conversation, what was spoken of


def answer_directly(
    generation: Generation,
    models: Models,
    question: str,
    given: Filters,
    today: date,
    earlier: Sequence[str],
    words: CorpusWords,
) -> Trace | None:
    """Return the trace of an answer to small talk, or to a request that the record fulfils; None for other questions.

    So, too, where the corpus has nothing of the name that is requested. Raises FilterRefused, or a DataUnusable.
    """
    begun = perf_counter()
    kind = classify_question(question)
    if kind.is_talk and not (earlier and THIS.search(question)):
        line = answer_talk(kind, generation.titles, generation.names[0])
        trace: Trace | None = _trace_listing(generation, question, kind, given, line)
    else:
        trace = _answer_request(generation, models, question, given, today, earlier, words)
    if trace is None:
        return None
    spent = round(1000 * (perf_counter() - begun), 2)
    return replace(trace, answer=replace(trace.answer, timings_ms=Timings(0, 0, spent, spent)))


def _answer_request(
    generation: Generation,
    models: Models,
    question: str,
    given: Filters,
    today: date,
    earlier: Sequence[str],
    words: CorpusWords,
) -> Trace | None:
    continued = continue_request(question, earlier[-1]) if earlier else None
    is_word_of_conversation = bool(earlier) and " " not in question  # "Sources?"
    if continued is None and (is_word_of_conversation or find_request(question) is None):
        return None
    spelling = correct_spelling(question, words.known)
    for asked in dict.fromkeys((spelling.read, question)):
        request = continued or find_request(asked)
        if request is None:
            continue
        kind, understood = request.kind, describe_corrections(question, [spelling]) if asked != question else ""
        if kind in {QuestionKind.ENTRY, QuestionKind.SUMMARY}:
            found = find_named(generation, request, given, today)
            if found and kind is QuestionKind.ENTRY:
                listing = describe_entries(found, generation.entries.sources())
                return _trace_listing(generation, question, kind, given, listing, understood)
            trace = summarise(generation, models, question, found, given) if found else None
            if trace is not None:
                return replace(trace, answer=replace(trace.answer, understood=understood))
        elif listed := answer_catalogue(generation, request, given, today, words.names):
            return _trace_listing(generation, question, kind, given, listed, understood)
    return None


def _trace_listing(
    generation: Generation, question: str, kind: QuestionKind, given: Filters, listing: Listing, understood: str = ""
) -> Trace:
    """Return the trace of small talk, or of a list from the record."""
    answer = Answer(
        question=question,
        outcome="talk" if kind.is_talk else "listed",
        confidence=1.0 if listing.total else 0.0,  # what the record has is sure
        sentences=(),
        citations=(),
        related=Related(),
        nearest=(),
        timings_ms=Timings(0, 0, 0, 0),
        generation=generation.number,
        sources=generation.entries.sources(),
        understood=understood,
        listing=listing,
        kind=kind,
    )
    return trace_unsearched(answer, given)
