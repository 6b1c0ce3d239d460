"""A web page → an entry in the words of its author, or the reason why not.

`read` fetches it and has it taken apart in a process of its own; `place` decides, from plain values, which entry it is.
"""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.canonical import canonical, ids_by_key, key, site
from corpus.ingest.dissect import AS_A_FILE, SECONDS, Dissector
from corpus.ingest.fetch import Fetched, Fetcher, FetchFailed, Gone, NotModified
from corpus.ingest.front import FRONT_MATTER
from corpus.ingest.parse import (
    LONGEST_LICENCE,
    NotAnEntry,
    entry_of,
    is_line,
    language_tag,
    parse_markdown,
    sections_of,
    web_address,
)
from corpus.models import Entry, Section, Source

if TYPE_CHECKING:
    from corpus.ingest.feed import Item

__all__ = ["Known", "WebPage", "canonical", "ids_by_key", "key", "page_of", "page_of_item", "place", "plain", "read"]

SHORTEST = 200  # characters of text; below are login walls, teasers and pages that only scripts fill
ID_LENGTH = 80
WEB_TIER = 3  # of what nobody has described yet
NO_FILE = "file:"  # what the address of a file begins with that names no address of the web
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
NO_LANGUAGES = frozenset({"und", "mul", "zxx", "mis"})
JOINERS = "\u200c\u200d"  # they make letters and pictures
HIDDEN, SPACES = frozenset({"Cf", "Cs"}), frozenset({"Cc", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page says, unchecked, with the address that it is known by. `url` is the one that was asked for.

    Of a file that was read as a page, `url` is its path, `address` begins with file: where it names none, and `given`
    are fields of the entry that people wrote beside it: they count for more than what it says.
    """

    url: str
    address: str
    title: str
    people: tuple[str, ...]
    day: str
    site: str
    summary: str
    text: str
    access: Literal["full", "teaser"]
    language: str | None = None
    licence: str | None = None
    sections: tuple[Section, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)


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
    try:
        match fetched:
            case Fetched():
                return parsed(fetched, dissector, seconds=seconds)
            case FetchFailed():
                return NotAnEntry(fetched.reason)
            case Gone() | NotModified():
                return NotAnEntry("was taken away for good, says its site (410)")
    except NotAnEntry as reason:
        return reason


def parsed(
    fetched: Fetched, dissector: Dissector, item: "Item | None" = None, seconds: float = SECONDS
) -> WebPage | Entry:
    """What was fetched, as a page, or as the entry that its front matter makes it. Raises NotAnEntry."""
    if fetched.content_type in {"text/plain", "text/markdown"}:
        return _markdown(fetched)
    if fetched.content_type == "application/pdf":
        return page_of(fetched, dissector.pdf(fetched.body, seconds), item)
    return page_of(fetched, dissector.page(fetched.text, fetched.final_url, seconds), item)


def _markdown(fetched: Fetched) -> Entry:
    if not FRONT_MATTER.match(fetched.text.replace("\r\n", "\n")):
        raise NotAnEntry(f"is plain text, which does not say what it is and when it was published; {AS_A_FILE}")
    return parse_markdown(fetched.text)


def page_of(fetched: Fetched, found: Mapping[str, Any], item: "Item | None" = None) -> WebPage:
    """A page of the web from what was found in it; what it lacks may stand in the list that led to it (`item`).

    Raises NotAnEntry.
    """
    address = canonical(fetched.final_url, found["address"])
    page = page_as_found(found, fetched.url, address)
    return _checked(page if item is None else _filled_up(page, item))


def page_of_item(item: "Item", found: Mapping[str, Any]) -> WebPage:
    """A piece whose text its feed carries, from what was found in that: the list says the rest. Raises NotAnEntry."""
    page = page_as_found(found, item.url, canonical(item.url))
    told: dict[str, Any] = {"title": item.title, "people": item.people, "day": item.day, "summary": item.summary}
    page = replace(page, **{name: value for name, value in told.items() if value})
    return _checked(_filled_up(replace(page, access=item.access if page.access == "full" else page.access), item))


def page_as_found(found: Mapping[str, Any], url: str, address: str) -> WebPage:
    """What was found in a page or a file, as plain text without what hides or reorders."""
    names = (" ".join(plain(name).split()).removeprefix("By ") for name in found["people"])
    people = dict.fromkeys(name for name in names if 0 < len(name) <= 100 and "://" not in name)  # noqa: PLR2004  no name
    text, sections = _cleaned(found["text"], found["sections"])
    return WebPage(
        url=url,
        address=address,
        title=" ".join(plain(found["title"]).split()),
        people=tuple(people)[:50],
        day=found["day"],
        site=" ".join(plain(found["site"]).split())[:200],
        summary=" ".join(plain(found["summary"]).split())[:2000],
        text=text,
        access="teaser" if found["teaser"] else "full",
        language=_language(found["languages"]),
        licence=_licence(found["licences"]),
        sections=sections,
    )


def _filled_up(page: WebPage, item: "Item") -> WebPage:
    said = ("title", "people", "day", "summary", "language", "licence")
    return replace(page, **{name: getattr(item, name) for name in said if not getattr(page, name)})


def _checked(page: WebPage) -> WebPage:
    length = len(page.text)
    if length < SHORTEST:
        raise NotAnEntry(f"holds hardly any text ({length} characters), or shows it only after a login; {AS_A_FILE}")
    if not page.day:
        raise NotAnEntry(f"does not say when it was published; {AS_A_FILE}")
    return page


def _cleaned(raw: str, found: Sequence[tuple[int, str]]) -> tuple[str, tuple[Section, ...]]:
    """A text as plain text, and those of its headings that stand in it as they are called, where they stand then."""
    cuts = [0, *(start for start, _ in found), len(raw)]
    pieces = [plain(raw[start:end], keep="\n\t") for start, end in pairwise(cuts)]
    whole = "".join(pieces)
    text, start = whole.strip(), len(whole.lstrip()) - len(whole)
    heads = []
    for piece, (_, said) in zip(pieces, found, strict=False):
        start += len(piece)
        title = plain(said)
        first = start + len(title) - len(title.lstrip())
        if text.startswith(title.strip(), max(first, 0)):
            heads.append((first, title.strip()))
    return text, tuple(Section(**section) for section in sections_of(heads, text))


def _language(told: Iterable[str]) -> str | None:
    """The first of what a page says that is a language."""
    for said in told:
        try:
            tag = language_tag(said.partition(",")[0].strip().replace("_", "-"))
        except ValueError:
            continue
        if tag not in NO_LANGUAGES:
            return tag
    return None


def _licence(told: Iterable[str]) -> str | None:
    """The first of what a page says of its use that is a line or an address of the web."""
    for said in told:
        line = " ".join(plain(said).split())
        if len(line) > LONGEST_LICENCE or not is_line(line):
            continue
        try:
            return web_address(line) if SCHEME.match(line) or line.startswith("/") else line
        except ValueError:
            continue
    return None


def plain(text: str, keep: str = "") -> str:
    """Without halves of surrogate pairs and signs that reorder a line or show nothing; controls become spaces."""
    return text.translate(_plainly(keep))


@cache
def _plainly(keep: str) -> dict[int, str | None]:
    """What becomes of each character that does not stay: with a table, 5 million characters take 0.8 s and not 5."""
    return {code: " " if kind in SPACES else None for code, kind in _odd() if chr(code) not in keep + JOINERS}


@cache
def _odd() -> tuple[tuple[int, str], ...]:
    kinds = ((code, unicodedata.category(chr(code))) for code in range(sys.maxunicode + 1))
    return tuple((code, kind) for code, kind in kinds if kind in SPACES or kind in HIDDEN)


# Which entry, which source


def place(page: WebPage, known: Known) -> tuple[Entry, Source]:
    """The entry that a page is, under the id that it has or gets, and its source. Raises NotAnEntry."""
    source = _source(page, known.sources)
    fields = {
        "id": page.given.get("id") or known.ids.get(key(page.address)) or _new_id(page, known),
        "source": source.slug,
        "kind": "event",
        "tier": source.tier,
        "url": None if page.address.startswith(NO_FILE) else page.address,
        "title": page.title,
        "people": [{"name": name, "role": "author"} for name in page.people],
        "published": page.day,
        "summary": page.summary,
        "text": page.text,
        "access": page.access,
        "wording": "author",
        "language": page.language,
        "licence": page.licence,
        "sections": [section._asdict() for section in page.sections],
    }
    entry = entry_of(fields | dict(page.given))
    former = known.entry(entry.id)
    if former is None:
        return entry, source
    return _as_filed(entry, former, page.given), known.sources.get(former.source, source)


def _as_filed(entry: Entry, former: Entry, given: Collection[str]) -> Entry:
    """What people have decided of an entry stays: where it is filed, and who took part in which role.

    So does what it was known to say of its language and its licence, where it is read at a place that does not say it.
    """
    named = {person.name for person in entry.people}
    stays: dict[str, Any] = {name: getattr(former, name) for name in ("source", "kind", "tier")}
    stays["people"] = former.people if named <= {person.name for person in former.people} else entry.people
    stays |= {name: getattr(entry, name) or getattr(former, name) for name in ("language", "licence")}
    return replace(entry, **{name: value for name, value in stays.items() if name not in given})


def _new_id(page: WebPage, known: Known) -> str:
    """Made of the title; of a file without an address, of its name, so that the file is known again."""
    is_file = page.address.startswith(NO_FILE)
    name = PurePath(page.address).stem if is_file else page.title
    slug = _slug(name)
    mark = hashlib.sha256((name if is_file else key(page.address)).encode(errors="replace")).hexdigest()[:8]
    former = known.entry(slug) if is_file else None
    is_anothers = former.url is not None if former else slug in known.taken and not is_file
    return f"{slug or 'page'}-{mark}" if not slug or is_anothers else slug


def _slug(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in re.findall(r"[a-z0-9]+", ascii_name.replace("'", "")):
        if len(slug) + len(word) + 1 > ID_LENGTH:
            break
        slug = f"{slug}-{word}".strip("-")
    return slug


def _source(page: WebPage, sources: Mapping[str, Source]) -> Source:
    """The source whose home the page is in, the nearest of several; else one that is described from the page."""
    named = page.given.get("source") or ("files" if page.address.startswith(NO_FILE) else None)
    if named and isinstance(named, str):
        return sources.get(named) or Source(named, "Files" if named == "files" else named, WEB_TIER)
    here = urlsplit(page.address)
    homes = {s.slug: urlsplit(s.home) for s in sources.values() if s.home and site(s.home) == site(page.address)}
    within = [slug for slug, home in homes.items() if f"{here.path}/".startswith(home.path.rstrip("/") + "/")]
    if within:
        return sources[max(within, key=lambda slug: len(homes[slug].path))]
    slug = re.sub(r"[^a-z0-9._-]+", "-", site(page.address)).strip("-.")[:100] or "page"
    home = urlunsplit((here.scheme, here.netloc, "", "", ""))
    return sources.get(slug) or Source(slug, page.site or slug, WEB_TIER, home)
