"""A file of plain text, HTML or PDF → a page, with what people wrote of it above or beside it; or why it is none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from typing import Any

from corpus.ingest.parse.document import BESIDE, Document
from corpus.ingest.parse.front_matter import in_short, parse_front_matter, split_front_matter
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.web_page import NO_FILE, WebPage, page_as_found
from corpus.text.canonical_url import canonical_url
from corpus.text.media_type import BodyRefused, read_type
from corpus.text.urls import web_address

SECONDS = 120.0  # for taking a file apart: somebody is there who wants it, and books are long
OLDEST = date(1990, 1, 1)  # what a program says was written before is a clock that was not set


def read_file(document: Document, sandbox: Sandbox, today: date | None = None) -> WebPage | NotAnEntry:
    """Return the page that a file of one of these formats is, or why it is none."""
    try:
        return _read(document, sandbox, today or datetime.now(UTC).date())
    except NotAnEntry as reason:
        return reason


def _read(document: Document, sandbox: Sandbox, today: date) -> WebPage:
    beside = parse_front_matter(document.beside) if document.beside.strip() else {}
    if document.format == "text":
        above, body = split_front_matter(document.text)
        if above is None and not beside:
            raise NotAnEntry(f"does not say what it is; {_remedy(document, 'id: my-entry and the other fields')}")
        page = _page(document, {}, body.strip())
    elif document.format == "page":
        try:  # in its character set, with the front matter that may stand above the HTML
            read = read_type("text/plain", document.body, claims="is named like")
            above, body = split_front_matter(read.text)
        except BodyRefused as reason:
            raise NotAnEntry(str(reason)) from reason
        page = replace(_page(document, sandbox.page(body, "", SECONDS)), note=read.note)
    else:
        above, page = None, _page(document, sandbox.pdf(document.body, SECONDS))
    given = _together(above or {}, beside, document)
    if not is_plausible_day(page.day, today):
        page = replace(page, day="")
    for name, stated, example in (("title", page.title, "The gap"), ("published", page.day, "2026-06-01")):
        if not stated and name not in given:
            what = "what it is called" if name == "title" else "when it was published"
            raise NotAnEntry(f"does not say {what}; {_remedy(document, f'{name}: {example}')}")
    try:  # it is known by an address of the web that is given, or that it names; else by its path
        address = web_address(given["url"]) if given.get("url") else canonical_url(web_address(page.address))
    except (ValueError, TypeError):  # what is given and is no address is refused with all the fields
        address = f"{NO_FILE}{page.url}"
    return replace(page, given=given, address=address)


NOTHING = {"title": "", "people": (), "day": "", "site": "", "summary": "", "text": "", "teaser": False, "address": ""}


def _page(document: Document, found: Mapping[str, Any], text: str | None = None) -> WebPage:
    """What was found in a file; plain `text` stays as it was written."""
    values = NOTHING | {"languages": (), "licences": (), "sections": ()} | dict(found)
    page = page_as_found(values, document.where, str(values["address"]))
    return page if text is None else replace(page, text=text)


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
    beside = f"{_name(document)}{BESIDE} beside it"
    return f"write {fields} into {beside if document.format == 'pdf' else f'front matter at its top, or into {beside}'}"


def _name(document: Document) -> str:
    return in_short(PurePath(document.where).name)
