"""What was asked and the corpus does not cover."""

from datetime import datetime

from bot.discord.store.database import Repository, stamp, time_of
from bot.discord.store.models import QUESTION_AT_MOST, Gap


class Gaps(Repository):
    """A `guild` of None means all servers and direct messages together; of `add`, a direct message."""

    def add(self, question: str, guild: int | None, person: str, at: datetime) -> None:
        self._db.run(
            "INSERT INTO gaps (guild, key, person, question, times, last) VALUES (?, ?, ?, ?, 1, ?) "
            "ON CONFLICT DO UPDATE SET question = excluded.question, times = times + 1, "
            "last = max(last, excluded.last)",
            *(guild or 0, _key(question), person, question[:QUESTION_AT_MOST], stamp(at)),
        )

    def most_asked(self, guild: int | None, limit: int, offset: int = 0) -> list[Gap]:
        """Return what is not covered: what was asked most often first; of those, the last asked."""
        with self._db.errors():
            rows = self._db.rows(  # beside max(), SQLite takes `question` from the row that has the maximum
                "SELECT question, sum(times), max(last) FROM gaps WHERE guild = ?1 OR ?1 IS NULL GROUP BY key "
                "ORDER BY sum(times) DESC, max(last) DESC, key LIMIT ?2 OFFSET ?3",
                *(guild, limit, offset),
            )
            return [Gap(question, times, time_of(last)) for question, times, last in rows]

    def count(self, guild: int | None) -> int:
        rows = self._db.rows("SELECT count(DISTINCT key) FROM gaps WHERE guild = ?1 OR ?1 IS NULL", guild)
        return int(rows[0][0])

    def close(self, guild: int | None, question: str) -> bool:
        """Take a gap off the list, until it is asked again; return whether it was there."""
        return self._db.run("DELETE FROM gaps WHERE (guild = ?1 OR ?1 IS NULL) AND key = ?2", guild, _key(question)) > 0


def _key(question: str) -> str:
    return " ".join(question[:QUESTION_AT_MOST].casefold().split())
