"""Through which proxy an address is asked for, and what is checked before. Plain values decide; nothing is opened.

Behind a proxy the name is resolved there, so that the address that was checked need not be the one that is connected
to: what can be known here is refused here, and the rest is for the proxy's own rules (docs/threat-model.md).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from corpus.ingest.fetch.url_safety import check_public
from corpus.text.urls import PORTS, WebAddress

ENVIRONMENT, NO_PROXY = "environment", "none"
# Names that only a private network has (RFC 6761, 6762, 8375, and what routers and companies use).
INSIDE_ENDINGS = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
    "localdomain",
)
NUMERIC = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)  # as the last label: an IPv4 address, oddly spelt


class ProxyUnusable(ValueError):
    """Why a proxy cannot be used, as a clause that fits behind its name."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy. `url` is without the name and the password that it may want."""

    url: str
    host: str
    port: int
    auth: tuple[str, str] | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, address: str) -> Self:
        """Return the proxy at http://[name:password@]host[:port]. Raises ProxyUnusable."""
        address = address if "://" in address else f"http://{address}"
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise ProxyUnusable("is no address of a proxy; write it as http://proxy.example.org:3128") from error
        if parts.scheme not in PORTS:
            raise ProxyUnusable(f"is a proxy of the kind {parts.scheme}; only http:// and https:// proxies are used")
        if not re.fullmatch(r"[\w.:-]+", host):
            raise ProxyUnusable("is no address of a proxy; write it as http://proxy.example.org:3128")
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return cls(f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}", host, port, auth)


def proxy_for(at: WebAddress, setting: str) -> Proxy | None:
    """Return the proxy through which an address is asked for; None where it is asked directly. Raises ProxyUnusable.

    `setting`: "none", the address of one for all, or "environment": HTTPS_PROXY, HTTP_PROXY or ALL_PROXY. NO_PROXY
    counts for both.
    """
    if setting == NO_PROXY:
        return None
    named = getproxies_environment()
    # The library takes the names of NO_PROXY with or without a port.
    if proxy_bypass_environment(f"{at.host}:{at.port}", named):
        return None
    address = setting if setting != ENVIRONMENT else named.get(at.scheme) or named.get("all")
    return Proxy.parse(address) if address else None


def check_before_proxy(at: WebAddress, resolve: Callable[[str, int], Sequence[str]]) -> None:
    """Raises AddressRefused for what can be seen to lead inside: a private address, or a name that stands for one here.

    A name that is not known here may be known to the proxy: it goes there, unless only a private network has such.
    """
    try:
        addresses: Sequence[str] = [str(ip_address(at.host))]
    except ValueError:
        try:
            addresses = resolve(at.host, at.port)
        except (OSError, UnicodeError):
            name, _, last = at.host.rpartition(".")
            if (
                not name
                or NUMERIC.fullmatch(last)
                or at.host.lower().endswith(tuple(f".{end}" for end in INSIDE_ENDINGS))
            ):
                addresses = ()
            else:
                return
    check_public(addresses)


def describe_refusal(error: Exception, proxy: Proxy) -> tuple[str, bool]:
    """Return what a proxy's answer to CONNECT means, as a clause, and whether that may pass."""
    status = str(error)[:3]
    name = f"the proxy {proxy.host}:{proxy.port}"
    if status == "407":
        return f"cannot be asked for: {name} wants a name and a password (407); see FOOTNOTE_FETCH_PROXY", False
    if status in {"400", "401", "403", "405", "451"}:
        return f"cannot be asked for: {name} does not allow it ({status})", False
    return f"cannot be reached through {name} ({status}); try again later", True
