"""The structure of the code in figures: python tests/support/house_figures.py [CHECKOUT]

Prints for each room (a package of corpus/ or bot/) its lines and private functions per 1,000 lines; how many imports go
from room to room; and the walk of a question and of an article through corpus/ (toy model, shipped corpus, warm): the
files that are entered, and how often the call goes from one file into another.
"""

import ast
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]
QUESTION = "Will open models catch up with closed models?"
PIECE = """---
id: piece
source: paper
kind: event
tier: 1
title: A piece
people: []
published: 2026-06-01
summary: One.
---
Open models may catch up next year, some say. The gap is six months now.
"""


def room_of(module: str) -> str:
    """The package that a file or a module is in; files at the top are rooms of their own."""
    parts = module.removesuffix(".py").replace("/", ".").split(".")
    return ".".join(parts[:-1]) if len(parts) > 2 else ".".join(parts)


def measure_rooms() -> None:
    lines, private, imports = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    packages = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in ROOT.glob("*/**/__init__.py")}
    for path in sorted([*ROOT.glob("corpus/**/*.py"), *ROOT.glob("bot/**/*.py")]):
        source = path.read_text(encoding="utf-8")
        room = room_of(path.relative_to(ROOT).as_posix())
        lines[room] += source.count("\n")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                private[room] += node.name.startswith("_") and not node.name.startswith("__")
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"corpus", "bot"}:
                target = node.module if node.module in packages else room_of(node.module)
                imports[room, target] += target != room
    for room in sorted(lines):
        print(f"{room:34}{lines[room]:7}{1000 * private[room] / max(1, lines[room]):7.1f}")
    rate = 1000 * private.total() / lines.total()
    print(f"{'all':34}{lines.total():7}{rate:7.1f}  ({private.total()} private functions)")
    pairs = sum(1 for count in imports.values() if count)
    print(f"imports from room to room: {imports.total()}, between {pairs} pairs of rooms")


def walk(act: Callable[[], object]) -> tuple[list[str], int]:
    """The files of corpus/ that a call enters, in order, and how often it goes from one into another."""
    passed: list[str] = []
    inside = f"{ROOT}/corpus/"

    def look(frame: FrameType, event: str, _: object) -> None:
        at = frame if event == "call" else frame.f_back
        if event in {"call", "return"} and at is not None and at.f_code.co_filename.startswith(inside):
            name = at.f_code.co_filename.removeprefix(inside)
            if not passed or passed[-1] != name:
                passed.append(name)

    sys.setprofile(look)
    try:
        act()
    finally:
        sys.setprofile(None)
    return list(dict.fromkeys(passed)), len(passed) - 1


def measure_walks() -> None:
    from fakes import ToyEmbedder  # noqa: PLC0415  of the checkout that is measured

    from corpus import CorpusSettings, open_corpus  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as place:
        piece = Path(place) / "piece.md"
        piece.write_text(PIECE, encoding="utf-8")
        settings = CorpusSettings(data_dir=Path(place) / "data", offline=True)
        with open_corpus(settings, ToyEmbedder()) as corpus:
            corpus.refresh()
            corpus.ask(QUESTION)
            for what, act in (
                ("question", lambda: corpus.ask(QUESTION)),
                ("article", lambda: corpus.refresh([piece])),
            ):
                files, switches = walk(act)
                print(f"{what}: {len(files)} files, {switches} switches\n  {' '.join(files)}")


if __name__ == "__main__":
    measure_rooms()
    measure_walks()
