"""A refresh takes what the change takes, and an index that grew by many refreshes is as one that was built at once."""

import json
import sqlite3
from contextlib import closing

import pytest
from fakes import ToyEmbedder
from prose import Writer

from corpus import open_corpus
from corpus.index.generation import Generation, committed, folder_of
from corpus.index.keyword_index import read_removed
from corpus.index.manifest import ENTRIES, read_manifest
from corpus.index.passage_store import MOST_UNUSED

ESSAYS = 120  # one changed is less than a hundredth of them


def essay(number, seed=None, **fields):
    writer = Writer(seed if seed is not None else number)
    return {
        "id": f"essay-{number}",
        "source": "essays",
        "kind": "event",
        "tier": 2,
        "url": f"https://example.org/{number}",
        "title": writer.title,
        "people": [{"name": "Ada Wren", "role": "author"}],
        "published": f"2026-01-{1 + number % 28:02}",
        "summary": "",
        "text": "\n\n".join(writer.paragraphs(3)),
        **fields,
    }


@pytest.fixture
def grown(settings, tmp_path, monkeypatch):
    """A corpus of essays. Calling it takes in some of them, and returns how many passages were embedded for that."""
    monkeypatch.setattr("corpus.index.passage_writer.LARGE", 0)  # so that some hundred passages are many
    embedder = ToyEmbedder()
    with open_corpus(settings, embedder) as corpus:

        def take_in(*rows):
            file = tmp_path / "rows.jsonl"
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            embedder.embedded_passages = 0
            corpus.refresh([file])
            return embedder.embedded_passages

        take_in.corpus = corpus
        take_in.root = settings.data_dir / "index"
        assert take_in(*map(essay, range(ESSAYS))) > ESSAYS
        yield take_in


def newest(root):
    return folder_of(root, committed(root)[-1])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tier", 1),
        ("summary", "In short: mills."),
        ("url", "https://example.org/moved"),
        ("kind", "guide"),
        ("published", "2025-12-31"),
        ("licence", "CC BY 4.0"),
    ],
)
def test_what_no_passage_says_is_shown_and_embeds_nothing(grown, field, value):
    before = grown.corpus.search("tidal mills", 5)
    assert grown(essay(3, **{field: value})) == 0
    assert str(getattr(grown.corpus.page("essay-3").entry, field)) == str(value)
    after = grown.corpus.search("tidal mills", 5)
    assert [(h.entry.id, h.start, h.score) for h in after] == [(h.entry.id, h.start, h.score) for h in before]


def test_a_person_who_is_added_is_found_by_name_and_embeds_nothing(grown):
    assert grown(essay(3, people=[{"name": "Ida Zubrowka", "role": "author"}])) == 0
    assert grown.corpus.search("What does Zubrowka say", 1)[0].entry.id == "essay-3"


@pytest.mark.parametrize("fields", [{"title": "Of zeppelins"}, {"text": "A text of zeppelins, and of nothing else."}])
def test_a_changed_text_or_title_is_embedded_again(grown, fields):
    assert grown(essay(3, **fields)) >= 1
    assert grown.corpus.search("zeppelins", 1)[0].entry.id == "essay-3"


def test_an_index_that_grew_is_as_one_that_was_built_at_once(grown):
    changes = [
        lambda: grown(essay(5, seed="another")),
        lambda: grown(essay(6, people=[{"name": "Ida Zubrowka", "role": "host"}])),
        lambda: grown(essay(ESSAYS), essay(ESSAYS + 1)),
        lambda: grown.corpus.remove(["essay-7"]),
        lambda: grown(*(essay(n, seed=f"later {n}") for n in range(20, 40))),  # more than may go on counting
        grown.corpus.undo,
        lambda: grown(essay(8, tier=3), essay(9, seed="yet another")),
    ]
    for change in changes:
        change()
        as_grown = describe(newest(grown.root))
        grown.corpus.rebuild()
        built = describe(newest(grown.root))
        assert as_grown.pop("rarities") == pytest.approx(built.pop("rarities"), abs=0.011)
        assert as_grown == built
        grown.corpus.catch_up()


def describe(folder):
    """All that answers are made of, whatever way it came about."""
    with closing(Generation(folder)) as generation:
        table = generation.table
        passages = {}
        for row in table.rows:
            number, passage = table.passage(row["key"])
            vectors = table.sentence_vectors[row["first"] : row["first"] + row["count"]]
            passages[number, passage.start] = (passage, vectors.tobytes(), table.entry_vector(number).tobytes())
        vocabulary = generation.lexical.vocabulary
        found = {
            word: {table.passage(key)[0] for key in generation.lexical.matching(generation.words(word), 10_000)}
            for word in vocabulary.words
        }
        rarities = {term: generation.lexical.rarity(term) for word in found for term in generation.words(word)}
        with closing(sqlite3.connect(folder / ENTRIES)) as copy:
            entries = sorted(line for line in copy.iterdump() if "sqlite_sequence" not in line)
    return {
        "passages": passages,
        "words": dict(vocabulary.counts),
        "found": found,
        "rarities": rarities,
        "entries": entries,
    }


def test_what_is_removed_leaves_the_files_in_time(grown):
    for start in range(0, 60, 10):
        grown(*(essay(number, seed=f"round {start}") for number in range(start, start + 3)))
        with closing(Generation(newest(grown.root))) as generation:
            used = int(generation.table.rows["count"].sum())
            assert len(generation.table.spans) * (1 - MOST_UNUSED) <= used
            removed, _ = read_removed(newest(grown.root) / "lexical")
            assert removed <= 0.01 * generation.manifest.passages


@pytest.mark.parametrize("place", ["chroma", "lexical", "sentence_vectors.bin"])
def test_a_change_builds_upon_the_generation_before_a_damaged_one(grown, place):
    assert grown(essay(3, seed="another")) < 10
    folder = newest(grown.root)
    name = max(name for name in read_manifest(folder).checksums if name.startswith(place))
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert 0 < grown(essay(4, seed="a third")) < 20, "the changes since the generation before, and nothing else"
    assert grown.corpus.page("essay-3").entry.title == Writer("another").title
