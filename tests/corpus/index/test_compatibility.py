"""An index that another version or another model has made goes on answering, and the next update makes a new one."""

import json
from datetime import date

import pytest
import tantivy
from build import take_in
from earlier import say_made_with, unpack_first_form
from fakes import ToyEmbedder

import corpus.library
from corpus import IndexDamaged, ModelUnusable, open_corpus
from corpus.index import keyword_index
from corpus.index.compatibility import WORDS_ALONE
from corpus.index.generation import committed, folder_of
from corpus.index.manifest import MANIFEST

ROWS = [
    (
        "river",
        "2026-01-01",
        "paper",
        [],
        "The river rises in the northern hills.\n\nThe boats of the valley are built of oak.",
    ),
    ("cats", "2026-02-01", "paper", [], "Cats sleep for most of the day. They hunt at dawn."),
]
QUESTION = "What are the boats of the valley built of?"


@pytest.fixture
def made(toy, settings, tmp_path):
    """A data folder with an index by the toy model, of the present version."""
    take_in(toy, tmp_path, ROWS)
    toy.close()
    return settings.data_dir


@pytest.fixture
def missing(monkeypatch):
    """No model is on this machine by its name."""

    class Missing(ToyEmbedder):
        def __getattribute__(self, name):
            if name in {"fingerprint", "dimension"}:
                raise ModelUnusable("It is not on this machine.")
            return super().__getattribute__(name)

    monkeypatch.setattr(corpus.library, "make_embedder", lambda name, *_, **__: Missing(name))


def quotes(answer):
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("recipe", "differs"),
    [({"splitter": "1"}, ("splitter",)), ({"words": "1"}, ("words",)), ({"distance": "ip"}, ("distance",))],
    ids="".join,
)
def test_an_index_of_another_version_answers_until_a_refresh_makes_a_new_one(made, settings, recipe, differs):
    with open_corpus(settings, ToyEmbedder()) as before:
        expected = before.ask(QUESTION)
    say_made_with(made, **recipe)
    with open_corpus(settings, ToyEmbedder()) as opened:
        answer = opened.ask(QUESTION)
        assert quotes(answer) == quotes(expected) == ["The boats of the valley are built of oak."]
        assert answer.notes == expected.notes, "a member has nothing to know of it"
        status = opened.status()
        assert status.outdated == differs
        [note] = status.notes
        assert "another version of footnote" in note
        assert "`footnote rebuild`" in note
        assert "FOOTNOTE_MODEL" not in note, "the model is the same"
        report = opened.refresh([settings.data_dir.parent / "rows.jsonl"])
        assert (report.committed, report.generation) == (True, 2)
        assert "made anew" in " ".join(report.notes)
        assert (opened.status().outdated, opened.status().notes) == ((), ())
        assert quotes(opened.ask(QUESTION)) == quotes(expected)
        assert not opened.refresh([settings.data_dir.parent / "rows.jsonl"]).committed


def test_words_are_analysed_anew_and_nothing_is_embedded_again(toy, tmp_path, monkeypatch):
    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()  # no stems, no small letters
    with monkeypatch.context() as earlier:
        earlier.setattr(keyword_index, "make_analyzer", lambda: plain)
        earlier.setattr(keyword_index, "VERSION", "0")
        take_in(toy, tmp_path, ROWS)
    embedder = toy._models.embedder
    before = embedder.embedded_passages

    def held():
        return toy._reader.read(lambda generation: [w for w in ("Cats", "cat") if generation.lexical.holds(w)])

    assert held() == ["Cats"]
    report = toy.rebuild(if_outdated=True)
    assert (report.committed, report.indexed, embedder.embedded_passages) == (True, 0, before)
    assert held() == ["cat"]
    assert toy.search("a sleeping cat", 1)[0].entry.id == "cats"


def test_questions_are_embedded_by_the_model_that_made_the_index(made, settings, monkeypatch):
    opened_by_name = []

    def open_by_name(name, *_, local):
        opened_by_name.append((name, local))
        return ToyEmbedder(name)

    monkeypatch.setattr(corpus.library, "make_embedder", open_by_name)
    assert made.is_dir()
    with open_corpus(settings, ToyEmbedder("other", fingerprint="2")) as opened:
        outdated = opened.find_outdated()
        assert outdated.differs == ("model",)
        assert "toy" in outdated.reason
        assert outdated.remedy.endswith("or set FOOTNOTE_MODEL back.")
        assert opened_by_name == [], "nothing is loaded to say so"
        answer = opened.ask(QUESTION)
        assert (quotes(answer), answer.notes) == (
            ["The boats of the valley are built of oak."],
            opened.ask(QUESTION).notes,
        )
        assert WORDS_ALONE not in answer.notes
        assert opened_by_name == [("toy", True)], "once, and without a download"
        report = opened.rebuild(if_outdated=True)
        assert (report.committed, report.indexed) == (True, 2)
        assert opened.find_outdated() is None
        assert opened.status().model == "other"
        assert quotes(opened.ask(QUESTION)) == quotes(answer)


@pytest.mark.usefixtures("missing", "made")
@pytest.mark.parametrize("own", [ToyEmbedder("other"), ToyEmbedder(fingerprint="2")], ids=["model", "weights"])
def test_without_that_model_words_alone_are_searched_and_the_answer_says_so(settings, own, caplog):
    caplog.set_level("WARNING", logger="corpus")
    with open_corpus(settings, own) as opened:
        answer = opened.ask(QUESTION)
        assert (quotes(answer), answer.covered) == (["The boats of the valley are built of oak."], True)
        assert answer.notes[0] == WORDS_ALONE
        foreign = opened.ask("How do I tune a piano?")
        assert (foreign.covered, foreign.notes) == (False, (WORDS_ALONE,)), "no bare “not covered”"
        assert opened.timeline("boats").notes == (WORDS_ALONE,)
        assert opened.search("river", 1)[0].entry.id == "river"
        assert "cannot embed questions" in caplog.text
        assert opened.find_outdated().differs == ("model" if own.name == "other" else "weights",)
        opened.refresh([settings.data_dir.parent / "rows.jsonl"])
        assert WORDS_ALONE not in opened.ask(QUESTION).notes
        assert opened.find_outdated() is None


def test_a_small_change_of_such_an_index_keeps_what_it_holds_and_is_done_at_once(made, settings, monkeypatch):
    """A takedown does not wait until all is embedded anew; what is new is embedded by the earlier model."""
    earlier = ToyEmbedder()
    say_made_with(made, splitter="1")
    with open_corpus(settings, ToyEmbedder("other")) as opened:
        monkeypatch.setattr(opened._models.embedders, "_open_earlier", lambda _: earlier)
        report = opened.remove(["cats"])
        assert (report.generation, report.indexed, earlier.embedded_passages, report.notes) == (2, 0, 0, ())
        assert [entry.id for entry in opened.entries()] == ["river"]
        assert quotes(opened.ask(QUESTION)) == ["The boats of the valley are built of oak."]
        report = opened.undo()
        assert (report.indexed, earlier.embedded_passages) == (1, 1)
        assert opened.search("sleeping cats", 1)[0].entry.id == "cats"
        assert opened.find_outdated().differs == ("model", "splitter"), "it is made anew as before"
        assert opened.rebuild(if_outdated=True).indexed == 2
        assert opened.find_outdated() is None


@pytest.mark.usefixtures("made")
def test_a_removal_from_such_an_index_holds_also_of_the_last_entry(settings):
    say_made_with(settings.data_dir, splitter="1")
    with open_corpus(settings, ToyEmbedder()) as opened:
        opened.remove(["river", "cats"])
        assert opened.entries() == []
        assert not opened.ask(QUESTION).covered
        assert opened.rebuild(if_outdated=True).committed, "or a bot would try it again and again"
        assert (opened.find_outdated(), opened.entries()) == (None, [])


def test_a_serving_process_loads_the_new_model_before_questions_go_to_the_new_index(made, settings, monkeypatch):
    monkeypatch.setattr(corpus.library, "make_embedder", lambda name, *_, **__: ToyEmbedder(name))
    assert made.is_dir()
    asked = []

    class Watched(ToyEmbedder):
        fingerprint = property(lambda _: asked.append("loaded") or "1", lambda *_: None)

    with (
        open_corpus(settings, Watched("other"), serving=True) as serving,
        open_corpus(settings, ToyEmbedder("other")) as child,
    ):
        serving.catch_up()
        first = serving.ask(QUESTION)
        child.rebuild(if_outdated=True)
        assert (serving.ask(QUESTION).generation, asked) == (first.generation, [])
        serving.catch_up()
        assert asked == ["loaded"]
        assert serving.ask(QUESTION).generation == first.generation + 1
        assert asked == ["loaded"]


def test_a_new_model_that_cannot_be_loaded_leaves_the_earlier_index_answering(made, settings, monkeypatch):
    assert made.is_dir()
    own = ToyEmbedder("other")
    with open_corpus(settings, own, serving=True) as serving, open_corpus(settings, ToyEmbedder("other")) as child:
        monkeypatch.setattr(serving._models.embedders, "_open_earlier", ToyEmbedder)
        first = serving.ask(QUESTION)
        child.rebuild(if_outdated=True)

        def fail(_):
            raise ModelUnusable("There is no memory for it.")

        monkeypatch.setattr(ToyEmbedder, "fingerprint", property(fail, fail), raising=False)
        with pytest.raises(ModelUnusable):
            serving.catch_up()
        assert serving.catch_up() is None, "not tried again at once"
        assert serving.ask(QUESTION).generation == first.generation


@pytest.mark.usefixtures("made")
def test_a_recipe_of_a_form_that_nobody_here_knows_is_refused_with_the_remedy(settings):
    root = settings.data_dir / "index"
    file = folder_of(root, committed(root)[-1]) / MANIFEST
    manifest = json.loads(file.read_text(encoding="utf-8"))
    del manifest["manifest"]
    manifest["checksums"] = {name: value for name, value in manifest["checksums"].items() if "/" not in name}
    manifest["recipe"]["quantisation"] = "int8"
    file.write_text(json.dumps(manifest), encoding="utf-8")
    with open_corpus(settings, ToyEmbedder()) as opened:
        with pytest.raises(IndexDamaged, match="footnote rebuild"):
            opened.ask(QUESTION)
        assert "Another version of footnote has made" in " ".join(opened.status().notes)
        opened.rebuild()
        assert opened.ask(QUESTION).covered


@pytest.mark.usefixtures("missing")
def test_a_data_folder_of_the_first_form_answers_and_loses_nothing(settings):
    """The model is a toy, so that its vectors say nothing: tests/end_to_end/test_upgrade.py has the real one."""
    unpack_first_form(settings.data_dir)
    with open_corpus(settings, ToyEmbedder()) as opened:
        assert opened.status().outdated == ("model", "splitter", "words")
        assert opened.status().behind == 0
        answer = opened.ask(QUESTION)
        # The second splitter took a heading for a part of the sentence below.
        assert quotes(answer) == ["Boats\nThe boats of the valley are built of oak, since oak does not rot in water."]
        before = opened.entries()
        assert [(entry.id, entry.published) for entry in before] == [
            ("bread", date(2026, 5, 1)),
            ("cats", date(2026, 4, 1)),
            ("river", date(2026, 3, 1)),
        ]
        context = opened.quote_in_context("river", answer.citations[0].start, answer.citations[0].end, _hash(answer))
        assert context.quote == answer.citations[0].quote
        assert opened.page("bread").entry.summary == "What salt does."
        assert opened.rebuild(if_outdated=True).indexed == 3
        assert opened.status().notes == ()
        assert [entry.id for entry in opened.entries()] == [entry.id for entry in before]
        assert [entry.text for entry in opened.entries()] == [entry.text for entry in before]
        assert quotes(opened.ask(QUESTION)) == [quotes(answer)[0].removeprefix("Boats\n")]


def _hash(answer):
    return corpus.quote_hash(answer.citations[0].quote)
