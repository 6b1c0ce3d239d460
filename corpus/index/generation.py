"""Complete generations of the index, open for reading.

``<data>/index/000042/`` holds everything that answering needs: Chroma's folder, the lexical index, the passages, a copy
of the entries as they were, and a manifest. Nothing of ours changes it once it is committed; Chroma writes to its own
files even when it only reads.
"""

import json
import math
import os
import shutil
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from corpus.archive import Archive
from corpus.errors import DataUnusable, IndexDamaged, IndexOutdated
from corpus.index import lexical, passages, split, vectors
from corpus.index.embed import Embedder, Vector
from corpus.models import Filters, Linear, Scale, Title

MANIFEST, ENTRIES, VECTORS, LEXICAL = "manifest.json", "entries.sqlite3", "chroma", "lexical"
VOCABULARY = f"{LEXICAL}/{lexical.VOCABULARY}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a generation was made with; two generations mix only if theirs are equal."""

    model: str
    fingerprint: str
    dimension: int
    splitter: str
    words: str
    distance: str


@dataclass(frozen=True, slots=True)
class Manifest:
    recipe: Recipe
    entries: int
    passages: int
    next_key: int
    checksums: dict[str, int]  # CRC-32 of the files that we read as they are
    scale: Scale | None = None  # of its model's cosines; an index from before it was measured has none
    yardstick: str = ""  # the version that it was measured by


def recipe_of(embedder: Embedder) -> Recipe:
    return Recipe(
        model=embedder.name,
        fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        splitter=split.VERSION,
        words=lexical.VERSION,
        distance=vectors.DISTANCE,
    )


class Generation:
    """A committed generation, open for reading. `words` turns a text into the terms of its lexical index."""

    words = staticmethod(lexical.terms)

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamaged where something is missing or does not fit."""
        self.number = int(folder.name)
        self.manifest = read_manifest(folder)
        verify(folder, self.manifest.checksums)
        with ExitStack() as opened:
            self.table = passages.Table.read(folder, self.manifest.recipe.dimension)
            self.vectors = _open_vectors(folder / VECTORS, opened)
            self.lexical = lexical.Lexical(folder / LEXICAL)
            try:
                self.entries = Archive(folder / ENTRIES, read_only=True, immutable=True)
            except DataUnusable as error:
                raise IndexDamaged(f"Its copy of the entries cannot be read ({error.__cause__}).") from error
            opened.callback(self.entries.close)
            # Chroma loads its graph with the first call. Its query lets other threads run meanwhile, its count does
            # not: 190 ms for 4,700 passages.
            self.vectors.nearest(self._anywhere, 1)
            counts = {len(self.table.rows), self.lexical.count(), self.vectors.count()}
            if counts != {self.manifest.passages} or self.entries.count() != self.manifest.entries:
                raise IndexDamaged(f"Generation {self.number} is not complete. Run `footnote rebuild`.")
            self.guides = frozenset(self.entries.select(Filters(kind="guide")))
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()

    def warm(self) -> None:
        """Load what is otherwise loaded with the first questions. Raises IndexDamaged."""
        for among in (None, self.table.entries[:1].tolist()):
            self.vectors.nearest(self._anywhere, 1, among)
            self.lexical.matching(["model"], 1, among)
        _ = self.titles, self.originals, self.names, self.name_words, self.lexical.vocabulary

    @property
    def scale(self) -> Scale:
        return self.manifest.scale or Scale()

    @property
    def _anywhere(self) -> Vector:
        """Some vector of length 1."""
        return np.asarray(np.eye(1, self.manifest.recipe.dimension)[0], dtype=np.float32)

    @cached_property
    def titles(self) -> tuple[Title, ...]:
        """Every entry's title, newest first. Kept: reading those of 10,000 entries takes 50 ms."""
        return tuple(self.entries.titles())

    @cached_property
    def names(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The people, those with most entries first; slug and name of each source. Kept: any question may name one."""
        described = {slug: source.name for slug, source in self.entries.sources().items()}
        sources = {slug: slug for slug in self.entries.used_sources()} | described
        return tuple(self.entries.people()), tuple(sources.items())

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The plain words of these names, in lower case."""
        people, sources = self.names
        return frozenset(lexical.plain_words("\n".join((*people, *(name for row in sources for name in row)))))

    @cached_property
    def originals(self) -> dict[int, int]:
        """Number of a cross-post → number of its original, where both are here."""
        here = set(self.table.entries.tolist())
        return {copy: original for copy, original in self.entries.copies().items() if {copy, original} <= here}

    def check(self, recipe: Recipe) -> None:
        """Raises IndexOutdated where the generation was made in another way than the settings ask for."""
        made = self.manifest.recipe
        if made == recipe:
            return
        was, now = asdict(made), asdict(recipe)
        names = {"fingerprint": "weights of the model", "words": "analysis of words"}
        changed = [names.get(k, k) for k in was if was[k] != now[k]]
        told = f" (it was made with {made.model})" if made.model != recipe.model else ""
        raise IndexOutdated(
            f"The index was made with another {', '.join(changed)}{told}; it is not mixed with the present one. "
            "Run `footnote rebuild`, or set FOOTNOTE_MODEL back."
        )


def _open_vectors(folder: Path, opened: ExitStack) -> vectors.Vectors:
    """The vector store; where its place cannot be written, which Chroma wants even for reading, a copy of it."""
    try:
        store = vectors.Vectors(folder)
    except IndexDamaged:
        raise
    except DataUnusable:
        elsewhere = Path(opened.enter_context(TemporaryDirectory(prefix="footnote-"))) / folder.name
        try:
            shutil.copytree(folder, elsewhere)
        except OSError:
            elsewhere = folder
        store = vectors.Vectors(elsewhere)
    opened.callback(store.close)
    return store


def checksums(folder: Path, names: Iterable[str] = (*passages.FILES, ENTRIES, VOCABULARY)) -> dict[str, int]:
    """The CRC-32 of each file of a generation that we read as it is."""
    found = {}
    for name in names:
        found[name] = 0
        with (folder / name).open("rb") as file:
            while part := file.read(1 << 20):
                found[name] = zlib.crc32(part, found[name])
    return found


def verify(folder: Path, expected: dict[str, int]) -> None:
    """Raises IndexDamaged where a file is not as it was written.

    A generation from before there was a vocabulary is none that is damaged: it is told apart by its recipe.
    """
    names = {*passages.FILES, ENTRIES, *(expected.keys() & {VOCABULARY})}
    try:
        wrong = [name for name, value in checksums(folder, sorted(names)).items() if expected.get(name) != value]
    except OSError as error:
        raise IndexDamaged(f"{error.filename} cannot be read ({error.strerror}).") from error
    if wrong:
        raise IndexDamaged(f"{', '.join(wrong)} in {folder} is not as it was written.")


def read_manifest(folder: Path) -> Manifest:
    try:
        read = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = read.keys() & Manifest.__dataclass_fields__.keys()  # a later version's may have more
        fields = {name: read[name] for name in known}
        if fields.get("scale"):
            fields["scale"] = Scale(*(Linear(*map(_finite, line)) for line in fields["scale"]))
        return Manifest(**{**fields, "recipe": Recipe(**fields["recipe"])})
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"The manifest in {folder} cannot be read ({error}). Run `footnote rebuild`.") from error


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{number} is no finite number")
    return float(number)


def committed(root: Path) -> list[int]:
    """The numbers of the generations there are, ascending."""
    try:
        while True:
            named = [folder for folder in root.iterdir() if folder.name.isdigit()]
            found = sorted(int(folder.name) for folder in named if (folder / MANIFEST).is_file())
            # The only one may be pruned between the listing and the look into it: then there is a newer one.
            if found or all(os.path.lexists(folder) for folder in named):
                return found
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataUnusable(f"{root} cannot be read ({error.strerror}); check FOOTNOTE_DATA_DIR.") from error


def folder_of(root: Path, number: int) -> Path:
    return root / f"{number:06d}"
