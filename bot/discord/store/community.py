"""The bot's own small record, in one SQLite file: answers, feedback, gaps, settings, threads, the moderator log.

It holds no text of a message but the question that a feedback or a gap needs, and people as keyed hashes. Losing it
stops no answer. Synchronous; one connection, used by one thread at a time. A `guild` of None, where it is allowed,
means all servers and direct messages together.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.discord.store.database import CommunityBusy, CommunityDamaged, CommunityFull, CommunityNewer, Record
from bot.discord.store.migrations import MIGRATIONS
from bot.discord.store.models import (
    ANSWERS_KEPT,
    FORMER_MODERATOR,
    GAPS_KEPT,
    LOG_KEPT,
    PENDING_KEPT,
    THREADS_KEPT,
    VOTES_KEPT,
    Card,
    Feedback,
    Forgotten,
    Gap,
    GuildSettings,
    KeptAnswer,
    KeptCitation,
    LogLine,
    Pending,
    SettingRefused,
    Verdict,
    Votes,
    changed,
)

__all__ = [
    "MIGRATIONS",
    "Card",
    "Community",
    "CommunityBusy",
    "CommunityDamaged",
    "CommunityFull",
    "CommunityNewer",
    "Feedback",
    "Forgotten",
    "Gap",
    "GuildSettings",
    "KeptAnswer",
    "KeptCitation",
    "LogLine",
    "Pending",
    "SettingRefused",
    "Verdict",
    "Votes",
]

QUESTION_AT_MOST = 1000  # characters of a question, and of a reason, that are kept
ANSWER = "id, made, guild, channel, message, asker, private, covered, generation, filters, citations, related"


class Community(Record):
    """An open record. Whatever is wrong with its file leaves as a CommunityDamaged."""

    migrations = MIGRATIONS

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._secret: bytes | None = None

    # People

    def person(self, user_id: int) -> str:
        """What stands for a user in this record: 32 hexadecimal digits that only this record's secret can make."""
        if self._secret is None:
            self._run("INSERT OR IGNORE INTO secret VALUES (1, ?)", secrets.token_bytes(32))
            self._secret = bytes(self._rows("SELECT value FROM secret")[0][0])
        return hmac.new(self._secret, str(user_id).encode(), "sha256").hexdigest()[:32]

    def forget(self, user_id: int) -> Forgotten:
        """Delete what this person said, also as the question of somebody's vote, and take their name from the rest."""
        person = self.person(user_id)
        with self._transaction():
            asked = "(SELECT id FROM answers WHERE asker = ?)"
            self._run(f"UPDATE feedback SET question = '' WHERE answer IN {asked}", person)  # noqa: S608  constant
            forgotten = Forgotten(
                pending=tuple(i for (i,) in self._rows("SELECT id FROM pending WHERE person = ?", person)),
                answers=self._run("UPDATE answers SET asker = '' WHERE asker = ?", person),
                feedback=self._run("DELETE FROM feedback WHERE person = ?", person),
                gaps=self._run("DELETE FROM gaps WHERE person = ?", person),
                log=self._run("UPDATE log SET user_id = 0, name = ? WHERE user_id = ?", FORMER_MODERATOR, user_id),
            )
            self._run("DELETE FROM pending WHERE person = ?", person)
        if forgotten != Forgotten(0, 0, 0):  # with 100,000 answers (75 MB) it takes 2 s
            self._erase()
        return forgotten

    def forget_server(self, guild: int) -> None:
        """The bot has left a server: its settings, threads, cards and announcements go; the rest by its age."""
        with self._transaction():
            self._run("DELETE FROM numbers WHERE thread IN (SELECT thread FROM threads WHERE guild = ?)", guild)
            for table in ("threads", "settings", "announced", "cards", "pending"):
                self._run(f"DELETE FROM {table} WHERE guild = ?", guild)  # noqa: S608  constant names

    # Answers

    def keep_answer(self, answer: KeptAnswer) -> None:
        citations = _json([asdict(citation) for citation in answer.citations])
        places = (answer.guild, answer.channel, answer.message)
        said = (answer.asker, answer.private, answer.covered, answer.generation)
        kept = (_json(dict(answer.filters)), citations, _json(answer.related))
        values = (answer.id, _stamp(answer.made), *places, *said, *kept)
        self._run(f"INSERT OR REPLACE INTO answers ({ANSWER}) VALUES ({', '.join('?' * 12)})", *values)  # noqa: S608

    def place_answer(self, answer_id: str, channel: int, message: int) -> None:
        """Say which message shows the answer: known only when it has been sent, and again when it is shared."""
        self._run("UPDATE answers SET channel = ?, message = ? WHERE id = ?", channel, message, answer_id)

    def answer(self, answer_id: str) -> KeptAnswer | None:
        return self._answer("id", answer_id)

    def answer_of_message(self, message_id: int) -> KeptAnswer | None:
        return self._answer("message", message_id)

    def _answer(self, column: str, value: str | int) -> KeptAnswer | None:
        with self._errors():
            rows = self._rows(f"SELECT {ANSWER} FROM answers WHERE {column} = ?", value)  # noqa: S608  constant columns
            return _answer(rows[0]) if rows else None

    def drop_answer(self, answer_id: str) -> None:
        """The answer's message is gone, and its question with it."""
        with self._transaction():
            self._run("DELETE FROM answers WHERE id = ?", answer_id)
            self._run("UPDATE feedback SET question = '' WHERE answer = ?", answer_id)

    # Feedback

    def vote(
        self, answer_id: str, person: str, verdict: Verdict, question: str, guild: int | None, at: datetime
    ) -> None:
        """A person's vote on an answer, or the change of it; the reason of a vote goes when the vote is changed.

        The question is who asked's own, and kept as long as they are known.
        """
        self._run(
            "INSERT INTO feedback (answer, person, verdict, question, guild, at) VALUES (?1, ?2, ?3, "
            "CASE WHEN EXISTS (SELECT 1 FROM answers WHERE id = ?1 AND asker <> '') THEN ?4 ELSE '' END, ?5, ?6) "
            "ON CONFLICT DO UPDATE SET reason = CASE WHEN verdict = excluded.verdict THEN reason END, "
            "verdict = excluded.verdict, at = excluded.at",
            *(answer_id, person, verdict, question[:QUESTION_AT_MOST], guild, _stamp(at)),
        )

    def reason(self, answer_id: str, person: str, text: str) -> None:
        """Why this person voted against it, at most 1,000 characters; without such a vote, nothing is kept."""
        reason = text[:QUESTION_AT_MOST]
        self._run(
            "UPDATE feedback SET reason = ? WHERE answer = ? AND person = ? AND verdict = 'down'",
            reason,
            answer_id,
            person,
        )

    def votes(self, guild: int | None) -> Votes:
        rows = self._rows(
            "SELECT verdict, count(*) FROM feedback WHERE guild = ?1 OR ?1 IS NULL GROUP BY verdict", guild
        )
        counts = dict(rows)
        return Votes(up=counts.get("up", 0), down=counts.get("down", 0))

    def feedback(self, guild: int | None, limit: int) -> list[Feedback]:
        """The last votes, newest first."""
        with self._errors():
            rows = self._rows(
                "SELECT answer, verdict, question, reason, guild, at FROM feedback WHERE guild = ?1 OR ?1 IS NULL "
                "ORDER BY at DESC, rowid DESC LIMIT ?2",
                *(guild, limit),
            )
            return [Feedback(a, v, q, r, server, _time(at)) for a, v, q, r, server, at in rows]

    # Gaps

    def record_gap(self, question: str, guild: int | None, person: str, at: datetime) -> None:
        self._run(
            "INSERT INTO gaps (guild, key, person, question, times, last) VALUES (?, ?, ?, ?, 1, ?) "
            "ON CONFLICT DO UPDATE SET question = excluded.question, times = times + 1, "
            "last = max(last, excluded.last)",
            *(guild or 0, _key(question), person, question[:QUESTION_AT_MOST], _stamp(at)),
        )

    def gaps(self, guild: int | None, limit: int, offset: int = 0) -> list[Gap]:
        """What was asked most often and is not covered first; of those, the last asked."""
        with self._errors():
            rows = self._rows(  # beside max(), SQLite takes `question` from the row that has the maximum
                "SELECT question, sum(times), max(last) FROM gaps WHERE guild = ?1 OR ?1 IS NULL GROUP BY key "
                "ORDER BY sum(times) DESC, max(last) DESC, key LIMIT ?2 OFFSET ?3",
                *(guild, limit, offset),
            )
            return [Gap(question, times, _time(last)) for question, times, last in rows]

    def count_gaps(self, guild: int | None) -> int:
        rows = self._rows("SELECT count(DISTINCT key) FROM gaps WHERE guild = ?1 OR ?1 IS NULL", guild)
        return int(rows[0][0])

    def close_gap(self, guild: int | None, question: str) -> bool:
        """Take a gap off the list, until it is asked again; whether it was there."""
        return self._run("DELETE FROM gaps WHERE (guild = ?1 OR ?1 IS NULL) AND key = ?2", guild, _key(question)) > 0

    # Settings

    def settings(self, guild: int) -> GuildSettings:
        with self._errors():
            rows = self._rows("SELECT fields FROM settings WHERE guild = ?", guild)
            return _settings(rows[0][0]) if rows else GuildSettings()

    def change_settings(self, guild: int, **changes: Any) -> GuildSettings:
        """Change what is named and keep the rest. Raises SettingRefused for what cannot be, and changes nothing."""
        with self._transaction():
            settings = changed(self.settings(guild), changes)
            self._run("INSERT OR REPLACE INTO settings VALUES (?, ?)", guild, _json(asdict(settings)))
        return settings

    # Threads

    def open_thread(self, thread: int, guild: int | None, at: datetime) -> None:
        self._run("INSERT OR IGNORE INTO threads VALUES (?, ?, ?)", thread, guild, _stamp(at))

    def is_thread(self, thread: int) -> bool:
        """Whether the bot opened this thread."""
        return bool(self._rows("SELECT 1 FROM threads WHERE thread = ?", thread))

    def numbers(self, thread: int) -> dict[str, int]:
        """Entry id → the number that it has in this thread, for good."""
        return dict(self._rows("SELECT entry, number FROM numbers WHERE thread = ? ORDER BY number", thread))

    def number_entries(self, thread: int, entry_ids: Iterable[str]) -> dict[str, int]:
        """The thread's numbers, with the next ones for those of these entries that have none yet."""
        with self._transaction():
            numbers = self.numbers(thread)
            for entry in dict.fromkeys(entry_ids):
                if entry not in numbers:
                    numbers[entry] = max(numbers.values(), default=0) + 1
                    self._run("INSERT INTO numbers VALUES (?, ?, ?)", thread, entry, numbers[entry])
        return numbers

    def forget_channel(self, channel: int) -> list[int]:
        """Drop a deleted channel or thread from threads and settings; the servers whose settings named it."""
        named: list[int] = []
        with self._transaction(), self._errors():
            self._run("DELETE FROM numbers WHERE thread = ?", channel)
            self._run("DELETE FROM threads WHERE thread = ?", channel)
            rows = self._rows("SELECT guild, fields FROM settings WHERE instr(fields, ?)", str(channel))
            for guild, stored in rows:
                before = _settings(stored)
                if channel == before.announce or channel in before.channels:
                    kept = tuple(c for c in before.channels if c != channel)
                    announce = None if channel == before.announce else before.announce
                    after = changed(before, {"channels": kept, "announce": announce})
                    self._run("UPDATE settings SET fields = ? WHERE guild = ?", _json(asdict(after)), guild)
                    named.append(guild)
        return named

    # The moderator log

    def record(self, guild: int, user_id: int, name: str, what: str, at: datetime) -> None:
        values = (guild, user_id, name, what, _stamp(at))
        self._run("INSERT INTO log (guild, user_id, name, what, at) VALUES (?, ?, ?, ?, ?)", *values)

    def log(self, guild: int, limit: int) -> list[LogLine]:
        """What moderators did, the last first."""
        with self._errors():
            rows = self._rows(
                "SELECT at, user_id, name, what FROM log WHERE guild = ? ORDER BY id DESC LIMIT ?", guild, limit
            )
            return [LogLine(_time(at), *row) for at, *row in rows]

    # Announcements

    def unannounced(self, guild: int, entry_ids: Sequence[str]) -> list[str]:
        """Those of these entries that this server has not been told of, in their order, each once."""
        told = {entry for (entry,) in self._rows("SELECT entry FROM announced WHERE guild = ?", guild)}
        return [entry for entry in dict.fromkeys(entry_ids) if entry not in told]

    def mark_announced(self, guild: int, entry_ids: Iterable[str]) -> None:
        with self._transaction():
            for entry in entry_ids:
                self._run("INSERT OR IGNORE INTO announced VALUES (?, ?)", guild, entry)

    # Jobs

    def open_card(self, card_id: str, guild: int, channel: int, message: int, what: str, at: datetime) -> None:
        values = (card_id, guild, channel, message, what, _stamp(at))
        self._run("INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?)", *values)

    def close_card(self, card_id: str) -> None:
        self._run("DELETE FROM cards WHERE id = ?", card_id)

    def open_cards(self) -> list[Card]:
        """The cards of jobs that have not ended, or whose end could not be shown; the oldest first."""
        with self._errors():
            rows = self._rows("SELECT id, guild, channel, message, what, at FROM cards ORDER BY at, rowid")
            return [Card(i, guild, channel, message, what, _time(at)) for i, guild, channel, message, what, at in rows]

    def keep_pending(self, pending_id: str, guild: int, person: str, words: Sequence[str], at: datetime) -> None:
        values = (pending_id, guild, person, _json(words), _stamp(at))
        self._run("INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?, ?)", *values)

    def pending(self, pending_id: str) -> Pending | None:
        with self._errors():
            rows = self._rows("SELECT id, guild, person, words, at FROM pending WHERE id = ?", pending_id)
            if not rows:
                return None
            found, guild, person, words, at = rows[0]
            return Pending(found, guild, person, tuple(json.loads(words)), _time(at))

    def drop_pending(self, pending_id: str) -> bool:
        """Whether it was there: of two who press Apply at once, one is told True."""
        return self._run("DELETE FROM pending WHERE id = ?", pending_id) > 0

    # Small things, and what is too old

    def remembered(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM remembered WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def remember(self, name: str, value: str) -> None:
        self._run("INSERT OR REPLACE INTO remembered VALUES (?, ?)", name, value)

    def prune(self, now: datetime) -> None:
        """Drop what is older than it is kept, and leave nothing of it in the files."""
        with self._transaction():
            self._run("DELETE FROM answers WHERE made < ?", _stamp(now - ANSWERS_KEPT))
            self._run("DELETE FROM cards WHERE at < ?", _stamp(now - ANSWERS_KEPT))
            self._run("DELETE FROM gaps WHERE last < ?", _stamp(now - GAPS_KEPT))
            self._run("DELETE FROM feedback WHERE at < ?", _stamp(now - VOTES_KEPT))
            self._run("UPDATE feedback SET question = '' WHERE answer NOT IN (SELECT id FROM answers)")
            self._run("DELETE FROM log WHERE at < ?", _stamp(now - LOG_KEPT))
            self._run("DELETE FROM pending WHERE at < ?", _stamp(now - PENDING_KEPT))
            threads = _stamp(now - THREADS_KEPT)
            self._run("DELETE FROM numbers WHERE thread IN (SELECT thread FROM threads WHERE at < ?)", threads)
            self._run("DELETE FROM threads WHERE at < ?", threads)
        self._erase()


def _key(question: str) -> str:
    return " ".join(question[:QUESTION_AT_MOST].casefold().split())


def _json(value: Any) -> str:
    return json.dumps(value)  # in ASCII: then half a surrogate pair comes back as it was


def _stamp(at: datetime) -> str:
    """In one form, so that texts compare as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _answer(row: tuple[Any, ...]) -> KeptAnswer:
    answer_id, made, guild, channel, message, asker, private, covered, generation, filters, citations, related = row
    return KeptAnswer(
        id=answer_id,
        made=_time(made),
        guild=guild,
        channel=channel,
        message=message,
        asker=asker,
        private=bool(private),
        covered=bool(covered),
        generation=generation,
        filters=json.loads(filters),
        citations=tuple(KeptCitation(**citation) for citation in json.loads(citations)),
        related=tuple(json.loads(related)),
    )


def _settings(stored: str) -> GuildSettings:
    """Settings as stored; a field of a newer version is left aside."""
    known = {n: v for n, v in json.loads(stored).items() if n in GuildSettings.__dataclass_fields__}
    return changed(GuildSettings(), known)
