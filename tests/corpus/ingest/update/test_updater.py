"""Removing, undoing, one source alone: the record and what is answered from it. Real stores; the model is a toy."""

import json
import random
import sqlite3
from contextlib import closing

import pytest
from fakes import ToyEmbedder

from corpus import (
    EntryUnknown,
    FilterRefused,
    IndexDamaged,
    InputRefused,
    NothingToUndo,
    open_corpus,
)
from corpus.storage.record import Record

QUESTIONS = ("Do cats sleep all day?", "Where does the river rise?", "Does bread need salt?")
TEXTS = {
    "river": "The river rises in the northern hills. Boats are built of oak.",
    "cats": "Cats sleep all day. Dogs do not sleep that long.",
    "bread": "Bread needs salt. Without salt the dough is slack.",
}


def row(entry_id, **changes):
    return {
        "id": entry_id,
        "source": "paper",
        "kind": "event",
        "tier": 1,
        "url": f"https://example.org/{entry_id}",
        "title": f"On {entry_id}",
        "people": [],
        "published": "2026-01-01",
        "summary": "",
        "text": TEXTS[entry_id],
        **changes,
    }


@pytest.fixture
def write(tmp_path):
    def write(*rows):
        file = tmp_path / "rows.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
        return [file]

    return write


@pytest.fixture
def three(write):
    return write(row("river"), row("cats"), row("bread", source="journal"))


def what_is_seen(corpus):
    """What people see of the corpus, without what differs from one generation to the next."""
    found = [corpus.search(question, 9) for question in QUESTIONS]
    hits = [[(h.entry, h.start, round(h.score, 5), h.number) for h in hits] for hits in found]
    answers = [(a.covered, a.sentences, a.citations, a.related) for a in map(corpus.ask, QUESTIONS)]
    return corpus.entries(), corpus.sources(), hits, answers


# Removal


def test_a_removed_entry_answers_nothing_and_the_next_refresh_leaves_it_out_and_says_why(toy, three):
    toy.refresh(three)
    report = toy.remove(["cats"], "Ada")
    assert ([e.id for e in report.plan.removed], report.generation) == (["cats"], 2)
    assert all(hit.entry.id != "cats" for hit in toy.search("Do cats sleep all day?", 9))
    with pytest.raises(EntryUnknown):
        toy.page("cats")
    again = toy.refresh(three)
    assert not again.committed
    [rejected] = again.plan.rejected
    assert rejected.where.endswith("rows.jsonl:2")
    assert rejected.reason.startswith("was removed on ")
    assert rejected.reason.endswith("by Ada; a refresh with --restore takes it back")
    assert rejected.was_removed


def test_another_entry_with_the_address_of_a_removed_one_is_left_out_too(toy, three, write):
    toy.refresh(three)
    toy.remove(["cats"])
    report = toy.refresh(write(row("cats") | {"id": "kittens"}))
    assert "has the address of cats, which was removed on" in report.plan.rejected[0].reason
    assert [e.id for e in toy.refresh(write(row("cats") | {"id": "dogs", "url": None})).plan.new] == ["dogs"]


def test_a_refresh_that_restores_takes_a_removed_entry_back_for_good(toy, three, write):
    toy.refresh(three)
    toy.remove(["cats", "river"])
    planned = toy.refresh(write(row("cats")), restore=True, dry_run=True)
    assert [e.id for e in planned.plan.new] == ["cats"]
    toy.refresh(write(row("cats")), restore=True)
    after = toy.refresh(write(row("cats"), row("river")))
    assert [e.id for e in after.plan.unchanged] == ["cats"]
    assert [r.was_removed for r in after.plan.rejected] == [True]


def test_a_removal_is_planned_without_a_write(toy, three):
    toy.refresh(three)
    report = toy.remove(["cats", " cats "], dry_run=True)
    assert ([e.id for e in report.plan.removed], report.dry_run, report.generation) == (["cats"], True, 1)
    assert len(toy.entries()) == 3
    assert len(toy.history()) == 1


@pytest.mark.parametrize("ids", [["cats", "nowhere"], ["cats", ""], []])
def test_of_several_entries_all_are_removed_or_none(toy, three, ids):
    toy.refresh(three)
    with pytest.raises(EntryUnknown):
        toy.remove(ids)
    assert (len(toy.entries()), len(toy.history())) == (3, 1)


def test_an_emptied_corpus_stays_empty_and_can_be_undone(toy, three):
    toy.refresh(three)
    toy.remove(["cats", "river", "bread"])
    assert toy.entries() == []
    assert not toy.ask(QUESTIONS[0]).covered
    report = toy.refresh(three)
    assert (report.notes, len(report.plan.rejected), report.committed) == ((), 3, False)
    toy.undo()
    assert toy.ask(QUESTIONS[0]).covered


# Undo


def test_undo_says_what_it_undoes_and_makes_a_generation_of_its_own(toy, three, write):
    toy.refresh(three, by="Ada")
    before = what_is_seen(toy)
    toy.refresh(write(row("cats", text="Cats sleep at night.")), by="Eve\n\x1b[31m")
    planned = toy.undo("Ada", dry_run=True)
    assert (planned.dry_run, planned.generation, [e.id for e in planned.plan.changed]) == (True, 2, ["cats"])
    report = toy.undo("Ada")
    assert (report.generation, report.committed, report.indexed) == (3, True, 1)
    assert report.undone.startswith("the refresh by Eve [31m on ")
    assert report.undone.endswith("(1 changed)")
    assert what_is_seen(toy) == before
    assert [(r.action, r.by, r.undone) for r in toy.history()] == [
        ("undo", "Ada", False),
        ("refresh", "Eve [31m", True),
        ("refresh", "Ada", False),
    ]
    assert [r.id for r in toy.history(1)] == [3]


def test_with_nothing_to_undo_it_says_so(toy, three):
    with pytest.raises(NothingToUndo, match="nothing to undo"):
        toy.undo()
    toy.refresh(three)
    toy.undo()
    with pytest.raises(InputRefused, match="nothing to undo"):
        toy.undo(dry_run=True)
    assert toy.entries() == []


def test_an_undo_of_sources_alone_is_seen(toy, three, tmp_path):
    described = tmp_path / "sources.toml"
    described.write_text('[[source]]\nslug = "paper"\nname = "The Paper"\ntier = 1\n', encoding="utf-8")
    toy.refresh(three)
    toy.refresh([tmp_path])
    assert toy.sources()["paper"].name == "The Paper"
    assert toy.undo().undone.endswith("(sources only)")
    assert toy.sources() == {}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_undoing_everything_shows_every_former_state_again(toy, write, seed):
    """Whatever was done: the same entries, the same passages under the same scores, the same answers."""
    chance = random.Random(seed)  # noqa: S311  no secret
    states = []
    for _ in range(4):
        before = what_is_seen(toy) if states else None
        here = [e.id for e in toy.entries()] if states else []
        if here and chance.random() < 0.4:
            toy.remove(chance.sample(here, chance.randint(1, len(here))))
        else:
            chosen = chance.sample(list(TEXTS), chance.randint(1, 3))
            rows = [row(i, text=f"{TEXTS[i]} It is so {chance.randint(0, 9)} times.") for i in chosen]
            toy.refresh(write(*rows), restore=chance.random() < 0.5)
        if len(toy.history()) > len(states):
            states.append(before)
    while len(states) > 1:
        toy.undo()
        assert what_is_seen(toy) == states.pop()
    toy.undo()
    assert toy.entries() == []


@pytest.mark.parametrize("change", ["remove", "undo"])
def test_where_the_index_cannot_be_built_the_record_has_changed_and_the_next_refresh_shows_it(
    toy, three, settings, monkeypatch, change
):
    toy.refresh(three)
    if change == "undo":
        toy.remove(["cats"])
    answered = toy.ask(QUESTIONS[0]).covered
    with monkeypatch.context() as broken:
        broken.setattr("corpus.index.builder._fill", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            toy.undo() if change == "undo" else toy.remove(["cats"])
    assert toy.ask(QUESTIONS[0]).covered == answered
    assert toy.status().behind == 1
    with open_corpus(settings, ToyEmbedder()) as later:
        assert later.refresh(three).committed
        assert (later.ask(QUESTIONS[0]).covered, later.status().behind) == (not answered, 0)


def test_a_removal_that_breaks_off_changes_nothing(toy, three, monkeypatch):
    toy.refresh(three)
    put = "corpus.storage.history.History._keep"
    kept = []

    def break_off(_history, _db, entry_id, _run):
        kept.append(entry_id)
        if len(kept) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(put, break_off)
        with pytest.raises(KeyboardInterrupt):
            toy.remove(["cats", "river"])
    assert (toy.status().behind, len(toy.history())) == (0, 1)


# One source alone


@pytest.mark.usefixtures("three")
def test_only_the_entries_of_one_source_are_taken_in(toy, tmp_path):
    described = '[[source]]\nslug = "journal"\nname = "The Journal"\ntier = 1\n'
    (tmp_path / "sources.toml").write_text(described, encoding="utf-8")
    report = toy.refresh([tmp_path], source="the journal")
    assert ([e.id for e in report.plan.new], report.plan.rejected) == (["bread"], ())
    assert list(toy.sources()) == ["journal"]


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_unknown_source_is_refused_with_the_choice_and_nothing_is_taken_in(toy, three, dry_run):
    with pytest.raises(FilterRefused, match="journal, paper"):
        toy.refresh(three, source="Gazette", dry_run=dry_run)
    assert toy.history() == []


# The whole record


def test_every_entry_comes_in_the_order_in_which_it_was_taken_in(toy, three):
    toy.refresh(three)
    assert [e.id for e in toy.every_entry()] == ["river", "cats", "bread"]


def test_a_damaged_base_does_not_stop_a_removal(toy, three, settings):
    toy.refresh(three)
    toy.close()
    (settings.data_dir / "index/000001/passages.bin").write_bytes(b"")
    with open_corpus(settings, ToyEmbedder()) as corpus:
        with pytest.raises(IndexDamaged):
            corpus.entries()
        assert corpus.remove(["cats"]).indexed == 2
        assert len(corpus.entries()) == 2


def test_progress_is_told_while_passages_are_embedded(toy, three, monkeypatch):
    monkeypatch.setattr("corpus.index.passage_writer.BATCH", 1)
    told = []
    toy.refresh(three, progress=lambda stage, done, total, _="": told.append((stage, done, total)))
    indexed = [(done, total) for stage, done, total in told if stage == "index"]
    assert indexed == sorted(indexed)
    assert (indexed[0], indexed[-1]) == ((0, 3), (3, 3))
    assert len(indexed) > 3


def test_what_was_archived_before_speakers_were_known_has_them_after_the_next_change(toy, settings, write):
    said = "Cy Wren: Rivers win within a year. They do.\n\nAda Quill: Rivers last for longer, I think."
    people = [{"name": "Ada Quill", "role": "host"}, {"name": "Cy Wren", "role": "guest"}]
    toy.refresh(write(row("river", text=said, people=people)))
    with closing(sqlite3.connect(settings.data_dir / "archive.sqlite3")) as db, db:
        db.execute("UPDATE entries SET blocks = NULL")
    toy.refresh(write(row("cats")))
    with closing(Record(settings.data_dir / "archive.sqlite3", read_only=True)) as record:
        found = record.entries.entry("river")[1]
    assert [block.speaker for block in found.blocks] == ["Cy Wren", "Ada Quill"]
