"""The facade: `open_corpus(settings)` wires the parts, `Corpus` asks, shows, refreshes.

Synchronous, and to be used from one thread at a time; others may call `catch_up`, `load_models`, `embed_ahead` alone.
Reading never waits for a refresh: it takes the newest committed generation, and swaps to a newer one between two
questions.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.answer import pipeline
from corpus.answer.browse import list_entries, show_page, show_quote
from corpus.answer.explain import Explanation, Trace, explain
from corpus.answer.reader import ScoringReader
from corpus.answer.rerank import CrossEncoderReranker, Models, Reranker
from corpus.answer.writers.base import Writer, check_sentences
from corpus.errors import IndexDamaged, IndexMissing, WriterFailed
from corpus.index.compatibility import Embedders, find_outdated
from corpus.index.embedders.base import Embedder
from corpus.index.embedders.choose import make_embedder
from corpus.index.generation import CHROMA, Generation
from corpus.index.reader import Reader
from corpus.index.status import read_status
from corpus.index.vector_stores.base import VectorStores
from corpus.ingest.update.workspace import INDEX, Workspace
from corpus.models.answers import Answer, Context, Listed, Page
from corpus.models.entries import Entry, Title
from corpus.models.search import NO_FILTERS, Filters, Hit, Span
from corpus.models.sources import Check, ExportedSource, Source, SourceHealth
from corpus.models.updates import CorpusChange, Outdated, Progress, RefreshReport, Run, Status, no_progress
from corpus.query.question import clean_question
from corpus.settings import CorpusSettings

if TYPE_CHECKING:
    from corpus.ingest.update.subscriptions import Subscriptions
    from corpus.ingest.update.updater import Updater


def open_corpus(
    settings: CorpusSettings,
    embedder: Embedder | None = None,
    reranker: Reranker | None = None,
    *,
    writer: Writer | None = None,
    stores: VectorStores = CHROMA,
    serving: bool = False,
) -> "Corpus":
    """Return the corpus in the settings' data folder, with this `embedder`, `reranker` in place of the settings'.

    Touches no file yet. `writer`: writes the answers in place of the quotes; `stores`: keeps the vectors.

    Each reading looks for a newer generation first, and opens it. `serving` is for a process that answers while others
    refresh: there only `catch_up` does so, and a question is embedded by one thread, so that no question waits for
    either; a reading opens a generation by itself only where none is open, or the open one is damaged.
    """
    threads = 1 if serving else None
    chosen = {"query": settings.query_prompt, "document": settings.passage_prompt}
    prompts = {use: f"{prompt.rstrip()} " for use, prompt in chosen.items() if prompt}
    own = embedder or make_embedder(settings.model, threads, prompts=prompts)
    embedders = Embedders(own, lambda name: make_embedder(name, threads, local=True))
    if reranker is None and settings.reranker:
        reranker = CrossEncoderReranker(settings.reranker, local=settings.offline, question_threads=threads)
    reader = ScoringReader(reranker) if reranker else None
    return Corpus(settings, Models(embedders, reranker, reader), writer, stores, serving=serving)


class Corpus:
    def __init__(
        self,
        settings: CorpusSettings,
        models: Models,
        writer: Writer | None = None,
        stores: VectorStores = CHROMA,
        *,
        serving: bool = False,
    ) -> None:
        self.settings = settings
        self._models = models
        self.writer = writer
        self._reader = Reader(settings.data_dir / INDEX, follow=not serving, stores=stores, warm=models.embedders.find)
        self._workspace = Workspace(settings.data_dir)

    # What reads questions is imported with the first one, what changes the corpus with the first change: lists of
    # entries would be 0.2 s slower with the one, a cold question with the other.

    @cached_property
    def _updater(self) -> "Updater":
        from corpus.ingest.update.updater import Updater  # noqa: PLC0415

        return Updater(self.settings, self._workspace, self._models.embedders, self._reader)

    @cached_property
    def _subscriptions(self) -> "Subscriptions":
        from corpus.ingest.update.subscriptions import Subscriptions  # noqa: PLC0415

        return Subscriptions(self.settings, self._updater)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open. Not while another thread is in `catch_up`."""
        self._reader.close()

    def load_models(self) -> None:
        """Load what a question is read, embedded and reranked with. May be called by a second thread.

        Raises ModelUnusable.
        """
        self._load_reading()
        self._models.embedder.embed_question("ready")
        if self._models.reranker:
            self._models.reranker.score("ready", ["ready"])
        if self._models.reader:
            self._models.reader.read("ready", ())

    def catch_up(self) -> CorpusChange | None:
        """Open and warm the newest generation aside, and read from it from now on. Return what it changes, if new.

        May be called by a second thread while the first one reads: that goes on with the generation it has, which is
        closed when no reading uses it any more. Raises IndexDamaged where no generation can be read.
        """
        self._load_reading()
        return self._reader.catch_up()

    def _load_reading(self) -> None:
        """Import what reads questions, and load the words that it knows."""
        from corpus.answer import ask  # noqa: F401, PLC0415
        from corpus.query.spelling import load_english  # noqa: PLC0415

        if self.settings.understanding:
            load_english()

    def embed_ahead(self, question: str) -> None:
        """Embed a question that waits for its turn, so that `ask` finds its vector. May be called by a second thread.

        Of a question that names a person or a time, `ask` embeds what is left without them. Raises QuestionRefused.
        """
        self._models.embedders.embed_ahead(clean_question(question))

    # A question goes through

    def ask(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        earlier: Sequence[str] = (),
        today: date | None = None,
    ) -> Answer:
        """Return what the corpus says to a question. Raises QuestionRefused, FilterRefused, or a DataUnusable.

        `earlier`: what was asked before in a conversation, oldest first; the answer's question is then as understood.
        What the question itself says of who and when counts as filters do where those say nothing, and is dropped where
        it leaves nothing; the answer says both, and which misspelt words were read as words of the corpus. `today`:
        the day from which "last month" counts, and age.
        """
        return self.write(self.find_quotes(question, filters, earlier, today))

    def find_quotes(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        earlier: Sequence[str] = (),
        today: date | None = None,
    ) -> Answer:
        """Return what `ask` answers before a writer of answers has been at it: its sentences are the quotes."""
        return self._trace(question, filters, earlier, today).answer

    def write(self, answer: Answer) -> Answer:
        """Return the answer in the sentences of the corpus's writer; with its quotes where that fails, or none is set.

        May be called by any thread: it touches neither the index nor a model, and may take as long as the writer does.
        """
        if self.writer is None or not answer.covered:
            return answer
        try:
            sentences = self.writer.write(answer.question, answer.citations, answer.sources)
            return replace(answer, sentences=check_sentences(sentences, answer.citations))
        except WriterFailed as error:
            return replace(answer, notes=(*answer.notes, str(error)))

    def explain(
        self,
        question: str,
        filters: Filters = NO_FILTERS,
        earlier: Sequence[str] = (),
        today: date | None = None,
    ) -> Explanation:
        """Return how `ask` comes to its answer: what was found and considered, and what became of it. Raises as it."""
        return explain(self._trace(question, filters, earlier, today))

    def _trace(self, question: str, filters: Filters, earlier: Sequence[str], today: date | None) -> Trace:
        from corpus.answer import ask  # noqa: PLC0415

        text, understanding = clean_question(question), self.settings.understanding
        day = today or datetime.now().astimezone().date()  # the day it is here
        return self._reader.read(
            lambda generation: ask.ask(
                generation, self._models, text, filters, day, earlier, understanding=understanding
            )
        )

    def timeline(self, topic: str, filters: Filters = NO_FILTERS) -> Answer:
        """Return what was said of a topic, oldest first: a sentence of each of at most eight entries. Raises as `ask`.

        Not covered where no entry speaks of it.
        """
        from corpus.answer import ask  # noqa: PLC0415

        text, understanding = clean_question(topic), self.settings.understanding
        return self._reader.read(
            lambda generation: (
                ask.trace_timeline(generation, self._models, text, filters, understanding=understanding).answer
            )
        )

    def search(self, question: str, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Return the best `limit` passages for a question, best first; no cross-post whose original passes, too."""
        text = clean_question(question)

        def find(generation: Generation) -> list[Hit]:
            selection = pipeline.select_entries(generation, filters)
            return pipeline.find_passages(generation, self._models, text, limit, selection).hits

        return self._reader.read(find)

    def quote_in_context(self, entry_id: str, start: int, end: int, quote_hash: str) -> Context:
        """Return a citation's quote in its paragraph, as the entry is now; `quote_hash` is that of the quote.

        Raises EntryUnknown where the entry was removed, QuoteGone where it no longer says this.
        """
        return self._reader.read(lambda generation: show_quote(generation, entry_id, Span(start, end), quote_hash))

    # What is there

    def entries(self, filters: Filters = NO_FILTERS) -> list[Entry]:
        """Return the entries that pass the filters, newest first."""
        return self._reader.read(lambda generation: list(list_entries(generation, filters).entries))

    def listed(self, filters: Filters, offset: int, limit: int) -> Listed:
        """Return the entries from `offset` on, at most `limit`, of those that pass the filters; newest first."""
        return self._reader.read(lambda generation: list_entries(generation, filters, offset, limit))

    def titles(self) -> list[Title]:
        """Return the titles of all entries, newest first: from memory, after the first time."""
        return self._reader.read(lambda generation: list(generation.titles))

    def sources(self) -> dict[str, Source]:
        """Return slug → source, of all described sources."""
        return self._reader.read(lambda generation: generation.entries.sources())

    def page(self, entry_id: str) -> Page:
        """Return an entry, by its id or address, with its source and what is related.

        Raises EntryUnknown, which names those that may be meant.
        """
        return self._reader.read(lambda generation: show_page(generation, entry_id.strip()))

    def status(self) -> Status:
        """Return what the data folder holds, without loading the model. Raises a ResourceShort."""
        return read_status(self.settings, self._reader, self._models.embedders, self._workspace.reading)

    def find_outdated(self) -> Outdated | None:
        """Return in what the index is not as the present version and settings would make it; None where it is, too.

        Questions are answered from it as far as it can be read. Loads no model. None, too, where there is no index that
        can be read. Raises a ResourceShort.
        """
        embedders, distance = self._models.embedders, self._reader.stores.distance
        try:
            return self._reader.read(lambda generation: find_outdated(generation, embedders, distance))
        except (IndexMissing, IndexDamaged):
            return None

    def is_empty(self) -> bool:
        """Whether no generation was ever committed here."""
        return self._workspace.is_empty()

    def is_archive_empty(self) -> bool:
        """Whether the archive holds no entry, or is not there. One that cannot be read is not empty."""
        return self._workspace.is_archive_empty()

    def copy_record(self, folder: Path) -> None:
        """Copy the archive into another data folder, as it is at one moment. Raises IndexMissing, or a DataUnusable."""
        self._workspace.copy_record(folder)

    # The corpus changes

    def refresh(
        self,
        paths: Sequence[Path] | None = None,
        *,
        urls: Sequence[str] = (),
        by: str | None = None,
        source: str | None = None,
        restore: bool = False,
        backfill: bool = False,
        due: bool = False,
        dry_run: bool = False,
        save_plan: Path | None = None,
        takes_sources: bool = True,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        """Take in what these files, folders and pages hold, in a generation that shows it.

        Without any of them, what the shipped corpus holds and what the sources that are followed have published; `due`
        alone: what those have whose time has come, without the shipped corpus. `source`: a slug or a name; it alone is
        read, and its entries alone are taken in. A first reading of a source takes the newest 50 pieces; `backfill`
        takes all. What is already there and not found stays; what was removed stays out, unless `restore`. `by` is kept
        beside the run. Pages that were fetched by a refresh that broke off are not fetched again. `save_plan`: the file
        in which a dry run keeps what it would take in, for `apply`. `takes_sources`: with the entries of an export the
        sources that it carries, and what these have listed; not so where one `source` alone is asked for.

        Raises FileRefused, FilterRefused, RefreshRunning, or a DataUnusable; whatever it raises, the last generation
        goes on answering. What a source does stands in the report.
        """
        from corpus.ingest.update.request import UpdateRequest  # noqa: PLC0415  a question changes nothing

        shift = random.uniform(-1, 1)  # noqa: S311  no secret: sources are not all read at once
        request = UpdateRequest(
            paths,
            urls,
            by,
            source,
            restore,
            backfill,
            due,
            shift=shift,
            save_plan=save_plan,
            takes_sources=takes_sources,
        )
        return self._updater.refresh(request, dry_run=dry_run, progress=progress)

    def apply(
        self, plan: Path, sha256: str | None = None, by: str | None = None, progress: Progress = no_progress
    ) -> RefreshReport:
        """Take in exactly what a dry run has kept in this file; nothing is read or fetched again.

        Where the corpus has changed so that the plan would do something else than it did, nothing is done: the report
        is that of a dry run, which says so in a note, and the file holds the plan as it is now. Raises PlanRefused
        where the file is no plan or has another SHA-256, and what `refresh` raises.
        """
        return self._updater.apply(plan, sha256, by, progress)

    def remove(
        self,
        entry_ids: Sequence[str],
        by: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        """Take these entries out, and keep them out of later refreshes. All of them, or, where it raises, none.

        The history keeps them. Raises EntryUnknown, and what `refresh` raises.
        """
        return self._updater.remove(entry_ids, by, dry_run=dry_run, progress=progress)

    def undo(
        self,
        by: str | None = None,
        *,
        run_id: int | None = None,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        """Bring the record back to before the last change that is not undone, in a generation of its own.

        Again, it goes one change further back: an undo is not undone. `run_id`: only if that change is this run. Raises
        NothingToUndo, and what `refresh` raises.
        """
        return self._updater.undo(by, run_id=run_id, dry_run=dry_run, progress=progress)

    def history(self, limit: int = 20) -> list[Run]:
        """Return the last changes of the record, the latest first."""
        return self._updater.history(limit)

    def every_entry(self) -> Iterator[Entry]:
        """Yield the record's entries, as they are at one moment, the longest there first. Raises a DataUnusable."""
        return self._updater.every_entry()

    def every_source(self) -> Iterator[ExportedSource]:
        """Yield the sources as an export carries them, each with what is remembered of it, in parts.

        Raises a DataUnusable. A folder that is followed stays on this computer.
        """
        return self._updater.exported_sources()

    def prepare(self, progress: Progress = no_progress) -> RefreshReport | None:
        """Make the first index, if there is none: from the archive, or where that is empty from the shipped corpus.

        Waits for another process that is at it. None where an index was there, or has come meanwhile.
        """
        return self._updater.prepare(progress)

    def rebuild(self, progress: Progress = no_progress, *, if_outdated: bool = False) -> RefreshReport:
        """Make the index anew from the archive, with the present model, splitter and distance.

        `if_outdated`: only where it was made with others, or does not show the archive as it is; what is the same of it
        is taken over.
        """
        return self._updater.rebuild(progress, if_outdated=if_outdated)

    # The sources that are followed

    def followed(self) -> list[SourceHealth]:
        """Return the sources that are or were followed, by name, with how each does. Raises a DataUnusable."""
        return self._subscriptions.followed()

    def follow(
        self,
        address: str,
        *,
        slug: str | None = None,
        name: str | None = None,
        tier: int | None = None,
        pattern: str | None = None,
        by: str | None = None,
    ) -> Source:
        """Follow what stands at an address from the next refresh on: a feed, a site that names one, a sitemap (those of
        its addresses in which `pattern` finds itself), or a folder.

        What was followed before is so again. Raises SourceRefused, RefreshRunning, or a DataUnusable.
        """
        return self._subscriptions.follow(address, slug, name, tier, pattern, by)

    def unfollow(self, name: str, by: str | None = None) -> Source:
        """Follow a source no more, by its slug or name; its entries stay. Raises SourceUnknown, and as `follow`."""
        return self._subscriptions.set_status(name, "removed", by)

    def pause(self, name: str, by: str | None = None) -> Source:
        """Leave a source unread until it is resumed; a refresh that names it reads it. Raises as `unfollow`."""
        return self._subscriptions.set_status(name, "paused", by)

    def resume(self, name: str, by: str | None = None) -> Source:
        """Follow a source again that was paused, closed or removed. Raises as `unfollow`."""
        return self._subscriptions.set_status(name, "followed", by)

    def check(self, named: str, *, backfill: bool = False, progress: Progress = no_progress) -> Check:
        """Return what a refresh would take from a source, by slug, name or address, step by step. Writes nothing.

        Raises SourceUnknown, SourceRefused where the web is to be left alone, or a DataUnusable.
        """
        return self._subscriptions.check(named, backfill=backfill, progress=progress)

    def next_due(self) -> datetime | None:
        """Return when the time of a followed source comes, in UTC; None where none is ever read by itself."""
        return self._subscriptions.next_due()
