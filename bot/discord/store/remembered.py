"""Small things that outlive a restart, each under its name."""

from bot.discord.store.database import Repository


class Remembered(Repository):
    def get(self, name: str) -> str | None:
        rows = self._db.rows("SELECT value FROM remembered WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set(self, name: str, value: str) -> None:
        self._db.run("INSERT OR REPLACE INTO remembered VALUES (?, ?)", name, value)
