"""The built-in model without PyTorch: the vectors of the reference, from the graph that its script makes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import minilm_graph
import numpy as np
import pytest

from corpus import ModelUnusable
from corpus.index.chunking import split_passages
from corpus.index.embedders import built_in, built_in_files
from corpus.index.embedders.base import PassageText
from corpus.index.embedders.built_in import BuiltInEmbedder
from corpus.index.embedders.sentence_transformer import SentenceTransformerEmbedder
from corpus.models.search import Span
from corpus.settings import BUILT_IN_MODEL

ROOT = Path(__file__).resolve().parents[4]
STRANGE = [
    "",
    " ",
    "…",
    "🙂" * 40,
    "开放模型会赶上吗。" * 60,
    "Ｆｕｌｌ ｗｉｄｔｈ",
    "ﬁne ligatures, e\u0301 combined",
    "\u202eright to left\u202c and \x00 nothing",
    "Донаудампфшиффартсгезельшафт",
    "word " * 900,
    "supercalifragilistic" * 100,
    "[CLS] [SEP] [MASK] as they are written",
]


@pytest.fixture(scope="module")
def built_in_model():
    return BuiltInEmbedder()


@pytest.fixture(scope="module")
def reference():
    return SentenceTransformerEmbedder(BUILT_IN_MODEL)


def practice_texts():
    for file in sorted((ROOT / "tests" / "practice").glob("*.entries.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield entry["title"], entry["text"]


def test_the_graph_is_what_its_script_makes():
    weights = built_in_files.built_in_folder() / built_in_files.WEIGHTS
    assert minilm_graph.GRAPH.read_bytes() == minilm_graph.make_graph(weights)


def test_strange_texts_have_the_vectors_of_the_reference(built_in_model, reference):
    for text in STRANGE:
        one, other = built_in_model.embed_question(text), reference.embed_question(text)
        assert float(one @ other) > 0.9999, text
    assert built_in_model.count_tokens(STRANGE) == reference.count_tokens(STRANGE)


@pytest.mark.slow
def test_a_thousand_texts_and_their_sentences_have_the_vectors_of_the_reference(built_in_model, reference):
    passages = []
    for title, text in practice_texts():
        for found in split_passages(text, built_in_model.count_tokens, 60):
            sentences = tuple(Span(s.start - found.start, s.end - found.start) for s in found.sentences)
            passages.append(PassageText(title, text[found.start : found.end], sentences))
    assert len(passages) + sum(len(p.sentences) for p in passages) >= 2000
    found, expected = built_in_model.embed_passages(passages), reference.embed_passages(passages)
    for one, other in zip(found, expected, strict=True):
        assert float(one.vector @ other.vector) > 0.9999
        assert (one.sentences * other.sentences).sum(axis=1).min() > 0.9999


def test_what_is_needed_to_embed_leaves_pytorch_alone():
    code = (
        "import sys; from corpus.index.embedders.choose import make_embedder; "
        f"make_embedder({BUILT_IN_MODEL!r}).embed_question('Who?'); "
        "print({'torch', 'transformers', 'sentence_transformers', 'scipy', 'sympy', 'chromadb'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


@pytest.mark.parametrize("name", [built_in_files.WEIGHTS, built_in_files.TOKENIZER])
def test_damage_of_the_package_is_a_sentence(monkeypatch, tmp_path, name):
    copy = shutil.copytree(built_in_files.built_in_folder(), tmp_path / "model")
    (copy / name).write_bytes(b"{}")
    monkeypatch.setattr(built_in, "built_in_folder", lambda: copy)
    with pytest.raises(ModelUnusable, match="install footnote anew"):
        BuiltInEmbedder().embed_question("Who?")


def test_no_text_is_embedded_without_a_look_at_the_weights(monkeypatch):
    monkeypatch.setattr(built_in_files, "BUILT_IN_SHA256", "0" * 64)
    with pytest.raises(ModelUnusable, match="are not the published ones"):
        BuiltInEmbedder().embed_question("Who?")


def test_batches_hold_all_texts_once_and_no_more_tokens_than_planned():
    lengths = [int(n) for n in np.random.default_rng(7).integers(2, 257, 500)]
    batches = list(built_in._batch_by_length(lengths))
    assert sorted(place for batch in batches for place in batch) == list(range(500))
    assert all(len(batch) * max(lengths[p] for p in batch) <= built_in.BATCH_TOKENS for batch in batches)
