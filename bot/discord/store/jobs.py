"""The cards of jobs at work, and the changes that wait for somebody to confirm them."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.discord.store.database import Repository, in_json, stamp, time_of
from bot.discord.store.models import Card, Pending


class Cards(Repository):
    def open(self, card_id: str, guild: int, channel: int, message: int, what: str, at: datetime) -> None:
        values = (card_id, guild, channel, message, what, stamp(at))
        self._db.run("INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?)", *values)

    def close(self, card_id: str) -> None:
        self._db.run("DELETE FROM cards WHERE id = ?", card_id)

    def all(self) -> list[Card]:
        """Return the cards of jobs that have not ended, or whose end could not be shown; the oldest first."""
        with self._db.errors():
            rows = self._db.rows("SELECT id, guild, channel, message, what, at FROM cards ORDER BY at, rowid")
            return [
                Card(i, guild, channel, message, what, time_of(at)) for i, guild, channel, message, what, at in rows
            ]


class PendingChanges(Repository):
    def keep(self, pending_id: str, guild: int, person: str, words: Sequence[str], at: datetime) -> None:
        values = (pending_id, guild, person, in_json(words), stamp(at))
        self._db.run("INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?, ?)", *values)

    def get(self, pending_id: str) -> Pending | None:
        with self._db.errors():
            rows = self._db.rows("SELECT id, guild, person, words, at FROM pending WHERE id = ?", pending_id)
            if not rows:
                return None
            found, guild, person, words, at = rows[0]
            return Pending(found, guild, person, tuple(json.loads(words)), time_of(at))

    def drop(self, pending_id: str) -> bool:
        """Drop it, and return whether it was there: of two who press Apply at once, one gets True."""
        return self._db.run("DELETE FROM pending WHERE id = ?", pending_id) > 0
