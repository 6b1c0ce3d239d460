"""The few fakes of the tests: a toy model whose vectors can be checked by eye, and vector stores in memory."""

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from corpus.errors import Unreachable
from corpus.index.embedders.base import EmbeddedPassage, PassageText, Vector
from corpus.models.search import Scale


class ToyEmbedder:
    """A text's vector counts its words, each in a place that its hash chooses: equal words, equal direction.

    It loads in no time, so that tests of everything but meaning need no model.
    """

    runtime = "toy"
    dimension = 64
    scale = Scale()
    window = 120

    def __init__(self, name: str = "toy", fingerprint: str = "1") -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.embedded_passages = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed_question(self, question: str) -> Vector:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in re.findall(r"\w+", question.lower()):
            vector[int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dimension] += 1  # noqa: S324  no secret
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def embed_passages(self, passages: Sequence[PassageText]) -> list[EmbeddedPassage]:
        self.embedded_passages += len(passages)
        return [
            EmbeddedPassage(
                self.embed_question(f"{p.context} {p.text}"),
                np.array([self.embed_question(p.text[s.start : s.end]) for s in p.sentences], dtype=np.float32),
            )
            for p in passages
        ]


class MemoryStores:
    """Vector stores that are not on the disk, as a server's: a generation's folder holds an address alone."""

    distance = "cosine"

    def __init__(self) -> None:
        self.kept: dict[str, MemoryStore] = {}
        self.is_reachable = True

    def create(self, folder: Path) -> "MemoryStore":
        return self._put(folder, MemoryStore(self))

    def copy(self, base: Path, checksums: Mapping[str, int], folder: Path) -> "MemoryStore":
        del checksums
        store = MemoryStore(self)
        store.rows = dict(self._at(base).rows)
        return self._put(folder, store)

    @contextlib.contextmanager
    def open(self, folder: Path, checksums: Mapping[str, int]) -> Iterator["MemoryStore"]:
        del checksums
        yield self._at(folder)

    def owns(self, name: str) -> bool:
        del name
        return False

    def drop(self, folder: Path) -> None:
        if (folder / "address").is_file():
            self.kept.pop((folder / "address").read_text())

    def _put(self, folder: Path, store: "MemoryStore") -> "MemoryStore":
        address = str(len(self.kept)) + secrets.token_hex(4)
        (folder / "address").write_text(address)
        self.kept[address] = store
        return store

    def _at(self, folder: Path) -> "MemoryStore":
        if not self.is_reachable:
            raise Unreachable("The vector store cannot be reached; try again. Nothing is damaged.")
        return self.kept[(folder / "address").read_text()]


class MemoryStore:
    def __init__(self, stores: MemoryStores) -> None:
        self.stores = stores
        self.rows: dict[int, tuple[int, Vector]] = {}

    def count(self) -> int:
        return len(self.rows)

    def add(self, keys: Sequence[int], entries: Sequence[int], vectors: Vector) -> None:
        self.rows |= {int(k): (int(n), v) for k, n, v in zip(keys, entries, vectors, strict=True)}

    def remove(self, keys: Sequence[int]) -> None:
        for key in keys:
            self.rows.pop(key, None)

    def nearest(self, vector: Vector, limit: int, entries: Sequence[int] | None = None) -> list[int]:
        if not self.stores.is_reachable:
            raise Unreachable("The vector store cannot be reached; try again. Nothing is damaged.")
        among = [key for key, (number, _) in self.rows.items() if entries is None or number in entries]
        return sorted(among, key=lambda key: -float(self.rows[key][1] @ np.ravel(vector)))[:limit]

    def close(self) -> None: ...
