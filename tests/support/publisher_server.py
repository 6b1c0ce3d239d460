"""The server of one publisher on loopback: how it answers, how it fails, and what was asked of it.

Whoever answers (`publishing.Publisher`) says what stands at a path; here that is sent, whole, known again (304), broken
off, refused, or as badly as one of `FAULTS` wants it.
"""

import contextlib
import gzip
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self

Death = Literal["refused", "cut", "503", "429", "broken", "empty", "html", "silent"]
Fault = Callable[[BaseHTTPRequestHandler, "Server"], None]


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """A context manager; it listens while it is open, on a port of its own.

    Knobs: `slow` (seconds before each answer), `cut_after` (how many answers are given before each is broken off in its
    middle), `faults` (path → who writes the answer instead), `before` (called with each path, before the answer).
    `tally`: how often each (path, status) was given; status 0 is no proper answer.
    """

    def __init__(self) -> None:
        self.tally: Counter[tuple[str, int]] = Counter()
        self.agents: set[str] = set()
        self.slow = 0.0
        self.cut_after: int | None = None
        self.faults: dict[str, Fault] = {}
        self.before: Callable[[str], None] = lambda _: None
        self.stopping = threading.Event()
        self.death: Death | None = None
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self.port = 0
        self._listen()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def home(self) -> str:
        return f"http://{self.host}"

    def answer(self, path: str, headers: dict[str, str]) -> Reply:
        """What stands at a path. `headers` are those of the request, by their names in lower case."""
        raise NotImplementedError

    def statuses(self) -> Counter[int]:
        """How often each status was given, robots.txt left out; afterwards the tally begins anew."""
        with self._lock:
            found: Counter[int] = Counter()
            for (path, status), times in self.tally.items():
                found[status] += times if path != "/robots.txt" else 0
            self.tally.clear()
        return +found

    def die(self, how: Death = "refused") -> None:
        """From now on, of every address: connections are refused or cut, the answer is this status or nothing for ever;
        of the feed: broken XML, no entry at all, or a page.
        """
        self.death = how
        if how == "refused":
            self._hang_up()
            self._held = socket.socket()  # keeps the port ours, and refuses: it does not listen
            self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._held.bind(("127.0.0.1", self.port))

    def revive(self) -> None:
        self.death = None
        if self._held is not None:
            self._held.close()
            self._held = None
            self._listen()

    def close(self) -> None:
        self.stopping.set()
        if self._held is not None:
            self._held.close()
        else:
            self._hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        server.daemon_threads, server.block_on_close = True, False
        server.handle_error = lambda *_: None  # who hangs up on us may
        self.port, self._server = server.server_address[1], server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _hang_up(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the handler's own self is another
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with contextlib.suppress(OSError):
                    server._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        self.before(handler.path)
        if self.slow:
            time.sleep(self.slow)
        asked = {name.lower(): value for name, value in handler.headers.items()}
        agent = asked.get("user-agent", "")
        fault = self.faults.get(handler.path.partition("?")[0])
        if fault or self.death in {"refused", "cut", "silent"}:
            handler.close_connection = True
            self._count(handler.path, 0, agent)
            if fault:
                fault(handler, self)
            elif self.death == "silent":
                self.stopping.wait(60)
            return
        if self.death in {"503", "429"}:
            reply = Reply(int(self.death), b"Later.", {"Content-Type": "text/plain"})
        else:
            reply = self.answer(handler.path, asked)
        self._send(handler, reply, cut=self._count(handler.path, reply.status, agent))

    def _count(self, path: str, status: int, agent: str) -> bool:
        """Count an answer; whether it is to be broken off."""
        with self._lock:
            self.tally[path, status] += 1
            self.agents.add(agent)
            if self.cut_after is None:
                return False
            self.cut_after -= 1
            return self.cut_after < 0

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply, *, cut: bool) -> None:
        body, told = reply.body, reply.headers
        if body and "gzip" in handler.headers.get("Accept-Encoding", ""):
            body, told = gzip.compress(body, 1), told | {"Content-Encoding": "gzip"}
        if reply.status != 304:
            told = {"Content-Length": str(len(body)), **told}
        handler.send_response(reply.status)
        for name, value in told.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2] if cut else body)
        handler.close_connection |= cut


# Servers at their worst: each writes its own answer.


def raw(head: str, body: bytes = b"") -> Fault:
    """An answer that is sent as it stands, and then the connection ends."""

    def answer(handler: BaseHTTPRequestHandler, _: Server) -> None:
        handler.wfile.write(f"HTTP/1.1 {head}\r\n\r\n".encode() + body)

    return answer


def byte_by_byte(handler: BaseHTTPRequestHandler, server: Server) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while not server.stopping.wait(0.05):
        handler.wfile.write(b"<")


def headers_for_ever(handler: BaseHTTPRequestHandler, server: Server) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not server.stopping.is_set():
        handler.wfile.write(b"X-More: " + b"x" * 8000 + b"\r\n")


def fifty_megabytes(handler: BaseHTTPRequestHandler, _: Server) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    for _ in range(50):
        handler.wfile.write(b"<p>more</p>".ljust(1000) * 1000)


def fifty_megabytes_packed(handler: BaseHTTPRequestHandler, server: Server) -> None:
    packed = gzip.compress(b"<p>Nothing at all.</p>".ljust(1000) * 50_000)
    raw(f"200 OK\r\n{HTML}\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}", packed)(handler, server)


HTML = "Content-Type: text/html; charset=utf-8"
SCRIPTS = (
    b"<!DOCTYPE html><html><head><title>App</title></head><body><div id=root></div><script>go()</script></body></html>"
)
FAULTS: dict[str, Fault] = {
    "slow, byte by byte": byte_by_byte,
    "headers for ever": headers_for_ever,
    "breaks off": raw(f"200 OK\r\n{HTML}\r\nContent-Length: 90000", b"<p>This is only the beginning of"),
    "says nothing at all": lambda *_: None,
    "is no HTTP": lambda handler, _: handler.wfile.write(b"\x00\xff\x00 220 mail.example.org ESMTP\r\n" * 20),
    "an empty body": raw(f"200 OK\r\n{HTML}\r\nContent-Length: 0"),
    "a picture that says it is a page": raw(f"200 OK\r\n{HTML}", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
    "a page that says it is a picture": raw("200 OK\r\nContent-Type: image/png", b"<p>Words.</p>" * 99),
    "scripts only": raw(f"200 OK\r\n{HTML}", SCRIPTS),
    "50 MB": fifty_megabytes,
    "50 MB in 50 kB": fifty_megabytes_packed,
    "gzip that is none": raw(f"200 OK\r\n{HTML}\r\nContent-Encoding: gzip", b"<p>plain</p>" * 99),
    "redirects in a circle": lambda handler, _: raw(f"302 Found\r\nLocation: {handler.path}")(handler, _),
    "redirects into a private network": raw("302 Found\r\nLocation: http://10.20.30.40/secret"),
    "redirects to the cloud's metadata": raw("301 Moved\r\nLocation: http://169.254.169.254/latest/meta-data/"),
    "redirects to a file": raw("302 Found\r\nLocation: file:///etc/passwd"),
    "redirects to nowhere": raw("302 Found"),
}
