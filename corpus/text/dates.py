"""The months by name, and how a day is written for readers."""

from datetime import date

MONTHS = tuple("January February March April May June July August September October November December".split())


def written_day(day: date) -> str:
    """Return a day as 1 June 2026, in English whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
