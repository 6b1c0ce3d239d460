"""What is shown as related, against the nearest vectors, on collections of which it is known what belongs together.

    python tests/benchmarks/related_benchmark.py [ENTRIES.jsonl QUESTIONS.jsonl …]

Without files: those of tests/practice, together in one corpus (2 minutes). Two entries belong together where one
question is answered by both. Three things are asked:

page      what is related to an entry; those belong that answer a question with it
answer    what is related to a question and one of the entries that answer it; those belong that answer it, too
versions  as page, in a corpus where every fourth piece has three versions with most of its text: too much of their own
          for cross-posts, too little to be worth a place each

belong: share of the shown that belong. found: share of those that belong that are shown. alike: mean cosine of the
shown with each other. voices, pieces: how many different ones are shown (versions are one piece). foreign: shown of
another collection. ms: the median for one list, events only for the nearest.
"""

import json
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from corpus import CorpusSettings, open_corpus
from corpus.answer.grouping import suppressed_duplicates
from corpus.answer.related import EVENTS, combine_targets, find_related
from corpus.answer.retrieve import Candidates, gather_candidates
from corpus.answer.select import PASSAGES
from corpus.index.embedders.base import Embedder
from corpus.index.embedders.choose import make_embedder
from corpus.index.generation import Generation, committed, folder_of

PRACTICE = Path(__file__).parent.parent / "practice"
COLUMNS = ("lists", "shown", "belong", "found", "alike", "voices", "pieces", "foreign", "ms")


class Task(NamedTuple):
    """`vector`, `words` and `candidates`: the question's, where there is one. `belonging`: ids, where any are known."""

    cited: list[str]
    vector: Any
    belonging: set[str]
    words: Sequence[str] = ()
    candidates: Candidates | None = None


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def nearest(now: Generation, task: Task) -> list[str]:
    """The former way: the nearest of the entries' vectors."""
    numbers = [now.entries.entry(i)[0] for i in task.cited]
    closeness = now.table.entry_similarities(combine_targets(task.vector, [now.table.entry_vector(n) for n in numbers]))
    ordered = now.table.entries[np.argsort(-closeness, kind="stable")].tolist()
    others = [n for n in ordered if n not in {*numbers, *now.originals} | now.guides][:EVENTS]
    found = now.entries.entries(others)
    return [found[n].id for n in others]


def chosen(now: Generation, task: Task) -> list[str]:
    suppressed = suppressed_duplicates(now.originals)
    related = find_related(now, task.cited, task.vector, None, suppressed, task.words, task.candidates)
    return [entry.id for entry in related.events]


def piece(entry_id: str) -> str:
    return entry_id.split("-version-", maxsplit=1)[0]


def figures(
    now: Generation, way: Callable[[Generation, Task], list[str]], tasks: list[Task], home: dict
) -> list[float]:
    rows, times = [], []
    for task in tasks:
        begun = perf_counter()
        shown = way(now, task)
        times.append(1000 * (perf_counter() - begun))
        entries = dict(now.entries.entry(i) for i in shown)
        vectors = np.array([now.table.entry_vector(n) for n in entries])
        hits = len(task.belonging & set(shown))
        rows.append(
            (
                len(shown),
                hits / len(shown) if shown else np.nan,
                hits / min(EVENTS, len(task.belonging)) if task.belonging else np.nan,
                (vectors @ vectors.T)[np.triu_indices(len(shown), 1)].mean() if len(shown) > 1 else np.nan,
                len({e.voice or e.source for e in entries.values()}),
                len({piece(i) for i in shown} - {piece(i) for i in task.cited}),
                sum(home[piece(i)] != home[piece(task.cited[0])] for i in shown),
            )
        )
    columns = [[cell for cell in column if not np.isnan(cell)] for column in zip(*rows, strict=True)]
    return [len(tasks), *(statistics.fmean(column or [np.nan]) for column in columns), statistics.median(times)]


def pages(answering: list[tuple[str, list[str]]]) -> list[Task]:
    together: dict[str, set[str]] = {}
    for _, ids in answering:
        for one in ids:
            together.setdefault(one, set()).update(set(ids) - {one})
    return [Task([one], None, others) for one, others in together.items() if others]


def answers(now: Generation, answering: list[tuple[str, list[str]]], embed: Callable[[str], Any]) -> Iterator[Task]:
    for question, ids in answering:
        if len(ids) > 1:
            vector, words = embed(question), now.words(question)
            candidates = gather_candidates(now, vector, words, PASSAGES)
            yield from (Task([one], vector, set(ids) - {one}, words, candidates) for one in ids)


def versions(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of every fourth piece three versions: two thirds of its paragraphs, with a hundred words of another piece."""
    chance = random.Random(3)  # noqa: S311  no secret
    for entry, other in zip(entries[::4], entries[1::4], strict=False):
        for number in range(3):
            paragraphs = entry["text"].split("\n\n")
            kept = sorted(chance.sample(range(len(paragraphs)), max(1, round(0.65 * len(paragraphs)))))
            body, own = [paragraphs[i] for i in kept], other["text"].split()
            start = chance.randrange(max(1, len(own) - 100))
            body.insert(chance.randrange(len(body) + 1), " ".join(own[start : start + 100]))
            yield {**entry, "id": f"{entry['id']}-version-{number}", "url": None, "text": "\n\n".join(body)}


@contextmanager
def indexed(entries: list[dict[str, Any]], embedder: Embedder) -> Iterator[Generation]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "entries.jsonl"
        file.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
        settings = CorpusSettings(data_dir=Path(folder) / "data", offline=True)
        with open_corpus(settings, embedder) as corpus:
            corpus.refresh([file])
        root = settings.data_dir / "index"
        now = Generation(folder_of(root, committed(root)[-1]))
        now.warm()
        yield now
        now.close()


def table(name: str, now: Generation, tasks: list[Task], home: dict[str, str]) -> None:
    for label, way in (("nearest vectors", nearest), ("related", chosen)):
        cells = figures(now, way, tasks, home) if tasks else []
        print(f"{name:9}{label:17}" + "".join(f"{cell:>9.{0 if i == 0 else 2}f}" for i, cell in enumerate(cells)))


def main(files: list[Path]) -> None:
    pairs = list(pairwise(files))[::2]
    entries = [entry for file, _ in pairs for entry in lines(file)]
    home = {entry["id"]: file.name for file, _ in pairs for entry in lines(file)}
    answering = [
        (q["question"], list(q.get("relevant") or dict.fromkeys(quote["entry"] for quote in q["quotes"])))
        for _, file in pairs
        for q in lines(file)
    ]
    embedder = make_embedder(CorpusSettings().model)
    print(" " * 26 + "".join(f"{column:>9}" for column in COLUMNS))
    with indexed(entries, embedder) as now:
        table("page", now, pages(answering), home)
        table("answer", now, list(answers(now, answering, embedder.embed_question)), home)
    with indexed([*entries, *versions(entries)], embedder) as now:
        table("versions", now, [Task([entry["id"]], None, set()) for entry in entries], home)


if __name__ == "__main__":
    practice = [[f, f.with_name(f.name.replace(".entries.", ".questions."))] for f in PRACTICE.glob("*.entries.jsonl")]
    main([Path(given) for given in sys.argv[1:]] or [file for pair in sorted(practice) for file in pair])
