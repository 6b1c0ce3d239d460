"""What is remembered beside the entries: how reading each source went, what it has listed, which texts are copies.

None of it is a change of the record: a refresh that finds nothing new writes here, and makes no run.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from corpus.models.entries import Entry
from corpus.models.sources import SeenItem, SourceState
from corpus.storage.entries import Archive, errors_of

WITH_READINGS = 3  # the form of the archive since which there is anything of this
TIMES = ("tried", "succeeded", "failed", "failing_since", "due")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a refresh has learnt of its sources: their states, and what each has listed, by its slug."""

    states: Sequence[SourceState] = ()
    items: Mapping[str, Sequence[SeenItem]] = field(default_factory=dict)


class Tally(NamedTuple):
    """How many entries of a source there are, the day of the newest, how many are teasers, and how many cross-posts."""

    entries: int = 0
    newest: date | None = None
    teasers: int = 0
    duplicates: int = 0


NO_TALLY = Tally()


class Readings(Archive):
    """An open archive with what is remembered of its sources. Who writes holds the lock of the data folder."""

    def source_states(self) -> dict[str, SourceState]:
        """Slug → state, of every source that was read, or whose standing somebody has set."""
        if self._version < WITH_READINGS:
            return {}
        with errors_of(self.path):
            rows = self._db.execute("SELECT slug, fields FROM source_states").fetchall()
            return {slug: _state(slug, fields) for slug, fields in rows}

    def state_of(self, slug: str) -> SourceState:
        return self.source_states().get(slug, SourceState(slug))

    def seen(self, slug: str) -> dict[str, SeenItem]:
        """Key → what a source has listed."""
        if self._version < WITH_READINGS:
            return {}
        columns = "key, fingerprint, passed, etag, last_modified, read"
        with errors_of(self.path):
            rows = self._db.execute(f"SELECT {columns} FROM items WHERE source = ?", (slug,)).fetchall()  # noqa: S608
            return {row[0]: _item(row) for row in rows}

    def set_state(self, state: SourceState) -> None:
        self.remember(Remembered([state]))

    def remember(self, learnt: Remembered) -> None:
        """Keep what was learnt, in one transaction, beside no run."""
        with self._transaction():
            self._remember(learnt, None)

    def _remember(self, learnt: Remembered, run: int | None) -> None:
        """Within a transaction. `run`: the one that took in what was looked at."""
        for state in learnt.states:
            told = {name: value for name, value in asdict(state).items() if value is not None and name != "slug"}
            fields = json.dumps(told, default=datetime.isoformat, ensure_ascii=False)
            self._db.execute("INSERT OR REPLACE INTO source_states VALUES (?, ?)", (state.slug, fields))
        for slug, items in learnt.items.items():
            self._db.executemany(
                "INSERT INTO items (source, key, fingerprint, passed, etag, last_modified, read, run) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, "
                "passed = excluded.passed, "
                "etag = excluded.etag, "
                "last_modified = excluded.last_modified, read = excluded.read, run = coalesce(excluded.run, run)",
                [(slug, *_row(item, run)) for item in items],
            )

    def forget_source(self, slug: str) -> None:
        """Forget what a source has listed, and how reading it went: the next one of this slug is another."""
        with self._transaction():
            self._db.execute("DELETE FROM items WHERE source = ?", (slug,))
            self._db.execute("DELETE FROM source_states WHERE slug = ?", (slug,))

    def _forget_readings(self, run: int) -> None:
        """Have the sources read anew what an undone run took in. Within a transaction."""
        self._db.execute("DELETE FROM items WHERE run = ?", (run,))
        anew = [replace(s, etag=None, last_modified=None, read_hash=None) for s in self.source_states().values()]
        self._remember(Remembered(anew), None)

    def recent(self, slug: str, since: date) -> list[Entry]:
        """The entries of a source with an address that were published on that day or later."""
        query = "SELECT number FROM entries WHERE source = ? AND published >= ? AND url IS NOT NULL"
        with errors_of(self.path):
            numbers = [number for (number,) in self._db.execute(query, (slug, since.isoformat()))]
        return [entry for _, entry in self.each(numbers)]

    def tallies(self) -> dict[str, Tally]:
        """Slug → what the record holds of a source."""
        copied = "number IN (SELECT number FROM copies)" if self._version >= WITH_READINGS else "0"
        query = (
            f"SELECT source, count(*), max(published), sum(access = 'teaser'), sum({copied}) FROM entries GROUP BY 1"  # noqa: S608
        )
        with errors_of(self.path):
            rows = self._db.execute(query)
            return {slug: Tally(count, date.fromisoformat(day), *rest) for slug, count, day, *rest in rows}

    # Cross-posts

    def signatures(self) -> dict[int, bytes]:
        """Number → signature of the text, of those entries whose signature is that of their present text."""
        with errors_of(self.path):
            joined = "fingerprints f JOIN entries e USING (number) WHERE f.hash = e.hash"
            return dict(self._db.execute(f"SELECT f.number, f.signature FROM {joined}"))  # noqa: S608

    def is_signed(self) -> bool:
        """Whether there is a signature of each entry's present text, and of nothing else."""
        unsigned = "entries e LEFT JOIN fingerprints f USING (number) WHERE f.hash IS NULL OR f.hash != e.hash"
        gone = "fingerprints WHERE number NOT IN (SELECT number FROM entries)"
        with errors_of(self.path):
            found = self._db.execute(f"SELECT EXISTS (SELECT 1 FROM {unsigned}) OR EXISTS (SELECT 1 FROM {gone})")  # noqa: S608
            return bool(found.fetchone() == (0,))

    def unsigned(self) -> list[int]:
        """The numbers of the entries that have no signature of their present text."""
        with errors_of(self.path):
            rows = self._db.execute(
                "SELECT e.number FROM entries e LEFT JOIN fingerprints f USING (number) "
                "WHERE f.hash IS NULL OR f.hash != e.hash ORDER BY e.number"
            ).fetchall()
        return [number for (number,) in rows]

    def published(self) -> dict[int, date]:
        """Number → day of publication, of every entry."""
        with errors_of(self.path):
            rows = self._db.execute("SELECT number, published FROM entries")
            return {number: date.fromisoformat(day) for number, day in rows}

    def set_copies(self, signatures: Mapping[int, bytes], copies: Mapping[int, int]) -> None:
        """Keep the signatures of these entries' present texts, and which entries are cross-posts of which, at once."""
        signed = "INSERT OR REPLACE INTO fingerprints SELECT number, hash, ? FROM entries WHERE number = ?"
        with self._transaction():
            self._db.executemany(signed, [(signature, number) for number, signature in signatures.items()])
            self._db.execute("DELETE FROM fingerprints WHERE number NOT IN (SELECT number FROM entries)")
            self._db.execute("DELETE FROM copies")
            self._db.executemany("INSERT INTO copies VALUES (?, ?)", copies.items())

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """Id → number, of those of these ids that are there."""
        sought = set(ids)
        with errors_of(self.path):
            return {i: number for i, number in self._db.execute("SELECT id, number FROM entries") if i in sought}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with errors_of(self.path), self._db:
            yield


def _state(slug: str, fields: str) -> SourceState:
    """A state from what was archived; a newer version's fields are left aside."""
    told = {name: value for name, value in json.loads(fields).items() if name in SourceState.__dataclass_fields__}
    times = {name: datetime.fromisoformat(told[name]) for name in TIMES if name in told}
    return SourceState(slug, **told | times)


def _row(item: SeenItem, run: int | None) -> tuple[str | int | None, ...]:
    read = item.read.isoformat() if item.read else None
    looked_at = None if item.passed else run
    return item.key, item.fingerprint, item.passed, item.etag, item.last_modified, read, looked_at


def _item(row: tuple[str, str, int, str | None, str | None, str | None]) -> SeenItem:
    key, fingerprint, passed, etag, last_modified, read = row
    return SeenItem(key, fingerprint, bool(passed), etag, last_modified, datetime.fromisoformat(read) if read else None)
