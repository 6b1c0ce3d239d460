"""What passes as an address of the web, and the form in which it is requested."""

import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

import idna

# Names of one or more labels, in any script, or an IPv6 address.
HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")
PORTS = {"http": 80, "https": 443}


class NoWebAddress(ValueError):
    """Why something is no address of the web, as a clause that fits behind it."""


@dataclass(frozen=True, slots=True)
class WebAddress:
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
        """Return whether `allowed` holds the host, for all its ports, or the host with this port."""
        host = _bracketed(self.host)
        return bool({self.host, host, f"{host}:{self.port}"} & allowed)


def web_address(value: str) -> str:
    """Return the address itself, if it is one that a link may point to: http or https, with a host, without a password.

    Raises NoWebAddress.
    """
    if re.search(r"[\s<>\"\\\x00-\x20\x7f]", value) or any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in value
    ):
        raise NoWebAddress("has a space or a character that no address has")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise NoWebAddress("is no address; it should look like https://example.org/piece") from error
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host) or not port_is_fine:
        raise NoWebAddress("is no web address; it should look like https://example.org/piece")
    if parts.username is not None or parts.password is not None:
        raise NoWebAddress("carries a user name or a password; take it out")
    return value


def parse_url(value: str) -> WebAddress:
    """Return an address in the form in which it is requested. Raises NoWebAddress.

    The host is as DNS knows it: a name in another script, or with digits of one, in its ASCII form.
    """
    parts = urlsplit(web_address(value))
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:  # idna's errors are among them
        raise NoWebAddress("is no web address") from error
    bare = WebAddress("", parts.scheme, host, port)
    path = quote(parts.path or "/", safe="/%!$&'()*+,;=:@-._~")
    query = quote(parts.query, safe="/%!$&'()*+,;=:@-._~?")
    return replace(bare, url=urlunsplit((parts.scheme, bare.authority, path, query, "")))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
