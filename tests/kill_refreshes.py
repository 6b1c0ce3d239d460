"""Kill refreshes at random moments, and see that nothing is lost.

    python tests/kill_refreshes.py [--times 50] [--seed 1]

Each time: a data folder that holds one generation; a real `footnote refresh` with new and changed entries; SIGKILL at
a random moment of it (half of them in its second half, where it writes). Then questions must be answered from a whole
generation, the next refresh must complete, and its result must be that of an undisturbed one: the same entries, the
same answers. Prints a line for each kill and ends with code 1 at the first that fails. 50 kills take about 10 minutes.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from bot.contract import answer_json
from corpus import Corpus, CorpusSettings, open_corpus
from corpus.index.embed import Embedder

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "Why do open and closed models differ?",
    "What is said about ships and harbours?",
    "How big is the gap between open and closed models?",
    "What does entry 17 say of lighthouses?",
)
# The same command with the toy model, for the test suite: it starts in a second.
TOY = "import sys; sys.path.insert(0, {tests!r}); import kill_refreshes; kill_refreshes.refresh_with_toy({lines!r})"


@dataclass(frozen=True)
class Outcome:
    """What a kill did: when, whether the refresh had ended before, and which generation answered afterwards."""

    after_s: float
    finished: bool
    generation: int


class Trials:
    """The folder to start from, the refresh to be killed, and the result that it must come to."""

    def __init__(self, folder: Path, embedder: Embedder, *, toy: bool) -> None:
        self._folder = folder
        self._embedder = embedder
        self.lines = folder / "lines.jsonl"
        self.lines.write_text("".join(json.dumps(row) + "\n" for row in make_rows("first")), encoding="utf-8")
        self._before = folder / "before"
        with self._open(self._before) as corpus:
            corpus.refresh()
            corpus.refresh([self.lines])
        self.lines.write_text("".join(json.dumps(row) + "\n" for row in make_rows("second", 60)), encoding="utf-8")
        self._command = [sys.executable, "-m", "bot", "refresh", "--from", str(self.lines)]
        if toy:
            code = TOY.format(tests=str(Path(__file__).parent), lines=str(self.lines))
            self._command = [sys.executable, "-c", code]
        undisturbed = self._copy("undisturbed")
        begun = monotonic()
        self._start(undisturbed).wait(timeout=120)
        self.length = monotonic() - begun
        self.expected = self._result(undisturbed)

    def kill(self, after_s: float) -> Outcome:
        """One refresh, killed after so many seconds. Raises AssertionError where something was lost."""
        data = self._copy("killed")
        process = self._start(data)
        deadline = monotonic() + after_s
        while monotonic() < deadline and process.poll() is None:
            sleep(0.005)
        finished = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        with self._open(data) as corpus:
            answer = corpus.ask(QUESTIONS[0])
            assert answer.covered, "no answer after the kill"
            assert answer.generation in {2, 3}, answer.generation
            held = len(corpus.entries())
            assert held in {22, 72}, f"half a generation: {held} entries"
            corpus.refresh([self.lines])
        assert self._result(data) == self.expected, "the next refresh came to another result"
        left = [p.name for p in (data / "index").iterdir() if not p.name.isdigit()]
        assert not left, f"left behind: {left}"
        shutil.rmtree(data)
        return Outcome(round(after_s, 3), finished, answer.generation)

    def _copy(self, name: str) -> Path:
        data = self._folder / name
        shutil.rmtree(data, ignore_errors=True)
        return shutil.copytree(self._before, data)

    def _start(self, data: Path) -> subprocess.Popen:
        environment = {**os.environ, "FOOTNOTE_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            self._command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._folder
        )

    def _open(self, data: Path) -> Corpus:
        return open_corpus(CorpusSettings(data_dir=data), self._embedder)

    def _result(self, data: Path) -> list:
        """All entries and some answers, without what differs from run to run."""
        with self._open(data) as corpus:
            answers = [answer_json(corpus.ask(question)) for question in QUESTIONS]
            for answer in answers:
                del answer["timings_ms"], answer["generation"]
            return [sorted(corpus.entries(), key=lambda e: e.id), answers]


def make_rows(words: str, count: int = 10) -> list[dict]:
    return [
        {
            "id": f"made-{n}",
            "source": "made",
            "kind": "event",
            "tier": 3,
            "url": f"https://example.org/{n}",
            "title": f"Entry {n}, {words}",
            "people": [],
            "published": "2026-01-01",
            "summary": "",
            "text": f"Entry {n} tells of {words} ships and harbours. Lighthouse {n} stands on a rock. " * 8,
        }
        for n in range(count)
    ]


def refresh_with_toy(lines: str) -> None:
    from fakes import ToyEmbedder  # noqa: PLC0415

    with open_corpus(CorpusSettings(), ToyEmbedder()) as corpus:
        corpus.refresh([Path(lines)])


def moments(length: float, times: int, seed: int) -> list[float]:
    """Random moments of a refresh of this length in seconds; every second one in its second half."""
    chance = random.Random(seed)  # noqa: S311  no secret
    return [chance.uniform(length / 2 if n % 2 else 0, length) for n in range(times)]


def main() -> None:
    from corpus.index.embed import SentenceTransformerEmbedder  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder), SentenceTransformerEmbedder(CorpusSettings().model), toy=False)
        print(f"An undisturbed refresh takes {trials.length:.1f} s.")
        outcomes = []
        for after_s in moments(trials.length, chosen.times, chosen.seed):
            outcomes.append(trials.kill(after_s))
            print(f"{len(outcomes):>3}  killed after {after_s:6.2f} s  {outcomes[-1]}", flush=True)
    killed = [o for o in outcomes if not o.finished]
    print(f"{len(outcomes)} refreshes, {len(killed)} killed before their end, 0 with anything lost or double.")


if __name__ == "__main__":
    main()
