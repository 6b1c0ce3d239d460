"""Complete generations of the index, open for reading.

``<data>/index/000042/`` holds everything that answering needs: Chroma's folder, the lexical index, the passages, a copy
of the entries as they were, and a manifest with the checksum of each file. Nothing changes it once it is committed.
Every file is verified before it is opened: a flipped byte in Chroma's graph ends the process that loads it. Chroma
writes to its database when it opens it (two of its pages), and tantivy makes a lock file, so these two open copies.
They do so with the first search: a listing, the status and a refresh that builds upon a generation search nothing, and
Chroma takes 0.6 s to import and holds its whole graph in memory.
"""

import contextlib
import os
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from corpus.errors import DataUnusable, IndexDamaged, ResourceShort, shortage_of
from corpus.index import chunking, keyword_index, passage_store
from corpus.index.embedders.base import Embedder, Vector
from corpus.index.manifest import (
    ENTRIES,
    MANIFEST,
    Manifest,
    Recipe,
    check_names,
    checksums_of,
    files_of,
    read_manifest,
    verify,
    write_manifest,
)
from corpus.index.probe import probe
from corpus.index.vector_stores import chroma_embedded
from corpus.index.vector_stores.base import VectorStore, VectorStores
from corpus.index.working_folder import verified_copy
from corpus.models.entries import Title
from corpus.models.search import Filters, Scale
from corpus.storage.entries import Entries
from corpus.text.language_detection import detect_language

SILENT = 20  # entries that state no language, whose texts are looked at for it
LATELY = 2048  # texts, mostly sentences, whose terms are kept at hand: 5 MB, and the popular passages come again
CHROMA = chroma_embedded.ChromaEmbedded()


def recipe_of(embedder: Embedder, stores: VectorStores = CHROMA) -> Recipe:
    """Return what a generation is made with that this model and these stores make."""
    return Recipe(
        model=embedder.name,
        fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter=chunking.VERSION,
        words=keyword_index.VERSION,
        distance=stores.distance,
    )


class Searchable(NamedTuple):
    """The two stores in which passages are found."""

    vectors: VectorStore
    lexical: keyword_index.Lexical


class Generation:
    """A committed generation, open for reading. `words` turns a text into the terms of its lexical index."""

    words = staticmethod(lru_cache(LATELY)(keyword_index.split_terms))

    def __init__(self, folder: Path, stores: VectorStores = CHROMA) -> None:
        """Verify it, and open all but what is searched. Raises IndexDamaged where a file is missing or not as written,
        or a ResourceShort; the first search may still do so.
        """
        self._stores = stores
        self._folder = folder
        self.number = int(folder.name)
        manifest = read_manifest(folder)
        check_names(folder, manifest)
        verify(folder, {name: value for name, value in manifest.checksums.items() if not self._opens_copy_of(name)})
        with ExitStack() as opened:
            self.table = passage_store.Table.read(folder, manifest.recipe.dimension)
            try:
                self.entries = Entries.of_copy(folder / ENTRIES)
            except ResourceShort:
                raise
            except DataUnusable as error:
                raise IndexDamaged(f"Its copy of the entries cannot be read ({error.__cause__}).") from error
            opened.callback(self.entries.close)
            if not manifest.names_all:
                manifest = self._try_out(folder, manifest)
            self.manifest = manifest
            self._check_counts(len(self.table.rows))
            self.guides = frozenset(self.entries.select(Filters(kind="guide")))
            self._opened = opened.pop_all()

    @cached_property
    def _searchable(self) -> Searchable:
        """Open what is searched, once. Raises as opening the generation does."""
        with ExitStack() as opened:
            vectors = opened.enter_context(self._stores.open(self._folder, self.manifest.checksums))
            words = opened.enter_context(verified_copy(self._folder, self.manifest.checksums, keyword_index.owns))
            lexical = keyword_index.Lexical(words / keyword_index.FOLDER)
            # Chroma loads its graph with the first call. Its query lets other threads run meanwhile, its count does
            # not: 190 ms for 4,700 passages.
            vectors.nearest(self._anywhere, 1)
            self._check_counts(lexical.count(), vectors.count())
            self._opened.push(opened.pop_all())
        return Searchable(vectors, lexical)

    @property
    def vectors(self) -> VectorStore:
        return self._searchable.vectors

    @property
    def lexical(self) -> keyword_index.Lexical:
        return self._searchable.lexical

    def verify_searched(self) -> None:
        """Raise IndexDamaged where a file of what is searched is not as it was written, or a ResourceShort."""
        verify(self._folder, {n: value for n, value in self.manifest.checksums.items() if self._opens_copy_of(n)})

    def _check_counts(self, *passages: int) -> None:
        if {*passages} != {self.manifest.passages} or self.entries.count() != self.manifest.entries:
            raise IndexDamaged(f"Generation {self.number} is not complete. Run `footnote rebuild`.")

    def _opens_copy_of(self, name: str) -> bool:
        return self._stores.owns(name) or keyword_index.owns(name)

    def _try_out(self, folder: Path, manifest: Manifest) -> Manifest:
        """Return a manifest of all files for a generation whose own names some, once a process has opened them.

        It is kept where it can be: the next that opens the generation verifies it like any other.
        """
        checksums = checksums_of(folder, filter(self._opens_copy_of, files_of(folder))) | manifest.checksums
        with verified_copy(folder, checksums, self._opens_copy_of) as copies:
            probe(copies, manifest.recipe.dimension)
        complete = replace(manifest, checksums=checksums)
        with contextlib.suppress(OSError):
            write_manifest(folder, complete)
        return complete

    def close(self) -> None:
        self._opened.close()

    def warm(self) -> None:
        """Load what is otherwise loaded with the first questions. Raises IndexDamaged."""
        for among in (None, self.table.entries[:1].tolist()):
            self.vectors.nearest(self._anywhere, 1, among)
            self.lexical.matching(["model"], 1, among)
        _ = self.titles, self.originals, self.names, self.name_words, self.lexical.vocabulary, self.hashes

    @property
    def scale(self) -> Scale:
        return self.manifest.scale or Scale()

    @property
    def _anywhere(self) -> Vector:
        """A vector of length 1, for searches of which only the cost matters."""
        return np.asarray(np.eye(1, self.manifest.recipe.dimension)[0], dtype=np.float32)

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Return id → hash of all that an entry says."""
        return self.entries.hashes()

    @cached_property
    def titles(self) -> tuple[Title, ...]:
        """Return every entry's title, newest first. Kept: reading those of 10,000 entries takes 50 ms."""
        return tuple(self.entries.titles())

    @cached_property
    def names(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Return the people, those with most entries first; slug and name of each source. Any question may name one."""
        described = {slug: source.name for slug, source in self.entries.sources().items()}
        sources = {slug: slug for slug in self.entries.used_sources()} | described
        return tuple(self.entries.people()), tuple(sources.items())

    @cached_property
    def name_words(self) -> frozenset[str]:
        """Return the plain words of these names, in lower case."""
        people, sources = self.names
        return frozenset(
            keyword_index.find_plain_words("\n".join((*people, *(name for row in sources for name in row))))
        )

    @cached_property
    def languages(self) -> frozenset[str]:
        """Return the languages of the entries, as tags without a region; of those that state none, those of a few."""
        stated, silent = self.entries.languages(SILENT)
        detected = filter(None, map(detect_language, silent))
        return frozenset(tag.partition("-")[0].lower() for tag in (*stated, *detected))

    @cached_property
    def originals(self) -> dict[int, int]:
        """Return number of a cross-post → number of its original, where both are here."""
        here = set(self.table.entries.tolist())
        return {copy: original for copy, original in self.entries.copies().items() if {copy, original} <= here}


def committed(root: Path) -> list[int]:
    """Return the numbers of the generations there are, ascending."""
    try:
        while True:
            named = [folder for folder in root.iterdir() if folder.name.isdigit()]
            numbers = sorted(int(folder.name) for folder in named if (folder / MANIFEST).is_file())
            # The only one may be pruned between the listing and the look into it: then there is a newer one.
            if numbers or all(os.path.lexists(folder) for folder in named):
                return numbers
    except FileNotFoundError:
        return []
    except OSError as error:
        raise shortage_of(error, root) or DataUnusable(
            f"{root} cannot be read ({error.strerror}); check FOOTNOTE_DATA_DIR."
        ) from error


def folder_of(root: Path, number: int) -> Path:
    return root / f"{number:06d}"
