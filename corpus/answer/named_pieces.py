"""The entries that a question names: summarised as a whole, or shown with their address."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from corpus.answer.cite import cite
from corpus.answer.coverage import Coverage
from corpus.answer.explain import Trace
from corpus.answer.grouping import suppressed_duplicates
from corpus.answer.pipeline import QUOTES, select_entries
from corpus.answer.related import find_related
from corpus.answer.rerank import Models
from corpus.answer.select import Choice
from corpus.answer.whole_piece import choose_statements, read_piece
from corpus.index.generation import Generation
from corpus.models.answers import Answer, Listing, Timings
from corpus.models.entries import Byline, Entry
from corpus.models.question_kind import QuestionKind
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.query.piece_name import Piece, find_pieces, read_piece_name
from corpus.query.request_forms import Request
from corpus.text.canonical_url import page_key
from corpus.text.dates import written_day
from corpus.text.person_name import join_names

MEANT = 0.8  # how sure we are that the sentences chosen of a piece that is named say what it says
MOST_PEOPLE = 6
MOST_NAMED = 3  # of the entries that a name fits alike


def find_named(generation: Generation, request: Request, given: Filters, today: date) -> dict[int, Entry]:
    """Return number → entry, of those that a request names and that pass the filters; of equals the newest first."""
    bylines, selection = generation.entries.bylines(), select_entries(generation, given)
    numbers = bylines if selection.allowed is None else selection.allowed
    among = {number: bylines[number] for number in numbers if number not in selection.suppressed}
    name = read_piece_name(request.after, today)
    if name.address:
        sought = page_key(name.address)
        found = [number for number, byline in among.items() if byline.url and page_key(byline.url) == sought]
    else:
        pieces = _index_pieces(tuple(among.items()), generation.names[1])
        found = find_pieces(name, pieces, generation.words, loose=request.is_loose)
    entries = generation.entries.entries(found[:MOST_NAMED])
    return {number: entries[number] for number in found[:MOST_NAMED]}


@lru_cache(maxsize=2)
def _index_pieces(bylines: tuple[tuple[int, Byline], ...], sources: tuple[tuple[str, str], ...]) -> tuple[Piece, ...]:
    """Return the entries as they can be named; kept, since taking 10,000 titles apart takes as long as a search."""
    source_names, terms = dict(sources), Generation.words
    return tuple(
        Piece(
            number,
            byline.published,
            frozenset(terms(byline.title)),
            frozenset(terms(" ".join((*byline.people, source_names.get(byline.source, byline.source), byline.source)))),
        )
        for number, byline in bylines
    )


def describe_entries(found: dict[int, Entry], sources: Mapping[str, Source]) -> Listing:
    """Return what the record says of the entries that a question names: by whom, where, when, at which address."""
    entries = tuple(found.values())
    first = entries[0]
    if len(entries) > 1:
        return Listing(f"{len(entries)} entries fit, the newest first:", entries, total=len(entries))
    people = [person.name + ("" if person.role == "author" else f" ({person.role})") for person in first.people]
    by = f" is by {join_names(people, MOST_PEOPLE)}, published" if people else " was published"
    source = sources.get(first.source)
    line = f"“{first.title}”{by} in {source.name if source else first.source} on {written_day(first.published)}"
    line += ":" if first.url else f"; it has no address of its own, and its entry here is {first.id}."
    return Listing(line, entries, total=1)


def summarise(
    generation: Generation, models: Models, question: str, found: dict[int, Entry], given: Filters
) -> Trace | None:
    """Return the trace of what the first of these entries says as a whole; None where nothing of it can be quoted.

    Its own summary first, and then at most three of its sentences. Raises ModelUnusable.
    """
    number, entry = next(iter(found.items()))
    sources = generation.entries.sources()
    hits = read_piece(generation, models, number, entry)
    quotes = choose_statements(generation, hits)
    if not quotes:
        return None
    citations = tuple(cite(quotes))
    others = [f"“{other.title}” ({written_day(other.published)})" for other in list(found.values())[1:]]
    notes = [f"The name fits as well: {', '.join(others)}."] if others else []
    notes += ["Only the opening of the piece is known here."] if entry.access == "teaser" else []
    answer = Answer(
        question=question,
        outcome="answered",
        confidence=MEANT,
        sentences=tuple(QUOTES.write(question, citations, sources)),
        citations=citations,
        related=find_related(generation, [entry.id], None, None, suppressed_duplicates(generation.originals)),
        nearest=(),
        timings_ms=Timings(0, 0, 0, 0),
        generation=generation.number,
        sources=sources,
        notes=tuple(notes),
        passing=len(found),
        listing=Listing(_introduce(entry), (entry,), total=1),
        kind=QuestionKind.SUMMARY,
    )
    return Trace(given, len(found), {}, hits, Coverage(MEANT, 0.0, 0.0), Choice(tuple(quotes)), answer)


def _introduce(entry: Entry) -> str:
    """Return what stands above the sentences of a piece: its title, and its summary with whose words that is."""
    summary = " ".join(entry.summary.split())
    if not summary:
        return f"“{entry.title}” in its own sentences:"
    whose = "in our summary" if entry.wording == "summary" else "as its publisher sums it up"
    return f"“{entry.title}”, {whose}: {summary}"
