"""The threads that the bot has opened, and the numbers that entries have in them."""

from collections.abc import Iterable
from datetime import datetime

from bot.discord.store.database import Repository, stamp


class Threads(Repository):
    def open(self, thread: int, guild: int | None, at: datetime) -> None:
        self._db.run("INSERT OR IGNORE INTO threads VALUES (?, ?, ?)", thread, guild, stamp(at))

    def contains(self, thread: int) -> bool:
        """Return whether the bot opened this thread."""
        return bool(self._db.rows("SELECT 1 FROM threads WHERE thread = ?", thread))

    def numbers(self, thread: int) -> dict[str, int]:
        """Return entry id → the number that it has in this thread, for good."""
        return dict(self._db.rows("SELECT entry, number FROM numbers WHERE thread = ? ORDER BY number", thread))

    def number(self, thread: int, entry_ids: Iterable[str]) -> dict[str, int]:
        """Return the thread's numbers, with the next ones for those of these entries that have none yet."""
        with self._db.transaction():
            numbers = self.numbers(thread)
            for entry in dict.fromkeys(entry_ids):
                if entry not in numbers:
                    numbers[entry] = max(numbers.values(), default=0) + 1
                    self._db.run("INSERT INTO numbers VALUES (?, ?, ?)", thread, entry, numbers[entry])
        return numbers

    def forget(self, thread: int) -> None:
        """Drop a thread and its numbers, within a transaction."""
        self._db.run("DELETE FROM numbers WHERE thread = ?", thread)
        self._db.run("DELETE FROM threads WHERE thread = ?", thread)
