"""The SQLite file of the record: opened, brought up to the present form, and its errors turned into sentences."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.errors import ArchiveDamaged, CorpusError, DataUnusable, DiskFull, shortage_of
from corpus.storage.schema import MIGRATIONS, SCHEMA_VERSION

Connection = sqlite3.Connection


class Database:
    """An open archive, or a generation's copy of one. `version`: the form that the file has.

    What is read or written goes through `reading` or `writing`, which give the connection: there every SQLite error,
    and every value that cannot be understood, becomes a CorpusError.
    """

    def __init__(self, path: Path, *, read_only: bool = False, immutable: bool = False) -> None:
        """Open the file, and make it where it does not exist yet (unless `read_only`).

        `immutable` is for a generation's copy, which never changes: then no lock or journal file is needed.
        """
        self.path = path
        with errors_of(path):
            if read_only:
                immutable = immutable or _is_frozen(path)
                address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}"
                self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            else:
                self._connection = sqlite3.connect(path, check_same_thread=False)
                self._connection.execute("PRAGMA journal_mode = WAL")
            try:
                self.version = self._prepare(read_only=read_only)
            except BaseException:  # whatever it is: the file is closed, and it goes on its way
                self._connection.close()
                raise

    def _prepare(self, *, read_only: bool) -> int:
        """Bring the file up to the present form, unless it is only read; return the form that it has."""
        version: int = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise ArchiveDamaged(f"{self.path} was written by a newer version of footnote; install that version.")
        if not read_only:
            migrate(self._connection, version)
        self._connection.execute("SELECT number, hash FROM entries LIMIT 1").fetchone()
        return version if read_only else SCHEMA_VERSION

    def close(self) -> None:
        self._connection.close()

    def copy_to(self, path: Path) -> None:
        """Copy the file as it is at one moment, whatever is written meanwhile. Raises a DataUnusable."""
        with errors_of(path), closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the connection, for a read. Raises a DataUnusable."""
        with errors_of(self.path):
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the connection for one transaction: all that is written in it, or, where it raises, nothing."""
        with errors_of(self.path), self._connection:
            yield self._connection


def migrate(connection: Connection, version: int) -> None:
    """Bring a file of this form up to the present one."""
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {statements} PRAGMA user_version = {number}; COMMIT;")


def holds_anything(connection: Connection) -> bool:
    """Return whether there are entries, or traces of some that were removed."""
    there = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE name IN ('runs', 'removed')")]
    return any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("entries", *there))  # noqa: S608


@contextmanager
def errors_of(path: Path) -> Iterator[None]:
    """Turn SQLite's and the disk's errors into sentences."""
    try:
        yield
    except CorpusError:
        raise
    except (sqlite3.OperationalError, MemoryError) as error:
        if short := shortage_of(error, path):
            raise short from error
        code = str(getattr(error, "sqlite_errorname", ""))
        if code.startswith("SQLITE_IOERR"):
            raise DiskFull(f"{path.parent} is full or cannot be written ({error}); make room and try again.") from error
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise DataUnusable(f"{path} is in use by another process; try again when it has finished.") from error
        # SQLite has no code of its own for what is missing: its words are all that says so.
        if any(part in str(error) for part in ("no such table", "no such column", "already exists")):
            raise _damaged(path, error) from error
        raise DataUnusable(f"{path} cannot be opened ({error}); check the folder and its permissions.") from error
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from error
    except OSError as error:
        raise shortage_of(error, path) or DataUnusable(
            f"{path} cannot be written ({error.strerror}); check the folder and its space."
        ) from error


def _damaged(path: Path, error: Exception) -> ArchiveDamaged:
    return ArchiveDamaged(
        f"The archive {path} is damaged ({error}). Questions are still answered from the index, if there is one. To "
        "repair it, move the file away and run `footnote refresh`: the entries are restored from the index."
    )


def _is_frozen(path: Path) -> bool:
    """Whether nobody is at work on a database whose folder we may not write: SQLite then cannot make its lock file."""
    at_work = (path.with_name(f"{path.name}{journal}") for journal in ("-wal", "-shm"))
    return not os.access(path.parent, os.W_OK) and not any(file.exists() for file in at_work)
