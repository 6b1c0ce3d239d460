"""How an entry comes in: taken into the archive, and shown by a generation of the index. One writer at a time.

A refresh is a plan that is decided from plain data, one transaction in the archive, and a generation that shows the
archive as it then is. Whatever breaks off in between, the next refresh brings the index up to the archive.
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from corpus import archive as record
from corpus.errors import ArchiveDamaged, DataUnusable, IndexDamaged, IndexMissing, RefreshRunning
from corpus.index.build import build, prune
from corpus.index.embed import Embedder
from corpus.index.generation import ENTRIES, Generation, committed, folder_of, recipe_of
from corpus.index.reader import Reader
from corpus.ingest.plan import content_hash, make_plan
from corpus.ingest.refresh import Gathered, gather
from corpus.models import Plan, Progress, RefreshReport, no_progress
from corpus.settings import CorpusSettings

ARCHIVE, INDEX, LOCK = "archive.sqlite3", "index", "refresh.lock"
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
                return archive.count() == 0
        except IndexMissing:
            return True
        except DataUnusable:
            return False

    def refresh(
        self, paths: Sequence[Path] | None = None, *, dry_run: bool = False, progress: Progress = no_progress
    ) -> RefreshReport:
        progress("read", 0, 1)
        gathered = gather(paths)
        progress("read", 1, 1)
        if dry_run:
            known = {}
            if not self.is_archive_empty():
                with self.reading_archive() as archive:
                    known = archive.hashes()
            plan = make_plan(known, gathered.entries, gathered.rejected)
            newest = max(committed(self._index_root), default=None)
            return RefreshReport(plan, dry_run=True, generation=newest, committed=False, indexed=0)
        with self._writing() as notes, self._archive() as archive:
            base = self._base()
            plan = self._take_in(archive, gathered)
            number, indexed, fresh = self._bring_up(archive, base, progress)
        return RefreshReport(plan, False, number, fresh, indexed, tuple(notes))

    def prepare(self, progress: Progress = no_progress) -> RefreshReport | None:
        if not self.is_empty():
            return None
        with self._writing(wait=FIRST_BUILD) as notes, self._archive() as archive:
            if not self.is_empty():
                return None
            plan = self._take_in(archive, Gathered() if archive.count() else gather(None))
            number, indexed, fresh = self._bring_up(archive, None, progress)
        return RefreshReport(plan, False, number, fresh, indexed, tuple(notes))

    def rebuild(self, progress: Progress = no_progress) -> RefreshReport:
        with self._writing() as notes, self._archive() as archive:
            if archive.count() == 0:
                raise IndexMissing("There is nothing to rebuild yet. Run `footnote refresh`.")
            plan = make_plan({}, [])
            number, indexed = build(self._index_root, archive, self._embedder, None, progress)
            prune(self._index_root, self._settings.keep_generations)
        return RefreshReport(plan, False, number, True, indexed, tuple(notes))

    @staticmethod
    def _take_in(archive: record.Archive, gathered: Gathered) -> Plan:
        """Archive what is new or changed."""
        plan = make_plan(archive.hashes(), gathered.entries, gathered.rejected)
        counts = (len(plan.new), len(plan.changed), len(plan.unchanged), len(plan.rejected))
        described = archive.sources()
        sources = [s for s in gathered.sources if described.get(s.slug) != s]
        archive.apply(sources, [(e, content_hash(e)) for e in (*plan.new, *plan.changed)], counts)
        return plan

    def _bring_up(
        self, archive: record.Archive, base: Generation | None, progress: Progress
    ) -> tuple[int | None, int, bool]:
        """Commit a generation that shows the archive, unless `base` does: (generation, entries indexed, committed)."""
        if base and _shows(base, archive):
            return base.number, 0, False
        if base is None and archive.count() == 0:
            return None, 0, False
        number, indexed = build(self._index_root, archive, self._embedder, base, progress)
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
    def _archive(self) -> Iterator[record.Archive]:
        with contextlib.closing(record.Archive(self._archive_path)) as opened:
            yield opened

    @contextlib.contextmanager
    def reading_archive(self) -> Iterator[record.Archive]:
        """The archive without a write to it, so that nobody waits for a refresh, and no refresh for us."""
        if not self._archive_path.exists() or not self._archive_path.stat().st_size:
            raise IndexMissing("There is no archive yet; run `footnote refresh`.")
        with contextlib.closing(record.Archive(self._archive_path, read_only=True)) as opened:
            yield opened

    @contextlib.contextmanager
    def _writing(self, wait: float = 0) -> Iterator[list[str]]:
        """Hold the lock that only one process can hold, waiting for it so many seconds; yields the report's notes."""
        folder = self._settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / LOCK, timeout=wait)
            lock.acquire()
        except Timeout as error:
            raise RefreshRunning(
                f"Another refresh of {folder} is running; one at a time. Try again when it has finished."
            ) from error
        except OSError as error:
            raise DataUnusable(
                f"The data folder {folder} cannot be written ({error.strerror}). Set FOOTNOTE_DATA_DIR to one that can."
            ) from error
        try:
            yield self._restored()
        finally:
            lock.release()

    def _restored(self) -> list[str]:
        """Where the archive is lost or empty and a generation holds entries, make it anew from its copy."""
        if not self.is_archive_empty():
            return []
        folders = [folder_of(self._index_root, number) for number in reversed(committed(self._index_root))]
        copy = record.restore(self._archive_path, [folder / ENTRIES for folder in folders])
        if copy is None:
            return []
        return [
            f"The archive was missing; its entries were restored from generation {int(copy.parent.name)} of the index."
        ]


def _shows(base: Generation, archive: record.Archive) -> bool:
    """Whether a generation shows the archive as it is; what cannot be read shows nothing."""
    hashes, sources = archive.numbered_hashes(), archive.sources()
    try:
        return base.entries.numbered_hashes() == hashes and base.entries.sources() == sources
    except ArchiveDamaged:
        return False
