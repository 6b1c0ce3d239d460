"""The facade over the real Chroma and the real lexical index: refresh, ask, generations, damage. The model is a toy."""

import contextlib
import json
import multiprocessing
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from fakes import ToyEmbedder
from filelock import FileLock

from corpus import (
    ArchiveDamaged,
    DataUnusable,
    DiskFull,
    EntryUnknown,
    FileRefused,
    FilterRefused,
    IndexDamaged,
    IndexMissing,
    QuestionRefused,
    RefreshRunning,
    open_corpus,
    parse_filters,
)
from corpus.index.generation import Generation, committed

QUESTION = "Will open models catch up with closed models?"


def write_lines(file: Path, **changes):
    """A JSONL file with three entries; `changes` alters the fields of the first."""
    rows = [
        {
            "id": f"entry-{n}",
            "source": "paper",
            "kind": "event",
            "tier": 1,
            "url": f"https://example.org/{n}",
            "title": f"Title {n}",
            "people": [{"name": f"Person {n}", "role": "author"}],
            "published": f"2026-0{n}-01",
            "summary": "",
            "text": text,
        }
        for n, text in enumerate(
            (
                "The river rises in the northern hills. Boats are built of oak.",
                "Cats sleep all day.",
                "Bread needs salt.",
            ),
            1,
        )
    ]
    rows[0] |= changes
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def lines(tmp_path):
    return write_lines(tmp_path / "lines.jsonl")


# From the shipped corpus to an answer


def test_the_shipped_corpus_is_taken_in_and_answers(toy):
    report = toy.refresh()
    assert (len(report.plan.new), report.committed, report.plan.rejected) == (12, True, ())
    answer = toy.ask(QUESTION)
    assert answer.covered
    assert 1 <= len(answer.sentences) <= 5
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.citations == (citation.number,)
        assert citation.quote == citation.entry.text[citation.start : citation.end]
        assert citation.quote in citation.passage
        assert citation.quote in sentence.text
        assert ("“" in sentence.text) == (citation.entry.wording == "author")


def test_what_is_cited_is_not_related_too(toy):
    toy.refresh()
    answer = toy.ask(QUESTION)
    cited = {c.entry.id for c in answer.citations}
    shown = [e.id for e in (*answer.related.guides, *answer.related.events)]
    assert shown
    assert not cited & set(shown)
    assert len(shown) == len(set(shown))
    assert len(answer.related.guides) <= 3
    assert len(answer.related.events) <= 8


@pytest.mark.parametrize("filters", [{}, {"kind": "event"}])
def test_what_a_search_finds_of_a_large_corpus_is_related_as_before(toy, monkeypatch, filters):
    toy.refresh()

    def related():
        return toy.ask(QUESTION, parse_filters(**filters)).related, toy.page(toy.entries()[0].id).related

    of_all = related()
    for scanned in (11, 0):  # of 12 entries
        monkeypatch.setattr("corpus.answer.related.SCANNED", scanned)
        assert related() == of_all


def test_a_question_that_the_corpus_does_not_cover_is_a_normal_answer(toy):
    toy.refresh()
    answer = toy.ask("Which goalkeeper saved the penalty at Wembley?")
    assert not answer.covered
    assert not answer.sentences
    assert not answer.citations
    assert answer.confidence < 0.5
    assert len(answer.nearest) <= 3


def test_refreshing_twice_changes_nothing(toy):
    first = toy.refresh()
    before = toy.ask(QUESTION)
    second = toy.refresh()
    assert len(second.plan.unchanged) == 12
    assert (second.generation, second.committed, second.indexed) == (first.generation, False, 0)
    assert toy.ask(QUESTION).citations == before.citations


def test_only_what_changed_is_embedded_again(toy, lines):
    toy.refresh()
    toy.refresh([lines])
    embedder = toy._models.embedder
    embedder.embedded_passages = 0
    write_lines(lines, title="The corrected title")
    report = toy.refresh([lines])
    assert [e.id for e in report.plan.changed] == ["entry-1"]
    assert (report.indexed, embedder.embedded_passages) == (1, 1)
    assert toy.page("entry-1").entry.title == "The corrected title"
    assert len(toy.entries()) == 15
    assert toy.search("corrected title", 1)[0].entry.id == "entry-1"


def test_a_changed_text_is_no_longer_found_by_its_old_words(toy, lines):
    toy.refresh([lines])
    assert toy.ask("How does the river rise in the northern hills?").covered
    write_lines(lines, text="The desert has neither water nor boats of any kind.")
    toy.refresh([lines])
    assert all("river" not in hit.text for hit in toy.search("river northern hills", 10))


def test_a_generation_made_step_by_step_equals_one_made_at_once(toy, lines):
    """Whatever the way there, the same record answers the same."""
    toy.refresh([lines])
    write_lines(lines, text="The river rises in the south. Boats are built of pine.")
    toy.refresh()
    toy.refresh([lines])
    stepwise = toy.search("Where do boats and open models rise?", 50)
    toy.rebuild()
    at_once = toy.search("Where do boats and open models rise?", 50)
    assert [(h.entry, h.start, h.end, h.sentences) for h in stepwise] == [
        (h.entry, h.start, h.end, h.sentences) for h in at_once
    ]


def test_a_dry_run_writes_nothing(toy, settings):
    report = toy.refresh(dry_run=True)
    assert (len(report.plan.new), report.committed, report.generation) == (12, False, None)
    assert not settings.data_dir.exists()


def test_one_bad_entry_does_not_stop_the_others(toy, lines):
    lines.write_text(lines.read_text(encoding="utf-8") + '{"id": 3}\nnonsense\n', encoding="utf-8")
    report = toy.refresh([lines])
    assert len(report.plan.new) == 3
    assert [r.where for r in report.plan.rejected] == [f"{lines}:4", f"{lines}:5"]


def test_a_line_that_was_cut_off_is_told_alike_wherever_it_stands(toy, tmp_path):
    cut = '{"id": "a", "title": "Half a li'
    (tmp_path / "cut.jsonl").write_text(f"{cut}\n\n{cut}\r\n{cut}", encoding="utf-8", newline="")
    rejected = toy.refresh([tmp_path / "cut.jsonl"]).plan.rejected
    assert [r.where.rpartition(":")[2] for r in rejected] == ["1", "3", "4"]
    assert rejected[0].reason == rejected[2].reason
    assert "Unterminated string" in rejected[0].reason


def test_it_is_told_how_far_the_search_for_cross_posts_is(toy, lines):
    told = []

    def stages():
        seen = [step for step in told if step[0] in {"sign", "compare"} and step[1] == step[2]]
        told.clear()
        return seen

    def progress(stage, done, total, _current=""):
        told.append((stage, done, total))

    toy.refresh([lines], dry_run=True, progress=progress)
    assert stages() == [("sign", 3, 3), ("compare", 3, 3)]
    toy.refresh([lines], progress=progress)
    assert stages() == [("sign", 3, 3), ("compare", 3, 3)]
    toy.remove(["entry-1"], progress=progress)
    assert stages() == [], "nothing is to be compared"


def test_entries_that_a_refresh_does_not_see_stay(toy, lines, tmp_path):
    toy.refresh([lines])
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    report = toy.refresh([tmp_path / "empty.jsonl"])
    assert not report.committed
    assert len(toy.entries()) == 3


# Pages, lists, filters


def test_entry_one_shows_its_related_guides_and_events(toy):
    toy.refresh()
    related = toy.page("different-exponentials").related
    assert len(related.guides) == 3
    assert len(related.events) == 8
    assert "different-exponentials" not in {e.id for e in related.events}


def test_an_unknown_id_is_answered_with_near_ones(toy):
    toy.refresh()
    with pytest.raises(EntryUnknown, match="performance-gap"):
        toy.page("performance")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"since": "2026-02", "until": "2026-02"}, ["entry-2"]),
        ({"since": "2026-02-02"}, ["entry-3"]),
        ({"person": "person 1"}, ["entry-1"]),
        ({"source": "PAPER", "until": "2026-01-01"}, ["entry-1"]),
        ({"kind": "guide"}, []),
    ],
)
def test_filters_narrow_lists_searches_and_answers(toy, lines, filters, expected):
    toy.refresh([lines])
    chosen = parse_filters(**filters)
    assert sorted(e.id for e in toy.entries(chosen)) == expected
    assert sorted({h.entry.id for h in toy.search("river cats bread", 10, chosen)}) == expected
    answer = toy.ask("Do cats sleep, and does bread need salt, by the river?", chosen)
    shown = {e.id for e in (*answer.nearest, *answer.related.events, *(c.entry for c in answer.citations))}
    assert shown <= set(expected)


def test_a_filter_that_fits_nothing_names_the_choice(toy, lines):
    toy.refresh([lines])
    with pytest.raises(FilterRefused, match="paper"):
        toy.ask("cats", parse_filters(source="Gazette"))
    with pytest.raises(FilterRefused, match="Person 1"):
        toy.ask("cats", parse_filters(person="Nobody"))


@pytest.mark.parametrize("question", ["", "   ", "\u200b\u200d", "?!", "x" * 10_000])
def test_a_question_that_is_none_is_refused_with_the_remedy(toy, lines, question):
    toy.refresh([lines])
    with pytest.raises(QuestionRefused, match=r"[Aa]sk"):
        toy.ask(question)


@pytest.mark.parametrize(
    "question", ["cats", "who?", "猫は寝る", "Wo schlafen die Katzen?", "cats\x00\x1b[31m sleep", "😀 a"]
)
def test_any_other_question_gets_an_answer(toy, lines, question):
    toy.refresh([lines])
    answer = toy.ask(question)
    assert answer.covered == bool(answer.sentences)
    assert "\x1b" not in answer.question


# What may go wrong with the data folder


def test_without_an_index_it_says_what_to_do(toy):
    with pytest.raises(IndexMissing, match="footnote refresh"):
        toy.ask(QUESTION)


def test_an_open_reader_swaps_to_a_new_generation(toy, lines, settings):
    toy.refresh([lines])
    with open_corpus(settings, ToyEmbedder()) as reader:
        assert reader.search("river", 1)[0].entry.title == "Title 1"
        write_lines(lines, title="The other title")
        toy.refresh([lines])
        assert reader.search("river", 1)[0].entry.title == "The other title"
        assert reader.ask("river").generation == 2


def test_only_the_last_few_generations_are_kept(toy, lines, settings):
    for n in range(5):
        write_lines(lines, title=f"Title number {n}")
        toy.refresh([lines])
    assert committed(settings.data_dir / "index") == [3, 4, 5]
    assert sorted(p.name for p in (settings.data_dir / "index").iterdir()) == ["000003", "000004", "000005"]


@pytest.mark.parametrize("file", ["manifest.json", "passages.bin", "sentence_vectors.bin", "entries.sqlite3"])
def test_a_damaged_generation_lets_the_one_before_go_on_answering(toy, lines, settings, file):
    toy.refresh([lines])
    write_lines(lines, title="Second")
    toy.refresh([lines])
    toy.close()
    damaged = settings.data_dir / "index/000002" / file
    damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size // 2])
    with open_corpus(settings, ToyEmbedder()) as reader:
        assert reader.ask("cats").generation == 1
        assert any("damaged" in note for note in reader.status().notes)
        report = reader.rebuild()
        assert reader.ask("cats").generation == report.generation == 3


def test_damage_that_shows_only_while_reading_falls_back_too(toy, lines, settings):
    toy.refresh([lines])
    write_lines(lines, title="Second")
    toy.refresh([lines])
    toy.close()
    for file in (settings.data_dir / "index/000002/lexical").glob("*.pos"):
        file.unlink()
    with open_corpus(settings, ToyEmbedder()) as reader:
        assert reader.ask("Do cats sleep all day?").generation == 1
        assert any("Generation 2" in note for note in reader.status().notes)
        assert reader.page("entry-1").entry.title == "Title 1"
        write_lines(lines, title="Third")
        assert reader.refresh([lines]).generation == 3
        assert reader.page("entry-1").entry.title == "Third"
        assert not [note for note in reader.status().notes if "Generation 3" in note]


def test_a_damaged_base_is_not_built_upon(toy, lines, settings):
    toy.refresh([lines])
    toy.close()
    entries = settings.data_dir / "index/000001/entries.sqlite3"
    content = bytearray(entries.read_bytes())
    content[len(content) // 3 : len(content) // 3 + 9000] = b"\xff" * 9000
    entries.write_bytes(content)
    write_lines(lines, title="Second")
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.refresh([lines]).committed
        assert corpus.page("entry-1").entry.title == "Second"


def test_a_generation_pruned_while_it_is_opened_is_no_damage(toy, lines, settings, monkeypatch):
    """With one generation kept, a refresh can remove it between the listing and the opening."""
    toy.refresh([lines])
    only_one = settings.model_copy(update={"keep_generations": 1})
    with open_corpus(only_one, ToyEmbedder()) as writer, open_corpus(only_one, ToyEmbedder()) as reader:
        opened = []

        def open_late(folder, *stores, **how):
            opened.append(folder.name)
            if len(opened) == 1:
                write_lines(lines, title="Second")
                writer.refresh([lines])
            return Generation(folder, *stores, **how)

        monkeypatch.setattr("corpus.index.reader.Generation", open_late)
        assert reader.page("entry-1").entry.title == "Second"
        assert reader.status().notes == ()
        assert committed(settings.data_dir / "index") == [2]


def files_open_in(folder):
    """How many files of a folder this process has open; other tests' threads may still be closing theirs."""
    found = 0
    for handle in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            found += handle.readlink().is_relative_to(folder)
    return found


def test_many_swaps_leak_no_file(toy, lines, settings):
    """The bot's process lives for months."""
    toy.refresh([lines])
    held = []
    with open_corpus(settings, ToyEmbedder()) as reader:
        for n in range(12):
            write_lines(lines, title=f"Title number {n}")
            toy.refresh([lines])
            assert reader.page("entry-1").entry.title == f"Title number {n}"
            held.append(files_open_in(settings.data_dir))
    assert 0 < held[-1] <= held[3] + 2, held


def test_more_entries_than_the_vector_store_can_be_asked_for_by_number(toy, lines, monkeypatch):
    toy.refresh()
    toy.refresh([lines])
    by_number = toy.search("cats and models", 5, parse_filters(since="2026-01-02"))
    monkeypatch.setattr("corpus.answer.retrieve.MOST_NAMED", 3)
    assert toy.search("cats and models", 5, parse_filters(since="2026-01-02")) == by_number


def test_an_emptied_archive_is_restored_and_not_filled_over(toy, lines, settings):
    """What a crash of the disk leaves may be a file of zero bytes; looking at it must not make it an archive."""
    toy.refresh([lines])
    toy.close()
    for file in settings.data_dir.glob("archive.sqlite3*"):
        file.unlink()
    (settings.data_dir / "archive.sqlite3").touch()
    with open_corpus(settings, ToyEmbedder()) as corpus:
        corpus.status()
        corpus.refresh(dry_run=True)
        assert (settings.data_dir / "archive.sqlite3").stat().st_size == 0
        report = corpus.refresh()
        assert "restored from generation 1" in report.notes[0]
        assert len(corpus.entries()) == 15


@pytest.mark.parametrize("file", ["sentence_vectors.bin", "sentences.bin", "entry_vectors.bin", "entries.bin"])
def test_bytes_that_are_not_as_written_are_noticed(toy, lines, settings, file):
    toy.refresh([lines])
    write_lines(lines, title="Second")
    toy.refresh([lines])
    toy.close()
    damaged = settings.data_dir / "index/000002" / file
    damaged.write_bytes(bytes(b ^ 0x55 for b in damaged.read_bytes()))
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.ask("Do cats sleep all day?").generation == 1
        assert file in corpus.status().notes[0]


def test_what_only_looks_like_a_generation_is_left_alone(toy, lines, settings):
    toy.refresh([lines])
    (settings.data_dir / "index/000009").mkdir()
    (settings.data_dir / "index/000007").touch()
    for n in range(3):
        write_lines(lines, title=f"Title number {n}")
        toy.refresh([lines])
    assert committed(settings.data_dir / "index") == [10, 11, 12]


def test_rebuilding_nothing_is_refused(toy):
    with pytest.raises(IndexMissing, match="footnote refresh"):
        toy.rebuild()
    assert toy.is_empty()


def test_one_long_entry_is_embedded_a_batch_at_a_time(toy, lines):
    """Its token vectors would fill gigabytes."""
    sizes = []
    embed = toy._models.embedder.embed_passages
    toy._models.embedder.embed_passages = lambda passages: sizes.append(len(passages)) or embed(passages)
    write_lines(lines, text="Boats are built of oak and pine, and sail. " * 10_000)
    toy.refresh([lines])
    assert max(sizes) <= 128 < sum(sizes)


def test_the_archive_is_restored_from_the_newest_copy_that_is_whole(toy, lines, settings):
    toy.refresh([lines])
    write_lines(lines, title="Second")
    toy.refresh([lines])
    toy.close()
    for file in settings.data_dir.glob("archive.sqlite3*"):
        file.unlink()
    copy = settings.data_dir / "index/000002/entries.sqlite3"
    copy.write_bytes(copy.read_bytes()[:5000])
    with open_corpus(settings, ToyEmbedder()) as corpus:
        report = corpus.refresh([lines])
        assert "restored from generation 1" in report.notes[0]
        assert [e.id for e in report.plan.changed] == ["entry-1"]


def _read_for_a_while(data_dir, begun, done, queue):
    """In a process of its own: ask again and again, while another process refreshes and prunes."""
    from corpus import CorpusSettings  # noqa: PLC0415

    seen = set()
    with open_corpus(CorpusSettings(data_dir=data_dir, keep_generations=1), ToyEmbedder()) as corpus:
        corpus.ask("Do cats sleep all day?")
        begun.set()
        while not done.is_set():
            answer = corpus.ask("Do cats sleep all day?")
            seen.add((answer.covered, len(corpus.entries()), corpus.page("entry-1").entry.title[:13]))
    queue.put((seen, answer.generation))


@pytest.mark.slow
def test_another_process_reads_whole_generations_while_this_one_refreshes(toy, lines, settings):
    """The promise of the house: no question sees half an index, whoever writes and prunes meanwhile."""
    toy.refresh([lines])
    spawn = multiprocessing.get_context("spawn")
    begun, done, queue = spawn.Event(), spawn.Event(), spawn.Queue()
    process = spawn.Process(target=_read_for_a_while, args=(settings.data_dir, begun, done, queue))
    process.start()
    assert begun.wait(timeout=60)
    with open_corpus(settings.model_copy(update={"keep_generations": 1}), ToyEmbedder()) as writer:
        for n in range(15):
            write_lines(lines, title=f"Title number {n}")
            last = writer.refresh([lines]).generation
    done.set()
    seen, generation = queue.get(timeout=60)
    process.join(timeout=60)
    assert seen <= {(True, 3, "Title 1"), (True, 3, "Title number ")}
    assert seen
    assert 1 < generation <= last


@pytest.mark.parametrize("folder", ["chroma", "lexical"])
def test_a_lost_store_is_noticed(toy, lines, settings, folder):
    toy.refresh([lines])
    toy.close()
    shutil.rmtree(settings.data_dir / "index/000001" / folder)
    with open_corpus(settings, ToyEmbedder()) as reader, pytest.raises(IndexDamaged, match="footnote rebuild"):
        reader.ask("cats")


def test_a_deleted_index_is_made_again_from_the_archive(toy, lines, settings):
    toy.refresh([lines])
    toy.close()
    shutil.rmtree(settings.data_dir / "index")
    with open_corpus(settings, ToyEmbedder()) as reader:
        report = reader.refresh([lines])
        assert (len(report.plan.unchanged), report.indexed) == (3, 3)
        assert reader.search("cats", 1)[0].entry.id == "entry-2"


def test_the_first_index_comes_from_the_archive_where_there_is_one(toy, lines, settings):
    """A person's own corpus is never mixed with the shipped one because an index was deleted."""
    toy.refresh([lines])
    toy.close()
    shutil.rmtree(settings.data_dir / "index")
    with open_corpus(settings, ToyEmbedder()) as reader:
        assert reader.prepare().indexed == 3
        assert len(reader.entries()) == 3
        assert reader.prepare() is None


def test_the_first_index_is_the_shipped_corpus_where_there_is_nothing(toy):
    assert toy.prepare().indexed == 12


def test_who_asks_first_while_another_builds_waits_for_it(settings):
    """Two first questions at once: one builds, both are answered."""
    answers = []

    def first_question():
        with open_corpus(settings, ToyEmbedder()) as corpus:
            corpus.prepare()
            answers.append(corpus.ask(QUESTION).generation)

    both = [threading.Thread(target=first_question) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=60)
    assert answers == [1, 1]


def test_a_damaged_archive_stops_refreshes_and_no_answer(toy, lines, settings):
    toy.refresh([lines])
    archive = settings.data_dir / "archive.sqlite3"
    for leftover in settings.data_dir.glob("archive.sqlite3-*"):
        leftover.unlink()
    archive.write_bytes(b"no database at all" * 500)
    with pytest.raises(ArchiveDamaged, match="move the file away"):
        toy.refresh([lines])
    assert toy.ask("Do cats sleep all day?").covered
    archive.unlink()
    report = toy.refresh([lines])
    assert len(report.plan.unchanged) == 3
    assert "restored from generation 1" in report.notes[0]


def test_two_refreshes_at_once_are_refused_by_name(toy, lines, settings):
    toy.refresh([lines])
    with FileLock(settings.data_dir / "refresh.lock"), pytest.raises(RefreshRunning, match="one at a time"):
        toy.refresh([lines])
    assert not toy.refresh([lines]).committed


def test_a_data_folder_that_cannot_be_written(tmp_path, settings):
    (tmp_path / "file").write_text("", encoding="utf-8")
    blocked = settings.model_copy(update={"data_dir": tmp_path / "file" / "data"})
    with open_corpus(blocked, ToyEmbedder()) as corpus, pytest.raises(DataUnusable, match="FOOTNOTE_DATA_DIR"):
        corpus.refresh()


def test_a_missing_file_is_refused_before_anything_is_written(toy, tmp_path, settings):
    with pytest.raises(FileRefused, match="does not exist"):
        toy.refresh([tmp_path / "missing.md"])
    assert not settings.data_dir.exists()


def test_an_interrupted_build_leaves_the_last_generation_and_no_rest(toy, lines, settings):
    toy.refresh([lines])

    def interrupt(stage, done, _total):
        if stage == "index" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        toy.refresh(progress=interrupt)
    assert toy.ask("Do cats sleep all day?").generation == 1
    assert [p.name for p in (settings.data_dir / "index").iterdir()] == ["000001"]
    assert toy.status().behind == 12
    report = toy.refresh()
    assert (len(report.plan.unchanged), report.indexed, report.generation) == (12, 12, 2)


def _refresh_with_little_room(data_dir, lines, room, queue):
    """In a process of its own: files may not grow beyond `room` bytes, as on a full disk."""
    import resource  # noqa: PLC0415
    import signal  # noqa: PLC0415

    from corpus import CorpusSettings  # noqa: PLC0415

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        with open_corpus(CorpusSettings(data_dir=data_dir), ToyEmbedder()) as corpus:
            corpus.refresh([lines])
    except Exception as error:  # noqa: BLE001  whichever it is, the test judges it
        queue.put((type(error).__name__, str(error)))
    else:
        queue.put(("", ""))


@pytest.mark.slow
@pytest.mark.parametrize("room", [2_000, 20_000, 60_000, 120_000, 200_000])
def test_a_full_disk_is_a_sentence_and_loses_nothing(toy, lines, settings, tmp_path, room):
    toy.refresh([lines])
    toy.close()
    many = tmp_path / "many.jsonl"
    row = json.loads(lines.read_text(encoding="utf-8").splitlines()[0])
    many.write_text(
        "".join(json.dumps(row | {"id": f"more-{n}", "text": "Boats. " * 500}) + "\n" for n in range(40)),
        encoding="utf-8",
    )
    queue = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(
        target=_refresh_with_little_room, args=(settings.data_dir, many, room, queue)
    )
    process.start()
    name, sentence = queue.get(timeout=60)
    process.join(timeout=60)
    assert name in {DiskFull.__name__, DataUnusable.__name__}, (name, sentence)
    assert "room" in sentence or "space" in sentence
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert corpus.ask("Do cats sleep all day?").generation == 1
        assert corpus.refresh([many]).generation == 2
        assert len(corpus.entries()) == 43


def test_a_version_from_the_future_is_left_alone(toy, lines, settings):
    toy.refresh([lines])
    with sqlite3.connect(settings.data_dir / "archive.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveDamaged, match="newer version"):
        toy.refresh([lines])


def test_a_follow_up_with_a_subject_of_its_own_is_about_that_subject(toy):
    """Completed by the question before where that helps, alone where its subject would be lost."""
    toy.refresh()
    before = "Why do open and closed models follow different curves?"
    followed = toy.ask("and the government?", earlier=[before])
    assert any("government" in f"{c.entry.title} {c.quote}".lower() for c in followed.citations)
    assert toy.ask("and why?", earlier=[before]).question == f"{before} and why?"
    by_itself = "What does a consortium need?"
    assert toy.ask(by_itself, earlier=[before]).question == by_itself
