"""Text → vectors, by a sentence-transformers model, by name or path; also by the built-in one, verified.

Of a model that pools by the mean, sentences are pooled from their passage's tokens; of others, each sentence is encoded
by itself. The built-in model is embedded without PyTorch (`built_in`); this is what that is compared with.
"""

import contextlib
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelUnusable
from corpus.index.embedders.base import SPECIAL_TOKENS, EmbeddedPassage, PassageText, Vector
from corpus.index.embedders.built_in_files import BUILT_IN_SHA256, built_in_folder
from corpus.index.embedders.pooling import pool_sentences, text_of, to_unit
from corpus.models.search import Scale
from corpus.settings import BUILT_IN_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


COUNTED = 1000  # texts that the tokenizer is given at a time: it keeps much more of each than what is asked for
WIDEST_WINDOW = 512  # tokens; longer windows exist, but a passage never fills them


class SentenceTransformerEmbedder:
    """An Embedder over a sentence-transformers model, loaded when it is first needed (4 to 6 s).

    `question_threads`: how many a question is embedded with, where not as many as there are processors. With one, a
    question takes a fifth longer on an idle machine (29 ms, not 24), and no longer on a busy one, where two threads
    that wait for each other took 120 to 700 ms (2 processors, 2 other processes at work). `prompts`: what the model
    wants before a "query" and before a "document", where its own files do not say it. `local`: whether to look for the
    model on this machine alone.
    """

    runtime = "sentence-transformers"

    def __init__(
        self,
        name: str,
        question_threads: int | None = None,
        *,
        prompts: Mapping[str, str] = MappingProxyType({}),
        local: bool = False,
    ) -> None:
        self.name = name
        self._prompts = prompts
        self._local = local
        self._question_threads = question_threads

    @cached_property
    def fingerprint(self) -> str:
        if self.name == BUILT_IN_MODEL:
            _ = self._model  # verifies the file against this very hash
            return BUILT_IN_SHA256
        digest = hashlib.sha256(json.dumps(dict(self._prompts)).encode() if self._prompts else b"")
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().contiguous().view(-1).float().numpy().tobytes())
        return digest.hexdigest()

    @cached_property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or len(self.embed_question("dimension")))

    @cached_property
    def scale(self) -> Scale:
        """Measured on 40 texts, which takes 2 s with a model as small as the built-in one."""
        from corpus.index.embedders.calibration import measure_scale  # noqa: PLC0415  it needs the types that stand here

        return Scale() if self.name == BUILT_IN_MODEL else measure_scale(self)

    @cached_property
    def window(self) -> int:
        return int(min(self._model.max_seq_length or WIDEST_WINDOW, WIDEST_WINDOW)) - SPECIAL_TOKENS

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        if not callable(self._model.tokenizer):  # a static model's tokenizer: it has no window to exceed
            return [0] * len(texts)
        counted: list[int] = []
        for start in range(0, len(texts), COUNTED):
            part = list(texts[start : start + COUNTED])
            counted += [len(ids) for ids in self._model.tokenizer(part, add_special_tokens=False)["input_ids"]]
        return counted

    def embed_question(self, question: str) -> Vector:
        model = self._model
        with limit_threads(self._question_threads):
            vector = model.encode_query(question, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)

    def embed_passages(self, passages: Sequence[PassageText]) -> list[EmbeddedPassage]:
        if not passages:
            return []
        texts = [text_of(passage) for passage in passages]
        if not self._pools_by_mean:
            return self._embed_separately(texts, passages)
        outputs: Any = self._model.encode_document(texts, output_value=None, show_progress_bar=False)
        offsets = self._model.tokenizer(
            texts, truncation=True, max_length=self._model.max_seq_length, return_offsets_mapping=True
        )["offset_mapping"]
        embedded = []
        for output, offset, text, passage in zip(outputs, offsets, texts, passages, strict=True):
            tokens = output["token_embeddings"][output["attention_mask"].bool()].numpy()  # without the batch's padding
            vector = to_unit(output["sentence_embedding"].numpy())
            inside = np.asarray(offset) - (len(text) - len(passage.text))
            embedded.append(pool_sentences(tokens, inside, vector, passage.sentences))
        return embedded

    def _embed_separately(self, texts: list[str], passages: Sequence[PassageText]) -> list[EmbeddedPassage]:
        sentences = [p.text[s.start : s.end] for p in passages for s in p.sentences]
        # What is encoded at once is in memory, with its tokens, until the last of it is done.
        parts = [(texts + sentences)[i : i + COUNTED] for i in range(0, len(texts) + len(sentences), COUNTED)]
        encoded = [
            self._model.encode_document(part, normalize_embeddings=True, show_progress_bar=False) for part in parts
        ]
        rows = np.concatenate([np.asarray(vectors, dtype=np.float32) for vectors in encoded])
        edges = np.cumsum([len(texts), *(len(p.sentences) for p in passages)])
        return [EmbeddedPassage(rows[i], rows[edges[i] : edges[i + 1]]) for i in range(len(texts))]

    @cached_property
    def _pools_by_mean(self) -> bool:
        modules = [type(module).__name__ for module in self._model]
        return (
            modules[:2] == ["Transformer", "Pooling"]
            and set(modules[2:]) <= {"Normalize"}
            and getattr(self._model[1], "pooling_mode", None) == "mean"
            and getattr(self._model.tokenizer, "is_fast", False)
            and not any(self._model.prompts.values())  # a prompt would shift the tokens' offsets
        )

    @cached_property
    def _model(self) -> "SentenceTransformer":
        quiet_libraries()
        built_in = self.name == BUILT_IN_MODEL
        path = str(built_in_folder()) if built_in else self.name
        # Imported here: it takes seconds, and most commands do not need it.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        on_this_machine = self._local or built_in or Path(path).exists()
        try:
            # All the product's text is short and a question is one text: a processor serves it best.
            model = SentenceTransformer(path, device="cpu", local_files_only=on_this_machine)
        except Exception as error:  # foreign code and files from anywhere: whatever it raises, it is no model
            raise ModelUnusable(
                f"The embedding model {self.name} cannot be loaded ({shorten_error(error)}). Check FOOTNOTE_MODEL: a "
                "folder, or the name of a model that is on this machine or can be downloaded; without it, "
                f"{BUILT_IN_MODEL} is used."
            ) from error
        model.prompts.update(self._prompts)
        return model


def quiet_libraries() -> None:
    """Keep models' libraries from reporting home and from filling a terminal. Called before one is imported."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # warns when a process forks after it was used
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415  it takes seconds

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)  # it counts its retries aloud


def shorten_error(error: Exception) -> str:
    """Return what a foreign error says, short enough for a sentence of ours."""
    return " ".join(str(error).split())[:200]


@contextlib.contextmanager
def limit_threads(number: int | None) -> Iterator[None]:
    """Compute with this many threads meanwhile; with as many as ever for None."""
    if number is None:
        yield
        return
    import torch  # noqa: PLC0415  loaded with the model, which takes seconds

    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)
