"""What verifying an index costs: a cold `footnote ask` of this checkout beside that of another, and a warm question.

Usage: python tests/benchmarks/verification_benchmark.py OTHER_CHECKOUT DATA_DIR [--pairs 8] [--toy]

Each checkout has its own copy of the data folder, and the two take turns; the medians of the pairs' differences are
told, of the processor's time: other work on the machine changes the clock's more than what is measured. A warm
question opens nothing, so there is nothing to verify: its time is that of the later questions of one process.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOY = "toy_footnote.py"
QUESTION = "Why do open and closed models differ?"
WARM = """
import sys, time
import {loading}
from corpus import CorpusSettings, open_corpus
with open_corpus(CorpusSettings()) as corpus:
    taken = []
    for _ in range(21):
        begun = time.process_time()
        corpus.ask(sys.argv[1])
        taken.append(time.process_time() - begun)
print(sorted(taken[1:])[10])
"""


def support_of(checkout: Path) -> Path:
    """Where a checkout has what its tests share; an older one has it in tests/."""
    return next(folder for folder in (checkout / "tests/support", checkout / "tests") if (folder / TOY).exists())


def run(checkout: Path, data: Path, *words: str) -> str:
    paths = os.pathsep.join(map(str, (checkout, support_of(checkout))))
    environment = {**os.environ, "FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_OFFLINE": "true", "PYTHONPATH": paths}
    return subprocess.run(
        [sys.executable, *words], env=environment, cwd=checkout, capture_output=True, text=True, check=True
    ).stdout


def processor_time() -> float:
    """Of the processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def seconds_of(checkout: Path, data: Path, *, toy: bool) -> tuple[float, float]:
    """What a cold command takes of the processor, and a warm question."""
    begun = processor_time()
    run(checkout, data, *([str(support_of(checkout) / TOY)] if toy else ["-m", "bot"]), "ask", QUESTION, "--json")
    cold = processor_time() - begun
    return cold, float(run(checkout, data, "-c", WARM.format(loading="toy_footnote" if toy else "bot"), QUESTION))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--toy", action="store_true", help="the index was made with the toy model")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sides = [(chosen.other.resolve(), Path(folder, "other")), (ROOT, Path(folder, "this"))]
        for _, data in sides:
            shutil.copytree(chosen.data, data)
        pairs = [[seconds_of(*side, toy=chosen.toy) for side in sides] for _ in range(chosen.pairs + 1)][1:]
    for number, name in enumerate(("cold command", "warm question")):
        other, this = ([pair[side][number] for pair in pairs] for side in (0, 1))
        more = statistics.median(b - a for a, b in zip(other, this, strict=True))
        base = statistics.median(other)
        print(
            f"{name}: {base * 1000:.1f} ms there, {statistics.median(this) * 1000:.1f} ms here; "
            f"median difference {more * 1000:+.1f} ms ({more / base:+.1%})"
        )


if __name__ == "__main__":
    main()
