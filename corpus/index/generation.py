"""Complete generations of the index, open for reading.

``<data>/index/000042/`` holds everything that answering needs: Chroma's folder, the lexical index, the passages, a copy
of the entries as they were, and a manifest. Nothing of ours changes it once it is committed; Chroma writes to its own
files even when it only reads.
"""

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.archive import Archive
from corpus.errors import DataUnusable, IndexDamaged, IndexOutdated
from corpus.index import lexical, passages, split, vectors
from corpus.index.embed import Embedder
from corpus.models import Filters

MANIFEST, ENTRIES, VECTORS, LEXICAL = "manifest.json", "entries.sqlite3", "chroma", "lexical"


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
        with ExitStack() as opened:
            try:
                self.table = passages.Table.read(folder, self.manifest.recipe.dimension)
                self.vectors = vectors.Vectors(folder / VECTORS)
                opened.callback(self.vectors.close)
                self.lexical = lexical.Lexical(folder / LEXICAL)
                self.entries = Archive(folder / ENTRIES, read_only=True, immutable=True)
                opened.callback(self.entries.close)
            except DataUnusable as error:
                raise IndexDamaged(str(error)) from error
            counts = {len(self.table.rows), self.lexical.count(), self.vectors.count()}
            if counts != {self.manifest.passages} or self.entries.count() != self.manifest.entries:
                raise IndexDamaged(f"Generation {self.number} is not complete. Run `footnote rebuild`.")
            self.guides = frozenset(self.entries.select(Filters(kind="guide")))
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()

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


def read_manifest(folder: Path) -> Manifest:
    try:
        fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**{**fields, "recipe": Recipe(**fields["recipe"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"The manifest in {folder} cannot be read ({error}). Run `footnote rebuild`.") from error


def committed(root: Path) -> list[int]:
    """The numbers of the generations there are, ascending."""
    try:
        return sorted(int(folder.name) for folder in root.iterdir() if folder.name.isdigit())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataUnusable(f"{root} cannot be read ({error.strerror}); check FOOTNOTE_DATA_DIR.") from error


def folder_of(root: Path, number: int) -> Path:
    return root / f"{number:06d}"
