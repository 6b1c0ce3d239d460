"""What all vector stores must do, from their making to their end; and an index whose store is somewhere else."""

import numpy as np
import pytest
from fakes import MemoryStores, ToyEmbedder

from corpus import open_corpus
from corpus.errors import Unreachable
from corpus.index.builder import build, prune
from corpus.index.generation import CHROMA, Generation, folder_of
from corpus.index.manifest import checksums_of, files_of
from corpus.index.reader import Reader
from corpus.index.vector_stores.chroma_embedded import ChromaEmbedded
from corpus.models.updates import no_progress

STORES = {"chroma, embedded": ChromaEmbedded, "in memory": MemoryStores}


@pytest.fixture(params=STORES)
def stores(request):
    return STORES[request.param]()


@pytest.fixture
def index(tmp_path):
    """Makes the folder of a generation: beside others, as they stand in a data folder."""

    def act(name):
        folder = tmp_path / "index" / name
        folder.mkdir(parents=True)
        return folder

    return act


def some(count, seed=1):
    drawn = np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1)[:, None]


def made(stores, folder, count=30):
    """A store of some passages, two to an entry; returns the checksums of its files."""
    store = stores.create(folder)
    store.add(range(count), [key // 2 for key in range(count)], some(count))
    store.close()
    return checksums_of(folder, files_of(folder))


def test_what_was_added_is_found_again_nearest_first(stores, index):
    folder = index("000001")
    checksums = made(stores, folder)
    vectors = some(30)
    with stores.open(folder, checksums) as store:
        assert store.count() == 30
        assert [store.nearest(vectors[key], 1) for key in (0, 7, 29)] == [[0], [7], [29]]
        by_cosine = np.argsort(-(vectors @ vectors[4]), kind="stable").tolist()
        assert store.nearest(vectors[4], 10) == by_cosine[:10]


def test_only_these_entries_are_asked(stores, index):
    folder = index("000001")
    checksums = made(stores, folder)
    with stores.open(folder, checksums) as store:
        assert set(store.nearest(some(30)[4], 10, [0, 7])) == {0, 1, 14, 15}
        assert store.nearest(some(30)[4], 10, []) == []


def test_a_copy_takes_over_what_its_base_holds_and_leaves_that_as_it_is(stores, index):
    base, folder = index("000001"), index(".building-000002")
    checksums = made(stores, base)
    copy = stores.copy(base, checksums, folder)
    copy.remove([3, 4])
    copy.add([30, 31], [40, 40], some(2, seed=9))
    copy.close()
    with stores.open(folder, checksums_of(folder, files_of(folder))) as store:
        assert store.count() == 30
        assert store.nearest(some(2, seed=9)[1], 1) == [31]
        assert 3 not in store.nearest(some(30)[3], 30)
    with stores.open(base, checksums) as store:
        assert store.count() == 30
        assert store.nearest(some(30)[3], 1) == [3]
    assert checksums_of(base, files_of(base)) == checksums


def test_a_generation_that_was_renamed_keeps_its_store(stores, index):
    building = index(".building-000001")
    checksums = made(stores, building)
    folder = building.rename(building.parent / "000001")
    with stores.open(folder, checksums) as store:
        assert store.count() == 30


# An index whose vectors are elsewhere


@pytest.fixture
def archive(toy):
    toy.refresh()
    with toy._updater.workspace.reading() as record:
        yield record.entries


def test_an_index_is_built_asked_and_pruned_with_another_store(archive, tmp_path):
    stores, root, embedder = MemoryStores(), tmp_path / "index", ToyEmbedder()
    root.mkdir()
    build(root, archive, embedder, None, no_progress, stores)
    base = Generation(folder_of(root, 1), stores)
    build(root, archive, embedder, base, no_progress, stores)
    base.close()
    assert [store.count() for store in stores.kept.values()] == [base.manifest.passages] * 2
    prune(root, 1, stores)
    assert len(stores.kept) == 1
    reader = Reader(root, stores=stores)
    vector = embedder.embed_question("open models")
    assert len(reader.read(lambda generation: generation.vectors.nearest(vector, 5))) == 5


def test_a_corpus_refreshes_answers_and_undoes_with_another_store(settings):
    stores = MemoryStores()
    with open_corpus(settings, ToyEmbedder(), stores=stores) as corpus:
        corpus.refresh()
        assert corpus.ask("Why do open and closed models differ?").covered
        corpus.remove(["next-phase"])
        corpus.undo()
        assert corpus.status().entries == 12
        assert len(stores.kept) == 3
        stores.is_reachable = False
        with pytest.raises(Unreachable):
            corpus.ask("Why do open and closed models differ?")
        stores.is_reachable = True
        assert corpus.status().notes == ()


def test_a_store_that_cannot_be_reached_is_not_called_damaged(archive, tmp_path):
    stores, root, embedder = MemoryStores(), tmp_path / "index", ToyEmbedder()
    root.mkdir()
    build(root, archive, embedder, None, no_progress, stores)
    vector = embedder.embed_question("open models")
    reader = Reader(root, follow=False, stores=stores)

    def ask():
        return reader.read(lambda generation: generation.vectors.nearest(vector, 1))

    stores.is_reachable = False
    with pytest.raises(Unreachable, match="Nothing is damaged"):
        ask()
    stores.is_reachable = True
    found = ask()
    stores.is_reachable = False
    with pytest.raises(Unreachable):
        ask()
    stores.is_reachable = True
    assert (ask(), reader.notes()) == (found, [])


def test_the_store_on_this_disk_is_the_default(toy):
    toy.refresh()
    assert CHROMA.distance == toy._reader.read(lambda generation: generation.manifest.recipe.distance)
