"""Followed publications whose servers turn bad: each is told in a sentence, the others go on, nothing is lost."""

import contextlib
import functools

import pytest
from fakes import ToyEmbedder
from publisher_server import FAULTS
from publishing import Substack, allowed
from refresh_world import shelf_of

from corpus import CorpusSettings, open_corpus
from corpus.ingest.fetch import client

pytestmark = pytest.mark.slow


def test_each_bad_server_is_a_sentence_and_stops_no_other(tmp_path, monkeypatch):
    with contextlib.ExitStack() as opened:
        bad = {f"bad-{number}": opened.enter_context(Substack(fault)) for number, fault in enumerate(FAULTS)}
        good = opened.enter_context(Substack("The Good One"))
        web = bad | {"good": good}
        for publisher in web.values():
            publisher.publish_many(2)
        opened.enter_context(shelf_of(tmp_path, web))
        settings = CorpusSettings(fetch_allowed=allowed(*web.values()), fetch_pause=0, offline=False)
        corpus = opened.enter_context(open_corpus(settings, ToyEmbedder()))
        corpus.refresh()
        before = corpus.entries()
        for publisher in bad.values():
            publisher.faults = {"/feed": FAULTS[publisher.name]}
        good.publish()
        with monkeypatch.context() as hasty:  # what is slow is known to be slow after a second; a busy machine is not
            hasty.setattr(client, "Limits", functools.partial(client.Limits, read=1.0, whole=3.0))
            report = corpus.refresh()
        assert {read.slug: read.outcome for read in report.sources} == dict.fromkeys(bad, "failed") | {"good": "read"}
        for read in report.sources:
            assert 5 < len(read.sentence) < 200, read
        assert [entry.title for entry in report.plan.new] == [good.posts[0].title]
        assert not report.plan.changed
        assert len(corpus.entries()) == len(before) + 1
        for publisher in bad.values():
            publisher.faults = {}
        assert {read.outcome for read in corpus.refresh().sources} == {"unchanged"}
