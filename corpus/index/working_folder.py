"""Folders for copies of what native libraries open: they write, lock or make files even where they only read.

A folder belongs to one process and goes with it. What a killed process left is known by its lock, which the system has
let go, and is removed by whoever makes the next folder beside it.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus.errors import AccessDenied, DiskFull, shortage_of
from corpus.index.manifest import copy_verified

PREFIX = ".footnote-reading-"


def verified_copy(
    generation: Path, checksums: Mapping[str, int], chosen: Callable[[str], bool]
) -> contextlib.AbstractContextManager[Path]:
    """Return a folder of this process with copies of the chosen files of a generation, verified while they are copied.

    `checksums`: CRC-32 by the path in the generation. Raises IndexDamaged, or a ResourceShort.
    """
    expected = {name: value for name, value in checksums.items() if chosen(name)}
    return filled_folder(generation.parent.parent, lambda target: copy_verified(generation, target, expected))


@contextlib.contextmanager
def filled_folder(beside: Path, fill: Callable[[Path], None]) -> Iterator[Path]:
    """Make a folder of this process, and fill it: in `beside`, or else among the system's temporary files.

    Raises a ResourceShort where neither can. An OSError of `fill` is one of the folder that it fills.
    """
    with contextlib.ExitStack() as opened:
        errors: list[OSError] = []
        for parent in (beside, None):
            try:
                folder = _fill_folder(parent or Path(tempfile.gettempdir()), fill, opened)
                break
            except OSError as error:
                errors.append(error)
        else:
            raise _translate_errors(errors, beside)
        yield folder


def _fill_folder(parent: Path, fill: Callable[[Path], None], opened: contextlib.ExitStack) -> Path:
    with contextlib.ExitStack() as made:
        folder, lock = _lock_folder(parent)
        made.callback(os.close, lock)
        made.callback(shutil.rmtree, folder, ignore_errors=True)
        fill(folder)
        opened.enter_context(made.pop_all())
    return folder


def _lock_folder(parent: Path) -> tuple[Path, int]:
    """Make a folder; return it with the handle that keeps it locked."""
    remove_abandoned(parent)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        with contextlib.suppress(FileNotFoundError):  # another process took it for abandoned before it was locked
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            with contextlib.ExitStack() as held:
                held.callback(os.close, lock)
                fcntl.flock(lock, fcntl.LOCK_EX)
                folder.stat()
                held.pop_all()
            return folder, lock


def remove_abandoned(parent: Path) -> None:
    """Remove what processes left that have ended. What another person's processes left is not ours to remove."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _translate_errors(errors: list[OSError], beside: Path) -> Exception:
    """Return what it means that neither folder could be filled."""
    short = [found for error in errors if (found := shortage_of(error, beside))]
    kind = next((type(found) for found in short if isinstance(found, DiskFull)), AccessDenied)
    if short and not isinstance(short[0], DiskFull | AccessDenied):
        return short[0]
    reasons = "; ".join(map(str, errors))
    return kind(
        f"The index cannot be copied to where it is read from ({reasons}). Make room in {beside} or in the folder "
        "for temporary files (TMPDIR), or make one of them writable, and try again. Nothing is damaged."
    )
