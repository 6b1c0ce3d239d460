"""Whether an upgrade is an outage: data folders made by earlier commits, under the present code.

    python tests/benchmarks/upgrade_benchmark.py COMMIT... [--passages 1000]

For each commit of this repository: its own code takes in its shipped corpus and texts that are made here. Then a
process like the bot's answers one question after another, while a child at low priority makes the new index, until that
has taken over. Prints, as JSON: the questions asked meanwhile, how many were refused, their p50 and longest time in
milliseconds, the seconds to the new index, and whether entries and history are as they were. A minute for each 1,000
passages.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
from pathlib import Path
from time import perf_counter

from benchmark import make_entries

from corpus import Corpus, CorpusError, CorpusSettings, open_corpus

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = (
    "Why do open and closed models differ?",
    "Will there be a consortium for open models?",
    "What does openness mean for cybersecurity?",
    "How large is the gap between open and closed models?",
)
LONGEST = 3600.0  # seconds until the new index must have taken over
LOOK = 1.0  # seconds between two looks for a newer generation, as the bot's


def footnote(code: Path, data: Path, *words: str) -> subprocess.Popen[str]:
    """Start `footnote` as this checkout has it, in a working directory beside the data."""
    environment = os.environ | {"PYTHONPATH": str(code), "FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_OFFLINE": "1"}
    command = [sys.executable, "-P", "-m", "bot", *words]
    return subprocess.Popen(command, env=environment, cwd=data.parent, stdout=subprocess.PIPE, text=True)


def output_of(process: subprocess.Popen[str]) -> str:
    written, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{process.args} ended with {process.returncode}")
    return written


def make_data(commit: str, folder: Path, passages: int) -> Path:
    """Return a data folder that the code of this commit has made."""
    code, data, texts = folder / "code", folder / "data", folder / "made.jsonl"
    code.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(code, filter="data")
    texts.write_text("".join(json.dumps(entry) + "\n" for entry in make_entries(passages)), encoding="utf-8")
    output_of(footnote(code, data, "refresh"))
    output_of(footnote(code, data, "refresh", "--from", str(texts)))
    return data


def state_of(data: Path) -> tuple[str, list[dict[str, object]]]:
    """Return all entries, and the history, as the present code writes them."""
    runs = json.loads(output_of(footnote(ROOT, data, "history", "--json")))
    for run in runs:
        del run["sources"]  # a record of the first form says them once it was migrated
    return output_of(footnote(ROOT, data, "export", "-", "--no-sources")), runs


def follow(corpus: Corpus, done: threading.Event) -> None:
    while not done.wait(LOOK):
        corpus.catch_up()


def measure(data: Path) -> dict[str, object]:
    """Ask until the new index has taken over."""
    before = state_of(data)
    seconds, refused, covered, done = list[float](), 0, 0, threading.Event()
    with open_corpus(CorpusSettings(data_dir=data, offline=True), serving=True) as corpus:
        corpus.catch_up()
        first = corpus.ask(QUESTIONS[0]).generation
        outdated = corpus.find_outdated()
        following = threading.Thread(target=follow, args=(corpus, done))
        following.start()
        began = perf_counter()
        child = footnote(ROOT, data, "rebuild", "--if-outdated")
        os.setpriority(os.PRIO_PROCESS, child.pid, 19)
        generation = first
        while generation == first and not child.poll() and perf_counter() - began < LONGEST:
            asked = perf_counter()
            try:
                answer = corpus.ask(QUESTIONS[len(seconds) % len(QUESTIONS)])
                generation, covered = answer.generation, covered + answer.covered
            except CorpusError:
                refused += 1
            seconds.append(perf_counter() - asked)
            done.wait(0.05)
        taken = perf_counter() - began
        output_of(child)
        done.set()
        following.join()
        current = corpus.find_outdated() is None
    return {
        "outdated_in": outdated.differs if outdated else (),
        "asked": len(seconds),
        "refused": refused,
        "covered": covered,
        "p50_ms": round(1000 * statistics.median(seconds), 1),
        "max_ms": round(1000 * max(seconds), 1),
        "new_index_s": round(taken, 1),
        "new_index_answers": current and generation > first,
        "nothing_lost": state_of(data) == before,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commits", nargs="+", metavar="COMMIT")
    parser.add_argument("--passages", type=int, default=1000)
    wanted = parser.parse_args()
    for commit in wanted.commits:
        with tempfile.TemporaryDirectory() as folder:
            print(
                json.dumps({"commit": commit} | measure(make_data(commit, Path(folder), wanted.passages))), flush=True
            )
