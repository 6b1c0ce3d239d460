"""What a data folder holds: the generation that is read, how far it lags behind the archive, and how large all is."""

import contextlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from corpus.errors import DataUnusable, IndexDamaged, IndexMissing
from corpus.index import working_folder
from corpus.index.attempts import left_out_in_words
from corpus.index.compatibility import Embedders, find_outdated
from corpus.index.generation import committed
from corpus.index.reader import Reader
from corpus.models.search import NO_FILTERS
from corpus.models.updates import Status
from corpus.settings import CorpusSettings
from corpus.storage.record import Record


def read_status(
    settings: CorpusSettings,
    reader: Reader,
    embedders: Embedders,
    read_record: Callable[[], AbstractContextManager[Record]],
) -> Status:
    """Return what the data folder holds, without loading the model. What is damaged stands in the notes.

    `read_record`: opens the archive for reading. Raises a ResourceShort where the status cannot be found out.
    """
    notes: list[str] = []
    behind = 0
    with contextlib.ExitStack() as reading:
        generation = None
        try:
            generation = reading.enter_context(reader.whole())
        except (IndexMissing, IndexDamaged) as error:
            notes.append(str(error))
        try:
            with read_record() as record:
                shown = generation.entries.numbered_hashes() if generation else {}
                behind = len(dict(record.entries.numbered_hashes().items() ^ shown.items()))
                notes.extend(left_out_in_words(reader.root, record.entries))
        except DataUnusable as error:
            notes.append(str(error))
        numbers = generation.entries.select(NO_FILTERS) if generation else []
        guides = len(generation.guides) if generation else 0
        newest = generation.entries.entries(numbers[:1]) if generation and numbers else {}
        notes.extend(reader.notes())
        outdated = find_outdated(generation, embedders, reader.stores.distance) if generation else None
        if outdated:
            notes.append(f"{outdated.reason} {outdated.remedy}")
        if behind:
            entries = "1 entry" if behind == 1 else f"{behind} entries"
            notes.append(f"The index does not show {entries} of the archive as it is; run `footnote refresh`.")
        return Status(
            data_dir=str(settings.data_dir),
            entries=len(numbers),
            guides=guides,
            events=len(numbers) - guides,
            sources=tuple(generation.entries.used_sources()) if generation else (),
            newest=next((entry.published for entry in newest.values()), None),
            generation=generation.number if generation else None,
            generations=tuple(committed(reader.root)),
            passages=generation.manifest.passages if generation else 0,
            model=generation.manifest.recipe.model if generation else settings.model,
            behind=behind,
            bytes=measure_folder(settings.data_dir),
            notes=tuple(notes),
            outdated=outdated.differs if outdated else (),
        )


def measure_folder(folder: Path) -> int:
    """Return the bytes in a folder, without the copies that are being read from; what vanishes meanwhile counts 0."""
    total = 0
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(working_folder.PREFIX)]
        for name in files:
            with contextlib.suppress(OSError):
                total += Path(parent, name).stat().st_size
    return total
