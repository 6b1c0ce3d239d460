"""What the system does not give is told as that, with its own remedy; nothing is called damaged, marked or rebuilt."""

import json
import resource
import tempfile
from pathlib import Path

import pytest
from build import take_in
from fakes import ToyEmbedder
from forked import footnote, read_only

from bot.errors import DATA
from corpus import CorpusSettings, ResourceShort, open_corpus
from corpus.errors import AccessDenied, DiskFull, HandlesShort, MemoryShort, shortage_of
from corpus.index.working_folder import filled_folder

pytestmark = pytest.mark.slow

QUESTION = "Do cats sleep all day?"
ASK = ("ask", QUESTION, "--json")
STATUS = ("status", "--json")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with two generations of 40 entries."""
    folder = tmp_path_factory.mktemp("scarce")
    rows = [(f"e{n}", "2026-06-01", "paper", [], f"Cats sleep all day. So says {n}.") for n in range(40)]
    with open_corpus(CorpusSettings(data_dir=folder / "data"), ToyEmbedder()) as corpus:
        take_in(corpus, folder, rows)
        take_in(corpus, folder, [*rows, ("more", "2026-06-01", "paper", [], "Bread needs salt.")])
    return folder / "data"


def answers(data):
    """Whether the newest generation answers, and all is well."""
    asked, status = footnote(data, *ASK), footnote(data, *STATUS)
    assert (asked.code, asked.errors, status.errors) == (0, "", "")
    assert json.loads(asked.output)["generation"] == 2
    told = json.loads(status.output)
    assert (told["entries"], told["generation"], told["notes"]) == (41, 2, [])
    return True


def assert_short(done, remedy):
    """It worked all the same, or was told as what it is."""
    if done.code == 0:
        assert '"generation": 2' in done.output
    else:
        assert (done.code, done.output) == (DATA, ""), done.errors
        assert remedy in done.errors
    assert "Generation" not in done.errors + done.output
    assert "rebuild" not in done.errors + done.output


@pytest.mark.parametrize("words", [ASK, STATUS], ids=["ask", "status"])
@pytest.mark.parametrize("handles", [10, 14, 16, 18])
def test_few_open_files(data, words, handles):
    done = footnote(data, *words, limits={resource.RLIMIT_NOFILE: handles})
    assert_short(done, "raise the limit of open files")
    assert done.code == DATA or words == STATUS, "the status opens nothing that is searched"
    assert answers(data)


@pytest.mark.parametrize("words", [ASK, STATUS], ids=["ask", "status"])
@pytest.mark.parametrize("megabytes", [0, 4, 20, 270])
def test_little_memory(data, words, megabytes):
    done = footnote(data, *words, limits={resource.RLIMIT_AS: megabytes << 20})
    assert_short(done, "free memory, or raise its limit")
    assert done.code == DATA or words == STATUS
    assert answers(data)


@pytest.mark.parametrize("words", [ASK, STATUS, ("undo",)], ids=["ask", "status", "undo"])
def test_no_room(data, words):
    done = footnote(data, *words, limits={resource.RLIMIT_FSIZE: 20_000})
    assert done.code == DATA or words == STATUS
    assert_short(done, "room")
    assert not list(Path(tempfile.gettempdir()).glob(".footnote-reading-*/chroma/*/length.bin"))
    assert answers(data)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (ASK, '"generation": 2'),
        (STATUS, '"entries": 41'),
        (("entries", "--json"), '"more"'),
        (("entry", "more"), "On more"),
        (("export", "-"), '"more"'),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else None,
)
def test_a_data_folder_that_cannot_be_written_answers(data, words, shown):
    with read_only(data):
        done = footnote(data, *words)
        assert (done.code, done.errors) == (0, "")
        assert shown in done.output


@pytest.mark.parametrize("words", [("refresh",), ("remove", "more"), ("undo",), ("rebuild",), ("run",)], ids="-".join)
def test_a_change_of_a_data_folder_that_cannot_be_written_says_what_to_do(data, words, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_DISCORD_TOKEN", "a.b.c")
    with read_only(data):
        done = footnote(data, *words)
    assert done.code == DATA
    assert f"{data} cannot be opened or written" in done.errors
    assert "FOOTNOTE_DATA_DIR" in done.errors
    assert answers(data)


@pytest.mark.parametrize(
    "place", ["index", "index/000002", "index/000002/manifest.json", "index/000002/passages.bin", "."]
)
@pytest.mark.parametrize("words", [ASK, STATUS], ids=["ask", "status"])
def test_what_may_not_be_read_is_not_damaged(data, place, words):
    mode = (data / place).stat().st_mode
    (data / place).chmod(0)
    try:
        assert_short(footnote(data, *words), "permissions")
    finally:
        (data / place).chmod(mode)
    assert answers(data)


def test_where_no_copy_can_be_made_both_places_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with (
        pytest.raises(ResourceShort, match=r"data.*nowhere.*TMPDIR"),
        filled_folder(tmp_path / "data", lambda _: None),
    ):
        pass


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(24, "Too many open files"), HandlesShort),
        (OSError(30, "Read-only file system"), AccessDenied),
        (OSError(12, "Cannot allocate memory"), MemoryShort),
        (OSError(122, "Disk quota exceeded"), DiskFull),
        (OSError(5, "Input/output error"), None),
        (OSError("[('a', 'b', '[Errno 28] No space left on device')]"), DiskFull),
        (MemoryError(), MemoryShort),
        (RuntimeError("std::bad_alloc"), MemoryShort),
        (RuntimeError("can't start new thread"), MemoryShort),
        (ValueError('Os { code: 24, kind: Uncategorized, message: "Too many open files" }'), HandlesShort),
        (ValueError('Os { code: 11, kind: WouldBlock, message: "Resource temporarily unavailable" }'), MemoryShort),
        (RuntimeError("error returned from database: (code: 8) attempt to write a readonly database"), AccessDenied),
        (RuntimeError("error returned from database: (code: 1032) attempt to write"), AccessDenied),
        (RuntimeError("error returned from database: (code: 13) database or disk is full"), DiskFull),
        (RuntimeError("error returned from database: (code: 7) out of memory"), MemoryShort),
        (RuntimeError("error returned from database: (code: 11) database disk image is malformed"), None),
        (ValueError("invalid header"), None),
    ],
    ids=str,
)
def test_a_shortage_is_known_by_its_number_or_by_the_words_of_libraries(error, kind, tmp_path):
    found = shortage_of(error, tmp_path)
    assert found is None if kind is None else type(found) is kind
    assert found is None or str(found).endswith("Nothing is damaged.")
