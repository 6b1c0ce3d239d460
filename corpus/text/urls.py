"""What passes as an address of the web."""

import re
import unicodedata
from urllib.parse import urlsplit

# Names of one or more labels, in any script, or an IPv6 address.
HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")


def web_address(value: str) -> str:
    """Return the address itself, if a link may point to it: http or https, with a host, without a password.

    Raises ValueError with a clause.
    """
    if re.search(r"[\s<>\"\\\x00-\x20\x7f]", value) or any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in value
    ):
        raise ValueError("has a space or a character that no address has")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError("is no address; it should look like https://example.org/piece") from error
    if parts.scheme not in {"http", "https"} or not HOST.fullmatch(host) or not port_is_fine:
        raise ValueError("is no web address; it should look like https://example.org/piece")
    if parts.username is not None or parts.password is not None:
        raise ValueError("carries a user name or a password; take it out")
    return value
