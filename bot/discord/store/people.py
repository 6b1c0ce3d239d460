"""Who somebody is, without a name: keyed hashes in place of ids."""

import hmac
import secrets

from bot.discord.store.database import Database, Repository


class People(Repository):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._secret: bytes | None = None

    def hash_of(self, user_id: int) -> str:
        """Return what stands for a user in this record: 32 hexadecimal digits that only its own secret can make."""
        if self._secret is None:
            self._db.run("INSERT OR IGNORE INTO secret VALUES (1, ?)", secrets.token_bytes(32))
            self._secret = bytes(self._db.rows("SELECT value FROM secret")[0][0])
        return hmac.new(self._secret, str(user_id).encode(), "sha256").hexdigest()[:32]
