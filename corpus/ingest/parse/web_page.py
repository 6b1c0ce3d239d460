"""A web page → what it says, in the words of its author, or the reason why it is no entry.

It is taken apart in a process of its own. Which entry it is, `update/identify.py` decides.
"""

import html
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from corpus.ingest.parse.document import Remark
from corpus.ingest.parse.entry_records import LONGEST_LICENCE, is_line
from corpus.ingest.parse.foreign_values import language_of
from corpus.ingest.parse.front_matter import FRONT_MATTER
from corpus.ingest.parse.markdown_entries import clean_text, parse_markdown
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.people import clean_people, names_of_host
from corpus.ingest.parse.published_day import choose_day
from corpus.ingest.parse.sandbox import AS_A_FILE, SECONDS, Sandbox
from corpus.models.entries import Block, Entry, Section
from corpus.models.fetched import Fetched
from corpus.models.sources import TextTaken
from corpus.text.canonical_url import canonical_url
from corpus.text.plain import plain
from corpus.text.urls import web_address

if TYPE_CHECKING:
    from corpus.models.items import Item

UNSEEN = "scripts and styles"
SHORTEST = 200  # characters of text; below are login walls, teasers and pages that only scripts fill
NO_FILE = "file:"  # what the address of a file begins with that names no address of the web
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
FROM_LIST = "feed"
WEAK_TITLES = frozenset({"<title>", "<h1>", "<h2>"})  # which nothing else on the page agrees with: a list knows better
NO_LANGUAGES = frozenset({"und", "mul", "zxx", "mis"})


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page says, unchecked, with the address that it is known by. `url` is the one that was asked for.

    Of a file that was read as a page, `url` is its path, `address` begins with file: where it names none, and `given`
    are fields of the entry that people wrote beside it: they count for more than what it says. `origins`: where the
    title, the people and the day were found, in words.
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
    blocks: tuple[Block, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    taken: TextTaken | None = field(default=None, compare=False)
    note: str = ""  # what of it could not be decoded, as a clause
    remarks: tuple[Remark, ...] = ()


def parse_page(
    fetched: Fetched, sandbox: Sandbox, item: "Item | None" = None, seconds: float = SECONDS
) -> WebPage | Entry:
    """Return what was fetched, as a page, or as the entry that its front matter makes it. Raises NotAnEntry."""
    if fetched.content_type in {"text/plain", "text/markdown"}:
        if not FRONT_MATTER.match(fetched.text.replace("\r\n", "\n")):
            raise NotAnEntry(f"is plain text, which does not say what it is and when it was published; {AS_A_FILE}")
        return parse_markdown(fetched.text, sandbox)
    if fetched.content_type == "application/pdf":
        found = sandbox.pdf(fetched.body, seconds)
        if item is not None and item.day:  # the day on which the PDF was made says less than the list that named it
            return page_of(fetched, {**found, "day": ""}, item)
        return replace(page_of(fetched, found, item), remarks=(Remark("created", fetched.url),))
    return page_of(fetched, sandbox.page(fetched.text, fetched.final_url, seconds), item)


def page_of(fetched: Fetched, found: Mapping[str, Any], item: "Item | None" = None) -> WebPage:
    """Return a page of the web, from what was found in it; what it lacks may stand in the list that led to it (`item`).

    Raises NotAnEntry.
    """
    address = canonical_url(fetched.final_url, found["address"])
    page = page_as_found(found, fetched.url, address)
    return replace(_completed(page, item), note=fetched.note)


def page_of_item(item: "Item", found: Mapping[str, Any]) -> WebPage:
    """Return a piece whose text its feed carries, from what was found in that. Raises NotAnEntry."""
    page = page_as_found(found, item.url, canonical_url(item.url))
    stated: dict[str, Any] = {"title": item.title, "people": item.people, "day": item.day, "summary": item.summary}
    page = with_origins(page, {name: value for name, value in stated.items() if value})
    return _completed(replace(page, access=item.access if page.access == "full" else page.access), item)


def page_as_found(found: Mapping[str, Any], url: str, address: str) -> WebPage:
    """Return what was found in a page or a file, as plain text without what hides or reorders."""
    stated = found.get("authors") or [("document properties", found.get("people") or ())]
    groups = {*found.get("groups", ()), found["site"], *names_of_host(address)} - {""}
    people, people_from = _people(stated, groups, found["text"])
    languages = [
        tag for given in found["languages"] if (tag := language_of(given.partition(",")[0])) and tag not in NO_LANGUAGES
    ]
    days = found.get("days") or [("document properties", found.get("day") or "")]
    day = choose_day([(origin, text) for origin, text in days], next(iter(languages), None), datetime.now(UTC).date())
    title = " ".join(plain(html.unescape(found["title"])).split())
    text, sections, blocks = clean_text(found["text"], found["sections"], found.get("blocks", ()))
    return WebPage(
        url=url,
        address=address,
        title=title,
        people=people,
        day=day.day,
        site=" ".join(plain(found["site"]).split())[:200],
        summary=" ".join(plain(found["summary"]).split())[:2000],
        text=text,
        access="teaser" if found["teaser"] else "full",
        language=next(iter(languages), None),
        licence=_licence(found["licences"]),
        sections=sections,
        blocks=blocks,
        origins={
            "title": found.get("title_from", "document properties") if title else "",
            "people": people_from,
            "day": day.origin,
        },
        taken=_text_taken(found),
    )


def _text_taken(found: Mapping[str, Any]) -> TextTaken | None:
    """How much of what a page shows is its text; what programs alone read does not count."""
    left_out = {why: size for why, size in found.get("left_out", {}).items() if why != UNSEEN and size}
    shown = found.get("characters", 0) - found.get("left_out", {}).get(UNSEEN, 0)
    ordered = dict(sorted(left_out.items(), key=lambda pair: -pair[1]))
    return TextTaken(1 - sum(left_out.values()) / shown, ordered) if shown > 0 else None


def _people(
    stated: Iterable[tuple[str, Iterable[str]]], groups: Collection[str], text: str
) -> tuple[tuple[str, ...], str]:
    """The people of the first place that names any, and which that is."""
    for origin, written in stated:
        people = clean_people(written, groups, text, certain=not origin.startswith(("byline", "line", "rel")))
        if people:
            return people, origin
    return (), ""


def with_origins(page: WebPage, stated: Mapping[str, Any]) -> WebPage:
    """Return a page with what its list states of it, and that it is from there."""
    found = {name: FROM_LIST for name, value in stated.items() if value and name in page.origins}
    return replace(page, **stated, origins={**page.origins, **found})


def _completed(page: WebPage, item: "Item | None") -> WebPage:
    """A page with what it lacks and its list has said. Raises NotAnEntry where that is not enough for an entry."""
    if item is not None:
        stated = ("title", "people", "day", "summary", "language", "licence")
        missing = [name for name in stated if not getattr(page, name)]
        if item.title and page.origins.get("title") in WEAK_TITLES:
            missing.append("title")
        page = with_origins(page, {name: getattr(item, name) for name in missing})
    length = len(page.text)
    if length < SHORTEST:
        raise NotAnEntry(f"holds hardly any text ({length} characters), or shows it only after a login; {AS_A_FILE}")
    if not page.title:
        raise NotAnEntry(f"does not say what it is called, or only a word such as “Untitled”; {AS_A_FILE}")
    if not page.day:
        raise NotAnEntry(f"does not say when it was published; {AS_A_FILE}")
    return page


def _licence(values: Iterable[str]) -> str | None:
    """The first of what a page says of its use that is a line or an address of the web."""
    for stated in values:
        line = " ".join(plain(stated).split())
        if len(line) > LONGEST_LICENCE or not is_line(line):
            continue
        try:
            return web_address(line) if SCHEME.match(line) or line.startswith("/") else line
        except ValueError:
            continue
    return None
