"""What else to read: a few guides and events, nearest first, and never what is cited already."""

import numpy as np
import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.related import EVENTS, GUIDES, direction, related_numbers


def related(closeness, guides, excluded, among=None):
    """related_numbers, with the closeness as number → cosine."""
    numbers = np.array(list(closeness), dtype=np.int64)
    return related_numbers(numbers, np.array(list(closeness.values()), dtype=np.float32), guides, excluded, among)


def near(*numbers):
    """A closeness in which the numbers come in this order."""
    return {number: 1 - place / 200 for place, number in enumerate(numbers)}


def test_a_corpus_without_entries_has_nothing_related():
    assert related({}, set(), set()) == ([], [])


def test_only_what_passes_the_filters_is_related():
    assert related(near(1, 2, 3, 4), {1, 2}, set(), among=[2, 4]) == ([2], [4])


def test_guides_and_events_are_apart_and_nearest_first():
    assert related(near(5, 3, 4, 1, 2), {1, 2, 3}, set()) == ([3, 1, 2], [5, 4])


def test_no_more_than_three_guides_and_eight_events():
    guides, events = related(near(*range(100)), set(range(50)), set())
    assert (guides, events) == ([0, 1, 2], list(range(50, 58)))


def test_what_is_cited_is_not_related_however_near_and_the_next_take_its_place():
    guides, events = related(near(*range(1, 21)), {1, 2, 3, 4, 5}, {1, 6, 7})
    assert (guides, events) == ([2, 3, 4], list(range(8, 16)))


def test_nothing_is_left_when_all_is_cited():
    assert related(near(1, 2, 3), {1}, {1, 2, 3}) == ([], [])


def test_the_question_weighs_as_much_as_all_cited_entries_together():
    question, one, two = np.eye(3, dtype=np.float32)
    wanted = direction(question, [one, two])
    assert wanted.tolist() == [0.5, 0.25, 0.25]
    assert direction(question, []).tolist() == question.tolist()
    assert direction(None, [one, two]).tolist() == [0, 0.5, 0.5]


def test_equally_near_entries_keep_the_same_order_each_time():
    assert related(dict.fromkeys([3, 1, 2], 0.5), set(), set()) == ([], [1, 2, 3])


@pytest.mark.parametrize("closeness", [-1.0, 0.0, 1.0])
def test_an_entry_that_is_excluded_is_never_shown(closeness):
    assert related({7: closeness}, {7}, {7}) == ([], [])


@quick
@given(
    st.dictionaries(st.integers(0, 30), st.floats(-1, 1), max_size=30),
    st.sets(st.integers(0, 30)),
    st.sets(st.integers(0, 30)),
    st.none() | st.sets(st.integers(0, 30)),
)
def test_whatever_is_near_the_limits_hold_and_nothing_is_shown_twice(closeness, guides, excluded, among):
    shown_guides, shown_events = related(closeness, guides, excluded, among)
    assert len(shown_guides) <= GUIDES
    assert len(shown_events) <= EVENTS
    assert set(shown_guides) <= guides
    assert not set(shown_events) & guides
    shown = [*shown_guides, *shown_events]
    assert not set(shown) & excluded
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(closeness if among is None else among)
