"""Which page an address is of: the one form that all its addresses have."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from corpus.text.urls import parse_url, web_address

# What links carry for their sender's sake, on any site, and on Substack's, where a piece stands at /p/.
NOISE = re.compile(r"utm_.*|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(enc|mi)|mkt_tok", re.IGNORECASE)
SUBSTACK_NOISE = frozenset("r s showwelcome publication_id post_id isfreemail triedredirect token source".split())
AMP_ASKED = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("output", "amp")}
# Names under which a site shows its pages once more. Where a page itself names its canonical address under another of
# these names of its site, it is believed; an address alone is believed less, see `page_key`.
SIDE_DOORS = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.)")
LONGEST = 2000  # characters of an address


def canonical_url(fetched: str, stated: str = "") -> str:
    """Return the address that a page is known by: the one it names, if on its own site; else where it was found."""
    try:
        named = web_address(urljoin(fetched, stated)) if 0 < len(stated) <= LONGEST else fetched
        here, there = urlsplit(fetched), urlsplit(named)
        # A site that names its front page for each piece is mistaken.
        if site(named) != site(fetched) or (there.path in {"", "/"} and here.path not in {"", "/"}):
            there = here
    except ValueError:
        here = there = urlsplit(fetched)
    scheme = "https" if "https" in {here.scheme, there.scheme} else "http"
    path = re.sub(r"(?<=.)/comments/?$", "", there.path) or "/"
    pairs = parse_qsl(there.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_noise(path, name, value)]
    query = there.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((scheme, there.netloc.lower(), path, query, ""))


def _is_noise(path: str, name: str, value: str) -> bool:
    on_substack = path.startswith("/p/") and name.lower() in SUBSTACK_NOISE
    is_form = (name.lower(), value.lower()) in AMP_ASKED or (name, value) == ("action", "share")
    return on_substack or is_form or bool(NOISE.fullmatch(name))


def site(address: str) -> str:
    """Return the host of an address without the names under which a site shows its pages once more."""
    return SIDE_DOORS.sub("", (urlsplit(address).hostname or "").lower(), count=1)


def page_key(address: str) -> str:
    """Return the same for all addresses of one page: no scheme, www or m, noise, AMP form, or slash at the end.

    `m.` alone has meant a site's form for telephones since there were such forms, and nobody has met a site whose m.
    holds other pieces under the same paths; `amp.` and `mobile.` are also names of things (amplifiers, a market), so
    they are taken for a side door only where the page says so (`canonical`).
    """
    try:
        parts = urlsplit(canonical_url(parse_url(address).url))
    except ValueError:
        return address
    host = re.sub(r"^(?:www|m)\.(?=[^.]+\.)", "", parts.netloc)
    return f"{host}{_without_amp(parts.path.rstrip('/'))}?{parts.query}"


def _without_amp(path: str) -> str:
    """Without the mark of the AMP form of a piece: /amp behind a name of several words or with a number.

    Not behind one word: /guitars/amp is a page of its own.
    """
    piece = path.removesuffix("/amp")
    return piece if re.search(r"[-_.\d]", piece.rpartition("/")[2]) else path
