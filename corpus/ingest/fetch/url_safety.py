"""Where a fetch may go: the public web, and what is explicitly allowed. Plain values decide; nothing is opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from corpus.text.urls import web_address

PORTS = {"http": 80, "https": 443}
UNICAST = IPv6Network("2000::/3")  # all IPv6 addresses of the public web lie in it (RFC 4291, IANA's registry)
TEREDO = IPv6Network("2001::/32")
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is meant
# What looks public and is not: protocol assignments (Oracle's metadata among them), 6to4 relays, Azure's platform.
INSIDE = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))


class AddressRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why an address is not read, as a clause that fits behind it. `passing`: it may be read another time."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Target:
    """An address in the form in which it is requested: ASCII, without a fragment. `host` has no brackets."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        return _bracketed(self.host) + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    def is_among(self, allowed: frozenset[str]) -> bool:
        """Whether `allowed` holds the host, for all its ports, or the host with this port."""
        host = _bracketed(self.host)
        return bool({self.host, host, f"{host}:{self.port}"} & allowed)


def target(address: str, allowed: frozenset[str] = frozenset()) -> Target:
    """The address as it is requested. Raises AddressRefused for any but http(s) at its own port or an allowed one."""
    try:
        parts = urlsplit(web_address(address))
        host = _ascii((parts.hostname or "").rstrip("."))
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:  # idna's errors are among them
        known = str(error) if str(error).startswith(("is ", "has ", "carries ")) else "is no web address"
        raise AddressRefused(known) from error
    bare = Target("", parts.scheme, host, port)
    path = quote(parts.path or "/", safe="/%!$&'()*+,;=:@-._~")
    query = quote(parts.query, safe="/%!$&'()*+,;=:@-._~?")
    found = replace(bare, url=urlunsplit((parts.scheme, bare.authority, path, query, "")))
    if port not in PORTS.values() and not found.is_among(allowed):
        raise AddressRefused(f"is at port {port}; only the web's own ports 80 and 443 are read")
    return found


def check_public(addresses: Sequence[str]) -> None:
    """Raises AddressRefused unless all the addresses that a name stands for belong to the public internet."""
    if not addresses or not all(is_public(address) for address in addresses):
        # The address itself is not told: it would be a map of the inside for whoever asks.
        raise AddressRefused("leads into a private network, which is not read; give the address of a public page")


def is_public(text: str) -> bool:
    """Whether it is an IP address of the public internet, and hides none that is not."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            hidden = IPv4Address(int(address) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
        if address not in UNICAST or address in TEREDO:
            return False
    if any(address in network for network in INSIDE):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _ascii(host: str) -> str:
    """The name as DNS knows it: a name in another script, or with digits of one, in its ASCII form."""
    return host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
