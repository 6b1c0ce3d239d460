"""HTML → what it says about itself, and its main text. Run in the sandbox, and imports nothing of ours."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from html import unescape
from typing import Any

import lxml.html

from . import boilerplate, page_day, page_kind, page_metadata, page_parts, page_people, page_title
from .elements import size_of_element
from .page_text import point_out, read_text
from .text_walk import Block, LeftOut, drop_all

MOST_ELEMENTS = 100_000  # a page of 10,000 comments has as many
SUBTITLE = "//*[contains(concat(' ', @class, ' '), ' subtitle ')]"
NOTHING = "holds no text that can be read"
LOST = "is built in a way in which some of its words would be lost; add it as a file with front matter"
STRUCK_RULE = re.compile(r"\.([\w-]{1,60})\s*\{[^{}]{0,2000}line-through")
LONGEST = 500_000  # characters of a style sheet
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
OF_WINDOWS = re.compile(r"[\x80-\x9f]")
# Signs alone: what stands for < and > may be a tag that a text speaks of.
WRITTEN_TWICE = re.compile(r"&(?:amp|nbsp|[nm]dash|[lr][sd]quo|hellip|#\d{2,5}|#x[\da-f]{2,4});", re.IGNORECASE)
CODE = ("code", "pre", "kbd", "samp", "script", "style", "textarea")


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says, as it says it: nothing is checked yet. `trouble`: why it could not be read, as a clause.

    `authors` and `days`: what is written as the author and as the day of publication, by where it was found, the most
    exact first. `languages` and `licences`: what may be one, the likeliest first. `groups`: names that are no
    person's. `sections`: headings, as (offset in the text, title); `blocks`: what is not the author's prose, as (start,
    end, kind, speaker). Of all `characters` on the page, without white space, those that are not in the text are
    `left_out`, by why.
    """

    title: str = ""
    title_from: str = ""
    authors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    address: str = ""
    site: str = ""
    summary: str = ""
    text: str = ""
    teaser: bool = False
    trouble: str = ""
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
    blocks: tuple[tuple[int, int, str, str | None], ...] = ()
    characters: int = 0
    left_out: dict[str, int] = field(default_factory=dict)


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a page holds, or the trouble why it cannot be read."""
    return asdict(read_page(request["html"], request["url"]))


def read_page(html: str, url: str) -> Found:
    """Return what a page says of itself, and its main text."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    html = CONTROLS.sub(" ", html.replace("\0", ""))
    try:
        tree: Any = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return Found(trouble=NOTHING)
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return Found(trouble="is too large a page; give the address of one piece")
    clean_controls(tree)
    total = size_of_element(tree)
    # What a word processor exports is struck by its own style sheet.
    struck = frozenset(
        name for style in tree.iter("style") for name in STRUCK_RULE.findall((style.text or "")[:LONGEST])
    )
    parts = page_parts.read_parts(tree, url)
    if page_kind.is_list_of_pieces(parts):
        return Found(trouble=page_kind.LIST_OF_PIECES)
    notice = page_kind.notice_of_absence(parts, [text for _, text in page_title.stated_titles(tree, [])])
    trouble = f"says that there is no such page (“{notice}”); check its address" if notice else ""
    stated = parts.stated
    walls = page_metadata.walls(tree)
    left_out: LeftOut = Counter()
    drop_all(walls, "a wall before a paid piece", left_out)
    found = Found(
        title=parts.title.text,
        title_from=parts.title.origin,
        authors=tuple(page_people.find_people(parts)),
        days=tuple(page_day.find_days(parts)),
        groups=tuple(parts.groups),
        site=parts.site,
        address=page_metadata.address(tree),
        teaser=bool(walls) or page_metadata.is_teaser(tree, stated),
        languages=tuple(page_metadata.languages(tree, stated)),
        licences=tuple(page_metadata.licences(tree, stated, url)),
    )
    subtitles = [" ".join(element.text_content().split()) for element in tree.xpath(SUBTITLE)[:9]]
    boilerplate.clear(tree, left_out)
    page = point_out(tree, url)
    if page is None:
        return Found(trouble=trouble or NOTHING)
    # Behind the title, the subtitle and the names, which stand above a text and are known beside it.
    people = [name for _, names in found.authors for name in names]
    heads = {found.title, page.title, page.description, *subtitles}
    read = read_text(tree, page.body, heads, people, total, left_out, struck)
    if read.lost:
        return Found(trouble=LOST)
    text, sections, blocks = join_blocks(read.blocks)
    return replace(
        found,
        site=found.site or page.sitename or "",
        # What a page says of itself as one of a website is said of all its pages.
        summary=(page.description or "") if page.pagetype == "article" else "",
        text=text,
        sections=sections,
        blocks=blocks,
        trouble=trouble if len(text) <= page_kind.LONGEST_NOTICE else "",
        characters=read.total,
        left_out=dict(read.left_out),
    )


def clean_controls(tree: Any) -> None:
    """Put right what no reader sees as it stands: control characters, and references that were written twice.

    No library takes a control character back: a blank stands in place of each, or the quotation mark or dash that the
    old character sets of Windows have there. In code, "&ndash;" is meant as it is written.
    """
    in_code = {inner for code in tree.iter(*CODE) for inner in code.iter()}
    for element in tree.iter():
        for place, holder in (("text", element), ("tail", element.getparent())):
            words = getattr(element, place)
            if not words:
                continue
            cleaned = CONTROLS.sub(" ", OF_WINDOWS.sub(_read_as_windows, words))
            if "&" in cleaned and holder not in in_code:
                cleaned = WRITTEN_TWICE.sub(lambda match: unescape(match[0]), cleaned)
            if cleaned != words:
                setattr(element, place, cleaned)
        for name, value in element.attrib.items():
            if CONTROLS.search(value):
                element.set(name, CONTROLS.sub(" ", value))


def _read_as_windows(character: re.Match[str]) -> str:
    return bytes([ord(character[0])]).decode("cp1252", "replace").replace("\ufffd", " ")


def join_blocks(
    blocks: Sequence[Block],
) -> tuple[str, tuple[tuple[int, str], ...], tuple[tuple[int, int, str, str | None], ...]]:
    """Return the text, where its headings stand in it, and what its blocks are that are not the author's prose."""
    sections, marked, start = [], [], 0
    for block in blocks:
        end = start + len(block.text)
        if block.kind == "head":
            sections.append((start, block.text))
        elif block.kind != "text" or block.speaker is not None:
            marked.append((start, end, "prose" if block.kind == "text" else block.kind, block.speaker))
        start = end + 2
    return "\n\n".join(block.text for block in blocks), tuple(sections), tuple(marked)
