"""Where documents come from: the shipped corpus, or files and folders. Only reads; `files` and `parse` make entries."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import FileRefused

SHELF = Path(__file__).resolve().parent.parent / "shelf"
LARGEST_FILE = 500_000_000  # bytes; a file is read as one text
READ = {".md": "markdown", ".jsonl": "jsonl", ".html": "page", ".htm": "page", ".txt": "text", ".pdf": "pdf"}
LARGEST = {"page": 10_000_000, "pdf": 50_000_000}  # bytes; what takes longer to be taken apart than anybody waits
BESIDE = ".yaml"  # behind a file's whole name: what it does not say of itself
MAY_HAVE_BESIDE = ("page", "text", "pdf")


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `format`: markdown, jsonl, sources or text; or page or pdf, which are bytes: `body`.

    `beside`: what stands in the file beside it, as front matter without its dashes.
    """

    where: str
    format: str
    text: str = ""
    body: bytes = b""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file inside a folder that could not be read, and why."""

    where: str
    reason: str


def read_documents(paths: Sequence[Path] | None) -> Iterator[Document | Unreadable]:
    """The documents of these files and folders, or of the shipped corpus, in order of their names.

    Raises FileRefused where a path that was asked for is missing or cannot be read; a file found in a folder that
    cannot be read is Unreadable, and the others go on.
    """
    for path in [SHELF] if paths is None else paths:
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
            found = _read(path, READ.get(path.suffix.lower(), "markdown"))
            if isinstance(found, Unreadable):
                raise FileRefused(f"{path} {found.reason}")
            yield found


def _read_folder(folder: Path) -> Iterator[Document | Unreadable]:
    unread: list[OSError] = []
    files: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files.extend(Path(parent) / name for name in names if not name.startswith("."))
    for error in unread:
        yield Unreadable(str(error.filename), f"cannot be read ({error.strerror}); check its permissions.")
    known = set(files)
    for file in sorted(files):
        if file.name == "sources.toml":
            yield _read(file, "sources")
        elif file.suffix.lower() in READ:
            yield _read(file, READ[file.suffix.lower()])
        elif _is_beside(file) and file.with_suffix("") not in known:
            yield Unreadable(str(file), f"stands beside no {file.stem}; put that file there, or take this one out.")


def _is_beside(file: Path) -> bool:
    """Whether a file is named as one that stands beside another."""
    return file.suffix == BESIDE and READ.get(Path(file.stem).suffix.lower()) in MAY_HAVE_BESIDE


def _read(file: Path, kind: str) -> Document | Unreadable:
    largest = LARGEST.get(kind, LARGEST_FILE)
    try:
        if not file.is_file() and file.exists():
            reason = "is not an ordinary file; give a file or a folder."
        elif file.stat().st_size > largest:
            reason = f"is larger than {largest // 1_000_000} MB; split it."
        elif kind in LARGEST:
            return _with_beside(file, Document(str(file), kind, body=file.read_bytes()))
        else:
            text = file.read_text(encoding="utf-8-sig")  # with or without a byte order mark
            return _with_beside(file, Document(str(file), kind, text))
    except FileNotFoundError:
        reason = "does not exist; check the path."
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); check its permissions."
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte {error.start}); save it as UTF-8."
    except ValueError:
        reason = "is no name that a file can have; check the path."
    return Unreadable(str(file), reason)


def _with_beside(file: Path, document: Document) -> Document | Unreadable:
    beside = file.with_name(file.name + BESIDE)
    if document.format not in MAY_HAVE_BESIDE or not beside.exists():
        return document
    found = _read(beside, "beside")
    return replace(document, beside=found.text) if isinstance(found, Document) else found
