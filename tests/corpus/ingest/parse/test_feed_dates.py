"""What feeds write of dates: the publisher's own day, and the instant."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest.parse.feed_dates import parse_moment


@given(st.text(max_size=90) | st.from_regex(r"\A[0-9A-Za-z:,+ -]{0,40}\Z"), st.text(max_size=20))
def test_no_date_is_too_odd(written, parsed):
    found = parse_moment(written, parsed)
    assert found is None or 1971 <= found.day.year < 9000
    assert found is None or str(found).startswith(str((found.instant or found.day).year))


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001  the zone comes beside it
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from([0, 1, 2]),
)
def test_a_day_is_that_of_the_publishers_zone_and_an_instant_is_the_same_everywhere(naive, minutes, form):
    there = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    written = (format_datetime(there), there.isoformat(), there.strftime("%B %d, %Y %H:%M:%S %z"))[form]
    found = parse_moment(written)
    assert (found.day, found.instant) == (there.date(), there.astimezone(UTC))


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("Mon, 04 May 2026 23:30:00 PDT", "2026-05-05T06:30:00Z"),
        ("May 4, 2026, 12:05 AM", "2026-05-04T00:05:00Z"),
        ("2026-05-04T24:00:00Z", "2026-05-05T00:00:00Z"),
        ("2026-05-04T23:59:60Z", "2026-05-04T23:59:59Z"),
        ("2026-05-04T10:00:00+99:99", "2026-05-04T10:00:00Z"),
        ("1777899731000", "2026-05-04T13:02:11Z"),
        ("2026-05-04T25:00:00Z", "2026-05-04"),
    ],
)
def test_an_instant_is_told_in_greenwich(written, instant):
    assert str(parse_moment(written)) == instant
