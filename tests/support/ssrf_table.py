"""Tries to have us read the inside of a network, and what was refused with which words.

    python tests/support/ssrf_table.py

No network is used: names are those of a dictionary, numbers are read by the system without asking anybody, and where a
public address would be, a web on loopback stands in. What counts is which addresses a connection was opened to.
"""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpcore2
from web import serving

from corpus.ingest.fetch.client import Fetcher, Limits
from corpus.ingest.fetch.url_safety import is_public
from corpus.models.fetched import Fetched

PUBLIC, OTHER = "93.184.216.34", "1.1.1.1"
METADATA = "/latest/meta-data/"
SCHEMES = """file:///etc/passwd ftp://127.0.0.1/x gopher://127.0.0.1:6379/_INFO dict://127.0.0.1:11211/stats
ldap://127.0.0.1/ jar:http://127.0.0.1!/ data:text/html,hello javascript:alert(1) unix:/var/run/docker.sock
//127.0.0.1/ http:127.0.0.1 http:/127.0.0.1/ http:///127.0.0.1/""".split()
TRICKS = [
    "http://public.example@127.0.0.1/",
    "http://127.0.0.1#@public.example/",
    "http://127.0.0.1\\@public.example/",
    "http://127.0.0.1%2f@public.example/",
    "http://public.example:80@169.254.169.254/",
    "http://127.0.0.1 .public.example/",
    "http://127.0.0.1\t/",
    "http://127.0.0.1\r\nHost: public.example/",
    "http://public.example:22/",
    "http://public.example:6379/",
    "http://127.0.0.1:2375/",
]
LOOPBACK = """127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.1 0x7f.0x0.0x0.0x1 0177.0.0.1
017700000001 0177.0.0x1 127.0.0.1. １２７.0.0.1 ①②⑦.⓪.⓪.① 127。0。0。1 127｡0｡0｡1 0 0.0.0.0 localhost LOCALHOST.
localhost.localdomain [::1] [0:0:0:0:0:0:0:1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]
[::127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:1::1]
[2001:0:1:1::80ff:fffe] [::1%25lo] [::ffff:0:127.0.0.1]""".split()
CLOUD = """169.254.169.254 2852039166 0xa9fea9fe 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 0251.254.169.254 169.254.43518
①⑥⑨.254.169.254 [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::] [fd00:ec2::254]
[fe80::a9fe:a9fe] metadata.google.internal 100.100.100.200 168.63.129.16 192.0.0.192""".split()
PRIVATE = """10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 198.18.0.1 192.0.2.1 203.0.113.1 224.0.0.1
240.0.0.1 255.255.255.255 [fc00::1] [fd12:3456::1] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [5f00::1]
[100::1]""".split()
NAMES = {
    "public.example": [PUBLIC],
    "other.example": [OTHER],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "wiki.internal": ["10.0.0.7"],
    "second.internal": ["10.0.0.8"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "mixed.example": [PUBLIC, "10.0.0.1"],
    "mixed6.example": ["2606:4700::1111", "::ffff:10.0.0.1"],
    "last.example": [PUBLIC, OTHER, "93.184.216.35", "93.184.216.36", "127.0.0.1"],
    "scoped.example": ["fe80::1%eth0"],
    "empty.example": [],
}


@dataclass
class Try:
    """Something that should not be read; `allowed` are hosts that a maintainer has allowed. `may_be_read`: this may."""

    group: str
    what: str
    url: str
    want: str = "page"
    allowed: frozenset[str] = frozenset()
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    may_be_read: bool = False


@dataclass
class Row:
    """What came of a try: the words, and the addresses inside that a connection was opened to without leave."""

    tried: Try
    said: str
    was_read: bool
    breaches: list[str]

    @property
    def is_fine(self) -> bool:
        return self.was_read == self.tried.may_be_read and not self.breaches


class World:
    """Names and connections of one try; whatever is public is answered by the loopback web, by host and path."""

    def __init__(self, tried: Try, web) -> None:
        self.tried, self.web, self.opened = tried, web, []
        self.changing = {name: list(answers) for name, answers in tried.names.items()}
        web.pages.clear()
        for address, (status, location) in tried.redirects.items():
            web.put(address, status=status, Location=location, Connection="close")

    def resolve(self, host: str, port: int) -> list[str]:
        if answers := self.changing.get(host):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        if host in NAMES:
            return NAMES[host]
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except UnicodeError as error:
            raise OSError from error
        return [str(row[4][0]) for row in found]

    def connect(self, address, _port, *rest):
        self.opened.append(address)
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.web.port, *rest)

    def breaches(self) -> list[str]:
        leave = {address for name in self.tried.allowed for address in NAMES.get(name.partition(":")[0], [])}
        return [address for address in self.opened if not is_public(address) and address not in leave]


def tries() -> Iterator[Try]:
    yield from (Try("scheme", url, url) for url in SCHEMES)
    yield Try(
        "scheme",
        "http://public.example/x, to see that this world can be read",
        "http://public.example/x",
        may_be_read=True,
    )
    yield from (Try("spelling of the address", repr(url)[1:-1], url) for url in TRICKS)
    for group, hosts in (("loopback", LOOPBACK), ("metadata", CLOUD), ("private and reserved", PRIVATE)):
        yield from (Try(group, host, f"http://{host}{METADATA}") for host in hosts)
    octal = "00127.0.0.1, which is 87.0.0.1 in octal"
    yield Try("loopback", octal, "http://00127.0.0.1/x", may_be_read=True)
    yield from _by_name()
    yield from _by_redirect()
    yield from _by_robots()
    yield from _by_allowed_hosts()


def _by_name() -> Iterator[Try]:
    for name, what in (
        ("127.0.0.1.nip.example", "a public name of the loopback"),
        ("mixed.example", "one public address, one private"),
        ("mixed6.example", "one public address, one private in IPv6"),
        ("last.example", "four public addresses, then the loopback"),
        ("scoped.example", "a link-local address with its zone"),
        ("empty.example", "no address at all"),
    ):
        yield Try("name", what, f"http://{name}/x")
    change = {"public.example": [[PUBLIC], ["127.0.0.1"]]}
    yield Try("name that changes", "public for robots.txt, then the loopback", "http://public.example/x", names=change)
    yield Try(
        "name that changes",
        "public for the page, then the loopback for where it leads",
        "http://public.example/a",
        redirects={"/a": (302, "/b")},
        names={"public.example": [[PUBLIC], [PUBLIC], ["169.254.169.254"]]},
    )
    yield Try(
        "name that changes",
        "public, then public and private",
        "http://public.example/x",
        names={"public.example": [[PUBLIC], [PUBLIC, "192.168.0.1"]]},
    )


INSIDE = (
    "http://127.0.0.1/",
    f"http://169.254.169.254{METADATA}",
    "http://[::1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "//2130706433/",
    "http://localhost:6379/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_HELO",
    "http://wiki.internal/",
    "http://mixed.example/",
)


def _by_redirect() -> Iterator[Try]:
    for want in ("page", "feed", "sitemap", "file"):
        for place in INSIDE:
            yield Try(
                "redirect", f"a {want} to {place}", "http://public.example/x", want, redirects={"/x": (302, place)}
            )
    for status in (301, 303, 307, 308):
        yield Try("redirect", f"with {status}", "http://public.example/x", redirects={"/x": (status, INSIDE[1])})
    far = {"/a": (301, "http://other.example/b"), "/b": (302, "https:///"), "/c": (302, INSIDE[0])}
    yield Try("redirect", "over another site", "http://public.example/a", redirects=far | {"/b": (302, "/c")})
    yield Try("redirect", "to no host", "http://public.example/b", redirects=far)
    yield Try("redirect", "to half an address", "http://public.example/x", redirects={"/x": (302, "http://[::1")})


def _by_robots() -> Iterator[Try]:
    for place in INSIDE:
        yield Try(
            "robots.txt", f"redirects to {place}", "http://public.example/x", redirects={"/robots.txt": (302, place)}
        )
    yield Try("robots.txt", "of a place inside", "http://wiki.internal/x")


def _by_allowed_hosts() -> Iterator[Try]:
    wiki = frozenset({"wiki.internal"})
    yield Try("allowed host", "itself", "http://wiki.internal/x", allowed=wiki, may_be_read=True)
    yield Try("allowed host", "another one beside it", "http://second.internal/x", allowed=wiki)
    yield Try("allowed host", "its number", "http://10.0.0.7/x", allowed=wiki)
    yield Try("allowed host", "one whose name ends like it", "http://evil-wiki.internal.second.internal/", allowed=wiki)
    for place, what in (
        ("http://second.internal/", "sends us to another host inside"),
        ("http://127.0.0.1/", "sends us to the loopback"),
    ):
        yield Try("allowed host", what, "http://wiki.internal/x", allowed=wiki, redirects={"/x": (302, place)})
    for path in ("/x", "/robots.txt"):
        there = {path: (302, "http://wiki.internal/secret")}
        yield Try(
            "allowed host", f"a page outside sends us there ({path})", "http://public.example/x", "page", wiki, there
        )
    around = {"/x": (302, "http://public.example/y"), "/y": (302, "http://wiki.internal/secret")}
    yield Try("allowed host", "sends us out, and from there in again", "http://wiki.internal/x", "page", wiki, around)
    port = frozenset({"wiki.internal:8080"})
    yield Try("allowed host", "at another port than the allowed one", "http://wiki.internal/x", allowed=port)


def rows() -> list[Row]:
    """Make all tries."""
    with serving() as web:
        return [_made(tried, web) for tried in tries()]


def _made(tried: Try, web) -> Row:
    world = World(tried, web)
    for path in ("/x", "/y", "/secret", METADATA):
        if path not in tried.redirects:
            web.put(path, "<p>What nobody outside should read.</p>")
    if "/robots.txt" not in tried.redirects:
        web.put("/robots.txt", b"", Connection="close")
    fetcher = Fetcher(None, tried.allowed, Limits(connect=2, read=2), world.resolve, world.connect, pause=0, attempts=2)
    found = fetcher.fetch(tried.url, tried.want)
    was_read = isinstance(found, Fetched)
    return Row(tried, "was read" if was_read else found.reason, was_read, world.breaches())


def table(made: list[Row]) -> str:
    """The rows by group, with the words of each refusal."""
    lines, group = [], ""
    for row in made:
        if row.tried.group != group:
            group = row.tried.group
            lines += ["", group]
        mark = " " if row.is_fine else "!"
        lines.append(f"{mark} {row.tried.what:<58} {row.said}" + (f"  → {row.breaches}" if row.breaches else ""))
    refused = sum(not row.was_read for row in made)
    wrong = sum(not row.is_fine for row in made)
    return "\n".join([*lines, "", f"{len(made)} tries, {refused} refused, {wrong} otherwise than they should be."])


if __name__ == "__main__":
    print(table(rows()))
