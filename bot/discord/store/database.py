"""The SQLite file of the bot's own record: opened, migrated, locked, its errors as sentences; times and JSON in it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus import DiskFull, shortage_of

COMMUNITY = "community.sqlite3"  # its name in the data folder


class CommunityDamaged(Exception):
    """The record cannot be used: a sentence with the remedy, for maintainers. Answers go on without it."""


class CommunityNewer(CommunityDamaged): ...


class CommunityFull(CommunityDamaged): ...


class CommunityBusy(CommunityDamaged): ...


class Database:
    """An open file with the tables that `migrations` describe. What is wrong with it leaves as a CommunityDamaged.

    One connection, used by one thread at a time. Several processes may have the same file open.
    """

    def __init__(self, path: Path, migrations: tuple[str, ...]) -> None:
        """Open the file, and make it where it does not exist yet."""
        self.path = path
        self.migrations = migrations
        with self.errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # it holds the secret that un-names people: nobody else's to read
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            with self.errors():
                self._prepare()
        except BaseException:  # whatever it is: the file is closed, and it goes on its way
            self._db.close()
            raise

    def close(self) -> None:
        self._db.close()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA busy_timeout = 5000")  # milliseconds
        self._db.execute("PRAGMA secure_delete = ON")  # what was deleted is overwritten
        if self._version() == len(self.migrations):
            return
        self._db.execute("PRAGMA journal_mode = WAL")
        # A power cut may cost the last votes, never the file: an answer does not wait for the disk.
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self.transaction():
            version = self._version()  # again: another process may have migrated meanwhile
            if version > len(self.migrations):
                raise CommunityNewer(f"{self.path} was written by a newer version of footnote; install that version.")
            for statement in ";".join(self.migrations[version:]).split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {len(self.migrations)}")
        with suppress(CommunityDamaged):  # another process holds the file: the daily pruning does it again
            self.erase()

    def erase(self) -> None:
        """Leave nothing in the files of what was deleted.

        Secure deletion alone leaves some of it in pages that were rearranged (in 11 of 40 records of 800 rows), and
        what the journal holds stays there until it is cut.
        """
        with self.errors():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def run(self, statement: str, *values: Any) -> int:
        """Run a statement; return how many rows it changed."""
        with self.errors():
            return self._db.execute(statement, [_storable(value) for value in values]).rowcount

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Return what a statement finds."""
        with self.errors():
            return self._db.execute(statement, [_storable(value) for value in values]).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else writes between what is read and what is written."""
        with self.errors():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self.errors():
                self._db.execute("COMMIT")
        except BaseException:  # whatever it is: half a change is none
            with suppress(sqlite3.Error):  # a full disk has rolled back by itself
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise SQLite's and the disk's errors, and what content that is not ours raises, as a CommunityDamaged."""
        try:
            yield
        except sqlite3.ProgrammingError:  # closed, or a statement of ours that is wrong: no damage
            raise
        except (sqlite3.Error, OSError, MemoryError) as error:
            raise _problem(self.path, error) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(self.path, error) from error


class Repository:
    """What is kept of one subject, in a database that others share."""

    def __init__(self, database: Database) -> None:
        self._db = database


def in_json(value: Any) -> str:
    """Return a value as the JSON that a column holds: in ASCII, so that half a surrogate pair comes back as it was."""
    return json.dumps(value)


def stamp(time: datetime) -> str:
    """Return a time in the one form that all columns have, so that texts compare as times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(stamped: str) -> datetime:
    """Return the time of a column. Raises ValueError."""
    return datetime.fromisoformat(stamped)


def _storable(value: Any) -> Any:
    """Text as UTF-8 can hold it: half a surrogate pair, which JSON from outside can bring, becomes U+FFFD.

    A number that SQLite cannot hold is no id of Discord: it becomes one that nothing has.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return -1
    return value


def _problem(path: Path, error: Exception) -> CommunityDamaged:
    if short := shortage_of(error, path):
        return CommunityFull(str(short)) if isinstance(short, DiskFull) else CommunityDamaged(str(short))
    if isinstance(error, OSError):
        return CommunityDamaged(f"{path} cannot be written ({error.strerror}); check the folder.")
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:  # without the extended part
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return CommunityFull(f"{path.parent} is full or cannot be written ({error}); make room and try again.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return CommunityBusy(f"{path} is in use by another process ({error}); stop that one, or try again.")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return CommunityDamaged(f"{path} cannot be written ({error}); check the folder and its permissions.")
    return _damaged(path, error)


def _damaged(path: Path, error: Exception) -> CommunityDamaged:
    return CommunityDamaged(
        f"The community record {path} is damaged ({error}). Questions are still answered. To begin a new one, stop the "
        "bot, move the file away and start the bot again: settings, feedback and gaps begin anew."
    )


def rows_of(path: Path, statement: str) -> list[Any]:
    """What a statement finds in a record, which is neither made nor migrated for it; [] where there is none.

    Raises CommunityDamaged.
    """
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return opened.execute(statement).fetchall()
    except (sqlite3.Error, MemoryError) as error:
        raise _problem(path, error) from error
