"""Collections of other people's texts, which cannot be shipped: how well each is answered, held against kept floors.

    python tests/benchmarks/collections_benchmark.py DIR [NAME …] [--write-floors]

DIR holds NAME-entries.jsonl (to import) and NAME-questions.dev.jsonl (docs/eval.md) for each collection. Each is taken
into a data folder of its own, which is removed, and evaluated with the built-in model; floors/NAME.json has the floors.
Ends with code 1 where one is missed. Some three minutes a collection of 300 essays on two cores.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FLOORS = Path(__file__).resolve().parent / "floors"
ENTRIES, QUESTIONS = "-entries.jsonl", "-questions.dev.jsonl"


def footnote(data: str, *words: str) -> int:
    """Run a command on a data folder, with its output shown; return its exit code."""
    environment = {**os.environ, "FOOTNOTE_DATA_DIR": data}
    return subprocess.run([sys.executable, "-m", "bot", *words], env=environment, check=False).returncode


def measure(folder: Path, name: str, write: tuple[str, ...]) -> bool:
    """Return whether a collection keeps its floors, or has none."""
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as data:
        if code := footnote(data, "refresh", "--from", f"{folder / name}{ENTRIES}"):
            raise SystemExit(code)
        file = FLOORS / f"{name}.json"
        floors = ("--floors", str(file), *write) if file.exists() or write else ()
        return footnote(data, "eval", f"{folder / name}{QUESTIONS}", *floors) == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write-floors", action="store_const", const=("--write-floors",), default=())
    options = parser.parse_args()
    names = options.names or sorted(file.name.removesuffix(ENTRIES) for file in options.folder.glob(f"*{ENTRIES}"))
    kept = [measure(options.folder, name, options.write_floors) for name in names]
    raise SystemExit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
