"""Which of the pieces that a source lists a refresh looks at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from corpus.ingest.sources.selection import MOST, choose, to_ask_again
from corpus.models.items import Item
from corpus.models.sources import SeenItem

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def item(name, fingerprint="as it was"):
    told = (f"https://example.org/{name}", str(name), f"Piece {name}")
    return Item(*told, (), "", "", "", "", "full", None, None, fingerprint)


def verdicts(items, seen=(), known=(), **asked):
    looks = choose(items, {one.key: one for one in seen}, set(known), **{"first": False} | asked)
    assert [look.item for look in looks] == list(items), "each listed piece has one verdict, in order"
    return [look.verdict for look in looks]


MANY = [item(n) for n in range(800)]


def test_a_first_reading_takes_the_newest_and_passes_the_rest_over_for_good():
    looks = choose(MANY, {}, set(), first=True)
    assert [look.verdict for look in looks] == ["look"] * MOST + ["passed over"] * (800 - MOST)
    assert "--backfill" in looks[-1].reason
    seen = [SeenItem(look.item.key, "as it was", passed=look.verdict == "passed over") for look in looks]
    known = [look.item.key for look in looks if look.verdict == "look"]
    again = verdicts(MANY, seen, known)
    assert again == ["unchanged"] * MOST + ["passed over"] * (800 - MOST)
    assert verdicts([item("new"), *MANY], seen, known)[:2] == ["look", "unchanged"]


def test_backfill_takes_what_was_passed_over():
    seen = [SeenItem(one.key, one.fingerprint, passed=n >= MOST) for n, one in enumerate(MANY)]
    assert verdicts(MANY, seen, backfill=True) == ["look"] * 800
    assert verdicts(MANY, first=True, backfill=True) == ["look"] * 800


def test_what_the_record_knows_is_compared_however_old():
    """The shelf knows a piece of years ago: its own words are to come in, if not with the first reading."""
    assert verdicts(MANY[690:], known=["700"], first=True)[10] == "look"
    first = choose(MANY, {}, {"700"}, first=True)
    assert (first[700].verdict, first[701].verdict) == ("left", "passed over")
    seen = [SeenItem(look.item.key, "as it was", passed=look.verdict == "passed over") for look in first]
    known = [look.item.key for look in first if look.verdict != "passed over"]
    again = verdicts(MANY, [one for one in seen if one.key != "700"], known)
    assert [n for n, verdict in enumerate(again) if verdict == "look"] == [700]


def test_a_feed_that_changes_all_its_lines_does_not_flood_a_refresh():
    seen = [SeenItem(one.key, "otherwise") for one in MANY]
    found = verdicts(MANY, seen, known=[one.key for one in MANY])
    assert found == ["look"] * MOST + ["left"] * (800 - MOST)


ROWS = {
    "listed as before": (SeenItem("a", "as it was"), ["a"], {}, "unchanged"),
    "in other words": (SeenItem("a", "otherwise"), ["a"], {}, "look"),
    "refused before, and mended": (SeenItem("a", "otherwise"), [], {}, "look"),
    "refused before": (SeenItem("a", "as it was"), [], {}, "unchanged"),
    "passed over, and edited since": (SeenItem("a", "otherwise", passed=True), [], {}, "passed over"),
    "passed over, and then added by hand": (SeenItem("a", "otherwise", passed=True), ["a"], {}, "look"),
    "removed, and wished back": (SeenItem("a", "as it was"), ["a"], {"anew": {"a"}}, "look"),
}


@pytest.mark.parametrize(("seen", "known", "asked", "expected"), ROWS.values(), ids=ROWS)
def test_one_piece(seen, known, asked, expected):
    assert verdicts([item("a")], [seen], known, **asked) == [expected]


@pytest.mark.parametrize(
    ("age", "asked", "again"),
    [(1, 21, True), (1, 19, False), (13, 500, True), (15, 500, False)],
    ids=["yesterday's", "asked today", "of two weeks ago", "older"],
)
def test_pages_of_new_pieces_are_asked_again_once_a_day(age, asked, again):
    seen = SeenItem("a", "", read=NOW - timedelta(hours=asked))
    assert to_ask_again(seen, NOW - timedelta(days=age), NOW) is again
    assert not to_ask_again(replace(seen, read=None), NOW - timedelta(days=age), NOW), "its text came with the list"
