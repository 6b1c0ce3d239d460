"""What takes more than a machine has is refused before it is archived, and said; what fits is taken."""

from datetime import date

import pytest
from fakes import ToyEmbedder
from publishing import allowed
from refresh_world import publishers, shelf_of

from corpus import CorpusSettings, budgets, open_corpus
from corpus.index.chunking import has_more_sentences, split_sentences
from corpus.ingest.sources.local_import import import_files
from corpus.ingest.update.duplicates import find_copies, make_signature
from tests.corpus.ingest.sources.test_local_files import line, write

HOSTILE = {
    "full stops": "a. ",
    "list": "- a\n",
    "numbered list": "1. A\n",
    "lines": "Ab.\n",
    "paragraphs": "A.\n\n",
    "table": "| a |\n",
    "stops of another script": "模。",
    "brackets": "(",
    "a word": "a",
    "quotation marks": "“a ",
    "marks on a letter": "\u0301",
    "line ends": " \n",
}


def opened(folder, hosts):
    settings = CorpusSettings(data_dir=folder / "data", offline=False, fetch_pause=0, fetch_allowed=hosts)
    return open_corpus(settings, ToyEmbedder())


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(budgets, "MOST_CHARACTERS", 20_000)
    monkeypatch.setattr(budgets, "MOST_SENTENCES", 800)


def refused(report):
    return {one.where.rpartition(":")[2]: one.reason for one in report.plan.rejected}


def test_a_text_that_is_too_long_is_refused_with_what_to_do_and_not_archived(tmp_path, toy):
    file = write(tmp_path / "a.jsonl", line("long", text="a. " * 166_667) + "\n" + line("b"))
    report = toy.refresh([file])
    assert "the field text" in refused(report)["1"]
    assert "is longer than 500,000 characters (some 80,000 words)" in refused(report)["1"]
    assert "split it" in refused(report)["1"]
    assert [entry.id for entry in toy.every_entry()] == ["b"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_the_longest_text_of_one_sign_is_taken_or_refused_and_the_next_refresh_has_nothing_to_do(tmp_path, toy, unit):
    text = "Begin. " + unit * ((19_990 - 7) // len(unit)) + "z"
    file = write(tmp_path / "a.jsonl", line("hostile", text=text) + "\n" + line("b"))
    report = toy.refresh([file])
    many = len(split_sentences(text)) > 800
    assert refused(report) == ({"1": budgets.TOO_MANY_SENTENCES} if many else {})
    assert {entry.id for entry in toy.every_entry()} == ({"b"} if many else {"hostile", "b"})
    assert {entry.id for entry in toy.entries()} == {entry.id for entry in toy.every_entry()}
    assert toy.refresh([file]).indexed == 0
    assert toy.refresh([file], dry_run=True).plan.rejected == report.plan.rejected


@pytest.mark.parametrize("text", ["A house is here.\n" * 900, "One. Two! " * 2500, "- A\n" * 5000, "Word " * 9000])
def test_sentences_are_counted_as_they_are_indexed(text):
    count = len(split_sentences(text))
    assert has_more_sentences(text, count - 1)
    assert not has_more_sentences(text, count)


@pytest.mark.usefixtures("small")
def test_a_change_into_too_many_sentences_leaves_the_entry_as_it_was(tmp_path, toy):
    toy.refresh([write(tmp_path / "a.jsonl", line("a", text="A garden."))])
    report = toy.refresh([write(tmp_path / "a.jsonl", line("a", text="- A\n" * 2000))])
    assert refused(report) == {"1": budgets.TOO_MANY_SENTENCES}
    assert [entry.text for entry in toy.entries()] == ["A garden."]


def test_files_beyond_what_one_refresh_takes_are_refused_with_that_reason(tmp_path, toy, monkeypatch):
    monkeypatch.setattr(budgets, "MOST_IN_A_REFRESH", 100)
    file = write(tmp_path / "a.jsonl", "\n".join(line(f"e{n}", text="Words and words, forty.") for n in range(9)))
    gathered = import_files([file])
    assert len(gathered.entries) == 4
    assert {one.reason for one in gathered.rejected} == {budgets.FILES_FULL}
    assert len(toy.refresh([file]).plan.new) == 4


def test_what_sources_have_beyond_one_refresh_is_left_and_comes_with_the_next_ones(tmp_path, monkeypatch):
    with publishers(posts=6, history=8, little=2) as web:
        names = {"cedar": web["cedar"]}
        with shelf_of(tmp_path, names), opened(tmp_path, allowed(*names.values())) as corpus:
            monkeypatch.setattr(budgets, "MOST_IN_A_REFRESH", 4000)
            taken = []
            while len(taken) < 9:
                report = corpus.refresh()
                assert report.plan.rejected == ()
                taken.append(len(report.plan.new))
                if not any("left for the next refresh" in one.sentence for one in report.sources):
                    break
                assert any("pieces were left: a refresh reads 4,000 characters" in note for note in report.notes)
            found = {entry.title for entry in corpus.entries() if entry.source == "cedar"}
    assert len(taken) > 1
    assert all(taken)
    assert found == {post.title for post in web["cedar"].posts}


def test_what_is_embedded_together_is_bounded_by_its_sentences(tmp_path, settings, monkeypatch):
    """Many short sentences in many entries: no more of them are held at once than one entry may have, and one more."""
    held = []

    class Counting(ToyEmbedder):
        def embed_passages(self, passages):
            held.append(sum(len(p.sentences) for p in passages))
            return super().embed_passages(passages)

    monkeypatch.setattr(budgets, "MOST_SENTENCES", 300)
    texts = [f"Garden {n}.\n" + "- A bed\n" * 200 for n in range(12)]
    file = write(tmp_path / "a.jsonl", "\n".join(line(f"e{n}", text=text) for n, text in enumerate(texts)))
    with open_corpus(settings, Counting()) as corpus:
        assert len(corpus.refresh([file]).plan.new) == 12
    assert max(held) <= 600


def test_a_model_that_reads_longer_passages_gets_fewer_at_once(tmp_path, settings):
    class Wide(ToyEmbedder):
        window = 510
        largest = 0

        def embed_passages(self, passages):
            Wide.largest = max(Wide.largest, len(passages))
            return super().embed_passages(passages)

    text = "A house stands in a garden, and many words tell of it. " * 3000
    with open_corpus(settings, Wide()) as corpus:
        corpus.refresh([write(tmp_path / "a.jsonl", line("a", text=text))])
    assert Wide.largest == 64


# Cross-posts


def test_signatures_are_made_in_parts_and_are_the_same(monkeypatch):
    from corpus.ingest.update import minhash  # noqa: PLC0415

    text = " ".join(f"word{n}" for n in range(5000))
    whole = make_signature(text)
    monkeypatch.setattr(minhash, "HASHED", 100)
    assert make_signature(text) == whole


def test_texts_that_are_as_long_as_books_are_not_compared_and_shorter_ones_are(monkeypatch):
    text = " ".join(f"word{n}" for n in range(500))
    assert make_signature(text)
    monkeypatch.setattr(budgets, "LONGEST_COMPARED", 400)
    assert make_signature(text) == b""


def test_cross_posts_are_found_though_hardly_anything_is_kept_at_hand(monkeypatch):
    from corpus.ingest.update import duplicates  # noqa: PLC0415

    monkeypatch.setattr(duplicates, "KEPT", 1)
    monkeypatch.setattr(duplicates, "KEPT_SHINGLES", 1)
    texts = {n: " ".join(f"word{n % 3}-{m}" for m in range(300)) for n in range(6)}
    order = {n: (date(2026, 6, 1), n) for n in texts}
    assert find_copies({n: make_signature(text) for n, text in texts.items()}, order, texts.get) == {3: 0, 4: 1, 5: 2}
