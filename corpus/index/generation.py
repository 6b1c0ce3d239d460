"""Complete generations of the index: built aside, committed by one rename, never changed afterwards.

``<data>/index/000042/`` holds everything that answering needs: Chroma's folder, the lexical index, the passages, a copy
of the entries as they were, and a manifest. A crash leaves a ``.building-…`` at most, which the next build removes.
"""

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from corpus.archive import Archive
from corpus.errors import DataUnusable, DiskFull, IndexDamaged, IndexOutdated
from corpus.index import lexical, passages, split, vectors
from corpus.index.embed import Embedder, PassageText
from corpus.models import Entry, Filters, Passage, Progress, Span

BATCH = 256  # passages embedded together: enough to sort by length, 100 MB of token vectors
CONTEXT = 200  # characters of a title that go into the vectors of its passages
MANIFEST, ENTRIES, VECTORS, LEXICAL = "manifest.json", "entries.sqlite3", "chroma", "lexical"
BUILDING = ".building-"


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
                self.entries = Archive(folder / ENTRIES, read_only=True)
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


def build(
    root: Path,
    archive: Archive,
    embedder: Embedder,
    base: Generation | None,
    progress: Progress,
) -> tuple[int, int]:
    """Build a generation that shows the archive as it is, and commit it; `base` lends what has not changed.

    Returns the new generation's number and how many entries were indexed. Whatever goes wrong, what was committed
    before stays as it is.
    """
    remove_leftovers(root)
    number = max(committed(root), default=0) + 1
    building = root / f"{BUILDING}{number:06d}"
    try:
        with _disk_errors(root):
            building.mkdir(parents=True)
            indexed = _fill(building, archive, embedder, base, progress)
            _sync(building)
            building.rename(folder_of(root, number))
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return number, indexed


def _fill(folder: Path, archive: Archive, embedder: Embedder, base: Generation | None, progress: Progress) -> int:
    wanted = archive.numbered_hashes()
    shown = base.entries.numbered_hashes() if base else {}
    stale = {n for n in shown if wanted.get(n) != shown[n]}
    fresh = sorted(n for n in wanted if shown.get(n) != wanted[n])
    if base:
        source = folder_of(folder.parent, base.number)
        shutil.copytree(source / VECTORS, folder / VECTORS)
    with _Stores(folder, create=base is None) as stores:
        if base:
            stores.take_over(base, without=stale)
        done = 0
        progress("index", 0, len(fresh))
        for batch in _batches(archive.each(fresh), embedder):
            stores.add(batch, embedder)
            done += len(batch)
            progress("index", done, len(fresh))
        total, next_key = stores.commit()
    archive.write_copy(folder / ENTRIES)
    manifest = Manifest(recipe_of(embedder), len(wanted), total, next_key)
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return len(fresh)


@dataclass(frozen=True, slots=True)
class _Split:
    """An entry on its way into the index."""

    number: int
    entry: Entry
    context: str
    passages: list[Passage]


def _batches(entries: Iterable[tuple[int, Entry]], embedder: Embedder) -> Iterator[list[_Split]]:
    """Entries with their passages, some BATCH passages together."""
    batch: list[_Split] = []
    for number, entry in entries:
        context = entry.title[:CONTEXT]
        cost = embedder.count_tokens([context])[0]
        if cost > embedder.window // 4:
            context, cost = "", 0
        batch.append(
            _Split(number, entry, context, split.split(entry.text, embedder.count_tokens, embedder.window - cost))
        )
        if sum(len(s.passages) for s in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Stores:
    """The three stores of a generation while it is built: they take in the same passages, under the same keys."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self._next_key = 0
        with ExitStack() as opened:
            self._vectors = vectors.Vectors(folder / VECTORS, create=create)
            opened.callback(self._vectors.close)
            self._lexical = lexical.Lexical(folder / LEXICAL, create=True)
            opened.callback(self._lexical.close)
            self._table = passages.TableWriter(folder)
            opened.callback(self._table.close)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def take_over(self, base: Generation, without: Collection[int]) -> None:
        """Begin with what another generation holds, except the entries of these numbers; nothing is embedded again."""
        self._vectors.remove(self._table.copy(base.table, without))
        kept = [n for n in base.table.entries.tolist() if n not in without]
        for number, entry in base.entries.each(kept):
            keys, found = base.table.passages_of(number)
            self._lexical.add(keys, [number] * len(keys), [_body(entry, passage) for passage in found])
        self._next_key = base.manifest.next_key

    def add(self, batch: Sequence[_Split], embedder: Embedder) -> None:
        """Embed the passages of these entries together, and take them in."""
        rows = [(one, passage) for one in batch for passage in one.passages]
        embedded = embedder.embed_passages([_passage_text(one, passage) for one, passage in rows])
        keys = range(self._next_key, self._next_key + len(rows))
        self._next_key = keys.stop
        numbers = [one.number for one, _ in rows]
        self._vectors.add(keys, numbers, np.array([e.vector for e in embedded]))
        self._lexical.add(keys, numbers, [_body(one.entry, passage) for one, passage in rows])
        start = 0
        for one in batch:
            part = slice(start, start + len(one.passages))
            self._table.add_entry(one.number, keys[part], one.passages, embedded[part])
            start = part.stop

    def commit(self) -> tuple[int, int]:
        """Write everything; returns how many passages there are, and the next free key."""
        self._lexical.commit()
        return self._lexical.count(), self._next_key


def _passage_text(one: _Split, passage: Passage) -> PassageText:
    sentences = tuple(Span(s.start - passage.start, s.end - passage.start) for s in passage.sentences)
    return PassageText(one.context, one.entry.text[passage.start : passage.end], sentences)


def _body(entry: Entry, passage: Passage) -> str:
    """What the lexical index reads of a passage: its words, and those of the title and the people."""
    return f"{entry.title}\n{_names(entry)}\n{entry.text[passage.start : passage.end]}"


def _names(entry: Entry) -> str:
    return ", ".join(person.name for person in entry.people)


def remove_leftovers(root: Path) -> None:
    """Remove what a crash left. Only for the holder of the refresh lock."""
    for leftover in root.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def prune(root: Path, keep: int) -> None:
    """Remove all but the last few generations. Only for the holder of the refresh lock."""
    for number in committed(root)[:-keep]:
        folder = folder_of(root, number)
        # Renamed first: a reader never opens a folder that is half gone.
        doomed = root / f"{BUILDING}old-{number:06d}"
        with contextlib.suppress(OSError):
            folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Ask the system to write the manifest and the folder to the disk before the commit."""
    for path in (folder / MANIFEST, folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except IndexDamaged as error:  # of the new generation, which nobody has seen: it could not be written
        raise DataUnusable(
            f"The new generation of the index could not be written; make room in {root} and try again. The last one "
            f"goes on answering. ({error.__cause__ or error})"
        ) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise DiskFull(f"{root} is full ({error.strerror}); make room and try again. Nothing was lost.") from error
        raise DataUnusable(f"{root} cannot be written ({error.strerror}); check the folder's permissions.") from error
