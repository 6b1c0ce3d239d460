"""robots.txt: whether a site lets this program read an address (RFC 9309), and how long it is to pause in between."""

import re
from dataclasses import dataclass
from typing import Self

from protego import Protego

from corpus.ingest.fetch.url_safety import AddressRefused

AGENT = "Footnote"
ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much must be read; what follows is left
LONGEST_PAUSE = 60.0  # seconds that a site may ask for between two requests; with more, nothing would be read at all
AGENT_LINE = re.compile(r"\s*user[ -]?agent\s*[:\s]\s*([*\w-]*)", re.IGNORECASE)
SOMEBODY_ELSE = "User-agent: -"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site's robots.txt says; None: nothing that could be read, which forbids nothing."""

    rules: Protego | None

    @classmethod
    def of(cls, status: int, body: bytes) -> Self:
        """Return what the answer to the request for it says: what is not there forbids nothing.

        Raises AddressRefused where the server is in trouble (RFC 9309, 2.3.1.4), which may pass.
        """
        if status >= 500 or status == 429:  # noqa: PLR2004  the server's own errors; asked too often
            reason = "could not be read: the site's robots.txt is out of order, so it is left alone; try again later"
            raise AddressRefused(reason, passing=True)
        if status != 200:  # noqa: PLR2004  the one status with rules
            return cls(None)
        try:
            return cls(Protego.parse(_relevant(body.decode("utf-8-sig", errors="replace"))))
        except Exception:  # noqa: BLE001  a stranger's text in a foreign parser: what it cannot read forbids nothing
            return cls(None)

    def refusal(self, url: str) -> str | None:
        """Return why this program may not read the address, as a clause; None where it may."""
        if self.rules is not None and not self.rules.can_fetch(url, AGENT):
            return "may not be read by programs, says the site's robots.txt; add its text as a file"
        return None

    @property
    def pause(self) -> float:
        """Seconds between two requests that the site asks for (Crawl-delay), as far as that is reasonable."""
        delay = self.rules.crawl_delay(AGENT) if self.rules is not None else None
        return min(delay or 0.0, LONGEST_PAUSE)


def _relevant(text: str) -> str:
    """The file with all other programs under one name, and ours only where it is meant exactly.

    The parser takes a name that ours begins with for ours, and with ten thousand names it is busy for minutes.
    """
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if named := AGENT_LINE.match(line):
            name = named[1].lower()
            lines[place] = f"User-agent: {name}" if name in {"*", AGENT.lower()} else SOMEBODY_ELSE
    return "\n".join(lines)
