"""Which embedder runs a model."""

from collections.abc import Mapping
from types import MappingProxyType

from corpus.index.embedders.base import Embedder
from corpus.index.embedders.built_in import BuiltInEmbedder
from corpus.settings import BUILT_IN_MODEL


def make_embedder(
    model: str,
    question_threads: int | None = None,
    *,
    prompts: Mapping[str, str] = MappingProxyType({}),
    local: bool = False,
) -> Embedder:
    """Return what embeds with the model of this name or path; nothing is loaded yet.

    `question_threads`, `prompts`, `local`: as of SentenceTransformerEmbedder, which runs all but the built-in model.
    """
    if model == BUILT_IN_MODEL:
        return BuiltInEmbedder()
    from corpus.index.embedders.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    return SentenceTransformerEmbedder(model, question_threads, prompts=prompts, local=local)
