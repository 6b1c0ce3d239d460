"""The archive as it is written: each change is a run, and each run keeps what it takes to undo it.

A run is one transaction. What it changed or removed goes to the history as it was, with its number; what it added is
known by the run that wrote it. So undoing the last run that still stands leads exactly to the record before it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from corpus.errors import NothingToUndo
from corpus.models.entries import Access, Entry, Person, Section, Wording
from corpus.models.sources import Source
from corpus.models.updates import Action, Plan, Removal, Run
from corpus.storage.entries import COLUMNS, errors_of
from corpus.storage.source_state import Readings, Remembered

RUNS = "id, finished, new, changed, unchanged, rejected, removed, action, by, undoes, id IN (SELECT undoes FROM runs)"
RUNS_OF_OLD = "id, finished, new, changed, unchanged, rejected, 0, 'refresh', '', NULL, 0"
NOTHING_LEARNT = Remembered()
WITH_RUNS = 2  # the form of the archive since which a run can be undone


class Counts(NamedTuple):
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    removed: int = 0


class _Former(NamedTuple):
    """An entry as it was before a run, and the run that had written it."""

    entry: Entry
    number: int
    hash: str
    run: int


class Ledger(Readings):
    """An open archive with its runs. Who writes holds the lock of the data folder."""

    # What is known

    def runs(self, limit: int) -> list[Run]:
        """The last runs, the latest first. Only what changed the record is one."""
        with errors_of(self.path):
            columns = RUNS_OF_OLD if self._version < WITH_RUNS else RUNS
            rows = self._db.execute(f"SELECT {columns} FROM runs ORDER BY id DESC LIMIT ?", (limit,))  # noqa: S608
            return [_run(row) for row in rows]

    def addresses(self) -> list[tuple[str, str | None]]:
        """The ids that are or were in use, each with its address: those of entries first, then those of removals."""
        with errors_of(self.path):
            rows = self._db.execute("SELECT id, url FROM entries ORDER BY number").fetchall()
        return [*rows, *((r.id, r.url) for r in self.removals())]

    def to_undo(self) -> Run:
        """The last run that still stands: it is not undone, nor an undo. Raises NothingToUndo."""
        standing = [run for run in self.runs(-1) if run.action != "undo" and not run.undone]
        if not standing:
            raise NothingToUndo("There is nothing to undo: no change of the corpus is left to go back on.")
        run = standing[0]
        with errors_of(self.path):
            old = self._version < WITH_RUNS or self._db.execute(
                "SELECT sources IS NULL FROM runs WHERE id = ?", (run.id,)
            ).fetchone() == (1,)
        if old:
            raise NothingToUndo(
                f"The change of {run.finished:%Y-%m-%d} cannot be undone: it was made by an earlier version of "
                "footnote, which kept too little for that. Remove single entries with `footnote remove`."
            )
        return run

    def undoing(self, run: int) -> Plan[Entry]:
        """What the undo of a run would do; it must be the one `to_undo` tells."""
        with errors_of(self.path):
            here = self.hashes()
            former = [f.entry for f in self._former(run)]
            leaving = [found[1] for entry_id in self._added(run) if (found := self.entry(entry_id))]
        return Plan(
            new=tuple(e for e in former if e.id not in here),
            changed=tuple(e for e in former if e.id in here),
            unchanged=(),
            rejected=(),
            removed=tuple(leaving),
        )

    def removals(self) -> list[Removal]:
        """The entries that were removed, and not taken back since."""
        if self._version < WITH_RUNS:
            return []
        with errors_of(self.path):
            rows = self._db.execute("SELECT id, url, by, finished FROM removed WHERE taken_back IS NULL ORDER BY id")
            return [Removal(i, url, by, date.fromisoformat(finished[:10])) for i, url, by, finished in rows]

    def kinds_of_text(self) -> dict[str, tuple[Access, Wording]]:
        """Id → whose words its text is, and whether all of them, of every entry."""
        with errors_of(self.path):
            rows = self._db.execute("SELECT id, access, wording FROM entries")
            return {entry_id: (access, wording) for entry_id, access, wording in rows}

    # What changes it

    def apply(
        self,
        sources: Sequence[Source],
        entries: Sequence[tuple[Entry, str]],
        counts: tuple[int, ...],
        now: datetime | None = None,
        *,
        by: str = "",
        taken_back: Iterable[str] = (),
        learnt: Remembered = NOTHING_LEARNT,
        action: Action = "refresh",
    ) -> None:
        """Take in these (entry, content hash), in one transaction; former versions go to the history.

        `taken_back`: ids of removed entries, whose removal no longer holds. `learnt` is kept even where there is
        nothing to take in.
        """
        if not sources and not entries:
            self.remember(learnt)
            return
        with self._transaction():
            run = self._begin(action, by, Counts(*counts), now, self._describe(sources))
            for entry, content_hash in entries:
                number = self._keep(entry.id, run)
                self._put(_Former(entry, number or 0, content_hash, run))
            for entry_id in taken_back:
                held = "UPDATE removed SET taken_back = ? WHERE id = ? AND taken_back IS NULL"
                self._db.execute(held, (run, entry_id))
            self._remember(learnt, run)

    def remove(self, entries: Sequence[Entry], now: datetime | None = None, *, by: str = "") -> None:
        """Take these entries out, in one transaction; they go to the history, and among the removals."""
        with self._transaction():
            run = self._begin("remove", by, Counts(removed=len(entries)), now)
            for entry in entries:
                self._keep(entry.id, run)
                self._db.execute("DELETE FROM entries WHERE id = ?", (entry.id,))
                self._db.execute(
                    "INSERT INTO removed (id, run, url, finished, by) SELECT ?, id, ?, finished, by FROM runs "
                    "WHERE id = ?",
                    (entry.id, entry.url, run),
                )

    def undo(self, run: int, now: datetime | None = None, *, by: str = "") -> None:
        """Bring the record back to before a run, in one transaction; it must be the one `to_undo` tells."""
        plan = self.undoing(run)
        counts = Counts(len(plan.new), len(plan.changed), removed=len(plan.removed))
        with self._transaction():
            undo = self._begin("undo", by, counts, now, undoes=run)
            for entry in plan.removed:
                self._keep(entry.id, undo)
                self._db.execute("DELETE FROM entries WHERE id = ?", (entry.id,))
            for former in self._former(run):
                self._keep(former.entry.id, undo)
                self._put(former)
            (sources,) = self._db.execute("SELECT sources FROM runs WHERE id = ?", (run,)).fetchone()
            for slug, fields in json.loads(sources).items():
                self._set_source(slug, fields)
            self._db.execute("DELETE FROM removed WHERE run = ?", (run,))
            self._db.execute("UPDATE removed SET taken_back = NULL WHERE taken_back = ?", (run,))
            self._forget_readings(run)

    # The steps of a run

    def _begin(
        self,
        action: Action,
        by: str,
        counts: Counts,
        now: datetime | None,
        sources: dict[str, str | None] | None = None,
        undoes: int | None = None,
    ) -> int:
        stamp = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        row = self._db.execute(
            "INSERT INTO runs (finished, new, changed, unchanged, rejected, removed, action, by, undoes, sources) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (stamp, *counts, action, by, undoes, json.dumps(sources or {}, ensure_ascii=False)),
        ).fetchone()
        return int(row[0])

    def _describe(self, sources: Iterable[Source]) -> dict[str, str | None]:
        """Describe these sources; returns what was archived of each before."""
        former: dict[str, str | None] = {}
        for source in sources:
            row = self._db.execute("SELECT fields FROM sources WHERE slug = ?", (source.slug,)).fetchone()
            former.setdefault(source.slug, row[0] if row else None)
            self._set_source(source.slug, json.dumps(asdict(source), ensure_ascii=False))
        return former

    def _set_source(self, slug: str, fields: str | None) -> None:
        if fields is None:
            self._db.execute("DELETE FROM sources WHERE slug = ?", (slug,))
        else:
            self._db.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (slug, fields))

    def _keep(self, entry_id: str, run: int) -> int | None:
        """Put an entry as it is into the history of a run; its number, or None where there is no such entry."""
        found = self.entry(entry_id)
        if found is None:
            return None
        number, entry = found
        fields = json.dumps(asdict(entry), default=str, ensure_ascii=False)
        self._db.execute(
            "INSERT INTO history (id, run, fields, number, hash, former) SELECT id, ?, ?, number, hash, run "
            "FROM entries WHERE number = ?",
            (run, fields, number),
        )
        return number

    def _put(self, one: _Former) -> None:
        """Write an entry, in place of one that has its number; a number of 0 is a new one."""
        entry = one.entry
        people = json.dumps([asdict(p) for p in entry.people], ensure_ascii=False)
        values = (
            *(one.number or None, entry.id, one.hash, entry.source, entry.kind, entry.tier, entry.url, entry.title),
            *(people, entry.published.isoformat(), entry.access, entry.wording, entry.summary, entry.text),
            *(entry.language, entry.licence, json.dumps(entry.sections, ensure_ascii=False), one.run),
        )
        marks = ", ".join("?" * len(values))
        columns = f"number, id, hash, {COLUMNS}, run"
        self._db.execute(f"INSERT OR REPLACE INTO entries ({columns}) VALUES ({marks})", values)  # noqa: S608

    def _former(self, run: int) -> list[_Former]:
        rows = self._db.execute("SELECT fields, number, hash, former FROM history WHERE run = ? ORDER BY rowid", (run,))
        return [_Former(_entry(json.loads(fields)), *rest) for fields, *rest in rows]

    def _added(self, run: int) -> list[str]:
        """The ids of the entries that were not there before a run."""
        rows = self._db.execute(
            "SELECT id FROM entries WHERE run = ? AND id NOT IN (SELECT id FROM history WHERE run = ?) ORDER BY number",
            (run, run),
        )
        return [entry_id for (entry_id,) in rows]


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
    sections = tuple(Section(*section) for section in known.get("sections", ()))
    return Entry(
        **{**known, "people": people, "published": date.fromisoformat(known["published"]), "sections": sections}
    )
