"""The quotes of one voice stand together. A cross-post is no voice of its own: not in answers, hits, timelines or what
is related; on its page, it is named.
"""

import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from build import entry, hit

from corpus import parse_filters
from corpus.answer.grouping import group_by_speaker, prefer_newer, suppressed_duplicates, with_same_content
from corpus.answer.retrieve import retrieve
from corpus.answer.select import Choice, Quote
from corpus.models.entries import Person
from corpus.models.search import Passage, Scale, Span

ORIGINALS = {4: 2, 5: 2, 7: 6}


@pytest.mark.parametrize(
    ("among", "expected"),
    [
        (None, {4, 5, 7}),
        ([7, 6, 5, 4, 3, 2, 1], {4, 5, 7}),
        ([5, 4, 3], {5}),  # newest first: the oldest stands in
        ([4, 5, 3], {4}),
        ([5, 7], set()),
        ([5, 2], {5}),
        ([], set()),
    ],
)
def test_a_cross_post_stands_in_where_its_original_may_not_speak(among, expected):
    assert suppressed_duplicates(ORIGINALS, among) == expected


def test_one_voice_is_the_original_and_all_its_cross_posts():
    assert with_same_content([5], ORIGINALS) == with_same_content([2], ORIGINALS) == {2, 4, 5}
    assert with_same_content([1, 7], ORIGINALS) == {1, 6, 7}
    assert with_same_content([3], {}) == {3}


def said(name, day, *people, score=1.0):
    roles = tuple(Person(person, role) for person, role in people) or (Person("Ann", "author"),)
    return hit(("A sentence.", 1.0), score=score, id=name, people=roles, published=date.fromisoformat(day))


def ordered(hits, **how):
    choice = Choice(tuple(Quote(one, 0, 5) for one in hits))
    return [quote.hit.entry.id for quote in group_by_speaker(choice, **how).quotes]


def test_the_quotes_of_one_voice_stand_together_by_date_and_the_voice_of_the_best_first():
    interview = [("Ann", "host"), ("Bea", "guest")]
    hits = [
        said("late", "2026-05-01"),
        said("guest", "2026-04-01", *interview),
        said("early", "2026-01-01"),
        said("hers", "2026-02-01", ("Bea", "author")),
    ]
    assert ordered(hits) == ["early", "late", "hers", "guest"]
    assert ordered(hits, newest=True) == ["late", "guest", "hers", "early"]


def test_quotes_of_one_entry_keep_the_order_of_its_text():
    one = said("one", "2026-05-01")
    choice = group_by_speaker(Choice((Quote(one, 0, 2), Quote(one, 3, 5))))
    assert [quote.start for quote in choice.quotes] == [0, 3]
    assert group_by_speaker(Choice()) == Choice()


def test_where_the_newest_is_asked_for_the_newer_wins_among_nearly_equal_ones():
    hits = [
        said("old", "2024-01-01", score=1.0),
        said("new", "2026-01-01", score=0.97),
        said("far", "2026-06-01", score=0.2),
    ]
    assert [one.entry.id for one in prefer_newer(hits)] == ["new", "old", "far"]
    assert [one.entry.id for one in prefer_newer(hits[:1])] == ["old"]
    assert prefer_newer([]) == []


TEXT = (
    "The river rises in the northern hills and is cold until the first days of summer. Boats are built of oak by the "
    "families who live on its western bank. Nobody has counted the ferries since the great flood carried most of them "
    "away. In winter the ice is thick enough for a loaded cart, and children skate to school along the frozen shore. "
    "Traders buy salt and wool at the bridge, where a toll has been asked of strangers for as long as people remember."
)
ENTRIES = {
    "river": ("paper", "2026-01-01", TEXT),
    "river-post": ("blog", "2026-01-05", f"Originally posted elsewhere by its author.\n\n{TEXT}\n\nSubscribe now!"),
    "river-mirror": ("mirror", "2026-01-03", TEXT),
    "cats": ("blog", "2026-01-02", "Cats sleep all day. They dream of boats and of the river."),
    "bread": ("paper", "2026-01-04", "Bread needs salt."),
}


@pytest.fixture
def voices(toy, tmp_path):
    rows = [
        {"id": i, "source": source, "kind": "event", "tier": 2, "url": f"https://example.org/{i}", "title": i.title()}
        | {"people": [{"name": "Ada", "role": "author"}], "published": day, "summary": "", "text": text}
        for i, (source, day, text) in ENTRIES.items()
    ]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    toy.refresh([tmp_path / "lines.jsonl"])
    return toy


def ids(entries):
    return [entry.id for entry in entries]


def test_a_cross_post_is_shown_beside_its_original_nowhere_but_on_their_pages(voices):
    asked = "Boats are built of oak by which families?"
    answer = voices.ask(asked)
    assert {c.entry.id for c in answer.citations} == {"river"}
    assert ids(answer.related.events) == ["cats"]  # bread has nothing to do with it
    assert {hit.entry.id for hit in voices.search(asked, 10)} == {"river", "cats", "bread"}
    assert {c.entry.id for c in voices.timeline(asked).citations} == {"river"}
    unsure = voices.ask("Do families swim in the cold river of the northern hills at midnight?")
    assert {c.entry.id for c in (*unsure.citations, *unsure.near)} == {"river"}
    assert ids(voices.page("cats").related.events) == ["river"]
    page = voices.page("river-post")
    assert ids(page.copies) == ["river", "river-mirror"]
    assert ids(page.related.events) == ["cats"]
    assert ids(voices.page("river").copies) == ["river-mirror", "river-post"]
    assert voices.page("cats").copies == ()


def test_when_the_original_is_removed_one_of_its_cross_posts_takes_its_place(voices):
    voices.remove(["river"])
    assert {c.entry.id for c in voices.ask("Boats are built of oak by which families?").citations} == {"river-mirror"}
    assert ids(voices.page("river-mirror").copies) == ["river-post"]
    voices.undo()
    assert ids(voices.page("river-mirror").copies) == ["river", "river-post"]


def test_filters_that_leave_the_original_out_leave_one_of_its_cross_posts_in(voices):
    asked = "Boats are built of oak by which families?"
    for given, expected in (
        ({"source": "blog"}, {"river-post"}),
        ({"since": "2026-01-02"}, {"river-mirror"}),
        ({"since": "2026-01-04"}, {"river-post"}),
        ({"person": "Ada"}, {"river"}),
    ):
        filters = parse_filters(**given)
        assert {c.entry.id for c in voices.ask(asked, filters).citations} == expected, given
        assert expected <= {hit.entry.id for hit in voices.search(asked, 10, filters)}, given
        related = ids(voices.ask(asked, filters).related.events)
        assert not {i for i in related if i.startswith("river")}, given


class Crowded:
    """A search whose nearest passages are those of the entries with the lowest numbers, one passage each."""

    scale = Scale()

    def __init__(self):
        self.vectors = self.lexical = self.table = self
        self.entries = SimpleNamespace(entries=lambda numbers: {n: entry(id=str(n)) for n in numbers})

    def nearest(self, _, limit, _entries):
        return list(range(limit))

    def matching(self, _, limit, _entries):
        return dict.fromkeys(range(limit), 1.0)

    def similarities(self, keys, _):
        return (scores := -np.array(keys, dtype=np.float32) / 10_000), scores

    def entries_of(self, keys):
        return np.array(keys, dtype=np.int64)

    def passage(self, key):
        return key, Passage(0, 1, (Span(0, 1),))

    def sentence_similarities(self, *_):
        return [0.0]


@pytest.mark.parametrize("copies", [0, 5, 150, 400])
def test_however_many_cross_posts_are_near_what_speaks_is_found(copies):
    hits = retrieve(Crowded(), np.zeros(1, np.float32), ["word"], 10, None, frozenset(range(copies)))
    assert [hit.entry.id for hit in hits] == [str(n) for n in range(copies, copies + 10)]
    assert hits[0].by_meaning == hits[0].by_words == 1
