"""A web page → an entry in the words of its author, or the reason why not.

`read` fetches it and has it taken apart in a process of its own; `place` decides, from plain values, which entry it is.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from corpus.ingest.address import AddressRefused, target
from corpus.ingest.dissect import AS_A_FILE, SECONDS, Dissector
from corpus.ingest.fetch import Fetched, Fetcher, FetchFailed
from corpus.ingest.front import FRONT_MATTER
from corpus.ingest.parse import NotAnEntry, entry_of, parse_markdown, web_address
from corpus.models import Entry, Source

SHORTEST = 200  # characters of text; below are login walls, teasers and pages that only scripts fill
ID_LENGTH = 80
WEB_TIER = 3  # of what nobody has described yet
# What links carry for their sender's sake, on any site, and on Substack's, where a piece stands at /p/.
NOISE = re.compile(r"utm_.*|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(enc|mi)|mkt_tok", re.IGNORECASE)
SUBSTACK_NOISE = frozenset("r s showwelcome publication_id post_id isfreemail triedredirect token source".split())
JOINERS = "\u200c\u200d"  # they make letters and pictures
HIDDEN, SPACES = frozenset({"Cf", "Cs"}), frozenset({"Cc", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page says, unchecked, with the address that it is known by. `url` is the one that was asked for."""

    url: str
    address: str
    title: str
    people: tuple[str, ...]
    day: str
    site: str
    summary: str
    text: str
    access: Literal["full", "teaser"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a page could be: the ids by address (`key`), all ids that are or were in use, sources, and entries by id."""

    ids: Mapping[str, str]
    taken: Collection[str]
    sources: Mapping[str, Source]
    entry: Callable[[str], Entry | None]


def read(
    url: str, fetcher: Fetcher, dissector: Dissector | None = None, seconds: float = SECONDS
) -> WebPage | Entry | NotAnEntry:
    """The page at an address; an entry, where what stands there is Markdown with front matter.

    Who reads several pages gives a dissector, so that one process takes them all apart.
    """
    if dissector is None:
        with Dissector() as own:
            return read(url, fetcher, own, seconds)
    fetched = fetcher.fetch(url)
    if isinstance(fetched, FetchFailed):
        return NotAnEntry(fetched.reason)
    try:
        if fetched.content_type in {"text/plain", "text/markdown"}:
            return _markdown(fetched)
        return _page(fetched, dissector.page(fetched.text, fetched.final_url, seconds))
    except NotAnEntry as reason:
        return reason


def _markdown(fetched: Fetched) -> Entry:
    if not FRONT_MATTER.match(fetched.text.replace("\r\n", "\n")):
        raise NotAnEntry(f"is plain text, which does not say what it is and when it was published; {AS_A_FILE}")
    return parse_markdown(fetched.text)


def _page(fetched: Fetched, found: Mapping[str, Any]) -> WebPage:
    text = plain(found["text"], keep="\n\t").strip()
    if len(text) < SHORTEST:
        raise NotAnEntry(f"holds hardly any text ({len(text)} characters), or shows it only after a login; {AS_A_FILE}")
    if not found["day"]:
        raise NotAnEntry(f"does not say when it was published; {AS_A_FILE}")
    names = (" ".join(plain(name).split()).removeprefix("By ") for name in found["people"])
    people = dict.fromkeys(name for name in names if 0 < len(name) <= 100 and "://" not in name)  # noqa: PLR2004  no name
    return WebPage(
        url=fetched.url,
        address=canonical(fetched.final_url, found["address"]),
        title=" ".join(plain(found["title"]).split()),
        people=tuple(people)[:50],
        day=found["day"],
        site=" ".join(plain(found["site"]).split())[:200],
        summary=" ".join(plain(found["summary"]).split())[:2000],
        text=text,
        access="teaser" if found["teaser"] else "full",
    )


def plain(text: str, keep: str = "") -> str:
    """Without halves of surrogate pairs and signs that reorder a line or show nothing; controls become spaces."""
    kinds = ((c, "" if c in keep or c in JOINERS else unicodedata.category(c)) for c in text)
    return "".join(" " if kind in SPACES else c for c, kind in kinds if kind not in HIDDEN)


# Which address, which entry, which source


def canonical(fetched: str, said: str = "") -> str:
    """The address that a page is known by: the one it names, if that is on its own site; else where it was found."""
    try:
        named = web_address(urljoin(fetched, said)) if said else fetched
        here, there = urlsplit(fetched), urlsplit(named)
        # A site that names its front page for each piece is mistaken.
        if _host(named) != _host(fetched) or (there.path in {"", "/"} and here.path not in {"", "/"}):
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
    return on_substack or (name, value) == ("action", "share") or bool(NOISE.fullmatch(name))


def key(address: str) -> str:
    """The same for all addresses of one page: without the scheme, www, noise, and a slash at the end."""
    try:
        host = urlsplit(address).hostname or ""
        parts = urlsplit(canonical(target(address, frozenset({host})).url))
    except (AddressRefused, ValueError):
        return address
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def place(page: WebPage, known: Known) -> tuple[Entry, Source]:
    """The entry that a page is, under the id that it has or gets, and its source. Raises NotAnEntry."""
    entry_id = known.ids.get(key(page.address)) or _new_id(page, known.taken)
    former = known.entry(entry_id)
    source = _source(page, known.sources)
    fields = {
        "id": entry_id,
        "source": source.slug,
        "kind": "event",
        "tier": source.tier,
        "url": page.address,
        "title": page.title,
        "people": [{"name": name, "role": "author"} for name in page.people],
        "published": page.day,
        "summary": page.summary,
        "text": page.text,
        "access": page.access,
        "wording": "author",
    }
    entry = entry_of(fields)
    return (entry, source) if former is None else (_as_filed(entry, former), known.sources.get(former.source, source))


def _as_filed(entry: Entry, former: Entry) -> Entry:
    """What people have decided of an entry stays: where it is filed, and who took part in which role."""
    named = {person.name for person in entry.people}
    people = former.people if named <= {person.name for person in former.people} else entry.people
    return replace(entry, source=former.source, kind=former.kind, tier=former.tier, people=people)


def _new_id(page: WebPage, taken: Collection[str]) -> str:
    ascii_title = unicodedata.normalize("NFKD", page.title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_title.replace("'", ""))
    slug = ""
    for word in words:
        if len(slug) + len(word) + 1 > ID_LENGTH:
            break
        slug = f"{slug}-{word}".strip("-")
    mark = hashlib.sha256(key(page.address).encode()).hexdigest()[:8]
    if not slug or slug in taken:
        return f"{slug or 'page'}-{mark}"
    return slug


def _source(page: WebPage, sources: Mapping[str, Source]) -> Source:
    """The source whose home the page is in, the nearest of several; else one that is described from the page."""
    here = urlsplit(page.address)
    homes = {s.slug: urlsplit(s.home) for s in sources.values() if s.home and _host(s.home) == _host(page.address)}
    within = [slug for slug, home in homes.items() if f"{here.path}/".startswith(home.path.rstrip("/") + "/")]
    if within:
        return sources[max(within, key=lambda slug: len(homes[slug].path))]
    slug = re.sub(r"[^a-z0-9._-]+", "-", _host(page.address)).strip("-.")[:100] or "page"
    home = urlunsplit((here.scheme, here.netloc, "", "", ""))
    return sources.get(slug) or Source(slug, page.site or slug, WEB_TIER, home)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def ids_by_key(entries: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Ids by the `key` of their address; of two entries with one address, the one that was there first."""
    ids: dict[str, str] = {}
    for entry_id, address in entries:
        if address:
            ids.setdefault(key(address), entry_id)
    return ids
