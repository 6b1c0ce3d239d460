"""A model whose cosines lie elsewhere: what was measured with the built-in one holds for it, too."""

import json

import numpy as np
import pytest
from fakes import ToyEmbedder

from corpus import CorpusSettings, IndexDamaged, open_corpus
from corpus.index.embedders import calibration
from corpus.index.embedders.base import EmbeddedPassage
from corpus.index.embedders.built_in import BuiltInEmbedder
from corpus.index.manifest import ONCE_NAMED, OWN
from corpus.models.search import Linear, Scale

ASKED = [
    "Why do open and closed models differ?",
    "Does openness help with security?",
    "What did Dean Ball say about government control?",
    "Why would open models need a consortium?",
    "How large is Llama 4 in parameters?",
    "How do I bake sourdough bread at home?",
    "Which football team won the cup in 1998?",
]


class Pressed:
    """A model with its cosines pressed into 0.74 to 1: each of its vectors has one place more, always the same."""

    name, fingerprint, runtime = "pressed", "1", "pressed"

    def __init__(self, model):
        self._model = model
        self.dimension, self.window, self.count_tokens = model.dimension + 1, model.window, model.count_tokens
        self.scale = calibration.measure_scale(self)

    def embed_question(self, question):
        return self._press(self._model.embed_question(question)[None])[0]

    def embed_passages(self, passages):
        embedded = self._model.embed_passages(passages)
        return [EmbeddedPassage(self._press(e.vector[None])[0], self._press(e.sentences)) for e in embedded]

    @staticmethod
    def _press(vectors):
        longer = np.hstack([vectors, np.full((len(vectors), 1), 1.7, dtype=np.float32)])
        return longer / np.linalg.norm(longer, axis=1, keepdims=True)


class Blind(ToyEmbedder):
    """A model to which all texts are one."""

    def embed_question(self, _question):
        return np.eye(1, self.dimension, dtype=np.float32)[0]


@pytest.fixture(scope="module")
def model():
    return BuiltInEmbedder()


def test_each_text_holds_the_answer_to_its_question():
    assert len(calibration.load_pairs()) == 40
    assert all(one.answering and len(one.answering) < len(one.sentences) for one in calibration.load_pairs())


def test_the_built_in_model_is_the_measure(model):
    known = (calibration.ANSWERING, calibration.FOREIGN, calibration.TEXTS)
    assert calibration.measure_points(model) == pytest.approx(known, abs=0.002)
    assert model.scale == Scale()


def answers(model, folder):
    with open_corpus(CorpusSettings(data_dir=folder, offline=True, _env_file=None), model) as corpus:
        corpus.prepare()
        return [corpus.ask(question) for question in ASKED]


@pytest.mark.slow
def test_with_its_cosines_pressed_together_the_model_answers_the_same(model, tmp_path):
    plain, pressed = answers(model, tmp_path / "plain"), answers(Pressed(model), tmp_path / "pressed")
    assert [a.covered for a in plain] == [True, True, True, True, False, False, False]
    for one, other in zip(plain, pressed, strict=True):
        assert [c.quote for c in other.citations] == [c.quote for c in one.citations]
        assert other.confidence == pytest.approx(one.confidence, abs=0.02)
        assert [entry.id for entry in other.nearest] == [entry.id for entry in one.nearest]
        assert {entry.id for entry in other.related.events} == {entry.id for entry in one.related.events}


def test_a_model_that_cannot_tell_texts_apart_has_no_say():
    found = calibration.measure_scale(Blind())
    assert found.asked == Linear(0.0, calibration.FOREIGN)
    assert found.texts == Linear(0.0, calibration.TEXTS)


def test_the_scale_is_kept_with_the_index_and_not_measured_again(settings):
    class Measured(ToyEmbedder):
        times = 0

        @property
        def scale(self):
            Measured.times += 1
            return Scale(Linear(2.0, -0.5), Linear(1.5, -0.5))

    def kept():
        newest = max((settings.data_dir / "index").glob("0*/manifest.json"))
        return json.loads(newest.read_text(encoding="utf-8"))["scale"]

    with open_corpus(settings, Measured()) as corpus:
        corpus.prepare()
        assert kept() == [[2.0, -0.5], [1.5, -0.5]]
        corpus.remove(["consortium"])
        assert kept() == [[2.0, -0.5], [1.5, -0.5]]
        assert Measured.times == 1


def manifest_of_old(settings):
    """The only manifest and its fields, as they were before each file had its checksum, and the manifest its own."""
    (manifest,) = (settings.data_dir / "index").glob("0*/manifest.json")
    fields = json.loads(manifest.read_text(encoding="utf-8"))
    del fields[OWN]
    return manifest, fields | {"checksums": {n: c for n, c in fields["checksums"].items() if n in ONCE_NAMED}}


def test_an_index_from_before_there_was_a_scale_answers_by_its_cosines_as_they_are(settings):
    class Doubted(ToyEmbedder):
        scale = Scale(Linear(0.5, 0.0), Linear())

    with open_corpus(settings, Doubted()) as corpus:
        corpus.prepare()
        doubted = corpus.ask(ASKED[0]).confidence
    manifest, fields = manifest_of_old(settings)
    del fields["scale"], fields["yardstick"]
    manifest.write_text(json.dumps(fields | {"of_a_later_version": 1}), encoding="utf-8")
    with open_corpus(settings, Doubted()) as corpus:
        assert corpus.ask(ASKED[0]).confidence > doubted + 0.01


@pytest.mark.parametrize(
    "scale", ["NaN", "[[NaN, 0], [1, 0]]", "[[1, 1e999], [1, 0]]", "[[1, 2, 3]]", "[[1], 2]", '"abc"', "7"]
)
def test_a_damaged_scale_is_damage_of_the_index(toy, settings, scale):
    toy.prepare()
    toy.close()
    manifest, fields = manifest_of_old(settings)
    whole = json.dumps(fields | {"scale": "HERE"})
    manifest.write_text(whole.replace('"HERE"', scale), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="footnote rebuild"):
        toy.ask(ASKED[0])
    toy.rebuild()
    assert toy.ask(ASKED[0]).covered


def test_what_is_no_number_never_becomes_a_scale():
    class Faulty(ToyEmbedder):
        def embed_question(self, question):
            return super().embed_question(question) * float("nan")

    assert calibration.measure_scale(Faulty()).asked == Linear(0.0, calibration.FOREIGN)
