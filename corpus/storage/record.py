"""The record of a data folder, in one SQLite file: the only truth, from which the index is derived.

A generation of the index carries a copy of the current entries in the same form, so that it answers by itself, and so
that a lost archive can be restored from it (`restore.py`).
"""

from pathlib import Path

from corpus.storage.cross_posts import CrossPosts
from corpus.storage.database import Database
from corpus.storage.entries import Entries
from corpus.storage.history import History
from corpus.storage.source_state import SourceStates


class Record:
    """An open record, by subject: its entries, their history in runs, its sources, its cross-posts."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the record at this path, and make it where it does not exist yet (unless `read_only`).

        Raises a DataUnusable. Who writes holds the lock of the data folder.
        """
        self.database = Database(path, read_only=read_only)
        self.entries = Entries(self.database)
        self.sources = SourceStates(self.database)
        self.cross_posts = CrossPosts(self.database)
        self.history = History(self.database, self.entries, self.sources)

    def close(self) -> None:
        self.database.close()
