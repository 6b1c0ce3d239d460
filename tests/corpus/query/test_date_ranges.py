"""Which days a phrase means that stands by itself. What it means within a question is a table of test_intent.py."""

from datetime import date

import pytest

from corpus.query.date_ranges import Period, parse_period

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("april", date(2026, 4, 1), date(2026, 4, 30)),
        ("April 2025", date(2025, 4, 1), date(2025, 4, 30)),
        ("march, 2026", date(2026, 3, 1), date(2026, 3, 31)),
        ("june", date(2026, 6, 1), date(2026, 6, 30)),
        ("Sept.", date(2025, 9, 1), date(2025, 9, 30)),
        ("last month", date(2026, 5, 1), date(2026, 5, 31)),
        ("this year", date(2026, 1, 1), date(2026, 12, 31)),
        ("1 March", date(2026, 3, 1), date(2026, 3, 1)),
        ("July 4th, 2025", date(2025, 7, 4), date(2025, 7, 4)),
        ("yesterday", date(2026, 6, 14), date(2026, 6, 14)),
        ("two weeks ago", date(2026, 6, 1), date(2026, 6, 1)),
        ("the last 30 days", date(2026, 5, 16), date(2026, 6, 15)),
        ("summer 2025", date(2025, 6, 1), date(2025, 8, 31)),
        ("２０２５", date(2025, 1, 1), date(2025, 12, 31)),
        ("2027", date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_month_without_a_year_is_the_last_one_that_has_begun(written, first, last):
    assert parse_period(written, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    "written", ["", "soon", "next month", "31 april", "2026-13", "since april", "april to june", "last", "a", '"april"']
)
def test_what_is_no_time_is_none(written):
    assert parse_period(written, TODAY) is None
