"""A folder that is read shows what lies in it, and nothing else of this computer; no file of it takes the machine."""

import json
import os
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus import parse_filters
from corpus.ingest.sources import local_files
from corpus.ingest.sources.base import ReadContext, ReadOptions, SourceMemory
from corpus.ingest.sources.folder import FolderKind
from corpus.ingest.sources.local_import import import_files
from corpus.ingest.update.request import UpdateRequest
from corpus.models.sources import Source, SourceState
from tests.corpus.ingest.sources.test_local_files import SOURCE, ids, line, page, places, write

SECRET = "The token is 7f3a-secret-19, and nobody may read it."  # noqa: S105  it is none
FRONT = "title: Notes\npublished: 2026-05-04\n"


@pytest.fixture
def folder(tmp_path):
    """A folder that is followed, with a secret beside it."""
    write(tmp_path / ".env", SECRET)
    write(tmp_path / "secrets" / "a.md", page("secret", SECRET))
    write(tmp_path / "secrets" / "sources.toml", SOURCE.replace("interconnects", "secret"))
    write(tmp_path / "secrets" / "beside.yaml", FRONT.replace("Notes", "Secret"))
    write(tmp_path / "followed" / "z.md", page("z"))
    return tmp_path / "followed"


def told(gathered):
    return f"{gathered.entries} {gathered.pages} {gathered.sources}"


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("notes.txt", "../.env"),
        ("notes.md", "../secrets/a.md"),
        ("notes.jsonl", "../.env"),
        ("notes.html", "../.env"),
        ("notes.pdf", "../.env"),
        ("inner", "../secrets"),
        ("inner", "../../{folder}/secrets"),
        ("inner.md", "../secrets"),
        ("sources.toml", "../secrets/sources.toml"),
        ("deep/er/notes.txt", "../../../.env"),
        ("deep/er/inner", "../../../secrets"),
    ],
)
def test_a_link_in_a_folder_is_refused_by_its_name_with_what_to_do(folder, name, target):
    write(folder / f"{name}.yaml", FRONT) if name.endswith((".txt", ".html", ".pdf")) else None
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to(target.format(folder=folder.parent.name))
    gathered = import_files([folder])
    assert ids(gathered) == ["z"]
    assert "ecret" not in told(gathered)
    assert places(gathered) == [str(folder / name)]
    assert "is a link, and none is followed inside a folder; put the file itself there" in gathered.rejected[0].reason


def test_what_stands_beside_a_file_is_no_link_either_also_where_a_person_names_the_file(folder):
    write(folder / "a.txt", "Words.")
    (folder / "a.txt.yaml").symlink_to("../secrets/beside.yaml")
    gathered = import_files([folder])
    assert (ids(gathered), gathered.pages, places(gathered)) == (["z"], (), [str(folder / "a.txt.yaml")])
    with pytest.raises(local_files.FileRefused, match="is a link"):
        import_files([folder / "a.txt"])


def test_a_link_that_leads_to_a_file_of_the_same_folder_is_refused_as_well(folder):
    (folder / "y.md").symlink_to("z.md")
    assert (ids(import_files([folder])), places(import_files([folder]))) == (["z"], [str(folder / "y.md")])


@pytest.mark.parametrize("swapped", ["a.txt", "deep"])
def test_a_link_that_is_put_in_place_while_the_folder_is_read_leads_nowhere(folder, monkeypatch, swapped):
    """Between the look at a name and its opening, somebody swaps it."""
    write(folder / "a.txt", f"---\n{FRONT}---\nWords.")
    write(folder / "deep" / "a.md", page("deep"))
    really, done = os.open, []

    def open_late(path, flags, *args, **rest):
        if Path(path).name == swapped and not done:
            done.append(path)
            (folder / swapped).rename(folder.parent / "away")
            (folder / swapped).symlink_to("../.env" if swapped == "a.txt" else "../secrets")
        return really(path, flags, *args, **rest)

    monkeypatch.setattr(os, "open", open_late)
    gathered = import_files([folder])
    assert done
    assert "ecret" not in told(gathered)
    assert places(gathered) == [str(folder / swapped)]


def test_a_followed_folder_says_what_it_left_out_and_shows_the_rest(folder, toy, monkeypatch):
    shelf = folder.parent / "shelf"
    write(shelf / "sources.toml", SOURCE + f'folder = "{folder}"\n')
    monkeypatch.setattr(local_files, "SHELF", shelf)
    (folder / "notes.txt").symlink_to("../.env")
    write(folder / "notes.txt.yaml", FRONT)
    report = toy.refresh()
    assert [one.where for one in report.plan.rejected] == [str(folder / "notes.txt")]
    answer = toy.ask("What is the token that nobody may read?", parse_filters())
    assert "7f3a" not in repr(answer)
    assert [entry.id for entry in toy.entries()] == ["z"]


def test_what_is_no_ordinary_file_is_refused_and_not_waited_for(folder):
    os.mkfifo(folder / "a.md")
    os.mkfifo(folder / "b.txt.yaml")
    write(folder / "b.txt", "Words.")
    os.mkfifo(folder / "sources.toml")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "c.md"))
        gathered = import_files([folder])
    assert ids(gathered) == ["z"]
    assert [Path(place).name for place in places(gathered)] == ["a.md", "b.txt.yaml", "c.md", "sources.toml"]
    assert {one.reason for one in gathered.rejected} == {"is not an ordinary file; give a file or a folder"}


def test_folders_in_folders_without_end_are_left_and_the_rest_is_read(folder):
    deepest = folder.joinpath(*["d"] * 60)
    write(deepest / "a.md", page("deepest"))
    write(folder / "d" / "d" / "b.md", page("b"))
    gathered = import_files([folder])
    assert ids(gathered) == ["b", "z"]
    assert "lies more than 40 folders deep; move it up" in gathered.rejected[0].reason


def test_a_file_that_grows_while_it_is_read_is_refused(folder, monkeypatch):
    monkeypatch.setitem(local_files.LARGEST, "text", 1000)
    file = write(folder / "a.txt", "x" * 1000)
    really = os.fstat

    def growing(handle):
        found = really(handle)
        if found.st_size == 1000:
            file.write_text("x" * 5000)
        return found

    monkeypatch.setattr(os, "fstat", growing)
    assert import_files([folder]).rejected[0].reason == "is larger than 1 kB; split it"


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("a.md", 2_100_001, "is larger than 2.1 MB; split it"),
        ("a.txt", 2_100_001, "is larger than 2.1 MB; split it"),
        ("sources.toml", 64_001, "is larger than 64 kB; split it"),
        ("a.txt.yaml", 64_001, "is larger than 64 kB; split it"),
    ],
)
def test_a_file_that_holds_more_than_an_entry_may_is_not_read(folder, name, size, said):
    write(folder / "a.txt", "Words.") if name == "a.txt.yaml" else None
    with (folder / name).open("wb") as file:
        file.truncate(size)
    gathered = import_files([folder])
    assert [(one.where, one.reason) for one in gathered.rejected] == [(str(folder / name), said)]


def test_no_file_that_is_taken_in_chooses_a_folder_to_be_followed(folder):
    """Neither of a followed folder nor of one that is named; the other sources of the file are taken."""
    write(folder / "sources.toml", SOURCE + SOURCE.replace("interconnects", "etc") + 'folder = "/etc"\n')
    named = import_files([folder])
    context = ReadContext(SourceMemory(SourceState("own"), {}), ReadOptions(datetime.now(UTC), ()), web=None)
    followed = FolderKind().list_items(Source("own", "Own", 3, folder=str(folder)), context).found
    for gathered in (named, followed):
        assert [source.slug for source in gathered.sources if source.folder not in {None, str(folder)}] == []
        assert "interconnects" in [source.slug for source in gathered.sources]
        assert places(gathered) == [str(folder / "sources.toml")]
        assert "names a folder for the source etc" in gathered.rejected[0].reason
        assert "`footnote sources add FOLDER`" in gathered.rejected[0].reason
    assert UpdateRequest(paths=[folder]).follows is False


def test_the_shipped_corpus_may_name_a_folder(folder, monkeypatch):
    shelf = folder.parent / "shelf"
    write(shelf / "sources.toml", SOURCE + f'folder = "{folder}"\n')
    monkeypatch.setattr(local_files, "SHELF", shelf)
    assert [source.folder for source in import_files(None).sources] == [str(folder)]


# Lines


def test_a_line_that_is_too_long_is_refused_by_its_number_and_the_others_are_taken(tmp_path):
    file = tmp_path / "a.jsonl"
    long = line("long", summary="x" * 4_000_000)
    file.write_text(f"{line('a')}\n{long}\n{line('b')}\n{'x' * 3 * 4_000_000}", encoding="utf-8")
    gathered = import_files([file])
    assert [where for where, _ in gathered.entries] == [f"{file}:1", f"{file}:3"]
    assert places(gathered) == [f"{file}:2", f"{file}:4"]
    assert {one.reason for one in gathered.rejected} == {
        "is longer than 4 MB, which is more than a line may have; split it"
    }


def test_a_line_is_read_as_soon_as_it_is_there(tmp_path):
    """The lines of a file are not all held at once: the second is read after the first was taken."""
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(line(f"e{number}", text="x" * 100_000) for number in range(20)))
    read = local_files.read_documents([file])
    document = next(read)
    _, first = next(iter(document.lines))
    read.close()
    assert json.loads(first)["id"] == "e0"
    with pytest.raises(ValueError, match="closed"):
        list(document.lines)


def test_bytes_that_are_no_text_cost_their_line_alone(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(line("a").encode() + b'\n{"id": "\xff"}\n' + line("b").encode())
    gathered = import_files([tmp_path])
    assert ids(gathered) == ["a", "b"]
    assert [(one.where, one.reason) for one in gathered.rejected] == [
        (f"{tmp_path}/a.jsonl:2", "is not UTF-8 text (byte 8); save it as UTF-8")
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda text: text.replace('"tier": 2', '"tier": 2, "tier": 3'), "it names a field twice"),
        (lambda text: text.replace('"tier": 2', '"tier": ' + "[" * 30 + "]" * 30), "it is nested more than 20 deep"),
        (lambda text: text.replace('"tier": 2', '"tier": ' + "[" * 100_000), "it is nested more than 20 deep"),
        (lambda text: text.replace('"tier": 2', '"tier": ' + "9" * 50_000), "is not JSON"),
        (lambda text: text.replace('"tier": 2', '"tier": NaN'), "the field tier"),
        (lambda text: text.replace('"tier": 2', '"tier": -Infinity'), "the field tier"),
    ],
    ids=range(6),
)
def test_json_that_parsers_read_differently_is_refused_with_a_sentence(tmp_path, changed, said):
    file = write(tmp_path / "a.jsonl", f"{changed(line('a'))}\n{line('b')}\n")
    gathered = import_files([file])
    assert ids(gathered) == ["b"]
    assert said in gathered.rejected[0].reason


def test_a_folder_that_is_written_to_while_it_is_read_comes_to_an_end(tmp_path):
    """A line that never ends: what was there when it was opened is read, and no more than a file may have."""
    file = write(tmp_path / "a.jsonl", line("a") + "\n")
    stop = threading.Event()

    def write_on():
        with file.open("a") as out:
            while not stop.is_set():
                out.write("x" * 100_000)

    writer = threading.Thread(target=write_on)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(local_files.LARGEST, "jsonl", 1_000_000)
        writer.start()
        try:
            gathered = import_files([tmp_path])
        finally:
            stop.set()
            writer.join()
            file.unlink()
    assert ids(gathered) in (["a"], [])
    assert len(gathered.rejected) <= 2
