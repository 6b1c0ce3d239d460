"""Which addresses a pattern finds itself in. The one place that knows the regular expressions of RE2.

RE2 takes time in proportion to the text, whatever the pattern: with Python's `re`, one such as ``(a+)+$`` would keep a
refresh busy for years over an address that a stranger's sitemap was free to choose. The price is that it knows neither
back references nor looking ahead.
"""

from collections.abc import Callable

import re2

LONGEST_PATTERN = 300  # characters
LONGEST_ADDRESS = 2000
_QUIET = re2.Options()
_QUIET.log_errors = False


def address_pattern(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether an address of up to 2,000 characters has the pattern in it.

    Raises ValueError, with a clause.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"is longer than {LONGEST_PATTERN} characters; describe the addresses more briefly")
    try:
        compiled = re2.compile(pattern, _QUIET)
    except (re2.error, UnicodeEncodeError) as error:
        stated = error.args[0] if error.args and isinstance(error.args[0], bytes) else b"a character that is none"
        reason = stated.decode(errors="replace")
        raise ValueError(f"is no regular expression ({reason}); write it as in /p/[a-z0-9-]+$") from error

    def has_it(address: str) -> bool:
        # What a stranger's sitemap names may hold half of a surrogate pair, which RE2 does not take.
        fine = len(address) <= LONGEST_ADDRESS and not any("\ud800" <= c <= "\udfff" for c in address)
        return fine and compiled.search(address) is not None

    return has_it


def checked_pattern(pattern: str) -> str:
    """Return the pattern itself, if it is one. Raises ValueError, with a clause."""
    address_pattern(pattern)
    return pattern
