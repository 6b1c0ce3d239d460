"""Sources that are followed by a feed: RSS, Atom, JSON Feed."""

from urllib.parse import urlsplit, urlunsplit

from corpus.ingest.parse.feed import discover_feeds, read_feed
from corpus.ingest.sources.base import TIER, Listed, Lookup, ReadContext, fetch_or_refuse, read_list
from corpus.ingest.sources.sitemap import list_sitemap
from corpus.models.fetched import FetchFailed, Gone
from corpus.models.sources import Source

PAGES = frozenset({"text/html", "application/xhtml+xml"})


class FeedKind:
    """A feed holds the newest pieces alone: where a sitemap stands beside it, a backfill reads that."""

    field, needs_web = "feed", True

    def list_items(self, source: Source, context: ReadContext, /) -> Listed:
        if context.options.backfill and source.sitemap:
            return list_sitemap(source, context, is_main=False)
        assert source.feed  # noqa: S101  that makes it one
        state, web = context.memory.state, context.web
        address = state.moved_to or source.feed
        outcome = web.fetcher.fetch(address, "feed", context.options.validators(state), context.on_step)
        is_elsewhere = isinstance(outcome, Gone) or (isinstance(outcome, FetchFailed) and not outcome.passing)
        if address != source.feed and is_elsewhere:
            address = source.feed  # it has moved once, and is no longer there
            outcome = web.fetcher.fetch(address, "feed", on_step=context.on_step)
        came = Listed(source, "read", asked=address)
        return read_list(outcome, came, context, "its feed", lambda fetched: read_feed(fetched, web.sandbox))

    def describe(self, lookup: Lookup, /) -> Source | None:
        """Any address of the web may be that of a feed, or of a page that names one."""
        web = lookup.web
        fetched = fetch_or_refuse(lookup.address, "feed", web)
        feeds = discover_feeds(fetched.text, fetched.final_url) if fetched.content_type in PAGES else []
        if feeds:
            fetched = fetch_or_refuse(feeds[0], "feed", web)
        listing = read_feed(fetched, web.sandbox)
        home = listing.home or urlunsplit((*urlsplit(fetched.final_url)[:2], "", "", ""))
        return Source("", listing.title, TIER, home, feed=fetched.moved_to or fetched.url, feed_kind=listing.kind)
