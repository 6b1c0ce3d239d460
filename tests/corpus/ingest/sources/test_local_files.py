"""What files and folders hold: found in order, each refused one named with its place, and the others go on."""

import json
import os
from pathlib import Path

import pytest

from corpus.errors import FileRefused
from corpus.ingest.parse.document import Document, Unreadable
from corpus.ingest.sources.local_files import SHELF, read_documents
from corpus.ingest.sources.local_import import import_files

FIELDS = {
    "source": "interconnects",
    "kind": "event",
    "tier": 2,
    "title": "The gap",
    "people": [],
    "published": "2026-06-01",
    "summary": "",
    "text": "Open models are behind.",
}
LINK = "is a link, and none is followed inside a folder"
SOURCE = '[[source]]\nslug = "interconnects"\nname = "Interconnects"\ntier = 2\n'


def line(entry_id, **changes):
    return json.dumps({"id": entry_id, **FIELDS, **changes}, ensure_ascii=False)


def page(entry_id, body="Open models are behind."):
    front = f"id: {entry_id}\nsource: interconnects\nkind: event\ntier: 2\ntitle: The gap\npeople: []\n"
    return f"---\n{front}published: 2026-06-01\n---\n{body}\n"


def ids(gathered):
    return [entry.id for _, entry in gathered.entries]


def places(gathered):
    return [rejected.where for rejected in gathered.rejected]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_paths_the_shipped_corpus_is_read_whole():
    gathered = import_files(None)
    assert len(gathered.entries) == len(list(SHELF.glob("*.md")))
    assert gathered.rejected == ()
    assert {entry.source for _, entry in gathered.entries} <= {source.slug for source in gathered.sources}


def test_no_paths_at_all_hold_nothing():
    gathered = import_files([])
    assert (gathered.entries, gathered.sources, gathered.rejected) == ((), (), ())


@pytest.mark.parametrize("name", ["nowhere", "nowhere.md", "nowhere.jsonl", "nowhere.txt"])
def test_a_missing_path_is_refused_by_its_name(tmp_path, name):
    with pytest.raises(FileRefused, match="does not exist; check the path") as caught:
        import_files([tmp_path / name])
    assert str(tmp_path / name) in str(caught.value)


def test_a_path_beneath_a_file_is_refused(tmp_path):
    with pytest.raises(FileRefused, match="check"):
        import_files([write(tmp_path / "a.md", page("a")) / "b.md"])


def test_a_file_of_another_kind_is_refused_with_what_would_do(tmp_path):
    with pytest.raises(
        FileRefused, match=r"neither a folder nor a \.md, \.jsonl, \.html, \.txt or \.pdf file; convert"
    ):
        import_files([write(tmp_path / "a.docx", "x")])


def test_a_file_that_was_asked_for_and_is_no_text_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes(b"---\n\xff\n---\n")
    with pytest.raises(FileRefused, match=r"byte 4.*save it as UTF-8"):
        import_files([tmp_path / "a.md"])


def test_a_pipe_that_was_asked_for_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(FileRefused, match="not an ordinary file"):
        import_files([tmp_path / "a.md"])


def test_a_folder_is_read_with_its_pages_lines_and_sources(tmp_path):
    write(tmp_path / "a.md", page("a"))
    write(tmp_path / "b.jsonl", line("b1") + "\n" + line("b2") + "\n")
    write(tmp_path / "sources.toml", SOURCE)
    gathered = import_files([tmp_path])
    assert ids(gathered) == ["a", "b1", "b2"]
    assert [source.slug for source in gathered.sources] == ["interconnects"]
    assert gathered.rejected == ()


def test_a_folder_is_read_in_the_order_of_names_and_paths_in_the_order_given(tmp_path):
    for name in ("c", "a", "b"):
        write(tmp_path / "one" / f"{name}.md", page(f"one-{name}"))
    write(tmp_path / "one" / "aa" / "z.md", page("one-aa-z"))
    write(tmp_path / "two.md", page("two"))
    gathered = import_files([tmp_path / "two.md", tmp_path / "one"])
    assert ids(gathered) == ["two", "one-a", "one-aa-z", "one-b", "one-c"]


def test_reading_a_folder_twice_finds_the_same_in_the_same_order(tmp_path):
    for name in ("ä", "B", "a", "x10", "x9"):
        write(tmp_path / f"{name}.md", page(name))
    assert import_files([tmp_path]).entries == import_files([tmp_path]).entries
    assert len(import_files([tmp_path]).entries) == 5


def test_endings_are_known_in_any_case(tmp_path):
    write(tmp_path / "A.MD", page("a"))
    write(tmp_path / "B.JsonL", line("b"))
    assert ids(import_files([tmp_path])) == ["a", "b"]


def test_other_files_in_a_folder_are_left_alone(tmp_path):
    write(tmp_path / "a.md", page("a"))
    for name in ("notes.rst", "picture.png", "other.toml", "a.md.bak", "README", "b.yaml", "a.md.yaml"):
        write(tmp_path / name, "x")
    gathered = import_files([tmp_path])
    assert ids(gathered) == ["a"]
    assert gathered.rejected == ()


@pytest.mark.parametrize("name", [".a.md", ".git/a.md", "sub/.cache/a.md", ".sources.toml", ".b.jsonl"])
def test_hidden_files_and_folders_are_left_out(tmp_path, name):
    write(tmp_path / name, "x")
    gathered = import_files([tmp_path])
    assert (gathered.entries, gathered.sources, gathered.rejected) == ((), (), ())


def test_a_folder_that_lies_in_a_hidden_one_is_read_when_it_is_asked_for(tmp_path):
    write(tmp_path / ".corpus" / "a.md", page("a"))
    assert ids(import_files([tmp_path / ".corpus"])) == ["a"]


def test_what_cannot_be_read_in_a_folder_is_told_and_the_rest_goes_on(tmp_path):
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "latin.md").write_bytes(page("latin", "Größe").encode("latin-1"))
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "sources.toml").mkdir()
    (tmp_path / "utf16.jsonl").write_bytes(line("x").encode("utf-16"))
    write(tmp_path / "z.md", page("z"))
    gathered = import_files([tmp_path])
    assert ids(gathered) == ["z"]
    names = ["dangling.md", "latin.md", "loop.md", "pipe.jsonl", "utf16.jsonl"]
    assert places(gathered) == [str(tmp_path / name) for name in names]
    reasons = {r.where.rpartition("/")[2]: r.reason for r in gathered.rejected}
    assert reasons["dangling.md"].startswith(LINK)
    assert reasons["latin.md"].endswith("save it as UTF-8")
    assert reasons["pipe.jsonl"].startswith("is not an ordinary file")
    assert reasons["utf16.jsonl"] == "is not UTF-8 text (byte 0); save it as UTF-8"


def test_a_folder_named_like_a_page_is_a_folder(tmp_path):
    write(tmp_path / "x.md" / "a.md", page("a"))
    gathered = import_files([tmp_path])
    assert ids(gathered) == ["a"]
    assert gathered.rejected == ()


def test_a_path_that_a_person_names_may_be_a_link(tmp_path):
    file = write(tmp_path / "elsewhere" / "a.md", page("a"))
    (tmp_path / "b.md").symlink_to(file)
    (tmp_path / "folder").symlink_to(tmp_path / "elsewhere")
    assert ids(import_files([tmp_path / "b.md"])) == ids(import_files([tmp_path / "folder"])) == ["a"]


def test_one_bad_line_does_not_stop_the_others_and_is_named_by_its_number(tmp_path):
    bad = line("b").replace('"tier": 2', '"tier": 9')
    file = write(tmp_path / "a.jsonl", "\n".join([line("a"), "{broken", "", bad, "   ", line("c")]))
    gathered = import_files([file])
    assert [(where, entry.id) for where, entry in gathered.entries] == [(f"{file}:1", "a"), (f"{file}:6", "c")]
    assert places(gathered) == [f"{file}:2", f"{file}:4"]
    assert "is not JSON" in gathered.rejected[0].reason
    assert "the field tier" in gathered.rejected[1].reason


def test_lines_keep_their_numbers_in_a_file_saved_on_windows(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(f"{line('a')}\r\n\r\n{line('b')}\r\n".encode())
    assert [where for where, _ in import_files([tmp_path]).entries] == [f"{tmp_path}/a.jsonl:{n}" for n in (1, 3)]


def test_a_line_separator_inside_a_json_string_ends_no_line(tmp_path):
    text = "One.\u2028Two.\u0085Three.\u2029Four."
    file = write(tmp_path / "a.jsonl", line("a", text=text) + "\n" + line("b"))
    gathered = import_files([file])
    assert [(where, entry.id) for where, entry in gathered.entries] == [(f"{file}:1", "a"), (f"{file}:2", "b")]
    assert gathered.entries[0][1].text == text


def test_a_bad_page_and_bad_sources_are_told_with_their_file(tmp_path):
    write(tmp_path / "a.md", "no front matter")
    write(tmp_path / "b.md", page("b"))
    write(tmp_path / "sources.toml", "[[source]]\n")
    gathered = import_files([tmp_path])
    assert ids(gathered) == ["b"]
    assert places(gathered) == [str(tmp_path / "a.md"), str(tmp_path / "sources.toml")]
    assert gathered.rejected[0].reason.startswith("does not say when it was published; write published: 2026-06-01")
    assert "the field slug is missing" in gathered.rejected[1].reason


def test_empty_files_hold_no_entries(tmp_path):
    write(tmp_path / "a.jsonl", "")
    write(tmp_path / "b.jsonl", "\n\n  \n")
    write(tmp_path / "sources.toml", "")
    gathered = import_files([tmp_path])
    assert (gathered.entries, gathered.sources, gathered.rejected) == ((), (), ())


def test_an_empty_page_is_told(tmp_path):
    write(tmp_path / "a.md", "")
    assert places(import_files([tmp_path])) == [str(tmp_path / "a.md")]


def test_documents_come_with_their_format_and_exact_text(tmp_path):
    write(tmp_path / "a.md", "Größe 🙂\n")
    write(tmp_path / "b.jsonl", "{}\n")
    (tmp_path / "c.md").symlink_to(tmp_path / "nowhere")
    write(tmp_path / "sources.toml", "# none\n")
    assert list(read_documents([tmp_path])) == [
        Document(str(tmp_path / "a.md"), "markdown", "Größe 🙂\n"),
        Document(str(tmp_path / "b.jsonl"), "jsonl"),
        Unreadable(str(tmp_path / "c.md"), f"{LINK}; put the file itself there, or name its own path."),
        Document(str(tmp_path / "sources.toml"), "sources", "# none\n"),
    ]


@pytest.mark.parametrize("path", ["a" * 300, "nul\0.md"], ids=["long", "nul"])
def test_a_path_that_no_file_can_have_is_refused(path):
    with pytest.raises(FileRefused, match="check the path"):
        import_files([Path(path)])


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + line("x").encode())
    assert ids(import_files([tmp_path])) == ["x"]
