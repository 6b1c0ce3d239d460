"""What a person chooses as filters is parsed, and what cannot be taken is refused with what to write instead."""

from datetime import date, datetime, timedelta

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FilterRefused
from corpus.filters import parse_filters, resolve_source
from corpus.models.search import Filters
from corpus.models.sources import Source

SOURCES = {
    "interconnects": Source("interconnects", "Interconnects", 2),
    "huggingface": Source("huggingface", "Hugging Face Blog", 2),
    "footnote": Source("footnote", "Footnote guides", 3),
    "face-value": Source("face-value", "Face Value", 2),
}
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def test_no_filters_filter_nothing():
    assert parse_filters() == Filters()


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-04-20", date(2026, 4, 20), date(2026, 4, 20)),
        ("2026-04", date(2026, 4, 1), date(2026, 4, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        (" 2026-04 ", date(2026, 4, 1), date(2026, 4, 30)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_since_is_the_first_day_of_what_was_written_and_until_the_last(written, first, last):
    assert parse_filters(since=written) == Filters(since=first)
    assert parse_filters(until=written) == Filters(until=last)
    assert parse_filters(since=written, until=written) == Filters(since=first, until=last)


def test_a_time_may_be_written_as_in_a_question():
    """From the day that it is here; which days each phrase means is the table of `parse_period`."""
    assert parse_filters(since="april 2025", until=" Last  Month ") == Filters(
        since=date(2025, 4, 1), until=datetime.now().astimezone().date().replace(day=1) - timedelta(1)
    )


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "soon",
        "next month",
        "april 31",
        "2026-13",
        "2026-02-30",
        "2025-02-29",
        "2026-4",
        "2026-4-1",
        "26",
        "20260420",
        "2026/04/20",
        "20.04.2026",
        "2026-04-20T00:00",
        "2026-04-20 ; DROP TABLE",
        "-2026",
        "0000",
        "12026",
        "x" * 10_000,
        "\u202e2026",
        "2026-04-20\0",
    ],
    ids=range(22),
)
def test_what_is_no_date_is_refused_by_its_filter_with_how_to_write_one(name, written):
    wanted = f"The filter {name} is no date.*Write it as 2026-06-01, 2026-06 or 2026, or as .* april or last month"
    with pytest.raises(FilterRefused, match=wanted) as e:
        parse_filters(**{name: written})
    assert len(str(e.value)) < 200
    assert str(e.value).isprintable()


@pytest.mark.parametrize(
    ("since", "until"), [("2026-05", "2026-04"), ("2026-04-21", "2026-04-20"), ("2027", "2026-12-31")]
)
def test_a_span_that_ends_before_it_begins_is_refused(since, until):
    with pytest.raises(FilterRefused, match=f"since {since} and until {until}; exchange the two"):
        parse_filters(since=since, until=until)


def test_a_month_may_begin_within_the_last_day():
    assert parse_filters(since="2026-04-30", until="2026-04") == Filters(
        since=date(2026, 4, 30), until=date(2026, 4, 30)
    )


@pytest.mark.parametrize(
    ("written", "kind"), [("event", "event"), ("guide", "guide"), ("Guide", "guide"), ("EVENT", "event")]
)
def test_a_kind_is_event_or_guide_in_any_case(written, kind):
    assert parse_filters(kind=written) == Filters(kind=kind)


@pytest.mark.parametrize("written", ["", "essay", "guides", "event guide"])
def test_another_kind_is_refused_with_the_two_that_exist(written):
    with pytest.raises(FilterRefused, match="it is event or guide"):
        parse_filters(kind=written)


@pytest.mark.parametrize("name", ["source", "person"])
def test_a_name_is_taken_without_the_blanks_around_and_within_it(name):
    assert parse_filters(**{name: "  Dean \n W.  Ball "}) == Filters(**{name: "Dean W. Ball"})


@pytest.mark.parametrize("name", ["source", "person"])
@pytest.mark.parametrize("written", ["", "  ", "x" * 201])
def test_a_name_that_is_none_is_refused_by_its_filter(name, written):
    with pytest.raises(FilterRefused, match=f"The filter {name} is empty or too long; give a name, or leave it out"):
        parse_filters(**{name: written})


@quick
@given(*[st.none() | ANY_TEXT | st.dates().map(str)] * 2, *[st.none() | ANY_TEXT] * 3)
def test_any_filters_are_taken_or_refused(since, until, source, person, kind):
    try:
        filters = parse_filters(since, until, source, person, kind)
    except FilterRefused:
        return
    assert filters.since is None or filters.until is None or filters.since <= filters.until
    assert filters.kind in {None, "event", "guide"}
    assert filters.source is None or filters.source.strip()


# The source


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("interconnects", "interconnects"),
        ("Interconnects", "interconnects"),
        ("INTER", "interconnects"),
        ("Hugging Face Blog", "huggingface"),
        ("hugging", "huggingface"),
        ("guides", "footnote"),
        ("face value", "face-value"),
        ("undescribed", "undescribed"),
    ],
)
def test_a_source_is_known_by_its_slug_its_name_or_a_part_of_one(written, slug):
    found = resolve_source(Filters(source=written, person="Ball", kind="guide"), SOURCES, ["undescribed"])
    assert found == Filters(source=slug, person="Ball", kind="guide")


def test_a_whole_name_is_chosen_before_those_that_contain_it():
    sources = {"one": Source("one", "Face", 1), "two": Source("two", "Face Value", 1)}
    assert resolve_source(Filters(source="face"), sources, []).source == "one"


def test_a_part_that_fits_several_sources_is_refused_with_those():
    with pytest.raises(FilterRefused, match="“face” fits several sources; the choice is: face-value, huggingface"):
        resolve_source(Filters(source="face"), SOURCES, [])


def test_an_unknown_source_is_refused_with_all_there_are():
    with pytest.raises(FilterRefused, match="is no source of this corpus") as caught:
        resolve_source(Filters(source="nytimes"), SOURCES, ["undescribed"])
    assert "face-value, footnote, huggingface, interconnects, undescribed" in str(caught.value)


def test_a_corpus_without_sources_says_so():
    with pytest.raises(FilterRefused, match="none yet"):
        resolve_source(Filters(source="interconnects"), {}, [])


def test_filters_without_a_source_stay_as_they_are():
    filters = Filters(since=date(2026, 1, 1), person="Ball")
    assert resolve_source(filters, SOURCES, []) == filters


@pytest.mark.parametrize("written", ["x" * 200, "\x1b[2J\u202enytimes"])
def test_a_refused_source_is_shown_short_and_printable(written):
    with pytest.raises(FilterRefused) as caught:
        resolve_source(Filters(source=written), SOURCES, [])
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("day", ["2026-00-15", "2026-00", "2026-04-00", "0000"])
def test_a_zero_is_no_month_and_no_day(day):
    for name in ("since", "until"):
        with pytest.raises(FilterRefused, match="is no date"):
            parse_filters(**{name: day})


def test_an_exact_slug_wins_over_a_name():
    sources = {"a": Source("a", "B", 2), "b": Source("b", "Other", 2)}
    assert resolve_source(Filters(source="b"), sources, []).source == "b"
