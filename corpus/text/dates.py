"""How a day is written for readers."""

from datetime import date


def written_day(day: date) -> str:
    """Return a day as 1 June 2026, in English whatever the locale."""
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"
