"""A question is asked: which searches answer it, in which order they are tried, and what the reader learns of that.

A question has one or two readings (`understand`), and each is searched under all that was understood, and where that
leaves nothing under less. The first that is covered counts: neither a word nor a filter that nobody meant hides what
answers.
"""

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date

from corpus.answer.compare import answer_comparison
from corpus.answer.conversation import Asking, answer_follow_up
from corpus.answer.explain import Trace
from corpus.answer.nearest import as_nearest, first_quotes
from corpus.answer.notices import NEWEST_SHOWN, describe_age, describe_dropped, describe_filters, describe_others
from corpus.answer.other_language import answer_other_language
from corpus.answer.pipeline import Search, Shape, run_search
from corpus.answer.requests import answer_directly
from corpus.answer.rerank import Models
from corpus.index.generation import Generation
from corpus.models.answers import Timings
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Filters
from corpus.query.about_answer import read_about_answer
from corpus.query.entities import index_names
from corpus.query.initials import index_initials
from corpus.query.intent import without_given
from corpus.query.question_kind import classify_content, classify_question
from corpus.query.spelling import KnownWords, correct_spelling, describe_corrections, restore_spelling
from corpus.query.understand import CorpusWords, Query, as_asked, understand


def ask(
    generation: Generation,
    models: Models,
    question: str,
    given: Filters,
    today: date,
    earlier: Sequence[str] = (),
    *,
    understanding: bool = True,
) -> Trace:
    """Answer a cleaned question, and return the trace of the search that counts.

    `earlier`: what was asked before in the conversation, oldest first. Without `understanding`, the question is
    searched as it stands.
    """
    if not understanding:
        return _answer(generation, models, as_asked(question, given), today)
    words = corpus_words(generation)
    # "Show me the sources" asks, behind an answer, for those of that answer.
    if not (earlier and read_about_answer(question)):
        direct = answer_directly(generation, models, question, given, today, earlier, words)
        if direct is not None:
            return direct
    kind = classify_content(question)
    earlier = [text for text in earlier if not classify_question(text).is_catalogue]  # a list is no subject

    def search() -> Trace:
        return _search_readings(generation, models, question, given, today, earlier)

    trace = None
    if kind is QuestionKind.COMPARISON:
        trace = answer_comparison(generation, models, question, given, today, words, search)
    trace = trace or search()
    return replace(trace, answer=replace(trace.answer, kind=kind))


def _search_readings(
    generation: Generation, models: Models, question: str, given: Filters, today: date, earlier: Sequence[str]
) -> Trace:
    """Search for what a question asks of the content, in each of its readings."""
    words = corpus_words(generation)
    traces = []

    def answer(query: Query, found: Trace | None) -> Trace:
        foreign = None if found else answer_other_language(generation, models, query, words)
        return foreign or _answer(generation, models, query, today, found)

    asking = Asking(generation, models, today, words, answer)
    for query in understand(question, earlier, given, today, words):
        traces.append(answer_follow_up(asking, query))
        if traces[-1].answer.covered:
            return traces[-1]
    return next((trace for trace in traces if trace.answer.outcome == "closest"), traces[0])


def trace_timeline(
    generation: Generation, models: Models, topic: str, filters: Filters, *, understanding: bool = True
) -> Trace:
    """Return the trace of a cleaned topic's timeline: the best sentence of each entry that speaks of it, by date."""
    written = Search(topic, filters, Shape.TIMELINE)
    if not understanding:
        return run_search(generation, models, written)
    spelling = correct_spelling(topic, corpus_words(generation).known)
    read = run_search(generation, models, replace(written, topic=spelling.read))
    if not spelling.corrections:
        return read
    if not read.answer.covered:
        as_written = run_search(generation, models, written)
        if as_written.answer.covered:
            return as_written
    understood = describe_corrections(topic, [spelling])
    return replace(read, answer=replace(read.answer, question=topic, understood=understood))


def corpus_words(generation: Generation) -> CorpusWords:
    """Return the names and words of a generation, which questions are understood by."""
    lexical = generation.lexical
    people, sources = generation.names
    initials = index_initials(tuple(name for _, name in sources))
    known = KnownWords(lexical.vocabulary, generation.name_words, generation.words, lexical.holds, initials)
    return CorpusWords(index_names(people, sources), known)


def _answer(generation: Generation, models: Models, query: Query, today: date, found: Trace | None = None) -> Trace:
    """Answer a query under what was understood beside what is given, with what the reader is to know of it.

    `found`: what a search for it has found already; without it, what `_search` finds.
    """
    tried = [found] if found else _search(generation, models, query)
    first, shown = tried[0], tried[-1]
    # What is closest under less than was understood is worth more than nothing under all of it.
    if first.passing and shown.answer.outcome in {first.answer.outcome, "not_covered"}:
        shown = first
    answer, intent, sources = shown.answer, query.intent, shown.answer.sources
    notes = (
        [describe_dropped(first.filters, shown.filters, sources, there=first.passing > 0)] if shown is not first else []
    )
    if intent.is_bare:
        notes += [NEWEST_SHOWN] if first.passing else []
        answer = answer if first.passing else as_nearest(answer)
    elif answer.outcome == "not_covered" and intent.names_speaker and shown.passing and shown.filters != query.given:
        # What others say is no answer to what somebody says: it is only near.
        others = run_search(generation, models, Search(intent.topic, query.given)).answer
        if others.covered:
            notes += [describe_others(first.filters, sources)]
            near = first_quotes(others.citations)
            answer = replace(answer, nearest=tuple(c.entry for c in near), near=near)
    age = describe_age((c.entry.published for c in answer.citations), today, shown.filters.until)
    notes += [age] if age else []
    question = restore_spelling(query.question, query.spellings)
    understood = (
        describe_filters(without_given(query.given, intent.filters), sources, newest=intent.newest),
        describe_corrections(question, query.spellings),
    )
    stages = zip(*(astuple(trace.answer.timings_ms) for trace in tried), strict=True)
    answer = replace(
        answer,
        question=question,
        understood=", ".join(filter(None, understood)),
        notes=(*answer.notes, *notes),
        timings_ms=Timings(*(round(sum(stage), 2) for stage in stages)),
    )
    return replace(shown, answer=answer)


def _search(generation: Generation, models: Models, query: Query) -> list[Trace]:
    """Search under all that was understood; where that leaves nothing, under less. The last one counts, or the first.

    Days that leave no answer are dropped, since every quote has its own. People are dropped only where no entry of
    theirs passes: what others say is no answer to what somebody says, and nobody disagrees with himself.
    """
    shape = Shape.NEWEST_FIRST if query.intent.newest else Shape.QUOTES
    shape = Shape.NEWEST_ENTRIES if query.intent.is_bare else shape
    whole, undated = query.filters, query.filters_without_days
    tried = [run_search(generation, models, Search(query.intent.topic, whole, shape))]
    if undated != whole and not tried[-1].answer.covered:
        tried.append(run_search(generation, models, Search(query.intent.topic, undated, shape)))
    if undated != query.given and not tried[-1].passing and not undated.others_than:
        tried.append(run_search(generation, models, Search(query.question, query.given, shape)))
    return tried
