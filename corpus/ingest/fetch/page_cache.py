"""Pages that a refresh has fetched and not yet committed: after a crash, the next one need not ask for them again.

Nothing depends on it: what cannot be read is as if it were not there, and what cannot be written is fetched again.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from time import time

from corpus.models.fetched import Fetched, Validators
from corpus.private import make_private_folder

FRESH = 24 * 3600  # seconds; what is older may have changed; the next scheduled refresh comes within
SUFFIX, HALF = ".page", ".half"


class PageCache:
    """A folder with one file a page: a line of JSON that describes it, then the text and the body. Thread-safe.

    A page is kept under its address and a `mark`: of what was said of it when it was fetched. `now`: seconds since the
    epoch. Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None, now: Callable[[], float] = time) -> None:
        self._folder, self._now, self._is_tidy = folder, now, False

    def get(self, url: str, mark: str = "") -> Fetched | None:
        """Return what was fetched from this address in the last hours; None where there is nothing whole."""
        if self._folder is None:
            return None
        try:
            head, _, rest = self._file(self._folder, url, mark).read_bytes().partition(b"\n")
            described = json.loads(head)
            if described["sum"] != _sum(described["page"], rest) or not 0 <= self._now() - described["at"] <= FRESH:
                return None
            page = described["page"]
            if page["url"] != url:
                return None
            text, body = rest[: described["text"]], rest[described["text"] :]
            return Fetched(
                **page | {"validators": Validators(**page["validators"])},
                text=text.decode("utf-8", "surrogatepass"),
                body=body,
            )
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def put(self, page: Fetched, mark: str = "") -> None:
        """Keep a page: whole, or not at all."""
        if self._folder is None:
            return
        described = asdict(page)
        text, body = described.pop("text").encode("utf-8", "surrogatepass"), described.pop("body")
        head = {"at": self._now(), "text": len(text), "page": described, "sum": _sum(described, text + body)}
        with suppress(OSError):  # a full disk: the page is then fetched again
            make_private_folder(self._folder)
            self._tidy(self._folder)
            self._write(self._file(self._folder, page.url, mark), json.dumps(head).encode() + b"\n" + text + body)

    def forget(self, url: str, mark: str = "") -> None:
        """Forget a page: it was committed."""
        if self._folder is not None:
            with suppress(OSError):
                self._file(self._folder, url, mark).unlink(missing_ok=True)

    def _tidy(self, folder: Path) -> None:
        """Once, what nobody will use any more: the pages of refreshes that never came to their end."""
        if not self._is_tidy:
            self._is_tidy = True
            with suppress(OSError):
                for file in folder.iterdir():
                    if file.suffix in {SUFFIX, HALF} and file.stat().st_mtime < self._now() - FRESH:
                        file.unlink(missing_ok=True)

    @staticmethod
    def _file(folder: Path, url: str, mark: str) -> Path:
        return folder / (hashlib.sha256(f"{mark}\n{url}".encode("utf-8", "surrogatepass")).hexdigest() + SUFFIX)

    def _write(self, file: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(suffix=HALF, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as half:
                half.write(content)
            Path(name).replace(file)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise


def _sum(page: dict[str, object], rest: bytes) -> str:
    """By which a file shows that it is whole: a power failure can leave its length without its bytes."""
    return hashlib.sha256(json.dumps(page, sort_keys=True).encode() + rest).hexdigest()
