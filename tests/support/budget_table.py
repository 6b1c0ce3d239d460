"""What texts cost that are made to take the machine, and the largest that are allowed.

    python tests/support/budget_table.py [--toy] [--only NAME …]

Each is taken in by a real `footnote refresh` in a process of its own, with a data folder of its own; with the real
model unless --toy. Prints for each: what became of it, the most memory that the refresh and the processes it started
had (the largest of them, in MB), and seconds. One that has not ended after three hours is killed, and said so.
The whole table takes hours with the real model, and ten minutes with the toy.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[2]
ENDS = 3 * 3600  # seconds: 50 of the largest texts take some 90 minutes of one processor with the real model
LONGEST = 499_990  # characters
FIELDS = {"source": "s", "kind": "event", "tier": 3, "people": [], "published": "2026-06-01", "summary": ""}
WORDS = "the of open models and gap to closed in is weight labs that community measure cost year figure".split()
RUN = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
if {toy}:
    import toy_footnote
from bot.cli.app import main
sys.argv = ["footnote", "refresh", "--json", "--from", {path!r}]
main()
"""


def prose(seed: int, characters: int = LONGEST) -> str:
    """Sentences of 6 to 22 words, of which no two texts share many."""
    chosen = random.Random(seed)  # noqa: S311  no secret
    words = [f"{word}{chosen.randrange(900)}" for word in WORDS for _ in range(200)]
    text: list[str] = []
    length = 0
    while length < characters:
        text.append(" ".join(chosen.choices(words, k=chosen.randint(6, 22))).capitalize() + ".")
        length += len(text[-1]) + 1
    return " ".join(text)[:characters]


def unit(sign: str, characters: int = LONGEST) -> Callable[[Path], Path]:
    """One entry that is made of one sign."""
    return lambda folder: entries(folder, ["Begin. " + sign * ((characters - 10) // len(sign)) + "z"])


def entries(folder: Path, texts: list[str]) -> Path:
    rows = [FIELDS | {"id": f"e{n}", "title": f"E{n}", "text": text} for n, text in enumerate(texts)]
    (folder / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return folder / "a.jsonl"


def page(folder: Path) -> Path:
    body = f"<p>{'a. ' * 1_500_000}</p>"
    (folder / "a.html").write_text(f"<html><head><title>A</title></head><body><article>{body}", encoding="utf-8")
    (folder / "a.html.yaml").write_text("title: A\npublished: 2026-06-01\n", encoding="utf-8")
    return folder / "a.html"


def long_line(folder: Path) -> Path:
    with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
        file.write('{"id": "')
        for _ in range(200):
            file.write("x" * 1_000_000)
        file.write('"}\n' + json.dumps(FIELDS | {"id": "b", "title": "B", "text": "A garden."}))
    return folder / "a.jsonl"


def front_matter(folder: Path) -> Path:
    (folder / "a.md").write_text(f"---\ntier: 1{':1' * 1_000_000}\n---\nText.", encoding="utf-8")
    return folder / "a.md"


def keys(folder: Path) -> Path:
    (folder / "sources.toml").write_text("a." * 31_000 + "a = 1\n", encoding="utf-8")
    return folder


INPUTS: dict[str, Callable[[Path], Path]] = {
    "a page of 4.5 MB of “a. ”": page,
    "a line of 200 MB": long_line,
    "tier: 1:1:1… of 2 MB": front_matter,
    "a key of 31,000 parts": keys,
    "“a. ”": unit("a. "),
    "a list": unit("- a\n"),
    "lines": unit("Ab.\n"),
    "paragraphs": unit("A.\n\n"),
    "a table": unit("| a | b |\n"),
    "Han with stops": unit("模。"),
    "Han without stops": unit("模型"),
    "one word": unit("a"),
    "brackets": unit("("),
    "quotation marks": unit("“a "),
    "marks on a letter": unit("\u0301"),
    "line ends": unit(" \n"),
    "emoji": unit("🙂"),
    "20,000 short lines": lambda folder: entries(folder, ["A bed of roses grows.\n" * 19_000]),
    "1 of the largest": lambda folder: entries(folder, [prose(1)]),
    "50 of the largest": lambda folder: entries(folder, [prose(seed) for seed in range(50)]),
    "50 of the largest, alike": lambda folder: entries(folder, [f"{n} {prose(1)[:-9]}" for n in range(50)]),
    "50 with 19,000 lines": lambda folder: entries(
        folder, [f"{n} is it.\n" + "A bed grows.\n" * 19_000 for n in range(50)]
    ),
}


def outcome(told: str, code: int) -> str:
    try:
        report = json.loads(told)
        rejected = report["rejected"]
        reason = f", {len(rejected)} refused: {rejected[0]['reason'][:60]}" if rejected else ""
        return f"{len(report['new'])} taken{reason}"
    except (ValueError, LookupError, TypeError):
        return f"ended with {code}"


def rows(names: list[str], *, toy: bool) -> Iterator[tuple[str, str, int, float]]:
    for name in names:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "in"
            folder.mkdir()
            code = RUN.format(
                root=str(ROOT), tests=str(ROOT / "tests/support"), toy=toy, path=str(INPUTS[name](folder))
            )
            environment = {**os.environ, "FOOTNOTE_DATA_DIR": f"{place}/data", "FOOTNOTE_OFFLINE": "true"}
            start = monotonic()
            try:
                done = subprocess.run(
                    [sys.executable, "-c", code],
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=ENDS,
                    check=False,
                )
                came = outcome(done.stdout, done.returncode)
            except subprocess.TimeoutExpired:
                came = f"killed after {ENDS} s"
            # Of all children so far: so each input has a process of its own that measures only its own children.
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            yield name, came, most, monotonic() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--toy", action="store_true")
    options.add_argument("--only", nargs="*", choices=[*INPUTS])
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    names = chosen.only or [*INPUTS]
    if chosen.here:
        for name, came, most, seconds in rows(names, toy=chosen.toy):
            print(f"{name:28} {came:80} {most:6} MB {seconds:7.1f} s", flush=True)
        return
    for name in names:
        words = [sys.executable, __file__, "--here", *(["--toy"] if chosen.toy else []), "--only", name]
        subprocess.run(words, check=False)


if __name__ == "__main__":
    main()
