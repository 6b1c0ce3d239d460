"""What is remembered of the sources: how reading each went, and what it has listed.

None of it is a change of the record: a refresh that finds nothing new writes here, and makes no run.
"""

import json
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import NamedTuple

from corpus.models.sources import SeenItem, SourceState, SourceUpdates
from corpus.storage.database import Connection, Database
from corpus.storage.schema import WITH_SECTIONS

TIMES = ("tried", "succeeded", "failed", "failing_since", "due")


class Tally(NamedTuple):
    """How many entries of a source there are, the day of the newest, how many are teasers, and how many cross-posts."""

    entries: int = 0
    newest: date | None = None
    teasers: int = 0
    duplicates: int = 0


NO_TALLY = Tally()


class SourceStates:
    """Reads and keeps what is remembered of the sources. Who writes holds the lock of the data folder."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def states(self) -> dict[str, SourceState]:
        """Return slug → state, of every source that was read, or of which somebody has set whether it is followed."""
        if self._database.version < WITH_SECTIONS:
            return {}
        with self._database.reading() as db:
            rows = db.execute("SELECT slug, fields FROM source_states").fetchall()
            states = {}
            for slug, fields in rows:  # a newer version's fields are left aside
                known = {n: v for n, v in json.loads(fields).items() if n in SourceState.__dataclass_fields__}
                times = {name: datetime.fromisoformat(known[name]) for name in TIMES if name in known}
                states[slug] = SourceState(slug, **known | times)
            return states

    def state(self, slug: str) -> SourceState:
        """Return the state of a source; the one of a new source, where nothing is remembered."""
        return self.states().get(slug, SourceState(slug))

    def seen(self, slug: str) -> dict[str, SeenItem]:
        """Return key → item, of all that a source has listed."""
        if self._database.version < WITH_SECTIONS:
            return {}
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT key, fingerprint, passed, etag, last_modified, read FROM items WHERE source = ?", (slug,)
            ).fetchall()
            return {
                key: SeenItem(key, print_, bool(passed), etag, modified, datetime.fromisoformat(read) if read else None)
                for key, print_, passed, etag, modified, read in rows
            }

    def tallies(self) -> dict[str, Tally]:
        """Return slug → what the record holds of a source."""
        copied = "number IN (SELECT number FROM copies)" if self._database.version >= WITH_SECTIONS else "0"
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT source, count(*), max(published), sum(access = 'teaser'), sum({copied}) "  # noqa: S608
                "FROM entries GROUP BY 1"
            )
            return {slug: Tally(count, date.fromisoformat(day), *rest) for slug, count, day, *rest in rows}

    def numbers_since(self, slug: str, since: date) -> list[int]:
        """Return the numbers of a source's entries with an address that were published on that day or later."""
        query = "SELECT number FROM entries WHERE source = ? AND published >= ? AND url IS NOT NULL"
        with self._database.reading() as db:
            return [number for (number,) in db.execute(query, (slug, since.isoformat()))]

    def update(self, updates: SourceUpdates) -> None:
        """Keep what was learnt, in one transaction, beside no run."""
        with self._database.writing() as db:
            self.update_within(db, updates, None)

    def update_within(self, db: Connection, updates: SourceUpdates, run: int | None) -> None:
        """Keep what was learnt, within a transaction. `run`: the one that took in what was looked at."""
        for state in updates.states:
            given = {name: value for name, value in asdict(state).items() if value is not None and name != "slug"}
            fields = json.dumps(given, default=datetime.isoformat, ensure_ascii=False)
            db.execute("INSERT OR REPLACE INTO source_states VALUES (?, ?)", (state.slug, fields))
        for slug, items in updates.items.items():
            db.executemany(
                "INSERT INTO items (source, key, fingerprint, passed, etag, last_modified, read, run) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, "
                "passed = excluded.passed, etag = excluded.etag, last_modified = excluded.last_modified, "
                "read = excluded.read, run = coalesce(excluded.run, run)",
                [
                    (
                        *(slug, item.key, item.fingerprint, item.passed, item.etag, item.last_modified),
                        *(item.read.isoformat() if item.read else None, None if item.passed else run),
                    )
                    for item in items
                ],
            )

    def forget(self, slug: str) -> None:
        """Forget what a source has listed, and how reading it went: the next one of this slug is another."""
        with self._database.writing() as db:
            db.execute("DELETE FROM items WHERE source = ?", (slug,))
            db.execute("DELETE FROM source_states WHERE slug = ?", (slug,))

    def forget_run(self, db: Connection, run: int) -> None:
        """Have the sources read anew what an undone run took in. Within a transaction."""
        db.execute("DELETE FROM items WHERE run = ?", (run,))
        anew = [replace(state, etag=None, last_modified=None, read_hash=None) for state in self.states().values()]
        self.update_within(db, SourceUpdates(anew), None)
