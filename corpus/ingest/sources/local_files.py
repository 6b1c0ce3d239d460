"""Where documents come from: the shipped corpus, or files and folders. Only reads; `files` and `parse` make entries.

Who may write into a folder that is read must not choose what else of this computer is read: no link in it is followed,
at whatever depth, and each file is opened from the handle of its folder, so that what is put in its place meanwhile is
not read either. A path that a person names may be a link, for it is theirs. What is not defended: a hard link shows a
file as well as any other name of it does, and nothing tells the two apart. Linux refuses to make one to a file that its
maker may not both read and write (fs.protected_hardlinks), so that it shows nothing that could not be copied as well.
"""

import codecs
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO

from corpus.errors import FileRefused
from corpus.ingest.parse.document import BESIDE, Document, Line, Unreadable
from corpus.ingest.parse.front_matter import LONGEST_FRONT, NotAnEntry
from corpus.text.json_lines import TOO_LONG, lines_of

SHELF = Path(__file__).resolve().parents[2] / "shelf"
READ = {".md": "markdown", ".jsonl": "jsonl", ".html": "page", ".htm": "page", ".txt": "text", ".pdf": "pdf"}
# Bytes. A text: four for each character of the longest entry, and its front matter. A page or a PDF: what takes longer
# to be taken apart than anybody waits. A sources.toml: 64 kB of the worst keep its parser busy for seconds.
LARGEST = {
    "markdown": 2_100_000,
    "text": 2_100_000,
    "jsonl": 500_000_000,
    "page": 10_000_000,
    "pdf": 50_000_000,
    "sources": 64_000,
    "beside": LONGEST_FRONT,
}
MEGABYTE = 1_000_000
DEEPEST = 40  # folders in one another: each holds a handle open
SOURCES = "sources.toml"
MAY_HAVE_BESIDE = ("page", "text", "pdf")
# Neither a pipe nor a terminal is waited for.
READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
A_LINK = "is a link, and none is followed inside a folder; put the file itself there, or name its own path."
NO_FILE = "is not an ordinary file; give a file or a folder."
TOO_DEEP = f"lies more than {DEEPEST} folders deep; move it up, or name its own path."


def read_documents(paths: Sequence[Path] | None) -> Iterator[Document | Unreadable]:
    """The documents of these files and folders, or of the shipped corpus, in order of their names.

    Raises FileRefused where a path that was asked for is missing or cannot be read; a file found in a folder that
    cannot be read is Unreadable, and the others go on.
    """
    if paths is None:
        for found in _read_folder(SHELF):
            yield replace(found, shipped=True) if isinstance(found, Document) else found
    for path in paths or ():
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except (OSError, ValueError) as error:  # a name that is too long or has a NUL, a folder that may not be entered
            reason = error.strerror if isinstance(error, OSError) else error
            raise FileRefused(f"{str(path)[:200]!r} cannot be read ({reason}); check the path.") from error
        if is_folder:
            yield from _read_folder(path)
        elif path.suffix.lower() not in READ and exists:
            raise FileRefused(
                f"{path} is neither a folder nor a .md, .jsonl, .html, .txt or .pdf file; convert it to one of these."
            )
        else:
            for found in _read_named(path):
                if isinstance(found, Unreadable):
                    raise FileRefused(f"{path} {found.reason}")
                yield found


def _read_named(path: Path) -> Iterator[Document | Unreadable]:
    """A file that a person has named: the path may lead over links."""
    try:
        with _handle(path.parent, os.O_DIRECTORY) as folder:
            yield from _read(path, READ.get(path.suffix.lower(), "markdown"), folder, follow=True)
    except OSError as error:
        yield Unreadable(str(path), _why(error))


def _read_folder(path: Path) -> Iterator[Document | Unreadable]:
    try:
        with _handle(path, os.O_DIRECTORY) as folder:
            yield from _read_inside(path, folder, DEEPEST)
    except OSError as error:
        yield Unreadable(str(path), _why(error))


def _read_inside(path: Path, folder: int, levels: int) -> Iterator[Document | Unreadable]:
    """What the folder of this handle holds, in order of the names; `path` is only told."""
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    for name in names:
        file = path / name
        kind = "sources" if name == SOURCES else READ.get(file.suffix.lower())
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode) and levels:
                with _handle(name, os.O_DIRECTORY | os.O_NOFOLLOW, folder) as inner:
                    yield from _read_inside(file, inner, levels - 1)
            elif stat.S_ISDIR(mode):
                yield Unreadable(str(file), TOO_DEEP)
            elif stat.S_ISLNK(mode) and (kind or _leads_to_a_folder(name, folder)):
                yield Unreadable(str(file), A_LINK)
            elif kind:
                yield from _read(file, kind, folder)
            elif _is_beside(file) and file.stem not in names:
                yield Unreadable(str(file), f"stands beside no {file.stem}; put that file there, or take this one out.")
        except OSError as error:
            yield Unreadable(str(file), _why(error))


def _leads_to_a_folder(name: str, folder: int) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=folder).st_mode)
    except OSError:
        return False


def _is_beside(file: PurePath) -> bool:
    """Whether a file is named as one that stands beside another."""
    return file.suffix == BESIDE and READ.get(PurePath(file.stem).suffix.lower()) in MAY_HAVE_BESIDE


def _read(file: Path, kind: str, folder: int, *, follow: bool = False) -> Iterator[Document | Unreadable]:
    """The file of this name in the folder of this handle. `follow`: the name itself may be a link."""
    try:
        with _opened(file.name, folder, kind, follow=follow) as content:
            if kind == "jsonl":
                yield _lines_in(file, content)
                return
            written = _whole(content, kind)
        if kind in {"page", "pdf"}:
            document = Document(str(file), kind, body=written)
        else:
            document = Document(str(file), kind, written.decode("utf-8-sig"))  # with or without a byte order mark
        beside = _beside(file, folder) if kind in MAY_HAVE_BESIDE else ""
        yield replace(document, beside=beside) if isinstance(beside, str) else beside
    except (OSError, ValueError) as error:
        yield Unreadable(str(file), _why(error))


def _beside(file: Path, folder: int) -> str | Unreadable:
    """What stands in the file beside it; "" where there is none."""
    name = file.name + BESIDE
    try:
        with _opened(name, folder, "beside") as content:
            return _whole(content, "beside").decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return Unreadable(str(file.with_name(name)), _why(error))


class _Refused(ValueError):
    """Why a file is not read, as a sentence behind its name."""


@contextmanager
def _opened(name: str, folder: int, kind: str, *, follow: bool = False) -> Iterator[BinaryIO]:
    """An ordinary file in the folder of this handle, that is not too large. Raises OSError or ValueError."""
    # Asked before it is opened, too: opening a device can already do something.
    mode = os.stat(name, dir_fd=folder, follow_symlinks=follow).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        raise _Refused(NO_FILE)
    handle = os.open(name, READING | (0 if follow else os.O_NOFOLLOW), dir_fd=folder)
    with os.fdopen(handle, "rb") as content:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise _Refused(NO_FILE)
        _check_size(found.st_size, kind)
        yield content


def _whole(content: BinaryIO, kind: str) -> bytes:
    """All of a file, unless it has grown too large meanwhile."""
    written = content.read(LARGEST[kind] + 1)
    _check_size(len(written), kind)
    return written


def _check_size(size: int, kind: str) -> None:
    largest = LARGEST[kind]
    if size > largest:
        told = f"{largest / 1_000_000:g} MB" if largest >= MEGABYTE else f"{largest // 1000} kB"
        raise _Refused(f"is larger than {told}; split it.")


def _lines_in(file: Path, content: BinaryIO) -> Document | Unreadable:
    start = content.read(2)
    content.seek(0)
    if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return Unreadable(str(file), "is not UTF-8 text (byte 0); save it as UTF-8.")
    return Document(str(file), "jsonl", lines=_decoded(content))


def _decoded(content: BinaryIO) -> Iterator[tuple[int, Line]]:
    number = 0
    try:
        for number, line in lines_of(content, LARGEST["jsonl"]):
            if line is None:
                yield number, NotAnEntry(TOO_LONG)
            elif text := _text_of(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line):
                yield number, text
    except OSError as error:
        yield number + 1, NotAnEntry(_why(error).removesuffix("."))


def _text_of(line: bytes) -> Line:
    try:
        return line.decode().strip("\r\n") if line.strip() else ""
    except UnicodeDecodeError as error:
        return NotAnEntry(_why(error).removesuffix("."))


@contextmanager
def _handle(path: str | Path, flags: int, folder: int | None = None) -> Iterator[int]:
    handle = os.open(path, READING | flags, dir_fd=folder)
    try:
        yield handle
    finally:
        os.close(handle)


def _why(error: OSError | ValueError) -> str:
    """Why a file or a folder cannot be read, as a sentence behind its name."""
    match error:
        case FileNotFoundError():
            return "does not exist; check the path."
        case OSError(errno=errno.ELOOP):
            return A_LINK
        case OSError():
            return f"cannot be read ({error.strerror}); check its permissions."
        case UnicodeDecodeError():
            return f"is not UTF-8 text (byte {error.start}); save it as UTF-8."
        case _Refused():
            return str(error)
        case _:
            return "is no name that a file can have; check the path."
