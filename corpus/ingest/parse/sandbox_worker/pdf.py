"""A PDF → what it says about itself, and its text. Run in the sandbox, and imports nothing of ours."""

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

from .pdf_layout import LIGATURES, find_title, read_lines

MOST_PAGES = 1000
MOST_CHARACTERS = 5_000_000  # what an entry may have
EDGE = 2  # lines at the top and at the foot of a page that may be running heads and feet
FEWEST_PAGES = 3  # that a repetition is told by
BROKEN = "is no PDF that can be read, or a broken one; open it in a viewer and save it anew"
LOCKED = "is locked with a password; save it without one"
TOO_LONG = f"has more than {MOST_PAGES:,} pages; split it"
NO_TEXT = "shows pictures of its pages and holds no text; run text recognition over it, or give its text as a .txt file"
# What programs write by themselves, where nobody has given a title, a summary or a name.
PROGRAMS = re.compile(
    r"microsoft (?:word|powerpoint) - .*|untitled.*|.*\.(?:docx?|tex|dvi|pdf|indd|odt|pptx?|rtf|qxd|md|html?)"
    r"|\W*(?:unspecified|anonymous|unknown|none|null|n/?a|no title|title|subject|author|(?:document|slide) ?\d*"
    r"|(?:powerpoint )?presentation ?\d*|(?:word|pdf) document|user|admin|administrator|root|owner|default"
    r"|(?:microsoft |windows |office )+user)\W*",
    re.IGNORECASE,
)
MOST_HEADINGS = 1000
BULLET = re.compile(r"(?:[•‣◦▪●·–*-]|\(?\d{1,3}[.)])\s+\S")
ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
HYPHENED = re.compile(r"[^\W\d_]+[-\u2010][^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+")
DIVIDED = re.compile(r"(?P<word>\w+)(?P<hyphen>[-\u2010\u00ad])$")
# What keeps its hyphen before nearly any word: self-attention and non-linear, but selfish and nonsense.
COMPOUND = re.compile(
    r"(?:(?:open|closed)-(?!ing|ers?$|ness|ly|ed)|self-(?!ish|less|same|hood)|non-(?!sense|e$)|well-(?!ness|ing)|quasi-|[^\W\d_]-)",
    re.IGNORECASE,
)
SUSPENDED = re.compile(r"(?:and|or|to|und|oder|bis|sowie|et|ou|y|o|e|en|of|och|og)\b")  # "pre- and post-training"
# A label before the summary, in the line of its first sentence or alone.
ABSTRACT = re.compile(
    r"(?P<label>abstract|summary|synopsis|zusammenfassung|résumé|resumen|resumo|sommario)"
    r"(?:\s*[.:—–]+\s*|\s+-\s+|(?-i:(?<=[A-ZÉ]{7}))\s+|$)(?P<rest>.*)",
    re.IGNORECASE,
)
OPENING = 40  # lines of the first page in which a title, names and a label stand
NO_NAME = re.compile(r"[^\w]+")
LONGEST_WORD = 60  # letters
HEADING = 0.6  # of the usual line: a heading is shorter
SHORT = 0.75  # of the usual line: a paragraph's last line may be


class Refused(Exception):
    """Why a PDF gives no text, as a clause."""


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a PDF says of itself, and its text, or the trouble why it gives none."""
    try:
        return read_document(base64.b64decode(request["body"]))
    except Refused as reason:
        return {"trouble": str(reason)}
    except DependencyError:
        return {"trouble": LOCKED}
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError):
        return {"trouble": BROKEN}  # pypdf raises any of these over what it did not expect


def read_document(body: bytes) -> dict[str, Any]:
    """Return what a PDF holds. Raises Refused, and what pypdf raises."""
    reader = pypdf.PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused(LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise Refused(TOO_LONG)
    read = [read_lines(page) for page in reader.pages]
    stated = read_statements(reader)
    stated["title"] = stated["title"] or find_title(next((page for page in read if page), []))
    pages = without_running([[line.text for line in page] for page in read])
    heads = set(list_headings(reader.outline))
    opening = {bare_letters(stated["title"]), *(bare_letters(name) for name in stated["people"])} - {""}
    pages[:1] = [list(part_opening(page, opening)) for page in pages[:1]]
    text, sections = join_paragraphs(split_paragraphs(pages, heads), heads)
    if len(text) > MOST_CHARACTERS:
        raise Refused(TOO_LONG)
    if not any(c.isalnum() for c in text):
        raise Refused(NO_TEXT)
    return {**stated, "text": text, "sections": sections, "address": "", "site": "", "teaser": False}


def list_headings(outline: Any) -> Iterator[str]:
    """Yield the headings that a PDF lists for a viewer's margin, as they are looked for in its lines."""
    todo = [outline]
    for _ in range(MOST_HEADINGS):
        if not todo:
            return
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(reversed(one))
        elif head := without_number(str(getattr(one, "title", "") or "")):
            yield head


def without_number(line: str) -> str:
    """Return a heading without its number, which stands in the list and not in the text, or the other way round."""
    return re.sub(r"^(?:[\dIVX]{1,4}[.)]?)(?:\d{1,2}\.?)*\s+", "", " ".join(line.split())).casefold()


def join_paragraphs(paragraphs: Iterator[str], heads: set[str]) -> tuple[str, list[tuple[int, str]]]:
    """Return the text, and where its headings stand in it."""
    sections, start, stated = [], 0, []
    for paragraph in paragraphs:
        if without_number(paragraph) in heads:
            sections.append((start, paragraph))
        stated.append(paragraph)
        start += len(paragraph) + 2
    return "\n\n".join(stated), sections


def without_running(pages: Sequence[list[str]]) -> list[list[str]]:
    """Return the lines of the pages, without those at their edges that most pages have, but for a number."""
    trimmed = [trim_page(page) for page in pages]
    filled = [[place for place, line in enumerate(page) if line] for page in trimmed]
    edges = [{*places[:EDGE], *places[EDGE:][-EDGE:]} for places in filled]
    at_edges = Counter(
        stated
        for page, places in zip(trimmed, edges, strict=True)
        for stated in {mask_numbers(page[place]) for place in places}
    )
    full = sum(1 for page in trimmed if page)
    running = {stated for stated, count in at_edges.items() if full >= FEWEST_PAGES and count * 2 > full}
    return [
        trim_page([line for at, line in enumerate(page) if at not in places or mask_numbers(line) not in running])
        for page, places in zip(trimmed, edges, strict=True)
    ]


def trim_page(page: list[str]) -> list[str]:
    """Return the lines of a page without empty ones at its ends."""
    filled = [place for place, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def mask_numbers(line: str) -> str:
    """Return a line with a sign for each number, by which running heads are the same on all pages."""
    return re.sub(r"\d+|\b[ivxl]+\b", "#", line.lower())


def part_opening(lines: Sequence[str], opening: set[str]) -> Iterator[str]:
    """Yield the lines of a first page with its title, the names of its authors and the label of its summary apart.

    `opening`: the title and the names, without what is no letter. A title may go over several lines.
    """
    letters = ""
    for place, line in enumerate(lines):
        label = ABSTRACT.fullmatch(line) if place < OPENING else None
        if label:
            yield from ("", label["label"], "", label["rest"])
            continue
        letters = bare_letters(f"{letters} {line}") if place < OPENING else ""
        yield line
        if any(letters.endswith(one) for one in opening):
            yield ""
            letters = ""


def bare_letters(line: str) -> str:
    """Return a line in small letters, without what is neither letter nor figure."""
    return NO_NAME.sub("", line.casefold())


def split_paragraphs(pages: Sequence[list[str]], heads: set[str]) -> Iterator[str]:
    """Yield the paragraphs of a text in lines: one ends at an empty line, or at a short one that ends a sentence.

    A short line that stands between the end of a sentence and a capital is a heading, by itself.
    """
    lines = [line for page in pages for line in page]
    widths = sorted(len(line) for line in lines if line)
    usual = widths[len(widths) * 3 // 4] if widths else 0
    hyphened = {word.lower() for line in lines for word in HYPHENED.findall(line)}
    words = {word.lower() for line in lines for word in WORD.findall(line)}
    parts: list[str] = []
    is_head = False
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        # Names stand below a title, which is none of a sentence either.
        is_head = without_number(line) in heads or looks_like_heading("" if is_head else before, line, after, usual)
        if parts and (not line or is_head or BULLET.match(line)):
            yield "".join(parts)
            parts = []
        if line:
            add_line(parts, line, hyphened, words)
        if parts and (is_head or (len(line) < usual * SHORT and ENDED.search(line))):
            yield "".join(parts)
            parts = []
    if parts:
        yield "".join(parts)


def looks_like_heading(before: str, line: str, after: str, usual: int) -> bool:
    """Whether a line is a heading over the line after it."""
    if before and not ENDED.search(before):
        return False
    is_short = 0 < len(line) < usual * HEADING and not ENDED.search(line) and not BULLET.match(line)
    return is_short and line[-1] not in ",-\u2010\u00ad" and after[:1].isupper() and not line[:1].islower()


def add_line(parts: list[str], line: str, hyphened: set[str], words: set[str]) -> None:
    """Continue a paragraph; a word that was divided between two lines is whole again.

    A hyphen stays where the word is written with it elsewhere in the text (open-weight, not openweight), before a
    capital or a figure, behind one (1.5-inch), and in a compound that is always written with it (self-attention).
    """
    before = parts[-1] if parts else ""
    divided = DIVIDED.search(before[-LONGEST_WORD:])
    rest = re.match(r"\w+", line)
    if not parts or not divided or not rest or SUSPENDED.match(line):
        parts.append(f" {line}" if parts else line)
        return
    whole, joined = f"{divided['word']}-{rest[0]}".lower(), f"{divided['word']}{rest[0]}".lower()
    is_plain = rest[0][0].islower() and divided["word"].isalpha()
    is_compound = whole in hyphened or (joined not in words and COMPOUND.match(whole))
    if divided["hyphen"] == "\u00ad" or (is_plain and not is_compound):
        parts[-1] = before[:-1]
    parts.append(line)


# What it says of itself


def read_statements(reader: Any) -> dict[str, Any]:
    """Return what it says in its XMP and in its document information: programs fill in the one or the other."""
    info: dict[str, str] = {}
    with suppress(Exception):  # a foreign parser over foreign bytes: nothing is said, whatever it stumbles over
        for name, value in (reader.metadata or {}).items():
            info[str(name)] = " ".join(str(value).split())
    language = ""
    with suppress(Exception):  # the same
        language = str(reader.trailer["/Root"].get("/Lang", ""))
    stated = read_xmp(reader)
    written = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", info.get("/CreationDate", ""))  # D:20260504130211+02'00'
    people = stated["creator"] or split_names(info.get("/Author", ""))
    return {
        "title": first_written([*stated["title"], info.get("/Title", "")]),
        "people": [name for name in people if first_written([name])],
        "day": stated["day"] or ("-".join(written.groups()) if written else ""),
        "summary": first_written([*stated["description"], info.get("/Subject", "")]),
        "languages": [*stated["language"], language],
        "licences": [*stated["rights"]],
    }


def first_written(values: Sequence[str]) -> str:
    """Return the first of some values that a person has written, and no program; or ""."""
    return next((one.translate(LIGATURES) for one in values if one.strip() and not PROGRAMS.fullmatch(one.strip())), "")


def read_xmp(reader: Any) -> dict[str, Any]:
    """Return what a PDF says in its XMP."""
    xmp_said: dict[str, Any] = {"title": [], "creator": [], "description": [], "language": [], "rights": [], "day": ""}
    with suppress(Exception):  # the same; and pypdf reads XMP without entities
        xmp = reader.xmp_metadata
        for name in ("title", "description", "rights"):
            xmp_said[name] = [" ".join(str(value).split()) for value in (getattr(xmp, f"dc_{name}") or {}).values()]
        xmp_said["creator"] = [" ".join(str(name).split()) for name in xmp.dc_creator or []]
        xmp_said["language"] = [str(tag) for tag in xmp.dc_language or []]
        # The address of a licence, which stands beside the rights.
        for node in xmp.get_element("", "http://ns.adobe.com/xap/1.0/rights/", "WebStatement"):
            address = getattr(node, "value", "") or "".join(
                c.data for c in node.childNodes if c.nodeType == c.TEXT_NODE
            )
            xmp_said["rights"] = [*filter(None, [str(address)]), *xmp_said["rights"]]
            break
        created = [*(xmp.dc_date or []), xmp.xmp_create_date]
        xmp_said["day"] = next((f"{one:%Y-%m-%d}" for one in created if isinstance(one, datetime)), "")
    return xmp_said


def split_names(author: str) -> list[str]:
    """Return the names in one line: with ; or "and" between them, or with commas between whole names."""
    people: list[str] = []
    for names in re.split(r";|\band\b|&", author):
        parts = [part.strip() for part in names.split(",")]
        people += parts if all(" " in part for part in parts if part) else [names.strip()]
    return [name for name in people if name]
