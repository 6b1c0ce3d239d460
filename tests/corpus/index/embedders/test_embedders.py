"""What every embedder must do, the real model's and the toy; and that those of one model agree."""

from itertools import combinations

import numpy as np
import pytest
from fakes import ToyEmbedder

from corpus.index.chunking import split_sentences
from corpus.index.embedders.base import PassageText
from corpus.index.embedders.built_in import BuiltInEmbedder
from corpus.index.embedders.sentence_transformer import SentenceTransformerEmbedder
from corpus.settings import BUILT_IN_MODEL

EMBEDDERS = {
    "toy": ToyEmbedder,
    "built-in": BuiltInEmbedder,
    "sentence-transformers": lambda: SentenceTransformerEmbedder(BUILT_IN_MODEL),
    "sentence-transformers, a question on one thread": lambda: SentenceTransformerEmbedder(BUILT_IN_MODEL, 1),
}
TEXTS = [
    "Open weights let outsiders run and study a model. The harbour master counted forty ships before noon.",
    "Bread is dear.",
    "Distillation trains one model on what another one says. It is cheap, and it is disputed. Nobody measures it well.",
]
LEAST = 0.9999  # cosine of what must be equal but for rounding


@pytest.fixture(scope="module", params=EMBEDDERS)
def make_embedder(request):
    return EMBEDDERS[request.param]


@pytest.fixture(scope="module")
def embedder(make_embedder):
    return make_embedder()


def passage(text, context="A title"):
    return PassageText(context, text, tuple(split_sentences(text)))


def vectors_of(embedder):
    embedded = embedder.embed_passages([passage(text) for text in TEXTS])
    questions = [embedder.embed_question(text) for text in TEXTS]
    return np.vstack([*questions, *(one.vector for one in embedded), *(one.sentences for one in embedded)])


def test_all_vectors_are_of_its_dimension_and_of_length_one(embedder):
    vectors = vectors_of(embedder)
    assert vectors.shape == (3 + 3 + 6, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_passage_has_a_vector_for_each_of_its_sentences_in_their_order(embedder):
    found = embedder.embed_passages([passage(text) for text in TEXTS])
    assert [len(one.sentences) for one in found] == [2, 1, 3]
    assert embedder.embed_passages([]) == []


def test_who_is_embedded_beside_a_passage_changes_nothing(embedder):
    together = embedder.embed_passages([passage(text) for text in TEXTS])
    for text, found in zip(TEXTS, together, strict=True):
        [alone] = embedder.embed_passages([passage(text)])
        assert float(found.vector @ alone.vector) > LEAST
        assert (found.sentences * alone.sentences).sum(axis=1).min() > LEAST


def test_a_longer_text_has_more_tokens_and_no_text_none(embedder):
    counts = embedder.count_tokens(["", "Bread.", "Bread is dear.", f"{TEXTS[0]} {TEXTS[0]}"])
    assert counts == sorted(counts)
    assert counts[0] == 0 < counts[1] < counts[2]
    assert embedder.count_tokens([]) == []
    assert embedder.window > 0


def test_it_says_what_it_is_and_what_runs_it(make_embedder, embedder):
    assert embedder.name
    assert embedder.runtime
    assert embedder.fingerprint == make_embedder().fingerprint


def test_embedders_of_equal_weights_agree():
    made = [make() for make in EMBEDDERS.values()]
    pairs = [(one, other) for one, other in combinations(made, 2) if one.fingerprint == other.fingerprint]
    assert pairs
    for one, other in pairs:
        assert (vectors_of(one) * vectors_of(other)).sum(axis=1).min() > LEAST
