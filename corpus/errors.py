"""What can go wrong, each as one sentence that says what is wrong and what to do.

CorpusError                 shown to the person as it stands; anything else is a bug
├── InputRefused            what was asked or given cannot be taken
│   ├── QuestionRefused     an empty or too long question
│   ├── FilterRefused       a date that is none, a source or person that the corpus does not hold
│   ├── EntryUnknown        no entry has this id
│   ├── QuoteGone           the entry has changed, and what was quoted is no longer in it
│   ├── SourceUnknown       no source has this slug or name
│   ├── SourceRefused       an address that cannot be followed
│   ├── NothingToUndo       no change of the record is left that could be undone
│   ├── PlanRefused         a saved plan that is none, or is not the one that was previewed
│   └── FileRefused         a file or folder that is missing or cannot be read
├── DataUnusable            the data folder does not allow it
│   ├── ResourceShort       the system does not give what is needed; nothing is damaged
│   │   ├── DiskFull        no space, or no permission to grow
│   │   ├── AccessDenied    a file or folder may not be read or written
│   │   ├── HandlesShort    no more files may be opened
│   │   ├── Unreachable     what is on another machine or a drive that went does not answer
│   │   └── MemoryShort     no more memory, address space or threads
│   ├── ArchiveDamaged      the record cannot be read
│   ├── IndexMissing        nothing has been indexed yet
│   └── IndexDamaged        a generation cannot be read
│       └── IndexOutdated   because another version has made it in a form of its own
├── RefreshRunning          another process is refreshing
├── WriterFailed            a writer of answers wrote nothing that can be shown
└── ModelUnusable           the embedding model cannot be loaded, or is not the one it claims to be
"""

import errno
import os
import re
from pathlib import Path


class CorpusError(Exception):
    """A sentence for the person who asked, with the remedy."""


class InputRefused(CorpusError): ...


class QuestionRefused(InputRefused): ...


class FilterRefused(InputRefused): ...


class EntryUnknown(InputRefused): ...


class QuoteGone(InputRefused): ...


class NothingToUndo(InputRefused): ...


class PlanRefused(InputRefused): ...


class SourceUnknown(InputRefused): ...


class SourceRefused(InputRefused): ...


class FileRefused(InputRefused): ...


class DataUnusable(CorpusError): ...


class ResourceShort(DataUnusable): ...


class DiskFull(ResourceShort): ...


class AccessDenied(ResourceShort): ...


class HandlesShort(ResourceShort): ...


class Unreachable(ResourceShort): ...


class MemoryShort(ResourceShort): ...


class ArchiveDamaged(DataUnusable): ...


class IndexMissing(DataUnusable): ...


class IndexDamaged(DataUnusable): ...


class IndexOutdated(IndexDamaged): ...


class RefreshRunning(CorpusError): ...


class ModelUnusable(CorpusError): ...


class WriterFailed(CorpusError): ...


# What is short → what is said of it after the place, and the remedy.
REMEDIES: dict[type[ResourceShort], tuple[str, str]] = {
    DiskFull: ("cannot grow", "make room and try again"),
    AccessDenied: ("cannot be opened or written", "check its permissions, or set FOOTNOTE_DATA_DIR to another folder"),
    HandlesShort: ("cannot be opened", "raise the limit of open files (`ulimit -n`) and try again"),
    Unreachable: ("cannot be reached", "check the drive or the network it is on and try again"),
    MemoryShort: ("cannot be held in memory", "free memory, or raise its limit (`ulimit -v`), and try again"),
}
BY_ERRNO: dict[int, type[ResourceShort]] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), DiskFull),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), AccessDenied),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), HandlesShort),
    # Of a drive that went, or of another machine's. What a connection says is no word on a file.
    **dict.fromkeys((errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.EHOSTDOWN), Unreachable),
    **dict.fromkeys((errno.ENOMEM, errno.EAGAIN), MemoryShort),  # EAGAIN: no thread or process may be started
}
# Of SQLite: FULL, IOERR_WRITE; PERM, READONLY, AUTH; NOMEM, IOERR_NOMEM. The first number that fits is meant.
BY_SQLITE_CODE: dict[int, type[ResourceShort]] = {
    **dict.fromkeys((13, 778), DiskFull),
    **dict.fromkeys((3, 8, 23), AccessDenied),
    **dict.fromkeys((7, 3082), MemoryShort),
}
SQLITE_CANTOPEN = 14
# What Chroma says, without a reason, of a graph that it cannot open or hold; its files were verified before.
NOT_LOADED = "error loading hnsw index"
# Words of libraries that do not tell the system's own: SQLite, C++, hnswlib, Rust, Python.
BY_WORDS: dict[str, type[ResourceShort]] = {
    "disk is full": DiskFull,
    "read-only": AccessDenied,
    "readonly": AccessDenied,
    "bad_alloc": MemoryShort,
    "not enough memory": MemoryShort,
    "out of memory": MemoryShort,
    "memory allocation": MemoryShort,
    "start new thread": MemoryShort,
    "spawn thread": MemoryShort,
    **{os.strerror(number).lower(): kind for number, kind in BY_ERRNO.items()},
}
OPENED_AT_ONCE = 12  # files at most that opening a store takes


def shortage_of(error: BaseException, place: Path) -> ResourceShort | None:
    """What the system did not give, where an error at this place comes of that; None where it comes of the data.

    Native libraries tell the cause in their words alone, if at all: "Too many open files (os error 24)".
    """
    reason = " ".join(str(error).split())[-200:]
    kind = _kind_of_shortage(error, reason.lower(), place)
    if kind is None:
        return None
    problem, remedy = REMEDIES[kind]
    return kind(f"{place} {problem} ({reason or type(error).__name__}); {remedy}. Nothing is damaged.")


def _kind_of_shortage(error: BaseException, reason: str, place: Path) -> type[ResourceShort] | None:
    if isinstance(error, MemoryError):
        return MemoryShort
    if isinstance(error, OSError) and error.errno is not None:
        return BY_ERRNO.get(error.errno)
    code_in_words = re.search(r"\(code: (\d+)\)", reason)
    code = getattr(error, "sqlite_errorcode", None) or (int(code_in_words[1]) if code_in_words else 0)
    if code & 0xFF == SQLITE_CANTOPEN:
        return _why_not_opened(place)
    if NOT_LOADED in reason:
        return _why_not_opened(place) or MemoryShort
    by_code = BY_SQLITE_CODE.get(code) or BY_SQLITE_CODE.get(code & 0xFF)
    return by_code or next((kind for words, kind in BY_WORDS.items() if words in reason), None)


def _why_not_opened(place: Path) -> type[ResourceShort] | None:
    """Why a library that does not tell could not open files at a place; None where it is for no want of ours."""
    handles: list[int] = []
    try:
        handles.append(os.open(place, os.O_RDONLY))
        for _ in range(OPENED_AT_ONCE):
            handles.append(os.dup(handles[0]))
    except OSError as error:
        return BY_ERRNO.get(error.errno or 0)
    finally:
        for handle in handles:
            os.close(handle)
    return None if os.access(place, os.W_OK) and os.access(place.parent, os.W_OK) else AccessDenied


def is_panic(error: BaseException) -> bool:
    """Whether a library's Rust core gave up: that is no Exception, but damage like any other."""
    return type(error).__name__ == "PanicException"
