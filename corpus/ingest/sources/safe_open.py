"""Files and folders opened so that who may write into a folder cannot choose what else of this computer is read.

No link in a folder is followed, and each file is opened from the handle of its folder, so that what is put in its place
meanwhile is not read either. What is opened is an ordinary file, and no larger than its kind may be.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from corpus.ingest.parse.front_matter import LONGEST_FRONT

# Bytes. A text: four for each character of the longest entry, and its front matter. A page or a PDF: what takes longer
# to be taken apart than anybody waits. A sources.toml: 64 kB of the worst keep its parser busy for seconds. A list of
# posts: as CSV, 20,000 of them; in YAML, 5,000, which take some seconds.
LARGEST = {
    "markdown": 2_100_000,
    "text": 2_100_000,
    "jsonl": 500_000_000,
    "page": 10_000_000,
    "pdf": 50_000_000,
    "sources": 64_000,
    "rows": 10_000_000,
    "list": 1_000_000,
    "beside": LONGEST_FRONT,
}
MEGABYTE = 1_000_000
# Neither a pipe nor a terminal is waited for.
READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
A_LINK = "is a link, and none is followed inside a folder; put the file itself there, or name its own path."
NO_FILE = "is not an ordinary file; give a file or a folder."


class FileNotTaken(ValueError):
    """Why a file is not read, as a sentence behind its name."""


@contextmanager
def open_folder(path: str | Path, flags: int, folder: int | None = None) -> Iterator[int]:
    """Give the handle of a folder. `folder`: the handle of the one that it is in."""
    handle = os.open(path, READING | flags, dir_fd=folder)
    try:
        yield handle
    finally:
        os.close(handle)


def reason_of(error: OSError | ValueError) -> str:
    """Return why a file or a folder cannot be read, as a sentence behind its name."""
    match error:
        case FileNotFoundError():
            return "does not exist; check the path."
        case OSError(errno=errno.ELOOP):
            return A_LINK
        case OSError():
            return f"cannot be read ({error.strerror}); check its permissions."
        case UnicodeDecodeError():
            return f"is not UTF-8 text (byte {error.start}); save it as UTF-8."
        case FileNotTaken():
            return str(error)
        case _:
            return "is no name that a file can have; check the path."


@contextmanager
def open_file(name: str, folder: int, kind: str, *, follow: bool = False) -> Iterator[BinaryIO]:
    """Give an ordinary file in the folder of this handle, that is not too large. Raises OSError or ValueError."""
    # Asked before it is opened, too: opening a device can already do something.
    mode = os.stat(name, dir_fd=folder, follow_symlinks=follow).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        raise FileNotTaken(NO_FILE)
    handle = os.open(name, READING | (0 if follow else os.O_NOFOLLOW), dir_fd=folder)
    with os.fdopen(handle, "rb") as content:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise FileNotTaken(NO_FILE)
        check_size(found.st_size, kind)
        yield content


def read_whole(content: BinaryIO, kind: str) -> bytes:
    """Return all of a file, unless it has grown too large meanwhile."""
    written = content.read(LARGEST[kind] + 1)
    check_size(len(written), kind)
    return written


def check_size(size: int, kind: str) -> None:
    """Raise FileNotTaken where a file of this kind may not have so many bytes."""
    largest = LARGEST[kind]
    if size > largest:
        most = f"{largest / 1_000_000:g} MB" if largest >= MEGABYTE else f"{largest // 1000} kB"
        raise FileNotTaken(f"is larger than {most}; split it.")
