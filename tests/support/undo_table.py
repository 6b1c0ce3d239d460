"""A refresh from feeds is undone: is everything as before?

    python tests/support/undo_table.py [--real-model]

Publishers on loopback publish, edit, correct, cross-post and make paid; the refresh after that is undone. A row for
each thing that people or programs see, with the SHA-256 of its JSON before the refresh, after it, after the undo, and
after one refresh more: the third must be the first, and the fourth the second. What is left out of the JSON: how long
an answer took, the number of the generation, and when a source was read.
"""

import argparse
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fakes import ToyEmbedder
from refresh_table import nothing_happened
from refresh_world import World, world

from bot.contract.results import answer_json, health_json, hits_json, page_json, record_json, source_json
from corpus import Corpus

PASSING = {"timings_ms", "generation", "tried", "succeeded", "failed", "failing_since", "due"}


@dataclass(frozen=True)
class Row:
    """One thing that is seen, as JSON: before the refresh, after it, after its undo, after one refresh more."""

    what: str
    before: str
    after: str
    undone: str
    again: str

    @property
    def is_as_before(self) -> bool:
        return self.undone == self.before

    @property
    def comes_again(self) -> bool:
        return self.again == self.after


def table(web: World) -> list[Row]:
    """Refresh, change, refresh, undo, refresh; what is seen after each."""
    questions = ten_questions(web)
    web.play(nothing_happened)
    before = seen(web.corpus, questions)
    web.play(change)
    after = seen(web.corpus, questions)
    web.corpus.undo()
    undone = seen(web.corpus, questions)
    web.play(nothing_happened)
    again = seen(web.corpus, questions)
    return [Row(what, before[what], after[what], undone[what], again[what]) for what in before]


def ten_questions(web: World) -> list[str]:
    """About posts that will change and posts that will not, of each source; one that nothing covers."""
    posts = [publisher.posts[place] for publisher in web.publishers.values() for place in (2, 5)]
    asked = [f"What do people say about {post.title}?" for post in posts]
    return [*asked[:9], "How do volcanoes sing?"]


def change(web: World) -> None:
    amber, birch, cedar, delta, ember = (web[name] for name in ("amber", "birch", "cedar", "delta", "ember"))
    amber.edit(amber.posts[2])
    birch.correct(birch.posts[2])
    cedar.shift(cedar.posts[2])
    delta.correct(delta.posts[2])
    cedar.make_paid(cedar.posts[5])
    ember.crosspost(amber.posts[5])
    for publisher in web.publishers.values():
        publisher.publish()


def seen(corpus: Corpus, questions: list[str]) -> dict[str, str]:
    """What is seen of the corpus, as JSON: entries, sources, pages, and for each question its answer and its hits."""
    entries = corpus.entries()
    found = {
        "the entries": [record_json(entry) for entry in entries],
        "the entries' pages": [page_json(corpus.page(entry.id)) for entry in entries[:40]],
        "the sources": [source_json(source) for source in corpus.sources().values()],
        "how the sources do": [health_json(health, None) for health in corpus.followed()],
    }
    for question in questions:
        found[question] = [answer_json(corpus.ask(question)), hits_json(question, corpus.search(question, 10))]
    return {what: json.dumps(without(PASSING, told), indent=1, sort_keys=True) for what, told in found.items()}


def without(names: set[str], told):
    match told:
        case dict():
            return {name: without(names, value) for name, value in told.items() if name not in names}
        case list():
            return [without(names, value) for value in told]
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real-model", action="store_true", help="embed with the built-in model, not with a toy")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        world(Path(folder), None if chosen.real_model else ToyEmbedder(), history=60) as web,
    ):
        rows = table(web)
    print(f"{'':<52}{'before':<10}{'after':<10}{'undone':<10}{'again':<10}")
    for row in rows:
        marks = [
            hashlib.sha256(told.encode()).hexdigest()[:8] for told in (row.before, row.after, row.undone, row.again)
        ]
        verdict = "" if row.is_as_before else "NOT AS BEFORE "
        verdict += "" if row.comes_again else "DOES NOT COME AGAIN"
        print(f"{row.what[:50]:<52}" + "".join(f"{mark:<10}" for mark in marks) + verdict)
    right = sum(row.is_as_before and row.comes_again for row in rows)
    print(f"{right} of {len(rows)} are as before after the undo, and come again with the next refresh.")
    raise SystemExit(right != len(rows))


if __name__ == "__main__":
    main()
