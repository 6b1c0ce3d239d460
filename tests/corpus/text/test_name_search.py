"""Which names may be meant by one that is misspelt, put in another order, or written in part."""

import pytest

from corpus.text.name_search import find_nearest

NAMES = [
    ("harbour-lights", "The lights of the harbour at night"),
    ("night-trains", "The quiet return of night trains"),
    ("tram-depots", "Tram depots of the old town"),
    ("2026-03-trains", "Trains, again"),
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("harbor-lights", ["harbour-lights"]),
        ("NIGHT TRIANS", ["night-trains"]),
        ("trains night", ["night-trains"]),
        ("nighttrains", ["night-trains"]),
        ("the-quiet-return-of-the-night-trains", ["night-trains"]),
        ("trains", ["night-trains", "2026-03-trains"]),
        ("depot", ["tram-depots"]),
        ("tram", ["tram-depots"]),
        ("sourdough bread", []),
        ("the", ["harbour-lights", "night-trains"]),
        ("", []),
        (" - ", []),
        ("\u202e", []),
    ],
)
def test_what_is_like_a_name_finds_it_and_what_is_like_none_finds_none(written, meant):
    assert [NAMES[place][0] for place in find_nearest(written, NAMES, 2)] == meant


def test_no_more_are_found_than_wanted_and_what_is_long_is_no_trouble():
    assert len(find_nearest("trains", NAMES * 50, 3)) == 3
    assert find_nearest("x" * 1_000_000, NAMES, 3) == []
    assert find_nearest("trains " * 100_000, NAMES, 3) == [1, 3]
