"""What a corpus of many passages costs: its generation, opening it, asking it, and a refresh of ten entries.

    python tests/benchmarks/scale.py [--passages 20000 100000] [--questions 200] [--folder DIR] [--profile]

The texts are drawn from words with the frequencies of a natural language, 3,000 characters an entry; the vectors are
drawn, too, in 32 directions as those of real texts roughly are, so no model is loaded and none is counted. Each step
runs in a process of its own, whose peak memory is that of the step alone. In `--folder` what was made stays, and the
next run with the same number of passages goes on from it. A million passages take about an hour and 40 GB.
"""

import argparse
import cProfile
import json
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from benchmark import quantile
from benchmark_ingestion import high_water_mb

from corpus import CorpusSettings, open_corpus
from corpus.index.embedders.base import EmbeddedPassage, PassageText
from corpus.index.generation import Generation, committed, folder_of
from corpus.ingest.update.cross_posts import link_cross_posts
from corpus.ingest.update.plan import content_hash
from corpus.models.entries import Entry
from corpus.models.search import Scale
from corpus.models.sources import Source
from corpus.models.updates import Counts, no_progress
from corpus.storage.record import Record

PASSAGES_OF_ENTRY = 5
WORDS, CHARACTERS = 60_000, 3000
ARCHIVED = 5000  # entries in one run: they are in memory together
CHANGED = 10
STOPPED = 100  # the most frequent words of a language, which no index has
DIRECTIONS = 32  # in which the vectors differ, as far as those of texts do


class MadeEmbedder:
    """Vectors as long as the built-in model's, drawn from a seed that is the text's; a sentence has its passage's."""

    name, runtime, fingerprint, dimension, window, scale = "made", "none", "1", 384, 254, Scale()

    def __init__(self) -> None:
        drawn = np.random.default_rng(1).standard_normal((DIRECTIONS, self.dimension), dtype=np.float32)
        self._directions = np.linalg.qr(drawn.T)[0].T.astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 5 for text in texts]

    def embed_question(self, question: str) -> np.ndarray:
        chance = np.random.default_rng(zlib.crc32(question.encode()))
        drawn = chance.standard_normal(DIRECTIONS, dtype=np.float32) @ self._directions
        drawn += chance.standard_normal(self.dimension, dtype=np.float32) * 0.1
        return drawn / np.linalg.norm(drawn)

    def embed_passages(self, passages: Sequence[PassageText]) -> list[EmbeddedPassage]:
        drawn = [self.embed_question(passage.text) for passage in passages]
        return [EmbeddedPassage(d, np.tile(d, (len(p.sentences), 1))) for d, p in zip(drawn, passages, strict=True)]


def make_entries(numbers: Sequence[int], more: str = "") -> Iterator[Entry]:
    """Yield entries of drawn words; an entry is the same whenever it is made, but for what is added."""
    chance = np.random.default_rng(7)
    syllables = "ba ce di fo gu la me ni po ru sa te vi zo ka le mo nu ri ta shi ver con tra".split()
    words = np.array(["".join(chance.choice(syllables, size=chance.integers(1, 5))) for _ in range(WORDS)])
    weights = 1 / np.arange(STOPPED, WORDS + STOPPED)  # Zipf's law
    shares = np.cumsum(weights / weights.sum())
    for number in numbers:
        drawn = np.random.default_rng(number)
        text = iter(words[np.minimum(np.searchsorted(shares, drawn.random(900)), WORDS - 1)].tolist())
        sentences: list[str] = []
        while sum(map(len, sentences)) < CHARACTERS:
            sentence = " ".join(next(text, "end") for _ in range(drawn.integers(10, 24)))
            sentences.append(f"{sentence.capitalize()}.")
        body = "\n\n".join(" ".join(sentences[start : start + 5]) for start in range(0, len(sentences), 5))
        yield Entry(
            id=f"made-{number}",
            source="made",
            kind="event",
            tier=2,
            url=f"https://example.org/made/{number}",
            title=sentences[0][:60],
            people=(),
            published=date(2020 + number % 7, 1 + number % 12, 1 + number % 28),
            summary="",
            text=f"{body}{more}",
            language="en",
        )


def archive_entries(folder: Path, count: int) -> dict:
    """Put so many entries into the record of a data folder, as refreshes do, without an index."""
    with closing(Record(folder / "archive.sqlite3")) as record:
        if record.entries.count() < count:
            for start in range(0, count, ARCHIVED):
                made = [(e, content_hash(e)) for e in make_entries(range(start, min(count, start + ARCHIVED)))]
                record.history.apply([Source("made", "Made", 2)], made, Counts(new=len(made)))
                link_cross_posts(record, no_progress)
    return {}


def build_index(folder: Path, _count: int) -> dict:
    with open_corpus(CorpusSettings(data_dir=folder), MadeEmbedder()) as corpus:
        begun, spent = perf_counter(), process_time()
        corpus.rebuild()
        took, spent = perf_counter() - begun, process_time() - spent
    return {
        "build_s": round(took, 1),
        "build_processor_s": round(spent, 1),
        "build_peak_mb": high_water_mb(),
    } | measure_sizes(folder)


def measure_sizes(folder: Path) -> dict:
    root = folder / "index"
    generation = folder_of(root, committed(root)[-1])
    sizes = {path.name: path.stat().st_size for path in generation.rglob("*") if path.is_file()}
    large = {f"{name}_mb": round(size / 1e6) for name, size in sizes.items() if size > 20_000_000}
    return {"generation_mb": round(sum(sizes.values()) / 1e6)} | large


def ask_questions(folder: Path, questions: int) -> dict:
    before = high_water_mb()
    embedder = MadeEmbedder()
    begun = perf_counter()
    with closing(Generation(folder_of(folder / "index", committed(folder / "index")[-1]))):
        opened = perf_counter() - begun
    with open_corpus(CorpusSettings(data_dir=folder), embedder, serving=True) as corpus:
        begun = perf_counter()
        corpus.catch_up()
        warmed = perf_counter() - begun
        asked = [f"What of {' '.join(e.text.split()[40:46])}?" for e in make_entries(range(3, 3 + questions))]
        corpus.ask(asked[0])
        taken, searched = [], []
        for question in asked:
            begun = perf_counter()
            corpus.search(question, 8)
            searched.append(1000 * (perf_counter() - begun))
            begun = perf_counter()
            corpus.ask(question)
            taken.append(1000 * (perf_counter() - begun))
    return {
        "open_s": round(opened, 2),
        "open_and_warm_s": round(warmed, 2),
        "search_p50_ms": round(statistics.median(searched), 2),
        "search_p99_ms": quantile(searched, 99),
        "ask_p50_ms": round(statistics.median(taken), 2),
        "ask_p99_ms": quantile(taken, 99),
        "memory_before_mb": before,
        "answering_peak_mb": high_water_mb(),
    }


def change_tiers(folder: Path, count: int) -> dict:
    return _refresh("ten_tiers", folder, count, "", tier=1)


def change_nothing(folder: Path, count: int) -> dict:
    return _refresh("unchanged", folder, count, "", tier=1)


def change_texts(folder: Path, count: int) -> dict:
    return _refresh("ten_changed", folder, count, " This sentence came later, and only here.")


def _refresh(name: str, folder: Path, count: int, more: str, **fields: object) -> dict:
    """Refresh with ten entries, spread over all."""
    lines = folder / "changed.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        for entry in make_entries(range(0, count, count // CHANGED)[:CHANGED], more):
            kept = {n: getattr(entry, n) for n in "id source kind tier url title text language published".split()}
            file.write(json.dumps({**kept, "people": [], "summary": "", **fields}, default=str) + "\n")
    profile = cProfile.Profile()
    before = high_water_mb()
    with open_corpus(CorpusSettings(data_dir=folder), MadeEmbedder()) as corpus:
        if "--profile" in sys.argv:
            profile.enable()
        begun, spent = perf_counter(), process_time()
        report = corpus.refresh([lines])
        took, spent = perf_counter() - begun, process_time() - spent
        profile.disable()
    if "--profile" in sys.argv:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
    return {
        f"{name}_s": round(took, 2),
        f"{name}_processor_s": round(spent, 2),
        f"{name}_indexed": report.indexed,
        f"{name}_peak_mb": high_water_mb(),
        f"{name}_memory_before_mb": before,
    }


STEPS = (archive_entries, build_index, ask_questions, change_tiers, change_nothing, change_texts)


def measure(passages: int, folder: Path, questions: int, *, profile: bool, chosen: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for step in STEPS:
        if chosen and step.__name__ not in chosen:
            continue
        many = questions if step is ask_questions else passages // PASSAGES_OF_ENTRY
        command = [sys.executable, __file__, "--step", step.__name__, "--folder", str(folder), "--many", str(many)]
        command += ["--profile"] if profile else []
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        for name, value in json.loads(done.stdout.splitlines()[-1]).items():
            print(f"  {name.replace('_', ' '):<32} {value:>12}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument(
        "--folder", type=Path, help="where the corpora are kept; without it they are removed at the end"
    )
    parser.add_argument("--steps", nargs="+", default=(), choices=[step.__name__ for step in STEPS])
    parser.add_argument("--profile", action="store_true", help="show where each refresh spends its time")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--many", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        print(json.dumps(globals()[chosen.step](chosen.folder, chosen.many)))
        return
    folder = chosen.folder or Path(tempfile.mkdtemp())
    for passages in chosen.passages:
        print(f"\n{passages:,} passages", flush=True)
        measure(passages, folder / str(passages), chosen.questions, profile=chosen.profile, chosen=chosen.steps)
    if not chosen.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
