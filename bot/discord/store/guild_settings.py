"""What a server's moderators have set."""

import json
from dataclasses import asdict
from typing import Any

from bot.discord.store.database import Repository, in_json
from bot.discord.store.models import GuildSettings, changed


class SettingsStore(Repository):
    def get(self, guild: int) -> GuildSettings:
        with self._db.errors():
            rows = self._db.rows("SELECT fields FROM settings WHERE guild = ?", guild)
            return _settings(rows[0][0]) if rows else GuildSettings()

    def change(self, guild: int, **changes: Any) -> GuildSettings:
        """Change what is named and keep the rest. Raises SettingRefused for what cannot be, and changes nothing."""
        with self._db.transaction():
            settings = changed(self.get(guild), changes)
            self._db.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", guild, in_json(asdict(settings)))
        return settings

    def forget_channel(self, channel: int) -> list[int]:
        """Take a deleted channel out of all settings, within a transaction; return the servers that had named it."""
        named: list[int] = []
        for guild, stored in self._db.rows("SELECT guild, fields FROM settings WHERE instr(fields, ?)", str(channel)):
            before = _settings(stored)
            if channel == before.announce or channel in before.channels:
                channels = tuple(c for c in before.channels if c != channel)
                announce = None if channel == before.announce else before.announce
                after = changed(before, {"channels": channels, "announce": announce})
                self._db.run("UPDATE settings SET fields = ? WHERE guild = ?", in_json(asdict(after)), guild)
                named.append(guild)
        return named


def _settings(stored: str) -> GuildSettings:
    """Return settings as stored; a field of a newer version is left aside."""
    known = {n: v for n, v in json.loads(stored).items() if n in GuildSettings.__dataclass_fields__}
    return changed(GuildSettings(), known)
