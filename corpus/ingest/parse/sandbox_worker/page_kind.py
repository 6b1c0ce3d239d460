"""Whether a page is a list of pieces and no piece itself: cards with headings that lead away, and little else."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from .page_parts import PageParts
from .structured_data import LISTS, is_piece, path_of, types_of

LIST_OF_PIECES = (
    "is a list of pieces and no piece itself; follow its feed (`footnote sources add` and its address), "
    "or give the address of one piece"
)
FEWEST = 3  # headings that lead to other pages of the site
MOST_STATED = 0.5  # of the headings, where the page says that it is a list; else nearly all
MOST_ALONE = 0.8
LONGEST_TEASER = 600  # characters below such a heading: more is a part of a piece
LONGEST_OPENING = 600  # characters outside of the cards
SHORTEST = 200  # characters of an article
FEWEST_LINES, FEWEST_LETTERS = 5, 12
UNSEEN = frozenset({"head", "title", "script", "style", "noscript"})
LINES = frozenset({"li", "div", "tr", "article", "section", "dt"})
HEADINGS = frozenset({"h2", "h3", "h4"})


def is_list_of_pieces(parts: PageParts) -> bool:
    """Return whether a page only shows what other pages hold."""
    types = {name for one in parts.stated for name in types_of(one)}
    is_stated = bool(types & (LISTS - {"ItemList"}))
    if "article" in parts.metas.get("og:type", ()) or (any(map(is_piece, parts.on_piece)) and not is_stated):
        return False
    articles = [one for one in parts.content if one.tag == "article"]
    if len(articles) == 1 and parts.lengths.get(articles[0], 0) >= SHORTEST and not cards_in(articles[0], parts.url):
        return False
    if is_mostly_links(parts):
        return True
    sections = list(section_lengths(parts))
    cards = [length for leads_away, length in sections[1:] if leads_away]
    if len(cards) < FEWEST or sorted(cards)[len(cards) // 2] > LONGEST_TEASER:
        return False
    share = len(cards) / max(len(sections) - 1, 1)
    outside = sum(length for leads_away, length in sections if not leads_away)
    return share >= (MOST_STATED if is_stated else MOST_ALONE) and outside <= max(LONGEST_OPENING, sum(cards) / 2)


def is_mostly_links(parts: PageParts) -> bool:
    """Return whether hardly a word of a page stands outside of lines that begin with a link to another of its pages."""
    whole = listed = 0
    lines: set[str] = set()
    inside: set[Any] = set()
    for element in parts.content:
        if element.tag in UNSEEN or element is parts.title.heading:
            continue
        whole += len((element.text or "").strip()) + len((element.tail or "").strip())
        length = parts.lengths.get(element, 0)
        if element in inside or element.tag not in LINES or not FEWEST_LETTERS <= length <= LONGEST_TEASER:
            continue
        links = [link for link in element.iter("a") if is_to_page(link.get("href") or "", parts.url)]
        if len(links) == 1 and begins_with(element, links[0]) and parts.lengths.get(links[0], 0) >= FEWEST_LETTERS:
            lines.add(links[0].get("href"))
            listed += length
            inside |= set(element.iter())
    return len(lines) >= FEWEST_LINES and listed >= whole * MOST_ALONE


def begins_with(element: Any, link: Any) -> bool:
    """Return whether the first words of an element are those of a link, but for a date."""
    words, own = " ".join(element.itertext()).split(), " ".join(link.itertext()).split()
    return bool(own) and own[0] in words[:5]


def cards_in(element: Any, url: str) -> bool:
    """Return whether an element holds a heading that leads to another page."""
    return any(is_away(heading, url) for tag in HEADINGS for heading in element.iter(tag))


def section_lengths(parts: PageParts) -> Iterator[tuple[bool, int]]:
    """Yield for what stands before the first heading and below each: whether the heading leads to another page of the
    site, and how many characters follow it.
    """
    leads_away, length = False, 0
    inside: set[Any] = set()
    for element in parts.content:
        if element.tag in UNSEEN or element in inside:
            continue
        if element.tag in HEADINGS and element is not parts.title.heading:
            yield leads_away, length
            leads_away, length = is_away(element, parts.url), 0
            inside = set(element.iter())
            continue
        length += len((element.text or "").strip()) + len((element.tail or "").strip())
    yield leads_away, length


def is_away(heading: Any, url: str) -> bool:
    """Return whether a heading is a link to another page of the same site."""
    links = heading.xpath("./descendant::a/@href | ./ancestor::a[1]/@href")
    return len(links) == 1 and is_to_page(str(links[0]), url)


def is_to_page(link: str, url: str) -> bool:
    """Return whether a link leads to another page of the same site."""
    if not link or link.startswith("#"):
        return False
    try:
        address = urljoin(url, link)
        same_site = not url or urlsplit(address).hostname == urlsplit(url).hostname
    except ValueError:
        return False
    return same_site and path_of(address) != path_of(url) and urlsplit(address).scheme in {"http", "https"}
