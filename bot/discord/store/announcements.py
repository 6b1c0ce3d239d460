"""Which entries were announced in each server."""

from collections.abc import Iterable, Sequence

from bot.discord.store.database import Repository


class Announcements(Repository):
    def missing_in(self, guild: int, entry_ids: Sequence[str]) -> list[str]:
        """Return those of these entries that were not announced in this server, in their order, each once."""
        announced = {entry for (entry,) in self._db.rows("SELECT entry FROM announced WHERE guild = ?", guild)}
        return [entry for entry in dict.fromkeys(entry_ids) if entry not in announced]

    def mark(self, guild: int, entry_ids: Iterable[str]) -> None:
        with self._db.transaction():
            for entry in entry_ids:
                self._db.run("INSERT OR IGNORE INTO announced VALUES (?, ?)", guild, entry)
