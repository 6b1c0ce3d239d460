"""robots.txt: whether a site lets this program read an address (RFC 9309)."""

from dataclasses import dataclass
from typing import Self
from urllib.robotparser import RobotFileParser

ROBOTS_BYTES = 500_000  # RFC 9309, 2.5: at least 500 KiB must be read


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site's robots.txt says; `may_change`: it could not be asked now, and is to be asked again."""

    rules: RobotFileParser | None
    may_change: bool = False

    @classmethod
    def of(cls, status: int, body: bytes) -> Self:
        """From the answer to the request for it: what is not there forbids nothing, a server in trouble forbids all."""
        if status >= 500 or status == 429:  # noqa: PLR2004  RFC 9309, 2.3.1.4
            return cls(None, may_change=True)
        rules = RobotFileParser()
        text = body.decode("utf-8", errors="replace") if status == 200 else ""  # noqa: PLR2004
        rules.parse([line for line in text.splitlines() if _is_readable(line)])
        return cls(rules)

    def refusal(self, agent: str, url: str) -> str | None:
        """Why this program may not read the address, as a clause; None where it may."""
        if self.rules is None:
            return "could not be read: the site's robots.txt is out of order, so it is left alone; try again later"
        if not self.rules.can_fetch(agent, url):
            return "may not be read by programs, says the site's robots.txt; add its text as a file"
        return None


def _is_readable(line: str) -> bool:
    """Whether the parser can read the line: it raises for some garbage, which would lift all the other rules."""
    try:
        RobotFileParser().parse(["User-agent: *", line, "Disallow: /"])
    except ValueError:
        return False
    return True
