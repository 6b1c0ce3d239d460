"""Who reads keeps a whole generation, whatever another thread swaps and another process prunes meanwhile."""

import errno
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from build import take_in
from fakes import ToyEmbedder

from corpus import DataUnusable, DiskFull, Filters, IndexDamaged, IndexMissing, open_corpus
from corpus.errors import Unreachable
from corpus.index import reader as reader_module
from corpus.index.generation import Generation
from corpus.index.reader import Reader

TEXTS = ("The river rises in the northern hills.", "Cats sleep all day.", "Bread needs salt.")


@pytest.fixture
def root(settings):
    return settings.data_dir / "index"


@pytest.fixture
def commit(settings, tmp_path):
    """Commit a next generation, whose first title tells its number; only the last is kept."""
    lines = tmp_path / "lines.jsonl"
    with open_corpus(settings.model_copy(update={"keep_generations": 1}), ToyEmbedder()) as writer:

        def act():
            number = (writer.status().generation or 0) + 1
            rows = [
                {"id": f"e{n}", "source": "paper", "kind": "event", "tier": 1, "title": f"Title {number}", "people": []}
                | {"published": f"2026-0{n}-01", "summary": "", "text": text}
                for n, text in enumerate(TEXTS, 1)
            ]
            lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            assert writer.refresh([lines]).generation == number
            return number

        yield act


@pytest.fixture
def reader(root):
    opened = Reader(root, follow=False)
    yield opened
    opened.close()


@pytest.fixture
def closed(monkeypatch):
    """The numbers of the generations that a reader has closed after questions, in order."""
    numbers = []

    class Watched(Generation):
        def close(self):
            if hasattr(self, "vectors"):  # else it was built upon, and asked nothing
                numbers.append(self.number)
            super().close()

    monkeypatch.setattr(reader_module, "Generation", Watched)
    return numbers


def shown(now):
    """All that a question reads of a generation: its number, the nearest passages, those with words, the entries."""
    vector = ToyEmbedder().embed_question("Cats sleep all day.")
    numbers = now.entries.select(Filters())
    return (
        now.number,
        len(now.vectors.nearest(vector, 9)),
        len(now.vectors.nearest(vector, 9, numbers[:2])),
        len(now.lexical.matching(now.words("cats bread river"), 9)),
        {entry.title for entry in now.entries.entries(numbers).values()},
        {title.title for title in now.titles},
    )


def whole(number):
    return (number, 3, 2, 3, {f"Title {number}"}, {f"Title {number}"})


def test_without_catching_up_a_reader_stays_with_what_it_has(reader, commit):
    commit()
    assert reader.read(shown) == whole(1)
    commit()
    assert reader.read(shown) == whole(1)
    assert reader.catch_up().generation == 2
    assert reader.read(shown) == whole(2)


def test_a_reader_that_follows_needs_no_catching_up(root, commit):
    commit()
    following = Reader(root)
    assert following.read(shown) == whole(1)
    commit()
    assert following.read(shown) == whole(2)
    assert following.catch_up() is None
    following.close()


def test_catching_up_tells_a_number_only_where_it_is_a_new_one(reader, commit):
    assert reader.catch_up() is None
    commit()
    assert reader.catch_up().generation == 1
    assert reader.catch_up() is None


def test_catching_up_tells_which_entries_are_new_changed_and_gone(settings, tmp_path):
    def rows(**texts):
        return [(i, "2026-06-01", "paper", [], text) for i, text in texts.items()]

    with open_corpus(settings, ToyEmbedder(), serving=True) as serving, open_corpus(settings, ToyEmbedder()) as writing:
        take_in(writing, tmp_path, rows(a="Cats sleep all day.", b="Bread is dear today."))
        assert serving.catch_up() == (1, (), (), ()), "of the first one opened, nothing is known to be new"
        take_in(writing, tmp_path, rows(b="Bread is cheap today.", c="Rivers run to the sea."))
        writing.remove(["a"])
        assert serving.catch_up() == (3, ("c",), ("b",), ("a",))
        assert serving.catch_up() is None


def test_a_drive_that_went_is_not_called_damage_and_is_read_again_when_it_is_back(reader, commit, monkeypatch):
    commit()

    def gone(self, *_, **__):
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(self))

    with monkeypatch.context() as away:
        away.setattr(Path, "open", gone)
        with pytest.raises(Unreachable, match="check the drive or the network"):
            reader.read(shown)
    assert reader.notes() == []
    assert reader.read(shown) == whole(1)


def test_before_the_first_refresh_it_says_what_to_do(reader):
    with pytest.raises(IndexMissing, match="footnote refresh"):
        reader.read(shown)


def test_an_open_generation_outlives_its_folder(reader, commit, root):
    """A refresh prunes what a reader in another process still uses; on Linux, what is open stays readable.

    Seldom, Chroma opens its database once more, and finds nothing: then all of it is read from the newest.
    """
    commit()
    reader.catch_up()
    commit()
    assert [folder.name for folder in root.iterdir()] == ["000002"]
    assert reader.read(shown) in (whole(1), whole(2))
    assert reader.notes() == []


def test_the_only_generation_may_be_pruned_while_it_is_looked_for(reader, commit, root, monkeypatch):
    commit()
    listing, meanwhile = Path.iterdir, [commit]

    def listed(folder):
        found = list(listing(folder))
        if folder == root and meanwhile:
            meanwhile.pop()()
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", listed)
    assert reader.read(shown) == whole(2)


def test_a_read_in_progress_keeps_its_generation_and_is_the_last_to_use_it(reader, commit, closed):
    commit()

    def swap_meanwhile(now):
        commit()
        swapping = threading.Thread(target=reader.catch_up)
        swapping.start()
        swapping.join(timeout=60)
        assert reader.read(shown) == whole(2)
        assert closed == []
        return shown(now)

    assert reader.read(swap_meanwhile) == whole(1)
    assert closed == [1]
    reader.close()
    assert closed == [1, 2]


def test_closing_waits_for_no_read_and_breaks_none(reader, commit, closed):
    commit()
    assert reader.read(lambda generation: (reader.close(), shown(generation))[1]) == whole(1)
    assert closed == [1]


def test_a_question_waits_for_an_opening_only_where_it_has_nothing_else(reader, commit, monkeypatch):
    commit()
    reader.catch_up()
    commit()
    opening, go_on = threading.Event(), threading.Event()

    def open_slowly(folder, stores):
        opening.set()
        assert go_on.wait(timeout=60)
        return Generation(folder, stores)

    monkeypatch.setattr(reader_module, "Generation", open_slowly)
    swapping = threading.Thread(target=reader.catch_up)
    swapping.start()
    assert opening.wait(timeout=60)
    assert reader.read(shown) == whole(1)
    go_on.set()
    swapping.join(timeout=60)
    assert reader.read(shown) == whole(2)


def test_nobody_opens_a_generation_twice(reader, commit, monkeypatch):
    commit()
    opened = []
    monkeypatch.setattr(
        reader_module, "Generation", lambda folder, stores: opened.append(folder.name) or Generation(folder, stores)
    )
    threads = [threading.Thread(target=act) for act in (reader.catch_up, lambda: reader.read(shown)) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert opened == ["000001"]


def test_damage_makes_a_reader_look_for_another_generation_by_itself(reader, commit):
    commit()
    reader.catch_up()
    commit()
    tried = []

    def damaged_at_first(now):
        tried.append(now.number)
        if now.number == 1:
            raise IndexDamaged("its vectors cannot be read")
        return shown(now)

    assert reader.read(damaged_at_first) == whole(2)
    assert tried == [1, 2]
    assert reader.notes() == []


def test_a_damaged_newest_generation_is_not_handed_over(reader, commit, root):
    commit()
    reader.catch_up()
    kept = root / "000001.kept"
    shutil.copytree(root / "000001", kept)
    commit()
    kept.rename(root / "000001")
    (root / "000002/passages.bin").write_bytes(b"")
    assert reader.catch_up() is None
    assert reader.read(shown) == whole(1)
    assert "Generation 2" in reader.notes()[0]


def test_a_newer_generation_that_no_room_is_for_is_tried_again_later_and_not_marked(reader, commit, monkeypatch):
    commit()
    reader.catch_up()
    commit()
    tried = []

    def no_room(folder, _stores):
        tried.append(folder.name)
        raise DiskFull("no room for a copy")

    with monkeypatch.context() as full:
        full.setattr(reader_module, "Generation", no_room)
        with pytest.raises(DiskFull):
            reader.catch_up()
        assert reader.catch_up() is None
    assert tried == ["000002"]
    assert reader.read(shown) == whole(1)
    assert reader.notes() == []
    monkeypatch.setattr(reader_module, "AGAIN", 0)
    assert reader.catch_up().generation == 2


def test_what_a_pruned_generation_cannot_do_is_no_damage(reader, commit):
    """Chroma may find that it cannot write where nothing is any more."""
    commit()
    reader.catch_up()
    commit()

    def fail_at_first(now):
        if now.number == 1:
            raise DataUnusable("a moved database cannot be written")
        return shown(now)

    assert reader.read(fail_at_first) == whole(2)
    with pytest.raises(DataUnusable, match="not now"):
        reader.read(refuse)


def refuse(_now):
    raise DataUnusable("not now")


def test_one_thread_asks_while_another_swaps_and_a_third_party_commits_and_prunes(settings, commit):
    """No question fails, none sees half an index or an older one than before."""
    commit()
    answers, errors, done = [], [], threading.Event()
    with open_corpus(settings, ToyEmbedder(), serving=True) as corpus:
        corpus.catch_up()

        def ask():
            try:
                while not done.is_set():
                    answer = corpus.ask("Do cats sleep all day?")
                    titles = {t.title for t in corpus.titles()}
                    answers.append((answer.generation, {c.entry.title for c in answer.citations}, len(titles)))
            except Exception as error:  # noqa: BLE001  whichever it is, the test judges it
                errors.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            swapped = [(commit(), corpus.catch_up().generation) for _ in range(12)]
        finally:
            done.set()
            asking.join(timeout=60)
    assert errors == []
    assert swapped == [(n, n) for n in range(2, 14)]
    assert all(titles == {f"Title {number}"} and count == 1 for number, titles, count in answers)
    numbers = [number for number, *_ in answers]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 3
