"""A page as its title, people and day are sought in: its statements, its metadata, and its elements by the title."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import page_boilerplate, page_title
from .page_title import Title
from .structured_data import Statement, groups_named, list_statements, path_of, statements_on_the_piece

OF_HEAD = frozenset({"html", "head", "title", "meta", "link", "base"})


@dataclass(frozen=True, slots=True)
class PageParts:
    """What is sought in. `content`: the elements in their order, without boilerplate; `lengths`: characters of each.

    `stated`: all that the page states for programs; `on_piece`: what of that is on its piece. `metas`: the contents of
    its metadata, by names in small letters. `groups`: names of the site and of others that are no person.
    """

    url: str
    title: Title
    stated: list[Statement]
    on_piece: list[Statement]
    metas: dict[str, tuple[str, ...]]
    content: list[Any]
    lengths: dict[Any, int]
    site: str
    groups: list[str]

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


def read_parts(tree: Any, url: str) -> PageParts:
    """Return the parts of a page."""
    stated, metas = list_statements(tree), read_metas(tree)
    addresses = [url, *tree.xpath('//link[@rel="canonical"]/@href'), *metas.get("og:url", ())]
    titles = {text.casefold() for _, text in page_title.stated_titles(tree, [])}
    on_piece = statements_on_the_piece(stated, {path_of(str(one)) for one in addresses if one}, titles)
    title = page_title.find_title(tree, stated, on_piece, url)
    outside = page_boilerplate.find_boilerplate(tree, title.heading)
    content = list(page_boilerplate.walk(tree, outside))
    groups = [*metas.get("application-name", ()), *groups_named(stated)]
    site = next(iter(metas.get("og:site_name", ())), "")
    return PageParts(url, title, stated, on_piece, metas, content, page_boilerplate.measure(tree), site, groups[:50])


def read_metas(tree: Any) -> dict[str, tuple[str, ...]]:
    """Return the contents of a page's metadata by their names in small letters."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())[:5000]
        for name in {meta.get("name"), meta.get("property")}:
            if name and content:
                found.setdefault(name.strip().lower(), []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}
