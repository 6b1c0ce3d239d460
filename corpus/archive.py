"""The record, in one SQLite file: entries with their history, sources, runs. The only truth; the index is derived.

A generation of the index carries a copy of the current entries in the same form (`write_copy`), so that it answers by
itself, and so that a lost archive can be restored from it (`restore`).
"""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from corpus.errors import ArchiveDamaged, CorpusError, DataUnusable, DiskFull, tells_of_a_full_disk
from corpus.models import Entry, Filters, Person, Source, Title

# What brings a record from each version to the next; the file's user_version says how many have been run.
MIGRATIONS = (
    """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- what the index calls the entry; never used twice
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,                        -- of every field: equal hash, equal entry
    source TEXT NOT NULL, kind TEXT NOT NULL, tier INTEGER NOT NULL, url TEXT, title TEXT NOT NULL,
    people TEXT NOT NULL,                      -- JSON: [{"name", "role"}]
    published TEXT NOT NULL, access TEXT NOT NULL, wording TEXT NOT NULL, summary TEXT NOT NULL, text TEXT NOT NULL,
    run INTEGER NOT NULL                       -- the run that wrote it last
);
CREATE TABLE history (                         -- an entry as it was before a run changed it
    id TEXT NOT NULL, run INTEGER NOT NULL, fields TEXT NOT NULL
);
CREATE TABLE sources (
    slug TEXT PRIMARY KEY, fields TEXT NOT NULL
);
CREATE TABLE runs (                            -- each refresh that changed the record
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    finished TEXT NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL
);
""",
)
SCHEMA_VERSION = len(MIGRATIONS)
COLUMNS = "source, kind, tier, url, title, people, published, access, wording, summary, text"


class Archive:
    """An open archive, or a generation's copy of one. Every SQLite error leaves as a CorpusError."""

    def __init__(self, path: Path, *, read_only: bool = False, immutable: bool = False) -> None:
        """Open the archive, and make it where it does not exist yet (unless `read_only`).

        `immutable` is for a generation's copy, which never changes: then no lock or journal file is needed.
        """
        self.path = path
        with _errors(path):
            if read_only:
                address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}"
                self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
            else:
                self._db = sqlite3.connect(path, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode = WAL")
            try:
                self._prepare(read_only=read_only)
            except BaseException:  # whatever it is: the file is closed, and it goes on its way
                self._db.close()
                raise

    def _prepare(self, *, read_only: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise ArchiveDamaged(f"{self.path} was written by a newer version of footnote; install that version.")
        if not read_only:
            _migrate(self._db, version)
        self._db.execute("SELECT number, hash FROM entries LIMIT 1").fetchone()

    def close(self) -> None:
        self._db.close()

    # What is known

    def hashes(self) -> dict[str, str]:
        """Id → content hash, of every entry."""
        with _errors(self.path):
            return dict(self._db.execute("SELECT id, hash FROM entries"))

    def numbered_hashes(self) -> dict[int, str]:
        """Number → content hash, of every entry: what an index compares itself with."""
        with _errors(self.path):
            return dict(self._db.execute("SELECT number, hash FROM entries"))

    def count(self) -> int:
        with _errors(self.path):
            return int(self._db.execute("SELECT count(*) FROM entries").fetchone()[0])

    def sources(self) -> dict[str, Source]:
        """Slug → source, of every source that has been described."""
        with _errors(self.path):
            rows = self._db.execute("SELECT slug, fields FROM sources ORDER BY slug").fetchall()
            return {slug: _source(json.loads(fields)) for slug, fields in rows}

    def entry(self, entry_id: str) -> tuple[int, Entry] | None:
        """An entry with its number, or None where no entry has this id."""
        with _errors(self.path):
            row = self._db.execute(f"SELECT number, id, {COLUMNS} FROM entries WHERE id = ?", (entry_id,)).fetchone()  # noqa: S608  constant columns
            return (row[0], _entry(row[1:])) if row else None

    def entries(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Number → entry, of those numbers that exist."""
        found: dict[int, Entry] = {}
        with _errors(self.path):
            for start in range(0, len(numbers), 500):  # SQLite allows a bounded number of parameters
                part = [int(n) for n in numbers[start : start + 500]]
                marks = ",".join("?" * len(part))
                rows = self._db.execute(f"SELECT number, id, {COLUMNS} FROM entries WHERE number IN ({marks})", part)  # noqa: S608
                found.update((row[0], _entry(row[1:])) for row in rows)
        return found

    def select(self, filters: Filters) -> list[int]:
        """The numbers of the entries that pass the filters, newest first. Names match without case, in part."""
        wanted = [
            ("published >= ?", filters.since and filters.since.isoformat()),
            ("published <= ?", filters.until and filters.until.isoformat()),
            ("source = ?", filters.source),
            ("kind = ?", filters.kind),
        ]
        given = [(clause, value) for clause, value in wanted if value is not None]
        where = " AND ".join(clause for clause, _ in given) or "1"
        order = "published DESC, title, id"
        with _errors(self.path):
            rows = self._db.execute(
                f"SELECT number, people FROM entries WHERE {where} ORDER BY {order}",  # noqa: S608  clauses from above
                [value for _, value in given],
            ).fetchall()
            person = filters.person
            return [n for n, people in rows if person is None or any(name_matches(person, p) for p in _names(people))]

    def people(self) -> list[str]:
        """The names of all people, those with most entries first."""
        names: dict[str, int] = {}
        with _errors(self.path):
            for (people,) in self._db.execute("SELECT people FROM entries"):
                for name in _names(people):
                    names[name] = names.get(name, 0) + 1
        return sorted(names, key=lambda name: (-names[name], name))

    def used_sources(self) -> list[str]:
        """The slugs of the sources that have entries."""
        with _errors(self.path):
            return [slug for (slug,) in self._db.execute("SELECT DISTINCT source FROM entries ORDER BY source")]

    def titles(self) -> list[Title]:
        """Every entry's title, newest first; no text is read."""
        with _errors(self.path):
            rows = self._db.execute(
                "SELECT id, title, published, source, kind FROM entries ORDER BY published DESC, title, id"
            )
            return [Title(i, title, date.fromisoformat(day), source, kind) for i, title, day, source, kind in rows]

    def find_titles(self, words: str, limit: int = 5) -> list[tuple[str, str]]:
        """(id, title) of entries whose id or title holds these words, without case."""
        sought = words.casefold()
        with _errors(self.path):
            rows = self._db.execute("SELECT id, title FROM entries ORDER BY published DESC").fetchall()
        return [(i, title) for i, title in rows if sought in i.casefold() or sought in title.casefold()][:limit]

    # What changes it

    def apply(
        self,
        sources: Iterable[Source],
        entries: Iterable[tuple[Entry, str]],
        counts: tuple[int, int, int, int],
        now: datetime | None = None,
    ) -> None:
        """Take in these (entry, content hash), in one transaction; former versions go to the history."""
        stamp = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        with _errors(self.path), self._db:
            for source in sources:
                fields = json.dumps(asdict(source), ensure_ascii=False)
                self._db.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (source.slug, fields))
            run: int | None = None
            for entry, content_hash in entries:
                run = run or self._begin_run(stamp, counts)
                self._write(entry, content_hash, run)

    def _begin_run(self, stamp: str, counts: tuple[int, int, int, int]) -> int:
        row = self._db.execute(
            "INSERT INTO runs (finished, new, changed, unchanged, rejected) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (stamp, *counts),
        ).fetchone()
        return int(row[0])

    def _write(self, entry: Entry, content_hash: str, run: int) -> None:
        former = self.entry(entry.id)
        if former:
            fields = json.dumps(asdict(former[1]), default=str, ensure_ascii=False)
            self._db.execute("INSERT INTO history (id, run, fields) VALUES (?, ?, ?)", (entry.id, run, fields))
        people = json.dumps([asdict(p) for p in entry.people], ensure_ascii=False)
        values = (
            *(content_hash, entry.source, entry.kind, entry.tier, entry.url, entry.title, people),
            *(entry.published.isoformat(), entry.access, entry.wording, entry.summary, entry.text, run),
        )
        columns = f"hash, {COLUMNS}, run"
        marks = ", ".join("?" * 14)
        updates = ", ".join(f"{c} = excluded.{c}" for c in columns.split(", "))
        self._db.execute(
            f"INSERT INTO entries (id, {columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates}",  # noqa: S608
            (entry.id, *values),
        )

    def write_copy(self, path: Path) -> None:
        """Write the current entries and sources, without the history, as an archive of their own."""
        with _errors(self.path), closing(sqlite3.connect(path)) as copy:
            _migrate(copy, 0)
            copy.execute("ATTACH ? AS archive", (str(self.path),))
            with copy:
                copy.execute("INSERT INTO entries SELECT * FROM archive.entries")
                copy.execute("INSERT INTO sources SELECT * FROM archive.sources")

    def each(self, numbers: Sequence[int]) -> Iterator[tuple[int, Entry]]:
        """The entries of these numbers, in their order, read a few at a time."""
        for start in range(0, len(numbers), 100):
            part = numbers[start : start + 100]
            found = self.entries(part)
            yield from ((n, found[n]) for n in part if n in found)


def restore(path: Path, copies: Iterable[Path]) -> Path | None:
    """Make the archive at `path` anew from the first of these copies that is whole and holds entries.

    The history is lost. Returns that copy, or None where there is none.
    """
    for copy in copies:
        try:
            with (
                _errors(copy),
                closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db,
            ):
                sound = db.execute("PRAGMA quick_check").fetchone() == ("ok",)
                whole = sound and db.execute("SELECT 1 FROM entries LIMIT 1").fetchone()
        except DataUnusable:
            continue
        if whole:
            with _errors(path):
                building = path.with_suffix(".restoring")
                shutil.copyfile(copy, building)
                for journal in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                    journal.unlink(missing_ok=True)  # of the lost file: SQLite would write it into the restored one
                building.replace(path)
            return copy
    return None


def copy_database(source: Path, target: Path) -> None:
    """Copy any SQLite database as it stands between two transactions, whoever else is at work on it."""
    with _errors(target), closing(sqlite3.connect(source)) as db, closing(sqlite3.connect(target)) as copy:
        db.backup(copy)


def _migrate(db: sqlite3.Connection, version: int) -> None:
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        db.executescript(f"BEGIN; {statements} PRAGMA user_version = {number}; COMMIT;")


def _source(fields: dict[str, Any]) -> Source:
    """A source from what was archived; a newer version's fields are left aside."""
    return Source(**{name: value for name, value in fields.items() if name in Source.__dataclass_fields__})


def name_matches(sought: str, name: str) -> bool:
    return sought.casefold() in name.casefold()


def _names(people: str) -> list[str]:
    return [p["name"] for p in json.loads(people)]


def _entry(row: tuple[Any, ...]) -> Entry:
    entry_id, source, kind, tier, url, title, people, published, access, wording, summary, text = row
    return Entry(
        id=entry_id,
        source=source,
        kind=kind,
        tier=tier,
        url=url,
        title=title,
        people=tuple(Person(**p) for p in json.loads(people)),
        published=date.fromisoformat(published),
        summary=summary,
        text=text,
        access=access,
        wording=wording,
    )


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Turn SQLite's and the disk's errors into sentences."""
    try:
        yield
    except CorpusError:
        raise
    except sqlite3.OperationalError as error:
        if tells_of_a_full_disk(str(error)) or "disk I/O" in str(error):
            raise DiskFull(f"{path.parent} is full or cannot be written ({error}); make room and try again.") from error
        if "locked" in str(error):
            raise DataUnusable(f"{path} is in use by another process; try again when it has finished.") from error
        if any(part in str(error) for part in ("no such table", "no such column", "already exists")):
            raise _damaged(path, error) from error
        raise DataUnusable(f"{path} cannot be opened ({error}); check the folder and its permissions.") from error
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from error
    except OSError as error:
        raise DataUnusable(f"{path} cannot be written ({error.strerror}); check the folder and its space.") from error


def _damaged(path: Path, error: Exception) -> ArchiveDamaged:
    return ArchiveDamaged(
        f"The archive {path} is damaged ({error}). Questions are still answered from the index, if there is one. To "
        "repair it, move the file away and run `footnote refresh`: the entries are restored from the index."
    )
