"""A PDF → what it says about itself, and its text. Run in the process apart, and imports nothing of ours."""

import base64
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import pypdf
from pypdf.errors import DependencyError, PyPdfError

MOST_PAGES = 1000
MOST_CHARACTERS = 5_000_000  # what an entry may have
EDGE = 2  # lines at the top and at the foot of a page that may be running heads and feet
FEWEST_PAGES = 3  # that a repetition is told by
BROKEN = "is no PDF that can be read, or a broken one; open it in a viewer and save it anew"
LOCKED = "is locked with a password; save it without one"
TOO_LONG = f"has more than {MOST_PAGES:,} pages; split it"
NO_TEXT = "shows pictures of its pages and holds no text; run text recognition over it, or give its text as a .txt file"
# Titles that programs write by themselves.
PROGRAMS = re.compile(
    r"(?:microsoft (?:word|powerpoint) - .*|untitled.*|.*\.(?:docx?|tex|dvi|pdf|indd|odt|pptx?|rtf))", re.IGNORECASE
)
MOST_HEADINGS = 1000
BULLET = re.compile(r"(?:[•‣◦▪●·–*-]|\(?\d{1,3}[.)])\s+\S")
ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
HYPHENED = re.compile(r"[^\W\d_]+[-\u2010][^\W\d_]+")
DIVIDED = re.compile(r"(?P<word>[^\W\d_]+)(?P<hyphen>[-\u2010\u00ad])$")
LONGEST_WORD = 60  # letters
SHORT = 0.75  # of the usual line: a paragraph's last line may be


class Refused(Exception):
    """Why a PDF gives no text, as a clause."""


def take_apart(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return _found(base64.b64decode(asked["body"]))
    except Refused as reason:
        return {"trouble": str(reason)}
    except DependencyError:
        return {"trouble": LOCKED}
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError):
        return {"trouble": BROKEN}  # pypdf raises any of these over what it did not expect


def _found(body: bytes) -> dict[str, Any]:
    reader = pypdf.PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused(LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise Refused(TOO_LONG)
    pages = [_lines(page.extract_text()) for page in reader.pages]
    heads = set(_outline(reader.outline))
    text, sections = _joined(_paragraphs(without_running(pages), heads), heads)
    if len(text) > MOST_CHARACTERS:
        raise Refused(TOO_LONG)
    if not any(c.isalnum() for c in text):
        raise Refused(NO_TEXT)
    return {**_said(reader), "text": text, "sections": sections, "address": "", "site": "", "teaser": False}


def _outline(outline: Any) -> Iterator[str]:
    """The headings that a PDF lists for a viewer's margin, as they are looked for in its lines."""
    todo = [outline]
    for _ in range(MOST_HEADINGS):
        if not todo:
            return
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(reversed(one))
        elif head := _as_head(str(getattr(one, "title", "") or "")):
            yield head


def _as_head(line: str) -> str:
    """Without its number, which stands in the list and not in the text, or the other way round."""
    return re.sub(r"^(?:[\dIVX]{1,4}[.)]?)(?:\d{1,2}\.?)*\s+", "", " ".join(line.split())).casefold()


def _joined(paragraphs: Iterator[str], heads: set[str]) -> tuple[str, list[tuple[int, str]]]:
    """The text, and where its headings stand in it."""
    sections, start, told = [], 0, []
    for paragraph in paragraphs:
        if _as_head(paragraph) in heads:
            sections.append((start, paragraph))
        told.append(paragraph)
        start += len(paragraph) + 2
    return "\n\n".join(told), sections


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.replace("\0", "").splitlines()]


def without_running(pages: Sequence[list[str]]) -> list[list[str]]:
    """The lines of the pages, without those at their edges that most pages have, but for a number."""
    trimmed = [_trim(page) for page in pages]
    at_edges = Counter(said for page in trimmed for said in {_numberless(line) for line in _edges(page)})
    full = sum(1 for page in trimmed if page)
    running = {said for said, count in at_edges.items() if full >= FEWEST_PAGES and count * 2 > full}
    return [_trim(list(_without(page, running))) for page in trimmed]


def _trim(page: list[str]) -> list[str]:
    filled = [place for place, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _edges(page: list[str]) -> list[str]:
    filled = [line for line in page if line]
    return [*filled[:EDGE], *filled[EDGE:][-EDGE:]]


def _without(page: list[str], running: set[str]) -> Iterator[str]:
    filled = [place for place, line in enumerate(page) if line]
    edges = {*filled[:EDGE], *filled[EDGE:][-EDGE:]}
    for place, line in enumerate(page):
        if place not in edges or _numberless(line) not in running:
            yield line


def _numberless(line: str) -> str:
    return re.sub(r"\d+|\b[ivxl]+\b", "#", line.lower())


def _paragraphs(pages: Sequence[list[str]], heads: set[str]) -> Iterator[str]:
    """The paragraphs of a text in lines: one ends at an empty line, or at a short one that ends a sentence."""
    lines = [line for page in pages for line in page]
    widths = sorted(len(line) for line in lines if line)
    usual = widths[len(widths) * 3 // 4] if widths else 0
    hyphened = {word.lower() for line in lines for word in HYPHENED.findall(line)}
    gathered: list[str] = []
    for line in lines:
        is_head = _as_head(line) in heads
        if gathered and (not line or is_head or BULLET.match(line)):
            yield "".join(gathered)
            gathered = []
        if line:
            _add(gathered, line, hyphened)
        if gathered and (is_head or (len(line) < usual * SHORT and ENDED.search(line))):
            yield "".join(gathered)
            gathered = []
    if gathered:
        yield "".join(gathered)


def _add(gathered: list[str], line: str, hyphened: set[str]) -> None:
    """Continue a paragraph; a word that was divided between two lines is whole again.

    A hyphen stays where the word is written with it elsewhere in the text: open-weight, not openweight.
    """
    before = gathered[-1] if gathered else ""
    divided = DIVIDED.search(before[-LONGEST_WORD:])
    rest = re.match(r"[^\W\d_]+", line)
    if divided and rest and rest[0][0].islower():
        if divided["hyphen"] == "\u00ad" or f"{divided['word']}-{rest[0]}".lower() not in hyphened:
            gathered[-1] = before[:-1]
    elif gathered:
        line = f" {line}"
    gathered.append(line)


# What it says of itself


def _said(reader: Any) -> dict[str, Any]:
    """From its XMP and from its document information: programs fill in the one or the other."""
    info = _info(reader)
    told = _xmp(reader)
    title = next((one for one in (*told["title"], info.get("/Title", "")) if one and not PROGRAMS.fullmatch(one)), "")
    people = told["creator"] or _people(info.get("/Author", ""))
    return {
        "title": title,
        "people": people,
        "day": told["day"] or _day(info.get("/CreationDate", "")),
        "summary": next(iter(told["description"]), "") or info.get("/Subject", ""),
        "languages": [*told["language"], _language(reader)],
        "licences": [*told["rights"]],
    }


def _info(reader: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    with suppress(Exception):  # a foreign parser over foreign bytes: nothing is said, whatever it stumbles over
        for name, value in (reader.metadata or {}).items():
            found[str(name)] = " ".join(str(value).split())
    return found


def _xmp(reader: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"title": [], "creator": [], "description": [], "language": [], "rights": [], "day": ""}
    with suppress(Exception):  # the same; and pypdf reads XMP without entities
        xmp = reader.xmp_metadata
        for name in ("title", "description", "rights"):
            told[name] = [" ".join(str(value).split()) for value in (getattr(xmp, f"dc_{name}") or {}).values()]
        told["creator"] = [" ".join(str(name).split()) for name in xmp.dc_creator or []]
        told["language"] = [str(tag) for tag in xmp.dc_language or []]
        told["rights"] = [*filter(None, [_statement(xmp)]), *told["rights"]]
        created = [*(xmp.dc_date or []), xmp.xmp_create_date]
        told["day"] = next((f"{one:%Y-%m-%d}" for one in created if isinstance(one, datetime)), "")
    return told


def _statement(xmp: Any) -> str:
    """The address of a licence, which stands beside the rights."""
    found = xmp.get_element("", "http://ns.adobe.com/xap/1.0/rights/", "WebStatement")
    for node in found:
        return str(getattr(node, "value", "") or "".join(c.data for c in node.childNodes if c.nodeType == c.TEXT_NODE))
    return ""


def _people(author: str) -> list[str]:
    """The names that stand in one line: behind each other with ; or "and", or with commas between whole names."""
    names = [name.strip() for name in re.split(r";|\band\b|&", author)]
    return [one for name in names for one in (_by_commas(name) if "," in name else [name]) if one]


def _by_commas(names: str) -> list[str]:
    parts = [part.strip() for part in names.split(",")]
    return parts if all(" " in part for part in parts if part) else [names]


def _day(written: str) -> str:
    """The day of a date as PDF writes it: D:20260504130211+02'00'."""
    found = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", written)
    return "-".join(found.groups()) if found else ""


def _language(reader: Any) -> str:
    with suppress(Exception):  # the same
        return str(reader.trailer["/Root"].get("/Lang", ""))
    return ""
