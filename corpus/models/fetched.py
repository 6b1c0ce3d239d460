"""What a fetch comes to, whatever the network does: one of four outcomes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

VALIDATOR = re.compile(r"[ -~]{1,500}")


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a server knows again what it sent, as it said it: with them, it need not send it twice (RFC 9110, 13)."""

    etag: str | None = None
    last_modified: str | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Self:
        """What fits into a header; the rest is as if it had not been said."""
        given = (headers.get(name, "").strip() for name in ("etag", "last-modified"))
        return cls(*(value if VALIDATOR.fullmatch(value) else None for value in given))

    @property
    def headers(self) -> dict[str, str]:
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value and VALIDATOR.fullmatch(value)}


NEVER_SEEN = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stands at an address. `final_url` is where redirects led; `moved_to` the same, where all were for good.

    `content_type` is what it is, whatever it claims; `text` is decoded, and "" for a PDF; `body` is not compressed.
    `note`: what of the text could not be decoded, as a clause, or "".
    """

    url: str
    final_url: str
    content_type: str
    text: str
    body: bytes = b""
    validators: Validators = NEVER_SEEN
    moved_to: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """It is as it was when it had these validators."""

    url: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """Its site says that it was taken away for good."""

    url: str


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """Why there is nothing, as a clause that fits behind the address. `passing`: it may be over another time.

    `unreached`: the request never came to its host, as where there is no network.
    """

    url: str
    reason: str
    passing: bool = False
    unreached: bool = False


FetchOutcome = Fetched | NotModified | Gone | FetchFailed
