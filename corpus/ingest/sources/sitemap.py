"""Sources that are followed by a sitemap, whose pieces are those of its addresses that a pattern finds itself in."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.parse.feed import read_sitemap
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.sources.base import TIER, Listed, Lookup, ReadContext, fetch_or_refuse, read_list
from corpus.models.fetched import Fetched, FetchFailed
from corpus.models.items import Listing, NoItem
from corpus.models.sources import Source

if TYPE_CHECKING:
    from corpus.ingest.sources.web import Web

SITEMAPS = 500  # that one source may be spread over
A_SITEMAP = re.compile(r"sitemap[^/]*(\.xml|\.xml\.gz|\.txt)$")  # at the end of an address's path


class SitemapKind:
    """A sitemap lists all of a site."""

    field, needs_web = "sitemap", True

    def list_items(self, source: Source, context: ReadContext, /) -> Listed:
        return list_sitemap(source, context)

    def describe(self, lookup: Lookup, /) -> Source | None:
        address, pattern, web = lookup.address, lookup.pattern, lookup.web
        if pattern is None and not A_SITEMAP.search(urlsplit(address).path.lower()):
            return None
        fetched = fetch_or_refuse(address, "sitemap", web)
        read_sitemap(fetched, web.sandbox, pattern)
        home = urlunsplit((*urlsplit(fetched.final_url)[:2], "", "", ""))
        name = urlsplit(home).hostname or ""
        return Source("", name, TIER, home, sitemap=fetched.moved_to or address, pattern=pattern)


def list_sitemap(source: Source, context: ReadContext, *, is_main: bool = True) -> Listed:
    """Return what a source's sitemap lists. `is_main`: the source is followed by it, and not by a feed."""
    address, web = source.sitemap or "", context.web
    validators = context.options.validators(context.memory.state)
    outcome = web.fetcher.fetch(address, "sitemap", validators, context.on_step)
    came = Listed(source, "read", asked=address if is_main else None)
    return read_list(
        outcome, came, context, "its sitemap", lambda fetched: _read_parts(source, fetched, web), is_main=is_main
    )


def _read_parts(source: Source, fetched: Fetched, web: "Web") -> Listing:
    """All that a sitemap lists, and those that it is spread over."""
    whole = read_sitemap(fetched, web.sandbox, source.pattern)
    items, refused, todo, asked = [*whole.items], [*whole.refused], [*whole.more], {fetched.url}
    while todo and len(asked) < SITEMAPS:
        address = todo.pop(0)
        if address in asked:
            continue
        asked.add(address)
        found = web.fetcher.fetch(address, "sitemap")
        if not isinstance(found, Fetched):
            reason = found.reason if isinstance(found, FetchFailed) else "is gone"
            raise NotAnEntry(f"is spread over several sitemaps, of which {address} {reason}")
        part = read_sitemap(found, web.sandbox, source.pattern)
        whole = replace(whole, note=whole.note or part.note)
        items.extend(part.items)
        refused.extend(part.refused)
        todo.extend(part.more)
    if todo:
        unread = f"is spread over {len(asked) + len(todo)} sitemaps, of which {len(todo)} were not read"
        refused.append(NoItem(fetched.url, unread))
    items.sort(key=lambda item: item.updated or item.day, reverse=True)
    once = {item.key: item for item in reversed(items)}
    return replace(whole, items=tuple(reversed(once.values())), refused=tuple(refused), more=())
