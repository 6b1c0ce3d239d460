"""How the record changes: each change is a run, and each run keeps what it takes to undo it.

A run is one transaction. What it changed or removed goes to the history as it was, with its number; what it added is
known by the run that wrote it. So undoing the last run that still stands leads exactly to the record before it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from corpus.errors import NothingToUndo
from corpus.models.entries import Block, Entry, Person, Section
from corpus.models.sources import NO_UPDATES, Source, SourceUpdates
from corpus.models.updates import Action, Counts, Plan, Removal, Run
from corpus.storage.database import Connection, Database
from corpus.storage.entries import COLUMNS, Entries
from corpus.storage.schema import WITH_RUNS
from corpus.storage.source_state import SourceStates

RUNS = "id, finished, new, changed, unchanged, rejected, removed, action, by, undoes, id IN (SELECT undoes FROM runs)"
RUNS_OF_OLD = "id, finished, new, changed, unchanged, rejected, 0, 'refresh', '', NULL, 0"

# Whose entries a run wrote, whether they stand or were replaced, or replaced itself; and which sources it described.
SOURCES_OF_RUNS = """
SELECT run, source FROM entries WHERE run >= :first
UNION SELECT former, json_extract(fields, '$.source') FROM history WHERE former >= :first
UNION SELECT run, json_extract(fields, '$.source') FROM history WHERE run >= :first
UNION SELECT runs.id, json_each.key FROM runs, json_each(runs.sources) WHERE runs.id >= :first
"""


class _Version(NamedTuple):
    """An entry as a run wrote it. `number`: the entry's, 0 for a new one."""

    entry: Entry
    number: int
    hash: str
    run: int


class History:
    """Reads and makes the runs of the record. Who writes holds the lock of the data folder."""

    def __init__(self, database: Database, entries: Entries, sources: SourceStates) -> None:
        self._database, self._entries, self._sources = database, entries, sources

    # What is known

    def runs(self, limit: int) -> list[Run]:
        """Return the last runs, the latest first. Only what changed the record is one."""
        columns = RUNS_OF_OLD if self._database.version < WITH_RUNS else RUNS
        with self._database.reading() as db:
            rows = db.execute(f"SELECT {columns} FROM runs ORDER BY id DESC LIMIT ?", (limit,))  # noqa: S608
            return [_run(row) for row in rows]

    def runs_with_sources(self, limit: int) -> list[Run]:
        """Return the last runs, each with the sources that it was about; those of an old file without."""
        runs = self.runs(limit)
        if self._database.version < WITH_RUNS or not runs:
            return runs
        first = min(run.id for run in runs)
        about = defaultdict[int, set[str]](set)
        with self._database.reading() as db:
            for run, slug in db.execute(SOURCES_OF_RUNS, {"first": first}):
                about[run].add(slug)
        return [replace(run, sources=tuple(sorted(about[run.id] | about[run.undoes or 0]))) for run in runs]

    def removals(self) -> list[Removal]:
        """Return the entries that were removed, and not taken back since."""
        if self._database.version < WITH_RUNS:
            return []
        with self._database.reading() as db:
            rows = db.execute("SELECT id, url, by, finished FROM removed WHERE taken_back IS NULL ORDER BY id")
            return [Removal(i, url, by, date.fromisoformat(finished[:10])) for i, url, by, finished in rows]

    def addresses(self) -> list[tuple[str, str | None]]:
        """Return the ids that are or were in use, each with its address: of entries first, then of removals."""
        with self._database.reading() as db:
            rows = db.execute("SELECT id, url FROM entries ORDER BY number").fetchall()
        return [*rows, *((r.id, r.url) for r in self.removals())]

    def to_undo(self) -> Run:
        """Return the last run that still stands: not undone, nor an undo. Raises NothingToUndo."""
        run = next((run for run in self.runs(-1) if run.action != "undo" and not run.undone), None)
        if run is None:
            raise NothingToUndo("There is nothing to undo: no change of the corpus is left to go back on.")
        with self._database.reading() as db:
            too_old = self._database.version < WITH_RUNS or db.execute(
                "SELECT sources IS NULL FROM runs WHERE id = ?", (run.id,)
            ).fetchone() == (1,)
        if too_old:
            raise NothingToUndo(
                f"The change of {run.finished:%Y-%m-%d} cannot be undone: it was made by an earlier version of "
                "footnote, which kept too little for that. Remove single entries with `footnote remove`."
            )
        return run

    def plan_undo(self, run: int) -> Plan[Entry]:
        """Return what the undo of a run would do; it must be the one that `to_undo` returns."""
        with self._database.reading() as db:
            here = self._entries.hashes()
            former = [version.entry for version in _former(db, run)]
            added = db.execute(
                "SELECT id FROM entries WHERE run = ? AND id NOT IN (SELECT id FROM history WHERE run = ?) "
                "ORDER BY number",
                (run, run),
            ).fetchall()
            leaving = [found[1] for (entry_id,) in added if (found := self._entries.entry(entry_id))]
        return Plan(
            new=tuple(e for e in former if e.id not in here),
            changed=tuple(e for e in former if e.id in here),
            unchanged=(),
            rejected=(),
            removed=tuple(leaving),
        )

    # What changes it

    def apply(
        self,
        sources: Sequence[Source],
        entries: Iterable[tuple[Entry, str]],
        counts: Counts,
        now: datetime | None = None,
        *,
        by: str = "",
        taken_back: Iterable[str] = (),
        updates: SourceUpdates = NO_UPDATES,
        action: Action = "refresh",
    ) -> None:
        """Take in these (entry, content hash), in one transaction; former versions go to the history.

        `taken_back`: ids of removed entries, whose removal no longer holds. `updates`, of what was learnt of the
        sources, are kept even where there is nothing to take in, which is no run.
        """
        if not sources and not entries:
            self._sources.update(updates)
            return
        with self._database.writing() as db:
            run = _begin(db, action, by, counts, now, former_sources=_describe(db, sources))
            for entry, content_hash in entries:
                number = self._keep(db, entry.id, run)
                _put(db, _Version(entry, number or 0, content_hash, run))
            for entry_id in taken_back:
                held = "UPDATE removed SET taken_back = ? WHERE id = ? AND taken_back IS NULL"
                db.execute(held, (run, entry_id))
            self._sources.update_within(db, updates, run)

    def remove(self, entries: Sequence[Entry], now: datetime | None = None, *, by: str = "") -> None:
        """Take these entries out, in one transaction; they go to the history, and among the removals."""
        with self._database.writing() as db:
            run = _begin(db, "remove", by, Counts(removed=len(entries)), now)
            for entry in entries:
                self._keep(db, entry.id, run)
                db.execute("DELETE FROM entries WHERE id = ?", (entry.id,))
                db.execute(
                    "INSERT INTO removed (id, run, url, finished, by) SELECT ?, id, ?, finished, by FROM runs "
                    "WHERE id = ?",
                    (entry.id, entry.url, run),
                )

    def undo(self, run: int, now: datetime | None = None, *, by: str = "") -> None:
        """Bring the record back to before a run, in one transaction; it must be the one that `to_undo` returns."""
        plan = self.plan_undo(run)
        counts = Counts(len(plan.new), len(plan.changed), removed=len(plan.removed))
        with self._database.writing() as db:
            undo = _begin(db, "undo", by, counts, now, undoes=run)
            for entry in plan.removed:
                self._keep(db, entry.id, undo)
                db.execute("DELETE FROM entries WHERE id = ?", (entry.id,))
            for former in _former(db, run):
                self._keep(db, former.entry.id, undo)
                _put(db, former)
            (sources,) = db.execute("SELECT sources FROM runs WHERE id = ?", (run,)).fetchone()
            for slug, fields in json.loads(sources).items():
                _set_source(db, slug, fields)
            db.execute("DELETE FROM removed WHERE run = ?", (run,))
            db.execute("UPDATE removed SET taken_back = NULL WHERE taken_back = ?", (run,))
            self._sources.forget_run(db, run)

    def _keep(self, db: Connection, entry_id: str, run: int) -> int | None:
        """Put an entry as it is into the history of a run; its number, or None where there is no such entry."""
        found = self._entries.entry(entry_id)
        if found is None:
            return None
        number, entry = found
        fields = json.dumps(asdict(entry), default=str, ensure_ascii=False)
        db.execute(
            "INSERT INTO history (id, run, fields, number, hash, former) SELECT id, ?, ?, number, hash, run "
            "FROM entries WHERE number = ?",
            (run, fields, number),
        )
        return number


# The steps of a run, each within its transaction


def _begin(
    db: Connection,
    action: Action,
    by: str,
    counts: Counts,
    now: datetime | None,
    *,
    former_sources: dict[str, str | None] | None = None,
    undoes: int | None = None,
) -> int:
    """Write down that a run takes place; its number. `former_sources`: slug → fields of a source as it was before."""
    stamp = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    row = db.execute(
        "INSERT INTO runs (finished, new, changed, unchanged, rejected, removed, action, by, undoes, sources) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (stamp, *counts, action, by, undoes, json.dumps(former_sources or {}, ensure_ascii=False)),
    ).fetchone()
    return int(row[0])


def _describe(db: Connection, sources: Iterable[Source]) -> dict[str, str | None]:
    """Describe these sources; return what was archived of each before."""
    former: dict[str, str | None] = {}
    for source in sources:
        row = db.execute("SELECT fields FROM sources WHERE slug = ?", (source.slug,)).fetchone()
        former.setdefault(source.slug, row[0] if row else None)
        _set_source(db, source.slug, json.dumps(asdict(source), ensure_ascii=False))
    return former


def _set_source(db: Connection, slug: str, fields: str | None) -> None:
    if fields is None:
        db.execute("DELETE FROM sources WHERE slug = ?", (slug,))
    else:
        db.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (slug, fields))


def _put(db: Connection, version: _Version) -> None:
    """Write an entry, in place of one that has its number."""
    entry = version.entry
    people = json.dumps([asdict(p) for p in entry.people], ensure_ascii=False)
    values = (
        *(version.number or None, entry.id, version.hash, entry.source, entry.kind, entry.tier, entry.url, entry.title),
        *(people, entry.published.isoformat(), entry.access, entry.wording, entry.summary, entry.text),
        *(entry.language, entry.licence, json.dumps(entry.sections, ensure_ascii=False)),
        *(json.dumps(entry.blocks, ensure_ascii=False), version.run),
    )
    marks = ", ".join("?" * len(values))
    columns = f"number, id, hash, {COLUMNS}, run"
    db.execute(f"INSERT OR REPLACE INTO entries ({columns}) VALUES ({marks})", values)  # noqa: S608


def _former(db: Connection, run: int) -> list[_Version]:
    """The entries that a run changed or removed, as they were before."""
    rows = db.execute("SELECT fields, number, hash, former FROM history WHERE run = ? ORDER BY rowid", (run,))
    return [_Version(_entry(json.loads(fields)), *rest) for fields, *rest in rows]


def _run(row: tuple[Any, ...]) -> Run:
    number, finished, new, changed, unchanged, rejected, removed, action, by, undoes, undone = row
    return Run(
        id=number,
        finished=datetime.fromisoformat(finished),
        action=action,
        by=by,
        new=new,
        changed=changed,
        unchanged=unchanged,
        rejected=rejected,
        removed=removed,
        undoes=undoes,
        undone=bool(undone),
    )


def _entry(fields: dict[str, Any]) -> Entry:
    """An entry from the history; a newer version's fields are left aside."""
    known = {name: value for name, value in fields.items() if name in Entry.__dataclass_fields__}
    people = tuple(Person(**person) for person in known["people"])
    read = {"people": people, "published": date.fromisoformat(known["published"])}
    read["sections"] = tuple(Section(*section) for section in known.get("sections", ()))
    read["blocks"] = tuple(Block(*block) for block in known.get("blocks", ()))
    return Entry(**known | read)
