"""Which entry a page is, under which id, and of which source: decided from plain values."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.parse.entry_records import entry_of, names_given
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.post_names import FOR_FOLDER
from corpus.ingest.parse.text_blocks import find_blocks
from corpus.ingest.parse.web_page import NO_FILE, WebPage
from corpus.ingest.sources.base import TIER
from corpus.ingest.sources.findings import Findings
from corpus.ingest.update.collect import CollectResult, resolve_source_name
from corpus.ingest.update.known_addresses import KnownAddresses
from corpus.ingest.update.plan import rank
from corpus.models.entries import Entry
from corpus.models.sources import Source
from corpus.models.updates import Rejected
from corpus.storage.record import Record
from corpus.text.canonical_url import page_key, site
from corpus.text.language_detection import settle_language
from corpus.text.slug import slug_of

ID_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was found, each piece as an entry under its id, as (where, entry). `origins`: place → slug of its source."""

    entries: tuple[tuple[str, Entry], ...] = ()
    sources: tuple[Source, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a page could be: ids by `page_key`, all ids that are or were in use, sources, and entries by id.

    `names`: of files that have no address of the web, see `name_files`. `placed`: ids of other pages of this run.
    """

    ids: Mapping[str, str]
    taken: Collection[str]
    sources: Mapping[str, Source]
    entry: Callable[[str], Entry | None]
    names: Mapping[str, str] = field(default_factory=dict)
    placed: Collection[str] = ()


def identify(found: CollectResult, record: Record | None, known: KnownAddresses, source: str | None = None) -> Resolved:
    """Return what was found, with its pages as entries. `source`: the name of the one whose entries alone are kept.

    Raises FilterRefused for a source that is not there.
    """
    resolved = identify_pages(found.findings, record, known)
    if source is None:
        return resolved
    described = replace(found.findings, entries=resolved.entries, sources=resolved.sources)
    slug = found.source or resolve_source_name(source, record, described)
    sources = (record.entries.sources() if record else {}) | {one.slug: one for one in resolved.sources}
    # Of the files that were named, those that do not say whose they are, are its own.
    unsaid = {page.url: page for page in found.findings.pages if is_file(page) and "source" not in page.given}

    def of_source(where: str, entry: Entry) -> Entry:
        if where not in unsaid:
            return entry
        tier = entry.tier if "tier" in unsaid[where].given or slug not in sources else sources[slug].tier
        return replace(entry, source=slug, tier=tier)

    entries = [(where, of_source(where, entry)) for where, entry in resolved.entries]
    return replace(
        resolved,
        entries=tuple((w, e) for w, e in entries if slug in {e.source, resolved.origins.get(w)}),
        sources=tuple(one for one in resolved.sources if one.slug == slug),
    )


def identify_pages(found: Findings, record: Record | None, known: KnownAddresses) -> Resolved:
    """Return what was found, with its pages under the ids that the record, or a file, knows their addresses by."""
    if not found.pages:
        return Resolved(found.entries, found.sources, found.rejected, found.origins)
    files = {entry.id: entry for _, entry in found.entries}
    ids = {page_key(entry.url): entry.id for entry in reversed(files.values()) if entry.url} | dict(known.ids)
    taken = {*known.taken_ids, *files}
    sources = (record.entries.sources() if record else {}) | {s.slug: s for s in found.sources}

    def entry_of_id(entry_id: str) -> Entry | None:
        there = record.entries.entry(entry_id) if record else None
        return there[1] if there else files.get(entry_id)

    described, rejected = list(found.sources), list(found.rejected)
    names = name_files([page.address for page in found.pages if page.address.startswith(NO_FILE)])
    first: dict[str, str] = {}
    placed: list[tuple[str, Entry]] = []
    placed_ids: set[str] = set()
    for page in found.pages:
        if other := first.get(page_key(page.address)):
            if not (page.url in found.origins and other in found.origins):  # lists may name a piece twice
                rejected.append(Rejected(page.url, f"is the same page as {other}"))
            continue
        try:
            entry, source = place(page, Known(ids, taken, sources, entry_of_id, names, placed_ids))
        except NotAnEntry as reason:
            rejected.append(Rejected(page.url, str(reason)))
            continue
        followed = sources.get(found.origins.get(page.url, ""))
        if followed and entry.id not in taken:  # whose list names it, its piece it is
            entry, source = replace(entry, source=followed.slug, tier=followed.tier), followed
        placed.append((page.url, entry))
        if source.slug not in sources:
            described.append(source)
            sources[source.slug] = source
        first[page_key(page.address)] = page.url
        taken.add(entry.id)
        placed_ids.add(entry.id)
    # Of a file and a page of one entry, the one that says more of the piece; the page, where both say as much.
    ranks = {entry.id: rank(entry.access, entry.wording) for _, entry in placed}
    kept = tuple((w, e) for w, e in found.entries if rank(e.access, e.wording) > ranks.get(e.id, 0))
    kept_ids = {entry.id for _, entry in kept}
    entries = (*kept, *((where, entry) for where, entry in placed if entry.id not in kept_ids))
    return Resolved(entries, tuple(described), tuple(rejected), found.origins)


def place(page: WebPage, known: Known) -> tuple[Entry, Source]:
    """Return the entry that a page is, under the id that it has or gets, and its source. Raises NotAnEntry."""
    source = _source(page, known.sources)
    people = names_given(page.given["people"]) if "people" in page.given else page.people
    fields = {
        "id": page.given.get("id") or known.ids.get(page_key(page.address)) or _new_id(page, known),
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
        "blocks": [block._asdict() for block in find_blocks(page.text, page.sections, people, page.blocks)],
    }
    entry = entry_of(fields | dict(page.given))
    former = known.entry(entry.id)
    if former is not None:
        entry, source = keep_decisions(entry, former, page.given), known.sources.get(former.source, source)
    # What was archived without a language stays so until its text changes: it is told while it is indexed.
    is_as_before = former is not None and former.text == entry.text
    if "language" not in page.given and (page.language or not (entry.language or is_as_before)):
        entry = replace(entry, language=settle_language(page.language, entry.text))
    return entry, source


def keep_decisions(entry: Entry, former: Entry, given: Collection[str]) -> Entry:
    """Return an entry with what people have decided of it: where it is filed, and who took part in which role.

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
    name = known.names.get(page.address, PurePath(page.address).stem) if is_file else page.title
    slug = slug_of(name, ID_LENGTH)
    mark = hashlib.sha256((name if is_file else page_key(page.address)).encode(errors="replace")).hexdigest()[:8]
    former = known.entry(slug) if is_file else None
    is_anothers = former.url is not None if former else slug in (known.placed if is_file else known.taken)
    return f"{slug or 'page'}-{mark}" if not slug or is_anothers else slug


def name_files(addresses: Sequence[str]) -> dict[str, str]:
    """Return a name for each of some files, by its address: its own, if no other file has that; else with its folders.

    An index file is called as its folder is.
    """
    names: dict[str, str] = {}
    todo = list(addresses)
    for depth, with_ending in ((1, False), (2, False), (2, True), (3, True), (4, True)):
        called = {address: _name_of(address, depth, with_ending=with_ending) for address in todo}
        keys = {address: slug_of(name, ID_LENGTH) or name for address, name in called.items()}
        counts = Counter(keys.values())
        names |= {address: called[address] for address, key in keys.items() if counts[key] == 1}
        todo = [address for address in todo if address not in names]
    return names | {address: address for address in todo}


def _name_of(address: str, depth: int, *, with_ending: bool) -> str:
    """Return the last parts of a file's path as a name."""
    path = PurePath(address.removeprefix(NO_FILE))
    parts = path.parts[:-1] if path.stem.lower() in FOR_FOLDER and path.parent.name else (*path.parts[:-1], path.stem)
    return " ".join([*parts[-depth:], *([path.suffix] if with_ending else [])])


def is_file(page: WebPage) -> bool:
    """Return whether a page was read from a file, which may be known by an address of the web."""
    return not page.url.startswith(("http://", "https://"))


def _source(page: WebPage, sources: Mapping[str, Source]) -> Source:
    """The source whose home the page is in, the nearest of several; else one that is described from the page."""
    named = page.given.get("source") or ("files" if page.address.startswith(NO_FILE) else None)
    if named and isinstance(named, str):
        tier = page.given.get("tier")
        name, tier = "Files" if named == "files" else named, tier if tier in {1, 2, 3} else TIER
        return sources.get(named) or Source(named, name, TIER if named == "files" else tier)
    here = urlsplit(page.address)
    homes = {s.slug: urlsplit(s.home) for s in sources.values() if s.home and site(s.home) == site(page.address)}
    within = [slug for slug, home in homes.items() if f"{here.path}/".startswith(home.path.rstrip("/") + "/")]
    if within:
        return sources[max(within, key=lambda slug: len(homes[slug].path))]
    slug = re.sub(r"[^a-z0-9._-]+", "-", site(page.address)).strip("-.")[:100] or "page"
    home = urlunsplit((here.scheme, here.netloc, "", "", ""))
    return sources.get(slug) or Source(slug, page.site or slug, TIER, home)
