"""A corpus that follows three newsletters and three blogs on loopback, round by round.

Each round somebody does something, then the corpus is refreshed; what was reported and asked is kept. The shipped shelf
is replaced by one guide, so that nothing goes outside.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from publishing import HuggingFace, Publisher, Substack, allowed

from corpus import Corpus, CorpusSettings, RefreshReport, open_corpus
from corpus.ingest.sources import local_files as shelf

GUIDE = {
    "id": "how-to-read",
    "source": "shelf",
    "kind": "guide",
    "tier": 3,
    "url": None,
    "title": "How to read",
    "people": [],
    "published": "2026-01-01",
    "summary": "",
    "text": "Read slowly. A second reading finds what the first one missed.",
}


@dataclass(frozen=True)
class Line:
    """What a round brought of one source. `answers`: status → how many answers with it."""

    round: str
    source: str
    outcome: str
    sentence: str
    new: int
    changed: int
    unchanged: int
    rejected: int
    answers: dict[int, int]


@dataclass(frozen=True)
class Round:
    """What a round brought of all sources, and the whole report."""

    name: str
    report: RefreshReport
    lines: dict[str, Line]

    def texts(self) -> Iterator[str]:
        for line in self.lines.values():
            told = " ".join(f"{count}×{status or 'cut'}" for status, count in sorted(line.answers.items()))
            counts = f"{line.new:>4}{line.changed:>8}{line.unchanged:>10}{line.rejected:>9}"
            yield f"{line.source:<8}{line.outcome:<10}{counts}  {told:<16}  {line.sentence}"
        for one in self.report.plan.rejected:
            yield f"    not taken: {one.where}: {one.reason}"
        for one in self.report.plan.duplicates:
            yield f"    cross-post: {one.id} of {one.of}"
        for note in self.report.notes:
            yield f"    note: {note}"


class World:
    """Three newsletters (amber, birch, cedar), three blogs (delta, ember, fjord), and a corpus that follows them."""

    def __init__(self, corpus: Corpus, publishers: dict[str, Publisher]) -> None:
        self.corpus, self.publishers = corpus, publishers
        self.rounds: list[Round] = []

    def __getitem__(self, name: str) -> Publisher:
        return self.publishers[name]

    def play(self, *acts: Callable[["World"], None]) -> Round:
        """A round: something happens, and the corpus is refreshed. It is known by the names of all that happened."""
        for act in acts:
            act(self)
        name = ", ".join(act.__name__.replace("_", " ") for act in acts)
        for publisher in self.publishers.values():
            publisher.statuses()
        report = self.corpus.refresh()
        self.rounds.append(Round(name, report, {line.source: line for line in self._lines(name, report)}))
        return self.rounds[-1]

    def _lines(self, name: str, report: RefreshReport) -> Iterator[Line]:
        for read in report.sources:
            answers = dict(self.publishers[read.slug].statuses())
            counts = (read.new, read.changed, read.unchanged, read.rejected)
            yield Line(name, read.slug, read.outcome, read.sentence, *counts, answers)

    def entry_of(self, name: str, title: str):
        found = [e for e in self.corpus.entries() if e.source == name and e.title == title]
        return found[0] if len(found) == 1 else None


@contextlib.contextmanager
def shelf_of(folder: Path, followed: Mapping[str, Publisher]) -> Iterator[None]:
    """Another shelf in place of the shipped one, whose sources are not on this machine: a guide, and these sources."""
    before, folder = shelf.SHELF, folder / "shelf"
    folder.mkdir(exist_ok=True)
    (folder / "guides.jsonl").write_text(json.dumps(GUIDE) + "\n", encoding="utf-8")
    rows = (
        f'[[source]]\nslug = "{slug}"\nname = "{one.name}"\ntier = 2\nhome = "{one.home}"\nfeed = "{one.feed}"\n'
        for slug, one in followed.items()
    )
    (folder / "sources.toml").write_text("".join(rows), encoding="utf-8")
    shelf.SHELF = folder
    try:
        yield
    finally:
        shelf.SHELF = before


@contextlib.contextmanager
def publishers(posts: int = 24, history: int = 120, little: int = 12) -> Iterator[dict[str, Publisher]]:
    """Newsletters with so many posts each; of the blogs, one has a long history and two a little one."""
    with contextlib.ExitStack() as opened:
        found: dict[str, Publisher] = {}
        for name in ("amber", "birch", "cedar"):
            found[name] = opened.enter_context(Substack(f"Letter {name.title()}"))
            found[name].publish_many(posts)
        for name, count in (("delta", history), ("ember", little), ("fjord", little)):
            found[name] = opened.enter_context(HuggingFace(f"Blog {name.title()}"))
            found[name].publish_many(count)
        yield found


@contextlib.contextmanager
def world(folder: Path, embedder=None, **sizes: int) -> Iterator[World]:
    with contextlib.ExitStack() as opened:
        found = opened.enter_context(publishers(**sizes))
        opened.enter_context(shelf_of(folder, found))
        settings = CorpusSettings(
            data_dir=folder / "data", fetch_allowed=allowed(*found.values()), fetch_pause=0, offline=False
        )
        corpus = opened.enter_context(open_corpus(settings, embedder))
        yield World(corpus, found)
