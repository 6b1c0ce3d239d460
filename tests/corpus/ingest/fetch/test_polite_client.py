"""One polite client: what is known is not sent twice, what may pass is asked again, and nothing leads inside."""

import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpcore2
import pytest
import ssrf_table

from corpus.ingest.fetch import connection
from corpus.ingest.fetch.client import Fetcher, Limits
from corpus.ingest.fetch.politeness import Politeness
from corpus.models.fetched import Fetched, FetchFailed, Gone, NotModified, Validators
from tests.corpus.ingest.fetch.test_client import HEAD, PAGE, raw, refusal
from tests.corpus.ingest.fetch.test_client import web as _web

web = _web
CERTIFICATE = Path(__file__).parents[3] / "data" / "example_org.pem"
FEED = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>开放</title></channel></rss>'


@pytest.fixture
def fetcher():
    return Fetcher(allowed=frozenset({"127.0.0.1"}), pause=0)


class Time:
    """A clock that only waiting moves; whole fetches are measured by it, too."""

    def __init__(self, monkeypatch):
        self.at, self.waits = 1000.0, []
        monkeypatch.setattr(connection, "monotonic", lambda: self.at)

    def wait(self, seconds):
        self.waits.append(round(seconds, 3))
        self.at += seconds

    def fetcher(self, pause=0.0, **options):
        politeness = Politeness(pause, lambda: self.at, self.wait, lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
        return Fetcher(allowed=frozenset({"127.0.0.1"}), politeness=politeness, **options)


@pytest.fixture
def time(monkeypatch):
    return Time(monkeypatch)


def answers(*replies):
    """A page that answers with each of these in turn, and then with the last: (status, headers, body)."""
    waiting = list(replies)

    def answer(handler):
        status, headers, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        told = "".join(f"{name}: {value}\r\n" for name, value in {"Content-Type": "text/html", **headers}.items())
        handler.wfile.write(f"HTTP/1.1 {status} X\r\n{told}Content-Length: {len(body)}\r\n\r\n{body}".encode())

    return answer


FINE = (200, {}, "<p>Words.</p>")


# Known again


def test_what_has_not_changed_is_not_sent_again(web, fetcher):
    url = web.put("/feed", FEED, ETag='W/"7 a"', Last_Modified="Tue, 24 Nov 2026 12:00:00 GMT")
    first = fetcher.fetch(url, "feed")
    assert first.validators == Validators('W/"7 a"', "Tue, 24 Nov 2026 12:00:00 GMT")
    web.put("/feed", b"", status=304)
    assert fetcher.fetch(url, "feed", first.validators) == NotModified(url)
    asked = dict(web.asked)["/feed"]
    assert asked["If-None-Match"] == 'W/"7 a"'
    assert asked["If-Modified-Since"] == "Tue, 24 Nov 2026 12:00:00 GMT"
    assert "If-None-Match" not in web.asked[0][1]  # which is robots.txt


def test_who_was_not_asked_so_has_nothing_to_say_with_304(web, fetcher):
    assert refusal(fetcher.fetch(web.put("/x", b"", status=304), "feed")) == "is not given as a feed (304)"


@pytest.mark.parametrize("told", ["", "x" * 501, "a\x07b", "größe"])
def test_a_validator_that_fits_into_no_header_is_none(web, fetcher, told):
    web.put("/x", answers((200, {"ETag": told, "Last-Modified": told}, "<p>Words.</p>")))
    assert fetcher.fetch(web.url("/x")).validators == Validators()
    assert isinstance(fetcher.fetch(web.url("/x"), "page", Validators(told, "a\r\nX: y")), Fetched)
    assert not {"If-None-Match", "If-Modified-Since", "X"} & set(web.asked[-1][1])


# Moved, gone


@pytest.mark.parametrize(
    ("statuses", "is_for_good"),
    [([301], True), ([308, 301], True), ([302], False), ([307, 301], False), ([301, 303], False), ([], False)],
)
def test_a_move_is_remembered_only_where_each_step_was_for_good(web, fetcher, statuses, is_for_good):
    for place, status in enumerate(statuses):
        web.put(f"/{place}", status=status, Location=f"/{place + 1}")
    end = web.put(f"/{len(statuses)}", PAGE)
    found = fetcher.fetch(web.url("/0"))
    assert (found.final_url, found.moved_to) == (end, end if is_for_good else None)
    web.put(f"/{len(statuses)}", b"", status=304)
    known = fetcher.fetch(web.url("/0"), "page", Validators("x"))
    assert known == NotModified(web.url("/0"), end if is_for_good else None)


def test_what_is_gone_is_gone_and_not_on_the_word_of_a_detour(web, fetcher):
    web.put("/gone", b"", status=410)
    web.put("/moved", status=301, Location="/gone")
    web.put("/detour", status=302, Location="/gone")
    assert fetcher.fetch(web.url("/gone")) == Gone(web.url("/gone"))
    assert fetcher.fetch(web.url("/moved"), "feed") == Gone(web.url("/moved"))
    assert refusal(fetcher.fetch(web.url("/detour"))) == "is not there (410); check the address"


# Again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 521])
def test_a_failure_that_passes_is_asked_about_again(web, fetcher, status):
    url = web.put("/x", answers((status, {}, ""), FINE))
    assert fetcher.fetch(url).text == "<p>Words.</p>"
    assert web.paths().count("/x") == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 451, 501, 505])
def test_a_failure_that_stays_is_not(web, fetcher, status):
    found = fetcher.fetch(web.put("/x", answers((status, {}, ""))))
    assert (found.passing, web.paths().count("/x")) == (False, 1)


def test_a_connection_that_breaks_off_is_tried_three_times_and_each_step_is_told(web, fetcher):
    told = []
    url = web.put("/x", raw(HEAD + b"Content-Length: 900\r\n\r\n<p>half"))
    found = fetcher.fetch(url, on_step=lambda step, what: told.append((step, what)))
    assert found == FetchFailed(url, "broke off or is no web server; try again later", passing=True)
    assert told == [
        ("robots", f"{web.url('/robots.txt')} answers 404, lets this address be read"),
        *[("fetch", found.reason), ("again", "a failure that may pass: asked once more")] * 2,
        ("fetch", found.reason),
    ]


def test_redirects_and_what_was_found_are_told(web, fetcher):
    told = []
    robots = "answers 200, lets this address be read, and asks for 0.01 seconds between two requests"
    web.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.01")
    web.put("/feed", status=301, Location="/rss")
    web.put("/rss", FEED, Content_Type="text/xml; charset=utf-8")
    fetcher.fetch(web.url("/feed"), "feed", on_step=lambda step, what: told.append((step, what)))
    assert told == [
        ("robots", f"{web.url('/robots.txt')} {robots}"),
        ("redirect", f"{web.url('/feed')} has moved for good (301), to {web.url('/rss')}"),
        ("fetch", "is text/xml; charset=utf-8, 0 kB"),
    ]  # fmt: skip


def test_a_server_that_is_busy_is_asked_when_it_says_and_the_waiting_is_not_counted(web, time):
    replies = (503, {"Retry-After": "50"}, ""), (429, {"Retry-After": "Tue, 24 Nov 2026 12:00:59 GMT"}, ""), FINE
    url = web.put("/x", answers(*replies))
    assert isinstance(time.fetcher(limits=Limits(whole=20)).fetch(url), Fetched)
    assert time.waits == [0, 50, 0, 59]


def test_a_server_that_is_busy_for_long_is_not_asked_again_nor_for_another_page(web, time):
    fetcher = time.fetcher()
    url, other = web.put("/x", answers((429, {"Retry-After": "7200"}, ""))), web.put("/y", PAGE)
    until = "its site wants to be left alone until 2026-11-24 14:00 UTC"
    busy = f"is asked for too often just now, or its site is busy (429); {until}"
    assert fetcher.fetch(url) == FetchFailed(url, busy, passing=True)
    assert fetcher.fetch(other) == FetchFailed(other, f"was not asked: {until}", passing=True)
    assert web.paths() == ["/robots.txt", "/x"]


def test_a_host_that_is_down_is_left_alone_after_a_while(web, time):
    fetcher = time.fetcher()
    for number in range(4):
        found = fetcher.fetch(web.put(f"/{number}", answers((503, {}, ""))))
    assert found.reason == "was not asked: its site has failed several times in a row; try again later"
    assert len(web.paths()) == 1 + 6


def test_a_robots_txt_that_is_busy_is_asked_again_first(web, time):
    web.put("/robots.txt", answers((503, {"Retry-After": "5"}, ""), (200, {}, "User-agent: *\nDisallow: /a")))
    fetcher = time.fetcher()
    assert isinstance(fetcher.fetch(web.put("/x", PAGE)), Fetched)
    assert "robots.txt" in refusal(fetcher.fetch(web.put("/a", PAGE)))
    assert web.paths() == ["/robots.txt", "/robots.txt", "/x"]
    assert 5 in time.waits


def test_a_site_is_visited_at_the_pace_that_its_robots_txt_asks_for_however_long_that_takes(web, time):
    web.put("/robots.txt", "User-agent: *\nCrawl-delay: 40")
    fetcher = time.fetcher(pause=2, limits=Limits(whole=20))
    for path in "abc":
        assert isinstance(fetcher.fetch(web.put(f"/{path}", PAGE)), Fetched)
    assert time.waits == [40, 40]


@pytest.mark.parametrize(
    "robots",
    [
        {"status": 302, "Location": "/robots.txt"},
        {"body": b"Disallow", "Content_Encoding": "gzip"},
        {"body": b"Disallow", "Content_Encoding": "br"},
        {"body": b"\x89PNG\r\n\x1a\n\0\xff", "Content_Type": "image/png"},
        {"body": "User-agent: *\nDisallow: /".encode("utf-16")},
    ],
    ids=["in a circle", "no gzip", "brotli", "a picture", "in no character set that it may be in"],
)
def test_a_robots_txt_that_cannot_be_read_forbids_nothing(web, fetcher, robots):
    web.put("/robots.txt", **robots)
    assert isinstance(fetcher.fetch(web.put("/x", PAGE)), Fetched)


# At once, and not


def test_one_request_at_a_time_at_a_host_however_many_threads(web, fetcher):
    inside, most, lock = [], [], threading.Lock()

    def answer(handler):
        with lock:
            inside.append(1)
            most.append(len(inside))
        handler.server.stopping.wait(0.005)
        with lock:
            inside.pop()
        answers(FINE)(handler)

    web.server.stopping = web.stopping
    url = web.put("/x", answer)
    threads = [threading.Thread(target=fetcher.fetch, args=(url,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8
    assert web.paths().count("/robots.txt") == 1


def test_who_waits_for_an_answer_is_woken_and_nothing_is_fetched_any_more(web, fetcher):
    here, found = threading.Event(), []

    def silent(_):
        here.set()
        web.stopping.wait(20)

    url = web.put("/x", silent)
    waiting = threading.Thread(target=lambda: found.append(fetcher.fetch(url)))
    waiting.start()
    assert here.wait(5)
    fetcher.stop()
    waiting.join(5)
    assert [*found, fetcher.fetch(url)] == [FetchFailed(url, "was stopped", passing=True)] * 2
    assert web.paths().count("/x") == 1


# Certificates


@pytest.fixture
def secured(web):
    """The loopback web behind TLS, with a certificate for example.org that nobody trusts, wherever a name leads."""
    known = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    known.load_cert_chain(CERTIFICATE)
    web.server.socket = known.wrap_socket(web.server.socket, server_side=True)
    return Fetcher(
        resolve=lambda *_: ["93.184.216.34"],
        connect=lambda _, __, *rest: httpcore2.SyncBackend().connect_tcp("127.0.0.1", web.port, *rest),
        pause=0,
    )


def test_a_certificate_that_nobody_trusts_is_refused_at_once(web, secured):
    tries = []
    found = secured.fetch("https://example.org/x", on_step=lambda *told: tries.append(told))
    assert found == FetchFailed("https://example.org/x", "has a certificate that cannot be trusted", passing=False)
    assert len(tries) == 1
    assert web.asked == []


def test_a_certificate_is_that_of_the_name_though_an_address_is_connected_to(web, secured):
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    secured.network = replace(secured.network, ssl_context=trusting)
    web.put("/x", PAGE)
    assert secured.fetch("https://example.org/x").text == PAGE
    assert refusal(secured.fetch("https://example.net/x")) == "has a certificate that cannot be trusted"
    assert refusal(secured.fetch("https://www.example.org/x")) == "has a certificate that cannot be trusted"


# Into the inside


def test_nothing_has_us_read_the_inside():
    made = ssrf_table.rows()
    wrong = [row for row in made if not row.is_fine]
    assert wrong == [], ssrf_table.table(wrong)
    assert sum(not row.was_read for row in made) > 150
