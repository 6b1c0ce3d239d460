"""A web of publishers on loopback, each a server of its own, with feeds and pages shaped as two platforms' really are.

    with Substack("The Open Ledger") as ledger:
        ledger.publish_many(30)          # the feed lists the 20 newest; /sitemap.xml lists all
        ledger.correct(ledger.posts[0])  # a verb changes what stands in the feed and on the page
        ledger.tally                     # how often each (path, status) was given

`Substack`: RSS with the text in it, of paid posts only the opening; every answer sets a cookie. `HuggingFace`: RSS with
the whole history, titles and days alone; the text, the day and the authors stand on the page. Nothing goes outside.
"""

import contextlib
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from prose import Writer
from publisher_server import Reply, Server
from web import blog_post, newsletter

NEWEST = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Post:
    """A piece as its publisher has it now. `gone`: the status that its page answers with, once it was removed."""

    slug: str
    title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    on: datetime
    people: tuple[str, ...] = ("Ada Quill",)
    paid: bool = False
    gone: int = 0

    @property
    def html(self) -> str:
        return "".join(f"<p>{escape(p)}</p>" for p in self.paragraphs)


class Publisher(Server):
    """A publication: `posts` are newest first.

    Knobs, besides the server's: `validators` (whether it sends an ETag, and knows it again), `robots` (what /robots.txt
    holds).
    """

    feed_path = "/feed"
    prefix = "/p/"

    def __init__(self, name: str, seed: int | None = None) -> None:
        self.name = name
        self.posts: list[Post] = []
        self.validators, self.robots = True, ""
        self._seed = name if seed is None else seed
        self._made = 0
        self._feed_moved = ""
        self._moved_to: Publisher | None = None
        super().__init__()

    @property
    def feed(self) -> str:
        return self.home + self.feed_path

    @property
    def sitemap(self) -> str:
        return f"{self.home}/sitemap.xml"

    def url(self, post: Post) -> str:
        return f"{self.home}{self.prefix}{post.slug}"

    @property
    def living(self) -> list[Post]:
        return [post for post in self.posts if not post.gone]

    # What a publisher does

    def publish(self, **changes: object) -> Post:
        """A new post, on top; any field may be given."""
        self._made += 1
        writer = Writer(f"{self._seed} {self._made}")
        newest = max((post.on for post in self.posts), default=NEWEST - timedelta(days=900))
        made = Post(
            slug=f"{writer.subject.replace(' ', '-')}-{self._made}",
            title=writer.title,
            subtitle=writer.subtitle,
            paragraphs=writer.paragraphs(),
            on=min(newest + timedelta(days=1), NEWEST),
        )
        self.posts.insert(0, replace(made, **changes))
        return self.posts[0]

    def publish_many(self, count: int) -> list[Post]:
        return [self.publish() for _ in range(count)]

    def change(self, post: Post, **changes: object) -> Post:
        """The post, with other fields. Posts are known by their slug: an older state of one may be given."""
        place = next(i for i, one in enumerate(self.posts) if one.slug == post.slug)
        self.posts[place] = replace(self.posts[place], **changes)
        return self.posts[place]

    def edit(self, post: Post, paragraph: str = "A correction of the editors: the figures above were checked.") -> Post:
        return self.change(post, paragraphs=(*post.paragraphs, paragraph))

    def correct(self, post: Post, title: str | None = None) -> Post:
        return self.change(post, title=title or f"{post.title}, corrected")

    def shift(self, post: Post, days: int = 2) -> Post:
        return self.change(post, on=post.on - timedelta(days=days))

    def make_paid(self, post: Post) -> Post:
        return self.change(post, paid=True)

    def remove(self, post: Post, status: int = 410) -> Post:
        """The post leaves the feed and the sitemap, and its page answers with this status."""
        return self.change(post, gone=status)

    def crosspost(self, post: Post, **changes: object) -> Post:
        """Another publisher's post, word for word, on top of ours."""
        return self.publish(**vars(replace(post, slug=f"{post.slug}-again")) | changes)

    def move_feed(self, path: str) -> None:
        """The feed answers under another path; the old one leads there for good."""
        self._feed_moved, self.feed_path = self.feed_path, path

    def move_to(self, other: "Publisher") -> None:
        """The whole publication, posts and all, to another address; each of ours leads to the same one there."""
        other.posts, self._moved_to = list(self.posts), other

    # How it answers

    def answer(self, path: str, headers: dict[str, str]) -> Reply:
        """What stands at a path. `headers` are those of the request, by their names in lower case."""
        if self._moved_to is not None:
            return Reply(301, headers={"Location": self._moved_to.home + path})
        path = path.partition("?")[0]
        if path == self._feed_moved:
            return Reply(301, headers={"Location": self.feed})
        if path == self.feed_path:
            return self._known_again(self._dead_feed() or self.feed_xml(), "application/xml; charset=utf-8", headers)
        if path == "/sitemap.xml":
            return self._known_again(self.sitemap_xml(), "text/xml; charset=utf-8", headers)
        if path == "/robots.txt":
            return Reply(200 if self.robots else 404, self.robots.encode(), {"Content-Type": "text/plain"})
        return self._page(path.removesuffix("/").removesuffix("/comments"), headers)

    def _page(self, path: str, headers: dict[str, str]) -> Reply:
        if not path:
            return self._known_again(self.front_page(), "text/html; charset=utf-8", headers)
        post = next((p for p in self.posts if f"{self.prefix}{p.slug}" == path), None)
        if post is None or post.gone:
            status = post.gone if post else 404
            return Reply(status, b"<p>There is nothing here.</p>", {"Content-Type": "text/html; charset=utf-8"})
        return self._known_again(self.page(post), "text/html; charset=utf-8", headers)

    def _known_again(self, text: str, kind: str, asked: dict[str, str]) -> Reply:
        """304 where the caller has this very answer."""
        body = text.encode()
        if not self.validators:
            return Reply(200, body, {"Content-Type": kind})
        stable = "".join(line for line in text.splitlines() if not line.startswith("<lastBuildDate>"))
        etag = f'W/"{hashlib.sha256(stable.encode()).hexdigest()[:16]}"'
        told = {"Content-Type": kind, "ETag": etag}
        if asked.get("if-none-match") == etag:
            return Reply(304, b"", told)
        return Reply(200, body, told)

    def _dead_feed(self) -> str:
        match self.death:
            case "broken":
                return self.feed_xml()[: len(self.feed_xml()) // 3] + "<item><<&nonsense"
            case "empty":
                return self._channel([])
            case "html":
                return (
                    f"<!DOCTYPE html><html><head><title>{self.name}</title></head><body><h1>Sign in</h1></body></html>"
                )
        return ""

    def feed_xml(self) -> str:
        raise NotImplementedError

    def page(self, post: Post) -> str:
        raise NotImplementedError

    def front_page(self) -> str:
        return (
            f'<!DOCTYPE html><html lang="en"><head><title>{escape(self.name)}</title>'
            f'<link rel="alternate" type="application/rss+xml" href="{self.feed_path}" title="Posts"></head>'
            f"<body><h1>{escape(self.name)}</h1></body></html>"
        )

    def sitemap_xml(self) -> str:
        rows = "".join(
            f"<url><loc>{self.url(post)}</loc><lastmod>{post.on:%Y-%m-%d}</lastmod></url>" for post in self.living
        )
        about = f"<url><loc>{self.home}/about</loc></url>"
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{space}">{about}{rows}</urlset>'

    def _channel(self, items: list[str]) -> str:
        spaces = (
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:atom="http://www.w3.org/2005/Atom"'
        )
        return "\n".join(
            [
                f'<?xml version="1.0" encoding="UTF-8"?><rss {spaces} version="2.0"><channel>',
                f"<title>{cdata(self.name)}</title><link>{self.home}</link><description>{cdata('Notes')}</description>",
                f"<lastBuildDate>{format_datetime(datetime.now(UTC), usegmt=True)}</lastBuildDate>",
                f'<atom:link href="{self.feed}" rel="self" type="application/rss+xml"/><language>en</language>',
                *items,
                "</channel></rss>",
            ]
        )


class Substack(Publisher):
    """A newsletter: the text is in the feed, which lists the 20 newest posts."""

    def answer(self, path: str, headers: dict[str, str]) -> Reply:
        reply = super().answer(path, headers)
        return replace(reply, headers={**reply.headers, "Set-Cookie": f"visit={time.time_ns()}; Path=/; HttpOnly"})

    def feed_xml(self) -> str:
        return self._channel([self._item(post) for post in self.living[:20]])

    def _item(self, post: Post) -> str:
        url, paid = self.url(post), f'<p><a href="{self.url(post)}">Read more</a></p>'
        button = (
            f'<p class="button-wrapper" data-attrs="{{}}"><a class="button primary" href="{self.home}/subscribe?">'
            "<span>Subscribe now</span></a></p>"
        )
        body = button + (f"<p>{escape(post.paragraphs[0])}</p>{paid}" if post.paid else post.html)
        return (
            f"<item><title>{cdata(post.title)}</title><description>{cdata(post.subtitle)}</description><link>{url}</link>"
            f'<guid isPermaLink="false">{url}</guid><dc:creator>{cdata(post.people[0])}</dc:creator>'
            f"<pubDate>{format_datetime(post.on, usegmt=True)}</pubDate>"
            f'<enclosure url="{self.home}/image/{post.slug}.jpg" length="0" type="image/jpeg"/>'
            f"<content:encoded>{cdata(body)}</content:encoded></item>"
        )

    def page(self, post: Post) -> str:
        shown = f"<p>{escape(post.paragraphs[0])}</p>" if post.paid else post.html
        page = newsletter(
            escape(post.title),
            self.url(post),
            shown,
            post.people,
            datePublished=post.on.isoformat(),
            dateModified=post.on.isoformat(),
            isAccessibleForFree=not post.paid,
            publisher={"@type": "Organization", "name": self.name},
        )
        return page.replace("Why the edges matter", escape(post.subtitle))  # its subtitle, in each place of the page


class HuggingFace(Publisher):
    """An organisation's blog: the feed lists all posts there ever were, by title and day alone."""

    feed_path = "/blog/feed.xml"
    prefix = "/blog/"

    def feed_xml(self) -> str:
        return self._channel([self._item(post) for post in self.living])

    def _item(self, post: Post) -> str:
        url, midnight = self.url(post), post.on.replace(hour=0, minute=0, second=0)
        return (
            f"<item><title>{escape(post.title)}</title><pubDate>{format_datetime(midnight, usegmt=True)}</pubDate>"
            f'<link>{url}</link><guid isPermaLink="false">{url}</guid></item>'
        )

    def page(self, post: Post) -> str:
        return blog_post(escape(post.title), f"{post.on:%B} {post.on.day}, {post.on.year}", post.html)


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


@contextlib.contextmanager
def six(posts: int = 24, history: int = 120) -> Iterator[tuple[list[Substack], list[HuggingFace]]]:
    """Three newsletters with so many posts each, and three blogs with such a history."""
    with contextlib.ExitStack() as opened:
        letters = [opened.enter_context(Substack(f"Letter {name}")) for name in ("Amber", "Birch", "Cedar")]
        blogs = [opened.enter_context(HuggingFace(f"Blog {name}")) for name in ("Delta", "Ember", "Fjord")]
        for one in letters:
            one.publish_many(posts)
        for one in blogs:
            one.publish_many(history)
        yield letters, blogs


def allowed(*publishers: Publisher) -> str:
    """What FOOTNOTE_FETCH_ALLOWED must say so that these are read though they are on this machine."""
    return ",".join(publisher.host for publisher in publishers)
