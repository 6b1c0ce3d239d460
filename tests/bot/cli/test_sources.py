"""`footnote sources …` and `refresh` of sources, as a person and a script meet them. The corpus is a fake."""

import json
import os
import re
import signal
from contextlib import contextmanager

import followed
import pytest
from fakes import ToyEmbedder
from typer.testing import CliRunner

import bot.cli.refresh
import bot.cli.sources
import corpus
from bot.cli import app, history
from bot.discord.store.community import Community
from bot.discord.store.models import KeptAnswer, KeptCitation
from bot.errors import SettingsUnusable
from corpus import Check, CheckStep, CorpusSettings, DataUnusable, InputRefused, Plan, Source, Title
from corpus.library import open_corpus
from tests.bot.contract.test_results import documented

ADDED = Source("import-ai", "Import AI", 2, feed="https://importai.example/feed")


class Face:
    """The methods that the commands use; `asked` keeps what each was called with."""

    def __init__(self):
        self.asked = []
        self.settings = CorpusSettings()
        self.report = followed.report()
        self.found = followed.check()
        self.health = followed.sources()
        self.dues = iter([followed.NOW])

    def followed(self):
        return self.health

    def titles(self):
        return [Title("gap", "The gap", followed.NOW.date(), "well", "event")]

    def find_outdated(self):
        return None

    def next_due(self):
        due = next(self.dues, None)
        if due is None:
            raise KeyboardInterrupt
        return due

    def refresh(self, *paths, progress, **options):
        self.asked.append(("refresh", *paths, options))
        progress("fetch", 1, 2, "A piece")
        if isinstance(self.report, Exception):
            raise self.report
        return self.report

    def check(self, name, *, backfill, progress):
        self.asked.append(("check", name, backfill))
        progress("read", 0, 1)
        return self.found

    def __getattr__(self, name):
        def change(*given, **options):
            self.asked.append((name, *given, options))
            return ADDED

        return change


@pytest.fixture
def face(monkeypatch):
    face = Face()
    monkeypatch.setattr("bot.cli.refresh_loop.LOOK", 0.0)
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")

    @contextmanager
    def opened():
        yield face

    for module in (bot.cli.sources, bot.cli.refresh, history):
        monkeypatch.setattr(module, "opened_corpus", opened)
    return face


def footnote(*words, code=0):
    done = CliRunner().invoke(app.app, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done


# The list


def keep_an_answer(data_dir, *entries):
    citations = tuple(KeptCitation(n, entry, 0, 1, "") for n, entry in enumerate(entries, start=1))
    with Community(data_dir / "community.sqlite3") as record:
        record.answers.keep(KeptAnswer("a", followed.NOW, 1, 1, 1, "", False, True, 1, citations=citations))


def test_the_list_tells_each_source_and_its_share_of_the_citations(face):
    assert "Interconnects" in footnote("sources", "list").stdout
    assert [one["cited"] for one in json.loads(footnote("sources", "list", "--json").stdout)] == [None] * 8
    keep_an_answer(face.settings.data_dir, "gap", "gap", "gone")
    row = next(line for line in footnote("sources", "list").stdout.splitlines() if line.startswith("Interconnects"))
    assert row.endswith("100%")
    told = json.loads(footnote("sources", "list", "--json").stdout)
    assert {key for one in told for key in one} == documented("source")
    assert {one["slug"]: one["cited"] for one in told}["well"] == 1.0


def test_the_list_of_none_says_how_to_follow_one(face):
    face.health = []
    assert "footnote sources add ADDRESS" in footnote("sources", "list").stderr
    assert json.loads(footnote("sources", "list", "--json").stdout) == []


# Following


def test_what_is_added_is_told_and_what_the_next_refresh_does(face):
    done = footnote("sources", "add", "https://importai.example", "--tier", 1, "--by", "Ada", "--slug=import-ai")
    assert done.stdout == ("Followed from now on: Import AI (import-ai, tier 2), feed https://importai.example/feed.\n")
    assert "50 at most; `footnote refresh --source import-ai --backfill`" in done.stderr
    options = {"slug": "import-ai", "name": None, "tier": 1, "pattern": None, "by": "Ada"}
    assert face.asked == [("follow", "https://importai.example", options)]
    assert json.loads(footnote("sources", "add", "x", "--json").stdout)["feed"] == "https://importai.example/feed"
    footnote("sources", "add", "x", "--tier", 4, code=2)


@pytest.mark.parametrize(
    ("word", "method", "said"),
    [
        ("remove", "unfollow", "Followed no more: Import AI. Its entries stay"),
        ("pause", "pause", "Paused: Import AI is not read until `footnote sources resume import-ai`."),
        ("resume", "resume", "Followed again: Import AI (import-ai, tier 2)"),
    ],
)
def test_who_ends_pauses_or_resumes_a_source_is_told_what_that_means(face, word, method, said):
    assert said in footnote("sources", word, "Import AI", "--by=Ada").stdout
    assert face.asked == [(method, "Import AI", {"by": "Ada"})]


# A check


def test_a_check_is_told_and_ends_with_3_where_a_step_was_not_fine(face):
    shown = footnote("sources", "check", "well", code=3).stdout
    assert "A refresh would find: 1 new" in shown
    assert "by Ada Quill (JSON-LD author) · day from byline" in " ".join(shown.split())
    assert "62% of the page's text taken; left out: navigation" in " ".join(shown.split())
    told = json.loads(footnote("sources", "check", "well", "--backfill", "--json", code=3).stdout)
    assert [item["verdict"] for item in told["items"][:4]] == ["new", "changed", "rejected", "unchanged"]
    assert len(told["items"]) == 768
    assert face.asked == [("check", "well", False), ("check", "well", True)]
    face.found = Check("https://a.example", ADDED, (CheckStep("feed", "20 pieces"),))
    footnote("sources", "check", "a", code=0)
    face.found = Check("https://a.example", None, ())
    footnote("sources", "check", "a", code=3)


# Refreshing


def test_a_refresh_says_which_sources_failed_and_ends_with_3(face):
    told = footnote("refresh", "--source", "well", "--backfill", "--due", code=3).stdout
    assert "Hugging Face Blog" in told
    ((_, paths, options),) = face.asked
    assert (paths, options["source"], options["backfill"], options["due"]) == (None, "well", True, True)
    well = tuple(read for read in face.report.sources if read.outcome != "failed")
    face.report = followed.report(sources=well)
    assert footnote("refresh", "--json", code=3), "a piece was rejected"
    face.report = followed.report(sources=well, plan=Plan((), (), (), ()))
    footnote("refresh", "--json", code=0)


def test_a_round_in_which_nothing_is_due_gives_cron_no_letter_to_send(face):
    face.report = followed.report(sources=(), committed=False, plan=Plan((), (), (), ()), notes=())
    assert footnote("refresh", "--due").output == ""
    assert json.loads(footnote("refresh", "--due", "--json").stdout)["sources"] == []
    assert "stays: nothing changed" in footnote("refresh").stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--due", "--from", "x"],
        ["--backfill", "--url", "https://a.example"],
        ["--watch", "--from", "x"],
        ["--watch", "--source", "x"],
        ["--watch", "--dry-run"],
        ["--watch", "--json"],
    ],
    ids=" ".join,
)
def test_options_that_mean_nothing_together_are_refused(face, words):
    assert "Usage" in footnote("refresh", *words, code=2).output
    assert face.asked == []


def test_a_watch_tells_a_line_a_round_and_ends_well_when_it_is_stopped(face):
    done = footnote("refresh", "--watch", "--by", "cron")
    assert done.stdout.count("\n") == 1
    assert "  4 sources read; 2 new, 1 changed, 1 rejected; generation 8 is committed; Hugging" in done.stdout
    assert "Stopped. Nothing was lost." in done.stderr
    assert face.asked == [("refresh", {"due": True, "by": "cron"})]


@pytest.mark.parametrize("trouble", [InputRefused("no"), DataUnusable("The disk is full."), ZeroDivisionError()])
def test_a_round_that_fails_is_a_line_too(face, trouble):
    face.report = trouble
    rows = [json.loads(line) for line in footnote("refresh", "--watch", "--json-lines").stdout.splitlines()]
    assert [row["event"] for row in rows] == ["progress", "error"]


def test_a_watch_without_a_network_is_no_watch(face, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "true")
    done = footnote("refresh", "--watch", code=1)
    assert isinstance(done.exception, SettingsUnusable)
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
    monkeypatch.setenv("FOOTNOTE_REFRESH_HOURS", "0")
    assert "FOOTNOTE_REFRESH_HOURS is 0" in str(footnote("refresh", "--watch", code=1).exception)
    assert face.asked == []


# The real thing


PIECE = """\
---
title: The lighthouse
people: [{name: Ada Quill, role: author}]
published: 2026-07-01
---
The lighthouse of Maplewick is kept by the night watch. It has been so since the storm of last winter.
"""


def test_a_folder_is_followed_checked_read_and_watched_over(tmp_path, monkeypatch):
    """With a toy model; the watch is stopped as a supervisor stops it, when it has nothing more to do."""
    monkeypatch.setattr(corpus, "open_corpus", lambda settings: open_corpus(settings, ToyEmbedder()))
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
    stop = staticmethod(lambda _: os.kill(os.getpid(), signal.SIGTERM))
    monkeypatch.setattr("bot.cli.refresh.WatchForPeople.waiting", stop)
    monkeypatch.setattr("bot.cli.refresh_loop.LOOK", 0.0)
    folder = tmp_path / "essays"
    folder.mkdir()
    (folder / "lighthouse.txt").write_text(PIECE, encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")

    added = footnote("sources", "add", folder, "--name=Essays", "--tier=1").stdout
    assert added == f"Followed from now on: Essays (essays, tier 1), folder {folder}.\n"
    footnote("sources", "pause", "interconnects")
    footnote("sources", "pause", "Hugging Face Blog")
    checked = footnote("sources", "check", "essays").stdout
    assert re.search(r"new +2026-07-01 +The lighthouse\n", checked)
    assert "A refresh would find: 1 new, 1 rejected.\n" in checked

    watched = footnote("refresh", "--watch")
    assert "  1 source read; 1 new, 1 rejected; generation 2 is committed" in watched.stdout
    assert watched.stderr.splitlines()[-1] == "Stopped. Nothing was lost."
    listed = footnote("sources", "list").stdout
    assert re.search(r"^Essays +read just now +1 +2026-07-01 ", listed, flags=re.MULTILINE)
    assert re.search(r"^Interconnects +paused +8 ", listed, flags=re.MULTILINE)
    assert isinstance(footnote("sources", "check", "nobody", code=1).exception, InputRefused)
