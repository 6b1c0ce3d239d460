"""What is written is for whoever runs this, whatever the umask; a folder that was given to a group stays so."""

import os
import stat
from pathlib import Path

import pytest
from fakes import ToyEmbedder

from bot.errors import record_bug
from bot.files import write_lines
from corpus import open_corpus
from corpus.ingest.update.collect import FETCHED, page_cache
from corpus.ingest.update.workspace import ARCHIVE, INDEX
from corpus.models.fetched import Fetched
from tests.corpus.ingest.sources.test_local_files import line, write


@pytest.fixture(autouse=True)
def _generous():
    """Nothing is taken from what files are made with."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def filled(settings, tmp_path, text="A garden."):
    with open_corpus(settings, ToyEmbedder()) as corpus:
        corpus.refresh([write(tmp_path / "a.jsonl", line("a", text=text))])
        return corpus.ask("Where is a garden?").covered


def test_a_new_data_folder_and_its_archive_are_its_owners_alone(tmp_path, settings):
    filled(settings, tmp_path)
    assert mode(settings.data_dir) == mode(settings.data_dir / INDEX) == 0o700
    assert {mode(file) for file in settings.data_dir.glob(f"{ARCHIVE}*")} == {0o600}
    page_cache(settings).put(Fetched("https://a.example/", "https://a.example/", "text/html", "Text."))
    assert mode(settings.data_dir / FETCHED) == 0o700


def test_a_folder_of_an_earlier_version_is_tightened(tmp_path, settings):
    filled(settings, tmp_path)
    for path, rights in ((settings.data_dir, 0o755), (settings.data_dir / INDEX, 0o755), (archive(settings), 0o644)):
        path.chmod(rights)
    filled(settings, tmp_path, "A house.")
    assert (mode(settings.data_dir), mode(settings.data_dir / INDEX), mode(archive(settings))) == (0o700, 0o700, 0o600)


def archive(settings):
    return settings.data_dir / ARCHIVE


@pytest.mark.parametrize("rights", [0o770, 0o775, 0o2750, 0o2755])
def test_a_folder_that_is_shared_with_a_group_stays_so_and_others_stay_out(tmp_path, settings, rights):
    settings.data_dir.mkdir()
    settings.data_dir.chmod(rights)
    filled(settings, tmp_path)
    assert mode(settings.data_dir) == rights & ~0o007
    assert mode(archive(settings)) & 0o067 == 0o060


def test_a_home_that_is_the_data_folder_keeps_its_rights_and_what_is_ours_in_it_is_private(tmp_path, settings):
    settings.data_dir.mkdir()
    settings.data_dir.chmod(0o755)
    write(settings.data_dir / "public_html" / "index.html", "x")
    filled(settings, tmp_path)
    assert (mode(settings.data_dir), mode(settings.data_dir / INDEX), mode(archive(settings))) == (0o755, 0o700, 0o600)


def test_an_export_is_its_owners_alone_and_one_that_is_replaced_keeps_its_rights(tmp_path):
    file = tmp_path / "out.jsonl"
    write_lines(file, [{"id": "a"}])
    assert mode(file) == 0o600
    file.chmod(0o640)
    write_lines(file, [{"id": "b"}])
    assert (mode(file), file.read_text()) == (0o640, '{"id": "b"}\n')
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_trace_of_a_bug_goes_to_a_file_of_its_owner_and_through_no_link(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "data").mkdir()
    victim = write(tmp_path / "victim", "precious")
    for place in ("tmp", "data"):
        (tmp_path / place / "footnote-errors.log").symlink_to(victim)
    for folder in (None, tmp_path / "data"):
        told = record_bug(ValueError("what was asked"), folder)
        file = Path(told.partition("the details are in ")[2].partition(". Please")[0])
        assert file.parent == tmp_path / "tmp"
        assert "what was asked" in file.read_text()
        assert mode(file) == 0o600
    assert victim.read_text() == "precious"


def test_traces_are_added_to_one_file_of_the_data_folder(tmp_path):
    log = write(tmp_path / "footnote-errors.log", "before\n")
    told = [record_bug(ValueError(word), tmp_path) for word in ("one", "two")]
    assert all(str(log) in sentence for sentence in told)
    assert [log.read_text().count(word) for word in ("before", "ValueError: one", "ValueError: two")] == [1, 1, 1]
    assert mode(log) == 0o600
