"""What the buttons under an answer need after a restart, and how often each entry is cited in them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.discord.store.database import COMMUNITY, CommunityDamaged, Repository, in_json, rows_of, stamp, time_of
from bot.discord.store.models import KeptAnswer, KeptCitation

CITED = "SELECT json_extract(value, '$.entry'), count(*) FROM answers, json_each(answers.citations) GROUP BY 1"
COLUMNS = "id, made, guild, channel, message, asker, private, covered, generation, filters, citations, related"


class Answers(Repository):
    def keep(self, answer: KeptAnswer) -> None:
        citations = in_json([asdict(citation) for citation in answer.citations])
        place = (answer.guild, answer.channel, answer.message)
        about = (answer.asker, answer.private, answer.covered, answer.generation)
        content = (in_json(dict(answer.filters)), citations, in_json(answer.related))
        statement = f"INSERT OR REPLACE INTO answers ({COLUMNS}) VALUES ({', '.join('?' * 12)})"  # noqa: S608  constant
        self._db.run(statement, answer.id, stamp(answer.made), *place, *about, *content)

    def place(self, answer_id: str, channel: int, message: int) -> None:
        """Say which message shows the answer: known only when it has been sent, and again when it is shared."""
        self._db.run("UPDATE answers SET channel = ?, message = ? WHERE id = ?", channel, message, answer_id)

    def get(self, answer_id: str) -> KeptAnswer | None:
        return self._find("id", answer_id)

    def of_message(self, message_id: int) -> KeptAnswer | None:
        return self._find("message", message_id)

    def _find(self, column: str, value: str | int) -> KeptAnswer | None:
        with self._db.errors():
            rows = self._db.rows(f"SELECT {COLUMNS} FROM answers WHERE {column} = ?", value)  # noqa: S608  constant
            return _answer(rows[0]) if rows else None

    def drop(self, answer_id: str) -> None:
        """The answer's message is gone, and its question with it, also in the votes on it."""
        with self._db.transaction():
            self._db.run("DELETE FROM answers WHERE id = ?", answer_id)
            self._db.run("UPDATE feedback SET question = '' WHERE answer = ?", answer_id)


def _answer(row: tuple[Any, ...]) -> KeptAnswer:
    answer_id, made, guild, channel, message, asker, private, covered, generation, filters, citations, related = row
    return KeptAnswer(
        id=answer_id,
        made=time_of(made),
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


def cited_in(data_dir: Path) -> dict[str, int]:
    """Return entry id → how often the kept answers cite it; nothing where there are none, or they cannot be read."""
    try:
        return {str(entry): int(times) for entry, times in rows_of(data_dir / COMMUNITY, CITED)}
    except (CommunityDamaged, ValueError, TypeError):  # it is only a figure: `run` says what is wrong
        return {}
