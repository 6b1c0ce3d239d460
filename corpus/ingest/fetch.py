"""A page comes over the network: one polite request at a time, within limits, and never into a private network.

The address that was checked is the address that is connected to: a name is resolved once for each connection, all its
addresses are checked, and the socket is opened to one of them. TLS and the Host header keep the name. No cookies are
kept and no proxy is taken from the environment.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self
from urllib.parse import urljoin

import httpcore2

from corpus.ingest.address import AddressRefused, Target, check_public, target
from corpus.ingest.body import BodyRefused, Unpacker, read_type
from corpus.ingest.robots import ROBOTS_BYTES, Robots

AGENT = "Footnote"
PATHS = 4  # addresses of one name that are tried before we give up
REDIRECTS = frozenset({301, 302, 303, 307, 308})
Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[..., httpcore2.NetworkStream]
Check = Callable[["_Visit", Target, frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, for a connection, for a pause between two bytes and for all of a page; bytes after decompression."""

    connect: float = 10
    read: float = 15
    whole: float = 60
    size: int = 10_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as text. `final_url` is where redirects led; `content_type` is what the page is, whatever it claims."""

    url: str
    final_url: str
    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Why there is no page, as a clause that fits behind its address."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: dict[str, str]
    body: bytes


def resolve_name(host: str, port: int) -> list[str]:
    """The IP addresses that a name stands for, in the system's order; a number in any of its spellings is one, too."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class Fetcher:
    """Fetches pages. `allowed`: hosts (`name` or `name:port`) that may be inside a private network, at any port."""

    def __init__(
        self,
        contact: str | None = None,
        allowed: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        resolve: Resolve = resolve_name,
        connect: Connect | None = None,
    ) -> None:
        self.agent = f"{AGENT}/0.1" + (f" (+{contact})" if contact else "")
        self.allowed = frozenset(host.lower() for host in allowed)
        self.limits = limits or Limits()
        self.resolve = resolve
        self.connect = connect or httpcore2.SyncBackend().connect_tcp
        self.ssl_context = httpcore2.default_ssl_context()
        self._robots: dict[str, Robots] = {}

    def fetch(self, url: str) -> Fetched | FetchFailed:
        """The page at an address, if the site lets programs read it. Whatever the network does is a FetchFailed."""
        try:
            with _Visit(self) as visit:
                return self._page(visit, url)
        except (AddressRefused, BodyRefused) as reason:
            return FetchFailed(url, str(reason))
        except (httpcore2.TimeoutException, TimeoutError):
            return FetchFailed(url, "answers too slowly; try again later")
        except httpcore2.ConnectError as error:
            return FetchFailed(url, _no_connection(error))
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError):
            return FetchFailed(url, "broke off or is no web server; try again later")

    def _page(self, visit: "_Visit", url: str) -> Fetched:
        at, response = visit.follow(url, self.limits.size, self.allowed, self._check_robots)
        if response.status != 200:  # noqa: PLR2004  the one status that is a page
            raise BodyRefused(_status(response.status))
        kind, text = read_type(response.headers.get("content-type", ""), response.body)
        return Fetched(url, at.url, kind, text)

    def _check_robots(self, visit: "_Visit", at: Target, allowed: frozenset[str]) -> None:
        """Raises AddressRefused where the site's robots.txt does not want us at this address, or cannot be asked."""
        if at.origin not in self._robots:
            _, answer = visit.follow(f"{at.origin}/robots.txt", ROBOTS_BYTES, allowed)
            self._robots[at.origin] = Robots.of(answer.status, answer.body)
        refusal = self._robots[at.origin].refusal(AGENT, at.url)
        if refusal:
            if self._robots[at.origin].may_change:
                del self._robots[at.origin]
            raise AddressRefused(refusal)


class _Visit:
    """One fetch with its deadline and its connections; those to allowed hosts are kept apart from the others."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.ends = monotonic() + fetcher.limits.whole
        self._pools = {inside: self._pool(inside=inside) for inside in (True, False)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.close()

    def left(self, most: float | None) -> float:
        """Seconds that the next step may take, at most `most`. Raises TimeoutError where the deadline has passed."""
        rest = self.ends - monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest if most is None else min(rest, most)

    def follow(
        self, url: str, size: int, allowed: frozenset[str], check: Check | None = None
    ) -> tuple[Target, _Response]:
        """Request, and follow redirects, each of which is checked like the first; (where it ended, the response).

        An allowed host stays allowed only while we have been at allowed hosts: no page outside can send us inside.
        """
        seen = set[str]()
        at = target(url, allowed)
        while True:
            allowed = allowed if at.is_among(allowed) else frozenset()
            seen.add(at.url)
            if check:
                check(self, at, allowed)
            response = self._request(at, size, inside=bool(allowed))
            if response.status not in REDIRECTS or "location" not in response.headers:
                return at, response
            try:
                at = target(urljoin(at.url, response.headers["location"]), allowed)
            except ValueError as error:
                raise AddressRefused("redirects to what is no web address") from error
            except AddressRefused as error:
                raise AddressRefused(f"redirects to an address that {error}") from error
            if at.url in seen:
                raise AddressRefused("redirects in a circle")
            if len(seen) > self._fetcher.limits.redirects:
                raise AddressRefused(f"redirects more than {self._fetcher.limits.redirects} times")

    def _request(self, at: Target, size: int, *, inside: bool) -> _Response:
        limits = self._fetcher.limits
        timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        asked = {"User-Agent": self._fetcher.agent, "Accept": "text/html, text/*;q=0.8", "Accept-Encoding": "gzip"}
        headers = [*asked.items(), ("Host", at.authority)]
        with self._pools[inside].stream("GET", at.url, headers=headers, extensions={"timeout": timeouts}) as answer:
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            body = b"" if answer.status in REDIRECTS else Unpacker(told, size).unpack(answer.iter_stream())
        return _Response(answer.status, told, body)

    def _pool(self, *, inside: bool) -> httpcore2.ConnectionPool:
        return httpcore2.ConnectionPool(
            ssl_context=self._fetcher.ssl_context, network_backend=_GuardedBackend(self._fetcher, self, inside=inside)
        )


class _GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections to addresses that were checked, and to no others."""

    def __init__(self, fetcher: Fetcher, visit: _Visit, *, inside: bool) -> None:
        self._fetcher, self._visit, self._inside = fetcher, visit, inside

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = self._fetcher.resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:  # a label that is too long is a UnicodeError
            raise AddressRefused("has a name that no server answers to; check its spelling") from error
        if not self._inside:
            check_public(addresses)
        failed: Exception = httpcore2.ConnectError()
        for address in addresses[:PATHS]:
            try:
                stream = self._fetcher.connect(address, port, self._visit.left(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self._visit)
        raise failed


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no step outlasts the visit, so that a server cannot hold us with a byte now and then."""

    def __init__(self, stream: httpcore2.NetworkStream, visit: _Visit) -> None:
        self._stream, self._visit = stream, visit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._visit.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._visit.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._visit.left(timeout))
        return _TimedStream(stream, self._visit)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _no_connection(error: httpcore2.ConnectError) -> str:
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return "has a certificate that cannot be trusted"
    return "cannot be reached; try again later"


def _status(status: int) -> str:
    """What a status other than 200 means for the person who gave the address."""
    if status in {404, 410}:
        return f"is not there ({status}); check the address"
    if status in {401, 402, 403, 451}:
        return f"is not open to this program ({status}); add its text as a file"
    if status in {429, 503}:
        return f"is asked for too often just now, or its site is busy ({status}); try again later"
    if status >= 500:  # noqa: PLR2004  the server's own errors
        return f"is out of order on its site ({status}); try again later"
    return f"is not given as a page ({status})"
