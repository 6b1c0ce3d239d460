"""Where a fetch may go: the public web, and what is explicitly allowed. Plain values decide; nothing is opened."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal

from corpus.text.urls import PORTS, NoWebAddress, WebAddress, parse_url

UNICAST = IPv6Network("2000::/3")  # all IPv6 addresses of the public web lie in it (RFC 4291, IANA's registry)
TEREDO = IPv6Network("2001::/32")
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is meant
# What looks public and is not: protocol assignments (Oracle's metadata among them), 6to4 relays, Azure's platform.
INSIDE = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))


# What a refusal is about: the address itself, its host alone, where it redirects to, or redirects without an end.
RefusedFor = Literal["address", "host", "redirect", "endless redirects"]


class AddressRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why an address is not read, as a clause that fits behind it. `passing`: it may be read another time."""

    def __init__(self, reason: str, *, passing: bool = False, refused_for: RefusedFor = "address") -> None:
        super().__init__(reason)
        self.passing, self.refused_for = passing, refused_for


class NameUnknown(AddressRefused):
    """No server answers to the name of a host; or there is no network to ask for it."""

    def __init__(self) -> None:
        reason = "has a name that no server answers to; check its spelling, or whether this computer is online"
        super().__init__(reason, refused_for="host")


def target(address: str, allowed: frozenset[str] = frozenset()) -> WebAddress:
    """Return the address as it is requested. Raises AddressRefused for any port but the web's own or an allowed one."""
    try:
        found = parse_url(address)
    except NoWebAddress as error:
        raise AddressRefused(str(error)) from error
    if found.port not in PORTS.values() and not found.is_among(allowed):
        raise AddressRefused(f"is at port {found.port}; only the web's own ports 80 and 443 are read")
    return found


def check_public(addresses: Sequence[str]) -> None:
    """Raises AddressRefused unless all the addresses that a name stands for belong to the public internet."""
    if not addresses or not all(is_public(address) for address in addresses):
        # The address itself is not told: it would be a map of the inside for whoever asks.
        raise AddressRefused(
            "leads into a private network, which is not read; give the address of a public page", refused_for="host"
        )


def is_public(text: str) -> bool:
    """Return whether it is an IP address of the public internet, and hides none that is not."""
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
