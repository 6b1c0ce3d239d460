"""What can be quoted: where each passage and each sentence stands, and the sentences' and entries' vectors.

Flat files beside the vector store, which finds passages but is never asked for sentences: 768 bytes a sentence
(half precision), mapped into memory and read where a candidate needs it.
"""

import shutil
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamaged, shortage_of
from corpus.index.embedders.base import EmbeddedPassage, Matrix, Vector
from corpus.models.search import Passage, Span

ROW = np.dtype([("key", "<i8"), ("entry", "<i8"), ("start", "<i4"), ("end", "<i4"), ("first", "<i8"), ("count", "<i4")])
ROWS, SENTENCES, SENTENCE_VECTORS = "passages.bin", "sentences.bin", "sentence_vectors.bin"
ENTRIES, ENTRY_VECTORS = "entries.bin", "entry_vectors.bin"
FILES = (ROWS, SENTENCES, SENTENCE_VECTORS, ENTRIES, ENTRY_VECTORS)
STORED, EXACT = np.dtype("<f2"), np.dtype("<f4")
COPY = 8192  # rows copied at a time: 6 MB
MOST_UNUSED = 0.1  # share of the sentences in the files that no passage has any more


@dataclass(frozen=True)
class Table:
    """The passages of one generation, by ascending key; those of one entry have keys in a row."""

    rows: npt.NDArray[Any]
    spans: npt.NDArray[np.int32]
    sentence_vectors: npt.NDArray[np.float16]
    entries: npt.NDArray[np.int64]
    entry_vectors: Matrix

    @classmethod
    def read(cls, folder: Path, dimension: int) -> Self:
        """Map the files of a folder. Raises IndexDamaged where they do not fit each other."""
        try:
            rows = np.fromfile(folder / ROWS, dtype=ROW)
            spans = np.fromfile(folder / SENTENCES, dtype="<i4").reshape(-1, 2)
            entries = np.fromfile(folder / ENTRIES, dtype="<i8")
            vectors = _map_file(folder / SENTENCE_VECTORS, STORED, len(spans), dimension)
            entry_vectors = _map_file(folder / ENTRY_VECTORS, EXACT, len(entries), dimension)
        except (OSError, ValueError, MemoryError) as error:
            raise shortage_of(error, folder) or IndexDamaged(
                f"The passages in {folder} cannot be read ({error}). Run `footnote rebuild`."
            ) from error
        if int((rows["first"] + rows["count"]).max(initial=0)) > len(spans):
            raise IndexDamaged(f"The passages in {folder} do not fit their sentences. Run `footnote rebuild`.")
        return cls(rows, spans, vectors, entries, entry_vectors)

    @cached_property
    def _stretches(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the numbers of the entries, ascending, and for each where its rows begin and end."""
        starts = np.flatnonzero(np.diff(self.rows["entry"], prepend=-1))
        numbers = self.rows["entry"][starts]
        order = np.argsort(numbers)
        return numbers[order], np.column_stack((starts, np.append(starts[1:], len(self.rows))))[order]

    def rows_of(self, number: int) -> npt.NDArray[Any]:
        """Return the rows of an entry, which stand together; none, where it is not here."""
        numbers, edges = self._stretches
        place = int(np.searchsorted(numbers, number))
        start, stop = edges[place] if place < len(numbers) and numbers[place] == number else (0, 0)
        return self.rows[start:stop]

    @cached_property
    def _keys(self) -> npt.NDArray[np.int64]:
        """Return the rows' keys side by side: to look one up among those in the rows copies them all, each time."""
        return np.ascontiguousarray(self.rows["key"])

    def _places(self, keys: Sequence[int]) -> npt.NDArray[np.int64]:
        return np.searchsorted(self._keys, np.asarray(keys, dtype=np.int64))

    def entries_of(self, keys: Sequence[int]) -> npt.NDArray[np.int64]:
        """Return the number of each passage's entry."""
        return np.asarray(self.rows["entry"][self._places(keys)])

    def similarities(self, keys: Sequence[int], vector: Vector) -> tuple[Vector, Vector]:
        """Return two cosines with the vector for each passage: that of its sentences' mean, and its best sentence's."""
        if not keys:
            return np.zeros(0, EXACT), np.zeros(0, EXACT)
        rows = self.rows[self._places(keys)]
        counts = rows["count"].astype(np.int64)
        edges = np.cumsum(counts) - counts
        inside = np.arange(int(counts.sum())) + np.repeat(rows["first"] - edges, counts)
        sentences = widen_halves(self.sentence_vectors[inside])
        means = np.empty((len(keys), sentences.shape[1]), EXACT)
        for mean, first, count in zip(means, edges.tolist(), counts.tolist(), strict=True):  # a third of `add.reduceat`
            np.add.reduce(sentences[first : first + count], axis=0, out=mean)
        lengths = np.maximum(np.linalg.norm(means, axis=1), 1e-9)
        return means @ vector / lengths, np.maximum.reduceat(sentences @ vector, edges)

    def passage(self, key: int) -> tuple[int, Passage]:
        """Return the number of a passage's entry, and the passage."""
        row = self.rows[int(self._places([key])[0])]
        spans = self.spans[row["first"] : row["first"] + row["count"]]
        sentences = tuple(Span(int(start), int(end)) for start, end in spans)
        return int(row["entry"]), Passage(int(row["start"]), int(row["end"]), sentences)

    def stretches_of(self, number: int) -> tuple[list[int], list[Span]]:
        """Return the keys of an entry's passages, and where each stands, in the order of its text."""
        rows = self.rows_of(number)
        return rows["key"].tolist(), list(map(Span, rows["start"].tolist(), rows["end"].tolist()))

    def count_passages(self, numbers: Collection[int]) -> int:
        """Return how many passages these entries have together."""
        return sum(len(self.rows_of(number)) for number in numbers)

    def sentence_similarities(self, key: int, vector: Vector) -> list[float]:
        """Return the cosine of each sentence of a passage with the vector."""
        row = self.rows[int(self._places([key])[0])]
        cosines = self.sentence_vectors[row["first"] : row["first"] + row["count"]].astype(EXACT) @ vector
        return [float(cosine) for cosine in cosines]

    @cached_property
    def _by_number(self) -> npt.NDArray[np.int64]:
        return np.argsort(self.entries)

    def places_of(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where those of these entries that are here stand in `entries`."""
        if not len(self.entries):
            return np.zeros(0, dtype=np.int64)
        found = np.minimum(np.searchsorted(self.entries, numbers, sorter=self._by_number), len(self.entries) - 1)
        places = self._by_number[found]
        return np.asarray(places[self.entries[places] == numbers])

    def entry_vector(self, number: int) -> Vector | None:
        """Return the mean of an entry's passage vectors, of length 1."""
        places = self.places_of(np.array([number]))
        return np.asarray(self.entry_vectors[places[0]]) if len(places) else None

    def entry_similarities(self, vector: Vector, places: npt.NDArray[np.int64] | None = None) -> Vector:
        """Return the product of each entry's vector with this one, in the order of `entries`; of those at `places`."""
        return np.asarray((self.entry_vectors if places is None else self.entry_vectors[places]) @ vector)


class TableWriter:
    """Writes a table's files into a folder, entry by entry; nothing but the entry at hand is held in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {name: (folder / name).open("ab") for name in FILES}
        self._sentences = 0
        self.checksums = dict.fromkeys(FILES, 0)  # CRC-32 of what was written of each file

    def take_over(self, base: Path, checksums: Mapping[str, int], table: Table, without: Collection[int]) -> list[int]:
        """Take over the entries of the table in `base`, except some; return the keys of the passages left out.

        Before any entry is added. Few sentences that no passage has any more stay in the files, which are copied then.
        """
        left_out = np.fromiter(without, dtype=np.int64, count=len(without))
        kept = ~np.isin(table.rows["entry"], left_out)
        rows = table.rows[kept]
        used, written = int(rows["count"].sum()), len(table.spans)
        if written - used <= MOST_UNUSED * written:
            for name in (SENTENCES, SENTENCE_VECTORS):
                shutil.copyfile(base / name, self._folder / name)
                self.checksums[name] = checksums[name]
            self._sentences = written
        else:
            places = np.repeat(rows["first"] - (np.cumsum(rows["count"]) - rows["count"]), rows["count"])
            places += np.arange(used)
            self._write(SENTENCES, table.spans[places])
            self._write_rows(SENTENCE_VECTORS, table.sentence_vectors, places)
            rows["first"] = np.cumsum(rows["count"]) - rows["count"]
            self._sentences = used
        self._write(ROWS, rows)
        entries = np.flatnonzero(~np.isin(table.entries, left_out))
        self._write(ENTRIES, table.entries[entries])
        self._write_rows(ENTRY_VECTORS, table.entry_vectors, entries)
        return [int(key) for key in table.rows["key"][~kept]]

    def add_entry(
        self, number: int, keys: Sequence[int], passages: Sequence[Passage], embedded: Sequence[EmbeddedPassage]
    ) -> None:
        """Add an entry with all its passages."""
        for key, passage, vectors in zip(keys, passages, embedded, strict=True):
            count = len(passage.sentences)
            row = (key, number, passage.start, passage.end, self._sentences, count)
            self._write(ROWS, np.array([row], dtype=ROW))
            self._write(SENTENCES, np.array(passage.sentences, dtype="<i4"))
            self._write(SENTENCE_VECTORS, vectors.sentences.astype(STORED))
            self._sentences += count
        mean = np.mean([e.vector for e in embedded], axis=0)
        self._write(ENTRIES, np.array([number], dtype="<i8"))
        self._write(ENTRY_VECTORS, (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(EXACT))

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _write(self, name: str, values: npt.NDArray[Any]) -> None:
        block = values.tobytes()
        self._files[name].write(block)
        self.checksums[name] = zlib.crc32(block, self.checksums[name])

    def _write_rows(self, name: str, mapped: npt.NDArray[Any], places: npt.NDArray[np.int64]) -> None:
        """Write the rows at these ascending places of a mapped file, some at a time."""
        for start in range(0, len(mapped), COPY):
            first, last = np.searchsorted(places, (start, start + COPY))
            if first < last:
                self._write(name, _read_rows(mapped, slice(start, start + COPY))[places[first:last] - start])


def widen_halves(values: npt.NDArray[np.float16]) -> Vector:
    """Return finite numbers of half precision in single precision: a sixth of numpy's time for it.

    Both begin with the sign and have the exponent before the fraction. So the bits are moved to where single precision
    has them (IEEE 754: 10 of 23 digits of the fraction), and the exponent, which counts from 15 and not from 127, is
    put right by a multiplication with a power of two, which is exact.
    """
    bits = values.view(np.int16).astype(np.int32)  # the sign fills what comes in front
    bits <<= 13
    bits &= ~0x70000000  # of the copies of the sign, the first alone
    single = bits.view(EXACT)
    single *= np.float32(2.0**112)
    return single


def _read_rows(mapped: npt.NDArray[Any], part: slice) -> npt.NDArray[Any]:
    """Read some rows of a mapped file: what is touched in a map counts as our memory until it is unmapped."""
    if not isinstance(mapped, np.memmap) or mapped.filename is None:
        return mapped[part]
    start, stop, _ = part.indices(len(mapped))
    width = mapped.shape[1]
    place = start * width * mapped.itemsize
    values = np.fromfile(mapped.filename, mapped.dtype, (stop - start) * width, offset=place)
    return values.reshape(-1, width)


def _map_file(file: Path, kind: np.dtype[Any], count: int, dimension: int) -> npt.NDArray[Any]:
    if file.stat().st_size != count * dimension * kind.itemsize:
        raise ValueError(f"{file.name} has another size than its rows need")
    if count == 0:  # an empty file cannot be mapped
        return np.zeros((0, dimension), dtype=kind)
    return np.memmap(file, dtype=kind, mode="r", shape=(count, dimension))
