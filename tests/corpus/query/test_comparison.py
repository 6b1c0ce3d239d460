"""The two sides of a comparison, and questions that have no two."""

from datetime import date

import pytest

from corpus.query.comparison import find_sides
from corpus.query.entities import index_names

TODAY = date(2026, 12, 1)
NAMES = index_names(("Ann Archer", "Bea Q. Binder"), (("herald", "Harbour Herald"),))


def sides(question):
    found = find_sides(question, TODAY, NAMES)
    return found and [(side.name, side.topic) for side in found]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Archer vs Binder on ferries", [("Ann Archer", "ferries"), ("Bea Q. Binder", "ferries")]),
        ("do Archer and Binder agree on tunnels?", [("Ann Archer", "tunnels"), ("Bea Q. Binder", "tunnels")]),
        ("Archer on ferries vs. Binder on tunnels", [("Ann Archer", "ferries"), ("Bea Q. Binder", "tunnels")]),
        (
            "how does the Harbour Herald's view of tolls differ from Archer's",
            [("herald", "tolls"), ("Ann Archer", "tolls")],
        ),
        ("compare Archer's February and March view of the gap", [("February", "gap"), ("March", "gap")]),
        (
            "has Archer changed her mind about ferries between 2025 and 2026?",
            [("2025", "ferries"), ("2026", "ferries")],
        ),
        ("did the tolls change between January and June 2025", [("January 2025", "tolls"), ("June 2025", "tolls")]),
        (
            "has Archer changed her mind about tolls since June?",
            [("the time before June", "tolls"), ("the time since June", "tolls")],
        ),
        ("ferries vs tunnels, whats the difference", [("ferries", "ferries"), ("tunnels", "tunnels")]),
        (
            "what's the difference between open and closed decks?",
            [("open decks", "open decks"), ("closed decks", "closed decks")],
        ),
        ("how do ferries compare to tunnels on cost", [("ferries", "ferries cost"), ("tunnels", "tunnels cost")]),
        ("compare the red quay with the blue quay", [("red quay", "red quay"), ("blue quay", "blue quay")]),
    ],
)
def test_both_sides_are_found(question, expected):
    assert sides(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Archer vs Binder",
        "islands vs mainland, what happened in court?",
        "has the view of tolls changed?",
        "compare",
        "a versus b " * 50,
    ],
)
def test_what_names_no_two_sides_has_none(question):
    assert sides(question) is None


def test_times_are_of_the_year_that_is_named_and_by_whom_is_kept():
    first, second = find_sides("compare Archer's January and June 2025 essays on tolls", TODAY, NAMES)
    assert (first.filters.since, first.filters.until) == (date(2025, 1, 1), date(2025, 1, 31))
    assert (second.filters.since, second.filters.until) == (date(2025, 6, 1), date(2025, 6, 30))
    assert first.filters.speakers == second.filters.speakers == ("Ann Archer",)
