"""What stands at an address comes over the network: politely, within limits, and never out of a private network.

`request` makes one request, `politeness` knows whose turn it is, `robots` what a site wants; here they make a fetch:
robots.txt first, redirects followed, and tried again where a failure may pass.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from corpus.ingest.fetch.connection import (
    Connect,
    Connections,
    Deadline,
    Limits,
    Network,
    NoAnswer,
    Resolve,
    resolve_name,
)
from corpus.ingest.fetch.politeness import LeftAlone, Politeness, host_of, retry
from corpus.ingest.fetch.proxy import NO_PROXY
from corpus.ingest.fetch.redirects import FetchPolicy, FinalResponse, OnStep, RedirectFollower, RequestOptions
from corpus.ingest.fetch.robots import AGENT
from corpus.ingest.fetch.url_safety import AddressRefused, NameUnknown
from corpus.models.fetched import NEVER_SEEN, Fetched, FetchFailed, FetchOutcome, Gone, NotModified, Validators
from corpus.text.media_type import BodyRefused, Want, read_type

OK, NOT_MODIFIED, GONE = 200, 304, 410
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 531)})  # the last: between a cache and its site
NOT_OPEN = "it may want to know who asks (FOOTNOTE_CONTACT), else add its pieces as files"
STOPPED = "was stopped"
ACCEPT: Mapping[Want, str] = {
    "page": "text/html, application/xhtml+xml, text/*;q=0.8, application/pdf;q=0.7",
    "file": "application/pdf, text/*;q=0.9, application/xhtml+xml;q=0.9, */*;q=0.1",
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.1",
    "sitemap": "application/xml, text/xml, text/plain;q=0.5, */*;q=0.1",
}
SIZES: Mapping[Want, int] = {"page": 1, "file": 3, "feed": 2, "sitemap": 5}  # a sitemap may have 50 MB (sitemaps.org)


class Fetcher:
    """Fetches. `allowed`: hosts (`name` or `name:port`) that may be inside a private network, at any port.

    `proxy`: see `proxy_for`; allowed hosts are asked directly. `certificates`: a file of more that are trusted.
    One for all threads of a refresh: it knows what each site's robots.txt says, and whose turn it is.
    """

    def __init__(
        self,
        contact: str | None = None,
        allowed: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        resolve: Resolve = resolve_name,
        connect: Connect | None = None,
        pause: float = 1.0,
        attempts: int = 3,
        politeness: Politeness | None = None,
        proxy: str = NO_PROXY,
        certificates: Path | None = None,
    ) -> None:
        agent = f"{AGENT}/0.1" + (f" (+{contact})" if contact else "")
        self.network = Network.of(limits or Limits(), resolve, connect, proxy, certificates)
        self.policy = FetchPolicy(agent, frozenset(map(str.lower, allowed)), politeness or Politeness(pause))
        self.attempts = attempts
        self._under_way = set[Connections]()
        self._lock = threading.Lock()

    def fetch(
        self, url: str, want: Want = "page", validators: Validators = NEVER_SEEN, on_step: OnStep = lambda _, __: None
    ) -> FetchOutcome:
        """Return what stands at an address, if the site lets programs read it; whatever goes wrong is an outcome.

        `on_step` is called with each step and what came of it, as it goes.
        """
        deadline, politeness, tries = (
            Deadline(self.network.limits.whole),
            self.policy.politeness,
            iter(range(self.attempts)),
        )

        def once() -> FetchOutcome:
            if next(tries):
                on_step("again", "a failure that may pass: asked once more")
            return self._once(url, want, validators, on_step, deadline)

        def is_to_be_asked_again(outcome: FetchOutcome) -> bool:
            is_passing = isinstance(outcome, FetchFailed) and outcome.passing and not deadline.is_over
            return is_passing and politeness.reason_to_leave(host_of(url)) is None

        def sleep(seconds: float) -> None:
            deadline.put_off(politeness.sleep(seconds))

        return retry(once, is_to_be_asked_again, self.attempts, politeness.pause, sleep)

    def stop(self) -> None:
        """Wake whoever waits or reads; from now on, nothing is fetched. From any thread."""
        self.policy.politeness.stop()
        with self._lock:
            for connections in self._under_way:
                connections.hang_up()

    def _once(self, url: str, want: Want, validators: Validators, on_step: OnStep, deadline: Deadline) -> FetchOutcome:
        headers = {"Accept": ACCEPT[want], **validators.headers}
        options = RequestOptions(headers, self.network.limits.size * SIZES[want], want)
        try:
            with (
                self._connections(deadline) as connections,
                RedirectFollower(self.policy, connections, on_step) as follower,
            ):
                end = follower.follow(url, options, self.policy.allowed)
                outcome = self._outcome(url, want, end, is_known=bool(validators.headers))
        except (AddressRefused, BodyRefused, NoAnswer) as reason:
            unreached = isinstance(reason, NameUnknown) or (isinstance(reason, NoAnswer) and reason.unreached)
            outcome = FetchFailed(url, str(reason), reason.passing, unreached)
        except LeftAlone as reason:
            outcome = FetchFailed(url, str(reason), passing=True)
        if isinstance(outcome, FetchFailed) and self.policy.politeness.is_stopped:
            outcome = FetchFailed(url, STOPPED, passing=True)
        on_step("fetch", describe_outcome(outcome))
        return outcome

    @contextmanager
    def _connections(self, deadline: Deadline) -> Iterator[Connections]:
        """Connections that `stop` knows of."""
        with Connections(self.network, deadline) as connections:
            with self._lock:
                self._under_way.add(connections)
            try:
                yield connections
            finally:
                with self._lock:
                    self._under_way.discard(connections)

    def _outcome(self, url: str, want: Want, end: FinalResponse, *, is_known: bool) -> FetchOutcome:
        status, headers = end.response.status, end.response.headers
        moved_to = end.at.url if end.has_moved else None
        if status == NOT_MODIFIED and is_known:
            return NotModified(url, moved_to)
        if status == GONE and (end.has_moved or not end.was_redirected):
            return Gone(url)
        if status != OK:
            until = self.policy.politeness.away_until(host_of(end.at.url))
            return FetchFailed(url, explain_status(status, want, until), status in PASSING)
        read = read_type(headers.get("content-type", ""), end.response.body, want)
        validators = Validators.of(headers)
        return Fetched(url, end.at.url, read.kind, read.text, end.response.body, validators, moved_to, read.note)


def describe_outcome(outcome: FetchOutcome) -> str:
    """Return an outcome as a line for who checks a source."""
    match outcome:
        case Fetched():
            return f"is {outcome.content_type}, {len(outcome.body) / 1000:,.0f} kB"
        case NotModified():
            return "is as it was when it was read last (304)"
        case Gone():
            return "was taken away for good, says its site (410)"
        case FetchFailed():
            return outcome.reason


def explain_status(status: int, want: Want, until: str | None = None) -> str:
    """Return what a status other than 200 means for the person who gave the address."""
    if status in {404, 410}:
        return f"is not there ({status}); check the address"
    if status in {401, 402, 403, 451}:
        remedy = (
            "add its text as a file" if want in {"page", "file"} else "ask who publishes it, or add pieces as files"
        )
        return f"is not open to this program ({status}); {remedy}"
    if status in {429, 503}:
        remedy = f"its site wants to be left alone until {until}" if until else "try again later"
        return f"is asked for too often just now, or its site is busy ({status}); {remedy}"
    if status >= 500:  # noqa: PLR2004  the server's own errors
        return f"is out of order on its site ({status}); try again later"
    return f"is not given as a {want} ({status})"
