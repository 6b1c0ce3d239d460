"""What else to read: a few guides and events, nearest first, and never what is cited already."""

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.related import EVENTS, GUIDES, related_numbers


def near(*numbers):
    """A closeness in which the numbers come in this order."""
    return {number: 1 - place / 100 for place, number in enumerate(numbers)}


def test_without_anything_to_be_near_to_nothing_is_related():
    assert related_numbers([], {1, 2}, set()) == ([], [])


def test_a_corpus_without_entries_has_nothing_related():
    assert related_numbers([{}], set(), set()) == ([], [])


def test_guides_and_events_are_apart_and_nearest_first():
    assert related_numbers([near(5, 3, 4, 1, 2)], {1, 2, 3}, set()) == ([3, 1, 2], [5, 4])


def test_no_more_than_three_guides_and_eight_events():
    guides, events = related_numbers([near(*range(100))], set(range(50)), set())
    assert (guides, events) == ([0, 1, 2], list(range(50, 58)))


def test_what_is_cited_is_not_related_however_near_and_the_next_take_its_place():
    guides, events = related_numbers([near(*range(1, 21))], {1, 2, 3, 4, 5}, {1, 6, 7})
    assert (guides, events) == ([2, 3, 4], list(range(8, 16)))


def test_nothing_is_left_when_all_is_cited():
    assert related_numbers([near(1, 2, 3)], {1}, {1, 2, 3}) == ([], [])


def test_the_question_weighs_as_much_as_all_cited_entries_together():
    question = {1: 1.0, 2: 0.0, 3: 0.4}
    cited = [{1: 0.0, 2: 0.9, 3: 0.4}, {1: 0.0, 2: 0.9, 3: 0.4}]
    assert related_numbers([question, *cited], set(), set()) == ([], [1, 2, 3])


def test_an_entry_near_all_that_is_cited_comes_before_one_near_to_some():
    question = {1: 0.5, 2: 0.5}
    cited = [{1: 1.0, 2: 0.7}, {1: 0.0, 2: 0.7}]
    assert related_numbers([question, *cited], set(), set()) == ([], [2, 1])


def test_equally_near_entries_keep_the_same_order_each_time():
    assert related_numbers([dict.fromkeys([3, 1, 2], 0.5)], set(), set()) == ([], [1, 2, 3])


@pytest.mark.parametrize("closeness", [-1.0, 0.0, 1.0])
def test_an_entry_that_is_excluded_is_never_shown(closeness):
    assert related_numbers([{7: closeness}], {7}, {7}) == ([], [])


@quick
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.tuples(*[st.floats(-1, 1)] * n), max_size=30).map(
            lambda rows: [{number: row[i] for number, row in enumerate(rows)} for i in range(n)]
        )
    ),
    st.sets(st.integers(0, 30)),
    st.sets(st.integers(0, 30)),
)
def test_whatever_is_near_the_limits_hold_and_nothing_is_shown_twice(closeness, guides, excluded):
    shown_guides, shown_events = related_numbers(closeness, guides, excluded)
    assert len(shown_guides) <= GUIDES
    assert len(shown_events) <= EVENTS
    assert set(shown_guides) <= guides
    assert not set(shown_events) & guides
    shown = [*shown_guides, *shown_events]
    assert not set(shown) & excluded
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(closeness[0])
