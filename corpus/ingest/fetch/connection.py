"""One request over a connection that we open ourselves, to an address that was checked, within limits of time and size.

The address that was checked is the address that is connected to: a name is resolved once for each connection, all its
addresses are checked, and the socket is opened to one of them. TLS and the Host header keep the name. No cookies are
kept and no proxy is taken from the environment.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any, Self

import httpcore2

from corpus.ingest.fetch.response_body import Unpacker
from corpus.ingest.fetch.url_safety import AddressRefused, check_public
from corpus.text.urls import WebAddress

PATHS = 4  # addresses of one name that are tried before we give up
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
    """Why a request had no answer, as a clause. `is_the_hosts`: other requests to the host will fare no better."""

    def __init__(self, reason: str, *, is_the_hosts: bool, passing: bool = True) -> None:
        super().__init__(reason)
        self.is_the_hosts, self.passing = is_the_hosts, passing


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; its body is read where it is what was asked for, and `b""` for every other status than 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Network:
    """How names are resolved and connections opened: the real ones, or those of a test."""

    limits: Limits
    resolve: Resolve
    connect: Connect
    ssl_context: ssl.SSLContext

    @classmethod
    def of(cls, limits: Limits, resolve: Resolve, connect: Connect | None) -> Self:
        return cls(limits, resolve, connect or httpcore2.SyncBackend().connect_tcp, _trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """Which certificates are trusted; reading them all takes 50 ms."""
    return httpcore2.default_ssl_context()


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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
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
        try:
            with self._pools[inside].stream("GET", at.url, headers=sent, extensions={"timeout": timeouts}) as answer:
                stated = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                body = unpacker(stated).unpack(answer.iter_stream()) if answer.status == OK else b""
        except (httpcore2.TimeoutException, TimeoutError) as error:
            raise NoAnswer("answers too slowly; try again later", is_the_hosts=True) from error
        except httpcore2.ConnectError as error:
            # The pool raises it "from None": what it is about remains in its arguments.
            if any(isinstance(about, ssl.SSLCertVerificationError) for about in error.args):
                distrusted = "has a certificate that cannot be trusted"
                raise NoAnswer(distrusted, is_the_hosts=True, passing=False) from error
            raise NoAnswer("cannot be reached; try again later", is_the_hosts=True) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            raise NoAnswer("broke off or is no web server; try again later", is_the_hosts=False) from error
        return Response(answer.status, stated, body)


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
                raise NoAnswer("could not be looked up just now; try again later", is_the_hosts=True) from error
            raise AddressRefused(
                "has a name that no server answers to; check its spelling", refused_for="host"
            ) from error
        if not self._inside:
            check_public(addresses)
        return addresses


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
