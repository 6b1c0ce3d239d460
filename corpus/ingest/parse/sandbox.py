"""What is foreign is taken apart in a process of its own: within limits, and without our settings.

One child serves many documents, because its libraries take longer to load than a page to read. It is started for the
first document, and replaced where a document has broken it: that one is refused, and the next goes on.
"""

import contextlib
import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Self

from corpus.ingest.parse.not_an_entry import NotAnEntry, NotReadNow

WORKER = Path(__file__).with_name("sandbox_worker")
SECONDS = 30.0  # for one document; the longest real ones take two
LIST_SECONDS = 60.0  # for a list; one of 20,000 items takes ten
MOST_ANSWER = 100_000_000  # bytes of one answer
PASSED_ON = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ")  # no setting, and no secret
AS_A_FILE = "add it as a file with front matter"
REMEDIES = {
    "page": AS_A_FILE,
    "pdf": AS_A_FILE,
    "markdown": "write it as plain text",
    "feed": "tell its publisher",
    "sitemap": "tell its publisher",
}
TOO_LONG = "is built in a way that takes too long to read"
BROKEN = "breaks the program that reads it"
TOO_MUCH = "holds more than can be read at once"
STOPPED = "was not read: the reading was stopped"
NO_PROCESS = "could not be read: this computer starts no further program; try again later"


class Sandbox:
    """Takes documents apart, one at a time; others wait for their turn. Raises NotAnEntry for what cannot be read.

    `seconds`: for a document, on the clock and on the processor.
    """

    def __init__(self) -> None:
        self._turn, self._starting = Lock(), Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def page(self, html: str, url: str, seconds: float = SECONDS) -> dict[str, Any]:
        """Return what a web page says of itself, and its main text."""
        return self._ask("page", seconds, html=html, url=url)

    def markdown(self, text: str, seconds: float = SECONDS) -> dict[str, Any]:
        """Return the text of Markdown without its marks, its headings, and what its blocks are."""
        return self._ask("markdown", seconds, text=text)

    def feed(self, body: bytes, url: str, seconds: float = LIST_SECONDS) -> dict[str, Any]:
        """Return what a feed lists, as it says it. `body`: in UTF-8, whatever it claims."""
        return self._ask("feed", seconds, body=b64encode(body).decode(), url=url)

    def sitemap(self, body: bytes, url: str, seconds: float = LIST_SECONDS) -> dict[str, Any]:
        """Return the addresses that a sitemap lists, as it says them. `body`: in UTF-8, and not compressed."""
        return self._ask("sitemap", seconds, body=b64encode(body).decode(), url=url)

    def pdf(self, body: bytes, seconds: float = SECONDS) -> dict[str, Any]:
        """Return what a PDF says of itself, and its text."""
        return self._ask("pdf", seconds, body=b64encode(body).decode())

    def close(self) -> None:
        """End the child, at once; whoever waits for it hears that the reading was stopped."""
        with self._starting:
            self._closed = True
            if self._child:
                self._child.kill()
        with self._turn:
            self._end()

    def _ask(self, kind: str, seconds: float, **request: str) -> dict[str, Any]:
        line = json.dumps({"kind": kind, "seconds": seconds, **request}).encode() + b"\n"
        with self._turn:
            found = self._answer(line, seconds, REMEDIES[kind])
        trouble = found.get("trouble")
        if trouble:
            raise NotAnEntry(str(trouble))
        return found

    def _answer(self, line: bytes, seconds: float, remedy: str) -> dict[str, Any]:
        child = self._ready()
        keep = False
        try:
            stated, overdue = exchange(child, line, seconds)
            found = read_answer(stated)
            keep = found is not None and not overdue and not found.pop("last", False)
        finally:  # also where Ctrl-C comes between a question and its answer: no later document may get that answer
            if not keep:
                self._end()
        if found is None:
            raise self._no_answer(child, stated, remedy, overdue=overdue)
        return found

    def _no_answer(self, child: subprocess.Popen[bytes], stated: bytes, remedy: str, *, overdue: bool) -> NotAnEntry:
        """Why there is no answer."""
        if self._closed:
            return NotReadNow(STOPPED)
        if overdue or child.returncode == -XCPU:
            return NotAnEntry(f"{TOO_LONG}; {remedy}")
        return NotAnEntry(f"{TOO_MUCH if len(stated) > MOST_ANSWER else BROKEN}; {remedy}")

    def _ready(self) -> subprocess.Popen[bytes]:
        """The child, started where there is none or where it has ended by itself."""
        if self._child and self._child.poll() is not None:
            self._end()
        with self._starting:
            if self._closed:
                raise NotReadNow(STOPPED)
            if self._child is None:
                try:
                    self._child = start_worker()
                except OSError as error:
                    raise NotReadNow(NO_PROCESS) from error
            return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):  # what was still to be written to it need not be
                if pipe:
                    pipe.close()
        child.wait()


XCPU = 24  # the signal that ends a process whose time on the processor is over


def start_worker() -> subprocess.Popen[bytes]:
    """Start the process that takes documents apart: it gets no setting, and no secret."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    command = [sys.executable, "-P", "-X", "utf8", str(WORKER)]
    return subprocess.Popen(  # noqa: S603  our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def exchange(child: subprocess.Popen[bytes], line: bytes, seconds: float) -> tuple[bytes, bool]:
    """Return the child's answer, as far as there is one, and whether its time was over, so that it was killed."""
    assert child.stdin and child.stdout  # noqa: PT018, S101  they are pipes
    overdue = False

    def give_up() -> None:
        nonlocal overdue
        overdue = True
        child.kill()

    watch = Timer(seconds, give_up)
    watch.daemon = True
    watch.start()
    try:
        child.stdin.write(line)
        child.stdin.flush()
        return child.stdout.readline(MOST_ANSWER + 1), overdue
    except OSError:
        return b"", overdue
    finally:
        watch.cancel()


def read_answer(line: bytes) -> dict[str, Any] | None:
    """Return an answer, or None for what is none."""
    if not line.endswith(b"\n"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
