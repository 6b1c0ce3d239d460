"""What each ingredient of search and of the choice of quotes brings, and what it costs in milliseconds.

    python tests/benchmarks/ablation.py [--entries FILE --questions FILE]…

Without files: those of tests/practice, together in one corpus (3 minutes); with them, any that docs/eval.md describes.
One ingredient at a time is taken away, with the work that is its own; a question is put in all ways before the next. In
brackets, the difference to everything; *: more than the chance that drew these questions explains (95%); =: none at any
question. Passages: the share of what answers in the first 4,000 characters found, and nDCG@10 where "relevant" tells.
Quotes: of all answerable questions, covered or not. Choice: `weigh`, `choose`. ms: medians (search of a choice: noise).
"""

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from corpus import Corpus, CorpusSettings, open_corpus
from corpus.answer import coverage, retrieve, select
from corpus.answer.pipeline import select_entries
from corpus.answer.sentences import QuotableSentence, read_sentences
from corpus.errors import InputRefused
from corpus.evaluation.evaluate import PASSAGES, KnownPlaces
from corpus.evaluation.questions import KnownQuestion, read_questions
from corpus.evaluation.scoring import Found, Known, Stretch, score_question
from corpus.index.embedders.base import Embedder
from corpus.index.embedders.choose import make_embedder
from corpus.index.generation import Generation
from corpus.models.search import Hit

PRACTICE = Path(__file__).parent.parent / "practice"
COLUMNS = {"passages.recall": "passages: recall", "ranking.ndcg": "nDCG@10", "quotes.precision": "quotes: precision"}
COLUMNS |= {"quotes.recall": "quotes: recall", "quotes.f1": "quotes: F1", "search": "search ms", "choice": "choice ms"}


class Task(NamedTuple):
    vector: Any
    words: list[str]
    among: tuple[Any, Any]  # the entries that pass its filters (None: all), and those without a voice
    known: Known


class Way(NamedTuple):
    name: str  # of what is missing
    put: dict[str, Any]  # name → what stands in the module of search, or of the choice, instead
    index: Callable[[Generation], Any] = lambda now: now
    choose: Callable[..., select.Choice] = select.choose_quotes


def fused(
    seen: Callable[[Any, Any], tuple[Any, Any]], fuse: Callable[..., Any] = retrieve.fuse_scores
) -> dict[str, Any]:
    """The formula of search on other cosines of the whole passage and of its best sentence."""
    return {"fuse_scores": lambda keys, entries, whole, best, bm25: fuse(keys, entries, *seen(whole, best), bm25)}


def blind(hits: Sequence[Hit], *given: Any) -> select.Choice:
    flat = [replace(hit, sentences=tuple(replace(s, similarity=0.0) for s in hit.sentences)) for hit in hits]
    return select.choose_quotes(flat, *given)


def without(half: str) -> Callable[[Generation], Any]:
    """An index of which one half finds nothing, and takes no time."""
    none = {half: SimpleNamespace(matching=lambda *_: {}, nearest=lambda *_: [])}
    return lambda now: SimpleNamespace(
        **{p: getattr(now, p) for p in "vectors lexical table entries scale".split()} | none
    )


EVERYTHING = Way("everything", {})
SEARCH = (
    Way("words (BM25)", {"LEXICAL": 0.0}, index=without("lexical")),
    Way("meaning (vectors)", fused(lambda whole, best: (0 * whole, 0 * best)), index=without("vectors")),
    Way("the whole passage", fused(lambda _, best: (best, best))),
    Way("the best sentence", fused(lambda whole, _: (whole, whole))),
    Way("neighbours", {"NEIGHBOUR": 0.0}),
)


def read_without_context(hit: Hit) -> list[QuotableSentence]:
    return [one._replace(start=one.quoted.start, leans=False) for one in read_sentences(hit)]


CHOICE = (
    Way("the sentence's cosine", {}, choose=blind),  # nor that of the one before
    Way("BEFORE, the one before it", {"BEFORE": 0.0}),
    Way("words, by rarity right here", {"measure_rarities": lambda *_: {}}),
    Way("PASSAGE, its score", {"PASSAGE": 0.0}),
    Way("ASKING, against questions", {"ASKING": 0.0}),
    Way("LEANS, with what it needs", {"read_sentences": read_without_context}),
    Way("the bar: always five", {"ENOUGH": 0.0}),
    Way("MOST: only one", {"MOST": 1, "read_sentences": read_without_context}),
    Way("leaving out repeats", {"SAME": 1.1}),
)


@contextmanager
def replaced(module: ModuleType, put: dict[str, Any]) -> Iterator[None]:
    before = {name: getattr(module, name) for name in put}
    vars(module).update(put)
    try:
        yield
    finally:
        vars(module).update(before)


def find(index: Any, task: Task) -> tuple[list[Hit], list[Hit], float]:
    """Passages enough to judge them, those that an answer is made of, and the ms that these took."""
    deep = retrieve.retrieve(index, task.vector, task.words, PASSAGES, *task.among)
    begun = perf_counter()
    hits = retrieve.retrieve(index, task.vector, task.words, select.PASSAGES, *task.among)
    return deep, hits, 1000 * (perf_counter() - begun)


def choose(now: Generation, way: Way, task: Task, deep: list[Hit], hits: list[Hit], spent: float) -> dict[str, float]:
    begun = perf_counter()
    asked = coverage.Asked({word: now.lexical.rarity(word) for word in task.words})
    coverage.weigh_coverage(hits, asked, now.words)
    choice = way.choose(hits, task.words, now.words)
    times = {"search": spent, "choice": 1000 * (perf_counter() - begun)}
    passages = [Stretch(hit.entry.id, hit.start, hit.end) for hit in deep]
    quotes = [Stretch(q.hit.entry.id, q.start, q.end) for q in choice.quotes]
    return score_question(task.known, Found(passages, covered=True, quoted=quotes, highlighted=quotes)) | times


def measure(now: Generation, tasks: Sequence[Task]) -> dict[str, dict[str, list[float]]]:
    ways = (EVERYTHING, *SEARCH, *CHOICE)
    rows: dict[str, Any] = {way.name: {figure: [] for figure in COLUMNS} for way in ways}
    for number, task in enumerate(tasks):
        find(now, task)  # what comes first finds less in memory
        for way in random.Random(number).sample(ways, len(ways)):  # noqa: S311  a busy machine favours some places
            with replaced(select if way in CHOICE else retrieve, way.put):
                values = choose(now, way, task, *find(way.index(now), task))
            for figure in COLUMNS.keys() & values.keys():
                rows[way.name][figure].append(values[figure])
    return rows


def cell(figure: str, own: list[float], whole: list[float]) -> str:
    average, places = (statistics.median, 2) if COLUMNS[figure].endswith("ms") else (statistics.fmean, 3)
    beside = " " * (places + 7)  # as wide as the brackets
    if own is whole:
        return f"{average(own):.{places}f}{beside}"
    apart = np.subtract(own, whole)
    is_sure = places == 3 and abs(apart.mean()) > 1.96 * apart.std() / len(apart) ** 0.5
    told = f"{average(own):.{places}f} ({average(own) - average(whole):+.{places}f}){'*' if is_sure else ' '}"
    return told if apart.any() else f"={beside}"


def show(rows: dict[str, dict[str, list[float]]]) -> None:
    whole = rows[EVERYTHING.name]
    figures = [figure for figure in COLUMNS if whole[figure]]
    print(f"{'':28}" + "".join(f"{COLUMNS[figure]:>19}" for figure in figures))
    for heading, ways in (("", [EVERYTHING]), ("search without\n", SEARCH), ("choice without\n", CHOICE)):
        print(heading, end="")
        for way in ways:
            print(f"  {way.name:26}" + "".join(f"{cell(f, rows[way.name][f], whole[f]):>19}" for f in figures).rstrip())


def ready(corpus: Corpus, embedder: Embedder, asked: Sequence[KnownQuestion]) -> Iterator[Task]:
    """Each question as it is understood after those before it; what cannot be asked is told, and left out."""
    places, now = KnownPlaces(corpus), corpus._reader.read(lambda generation: generation)
    for one in asked:
        try:
            known, text = places.known(one), one.question
            if one.earlier:
                text = corpus.ask(text, one.filters, one.earlier, one.asked_on).question
            selection = select_entries(now, one.filters)
        except InputRefused as reason:
            print(f"{one.id} is left out: {reason}", file=sys.stderr)
        else:
            yield Task(embedder.embed_question(text), now.words(text), (selection.allowed, selection.suppressed), known)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=Path, action="append", help="may be given more than once")
    parser.add_argument("--questions", type=Path, action="append", help="the same")
    given = parser.parse_args()
    if bool(given.entries) != bool(given.questions):
        parser.error("--entries and --questions belong together.")
    files = given.questions or sorted(PRACTICE.glob("*.questions.jsonl"))
    read = read_questions(enumerate((line for f in files for line in f.read_text("utf-8").split("\n")), start=1))
    for rejected in read.rejected:
        print(f"{rejected.where} of the questions {rejected.reason}", file=sys.stderr)
    embedder = make_embedder(CorpusSettings().model)
    with TemporaryDirectory() as folder, open_corpus(CorpusSettings(data_dir=Path(folder)), embedder) as corpus:
        corpus.refresh(given.entries or sorted(PRACTICE.glob("*.entries.jsonl")))
        tasks, status = list(ready(corpus, embedder, read.asked)), corpus.status()
        print(f"{status.entries} entries, {status.passages} passages, {len(tasks)} questions\n")
        show(measure(corpus._reader.read(lambda generation: generation), tasks))


if __name__ == "__main__":
    main()
