"""How the corpus changes: first the archive, then a generation of the index that shows it. One writer at a time.

A refresh, a removal and an undo are each a plan that is decided from plain data, one transaction in the archive, and a
generation that shows the archive as it then is. Whatever breaks off in between, the next of them brings the index up.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import ArchiveDamaged, DataUnusable, IndexDamaged, IndexMissing, RefreshRunning, shortage_of
from corpus.index.attempts import forget, left_out_in_words
from corpus.index.builder import build, prune
from corpus.index.embedders.base import Embedder
from corpus.index.generation import Generation, committed, folder_of, recipe_of
from corpus.index.manifest import ENTRIES, read_manifest, verify
from corpus.index.reader import Reader
from corpus.ingest.sources.local_import import Gathered, gather
from corpus.ingest.update.collect import Harvest, Order, fetched, files_of, harvest
from corpus.ingest.update.decide import (
    in_words,
    name_of,
    only,
    placed,
    plan_of,
    plan_to_save,
    removing,
    run_to_undo,
    taken_back,
)
from corpus.ingest.update.link_duplicates import copies_among, link_copies, would_be_copies
from corpus.ingest.update.plan import content_hash
from corpus.ingest.update.saved_plan import read_plan, save_plan
from corpus.models.entries import Entry, Title
from corpus.models.sources import NO_UPDATES, SourceUpdates
from corpus.models.updates import Counts, Plan, Progress, RefreshReport, Run, SourceRead, in_titles, no_progress
from corpus.private import make_data_folder, make_private_file, make_private_folder
from corpus.settings import CorpusSettings
from corpus.storage.database import errors_of
from corpus.storage.record import Record
from corpus.storage.restore import restore as restore_archive

ARCHIVE, INDEX, LOCK = "archive.sqlite3", "index", "refresh.lock"
OUTDATED_PLAN = (
    "The corpus has changed since this plan was made, so nothing was done. What the plan would do now is shown "
    "instead; apply it again if that is right."
)
FIRST_BUILD = 120  # seconds to wait for another process that makes the first index


class Keeper:
    """Writes the record and the index of a data folder. `Corpus` is its face: what it promises stands there."""

    def __init__(self, settings: CorpusSettings, embedder: Embedder, reader: Reader) -> None:
        self._settings = settings
        self._embedder = embedder
        self._archive_path = settings.data_dir / ARCHIVE
        self._index_root = settings.data_dir / INDEX
        self._reader = reader

    def is_empty(self) -> bool:
        return not committed(self._index_root)

    def is_archive_empty(self) -> bool:
        try:
            with self.reading_archive() as archive:
                return archive.entries.is_untouched()
        except IndexMissing:
            return True
        except DataUnusable:
            return False

    def refresh(self, order: Order, *, dry_run: bool = False, progress: Progress = no_progress) -> RefreshReport:
        if order.due and self.is_archive_empty():
            order = replace(order, due=False)  # the first refresh of all takes in the shipped corpus, too
        files = files_of(order, progress)
        if dry_run:
            return self._tried(files, order, progress)
        with self._changing() as (archive, base, notes):
            plan, sources, more = self._archived(files, archive, order, progress)
            del files  # with all their texts, which are in the archive now: there may be many, and the index is next
            report = self._shown(plan, archive, base, notes, progress)
            return replace(report, notes=(*report.notes, *more), sources=sources)

    def _tried(self, files: Gathered, order: Order, progress: Progress) -> RefreshReport:
        """What a refresh would do; nothing is written."""
        with contextlib.ExitStack() as opened:
            empty = self.is_archive_empty()
            archive = None if empty else opened.enter_context(self.reading_archive())
            found = harvest(files, archive, order, self._settings, progress, kept=False)
            plan = self._plan(archive, found, order)
            plan = replace(plan, duplicates=would_be_copies(archive, plan, progress))
            saved = None
            if order.save_plan is not None:
                saved = save_plan(
                    plan_to_save(archive, found.gathered, plan, restore=order.restore, yielding=order.yielding),
                    order.save_plan,
                )
            return replace(self._planned(plan), notes=tuple(found.notes), sources=found.told(plan), saved_plan=saved)

    def apply(
        self, file: Path, sha256: str | None, by: str | None = None, progress: Progress = no_progress
    ) -> RefreshReport:
        saved = read_plan(file, sha256)
        gathered = Gathered(
            entries=[(one.where, one.entry) for one in saved.entries], sources=[one.source for one in saved.sources]
        )
        with self._changing() as (archive, base, notes):
            plan = plan_of(archive, gathered, restore=saved.restore, yielding=saved.yielding)
            if saved.fits(archive.entries.hashes(), archive.entries.sources()) and not plan.rejected:
                self._take_in(archive, gathered, plan, name_of(by))
                return self._shown(in_titles(plan), archive, base, notes, progress)
            anew = plan_to_save(archive, gathered, plan, restore=saved.restore, yielding=saved.yielding)
            return replace(self._planned(plan), notes=(*notes, OUTDATED_PLAN), saved_plan=save_plan(anew, file))

    def _archived(
        self, files: Gathered, archive: Record, order: Order, progress: Progress
    ) -> tuple[Plan[Title], tuple[SourceRead, ...], list[str]]:
        """Take in what is found: what was done, how each source was read, and what else is to be said."""
        found = harvest(files, archive, order, self._settings, progress, kept=True)
        plan = self._plan(archive, found, order)
        self._take_in(archive, found.gathered, plan, name_of(order.by), found.learnt(order.pace(self._settings)))
        found.forget_fetched(fetched(self._settings))
        return in_titles(plan), found.told(plan), found.notes

    @staticmethod
    def _plan(archive: Record | None, found: Harvest, order: Order) -> Plan[Entry]:
        """What was found, decided: each entry under its id; `found` holds them so from now on."""
        found.gathered = only(order.source, placed(found.gathered, archive), archive)
        return plan_of(archive, found.gathered, restore=order.restore, yielding=order.yielding)

    def remove(
        self,
        entry_ids: Sequence[str],
        by: str | None = None,
        *,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        if dry_run:
            with self.reading_archive() as archive:
                return self._planned(removing(archive, entry_ids))
        with self._changing() as (archive, base, notes):
            plan = removing(archive, entry_ids)
            archive.history.remove(plan.removed, by=name_of(by))
            return self._shown(in_titles(plan), archive, base, notes, progress)

    def undo(
        self,
        by: str | None = None,
        *,
        run_id: int | None = None,
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> RefreshReport:
        if dry_run:
            with self.reading_archive() as archive:
                run = run_to_undo(archive, run_id)
                return self._planned(archive.history.plan_undo(run.id), undone=run)
        with self._changing() as (archive, base, notes):
            run = run_to_undo(archive, run_id)
            plan = in_titles(archive.history.plan_undo(run.id))
            archive.history.undo(run.id, by=name_of(by))
            return self._shown(plan, archive, base, notes, progress, undone=run)

    def history(self, limit: int) -> list[Run]:
        try:
            with self.reading_archive() as archive:
                return archive.history.runs(limit)
        except IndexMissing:
            return []

    def every_entry(self) -> Iterator[Entry]:
        with self.reading_archive() as archive:
            yield from archive.entries.every()

    def prepare(self, progress: Progress = no_progress) -> RefreshReport | None:
        if not self.is_empty():
            return None
        with self._writing(wait=FIRST_BUILD) as notes, self._archive() as archive:
            if not self.is_empty():
                return None
            gathered = gather(None) if archive.entries.is_untouched() else Gathered()
            plan = plan_of(archive, gathered, restore=False)
            self._take_in(archive, gathered, plan)
            return self._shown(in_titles(plan), archive, None, notes, progress)

    def rebuild(self, progress: Progress = no_progress) -> RefreshReport:
        with self._writing() as notes, self._archive() as archive:
            if archive.entries.count() == 0:
                raise IndexMissing("There is nothing to rebuild yet. Run `footnote refresh`.")
            link_copies(archive, progress)
            forget(self._index_root)
            number, indexed = build(self._index_root, archive.entries, self._embedder, None, progress)
            prune(self._index_root, self._settings.keep_generations)
            left_out = left_out_in_words(self._index_root, archive.entries)
        return RefreshReport(Plan((), (), (), ()), False, number, True, indexed, (*notes, *left_out))

    # The steps of a change

    @contextlib.contextmanager
    def _changing(self) -> Iterator[tuple[Record, Generation | None, list[str]]]:
        """The archive to be changed, the generation to build on, and the notes of the report."""
        with self._writing() as notes, self._archive() as archive:
            yield archive, self._base(), notes

    @staticmethod
    def _take_in(
        archive: Record, gathered: Gathered, plan: Plan[Entry], by: str = "", learnt: SourceUpdates = NO_UPDATES
    ) -> None:
        """Archive what is new or changed, and what was learnt on the way."""
        counts = Counts(len(plan.new), len(plan.changed), len(plan.unchanged), len(plan.rejected))
        described = archive.entries.sources()
        sources = [s for s in gathered.sources if described.get(s.slug) != s]
        taken = [(e, content_hash(e)) for e in (*plan.new, *plan.changed)]
        back = taken_back(archive.history.removals(), plan.new)
        archive.history.apply(sources, taken, counts, by=by, taken_back=back, updates=learnt)

    def _planned(self, plan: Plan[Entry], undone: Run | None = None) -> RefreshReport:
        newest = max(committed(self._index_root), default=None)
        report = RefreshReport(in_titles(plan), dry_run=True, generation=newest, committed=False, indexed=0)
        return _undoing(report, undone)

    def _shown(
        self,
        plan: Plan[Title],
        archive: Record,
        base: Generation | None,
        notes: Sequence[str],
        progress: Progress,
        undone: Run | None = None,
    ) -> RefreshReport:
        """The report of a change of the archive, once a generation shows it."""
        number, indexed, fresh = self._bring_up(archive, base, progress)
        plan = replace(plan, duplicates=copies_among(archive, (*plan.new, *plan.changed)))
        left_out = left_out_in_words(self._index_root, archive.entries) if fresh else []
        return _undoing(RefreshReport(plan, False, number, fresh, indexed, (*notes, *left_out)), undone)

    def _bring_up(self, archive: Record, base: Generation | None, progress: Progress) -> tuple[int | None, int, bool]:
        """Commit a generation that shows the archive, unless `base` does: (generation, entries indexed, committed)."""
        link_copies(archive, progress)
        if base and _shows(base, archive):
            return base.number, 0, False
        if base is None and archive.entries.count() == 0:
            return None, 0, False
        number, indexed = build(self._index_root, archive.entries, self._embedder, base, progress)
        prune(self._index_root, self._settings.keep_generations)
        return number, indexed, True

    def _base(self) -> Generation | None:
        """The generation to build on; None where there is none that can be read. Raises IndexOutdated."""
        try:
            base = self._reader.current()
        except (IndexMissing, IndexDamaged):
            return None
        base.check(recipe_of(self._embedder))
        return base

    @contextlib.contextmanager
    def changing_archive(self) -> Iterator[Record]:
        """The archive, for what changes no entry."""
        with self._writing(), self._archive() as archive:
            yield archive

    @contextlib.contextmanager
    def _archive(self) -> Iterator[Record]:
        with contextlib.closing(Record(self._archive_path)) as opened:
            yield opened

    @contextlib.contextmanager
    def reading_archive(self) -> Iterator[Record]:
        """The archive without a write to it, so that nobody waits for a refresh, and no refresh for us."""
        try:
            size = self._archive_path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            size = 0
        except OSError as error:
            raise shortage_of(error, self._archive_path) or DataUnusable(
                f"The archive {self._archive_path} cannot be read ({error.strerror}); check the folder."
            ) from error
        if not size:
            raise IndexMissing("There is no archive yet; run `footnote refresh`.")
        with contextlib.closing(Record(self._archive_path, read_only=True)) as opened:
            yield opened

    @contextlib.contextmanager
    def _writing(self, wait: float = 0) -> Iterator[list[str]]:
        """Hold the lock that only one process can hold, waiting for it so many seconds; yields the report's notes."""
        folder = self._settings.data_dir
        try:
            make_data_folder(folder)
            make_private_folder(self._index_root)
            lock = FileLock(folder / LOCK, timeout=wait)
            lock.acquire()
        except Timeout as error:
            raise RefreshRunning(
                f"Another refresh of {folder} is running; one at a time. Try again when it has finished."
            ) from error
        except OSError as error:
            raise shortage_of(error, folder) or DataUnusable(
                f"The data folder {folder} cannot be written ({error.strerror}). Set FOOTNOTE_DATA_DIR to one that can."
            ) from error
        try:
            notes = self._restored()
            with errors_of(self._archive_path):
                make_private_file(self._archive_path)
            yield notes
        finally:
            lock.release()

    def _restored(self) -> list[str]:
        """Where the archive is lost or empty and a generation holds entries, make it anew from its copy."""
        if not self.is_archive_empty():
            return []
        folders = [folder_of(self._index_root, number) for number in reversed(committed(self._index_root))]
        whole = list(filter(_has_whole_copy, folders))
        changed = [folder for folder in folders if folder not in whole]  # better than nothing, where that is the choice
        copy = restore_archive(self._archive_path, [folder / ENTRIES for folder in (*whole, *changed)])
        if copy is None:
            return []
        origin = f"generation {int(copy.parent.name)} of the index"
        if copy.parent in changed:
            origin += ", whose copy of them is not as it was written: look through them"
        return [
            f"The archive was missing; its entries were restored from {origin}.",
            "What was paused or removed of its sources since may be followed again.",
        ]


def _undoing(report: RefreshReport, run: Run | None) -> RefreshReport:
    return replace(report, undone=in_words(run), undoes=run.id) if run else report


def _has_whole_copy(generation: Path) -> bool:
    """Whether a generation's copy of the entries is as it was written. Raises what is short."""
    try:
        verify(generation, {ENTRIES: read_manifest(generation).checksums[ENTRIES]})
    except (IndexDamaged, LookupError):
        return False
    return True


def _shows(base: Generation, archive: Record) -> bool:
    """Whether a generation shows the archive as it is; what cannot be read shows nothing."""
    wanted = archive.entries.numbered_hashes(), archive.entries.sources(), archive.entries.copies()
    try:
        return (base.entries.numbered_hashes(), base.entries.sources(), base.entries.copies()) == wanted
    except ArchiveDamaged:
        return False
