"""Flips single bytes of the newest generation, and has the command answer, tell its state, refresh and undo with each.

Usage: python tests/support/flip_bytes.py [--flips 200] [--entries 1500] [--seed 1]

Every file is verified before it is opened, so that with a flipped byte the generation before answers. The answers must
be those of the newest generation or of the one before, to the letter; the process must end by itself, and say which one
is damaged. Half of the flips choose a file and then a byte of it (every file comes up), the other half any byte of
all. The model is the toy one. Each command is a fork of a process that has imported everything and opened nothing.
"""

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from forked import Ended, footnote

NEWEST, BEFORE = 2, 1
QUESTIONS = 12
WORDS = 400  # that the texts are made of
CHANGING = 5  # every so many flips, a refresh and an undo are tried, too


@dataclass(frozen=True)
class Place:
    file: str
    byte: int  # from 0; behind the last one of an empty file, which gets one
    bit: int

    def __str__(self) -> str:
        return f"{self.file}, bit {self.bit} of byte {self.byte}"


class Trials:
    """A data folder with two generations whose answers differ, and what it answers with either of them."""

    def __init__(self, folder: Path, entries: int, seed: int) -> None:
        self.folder, self._data = folder, folder / "data"
        chance = random.Random(seed)  # noqa: S311  no secret
        words = ["".join(chance.choices("bcdfgklmnprstvw", k=2)) + f"{n}a" for n in range(WORDS)]
        self._rows = [_row(number, words, chance) for number in range(entries)]
        (folder / "questions.jsonl").write_text(
            "".join(
                json.dumps({"id": str(n), "question": f"What of {' '.join(chance.sample(words, 3))}?"}) + "\n"
                for n in range(QUESTIONS)
            ),
            encoding="utf-8",
        )
        self._expected: dict[int, list[str]] = {}
        for number in (BEFORE, NEWEST):
            for row in self._rows[:: number + 2]:
                row["text"] = f"{_sentence(words, chance)} {row['text']}"
            assert self._refresh(self._data).code == 0
            self._expected[number] = self._answers(self._data)[1]
        self._later = self._what_follows(self._copy())
        self.generation = self._data / "index" / f"{NEWEST:06d}"
        files = (file for file in self.generation.rglob("*") if file.is_file())
        self.files = sorted(file.relative_to(self.generation).as_posix() for file in files)

    def places(self, flips: int, chance: random.Random) -> Iterator[Place]:
        sizes = [(self.generation / file).stat().st_size for file in self.files]
        by_file = max(flips // 2, len(self.files))
        for number in range(flips):
            if number < by_file:
                if number % len(self.files) == 0:
                    order = chance.sample(range(len(self.files)), len(self.files))
                chosen = order[number % len(self.files)]
            else:
                [chosen] = chance.choices(range(len(self.files)), sizes)
            yield Place(self.files[chosen], chance.randrange(max(1, sizes[chosen])), chance.randrange(8))

    def flip(self, place: Place, *, changing: bool = False) -> str:
        """Try a flipped byte; returns what answered. Raises AssertionError."""
        with _flipped(self.generation, place):
            ended, answers = self._answers(self._data)
            assert ended.code == 0, f"asked: {ended.code} {ended.errors[-300:]}"
            told = footnote(self._data, "status", "--json")
            assert told.code == 0, f"status: {told.code} {told.errors[-300:]}"
            damaged = f"Generation {NEWEST} of the index is damaged"
            if answers == self._expected[NEWEST]:
                assert place.file == "manifest.json", "the damage was not noticed"  # there, a blank tells nothing
                assert damaged not in told.output
                return "as it was"
            assert answers == self._expected[BEFORE], "the answers are of neither generation"
            assert damaged in ended.errors
            assert damaged in told.output
            if changing:
                assert self._what_follows(self._copy()) == self._later, "a refresh or an undo came out differently"
            return "the one before"

    def _what_follows(self, data: Path) -> list[tuple[int, list[str]]]:
        """The entries after an undo, and after a refresh that brings everything back."""
        found = []
        for change in (lambda: footnote(data, "undo"), lambda: self._refresh(data)):
            ended = change()
            assert ended.code == 0, f"changed: {ended.code} {ended.errors[-300:]}"
            listed = footnote(data, "entries", "--json")
            found.append((listed.code, sorted(json.dumps(entry) for entry in json.loads(listed.output))))
        return found

    def _answers(self, data: Path) -> tuple[Ended, list[str]]:
        ended = footnote(data, "ask", "--batch", str(self.folder / "questions.jsonl"))
        answers = [json.loads(line) for line in ended.output.splitlines()] if ended.code == 0 else []
        for answer in answers:
            del answer["timings_ms"], answer["generation"]
        return ended, [json.dumps(answer) for answer in answers]

    def _refresh(self, data: Path) -> Ended:
        rows = self.folder / "rows.jsonl"
        rows.write_text("".join(json.dumps(row) + "\n" for row in self._rows), encoding="utf-8")
        return footnote(data, "refresh", "--from", str(rows))

    def _copy(self) -> Path:
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        return shutil.copytree(self._data, copy)


@contextmanager
def _flipped(generation: Path, place: Place) -> Iterator[None]:
    file = generation / place.file
    whole = file.read_bytes()
    content = bytearray(whole or b"\0")
    content[place.byte] ^= 1 << place.bit
    file.write_bytes(content)
    try:
        yield
        assert file.read_bytes() == bytes(content), "a committed generation was written to"
    finally:
        file.write_bytes(whole)


def _row(number: int, words: list[str], chance: random.Random) -> dict[str, object]:
    text = " ".join(_sentence(words, chance) for _ in range(6))
    fields = {"source": "paper", "kind": "event", "tier": 1, "people": [], "published": "2026-06-01", "summary": ""}
    return fields | {"id": f"e{number}", "title": f"On {words[number % WORDS]}", "text": text}


def _sentence(words: list[str], chance: random.Random) -> str:
    return f"{' '.join(chance.choices(words, k=11)).capitalize()}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--entries", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder), chosen.entries, chosen.seed)
        chance = random.Random(chosen.seed)  # noqa: S311  no secret
        for number, place in enumerate(trials.places(chosen.flips, chance), start=1):
            try:
                outcome = trials.flip(place, changing=number % CHANGING == 0)
            except AssertionError as error:
                outcome = f"FAILED: {str(error).splitlines()[0][:60]}"
                print(f"{number:>4}  {place}: {error}", flush=True)
            outcomes[outcome] += 1
    print(*(f"{times:>5} × {outcome}" for outcome, times in sorted(outcomes.items())), sep="\n")
    raise SystemExit(any(outcome.startswith("FAILED") for outcome in outcomes))


if __name__ == "__main__":
    main()
