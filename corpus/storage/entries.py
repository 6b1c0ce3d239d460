"""The entries of the record as they are, with their sources and cross-posts: all that answers need."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from corpus.errors import EntryUnknown
from corpus.models.entries import Access, Block, Byline, Entry, Person, Section, Title, Wording, voice_of
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.storage.database import Database, holds_anything
from corpus.storage.restore import write_copy
from corpus.storage.schema import WITH_BLOCKS, WITH_SECTIONS
from corpus.text.canonical_url import page_key
from corpus.text.name_search import find_nearest
from corpus.text.person_name import name_matches

COLUMNS = (
    "source, kind, tier, url, title, people, published, access, wording, summary, text, language, licence, sections, "
    "blocks"
)
WITHOUT_BLOCKS = COLUMNS.replace("blocks", "'[]'")
WITHOUT_SECTIONS = WITHOUT_BLOCKS.replace("language, licence, sections", "NULL, NULL, '[]'")
LONGEST_SHOWN = 120  # characters of an id or address that no entry has
LATELY, LONGEST_KEPT = 128, 50_000  # entries that are kept as they were read, none of more characters: at most 13 MB
AT_ONCE = 500  # numbers in one query: SQLite allows a bounded number of parameters


class Entries:
    """Reads the entries of an archive, or of a generation's copy of one. Every failure is a CorpusError."""

    def __init__(self, database: Database, *, never_changes: bool = False) -> None:
        self._database = database
        self._never_changes = never_changes
        self._columns = COLUMNS if database.version >= WITH_BLOCKS else WITHOUT_BLOCKS
        if database.version < WITH_SECTIONS:
            self._columns = WITHOUT_SECTIONS
        self._lately: dict[int, Entry] = {}  # replaced, never changed: another thread may be reading it

    @classmethod
    def of_copy(cls, path: Path) -> Self:
        """Open a generation's copy, which never changes. Raises a DataUnusable; who opens it closes it."""
        return cls(Database(path, read_only=True, immutable=True), never_changes=True)

    def close(self) -> None:
        self._database.close()

    def write_copy(self, path: Path, base: Path | None = None, changed: Iterable[int] = ()) -> None:
        """Write all that a generation keeps of the record into a file of its own.

        `base`: such a file, from which the entries with these numbers alone differ.
        """
        write_copy(self._database, path, base, changed)

    # One entry, or several

    def entry(self, entry_id: str) -> tuple[int, Entry] | None:
        """Return an entry with its number, or None where no entry has this id."""
        # Half a surrogate pair, which SQLite refuses, becomes a backslash and more, which no id has.
        sought = entry_id.encode("utf-8", "backslashreplace").decode()
        with self._database.reading() as db:
            found = db.execute(f"SELECT number, id, {self._columns} FROM entries WHERE id = ?", (sought,))  # noqa: S608
            row = found.fetchone()
            return (row[0], _entry(row[1:])) if row else None

    def entries(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return number → entry, of those numbers that exist. Of a copy, those read lately are not read again."""
        lately = self._lately
        found = {number: lately[number] for number in numbers if number in lately}
        missing = [int(number) for number in numbers if number not in found]
        read: dict[int, Entry] = {}
        with self._database.reading() as db:
            for start in range(0, len(missing), AT_ONCE):
                part = missing[start : start + AT_ONCE]
                wanted = f"WHERE number IN ({','.join('?' * len(part))})"
                rows = db.execute(f"SELECT number, id, {self._columns} FROM entries {wanted}", part)  # noqa: S608
                read.update((row[0], _entry(row[1:])) for row in rows)
        if read and self._never_changes:
            fitting = {number: entry for number, entry in read.items() if len(entry.text) <= LONGEST_KEPT}
            self._lately = dict([*lately.items(), *fitting.items()][-LATELY:])
        return found | read

    def each(self, numbers: Sequence[int]) -> Iterator[tuple[int, Entry]]:
        """Yield the entries of these numbers, in their order, read a few at a time."""
        for start in range(0, len(numbers), 100):
            part = numbers[start : start + 100]
            found = self.entries(part)
            yield from ((n, found[n]) for n in part if n in found)

    def every(self) -> Iterator[Entry]:
        """Yield all entries as they are at one moment, whatever is written meanwhile; the longest there first."""
        with self._database.reading() as db:
            for row in db.execute(f"SELECT id, {self._columns} FROM entries ORDER BY number"):  # noqa: S608
                yield _entry(row)

    def without_blocks(self, most: int) -> list[tuple[int, Entry]]:
        """Return at most so many entries that were archived before blocks were kept, with their numbers."""
        query = f"SELECT number, id, {self._columns} FROM entries WHERE blocks IS NULL LIMIT ?"  # noqa: S608
        with self._database.reading() as db:
            return [(row[0], _entry(row[1:])) for row in db.execute(query, (most,))]

    def keep_blocks(self, found: Mapping[int, Sequence[Block]]) -> None:
        """Keep the blocks of these entries, by number: they are told from a text that stays, so this is no run."""
        with self._database.writing() as db:
            rows = [(json.dumps(blocks, ensure_ascii=False), number) for number, blocks in found.items()]
            db.executemany("UPDATE entries SET blocks = ? WHERE number = ?", rows)

    def entry_at(self, address: str) -> tuple[int, Entry] | None:
        """Return the entry with this address, in any form of it, with its number; of two, the one that was there first.

        None where no entry has it, or where it is no address.
        """
        if "/" not in address:
            return None  # as in no id: what has one may be an address without its scheme
        sought = page_key(address if "://" in address else f"https://{address}")
        with self._database.reading() as db:
            rows = db.execute("SELECT number, url FROM entries WHERE url IS NOT NULL ORDER BY number")
            number = next((number for number, url in rows if page_key(url) == sought), None)
        return (number, self.entries([number])[number]) if number is not None else None

    def unknown(self, entry_id: str) -> EntryUnknown:
        """Return what to raise for an id or address that no entry has: it names those that may be meant."""
        near = self.find_titles(entry_id)
        hint = "Did you mean " + ", or ".join(f"{i} ({title})" for i, title in near) + "?" if near else ""
        what = "address" if "/" in entry_id else "id"
        shown = repr(entry_id[:LONGEST_SHOWN])
        return EntryUnknown(f"No entry has the {what} {shown}. {hint or 'List the ids with `footnote entries`.'}")

    # Lists

    def select(self, filters: Filters) -> list[int]:
        """Return the numbers of the entries that pass the filters, newest first. Names match without case, in part."""
        wanted = [
            ("published >= ?", filters.since and filters.since.isoformat()),
            ("published <= ?", filters.until and filters.until.isoformat()),
            ("source = ?", filters.source),
            ("kind = ?", filters.kind),
        ]
        given = [(clause, value) for clause, value in wanted if value is not None]
        where = " AND ".join(clause for clause, _ in given) or "1"
        order = "published DESC, title, id"
        blocks = "blocks" if self._database.version >= WITH_BLOCKS else "NULL"
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT number, people, {blocks} FROM entries WHERE {where} ORDER BY {order}",  # noqa: S608  from above
                [value for _, value in given],
            ).fetchall()
            if not (filters.person or filters.speakers or filters.others_than):
                return [n for n, *_ in rows]
            return [n for n, people, marked in rows if _passes(json.loads(people), json.loads(marked or "[]"), filters)]

    def titles(self) -> list[Title]:
        """Return every entry's title, newest first; no text is read."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id, title, published, source, kind FROM entries ORDER BY published DESC, title, id"
            )
            return [Title(i, title, date.fromisoformat(day), source, kind) for i, title, day, source, kind in rows]

    def find_titles(self, written: str, limit: int = 3) -> list[tuple[str, str]]:
        """Return (id, title) of entries that may be meant by an id, a title or an address, the likeliest first."""
        words = unquote(re.split(r"[?#]", written)[0]).strip("/").rpartition("/")[2]
        with self._database.reading() as db:
            rows = db.execute("SELECT id, title FROM entries ORDER BY published DESC, title, id").fetchall()
        return [rows[place] for place in find_nearest(words, rows, limit)]

    def people(self) -> list[str]:
        """Return the names of all people, those with most entries first."""
        with self._database.reading() as db:
            rows = db.execute("SELECT people FROM entries")
            names = Counter(person["name"] for (people,) in rows for person in json.loads(people))
        return sorted(names, key=lambda name: (-names[name], name))

    def bylines(self) -> dict[int, Byline]:
        """Return number → what names it, of every entry; no text is read."""
        with self._database.reading() as db:
            rows = db.execute("SELECT number, title, source, people, published, url FROM entries")
            return {
                number: Byline(
                    title,
                    source,
                    tuple(person["name"] for person in json.loads(people)),
                    date.fromisoformat(day),
                    url or "",
                )
                for number, title, source, people, day, url in rows
            }

    def sources(self) -> dict[str, Source]:
        """Return slug → source, of every source that has been described."""
        with self._database.reading() as db:
            rows = db.execute("SELECT slug, fields FROM sources ORDER BY slug").fetchall()
            return {slug: _source(fields) for slug, fields in rows}

    def used_sources(self) -> list[str]:
        """Return the slugs of the sources that have entries."""
        with self._database.reading() as db:
            return [slug for (slug,) in db.execute("SELECT DISTINCT source FROM entries ORDER BY source")]

    # Single facts of all entries

    def languages(self, most: int) -> tuple[list[str], list[str]]:
        """Return the tags of the languages that entries state, and the texts of at most so many that state none."""
        column = "language" if "language" in self._columns else "NULL"
        with self._database.reading() as db:
            stated = db.execute(f"SELECT DISTINCT {column} FROM entries WHERE {column} IS NOT NULL")  # noqa: S608
            silent = db.execute(f"SELECT text FROM entries WHERE {column} IS NULL LIMIT ?", (most,))  # noqa: S608
            return [tag for (tag,) in stated], [text for (text,) in silent]

    def count(self) -> int:
        """Return how many entries there are."""
        with self._database.reading() as db:
            return int(db.execute("SELECT count(*) FROM entries").fetchone()[0])

    def is_untouched(self) -> bool:
        """Return whether nothing was ever taken in. An archive whose last entry was removed is no such one."""
        with self._database.reading() as db:
            return not holds_anything(db)

    def hashes(self) -> dict[str, str]:
        """Return id → content hash, of every entry."""
        with self._database.reading() as db:
            return dict(db.execute("SELECT id, hash FROM entries"))

    def numbered_hashes(self) -> dict[int, str]:
        """Return number → content hash, of every entry: what an index compares itself with."""
        with self._database.reading() as db:
            return dict(db.execute("SELECT number, hash FROM entries"))

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """Return id → number, of those of these ids that are there."""
        sought = set(ids)
        with self._database.reading() as db:
            return {i: number for i, number in db.execute("SELECT id, number FROM entries") if i in sought}

    def days(self) -> dict[int, date]:
        """Return number → day of publication, of every entry."""
        with self._database.reading() as db:
            rows = db.execute("SELECT number, published FROM entries")
            return {number: date.fromisoformat(day) for number, day in rows}

    def kinds_of_text(self) -> dict[str, tuple[Access, Wording]]:
        """Return id → whether its text is the whole, and whose words it is, of every entry."""
        with self._database.reading() as db:
            rows = db.execute("SELECT id, access, wording FROM entries")
            return {entry_id: (access, wording) for entry_id, access, wording in rows}

    def copies(self) -> dict[int, int]:
        """Return number → number of the original, of every cross-post as known last: one of the two may be gone."""
        if self._database.version < WITH_SECTIONS:
            return {}
        with self._database.reading() as db:
            return dict(db.execute("SELECT number, original FROM copies"))


def _source(fields: str) -> Source:
    """A source from what was archived; a newer version's fields are left aside."""
    known = {name: value for name, value in json.loads(fields).items() if name in Source.__dataclass_fields__}
    return Source(**known | {"pages": tuple(known.get("pages", ()))})


def _passes(people: list[dict[str, str]], blocks: list[list[Any]], filters: Filters) -> bool:
    """Whether an entry with these people and blocks passes, by what the filters say of people."""
    if filters.person is not None and not any(name_matches(filters.person, p["name"]) for p in people):
        return False
    voice = set(voice_of((p["name"], p["role"]) for p in people))
    voice |= {
        speaker for _, _, kind, speaker in blocks if speaker and kind != "quote"
    }  # each speaks in lines of his own
    if filters.speakers and voice.isdisjoint(filters.speakers):
        return False
    return not voice or not voice <= set(filters.others_than)


def _entry(row: tuple[Any, ...]) -> Entry:
    entry_id, source, kind, tier, url, title, people, published, access, wording, summary, text, *rest = row
    language, licence, sections, blocks = rest
    return Entry(
        id=entry_id,
        source=source,
        kind=kind,
        tier=tier,
        url=url,
        title=title,
        people=tuple(Person(**p) for p in json.loads(people)),
        published=date.fromisoformat(published),
        summary=summary,
        text=text,
        access=access,
        wording=wording,
        language=language,
        licence=licence,
        sections=tuple(Section(*section) for section in json.loads(sections)),
        blocks=tuple(Block(*block) for block in json.loads(blocks or "[]")),
    )
