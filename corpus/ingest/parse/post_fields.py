"""What programs that keep posts call their fields → what an entry calls them.

Jekyll, Hugo, Docusaurus, Astro, Eleventy, Quarto, Hugging Face, Obsidian and the exports of Substack and Ghost name the
day, the people and the summary of a post each in its way. What is named as an entry names it stays as it is: it is
checked with all the fields. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from corpus.ingest.parse.foreign_values import language_of, list_of
from corpus.ingest.parse.front_matter import in_short
from corpus.ingest.parse.people import clean_people
from corpus.text.urls import web_address
from corpus.text.written_dates import parse_moment

# A field of an entry → what it may be called, the best first; in small letters, without - and _.
NAMES = {
    "title": "title headline posttitle",
    "published": "published date pubdate publishdate publishedat publisheddate publishedon datepublished "
    "publicationdate publishedtime postdate firstpublished created createdat datecreated creationdate postedat "
    "posted day",
    "people": "people authors author by byline creator writer writers postauthor user",
    "summary": "summary description subtitle excerpt abstract dek tagline deck lead customexcerpt metadescription",
    "url": "url canonicalurl canonical originalurl permalink sourceurl posturl",
    "language": "language lang locale",
    "licence": "licence license copyright rights",
}
AS_THEY_ARE = ("id", "source", "kind", "tier", "access", "wording", "sections")
CHANGED = "lastmod updated modified lastmodified updatedat modifiedat lastupdated datemodified lastupdate updateddate"
FURTHER = ("params", "extra")  # in which Hugo and Zola have fields of a site's own
NAMES_OF_PEOPLE = "name fullname displayname literal user username handle login nickname"
PARTS_OF_A_NAME = ("given", "firstname", "first", "givenname"), ("family", "lastname", "last", "surname", "familyname")
# What such programs keep for themselves: nothing is said of it.
OTHERS = frozenset(
    "layout tags tag categories category slug draft status ispublished unpublished cover coverimage image images "
    "thumbnail featuredimage featured heroimage toc math katex mathjax weight aliases redirectfrom redirects comments "
    "share series sidebarlabel sidebarposition sidebar keywords hidetableofcontents pagination type template "
    "featureimage ogimage socialimage banner hero icon format execute bibliography jupyter output imagealt "
    "eleventynavigation postid guid uuid visibility emailonly audience wordcount readingtime showtoc cssclasses "
    "cssclass host hosts guest guests params extra menu resources outputs taxonomies".split()
)
NOT_YET = frozenset({"draft", "private", "scheduled", "unpublished", "pending", "trash"})
# A name as a link: [Ada](https://…), and [[Ada]] or [[people/ada|Ada]] as in Obsidian.
LINKED = re.compile(r"\[\[(?:[^\[\]|]{0,200}\|)?([^\[\]|]{1,100})\]\]|\[([^\[\]]{1,100})\]\([^()]{0,500}\)")
MAIL = re.compile(r"[<(][^<>()\s]{1,100}@[^<>()\s]{1,100}[>)]")
LONGEST_LINE, LONGEST_NAME, MOST_PEOPLE = 500, 100, 50


@dataclass(frozen=True, slots=True)
class PostFields:
    """The fields of a post as those of an entry, unchecked.

    `changed`: the day of its last change, or ""; `unknown`: the names of the fields that are none of either;
    `is_draft`: it is not published.
    """

    given: dict[str, Any] = field(default_factory=dict)
    changed: str = ""
    slug: str = ""
    unknown: tuple[str, ...] = ()
    is_draft: bool = False


def translate_fields(fields: Mapping[str, Any], base: str = "", language: str | None = None) -> PostFields:
    """Return the fields of a post. `base`: the address that its site stands at, for paths; "" where it is not known.

    `language`: of the text, where the fields name none; it tells which day 04.05.2026 is.
    """
    nested = [part for name in FURTHER if isinstance(part := fields.get(name), Mapping)]
    stated = [pair for part in (fields, *nested) for pair in part.items()]
    plain = {re.sub(r"[-_ ]", "", str(name)).lower(): value for name, value in reversed(stated)}
    given = {name: fields[name] for name in AS_THEY_ARE if fields.get(name) is not None}
    if isinstance(given.get("id"), int):
        given["id"] = str(given["id"])
    stated_language = (language_of(plain.get(one)) for one in NAMES["language"].split())
    language = next(filter(None, stated_language), language)
    for name, called in NAMES.items():
        values = [plain[one] for one in called.split() if plain.get(one) not in (None, "", [])]
        values = [value for value in values if not isinstance(value, bool)]
        found = next((taken for value in values if (taken := _take(name, value, base, language)) is not None), None)
        if found is None and values and name in fields and not (name == "url" and is_path(fields[name])):
            found = fields[name]  # what it says is refused with all the fields
        if found is not None:
            given[name] = found
    taking_part = [
        {"name": name, "role": role}
        for role in ("host", "guest")
        for one in (plain.get(role), plain.get(f"{role}s"))
        for name in names_of(one)
        if " " in name or not name.isascii()  # host: localhost
    ]
    if taking_part and "people" not in given:  # of a talk
        given["people"] = taking_part[:MOST_PEOPLE]
    if any(isinstance(one, Mapping) and "role" in one for one in list_of(fields.get("people"))):
        given["people"] = fields["people"]  # as an entry has them
    if isinstance(given.get("source"), str) and (address := _address(given["source"], "")):  # of a clipping
        given = {"url": address, **given}
        del given["source"]
    changed = next((day for one in CHANGED.split() if (day := day_of(plain.get(one), language))), "")
    known = {*chain(*(called.split() for called in NAMES.values())), *AS_THEY_ARE, *CHANGED.split(), *OTHERS}
    unknown = tuple(in_short(name) for name in fields if re.sub(r"[-_ ]", "", str(name)).lower() not in known)
    slug = plain.get("slug")
    return PostFields(given, changed, slug.strip("/ ") if isinstance(slug, str) else "", unknown, _is_draft(plain))


def _is_draft(plain: Mapping[str, Any]) -> bool:
    def says(name: str, *values: object) -> bool:
        value = plain.get(name)
        return (
            value in values
            if isinstance(value, bool)
            else str(value).strip().lower() in {str(v).lower() for v in values}
        )

    status = str(plain.get("status", "")).strip().lower()
    is_not = says("published", False) or says("ispublished", False) or says("unpublished", True)
    return is_not or says("draft", True) or status in NOT_YET


def _take(name: str, value: Any, base: str, language: str | None) -> Any:
    """Return what a field says, as the entry has it; None where it does not say that."""
    if name == "title" and isinstance(value, date):  # title: 2026-05-04, of a diary
        value = value.isoformat()
    match name:
        case "published":
            return day_of(value, language) or None
        case "people":
            return people_of(value) or None
        case "url":
            return _address(value, base)
        case "language":
            return language_of(value)
        case _ if isinstance(value, str | int | float):
            line = " ".join(str(value).split())
            return value if name in {"title", "summary"} and isinstance(value, str) else line[:LONGEST_LINE] or None
    return None


def day_of(value: Any, language: str | None = None) -> str:
    """Return the day that a value says, as 2026-06-01; "" where it says none, or one that is a guess (06/07/2026)."""
    if isinstance(value, Mapping):  # last_update: {date: …}, date: {created: …, updated: …}
        value = value.get("date") or value.get("created")
    if isinstance(value, date):
        return value.isoformat()[:10]
    moment = (
        parse_moment(str(value), language) if isinstance(value, str | int) and not isinstance(value, bool) else None
    )
    return moment.day.isoformat() if moment else ""


def people_of(value: Any) -> list[dict[str, str]]:
    """Return the people that a value names, each with a role; [] where it names none."""
    found: dict[str, dict[str, str]] = {}
    for one in value if isinstance(value, list) else [value]:
        role = one.get("role") if isinstance(one, Mapping) else None
        for name in names_of(one):
            found.setdefault(name, {"name": name, "role": role if role in {"host", "guest"} else "author"})
    return list(found.values())[:MOST_PEOPLE]


HANDLE = re.compile(r"[a-z][a-z0-9]{1,30}")


def names_of(value: Any) -> list[str]:
    """Return the names in a value: a line of them, a list, or an object with a name."""
    if isinstance(value, list):
        return [name for one in value[:MOST_PEOPLE] for name in names_of(one)]
    if isinstance(value, Mapping):
        plain = {re.sub(r"[-_ ]", "", str(name)).lower(): one for name, one in value.items()}
        for name in NAMES_OF_PEOPLE.split():
            if plain.get(name):
                return names_of(plain[name])
        parts = [next((plain[name] for name in names if plain.get(name)), None) for names in PARTS_OF_A_NAME]
        return names_of(" ".join(part for part in parts if isinstance(part, str)))
    if not isinstance(value, str) or len(value) > MOST_PEOPLE * LONGEST_NAME:
        return []
    line = " ".join(MAIL.sub("", LINKED.sub(r"\1\2", value)).split())
    line = re.sub(r"^(?:by|von|par|por|di)[ :]+", "", line, flags=re.IGNORECASE)
    names = list(clean_people([line]))
    # A platform's key of a person, where it is all that is said of them; admin and its like are nobody's.
    is_key = not names and HANDLE.fullmatch(line) and clean_people([line.capitalize()])
    return [line] if is_key else names


def is_path(value: Any) -> bool:
    """Return whether an address is one within its site: /2026/05/post/, or post.html."""
    return isinstance(value, str) and not re.match(r"[a-z][a-z0-9+.-]*:", value.strip(), re.IGNORECASE)


def _address(value: Any, base: str) -> str | None:
    """Return an address of the web; a path is one beneath `base`."""
    if not isinstance(value, str) or not value.strip() or ":title" in value:
        return None
    written = value.strip()
    if not re.match(r"https?://", written, re.IGNORECASE):
        if not base or not written.startswith("/"):
            return None
        written = urljoin(base, written)
    try:
        return web_address(written)
    except ValueError:
        return None
