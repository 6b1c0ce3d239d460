"""Ingestion of many entries: speed over bare encoding, memory, how true its progress is, and what ten changes cost.

    python tests/benchmarks/benchmark_ingestion.py [--entries 1000 3000 10000] [--characters 3000] [--sample 2000]
    [--quick]

For each number of entries, in a process of its own: entries of so many characters from one JSONL file into an empty
data folder with the built-in model; then the same file again, with ten of them changed. Beside it, the bare model
encodes a sample of the same passages, half before and half after; the ratio of the processor's seconds holds on a busy
machine, too. Where the machine's speed drifts meanwhile, the time inside the model's own calls tells more. At 25, 50
and 75% of the indexing, the time left is foretold from the progress alone, and compared with what it took. On 2 cores,
10,000 entries take 25 minutes to an hour: 5 passages each, 13 to 43 passages a second.

With --quick, vectors are drawn and not computed: 10,000 entries take some minutes. What memory grows by, and how long
ten changes take without embedding them, is the same.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from benchmark import timed

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from prose import Writer

from corpus.models.search import Scale

AIMS = {"ingestion_over_encoding": "at most 1.15", "ten_changed_over_full_percent": "under 2"}
CHANGED = 10
MARKS = (25, 50, 75)  # per cent


def write_entries(file: Path, count: int, characters: int, changed: int = 0) -> None:
    """Entries as JSON lines, written one by one; so many of them, spread over all, with a sentence more."""
    late = set(range(0, count, count // changed)[:changed]) if changed else set()
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            more = " This sentence came later." if number in late else ""
            lines.write(json.dumps(make_entry(number, characters, more)) + "\n")


def make_entry(number: int, characters: int, more: str = "") -> dict:
    """An essay whose text has so many characters, and then perhaps some more."""
    writer = Writer(number)
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < characters:
        paragraphs.append(writer.paragraph())
    return {
        "id": f"made-{number}",
        "source": "made",
        "kind": "event",
        "tier": 2,
        "url": f"https://example.org/made/{number}",
        "title": writer.title,
        "people": [],
        "published": f"20{20 + number % 7}-0{1 + number % 9}-01",
        "summary": "",
        "text": "\n\n".join(paragraphs)[:characters].rsplit(" ", 1)[0] + "." + more,
    }


class Watch:
    """A progress callback that remembers when the indexing had come how far."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, float]] = []

    def __call__(self, stage: str, done: int, total: int, _current: str = "") -> None:
        if stage == "index" and total:
            self.seen.append((perf_counter(), done / total))

    def truth(self) -> dict[str, str]:
        """At each mark: the seconds that the progress foretold, and those that it took from there to the end."""
        (begun, _), (ended, _) = self.seen[0], self.seen[-1]
        found = {}
        for mark in MARKS:
            now, share = next((now, share) for now, share in self.seen if share >= mark / 100)
            foretold, took = (now - begun) / share * (1 - share), ended - now
            found[f"left_at_{round(100 * share)}_percent"] = f"{foretold:.1f} s foretold, {took:.1f} s taken"
        return found


class QuickEmbedder:
    """Vectors as long as the built-in model's, drawn from a seed that is the text's."""

    name, runtime, fingerprint, dimension, window, scale = "quick", "none", "1", 384, 254, Scale()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 5 for text in texts]

    def embed_question(self, question: str) -> np.ndarray:
        drawn = np.random.default_rng(zlib.crc32(question.encode())).standard_normal(self.dimension, dtype=np.float32)
        return drawn / np.linalg.norm(drawn)

    def embed_passages(self, passages: Sequence) -> list:
        from corpus.index.embedders.base import EmbeddedPassage  # noqa: PLC0415

        drawn = [self.embed_question(passage.text) for passage in passages]
        return [EmbeddedPassage(d, np.tile(d, (len(p.sentences), 1))) for d, p in zip(drawn, passages, strict=True)]


class Inside:
    """The seconds inside the model's encoding, from now on."""

    def __init__(self, embedder) -> None:
        self.seconds = 0.0
        model = getattr(embedder, "_model", None)
        if model is not None:
            self._encode, model.encode_document = model.encode_document, self._timed

    def _timed(self, *given, **named):
        begun = perf_counter()
        try:
            return self._encode(*given, **named)
        finally:
            self.seconds += perf_counter() - begun


class Bare:
    """Encodes the sample, a half each time; keeps the seconds, those of the clock and those of the processor."""

    def __init__(self, lines: Path, embedder, sample: int) -> None:
        self._texts = sampled(lines, embedder, sample)
        self._encode = getattr(getattr(embedder, "_model", None), "encode", None)
        self.clock = self.processor = 0.0

    def half(self, first: bool) -> None:
        if self._encode:
            texts = self._texts[::2] if first else self._texts[1::2]
            spent = process_time()
            self.clock += timed(lambda: self._encode(texts, show_progress_bar=False))
            self.processor += process_time() - spent

    def figures(self, passages: int, clock: float, processor: float) -> dict:
        """Beside these seconds for so many passages."""
        if not self._encode:
            return {}
        share = passages / len(self._texts)
        return {
            "bare_encoding_s": round(self.clock * share, 1),
            "ingestion_over_encoding": round(clock / self.clock / share, 3),
            "same_by_the_processor's_seconds": round(processor / self.processor / share, 3),
        }


def measure(count: int, characters: int, sample: int, quick: bool) -> dict:
    from corpus import CorpusSettings, open_corpus  # noqa: PLC0415
    from corpus.index.embedders.choose import make_embedder  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "entries.jsonl"
        write_entries(lines, count, characters)
        settings = CorpusSettings(data_dir=Path(folder) / "data")
        embedder = QuickEmbedder() if quick else make_embedder(settings.model)
        embedder.embed_question("warm")
        bare = Bare(lines, embedder, sample)
        bare.half(first=True)
        loaded, watch, inside, spent = high_water_mb(), Watch(), Inside(embedder), process_time()
        with open_corpus(settings, embedder) as corpus:
            full = timed(lambda: corpus.refresh([lines], progress=watch))
            spent, encoding = process_time() - spent, inside.seconds
            peak, indexed = high_water_mb(), corpus.status().passages
            bare.half(first=False)
            write_entries(lines, count, characters, CHANGED)
            high_water_mb()
            reports = []
            again = timed(lambda: reports.append(corpus.refresh([lines])))
            assert reports[0].indexed == CHANGED, reports[0].indexed
    return {
        "passages": indexed,
        "ingestion_s": round(full, 1),
        "entries_per_s": round(count / full, 2),
        **bare.figures(indexed, full, spent),
        **({"over_its_own_encoding": round(full / encoding, 3)} if encoding else {}),
        **watch.truth(),
        "memory_before_mb": loaded,
        "peak_memory_mb": peak,
        "ten_changed_s": round(again, 2),
        "ten_changed_over_full_percent": round(100 * again / full, 2),
        "peak_memory_of_ten_changed_mb": high_water_mb(),
    }


def sampled(lines: Path, embedder, sample: int) -> list[str]:
    """The passages of some entries, as they are embedded: at least so many, if there are."""
    from corpus.index.chunking import split_passages  # noqa: PLC0415

    rows = lines.read_text(encoding="utf-8").splitlines()
    random.Random(5).shuffle(rows)  # noqa: S311  no secret
    texts: list[str] = []
    for row in rows:
        entry = json.loads(row)
        parts = split_passages(entry["text"], embedder.count_tokens, embedder.window - 40)
        texts.extend(f"{entry['title']}\n{entry['text'][p.start : p.end]}" for p in parts)
        if len(texts) >= sample:
            break
    return texts


def high_water_mb() -> int:
    """The most memory that this process has held since the last call (Linux), in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # begins anew
    return round(most / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[1000, 3000, 10_000])
    parser.add_argument("--characters", type=int, default=3000, help="of each entry's text")
    parser.add_argument("--sample", type=int, default=2000, help="passages that the bare model encodes")
    parser.add_argument("--quick", action="store_true", help="draw the vectors, without a model")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure, chosen.characters, chosen.sample, chosen.quick)))
        return
    found = {}
    for count in chosen.entries:
        command = [sys.executable, __file__, "--measure", str(count), "--characters", str(chosen.characters)]
        command += ["--sample", str(chosen.sample), *(["--quick"] if chosen.quick else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found[count] = json.loads(done.stdout.splitlines()[-1])
        if not chosen.json:
            show(count, found[count])
    if chosen.json:
        print(json.dumps(found, indent=2))
    elif len(found) > 1:
        fewest, most = min(found), max(found)
        grown = found[most]["peak_memory_mb"] - found[fewest]["peak_memory_mb"]
        print(f"\nPeak memory grows by {1000 * grown / (most - fewest):.1f} MB for each 1,000 entries (aim: 0)")


def show(count: int, figures: dict) -> None:
    print(f"\n{count:,} entries")
    for name, value in figures.items():
        aim = f"   (aim: {AIMS[name]})" if name in AIMS else ""
        print(
            f"  {name.replace('_', ' '):<32} {value:>12}{aim}" if aim else f"  {name.replace('_', ' '):<32} {value:>12}"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
