"""The entries of a corpus under another embedding model, in a folder of its own: the index in use stays as it is."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from corpus.library import Corpus, open_corpus
from corpus.models.updates import Progress, no_progress


@contextmanager
def indexed_with(corpus: Corpus, model: str, progress: Progress = no_progress) -> Iterator[tuple[Corpus, float]]:
    """Give a corpus of the same record, indexed with this model, and the seconds that took; it is removed afterwards.

    `model`: as FOOTNOTE_MODEL has it. Raises ModelUnusable, or what `Corpus.rebuild` raises.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-eval-") as folder:
        corpus.copy_record(Path(folder))
        settings = corpus.settings.model_copy(update={"data_dir": Path(folder), "model": model})
        with open_corpus(settings) as other:
            other.load_models()  # loading, or downloading, is no part of the time
            begun = perf_counter()
            other.rebuild(progress)
            yield other, perf_counter() - begun
