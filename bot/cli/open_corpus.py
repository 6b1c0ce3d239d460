"""Opening the corpus for a command. What is heavy is imported only then."""

import contextlib
import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot import errors
from bot.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus import Corpus, CorpusSettings


def corpus_settings() -> "CorpusSettings":
    """The library's settings. The first time, a line names those that are none. Raises SettingsUnusable."""
    from corpus import CorpusSettings  # noqa: PLC0415

    try:
        _note_unknown_settings()
        return CorpusSettings()
    except (ValueError, OSError, RuntimeError) as error:
        raise errors.settings_problem(error) from error


@functools.cache
def _note_unknown_settings() -> None:
    """Say once in a process which variables look like settings and are none."""
    from bot.settings import unknown_settings  # noqa: PLC0415

    if unknown := unknown_settings(os.environ):
        console.note(unknown)


@contextlib.contextmanager
def opened_corpus() -> "Iterator[Corpus]":
    from corpus import open_corpus  # noqa: PLC0415

    with open_corpus(corpus_settings()) as corpus:
        yield corpus


@contextlib.contextmanager
def corpus_to_ask() -> "Iterator[Corpus]":
    """The corpus, with an index: on the very first use, one is built. Of one that is outdated, a line says so."""
    with opened_corpus() as corpus:
        if corpus.is_empty():
            origin = "the shipped corpus" if corpus.is_archive_empty() else "the archive"
            console.note(f"There is no index yet: building one from {origin}.")
            with console.progress_bars() as progress:
                report = corpus.prepare(progress)
            console.note(f"Done: {report.indexed} entries." if report else "Another process has built it meanwhile.")
        elif outdated := corpus.find_outdated():
            console.note(f"{outdated.reason} {outdated.remedy}")
        yield corpus


def explain(error: Exception) -> tuple[str, int]:
    """Return the sentence for an error, and the exit code. A bug is recorded beside the data."""
    if isinstance(error, errors.SettingsUnusable | errors.NotStarted):
        return str(error), errors.SETTINGS if isinstance(error, errors.SettingsUnusable) else error.code
    try:
        from corpus import CorpusError, shortage_of  # noqa: PLC0415
    except (ImportError, OSError, MemoryError) as again:
        problem = f"The program cannot be loaded ({again}). Are its libraries installed, and is there memory for them"
        return f"{problem} (`ulimit -v`), and may it open enough files (`ulimit -n`)?", errors.DATA
    if isinstance(error, CorpusError):
        return str(error), errors.exit_code(error)
    if isinstance(error, OSError) and error.filename is None and error.errno in errors.UNWRITABLE:
        return f"The output could not be written ({error.strerror}).", errors.DATA
    try:
        folder = corpus_settings().data_dir
    except errors.SettingsUnusable:
        folder = None
    if folder and isinstance(error, OSError | MemoryError):
        place = Path(getattr(error, "filename", None) or folder)
        if short := shortage_of(error, place):
            return str(short), errors.DATA
    return errors.record_bug(error, folder if folder and folder.is_dir() else None), errors.BUG
