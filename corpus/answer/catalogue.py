"""Answers from the record, without a quote: how many entries, lists of them, what is new, sources, people."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date

from corpus.answer.notices import describe_entries
from corpus.answer.pipeline import select_entries
from corpus.index.generation import Generation
from corpus.models.answers import Counted, Listing
from corpus.models.question_kind import QuestionKind as Kind
from corpus.models.search import NO_FILTERS, Filters
from corpus.models.sources import Source
from corpus.query.catalogue import Scope, read_scope
from corpus.query.entities import KnownNames, unique_people
from corpus.query.request_forms import AUTHORS, SOURCES, Request
from corpus.text.dates import written_day

MOST_LISTED = 10
MOST_BESIDE = 3  # where there is none of the time that is asked for
MOST_PASSAGES = 5000  # with a word of a subject that are looked at


def answer_catalogue(
    generation: Generation, request: Request, given: Filters, today: date, names: KnownNames
) -> Listing | None:
    """Return what the record says to a request; None where it names what cannot be understood, or is not there.

    `given`: filters, which go before what the request says. Raises FilterRefused for one that fits nothing.
    """
    scope = read_scope(request, today, names)
    if scope is None:
        return None
    chosen = {f.name: value for f in fields(given) if (value := getattr(given, f.name)) not in (None, ())}
    scope = scope._replace(filters=replace(scope.filters, **chosen))
    selection = select_entries(generation, scope.filters)
    numbers = generation.entries.select(NO_FILTERS) if selection.allowed is None else selection.allowed
    if request.kind is Kind.SOURCES or re.fullmatch(SOURCES, request.noun):
        return _count_sources(generation, numbers)
    if request.kind is Kind.PEOPLE or re.fullmatch(AUTHORS, request.noun):
        return _count_people(generation, numbers)
    if scope.subject:
        speaking = _find_speaking(generation, scope.subject)
        numbers = [n for n in numbers if n in speaking]
        if request.kind is not Kind.NEWEST:
            numbers.sort(key=lambda n: -speaking[n])
        if not numbers:
            return None
    return _list_entries(generation, request, scope, numbers, selection.sources)


def _list_entries(
    generation: Generation, request: Request, scope: Scope, numbers: Sequence[int], sources: Mapping[str, Source]
) -> Listing:
    line, filters = _describe_list(request, scope, len(numbers), sources), scope.filters
    total = len(numbers)
    if request.kind is Kind.COUNT and scope == Scope():
        return Listing(f"{line.removesuffix('.')}{_describe_span(generation)}.", total=total, filters=filters)
    most = 1 if request.is_one else MOST_LISTED
    undated = replace(filters, since=None, until=None)
    if not numbers and undated != filters:
        numbers, filters, most = select_entries(generation, undated).allowed or [], undated, MOST_BESIDE
        if undated == NO_FILTERS:
            numbers = generation.entries.select(undated)
        line += " The newest beside that time:" if numbers else ""
    found = generation.entries.entries(numbers[:most])
    entries = tuple(found[n] for n in numbers[:most])
    total = len(entries) if request.is_one and total else total
    return Listing(line, entries, total=total, filters=None if scope.subject else filters)


def _find_speaking(generation: Generation, subject: str) -> dict[int, float]:
    """Return number → how much, of the entries that hold all terms of a subject in their title or in one passage.

    The number of those passages; for a title, more than any entry can have.
    """
    terms = generation.words(subject)
    if not terms:
        return {}
    keys = set.intersection(*(set(generation.lexical.matching([term], MOST_PASSAGES)) for term in terms))
    passages = Counter(generation.table.entries_of(sorted(keys)).tolist()) if keys else Counter[int]()
    titled = [title.id for title in generation.titles if set(terms) <= set(generation.words(title.title))]
    named = generation.entries.numbers(titled).values()
    return {**passages, **{number: passages[number] + MOST_PASSAGES for number in named}}


def _describe_list(request: Request, scope: Scope, count: int, sources: Mapping[str, Source]) -> str:
    """Return how many entries there are, and of which kind, as a sentence over their list."""
    kind, person = scope.filters.kind or "entry", scope.filters.person
    which = describe_entries(replace(scope.filters, kind=None, person=None), sources)
    which = f" by or with {person}{which}" if person else which
    if not count:
        return f"No {kind}{which}."
    several = {"guide": "guides", "event": "events"}.get(kind, "entries")
    entries = f"{count:,} {kind if count == 1 else several}{which}"
    if request.is_one:
        entries = f"The newest {kind}{which}"
    elif request.kind is Kind.NEWEST:
        entries = f"The newest of {entries}"
    if scope.subject:
        entries += f" with “{scope.subject}” in the title or in a passage"
    if request.kind is Kind.COUNT:
        return f"{entries}."
    more = count > MOST_LISTED and request.kind is not Kind.NEWEST
    return f"{entries}; {'the first ten' if scope.subject else 'the newest ten'}:" if more else f"{entries}:"


def _describe_span(generation: Generation) -> str:
    """Return what the entries of a corpus are, where from and of when, as the end of a sentence."""
    titles = generation.titles
    if not titles:
        return ""
    guides = sum(title.kind == "guide" for title in titles)
    sources = len({title.source for title in titles})
    return (
        f": {len(titles) - guides:,} event{'s' * (len(titles) - guides != 1)} (dated pieces, such as essays) and "
        f"{guides:,} guide{'s' * (guides != 1)}, "
        f"from {sources} source{'s' * (sources != 1)}, of {written_day(titles[-1].published)} to "
        f"{written_day(titles[0].published)}"
    )


def _count_sources(generation: Generation, numbers: Sequence[int]) -> Listing:
    described, bylines = generation.entries.sources(), generation.entries.bylines()
    counts = Counter(bylines[n].source for n in numbers)
    named = [Counted(described[slug].name if slug in described else slug, n) for slug, n in counts.most_common()]
    line = f"{len(named)} source{'s' * (len(named) != 1)} with {len(numbers):,} entries in all:"
    return Listing(line, counts=tuple(named[:MOST_LISTED]), total=len(named), filters=None)


def _count_people(generation: Generation, numbers: Sequence[int]) -> Listing:
    bylines = generation.entries.bylines()
    counts = Counter(name for n in numbers for name in dict.fromkeys(bylines[n].people))
    named = [Counted(name, counts[name]) for name in unique_people(name for name, _ in counts.most_common())]
    with_most = "; those with most entries" if len(named) > MOST_LISTED else ", by number of entries"
    line = f"{len(named)} {'person' if len(named) == 1 else 'people'} wrote, led or were heard{with_most}:"
    return Listing(line, counts=tuple(named[:MOST_LISTED]), total=len(named), filters=None)
