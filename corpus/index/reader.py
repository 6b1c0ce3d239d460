"""Who reads the index: the newest generation that can be read, swapped between two questions.

One thread reads and another may `catch_up` meanwhile. Each read borrows the generation it uses: one that was replaced
is closed by the last read that gives it back, or at once where none has it. Two locks: `_opening` is held as long as it
takes to open a generation (so that nobody opens one twice), `_handing` for a moment, to count who has what. So a read
waits for an opening only where there is nothing else to read.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from time import monotonic
from typing import TypeVar

from corpus.errors import (
    ArchiveDamaged,
    DataUnusable,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    ModelUnusable,
    ResourceShort,
)
from corpus.index.generation import CHROMA, Generation, committed, folder_of
from corpus.index.vector_stores.base import VectorStores
from corpus.models.updates import CorpusChange

log = logging.getLogger(__name__)

T = TypeVar("T")
AGAIN = 60  # seconds after which a generation that could not be read is tried again: the cause may have passed


class _Held:
    """An open generation, and how many reads use it now."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.users = 0
        self.replaced = False


class Reader:
    """Holds one generation open. A generation that cannot be read lets the one before it go on answering.

    `follow`: each read looks for a newer generation first. Otherwise only `catch_up` does, and a read opens one by
    itself only where none is open, or the open one is damaged. `warm`: loads what else a generation is read with, where
    it is opened aside.
    """

    def __init__(
        self,
        root: Path,
        *,
        follow: bool = True,
        stores: VectorStores = CHROMA,
        warm: Callable[[Generation], object] = lambda _: None,
    ) -> None:
        self.root = root
        self.stores = stores
        self._follow = follow
        self._warm = warm
        self._held: _Held | None = None
        self._damaged: dict[int, tuple[float, str]] = {}
        self._short_since: float | None = None  # when a newer one could not be opened though it may be whole
        self._opening = RLock()
        self._handing = Lock()

    def close(self) -> None:
        """Close what is open, or let the read that uses it do so. Not while another thread catches up."""
        self._hold(None)

    def read(self, use: Callable[[Generation], T]) -> T:
        """Return what `use` makes of the newest generation; of the one before, where damage shows only now."""
        while True:
            with self.borrowed() as generation:
                try:
                    return use(generation)
                except (IndexDamaged, ArchiveDamaged) as error:  # of the generation's copy, never of the archive itself
                    self._mark(generation.number, error)
                except DataUnusable:  # Chroma cannot write where nothing is any more: it was pruned, and lagged behind
                    if os.path.lexists(folder_of(self.root, generation.number)):
                        raise
                    self._let_go(generation.number)

    @contextmanager
    def borrowed(self) -> Iterator[Generation]:
        """Lend the generation to read from, open until it is given back. Raises IndexMissing, or IndexDamaged."""
        held = self._borrow()
        try:
            yield held.generation
        finally:
            self._give_back(held)

    def current(self) -> Generation:
        """Return the newest generation that is whole, for who builds upon it and keeps all others from committing.

        Raises as `borrowed` does.
        """
        with self.whole() as generation:
            return generation

    @contextmanager
    def whole(self) -> Iterator[Generation]:
        """Lend the newest generation that is whole; what is searched of it is verified and not opened.

        Raises as `borrowed` does.
        """
        while True:
            held = self._borrow()
            try:
                held.generation.verify_searched()
            except IndexDamaged as error:
                self._give_back(held)
                self._mark(held.generation.number, error)
            except BaseException:  # whatever it is: the generation is given back, and it goes on its way
                self._give_back(held)
                raise
            else:
                break
        try:
            yield held.generation
        finally:
            self._give_back(held)

    def catch_up(self) -> CorpusChange | None:
        """Open the newest generation aside, warm it, and have the next read use it. Return what it changes, if new.

        For a second thread: nobody waits for it. Of the first generation that is opened nothing is known to be new.
        Raises IndexDamaged where none can be read, and what is short, or ModelUnusable: then the generation that is
        held goes on answering, and for a while nothing is tried again.
        """
        with self._handing:
            before = self._held
            if before:
                before.users += 1  # kept open, to be compared with
        try:
            return self._catch_up(before)
        finally:
            if before:
                self._give_back(before)

    def _catch_up(self, before: _Held | None) -> CorpusChange | None:
        if before and self._short_since is not None and monotonic() - self._short_since < AGAIN:
            return None
        self._short_since = None
        try:
            newest = self._hold_newest(warm=True)
        except IndexMissing:
            return None
        except (ResourceShort, ModelUnusable):
            self._short_since = monotonic()
            raise
        if newest is before:
            return None
        shown = newest.generation.hashes
        earlier = before.generation.hashes if before else shown
        return CorpusChange(
            generation=newest.generation.number,
            new=tuple(i for i in shown if i not in earlier),
            changed=tuple(i for i, digest in shown.items() if earlier.get(i, digest) != digest),
            removed=tuple(i for i in earlier if i not in shown),
        )

    def notes(self) -> list[str]:
        """Return a sentence for each generation that could not be read and is still there."""
        numbers = committed(self.root)
        return [sentence for number, (_, sentence) in sorted(dict(self._damaged).items()) if number in numbers]

    def _borrow(self) -> _Held:
        while True:
            held = self._held
            if held is None or self._follow:
                held = self._hold_newest()
            with self._handing:
                if not held.replaced:
                    held.users += 1
                    return held
            # Replaced just now, by another thread: there is another one to take.

    def _give_back(self, held: _Held) -> None:
        with self._handing:
            held.users -= 1
            done = held.replaced and held.users == 0
        if done:
            held.generation.close()

    def _hold_newest(self, *, warm: bool = False) -> _Held:
        """Hold the newest generation that can be read. Raises IndexMissing where there is none, or IndexDamaged."""
        with self._opening:
            for number in reversed(committed(self.root)):
                marked = self._damaged.get(number)
                if marked and monotonic() - marked[0] < AGAIN:
                    continue
                held = self._held
                if held and held.generation.number == number:
                    return held
                try:
                    opened = self._open(folder_of(self.root, number), warm=warm)
                except DataUnusable as error:
                    if not os.path.lexists(folder_of(self.root, number)):
                        # It was pruned between the listing and the opening: there is a newer one.
                        return self._hold_newest(warm=warm)
                    if not isinstance(error, IndexDamaged | ArchiveDamaged):
                        raise
                    self._mark(number, error)
                    continue
                self._damaged.pop(number, None)
                new = _Held(opened)
                self._hold(new)
                return new
        there = committed(self.root)
        if any(number not in self._damaged for number in there):  # it was committed after the listing
            return self._hold_newest(warm=warm)
        if there:
            raise IndexDamaged(
                f"No generation of the index in {self.root} can be read. Run `footnote rebuild`: it makes a new one "
                "from the archive."
            )
        raise IndexMissing("Nothing has been indexed yet. Run `footnote refresh`.")

    def _hold(self, new: _Held | None) -> None:
        with self._handing:
            old, self._held = self._held, new
            if old:
                old.replaced = True
            done = old is not None and old.users == 0
        if old and done:
            old.generation.close()

    def _mark(self, number: int, error: Exception) -> None:
        if not os.path.lexists(folder_of(self.root, number)):  # pruned, not damaged: it lagged behind
            self._let_go(number)
            return
        problem = "cannot be read" if isinstance(error, IndexOutdated) else "is damaged"
        sentence = (
            f"Generation {number} of the index {problem} ({error.__cause__ or error}); the one before it is used, if "
            "there is one. Run `footnote rebuild`."
        )
        if number not in self._damaged:
            log.warning("%s", sentence)
        self._damaged[number] = (monotonic(), sentence)
        self._let_go(number)

    def _let_go(self, number: int) -> None:
        held = self._held
        if held and held.generation.number == number:
            self._hold(None)

    def _open(self, folder: Path, *, warm: bool) -> Generation:
        opened = Generation(folder, self.stores)
        if warm:
            try:
                opened.warm()
                self._warm(opened)
            except BaseException:  # whatever it is: the generation is closed, and it goes on its way
                opened.close()
                raise
        return opened
