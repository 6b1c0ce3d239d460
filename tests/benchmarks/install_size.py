"""How large an installation is, by part: what each dependency takes, and what it alone brings.

    python tests/benchmarks/install_size.py [--parts 12]

Counts what pip has installed in the environment that it runs in of pyproject.toml's dependencies, by the lists of files
that pip keeps; without what the extra [test] brings, and without compiled bytecode.
"""

import argparse
import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names_of(requirements: list[str]) -> frozenset[str]:
    """The packages that are asked for and are installed, without those of extras; names as pip compares them."""
    asked = [line.partition(";") for line in requirements]
    names = {re.match(r"[\w.-]+", line)[0] for line, _, marker in asked if "extra" not in marker}
    return frozenset(filter(is_installed, (re.sub(r"[_.]", "-", name).lower() for name in names)))


@cache
def needs(name: str) -> frozenset[str]:
    return names_of(distribution(name).requires or [])


@cache
def is_installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False


@cache
def size_of(name: str) -> float:
    """MB."""
    files = distribution(name).files or []
    return sum(f.locate().stat().st_size for f in files if f.suffix != ".pyc" and f.locate().is_file()) / 1e6


def reach(roots: frozenset[str], without: str = "") -> set[str]:
    """All packages that these bring, with themselves."""
    found: set[str] = set()
    waiting = [root for root in roots if root != without]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs(name) - {without}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=int, default=12, help="how many are shown, the largest first")
    chosen = parser.parse_args()
    direct = names_of(PROJECT["dependencies"])
    everything = reach(direct)
    print(f"{len(everything)} packages, {sum(map(size_of, everything)):,.0f} MB\n")
    print("| | itself, MB | with what it alone brings | of that |\n|---|---|---|---|")
    # A direct dependency stays, even where another one asks for it, too.
    alone = {name: everything - reach(direct, name) for name in direct}
    whole = {name: sum(map(size_of, brought)) for name, brought in alone.items()}
    for name in sorted(whole, key=whole.__getitem__, reverse=True)[: chosen.parts]:
        largest = sorted(alone[name] - {name}, key=size_of, reverse=True)[:4]
        brought = ", ".join(f"{other} {size_of(other):.0f}" for other in largest if size_of(other) >= 1)
        print(f"| {name} | {size_of(name):.0f} | {whole[name]:.0f} | {brought} |")


if __name__ == "__main__":
    main()
