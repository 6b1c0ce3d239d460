"""The real model: verified, whole, and its sentence vectors worth what separate ones are."""

import shutil

import numpy as np
import pytest

from corpus import ModelUnusable
from corpus.index.chunking import split_passages
from corpus.index.embedders import built_in_files
from corpus.index.embedders.base import PassageText
from corpus.index.embedders.sentence_transformer import SentenceTransformerEmbedder
from corpus.settings import BUILT_IN_MODEL

TEXT = (
    "Open weights let outsiders run and study a model. The harbour master counted forty ships before noon. "
    "A benchmark score is one number made of many choices."
)


@pytest.fixture(scope="module")
def model():
    return SentenceTransformerEmbedder(BUILT_IN_MODEL)


def passage(text, context=""):
    found = split_passages(text, lambda texts: [len(t) // 4 for t in texts], 250)[0]
    return PassageText(context, text, found.sentences)


def test_the_built_in_model_is_the_published_one(model):
    assert model.fingerprint == built_in_files.BUILT_IN_SHA256
    assert (model.dimension, model.window) == (384, 254)


def test_a_model_gets_the_prompts_that_its_files_do_not_say(model):
    folder = str(built_in_files.built_in_folder())
    prompted = SentenceTransformerEmbedder(folder, prompts={"query": "query: ", "document": "passage: "})
    cosine = prompted.embed_question("Who runs it?") @ model.embed_question("query: Who runs it?")
    assert cosine == pytest.approx(1, abs=1e-5)
    [found], [expected] = (one.embed_passages([passage(text)]) for one, text in ((prompted, TEXT), (model, TEXT)))
    assert found.vector @ expected.vector < 0.99
    assert prompted.fingerprint != SentenceTransformerEmbedder(folder).fingerprint


def test_other_weights_under_its_name_are_refused(tmp_path):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"other weights")
    with pytest.raises(ModelUnusable, match="reinstall"):
        built_in_files.verify_weights(weights, built_in_files.BUILT_IN_SHA256)


def test_vectors_have_length_one_and_each_sentence_has_its_own(model):
    (found,) = model.embed_passages([passage(TEXT, "A title")])
    assert found.sentences.shape == (3, 384)
    assert np.allclose(np.linalg.norm(found.sentences, axis=1), 1, atol=1e-5)
    assert np.isclose(np.linalg.norm(found.vector), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("question", "best"),
    [("Who can run a model?", 0), ("How many ships were there?", 1), ("What is in a benchmark?", 2)],
)
def test_a_question_is_nearest_to_the_sentence_that_answers_it(model, question, best):
    (found,) = model.embed_passages([passage(TEXT)])
    assert int(np.argmax(found.sentences @ model.embed_question(question))) == best


def test_a_passage_of_one_sentence_is_its_sentence(model):
    """Pooling the sentence's tokens gives what pooling the passage's gives, but for the two special tokens."""
    (found,) = model.embed_passages([passage("Many variables end up in a single benchmark number.")])
    assert float(found.vector @ found.sentences[0]) > 0.95


def test_batches_change_no_vector(model):
    """A passage's vectors do not depend on what is embedded beside it (padding is left out)."""
    alone = model.embed_passages([passage(TEXT)])[0]
    among = model.embed_passages([passage("Short."), passage(TEXT), passage(TEXT * 4)])[1]
    assert np.allclose(alone.vector, among.vector, atol=1e-4)
    assert np.allclose(alone.sentences, among.sentences, atol=1e-4)


@pytest.mark.parametrize(
    "text", ["7 | 3.14 | 2,718 | " * 300, "开放模型会赶上吗。" * 200, "supercalifragilistic" * 100, "🙂" * 900]
)
def test_no_passage_exceeds_what_the_model_reads(model, text):
    """What is beyond the window would silently be missing from the vector."""
    for found in split_passages(text, model.count_tokens, model.window):
        assert model.count_tokens([text[found.start : found.end]])[0] <= model.window


def test_a_model_by_path_is_loaded_and_has_a_fingerprint_of_its_own(model, tmp_path):
    copy = shutil.copytree(built_in_files.built_in_folder(), tmp_path / "model")
    other = SentenceTransformerEmbedder(str(copy))
    assert other.fingerprint != model.fingerprint
    assert np.allclose(other.embed_question("ships"), model.embed_question("ships"), atol=1e-6)


def test_a_model_that_pools_otherwise_encodes_its_sentences_apart(tmp_path):
    copy = shutil.copytree(built_in_files.built_in_folder(), tmp_path / "model")
    pooling = copy / "1_Pooling/config.json"
    text = pooling.read_text(encoding="utf-8")
    changed = text.replace('"pooling_mode_cls_token": false', '"pooling_mode_cls_token": true').replace(
        '"pooling_mode_mean_tokens": true', '"pooling_mode_mean_tokens": false'
    )
    pooling.write_text(changed, encoding="utf-8")
    other = SentenceTransformerEmbedder(str(copy))
    assert changed != text
    assert not other._pools_by_mean
    (found,) = other.embed_passages([passage(TEXT)])
    first = TEXT[: TEXT.index(".") + 1]
    assert np.allclose(found.sentences[0], other.embed_question(first), atol=1e-4)


def test_a_model_that_is_nowhere_is_a_sentence(tmp_path):
    with pytest.raises(ModelUnusable, match="FOOTNOTE_MODEL"):
        SentenceTransformerEmbedder(str(tmp_path / "nowhere")).embed_question("x")
