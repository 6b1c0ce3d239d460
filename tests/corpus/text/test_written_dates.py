"""What people and programs write of dates: the publisher's own day, and the instant; a guess is none."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text.calendar_names import LANGUAGES
from corpus.text.written_dates import parse_moment


@settings(deadline=None)  # the names of all languages are loaded once
@given(
    st.text(max_size=90) | st.from_regex(r"\A[0-9A-Za-z:,+ 年月日/.-]{0,40}\Z"),
    st.none() | st.sampled_from(["de", "pl-PL", "en_US", "../x", "zz"]) | st.text(max_size=20),
)
def test_no_date_is_too_odd(written, language):
    found = parse_moment(written, language)
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


READ = {
    "2025年3月5日": "2025-03-05",
    "2025年03月05日(水) 10時30分": "2025-03-05T10:30:00Z",
    "2025年3月5日 下午3:09": "2025-03-05T15:09:00Z",
    "令和7年3月5日": "2025-03-05",
    "二〇二五年十二月二十五日": "2025-12-25",
    "２０２５／０３／０５": "2025-03-05",
    "2025년 3월 5일": "2025-03-05",
    "2025. 3. 5. 오후 3:09": "2025-03-05T15:09:00Z",
    "2025. március 5.": "2025-03-05",
    "2025 m. kovo 5 d.": "2025-03-05",
    "2025. gada 5. marts": "2025-03-05",
    "2025-Mar-05 10:00": "2025-03-05T10:00:00Z",
    "2025-03-05+01:00": "2025-03-05",
    "2025-11-08T16:20:00-05:00Z": "2025-11-08T21:20:00Z",
    "Friday, December 19, 2025 - 3:09pm": "2025-12-19T15:09:00Z",
    "Mercredi, 5 Mars, 2025 - 15:09": "2025-03-05T15:09:00Z",
    "26 Sep 2025 GMT": "2025-09-26",
    "lundi 1er décembre 2025 à 10h30": "2025-12-01T10:30:00Z",
    "5. marraskuuta 2025 klo 10.30": "2025-11-05T10:30:00Z",
    "5 марта 2025 г. в 14:05": "2025-03-05T14:05:00Z",
    "Вс, 12 фев 2025 00:00:00 +0700": "2025-02-11T17:00:00Z",
    "mar. 4 mars 2025": "2025-03-04",
    "5 Mrz 2025": "2025-03-05",
    "5 मार्च 2025": "2025-03-05",
    "Ngày 5 tháng 3 năm 2025": "2025-03-05",
    "5 มีนาคม 2568": "2025-03-05",
    "٥ مارس ٢٠٢٥": "2025-03-05",
    "10:00, 5 May 2026": "2026-05-05T10:00:00Z",
    "Dec 19, 2025 3pm": "2025-12-19T15:00:00Z",
    "ke, 05 maaliskuuta 2025 10.30": "2025-03-05T10:30:00Z",
    "2025-03-05T10": "2025-03-05",
    "Wed Mar 05 2025 10:00:00 GMT+0100 (Central European Standard Time)": "2025-03-05T09:00:00Z",
    "平成31年4月30日": "2019-04-30",
    "pt, 5 wrz 2025 10:00:00 +0200": "2025-09-05T08:00:00Z",
}


@pytest.mark.parametrize(("written", "moment"), READ.items())
def test_a_date_is_read_in_the_order_and_the_words_of_its_language(written, moment):
    assert str(parse_moment(written)) == moment


GUESSES = """06/07/2026|06.07.26|2026-05|May 2026|May 4 26|5 March 2025 – 7 March 2025|2025年13月5日|14 Ramadan 1446
14 اسفند 1403|5 Foobar 2025|3/4/5|2025年3月|31 février 2025|Tuesday 05/03/2025|version 2025.3.5.1""".replace("\n", "|")


@pytest.mark.parametrize("written", GUESSES.split("|"))
def test_a_guess_is_no_date(written):
    assert parse_moment(written) is None


@pytest.mark.parametrize(
    ("written", "language", "day"),
    [
        ("Wed, 05/03/2025", None, "2025-03-05"),  # a Wednesday in March, a Saturday in May
        ("Saturday 05/03/2025", "fr", "2025-05-03"),  # the weekday counts for more than the language
        ("12/25/2025", "fr", "2025-12-25"),
        ("05/03/2025", "fr", "2025-03-05"),
        ("05.03.2025", "de-AT", "2025-03-05"),
        ("Thứ Tư, 05/03/2025 - 10:00", "vi", "2025-03-05"),
        ("Thứ Ba, 03/06/2025", None, None),
        ("05/03/2025", "en-US", None),
        ("05/03/2025", "en-GB", None),
        ("05/03/2025", "fr-CA", None),
        ("05.03.2025", None, None),
        ("4 listopada 2025", "pl", "2025-11-04"),
        ("4 listopada 2025", "hr-HR", "2025-10-04"),
        ("4 listopada 2025", None, None),
        ("wtorek, 4 listopada 2025", None, "2025-11-04"),
    ],
)
def test_which_number_is_the_day_and_whose_month_it_is_has_to_be_proven(written, language, day):
    found = parse_moment(written, language)
    assert (str(found.day) if found else None) == day


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_language_writes_of_a_day_is_read_as_that_day_or_not_at_all(language):
    days = [date(2025, month, day) for month in range(1, 13) for day in (4, 25)]
    for form in ("long", "full"):
        read = [parse_moment(format_date(day, form, locale=language), language) for day in days]
        wrong = [(day, found) for day, found in zip(days, read, strict=True) if found and found.day != day]
        assert wrong == []
        assert language in UNREAD or None not in read


UNREAD = {"cy", "eu", "ga"}  # a month of two words, a weekday that is a month too, endings on numbers
