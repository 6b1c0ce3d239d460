"""Which entry a page is, under which id, and of which source: decided from plain values."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.parse.entry_records import entry_of
from corpus.ingest.parse.web_page import NO_FILE, WebPage
from corpus.models.entries import Entry
from corpus.models.sources import Source
from corpus.text.canonical_url import key, site

ID_LENGTH = 80
WEB_TIER = 3  # of what nobody has described yet


@dataclass(frozen=True, slots=True)
class Known:
    """What a page could be: the ids by address (`key`), all ids that are or were in use, sources, and entries by id."""

    ids: Mapping[str, str]
    taken: Collection[str]
    sources: Mapping[str, Source]
    entry: Callable[[str], Entry | None]


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
