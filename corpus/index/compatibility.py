"""What a generation that another version or another model has made still answers, and how it is renewed.

Its passages, sentences and entries are its own, whoever split them, and its words are found by the present terms. Its
vectors mean something to the model alone that made them: that one embeds the questions to it where it is on this
machine; otherwise they are searched by words alone. What the next update makes is of the present version and model.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary

from corpus.errors import ModelUnusable
from corpus.index import chunking, keyword_index
from corpus.index.embedders.base import Embedder, Vector
from corpus.index.generation import Generation
from corpus.index.manifest import Recipe
from corpus.models.updates import Outdated

log = logging.getLogger(__name__)

KEPT = 256  # vectors of questions: more than may wait for their turn
WORDS_ALONE = (
    "For now this corpus is searched by words alone, so an answer in other words than the question's may be missed."
)
REMEDY = "`footnote rebuild` makes a new one, and so does the next refresh"


class Embedders:
    """The embedder of the settings, and for generations that another model made the one they were made with.

    `open_earlier`: makes an embedder from the model's name in a manifest, without a download.
    """

    def __init__(self, own: Embedder, open_earlier: Callable[[str], Embedder]) -> None:
        self.own = own
        self._open_earlier = open_earlier
        # An earlier model is let go with the last generation that it made.
        self._found: WeakKeyDictionary[Generation, Embedder | None] = WeakKeyDictionary()
        self._embed_by_own = lru_cache(KEPT)(own.embed_question)
        self._embedding = Lock()  # none is embedded twice, and one at a time sets torch's number of threads
        self._is_own_used = False

    def embed_question(self, generation: Generation, question: str) -> Vector | None:
        """Return a question's vector for a generation; None where no model here makes such. Raises as `find`."""
        embedder = self.find(generation)
        if embedder is None:
            return None
        if embedder is not self.own:
            return embedder.embed_question(question)
        self._is_own_used = True
        with self._embedding:
            return self._embed_by_own(question)

    def embed_ahead(self, question: str) -> None:
        """Embed a question that will be asked, by any thread; nothing is done while another model answers."""
        if self._is_own_used:
            with self._embedding:
                self._embed_by_own(question)

    def find(self, generation: Generation) -> Embedder | None:
        """Return what embeds questions to a generation; None where no model here makes vectors like those it holds.

        Loads the model at the first time. Raises ModelUnusable where that of the settings is the one and cannot be.
        """
        if generation not in self._found:
            self._found[generation] = self._find(generation.manifest.recipe)
        return self._found[generation]

    def has_other_weights(self, generation: Generation) -> bool:
        """Return whether the model of its name has turned out to be another one. False until it was loaded."""
        return generation.manifest.recipe.model == self.own.name and self._found.get(generation, self.own) is None

    def _find(self, made: Recipe) -> Embedder | None:
        is_own = made.model == self.own.name
        embedder = self.own if is_own else self._open_earlier(made.model)
        try:
            if (embedder.fingerprint, embedder.dimension) == (made.fingerprint, made.dimension):
                return embedder
            problem = "its weights are others now"
        except ModelUnusable as error:
            if is_own:
                raise
            problem = str(error)
        log.warning(
            "The model %s, which the index was made with, cannot embed questions (%s): they are searched by words "
            "alone until a new index is made.",
            made.model,
            problem,
        )
        return None


def find_outdated(generation: Generation, embedders: Embedders, distance: str) -> Outdated | None:
    """Return in what a generation is not as it would be made now, or None. Loads no model.

    `distance`: how vectors would be compared. That a model has other weights is known once questions were embedded.
    """
    made, model = generation.manifest.recipe, embedders.own.name
    form = {
        "splitter": made.splitter != chunking.VERSION,
        "words": made.words != keyword_index.VERSION,
        "distance": made.distance != distance,
    }
    differs = {"model": made.model != model, "weights": embedders.has_other_weights(generation), **form}
    if not any(differs.values()):
        return None
    reasons = ["The index was made by another version of footnote."] if any(form.values()) else []
    remedy = f"{REMEDY}."
    if differs["model"]:
        reasons.append(
            f"The index was made with the model {made.model}, and the settings name {model}: questions are answered "
            f"with {made.model}, or by words alone where that is not on this machine."
        )
        remedy = f"{REMEDY}; or set FOOTNOTE_MODEL back."
    elif differs["weights"]:
        reasons.append(
            f"The index was made with other weights of the model {model}: questions are answered by words alone."
        )
    else:
        reasons.append("It goes on answering as it is.")
    return Outdated(tuple(name for name, differ in differs.items() if differ), " ".join(reasons), remedy)
