"""Parts that the views share: blocks of text, set apart, indented, counted."""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

Block = Text | Padding | Table
MOST_LISTED = 20
NAME = 22  # columns of a source's name: with it, a row of the list of sources fits into 80


def indented(block: Text | Table, columns: int = 2) -> Padding:
    return Padding(block, (0, 0, 0, columns), expand=False)


def spaced(texts: Iterable[Text]) -> list[Block]:
    """Return the texts with an empty line between them."""
    blocks: list[Block] = []
    for text in texts:
        blocks += [Text(), text] if blocks else [text]
    return blocks


def rest_of(count: int, what: str = "") -> list[Block]:
    """Return the line that says how many are not listed; none where all are."""
    return [Text(f"  … and {count - MOST_LISTED} more {what}".rstrip())] if count > MOST_LISTED else []


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def numbered(counts: dict[str, int]) -> str:
    """Return what there is of each, in words: 2 new, 1 rejected."""
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def cut(name: str) -> str:
    """Return a name in as many columns as it may have."""
    return name if cell_len(name) <= NAME else f"{set_cell_size(name, NAME - 1).rstrip()}…"
