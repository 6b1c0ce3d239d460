"""Whether a vector store and a lexical index can be opened and asked, found out by a process of its own.

For generations from before all their files had checksums: damage that nothing has shown may end the process that opens
them. `python -m corpus.index.probe FOLDER DIMENSION` is that process; it takes a second.
"""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np

from corpus.errors import REMEDIES, DataUnusable, IndexDamaged, MemoryShort, shortage_of
from corpus.index import keyword_index
from corpus.index.vector_stores import chroma_embedded

SECONDS = 120  # that it may take
DEADLY = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL}  # what damage dies of


def probe(folder: Path, dimension: int) -> None:
    """Raise IndexDamaged where a process that opens the stores in this folder dies or complains, or a ResourceShort."""
    command = [sys.executable, "-P", "-m", "corpus.index.probe", str(folder), str(dimension)]
    paths = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    try:
        done = subprocess.run(  # noqa: S603  our own program
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise IndexDamaged(f"The index in {folder} cannot be opened within {SECONDS} seconds.") from error
    except OSError as error:
        raise shortage_of(error, folder) or DataUnusable(f"No process can be started ({error}).") from error
    if done.returncode == 0:
        return
    message = done.stderr.strip().rpartition("\n")[2] or f"it ended with {done.returncode}"
    if done.returncode == -signal.SIGKILL:  # by the system, which had no memory left
        raise MemoryShort(f"{folder} cannot be held in memory; free some and try again. Nothing is damaged.")
    name, _, sentence = message.partition(": ")
    short = {kind.__name__: kind(sentence) for kind in REMEDIES}.get(name) or shortage_of(OSError(message), folder)
    # Damaged sizes ask for memory that nobody has: where there is no limit, that is what it is.
    if isinstance(short, MemoryShort) and resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        short = None
    if short:
        raise short
    if -done.returncode in DEADLY or name == IndexDamaged.__name__:
        raise IndexDamaged(f"The index in {folder} cannot be opened ({message}).")
    raise DataUnusable(
        f"Whether the index in {folder} is whole cannot be found out ({message}). Run `footnote rebuild`."
    )


def open_stores(folder: Path, dimension: int) -> None:
    """Open the stores in a folder and ask each. Damage may end the process."""
    store = chroma_embedded.Vectors(folder / chroma_embedded.FOLDER)
    words = keyword_index.Lexical(folder / keyword_index.FOLDER)
    anywhere = np.asarray(np.eye(1, dimension)[0], dtype=np.float32)
    for among in (None, [1]):
        store.nearest(anywhere, 10, among)
        words.matching(["model", "a"], 10, among)
    store.close()


if __name__ == "__main__":
    try:
        open_stores(Path(sys.argv[1]), int(sys.argv[2]))
    except DataUnusable as error:
        sys.exit(f"{type(error).__name__}: {error}")
