"""One request over a connection that we open ourselves, to an address that was checked, within limits of time and size.

The address that was checked is the address that is connected to: a name is resolved once for each connection, all its
addresses are checked, and the socket is opened to one of them. TLS and the Host header keep the name. No cookies are
kept. Where a proxy is set (`proxy.py`), it resolves the name; TLS is with the site itself all the same.
"""

import errno
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, Self

import httpcore2

from corpus.ingest.fetch.proxy import NO_PROXY, Proxy, ProxyUnusable, check_before_proxy, describe_refusal, proxy_for
from corpus.ingest.fetch.response_body import Unpacker
from corpus.ingest.fetch.url_safety import AddressRefused, NameUnknown, check_public
from corpus.text.urls import WebAddress

PATHS = 4  # addresses of one name that are tried before we give up
NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})  # as without a network
OK, REDIRECTS = 200, frozenset({301, 302, 303, 307, 308})
Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[..., httpcore2.NetworkStream]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, for a connection, for a pause between two bytes and for all of a page; bytes after decompression."""

    connect: float = 10
    read: float = 15
    whole: float = 60
    size: int = 10_000_000
    redirects: int = 5


class NoAnswer(Exception):  # an outcome for the report, as NotAnEntry is
    """Why a request had no answer, as a clause. `is_the_hosts`: other requests to the host will fare no better.

    `unreached`: it never came to the host, as where there is no network.
    """

    def __init__(self, reason: str, *, is_the_hosts: bool, passing: bool = True, unreached: bool = False) -> None:
        super().__init__(reason)
        self.is_the_hosts, self.passing, self.unreached = is_the_hosts, passing, unreached


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; its body is read where it is what was asked for, and `b""` for every other status than 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Network:
    """How names are resolved and connections opened: the real ones, or those of a test. `proxy`: see `proxy_for`."""

    limits: Limits
    resolve: Resolve
    connect: Connect
    ssl_context: ssl.SSLContext
    proxy: str = NO_PROXY

    @classmethod
    def of(
        cls,
        limits: Limits,
        resolve: Resolve,
        connect: Connect | None,
        proxy: str = NO_PROXY,
        certificates: Path | None = None,
    ) -> Self:
        return cls(limits, resolve, connect or httpcore2.SyncBackend().connect_tcp, _trusted(certificates), proxy)


@cache
def _trusted(certificates: Path | None) -> ssl.SSLContext:
    """Which certificates are trusted: the system's, or those of SSL_CERT_FILE; and those of a file of our own.

    Reading them all takes 50 ms.
    """
    context = httpcore2.default_ssl_context()
    if certificates is not None:
        context.load_verify_locations(cafile=str(certificates))
    return context


def resolve_name(host: str, port: int) -> list[str]:
    """Return the IP addresses that a name stands for, in the system's order; a number, however spelt, is one, too."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class Deadline:
    """When a fetch has to end. Waiting for our turn does not count: `put_off` adds it."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def put_off(self, seconds: float) -> None:
        self._ends += seconds

    @property
    def is_over(self) -> bool:
        return monotonic() >= self._ends

    def left(self, most: float | None) -> float:
        """Return the seconds that the next step may take, at most `most`. Raises TimeoutError past the deadline."""
        rest = self._ends - monotonic()
        if rest <= 0:
            raise TimeoutError
        return rest if most is None else min(rest, most)


class Connections:
    """The connections of one fetch; those to allowed hosts are kept apart from the others. A context manager."""

    def __init__(self, network: Network, deadline: Deadline) -> None:
        self.network, self.deadline = network, deadline
        self._open = list[httpcore2.NetworkStream]()
        self._is_over = False
        self._pools = {
            inside: httpcore2.ConnectionPool(
                ssl_context=network.ssl_context, network_backend=_GuardedBackend(self, inside=inside)
            )
            for inside in (True, False)
        }
        self._proxied = dict[Proxy, httpcore2.ConnectionPool]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (*self._pools.values(), *self._proxied.values()):
            pool.close()

    def opened(self, stream: httpcore2.NetworkStream) -> httpcore2.NetworkStream:
        self._open.append(stream)
        if self._is_over:  # while the connection was made
            stream.close()
            raise httpcore2.ReadError
        return stream

    def hang_up(self) -> None:
        """Wake whoever reads from these connections; from another thread."""
        self._is_over = True
        for stream in tuple(self._open):
            wire = stream.get_extra_info("socket")
            with suppress(OSError):  # it was closed meanwhile
                if wire is not None:
                    wire.shutdown(socket.SHUT_RDWR)

    def request(
        self,
        at: WebAddress,
        headers: Mapping[str, str],
        unpacker: Callable[[Mapping[str, str]], Unpacker],
        *,
        inside: bool,
    ) -> Response:
        """Return the answer to one request. Raises NoAnswer, AddressRefused or BodyRefused."""
        limits = self.network.limits
        timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        sent = [*headers.items(), ("Accept-Encoding", "gzip"), ("Host", at.authority)]
        proxy = None if inside else self._proxy_for(at)
        pool = self._pool_of(proxy) if proxy else self._pools[inside]
        try:
            with pool.stream("GET", at.url, headers=sent, extensions={"timeout": timeouts}) as answer:
                stated = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                body = unpacker(stated).unpack(answer.iter_stream()) if answer.status == OK else b""
        except (httpcore2.TimeoutException, TimeoutError) as error:
            unreached = isinstance(error, httpcore2.ConnectTimeout)
            raise NoAnswer("answers too slowly; try again later", is_the_hosts=True, unreached=unreached) from error
        except httpcore2.ProxyError as error:
            assert proxy  # noqa: S101  it has answered
            reason, passing = describe_refusal(error, proxy)
            raise NoAnswer(reason, is_the_hosts=True, passing=passing) from error
        except httpcore2.ConnectError as error:
            # The pool raises it "from None": what it is about remains in its arguments.
            if any(isinstance(about, ssl.SSLCertVerificationError) for about in error.args):
                distrusted = "has a certificate that cannot be trusted"
                raise NoAnswer(distrusted, is_the_hosts=True, passing=False) from error
            unreached = any(getattr(about, "errno", None) in NO_WAY for about in error.args)
            raise NoAnswer("cannot be reached; try again later", is_the_hosts=True, unreached=unreached) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            raise NoAnswer("broke off or is no web server; try again later", is_the_hosts=False) from error
        return Response(answer.status, stated, body)

    def _proxy_for(self, at: WebAddress) -> Proxy | None:
        """The proxy that an address is asked for through, if any. Raises NoAnswer, AddressRefused."""
        try:
            proxy = proxy_for(at, self.network.proxy)
        except ProxyUnusable as error:
            reason = f"cannot be asked for: what HTTPS_PROXY or HTTP_PROXY names {error}; see FOOTNOTE_FETCH_PROXY"
            raise NoAnswer(reason, is_the_hosts=True, passing=False) from error
        if proxy:
            check_before_proxy(at, self.network.resolve)
        return proxy

    def _pool_of(self, proxy: Proxy) -> httpcore2.ConnectionPool:
        """The connections through a proxy: it may be in a private network, as whoever runs this program has set it."""
        if proxy not in self._proxied:
            context = self.network.ssl_context if proxy.url.startswith("https:") else None
            self._proxied[proxy] = httpcore2.ConnectionPool(
                ssl_context=self.network.ssl_context,
                network_backend=_ProxyBackend(self, inside=True),
                proxy=httpcore2.Proxy(proxy.url, proxy.auth, ssl_context=context),
            )
        return self._proxied[proxy]


class _GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections to addresses that were checked, and to no others."""

    def __init__(self, connections: Connections, *, inside: bool) -> None:
        self._connections, self._inside = connections, inside

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        network, deadline = self._connections.network, self._connections.deadline
        addresses = self._resolved(host, port)
        failed: Exception = httpcore2.ConnectError()
        for address in addresses[:PATHS]:
            try:
                stream = network.connect(address, port, deadline.left(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(self._connections.opened(stream), self._connections)
        raise failed

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._connections.network.resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:  # a label that is too long is a UnicodeError
            if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
                reason = "could not be looked up just now; try again later"
                raise NoAnswer(reason, is_the_hosts=True, unreached=True) from error
            raise NameUnknown from error
        if not self._inside:
            check_public(addresses)
        return addresses


class _ProxyBackend(_GuardedBackend):
    """Opens connections to a proxy. What is wrong with it is said of it, and not of the address that is asked for."""

    def connect_tcp(self, host: str, port: int, *rest: Any, **options: Any) -> httpcore2.NetworkStream:
        try:
            return super().connect_tcp(host, port, *rest, **options)
        except (NoAnswer, AddressRefused, httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            reason = f"cannot be asked for: the proxy {host}:{port} cannot be reached; see FOOTNOTE_FETCH_PROXY"
            raise NoAnswer(reason, is_the_hosts=True, unreached=True) from error


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no step outlasts the fetch, so that a server cannot hold us with a byte now and then."""

    def __init__(self, stream: httpcore2.NetworkStream, connections: Connections) -> None:
        self._stream, self._connections = stream, connections

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._connections.deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._connections.deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._connections.deadline.left(timeout))
        return _TimedStream(self._connections.opened(stream), self._connections)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
