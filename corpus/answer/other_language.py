"""A question in another language than the corpus's, for a model that knows English alone: what both share is searched.

By its vector such a question finds anything, so that what it finds is not even near. Names and terms are the same in
many languages; what is found by them is shown as the closest, and never as an answer.
"""

from dataclasses import replace

from corpus.answer.explain import Trace
from corpus.answer.nearest import as_nearest
from corpus.answer.pipeline import Search, Shape, run_search
from corpus.answer.rerank import Models
from corpus.index.generation import Generation
from corpus.query.shared_words import Shared, find_shared, may_be_foreign
from corpus.query.tokens import split_words
from corpus.query.understand import CorpusWords, Query
from corpus.settings import BUILT_IN_MODEL
from corpus.text.language import NAMES
from corpus.text.language_detection import detect_in_question

ENGLISH = "en"
MOST_SURE = 0.6  # that what is found by single words answers
SEARCHED = "names and terms that both share were searched"
MOST_SHOWN = 5  # of them
NOTHING_SHARED = "they share no name or term. Ask in English."


def answer_other_language(generation: Generation, models: Models, query: Query, words: CorpusWords) -> Trace | None:
    """Return the closest that a question in another language finds; None for one in a language that is known here."""
    language = _find_language(generation, query.question)
    if language is None:
        return None
    in_titles = {word.text for title in generation.titles for word in split_words(title.title)}
    shared = find_shared(query.question, words.names, words.known, in_titles)
    trace = _search(generation, models, query, shared)
    answer = trace.answer
    sure = min(answer.confidence, MOST_SURE)
    if not any(shared):  # what is found by the vector alone is not even near
        answer = replace(as_nearest(answer), nearest=(), near=())
    known = f"The question is in {NAMES[language]}; this corpus is in English and its model knows English alone"
    listed = ", ".join((*shared.people, *shared.terms)[:MOST_SHOWN])
    answer = replace(
        answer,
        question=query.question,
        outcome="closest" if answer.citations else "not_covered",
        confidence=sure,
        searched=any(shared),
        notes=(f"{known}: {f'{SEARCHED} ({listed}).' if listed else NOTHING_SHARED}", *answer.notes),
    )
    return replace(trace, answer=answer)


def _find_language(generation: Generation, question: str) -> str | None:
    """Return the language of a question where neither the model nor an entry knows it; what is in doubt is English."""
    if generation.manifest.recipe.model != BUILT_IN_MODEL or not may_be_foreign(question):
        return None
    language = detect_in_question(question)
    if language == ENGLISH or language not in NAMES or generation.languages != {ENGLISH}:
        return None
    return language


def _search(generation: Generation, models: Models, query: Query, shared: Shared) -> Trace:
    """Search for what is shared: in what those named have said, and if that is nothing, in all."""
    topic = " ".join(shared.terms)
    if shared.people and query.given.person is None:
        theirs = replace(query.given, speakers=shared.people)
        shape = Shape.QUOTES if topic else Shape.NEWEST_ENTRIES
        trace = run_search(generation, models, Search(topic, theirs, shape))
        if trace.answer.covered:
            return trace
    return run_search(
        generation, models, Search(" ".join((*shared.people, *shared.terms)) or query.question, query.given)
    )
