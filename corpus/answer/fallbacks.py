"""What a question means, in its conversation and of who and when, and what is answered where that leaves nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, replace
from datetime import date

from corpus.answer.explain import Asked
from corpus.answer.nearest import first_quotes
from corpus.answer.notices import NEWEST_SHOWN, age, in_words, no_entry, none_answers
from corpus.answer.pipeline import answered, newest_of
from corpus.answer.rerank import Models
from corpus.index.generation import Generation
from corpus.models.answers import Answer, Citation, Related, Timings
from corpus.models.search import Filters
from corpus.query.entities import first_of_each, known_names
from corpus.query.intent import Heard, hear, only_heard, widened
from corpus.query.question import completed, follow_up, follows_the_answer

MOST_PEOPLE = 6  # are named in a question that takes up an answer


def ask(now: Generation, models: Models, question: str, given: Filters, today: date) -> Asked:
    """The answer to a cleaned question, of those whom and of the days that it asks for."""
    return _under(now, models, question, _heard(now, question, today), given, today)


def converse(
    now: Generation, models: Models, question: str, earlier: Sequence[str], given: Filters, today: date
) -> Asked:
    """The answer to a question in a conversation, completed by what was asked before where it follows that.

    A follow-up that names a subject of its own ("and what about security?") is about that subject: where the completed
    question is answered without a word of it, and the follow-up alone with one, the follow-up alone counts. One that
    takes up the answer before ("since then?", "who disagrees?") is completed by that answer.
    """
    whole = follow_up(question, earlier)
    if whole == question:
        return ask(now, models, question, given, today)
    if follows_the_answer(question):
        before = whole.removesuffix(question).rstrip()
        cited = ask(now, models, before, given, today).answer.citations
        if cited:
            question = completed(question, max(c.entry.published for c in cited), _people_of(cited))
            whole = f"{before} {question}"
    heard = _heard(now, whole, today)
    asked = _under(now, models, whole, heard, given, today)
    own = set(now.words(heard.last)) - set(now.words(" ".join(earlier)))
    if not own or _speaks_of(now, asked.answer, own):
        return asked
    alone = _under(now, models, question, replace(heard, topic=heard.last), given, today)
    return alone if _speaks_of(now, alone.answer, own) else asked


def _heard(now: Generation, question: str, today: date) -> Heard:
    return hear(question, today, known_names(*now.names))


def _people_of(citations: Sequence[Citation]) -> list[str]:
    """Whose words were quoted; nobody where they are too many to be named. A guide only retells what others said."""
    entries = [citation.entry for citation in citations if citation.entry.kind != "guide"]
    people = first_of_each(name for entry in entries for name in entry.voice)
    return people if len(people) <= MOST_PEOPLE else []


def _speaks_of(now: Generation, answer: Answer, words: set[str]) -> bool:
    """Whether a quote of the answer, or the title above it, has one of these terms."""
    return any(words & set(now.words(f"{c.entry.title}\n{c.quote}")) for c in answer.citations)


def _under(now: Generation, models: Models, question: str, heard: Heard, given: Filters, today: date) -> Asked:
    """The answer under what was heard beside what is given, with what the reader is to know of it."""
    tried = list(_ways(now, models, question, heard, given))
    first, shown = tried[0], tried[-1]
    if not shown.answer.covered and first.passing:
        shown = first
    answer, dropped, sources = shown.answer, first.filters, shown.answer.sources
    notes = [no_entry(dropped, shown.filters, sources, there=first.passing > 0)] if shown is not first else []
    if heard.is_bare:
        notes += [NEWEST_SHOWN] if first.passing else []
        answer = answer if first.passing else _unanswered(answer)
    elif not answer.covered and heard.is_of_somebody and shown.passing and shown.filters != given:
        elsewhere = answered(now, models, heard.topic, given).answer
        if elsewhere.covered:
            notes += [none_answers(dropped, sources)]
            answer = _named_near(answer, elsewhere)
    notes += [told] if (told := age((c.entry.published for c in answer.citations), today, shown.filters.until)) else []
    told = in_words(only_heard(given, heard.filters), sources, newest=heard.newest)
    times = _in_all(one.answer.timings_ms for one in tried)
    return replace(
        shown, answer=replace(answer, question=question, understood=told, notes=tuple(notes), timings_ms=times)
    )


def _ways(now: Generation, models: Models, question: str, heard: Heard, given: Filters) -> Iterator[Asked]:
    """The answer under all that was heard; where that leaves nothing, under less.

    Days that leave no answer are dropped, since every quote tells its own. Whom it asks for is dropped only where no
    entry passes: what others say is no answer to what somebody says, and nobody disagrees with himself.
    """

    def go(filters: Filters, topic: str) -> Asked:
        if heard.is_bare:
            return newest_of(now, models, question, filters)
        return answered(now, models, topic, filters, newest=heard.newest)

    whole, undated = widened(given, heard.filters)
    yield (asked := go(whole, heard.topic))
    if undated != whole and not asked.answer.covered:
        yield (asked := go(undated, heard.topic))
    if undated != given and not asked.passing and not undated.others_than:
        yield go(given, question)


def _named_near(answer: Answer, cites: Answer) -> Answer:
    """An answer that is none, with what another one cites as near."""
    near = first_quotes(cites.citations)
    return replace(answer, nearest=tuple(c.entry for c in near), near=near)


def _unanswered(answer: Answer) -> Answer:
    """An answer of entries that are not those that were asked for: they are near."""
    silent = replace(answer, covered=False, confidence=0.0, sentences=(), citations=(), related=Related())
    return _named_near(silent, answer)


def _in_all(times: Iterable[Timings]) -> Timings:
    return Timings(*(round(sum(stage), 2) for stage in zip(*map(astuple, times), strict=True)))
