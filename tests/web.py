"""A web on loopback: pages by path, told as they are, or as badly as a test wishes. Nothing here goes outside."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HTML = "text/html; charset=utf-8"
PAGES = Path(__file__).resolve().parent / "data"


class Web:
    """`put` a page, then fetch it at `url(path)`. `asked`: the requests so far, as (path, headers)."""

    def __init__(self):
        self.pages, self.asked = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.stopping = threading.Event()
        self.port = self.server.server_address[1]

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def url(self, path="/", host=None):
        return f"http://{host or self.host}{path}"

    def put(self, path, body=b"", status=200, **headers):
        """A page; `body` may be a function that writes the raw response itself to the handler's wfile."""
        told = {"Content-Type": HTML, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.pages[path] = (status, told, body.encode() if isinstance(body, str) else body)
        return self.url(path)

    def paths(self):
        return [path for path, _ in self.asked]

    def _handler(web):  # noqa: N805  the handler's own self is another
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                web.asked.append((self.path, dict(self.headers)))
                status, headers, body = web.pages.get(self.path, (404, {"Content-Type": HTML}, b"<p>Not here.</p>"))
                with contextlib.suppress(OSError):
                    if callable(body):
                        self.close_connection = True
                        body(self)
                        return
                    self.send_response(status)
                    for name, value in ({"Content-Length": str(len(body))} | headers).items():
                        if value is not None:
                            self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


@contextlib.contextmanager
def serving():
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.stopping.set()
        web.server.shutdown()
        web.server.server_close()
        thread.join()
