"""A text that takes the process with it is left out of the index after two deaths, and everything else is there."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from fakes import ToyEmbedder

from corpus import DiskFull, budgets, open_corpus
from corpus.ingest.update.workspace import ARCHIVE, INDEX
from corpus.models.entries import Entry
from corpus.models.updates import Counts
from corpus.storage.record import Record
from tests.corpus.ingest.sources.test_local_files import line, write

pytestmark = pytest.mark.slow

KILLER = "A text that no memory holds."
ESSAY = {
    "source": "s",
    "kind": "event",
    "tier": 2,
    "url": None,
    "people": (),
    "published": date(2026, 6, 1),
    "summary": "",
}
ROOT = Path(__file__).resolve().parents[3]
# A refresh whose model dies at a word, as the system ends a process that has no memory left.
CHILD = """
import os, signal, sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from fakes import ToyEmbedder
from corpus import CorpusSettings, open_corpus
class Dying(ToyEmbedder):
    def embed_passages(self, passages):
        if any("no memory holds" in p.text for p in passages):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed_passages(passages)
with open_corpus(CorpusSettings(), Dying()) as corpus:
    {do}
"""


class Raising(ToyEmbedder):
    """Raises at a text; `seen`: how many texts of passages came together each time."""

    def __init__(self, error):
        super().__init__()
        self.error, self.seen = error, []

    def embed_passages(self, passages):
        self.seen.append({p.text for p in passages})
        if any(KILLER in p.text for p in passages) and self.error:
            raise self.error
        return super().embed_passages(passages)


@pytest.fixture
def essays(tmp_path):
    texts = {f"e{number}": f"Essay {number} speaks of gardens." for number in range(6)} | {"killer": KILLER}
    return write(tmp_path / "essays.jsonl", "\n".join(line(i, text=text, title=i) for i, text in texts.items()))


def die(do, data):
    code = CHILD.format(root=str(ROOT), tests=str(ROOT / "tests/support"), do=do)
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "FOOTNOTE_DATA_DIR": str(data)}, check=False)
    return done.returncode


def answering(corpus):
    return {hit.entry.id for hit in corpus.search("essay gardens text memory holds", 20)}


def test_what_kills_the_program_twice_is_left_out_and_named_until_a_rebuild(essays, settings):
    refresh = f"corpus.refresh([Path({str(essays)!r})])"
    assert [die(refresh, settings.data_dir) for _ in range(3)] == [-signal.SIGKILL, -signal.SIGKILL, 0]
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert answering(corpus) == {f"e{number}" for number in range(6)}
        assert corpus.page("killer").entry.text == KILLER
        (note,) = corpus.status().notes
        assert note.startswith("killer (killer) is in the archive and not in the index: it was being embedded at two")
        assert corpus.refresh([essays]).committed is False
        assert "killer" in answering(corpus) or corpus.rebuild().notes == ()
        assert "killer" in answering(corpus)
        assert corpus.status().notes == ()


def test_what_has_changed_since_is_tried_again(essays, settings):
    refresh = f"corpus.refresh([Path({str(essays)!r})])"
    assert [die(refresh, settings.data_dir) for _ in range(3)] == [-signal.SIGKILL, -signal.SIGKILL, 0]
    write(essays, line("killer", text="A text that is short now."))
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.refresh([essays]).notes == ()
        assert "killer" in answering(corpus)


def test_after_a_death_each_that_was_at_work_is_tried_alone(essays, settings):
    assert die(f"corpus.refresh([Path({str(essays)!r})])", settings.data_dir) == -signal.SIGKILL
    model = Raising(None)
    with open_corpus(settings, model) as corpus:
        corpus.refresh([essays])
        assert len(answering(corpus)) == 7
    assert [len(texts) for texts in model.seen] == [1] * 7


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), DiskFull("The disk is full."), OSError(28, "x")])
def test_who_stops_it_and_a_full_disk_break_no_entry(essays, settings, error):
    for _ in range(3):
        model = Raising(error)
        with open_corpus(settings, model) as corpus, pytest.raises(BaseException):  # noqa: B017, PT011
            corpus.refresh([essays])
        assert [len(texts) for texts in model.seen] == [7]
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.refresh([essays]).notes == ()
        assert len(answering(corpus)) == 7


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("the allocator can't")])
def test_what_the_model_stumbles_over_twice_is_left_out(essays, settings, error):
    for _ in range(2):
        with open_corpus(settings, Raising(error)) as corpus, pytest.raises(type(error)):
            corpus.refresh([essays])
    with open_corpus(settings, Raising(error)) as corpus:
        (note,) = corpus.refresh([essays]).notes
        assert "killer" in note
        assert answering(corpus) == {f"e{number}" for number in range(6)}


def test_a_note_that_cannot_be_read_is_none(essays, settings):
    for told in ("", "[]", '{"trying": {"1": "x"}}', '{"trying": 1, "deaths": {}, "left_out": {}}', "[" * 100_000):
        write(settings.data_dir / INDEX / "attempts.json", told)
        with open_corpus(settings, ToyEmbedder()) as corpus:
            corpus.refresh([essays])
            assert len(answering(corpus)) == 7


def test_an_archive_from_before_there_were_limits_is_indexed_but_for_what_is_beyond_them(settings, monkeypatch):
    monkeypatch.setattr(budgets, "MOST_CHARACTERS", 1000)
    monkeypatch.setattr(budgets, "MOST_SENTENCES", 50)
    texts = ["An essay on gardens.", "Gardens. " * 300, "- A\n" * 100]
    settings.data_dir.mkdir(parents=True)
    with closing(Record(settings.data_dir / ARCHIVE)) as ledger:
        entries = [Entry(**ESSAY, id=f"e{n}", title=f"E{n}", text=text) for n, text in enumerate(texts)]
        ledger.history.apply([], [(entry, entry.id) for entry in entries], Counts(len(entries)))
    with open_corpus(settings, ToyEmbedder()) as corpus:
        notes = corpus.prepare().notes
        assert answering(corpus) == {"e0"}
        assert corpus.status().notes == notes
    assert [budgets.TOO_LONG in notes[0], budgets.TOO_MANY_SENTENCES in notes[1]] == [True, True]
