"""Speed, memory and start-up of the command, each against the bare model doing the same in the same run.

    python tests/benchmarks/benchmark.py [--passages 1000 10000] [--questions 200] [--cold 5] [--data DIR]

Prints a line for each figure, and the whole as JSON with --json. The texts are made here: sentences of words drawn by a
fixed seed with the frequencies of a natural language, so that word statistics and lengths are as in essays. Ratios are
to be read, not milliseconds: they hold when the machine's speed drifts. Takes about 15 minutes on 2 cores. With --data,
a copy of that data folder is asked alone, beside one embedding of each question: a minute.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

AIMS = {"ask_over_embedding_p50": 1.5, "ingestion_over_encoding": 1.0, "cold_ask_over_bare_start": 0.3}
COLD = {"ask": ["ask", "Why do models differ?"], "entries": ["entries"], "status": ["status"], "help": ["--help"]}
WARMED = 20  # questions before those that count
SENTENCES = 22  # an entry: about 4 passages
BARE_START = (
    "import sentence_transformers; from corpus.index.embedders.built_in_files import built_in_folder; "
    "sentence_transformers.SentenceTransformer(str(built_in_folder()), device='cpu', local_files_only=True)"
)


def make_entries(passages: int, seed: int = 7) -> list[dict]:
    """Entries that split into about this many passages."""
    chance = random.Random(seed)  # noqa: S311  no secret
    syllables = "ba ce di fo gu la me ni po ru sa te vi zo ka le mo nu ri ta shi ver con tra".split()
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 2) for rank in range(len(words))]  # Zipf's law

    def sentence() -> str:
        return " ".join(chance.choices(words, weights, k=chance.randint(12, 28))).capitalize() + "."

    return [
        {
            "id": f"made-{n}",
            "source": "made",
            "kind": "event",
            "tier": 2,
            "url": f"https://example.org/{n}",
            "title": sentence()[:60],
            "people": [],
            "published": f"20{20 + n % 7}-0{1 + n % 9}-01",
            "summary": "",
            "text": "\n\n".join(" ".join(sentence() for _ in range(5)) for _ in range(SENTENCES // 5)),
        }
        for n in range(passages * 4 // 15)
    ]


def measure_ingestion_and_asking(passages: int, questions: int) -> dict:
    """In a process of its own: its peak memory is that of this work alone."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(passages), "--questions", str(questions)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(passages: int, questions: int) -> dict:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    from corpus import CorpusSettings, open_corpus  # noqa: PLC0415
    from corpus.index.chunking import split_passages  # noqa: PLC0415
    from corpus.index.embedders.built_in_files import built_in_folder  # noqa: PLC0415
    from corpus.index.embedders.choose import make_embedder  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        entries = make_entries(passages)
        lines = Path(folder) / "entries.jsonl"
        lines.write_text("".join(json.dumps(e) + "\n" for e in entries), encoding="utf-8")
        settings = CorpusSettings(data_dir=Path(folder) / "data")
        embedder = make_embedder(settings.model)
        model = SentenceTransformer(str(built_in_folder()), device="cpu", local_files_only=True)
        embedder.embed_question("warm")
        texts = [
            f"{e['title']}\n{e['text'][p.start : p.end]}"
            for e in entries
            for p in split_passages(e["text"], embedder.count_tokens, embedder.window - 40)
        ]
        # The bare encoding before and after, so that a drift of the machine's speed falls on both sides.
        half = len(texts) // 2
        bare = timed(lambda: model.encode(texts[:half], show_progress_bar=False))
        loaded = peak_mb()
        with open_corpus(settings, embedder) as corpus:
            ingestion = timed(lambda: corpus.refresh([lines]))
            bare += timed(lambda: model.encode(texts[half:], show_progress_bar=False))
            asking = measure_asking(corpus, model, make_questions(entries, questions))
    indexed = asking["passages"]
    return {
        **asking,
        "bare_encoding_s": round(bare * indexed / len(texts), 2),
        "ingestion_s": round(ingestion, 2),
        "ingestion_over_encoding": round(ingestion / (bare * indexed / len(texts)), 3),
        "peak_memory_mb": peak_mb(),
        "peak_memory_after_bare_encoding_mb": loaded,
    }


def measure_asking(corpus, model, asked: list[str]) -> dict:
    """Questions, each beside one embedding of it, turn by turn."""
    bare_ms, ask_ms = [], []
    for question in asked:
        bare_ms.append(1000 * timed(lambda q=question: model.encode(q, show_progress_bar=False)))
        ask_ms.append(1000 * timed(lambda q=question: corpus.ask(q)))
    return {
        "passages": corpus.status().passages,
        "bare_embedding_p50_ms": quantile(bare_ms, 50),
        "bare_embedding_p99_ms": quantile(bare_ms, 99),
        "ask_p50_ms": quantile(ask_ms, 50),
        "ask_p99_ms": quantile(ask_ms, 99),
        "ask_over_embedding_p50": round(statistics.median(a / b for a, b in zip(ask_ms, bare_ms, strict=True)), 3),
    }


def measure_data(data: Path, questions: int) -> dict:
    """Questions to a copy of a data folder."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    from corpus import CorpusSettings, open_corpus  # noqa: PLC0415
    from corpus.index.embedders.built_in_files import built_in_folder  # noqa: PLC0415

    model = SentenceTransformer(str(built_in_folder()), device="cpu", local_files_only=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(data, Path(folder) / "data")
        with open_corpus(CorpusSettings(data_dir=copy, offline=True)) as corpus:
            asked = make_questions([{"text": entry.text} for entry in corpus.every_entry()], questions + WARMED)
            measure_asking(corpus, model, asked[:WARMED])
            return measure_asking(corpus, model, asked[WARMED:])


def make_questions(entries: list[dict], count: int) -> list[str]:
    """A run of words out of a text each, as questions borrow them: every one has hits of both kinds."""
    chance = random.Random(11)  # noqa: S311
    asked = []
    for _ in range(count + 10):
        words = chance.choice(entries)["text"].replace(".", "").split()
        start = chance.randrange(max(1, len(words) - 12))
        asked.append("What is said about " + " ".join(words[start : start + chance.randint(5, 12)]) + "?")
    return asked


def measure_cold(times: int) -> dict:
    """Whole commands, and importing sentence-transformers and loading the verified model, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FOOTNOTE_DATA_DIR": folder, "FOOTNOTE_OFFLINE": "true"}
        commands = {name: [sys.executable, "-m", "bot", *words] for name, words in COLD.items()}
        commands["bare"] = [sys.executable, "-c", BARE_START]
        runs = run_in_turn(commands, environment, times)
    found = {}
    for name in commands:
        found[f"{name}_s"] = round(statistics.median(run[name][0] for run in runs), 2)
        found[f"{name}_mb"] = round(statistics.median(run[name][1] for run in runs))
    found["cold_ask_over_bare_start"] = round(statistics.median(r["ask"][0] / r["bare"][0] for r in runs), 3)
    return found


def run_in_turn(
    commands: dict[str, list[str]], environment: dict[str, str], times: int
) -> list[dict[str, tuple[float, float]]]:
    """Return seconds and peak MB of each command in each round: a drift of the machine's speed falls on all.

    All are compiled before, as an installation is, in a folder aside: a checkout with its caches off is no measure.
    """
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**environment, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in commands.values():  # compiles, builds the index, and warms the disk's cache
            run_quietly(command, environment)
        return [{name: run_quietly(command, environment) for name, command in commands.items()} for _ in range(times)]


def run_quietly(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a command to its end; return seconds, and its peak memory in MB."""
    begun, root = perf_counter(), Path(__file__).resolve().parents[2]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return perf_counter() - begun, usage.ru_maxrss / 1024


def timed(act) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def quantile(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100)[percent - 1], 2)


def peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--cold", type=int, default=5, help="how many pairs of cold starts")
    parser.add_argument("--data", type=Path, help="a data folder that is asked, in place of all else")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure, chosen.questions)))
        return
    if chosen.data:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command has it
        found = {str(chosen.data): measure_data(chosen.data, chosen.questions)}
    else:
        found = {"cold": measure_cold(chosen.cold)}
        found |= {f"{size} passages": measure_ingestion_and_asking(size, chosen.questions) for size in chosen.passages}
    if chosen.json:
        print(json.dumps(found, indent=2))
        return
    for part, figures in found.items():
        print(f"\n{part}")
        for name, value in figures.items():
            aim = f"   (aim: at most {AIMS[name]})" if name in AIMS else ""
            print(f"  {name:<36} {value:>10}{aim}")


if __name__ == "__main__":
    main()
