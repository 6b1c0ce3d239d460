"""A proxy on loopback: it forwards what is asked for to a server of the test, and keeps what was asked of it."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Proxy:
    """`port`: where everything leads, whatever host is asked for. `asked`: (method, target, headers) of each request.

    `status`: of its own answer to everything, where that is not 200.
    """

    def __init__(self, port):
        self.port, self.asked, self.status = port, [], 200
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def targets(self):
        return [(method, target) for method, target, _ in self.asked]

    def _handler(proxy):  # noqa: N805  the handler's own self is another
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self):
                if not self._is_let_in():
                    return
                with socket.create_connection(("127.0.0.1", proxy.port)) as there:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
                    back.start()
                    pump(self.connection, there)
                    back.join(5)
                self.close_connection = True

            def do_GET(self):
                if not self._is_let_in():
                    return
                self.close_connection = True
                _, _, rest = self.path.partition("://")
                host, _, path = rest.partition("/")
                with socket.create_connection(("127.0.0.1", proxy.port)) as there:
                    there.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                    pump(there, self.connection)

            def _is_let_in(self):
                proxy.asked.append((self.command, self.path, dict(self.headers)))
                if proxy.status != 200:
                    self.send_response(proxy.status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                return proxy.status == 200

            def log_message(self, *_):
                pass

        return Handler


def pump(source, sink):
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def proxying(port):
    proxy = Proxy(port)
    thread = threading.Thread(target=proxy.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.server.shutdown()
        proxy.server.server_close()
        thread.join()
