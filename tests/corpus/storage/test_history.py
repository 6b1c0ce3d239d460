"""Runs of the record: who did what, what was removed stays out, and each run can be undone exactly."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from build import entry, quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NothingToUndo
from corpus.models.sources import Source
from corpus.models.updates import Counts, Removal
from corpus.storage.record import Record
from corpus.storage.restore import restore
from corpus.storage.schema import MIGRATIONS

NO_COUNTS = Counts()
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
IDS = "abcde"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "archive.sqlite3"


@pytest.fixture
def record(path):
    with closing(Record(path)) as opened:
        yield opened


def put(record, *entries, sources=(), **options):
    record.history.apply(sources, [(one, f"hash of {one.text}") for one in entries], NO_COUNTS, **options)


def whole_record(record):
    """Everything that an undo must bring back: rows with their numbers, sources, and what is kept out."""
    with record.database.reading() as db:
        rows = db.execute("SELECT * FROM entries ORDER BY number").fetchall()
    return rows, record.entries.sources(), record.history.removals()


def undo(record, **options):
    run = record.history.to_undo()
    record.history.undo(run.id, **options)
    return run


# Removal


def test_a_removed_entry_is_gone_from_the_record_and_remembered_with_who_and_when(record):
    put(record, entry(id="a"), entry(id="b", url=None))
    record.history.remove([entry(id="a")], NOON, by="Ada")
    assert list(record.entries.hashes()) == ["b"]
    assert record.history.removals() == [Removal("a", "https://example.org/gap", "Ada", date(2026, 11, 24))]
    run = record.history.runs(1)[0]
    assert (run.action, run.by, run.removed, run.finished) == ("remove", "Ada", 1, NOON)


def test_what_is_taken_back_is_no_longer_kept_out_and_has_a_number_of_its_own(record):
    put(record, entry(id="a"))
    record.history.remove([entry(id="a")])
    put(record, entry(id="a"), taken_back=["a"])
    assert record.history.removals() == []
    assert record.entries.entry("a")[0] == 2


def test_an_archive_whose_last_entry_was_removed_is_not_untouched(record):
    assert record.entries.is_untouched()
    put(record, entry())
    record.history.remove([entry()])
    assert (record.entries.count(), record.entries.is_untouched()) == (0, False)


# Which sources a run was about


def test_a_run_names_the_sources_of_what_it_wrote_replaced_removed_and_described(record):
    put(record, entry(id="a", source="ledger"), entry(id="b", source="labs"), sources=[Source("notes", "Notes", 1)])
    put(record, entry(id="a", source="ledger", text="Corrected."))
    record.history.remove([entry(id="b", source="labs")])
    put(record, entry(id="c", source="letters"))
    undo(record)
    assert [run.sources for run in record.history.runs_with_sources(9)] == [
        ("letters",),
        ("letters",),
        ("labs",),
        ("ledger",),
        ("labs", "ledger", "notes"),
    ]
    assert [run.sources for run in record.history.runs_with_sources(1)] == [("letters",)]


# Undo


def test_undoing_a_removal_brings_the_entry_back_under_its_number(record):
    put(record, entry(id="a"), entry(id="b"))
    before = whole_record(record)
    record.history.remove([entry(id="a")])
    plan = record.history.plan_undo(record.history.to_undo().id)
    assert ([e.id for e in plan.new], plan.changed, plan.removed) == (["a"], (), ())
    undo(record)
    assert whole_record(record) == before


def test_undoing_a_refresh_takes_out_what_it_added_and_brings_back_what_it_changed(record):
    source = Source("s", "Before", 1)
    put(record, entry(id="a", text="Before."), sources=[source])
    before = whole_record(record)
    put(record, entry(id="a", text="After."), entry(id="b"), sources=[Source("s", "After", 2), Source("t", "New", 1)])
    plan = record.history.plan_undo(record.history.to_undo().id)
    assert ([e.text for e in plan.changed], [e.id for e in plan.removed]) == (["Before."], ["b"])
    undo(record, now=NOON, by="Ada")
    assert whole_record(record) == before
    run = record.history.runs(1)[0]
    assert (run.action, run.by, run.new, run.changed, run.removed, run.undoes) == ("undo", "Ada", 0, 1, 1, 2)
    assert [r.undone for r in record.history.runs(9)] == [False, True, False]


def test_undo_after_undo_goes_further_back_and_ends_in_a_sentence(record):
    put(record, entry(id="a"))
    put(record, entry(id="b"))
    assert [undo(record).id, undo(record).id] == [2, 1]
    assert record.entries.count() == 0
    with pytest.raises(NothingToUndo, match="nothing to undo"):
        record.history.to_undo()


def test_nothing_is_forgotten_by_an_undo(record):
    put(record, entry(id="a", text="First."))
    put(record, entry(id="a", text="Second."))
    undo(record)
    with record.database.reading() as db:
        texts = db.execute("SELECT fields ->> '$.text' FROM history ORDER BY rowid").fetchall()
    assert texts == [("First.",), ("Second.",)]


def random_change(record, chance):
    """A refresh, now and then one that takes back, or a removal."""
    here = [found[1] for i in record.entries.hashes() if (found := record.entries.entry(i))]
    if here and chance.random() < 0.3:
        record.history.remove(chance.sample(here, chance.randint(1, len(here))), by=chance.choice(["", "Ada"]))
        return
    out = {r.id for r in record.history.removals()}
    ids = [i for i in IDS if i not in out or chance.random() < 0.3]
    chosen = chance.sample(ids, chance.randint(0, len(ids)))
    sources = [Source(slug, chance.choice("XYZ"), 1) for slug in chance.sample("stu", chance.randint(0, 2))]
    changed = [entry(id=i, text=f"{i} {chance.randint(0, 9)}.") for i in chosen]
    put(record, *changed, sources=sources, taken_back=out & set(chosen))


@quick
@given(st.integers(min_value=0))
def test_whatever_was_done_undoing_it_all_goes_through_every_former_state(seed):
    chance = random.Random(seed)  # noqa: S311  no secret
    with closing(Record(Path(":memory:"))) as record:
        states = []
        for _ in range(12):
            if states and chance.random() < 0.25:
                undo(record)
                assert whole_record(record) == states.pop()
                continue
            before, runs = whole_record(record), len(record.history.runs(99))
            random_change(record, chance)
            if len(record.history.runs(99)) > runs:
                states.append(before)
        while states:
            undo(record)
            assert whole_record(record) == states.pop()
        with pytest.raises(NothingToUndo):
            record.history.to_undo()


# Older archives, copies


@pytest.fixture
def old(path):
    """An archive as the first version made it, with an entry that was changed once."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        values = (1, "gap", "hash", "interconnects", "event", 2, None, "The gap", "[]", "2026-06-01", "full", "author")
        with db:
            db.execute(f"INSERT INTO entries VALUES ({', '.join('?' * 15)})", (*values, "", "Open.", 1))  # noqa: S608  marks
            db.execute("INSERT INTO runs VALUES (1, '2026-11-20T09:00:00+00:00', 1, 0, 0, 0)")
    return path


def test_an_archive_of_the_first_version_is_read_as_it_is_and_brought_up_when_it_is_written(old):
    before = old.read_bytes()
    with closing(Record(old, read_only=True)) as reading:
        assert (reading.history.removals(), [r.action for r in reading.history.runs(9)]) == ([], ["refresh"])
        with pytest.raises(NothingToUndo, match="earlier version"):
            reading.history.to_undo()
    assert old.read_bytes() == before
    with closing(Record(old)) as record:
        with pytest.raises(NothingToUndo, match="2026-11-20 cannot be undone"):
            record.history.to_undo()
        record.history.remove([record.entries.entry("gap")[1]])
        undo(record)
        assert record.entries.entry("gap")[1].text == "Open."


def test_a_restored_archive_still_keeps_out_what_was_removed_and_undoes_no_lost_run(record, path, tmp_path):
    put(record, entry(id="a"), entry(id="b"))
    record.history.remove([entry(id="a")], NOON, by="Ada")
    record.entries.write_copy(tmp_path / "copy.sqlite3")
    removals = record.history.removals()
    record.close()
    path.unlink()
    assert restore(path, [tmp_path / "copy.sqlite3"])
    with closing(Record(path)) as again:
        assert again.history.removals() == removals
        with pytest.raises(NothingToUndo):
            again.history.to_undo()
        put(again, entry(id="c"))
        undo(again)
        assert (list(again.entries.hashes()), again.history.removals()) == (["b"], removals)


def test_a_copy_in_which_everything_was_removed_is_whole(record, path, tmp_path):
    put(record, entry(id="a"))
    record.entries.write_copy(tmp_path / "before.sqlite3")
    record.history.remove([entry(id="a")])
    record.entries.write_copy(tmp_path / "after.sqlite3")
    record.close()
    path.unlink()
    assert restore(path, [tmp_path / "after.sqlite3", tmp_path / "before.sqlite3"]) == tmp_path / "after.sqlite3"
