"""The way out of a network whose only door is a proxy: what goes through it, what never does, and what it may say."""

import socket
import ssl
from pathlib import Path

import pytest
from proxying import proxying
from web import serving

from corpus import CorpusSettings
from corpus.ingest.fetch.client import Fetcher, Limits
from corpus.models.fetched import Fetched, FetchFailed

CERTIFICATE = Path(__file__).parents[3] / "data" / "example_org.pem"
PAGE = "<!doctype html><html><body><p>Behind a proxy.</p></body></html>"
PRIVATE = "leads into a private network, which is not read; give the address of a public page"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def unknown(*_):
    raise socket.gaierror(socket.EAI_NONAME, "not known")


@pytest.fixture
def web():
    with serving() as web:
        yield web


@pytest.fixture
def proxy(web):
    with proxying(web.port) as proxy:
        yield proxy


@pytest.fixture
def fetch(monkeypatch):
    """Fetch with the names that are known here; the environment names no proxy but those that a test gives."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    def fetch(url, names=None, **options):
        def resolve(host, _):
            if host == "127.0.0.1":
                return [host]
            return (names or {}).get(host) or unknown()

        given = {"pause": 0, "attempts": 1, "resolve": resolve, "limits": Limits(connect=2, read=2, whole=5)}
        return Fetcher(**given | options).fetch(url)

    return fetch


def refusal(outcome):
    assert isinstance(outcome, FetchFailed), outcome
    return outcome.reason


@pytest.mark.parametrize("names", [{}, {"example.org": ["93.184.216.34"]}])
def test_a_page_comes_through_the_proxy_whose_name_only_it_need_know(web, proxy, fetch, names):
    web.put("/p", PAGE)
    found = fetch("http://example.org/p", names, proxy=proxy.address)
    assert isinstance(found, Fetched)
    assert found.text == PAGE
    assert proxy.targets() == [("GET", "http://example.org/robots.txt"), ("GET", "http://example.org/p")]
    assert {headers["Host"] for _, headers in web.asked} == {"example.org"}


def test_tls_is_with_the_site_and_not_with_the_proxy(web, fetch, proxy):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    web.server.socket = context.wrap_socket(web.server.socket, server_side=True)
    web.put("/p", PAGE)
    assert refusal(fetch("https://example.org/p", proxy=proxy.address)) == "has a certificate that cannot be trusted"
    assert fetch("https://example.org/p", proxy=proxy.address, certificates=CERTIFICATE).text == PAGE
    other = fetch("https://example.net/p", proxy=proxy.address, certificates=CERTIFICATE)
    assert refusal(other) == "has a certificate that cannot be trusted"
    assert {method for method, _ in proxy.targets()} == {"CONNECT"}
    assert proxy.targets()[0] == ("CONNECT", "example.org:443")


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://127.0.0.1/x", {}),
        ("http://10.0.0.7/x", {}),
        ("https://169.254.169.254/latest", {}),
        ("http://[::1]/x", {}),
        ("http://intranet/x", {}),
        ("http://wiki.corp/x", {}),
        ("http://printer.local/x", {}),
        ("http://a.localhost/x", {}),
        ("http://metadata.google.internal/x", {}),
        ("http://10.1.0x1/x", {}),
        ("http://wiki.example.org/x", {"wiki.example.org": ["10.0.0.5"]}),
        ("http://both.example.org/x", {"both.example.org": ["93.184.216.34", "192.168.0.1"]}),
    ],
)
def test_what_can_be_seen_to_lead_inside_is_not_asked_of_the_proxy(proxy, fetch, url, names):
    assert refusal(fetch(url, names, proxy=proxy.address)) == PRIVATE
    assert proxy.asked == []


def test_a_redirect_through_the_proxy_is_checked_like_the_first_address(web, proxy, fetch):
    web.put("/x", status=302, Location="http://169.254.169.254/secret")
    assert refusal(fetch("http://example.org/x", proxy=proxy.address)) == f"redirects to an address that {PRIVATE}"
    assert ("GET", "http://169.254.169.254/secret") not in proxy.targets()


def test_an_allowed_host_is_never_asked_through_the_proxy(web, proxy, fetch):
    url = web.put("/p", PAGE)
    assert isinstance(fetch(url, allowed=frozenset({web.host}), proxy=proxy.address), Fetched)
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("variables", "through"),
    [
        ({"HTTP_PROXY": "{proxy}"}, True),
        ({"http_proxy": "{proxy}"}, True),
        ({"ALL_PROXY": "{proxy}"}, True),
        ({"HTTP_PROXY": "{proxy}", "NO_PROXY": "other.example, .example.net"}, True),
        ({"HTTP_PROXY": "{proxy}", "NO_PROXY": "example.org"}, False),
        ({"HTTP_PROXY": "{proxy}", "NO_PROXY": ".org"}, False),
        ({"HTTP_PROXY": "{proxy}", "NO_PROXY": "*"}, False),
        ({"HTTPS_PROXY": "{proxy}"}, False),
        ({}, False),
    ],
)
def test_the_environment_names_the_proxy_and_what_goes_without(web, proxy, fetch, monkeypatch, variables, through):
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(proxy=proxy.address))
    web.put("/p", PAGE)
    found = fetch("http://example.org/p", proxy="environment")
    assert isinstance(found, Fetched) == through
    assert bool(proxy.asked) == through
    assert fetch("http://example.org/p", proxy="none").unreached


def test_a_name_and_a_password_are_told_to_the_proxy_alone(web, proxy, fetch):
    web.put("/p", PAGE)
    address = proxy.address.replace("http://", "http://ada:s%3Ac@")
    assert isinstance(fetch("http://example.org/p", proxy=address), Fetched)
    assert proxy.asked[0][2]["Proxy-Authorization"] == "Basic YWRhOnM6Yw=="
    assert not any("Authorization" in name for _, headers in web.asked for name in headers)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (407, "cannot be asked for: the proxy {at} wants a name and a password (407); see FOOTNOTE_FETCH_PROXY"),
        (403, "cannot be asked for: the proxy {at} does not allow it (403)"),
        (502, "cannot be reached through the proxy {at} (502); try again later"),
    ],
)  # fmt: skip
def test_what_a_proxy_refuses_is_said_of_the_proxy(proxy, fetch, status, said):
    proxy.status = status
    at = proxy.address.removeprefix("http://")
    assert refusal(fetch("https://example.org/p", proxy=proxy.address)) == said.format(at=at)


def test_a_proxy_that_is_away_or_is_none_is_said_to_be(fetch, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = refusal(fetch("http://example.org/p", proxy=f"http://{address}"))
    assert said == f"cannot be asked for: the proxy {address} cannot be reached; see FOOTNOTE_FETCH_PROXY"
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:9")
    said = refusal(fetch("http://example.org/p", proxy="environment"))
    assert "is a proxy of the kind socks5; only http:// and https:// proxies are used" in said


def test_the_settings_take_a_proxy_and_a_file_of_certificates_and_nothing_else(monkeypatch, tmp_path):
    assert CorpusSettings().fetch_proxy == "environment"
    monkeypatch.setenv("FOOTNOTE_FETCH_PROXY", "http://ada:secret@proxy.example.org:3128")
    monkeypatch.setenv("FOOTNOTE_FETCH_CA", str(CERTIFICATE))
    settings = CorpusSettings()
    assert settings.fetch_proxy.endswith("@proxy.example.org:3128")
    assert settings.fetch_ca == CERTIFICATE
    assert "secret" not in repr(settings)
    monkeypatch.setenv("FOOTNOTE_FETCH_CA", str(tmp_path / "none.pem"))
    with pytest.raises(ValueError, match="is no file of certificates that can be read"):
        CorpusSettings()
    monkeypatch.delenv("FOOTNOTE_FETCH_CA")
    monkeypatch.setenv("FOOTNOTE_FETCH_PROXY", "socks5://proxy.example.org")
    with pytest.raises(ValueError, match="fetch_proxy"):
        CorpusSettings()
