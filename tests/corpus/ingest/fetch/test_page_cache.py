"""What an interrupted refresh had fetched is there for the next one: whole, fresh, or not at all."""

import errno
import os
from pathlib import Path

import pytest

from corpus.ingest.fetch.page_cache import FRESH, PageCache
from corpus.models.fetched import Fetched, Validators

URL = "https://example.org/p/größe?a=1"
PAGE = Fetched(
    URL,
    "https://example.org/p/x",
    "text/html",
    "Größe\n🙂\ud800",
    b"Gr\xf6\n\0",
    Validators('"1"', None),
    "https://b.example/",
)


@pytest.fixture
def spool(tmp_path):
    return PageCache(tmp_path / "spool", now=lambda: 1_000_000.0)


def test_a_page_comes_back_as_it_was(spool):
    pdf = Fetched("https://example.org/x.pdf", "https://example.org/x.pdf", "application/pdf", "", b"%PDF-\n" * 9)
    for page in (PAGE, pdf):
        spool.put(page)
    assert [spool.get(PAGE.url), spool.get(pdf.url), spool.get("https://example.org/other")] == [PAGE, pdf, None]
    spool.forget(pdf.url)
    assert [spool.get(PAGE.url), spool.get(pdf.url)] == [PAGE, None]


def test_a_page_is_used_only_while_the_same_is_said_of_it(spool):
    spool.put(PAGE, "as it was listed")
    assert spool.get(URL, "as it is listed now") is None
    assert spool.get(URL, "as it was listed") == PAGE


def test_without_a_folder_nothing_is_kept():
    spool = PageCache(None)
    spool.put(PAGE)
    spool.forget(URL)
    assert spool.get(URL) is None


def test_the_newest_of_a_page_counts_and_nothing_else_lies_about(spool, tmp_path):
    spool.put(Fetched(URL, URL, "text/html", "old"))
    spool.put(PAGE)
    assert spool.get(URL) == PAGE
    assert len(list((tmp_path / "spool").iterdir())) == 1


@pytest.mark.parametrize(("later", "is_there"), [(0, True), (24 * 3600, True), (24 * 3600 + 1, False), (-60, False)])
def test_a_page_is_used_for_a_day(spool, tmp_path, later, is_there):
    spool.put(PAGE)
    assert (PageCache(tmp_path / "spool", now=lambda: 1_000_000.0 + later).get(URL) is not None) == is_there


def test_pages_that_nobody_will_use_any_more_do_not_pile_up(tmp_path):
    for name in ("old.page", "old.half", "old.txt"):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (1_000_000, 1_000_000))
    PageCache(tmp_path, now=lambda: 1_000_000.0 + FRESH + 1).put(PAGE)
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".page", ".txt"]


def test_a_damaged_file_is_no_file(spool, tmp_path):
    spool.put(PAGE)
    (file,) = (tmp_path / "spool").iterdir()
    whole = file.read_bytes()
    damaged = [
        b"", b"\n", b"[]\n", b"null\n", b'{"at": 1}\n', b"\xff\xfe" * 90, b"[" * 100_000, whole[:-1], whole + b"x",
        whole[:40], bytes(len(whole)), whole.replace(b"text/html", b"text/hxml"), whole.replace(b'"at"', b'"as"'),
    ]  # fmt: skip
    for content in damaged:
        file.write_bytes(content)
        assert spool.get(URL) is None, content[:60]
    file.write_bytes(whole)
    assert spool.get(URL) == PAGE


def test_a_full_disk_is_no_error_and_leaves_the_page_that_was_there(spool, tmp_path, monkeypatch):
    spool.put(PAGE)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    spool.put(Fetched(URL, URL, "text/html", "new"))
    assert spool.get(URL) == PAGE
    assert len(list((tmp_path / "spool").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    spool = PageCache(tmp_path / "file" / "spool")
    spool.put(PAGE)
    spool.forget(URL)
    assert spool.get(URL) is None
