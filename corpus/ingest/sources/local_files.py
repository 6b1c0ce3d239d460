"""Where documents come from: the shipped corpus, or files and folders. They are read here, and parsed elsewhere.

Who may write into a folder that is read must not choose what else of this computer is read: no link in it is followed,
at whatever depth, and each file is opened from the handle of its folder, so that what is put in its place meanwhile is
not read either. A path that a person names may be a link, for it is theirs. What is not defended: a hard link shows a
file as well as any other name of it does, and nothing tells the two apart. Linux refuses to make one to a file that its
maker may not both read and write (fs.protected_hardlinks), so that it shows nothing that could not be copied as well.
"""

import codecs
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO

from corpus.errors import FileRefused
from corpus.ingest.parse.document import BESIDE, Document, Line, Unreadable
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.sources.safe_open import A_LINK, LARGEST, open_file, open_folder, read_whole, reason_of
from corpus.text.json_lines import TOO_LONG, lines_of

SHELF = Path(__file__).resolve().parents[2] / "shelf"
READ = {".md": "markdown", ".jsonl": "jsonl", ".html": "page", ".htm": "page", ".txt": "text", ".pdf": "pdf"}
DEEPEST = 40  # folders in one another: each holds a handle open
SOURCES = "sources.toml"
MAY_HAVE_BESIDE = ("page", "text", "pdf")
TOO_DEEP = f"lies more than {DEEPEST} folders deep; move it up, or name its own path."


def read_documents(paths: Sequence[Path] | None) -> Iterator[Document | Unreadable]:
    """Yield the documents of these files and folders, or of the shipped corpus, in order of their names.

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
            try:  # somebody has named it: the path may lead over links
                with open_folder(path.parent, os.O_DIRECTORY) as folder:
                    for found in _read(path, READ.get(path.suffix.lower(), "markdown"), folder, follow=True):
                        if isinstance(found, Unreadable):
                            raise FileRefused(f"{path} {found.reason}")
                        yield found
            except OSError as error:
                raise FileRefused(f"{path} {reason_of(error)}") from error


def _read_folder(path: Path) -> Iterator[Document | Unreadable]:
    try:
        with open_folder(path, os.O_DIRECTORY) as folder:
            yield from _read_inside(path, folder, DEEPEST)
    except OSError as error:
        yield Unreadable(str(path), reason_of(error))


def _read_inside(path: Path, folder: int, levels: int) -> Iterator[Document | Unreadable]:
    """What the folder of this handle holds, in order of the names; `path` is only for reports."""
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    for name in names:
        file = path / name
        kind = "sources" if name == SOURCES else READ.get(file.suffix.lower())
        beside_kind = READ.get(PurePath(file.stem).suffix.lower())  # of the file that this one is named as beside
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode) and levels:
                with open_folder(name, os.O_DIRECTORY | os.O_NOFOLLOW, folder) as inner:
                    yield from _read_inside(file, inner, levels - 1)
            elif stat.S_ISDIR(mode):
                yield Unreadable(str(file), TOO_DEEP)
            elif stat.S_ISLNK(mode) and (kind or _leads_to_a_folder(name, folder)):
                yield Unreadable(str(file), A_LINK)
            elif kind:
                yield from _read(file, kind, folder)
            elif file.suffix == BESIDE and beside_kind in MAY_HAVE_BESIDE and file.stem not in names:
                yield Unreadable(str(file), f"stands beside no {file.stem}; put that file there, or take this one out.")
        except OSError as error:
            yield Unreadable(str(file), reason_of(error))


def _leads_to_a_folder(name: str, folder: int) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=folder).st_mode)
    except OSError:
        return False


def _read(file: Path, kind: str, folder: int, *, follow: bool = False) -> Iterator[Document | Unreadable]:
    """The file of this name in the folder of this handle. `follow`: the name itself may be a link."""
    try:
        with open_file(file.name, folder, kind, follow=follow) as content:
            if kind == "jsonl":
                start = content.read(2)
                content.seek(0)
                if start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
                    yield Unreadable(str(file), "is not UTF-8 text (byte 0); save it as UTF-8.")
                else:
                    yield Document(str(file), "jsonl", lines=_decode_lines(content))
                return
            written = read_whole(content, kind)
        if kind in {"page", "pdf"}:
            document = Document(str(file), kind, body=written)
        else:
            document = Document(str(file), kind, written.decode("utf-8-sig"))  # with or without a byte order mark
        beside = _beside(file, folder) if kind in MAY_HAVE_BESIDE else ""
        yield replace(document, beside=beside) if isinstance(beside, str) else beside
    except (OSError, ValueError) as error:
        yield Unreadable(str(file), reason_of(error))


def _beside(file: Path, folder: int) -> str | Unreadable:
    """What stands in the file beside it; "" where there is none."""
    name = file.name + BESIDE
    try:
        with open_file(name, folder, "beside") as content:
            return read_whole(content, "beside").decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return Unreadable(str(file.with_name(name)), reason_of(error))


def _decode_lines(content: BinaryIO) -> Iterator[tuple[int, Line]]:
    number = 0
    try:
        for number, line in lines_of(content, LARGEST["jsonl"]):
            if line is None:
                yield number, NotAnEntry(TOO_LONG)
                continue
            written = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            try:
                if written.strip():
                    yield number, written.decode().strip("\r\n")
            except UnicodeDecodeError as error:
                yield number, NotAnEntry(reason_of(error).removesuffix("."))
    except OSError as error:
        yield number + 1, NotAnEntry(reason_of(error).removesuffix("."))
