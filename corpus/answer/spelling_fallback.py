"""Questions are asked as they are read, misspelt words as the corpus has them, and the answer tells which these were.

What is misspelt is read first, and then what the question says of who and when: a name must be right to be heard
("what did Lambret say"), and so must the words around it ("waht", "sicne"). The corpus's names are known words, so
that no heard name is changed. Where the question as it is read finds no answer, and as it is written it does, that
counts: so neither a word nor a filter that nobody meant hides what answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from corpus.answer import fallbacks, pipeline
from corpus.answer.explain import Asked
from corpus.answer.rerank import Models
from corpus.index.generation import Generation
from corpus.models.search import Filters
from corpus.query.spelling import Known, Spelt, as_written, changed_in, in_words, is_english, spelt


def warm() -> None:
    """Load what is otherwise loaded with the first unknown word of a question: the list of English, 0.2 s and 25 MB."""
    is_english("words")


def ask(now: Generation, models: Models, question: str, given: Filters, today: date) -> Asked:
    """What `conversing.ask` answers."""
    return _as_read(now, [question], lambda asked: fallbacks.ask(now, models, asked[0], given, today))


def converse(
    now: Generation, models: Models, question: str, earlier: Sequence[str], given: Filters, today: date
) -> Asked:
    """What `conversing.converse` answers; what was asked before is read in the same way."""
    return _as_read(
        now,
        [*earlier, question],
        lambda asked: fallbacks.converse(now, models, asked[-1], asked[:-1], given, today),
    )


def timeline(now: Generation, models: Models, topic: str, filters: Filters) -> Asked:
    """What `asking.timeline` answers."""
    return _as_read(now, [topic], lambda asked: pipeline.timeline(now, models, asked[0], filters))


def _as_read(now: Generation, written: Sequence[str], answer: Callable[[Sequence[str]], Asked]) -> Asked:
    """The answer to questions as they are read, under the question as it was written."""
    known = Known(now.lexical.vocabulary, now.name_words, now.words, now.lexical.holds)
    spellings = [spelt(question, known) for question in written]
    if not any(one.changes for one in spellings):
        return answer(written)
    asked = answer([one.read for one in spellings])
    if not asked.answer.covered:
        plain = answer(written)
        if plain.answer.covered:
            return plain
    return _told(asked, spellings)


def _told(asked: Asked, spellings: Sequence[Spelt]) -> Asked:
    question = as_written(asked.answer.question, spellings)
    told = asked.answer.understood, in_words(changed_in(question, spellings))
    return replace(
        asked, answer=replace(asked.answer, question=question, understood=", ".join(part for part in told if part))
    )
