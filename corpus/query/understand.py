"""A question → queries: what is searched for, by which people and of which time. The only way into this package. Pure.

Understood without a model, in English alone: misspelt words, what a follow-up follows, who and when. What is not
understood stays a part of what is searched. `FOOTNOTE_UNDERSTANDING=false` does without all of it: see `as_asked`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from corpus.models.search import NO_FILTERS, Filters
from corpus.query.entities import KnownNames, one_word_names
from corpus.query.follow_up import add_context, fill_from_answer, has_pronoun, is_follow_up, is_whole, refers_to_answer
from corpus.query.intent import QueryIntent, add_filters, extract_intent, split_questions
from corpus.query.spelling import KnownWords, Spelling, correct_spelling


class CorpusWords(NamedTuple):
    """What of a corpus it takes to understand a question: its names (of `index_names`), and the words it knows."""

    names: KnownNames
    known: KnownWords


@dataclass(frozen=True, slots=True)
class Query:
    """One reading of a question.

    `question`: in whole, behind what it follows, as it is read; `context`: that part of it which was asked before, or
    "". `given`: the filters that the person chose. `spellings`: how this question and the earlier ones were read.
    """

    question: str
    intent: QueryIntent
    given: Filters = NO_FILTERS
    context: str = ""
    earlier: tuple[str, ...] = ()
    spellings: tuple[Spelling, ...] = ()

    @property
    def filters(self) -> Filters:
        """Return what was chosen and what was understood; where both say something, what was chosen."""
        return add_filters(self.given, self.intent.filters)

    @property
    def filters_without_days(self) -> Filters:
        return add_filters(self.given, replace(self.intent.filters, since=None, until=None))

    @property
    def follow_up(self) -> str:
        """Return the question's own words, where it follows another; else ""."""
        return self.question.removeprefix(self.context).lstrip() if self.context else ""

    @property
    def is_whole(self) -> bool:
        """Whether a follow-up can be understood by itself, too."""
        return bool(self.context) and is_whole(self.follow_up)

    @property
    def has_pronoun(self) -> bool:
        """Whether a follow-up speaks of its context as "it": what says nothing of that is no answer."""
        return bool(self.context) and has_pronoun(self.follow_up)

    @property
    def needs_answer(self) -> bool:
        """Whether it means the day or the people of the answer to its context: see `fill_in`."""
        return bool(self.context) and refers_to_answer(self.follow_up)

    @property
    def by_itself(self) -> "Query":
        """Return a follow-up on its own subject, still with the people and the days of the conversation."""
        return replace(self, question=self.follow_up, intent=replace(self.intent, topic=self.intent.last_topic))


def understand(
    question: str, earlier: Sequence[str], given: Filters, today: date, corpus: CorpusWords
) -> tuple[Query, ...]:
    """Return the readings of a cleaned question, the likeliest first: with misspelt words corrected, and as written.

    One, where nothing is misspelt. `earlier`: what was asked before in the conversation, oldest first. What is misspelt
    is read first, and then who and when: a name must be right to be recognised ("what did Lambret say"), and so must
    the words around it ("waht", "sicne"). The corpus's names are known words, so that none of them is corrected.
    """
    spellings = tuple(correct_spelling(text, corpus.known) for text in (*earlier, question))
    readings = [([one.read for one in spellings], spellings)]
    if any(one.corrections for one in spellings):
        readings.append(([*earlier, question], ()))
    return tuple(
        replace(_read_question(texts[-1], texts[:-1], given, today, corpus), spellings=used) for texts, used in readings
    )


def _read_question(question: str, earlier: Sequence[str], given: Filters, today: date, corpus: CorpusWords) -> Query:
    whole = add_context(question, earlier, one_word_names(corpus.names)) if earlier else question
    context = whole.removesuffix(question).rstrip() if whole != question else ""
    return Query(whole, extract_intent(whole, today, corpus.names), given, context, tuple(earlier))


def understand_context(query: Query, today: date, corpus: CorpusWords) -> Query:
    """Return the query for what a follow-up follows, which may be a follow-up itself."""
    *before, last = split_questions(query.context)
    context = " ".join(before) if before and is_follow_up(last, one_word_names(corpus.names)) else ""
    return Query(query.context, extract_intent(query.context, today, corpus.names), query.given, context)


def fill_in(query: Query, newest: date, people: Sequence[str], today: date, corpus: CorpusWords) -> Query:
    """Return a query that `needs_answer` with the answer's newest day and the people quoted in it put in."""
    question = f"{query.context} {fill_from_answer(query.follow_up, newest, people)}"
    return replace(query, question=question, intent=extract_intent(question, today, corpus.names))


def as_asked(question: str, given: Filters) -> Query:
    """Return the query that searches for a question as it stands: nothing is understood."""
    return Query(question, QueryIntent(topic=question), given)
