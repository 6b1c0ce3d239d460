"""What else to read: a few guides and events, near and unlike each other, and never what is cited already."""

import numpy as np
import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.related import (
    ALIKE,
    EVENTS,
    FLOOR,
    GUIDES,
    POOL,
    WORDS,
    combine_targets,
    diversify,
    find_candidates,
    raise_by_passages,
    score_shared_terms,
)


def looked_at(closeness, guides, excluded, among=None):
    """The numbers of the candidates, with the closeness as number → cosine."""
    numbers = np.array(list(closeness), dtype=np.int64)
    values = np.array(list(closeness.values()), dtype=np.float32)
    return [numbers[places].tolist() for places in find_candidates(numbers, values, guides, excluded, among)]


def near(*numbers):
    """A closeness in which the numbers come in this order."""
    return {number: 1 - place / 200 for place, number in enumerate(numbers)}


def at(*degrees):
    """Directions in a plane: entries whose cosines can be seen."""
    angles = np.radians(np.array(degrees, dtype=np.float32))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def shown(degrees, limit=EVENTS):
    """The degrees of the entries that are shown, where what is asked for lies at 0°."""
    vectors = at(*degrees)
    chosen = diversify(limit, vectors[:, 0].copy(), np.zeros(len(degrees), np.float32), vectors, degrees)
    return [degrees[place] for place in chosen]


# Which are looked at


def test_a_corpus_without_entries_has_nothing_related():
    assert looked_at({}, set(), set()) == [[], []]
    assert diversify(8, *[np.zeros(0, np.float32)] * 2, np.zeros((0, 2), np.float32), []) == []
    none, nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
    assert raise_by_passages(none, nothing, nothing, none, nothing).tolist() == []


def test_only_what_passes_the_filters_is_related():
    assert looked_at(near(1, 2, 3, 4), {1, 2}, set(), among=[2, 4]) == [[2], [4]]


def test_guides_and_events_are_apart_and_nearest_first():
    assert looked_at(near(5, 3, 4, 1, 2), {1, 2, 3}, set()) == [[3, 1, 2], [5, 4]]


def test_only_the_nearest_are_looked_at_some_more_than_are_shown():
    guides, events = looked_at(near(*range(100)), set(range(50)), set())
    assert guides == list(range(POOL * GUIDES))
    assert events == list(range(50, 50 + POOL * EVENTS))


def test_what_is_cited_is_not_related_however_near_and_the_next_take_its_place():
    guides, events = looked_at(near(*range(1, 9)), {1, 2, 3, 4, 5}, {1, 6, 7})
    assert (guides, events) == ([2, 3, 4, 5], [8])
    assert looked_at(near(1, 2, 3), {1}, {1, 2, 3}) == [[], []]


def test_equally_near_entries_keep_the_same_order_each_time():
    assert looked_at(dict.fromkeys([3, 1, 2], 0.5), set(), set()) == [[], [1, 2, 3]]
    assert looked_at(dict.fromkeys(range(40, 0, -1), 0.5), set(), set())[1] == list(range(1, POOL * EVENTS + 1))


# How near they are


def test_the_question_weighs_as_much_as_all_cited_entries_together():
    question, one, two = np.eye(3, dtype=np.float32)
    wanted = combine_targets(question, [one, two])
    assert wanted.tolist() == [0.5, 0.25, 0.25]
    assert combine_targets(question, []).tolist() == question.tolist()
    assert combine_targets(None, [one, two]).tolist() == [0, 0.5, 0.5]


def test_a_long_piece_that_answers_in_one_passage_is_nearer_than_one_that_is_about_it_throughout():
    closeness = np.array([0.5, 0.45], dtype=np.float32)
    entries = np.array([0.5, 0.4], dtype=np.float32)
    numbers, owners = np.array([8, 3]), np.array([3, 3, 3, 8, 5])
    passages = np.array([0.1, 0.9, 0.0, 0.5, 1.0], dtype=np.float32)
    assert raise_by_passages(numbers, closeness, entries, owners, passages) == pytest.approx([0.5, 0.7])


def test_an_entry_of_which_no_passage_was_looked_at_is_as_near_as_its_vector():
    closeness, own = np.array([0.5, 0.45], dtype=np.float32), np.array([0.5, 0.4], dtype=np.float32)
    farther = raise_by_passages(np.array([8, 3]), closeness, own, np.array([8]), np.array([0.1], dtype=np.float32))
    assert farther == pytest.approx(closeness)


def test_shared_words_bring_an_entry_nearer_by_its_best_passage():
    numbers, found = np.array([7, 3, 9, 5]), np.array([3, 9, 3, 7, 3])
    added = score_shared_terms(numbers, {7}, found, np.array([2, 3, 6, 50, 4], dtype=np.float32))
    assert added == pytest.approx([0, WORDS, WORDS / 2, 0])  # what is excluded is no measure of the others
    assert score_shared_terms(numbers, {7}, found[:0], np.zeros(0, np.float32)).tolist() == [0, 0, 0, 0]
    assert score_shared_terms(found[:0], set(), found[:0], np.zeros(0, np.float32)).tolist() == []


# Which are shown


def test_shared_words_bring_nothing_up_that_is_not_near():
    closeness, shared = np.array([0.5, 0.4, 0.1], dtype=np.float32), np.array([0, 0.15, 0.2], dtype=np.float32)
    assert diversify(3, closeness, shared, np.eye(3, dtype=np.float32), "abc") == [1, 0]


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        ([10, 40, 60], [10, 40, 60]),  # nearest first
        ([10, 12, 14, 50, -55], [10, 50, -55, 14, 12]),  # three copies of one piece: the others go before two of them
        ([10, -20, 30], [10, -20, 30]),  # on one matter, and alike: it is for this that they are near
        ([10, 75, 85, 120], [10, 75]),  # what has nothing to do with it is not shown
        ([85, 95, 180], []),
    ],
    ids=["near", "copies", "alike", "floor", "nothing"],
)
def test_what_is_near_is_shown_and_what_says_the_same_comes_last(degrees, expected):
    assert shown(degrees) == expected


def test_copies_do_not_fill_the_list():
    degrees = [10, 10.1, 10.2, 10.3, 10.4, 50, -50]
    assert shown(degrees, limit=3) == [10, 50, -50]


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        ("Ann Ann Ann Ann Ann", [0, 1, 2, 3]),  # nobody else speaks
        ("Ann Ann Ann Bea Cyd", [0, 1, 3, 2]),  # Bea is nearly as near; Cyd is not
        ("Ann Bea Ann Cyd Cyd", [0, 1, 2, 3]),  # half of a list may be of one voice
    ],
)
def test_beyond_half_of_the_list_others_that_are_near_go_before_the_same_voice(voices, expected):
    closeness = np.array([0.8, 0.6, 0.55, 0.52, 0.4], dtype=np.float32)
    assert diversify(4, closeness, 0 * closeness, np.eye(5, dtype=np.float32), voices.split()) == expected


@quick
@given(st.lists(st.floats(-180, 180, width=32), max_size=25), st.integers(0, 9), st.integers(1, 3))
def test_whatever_is_near_the_limits_hold_and_nothing_is_shown_twice(degrees, limit, voices):
    vectors = at(*degrees).reshape(-1, 2)
    closeness = vectors[:, 0].copy()
    chosen = diversify(limit, closeness, 0 * closeness, vectors, [place % voices for place in range(len(degrees))])
    assert len(chosen) == len(set(chosen)) == min(limit, int((closeness >= FLOOR).sum()))
    assert all(closeness[place] >= FLOOR for place in chosen)
    if chosen:
        assert closeness[chosen[0]] == closeness.max()


@quick
@given(st.lists(st.floats(-180, 180, width=32), max_size=25))
def test_no_copy_is_shown_while_something_else_is_left(degrees):
    """Something else that is as near: nearness may weigh up a likeness, but not that of a copy."""
    vectors = at(*degrees).reshape(-1, 2)
    same = np.full(len(degrees), 0.5, dtype=np.float32)
    chosen = diversify(EVENTS, same, 0 * same, vectors, list(range(len(degrees))))
    for turn in range(1, len(chosen)):
        alike = (vectors @ vectors[chosen[:turn]].T).max(axis=1)
        left = [place for place in range(len(degrees)) if place not in chosen[:turn]]
        if alike[left].min() < ALIKE:
            assert alike[chosen[turn]] <= ALIKE + 1e-6
