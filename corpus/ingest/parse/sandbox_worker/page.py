"""HTML → what it says about itself, and its main text. Run in the sandbox, and imports nothing of ours."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import dropwhile
from typing import Any

import lxml.html
import trafilatura

from . import boilerplate, page_day, page_kind, page_metadata, page_parts, page_people
from .boilerplate import Block, Kind

MOST_ELEMENTS = 100_000  # a page of 10,000 comments has as many
ASIDE = ["//*[contains(concat(' ', @class, ' '), ' not-prose ')]"]  # typography's own word for it
SUBTITLE = "//*[contains(concat(' ', @class, ' '), ' subtitle ')]"
INNER = frozenset({"p", "quote", "list", "code", "head", "table"})
BREAKS = INNER | {"lb", "item", "row"}  # what begins a line of its own
MAIN = "//article | //main | //*[@role='main' or @role='article']"
AROUND = frozenset({"header", "nav", "footer", "aside"})
FEW, MOST = 2, 0.6  # paragraphs that one element holds, and their share of the characters of all of them
NOTHING = "holds no text that can be read"


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says, as it says it: nothing is checked yet. `trouble`: why it could not be read, as a clause.

    `authors` and `days`: what is written as the author and as the day of publication, by where it was found, the most
    exact first. `languages` and `licences`: what may be one, the likeliest first. `groups`: names that are no
    person's. `sections`: headings, as (offset in the text, title).
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


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a page holds, or the trouble why it cannot be read."""
    return asdict(read_page(request["html"], request["url"]))


def read_page(html: str, url: str) -> Found:
    """Return what a page says of itself, and its main text."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree: Any = lxml.html.document_fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return Found(trouble=NOTHING)
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return Found(trouble="is too large a page; give the address of one piece")
    parts = page_parts.read_parts(tree, url)
    if page_kind.is_list_of_pieces(parts):
        return Found(trouble=page_kind.LIST_OF_PIECES)
    stated = parts.stated
    walls = page_metadata.walls(tree)
    for wall in walls:
        if wall.getparent() is not None:  # one stands in another
            wall.drop_tree()
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
    boilerplate.clear(tree)
    mark_article(tree)
    # It takes the tree apart, so it comes last.
    page = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=True, prune_xpath=ASIDE)
    if not isinstance(page, trafilatura.settings.Document) or page.body is None:
        return Found(trouble=NOTHING)
    # Behind the title, the subtitle and the names, which stand above a text and are known beside it.
    people = [name for _, names in found.authors for name in names]
    heads = {found.title, page.title, page.description, *subtitles, *people}
    blocks = dropwhile(lambda one: one.text in heads or one.text.removeprefix("By ") in heads, read_blocks(page.body))
    text, sections = join_blocks(boilerplate.without_boilerplate(list(blocks)))
    return replace(
        found,
        site=found.site or page.sitename or "",
        # What a page says of itself as one of a website is said of all its pages.
        summary=(page.description or "") if page.pagetype == "article" else "",
        text=text,
        sections=sections,
    )


def mark_article(tree: Any) -> None:
    """Make an article of what holds most of the paragraphs, where a page names nothing as one.

    Else the extractor would gather paragraphs from everywhere, and lose the headings and the marks of the lists.
    """
    if tree.xpath(MAIN):
        return
    lengths: Counter[Any] = Counter()
    for paragraph in tree.iter("p"):
        lengths[paragraph.getparent()] += len(paragraph.text_content())
    holder, length = next(iter(lengths.most_common(1)), (None, 0))
    if holder is None or holder.tag in {"blockquote", "li"} or len(holder.findall("p")) < FEW:
        return
    if length < MOST * lengths.total():
        return
    if holder.tag != "body":
        holder.tag = "article"
        return
    article = holder.makeelement("article")
    article.text, holder.text = holder.text, None
    for child in [child for child in holder if child.tag not in AROUND]:
        article.append(child)
    holder.append(article)


def join_blocks(blocks: Sequence[Block]) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Return the text, and where its headings stand in it."""
    sections, start = [], 0
    for block in blocks:
        if block.kind == "head":
            sections.append((start, block.text))
        start += len(block.text) + 2
    return "\n\n".join(block.text for block in blocks), tuple(sections)


def read_blocks(body: Any, kind: Kind = "text") -> Iterator[Block]:
    """Yield the paragraphs of the extractor's tree: headings, quotations, lists, code and tables in plain text."""
    for element in body:
        if element.tag == "list":
            block = Block("\n".join(list_lines(element)), "list")
        elif element.tag == "table":
            rows = (" | ".join(filter(None, map(line_of, row.iterchildren("cell")))) for row in element.iter("row"))
            block = Block("\n".join(filter(None, rows)), "table")
        elif element.tag == "code":
            block = Block("".join(element.itertext()).strip("\n").rstrip(), "code")
        elif element.tag == "head":
            block = Block(line_of(element), "head")
        else:
            inner: Kind = "quote" if element.tag == "quote" else kind
            if len(element) and all(child.tag in INNER for child in element):
                yield from read_blocks(element, inner)
                continue
            paragraphs = re.split("\n{2,}", "\n".join(lines_of(element)).strip("\n"))
            yield from (Block(paragraph, inner) for paragraph in paragraphs[:-1])
            block = Block(paragraphs[-1], inner)
        if block.text:
            yield block
        if element.tail and element.tail.strip():
            yield Block(" ".join(element.tail.split()), kind)


def list_lines(listed: Any) -> Iterator[str]:
    """Yield the lines of a list; behind an item's first line, two spaces stand before each."""
    for item in listed.iterchildren("item"):
        for place, line in enumerate(filter(None, lines_of(item))):
            yield f"  {line}" if place else f"- {line}"


def lines_of(element: Any) -> list[str]:
    """Return an element's words in the lines that it has on its page; between two paragraphs stands an empty one."""
    lines: list[str] = []
    words = [element.text or ""]
    for child in element:
        own = own_lines_of(child)
        if own is None:
            words.append("".join(child.itertext()))
        else:
            lines += [" ".join("".join(words).split()), *own]
            words = []
        words.append(child.tail or "")
    return [*lines, " ".join("".join(words).split())]


def own_lines_of(child: Any) -> list[str] | None:
    """Return the lines of what begins on a line of its own; None for what stands within one."""
    if child.tag == "lb":
        return []
    if child.tag == "list":
        return list(list_lines(child))
    if child.tag == "code":
        code = "".join(child.itertext()).strip("\n").rstrip()
        return code.split("\n") if "\n" in code else None
    return lines_of(child) if child.tag in BREAKS else None


def line_of(element: Any) -> str:
    """Return an element's words in one line."""
    return " ".join(filter(None, lines_of(element)))
