"""What keeps the passages' vectors, through its whole life: made, filled, opened, asked, dropped.

Nothing outside this package knows where a store's vectors are, or in which files. A store that is not on this disk
keeps its address in a file of its own in the generation's folder, and raises Unreachable where it does not answer:
that is never taken for damage.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from corpus.index.embedders.base import Matrix, Vector


class VectorStore(Protocol):
    """The vectors of one generation. A passage is known by its key, an entry by its number.

    Each call raises IndexDamaged or a ResourceShort.
    """

    def count(self) -> int: ...

    def add(self, keys: Sequence[int], entries: Sequence[int], vectors: Matrix) -> None:
        """Add passages by key, each with its entry's number and its unit vector."""

    def remove(self, keys: Sequence[int]) -> None: ...

    def nearest(self, vector: Vector, limit: int, entries: Sequence[int] | None = None) -> list[int]:
        """Return the keys of the passages nearest to a vector, nearest first; of these entries alone where given."""

    def close(self) -> None:
        """What was added is kept from now on."""


class VectorStores(Protocol):
    """Makes and opens the vector stores of generations, each known by the generation's folder."""

    @property
    def distance(self) -> str:
        """How vectors are compared; generations with different ones do not mix."""

    def create(self, folder: Path) -> VectorStore:
        """Make an empty store for a generation that is being built."""

    def copy(self, base: Path, checksums: Mapping[str, int], folder: Path) -> VectorStore:
        """Make a store that begins with what the one of `base` holds. Raises IndexDamaged where that is not whole."""

    def open(self, folder: Path, checksums: Mapping[str, int]) -> AbstractContextManager[VectorStore]:
        """Open the store of a committed generation, which stays as it is; `checksums`: CRC-32 of each of its files."""

    def owns(self, name: str) -> bool:
        """Whether a file of a generation's folder, by its path in it, is the store's, which verifies and opens it."""

    def drop(self, folder: Path) -> None:
        """Let go of all that a generation's store holds outside the folder, which is removed next."""
