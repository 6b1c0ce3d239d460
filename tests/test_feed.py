"""Feeds and sitemaps become items, or say why not; several hundred of them, all read by one process."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import feed_families
import feed_faults
import pytest
from feeds_made import FEED, HOME, XML, Made, Piece, encode, write
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.ingest.dates import moment
from corpus.ingest.dissect import Dissector
from corpus.ingest.feed import discover, read_feed, read_sitemap
from corpus.ingest.listing import listing
from corpus.ingest.parse import NotAnEntry

TODAY = date(2026, 11, 24)
FAMILIES = (*feed_families.FAMILIES, *feed_faults.FAMILIES)


@pytest.fixture(scope="module")
def dissector():
    with Dissector() as dissector:
        yield dissector


def read(made, dissector):
    """What a feed lists, or the sentence that says why it lists nothing."""
    try:
        return read_feed(made, dissector, TODAY)
    except NotAnEntry as reason:
        return str(reason)


def test_there_are_several_hundred_feeds_and_all_have_names_of_their_own():
    names = [made.name for family in FAMILIES for made in family()]
    assert len(set(names)) == len(names) > 900


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_feed_gives_what_its_publisher_means(dissector, family):
    faults = {made.name: fault for made in family() if (fault := wrong_with(made, read(made, dissector)))}
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


CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def assert_is_plain(found):
    """Whatever a list says, what is shown of it hides and reorders nothing, and every address leads to the web."""
    for item in found.items:
        shown = "".join((item.title, item.summary, *item.people, item.licence or "", item.language or "", item.url))
        assert not CONTROLS.search(shown), item
        assert item.url.startswith(("http://", "https://"))
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", item.day)
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?)?", item.updated)
        assert item.day <= str(TODAY + timedelta(days=2))
        item.html.encode()
    for one in found.refused:
        assert one.reason
        assert not CONTROLS.search(one.where + one.reason)
    assert len({item.key for item in found.items}) == len(found.items)


def test_no_entity_leads_to_a_file_or_into_the_network(dissector, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the password")
    for system in (secret, secret.as_uri(), "/etc/passwd"):
        text = write("rss20", Piece(summary="Why WHICH", html="")).replace("WHICH", "&f;")
        found = read(Made("x", f'<!DOCTYPE rss [<!ENTITY f SYSTEM "{system}">]>{text}'.encode()), dissector)
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
def test_a_feed_that_is_made_to_take_hours_is_given_up_and_the_next_is_read(dissector, hostile):
    with pytest.raises(NotAnEntry, match="takes too long to read; tell its publisher"):
        dissector.feed(hostile, FEED, seconds=0.5)
    assert read(Made("x", encode(write("rss20"), "utf-8")), dissector).items


BASES = [encode(write(version, Piece(), Piece(link=f"{HOME}p/2")), "utf-8") for version in (*XML, "json11")]
PARTS = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<item>",
    b"</item>",
    b"</entry>",
    b"\0",
    b"\xff",
    b'"',
    b"<!--",
    b"{",
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(BASES),
    st.lists(
        st.tuples(st.integers(0, 2500), st.integers(0, 40), st.sampled_from(PARTS) | st.binary(max_size=4)),
        min_size=1,
        max_size=4,
    ),
)
def test_a_damaged_feed_is_read_or_refused(dissector, base, damages):
    for at, cut, put in damages:
        base = base[:at] + put + base[at + cut :]
    found = read(Made("x", base), dissector)
    assert isinstance(found, str) or assert_is_plain(found) is None


# What the process apart says → what is taken, without the process

NAMES = ["kind", "title", "home", "language", "items", "more", "beyond", "broke_off", "last_is_partial"]
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
@example({"beyond": True, "last_is_partial": 1}, [])
@example({"more": ["", None, "\ud800", FEED]}, [{"guid": "https://\ud800"}])
def test_whatever_is_said_of_a_feed_becomes_items_or_reasons(said, rows):
    found = listing({"items": rows} | said, FEED, TODAY)
    assert_is_plain(found)
    assert found == listing({"items": rows} | said, FEED, TODAY)


def test_a_fingerprint_changes_with_all_that_is_said():
    row = {"link": f"{HOME}p/1", "title": "One", "published": "2026-05-04", "updated": "2026-05-05"}
    row |= {"people": ["Ada"], "summary": "Why", "html": "<p>Text</p>"}

    def print_of(row):
        return listing({"items": [row]}, FEED, TODAY).items[0].fingerprint

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


# Dates


@given(st.text(max_size=90) | st.from_regex(r"\A[0-9A-Za-z:,+ -]{0,40}\Z"), st.text(max_size=20))
def test_no_date_is_too_odd(written, parsed):
    found = moment(written, parsed)
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
    found = moment(written)
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
    assert str(moment(written)) == instant


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
    assert discover(f"<html><head>{links}</head></html>", "https://a.example/blog/") == feeds


@given(
    st.text()
    | st.lists(st.sampled_from(["<link ", "<!--", "-->", " rel=alternate", ">", "href='", "'", '"'])).map("".join)
)
def test_no_page_is_too_odd_to_look_for_feeds(html):
    assert all(address.startswith("http") for address in discover(html, "https://a.example/"))


# Sitemaps

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
URLS = (
    f"<urlset {SPACE} {NEWS}><url><loc>{HOME}about</loc></url>"
    f"<url><loc> {HOME}p/1 </loc><lastmod>2026-05-01</lastmod><changefreq>daily</changefreq></url>"
    f"<url><loc>{HOME}p/2</loc><lastmod>2026-05-03T01:00:00+02:00</lastmod>"
    "<news:news><news:publication><news:language>en</news:language></news:publication>"
    "<news:publication_date>2026-05-02</news:publication_date><news:title>Two &amp; more</news:title></news:news></url>"
    "</urlset>"
)


def read_map(body, dissector, pattern=None):
    body = body if isinstance(body, bytes) else body.encode()
    try:
        return read_sitemap(
            Made("x", body, url=f"{HOME}sitemap.xml", final_url=f"{HOME}sitemap.xml"), dissector, pattern
        )
    except NotAnEntry as reason:
        return str(reason)


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_lists_the_addresses_that_its_pattern_fits(dissector, packed):
    body = gzip.compress(URLS.encode()) if packed else URLS.encode()
    found = read_map(body, dissector, "/p/")
    assert [(item.url, item.day, item.updated, item.title) for item in found.items] == [
        (f"{HOME}p/2", "2026-05-02", "2026-05-02T23:00:00Z", "Two & more"),
        (f"{HOME}p/1", "", "2026-05-01", ""),
    ]
    assert found.kind == "sitemap"
    assert read_map(body, dissector).items[0].url == f"{HOME}about"


def test_a_sitemap_of_sitemaps_names_them(dissector):
    rows = "".join(
        f"<sitemap><loc>{at}</loc></sitemap>" for at in ("/a.xml", "/sitemap.xml", "/a.xml", "ftp://x", "/b.xml.gz")
    )
    found = read_map(f"<sitemapindex {SPACE}>{rows}</sitemapindex>", dissector, "/p/")
    assert (found.items, found.more) == ((), (f"{HOME}a.xml", f"{HOME}b.xml.gz"))


def test_a_list_of_addresses_is_a_sitemap(dissector):
    found = read_map(f"\ufeff{HOME}p/1\r\n\r\n{HOME}p/2\n", dissector)
    assert [item.url for item in found.items] == [f"{HOME}p/1", f"{HOME}p/2"]


def test_a_sitemap_that_breaks_off_gives_what_stands_before(dissector):
    found = read_map(URLS[: URLS.index("2026-05-03")], dissector)
    assert [item.url for item in found.items] == [f"{HOME}about", f"{HOME}p/1"]
    assert [one.reason for one in found.refused] == ["breaks off before its end; what it lists up to there was read"]


LAUGHS = '<!DOCTYPE urlset [<!ENTITY a "https://">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(URLS.encode())[:-20], None),
        (b"\x1f\x8b" + b"x" * 50, "is compressed wrongly"),
        (gzip.compress(b"x" * 60_000_000, 1), "is larger than 50 MB"),
        ("<html><body>404</body></html>", "is a web page and no sitemap"),
        ("The sitemap has moved.", "is no sitemap"),
        ("<rss version='2.0'><channel/></rss>", "is a feed and no sitemap; follow it as a feed"),
        ("<svg/>", "is no sitemap"),
        (b"\x89PNG" + bytes(300), "is no sitemap"),
        (f"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>{URLS.replace('about', '&f;')}", None),
        (f"{LAUGHS}]><urlset><url><loc>&h;</loc></url></urlset>", None),
        ("<urlset>" + "<url>" * 5000, None),
        (f"<urlset><url><loc>javascript:1</loc></url><url/><url><loc>{'x' * 9999}</loc></url></urlset>", None),
    ],
    ids=range(15),
)  # fmt: skip
def test_a_sitemap_that_is_none_says_so_and_a_hostile_one_does_nothing(dissector, body, said):
    found = read_map(body, dissector)
    if said:
        assert found.startswith(said)
    elif not isinstance(found, str):
        assert_is_plain(found)
        assert "root:" not in str(found)


def test_a_pattern_that_is_none_says_so(dissector):
    assert read_map(URLS, dissector, "(").startswith("cannot be searched: its pattern is no regular expression")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 700), st.integers(0, 40), st.sampled_from(PARTS) | st.binary(max_size=4))
def test_a_damaged_sitemap_is_read_or_refused(dissector, at, cut, put):
    body = URLS.encode()
    found = read_map(body[:at] + put + body[at + cut :], dissector)
    assert isinstance(found, str) or assert_is_plain(found) is None
