"""Votes on answers, with the reasons that members gave."""

from datetime import datetime

from bot.discord.store.database import Repository, stamp, time_of
from bot.discord.store.models import QUESTION_AT_MOST, Feedback, Verdict, Votes


class FeedbackStore(Repository):
    """A `guild` of None, where it may be, means all servers and direct messages together."""

    def vote(
        self, answer_id: str, person: str, verdict: Verdict, question: str, guild: int | None, at: datetime
    ) -> None:
        """A person's vote on an answer, or the change of it; the reason of a vote goes when the vote is changed.

        The question is who asked's own, and kept as long as they are known.
        """
        self._db.run(
            "INSERT INTO feedback (answer, person, verdict, question, guild, at) VALUES (?1, ?2, ?3, "
            "CASE WHEN EXISTS (SELECT 1 FROM answers WHERE id = ?1 AND asker <> '') THEN ?4 ELSE '' END, ?5, ?6) "
            "ON CONFLICT DO UPDATE SET reason = CASE WHEN verdict = excluded.verdict THEN reason END, "
            "verdict = excluded.verdict, at = excluded.at",
            *(answer_id, person, verdict, question[:QUESTION_AT_MOST], guild, stamp(at)),
        )

    def give_reason(self, answer_id: str, person: str, text: str) -> None:
        """Why this person voted against it, at most 1,000 characters; without such a vote, nothing is kept."""
        reason = text[:QUESTION_AT_MOST]
        self._db.run(
            "UPDATE feedback SET reason = ? WHERE answer = ? AND person = ? AND verdict = 'down'",
            reason,
            answer_id,
            person,
        )

    def count(self, guild: int | None) -> Votes:
        rows = self._db.rows(
            "SELECT verdict, count(*) FROM feedback WHERE guild = ?1 OR ?1 IS NULL GROUP BY verdict", guild
        )
        counts = dict(rows)
        return Votes(up=counts.get("up", 0), down=counts.get("down", 0))

    def last(self, guild: int | None, limit: int) -> list[Feedback]:
        """Return the last votes, newest first."""
        with self._db.errors():
            rows = self._db.rows(
                "SELECT answer, verdict, question, reason, guild, at FROM feedback WHERE guild = ?1 OR ?1 IS NULL "
                "ORDER BY at DESC, rowid DESC LIMIT ?2",
                *(guild, limit),
            )
            return [Feedback(a, v, q, r, server, time_of(at)) for a, v, q, r, server, at in rows]
