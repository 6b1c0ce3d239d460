"""A page comes over the network, or a clause that says why not. All of it against a web on loopback."""

import gzip
import socket
import threading
import zlib

import httpcore2
import pytest
from web import serving

from corpus.ingest.fetch.client import Fetcher, Limits
from corpus.ingest.fetch.url_safety import is_public
from corpus.models.fetched import Fetched, FetchFailed
from corpus.text.media_type import TO_FOLLOW

PAGE = "<!doctype html><html><body><p>Größe, 开放, 🙂</p></body></html>"
PRIVATE = "leads into a private network, which is not read; give the address of a public page"
UNKNOWN = "has a name that no server answers to; check its spelling, or whether this computer is online"
NO_ADDRESS = "is no web address; it should look like https://example.org/piece"
QUICK = Limits(connect=2, read=0.3, whole=1.0, size=100_000)


@pytest.fixture
def web():
    with serving() as web:
        yield web


@pytest.fixture
def fetch(web):
    """Fetch from the loopback web, which is allowed."""

    def fetch(url, want="page", **options):
        given = {"contact": "https://example.org/bot", "allowed": frozenset({web.host}), "pause": 0, "attempts": 1}
        return Fetcher(**given | options).fetch(url, want)

    return fetch


def refusal(outcome):
    assert isinstance(outcome, FetchFailed), outcome
    return outcome.reason


def never(*_):
    pytest.fail("a connection was opened")


# What is fetched


def test_a_page_comes_as_text_with_where_it_was_found(web, fetch):
    url = web.put("/p/x", PAGE)
    assert fetch(f"{url}#part") == Fetched(f"{url}#part", url, "text/html", PAGE, PAGE.encode())


def test_who_we_are_is_told_and_no_cookie_is_brought_back(web, fetch):
    web.put("/a", status=302, Location="/b", Set_Cookie="s=1; Path=/")
    web.put("/b", PAGE, Set_Cookie="s=2; Path=/")
    fetch(web.url("/a"))
    assert web.paths() == ["/robots.txt", "/a", "/b"]
    for _, headers in web.asked:
        assert headers["User-Agent"] == "Footnote/0.1 (+https://example.org/bot)"
        assert headers["Host"] == web.host
        assert "Cookie" not in headers


def test_a_proxy_of_the_environment_is_not_used_without_the_setting(web, fetch, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert isinstance(fetch(web.put("/x", PAGE)), Fetched)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_last_address_told(web, fetch, status):
    web.put("/new", PAGE)
    found = fetch(web.put("/old", status=status, Location="new"))
    assert (found.url, found.final_url) == (web.url("/old"), web.url("/new"))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("identity", bytes),
    ],
)
def test_a_compressed_page_is_the_same_page(web, fetch, coding, pack):
    assert fetch(web.put("/x", pack(PAGE.encode()), Content_Encoding=coding)).text == PAGE


@pytest.mark.parametrize(
    ("told", "body"),
    [
        ("text/html; charset=utf-8", PAGE.encode()),
        ("text/html", b"\xef\xbb\xbf" + PAGE.encode()),
        ("text/html", PAGE.encode("utf-16")),
        ("text/html", PAGE.encode()),
        ('text/html; charset="GB18030"', PAGE.encode("gb18030")),
        ("text/html; charset=rot13", PAGE.encode()),
        ("text/html; charset=", PAGE.encode()),
        ("text/html; charset=undefined-9", PAGE.encode()),
    ],
)
def test_the_character_set_is_found(web, fetch, told, body):
    assert fetch(web.put("/x", body, Content_Type=told)).text == PAGE


def test_a_character_set_that_only_the_page_tells_is_found_and_latin_1_is_what_browsers_take_it_for(web, fetch):
    page = '<html><head><meta charset="iso-8859-1"></head><body>“Größe”</body></html>'
    assert fetch(web.put("/x", page.encode("cp1252"), Content_Type="text/html")).text == page


@pytest.mark.parametrize(
    ("told", "body", "is_found"),
    [
        ("text/plain", "Plain words.", "text/plain"),
        ("text/markdown", "---\nid: x\n---\n", "text/markdown"),
        ("application/xhtml+xml", '<?xml version="1.0"?><html></html>', "application/xhtml+xml"),
        ("text/plain", PAGE, "text/html"),
        (None, PAGE, "text/html"),
        ("text/html", "<!-- a --><!-- b --> <p>Words.</p>", "text/html"),
    ],
)
def test_a_page_is_what_it_is(web, fetch, told, body, is_found):
    assert fetch(web.put("/x", body, Content_Type=told)).content_type == is_found


# What is refused: addresses


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", NO_ADDRESS),
        ("ftp://example.org/x", NO_ADDRESS),
        ("gopher://127.0.0.1:70/x", NO_ADDRESS),
        ("javascript:alert(1)", NO_ADDRESS),
        ("data:text/html,hello", NO_ADDRESS),
        ("//127.0.0.1/", NO_ADDRESS),
        ("127.0.0.1", NO_ADDRESS),
        ("", NO_ADDRESS),
        ("http://", NO_ADDRESS),
        ("http://127。0。0。1/", NO_ADDRESS),
        ("http://[::1%25lo]/", NO_ADDRESS),
        ("http://example.org:22/", "is at port 22; only the web's own ports 80 and 443 are read"),
        ("https://example.org:6379/", "is at port 6379; only the web's own ports 80 and 443 are read"),
        ("http://example.org@127.0.0.1/", "carries a user name or a password; take it out"),
        ("http://127.0.0.1\\@example.org/", "has a space or a character that no address has"),
        ("http://exam ple.org/", "has a space or a character that no address has"),
        ("http://example.org/\r\nHost: x", "has a space or a character that no address has"),
        ("http://" + "a" * 64 + ".example/", UNKNOWN),
    ],
)
def test_an_address_that_is_none_for_us_is_refused_before_anything_is_opened(url, said):
    assert refusal(Fetcher(pause=0, attempts=1, connect=never).fetch(url)) == said


@pytest.mark.parametrize(
    "host",
    """127.0.0.1 127.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 １２７.0.0.1 ①②⑦.0.0.1
    [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::]
    [2001:0:1:1::80ff:fffe] [fe80::1] [fc00::1] [fd00:ec2::254] [ff02::1] [2001:db8::1] 0.0.0.0 0 10.0.0.1 172.16.0.1
    192.168.0.1 100.64.0.1 100.100.100.200 169.254.169.254 168.63.129.16 192.0.0.192 198.18.0.1 203.0.113.1 224.0.0.1
    240.0.0.1 255.255.255.255 localhost LOCALHOST.""".split(),
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_private_address_in_any_spelling_is_refused_before_anything_is_opened(scheme, host):
    assert refusal(Fetcher(pause=0, attempts=1, connect=never).fetch(f"{scheme}://{host}/latest/meta-data/")) == PRIVATE


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::"]
)
def test_a_public_address_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"], []]
)
def test_a_public_name_that_leads_inside_is_refused(answer):
    fetcher = Fetcher(pause=0, attempts=1, resolve=lambda *_: answer, connect=never)
    assert refusal(fetcher.fetch("https://example.org/")) == PRIVATE


class Rebinding:
    """A name whose address is public when first asked, and the loopback's from then on."""

    def __init__(self, web):
        self.web, self.answers, self.opened = web, [], []

    def resolve(self, host, _port):
        self.answers.append("127.0.0.1" if self.answers else "93.184.216.34")
        return [self.answers[-1]] if host == "example.org" else pytest.fail(host)

    def connect(self, host, port, *rest):
        """Where the public address would be, the loopback web stands in for it."""
        self.opened.append((host, port))
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.web.port, *rest)


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(web):
    web.put("/x", PAGE, Connection="close")
    web.put("/robots.txt", b"")
    names = Rebinding(web)
    fetcher = Fetcher(pause=0, attempts=1, resolve=names.resolve, connect=names.connect)
    assert fetcher.fetch("http://example.org/x").text == PAGE
    assert names.opened == [("93.184.216.34", 80)]
    assert web.asked[-1][1]["Host"] == "example.org"
    # The next connection asks anew, and is refused before it is opened.
    assert refusal(fetcher.fetch("http://example.org/x")) == PRIVATE
    assert names.opened == [("93.184.216.34", 80)]


def test_a_name_that_changes_between_robots_txt_and_the_page_is_refused(web):
    web.put("/x", PAGE)
    web.put("/robots.txt", b"", Connection="close")
    names = Rebinding(web)
    assert (
        refusal(
            Fetcher(pause=0, attempts=1, resolve=names.resolve, connect=names.connect).fetch("http://example.org/x")
        )
        == PRIVATE
    )
    assert web.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (
            "http://localhost:{port}/secret",
            "redirects to an address that is at port {port}; only the web's own ports 80 and 443 are read",
        ),
        ("http://169.254.169.254/latest/meta-data/", f"redirects to an address that {PRIVATE}"),
        ("http://[::1]/", f"redirects to an address that {PRIVATE}"),
        ("//2130706433/", f"redirects to an address that {PRIVATE}"),
        ("file:///etc/passwd", f"redirects to an address that {NO_ADDRESS}"),
        ("javascript:alert(1)", f"redirects to an address that {NO_ADDRESS}"),
        ("http://a:b@example.org/", "redirects to an address that carries a user name or a password; take it out"),
        ("http://[::1", "redirects to what is no web address"),
    ],
)
def test_a_redirect_into_the_inside_is_refused(web, fetch, location, said):
    web.put("/secret", PAGE)
    url = web.put("/x", status=302, Location=location.format(port=web.port))
    assert refusal(fetch(url)) == said.format(port=web.port)
    assert "/secret" not in web.paths()


def test_a_page_outside_cannot_send_us_to_an_allowed_host_inside(web):
    """Neither to its page nor to its robots.txt: who allows a host for moderators has not allowed it for every site."""
    web.put("/x", status=302, Location=f"http://{web.host}/secret")
    web.put("/secret", PAGE)
    names = {"example.org": ["93.184.216.34"], "127.0.0.1": ["127.0.0.1"]}
    fetcher = Fetcher(
        pause=0,
        attempts=1,
        allowed=frozenset({"127.0.0.1"}),
        resolve=lambda host, _: names[host],
        connect=lambda _, __, *rest: httpcore2.SyncBackend().connect_tcp("127.0.0.1", web.port, *rest),
    )
    assert refusal(fetcher.fetch("http://example.org/x")).startswith("redirects to an address that is at port")
    web.put("/x", status=302, Location="http://127.0.0.1/secret")
    assert refusal(fetcher.fetch("http://example.org/x")) == f"redirects to an address that {PRIVATE}"
    assert [h["Host"] for _, h in web.asked] == ["example.org"] * 3


def test_an_allowed_host_is_allowed_as_it_is_written(web, fetch):
    url = web.put("/x", PAGE)
    assert isinstance(fetch(url, allowed=frozenset({"127.0.0.1"})), Fetched)
    for allowed in ("localhost", "127.0.0.1:80", "127.0.0"):
        assert "only the web's own ports" in refusal(fetch(url, allowed=frozenset({allowed})))


# What is refused: answers


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (204, "is not given as a page (204)"),
        (304, "is not given as a page (304)"),
        (403, "is not open to this program (403); add its text as a file"),
        (404, "is not there (404); check the address"),
        (429, "is asked for too often just now, or its site is busy (429); try again later"),
        (500, "is out of order on its site (500); try again later"),
        (503, "is asked for too often just now, or its site is busy (503); try again later"),
    ],
)
def test_a_status_is_told_in_words(web, fetch, status, said):
    assert refusal(fetch(web.put("/x", b"", status=status))) == said


@pytest.mark.parametrize(
    ("told", "body", "said"),
    [
        ("text/html", b"%PDF-1.7 ...", "claims to be a page and is a PDF file; give a web page"),
        ("text/html", b"\x89PNG\r\n\x1a\n", "claims to be a page and is a picture; give a web page"),
        (
            "text/plain",
            b"PK\x03\x04...",
            "claims to be a page and is an archive or an office document; give a web page",
        ),
        (
            "text/html",
            gzip.compress(PAGE.encode(), mtime=0),
            "claims to be a page and is a compressed file; give a web page",
        ),
        ("text/plain", b"a\0b", "claims to be a page and is no text; give a web page"),
        (
            "application/octet-stream",
            PAGE.encode(),
            "is of the type application/octet-stream; only web pages and plain text are read",
        ),
        ("application/json", b"{}", "is of the type application/json; only web pages and plain text are read"),
        ("text/html", b'<?xml version="1.0"?><rss></rss>', TO_FOLLOW),
        ("application/atom+xml", b"<feed xmlns='http://www.w3.org/2005/Atom'>", TO_FOLLOW),
        ("text/xml", b"\n<?xml version='1.0'?><!-- made by hand --><urlset>", TO_FOLLOW),
        ("text/html", b"<svg></svg>", "claims to be a page and is XML; give the address of a page"),
        (None, b"words", "does not say what it is, and does not look like a web page"),
        ("text/html", b" \n", "is empty"),
        ("text/html", b"", "is empty"),
    ],
)
def test_what_is_no_page_is_refused_whatever_it_claims(web, fetch, told, body, said):
    assert refusal(fetch(web.put("/x", body, Content_Type=told))) == said


TOO_LARGE = "is larger than 0.1 MB, which is more than a page is read for"


def endless(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(b"<p>more</p>" * 1000)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"a" * 100_001, {}),
        (b"", {"Content_Length": "50000000"}),
        (b"a" * 100_001, {"Content_Length": "99999999999999999999999999999999999999"}),
        (gzip.compress(b"a" * 50_000_000), {"Content_Encoding": "gzip"}),
        (zlib.compress(b"a" * 50_000_000), {"Content_Encoding": "deflate"}),
        (endless, {}),
    ],
    ids=["a byte too many", "announced", "announced beyond reason", "gzip bomb", "deflate bomb", "endless"],
)
def test_a_page_that_is_too_large_is_left_off(web, fetch, body, headers):
    said = refusal(fetch(web.put("/x", body, **headers), limits=Limits(size=100_000)))
    assert said in {TOO_LARGE, "broke off or is no web server; try again later"}
    if not headers.get("Content_Length", "").startswith("999"):
        assert said == TOO_LARGE


@pytest.mark.parametrize(
    ("body", "coding", "said"),
    [
        (gzip.compress(PAGE.encode(), mtime=0)[:-9], "gzip", "broke off before its end; try again later"),
        (PAGE.encode(), "gzip", "is compressed wrongly; the site's server is at fault"),
        (PAGE.encode(), "br", "is compressed in a way that was not asked for; the site's server is at fault"),
        (PAGE.encode(), "gzip, gzip", "is compressed in a way that was not asked for; the site's server is at fault"),
    ],
)
def test_a_body_that_is_not_as_its_headers_say_is_refused(web, fetch, body, coding, said):
    assert refusal(fetch(web.put("/x", body, Content_Encoding=coding))) == said


def raw(*pieces, pause=0.0, until=None):
    """A response in these pieces of bytes, with a pause after each."""

    def write(handler):
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            if pause and until.wait(pause):
                return

    return write


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD + b"Content-Length: 900\r\n\r\n<p>half",),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf",),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n",),
        (b"HTTP/1.1 200",),
        (b"",),
        (b"SSH-2.0-OpenSSH_9.7\r\n",),
        (HEAD + b"X: " + b"x" * 200_000 + b"\r\n\r\n",),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n<p>..</p>",),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",),
    ],
    ids=range(9),
)
def test_a_server_that_breaks_off_or_talks_nonsense_is_told(web, fetch, pieces):
    assert refusal(fetch(web.put("/x", raw(*pieces)))) == "broke off or is no web server; try again later"


SLOW = "answers too slowly; try again later"


@pytest.mark.parametrize(
    ("pieces", "pause"),
    [
        ([b"", b""], 5),
        ([HEAD + b"\r\n<p>", b"more"], 5),
        ([HEAD + b"\r\n", *[b"a"] * 200], 0.05),
        ([b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 200], 0.05),
        ([*[b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 200], 0.05),
    ],
    ids=["silent", "stops", "byte by byte", "header by header", "hints without end"],
)
def test_a_server_that_holds_us_is_left(web, fetch, pieces, pause):
    url = web.put("/x", raw(*pieces, pause=pause, until=web.stopping))
    assert refusal(fetch(url, limits=QUICK)) == SLOW


def test_redirects_end(web, fetch):
    web.put("/a", status=302, Location="/b")
    web.put("/b", status=302, Location="/a")
    assert refusal(fetch(web.url("/a"))) == "redirects in a circle"
    for n in range(9):
        web.put(f"/{n}", status=302, Location=f"/{n + 1}")
    assert refusal(fetch(web.url("/0"))) == "redirects more than 5 times"
    assert web.paths().count("/6") == 0


def test_a_redirect_without_a_place_is_no_page(web, fetch):
    assert refusal(fetch(web.put("/x", status=302))) == "is not given as a page (302)"


def test_a_server_that_is_not_there_is_told():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        fetcher = Fetcher(pause=0, attempts=1, allowed=frozenset({host}))
        assert refusal(fetcher.fetch(f"http://{host}/")) == "cannot be reached; try again later"


def test_a_name_that_nobody_has_is_told():
    def resolve(*_):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    said = refusal(Fetcher(pause=0, attempts=1, resolve=resolve, connect=never).fetch("https://nobody.example/"))
    assert said == UNKNOWN


def test_one_of_several_addresses_that_answers_is_enough(web):
    web.put("/x", PAGE)

    def connect(address, _port, *rest):
        if address == "1.1.1.1":
            raise httpcore2.ConnectError
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", web.port, *rest)

    fetcher = Fetcher(pause=0, attempts=1, resolve=lambda *_: ["1.1.1.1", "93.184.216.34"], connect=connect)
    assert fetcher.fetch("http://example.org/x").text == PAGE


def test_a_plain_server_at_the_encrypted_port_is_told(web):
    fetcher = Fetcher(pause=0, attempts=1, allowed=frozenset({web.host}))
    assert refusal(fetcher.fetch(f"https://{web.host}/")) == "cannot be reached; try again later"


# robots.txt


@pytest.mark.parametrize(
    ("robots", "path", "is_read"),
    [
        ("User-agent: *\nDisallow: /private\n", "/p/x", True),
        ("User-agent: *\nDisallow: /private\n", "/private/x", False),
        ("User-agent: *\nDisallow: /\n", "/p/x", False),
        ("User-agent: *\nDisallow:\n", "/p/x", True),
        ("User-agent: Footnote\nDisallow: /\n\nUser-agent: *\nDisallow:\n", "/p/x", False),
        ("User-agent: Footnote\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/p/x", True),
        ("User-agent: GPTBot\nDisallow: /\n", "/p/x", True),
        ("\0\x01 garbage \ud7ff ::: [[[", "/p/x", True),
        ("<html><body>Not found</body></html>", "/p/x", True),
        ("User-agent: *\nDisallow: //[x\nCrawl-delay: ²\nDisallow: /private\n", "/private/x", False),
        ("User-agent: *\nDisallow: //[x\n", "/p/x", True),
        ("", "/p/x", True),
    ],
    ids=range(12),
)
def test_robots_txt_is_obeyed_and_garbage_forbids_nothing(web, fetch, robots, path, is_read):
    web.put("/robots.txt", robots, Content_Type="text/plain")
    found = fetch(web.put(path, PAGE))
    assert isinstance(found, Fetched) == is_read
    assert (path in web.paths()) == is_read
    if not is_read:
        assert found.reason == "may not be read by programs, says the site's robots.txt; add its text as a file"


def test_a_robots_txt_that_is_out_of_order_keeps_us_away_until_it_is_mended(web):
    fetcher = Fetcher(pause=0, attempts=1, allowed=frozenset({web.host}))
    web.put("/robots.txt", b"", status=500)
    url = web.put("/x", PAGE)
    assert refusal(fetcher.fetch(url)).startswith("could not be read: the site's robots.txt is out of order")
    web.put("/robots.txt", b"")
    assert isinstance(fetcher.fetch(url), Fetched)
    assert isinstance(fetcher.fetch(url), Fetched)
    assert web.paths().count("/robots.txt") == 2


def test_the_robots_txt_of_the_place_that_a_redirect_leads_to_is_asked(web, fetch):
    web.put("/robots.txt", "User-agent: *\nDisallow: /hidden\n")
    web.put("/hidden", PAGE)
    assert "robots.txt" in refusal(fetch(web.put("/x", status=302, Location="/hidden")))
    assert "/hidden" not in web.paths()


def test_of_a_robots_txt_without_end_the_beginning_counts(web, fetch):
    rules = b"User-agent: *\nDisallow: /private\n" + b"# more\n" * 200_000 + b"Disallow: /\n"
    web.put("/robots.txt", rules)
    assert isinstance(fetch(web.put("/x", PAGE)), Fetched)
    assert "robots.txt" in refusal(fetch(web.put("/private", PAGE)))
    web.put("/robots.txt", endless)
    assert isinstance(fetch(web.url("/x")), Fetched)


def test_several_threads_can_share_one_fetcher(web):
    fetcher = Fetcher(pause=0, attempts=1, allowed=frozenset({web.host}))
    url, found = web.put("/x", PAGE), []
    threads = [threading.Thread(target=lambda: found.append(fetcher.fetch(url))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [page.text for page in found] == [PAGE] * 8
