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
from corpus.models.updates import Removal
from corpus.storage.entries import MIGRATIONS, restore
from corpus.storage.history import Ledger

NO_COUNTS = (0, 0, 0, 0)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
IDS = "abcde"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "archive.sqlite3"


@pytest.fixture
def ledger(path):
    with closing(Ledger(path)) as opened:
        yield opened


def put(ledger, *entries, sources=(), **options):
    ledger.apply(sources, [(one, f"hash of {one.text}") for one in entries], NO_COUNTS, **options)


def whole_record(ledger):
    """Everything that an undo must bring back: rows with their numbers, sources, and what is kept out."""
    rows = ledger._db.execute("SELECT * FROM entries ORDER BY number").fetchall()
    return rows, ledger.sources(), ledger.removals()


def undo(ledger, **options):
    run = ledger.to_undo()
    ledger.undo(run.id, **options)
    return run


# Removal


def test_a_removed_entry_is_gone_from_the_record_and_remembered_with_who_and_when(ledger):
    put(ledger, entry(id="a"), entry(id="b", url=None))
    ledger.remove([entry(id="a")], NOON, by="Ada")
    assert list(ledger.hashes()) == ["b"]
    assert ledger.removals() == [Removal("a", "https://example.org/gap", "Ada", date(2026, 11, 24))]
    run = ledger.runs(1)[0]
    assert (run.action, run.by, run.removed, run.finished) == ("remove", "Ada", 1, NOON)


def test_what_is_taken_back_is_no_longer_kept_out_and_has_a_number_of_its_own(ledger):
    put(ledger, entry(id="a"))
    ledger.remove([entry(id="a")])
    put(ledger, entry(id="a"), taken_back=["a"])
    assert ledger.removals() == []
    assert ledger.entry("a")[0] == 2


def test_an_archive_whose_last_entry_was_removed_is_not_untouched(ledger):
    assert ledger.is_untouched()
    put(ledger, entry())
    ledger.remove([entry()])
    assert (ledger.count(), ledger.is_untouched()) == (0, False)


# Undo


def test_undoing_a_removal_brings_the_entry_back_under_its_number(ledger):
    put(ledger, entry(id="a"), entry(id="b"))
    before = whole_record(ledger)
    ledger.remove([entry(id="a")])
    plan = ledger.undoing(ledger.to_undo().id)
    assert ([e.id for e in plan.new], plan.changed, plan.removed) == (["a"], (), ())
    undo(ledger)
    assert whole_record(ledger) == before


def test_undoing_a_refresh_takes_out_what_it_added_and_brings_back_what_it_changed(ledger):
    source = Source("s", "Before", 1)
    put(ledger, entry(id="a", text="Before."), sources=[source])
    before = whole_record(ledger)
    put(ledger, entry(id="a", text="After."), entry(id="b"), sources=[Source("s", "After", 2), Source("t", "New", 1)])
    plan = ledger.undoing(ledger.to_undo().id)
    assert ([e.text for e in plan.changed], [e.id for e in plan.removed]) == (["Before."], ["b"])
    undo(ledger, now=NOON, by="Ada")
    assert whole_record(ledger) == before
    run = ledger.runs(1)[0]
    assert (run.action, run.by, run.new, run.changed, run.removed, run.undoes) == ("undo", "Ada", 0, 1, 1, 2)
    assert [r.undone for r in ledger.runs(9)] == [False, True, False]


def test_undo_after_undo_goes_further_back_and_ends_in_a_sentence(ledger):
    put(ledger, entry(id="a"))
    put(ledger, entry(id="b"))
    assert [undo(ledger).id, undo(ledger).id] == [2, 1]
    assert ledger.count() == 0
    with pytest.raises(NothingToUndo, match="nothing to undo"):
        ledger.to_undo()


def test_nothing_is_forgotten_by_an_undo(ledger):
    put(ledger, entry(id="a", text="First."))
    put(ledger, entry(id="a", text="Second."))
    undo(ledger)
    texts = ledger._db.execute("SELECT fields ->> '$.text' FROM history ORDER BY rowid").fetchall()
    assert texts == [("First.",), ("Second.",)]


def random_change(ledger, chance):
    """A refresh, now and then one that takes back, or a removal."""
    here = [found[1] for i in ledger.hashes() if (found := ledger.entry(i))]
    if here and chance.random() < 0.3:
        ledger.remove(chance.sample(here, chance.randint(1, len(here))), by=chance.choice(["", "Ada"]))
        return
    out = {r.id for r in ledger.removals()}
    ids = [i for i in IDS if i not in out or chance.random() < 0.3]
    chosen = chance.sample(ids, chance.randint(0, len(ids)))
    sources = [Source(slug, chance.choice("XYZ"), 1) for slug in chance.sample("stu", chance.randint(0, 2))]
    changed = [entry(id=i, text=f"{i} {chance.randint(0, 9)}.") for i in chosen]
    put(ledger, *changed, sources=sources, taken_back=out & set(chosen))


@quick
@given(st.integers(min_value=0))
def test_whatever_was_done_undoing_it_all_goes_through_every_former_state(seed):
    chance = random.Random(seed)  # noqa: S311  no secret
    with closing(Ledger(Path(":memory:"))) as ledger:
        states = []
        for _ in range(12):
            if states and chance.random() < 0.25:
                undo(ledger)
                assert whole_record(ledger) == states.pop()
                continue
            before, runs = whole_record(ledger), len(ledger.runs(99))
            random_change(ledger, chance)
            if len(ledger.runs(99)) > runs:
                states.append(before)
        while states:
            undo(ledger)
            assert whole_record(ledger) == states.pop()
        with pytest.raises(NothingToUndo):
            ledger.to_undo()


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
    with closing(Ledger(old, read_only=True)) as reading:
        assert (reading.removals(), [r.action for r in reading.runs(9)]) == ([], ["refresh"])
        with pytest.raises(NothingToUndo, match="earlier version"):
            reading.to_undo()
    assert old.read_bytes() == before
    with closing(Ledger(old)) as ledger:
        with pytest.raises(NothingToUndo, match="2026-11-20 cannot be undone"):
            ledger.to_undo()
        ledger.remove([ledger.entry("gap")[1]])
        undo(ledger)
        assert ledger.entry("gap")[1].text == "Open."


def test_a_restored_archive_still_keeps_out_what_was_removed_and_undoes_no_lost_run(ledger, path, tmp_path):
    put(ledger, entry(id="a"), entry(id="b"))
    ledger.remove([entry(id="a")], NOON, by="Ada")
    ledger.write_copy(tmp_path / "copy.sqlite3")
    removals = ledger.removals()
    ledger.close()
    path.unlink()
    assert restore(path, [tmp_path / "copy.sqlite3"])
    with closing(Ledger(path)) as again:
        assert again.removals() == removals
        with pytest.raises(NothingToUndo):
            again.to_undo()
        put(again, entry(id="c"))
        undo(again)
        assert (list(again.hashes()), again.removals()) == (["b"], removals)


def test_a_copy_in_which_everything_was_removed_is_whole(ledger, path, tmp_path):
    put(ledger, entry(id="a"))
    ledger.write_copy(tmp_path / "before.sqlite3")
    ledger.remove([entry(id="a")])
    ledger.write_copy(tmp_path / "after.sqlite3")
    ledger.close()
    path.unlink()
    assert restore(path, [tmp_path / "after.sqlite3", tmp_path / "before.sqlite3"]) == tmp_path / "after.sqlite3"
