"""A file of any format → a page, with what people wrote of it above or beside it; or why it is none.

One rule for all formats. What a file does not say in its front matter is taken from what it says of itself (HTML, PDF),
from its name, from its first lines, and from what all files of its folder share.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from corpus.ingest.parse import markdown_entries
from corpus.ingest.parse.document import BESIDE, Document, Remark
from corpus.ingest.parse.entry_records import EntryRecord
from corpus.ingest.parse.foreign_values import language_of, list_of
from corpus.ingest.parse.front_matter import Fronted, in_short, parse_front_matter, split_front_matter
from corpus.ingest.parse.header_lines import split_header_lines
from corpus.ingest.parse.markdown_entries import entry_of_markdown
from corpus.ingest.parse.not_an_entry import LeftOut, NotAnEntry
from corpus.ingest.parse.opening_lines import Opening, find_day_in_path, find_opening
from corpus.ingest.parse.post_fields import PostFields, translate_fields
from corpus.ingest.parse.post_names import address_of_post, name_of_post, readable_name
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.web_page import NO_FILE, WebPage, page_as_found
from corpus.models.entries import Block, Entry
from corpus.text.canonical_url import canonical_url
from corpus.text.language_detection import detect_language
from corpus.text.media_type import BodyRefused, read_type
from corpus.text.slug import slug_of
from corpus.text.urls import web_address

SECONDS = 120.0  # for taking a file apart: somebody is there who wants it, and books are long
OLDEST = date(1990, 1, 1)  # what a program says was written before is a clock that was not set
NEEDED = frozenset(
    {"id", "source", "kind", "tier", "title", "people", "published"}
)  # of an entry that is written whole
LONGEST_HEAD = 2000  # characters of a text in which the lines above it stand
LONGEST_ID = 80  # characters of a title that go into an id
# The program that stands above the text of a page in MDX.
MDX_STATEMENTS = re.compile(
    r"\A(?:\s*+(?:import\s[^\n]*[\"'];?|export\s(?:const|default|function|let|\{)[^\n]*)[ \t]*(?:\n|\Z))++"
)
NO_DAY = "does not say when it was published"


def read_file(document: Document, sandbox: Sandbox, today: date | None = None) -> WebPage | NotAnEntry:
    """Return the page that a file of one of these formats is, or why it is none."""
    try:
        return _read(document, sandbox, today or datetime.now(UTC).date())
    except NotAnEntry as reason:
        return reason


def read_markdown(
    document: Document, sandbox: Sandbox, today: date | None = None
) -> tuple[Entry | WebPage | NotAnEntry, list[Remark]]:
    """Return the entry that a Markdown file is written as, or the page that a post is; and what is to be told of it."""
    try:
        fields, body = _split_head(document.text)
        if fields is not None and fields.keys() >= NEEDED:
            unknown = [name for name in fields if name not in EntryRecord.model_fields]
            known = {name: value for name, value in fields.items() if name not in unknown}
            return entry_of_markdown(known, body, sandbox), [Remark("field", in_short(name)) for name in unknown]
        if document.where.lower().endswith(".mdx"):
            body = MDX_STATEMENTS.sub("", body)
        page = _page_of_markdown(document, body, sandbox)
        return _complete(document, page, fields or {}, today or datetime.now(UTC).date(), body), []
    except NotAnEntry as reason:
        return reason, []


def read_record(document: Document, where: str, fields: Any, sandbox: Sandbox, today: date | None = None) -> WebPage:
    """Return the page that an object of JSON describes, which is no whole entry. Raises NotAnEntry."""
    if not isinstance(fields, dict):
        raise NotAnEntry("is not an object with fields such as id and title")
    names = [name for name in ("text", "content", "body", "markdown") if isinstance(fields.get(name), str)]
    if not names:
        raise NotAnEntry("the field text is missing")
    body = fields[names[0]]
    page = replace(_page_of_markdown(document, body, sandbox), url=where)
    rest = {name: value for name, value in fields.items() if name not in names}
    page = _complete(replace(document, where=where), page, rest, today or datetime.now(UTC).date(), body)
    title = page.given.get("title")
    if not title:
        raise NotAnEntry("the field title is missing")
    # Lines come and go, so that their numbers make no id.
    entry_id = slug_of(str(title), LONGEST_ID) or sha256(str(title).encode(errors="replace")).hexdigest()[:16]
    return page if page.given.get("url") else replace(page, given={"id": entry_id, **page.given})


def _page_of_markdown(document: Document, body: str, sandbox: Sandbox) -> WebPage:
    text, sections, blocks = markdown_entries.read_markdown(body, sandbox)
    return replace(_page(document, {}), text=text, sections=sections, blocks=blocks)


def _read(document: Document, sandbox: Sandbox, today: date) -> WebPage:
    above: Mapping[str, Any] | None = None
    body = ""
    if document.format == "text":
        above, body = _split_head(document.text)
        page = replace(_page(document, {}), text=body.strip())
    elif document.format == "page":
        try:  # in its character set, with the front matter that may stand above the HTML
            read = read_type("text/plain", document.body, claims="is named like")
            above, body = split_front_matter(read.text)
        except BodyRefused as reason:
            raise NotAnEntry(str(reason)) from reason
        page = replace(_page(document, sandbox.page(body, "", SECONDS)), note=read.note)
    else:
        page = _page(document, sandbox.pdf(document.body, SECONDS))
    return _complete(document, page, above or {}, today, body)


def _split_head(text: str) -> Fronted:
    found = split_front_matter(text)
    return found if found.fields is not None else split_header_lines(text)


NOTHING = {"title": "", "people": (), "day": "", "site": "", "summary": "", "text": "", "teaser": False, "address": ""}


def _page(document: Document, found: Mapping[str, Any]) -> WebPage:
    """What was found in a file."""
    values = NOTHING | {"languages": (), "licences": (), "sections": ()} | dict(found)
    return page_as_found(values, document.where, str(values["address"]))


def _complete(document: Document, page: WebPage, above: Mapping[str, Any], today: date, body: str) -> WebPage:
    """Return a page with all that is known of it. Raises NotAnEntry.

    `above`: the fields of its front matter; `body`: what stands below them, as it is written.
    """
    beside = parse_front_matter(document.beside) if document.beside.strip() else {}
    facts = document.facts
    row = facts.rows.get(PurePath(document.where).stem, {})
    base = facts.address.partition("{")[0]
    language = language_of(facts.fields.get("language")) or detect_language(page.text)
    post = translate_fields({**row, **_together(above, beside, document)}, base, language)
    if post.is_draft or "_drafts" in PurePath(document.where).parts:
        raise LeftOut("is a draft")
    for person in list_of(post.given.get("people")) if facts.names else ():
        if isinstance(person, dict):
            person["name"] = facts.names.get(str(person.get("name")), person.get("name"))
    given = {
        **{name: value for name, value in facts.fields.items() if name not in {"people", "language"}},
        **post.given,
    }
    opening = Opening()
    if document.format != "page":  # whose own marks say more
        is_markdown = document.format in {"markdown", "jsonl"}
        written = body.strip() or page.text
        title = str(given.get("title") or page.title)
        language = language_of(post.given.get("language")) or page.language or language
        opening = find_opening(written, title, is_markdown=is_markdown, language=language)
    day, remark = _find_day(document, page, post, opening, today)
    people = page.people or opening.people
    if not people and "people" not in given and "people" in facts.fields:
        given["people"] = facts.fields["people"]
    if page.language is None and "language" in facts.fields:
        given.setdefault("language", facts.fields["language"])
    title = page.title or opening.title or readable_name(document.where)
    page = replace(page, day=day, people=people, title=title, blocks=_with_head(page, opening.lines))
    if not page.day and "published" not in given:
        raise NotAnEntry(f"{NO_DAY}; {_remedy(document, 'published: 2026-06-01')}")
    if "url" not in given and facts.address:
        given["url"] = address_of_post(
            facts.address, post.slug or name_of_post(document.where), given.get("published") or day
        )
    unknown = [Remark("field", name) for name in post.unknown if name not in row]
    remarks = (*unknown, *([remark] if remark else []))
    return replace(page, given=given, address=_address(page, given), remarks=remarks)


def _with_head(page: WebPage, head: Collection[str]) -> tuple[Block, ...]:
    """Return a page's blocks, and the lines above its text that say its title, names and day: no prose of anybody."""
    blocks = list(page.blocks)
    headings = {section.start for section in page.sections}
    for line in re.finditer(r"[^\n]+", page.text[:LONGEST_HEAD]):
        stated = rest = line[0].strip()
        for one in head:  # a paragraph of Markdown may have several of them
            rest = rest.replace(one, "")
        if not set(rest) <= {"=", "-", " "}:
            break
        is_free = all(block.end <= line.start() or block.start >= line.end() for block in blocks)
        if stated and is_free and line.start() not in headings:
            start = line.start() + line[0].index(stated)
            blocks.append(Block(start, start + len(stated), "caption"))
    return tuple(sorted(blocks))


def _find_day(
    document: Document, page: WebPage, post: PostFields, opening: Opening, today: date
) -> tuple[str, Remark | None]:
    """Return on which day a file was published that does not name it in its fields, or ""; and what is to be told.

    The day on which a PDF was made may be any later one, as that of a last change: each is taken only where nothing
    else says a day, and said.
    """
    if "published" in post.given:
        return "", None
    path = document.where.rpartition(":")[0] if document.format == "jsonl" else document.where
    found: list[tuple[str, Remark | None]] = [(find_day_in_path(path), None), (opening.day, None)]
    if document.format == "pdf":
        found.append((page.day, Remark("created", document.where)))
    else:
        found.insert(0, (page.day, None))
    found.append((post.changed, Remark("changed", document.where)))
    return next(((day, remark) for day, remark in found if is_plausible_day(day, today)), ("", None))


def _address(page: WebPage, given: Mapping[str, Any]) -> str:
    """Return the address of the web by which a file is known: one that is given, or that it names; else its path."""
    try:
        return web_address(given["url"]) if given.get("url") else canonical_url(web_address(page.address))
    except (ValueError, TypeError):  # what is given and is no address is refused with all the fields
        return f"{NO_FILE}{page.url}"


def _together(above: Mapping[str, Any], beside: Mapping[str, Any], document: Document) -> dict[str, Any]:
    for name in above:
        if name in beside and above[name] != beside[name]:
            raise NotAnEntry(
                f"says two things of its {in_short(name)}: at its top, and in {_name(document)}{BESIDE}; take one out"
            )
    return {**above, **beside}


def is_plausible_day(day: str, today: date) -> bool:
    """Return whether a program's word for when a file was written can be right."""
    try:
        return OLDEST <= date.fromisoformat(day) <= today + timedelta(days=1)
    except ValueError:
        return False


def _remedy(document: Document, fields: str) -> str:
    if document.format == "jsonl":
        return "give it the field published"
    beside = f"{_name(document)}{BESIDE} beside it"
    top = "front matter at its top"
    if document.format == "markdown":
        return f"write {fields} into {top}, or a date into its name or its first lines"
    return f"write {fields} into {beside if document.format == 'pdf' else f'{top}, or into {beside}'}"


def _name(document: Document) -> str:
    return in_short(PurePath(document.where).name)
