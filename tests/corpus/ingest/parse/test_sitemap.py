"""Sitemaps become addresses, or say why not."""

import gzip

import pytest
from feeds_made import HOME, PARTS, Made, assert_is_plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.ingest.parse.feed import read_sitemap
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox

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


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def read_map(body, sandbox, pattern=None):
    body = body if isinstance(body, bytes) else body.encode()
    try:
        return read_sitemap(Made("x", body, url=f"{HOME}sitemap.xml", final_url=f"{HOME}sitemap.xml"), sandbox, pattern)
    except NotAnEntry as reason:
        return str(reason)


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_lists_the_addresses_that_its_pattern_fits(sandbox, packed):
    body = gzip.compress(URLS.encode()) if packed else URLS.encode()
    found = read_map(body, sandbox, "/p/")
    assert [(item.url, item.day, item.updated, item.title) for item in found.items] == [
        (f"{HOME}p/2", "2026-05-02", "2026-05-02T23:00:00Z", "Two & more"),
        (f"{HOME}p/1", "", "2026-05-01", ""),
    ]
    assert found.kind == "sitemap"
    assert read_map(body, sandbox).items[0].url == f"{HOME}about"


def test_a_sitemap_of_sitemaps_names_them(sandbox):
    rows = "".join(
        f"<sitemap><loc>{at}</loc></sitemap>" for at in ("/a.xml", "/sitemap.xml", "/a.xml", "ftp://x", "/b.xml.gz")
    )
    found = read_map(f"<sitemapindex {SPACE}>{rows}</sitemapindex>", sandbox, "/p/")
    assert (found.items, found.more) == ((), (f"{HOME}a.xml", f"{HOME}b.xml.gz"))


def test_a_list_of_addresses_is_a_sitemap(sandbox):
    found = read_map(f"\ufeff{HOME}p/1\r\n\r\n{HOME}p/2\n", sandbox)
    assert [item.url for item in found.items] == [f"{HOME}p/1", f"{HOME}p/2"]


def test_a_sitemap_that_breaks_off_gives_what_stands_before(sandbox):
    found = read_map(URLS[: URLS.index("2026-05-03")], sandbox)
    assert [item.url for item in found.items] == [f"{HOME}about", f"{HOME}p/1"]
    assert [one.reason for one in found.refused] == ["breaks off before its end; what it lists up to there was read"]


DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.mark.parametrize(
    "body",
    [
        f"\n\n \t{DECLARED}{URLS}",
        f"\ufeff\n{DECLARED}{URLS}",
        f"Warning: Undefined variable in /var/www/map.php on line 3\n{DECLARED}{URLS}",
        f"<!-- made by hand -->{DECLARED}{URLS}",
        DECLARED + URLS.replace("Two &amp; more", "Two & more &nbsp;&eacute; &unheard; &AMP; &"),
        DECLARED + URLS.replace("/p/1 ", "/p/1\x00\x0b "),
        DECLARED + URLS.replace("<lastmod>", "&#x1;<lastmod>", 1),
        DECLARED + URLS.replace("<changefreq>daily</changefreq>", "<changefreq>daily"),
        DECLARED + URLS.replace("<lastmod>", "<image:image><image:loc>x.png</image:loc></image:image><lastmod>", 1),
        DECLARED + URLS.replace("urlset", "sm:urlset").replace("xmlns=", "xmlns:sm=").replace("<url>", "<sm:url>")
        .replace("</url>", "</sm:url>").replace("loc>", "sm:loc>"),
        DECLARED.replace("1.0", "1.1") + URLS,
        f"{DECLARED}{URLS}<!-- 0.2 s --><br />Notice: done",
        DECLARED.replace("UTF-8", "iso-8859-1") + URLS,
        DECLARED.replace("UTF-8", "klingon-8") + URLS,
        (DECLARED.replace("UTF-8", "UTF-16") + URLS).encode("utf-16"),
        (DECLARED + URLS).encode().replace(b"Two", b"Tw\xf4"),
        (DECLARED.replace("UTF-8", "windows-1252") + URLS).encode().replace(b"Two", b"Tw\xf4"),
        f'<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY two "2">]>{URLS}',
        gzip.compress(f"\n{DECLARED}{URLS.replace('&amp;', '&')}".encode(), mtime=0),
    ],
    ids=range(19),
)  # fmt: skip
def test_a_sitemap_with_a_fault_lists_all_of_its_addresses(sandbox, body):
    found = read_map(body, sandbox)
    assert sorted(item.url for item in found.items) == [f"{HOME}about", f"{HOME}p/1", f"{HOME}p/2"]
    assert found.refused == ()


def test_an_address_with_a_lost_letter_is_refused_and_the_others_are_taken(sandbox):
    body = URLS.replace("about", "caf~").encode().replace(b"~", b"\xe8")
    found = read_map(body, sandbox)
    assert [item.url for item in found.items] == [f"{HOME}p/2", f"{HOME}p/1"]
    assert [one.reason for one in found.refused] == ["has a link with a byte that is no character of its list's set"]
    assert found.note.startswith("has 1 byte that is no UTF-8")
    said = b'<?xml version="1.0" encoding="iso-8859-1"?>' + body
    assert f"{HOME}cafè" in [item.url for item in read_map(said, sandbox).items]


def test_an_ampersand_of_a_query_is_no_sign_of_html(sandbox):
    found = read_map(f"<urlset><url><loc>{HOME}?a=1&copy=2&lang=en</loc></url></urlset>", sandbox)
    assert [item.url for item in found.items] == [f"{HOME}?a=1&copy=2&lang=en"]


LAUGHS = '<!DOCTYPE urlset [<!ENTITY a "https://">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(URLS.encode(), mtime=0)[:-20], None),
        (b"\x1f\x8b" + b"x" * 50, "is compressed wrongly"),
        (gzip.compress(b"x" * 60_000_000, 1, mtime=0), "is larger than 50 MB"),
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
def test_a_sitemap_that_is_none_says_so_and_a_hostile_one_does_nothing(sandbox, body, said):
    found = read_map(body, sandbox)
    if said:
        assert found.startswith(said)
    elif not isinstance(found, str):
        assert_is_plain(found)
        assert "root:" not in str(found)


def test_a_pattern_that_is_none_says_so(sandbox):
    assert read_map(URLS, sandbox, "(").startswith("cannot be searched: its pattern is no regular expression")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 700), st.integers(0, 40), st.sampled_from(PARTS) | st.binary(max_size=4))
def test_a_damaged_sitemap_is_read_or_refused(sandbox, at, cut, put):
    body = URLS.encode()
    found = read_map(body[:at] + put + body[at + cut :], sandbox)
    assert isinstance(found, str) or assert_is_plain(found) is None
