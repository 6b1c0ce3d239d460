"""The command with the toy model in forks of a process that has imported everything and opened nothing: quick.

A fork may be given little: few open files, little memory or room, and no rights beyond those that modes of files give.
"""

import contextlib
import ctypes
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CAPABILITIES = 0x20080522  # the version of the form in which they are told
OVERRIDES = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: with these, root reads and writes whatever the modes say


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, or below 0 the number of the signal that killed it."""

    code: int
    output: str
    errors: str


def footnote(data: Path, *words: str, limits: Mapping[int, int] | None = None) -> Ended:
    """Run the command on a data folder, under these limits of `resource`; of the address space, what it may grow by.

    The modes of files bind it, also where we are root.
    """
    settings = {name: value for name, value in os.environ.items() if name.startswith("FOOTNOTE_")}
    settings |= {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_OFFLINE": "true"}
    told = json.dumps({"words": words, "environment": settings, "limits": list((limits or {}).items())})
    server = _server()
    assert server.stdin
    assert server.stdout
    server.stdin.write(told + "\n")
    server.stdin.flush()
    return Ended(**json.loads(server.stdout.readline()))


@cache
def _server() -> subprocess.Popen[str]:
    """The process that forks; it ends with ours."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests/support")))}
    return subprocess.Popen(
        [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _serve() -> None:
    import chromadb.api.rust  # noqa: PLC0415
    import chromadb.telemetry.product.posthog  # noqa: F401, PLC0415
    import toy_footnote  # noqa: F401, PLC0415

    from bot import files  # noqa: F401, PLC0415
    from bot.cli import app, batch  # noqa: F401, PLC0415
    from bot.cli.views import answers  # noqa: F401, PLC0415
    from bot.contract import results  # noqa: F401, PLC0415
    from bot.discord import run  # noqa: F401, PLC0415
    from corpus.query.spelling import load_english  # noqa: PLC0415

    load_english()
    for line in sys.stdin:
        print(json.dumps(asdict(_in_a_fork(app.main, **json.loads(line)))), flush=True)


def _in_a_fork(main: Any, words: list[str], environment: dict[str, str], limits: list[tuple[int, int]]) -> Ended:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            code = 99
            try:
                for number, place in enumerate((os.open(os.devnull, os.O_RDONLY), output.fileno(), errors.fileno())):
                    os.dup2(place, number)
                os.closerange(3, 1024)
                sys.stdin = io.TextIOWrapper(os.fdopen(0, "rb"))
                sys.stdout, sys.stderr = (
                    io.TextIOWrapper(os.fdopen(n, "wb", closefd=False), encoding="utf-8") for n in (1, 2)
                )
                os.environ |= environment
                sys.argv = ["footnote", *words]
                _confine(limits)
                main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            finally:
                for stream in (sys.stdout, sys.stderr):
                    with contextlib.suppress(OSError, AttributeError):
                        stream.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        told = []
        for file in (output, errors):
            file.seek(0)
            told.append(file.read().decode(errors="replace"))
    return Ended(os.waitstatus_to_exitcode(status), *told)


def _confine(limits: list[tuple[int, int]]) -> None:
    header, sets = (ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    system = ctypes.CDLL(None)
    system.capget(header, sets)
    sets[0] &= ~OVERRIDES  # of the effective ones
    system.capset(header, sets)
    for which, limit in limits:
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        bound = limit + taken * (which == resource.RLIMIT_AS)
        resource.setrlimit(which, (bound, bound))


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """No file or folder in it may be written."""
    paths = [folder, *folder.rglob("*")]
    try:
        for path in paths:
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


if __name__ == "__main__":
    _serve()
