"""A committed generation stays as it was written, and answers only while it is: real stores, the model is a toy."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from build import take_in
from fakes import ToyEmbedder

from corpus import IndexDamaged, open_corpus
from corpus.index.generation import Generation

ROOT = Path(__file__).resolve().parents[3]
QUESTION = "Do cats sleep all day?"
TEXTS = ("Cats sleep all day. Dogs do not.", "The river rises in the hills.", "Bread needs salt.")


def rows(first):
    return [(f"e{n}", "2026-06-01", "paper", [], text) for n, text in enumerate((first, *TEXTS[1:]))]


@pytest.fixture
def two(settings, tmp_path):
    """The folders of two generations, which differ in an entry."""
    with open_corpus(settings, ToyEmbedder()) as corpus:
        take_in(corpus, tmp_path, rows(TEXTS[0]))
        take_in(corpus, tmp_path, rows(f"{TEXTS[0]} It is so."))
    root = settings.data_dir / "index"
    return root / "000001", root / "000002"


def asked(settings):
    """Which generation answers, and what is said of the others."""
    with open_corpus(settings, ToyEmbedder()) as corpus:
        answer = corpus.ask(QUESTION)
        assert answer.covered
        return answer.generation, " ".join(corpus.status().notes)


def content(folder):
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def make_old(generation):
    """As it was made before every file had a checksum."""
    file = generation / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest.pop("manifest")
    once = {name: value for name, value in manifest["checksums"].items() if "/" not in name}
    vocabulary = "lexical/vocabulary.txt"
    manifest["checksums"] = once | {vocabulary: manifest["checksums"][vocabulary]}
    file.write_text(json.dumps(manifest, indent=1), encoding="utf-8")


# Whole or not


def test_the_manifest_names_every_file(two):
    for generation in two:
        named = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))["checksums"]
        assert named.keys() == content(generation).keys() - {"manifest.json"}


@pytest.mark.parametrize(
    "name", ["extra", "chroma/chroma.sqlite3-journal", "lexical/more.idx", "chroma/more/header.bin"]
)
def test_a_file_that_nobody_wrote_is_damage(two, settings, name):
    (two[1] / name).parent.mkdir(exist_ok=True)
    (two[1] / name).write_bytes(b"")
    number, told = asked(settings)
    assert (number, name in told) == (1, True)


@pytest.mark.parametrize(
    "pattern", ["chroma/*/length.bin", "chroma/*/index_metadata.pickle", "lexical/*.fast", "lexical/.*"]
)
@pytest.mark.parametrize("put", [lambda _: None, os.mkdir, os.mkfifo], ids=["missing", "folder", "pipe"])
def test_a_file_that_is_gone_or_is_no_file_is_damage(two, settings, pattern, put):
    file = min(two[1].glob(pattern))
    file.unlink()
    put(file)
    number, told = asked(settings)
    assert (number, "Generation 2" in told) == (1, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"scale": [', '"scalf": ['),
        ('"yardstick": "', '"yardstick": "x'),
        ('"words": "', '"words": "3'),
        ('"dimension": 64', '"dimension": 65'),
        ('"next_key": ', '"next_key": 1'),
        ('"entries": 3', '"entries": 2'),
        ('"manifest": ', '"manifesu": '),
        ('"manifest": ', '"manifest": 1'),
        ('"manifest": ', '"checksums": {}, "manifest": '),
        ('"checksums": ', '"checksumt": '),
        ("{", "[" * 100_000),
        ("{", "\0"),
    ],
)
def test_a_manifest_that_says_another_thing_is_damage(two, settings, old, new):
    file = two[1] / "manifest.json"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    number, told = asked(settings)
    assert (number, "Generation 2" in told) == (1, True)


def test_an_archive_is_restored_from_a_copy_that_is_as_it_was_written(two, settings, tmp_path):
    copy = two[1] / "entries.sqlite3"
    copy.write_bytes(copy.read_bytes().replace(b"Cats sleep all day", b"Cats sleep all dax"))
    for file in settings.data_dir.glob("archive.sqlite3*"):
        file.unlink()
    with open_corpus(settings, ToyEmbedder()) as corpus:
        corpus.rebuild()
        assert corpus.page("e0").entry.text == TEXTS[0]
    shutil.rmtree(two[0])
    (settings.data_dir / "archive.sqlite3").unlink()
    for generation in (settings.data_dir / "index").glob("00000[3-9]"):
        shutil.rmtree(generation)
    with open_corpus(settings, ToyEmbedder()) as corpus:
        take_in(corpus, tmp_path, rows(TEXTS[0])[1:])
        assert "all dax" in corpus.page("e0").entry.text, "better than nothing"


# Nobody writes to it


def test_asking_and_building_upon_it_change_no_byte(two, settings, tmp_path):
    before = [content(generation) for generation in two]
    with open_corpus(settings, ToyEmbedder()) as corpus, open_corpus(settings, ToyEmbedder(), serving=True) as other:
        corpus.ask(QUESTION)
        other.catch_up()
        assert other.search(QUESTION, 3)
        take_in(corpus, tmp_path, [("e9", "2026-06-01", "paper", [], "Salt is mined."), *rows(TEXTS[0])])
        assert corpus.ask(QUESTION).generation == 3
    assert [content(generation) for generation in two] == before


ASKING = """
import sys
from fakes import ToyEmbedder
from corpus import CorpusSettings, open_corpus
with open_corpus(CorpusSettings(), ToyEmbedder()) as corpus:
    print(corpus.ask("Do cats sleep all day?").generation, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def asking(two):
    """Starts a process that answers one question, and then waits with the index open."""
    assert two
    running = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", ASKING],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests/support")))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        running.append(process)
        assert process.stdout.readline() == b"2\n"
        return process

    yield start
    for process in running:
        process.communicate()


def working_folders(settings):
    return set(settings.data_dir.glob(".footnote-reading-*"))


def test_a_working_copy_goes_with_its_process_and_what_a_killed_one_left_goes_with_the_next(asking, settings):
    first, second = asking(), asking()
    both = working_folders(settings)
    assert len(both) == 4, "of each process one for the vectors and one for the words"
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert working_folders(settings) == both, "nobody has removed anything yet"
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.ask(QUESTION).generation == 2
        assert len(working_folders(settings)) == 4, "the killed one's are removed, the other's and ours are there"
        assert second.poll() is None
    second.communicate()
    assert second.returncode == 0
    assert working_folders(settings) == set()


# Generations from before every file had a checksum


def test_a_generation_of_old_answers_and_is_verified_from_then_on(two, settings):
    make_old(two[1])
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.ask(QUESTION).generation == 2
    [graph] = two[1].glob("chroma/*/data_level0.bin")
    flipped = bytearray(graph.read_bytes())
    flipped[200] ^= 4
    graph.write_bytes(flipped)
    number, told = asked(settings)
    assert (number, "data_level0.bin" in told) == (1, True)


@pytest.mark.parametrize("file", ["lexical/vocabulary.txt", "passages.bin"])
def test_what_an_old_manifest_names_is_verified(two, settings, file):
    make_old(two[1])
    (two[1] / file).write_bytes((two[1] / file).read_bytes().replace(b"a", b"b", 1) + b"\0")
    number, told = asked(settings)
    assert (number, file in told) == (1, True)


def test_a_generation_of_old_that_ends_the_process_which_opens_it_ends_no_question(two, settings):
    make_old(two[1])
    [header] = two[1].glob("chroma/*/header.bin")
    flipped = bytearray(header.read_bytes())
    flipped[23] ^= 1 << 4  # of the number of passages in the graph
    header.write_bytes(flipped)
    number, told = asked(settings)
    assert (number, "Generation 2" in told) == (1, True)


def test_a_generation_of_old_is_built_upon(two, settings, tmp_path):
    make_old(two[1])
    embedder = ToyEmbedder()
    with open_corpus(settings, embedder) as corpus:
        take_in(corpus, tmp_path, [("e9", "2026-06-01", "paper", [], "Salt is mined."), *rows(f"{TEXTS[0]} It is so.")])
        assert embedder.embedded_passages == 1, "the others are taken over"
        assert corpus.ask(QUESTION).generation == 3


def test_where_no_generation_is_whole_the_remedy_is_told(two):
    for generation in two:
        (generation / "extra").touch()
        with pytest.raises(IndexDamaged, match="extra"):
            Generation(generation)
