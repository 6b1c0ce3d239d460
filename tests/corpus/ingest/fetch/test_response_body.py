"""Pages, feeds, sitemaps and files: what comes counts, not what it claims to be, and none is read beyond its size."""

import gzip

import pytest

from corpus.ingest.fetch.client import Fetcher, Limits
from corpus.models.fetched import Fetched
from tests.corpus.ingest.fetch.test_client import HEAD, PAGE, raw, refusal
from tests.corpus.ingest.fetch.test_client import web as _web

web = _web
RSS = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>开放</title></channel></rss>'
XHTML = '<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE html PUBLIC "-//W3C//DTD">\n<html xmlns="http://www.w3.org/1999/xhtml"/>'
FEED = RSS.format("utf-8")


@pytest.fixture
def fetcher():
    return Fetcher(allowed=frozenset({"127.0.0.1"}), pause=0)


@pytest.mark.parametrize(
    ("want", "claimed", "body", "found"),
    [
        ("feed", "application/rss+xml", FEED, "application/rss+xml"),
        ("feed", "application/rss+xml; charset=UTF-8", FEED, "application/rss+xml; charset=UTF-8"),
        ("feed", "text/html; charset=utf-8", FEED, "application/xml; charset=utf-8"),
        ("feed", "text/plain", FEED, "application/xml"),
        ("feed", "application/octet-stream", FEED, "application/xml"),
        ("feed", "application/json", FEED, "application/xml"),
        ("feed", "image/png", FEED, "application/xml"),
        ("feed", None, FEED, "application/xml"),
        ("feed", None, f" \n{FEED}", "application/xml"),
        ("feed", "application/feed+json", '{"items": []}', "application/feed+json"),
        ("feed", "text/html", '{"items": []}', "application/json"),
        ("feed", "application/rss+xml", PAGE, "text/html"),
        ("feed", "text/html; charset=utf-8", PAGE, "text/html"),
        ("feed", "application/xhtml+xml; charset=utf-8", XHTML, "text/html"),
        ("feed", "application/xml", "<?xml version='1.0'?><!-- <html> --><rss/>", "application/xml"),
        ("feed", "text/plain", "Nothing of the kind.", "text/plain"),
        ("sitemap", "application/xml", "<urlset/>", "application/xml"),
        ("sitemap", "text/plain", "https://example.org/a\n", "text/plain"),
        ("sitemap", "application/x-gzip", gzip.compress(b"<urlset/>", mtime=0), "application/gzip"),
        ("file", "application/pdf", b"%PDF-1.7\n", "application/pdf"),
        ("file", "application/octet-stream", b"%PDF-1.7\n", "application/pdf"),
        ("file", "application/octet-stream", "Plain words.", "text/plain"),
        ("page", "application/x-pdf", b"%PDF-1.7\n", "application/pdf"),
        ("page", "text/html", PAGE, "text/html"),
    ],
)
def test_what_it_is_counts_and_not_what_it_claims(web, fetcher, want, claimed, body, found):
    fetched = fetcher.fetch(web.put("/x", body, Content_Type=claimed), want)
    assert (fetched.content_type, fetched.body) == (found, body.encode() if isinstance(body, str) else body)
    assert fetched.text == (body if isinstance(body, str) else "")


@pytest.mark.parametrize(
    ("want", "claimed", "body", "said"),
    [
        ("feed", "application/rss+xml", b"\x89PNG\r\n\x1a\n", "is a picture; give the address of a feed"),
        ("feed", "application/rss+xml", b"%PDF-1.7", "is a PDF file; give the address of a feed"),
        (
            "feed",
            "application/rss+xml",
            gzip.compress(FEED.encode(), mtime=0),
            "is a compressed file; give the address of a feed",
        ),
        ("feed", "audio/mpeg", b"ID3\x04", "is of the type audio/mpeg; give the address of a feed"),
        ("feed", "application/rss+xml", b" \n", "is empty"),
        ("sitemap", "text/xml", b"PK\x03\x04", "is an archive or an office document; give the address of a sitemap"),
        ("file", "image/png", b"\x89PNG", "is a picture; give a web page, a text or a PDF"),
        ("page", "text/html", b"%PDF-1.7", "claims to be a page and is a PDF file; give a web page"),
    ],
)
def test_what_is_surely_none_is_refused(web, fetcher, want, claimed, body, said):
    assert refusal(fetcher.fetch(web.put("/x", body, Content_Type=claimed), want)) == said


@pytest.mark.parametrize(
    ("claimed", "body"),
    [
        ("application/xml", RSS.format("GB18030").encode("gb18030")),
        ("application/xml", RSS.format("utf-16").encode("utf-16")),
        ("application/xml; charset=gb18030", RSS.format("koi8-r").encode("gb18030")),
        ("application/xml; charset=koi8-r", b"\xef\xbb\xbf" + RSS.format("koi8-r").encode()),
        ("application/xml; charset=rot13", RSS.format("gbk").encode("gb18030")),
        ("application/xml", RSS.replace('"', "'").replace("encoding=", "encoding = ").format("gb2312").encode("gbk")),
        ("text/xml", RSS.replace(' encoding="{}"', "").encode()),
        ("application/json; charset=koi8-r", '{"title": "开放"}'.encode()),
        ("application/xhtml+xml", RSS.format("gbk").replace("rss", "html").encode("gbk")),
    ],
    ids=range(9),
)
def test_the_character_set_is_found_as_the_standards_say(web, fetcher, claimed, body):
    want = "page" if "xhtml" in claimed else "feed"
    fetched = fetcher.fetch(web.put("/x", body, Content_Type=claimed), want)
    assert "开放" in fetched.text
    assert "\ufffd" not in fetched.text


def test_each_kind_is_asked_for_as_such_and_has_its_size(web):
    small = Fetcher(allowed=frozenset({"127.0.0.1"}), pause=0, limits=Limits(size=100_000))
    body = "<urlset>".ljust(250_000)
    for want, accepts, is_read in (
        ("page", "text/html", False),
        ("feed", "rss", False),
        ("sitemap", "xml", True),
        ("file", "pdf", True),
    ):
        found = small.fetch(
            web.put("/x", body if want != "file" else "Words. ".ljust(250_000), Content_Type="text/plain"), want
        )
        assert isinstance(found, Fetched) == is_read
        assert is_read or f"more than a {want} is read for" in found.reason
        assert accepts in web.asked[-1][1]["Accept"]


# Lies


def test_a_server_that_says_less_than_it_sends_is_taken_at_its_word(web, fetcher):
    """What follows could be the answer to another request."""
    assert (
        fetcher.fetch(web.put("/x", raw(HEAD + b"Content-Length: 9\r\n\r\n<p>12</p><p>more</p>"))).text == "<p>12</p>"
    )


def test_a_body_in_chunks_is_one_body_and_bounded(web, fetcher):
    chunks = [b"5\r\n<p>ab\r\n", b"6;x=y\r\nc</p>\n\r\n", b"0\r\nTrailer: x\r\n\r\n"]
    head = HEAD + b"Transfer-Encoding: chunked\r\n"
    assert fetcher.fetch(web.put("/x", raw(head + b"\r\n", *chunks))).text == "<p>abc</p>\n"
    packed = gzip.compress(b"a" * 50_000_000)
    bomb = head + b"Content-Encoding: gzip\r\n\r\n" + b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    assert "is larger than 10 MB" in refusal(fetcher.fetch(web.put("/bomb", raw(bomb))))
