"""Entries as they are shown: lists of them, one as a page, and a quote in its paragraph; all of one generation."""

from corpus.answer.grouping import suppressed_duplicates, with_same_content
from corpus.answer.pipeline import select_entries
from corpus.answer.quote_lookup import add_context, find_quote
from corpus.answer.related import find_related
from corpus.errors import EntryUnknown, QuoteGone
from corpus.index.generation import Generation
from corpus.models.answers import Context, Listed, Page
from corpus.models.entries import Entry
from corpus.models.search import NO_FILTERS, Filters, Span
from corpus.models.sources import Source


def list_entries(generation: Generation, filters: Filters, offset: int = 0, limit: int | None = None) -> Listed:
    """Return the entries from `offset` on, at most `limit`, of those that pass the filters; newest first.

    Raises FilterRefused for a source or a person that is not there.
    """
    sources, allowed, _ = select_entries(generation, filters)
    numbers = generation.entries.select(NO_FILTERS) if allowed is None else allowed
    part = numbers[offset:] if limit is None else numbers[offset : offset + limit]
    entries = generation.entries.entries(part)
    return Listed(tuple(entries[n] for n in part), len(numbers), sources)


def show_page(generation: Generation, entry_id: str) -> Page:
    """Return an entry, by its id or address, with its source, its cross-posts and what is related.

    Raises EntryUnknown.
    """
    found = generation.entries.entry(entry_id) or generation.entries.entry_at(entry_id)
    if found is None:
        raise generation.entries.unknown(entry_id)
    number, entry = found
    originals = generation.originals
    related = find_related(generation, [entry.id], None, None, suppressed_duplicates(originals))
    others = generation.entries.entries(sorted(with_same_content([number], originals) - {number}))
    # The original first, then the cross-posts, oldest first.
    order = sorted(others, key=lambda n: (n in originals, others[n].published, n))
    copies = tuple(others[n] for n in order)
    return Page(entry, source_of(generation, entry), related, copies, generation.entries.sources())


def show_quote(generation: Generation, entry_id: str, place: Span, expected: str) -> Context:
    """Return the quote with the hash `expected` in its paragraph, found at its place or elsewhere in the entry.

    Raises EntryUnknown where the entry was removed, QuoteGone where it no longer says this.
    """
    found = generation.entries.entry(entry_id)
    if found is None:
        raise EntryUnknown("The entry is no longer in the corpus. Ask again: the answer is made of what is there now.")
    _, entry = found
    span = find_quote(entry.text, place.start, place.end, expected)
    if span is None:
        raise QuoteGone("The entry has changed since; it no longer holds these words. Ask again, or open the entry.")
    return add_context(entry, source_of(generation, entry), span)


def source_of(generation: Generation, entry: Entry) -> Source:
    """Return the source of an entry; where nobody has described it, one by its slug alone."""
    return generation.entries.sources().get(entry.source, Source(entry.source, entry.source, entry.tier))
