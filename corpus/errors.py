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
│   ├── DiskFull            no space, or no permission to grow
│   ├── ArchiveDamaged      the record cannot be read
│   ├── IndexMissing        nothing has been indexed yet
│   ├── IndexDamaged        a generation cannot be read
│   └── IndexOutdated       the index was made with another model, splitter or distance
├── RefreshRunning          another process is refreshing
└── ModelUnusable           the embedding model cannot be loaded, or is not the one it claims to be
"""


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


class DiskFull(DataUnusable): ...


class ArchiveDamaged(DataUnusable): ...


class IndexMissing(DataUnusable): ...


class IndexDamaged(DataUnusable): ...


class IndexOutdated(DataUnusable): ...


class RefreshRunning(CorpusError): ...


class ModelUnusable(CorpusError): ...


def tells_of_a_full_disk(reason: str) -> bool:
    """Whether a foreign library's words mean that a file could not grow; 13 and 778 are SQLite's codes for it."""
    said = reason.lower()
    return any(part in said for part in ("no space", "disk is full", "file too large", "code: 13)", "code: 778)"))


def is_panic(error: BaseException) -> bool:
    """Whether a library's Rust core gave up: that is no Exception, but damage like any other."""
    return type(error).__name__ == "PanicException"
