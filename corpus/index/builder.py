"""A generation of the index is made: built aside, committed by one rename.

A crash leaves a ``.building-…`` at most, which the next build removes.
"""

import contextlib
import ctypes
import logging
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus import budgets
from corpus.errors import ArchiveDamaged, DataUnusable, IndexDamaged, shortage_of
from corpus.index import chunking
from corpus.index.attempts import BROKE, DEATHS, Attempts
from corpus.index.changes import CONTEXT, find_changes
from corpus.index.embedders import calibration
from corpus.index.embedders.base import Embedder
from corpus.index.generation import CHROMA, Generation, committed, folder_of, recipe_of
from corpus.index.manifest import ENTRIES, Manifest, checksums_of, files_of, write_manifest
from corpus.index.passage_writer import PassageWriter, SplitEntry
from corpus.index.vector_stores.base import VectorStores
from corpus.models.entries import Entry
from corpus.models.updates import Progress
from corpus.storage.entries import Entries
from corpus.text.language_detection import detect_language

log = logging.getLogger(__name__)

GATHERED = 1024  # passages that are sorted by length before they are embedded: with their like, little is padded
GATHERED_CHARACTERS = 600_000  # of the entries that are noted as being embedded: as many passages of prose
BUILDING = ".building-"


def build(
    root: Path,
    archive: Entries,
    embedder: Embedder,
    base: Generation | None,
    progress: Progress,
    stores: VectorStores = CHROMA,
) -> tuple[int, int]:
    """Build a generation that shows the archive as it is, and commit it; `base` lends what has not changed.

    Return the new generation's number and how many entries were indexed: all of them, where the base turns out to be
    damaged. Whatever goes wrong, what was committed before stays as it is.
    """
    if base:
        try:
            return _build(root, archive, embedder, base, progress, stores)
        except (IndexDamaged, ArchiveDamaged) as error:
            log.warning("Generation %s cannot be built upon (%s): indexing all entries anew.", base.number, error)
    try:
        return _build(root, archive, embedder, None, progress, stores)
    except IndexDamaged as error:  # of the new generation, which nobody has seen: it could not be written
        raise DataUnusable(
            f"The new generation of the index could not be written; make room in {root} and try again. Nothing was "
            f"lost. ({error.__cause__ or error})"
        ) from error


def _build(
    root: Path,
    archive: Entries,
    embedder: Embedder,
    base: Generation | None,
    progress: Progress,
    stores: VectorStores,
) -> tuple[int, int]:
    remove_leftovers(root, stores)
    # Of all that has a number, whatever it is: the commit needs a free one.
    number = max((int(path.name) for path in root.glob("[0-9]*") if path.name.isdigit()), default=0) + 1
    building = root / f"{BUILDING}{number:06d}"
    try:
        with _translate_disk_errors(root):
            building.mkdir(parents=True)
            indexed = _fill(building, archive, embedder, base, progress, stores)
            _sync(building)
            building.rename(folder_of(root, number))
            _sync(root, deep=False)
    finally:
        if building.is_dir():  # it did not come to its end
            _discard(building, stores)
    return number, indexed


def _fill(
    folder: Path,
    archive: Entries,
    embedder: Embedder,
    base: Generation | None,
    progress: Progress,
    stores: VectorStores,
) -> int:
    progress("load", 0, 1)
    recipe = recipe_of(embedder, stores)  # loads the model
    if base:  # what is taken over stays as it was split
        recipe = replace(recipe, splitter=base.manifest.recipe.splitter)
    known = base.manifest.scale if base and base.manifest.yardstick == calibration.VERSION else None
    scale = known or embedder.scale  # equal recipes have equal scales
    progress("load", 1, 1)
    wanted = archive.numbered_hashes()
    changes = find_changes(archive, wanted, base)
    with PassageWriter(folder, stores, base) as passages:
        if base:
            passages.take_over(base, archive, changes)
        done, fresh = 0, changes.fresh
        progress("index", 0, len(fresh))
        attempts = Attempts(folder.parent)
        attempts.count_deaths()
        for group in _group_entries(archive.each(fresh), wanted, attempts):
            with attempts.trying({number: wanted[number] for number, _ in group}):
                for batch in _split_in_batches(group, embedder):
                    passages.add(batch, embedder, partial(_report_share, progress, done, len(batch), len(fresh)))
                    done += len(batch)
                    _give_back_memory()
                    progress("index", done, len(fresh))
        attempts.forget_others(wanted)
        if done < len(fresh):  # some are left out
            progress("index", len(fresh), len(fresh))
        total, next_key = passages.commit()
    archive.write_copy(folder / ENTRIES, folder_of(folder.parent, base.number) / ENTRIES if base else None, changes.all)
    checksums = passages.checksums | checksums_of(folder, (n for n in files_of(folder) if n not in passages.checksums))
    write_manifest(
        folder,
        Manifest(
            recipe,
            len(wanted),
            total,
            next_key,
            checksums,
            scale,
            calibration.VERSION,
            runtime=embedder.runtime,
        ),
    )
    return done


def _give_back_memory() -> None:
    """Have the C library give back what is free between what is in use, where it can (glibc).

    A model's tables of many sizes come and go between small things that stay, which keep what is free from being used.
    Having large blocks mapped each by itself helps more, and takes a third more time.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _report_share(progress: Progress, done: int, entries: int, total: int, share: float) -> None:
    """Report how far some entries are that are embedded together, by the share of their characters."""
    progress("index", done + int(entries * share), total)


def _group_entries(
    entries: Iterable[tuple[int, Entry]], hashes: Mapping[int, str], attempts: Attempts
) -> Iterator[list[tuple[int, Entry]]]:
    """Yield entries to embed together: alone, where one was at work when the program died. Some are left out."""
    group: list[tuple[int, Entry]] = []
    characters = 0
    for number, entry in entries:
        digest = hashes[number]
        if why := _why_left_out(number, digest, entry, attempts):
            attempts.leave_out(number, digest, why)
        elif attempts.deaths_of(number, digest):
            yield [(number, entry)]
        else:
            group.append((number, entry))
            characters += len(entry.text)
            if characters >= GATHERED_CHARACTERS:
                yield group
                group, characters = [], 0
    if group:
        yield group


def _why_left_out(number: int, digest: str, entry: Entry, attempts: Attempts) -> str | None:
    """Return why an entry is left out, as a clause; an earlier version may have archived what is now refused."""
    if attempts.deaths_of(number, digest) >= DEATHS:
        return BROKE
    if len(entry.text) > budgets.MOST_CHARACTERS:
        return budgets.TOO_LONG
    return budgets.TOO_MANY_SENTENCES if chunking.has_more_sentences(entry.text, budgets.MOST_SENTENCES) else None


def _split_in_batches(entries: Iterable[tuple[int, Entry]], embedder: Embedder) -> Iterator[list[SplitEntry]]:
    """Yield entries with their passages, about GATHERED together, and no more sentences than one entry may have."""
    batch: list[SplitEntry] = []
    for number, entry in entries:
        context = entry.title[:CONTEXT]
        cost = embedder.count_tokens([context])[0]
        if cost > embedder.window // 4:
            context, cost = "", 0
        language = entry.language or detect_language(entry.text)  # what was archived before did not have it
        edges = [edge for block in entry.blocks for edge in (block.start, block.end)]  # no sentence has two speakers
        passages = chunking.split_passages(entry.text, embedder.count_tokens, embedder.window - cost, language, edges)
        batch.append(SplitEntry(number, entry, context, passages))
        held = [passage for one in batch for passage in one.passages]
        if len(held) >= GATHERED or sum(len(p.sentences) for p in held) >= budgets.MOST_SENTENCES:
            yield batch
            batch = []
    if batch:
        yield batch


def remove_leftovers(root: Path, stores: VectorStores = CHROMA) -> None:
    """Remove what a crash left. Only for the holder of the refresh lock."""
    for leftover in root.glob(f"{BUILDING}*"):
        if leftover.is_dir():
            _discard(leftover, stores)
        else:
            leftover.unlink(missing_ok=True)


def _discard(folder: Path, stores: VectorStores) -> None:
    stores.drop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def prune(root: Path, keep: int, stores: VectorStores = CHROMA) -> None:
    """Remove all but the last few generations. Only for the holder of the refresh lock."""
    for number in committed(root)[:-keep]:
        folder = folder_of(root, number)
        # Renamed first: a reader never opens a folder that is half gone.
        doomed = root / f"{BUILDING}old-{number:06d}"
        with contextlib.suppress(OSError):
            folder.rename(doomed)
        _discard(doomed, stores)


def _sync(folder: Path, *, deep: bool = True) -> None:
    """Have a folder, and all in it, written to the disk: a commit that survives a power cut holds what it names."""
    for path in [*(folder.rglob("*") if deep else ()), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _translate_disk_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise shortage_of(error, root) or DataUnusable(
            f"{root} cannot be written ({error.strerror}); check the folder's permissions. Nothing was lost."
        ) from error
