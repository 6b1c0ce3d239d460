"""A page as its title, people and day are sought in: its statements, its metadata, and its elements by the title."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import page_boilerplate, page_title
from .page_opening import HEADINGS, PageOpening, find_opening
from .page_title import Title
from .structured_data import (
    PAGES,
    Statement,
    groups_named,
    is_called_alike,
    is_piece,
    list_statements,
    path_of,
    statements_on_the_piece,
)

OF_HEAD = frozenset({"html", "head", "title", "meta", "link", "base"})
# Types of items (microdata) in which a piece's own day and author stand; else only in an item that has its title.
HOLDERS_OF_PIECES = PAGES | {"Blog", "Question", "WebSite", "AudioObject"}
NEVER_THE_PIECE = frozenset("Book Comment Answer ImageObject VideoObject Quotation".split())
MOST_IN_SCOPE = 2000  # elements of an item in which its own title is sought


@dataclass(frozen=True, slots=True)
class PageParts:
    """What is sought in. `paths`: those of the addresses that the page has, by its own word, too. `content`: the
    elements in their order, without boilerplate; `lengths`: characters of each.

    `stated`: all that the page states for programs; `on_piece`: what of that is on its piece. `metas`: the contents of
    its metadata, by names in small letters. `groups`: names of the site and of others that are no person.
    """

    url: str
    paths: frozenset[str]
    title: Title
    stated: list[Statement]
    on_piece: list[Statement]
    metas: dict[str, tuple[str, ...]]
    content: list[Any]
    lengths: dict[Any, int]
    site: str
    groups: list[str]
    opening: PageOpening

    def around_title(self) -> Iterator[tuple[Any, int]]:
        """Yield the elements outside of the title with how many characters below it they begin (0 is above it)."""
        heading = self.title.heading
        inside = set(heading.iter()) if heading is not None else set()
        below = 0 if heading is not None else 1
        for element in self.content:
            if element.tag in OF_HEAD:
                continue
            if element is heading:
                below = 1
            if element in inside:
                continue
            yield element, below
            if below:
                below += len((element.text or "").strip()) + len((element.tail or "").strip())

    def is_of_piece(self, element: Any) -> bool:
        """Return whether the item (microdata, RDFa) around an element is the piece, not a comment, a book or another
        piece.
        """
        scope = next((e for e in element.iterancestors() if e.get("itemtype") or e.get("typeof")), None)
        if scope is None:
            return True
        kind = (scope.get("itemtype") or scope.get("typeof") or "").split()[0:1]
        name = kind[0].replace(":", "/").rpartition("/")[2] if kind else ""
        if name in NEVER_THE_PIECE:
            return False
        if self.title.heading is not None and scope in self.title.heading.iterancestors():
            return True
        if not (name in HOLDERS_OF_PIECES or is_piece({"@type": name})) or "Review" in name:
            return False
        return self._is_item_on_piece(scope)

    def _is_item_on_piece(self, scope: Any) -> bool:
        """Return whether an item that does not hold the piece's title has none of its own, and no other address."""
        own = [e for _, e in zip(range(MOST_IN_SCOPE), scope.iter(), strict=False) if isinstance(e.tag, str)]
        for one in own:
            names = (one.get("itemprop") or "").split()
            if "headline" in names or ("name" in names and (one.tag in HEADINGS or one.get("content"))):
                return is_called_alike(one.get("content") or " ".join(one.itertext()), {self.title.text})
            address = one.get("href") or one.get("content") or ""
            if {"url", "mainEntityOfPage"} & set(names) and "/" in address:
                return path_of(address) in {"?", *self.paths}
        return True


def read_parts(tree: Any, url: str) -> PageParts:
    """Return the parts of a page."""
    stated, metas = list_statements(tree), read_metas(tree)
    addresses = [url, *tree.xpath('//link[@rel="canonical"]/@href'), *metas.get("og:url", ())]
    paths = frozenset(path_of(str(one)) for one in addresses if one)
    titles = {text.casefold() for _, text in page_title.stated_titles(tree, [])}
    on_piece = statements_on_the_piece(stated, paths, titles)
    title = page_title.find_title(tree, stated, on_piece, url)
    outside = page_boilerplate.find_boilerplate(tree, title.heading)
    content = list(page_boilerplate.walk(tree, outside))
    groups = [*metas.get("application-name", ()), *groups_named(stated)]
    site = next(iter(metas.get("og:site_name", ())), "")
    lengths = page_boilerplate.measure(tree)
    heading = title.heading
    if heading is not None and not is_called_alike(" ".join(heading.itertext()), {title.text}):
        heading = None  # one of the piece's parts
    opening = find_opening(content, heading, lengths)
    return PageParts(url, paths, title, stated, on_piece, metas, content, lengths, site, groups[:50], opening)


def read_metas(tree: Any) -> dict[str, tuple[str, ...]]:
    """Return the contents of a page's metadata by their names in small letters."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())[:5000]
        for name in {meta.get("name"), meta.get("property")}:
            if name and content:
                found.setdefault(name.strip().lower(), []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}
