"""Sources whose pieces are single pages, named one by one; and such pieces, of which nothing else is known."""

from dataclasses import replace

from corpus.ingest.sources.base import Listed, Lookup, ReadContext, look_over
from corpus.models.entries import Entry
from corpus.models.items import Item, Listing
from corpus.models.sources import Source
from corpus.text.canonical_url import page_key


class PagesKind:
    """All of the pages are looked at: nobody lists a page that is too old."""

    field, needs_web = "pages", True

    def list_items(self, source: Source, context: ReadContext, /) -> Listed:
        items = {item.key: item for item in map(page_item, source.pages)}
        listing = Listing(source.name, source.home or "", "sitemap", None, tuple(items.values()), (), ())
        return look_over(listing, Listed(source, "read"), context.memory, replace(context.options, backfill=True))

    def describe(self, _lookup: Lookup, /) -> Source | None:
        """No address is followed as a single page: its pages are named in sources.toml."""
        return None


def page_item(address: str) -> Item:
    """Return a piece of which nothing is known but its address."""
    return Item(address, page_key(address), "", (), "", "", "", "", "full", None, None, "")


def item_of(entry: Entry) -> Item:
    """Return a piece that is known, as if a list had named it: what its page does not say stays as it is."""
    people = tuple(person.name for person in entry.people)
    item = replace(page_item(entry.url or ""), title=entry.title, people=people, day=entry.published.isoformat())
    return replace(item, summary=entry.summary)
