"""In which entries the record differs from a generation, and what each of them takes: embedding is what costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.index.generation import Generation
from corpus.models.entries import Entry
from corpus.storage.entries import Entries

CONTEXT = 200  # characters of a title that go into the vectors of its passages


@dataclass(frozen=True, slots=True)
class Changes:
    """The numbers of the entries in which the record differs from a generation: `all` of them, each by what it takes.

    `gone`: their passages leave. `fresh`: they are split and embedded. `reworded`: what is embedded of them is as
    before, and the words that find their passages are not. Others differ in what no passage says, such as a tier.
    """

    all: Sequence[int]
    gone: frozenset[int]
    fresh: Sequence[int]
    reworded: frozenset[int]


def find_changes(archive: Entries, wanted: Mapping[int, str], base: Generation | None) -> Changes:
    if base is None:
        return Changes(sorted(wanted), frozenset(), sorted(wanted), frozenset())
    shown, indexed = base.entries.numbered_hashes(), set(base.table.entries.tolist())
    differ = sorted(n for n in wanted.keys() | shown.keys() if wanted.get(n) != shown.get(n))
    kept, reworded = set(), set()
    for number, entry in archive.each([n for n in differ if n in wanted and n in indexed]):
        before = base.entries.entries([number])[number]
        if embedded_of(entry) == embedded_of(before):
            kept.add(number)
            if body_of(entry, 0, 0) != body_of(before, 0, 0):
                reworded.add(number)
    fresh = [n for n in differ if n in wanted and n not in kept]
    return Changes(differ, frozenset(n for n in differ if n in indexed) - kept, fresh, frozenset(reworded))


def embedded_of(entry: Entry) -> tuple[object, ...]:
    """Return all that the passages of an entry and their vectors depend on."""
    return entry.title[:CONTEXT], entry.text, entry.language, [(block.start, block.end) for block in entry.blocks]


def body_of(entry: Entry, start: int, end: int) -> str:
    """Return what the lexical index reads of a passage: its words, and those of the title and the people."""
    names = ", ".join(person.name for person in entry.people)
    return f"{entry.title}\n{names}\n{entry.text[start:end]}"
