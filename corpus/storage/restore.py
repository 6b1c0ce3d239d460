"""The copy of the record that each generation of the index carries, and the record made anew from one."""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from corpus.errors import DataUnusable, ResourceShort
from corpus.storage.database import Database, errors_of, holds_anything, migrate
from corpus.storage.schema import SCHEMA_VERSION


def write_copy(database: Database, path: Path, base: Path | None = None, changed: Iterable[int] = ()) -> None:
    """Write the entries, the sources and what was removed, without runs and history, as an archive of their own.

    `base`: an earlier such copy, from which the entries with these numbers alone differ: it lends all others, which
    takes as long as to copy the file.
    """
    if base is not None and _form_of(base) != SCHEMA_VERSION:
        base = None
    if base is not None:
        shutil.copyfile(base, path)
    with database.reading(), closing(sqlite3.connect(path)) as copy:
        migrate(copy, 0 if base is None else SCHEMA_VERSION)
        copy.execute("ATTACH ? AS archive", (str(database.path),))
        with copy:
            if base is None:
                copy.execute("INSERT INTO entries SELECT * FROM archive.entries")
            for number in changed if base is not None else ():
                copy.execute("DELETE FROM entries WHERE number = ?", (number,))
                copy.execute("INSERT INTO entries SELECT * FROM archive.entries WHERE number = ?", (number,))
            for table in ("sources", "copies", "source_states", "items"):
                copy.execute(f"DELETE FROM {table}")  # noqa: S608  constant names
                copy.execute(f"INSERT INTO {table} SELECT * FROM archive.{table}")  # noqa: S608
            copy.execute("DELETE FROM removed")
            copy.execute(
                "INSERT INTO removed SELECT id, 0, url, finished, by, NULL FROM archive.removed "
                "WHERE taken_back IS NULL"
            )


def _form_of(copy: Path) -> int:
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def restore(path: Path, copies: Iterable[Path]) -> Path | None:
    """Make the archive at `path` anew from the first of these copies that is whole and holds anything.

    Runs and history are lost. Return that copy, or None where there is none.
    """
    for copy in copies:
        try:
            with (
                errors_of(copy),
                closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection,
            ):
                sound = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
                whole = sound and holds_anything(connection)
        except ResourceShort:
            raise
        except DataUnusable:
            continue
        if whole:
            with errors_of(path):
                building = path.with_suffix(".restoring")
                shutil.copyfile(copy, building)
                with closing(sqlite3.connect(building)) as connection, connection:
                    # The numbers of lost runs will be given anew: to undo such a run must not touch these entries.
                    connection.execute("UPDATE entries SET run = 0")
                for journal in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                    journal.unlink(missing_ok=True)  # of the lost file: SQLite would write it into the restored one
                building.replace(path)
            return copy
    return None
