"""The vector store on the disk: what was added stands in the graph's files, and not only in Chroma's log."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from corpus.errors import DataUnusable
from corpus.index.vector_stores.chroma_embedded import DATABASE, HNSW, WRITTEN, Vectors


def some(count, seed=1):
    drawn = np.random.default_rng(seed).standard_normal((count, 16)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1)[:, None]


def in_the_graph(folder):
    """How many passages the graph's own files hold, deleted ones included: the third number of hnswlib's header."""
    (header,) = folder.glob("*/header.bin")
    return int.from_bytes(header.read_bytes()[20:28], "little")


def add(store, start, count):
    store.add(range(start, start + count), range(start, start + count), some(count, start))


def test_a_graph_is_written_with_each_call(tmp_path):
    store = Vectors(tmp_path / "store", create=True)
    add(store, 0, 30)
    add(store, 30, 12)
    store.close()
    assert in_the_graph(tmp_path / "store") == 42


@pytest.fixture
def of_old(tmp_path, monkeypatch):
    """A store as an earlier version made it: its passages wait in the log."""
    monkeypatch.setattr(
        "corpus.index.vector_stores.chroma_embedded.HNSW", {name: HNSW[name] for name in HNSW.keys() - WRITTEN.keys()}
    )
    store = Vectors(tmp_path / "store", create=True)
    add(store, 0, 30)
    store.close()
    assert in_the_graph(tmp_path / "store") == 0
    return tmp_path / "store"


def test_a_store_of_an_earlier_version_is_written_whole_when_it_is_built_upon(of_old):
    store = Vectors(of_old)
    store.write_whole()
    store.remove([3])
    add(store, 30, 12)
    assert store.count() == 41
    assert store.nearest(some(12, 30)[4], 1) == [34]
    store.close()
    assert in_the_graph(of_old) >= 41


def test_a_store_that_could_not_be_opened_can_be_when_it_is_well_again(tmp_path):
    folder = tmp_path / "store"
    store = Vectors(folder, create=True)
    add(store, 0, 5)
    store.close()
    (folder / DATABASE).rename(tmp_path / "aside")
    (folder / DATABASE).mkdir()
    sentences = []
    for _ in range(2):
        with pytest.raises(DataUnusable) as raised:
            Vectors(folder)
        sentences.append(str(raised.value))
    assert sentences[0] == sentences[1], "the second try stumbled over the first"
    (folder / DATABASE).rmdir()
    (tmp_path / "aside").rename(folder / DATABASE)
    store = Vectors(folder)
    assert store.count() == 5
    store.close()


def test_several_threads_open_one_store_at_once(tmp_path):
    """As two first questions do: each is given a store that is whole."""
    store = Vectors(tmp_path / "vectors", create=True)
    store.add(range(5), [1] * 5, np.eye(5, 8, dtype=np.float32))
    store.close()

    def count(_):
        store = Vectors(tmp_path / "vectors")
        try:
            return store.count()
        finally:
            store.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(count, range(40))) == [5] * 40
