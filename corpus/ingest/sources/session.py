"""What it takes to read the web, for as long as a refresh lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.ingest.fetch.client import Fetcher
from corpus.ingest.fetch.page_cache import Spool
from corpus.ingest.parse.sandbox import Dissector
from corpus.settings import CorpusSettings


class Web:
    """What it takes to read the web: a client, a process that takes documents apart, what was fetched already."""

    def __init__(self, fetcher: Fetcher, dissector: Dissector, spool: Spool) -> None:
        self.fetcher = fetcher
        self.dissector = dissector
        self.spool = spool

    def stop(self) -> None:
        """End what others are waiting for."""
        self.fetcher.stop()
        self.dissector.close()


@contextmanager
def web(settings: CorpusSettings, spool: Spool) -> Iterator[Web]:
    fetcher = Fetcher(settings.contact, settings.fetch_allowed, pause=settings.fetch_pause)
    with Dissector() as dissector:
        yield Web(fetcher, dissector, spool)
