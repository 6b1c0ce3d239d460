"""The facade: `open_corpus(settings)` wires the parts, `Corpus` asks, shows, refreshes.

Synchronous, and to be used from one thread at a time. Reading never waits for a refresh: it takes the newest committed
generation, and swaps to a newer one between two questions.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Self

from corpus import archive as record
from corpus.answer.compose import compose
from corpus.answer.coverage import COVERED, confidence
from corpus.answer.question import clean_question, resolve_source
from corpus.answer.related import NEAREST, direction, related_numbers
from corpus.answer.search import search
from corpus.answer.select import PASSAGES, select
from corpus.errors import DataUnusable, EntryUnknown, FilterRefused
from corpus.index.embed import Embedder, SentenceTransformerEmbedder, Vector
from corpus.index.generation import Generation, committed, recipe_of
from corpus.index.reader import Reader
from corpus.keeping import INDEX, Keeper
from corpus.models import (
    Answer,
    Entry,
    Filters,
    Hit,
    Page,
    Progress,
    RefreshReport,
    Related,
    Source,
    Status,
    Timings,
    no_progress,
)
from corpus.settings import CorpusSettings

NO_FILTERS = Filters()


def open_corpus(settings: CorpusSettings, embedder: Embedder | None = None) -> "Corpus":
    """The corpus in the settings' data folder; `embedder` in place of the settings' model. Touches no file yet."""
    return Corpus(settings, embedder or SentenceTransformerEmbedder(settings.model))


class Corpus:
    def __init__(self, settings: CorpusSettings, embedder: Embedder) -> None:
        self.settings = settings
        self._embedder = embedder
        self._index_root = settings.data_dir / INDEX
        self._reader = Reader(self._index_root)
        self._keeper = Keeper(settings, embedder, self._reader)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._reader.close()

    # A question goes through

    def ask(self, question: str, filters: Filters = NO_FILTERS) -> Answer:
        """What the corpus says to a question. Raises QuestionRefused, FilterRefused, or a DataUnusable."""
        begun = perf_counter()
        text = clean_question(question)

        def answer(now: Generation) -> Answer:
            sources, allowed = self._allowed(now, filters)
            now.check(recipe_of(self._embedder))
            vector = self._embedder.embed_question(text)
            embedded = perf_counter()
            words = now.words(text)
            hits = search(now, vector, words, PASSAGES, allowed)
            searched = perf_counter()
            sure = confidence(hits, words, now.words, now.lexical.rarity)
            quotes = select(hits, words, now.words, now.lexical.rarity) if sure >= COVERED else []
            sentences, citations = compose(quotes, sources)
            cited = list(dict.fromkeys(c.entry.id for c in citations))
            nearest = list({hit.entry.id: hit.entry for hit in hits}.values())[:NEAREST]
            return Answer(
                question=text,
                covered=bool(quotes),
                # Where nothing could be quoted, what was found does not count.
                confidence=round(sure, 4) if quotes or sure < COVERED else 0.0,
                sentences=tuple(sentences),
                citations=tuple(citations),
                related=_related(now, cited, vector, allowed) if quotes else Related(),
                nearest=() if quotes else tuple(nearest),
                timings_ms=_timings(begun, embedded, searched, perf_counter()),
                generation=now.number,
                sources=sources,
            )

        return self._reader.read(answer)

    def search(self, question: str, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The best `limit` passages for a question, best first."""
        text = clean_question(question)

        def find(now: Generation) -> list[Hit]:
            _, allowed = self._allowed(now, filters)
            now.check(recipe_of(self._embedder))
            return search(now, self._embedder.embed_question(text), now.words(text), limit, allowed)

        return self._reader.read(find)

    # What is there

    def entries(self, filters: Filters = NO_FILTERS) -> list[Entry]:
        """The entries that pass the filters, newest first."""

        def collect(now: Generation) -> list[Entry]:
            _, allowed = self._allowed(now, filters)
            numbers = now.entries.select(NO_FILTERS) if allowed is None else allowed
            found = now.entries.entries(numbers)
            return [found[n] for n in numbers]

        return self._reader.read(collect)

    def sources(self) -> dict[str, Source]:
        """Slug → source, of all described sources."""
        return self._reader.read(lambda now: now.entries.sources())

    def page(self, entry_id: str) -> Page:
        """An entry with its source and what is related. Raises EntryUnknown."""
        return self._reader.read(lambda now: _page(now, entry_id.strip()))

    def status(self) -> Status:
        """What the data folder holds, without loading the model."""
        notes: list[str] = []
        now: Generation | None = None
        try:
            now = self._reader.current()
        except DataUnusable as error:
            notes.append(str(error))
        behind = 0
        try:
            with self._keeper.reading_archive() as archive:
                known, shown = archive.numbered_hashes(), now.entries.numbered_hashes() if now else {}
                behind = len(dict(known.items() ^ shown.items()))
        except DataUnusable as error:
            notes.append(str(error))
        numbers = now.entries.select(NO_FILTERS) if now else []
        guides = len(now.guides) if now else 0
        newest = now.entries.entries(numbers[:1]) if now and numbers else {}
        notes.extend(self._reader.notes())
        if behind:
            entries = "1 entry" if behind == 1 else f"{behind} entries"
            notes.append(f"The index does not show {entries} of the archive as it is; run `footnote refresh`.")
        return Status(
            data_dir=str(self.settings.data_dir),
            entries=len(numbers),
            guides=guides,
            events=len(numbers) - guides,
            sources=tuple(now.entries.used_sources()) if now else (),
            newest=next((e.published for e in newest.values()), None),
            generation=now.number if now else None,
            generations=tuple(committed(self._index_root)),
            passages=now.manifest.passages if now else 0,
            model=now.manifest.recipe.model if now else self.settings.model,
            behind=behind,
            bytes=_size(self.settings.data_dir),
            notes=tuple(notes),
        )

    def is_empty(self) -> bool:
        """Whether no generation was ever committed here."""
        return self._keeper.is_empty()

    def is_archive_empty(self) -> bool:
        """Whether the archive holds no entry, or is not there. One that cannot be read is not empty."""
        return self._keeper.is_archive_empty()

    # An article comes in

    def refresh(
        self, paths: Sequence[Path] | None = None, *, dry_run: bool = False, progress: Progress = no_progress
    ) -> RefreshReport:
        """Take in what these files and folders hold, or the shipped corpus, and commit a generation that shows it.

        What is already there and not found stays. Raises FileRefused, RefreshRunning, or a DataUnusable; whatever it
        raises, the last generation goes on answering.
        """
        return self._keeper.refresh(paths, dry_run=dry_run, progress=progress)

    def prepare(self, progress: Progress = no_progress) -> RefreshReport | None:
        """Make the first index, if there is none: from the archive, or where that is empty from the shipped corpus.

        Waits for another process that is at it. None where an index was there, or has come meanwhile.
        """
        return self._keeper.prepare(progress)

    def rebuild(self, progress: Progress = no_progress) -> RefreshReport:
        """Make the index anew from the archive, with the present model, splitter and distance."""
        return self._keeper.rebuild(progress)

    # The parts

    @staticmethod
    def _allowed(now: Generation, filters: Filters) -> tuple[dict[str, Source], list[int] | None]:
        """A generation's sources, and the numbers of its entries that pass (None: all of them)."""
        sources = now.entries.sources()
        if filters == NO_FILTERS:
            return sources, None
        resolved = resolve_source(filters, sources, now.entries.used_sources())
        people = now.entries.people() if filters.person else []
        if filters.person and not any(record.name_matches(filters.person, name) for name in people):
            listed = ", ".join(people[:10]) or "nobody yet"
            raise FilterRefused(f"Nobody of that name is in this corpus: {filters.person}. Those with most: {listed}.")
        return sources, now.entries.select(resolved)


def _page(now: Generation, entry_id: str) -> Page:
    found = now.entries.entry(entry_id)
    if found is None:
        near = now.entries.find_titles(entry_id) if entry_id else []
        hint = "Did you mean " + ", ".join(f"{i} ({title})" for i, title in near) + "?" if near else ""
        raise EntryUnknown(f"No entry has the id {entry_id!r}. {hint or 'List the ids with `footnote entries`.'}")
    entry = found[1]
    source = now.entries.sources().get(entry.source, Source(entry.source, entry.source, entry.tier))
    return Page(entry, source, _related(now, [entry.id], None, None))


def _related(now: Generation, cited: Sequence[str], vector: Vector | None, allowed: list[int] | None) -> Related:
    numbers = [found[0] for i in cited if (found := now.entries.entry(i))]
    near = [v for n in numbers if (v := now.table.entry_vector(n)) is not None]
    closeness = now.table.entry_similarities(direction(vector, near))
    guides, events = related_numbers(now.table.entries, closeness, now.guides, numbers, allowed)
    shown = now.entries.entries([*guides, *events])
    return Related(tuple(shown[n] for n in guides), tuple(shown[n] for n in events))


def _timings(begun: float, embedded: float, searched: float, done: float) -> Timings:
    return Timings(
        *(round(1000 * s, 2) for s in (embedded - begun, searched - embedded, done - searched, done - begun))
    )


def _size(folder: Path) -> int:
    """Bytes in a folder; what vanishes meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += file.stat().st_size if file.is_file() else 0
    return total
