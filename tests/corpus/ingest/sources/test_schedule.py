"""Which sources are read, what is remembered of a reading, and how it is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from corpus.errors import SourceUnknown
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.web_page import WebPage
from corpus.ingest.sources.base import Listed, SourceMemory
from corpus.ingest.sources.describe import describe_failing, describe_reading, failing_for_days
from corpus.ingest.sources.learning import learn, state_after
from corpus.ingest.sources.reading import LookedAt, Reading, without_outage
from corpus.ingest.sources.schedule import Pace, find_source, next_due, to_read
from corpus.ingest.sources.selection import Look
from corpus.models.fetched import Validators
from corpus.models.items import Item
from corpus.models.sources import SeenItem, Source, SourceState
from corpus.models.updates import Counts

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PACE = Pace(NOW, hours=6)
LEDGER = Source("ledger", "The Open Ledger", 2, "https://ledger.example", "https://ledger.example/feed", "rss")
OTHER = Source("other", "Other", 2, feed="https://other.example/feed", every_hours=24)
GUIDES = Source("guides", "Guides", 3)
SOURCES = {s.slug: s for s in (LEDGER, OTHER, GUIDES)}
ITEM = Item("https://ledger.example/p/a", "a", "A", (), "", "", "", "", "full", None, None, "new words")
NOTHING_KNOWN = {"ledger": SourceMemory(SourceState("ledger"), {})}
YESTERDAY = NOW - timedelta(days=1)
WELL = SourceState("ledger", etag='"1"', read_hash="h", tried=YESTERDAY, succeeded=YESTERDAY)


def read(*taken, looks=(("look", ITEM),), **listed):
    given = {"validators": Validators('"2"', None), "read_hash": "h2"} | listed
    verdicts = tuple(Look(item, verdict, "") for verdict, item in looks)
    return Reading(Listed(LEDGER, "read", looks=verdicts, **given), taken)


# Which are read


def slugs(sources):
    return [source.slug for source in sources]


def test_those_that_are_followed_are_read_and_those_that_are_named():
    assert slugs(to_read(SOURCES, {}, None, None)) == ["ledger", "other"], "guides have nothing to read"
    for standing, read_alone in [("paused", ["ledger"]), ("closed", ["ledger"]), ("removed", [])]:
        states = {"ledger": SourceState("ledger", standing)}
        assert slugs(to_read(SOURCES, states, None, None)) == ["other"]
        assert slugs(to_read(SOURCES, states, "ledger", None)) == read_alone


def test_of_those_that_are_due_their_time_has_come():
    states = {
        "ledger": replace(WELL, due=NOW - timedelta(minutes=1)),
        "other": SourceState("other", tried=NOW, due=NOW + timedelta(hours=1)),
    }
    assert slugs(to_read(SOURCES, states, None, PACE)) == ["ledger"]
    assert next_due(SOURCES.values(), states, PACE) == NOW - timedelta(minutes=1)
    assert next_due(SOURCES.values(), {}, PACE) == NOW, "one that was never read is due"
    assert next_due([LEDGER], {}, Pace(NOW, hours=0)) is None, "none is read by itself"
    assert next_due([OTHER], {}, Pace(NOW, hours=0)) == NOW, "unless it has hours of its own"
    assert next_due([LEDGER], {"ledger": SourceState("ledger", "paused")}, PACE) is None


def test_of_two_sources_with_one_address_one_is_read_and_waited_for():
    twins = {"ledger": LEDGER, "twin": replace(LEDGER, slug="twin")}
    (read_one,) = to_read(twins, {}, None, PACE)
    states = {read_one.slug: SourceState(read_one.slug, tried=NOW, due=NOW + timedelta(hours=6))}
    assert next_due(twins.values(), states, PACE) == NOW + timedelta(hours=6)


def test_a_notice_of_maintenance_on_pages_that_are_asked_again_is_none_of_them():
    def page(number, text):
        address = f"https://ledger.example/p/{number}"
        found = WebPage(address, address, "Sorry", (), "2026-11-20", "", "", text, "full")
        return LookedAt(replace(ITEM, key=str(number)), found, from_page=True, again=True)

    unchanged = Listed(LEDGER, "unchanged")
    down = without_outage(Reading(unchanged, tuple(page(n, "We are at work.") for n in range(4))))
    assert (down.listed.outcome, down.taken) == ("failed", ())
    assert "the same text for 4 of 4" in down.listed.failure
    well = Reading(unchanged, tuple(page(n, f"Text {n}") for n in range(4)))
    assert without_outage(well) == well


def test_a_source_is_found_by_its_slug_or_name_and_otherwise_those_that_are_there_are_named():
    assert find_source(" LEDGER", SOURCES) is LEDGER
    assert find_source("the open ledger", SOURCES) is LEDGER
    with pytest.raises(SourceUnknown, match=r"'ledgre'.*ledger, other"):
        find_source("ledgre", SOURCES)


# What is remembered


def test_after_a_good_reading_the_next_one_is_conditional():
    state = state_after(read(LookedAt(ITEM, None)), replace(WELL, failing_since=NOW, told=True, failure="x"), PACE)
    assert (state.etag, state.read_hash, state.succeeded, state.due) == ('"2"', "h2", NOW, NOW + timedelta(hours=6))
    assert (state.failing_since, state.told) == (None, False)


@pytest.mark.parametrize(
    "reading",
    [
        read(LookedAt(ITEM, NotAnEntry("answers too slowly"), failed=True, passing=True)),
        read(looks=[("left", ITEM)]),
    ],
    ids=["a page that failed for now", "more than one refresh looks at"],
)
def test_what_is_still_open_is_not_hidden_behind_a_304(reading):
    state = state_after(reading, WELL, PACE)
    assert (state.etag, state.last_modified, state.read_hash) == (None, None, None)
    assert state.succeeded == NOW
    assert not learn([reading], NOTHING_KNOWN, PACE).items, "and the piece counts as unseen"


def test_a_failure_keeps_what_was_known_and_counts_from_the_first_of_them():
    failed = Reading(Listed(LEDGER, "failed", "https://ledger.example/feed is empty"))
    first = state_after(failed, WELL, PACE)
    assert (first.etag, first.succeeded, first.failing_since) == (WELL.etag, WELL.succeeded, NOW)
    later = state_after(failed, first, replace(PACE, now=NOW + timedelta(days=2)))
    assert (later.failing_since, later.failed) == (NOW, NOW + timedelta(days=2))


def test_a_source_that_has_ended_is_closed_and_one_that_is_named_and_answers_is_followed_again():
    closed = state_after(Reading(Listed(LEDGER, "closed", "is gone")), WELL, PACE)
    assert closed.standing == "closed"
    assert state_after(read(), closed, PACE).standing == "followed"
    assert state_after(read(), replace(WELL, standing="paused"), PACE).standing == "paused"


def test_items_are_remembered_with_what_their_pages_server_said():
    passed = replace(ITEM, key="old")
    reading = read(
        LookedAt(ITEM, None, validators=Validators('"p"', "then"), from_page=True),
        looks=[("look", ITEM), ("passed over", passed)],
    )
    found = learn([reading], NOTHING_KNOWN, PACE).items["ledger"]
    assert found == [
        SeenItem("old", "new words", passed=True),
        SeenItem("a", "new words", etag='"p"', last_modified="then", read=NOW),
    ]


def test_a_page_that_was_only_asked_again_keeps_what_the_list_said_of_it():
    again = replace(ITEM, fingerprint="")
    reading = read(LookedAt(again, None, from_page=True), looks=[])
    memory = SourceMemory(SourceState("ledger"), {"a": SeenItem("a", "the words")})
    (found,) = learn([reading], {"ledger": memory}, PACE).items["ledger"]
    assert found.fingerprint == "the words"


def test_the_pace_shifts_so_that_not_all_are_read_at_once():
    assert replace(PACE, shift=1).after(LEDGER) == NOW + timedelta(hours=6.6)
    assert replace(PACE, shift=-1).after(LEDGER) == NOW + timedelta(hours=5.4)
    assert PACE.after(OTHER) == NOW + timedelta(hours=24)


# How it is told


def test_how_a_reading_went_in_words():
    old = [("passed over", replace(ITEM, key=str(n))) for n in range(750)]
    rows = {
        "1 listed": describe_reading(read(LookedAt(ITEM, None)), WELL, Counts(new=1)),
        "751 listed, 750 older ones passed over (--backfill takes them)": describe_reading(
            read(looks=[("look", ITEM), *old]), SourceState("ledger"), Counts(new=1)
        ),
        "2 listed, 1 left for the next refresh": describe_reading(
            read(looks=[("look", ITEM), ("left", ITEM)]), WELL, Counts(new=1)
        ),
        "1 listed; it has moved for good, to https://new.example/feed": describe_reading(
            read(moved_to="https://new.example/feed"), WELL, Counts(unchanged=1)
        ),
        "nothing new since 23 November 2026": describe_reading(Reading(Listed(LEDGER, "unchanged")), WELL, Counts()),
        "https://ledger.example/feed is empty": describe_reading(
            Reading(Listed(LEDGER, "failed", "https://ledger.example/feed is empty")), WELL, Counts()
        ),
    }
    for sentence, found in rows.items():
        assert found.sentence == sentence
        assert (found.slug, found.name) == ("ledger", "The Open Ledger")


def test_that_a_source_fails_for_days_is_said_once():
    failing = replace(WELL, failing_since=NOW - timedelta(days=3), failure="the feed is empty")
    assert failing_for_days(SOURCES, [failing], NOW) == [failing]
    for quiet in (
        replace(failing, failing_since=NOW - timedelta(days=2)),
        replace(failing, told=True),
        replace(failing, standing="paused"),
        WELL,
    ):
        assert failing_for_days(SOURCES, [quiet], NOW) == []
    sentence = describe_failing(LEDGER, failing)
    assert "The Open Ledger cannot be read since 21 November 2026: the feed is empty." in sentence
    assert "footnote sources check ledger" in sentence
