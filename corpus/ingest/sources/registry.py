"""The kinds of source that there are. A new one is a file beside this, a field of `Source`, and a line here."""

from typing import TYPE_CHECKING

from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.sources.base import Lookup, SourceKind
from corpus.ingest.sources.feed import FeedKind
from corpus.ingest.sources.folder import FolderKind
from corpus.ingest.sources.pages import PagesKind
from corpus.ingest.sources.sitemap import SitemapKind
from corpus.models.sources import Source

if TYPE_CHECKING:
    from corpus.ingest.sources.web import Web

# A source that has the fields of two is of the first. An address is tried as that of the last kind first: the first
# takes any address of the web for its own.
KINDS: tuple[SourceKind, ...] = (FeedKind(), SitemapKind(), PagesKind(), FolderKind())


def kind_of(source: Source) -> SourceKind:
    """Return the kind of a source that is followed: one that has an address."""
    return next(kind for kind in KINDS if getattr(source, kind.field))


def describe_source(address: str, pattern: str | None, web: "Web") -> Source:
    """Return what can be followed at an address, as a source without a slug. Raises NotAnEntry, SourceRefused."""
    described = (kind.describe(Lookup(address, pattern, web)) for kind in reversed(KINDS))
    found = next(filter(None, described), None)
    if found is None:
        raise NotAnEntry("is nothing that can be followed")
    return found
