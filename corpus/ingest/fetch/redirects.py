"""A way through the web: from an address over its redirects to an answer, with robots.txt and our turn at each host."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urljoin

from corpus.ingest.fetch.connection import REDIRECTS, Connections, NoAnswer, Response
from corpus.ingest.fetch.politeness import Politeness, host_of
from corpus.ingest.fetch.response_body import Unpacker
from corpus.ingest.fetch.robots import ROBOTS_BYTES, Robots
from corpus.ingest.fetch.url_safety import AddressRefused, target
from corpus.text.media_type import BodyRefused
from corpus.text.urls import WebAddress

PERMANENT = frozenset({301, 308})
TOO_MANY, BUSY = 429, 503
LONGEST_SHOWN = 200  # characters of an address in a line
A_WAIT = 2.0  # seconds of waiting that are worth a line
OnStep = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Who asks, which hosts may be inside, whose turn it is, and what each site's robots.txt says: for all threads."""

    agent: str
    allowed: frozenset[str]
    politeness: Politeness
    robots: dict[str, Robots] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """What a request says of itself, the most bytes that are read, and a word for it. `is_cut`: the start will do."""

    headers: Mapping[str, str]
    size: int
    what: str
    is_cut: bool = False

    def unpacker(self, headers: Mapping[str, str]) -> Unpacker:
        return Unpacker(headers, self.size, self.what, is_cut=self.is_cut)


ROBOTS = RequestOptions({"Accept": "text/plain, */*;q=0.1"}, ROBOTS_BYTES, "robots.txt", is_cut=True)


@dataclass(frozen=True, slots=True)
class FinalResponse:
    """Where the way ended, with which answer. `has_moved`: there were redirects, and each was for good."""

    at: WebAddress
    response: Response
    was_redirected: bool
    has_moved: bool


class RedirectFollower:
    """One way. It holds our turn at the host where it is; a context manager, which gives it back."""

    def __init__(self, policy: FetchPolicy, connections: Connections, on_step: OnStep) -> None:
        self._policy, self._connections, self._on_step = policy, connections, on_step
        self.host: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self.host is not None and isinstance(error, NoAnswer) and error.is_the_hosts:
            self._policy.politeness.answered(self.host, well=False)
        self._leave()

    def follow(
        self, url: str, options: RequestOptions, allowed: frozenset[str], *, is_robots: bool = False
    ) -> FinalResponse:
        """Request, and follow redirects, each of which is checked like the first.

        An allowed host stays allowed only while we have been at allowed hosts: no page outside can send us inside.
        """
        seen, is_for_good = set[str](), True
        at = target(url, allowed)
        while True:
            allowed = allowed if at.is_among(allowed) else frozenset()
            seen.add(at.url)
            try:
                if not is_robots:
                    self._check_robots(at, allowed)
                response = self._request(at, options, inside=bool(allowed))
            except AddressRefused as error:
                if len(seen) > 1 and error.refused_for == "host":
                    raise _redirects_to(f"an address that {error}") from error
                raise
            if response.status not in REDIRECTS or "location" not in response.headers:
                return FinalResponse(at, response, len(seen) > 1, len(seen) > 1 and is_for_good)
            is_for_good = is_for_good and response.status in PERMANENT
            at = self._next(at, response, allowed, seen)

    def _next(self, at: WebAddress, response: Response, allowed: frozenset[str], seen: set[str]) -> WebAddress:
        try:
            there = target(urljoin(at.url, response.headers["location"]), allowed)
        except ValueError as error:
            raise _redirects_to("what is no web address") from error
        except AddressRefused as error:
            raise _redirects_to(f"an address that {error}") from error
        if there.url in seen:
            raise AddressRefused("redirects in a circle", refused_for="endless redirects")
        most = self._connections.network.limits.redirects
        if len(seen) > most:
            raise AddressRefused(f"redirects more than {most} times", refused_for="endless redirects")
        how = "for good" if response.status in PERMANENT else "for now"
        self._on_step("redirect", f"{_short(at)} has moved {how} ({response.status}), to {_short(there)}")
        return there

    def _check_robots(self, at: WebAddress, allowed: frozenset[str]) -> None:
        """Raises AddressRefused where the site's robots.txt does not want us at this address, or cannot be asked."""
        known = self._policy.robots
        if at.origin not in known:
            self._enter(at)
        if at.origin not in known:  # nobody has asked for it while we waited
            known[at.origin] = self._robots_of(at, allowed)
        robots = known[at.origin]
        self._policy.politeness.pause_longer(host_of(at.url), robots.pause)
        if refusal := robots.refusal(at.url):
            raise AddressRefused(refusal)

    def _robots_of(self, at: WebAddress, allowed: frozenset[str]) -> Robots:
        address = f"{at.origin}/robots.txt"
        try:
            response = self.follow(address, ROBOTS, allowed, is_robots=True).response
        except AddressRefused as error:
            if error.refused_for == "endless redirects":  # then there is none (RFC 9309, 2.3.1.2)
                return Robots(None)
            if error.refused_for == "redirect":
                raise AddressRefused(f"is not read, as its site's robots.txt {error}") from error
            raise
        except BodyRefused as error:
            if error.passing:
                raise
            return Robots(None)
        robots = Robots.of(response.status, response.body)
        pause = f", and asks for {robots.pause:g} seconds between two requests" if robots.pause else ""
        what = "lets this address be read" if robots.refusal(at.url) is None else "forbids this address"
        self._on_step("robots", f"{address} answers {response.status}, {what}{pause}")
        return robots

    def _request(self, at: WebAddress, options: RequestOptions, *, inside: bool) -> Response:
        politeness = self._policy.politeness
        host = self._enter(at)
        headers = {"User-Agent": self._policy.agent, **options.headers}
        response = self._connections.request(at, headers, options.unpacker, inside=inside)
        is_busy = response.status in {TOO_MANY, BUSY}
        politeness.answered(host, well=not is_busy)
        if is_busy:
            politeness.stay_away(host, response.headers.get("retry-after", ""))
        return response

    def _enter(self, at: WebAddress) -> str:
        """Take our turn at the host of this address; that at the host before is over: who holds two could block all."""
        host = host_of(at.url)
        if host != self.host:
            self._leave()
            waited = self._policy.politeness.enter(host)
            self._connections.deadline.put_off(waited)
            self.host = host
            if waited >= A_WAIT:
                self._on_step("wait", f"{waited:.0f} seconds, for our turn at {host}")
        return host

    def _leave(self) -> None:
        if self.host is not None:
            self._policy.politeness.leave(self.host)
            self.host = None


def _redirects_to(where: str) -> AddressRefused:
    return AddressRefused(f"redirects to {where}", refused_for="redirect")


def _short(at: WebAddress) -> str:
    return at.url if len(at.url) <= LONGEST_SHOWN else f"{at.url[:LONGEST_SHOWN]}…"
