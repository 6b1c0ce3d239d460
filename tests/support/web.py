"""A web on loopback: pages by path, told as they are, or as badly as a test wishes. Nothing here goes outside."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


class Web:
    """`put` a page, then fetch it at `url(path)`. `asked`: the requests so far, as (path, headers)."""

    def __init__(self):
        self.pages, self.asked = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # who hangs up on us may
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
                status, headers, body = web.pages.get(
                    self.path.partition("?")[0], (404, {"Content-Type": HTML}, b"<p>Not here.</p>")
                )
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


BODY = """
<p>Open models grow where nobody planned a bed for them. That is the first thing to say about them.<a
 class="footnote-anchor" href="#footnote-1">1</a></p>
<h2>The edges</h2>
<p>At the edges of a garden the soil is poor &amp; the light is good. A small model that runs on a phone lives
there.</p>
<blockquote><p>A model that you can hold is a model that you can mend.</p></blockquote>
<ul><li><p>It can be tuned in an afternoon.</p></li><li><p>It can be kept when its maker stops.</p></li></ul>
<p>Here is code:</p><pre><code>def grow(seed):
    return seed * 2</code></pre>
<p>The middle of the garden is another story; there, the large models have all the water.</p>
"""
TEXT = """\
Open models grow where nobody planned a bed for them. That is the first thing to say about them.

The edges

At the edges of a garden the soil is poor & the light is good. A small model that runs on a phone lives there.

A model that you can hold is a model that you can mend.

- It can be tuned in an afternoon.
- It can be kept when its maker stops.

Here is code:

def grow(seed):
    return seed * 2

The middle of the garden is another story; there, the large models have all the water."""


def newsletter(title="Small models, large gardens", address="", body=BODY, authors=("Ada Quill",), **more):
    """A page with the shape of a newsletter platform's: everything told as JSON-LD, buttons all over the text."""
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2026-05-04T13:02:11+00:00",
        "dateModified": "2026-05-09T13:02:11+00:00",
        "isAccessibleForFree": True,
        "author": [{"@type": "Person", "name": name} for name in authors],
        "publisher": {"@type": "Organization", "name": "The Open Ledger"},
    } | more
    told = json.dumps({name: value for name, value in said.items() if value is not None})
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - The Open Ledger</title>
<meta property="og:title" content="{title}"><meta property="og:type" content="article">
<meta property="og:site_name" content="The Open Ledger"><meta name="description" content="Why the edges matter">
<link rel="canonical" href="{address}"><script type="application/ld+json">{told}</script></head>
<body><div class="main-menu"><a href="/">The Open Ledger</a><button>Subscribe</button><button>Sign in</button></div>
<article class="newsletter-post post"><div class="post-header"><h1 class="post-title">{title}</h1>
<h3 class="subtitle">Why the edges matter</h3><button>Share</button></div>
<div class="available-content"><div dir="auto" class="body markup">
<div class="subscription-widget-wrap">
<p>The Open Ledger is a reader-supported publication.</p><form><input></form></div>
{body}
<p class="button-wrapper"><a class="button primary" href="/subscribe">Subscribe now</a></p></div></div></article>
<div class="comments"><h4>Discussion about this post</h4>
<p>Great post, thank you for sharing it with all of us!</p></div>
<footer>© 2026 Ada Quill · Privacy · Terms</footer></body></html>"""


def blog_post(title="A tiny model for every school", day="March 9, 2026", body=BODY):
    """A page with the shape of a model hub's blog: no JSON-LD, the date and the authors written beside the text."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>
<meta name="description" content="We are on a journey."><meta property="og:title" content="{title}">
<meta property="og:type" content="website"></head>
<body><header><nav><ul><li><a href="/models">Models</a></li>
<li><a href="/datasets">Datasets</a></li></ul></nav></header>
<main><div class="blog-content prose"><div class="not-prose"><a href="/blog">Back to Articles</a></div>
<h1 id="x"><a class="header-link" href="#x"><svg></svg></a><span>{title}</span></h1>
<div class="not-prose"><span>Published {day}</span> <a href="/x">Update on GitHub</a> Upvote <button>41</button></div>
<div class="not-prose"><a href="/mira"><span class="fullname underline">Mira Vale</span> <span>mira</span></a>
<button>Follow</button><a href="/joss"><span class="fullname underline">Joss Ember</span> <span>joss</span></a></div>
{body}</div>
<div><h3>More Articles from our Blog</h3><a href="/blog/a">Another piece entirely</a></div></main></body></html>"""
