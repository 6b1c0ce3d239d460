"""What moderators did."""

from datetime import datetime

from bot.discord.store.database import Repository, stamp, time_of
from bot.discord.store.models import LogLine


class ModerationLog(Repository):
    def add(self, guild: int, user_id: int, name: str, what: str, at: datetime) -> None:
        values = (guild, user_id, name, what, stamp(at))
        self._db.run("INSERT INTO log (guild, user_id, name, what, at) VALUES (?, ?, ?, ?, ?)", *values)

    def last(self, guild: int, limit: int) -> list[LogLine]:
        """Return what moderators did, the last first."""
        with self._db.errors():
            rows = self._db.rows(
                "SELECT at, user_id, name, what FROM log WHERE guild = ? ORDER BY id DESC LIMIT ?", guild, limit
            )
            return [LogLine(time_of(at), *row) for at, *row in rows]
