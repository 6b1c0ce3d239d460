"""Which entries are cross-posts of others, and the signatures of the texts by which they are found.

Derived from the texts, and made anew where one changes: no change of the record, so no run.
"""

from collections.abc import Mapping

from corpus.storage.database import Database


class CrossPosts:
    """Reads and keeps signatures of texts, and the cross-posts that were found by them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def signatures(self) -> dict[int, bytes]:
        """Return number → signature, of those entries whose signature is that of their present text."""
        joined = "fingerprints f JOIN entries e USING (number) WHERE f.hash = e.hash"
        with self._database.reading() as db:
            return dict(db.execute(f"SELECT f.number, f.signature FROM {joined}"))  # noqa: S608

    def is_up_to_date(self) -> bool:
        """Return whether there is a signature of each entry's present text, and of nothing else."""
        gone = "SELECT EXISTS (SELECT 1 FROM fingerprints WHERE number NOT IN (SELECT number FROM entries))"
        with self._database.reading() as db:
            return not self.unsigned() and db.execute(gone).fetchone() == (0,)

    def unsigned(self) -> list[int]:
        """Return the numbers of the entries that have no signature of their present text."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT e.number FROM entries e LEFT JOIN fingerprints f USING (number) "
                "WHERE f.hash IS NULL OR f.hash != e.hash ORDER BY e.number"
            ).fetchall()
        return [number for (number,) in rows]

    def replace(self, signatures: Mapping[int, bytes], copies: Mapping[int, int]) -> None:
        """Keep the signatures of these entries' present texts, and which entries are cross-posts of which, at once."""
        signed = "INSERT OR REPLACE INTO fingerprints SELECT number, hash, ? FROM entries WHERE number = ?"
        with self._database.writing() as db:
            db.executemany(signed, [(signature, number) for number, signature in signatures.items()])
            db.execute("DELETE FROM fingerprints WHERE number NOT IN (SELECT number FROM entries)")
            db.execute("DELETE FROM copies")
            db.executemany("INSERT INTO copies VALUES (?, ?)", copies.items())
