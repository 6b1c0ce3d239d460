"""What every kind of source does alike: the contract that a new one must keep, over publishers on loopback."""

import shutil
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from publishing import HuggingFace, allowed

from corpus import CorpusSettings, Source, SourceState
from corpus.ingest.fetch.page_cache import PageCache
from corpus.ingest.sources.base import Lookup, ReadContext, ReadOptions, SourceMemory
from corpus.ingest.sources.reading import read_sources
from corpus.ingest.sources.registry import KINDS, describe_source, kind_of
from corpus.ingest.sources.web import open_web
from corpus.models.sources import ADDRESSES
from corpus.models.updates import no_progress
from tests.corpus.ingest.sources.test_local_files import page, write

PIECES = 3
OPTIONS = ReadOptions(datetime.now(UTC), frozenset())
MEMORY = SourceMemory(SourceState("one"), {})
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.field)


@pytest.fixture(scope="module")
def blog():
    with HuggingFace("Blog") as blog:
        blog.publish_many(PIECES)
        yield blog


@pytest.fixture(scope="module")
def web(blog):
    settings = CorpusSettings(offline=False, fetch_allowed=allowed(blog), fetch_pause=0)
    with open_web(settings, PageCache(None)) as web:
        yield web


@pytest.fixture
def folder(tmp_path):
    for number in range(PIECES):
        write(tmp_path / "notes" / f"{number}.md", page(f"e{number}"))
    return tmp_path / "notes"


@pytest.fixture
def addresses(blog, folder):
    """By the field of its kind, an address where a source of PIECES pieces is."""
    pages = tuple(blog.url(post) for post in blog.posts)
    return {"feed": blog.feed, "sitemap": blog.sitemap, "pages": pages, "folder": str(folder)}


def source(kind, address):
    pattern = "/blog/." if kind.field == "sitemap" else None  # it names the front page, too
    return Source("one", "One", 3, pattern=pattern, **{kind.field: address})


def test_each_address_of_a_description_is_that_of_one_kind():
    assert sorted(kind.field for kind in KINDS) == sorted(ADDRESSES)
    assert set(ADDRESSES) < {field.name for field in fields(Source)}


@each_kind
def test_a_source_is_of_the_kind_whose_field_it_fills(kind, addresses):
    one = source(kind, addresses[kind.field])
    assert kind_of(one) is kind
    assert one.address in {addresses[kind.field], addresses[kind.field][0]}


@each_kind
def test_all_of_its_pieces_are_listed_and_read(kind, addresses, web):
    one = source(kind, addresses[kind.field])
    listed = kind.list_items(one, ReadContext(MEMORY, OPTIONS, web))
    assert (listed.outcome, listed.number, listed.failure) == ("read", PIECES, "")
    (reading,) = read_sources([one], {"one": MEMORY}, OPTIONS, web, no_progress)
    found = reading.findings()
    assert (found.pieces, found.rejected) == (PIECES, ())
    assert one in found.sources
    assert set(found.origins.values()) == {"one"}
    assert found.characters > 0


@each_kind
def test_what_cannot_be_read_is_an_outcome_with_its_reason_and_gives_nothing(kind, blog, tmp_path, web):
    nowhere = {"folder": str(tmp_path / "nowhere"), "pages": tuple(f"{blog.home}/nowhere-{n}" for n in range(PIECES))}
    one = source(kind, nowhere.get(kind.field, f"{blog.home}/nowhere.xml"))
    (reading,) = read_sources([one], {"one": MEMORY}, OPTIONS, web, no_progress)
    assert reading.listed.outcome == "failed"
    assert reading.listed.failure
    assert not reading.listed.failure.endswith(".")
    assert reading.findings().pieces == 0


@each_kind
def test_only_what_needs_no_web_is_read_from_this_computer(kind, addresses, blog, web):
    blog.tally.clear()
    read_sources([source(kind, addresses[kind.field])], {"one": MEMORY}, OPTIONS, web, no_progress)
    assert bool(blog.tally) == kind.needs_web


@each_kind
def test_what_is_followed_at_an_address_is_described_by_the_kind_that_reads_it(kind, addresses, web):
    address = addresses[kind.field]
    if kind.field == "pages":
        assert kind.describe(Lookup(address[0], None, web)) is None
        return
    described = describe_source(address, None, web)
    assert (kind_of(described), described.address, described.slug) == (kind, address, "")


def test_a_folder_that_is_gone_takes_nothing_of_others_away(folder, addresses, web):
    sources = [Source("gone", "Gone", 3, folder=str(folder)), Source("one", "One", 3, feed=addresses["feed"])]
    shutil.rmtree(folder)
    gone, read = read_sources(sources, {"gone": MEMORY, "one": MEMORY}, OPTIONS, web, no_progress)
    assert (gone.listed.outcome, read.listed.outcome) == ("failed", "read")
