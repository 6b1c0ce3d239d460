"""Trouble at random moments of refreshes with real feeds, and nothing is lost, nothing is double.

    python tests/support/kill_refreshes.py [--times 100] [--seed 1] [--toy]

Six publishers on loopback (tests/support/publishing.py), a data folder that follows them and has been refreshed once,
and what they did since: new posts, edits, a cross-post. Each time a copy of the folder, a real `footnote refresh` on it
as a process of its own, and at a random moment of it a trouble: SIGKILL (at any time; or while the index is built); a
disk that is full (a file system in memory with as much room as chance gives; where none may be mounted, a limit on the
size of a file); or a network that is lost (from some request on, every server breaks off). A process that is not killed
must end by itself. Then questions must be answered from a whole generation, what was known before must be there, and
the next refresh, undisturbed, must come to what an undisturbed first one comes to: the same entries, the same answers,
an index that shows the record. Prints a line each, and ends with code 1 where one failed. 100 times take about 15
minutes with the toy model.
"""

import argparse
import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep

from publishing import Publisher, allowed
from refresh_world import publishers, shelf_of

from bot.contract.results import answer_json
from corpus import Corpus, CorpusError, CorpusSettings, Entry, open_corpus
from corpus.index.embedders.base import Embedder

ROOT = Path(__file__).resolve().parents[2]
TROUBLES = ("kill", "disk", "building", "network")
ENDS = 60  # seconds within which a refresh in trouble ends by itself
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import corpus.ingest.sources.local_files
corpus.ingest.sources.local_files.SHELF = Path({shelf!r})
if {toy}:
    import toy_footnote
from bot.cli.app import main
sys.argv = ["footnote", "refresh"]
main()
"""


@dataclass(frozen=True)
class Outcome:
    """What a trouble did: at which moment (seconds, kB of room, requests), with which end, and what answered then."""

    trouble: str
    moment: float
    ended: int
    generation: int
    held: int


class Trials:
    """The folder to start from, the refresh to be disturbed, and the result that it must come to."""

    def __init__(self, folder: Path, embedder: Embedder, web: dict[str, Publisher], *, toy: bool) -> None:
        self._folder, self._embedder, self._web = folder, embedder, web
        code = CHILD.format(tests=str(ROOT / "tests/support"), shelf=str(folder / "shelf"), toy=toy)
        self._command = [sys.executable, "-c", code]
        self._before, self._said = folder / "before", folder / "said.txt"
        with self._open(self._before) as corpus:
            corpus.refresh()
            self.known = {entry.id for entry in corpus.entries()}
            self.questions = [f"What is said about {entry.title}?" for entry in corpus.entries()[::17]][:5]
        happen(web)
        data = self._copy("undisturbed")
        for publisher in web.values():
            publisher.statuses()
        with self._open(data) as corpus:
            corpus.refresh()
        self.requests = sum(sum(publisher.statuses().values()) for publisher in web.values())
        self.grown = size_of(data) - size_of(self._before)
        self.expected = self._result(data)
        assert self.known < {entry.id for entry in self.expected[0]}, "the undisturbed refresh brought nothing"

    @cached_property
    def length(self) -> float:
        """Seconds that an undisturbed refresh takes, as a process of its own."""
        data, begun = self._copy("timed"), monotonic()
        self._start(data).wait(timeout=300)
        return monotonic() - begun

    def disturb(self, trouble: str, chance: random.Random) -> Outcome:
        """One refresh in trouble, and what must hold afterwards. Raises AssertionError where something was lost."""
        with contextlib.ExitStack() as undoing:
            data, moment, ended = getattr(self, f"_{trouble}")(chance, undoing)
            with self._open(data) as corpus:
                held = corpus.entries()
                generation = corpus.ask(self.questions[0]).generation
            assert "should not have" not in self._said.read_text(), self._said.read_text()
            ids = {entry.id for entry in held}
            assert self.known <= ids, f"lost: {self.known - ids}"
            if trouble != "network":  # there, what was reached is taken in
                assert len(ids) in {len(self.known), len(self.expected[0])}, f"half a generation: {len(ids)} entries"
            undoing.close()
            with self._open(data) as corpus:
                failed = [read for read in corpus.refresh().sources if read.outcome == "failed"]
                assert not failed, f"the next refresh failed: {failed}"
            self._check(data)
            shutil.rmtree(data)
        return Outcome(trouble, round(moment, 2), ended, generation, len(ids))

    def _check(self, data: Path) -> None:
        """After the next refresh: record and index agree, nothing is double, and all is as it would have been."""
        entries, answers = self._result(data)
        addresses = Counter(entry.url for entry in entries if entry.url)
        assert not [url for url, times in addresses.items() if times > 1], f"double: {addresses.most_common(3)}"
        with self._open(data) as corpus:
            status = corpus.status()
            assert (status.behind, status.notes) == (0, ()), status
        other = differences(self.expected[0], entries)
        assert not other, f"the next refresh came to other entries: {other}"
        told = [(a, b) for a, b in zip(self.expected[1], answers, strict=True) if a != b]
        parts = [(name, a[name], b[name]) for a, b in told for name in a if a[name] != b[name]]
        assert not parts, f"the next refresh came to other answers: {parts!r:.2000}"
        left = [path.name for path in (data / "index").iterdir() if not path.name.isdigit()]
        assert not left, f"left behind: {left}"

    # The troubles: each gives the data folder as it is then, the moment, and how the process ended

    def _kill(self, chance: random.Random, _: contextlib.ExitStack) -> tuple[Path, float, int]:
        moment = chance.uniform(0, self.length)
        data = self._copy("disturbed")
        process = self._start(data)
        deadline = monotonic() + moment
        while monotonic() < deadline and process.poll() is None:
            sleep(0.005)
        process.send_signal(signal.SIGKILL)
        return data, moment, process.wait(timeout=60)

    def _building(self, chance: random.Random, _: contextlib.ExitStack) -> tuple[Path, float, int]:
        """SIGKILL when the record is written and the index is being built."""
        moment, data = chance.uniform(0, 0.3), self._copy("disturbed")
        process = self._start(data)
        while process.poll() is None and not list((data / "index").glob(".building*")):
            sleep(0.005)
        sleep(moment)
        process.send_signal(signal.SIGKILL)
        return data, moment, process.wait(timeout=60)

    def _disk(self, chance: random.Random, undoing: contextlib.ExitStack) -> tuple[Path, float, int]:
        room = int(chance.uniform(0, 1.2) * self.grown)
        data = self._folder / "small-disk" / "data"
        limit = None
        if mounted := mount(data.parent, size_of(self._before) + room):
            undoing.callback(subprocess.run, ["mount", "-o", "remount,size=1g", str(data.parent)], check=True)
        else:
            limit = room // 4
        self._copy("small-disk/data" if mounted else "disturbed")
        data = data if mounted else self._folder / "disturbed"
        return data, room / 1000, self._start(data, limit).wait(timeout=ENDS)

    def _network(self, chance: random.Random, undoing: contextlib.ExitStack) -> tuple[Path, float, int]:
        moment, data = chance.randrange(self.requests + 1), self._copy("disturbed")
        asked: list[str] = []

        def lose(path: str) -> None:
            asked.append(path)
            if len(asked) == moment + 1:
                for publisher in self._web.values():
                    publisher.cut_after = 0

        for publisher in self._web.values():
            publisher.before = lose
            undoing.callback(setattr, publisher, "cut_after", None)
            undoing.callback(setattr, publisher, "before", lambda _: None)
        return data, moment, self._start(data).wait(timeout=ENDS)

    # The folder, the process, the result

    def _copy(self, name: str) -> Path:
        data = self._folder / name
        shutil.rmtree(data, ignore_errors=True)
        return shutil.copytree(self._before, data)

    def _settings(self, data: Path) -> CorpusSettings:
        return CorpusSettings(data_dir=data, fetch_allowed=allowed(*self._web.values()), fetch_pause=0, offline=False)

    def _start(self, data: Path, file_limit: int | None = None) -> subprocess.Popen:
        environment = {
            **os.environ,
            "FOOTNOTE_DATA_DIR": str(data),
            "FOOTNOTE_FETCH_ALLOWED": allowed(*self._web.values()),
            "FOOTNOTE_FETCH_PAUSE": "0",
            "FOOTNOTE_OFFLINE": "0",
            "PYTHONPATH": str(ROOT),
        }

        def limit() -> None:
            if file_limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        return subprocess.Popen(
            self._command,
            env=environment,
            stdout=self._said.open("w"),
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            preexec_fn=limit,  # noqa: PLW1509  our threads hold no lock that it needs
        )

    @contextlib.contextmanager
    def _open(self, data: Path) -> Iterator[Corpus]:
        with shelf_of(self._folder, self._web), open_corpus(self._settings(data), self._embedder) as corpus:
            yield corpus

    def _result(self, data: Path) -> list:
        """All entries and some answers, without what differs from run to run."""
        with self._open(data) as corpus:
            answers = [answer_json(corpus.ask(question)) for question in self.questions]
            for answer in answers:
                del answer["timings_ms"], answer["generation"]
            return [sorted(corpus.entries(), key=lambda e: e.id), answers]


def differences(expected: list[Entry], found: list[Entry]) -> list[str]:
    """In which fields of which entries two states of the corpus differ."""
    one, other = ({entry.id: asdict(entry) for entry in entries} for entries in (expected, found))
    lost = [f"{entry_id} is in one of them alone" for entry_id in one.keys() ^ other.keys()]
    fields = [(i, name) for i in one.keys() & other.keys() for name in one[i] if one[i][name] != other[i][name]]
    return lost + [f"{i}: {name}: {one[i][name]!r:.300} ≠ {other[i][name]!r:.300}" for i, name in fields]


def happen(web: dict[str, Publisher]) -> None:
    """What the publishers do between the first refresh and the one that is disturbed."""
    for publisher in web.values():
        publisher.publish_many(4)
        publisher.correct(publisher.posts[5])
        publisher.edit(publisher.posts[6])
    web["birch"].crosspost(web["amber"].posts[7])
    web["cedar"].publish(paid=True)


def mount(folder: Path, size: int) -> bool:
    """A file system of so many bytes in memory at this folder, in place of one that was there; whether it may be."""
    unmount(folder)
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607  the system's own


def size_of(folder: Path) -> int:
    """Bytes that a folder's files take on a disk."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*"))


@contextlib.contextmanager
def trials(folder: Path, embedder: Embedder, *, toy: bool, **sizes: int) -> Iterator[Trials]:
    with publishers(**sizes) as web:
        try:
            yield Trials(folder, embedder, web, toy=toy)
        finally:
            unmount(folder / "small-disk")


def main() -> None:
    from fakes import ToyEmbedder  # noqa: PLC0415

    from corpus.index.embedders.choose import make_embedder  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--toy", action="store_true", help="embed with the toy model: the process starts in a second")
    chosen = parser.parse_args()
    embedder = ToyEmbedder() if chosen.toy else make_embedder(CorpusSettings().model)
    with tempfile.TemporaryDirectory() as folder, trials(Path(folder), embedder, toy=chosen.toy, history=60) as all_:
        print(f"An undisturbed refresh takes {all_.length:.1f} s and {all_.requests} requests.")
        chance = random.Random(chosen.seed)  # noqa: S311  no secret
        ended: Counter[str] = Counter()
        for number in range(1, chosen.times + 1):
            trouble = TROUBLES[number % len(TROUBLES)]
            try:
                outcome = all_.disturb(trouble, chance)
                told = f"{trouble}, ended with {outcome.ended}"
            except (AssertionError, CorpusError, subprocess.TimeoutExpired) as error:
                outcome, told = f"FAILED: {trouble}: {error}", "FAILED"
            ended[told] += 1
            print(f"{number:>4}  {outcome}", flush=True)
    print(*(f"{times:>4} × {how}" for how, times in sorted(ended.items())), sep="\n")
    print(f"{chosen.times} refreshes in trouble, {ended['FAILED']} with anything lost, double or left behind.")
    raise SystemExit(ended["FAILED"] > 0)


if __name__ == "__main__":
    main()
