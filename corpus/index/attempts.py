"""Which entries are being embedded at the moment, so that one that takes the whole process with it is known afterwards.

Before entries are split and embedded, their numbers are written down, and struck out when that has come to an end; so
what stands there when a build begins was at work when the process died: it had no memory left, or was killed. That
says nothing of one entry among many, nor even of one alone (a power cut may come at any time). So after a death each
of them is tried by itself, and only what was at work at two deaths is left out, until it changes or the index is
rebuilt.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.errors import CorpusError, is_panic
from corpus.storage.entries import Entries

FILE = "attempts.json"
DEATHS = 2  # after which an entry is left out
BROKE = "was being embedded at two deaths of the program, which may have run out of memory"
REMEDY = "It is tried again when it has changed, or with `footnote rebuild`."
MOST_LISTED = 5  # entries, each in a sentence


class Attempts:
    """What is remembered beside the generations. Who writes holds the lock of the data folder.

    An entry is known by its number and its hash: one that has changed begins anew.
    """

    def __init__(self, root: Path) -> None:
        self._file = root / FILE
        self._trying: dict[int, str] = {}
        self._deaths: dict[int, tuple[str, int]] = {}
        self._left_out: dict[int, tuple[str, str]] = {}
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):  # lost: none is known
            read = json.loads(self._file.read_text(encoding="utf-8"))
            trying = {int(n): str(digest) for n, digest in read["trying"].items()}
            deaths = {int(n): (str(digest), int(times)) for n, (digest, times) in read["deaths"].items()}
            left_out = {int(n): (str(digest), str(why)) for n, (digest, why) in read["left_out"].items()}
            self._trying, self._deaths, self._left_out = trying, deaths, left_out

    def count_deaths(self) -> None:
        """Count one more death of each entry that was at work when the last build broke off. Only before a build."""
        for number, digest in self._trying.items():
            self._deaths[number] = digest, self.deaths_of(number, digest) + 1
        self._trying = {}

    def deaths_of(self, number: int, digest: str) -> int:
        """Return at how many deaths an entry was at work: after one it is tried by itself, after DEATHS left out."""
        before, times = self._deaths.get(number, ("", 0))
        return times if before == digest else 0

    @contextmanager
    def trying(self, entries: Mapping[int, str]) -> Iterator[None]:
        """Note that these entries, number → hash, are embedded meanwhile. A stop or a full disk is not their fault."""
        self._trying = dict(entries)
        self._save()
        try:
            yield
        except BaseException as error:
            # What is left are MemoryError, and what the model's code and the splitter's raise of a text.
            if not is_panic(error) and (not isinstance(error, Exception) or isinstance(error, CorpusError | OSError)):
                self._trying = {}
                with suppress(OSError):  # the disk is full: at worst they are tried one by one
                    self._save()
            raise
        for number in entries:
            self._deaths.pop(number, None)
        self._trying = {}
        self._save()

    def leave_out(self, number: int, digest: str, why: str) -> None:
        """Note that an entry is not indexed, and why, as a clause."""
        self._left_out[number] = digest, why

    def left_out(self, shown: Mapping[int, str]) -> dict[int, str]:
        """Return number → why it is not indexed, as a clause, of those entries, number → hash."""
        return {n: why for n, (digest, why) in self._left_out.items() if shown.get(n) == digest}

    def forget_others(self, entries: Mapping[int, str]) -> None:
        """Forget what is remembered of other entries than these, number → hash."""
        self._deaths = {n: noted for n, noted in self._deaths.items() if entries.get(n) == noted[0]}
        self._left_out = {n: noted for n, noted in self._left_out.items() if entries.get(n) == noted[0]}
        self._save()

    def _save(self) -> None:
        noted = {"trying": self._trying, "deaths": self._deaths, "left_out": self._left_out}
        if not any(noted.values()):
            self._file.unlink(missing_ok=True)
            return
        aside = self._file.with_suffix(".half")
        with aside.open("w", encoding="utf-8") as file:
            json.dump(noted, file)
            file.flush()
            os.fsync(file.fileno())  # a machine without memory may have to be switched off
        aside.replace(self._file)


def left_out_in_words(root: Path, archive: Entries) -> list[str]:
    """Return the entries of the archive that the index leaves out, and why, as sentences."""
    numbers = Attempts(root).left_out(archive.numbered_hashes())
    entries = archive.entries([*numbers][:MOST_LISTED])
    sentences = [
        f"{entry.title} ({entry.id}) is in the archive and not in the index: it {numbers[n]}. {REMEDY}"
        for n, entry in entries.items()
    ]
    more = len(numbers) - len(entries)
    return [*sentences, f"So are {more} more."] if more else sentences


def forget(root: Path) -> None:
    """Have all entries tried anew by the next build. Only for the holder of the refresh lock."""
    (root / FILE).unlink(missing_ok=True)
