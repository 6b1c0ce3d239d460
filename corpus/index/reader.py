"""Who reads the index: always the newest generation that can be read, swapped between two questions."""

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TypeVar

from corpus.errors import ArchiveDamaged, IndexDamaged, IndexMissing
from corpus.index.generation import Generation, committed, folder_of

log = logging.getLogger(__name__)

T = TypeVar("T")
AGAIN = 60  # seconds after which a generation that could not be read is tried again: the cause may have passed


class Reader:
    """Holds one generation open. A generation that cannot be read lets the one before it go on answering."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._open: Generation | None = None
        self._damaged: dict[int, tuple[float, str]] = {}

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    def read(self, use: Callable[[Generation], T]) -> T:
        """What `use` makes of the newest generation; of the one before, where damage shows only now."""
        while True:
            now = self.current()
            try:
                return use(now)
            except (IndexDamaged, ArchiveDamaged) as error:  # of the generation's copy, never of the archive itself
                self._mark(now.number, error)

    def current(self) -> Generation:
        """The newest generation that can be read. Raises IndexMissing where there is none, or IndexDamaged."""
        for number in reversed(committed(self._root)):
            marked = self._damaged.get(number)
            if marked and monotonic() - marked[0] < AGAIN:
                continue
            if self._open and self._open.number == number:
                return self._open
            try:
                opened = Generation(folder_of(self._root, number))
            except IndexDamaged as error:
                if folder_of(self._root, number).exists():
                    self._mark(number, error)
                    continue
                return self.current()  # it was pruned between the listing and the opening: there is a newer one
            self._damaged.pop(number, None)
            self.close()
            self._open = opened
            return opened
        if committed(self._root):
            raise IndexDamaged(
                f"No generation of the index in {self._root} can be read. Run `footnote rebuild`: it makes a new one "
                "from the archive."
            )
        raise IndexMissing("Nothing has been indexed yet. Run `footnote refresh`.")

    def notes(self) -> list[str]:
        """A sentence for each generation that could not be read and is still there."""
        there = committed(self._root)
        return [sentence for number, (_, sentence) in sorted(self._damaged.items()) if number in there]

    def _mark(self, number: int, error: Exception) -> None:
        sentence = (
            f"Generation {number} of the index is damaged ({error.__cause__ or error}); the one before it is used, if "
            "there is one. Run `footnote rebuild`."
        )
        if number not in self._damaged:
            log.warning("%s", sentence)
        self._damaged[number] = (monotonic(), sentence)
        if self._open and self._open.number == number:
            self.close()
