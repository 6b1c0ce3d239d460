"""The record, in one SQLite file: entries with their history, sources, runs. The only truth; the index is derived.

Here it is read; `history.py` writes it. A generation of the index carries a copy of the current entries in the same
form (`write_copy`), so that it answers by itself, and so that a lost archive can be restored from it (`restore`).
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from corpus.errors import (
    ArchiveDamaged,
    CorpusError,
    DataUnusable,
    DiskFull,
    EntryUnknown,
    ResourceShort,
    shortage_of,
)
from corpus.models.entries import Entry, Person, Section, Title, voice_of
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.text.person_name import name_matches

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
    """
ALTER TABLE runs ADD COLUMN action TEXT NOT NULL DEFAULT 'refresh';  -- refresh, remove or undo
ALTER TABLE runs ADD COLUMN by TEXT NOT NULL DEFAULT '';             -- who wished it, in the words of whoever asked us
ALTER TABLE runs ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN undoes INTEGER;                          -- of an undo: the run that it took back
ALTER TABLE runs ADD COLUMN sources TEXT;       -- JSON: slug -> fields of a source before the run changed it, or null
                                                -- where it was not there; NULL: too old a run to be undone
ALTER TABLE history ADD COLUMN number INTEGER;  -- with the next two, what an undo needs besides the fields
ALTER TABLE history ADD COLUMN hash TEXT;
ALTER TABLE history ADD COLUMN former INTEGER;  -- the run that had written this version
CREATE TABLE removed (                          -- entries that a refresh does not bring back
    id TEXT NOT NULL, run INTEGER NOT NULL, url TEXT,
    finished TEXT NOT NULL, by TEXT NOT NULL,   -- of the run: a copy has no runs
    taken_back INTEGER,                         -- the run since which it does not hold any more
    PRIMARY KEY (id, run)
);
""",
    """
ALTER TABLE entries ADD COLUMN language TEXT;
ALTER TABLE entries ADD COLUMN licence TEXT;
ALTER TABLE entries ADD COLUMN sections TEXT NOT NULL DEFAULT '[]';  -- JSON: [[start, title]]
CREATE TABLE copies (                           -- cross-posts: derived from the texts, made anew where one changes
    number INTEGER PRIMARY KEY, original INTEGER NOT NULL
);
CREATE TABLE fingerprints (                     -- of the texts, to find cross-posts by
    number INTEGER PRIMARY KEY, hash TEXT NOT NULL, signature BLOB NOT NULL
);
CREATE TABLE source_states (                    -- how reading a source has gone; JSON of a SourceState
    slug TEXT PRIMARY KEY, fields TEXT NOT NULL
);
CREATE TABLE items (                            -- what a source has listed, whether it was taken or not
    source TEXT NOT NULL, key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,                  -- of what the list said of it: another one is a reason to look again
    etag TEXT, last_modified TEXT,              -- of its page, where that was read
    read TEXT,                                  -- when its page was read last
    passed INTEGER NOT NULL,                    -- whether it was passed over, as too old for the first reading
    run INTEGER,                                -- the run that looked at it last and changed anything
    PRIMARY KEY (source, key)
);
""",
)
SCHEMA_VERSION = len(MIGRATIONS)
COLUMNS = (
    "source, kind, tier, url, title, people, published, access, wording, summary, text, language, licence, sections"
)
COLUMNS_OF_OLD = COLUMNS.replace("language, licence, sections", "NULL, NULL, '[]'")
WITH_SECTIONS = 3  # the form of the archive since which entries have these, and cross-posts are known


class Archive:
    """An open archive, or a generation's copy of one. Every SQLite error leaves as a CorpusError."""

    def __init__(self, path: Path, *, read_only: bool = False, immutable: bool = False) -> None:
        """Open the archive, and make it where it does not exist yet (unless `read_only`).

        `immutable` is for a generation's copy, which never changes: then no lock or journal file is needed.
        """
        self.path = path
        with errors_of(path):
            if read_only:
                immutable = immutable or _is_frozen(path)
                address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if immutable else ''}"
                self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
            else:
                self._db = sqlite3.connect(path, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode = WAL")
            try:
                self._version = self._prepare(read_only=read_only)
            except BaseException:  # whatever it is: the file is closed, and it goes on its way
                self._db.close()
                raise

    def _prepare(self, *, read_only: bool) -> int:
        """Bring the file up to the present form, unless it is only read; returns the form that it has."""
        version: int = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise ArchiveDamaged(f"{self.path} was written by a newer version of footnote; install that version.")
        if not read_only:
            _migrate(self._db, version)
        self._db.execute("SELECT number, hash FROM entries LIMIT 1").fetchone()
        return version if read_only else SCHEMA_VERSION

    @property
    def _columns(self) -> str:
        return COLUMNS if self._version >= WITH_SECTIONS else COLUMNS_OF_OLD

    def close(self) -> None:
        self._db.close()

    # What is known

    def hashes(self) -> dict[str, str]:
        """Id → content hash, of every entry."""
        with errors_of(self.path):
            return dict(self._db.execute("SELECT id, hash FROM entries"))

    def numbered_hashes(self) -> dict[int, str]:
        """Number → content hash, of every entry: what an index compares itself with."""
        with errors_of(self.path):
            return dict(self._db.execute("SELECT number, hash FROM entries"))

    def count(self) -> int:
        with errors_of(self.path):
            return int(self._db.execute("SELECT count(*) FROM entries").fetchone()[0])

    def is_untouched(self) -> bool:
        """Whether nothing was ever taken in. An archive whose last entry was removed is no such one."""
        with errors_of(self.path):
            return not _holds_anything(self._db)

    def sources(self) -> dict[str, Source]:
        """Slug → source, of every source that has been described."""
        with errors_of(self.path):
            rows = self._db.execute("SELECT slug, fields FROM sources ORDER BY slug").fetchall()
            return {slug: source_of(fields) for slug, fields in rows}

    def entry(self, entry_id: str) -> tuple[int, Entry] | None:
        """An entry with its number, or None where no entry has this id."""
        # Half a surrogate pair, which SQLite refuses, becomes a backslash and more, which no id has.
        sought = entry_id.encode("utf-8", "backslashreplace").decode()
        with errors_of(self.path):
            found = self._db.execute(f"SELECT number, id, {self._columns} FROM entries WHERE id = ?", (sought,))  # noqa: S608
            row = found.fetchone()
            return (row[0], _entry(row[1:])) if row else None

    def entries(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Number → entry, of those numbers that exist."""
        found: dict[int, Entry] = {}
        with errors_of(self.path):
            for start in range(0, len(numbers), 500):  # SQLite allows a bounded number of parameters
                part = [int(n) for n in numbers[start : start + 500]]
                wanted = f"WHERE number IN ({','.join('?' * len(part))})"
                rows = self._db.execute(f"SELECT number, id, {self._columns} FROM entries {wanted}", part)  # noqa: S608
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
        with errors_of(self.path):
            rows = self._db.execute(
                f"SELECT number, people FROM entries WHERE {where} ORDER BY {order}",  # noqa: S608  clauses from above
                [value for _, value in given],
            ).fetchall()
            if not (filters.person or filters.speakers or filters.others_than):
                return [n for n, _ in rows]
            return [n for n, people in rows if _passes(json.loads(people), filters)]

    def people(self) -> list[str]:
        """The names of all people, those with most entries first."""
        names: dict[str, int] = {}
        with errors_of(self.path):
            for (people,) in self._db.execute("SELECT people FROM entries"):
                for name in _names(people):
                    names[name] = names.get(name, 0) + 1
        return sorted(names, key=lambda name: (-names[name], name))

    def used_sources(self) -> list[str]:
        """The slugs of the sources that have entries."""
        with errors_of(self.path):
            return [slug for (slug,) in self._db.execute("SELECT DISTINCT source FROM entries ORDER BY source")]

    def copies(self) -> dict[int, int]:
        """Number → number of the original, of every cross-post as they were known last: one of the two may be gone."""
        if self._version < WITH_SECTIONS:
            return {}
        with errors_of(self.path):
            return dict(self._db.execute("SELECT number, original FROM copies"))

    def titles(self) -> list[Title]:
        """Every entry's title, newest first; no text is read."""
        with errors_of(self.path):
            rows = self._db.execute(
                "SELECT id, title, published, source, kind FROM entries ORDER BY published DESC, title, id"
            )
            return [Title(i, title, date.fromisoformat(day), source, kind) for i, title, day, source, kind in rows]

    def find_titles(self, words: str, limit: int = 5) -> list[tuple[str, str]]:
        """(id, title) of entries whose id or title holds these words, without case."""
        sought = words.casefold()
        with errors_of(self.path):
            rows = self._db.execute("SELECT id, title FROM entries ORDER BY published DESC").fetchall()
        return [(i, title) for i, title in rows if sought in i.casefold() or sought in title.casefold()][:limit]

    # As a whole

    def write_copy(self, path: Path) -> None:
        """Write the entries, the sources and what was removed, without runs and history, as an archive of their own."""
        with errors_of(self.path), closing(sqlite3.connect(path)) as copy:
            _migrate(copy, 0)
            copy.execute("ATTACH ? AS archive", (str(self.path),))
            with copy:
                copy.execute("INSERT INTO entries SELECT * FROM archive.entries")
                for table in ("sources", "copies", "source_states", "items"):
                    copy.execute(f"INSERT INTO {table} SELECT * FROM archive.{table}")  # noqa: S608  constant names
                copy.execute(
                    "INSERT INTO removed SELECT id, 0, url, finished, by, NULL FROM archive.removed "
                    "WHERE taken_back IS NULL"
                )

    def each(self, numbers: Sequence[int]) -> Iterator[tuple[int, Entry]]:
        """The entries of these numbers, in their order, read a few at a time."""
        for start in range(0, len(numbers), 100):
            part = numbers[start : start + 100]
            found = self.entries(part)
            yield from ((n, found[n]) for n in part if n in found)

    def every(self) -> Iterator[Entry]:
        """All entries as they are at one moment, whatever is written meanwhile; the longest there first."""
        with errors_of(self.path):
            for row in self._db.execute(f"SELECT id, {self._columns} FROM entries ORDER BY number"):  # noqa: S608
                yield _entry(row)

    def unknown(self, entry_id: str) -> EntryUnknown:
        """What to say of an id that no entry has."""
        near = self.find_titles(entry_id) if entry_id else []
        hint = "Did you mean " + ", ".join(f"{i} ({title})" for i, title in near) + "?" if near else ""
        return EntryUnknown(f"No entry has the id {entry_id!r}. {hint or 'List the ids with `footnote entries`.'}")


def restore(path: Path, copies: Iterable[Path]) -> Path | None:
    """Make the archive at `path` anew from the first of these copies that is whole and holds anything.

    Runs and history are lost. Returns that copy, or None where there is none.
    """
    for copy in copies:
        try:
            with (
                errors_of(copy),
                closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db,
            ):
                sound = db.execute("PRAGMA quick_check").fetchone() == ("ok",)
                whole = sound and _holds_anything(db)
        except ResourceShort:
            raise
        except DataUnusable:
            continue
        if whole:
            with errors_of(path):
                building = path.with_suffix(".restoring")
                shutil.copyfile(copy, building)
                with closing(sqlite3.connect(building)) as db, db:
                    # The numbers of lost runs will be given anew: to undo such a run must not touch these entries.
                    db.execute("UPDATE entries SET run = 0")
                for journal in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                    journal.unlink(missing_ok=True)  # of the lost file: SQLite would write it into the restored one
                building.replace(path)
            return copy
    return None


def _is_frozen(path: Path) -> bool:
    """Whether nobody is at work on a database whose folder we may not write: SQLite then cannot make its lock file."""
    at_work = (path.with_name(f"{path.name}{journal}") for journal in ("-wal", "-shm"))
    return not os.access(path.parent, os.W_OK) and not any(file.exists() for file in at_work)


def _holds_anything(db: sqlite3.Connection) -> bool:
    """Entries, or traces of some that were removed."""
    there = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE name IN ('runs', 'removed')")]
    return any(db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("entries", *there))  # noqa: S608


def _migrate(db: sqlite3.Connection, version: int) -> None:
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        db.executescript(f"BEGIN; {statements} PRAGMA user_version = {number}; COMMIT;")


def source_of(fields: str) -> Source:
    """A source from what was archived; a newer version's fields are left aside."""
    known = {name: value for name, value in json.loads(fields).items() if name in Source.__dataclass_fields__}
    return Source(**known | {"pages": tuple(known.get("pages", ()))})


def _passes(people: list[dict[str, str]], filters: Filters) -> bool:
    """Whether an entry with these people passes, by what the filters say of people."""
    if filters.person is not None and not any(name_matches(filters.person, p["name"]) for p in people):
        return False
    voice = set(voice_of((p["name"], p["role"]) for p in people))
    if filters.speakers and voice.isdisjoint(filters.speakers):
        return False
    return not voice or not voice <= set(filters.others_than)


def _names(people: str) -> list[str]:
    return [p["name"] for p in json.loads(people)]


def _entry(row: tuple[Any, ...]) -> Entry:
    entry_id, source, kind, tier, url, title, people, published, access, wording, summary, text, *rest = row
    language, licence, sections = rest
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
        language=language,
        licence=licence,
        sections=tuple(Section(*section) for section in json.loads(sections)),
    )


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
        if "disk I/O" in str(error):
            raise DiskFull(f"{path.parent} is full or cannot be written ({error}); make room and try again.") from error
        if "locked" in str(error):
            raise DataUnusable(f"{path} is in use by another process; try again when it has finished.") from error
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
