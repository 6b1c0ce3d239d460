"""The record: what goes in comes out exactly, nothing is forgotten, and damage is told with its remedy."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from build import entry

from corpus.errors import ArchiveDamaged, DataUnusable, DiskFull
from corpus.models.entries import Person, Title
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.models.updates import Run
from corpus.storage.entries import SCHEMA_VERSION, Archive, restore
from corpus.storage.history import Ledger

NO_COUNTS = (0, 0, 0, 0)
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
def archive(path):
    with closing(Ledger(path)) as opened:
        yield opened


def put(archive, *entries, sources=(), now=None):
    archive.apply(sources, [(one, f"hash of {one.text} {one.title}") for one in entries], NO_COUNTS, now)


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
def test_an_entry_comes_out_exactly_as_it_went_in(archive, path, changes):
    given = entry(**changes)
    put(archive, given)
    archive.close()
    with closing(Ledger(path)) as again:
        number, found = again.entry(given.id)
        assert found == given
        assert again.entries([number]) == {number: given}


def test_a_new_archive_is_empty(archive):
    assert (archive.count(), archive.hashes(), archive.sources(), archive.select(Filters())) == (0, {}, {}, [])
    assert (archive.people(), archive.used_sources(), archive.find_titles("a")) == ([], [], [])


def test_an_unknown_id_or_number_is_none_or_left_out(archive):
    put(archive, entry())
    assert archive.entry("GAP") is None
    assert archive.entry("\udcff") is None
    assert archive.entries([99, 1]) == {1: entry()}
    assert archive.entries([]) == {}


def test_more_entries_than_one_query_takes_are_found_and_in_the_order_asked_for(archive):
    put(archive, *[entry(id=f"e{n}") for n in range(1203)])
    numbers = list(range(1203, 0, -1))
    assert [n for n, _ in archive.each(numbers)] == numbers
    assert len(archive.entries(numbers)) == 1203


def test_hashes_are_known_by_id_and_by_number(archive):
    archive.apply([], [(entry(id="a"), "1"), (entry(id="b"), "2")], NO_COUNTS)
    assert archive.hashes() == {"a": "1", "b": "2"}
    assert archive.numbered_hashes() == {1: "1", 2: "2"}


def test_a_source_is_known_as_it_was_described_last(archive):
    first = Source("b", "Beta", 2, "https://b.example", "https://b.example/feed", "rss", "essay")
    put(archive, sources=[first, Source("a", "Alpha", 1)])
    put(archive, sources=[Source("b", "Beta, renamed", 3)])
    assert archive.sources() == {"a": Source("a", "Alpha", 1), "b": Source("b", "Beta, renamed", 3)}


# Change


def test_a_changed_entry_keeps_its_number_and_its_former_version(archive, path):
    put(archive, entry(id="other"), entry(text="Six months."), now=datetime(2026, 6, 1, tzinfo=UTC))
    before = archive.entry("gap")[0]
    put(archive, entry(text="Nine months.\u2028"), now=datetime(2026, 6, 2, 12, tzinfo=UTC))
    put(archive, entry(text="A year."), now=datetime(2026, 6, 3, tzinfo=UTC))
    assert archive.entry("gap") == (before, entry(text="A year."))
    assert archive.count() == 2
    kept = rows(
        path,
        "SELECT h.id, finished, json_extract(fields, '$.text') FROM history h JOIN runs r ON r.id = h.run ORDER BY run",
    )
    assert kept == [
        ("gap", "2026-06-02T12:00:00+00:00", "Six months."),
        ("gap", "2026-06-03T00:00:00+00:00", "Nine months.\u2028"),
    ]


def test_the_history_holds_every_field_of_a_former_version(archive, path):
    put(archive, entry(people=(BALL,), published=date(2026, 4, 20)))
    put(archive, entry(people=()))
    [(people, published)] = rows(path, "SELECT fields ->> '$.people', fields ->> '$.published' FROM history")
    assert "Dean W. Ball" in people
    assert published == "2026-04-20"


def test_a_new_entry_has_no_history(archive, path):
    put(archive, *ENTRIES)
    assert rows(path, "SELECT * FROM history") == []


def test_a_run_is_kept_with_its_counts_when_the_record_changed_and_not_otherwise(archive):
    archive.apply([], [(entry(), "h")], (1, 0, 4, 2), datetime(2026, 6, 1, tzinfo=UTC), by="Ada")
    archive.apply([], [], (0, 0, 5, 2), datetime(2026, 6, 2, tzinfo=UTC))
    archive.apply([Source("a", "A", 1)], [], (0, 0, 5, 0), datetime(2026, 6, 3, tzinfo=UTC))
    assert archive.runs(9) == [
        Run(2, datetime(2026, 6, 3, tzinfo=UTC), "refresh", "", 0, 0, 5, 0, 0),
        Run(1, datetime(2026, 6, 1, tzinfo=UTC), "refresh", "Ada", 1, 0, 4, 2, 0),
    ]
    assert archive.runs(1) == archive.runs(9)[:1]


def test_a_refresh_that_breaks_off_leaves_the_archive_as_it_was(archive, path):
    put(archive, entry(text="Before."), sources=[Source("a", "A", 1)])

    def breaking_off():
        yield entry(text="After."), "new hash"
        yield entry(id="second"), "hash"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        archive.apply([Source("a", "Renamed", 1)], breaking_off(), NO_COUNTS)
    archive.close()
    with closing(Ledger(path)) as again:
        assert again.entries([1, 2]) == {1: entry(text="Before.")}
        assert again.sources()["a"].name == "A"
    assert rows(path, "SELECT * FROM history") == []


def test_a_reader_sees_what_another_has_committed(archive, path):
    with closing(Ledger(path)) as reader:
        put(archive, entry())
        assert reader.count() == 1


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
def test_filters_choose_entries_newest_first_then_by_title(archive, filters, ids):
    put(archive, *ENTRIES)
    numbers = archive.select(filters)
    found = archive.entries(numbers)
    assert [found[n].id for n in numbers] == ids


def test_people_are_listed_by_how_many_entries_they_have(archive):
    put(archive, *ENTRIES)
    assert archive.people() == ["Zoë Ångström", "Dean W. Ball", "Nathan Lambert"]


def test_used_sources_are_those_that_have_entries(archive):
    put(archive, *ENTRIES, sources=[Source("unused", "Unused", 1)])
    assert archive.used_sources() == ["footnote", "huggingface", "interconnects"]


def test_titles_come_newest_first_then_in_order(archive):
    assert archive.titles() == []
    put(archive, *ENTRIES)
    assert archive.titles() == [
        Title("may-b", "B of May", date(2026, 5, 1), "interconnects", "event"),
        Title("may", "May", date(2026, 5, 1), "huggingface", "event"),
        Title("april", "April", date(2026, 4, 20), "interconnects", "event"),
        Title("guide", "Guide", date(2025, 12, 31), "footnote", "guide"),
    ]


@pytest.mark.parametrize(
    ("sought", "ids"),
    [("MAY", ["may", "may-b"]), ("b of", ["may-b"]), ("guide", ["guide"]), ("%", []), ("x", [])],
)
def test_titles_and_ids_are_found_by_part_without_case(archive, sought, ids):
    put(archive, *ENTRIES)
    assert sorted(i for i, _ in archive.find_titles(sought)) == ids


def test_no_more_titles_than_asked_for(archive):
    put(archive, *[entry(id=f"e{n}") for n in range(9)])
    assert len(archive.find_titles("gap")) == 5
    assert len(archive.find_titles("gap", limit=2)) == 2


# Copy and restore


def test_a_copy_answers_by_itself_and_restores_a_lost_archive_with_the_same_numbers(archive, path, tmp_path):
    put(archive, *ENTRIES, sources=[Source("a", "A", 1)])
    put(archive, entry(id="april", text=ODD))
    expected = {n: archive.entries([n])[n] for n in archive.select(Filters())}
    hashes = archive.numbered_hashes()
    copy = tmp_path / "copy.sqlite3"
    archive.write_copy(copy)
    archive.close()
    path.unlink()
    with closing(Ledger(copy, read_only=True)) as reader:
        assert reader.entries(list(expected)) == expected
        assert reader.sources() == {"a": Source("a", "A", 1)}
    assert restore(path, [tmp_path / "missing", copy]) == copy
    with closing(Ledger(path)) as again:
        assert again.entries(list(expected)) == expected
        assert again.numbered_hashes() == hashes
        put(again, entry(id="next"))
        assert again.entry("next")[0] not in expected
    assert rows(path, "SELECT count(*) FROM history") == [(0,)]
    assert [file.name for file in tmp_path.glob("*.restoring")] == []


def test_copies_are_known_as_they_were_told_last_and_an_older_form_knows_none(archive, tmp_path):
    put(archive, *ENTRIES)
    archive.set_copies({}, {4: 3})
    archive.set_copies({}, {2: 1, 3: 1})
    archive.write_copy(tmp_path / "copy.sqlite3")
    with closing(Archive(tmp_path / "copy.sqlite3", read_only=True)) as copy:
        assert copy.copies() == archive.copies() == {2: 1, 3: 1}
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as db, db:
        db.executescript("DROP TABLE copies; PRAGMA user_version = 2")
    with closing(Archive(tmp_path / "copy.sqlite3", read_only=True)) as old:
        assert old.copies() == {}


def test_a_copy_stays_as_it_was_when_the_archive_changes(archive, tmp_path):
    put(archive, entry(text="Before."))
    archive.write_copy(tmp_path / "copy.sqlite3")
    put(archive, entry(text="After."), entry(id="second"))
    with closing(Ledger(tmp_path / "copy.sqlite3", read_only=True)) as copy:
        assert copy.entries([1, 2]) == {1: entry(text="Before.")}


def test_a_copy_open_for_reading_cannot_be_written(archive, tmp_path):
    archive.write_copy(tmp_path / "copy.sqlite3")
    with closing(Ledger(tmp_path / "copy.sqlite3", read_only=True)) as copy, pytest.raises(DataUnusable):
        put(copy, entry())


def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "a?mode=rw#b%20c é'"
    folder.mkdir()
    with closing(Ledger(folder / "archive.sqlite3")) as archive:
        put(archive, entry())
        archive.write_copy(folder / "copy.sqlite3")
    with closing(Ledger(folder / "copy.sqlite3", read_only=True)) as copy:
        assert copy.count() == 1


# What can go wrong


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("content", [b"hello", b"hello world" * 1000, b"\0" * 4096, b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_database_is_told_with_the_remedy_and_left_alone(path, content, read_only):
    path.write_bytes(content)
    with pytest.raises(ArchiveDamaged, match="move the file away and run `footnote refresh`") as caught:
        Ledger(path, read_only=read_only)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_told(path):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE entries (name TEXT)")
    with pytest.raises(ArchiveDamaged, match="footnote refresh"):
        Ledger(path)


def test_half_a_database_is_told_when_it_is_read(archive, tmp_path):
    put(archive, *[entry(id=f"e{n}", text=f"{n} " * 2000) for n in range(50)])
    archive.write_copy(tmp_path / "copy.sqlite3")
    whole = (tmp_path / "copy.sqlite3").read_bytes()
    half = tmp_path / "half.sqlite3"
    half.write_bytes(whole[: len(whole) // 2])

    def read():
        with closing(Ledger(half, read_only=True)) as opened:
            opened.entries(list(range(1, 51)))

    with pytest.raises(ArchiveDamaged, match="footnote refresh"):
        read()


def test_an_entry_that_cannot_be_understood_is_told(archive, path):
    put(archive, entry())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET people = 'no json'")
    with pytest.raises(ArchiveDamaged, match="footnote refresh"):
        archive.entries([1])


@pytest.mark.parametrize("read_only", [False, True])
def test_an_archive_of_a_newer_version_is_told_and_left_alone(path, read_only):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE entries (number, hash, shape_of_tomorrow)")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(ArchiveDamaged, match="newer version of footnote; install that version"):
        Ledger(path, read_only=read_only)
    assert rows(path, "SELECT name FROM sqlite_master") == [("entries",)]


def test_a_place_that_cannot_be_written_is_told_by_its_path(path, tmp_path):
    path.write_text("a file, not a folder")
    for place in (path / "archive.sqlite3", tmp_path / "missing" / "archive.sqlite3", tmp_path):
        with pytest.raises(DataUnusable, match="check the folder and its permissions") as caught:
            Ledger(place)
        assert str(place) in str(caught.value)


def test_a_copy_that_is_missing_is_told(tmp_path):
    with pytest.raises(DataUnusable, match="missing"):
        Ledger(tmp_path / "missing.sqlite3", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_restoring_to_a_place_that_cannot_be_written_is_told(archive, path, tmp_path):
    put(archive, entry())
    archive.write_copy(tmp_path / "copy.sqlite3")
    with pytest.raises(DataUnusable):
        restore(path / "archive.sqlite3", [tmp_path / "copy.sqlite3"])


def test_a_full_disk_is_told_and_what_was_there_remains(archive):
    put(archive, entry(text="Before."))
    pages = archive._db.execute("PRAGMA page_count").fetchone()[0]
    archive._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull, match="make room and try again"):
        put(archive, entry(id="big", text="x" * 1_000_000))
    assert archive.entries([1, 2]) == {1: entry(text="Before.")}


def test_a_damaged_row_is_the_archives_fault(tmp_path):
    archive = Ledger(tmp_path / "a.sqlite3")
    archive.apply([], [(entry(), "hash")], (1, 0, 0, 0))
    archive.close()
    with sqlite3.connect(tmp_path / "a.sqlite3") as db:
        db.execute("UPDATE entries SET people = 'no json'")
    archive = Ledger(tmp_path / "a.sqlite3")
    for read in (lambda: archive.entry(entry().id), lambda: archive.select(Filters(person="x")), archive.people):
        with pytest.raises(ArchiveDamaged):
            read()


def test_the_journal_of_a_lost_archive_does_not_reach_the_restored_one(tmp_path):
    lost, copy = tmp_path / "a.sqlite3", tmp_path / "copy.sqlite3"
    archive = Ledger(lost)
    archive.apply([], [(entry(), "hash")], (1, 0, 0, 0))
    archive.write_copy(copy)
    archive.apply([], [(entry(id="later"), "hash")], (1, 0, 0, 0))
    assert (tmp_path / "a.sqlite3-wal").exists()
    lost.unlink()
    restore(lost, [copy])
    restored = Ledger(lost)
    assert list(restored.hashes()) == [entry().id]
    archive.close()


def test_what_is_restored_is_the_first_copy_that_is_whole(archive, path, tmp_path):
    put(archive, *[entry(id=f"e{n}", text=f"{n} " * 2000) for n in range(50)])
    archive.write_copy(tmp_path / "whole.sqlite3")
    archive.close()
    path.unlink()
    whole = (tmp_path / "whole.sqlite3").read_bytes()
    (tmp_path / "half.sqlite3").write_bytes(whole[: len(whole) // 2])
    assert restore(path, [tmp_path / "half.sqlite3"]) is None
    assert not path.exists()
    assert restore(path, [tmp_path / "half.sqlite3", tmp_path / "whole.sqlite3"]) == tmp_path / "whole.sqlite3"


def test_reading_neither_writes_nor_waits_for_a_writer(archive, path):
    put(archive, entry())
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    before = path.read_bytes()
    with closing(Ledger(path, read_only=True)) as reader:
        assert list(reader.hashes()) == ["gap"]
    assert path.read_bytes() == before
    writer.execute("ROLLBACK")
    writer.close()


def test_a_source_with_a_field_of_a_newer_version_is_still_a_source(archive, path):
    put(archive, sources=[Source("a", "A", 1)])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE sources SET fields = json_set(fields, '$.colour', 'blue')")
    assert archive.sources() == {"a": Source("a", "A", 1)}
