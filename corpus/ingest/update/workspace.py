"""The data folder as a change needs it: its lock, the record opened, and restored where it is lost."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import DataUnusable, IndexDamaged, IndexMissing, RefreshRunning, shortage_of
from corpus.index.generation import committed, folder_of
from corpus.index.manifest import ENTRIES, read_manifest, verify
from corpus.ingest.parse.text_blocks import find_blocks_of
from corpus.private import make_data_folder, make_private_file, make_private_folder
from corpus.storage.database import errors_of
from corpus.storage.record import Record
from corpus.storage.restore import restore

AT_ONCE = 100  # entries
ARCHIVE, INDEX, LOCK = "archive.sqlite3", "index", "refresh.lock"


class Workspace:
    """A data folder with its record. One process at a time may change it; anybody may read it meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._archive = folder / ARCHIVE
        self.index_root = folder / INDEX

    def is_empty(self) -> bool:
        """Return whether no generation of the index was ever committed."""
        return not committed(self.index_root)

    def is_archive_empty(self) -> bool:
        """Return whether nothing was ever taken in. An archive that cannot be read is not empty."""
        try:
            with self.reading() as record:
                return record.entries.is_untouched()
        except IndexMissing:
            return True
        except DataUnusable:
            return False

    @contextlib.contextmanager
    def reading(self) -> Iterator[Record]:
        """Give the record without a write to it, so that nobody waits for a refresh, and no refresh for us.

        Raises IndexMissing where there is none yet, or a DataUnusable.
        """
        try:
            size = self._archive.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            size = 0
        except OSError as error:
            raise shortage_of(error, self._archive) or DataUnusable(
                f"The archive {self._archive} cannot be read ({error.strerror}); check the folder."
            ) from error
        if not size:
            raise IndexMissing("There is no archive yet; run `footnote refresh`.")
        with contextlib.closing(Record(self._archive, read_only=True)) as record:
            yield record

    @contextlib.contextmanager
    def reading_if_there(self) -> Iterator[Record | None]:
        """Give the record as `reading` does, or None where there is none yet."""
        with contextlib.ExitStack() as opened:
            try:
                record = opened.enter_context(self.reading())
            except IndexMissing:
                record = None
            yield record

    def copy_record(self, folder: Path) -> None:
        """Copy the record into another data folder, as it is at one moment. Raises as `reading`."""
        with self.reading() as record:
            record.database.copy_to(folder / ARCHIVE)

    @contextlib.contextmanager
    def changing(self, wait: float = 0) -> Iterator[tuple[Record, list[str]]]:
        """Give the record to be changed, and the notes for the report, holding the lock that one process can hold.

        `wait`: seconds to wait for the lock. Raises RefreshRunning, or a DataUnusable.
        """
        try:
            make_data_folder(self._folder)
            make_private_folder(self.index_root)
            lock = FileLock(self._folder / LOCK, timeout=wait)
            lock.acquire()
        except Timeout as error:
            raise RefreshRunning(
                f"Another refresh of {self._folder} is running; one at a time. Try again when it has finished."
            ) from error
        except OSError as error:
            raise shortage_of(error, self._folder) or DataUnusable(
                f"The data folder {self._folder} cannot be written ({error.strerror}). "
                "Set FOOTNOTE_DATA_DIR to one that can."
            ) from error
        try:
            notes = self._restore_lost_archive()
            with errors_of(self._archive):
                make_private_file(self._archive)
            with contextlib.closing(Record(self._archive)) as record:
                _complete_blocks(record)
                yield record, notes
        finally:
            lock.release()

    def _restore_lost_archive(self) -> list[str]:
        """Where the archive is lost or empty and a generation holds entries, make it anew from its copy."""
        if not self.is_archive_empty():
            return []
        folders = [folder_of(self.index_root, number) for number in reversed(committed(self.index_root))]
        whole = list(filter(has_whole_copy, folders))
        changed = [folder for folder in folders if folder not in whole]  # better than nothing, where that is the choice
        copy = restore(self._archive, [folder / ENTRIES for folder in (*whole, *changed)])
        if copy is None:
            return []
        origin = f"generation {int(copy.parent.name)} of the index"
        if copy.parent in changed:
            origin += ", whose copy of them is not as it was written: look through them"
        return [
            f"The archive was missing; its entries were restored from {origin}.",
            "What was paused or removed of its sources since may be followed again.",
        ]


def _complete_blocks(record: Record) -> None:
    """Tell whose words the texts are that were archived before that was kept."""
    while found := record.entries.without_blocks(AT_ONCE):
        record.entries.keep_blocks(
            {number: find_blocks_of(entry) for number, entry in found},
        )


def has_whole_copy(generation: Path) -> bool:
    """Return whether a generation's copy of the entries is as it was written. Raises what is short."""
    try:
        verify(generation, {ENTRIES: read_manifest(generation).checksums[ENTRIES]})
    except (IndexDamaged, LookupError):
        return False
    return True
