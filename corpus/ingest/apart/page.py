"""HTML → what it says about itself, and its main text. Run in the process apart, and imports nothing of ours."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import dropwhile
from typing import Any

import htmldate
import lxml.html
import trafilatura

MOST_ELEMENTS = 100_000  # a page of 10,000 comments has as many
# What stands between a page's words and is none of them: scripts, forms, and what blog platforms put into a text.
DROPPED = """//script[not(@type="application/ld+json")] | //style | //svg | //template | //button | //form | //iframe
    | //*[contains(@class, "subscription-widget")] | //*[contains(@class, "button-wrapper")]
    | //a[contains(@class, "footnote-anchor")] | //a[contains(@class, "footnote-number")] | //sup[.//a]"""
ASIDE = ["//*[contains(concat(' ', @class, ' '), ' not-prose ')]"]  # typography's own word for it
CANONICAL = """//link[contains(concat(" ", translate(@rel, "CANOIL", "canoil"), " "), " canonical ")]/@href
    | //meta[@property="og:url"]/@content"""
BELOW_TITLE = "(//h1)[1]/following::text()[normalize-space()]"
INNER = frozenset({"p", "quote", "list", "code", "head", "table"})
NOTHING = "holds no text that can be read"
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
WRITTEN_DAY = re.compile(
    rf"{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? 20\d\d|\d{{1,2}}\.? {MONTH},? 20\d\d|20\d\d-\d\d-\d\d", re.IGNORECASE
)
ABOVE = 600  # characters below a page's title in which its date is looked for


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says, as it says it: nothing is checked yet. `trouble`: why it could not be read, as a clause."""

    title: str = ""
    people: tuple[str, ...] = ()
    day: str = ""
    address: str = ""
    site: str = ""
    summary: str = ""
    text: str = ""
    teaser: bool = False
    trouble: str = ""


def take_apart(asked: dict[str, Any]) -> dict[str, Any]:
    return asdict(extract(asked["html"], asked["url"]))


def extract(html: str, url: str) -> Found:
    """What a page holds; a page that cannot be read has its trouble told."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree: Any = lxml.html.document_fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return Found(trouble=NOTHING)
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return Found(trouble="is too large a page; give the address of one piece")
    for unwanted in tree.xpath(DROPPED):
        unwanted.drop_tree()
    said = list(_statements(tree))
    day, people, address = _day(tree), _people(tree, said), _first(tree.xpath(CANONICAL))
    # It takes the tree apart, so it comes last.
    page = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=True, prune_xpath=ASIDE)
    if not isinstance(page, trafilatura.settings.Document) or page.body is None:
        return Found(trouble=NOTHING)
    return Found(
        title=page.title or "",
        people=tuple(people or (page.author or "").split(";")),
        day=day,
        address=address,
        site=page.sitename or "",
        # What a page says of itself as one of a website is said of all its pages.
        summary=(page.description or "") if page.pagetype == "article" else "",
        text="\n\n".join(_behind(_blocks(page.body), {page.title, page.description})),
        teaser=any(str(one.get("isAccessibleForFree")).lower() == "false" for one in said),
    )


def _statements(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects that a page describes itself with (JSON-LD), those inside a @graph among them."""
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        with contextlib.suppress(ValueError, RecursionError):
            told = json.loads(script.text or "")
            for one in told if isinstance(told, list) else [told]:
                graph = one.get("@graph") if isinstance(one, dict) else None
                yield from (
                    part for part in [one, *(graph if isinstance(graph, list) else [])] if isinstance(part, dict)
                )


def _people(tree: Any, said: list[dict[str, Any]]) -> list[str]:
    """The authors that a page names where programs look for them, or beside their pictures; none where it does not."""
    named: list[str] = []
    for one in said:
        author = one.get("author")
        for person in author if isinstance(author, list) else [author]:
            name = person.get("name") if isinstance(person, dict) else person
            if isinstance(person, dict) and person.get("@type") == "Organization":
                continue
            named.extend([name] if isinstance(name, str) else [])
    return named or [
        " ".join(element.text_content().split())
        for element in tree.xpath('//*[contains(concat(" ", @class, " "), " fullname ")]')
    ]


def _day(tree: Any) -> str:
    """The day on which a page says it was published: in its metadata, or written out below its title; else nothing."""
    with contextlib.suppress(
        Exception
    ):  # a foreign parser over foreign text: no date is found, whatever it stumbles over
        found = htmldate.find_date(tree, original_date=True, extensive_search=False)
        if found:
            return found
        below = " ".join(" ".join(tree.xpath(BELOW_TITLE)[:50]).split())
        written = WRITTEN_DAY.search(below[:ABOVE])
        if written:
            page = f"<html><body><p>{written[0]}</p></body></html>"
            return htmldate.find_date(page, original_date=True, extensive_search=True) or ""
    return ""


def _blocks(body: Any) -> Iterator[str]:
    """The paragraphs of the extractor's tree: headings, quotations, lists, code and tables as plain text."""
    for element in body:
        if element.tag == "list":
            text = "\n".join(f"- {item}" for item in map(_line, element.iter("item")) if item)
        elif element.tag == "table":
            rows = (" | ".join(filter(None, map(_line, row.iter("cell")))) for row in element.iter("row"))
            text = "\n".join(filter(None, rows))
        elif element.tag == "code":
            text = "".join(element.itertext()).strip("\n").rstrip()
        elif len(element) and all(child.tag in INNER for child in element):
            yield from _blocks(element)
            continue
        else:
            text = _line(element)
        if text:
            yield text
        if element.tail and element.tail.strip():
            yield " ".join(element.tail.split())


def _behind(blocks: Iterator[str], heads: set[str | None]) -> Iterator[str]:
    """The paragraphs behind the title and the subtitle, which stand above a text and are told beside it."""
    return dropwhile(lambda block: block in heads, blocks)


def _line(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _first(found: list[Any]) -> str:
    return str(found[0]).strip() if found else ""
