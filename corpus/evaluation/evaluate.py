"""Asks a corpus questions with known answers, as anybody would ask it, and judges what it says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.errors import InputRefused
from corpus.evaluation.judged import Evaluation, Judged, Quoted
from corpus.evaluation.questions import KnownQuestion, KnownQuote, Questions, shown
from corpus.evaluation.scoring import BUDGET, RANKS, Found, Known, Stretch, locate_quote, score_question
from corpus.models.answers import Answer
from corpus.models.search import Filters
from corpus.models.updates import Progress, Rejected, no_progress

if TYPE_CHECKING:
    from corpus.library import Corpus

PASSAGES = 50  # that are sought at first; more, where they do not fill the budget
MOST_PASSAGES = 1000


def evaluate(corpus: "Corpus", questions: Questions, progress: Progress = no_progress) -> Evaluation:
    """Ask each question, as it stands with its filters and what was asked before, and search for it once more.

    What the corpus cannot be asked (its known quotes are not there, or a filter fits nothing) is among `rejected`. The
    first question is asked once beforehand, so that no latency holds the loading of the model. Raises a DataUnusable.
    """
    rejected = list(questions.rejected)
    bound: list[tuple[KnownQuestion, Known]] = []
    places = KnownPlaces(corpus)
    for question in questions.asked:
        try:
            bound.append((question, places.known(question)))
        except InputRefused as reason:
            rejected.append(Rejected(question.place, str(reason)))
    judged = list[Judged]()
    for done, (question, known) in enumerate(bound):
        progress("ask", done, len(bound), question.id)
        try:
            if not judged:
                _ask(corpus, question)
            judged.append(_judge(corpus, question, known))
        except InputRefused as reason:
            rejected.append(Rejected(question.place, str(reason)))
    progress("ask", len(bound), len(bound))
    status = corpus.status()
    return Evaluation(
        tuple(judged),
        status.generation,
        status.model,
        status.entries,
        status.passages,
        questions.empty,
        tuple(rejected),
    )


class KnownPlaces:
    """Where known quotes stand in the entries of a corpus; each entry is looked up once."""

    def __init__(self, corpus: "Corpus") -> None:
        self._corpus = corpus
        self._ids = {title.id for title in corpus.titles()}
        self._texts: dict[str, str] = {}

    def known(self, question: KnownQuestion) -> Known:
        """Return where the answers of a question stand. Raises InputRefused for what the corpus does not hold."""
        for entry in question.relevant:
            self._check_entry(entry)
        quotes = None if question.quotes is None else [self._locate(quote) for quote in question.quotes]
        return Known(quotes, question.relevant)

    def _locate(self, quote: KnownQuote) -> Stretch:
        self._check_entry(quote.entry)
        if quote.entry not in self._texts:
            self._texts[quote.entry] = self._corpus.page(quote.entry).entry.text
        stretch = locate_quote(quote, self._texts[quote.entry])
        if stretch is None:
            words = quote.text if quote.text.strip() else f"characters {quote.start} to {quote.end}"
            raise InputRefused(f"The entry {quote.entry} does not hold “{shown(words)}”; copy the words from its text.")
        return stretch

    def _check_entry(self, entry: str) -> None:
        if entry not in self._ids:
            raise InputRefused(f"No entry has the id {shown(entry)}; `footnote entries` lists them.")


def _ask(corpus: "Corpus", question: KnownQuestion) -> Answer:
    return corpus.ask(question.question, question.filters, question.earlier, today=question.asked_on)


def _judge(corpus: "Corpus", question: KnownQuestion, known: Known) -> Judged:
    answer = _ask(corpus, question)
    passages = _find_passages(corpus, answer.question, question.filters, ranked=bool(known.relevant))
    quoted = _valid_quotes(answer)
    listed = frozenset(entry.id for entry in answer.listing.entries) if answer.listing and not quoted else frozenset()
    stretches = [Stretch(q.entry, q.start, q.end) for q in quoted]
    highlights = [Stretch(c.entry.id, *span) for c in answer.citations for span in c.highlights]
    found = Found(passages, answer.covered, stretches, highlights or stretches, listed)
    return Judged(
        id=question.id,
        kind=question.kind,
        key=question.key,
        question=answer.question,
        answerable=None if known.quotes is None else bool(known.quotes),
        covered=answer.covered,
        confidence=answer.confidence,
        values=score_question(known, found),
        timings_ms=answer.timings_ms,
        quoted=quoted,
        known=tuple(q.text for q in question.quotes or ()),
        invented=len(answer.citations) - len(quoted),
    )


def _valid_quotes(answer: Answer) -> tuple[Quoted, ...]:
    """Return the quotes that their entries hold where the answer says so."""
    return tuple(
        Quoted(c.entry.id, c.start, c.end, c.quote)
        for c in answer.citations
        if c.quote and c.entry.text[c.start : c.end] == c.quote
    )


def _find_passages(corpus: "Corpus", question: str, filters: Filters, *, ranked: bool) -> Sequence[Stretch]:
    """Return the passages found, best first: enough to fill the budget, and ten entries where these are judged."""
    limit = PASSAGES
    while True:
        hits = corpus.search(question, limit, filters)
        is_enough = sum(h.end - h.start for h in hits) >= BUDGET and not (
            ranked and len({h.entry.id for h in hits}) < RANKS
        )
        if is_enough or len(hits) < limit or limit >= MOST_PASSAGES:
            return [Stretch(h.entry.id, h.start, h.end) for h in hits]
        limit *= 4
