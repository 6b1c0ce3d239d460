"""The record: what goes in comes out exactly, nothing is forgotten, and damage is told with its remedy."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from build import entry

from corpus.errors import ArchiveDamaged, DataUnusable, DiskFull
from corpus.models.entries import Block, Person, Title
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.models.updates import Counts, Run
from corpus.storage.record import Record
from corpus.storage.restore import restore
from corpus.storage.schema import SCHEMA_VERSION

NO_COUNTS = Counts()
ODD = "One.\r\nTwo.\u2028Three.\u0085 \ttab\n\n\n🙂 👩‍👩‍👧 e\u0301 שלום '; DROP TABLE entries; -- % _ \\ \x1b \ufeff "
LAMBERT, BALL, ZOE = Person("Nathan Lambert", "author"), Person("Dean W. Ball", "guest"), Person("Zoë Ångström", "host")
ENTRIES = [
    entry(id="april", published=date(2026, 4, 20), people=(LAMBERT,), title="April"),
    entry(id="may", published=date(2026, 5, 1), people=(BALL, ZOE), source="huggingface", title="May"),
    entry(id="may-b", published=date(2026, 5, 1), people=(), title="B of May"),
    entry(id="guide", published=date(2025, 12, 31), people=(ZOE,), kind="guide", source="footnote", title="Guide"),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "archive.sqlite3"


@pytest.fixture
def record(path):
    with closing(Record(path)) as opened:
        yield opened


def put(record, *entries, sources=(), now=None):
    record.history.apply(sources, [(one, f"hash of {one.text} {one.title}") for one in entries], NO_COUNTS, now)


def rows(path, query):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


# What goes in comes out


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"text": ODD, "summary": ODD, "title": ODD},
        {"people": (BALL, LAMBERT, ZOE, Person('"quoted" \\ name', "author"))},
        {"people": (), "url": None, "summary": ""},
        {"kind": "guide", "tier": 3, "access": "teaser", "wording": "summary", "published": date(1, 1, 1)},
        {"text": "x" * 2_000_000},
        {"id": "größe-🙂-'x'"},
    ],
    ids=range(7),
)
def test_an_entry_comes_out_exactly_as_it_went_in(record, path, changes):
    given = entry(**changes)
    put(record, given)
    record.close()
    with closing(Record(path)) as again:
        number, found = again.entries.entry(given.id)
        assert found == given
        assert again.entries.entries([number]) == {number: given}


def test_a_new_archive_is_empty(record):
    assert (
        record.entries.count(),
        record.entries.hashes(),
        record.entries.sources(),
        record.entries.select(Filters()),
    ) == (0, {}, {}, [])
    assert (record.entries.people(), record.entries.used_sources(), record.entries.find_titles("a")) == ([], [], [])


def test_an_unknown_id_or_number_is_none_or_left_out(record):
    put(record, entry())
    assert record.entries.entry("GAP") is None
    assert record.entries.entry("\udcff") is None
    assert record.entries.entries([99, 1]) == {1: entry()}
    assert record.entries.entries([]) == {}


def test_more_entries_than_one_query_takes_are_found_and_in_the_order_asked_for(record):
    put(record, *[entry(id=f"e{n}") for n in range(1203)])
    numbers = list(range(1203, 0, -1))
    assert [n for n, _ in record.entries.each(numbers)] == numbers
    assert len(record.entries.entries(numbers)) == 1203


def test_hashes_are_known_by_id_and_by_number(record):
    record.history.apply([], [(entry(id="a"), "1"), (entry(id="b"), "2")], NO_COUNTS)
    assert record.entries.hashes() == {"a": "1", "b": "2"}
    assert record.entries.numbered_hashes() == {1: "1", 2: "2"}


def test_a_source_is_known_as_it_was_described_last(record):
    first = Source("b", "Beta", 2, "https://b.example", "https://b.example/feed", "rss", "essay")
    put(record, sources=[first, Source("a", "Alpha", 1)])
    put(record, sources=[Source("b", "Beta, renamed", 3)])
    assert record.entries.sources() == {"a": Source("a", "Alpha", 1), "b": Source("b", "Beta, renamed", 3)}


# Change


def test_a_changed_entry_keeps_its_number_and_its_former_version(record, path):
    put(record, entry(id="other"), entry(text="Six months."), now=datetime(2026, 6, 1, tzinfo=UTC))
    before = record.entries.entry("gap")[0]
    put(record, entry(text="Nine months.\u2028"), now=datetime(2026, 6, 2, 12, tzinfo=UTC))
    put(record, entry(text="A year."), now=datetime(2026, 6, 3, tzinfo=UTC))
    assert record.entries.entry("gap") == (before, entry(text="A year."))
    assert record.entries.count() == 2
    kept = rows(
        path,
        "SELECT h.id, finished, json_extract(fields, '$.text') FROM history h JOIN runs r ON r.id = h.run ORDER BY run",
    )
    assert kept == [
        ("gap", "2026-06-02T12:00:00+00:00", "Six months."),
        ("gap", "2026-06-03T00:00:00+00:00", "Nine months.\u2028"),
    ]


def test_the_history_holds_every_field_of_a_former_version(record, path):
    put(record, entry(people=(BALL,), published=date(2026, 4, 20)))
    put(record, entry(people=()))
    [(people, published)] = rows(path, "SELECT fields ->> '$.people', fields ->> '$.published' FROM history")
    assert "Dean W. Ball" in people
    assert published == "2026-04-20"


def test_a_new_entry_has_no_history(record, path):
    put(record, *ENTRIES)
    assert rows(path, "SELECT * FROM history") == []


def test_a_run_is_kept_with_its_counts_when_the_record_changed_and_not_otherwise(record):
    record.history.apply([], [(entry(), "h")], Counts(1, 0, 4, 2), datetime(2026, 6, 1, tzinfo=UTC), by="Ada")
    record.history.apply([], [], Counts(0, 0, 5, 2), datetime(2026, 6, 2, tzinfo=UTC))
    record.history.apply([Source("a", "A", 1)], [], Counts(0, 0, 5, 0), datetime(2026, 6, 3, tzinfo=UTC))
    assert record.history.runs(9) == [
        Run(2, datetime(2026, 6, 3, tzinfo=UTC), "refresh", "", 0, 0, 5, 0, 0),
        Run(1, datetime(2026, 6, 1, tzinfo=UTC), "refresh", "Ada", 1, 0, 4, 2, 0),
    ]
    assert record.history.runs(1) == record.history.runs(9)[:1]


def test_a_refresh_that_breaks_off_leaves_the_archive_as_it_was(record, path):
    put(record, entry(text="Before."), sources=[Source("a", "A", 1)])

    def breaking_off():
        yield entry(text="After."), "new hash"
        yield entry(id="second"), "hash"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        record.history.apply([Source("a", "Renamed", 1)], breaking_off(), NO_COUNTS)
    record.close()
    with closing(Record(path)) as again:
        assert again.entries.entries([1, 2]) == {1: entry(text="Before.")}
        assert again.entries.sources()["a"].name == "A"
    assert rows(path, "SELECT * FROM history") == []


def test_a_reader_sees_what_another_has_committed(record, path):
    with closing(Record(path)) as reader:
        put(record, entry())
        assert reader.entries.count() == 1


# Choosing


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), ["may-b", "may", "april", "guide"]),
        (Filters(since=date(2026, 5, 1)), ["may-b", "may"]),
        (Filters(since=date(2026, 5, 2)), []),
        (Filters(until=date(2026, 4, 20)), ["april", "guide"]),
        (Filters(since=date(2026, 4, 20), until=date(2026, 4, 20)), ["april"]),
        (Filters(source="interconnects"), ["may-b", "april"]),
        (Filters(source="inter"), []),
        (Filters(kind="guide"), ["guide"]),
        (Filters(kind="event"), ["may-b", "may", "april"]),
        (Filters(person="Nathan Lambert"), ["april"]),
        (Filters(person="lambert"), ["april"]),
        (Filters(person="ZOË"), ["may", "guide"]),
        (Filters(person="Ball"), ["may"]),
        (Filters(person="guest"), []),
        (Filters(person="nobody"), []),
        (Filters(person="%"), []),
        (Filters(person="Zoë", kind="event", source="huggingface", since=date(2026, 1, 1)), ["may"]),
        (Filters(person="Zoë", kind="guide", since=date(2026, 1, 1)), []),
        (Filters(source="' OR 1 --"), []),
    ],
    ids=range(19),
)
def test_filters_choose_entries_newest_first_then_by_title(record, filters, ids):
    put(record, *ENTRIES)
    numbers = record.entries.select(filters)
    found = record.entries.entries(numbers)
    assert [found[n].id for n in numbers] == ids


def test_people_are_listed_by_how_many_entries_they_have(record):
    put(record, *ENTRIES)
    assert record.entries.people() == ["Zoë Ångström", "Dean W. Ball", "Nathan Lambert"]


def test_used_sources_are_those_that_have_entries(record):
    put(record, *ENTRIES, sources=[Source("unused", "Unused", 1)])
    assert record.entries.used_sources() == ["footnote", "huggingface", "interconnects"]


def test_titles_come_newest_first_then_in_order(record):
    assert record.entries.titles() == []
    put(record, *ENTRIES)
    assert record.entries.titles() == [
        Title("may-b", "B of May", date(2026, 5, 1), "interconnects", "event"),
        Title("may", "May", date(2026, 5, 1), "huggingface", "event"),
        Title("april", "April", date(2026, 4, 20), "interconnects", "event"),
        Title("guide", "Guide", date(2025, 12, 31), "footnote", "guide"),
    ]


@pytest.mark.parametrize(
    ("sought", "ids"),
    [
        ("MAY", ["may", "may-b"]),
        ("b of", ["may-b"]),
        ("guide", ["guide"]),
        ("giude", ["guide"]),
        ("https://example.org/2026/giude/?a=b", ["guide"]),
        ("%", []),
        ("x", []),
        ("", []),
        ("https://example.org/", []),
    ],
)
def test_titles_and_ids_are_found_by_part_or_misspelt_and_by_the_end_of_an_address(record, sought, ids):
    put(record, *ENTRIES)
    assert sorted(i for i, _ in record.entries.find_titles(sought)) == ids


def test_no_more_titles_than_asked_for(record):
    put(record, *[entry(id=f"e{n}") for n in range(9)])
    assert len(record.entries.find_titles("gap")) == 3
    assert len(record.entries.find_titles("gap", limit=2)) == 2


@pytest.mark.parametrize(
    "written",
    [
        "https://example.org/piece",
        "http://www.example.org/piece/?utm_source=letter#part",
        "example.org/piece",
    ],
)
def test_an_entry_is_found_by_any_form_of_its_address(record, written):
    put(record, entry(id="other", url="https://example.org/other"), entry(id="none", url=None))
    put(record, entry(id="piece", url="https://example.org/piece"))
    assert record.entries.entry_at(written)[1].id == "piece"


@pytest.mark.parametrize("written", ["", "piece", "https://example.org/", "https://[bad", "x/y", "/" * 5000])
def test_what_is_no_address_of_an_entry_finds_none(record, written):
    put(record, entry(id="piece", url="https://example.org/piece"))
    assert record.entries.entry_at(written) is None


# Copy and restore


def test_a_copy_answers_by_itself_and_restores_a_lost_archive_with_the_same_numbers(record, path, tmp_path):
    put(record, *ENTRIES, sources=[Source("a", "A", 1)])
    put(record, entry(id="april", text=ODD))
    expected = {n: record.entries.entries([n])[n] for n in record.entries.select(Filters())}
    hashes = record.entries.numbered_hashes()
    copy = tmp_path / "copy.sqlite3"
    record.entries.write_copy(copy)
    record.close()
    path.unlink()
    with closing(Record(copy, read_only=True)) as reader:
        assert reader.entries.entries(list(expected)) == expected
        assert reader.entries.sources() == {"a": Source("a", "A", 1)}
    assert restore(path, [tmp_path / "missing", copy]) == copy
    with closing(Record(path)) as again:
        assert again.entries.entries(list(expected)) == expected
        assert again.entries.numbered_hashes() == hashes
        put(again, entry(id="next"))
        assert again.entries.entry("next")[0] not in expected
    assert rows(path, "SELECT count(*) FROM history") == [(0,)]
    assert [file.name for file in tmp_path.glob("*.restoring")] == []


def test_copies_are_known_as_they_were_told_last_and_an_older_form_knows_none(record, tmp_path):
    put(record, *ENTRIES)
    record.cross_posts.replace({}, {4: 3})
    record.cross_posts.replace({}, {2: 1, 3: 1})
    record.entries.write_copy(tmp_path / "copy.sqlite3")
    with closing(Record(tmp_path / "copy.sqlite3", read_only=True)) as copy:
        assert copy.entries.copies() == record.entries.copies() == {2: 1, 3: 1}
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as db, db:
        db.executescript("DROP TABLE copies; PRAGMA user_version = 2")
    with closing(Record(tmp_path / "copy.sqlite3", read_only=True)) as old:
        assert old.entries.copies() == {}


def test_a_copy_stays_as_it_was_when_the_archive_changes(record, tmp_path):
    put(record, entry(text="Before."))
    record.entries.write_copy(tmp_path / "copy.sqlite3")
    put(record, entry(text="After."), entry(id="second"))
    with closing(Record(tmp_path / "copy.sqlite3", read_only=True)) as copy:
        assert copy.entries.entries([1, 2]) == {1: entry(text="Before.")}


def test_a_copy_open_for_reading_cannot_be_written(record, tmp_path):
    record.entries.write_copy(tmp_path / "copy.sqlite3")
    with closing(Record(tmp_path / "copy.sqlite3", read_only=True)) as copy, pytest.raises(DataUnusable):
        put(copy, entry())


def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "a?mode=rw#b%20c é'"
    folder.mkdir()
    with closing(Record(folder / "archive.sqlite3")) as record:
        put(record, entry())
        record.entries.write_copy(folder / "copy.sqlite3")
    with closing(Record(folder / "copy.sqlite3", read_only=True)) as copy:
        assert copy.entries.count() == 1


# What can go wrong


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("content", [b"hello", b"hello world" * 1000, b"\0" * 4096, b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_database_is_told_with_the_remedy_and_left_alone(path, content, read_only):
    path.write_bytes(content)
    with pytest.raises(ArchiveDamaged, match="move the file away and run `footnote refresh`") as caught:
        Record(path, read_only=read_only)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_told(path):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE entries (name TEXT)")
    with pytest.raises(ArchiveDamaged, match="footnote refresh"):
        Record(path)


def test_half_a_database_is_told_when_it_is_read(record, tmp_path):
    put(record, *[entry(id=f"e{n}", text=f"{n} " * 2000) for n in range(50)])
    record.entries.write_copy(tmp_path / "copy.sqlite3")
    whole = (tmp_path / "copy.sqlite3").read_bytes()
    half = tmp_path / "half.sqlite3"
    half.write_bytes(whole[: len(whole) // 2])

    def read():
        with closing(Record(half, read_only=True)) as opened:
            opened.entries.entries(list(range(1, 51)))

    with pytest.raises(ArchiveDamaged, match="footnote refresh"):
        read()


def test_an_entry_that_cannot_be_understood_is_told(record, path):
    put(record, entry())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET people = 'no json'")
    with pytest.raises(ArchiveDamaged, match="footnote refresh"):
        record.entries.entries([1])


@pytest.mark.parametrize("read_only", [False, True])
def test_an_archive_of_a_newer_version_is_told_and_left_alone(path, read_only):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE entries (number, hash, shape_of_tomorrow)")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(ArchiveDamaged, match="newer version of footnote; install that version"):
        Record(path, read_only=read_only)
    assert rows(path, "SELECT name FROM sqlite_master") == [("entries",)]


def test_a_place_that_cannot_be_written_is_told_by_its_path(path, tmp_path):
    path.write_text("a file, not a folder")
    for place in (path / "archive.sqlite3", tmp_path / "missing" / "archive.sqlite3", tmp_path):
        with pytest.raises(DataUnusable, match="check the folder and its permissions") as caught:
            Record(place)
        assert str(place) in str(caught.value)


def test_a_copy_that_is_missing_is_told(tmp_path):
    with pytest.raises(DataUnusable, match="missing"):
        Record(tmp_path / "missing.sqlite3", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_restoring_to_a_place_that_cannot_be_written_is_told(record, path, tmp_path):
    put(record, entry())
    record.entries.write_copy(tmp_path / "copy.sqlite3")
    with pytest.raises(DataUnusable):
        restore(path / "archive.sqlite3", [tmp_path / "copy.sqlite3"])


def test_a_full_disk_is_told_and_what_was_there_remains(record):
    put(record, entry(text="Before."))
    with record.database.reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull, match="make room and try again"):
        put(record, entry(id="big", text="x" * 1_000_000))
    assert record.entries.entries([1, 2]) == {1: entry(text="Before.")}


def test_an_archive_that_another_process_writes_is_told_as_that(record, path):
    with record.database.reading() as db:
        db.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataUnusable, match="is in use by another process; try again"):
            put(record, entry())


def test_a_damaged_row_is_the_archives_fault(tmp_path):
    record = Record(tmp_path / "a.sqlite3")
    record.history.apply([], [(entry(), "hash")], Counts(1))
    record.close()
    with sqlite3.connect(tmp_path / "a.sqlite3") as db:
        db.execute("UPDATE entries SET people = 'no json'")
    record = Record(tmp_path / "a.sqlite3")
    for read in (
        lambda: record.entries.entry(entry().id),
        lambda: record.entries.select(Filters(person="x")),
        record.entries.people,
    ):
        with pytest.raises(ArchiveDamaged):
            read()


def test_the_journal_of_a_lost_archive_does_not_reach_the_restored_one(tmp_path):
    lost, copy = tmp_path / "a.sqlite3", tmp_path / "copy.sqlite3"
    record = Record(lost)
    record.history.apply([], [(entry(), "hash")], Counts(1))
    record.entries.write_copy(copy)
    record.history.apply([], [(entry(id="later"), "hash")], Counts(1))
    assert (tmp_path / "a.sqlite3-wal").exists()
    lost.unlink()
    restore(lost, [copy])
    restored = Record(lost)
    assert list(restored.entries.hashes()) == [entry().id]
    record.close()


def test_what_is_restored_is_the_first_copy_that_is_whole(record, path, tmp_path):
    put(record, *[entry(id=f"e{n}", text=f"{n} " * 2000) for n in range(50)])
    record.entries.write_copy(tmp_path / "whole.sqlite3")
    record.close()
    path.unlink()
    whole = (tmp_path / "whole.sqlite3").read_bytes()
    (tmp_path / "half.sqlite3").write_bytes(whole[: len(whole) // 2])
    assert restore(path, [tmp_path / "half.sqlite3"]) is None
    assert not path.exists()
    assert restore(path, [tmp_path / "half.sqlite3", tmp_path / "whole.sqlite3"]) == tmp_path / "whole.sqlite3"


def test_reading_neither_writes_nor_waits_for_a_writer(record, path):
    put(record, entry())
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    before = path.read_bytes()
    with closing(Record(path, read_only=True)) as reader:
        assert list(reader.entries.hashes()) == ["gap"]
    assert path.read_bytes() == before
    writer.execute("ROLLBACK")
    writer.close()


def test_a_source_with_a_field_of_a_newer_version_is_still_a_source(record, path):
    put(record, sources=[Source("a", "A", 1)])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE sources SET fields = json_set(fields, '$.colour', 'blue')")
    assert record.entries.sources() == {"a": Source("a", "A", 1)}


def test_an_archive_from_before_blocks_were_kept_tells_them_later_and_reads_without_them(record, tmp_path):
    put(record, entry(blocks=(Block(0, 23, "quote", "Bo"),)), entry(id="second"))
    copy = tmp_path / "copy.sqlite3"
    record.entries.write_copy(copy)
    with closing(sqlite3.connect(copy)) as db, db:
        db.executescript("DROP INDEX entry_facts; ALTER TABLE entries DROP COLUMN blocks; PRAGMA user_version = 3")
    with closing(Record(copy, read_only=True)) as old:
        assert [one.blocks for one in old.entries.every()] == [(), ()]
    with closing(Record(copy)) as brought_up:
        waiting = brought_up.entries.without_blocks(9)
        assert [number for number, _ in waiting] == [1, 2]
        brought_up.entries.keep_blocks({1: (Block(0, 4, "list"),), 2: ()})
        assert brought_up.entries.without_blocks(9) == []
        assert [one.blocks for one in brought_up.entries.every()] == [(Block(0, 4, "list"),), ()]


def test_who_has_lines_of_his_own_in_an_entry_is_found_by_his_name(record):
    people = (Person("Ada Quill", "host"), Person("Cy Wren", "guest"))
    put(record, entry(people=people), entry(id="talk", people=people, blocks=(Block(0, 9, "prose", "Ada Quill"),)))
    assert record.entries.select(Filters(speakers=("Ada Quill",))) == [2]
    assert record.entries.select(Filters(speakers=("Cy Wren",))) == [1, 2]
    assert record.entries.select(Filters(others_than=("Cy Wren",))) == [2]
    put(record, entry(id="quoted", people=people[1:], blocks=(Block(0, 9, "quote", "Ada Quill"),)))
    assert record.entries.select(Filters(speakers=("Ada Quill",))) == [2]
