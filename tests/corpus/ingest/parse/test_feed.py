"""Feeds become items, or say why not: nearly a thousand of them, all read by one process."""

import feed_families
import feed_faults
import feed_words
import pytest
from feeds_made import FEED, HOME, PARTS, TODAY, XML, Made, Piece, assert_is_plain, encode, write
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.ingest.parse.feed import discover_feeds, read_feed
from corpus.ingest.parse.feed_items import make_listing
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.models.fetched import Fetched

FAMILIES = (*feed_families.FAMILIES, *feed_words.FAMILIES, *feed_faults.FAMILIES)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def read(made, sandbox):
    """What a feed lists, or the sentence that says why it lists nothing."""
    try:
        return read_feed(made, sandbox, TODAY)
    except NotAnEntry as reason:
        return str(reason)


def test_there_are_several_hundred_feeds_and_all_have_names_of_their_own():
    names = [made.name for family in FAMILIES for made in family()]
    assert len(set(names)) == len(names) > 900


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_feed_gives_what_its_publisher_means(sandbox, family):
    faults = {made.name: fault for made in family() if (fault := wrong_with(made, read(made, sandbox)))}
    assert faults == {}


def wrong_with(made, found):
    """What was read otherwise than its publisher means it; nothing where all is as it should be."""
    if isinstance(found, str) or made.trouble is not None:
        is_right = isinstance(found, str) and made.trouble is not None and made.trouble in found
        return None if is_right else found
    assert_is_plain(found)
    pairs = zip(found.items, made.items or (), strict=False)
    fields = [{name: getattr(item, name) for name in wanted} for item, wanted in pairs]
    if made.items is not None and (fields, len(found.items)) != (list(made.items), len(made.items)):
        return fields, len(found.items), made.items
    reasons = [one.reason for one in found.refused]
    if made.refused is not None:
        fits = len(reasons) == len(made.refused)
        return None if fits and all(map(str.__contains__, reasons, made.refused)) else reasons
    return None


def test_no_entity_leads_to_a_file_or_into_the_network(sandbox, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the password")
    for system in (secret, secret.as_uri(), "/etc/passwd"):
        text = write("rss20", Piece(summary="Why WHICH", html="")).replace("WHICH", "&f;")
        found = read(Made("x", f'<!DOCTYPE rss [<!ENTITY f SYSTEM "{system}">]>{text}'.encode()), sandbox)
        assert "password" not in found.items[0].summary
        assert "root:" not in found.items[0].summary


@pytest.mark.parametrize(
    "hostile",
    [
        b"\n" * 300_000 + b"<?php><rss>",
        b"<rss><channel><item>" + b"<" * 3_000_000,
    ],
    ids=["lines", "brackets"],
)
def test_a_feed_that_is_made_to_take_hours_is_given_up_and_the_next_is_read(sandbox, hostile):
    with pytest.raises(NotAnEntry, match="takes too long to read; tell its publisher"):
        sandbox.feed(hostile, FEED, seconds=0.5)
    assert read(Made("x", encode(write("rss20"), "utf-8")), sandbox).items


BASES = [encode(write(version, Piece(), Piece(link=f"{HOME}p/2")), "utf-8") for version in (*XML, "json11")]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(BASES),
    st.lists(
        st.tuples(st.integers(0, 2500), st.integers(0, 40), st.sampled_from(PARTS) | st.binary(max_size=4)),
        min_size=1,
        max_size=4,
    ),
)
def test_a_damaged_feed_is_read_or_refused(sandbox, base, damages):
    for at, cut, put in damages:
        base = base[:at] + put + base[at + cut :]
    found = read(Made("x", base), sandbox)
    assert isinstance(found, str) or assert_is_plain(found) is None


NAIVE = "Naïve façade – “curly”"


@pytest.mark.parametrize("version", ["rss20", "atom10", "rss10", "json11"])
@pytest.mark.parametrize("kind", ["application/xml; charset=iso-8859-1", "text/xml", "application/json"])
def test_a_bad_byte_in_a_feed_is_one_lost_character_whatever_it_claims_to_be_in(sandbox, version, kind):
    text = write(version, Piece(title=NAIVE, summary="It has one ~ byte"))
    body = encode(text, "utf-8", declared=False).replace(b"~", b"\x96")
    found = read(Made("x", body, kind), sandbox)
    assert [item.title for item in found.items] == [NAIVE]
    assert "one \ufffd byte" in found.items[0].summary
    assert found.note.startswith("has 1 byte that is no UTF-8, shown as \ufffd (the first behind “")


def test_a_feed_says_when_it_was_guessed_or_mended(sandbox):
    text = write("rss20", Piece(title=NAIVE))
    lie = b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("cp1252")
    found = read(Made("x", lie), sandbox)
    assert (found.items[0].title, found.note) == (
        NAIVE,
        "claims to be UTF-8 and is not; it was read as cp1252, a guess",
    )
    twice = text.replace(NAIVE, "Café société").encode().decode("cp1252").encode()
    found = read(Made("x", twice), sandbox)
    assert found.items[0].title == "Café société"
    assert found.note.startswith("was encoded twice (“")


# What the process apart says → what is taken, without the process

NAMES = ["kind", "title", "home", "language", "items", "more", "beyond", "broke_off", "partial"]
FIELDS = ["link", "guid", "title", "people", "published", "updated", "summary", "html", "teaser", "language", "licence"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, *FIELDS]), inner, max_size=5),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries(
    {"link": st.sampled_from([f"{HOME}p/1", f"{HOME}p/2", "/p/3", HOME, "javascript:1"])},
    optional={name: VALUES for name in FIELDS if name != "link"},
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.lists(ROWS | VALUES, max_size=4))
@example({"beyond": -1, "partial": 7}, [])
@example({"more": ["", None, "\ud800", FEED]}, [{"guid": "https://\ud800"}])
def test_whatever_is_said_of_a_feed_becomes_items_or_reasons(said, rows):
    found = make_listing({"items": rows} | said, FEED, TODAY)
    assert_is_plain(found)
    assert found == make_listing({"items": rows} | said, FEED, TODAY)


def test_a_fingerprint_changes_with_all_that_is_said():
    row = {"link": f"{HOME}p/1", "title": "One", "published": "2026-05-04", "updated": "2026-05-05"}
    row |= {"people": ["Ada"], "summary": "Why", "html": "<p>Text</p>"}

    def print_of(row):
        return make_listing({"items": [row]}, FEED, TODAY).items[0].fingerprint

    changes = {
        "title": "Two",
        "published": "2026-05-03",
        "updated": "",
        "people": [],
        "summary": "",
        "html": "<p>T</p>",
    }
    prints = [print_of(row | {name: value}) for name, value in changes.items()]
    assert len({print_of(row), *prints}) == len(changes) + 1
    assert print_of(row) == print_of(row | {"link": f"{HOME}p/2"})


# Where a page says that its feed is

JSON_FEED = '<link rel="alternate home" type="application/feed+json" href="f">'
COMMENTS = '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
TWICE = '<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/feed?a=1&amp;b=2">'


@pytest.mark.parametrize(
    ("links", "feeds"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["https://a.example/feed"]),
        ("<LINK href=feed.xml type=application/atom+xml rel=Alternate />", ["https://a.example/blog/feed.xml"]),
        (f'<base href="https://b.example/x/">{JSON_FEED}', ["https://b.example/x/f"]),
        (COMMENTS + TWICE, ["https://a.example/feed?a=1&b=2", "https://a.example/comments/feed/"]),
        (TWICE + TWICE, ["https://a.example/feed?a=1&b=2"]),
        ('<link rel="alternate" hreflang="de" href="/de/">', []),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/a">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
        ('<!-- <link rel="alternate" type="application/rss+xml" href="/a"> -->', []),
    ],
)  # fmt: skip
def test_a_page_says_where_its_feeds_are(links, feeds):
    assert discover_feeds(f"<html><head>{links}</head></html>", "https://a.example/blog/") == feeds


@given(
    st.text()
    | st.lists(st.sampled_from(["<link ", "<!--", "-->", " rel=alternate", ">", "href='", "'", '"'])).map("".join)
)
def test_no_page_is_too_odd_to_look_for_feeds(html):
    assert all(address.startswith("http") for address in discover_feeds(html, "https://a.example/"))


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("It took 10&lt;sup&gt;25&lt;/sup&gt; operations", "It took 10²⁵ operations"),
        ("The &lt;s&gt;nine&lt;/s&gt; three wheels", "The three wheels"),
        ("CO&lt;sub&gt;2&lt;/sub&gt; of a model", "CO₂ of a model"),
    ],
    ids=range(3),
)
def test_a_title_in_a_feed_keeps_its_figures_and_not_what_is_struck(sandbox, written, title):
    item = f"<item><title>{written}</title><link>{HOME}a</link></item>"
    body = f'<rss version="2.0"><channel><title>X</title><link>{HOME}</link>{item}</channel></rss>'.encode()
    fetched = Fetched(
        url=f"{HOME}feed", final_url=f"{HOME}feed", content_type="application/rss+xml", text="", body=body
    )
    assert [one.title for one in read_feed(fetched, sandbox, TODAY).items] == [title]
