"""The bot's own small record, in one SQLite file: one repository a subject, and what concerns several of them.

It holds no text of a message but the question that a feedback or a gap needs, and people as keyed hashes. Losing it
stops no answer. Synchronous; one connection, used by one thread at a time.
"""

from datetime import datetime
from pathlib import Path
from typing import Self

from bot.discord.store.announcements import Announcements
from bot.discord.store.answers import Answers
from bot.discord.store.database import Database, stamp
from bot.discord.store.feedback import FeedbackStore
from bot.discord.store.gaps import Gaps
from bot.discord.store.guild_settings import SettingsStore
from bot.discord.store.jobs import Cards, PendingChanges
from bot.discord.store.migrations import MIGRATIONS
from bot.discord.store.models import (
    ANSWERS_KEPT,
    FORMER_MODERATOR,
    GAPS_KEPT,
    LOG_KEPT,
    PENDING_KEPT,
    THREADS_KEPT,
    VOTES_KEPT,
    Forgotten,
)
from bot.discord.store.moderation_log import ModerationLog
from bot.discord.store.people import People
from bot.discord.store.remembered import Remembered
from bot.discord.store.threads import Threads


class Community:
    """An open record. Whatever is wrong with its file leaves as a CommunityDamaged."""

    def __init__(self, path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> None:
        """Open the record, and make it where it does not exist yet."""
        self._db = database = Database(path, migrations)
        self.people = People(database)
        self.answers = Answers(database)
        self.feedback = FeedbackStore(database)
        self.gaps = Gaps(database)
        self.settings = SettingsStore(database)
        self.threads = Threads(database)
        self.log = ModerationLog(database)
        self.announcements = Announcements(database)
        self.cards = Cards(database)
        self.pending = PendingChanges(database)
        self.remembered = Remembered(database)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def forget(self, user_id: int) -> Forgotten:
        """Delete what this person said, also as the question of somebody's vote, and take their name from the rest."""
        person = self.people.hash_of(user_id)
        with self._db.transaction():
            asked = "(SELECT id FROM answers WHERE asker = ?)"
            self._db.run(f"UPDATE feedback SET question = '' WHERE answer IN {asked}", person)  # noqa: S608  constant
            forgotten = Forgotten(
                pending=tuple(i for (i,) in self._db.rows("SELECT id FROM pending WHERE person = ?", person)),
                answers=self._db.run("UPDATE answers SET asker = '' WHERE asker = ?", person),
                feedback=self._db.run("DELETE FROM feedback WHERE person = ?", person),
                gaps=self._db.run("DELETE FROM gaps WHERE person = ?", person),
                log=self._db.run("UPDATE log SET user_id = 0, name = ? WHERE user_id = ?", FORMER_MODERATOR, user_id),
            )
            self._db.run("DELETE FROM pending WHERE person = ?", person)
        if forgotten != Forgotten(0, 0, 0):  # with 100,000 answers (75 MB) it takes 2 s
            self._db.erase()
        return forgotten

    def forget_server(self, guild: int) -> None:
        """Delete a server that the bot has left: settings, threads, cards, announcements; the rest goes by its age."""
        with self._db.transaction():
            self._db.run("DELETE FROM numbers WHERE thread IN (SELECT thread FROM threads WHERE guild = ?)", guild)
            for table in ("threads", "settings", "announced", "cards", "pending"):
                self._db.run(f"DELETE FROM {table} WHERE guild = ?", guild)  # noqa: S608  constant names

    def forget_channel(self, channel: int) -> list[int]:
        """Drop a deleted channel or thread from threads and settings; return the servers whose settings named it."""
        with self._db.transaction(), self._db.errors():
            self.threads.forget(channel)
            return self.settings.forget_channel(channel)

    def prune(self, now: datetime) -> None:
        """Drop what is older than it is kept, and leave nothing of it in the files."""
        with self._db.transaction():
            self._db.run("DELETE FROM answers WHERE made < ?", stamp(now - ANSWERS_KEPT))
            self._db.run("DELETE FROM cards WHERE at < ?", stamp(now - ANSWERS_KEPT))
            self._db.run("DELETE FROM gaps WHERE last < ?", stamp(now - GAPS_KEPT))
            self._db.run("DELETE FROM feedback WHERE at < ?", stamp(now - VOTES_KEPT))
            self._db.run("UPDATE feedback SET question = '' WHERE answer NOT IN (SELECT id FROM answers)")
            self._db.run("DELETE FROM log WHERE at < ?", stamp(now - LOG_KEPT))
            self._db.run("DELETE FROM pending WHERE at < ?", stamp(now - PENDING_KEPT))
            threads = stamp(now - THREADS_KEPT)
            self._db.run("DELETE FROM numbers WHERE thread IN (SELECT thread FROM threads WHERE at < ?)", threads)
            self._db.run("DELETE FROM threads WHERE at < ?", threads)
        self._db.erase()
