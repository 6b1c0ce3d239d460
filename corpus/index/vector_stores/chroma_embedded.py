"""The passages' vectors in a Chroma collection: the only home of chromadb, which is imported when a store is opened.

The import takes half a second, and a command that shows entries or the status opens none.
"""

import mmap
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, cast

from corpus.errors import IndexDamaged, is_panic, shortage_of
from corpus.index.embedders.base import Matrix, Vector
from corpus.index.manifest import copy_verified
from corpus.index.working_folder import verified_copy

FOLDER = "chroma"  # in a generation
COLLECTION = "passages"
DATABASE = "chroma.sqlite3"  # as Chroma names it, in its folder
DISTANCE = "cosine"
# The graph is written with each call. By default up to 1,000 passages wait in Chroma's log, and whoever opens the store
# adds them to the graph again: 1.05 s for 829 passages, where a graph that is whole loads in 0.02 s.
WRITTEN: Any = {"sync_threshold": 2, "batch_size": 2}
# Wide search lists: at 10,000 passages a query still takes 2 ms, and misses less than with Chroma's defaults.
HNSW: Any = {"space": DISTANCE, "ef_construction": 200, "ef_search": 200, "max_neighbors": 16, **WRITTEN}
# Chroma keeps the stores that a process has open in one table, and hands one out that another thread still opens.
OPENING = Lock()
# What opening a store takes at least: with 270 MB of address space left, its core has aborted.
MEMORY, HANDLES = 512_000_000, 20  # bytes beside those of its files twice; open files, tantivy's among them
BATCH = 2000  # Chroma bounds what one call may add


class ChromaEmbedded:
    """Vector stores in the folders of their generations; readers open copies, since Chroma writes where it reads."""

    distance = DISTANCE

    def create(self, folder: Path) -> "Vectors":
        return Vectors(folder / FOLDER, create=True)

    def copy(self, base: Path, checksums: Mapping[str, int], folder: Path) -> "Vectors":
        copy_verified(base, folder, {name: value for name, value in checksums.items() if self.owns(name)})
        store = Vectors(folder / FOLDER)
        store.write_whole()
        return store

    @contextmanager
    def open(self, folder: Path, checksums: Mapping[str, int]) -> Iterator["Vectors"]:
        with verified_copy(folder, checksums, self.owns) as copy:
            store = Vectors(copy / FOLDER)
            try:
                yield store
            finally:
                store.close()

    def owns(self, name: str) -> bool:
        return name.startswith(f"{FOLDER}/")

    def drop(self, folder: Path) -> None:
        """Nothing: all of it is in the folder."""


class Vectors:
    """The collection of one generation."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        _check_resources(folder)
        import chromadb  # noqa: PLC0415
        from chromadb.config import Settings  # noqa: PLC0415

        with _translate_errors(folder):
            settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]  # our .env is not Chroma's
            with OPENING:
                try:
                    # Any: its declared type has no close().
                    self._client = cast("Any", chromadb.PersistentClient(str(folder), settings=settings))
                except BaseException:  # whatever it is: it goes on its way
                    _forget(folder)
                    raise
            try:
                if create:
                    self._collection = self._client.create_collection(
                        COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None
                    )
                else:
                    self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
            except BaseException:  # whatever it is: the client is closed, and it goes on its way
                self.close()
                raise

    def close(self) -> None:
        with OPENING:
            self._client.close()

    def write_whole(self) -> None:
        """Have the graph written with each call, also of a store that an earlier version made. Before the first one."""
        with _translate_errors(self.folder), warnings.catch_warnings():
            # It calls a collection without an embedding function an old one; ours never has any.
            warnings.filterwarnings("ignore", "legacy embedding function config", DeprecationWarning)
            self._collection.modify(configuration={"hnsw": WRITTEN})

    def count(self) -> int:
        with _translate_errors(self.folder):
            return int(self._collection.count())

    def add(self, keys: Sequence[int], entries: Sequence[int], vectors: Matrix) -> None:
        with _translate_errors(self.folder):
            for start in range(0, len(keys), BATCH):
                part = slice(start, start + BATCH)
                self._collection.add(
                    ids=[str(key) for key in keys[part]],
                    embeddings=vectors[part],
                    metadatas=[{"entry": int(number)} for number in entries[part]],
                )

    def remove(self, keys: Sequence[int]) -> None:
        with _translate_errors(self.folder):
            for start in range(0, len(keys), BATCH):
                self._collection.delete(ids=[str(key) for key in keys[start : start + BATCH]])

    def nearest(self, vector: Vector, limit: int, entries: Sequence[int] | None = None) -> list[int]:
        if entries is not None and not entries:
            return []
        where: Any = None if entries is None else {"entry": {"$in": [int(n) for n in entries]}}
        with _translate_errors(self.folder):
            result = self._collection.query(query_embeddings=vector, n_results=limit, where=where, include=[])
        return [int(key) for key in result["ids"][0]]


def _check_resources(folder: Path) -> None:
    """Raise what is short before Chroma finds out: its core ends the process, or gives no reason."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    handles: list[int] = []
    try:
        # Asked for and given back: address space alone, which nothing is charged for.
        mmap.mmap(-1, MEMORY + 2 * size, flags=mmap.MAP_PRIVATE, prot=0).close()
        handles.append(os.open(os.devnull, os.O_RDONLY))
        for _ in range(HANDLES):
            handles.append(os.dup(handles[0]))
    except OSError as error:
        raise shortage_of(error, folder) or IndexDamaged(f"{folder} cannot be opened ({error}).") from error
    finally:
        for handle in handles:
            os.close(handle)


def _forget(folder: Path) -> None:
    """Take a store that could not be opened out of Chroma's cache.

    It stays there broken, and whoever opens it next is given that: on a full disk, the second try looked like damage.
    """
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415

    name = str(folder)
    if name not in SharedSystemClient._identifier_to_refcount:  # noqa: SLF001  whoever has it open is counted here
        SharedSystemClient._identifier_to_system.pop(name, None)  # noqa: SLF001  nothing public forgets one alone


@contextmanager
def _translate_errors(folder: Path) -> Iterator[None]:
    """Chroma raises its own errors, and its core plain ones, for the same damage."""
    try:
        yield
    except BaseException as error:  # a panic of its Rust core is no Exception; what is neither goes on its way
        from chromadb.errors import ChromaError  # noqa: PLC0415

        foreign = (ChromaError, RuntimeError, ValueError, LookupError, AttributeError, TypeError, OSError, MemoryError)
        if not isinstance(error, foreign) and not is_panic(error):
            raise
        reason = " ".join(str(error).split())[:200]
        raise shortage_of(error, folder / DATABASE) or IndexDamaged(
            f"The vector store in {folder} cannot be read ({reason}). Run `footnote rebuild`."
        ) from error
