"""How the corpus changes: first the record, then a generation of the index that shows it. One writer at a time.

A refresh, a removal and an undo are each a plan that is decided from plain data, one transaction in the record, and a
generation that shows the record as it then is. Whatever breaks off in between, the next of them brings the index up.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from corpus.errors import ArchiveDamaged, IndexDamaged, IndexMissing
from corpus.index import keyword_index
from corpus.index.attempts import forget, left_out_in_words
from corpus.index.builder import build, prune
from corpus.index.compatibility import Embedders
from corpus.index.generation import Generation, committed, recipe_of
from corpus.index.reader import Reader
from corpus.ingest.sources.findings import NOTHING_FOUND, Findings
from corpus.ingest.sources.local_import import import_files
from corpus.ingest.update.collect import collect, page_cache
from corpus.ingest.update.cross_posts import cross_posts_among, link_cross_posts, predict_cross_posts
from corpus.ingest.update.identify import Resolved, identify
from corpus.ingest.update.known_addresses import KnownAddresses
from corpus.ingest.update.plan import content_hash, describe_run, plan_removal, plan_update, run_to_undo, taken_back
from corpus.ingest.update.request import UpdateRequest, name_of
from corpus.ingest.update.saved_plan import plan_to_save, read_plan, save_plan
from corpus.ingest.update.source_exports import export_sources, note_exported, with_exported
from corpus.ingest.update.source_reports import describe_sources
from corpus.ingest.update.workspace import Workspace
from corpus.models.entries import Entry, Title
from corpus.models.sources import NO_UPDATES, ExportedSource, SourceUpdates
from corpus.models.updates import Counts, Plan, Progress, RefreshReport, Run, in_titles, no_progress
from corpus.settings import CorpusSettings
from corpus.storage.record import Record

OUTDATED_PLAN = (
    "The corpus has changed since this plan was made, so nothing was done. What the plan would do now is shown "
    "instead; apply it again if that is right."
)
RENEWED = "The index was made by another version or with another model, and is made anew."
FIRST_BUILD = 120  # seconds to wait for another process that makes the first index


class Updater:
    """Writes the record and the index of a data folder. `Corpus` is its face: what it promises stands there."""

    def __init__(self, settings: CorpusSettings, workspace: Workspace, embedders: Embedders, reader: Reader) -> None:
        self.workspace = workspace
        self._settings = settings
        self._embedders = embedders
        self._reader = reader

    def refresh(
        self, request: UpdateRequest, *, dry_run: bool = False, progress: Progress = no_progress
    ) -> RefreshReport:
        if request.due and self.workspace.is_archive_empty():
            request = replace(request, due=False)  # the first refresh of all takes in the shipped corpus, too
        files = NOTHING_FOUND
        if not request.follows:  # before anything is locked or written: a path may be missing
            progress("read", 0, 1)
            files = import_files(request.paths or ())
            progress("read", 1, 1)
            files = note_exported(files, taken=request.takes_sources and request.source is None)
        if dry_run:
            return self._preview(request, files, progress)
        with self.workspace.changing() as (record, notes):
            base, known = self._base(notes, renewing=True), KnownAddresses(record)
            found = collect(request, files, record, known, self._settings, progress, keep_pages=True)
            resolved = identify(found, record, known, request.source)
            plan = plan_update(
                resolved.entries, resolved.rejected, record, restore=request.restore, yielding=request.yielding
            )
            updates, failing = found.learn(request.pace(self._settings))
            if files.exported:  # then no source was read
                resolved, updates = with_exported(resolved, files.exported, record)
            _commit(plan, resolved, record, name_of(request.by), updates)
            found.forget_pages(page_cache(self._settings))
            sources, more = describe_sources(found, resolved, plan), (*found.notes, *failing)
            done = in_titles(plan)
            # With all their texts, which are in the record now: there may be many, and the index is next.
            del files, found, resolved, plan
            report = self._index(done, record, base, notes, progress)
            return replace(report, notes=(*report.notes, *more), sources=sources)

    def _preview(self, request: UpdateRequest, files: Findings, progress: Progress) -> RefreshReport:
        """Return what a refresh would do; nothing is written, but the plan where that is asked for."""
        with self.workspace.reading_if_there() as there:
            record = None if there is None or there.entries.is_untouched() else there
            known = KnownAddresses(record)
            found = collect(request, files, record, known, self._settings, progress, keep_pages=False)
            resolved = identify(found, record, known, request.source)
            plan = plan_update(
                resolved.entries, resolved.rejected, record, restore=request.restore, yielding=request.yielding
            )
            if files.exported:
                resolved, _ = with_exported(resolved, files.exported, record)
            plan = replace(plan, duplicates=predict_cross_posts(record, plan, progress))
            saved = None
            if request.save_plan is not None:
                to_save = plan_to_save(plan, resolved, record, restore=request.restore, yielding=request.yielding)
                saved = save_plan(to_save, request.save_plan)
            sources = describe_sources(found, resolved, plan)
            return replace(self._planned(plan), notes=found.notes, sources=sources, saved_plan=saved)

    def apply(
        self, file: Path, sha256: str | None, by: str | None = None, progress: Progress = no_progress
    ) -> RefreshReport:
        saved = read_plan(file, sha256)
        resolved = Resolved(
            entries=tuple((one.where, one.entry) for one in saved.entries),
            sources=tuple(one.source for one in saved.sources),
        )
        with self.workspace.changing() as (record, notes):
            base = self._base(notes)
            plan = plan_update(resolved.entries, (), record, restore=saved.restore, yielding=saved.yielding)
            if saved.fits(record.entries.hashes(), record.entries.sources()) and not plan.rejected:
                _commit(plan, resolved, record, name_of(by))
                return self._index(in_titles(plan), record, base, notes, progress)
            anew = plan_to_save(plan, resolved, record, restore=saved.restore, yielding=saved.yielding)
            return replace(self._planned(plan), notes=(*notes, OUTDATED_PLAN), saved_plan=save_plan(anew, file))

    def remove(
        self,
        entry_ids: Sequence[str],
        by: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        if dry_run:
            with self.workspace.reading() as record:
                return self._planned(plan_removal(record, entry_ids))
        with self.workspace.changing() as (record, notes):
            base = self._base(notes)
            plan = plan_removal(record, entry_ids)
            record.history.remove(plan.removed, by=name_of(by))
            return self._index(in_titles(plan), record, base, notes, progress)

    def undo(
        self,
        by: str | None = None,
        *,
        run_id: int | None = None,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        if dry_run:
            with self.workspace.reading() as record:
                run = run_to_undo(record, run_id)
                report = self._planned(record.history.plan_undo(run.id))
                return replace(report, undone=describe_run(run), undoes=run.id)
        with self.workspace.changing() as (record, notes):
            base = self._base(notes)
            run = run_to_undo(record, run_id)
            plan = in_titles(record.history.plan_undo(run.id))
            record.history.undo(run.id, by=name_of(by))
            report = self._index(plan, record, base, notes, progress)
            return replace(report, undone=describe_run(run), undoes=run.id)

    def history(self, limit: int) -> list[Run]:
        with self.workspace.reading_if_there() as record:
            return record.history.runs_with_sources(limit) if record else []

    def every_entry(self) -> Iterator[Entry]:
        with self.workspace.reading() as record:
            yield from record.entries.every()

    def exported_sources(self) -> Iterator[ExportedSource]:
        with self.workspace.reading() as record:
            yield from export_sources(record)

    def prepare(self, progress: Progress = no_progress) -> RefreshReport | None:
        if not self.workspace.is_empty():
            return None
        with self.workspace.changing(wait=FIRST_BUILD) as (record, notes):
            if not self.workspace.is_empty():
                return None
            found = import_files(None) if record.entries.is_untouched() else NOTHING_FOUND
            resolved = Resolved(found.entries, found.sources, found.rejected)
            plan = plan_update(resolved.entries, resolved.rejected, record)
            _commit(plan, resolved, record)
            return self._index(in_titles(plan), record, None, notes, progress)

    def rebuild(self, progress: Progress = no_progress, *, if_outdated: bool = False) -> RefreshReport:
        with self.workspace.changing() as (record, notes):
            if record.entries.count() == 0 and not if_outdated:
                raise IndexMissing("There is nothing to rebuild yet. Run `footnote refresh`.")
            base = None
            if if_outdated:
                base = self._base(notes, renewing=True)
            else:
                forget(self.workspace.index_root)
            return self._index(Plan((), (), (), ()), record, base, notes, progress)

    def _index(
        self,
        plan: Plan[Title],
        record: Record,
        base: Generation | None,
        notes: Sequence[str],
        progress: Progress,
    ) -> RefreshReport:
        """Commit a generation that shows the record, unless `base` does; return the report of the change."""
        root = self.workspace.index_root
        link_cross_posts(record, progress)
        plan = replace(plan, duplicates=cross_posts_among(record, (*plan.new, *plan.changed)))
        shown = None
        if base and base.manifest.recipe.words == keyword_index.VERSION:
            with suppress(ArchiveDamaged):  # a copy that cannot be read shows nothing
                shown = base.entries.numbered_hashes(), base.entries.sources(), base.entries.copies()
        if base and shown == (record.entries.numbered_hashes(), record.entries.sources(), record.entries.copies()):
            return RefreshReport(plan, False, base.number, False, 0, tuple(notes))
        if self.workspace.is_empty() and record.entries.count() == 0:
            return RefreshReport(plan, False, None, False, 0, tuple(notes))
        embedder = (self._embedders.find(base) if base else None) or self._embedders.own
        number, indexed = build(root, record.entries, embedder, base, progress, self._reader.stores)
        prune(root, self._settings.keep_generations, self._reader.stores)
        left_out = left_out_in_words(root, record.entries)
        return RefreshReport(plan, False, number, True, indexed, (*notes, *left_out))

    def _planned(self, plan: Plan[Entry]) -> RefreshReport:
        newest = max(committed(self.workspace.index_root), default=None)
        return RefreshReport(in_titles(plan), dry_run=True, generation=newest, committed=False, indexed=0)

    def _base(self, notes: list[str], *, renewing: bool = False) -> Generation | None:
        """Return the generation to build on; None where none can be read, or what it holds cannot stay.

        Passages of another version or model stay, and what is new is embedded by that model, so that a small change
        does not wait for all that is to be made anew; not so when `renewing`. Words are analysed anew in any case.
        `notes` are added to. Raises ModelUnusable.
        """
        try:
            base = self._reader.current()
        except (IndexMissing, IndexDamaged):
            return None
        embedder = self._embedders.own if renewing else self._embedders.find(base)
        made, recipe = base.manifest.recipe, recipe_of(embedder or self._embedders.own, self._reader.stores)
        if not renewing:
            recipe = replace(recipe, splitter=made.splitter)
        if made == recipe:
            return base
        notes.append(RENEWED)
        return base if replace(made, words=recipe.words) == recipe else None


def _commit(
    plan: Plan[Entry], resolved: Resolved, record: Record, by: str = "", updates: SourceUpdates = NO_UPDATES
) -> None:
    """Archive what is new or changed, and what was learnt on the way, in one transaction."""
    counts = Counts(len(plan.new), len(plan.changed), len(plan.unchanged), len(plan.rejected))
    described = record.entries.sources()
    sources = [source for source in resolved.sources if described.get(source.slug) != source]
    taken = [(entry, content_hash(entry)) for entry in (*plan.new, *plan.changed)]
    back = taken_back(record.history.removals(), plan.new)
    record.history.apply(sources, taken, counts, by=by, taken_back=back, updates=updates)
