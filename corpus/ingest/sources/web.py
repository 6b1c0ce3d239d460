"""What it takes to read the web, for as long as a refresh lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.ingest.fetch.client import Fetcher
from corpus.ingest.fetch.page_cache import PageCache
from corpus.ingest.parse.sandbox import Sandbox
from corpus.settings import CorpusSettings


class Web:
    """A client, a process that takes documents apart, and the pages that were fetched already."""

    def __init__(self, fetcher: Fetcher, sandbox: Sandbox, pages: PageCache) -> None:
        self.fetcher = fetcher
        self.sandbox = sandbox
        self.pages = pages

    def stop(self) -> None:
        """End what others are waiting for."""
        self.fetcher.stop()
        self.sandbox.close()


@contextmanager
def open_web(settings: CorpusSettings, pages: PageCache) -> Iterator[Web]:
    """Give what it takes to read the web, as the settings allow; at its end, the process ends."""
    fetcher = Fetcher(
        settings.contact,
        settings.fetch_allowed,
        pause=settings.fetch_pause,
        proxy=settings.fetch_proxy,
        certificates=settings.fetch_ca,
    )
    with Sandbox() as sandbox:
        yield Web(fetcher, sandbox, pages)
