"""A follow-up is answered: first by the pieces that its conversation is about, and then by all.

What was answered before is not kept: it is answered anew. Whatever is asked of that answer itself (its source, who said
it, more of it) is made of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from corpus.answer.coverage import CLOSEST, MOST_SURE
from corpus.answer.explain import Trace
from corpus.answer.nearest import as_nearest, first_quotes
from corpus.answer.pipeline import Search, run_search
from corpus.answer.rerank import Models
from corpus.index.generation import Generation
from corpus.models.answers import Answer, Citation, Related, Sentence
from corpus.query.about_answer import AboutAnswer, read_about_answer
from corpus.query.entities import unique_people
from corpus.query.understand import CorpusWords, Query, fill_in, understand_context

MOST_PEOPLE = 6  # are named in a question that takes up an answer
NO_MORE = "Nothing more here answers this."
NO_ADDRESS = "it has no address"


class Asking(NamedTuple):
    """What a question is asked of. `answer`: answers a query that follows nothing, or tells what was found for it."""

    generation: Generation
    models: Models
    today: date
    words: CorpusWords
    answer: Callable[[Query, Trace | None], Trace]


def answer_follow_up(asking: Asking, query: Query) -> Trace:
    """Answer a query, with what it follows.

    A follow-up with a subject of its own is answered by the pieces that were cited before, where they cover it: there
    its own words are sought, since with those of its context the answer before would be found again. Where they do
    not, all entries are asked for it behind its context, and by itself. What then holds no word of its subject is no
    answer: it is the closest that there is, or only near. A follow-up that can be understood by itself is answered by
    what covers it best: "and who led the project?" may be of a new subject.
    """
    if not query.context:
        return asking.answer(query, None)
    context = understand_context(query, asking.today, asking.words)
    before = answer_follow_up(asking, context)
    about = read_about_answer(query.follow_up)
    if about is not None:
        return _answer_about(asking, query, before, about)
    cited = before.answer.citations
    if query.needs_answer and cited:
        newest = max(citation.entry.published for citation in cited)
        query = fill_in(query, newest, _people_quoted(cited), asking.today, asking.words)
    terms = asking.generation.words
    subject = set(terms(query.intent.last_topic)) - set(terms(query.context))
    pieces = frozenset(citation.entry.id for citation in cited)
    if subject:
        return _answer_subject(asking, query, subject, pieces)
    if cited and query.filters == context.filters:  # "Why?": what the pieces say of it besides what was read already
        topic = context.intent.last_topic or context.intent.topic
        search = Search(topic, query.filters, pieces=pieces, without=_stretches(before))
        found = run_search(asking.generation, asking.models, search)
        again = replace(before, answer=replace(before.answer, question=query.question))
        return asking.answer(query, found) if found.answer.covered else again
    return asking.answer(query, None)


def _answer_subject(asking: Asking, query: Query, subject: set[str], pieces: frozenset[str]) -> Trace:
    """Answer a follow-up with a subject of its own, in these terms. `pieces`: ids of what was cited before."""
    alone = asking.answer(query.by_itself, None) if query.is_whole else None
    if pieces:
        search = Search(query.intent.last_topic, query.filters, pieces=pieces)
        found = run_search(asking.generation, asking.models, search)
        if found.answer.covered and (alone is None or found.answer.confidence >= alone.answer.confidence):
            return asking.answer(query, found)
    if alone and alone.answer.covered and not query.has_pronoun:
        return alone
    behind = asking.answer(query, None)
    if _quotes_any(asking.generation, behind.answer, subject):
        return behind
    alone = alone or asking.answer(query.by_itself, None)
    if _quotes_any(asking.generation, alone.answer, subject):
        return _as_closest(asking, query, alone, alone.answer.confidence) if query.has_pronoun else alone
    return _as_closest(asking, query, behind, min(behind.answer.confidence, alone.answer.confidence))


def _as_closest(asking: Asking, query: Query, trace: Trace, sure: float) -> Trace:
    """Return an answer as the closest that there is: as what is only near, where we are not `sure` enough of that."""
    if trace.answer.outcome == "not_covered":
        return trace
    if sure < CLOSEST:
        near = replace(as_nearest(trace.answer), confidence=sure, notes=())
        return asking.answer(query, replace(trace, answer=near))
    return replace(trace, answer=replace(trace.answer, outcome="closest", confidence=min(sure, MOST_SURE)))


def _answer_about(asking: Asking, query: Query, before: Trace, about: AboutAnswer) -> Trace:
    """Answer what is wanted of the answer before; that again, where it holds nothing."""
    again = replace(before, answer=replace(before.answer, question=query.question))
    if not again.answer.citations:
        return again
    if about is AboutAnswer.SOURCE:
        return replace(again, answer=_name_sources(again.answer))
    if about is AboutAnswer.SUMMARY:
        entry = again.answer.citations[0].entry
        search = Search(f"{entry.title}. {entry.summary}", query.given, pieces=frozenset({entry.id}))
        found = run_search(asking.generation, asking.models, search)
        return replace(found, answer=replace(found.answer, question=query.question)) if found.answer.covered else again
    return _find_more(asking, query) if about is AboutAnswer.MORE else again


def _find_more(asking: Asking, query: Query) -> Trace:
    """Answer with what was not quoted yet, of as many answers as "more" was asked for before."""
    base, times = query, 0
    while base.context and read_about_answer(base.follow_up) is AboutAnswer.MORE:
        base, times = understand_context(base, asking.today, asking.words), times + 1
    trace = answer_follow_up(asking, base)
    shown: frozenset[tuple[str, int, int]] = frozenset()
    for _ in range(times):
        shown |= _stretches(trace)
        found = run_search(asking.generation, asking.models, Search(base.intent.topic, base.filters, without=shown))
        if not trace.answer.covered or not found.answer.covered:
            answer = replace(as_nearest(trace.answer), question=query.question, notes=(NO_MORE,))
            return replace(trace, answer=answer)
        trace = asking.answer(base, found)
    return replace(trace, answer=replace(trace.answer, question=query.question))


def _stretches(trace: Trace) -> frozenset[tuple[str, int, int]]:
    """Return what an answer quotes: entry id, start and end of each."""
    return frozenset((citation.entry.id, citation.start, citation.end) for citation in trace.answer.citations)


def _name_sources(answer: Answer) -> Answer:
    """Return an answer with its pieces, each with its address, in place of what they say."""
    first = first_quotes(answer.citations, len(answer.citations))
    sentences = []
    for place, citation in enumerate(first):
        text = f"“{citation.entry.title}”: {citation.entry.url or NO_ADDRESS}"
        sentences.append(Sentence(text, (citation.number,), quotes=(place,)))
    return replace(answer, sentences=tuple(sentences), citations=first, related=Related(), notes=())


def _people_quoted(citations: Sequence[Citation]) -> list[str]:
    """Return whose words were quoted; nobody where they are too many to be named. A guide retells others' words."""
    entries = [citation.entry for citation in citations if citation.entry.kind != "guide"]
    people = unique_people(name for entry in entries for name in entry.voice)
    return people if len(people) <= MOST_PEOPLE else []


def _quotes_any(generation: Generation, answer: Answer, words: set[str]) -> bool:
    """Whether a quote of the answer, or the title above it, has one of these terms."""
    return any(words & set(generation.words(f"{c.entry.title}\n{c.quote}")) for c in answer.citations)
