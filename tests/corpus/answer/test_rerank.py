"""A cross-encoder, where one is set, orders what a search finds best; the toy one counts letters."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from build import hit
from fakes import ToyEmbedder

from corpus import CorpusSettings, ModelUnusable, open_corpus
from corpus.answer import rerank
from corpus.answer.rerank import CrossEncoderReranker
from corpus.index.embedders.built_in_files import built_in_folder

QUESTION = "Will open models catch up with closed models?"
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] will open models catch up with closed ? . , ##s a e i o n s t r".split()


class Toy:
    """Scores a text by how often a word stands in it; keeps what it was asked."""

    def __init__(self, word):
        self.word = word
        self.asked = []

    def score(self, question, texts):
        self.asked.append((question, list(texts)))
        return [float(text.lower().count(self.word)) for text in texts]


@pytest.fixture
def shipped(settings):
    """The shipped corpus, asked with this reranker."""
    with open_corpus(settings, ToyEmbedder()) as corpus:
        corpus.prepare()

    def act(reranker=None):
        return open_corpus(settings, ToyEmbedder(), reranker)

    return act


def save(folder, *, vocabulary=WORDS, **config):
    """A BERT with random weights and a vocabulary of its own, as `CrossEncoder` loads it."""
    import torch  # noqa: PLC0415  these take seconds
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    torch.manual_seed(1)
    small = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    logging.disable_progress_bar()
    made = BertConfig(vocab_size=len(vocabulary), max_position_embeddings=128, **{"num_labels": 1, **small, **config})
    BertForSequenceClassification(made).save_pretrained(folder)
    words = {word: number for number, word in enumerate(vocabulary)}
    BertTokenizerFast(vocab=words, model_max_length=128).save_pretrained(folder)
    return str(folder)


def placed(hits):
    return [(h.entry.id, h.start, h.end) for h in hits]


# The order, pure


@pytest.mark.parametrize(
    ("scores", "order"),
    [
        ([], "abcd"),
        ([1.0, 2.0, 3.0, 4.0], "dcba"),
        ([0.0, 5.0], "bacd"),  # what was not read stays behind what was
        ([-9.0, -3.0, -9.0, -8.0], "bdac"),  # of equals, the first stays the first
    ],
)
def test_hits_come_in_the_order_of_the_scores(scores, order):
    hits = [hit((f"Text {i}.", 0.5), id=i, score=4.0 - n) for n, i in enumerate("abcd")]
    found = rerank.rerank(SimpleNamespace(score=lambda *_: scores), QUESTION, hits)
    assert "".join(h.entry.id for h in found) == order


def test_a_hits_score_goes_on_telling_the_order():
    """What is made of scores, and shown of them, is on the same scale with a cross-encoder as without."""
    hits = [hit(("A.", 0.5), id="a", score=2.0), hit(("B.", 0.5), id="b", score=1.5)]
    found = rerank.rerank(SimpleNamespace(score=lambda *_: [-11.0, -3.0]), QUESTION, hits)
    assert [(h.entry.id, h.score) for h in found] == [("b", 2.0), ("a", 1.5)]


# In a search and an answer


def test_it_reorders_the_best_passages_and_drops_none(shipped):
    toy = Toy("security")
    with shipped() as plain, shipped(toy) as ordered:
        before, after = plain.search(QUESTION, 40), ordered.search(QUESTION, 40)
    assert len(before) > rerank.READ
    assert set(placed(before)) == set(placed(after))
    assert placed(before) != placed(after)
    assert placed(before)[rerank.READ :] == placed(after)[rerank.READ :]
    said = [text.lower().count("security") for text in toy.asked[0][1]]
    assert len(said) == rerank.READ
    counted = [f"{h.entry.title}\n{h.text}".lower().count("security") for h in after[: rerank.READ]]
    assert counted == sorted(said, reverse=True)


def test_a_short_list_is_the_best_of_all_that_was_read(shipped):
    with shipped(Toy("security")) as corpus:
        assert placed(corpus.search(QUESTION, 3)) == placed(corpus.search(QUESTION, 40))[:3]


def test_an_answer_is_made_of_what_it_puts_first(shipped):
    toy = Toy("security")
    with shipped() as plain, shipped(toy) as ordered:
        before, after = plain.explain(QUESTION), ordered.explain(QUESTION)
        assert toy.asked[0][0] == QUESTION
        assert [h.entry_id for h in after.hits] != [h.entry_id for h in before.hits]
        assert [h.score for h in after.hits] == sorted((h.score for h in after.hits), reverse=True)
        ordered.ask(QUESTION)
        ordered.timeline("open models")
        assert sum(question in {QUESTION, "open models"} for question, _ in toy.asked) == 3


def test_the_newest_entries_are_no_matter_of_order(shipped):
    toy = Toy("security")
    with shipped(toy) as corpus:
        assert corpus.ask("What did Lambert say?").citations
    assert not toy.asked


# The setting


def test_without_the_setting_there_is_none():
    """Nothing of it is imported for an answer, and an empty line in .env is no setting."""
    told = (
        "import sys; sys.path.insert(0, sys.argv[1]); from fakes import ToyEmbedder\n"
        "from corpus import CorpusSettings, open_corpus\n"
        "with open_corpus(CorpusSettings(), ToyEmbedder()) as corpus:\n"
        "    corpus.prepare(); assert corpus.ask('Will open models catch up?').covered\n"
        "print(CorpusSettings().reranker, *[m for m in sys.modules if '.' not in m])"
    )
    Path(".env").write_text("FOOTNOTE_RERANKER=\n", encoding="utf-8")
    command = [sys.executable, "-c", told, str(Path(__file__).parents[2] / "support")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    reranker, *modules = done.stdout.split()
    assert reranker == "None"
    assert not {"sentence_transformers", "torch"} & set(modules)


@pytest.mark.slow
def test_a_cross_encoder_by_path_orders_what_is_found(shipped, tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_RERANKER", save(tmp_path / "model"))
    with shipped(), open_corpus(CorpusSettings(), ToyEmbedder()) as ordered:
        found = ordered.search(QUESTION, 40)
        texts = [f"{h.entry.title}\n{h.text}" for h in found[: rerank.READ]]
        scores = ordered._models.reranker.score(QUESTION, texts)
    assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-4)
    assert len(set(scores)) > rerank.READ // 2


@pytest.mark.slow
def test_batches_and_threads_change_no_score(tmp_path):
    texts = [f"Open models will catch up{' with closed models' * n}." for n in range(2 * rerank.BATCH)]
    folder = save(tmp_path / "model")
    together = CrossEncoderReranker(folder).score(QUESTION, texts)
    one_by_one = CrossEncoderReranker(folder, question_threads=1)
    assert together == pytest.approx([one_by_one.score(QUESTION, [text])[0] for text in texts], abs=1e-5)


def test_a_text_longer_than_it_reads_is_scored_by_its_beginning(tmp_path):
    reranker = CrossEncoderReranker(save(tmp_path / "model"))
    long, longer = reranker.score(QUESTION, ["open " * 500, "open " * 900])
    assert long == pytest.approx(longer, abs=1e-5)


def broken(folder):
    save(folder)
    (folder / "model.safetensors").write_bytes(b"no weights")
    return str(folder)


def without_a_number(folder):
    from safetensors.torch import load_file, save_file  # noqa: PLC0415

    save(folder)
    weights = load_file(folder / "model.safetensors")
    save_file({k: v * float("nan") for k, v in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    return str(folder)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: str(folder / "nowhere"), "nowhere"),
        (broken, "cannot be loaded"),
        (without_a_number, "its scores are no numbers"),
        (lambda folder: save(folder, num_labels=3), "it gives a passage 3 scores"),
        (lambda folder: str(shutil.copytree(built_in_folder(), folder)), "it is a BertModel, which scores nothing"),
    ],
    ids=["nowhere", "broken", "not a number", "classes", "an embedding model"],
)
def test_what_is_no_cross_encoder_is_a_sentence(make, says, tmp_path):
    """With no passage to score, too: a bot asks once before it connects, and is not to find it out later."""
    reranker = CrossEncoderReranker(make(tmp_path / "model"), local=True)
    with pytest.raises(ModelUnusable, match="FOOTNOTE_RERANKER") as raised:
        reranker.score(QUESTION, [])
    assert says in str(raised.value)


def test_nothing_is_downloaded_offline(settings, monkeypatch):
    """With FOOTNOTE_OFFLINE, a name is sought on this machine alone."""
    import sentence_transformers  # noqa: PLC0415

    sought = []
    monkeypatch.setattr(sentence_transformers, "CrossEncoder", lambda name, **how: sought.append((name, how)))
    for offline in (True, False):
        own = settings.model_copy(update={"offline": offline, "reranker": "some/name"})
        with open_corpus(own, ToyEmbedder()) as corpus, pytest.raises(ModelUnusable, match="some/name"):
            corpus._models.reranker.score(QUESTION, [])
    assert [(name, how["local_files_only"]) for name, how in sought] == [("some/name", True), ("some/name", False)]


def test_a_bot_with_a_broken_one_does_not_start(settings):
    from bot.discord.corpus_worker import Library  # noqa: PLC0415

    async def start():
        own = settings.model_copy(update={"reranker": "./nowhere"})
        library = Library(open_corpus(own, ToyEmbedder(), serving=True))
        await library.load()
        with pytest.raises(ModelUnusable, match="FOOTNOTE_RERANKER"):
            await library.warm_up()
        assert await library.close(5.0)

    asyncio.run(start())
