"""The sandbox's process: one document after the other is taken apart here, a line of JSON in, a line of JSON out.

A document may be made to keep a parser busy for hours or to fill the memory, so none is read in the process that keeps
the corpus. Each has its time on the processor; all have one bound of memory, and who meets it was the last. A line
holds `kind`, `seconds` and what the module of that kind asks for; an answer holds `trouble` where the document could
not be read, and `last` where this process should be replaced.
"""

import contextlib
import importlib.util
import json
import logging
import math
import os
import signal
import sys
from pathlib import Path
from typing import Any

PACKAGE = "sandbox_worker"  # by which the modules beside this one know each other: nothing of corpus is imported
KINDS = frozenset(
    {"page", "markdown", "feed", "sitemap", "pdf"}
)  # the modules beside this one: each loads its library once wanted
MEMORY = 2_000_000_000  # bytes of address space
WORN = 800_000_000  # bytes in use, beyond which a fresh process is cheaper than this one
STUMBLES = "is built in a way that the program that reads it stumbles over"
MISSING = "could not be read: a library is missing; install the program anew"
TOO_BIG = "needs too much memory to be read"


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what a document holds, or the trouble why it cannot be read."""
    try:
        if asked["kind"] not in KINDS:
            return {"trouble": "is of a kind that is not read"}
        module = importlib.import_module(f"{PACKAGE}.{asked['kind']}")
        found: dict[str, Any] = module.extract(asked)
    except MemoryError:
        return {"trouble": TOO_BIG, "last": True}
    except ImportError:
        return {"trouble": MISSING}
    except Exception:  # noqa: BLE001  foreign parsers over foreign bytes: whatever they raise, the next document goes on
        return {"trouble": STUMBLES}
    return found


def load_package() -> None:
    """Make this folder a package of its own, and take it from the path: no module here stands in for a library's."""
    here = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)])
    if spec:
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    sys.path[:] = [place for place in sys.path if Path(place) != here]


def main() -> None:
    """Answer until the input ends."""
    # What libraries print to the standard output goes where errors go: that way is for answers alone.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks decides when this ends: it closes the input, or kills
    _bound_memory()
    load_package()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        _bound_time(asked["seconds"])
        found = answer(asked)
        if _in_use() > WORN:
            found["last"] = True
        answers.write(json.dumps(found).encode() + b"\n")
        answers.flush()


def _bound_memory() -> None:
    """Keep this process within its memory, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _bound_time(seconds: float) -> None:
    """Give the next document so many seconds of the processor from now; then the system ends this process."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on Windows

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _in_use() -> int:
    """Return the bytes of memory in use now; where the system does not say that, the most so far, or else 0.

    On Linux the most so far begins with that of the process which started this one: beside a loaded model, each
    document would have a process of its own.
    """
    with contextlib.suppress(OSError, ValueError, LookupError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(ImportError, OSError):
        import resource  # noqa: PLC0415  not on Windows

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return 0


if __name__ == "__main__":
    main()
