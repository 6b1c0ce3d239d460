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

from corpus.ingest.fetch import Fetched, Validators

FRESH = 24 * 3600  # seconds; what is older may have changed; the next scheduled refresh comes within
SUFFIX, HALF = ".page", ".half"


class Spool:
    """A folder with one file a page: a line of JSON that describes it, then the text and the body. Thread-safe.

    `now`: seconds since the epoch.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time) -> None:
        self._folder, self._now, self._is_tidy = folder, now, False

    def get(self, url: str) -> Fetched | None:
        """What was fetched from this address in the last hours; None where there is nothing whole."""
        try:
            head, _, rest = self._file(url).read_bytes().partition(b"\n")
            told = json.loads(head)
            if told["sum"] != _sum(told["page"], rest) or not 0 <= self._now() - told["at"] <= FRESH:
                return None
            page = told["page"]
            if page["url"] != url:
                return None
            text, body = rest[: told["text"]], rest[told["text"] :]
            return Fetched(
                **page | {"validators": Validators(**page["validators"])},
                text=text.decode("utf-8", "surrogatepass"),
                body=body,
            )
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def put(self, page: Fetched) -> None:
        """Keep a page: whole, or not at all."""
        told = asdict(page)
        text, body = told.pop("text").encode("utf-8", "surrogatepass"), told.pop("body")
        head = {"at": self._now(), "text": len(text), "page": told, "sum": _sum(told, text + body)}
        with suppress(OSError):  # a full disk: the page is then fetched again
            self._folder.mkdir(parents=True, exist_ok=True)
            self._tidy()
            self._write(self._file(page.url), json.dumps(head).encode() + b"\n" + text + body)

    def clear(self) -> None:
        """Forget all pages: they were committed."""
        self._forget(older_than=None)

    def _tidy(self) -> None:
        """Once, what nobody will use any more: the pages of refreshes that never came to their end."""
        if not self._is_tidy:
            self._is_tidy = True
            self._forget(older_than=self._now() - FRESH)

    def _forget(self, older_than: float | None) -> None:
        with suppress(OSError):
            for file in self._folder.iterdir():
                is_ours = file.suffix in {SUFFIX, HALF}
                if is_ours and (older_than is None or file.stat().st_mtime < older_than):
                    file.unlink(missing_ok=True)

    def _file(self, url: str) -> Path:
        return self._folder / (hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest() + SUFFIX)

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
