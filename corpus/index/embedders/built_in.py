"""The built-in model without PyTorch: its graph by ONNX Runtime, over the weights of its package as they are.

`minilm.onnx` (23 kB, made by tests/support/minilm_graph.py) names its weights by their places in the package's
`model.safetensors`, which is verified first. A process that embeds one question takes 0.6 s and 120 MB; by
sentence-transformers, nearly all of it imports, 7 s and 570 MB. The only home of onnxruntime and tokenizers.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelUnusable
from corpus.index.embedders.base import SPECIAL_TOKENS, EmbeddedPassage, Matrix, PassageText, Vector
from corpus.index.embedders.built_in_files import BUILT_IN_SHA256, TOKENIZER, built_in_folder
from corpus.index.embedders.pooling import pool_sentences, text_of, to_unit
from corpus.models.search import Scale
from corpus.settings import BUILT_IN_MODEL

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

READ = 256  # tokens of a text, its two special ones among them: the model's max_seq_length
BATCH_TOKENS = 2048  # at once: what is computed of them stays in the processor's cache (a quarter faster than 32,768)
COUNTED = 1000  # texts that the tokenizer is given at a time: it keeps much more of each than what is asked for


class BuiltInEmbedder:
    """An Embedder of the built-in model. Nothing is loaded before something is to be embedded or counted.

    A question is embedded by one thread, passages by as many as there are processors.
    """

    name = BUILT_IN_MODEL
    runtime = "onnxruntime"
    fingerprint = BUILT_IN_SHA256  # the weights are verified before they are used
    dimension = 384
    window = READ - SPECIAL_TOKENS
    scale = Scale()  # it is the measure

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [
            len(encoded.ids)
            for start in range(0, len(texts), COUNTED)
            for encoded in self._counter.encode_batch(list(texts[start : start + COUNTED]), add_special_tokens=False)
        ]

    def embed_question(self, question: str) -> Vector:
        [tokens] = self._run(self._session_of_questions, [self._tokenizer.encode(question)])
        return to_unit(tokens.mean(axis=0))

    def embed_passages(self, passages: Sequence[PassageText]) -> list[EmbeddedPassage]:
        texts = [text_of(passage) for passage in passages]
        encoded = self._tokenizer.encode_batch(texts)
        embedded: dict[int, EmbeddedPassage] = {}
        for places in _batch_by_length([len(one.ids) for one in encoded]):
            rows = self._run(self._session_of_passages, [encoded[place] for place in places])
            for place, tokens in zip(places, rows, strict=True):
                offsets = np.asarray(encoded[place].offsets) - (len(texts[place]) - len(passages[place].text))
                vector = to_unit(tokens.mean(axis=0))
                embedded[place] = pool_sentences(tokens, offsets, vector, passages[place].sentences)
        return [embedded[place] for place in range(len(passages))]

    def _run(self, session: Any, encoded: "Sequence[Encoding]") -> Iterator[Matrix]:
        """Yield the token vectors of each text, without padding."""
        lengths = [len(one.ids) for one in encoded]
        ids = np.zeros((len(encoded), max(lengths)), dtype=np.int64)
        for row, one in enumerate(encoded):
            ids[row, : lengths[row]] = one.ids
        mask = np.arange(ids.shape[1]) < np.asarray(lengths)[:, None]
        [tokens] = session.run(None, {"ids": ids, "mask": mask.astype(np.int32)})
        return (one[:length] for one, length in zip(tokens, lengths, strict=True))

    # Two sessions, each made when it is needed: threads are a session's, and a process rarely needs both.

    @cached_property
    def _session_of_questions(self) -> Any:
        return _open_session(self._folder, 1)

    @cached_property
    def _session_of_passages(self) -> Any:
        threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return _open_session(self._folder, threads)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = _load_tokenizer(self._folder)
        tokenizer.enable_truncation(READ)
        return tokenizer

    @cached_property
    def _counter(self) -> "Tokenizer":
        tokenizer = _load_tokenizer(self._folder)
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _folder(self) -> Path:
        return built_in_folder()  # reads 90 MB, once


def _batch_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts with those of nearly their length, so many that they hold BATCH_TOKENS with padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _open_session(folder: Path, threads: int) -> Any:
    """Return the graph over the weights in this folder, which are mapped, not copied. Raises ModelUnusable."""
    import onnxruntime  # noqa: PLC0415  0.2 s, and most commands do not need it

    onnxruntime.set_default_logger_severity(3)  # errors alone: it warns of graphics cards that it does not find
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # who waits leaves the processor to others
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
    try:
        graph = (files("corpus.index.embedders") / "minilm.onnx").read_bytes()
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # foreign code: whatever it raises, there is no model
        raise _make_unusable(error) from error


def _load_tokenizer(folder: Path) -> "Tokenizer":
    """Return the model's tokenizer, without padding. Raises ModelUnusable."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # warns when a process forks after it was used
    from tokenizers import Tokenizer  # noqa: PLC0415  most commands do not need it

    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # it raises plain ones
        raise _make_unusable(error) from error
    tokenizer.no_padding()
    return tokenizer


def _make_unusable(error: Exception) -> ModelUnusable:
    reason = " ".join(str(error).split())[:200]
    return ModelUnusable(f"The built-in model cannot be loaded ({reason}); install footnote anew.")
