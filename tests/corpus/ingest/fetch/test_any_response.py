"""Whatever a server sends, and whatever it says that it is: an outcome, and no error. No socket is opened here."""

import contextlib
import gzip

import httpcore2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.ingest.fetch.client import Fetcher, Limits
from corpus.ingest.fetch.politeness import Politeness
from corpus.models.fetched import Fetched, FetchFailed, Gone, NotModified, Validators
from corpus.text.media_type import BodyRefused, read_type
from tests.corpus.ingest.fetch.test_politeness import Time

WANTS = ("page", "feed", "sitemap", "file")
KNOWN = Validators('"1"', "Tue, 24 Nov 2026 12:00:00 GMT")


class Spoken(httpcore2.NetworkStream):
    """A connection on which these bytes come, in pieces, whatever is asked."""

    def __init__(self, said, piece):
        self.said, self.piece = said, piece

    def read(self, max_bytes, _timeout=None, **_):
        taken, self.said = self.said[: min(self.piece, max_bytes)], self.said[min(self.piece, max_bytes) :]
        return taken

    def write(self, *_, **__):
        pass

    def close(self):
        pass

    def start_tls(self, *_, **__):
        return self

    def get_extra_info(self, _):
        return None


def fetched(replies, want="page", piece=65536, url="http://example.org/x"):
    """What comes of an address where each connection is answered with the next of these bytes, robots.txt first."""
    waiting, time = list(replies), Time()
    fetcher = Fetcher(
        limits=Limits(size=50_000),
        resolve=lambda *_: ["93.184.216.34"],
        connect=lambda *_: Spoken(waiting.pop(0) if waiting else b"", piece),
        attempts=2,
        politeness=Politeness(0, time.clock, time.wait),  # nobody really waits as long as a server wishes
    )
    return fetcher.fetch(url, want, KNOWN)


NONE_SUCH = b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
NAMES = """Content-Type Content-Length Content-Encoding Transfer-Encoding Location ETag Last-Modified Retry-After
Set-Cookie Connection X""".split()
VALUES = st.text(st.characters(codec="latin-1"), max_size=30) | st.sampled_from(
    [
        "text/html", "text/html; charset*=utf-8''%zz", 'text/xml; charset="', "application/rss+xml", "chunked", "gzip",
        "deflate", "identity", "0", "5", "-1", "9" * 40, "http://[::1", "http://example.org:99999/", "//", "/y", "https://",
        "close", "keep-alive", "upgrade", "application/pdf", "x/" + "y" * 300, "http://a.example/%", "\u00e9", "?", "#",
    ]
)  # fmt: skip
BODIES = st.binary(max_size=60) | st.sampled_from(
    [
        b"<html><p>x",
        b"<?xml version='1.0' encoding='utf-7'?><rss/>",
        b"%PDF-",
        gzip.compress(b"<p>x" * 99),
        b"5\r\n<p>ab\r\n0\r\n\r\n",
        b"{}",
    ]
)


@st.composite
def answer(draw):
    status = draw(st.integers(0, 999) | st.sampled_from([101, 103, 200, 200, 200, 301, 302, 304, 410, 429, 503]))
    headers = draw(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5))
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("latin-1", "replace") + b"\r\n" + draw(BODIES)


@given(st.lists(answer() | st.binary(max_size=80), max_size=6), st.sampled_from(WANTS), st.integers(1, 70))
@settings(max_examples=100, deadline=None)
@example([b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"], "page", 70)
def test_whatever_is_sent_there_is_an_outcome(replies, want, piece):
    for before in ([], [NONE_SUCH]):
        found = fetched(before + replies, want, piece)
        assert isinstance(found, Fetched | NotModified | Gone | FetchFailed)
        if isinstance(found, FetchFailed):
            assert found.reason.isprintable()
            assert len(found.reason) < 300


@given(VALUES | st.none(), st.binary(max_size=60) | BODIES, st.sampled_from(WANTS))
@settings(max_examples=300, deadline=None)
@example("text/html; charset*=utf-8''%zz", b"<p>x", "page")
@example("text/xml; charset*0=a; charset*1*=%ff", b"<rss/>", "feed")
def test_whatever_it_claims_and_is_it_is_read_or_refused(claimed, body, want):
    with contextlib.suppress(BodyRefused):
        read = read_type(claimed or "", body, want)
        assert read.kind
        read.text.encode()


@pytest.mark.parametrize(
    "url", ["http://" + "a." * 200, "https://\u2488example.org/", "http://xn--a.example/", "http://a\u0300.example/"]
)
def test_an_odd_name_is_an_outcome(url):
    assert isinstance(fetched([NONE_SUCH, b""], url=url), FetchFailed)
