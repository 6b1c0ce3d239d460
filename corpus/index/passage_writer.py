"""The passages of a generation that is built: embedded, and written to its three stores under the same keys."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from corpus.index import keyword_index, passage_store
from corpus.index.changes import Changes, body_of
from corpus.index.embedders.base import SPECIAL_TOKENS, EmbeddedPassage, Embedder, PassageText
from corpus.index.generation import Generation, folder_of
from corpus.index.manifest import copy_verified
from corpus.index.vector_stores.base import VectorStores
from corpus.models.entries import Entry
from corpus.models.search import Passage, Span
from corpus.storage.entries import Entries

LARGE = 20_000  # passages from which the keyword index is taken over with some that were removed
BATCH = 128  # passages embedded together: 50 MB of token vectors
BATCH_TOKENS = 32_768  # the same of a model that reads longer passages: so many tokens at most


@dataclass(frozen=True, slots=True)
class SplitEntry:
    """An entry on its way into the index."""

    number: int
    entry: Entry
    context: str
    passages: list[Passage]

    def text_of(self, passage: Passage) -> PassageText:
        sentences = tuple(Span(s.start - passage.start, s.end - passage.start) for s in passage.sentences)
        return PassageText(self.context, self.entry.text[passage.start : passage.end], sentences)


class PassageWriter:
    """The three stores of a generation while it is built: they take in the same passages, under the same keys."""

    def __init__(self, folder: Path, stores: VectorStores, base: Generation | None) -> None:
        self._folder = folder
        self._next_key = 0
        with ExitStack() as opened:
            if base:
                self._vectors = stores.copy(folder_of(folder.parent, base.number), base.manifest.checksums, folder)
            else:
                self._vectors = stores.create(folder)
            opened.callback(self._vectors.close)
            self._table = passage_store.TableWriter(folder)
            opened.callback(self._table.close)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @cached_property
    def _lexical(self) -> keyword_index.Lexical:
        """Return the lexical index, a new one unless one was taken over before it is first used."""
        is_there = (self._folder / keyword_index.FOLDER).is_dir()
        lexical = keyword_index.Lexical(self._folder / keyword_index.FOLDER, create=not is_there)
        self._opened.callback(lexical.close)
        return lexical

    @property
    def checksums(self) -> dict[str, int]:
        """Return the checksums of the files that are known from their writing."""
        return self._table.checksums

    def take_over(self, base: Generation, archive: Entries, changes: Changes) -> None:
        """Begin with what another generation holds, except what is gone; nothing is embedded again."""
        folder = folder_of(self._folder.parent, base.number)
        self._next_key = base.manifest.next_key
        self._vectors.remove(self._table.take_over(folder, base.manifest.checksums, base.table, changes.gone))
        leaving = sorted(changes.gone | changes.reworded)
        removed = keyword_index.read_removed(folder / keyword_index.FOLDER)[0] + base.table.count_passages(leaving)
        same_words = base.manifest.recipe.words == keyword_index.VERSION  # else they are analysed anew
        # What was removed goes on counting in the rarity of words: of few passages, which are written in a second, none
        # may, so that the same record answers the same, however it came about.
        is_large = base.manifest.passages >= LARGE
        if same_words and removed <= (keyword_index.MOST_REMOVED * base.manifest.passages if is_large else 0):
            words = {name: value for name, value in base.manifest.checksums.items() if keyword_index.owns(name)}
            copy_verified(folder, self._folder, words)
            for number, entry in base.entries.each(leaving):
                _, stretches = base.table.stretches_of(number)
                self._lexical.remove(number, [body_of(entry, *stretch) for stretch in stretches])
            rewritten: Iterable[int] = changes.reworded
        else:
            rewritten = (n for n in base.table.entries.tolist() if n not in changes.gone)
        for number, entry in archive.each(sorted(rewritten)):
            keys, stretches = base.table.stretches_of(number)
            self._lexical.add(keys, [number] * len(keys), [body_of(entry, *stretch) for stretch in stretches])

    def add(self, batch: Sequence[SplitEntry], embedder: Embedder, on_share: Callable[[float], None]) -> None:
        """Embed the passages of these entries together, and take them in. `on_share`: see `_embed`."""
        rows = [(one, passage) for one in batch for passage in one.passages]
        embedded = _embed([one.text_of(passage) for one, passage in rows], embedder, on_share)
        keys = range(self._next_key, self._next_key + len(rows))
        self._next_key = keys.stop
        numbers = [one.number for one, _ in rows]
        self._vectors.add(keys, numbers, np.array([e.vector for e in embedded]))
        self._lexical.add(keys, numbers, [body_of(one.entry, p.start, p.end) for one, p in rows])
        start = 0
        for one in batch:
            part = slice(start, start + len(one.passages))
            self._table.add_entry(one.number, keys[part], one.passages, embedded[part])
            start = part.stop

    def commit(self) -> tuple[int, int]:
        """Write everything; return how many passages there are, and the next free key."""
        self._lexical.commit()
        return self._lexical.count(), self._next_key


def _embed(
    texts: Sequence[PassageText], embedder: Embedder, on_share: Callable[[float], None]
) -> list[EmbeddedPassage]:
    """Embed passages in batches of equal length, as far as there are such; return them in their own order.

    `on_share` is called with the share of their characters that is done.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i].text))
    characters, done = sum(len(text.text) for text in texts), 0
    embedded: dict[int, EmbeddedPassage] = {}
    size = min(BATCH, max(1, BATCH_TOKENS // (embedder.window + SPECIAL_TOKENS)))  # no passage has more tokens
    for start in range(0, len(order), size):
        places = order[start : start + size]
        embedded.update(zip(places, embedder.embed_passages([texts[i] for i in places]), strict=True))
        done += sum(len(texts[i].text) for i in places)
        if done < characters:
            on_share(done / characters)
    return [embedded[i] for i in range(len(texts))]
