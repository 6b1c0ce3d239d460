"""What a dry run has shown is what is applied: to the byte, or not at all. Real stores; the model is a toy."""

import json
from datetime import date

import pytest
from build import entry
from fakes import ToyEmbedder
from typer.testing import CliRunner

import corpus as library
from bot.cli import app
from corpus import NothingToUndo, Person, PlanRefused, Source, open_corpus
from corpus.ingest.update.saved_plan import PlannedEntry, PlannedSource, SavedPlan, read_plan, save_plan
from corpus.models.entries import Section

ROW = {
    "id": "river",
    "source": "paper",
    "kind": "event",
    "tier": 1,
    "title": "On the river",
    "people": [],
    "published": "2026-01-01",
    "summary": "",
    "text": "The river rises in the northern hills. Boats are built of oak.",
}


@pytest.fixture
def write(tmp_path):
    def write(**changes):
        file = tmp_path / f"{changes.get('id', 'river')}.jsonl"
        file.write_text(json.dumps(ROW | changes) + "\n", encoding="utf-8")
        return file

    return write


@pytest.fixture
def plan(tmp_path):
    return tmp_path / "plan.jsonl"


def text_of(corpus, entry_id="river"):
    return corpus.page(entry_id).entry.text


def test_an_applied_plan_holds_what_was_shown_whatever_the_file_says_by_then(toy, write, plan):
    file = write()
    shown = toy.refresh([file], dry_run=True, save_plan=plan)
    assert [e.id for e in shown.plan.new] == ["river"]
    file.write_text("something else")
    done = toy.apply(plan, shown.saved_plan, "Ada")
    assert (done.committed, done.dry_run, [e.id for e in done.plan.new]) == (True, False, ["river"])
    assert text_of(toy) == ROW["text"]
    assert toy.history(1)[0].by == "Ada"


def test_without_a_plan_file_a_dry_run_writes_nothing(toy, write, settings):
    assert toy.refresh([write()], dry_run=True).saved_plan is None
    assert not settings.data_dir.exists()


def test_a_plan_is_applied_only_where_nothing_else_has_changed_its_entries(toy, write, plan):
    shown = toy.refresh([write()], dry_run=True, save_plan=plan)
    toy.refresh([write(text="The river was dug by hand. Nobody knows when.")])
    before = toy.history(9)
    late = toy.apply(plan, shown.saved_plan)
    assert (late.dry_run, late.committed, [e.id for e in late.plan.changed]) == (True, False, ["river"])
    assert "has changed since this plan was made" in late.notes[-1]
    assert toy.history(9) == before
    assert "dug by hand" in text_of(toy)
    toy.apply(plan, late.saved_plan)
    assert text_of(toy) == ROW["text"]


def test_other_entries_may_come_in_meanwhile(toy, write, plan):
    shown = toy.refresh([write()], dry_run=True, save_plan=plan)
    toy.refresh([write(id="cats", text="Cats sleep all day. Dogs do not.")])
    assert toy.apply(plan, shown.saved_plan).committed


def test_what_was_removed_meanwhile_is_not_brought_back_by_an_old_plan(toy, write, plan):
    toy.refresh([write()])
    shown = toy.refresh([write(title="On rivers")], dry_run=True, save_plan=plan)
    toy.remove(["river"])
    late = toy.apply(plan, shown.saved_plan)
    assert (late.dry_run, late.plan.new, late.plan.changed) == (True, (), ())
    assert "was removed" in late.plan.rejected[0].reason


def test_a_source_that_was_described_otherwise_meanwhile_is_not_overwritten(toy, plan, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "rows.jsonl").write_text(json.dumps(ROW))
    described = '[[source]]\nslug = "paper"\nname = "{}"\ntier = 1\n'
    (folder / "sources.toml").write_text(described.format("The Paper"))
    shown = toy.refresh([folder], dry_run=True, save_plan=plan)
    (folder / "sources.toml").write_text(described.format("Another Paper"))
    toy.refresh([folder])
    assert toy.apply(plan, shown.saved_plan).dry_run
    assert toy.sources()["paper"].name == "Another Paper"


def test_applying_twice_changes_nothing(toy, write, plan):
    shown = toy.refresh([write()], dry_run=True, save_plan=plan)
    toy.apply(plan, shown.saved_plan)
    again = toy.apply(plan, shown.saved_plan)
    assert (again.dry_run, again.plan.new, again.plan.changed) == (True, (), ())


@pytest.mark.parametrize(
    "garbage", ["", "{", "[]", "[1]\n", '{"footnote_plan": 2}', '{"footnote_plan": 1}', "\x00" * 9]
)
def test_what_is_no_plan_is_refused_with_a_sentence(toy, plan, garbage):
    plan.write_text(garbage)
    with pytest.raises(PlanRefused, match="is no plan"):
        toy.apply(plan)


def test_a_plan_that_is_not_there_or_not_the_one_that_was_shown_is_refused(toy, write, plan):
    with pytest.raises(PlanRefused, match="cannot be read"):
        toy.apply(plan)
    shown = toy.refresh([write()], dry_run=True, save_plan=plan)
    plan.write_text(plan.read_text().replace("northern", "southern"))
    with pytest.raises(PlanRefused, match="not the one that was previewed"):
        toy.apply(plan, shown.saved_plan)
    with pytest.raises(PlanRefused, match="is no plan"):  # an entry's hash stands beside it
        toy.apply(plan)
    assert toy.is_archive_empty()


def test_a_plan_comes_back_as_it_was_saved(plan):
    whole = entry(
        people=(Person("Ada L.", "host"), Person("Bo", "guest")),
        published=date(2026, 2, 3),
        access="teaser",
        language="zh-Hant",
        licence="CC BY 4.0",
        sections=(Section(0, "Opening"), Section(5, "More")),
        text="One. \u2028Two, \x85 and 三.",
    )
    source = Source("s", "S", 2, feed="https://s.example/feed", every_hours=6.0)
    saved = SavedPlan((PlannedEntry("f\udce4.md:3", whole, "b" * 64),), (PlannedSource(source, None),), False, True)
    assert read_plan(plan, save_plan(saved, plan)) == saved
    assert plan.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in plan.parent.iterdir()] == [plan.name]


def test_an_undo_that_was_previewed_is_that_undo_or_none(toy, write):
    toy.refresh([write()])
    shown = toy.undo(dry_run=True)
    toy.refresh([write(id="cats", text="Cats sleep all day. Dogs do not.")])
    with pytest.raises(NothingToUndo, match="has changed since this undo was previewed"):
        toy.undo(run_id=shown.undoes)
    assert len(toy.entries()) == 2
    toy.undo(run_id=toy.undo(dry_run=True).undoes)
    assert [e.id for e in toy.entries()] == ["river"]


def test_the_commands_keep_and_apply_a_plan(write, plan, monkeypatch):
    monkeypatch.setattr(library, "open_corpus", lambda settings: open_corpus(settings, ToyEmbedder()))

    def footnote(*words, code=0):
        done = CliRunner().invoke(app.app, [*words, "--json"])
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    shown = footnote("refresh", "--from", str(write()), "--dry-run", "--save-plan", str(plan))
    done = footnote("apply", str(plan), "--sha256", shown["saved_plan"])
    assert (done["new"], done["committed"], done["saved_plan"]) == (["river"], True, None)
    late = footnote("apply", str(plan), "--sha256", shown["saved_plan"], code=3)
    assert (late["dry_run"], late["new"]) == (True, [])
    assert footnote("undo", "--dry-run", "--run", "1")["undoes"] == 1
    refused = CliRunner().invoke(app.app, ["refresh", "--save-plan", str(plan)])
    assert refused.exit_code == 2
    assert "--dry-run" in refused.output
