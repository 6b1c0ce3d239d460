"""The shipped corpus, as data: complete, consistent, and honest about whose words it holds."""

import re
from collections import Counter

import pytest

from corpus.index.chunking import split_sentences
from corpus.ingest.sources.local_import import import_files

GATHERED = import_files(None)
ENTRIES = {entry.id: entry for _, entry in GATHERED.entries}
EVENTS = {
    "different-exponentials": "2026-06-01",
    "perpetual-catch-up": "2026-02-17",
    "performance-gap": "2026-04-20",
    "next-phase": "2026-03-16",
    "bets-mid-2026": "2026-04-15",
    "ecosystems-compound": "2026-05-12",
    "consortium": "2026-04-11",
    "cybersecurity-openness": "2026-04-21",
    "dean-ball-government-control": "2026-03-06",
}
GUIDES = [entry for entry in ENTRIES.values() if entry.kind == "guide"]
DEPENDENT = re.compile(r"(It|They|This|These|That|But|And|He|She|Such|Their|Its|However|Also)\b")


def test_every_file_is_right():
    assert not GATHERED.rejected
    assert len(ENTRIES) == len(GATHERED.entries)


def test_the_nine_events_and_three_guides_are_there():
    dated = {i: e.published.isoformat() for i, e in ENTRIES.items() if e.kind == "event"}
    assert dated.items() >= EVENTS.items()
    assert len(GUIDES) >= 3


def test_every_source_is_described_and_has_the_tier_of_its_entries():
    sources = {source.slug: source for source in GATHERED.sources}
    assert {entry.source for entry in ENTRIES.values()} <= set(sources)
    assert all(entry.tier == sources[entry.source].tier for entry in ENTRIES.values())


@pytest.mark.parametrize("entry_id", EVENTS)
def test_our_summaries_are_marked_as_such(entry_id):
    """The pieces are not ours: no text of theirs is here, and none may be shown as the author's words."""
    assert ENTRIES[entry_id].wording == "summary"
    assert ENTRIES[entry_id].url


def test_the_paid_piece_is_a_teaser():
    assert [i for i, e in ENTRIES.items() if e.access == "teaser"] == ["ecosystems-compound"]


def test_an_interviews_host_is_not_its_guest():
    roles = {p.name: p.role for p in ENTRIES["dean-ball-government-control"].people}
    assert roles == {"Nathan Lambert": "host", "Dean W. Ball": "guest"}


@pytest.mark.parametrize("entry_id", ["next-phase", "ecosystems-compound", "consortium", "cybersecurity-openness"])
def test_hedges_are_kept(entry_id):
    assert re.search(r"\b(appears? to|likely|may|suggests?)\b", ENTRIES[entry_id].text)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda e: e.id)
def test_a_guide_names_the_entries_that_it_draws_on(guide):
    """300 to 600 words, at least three entries by title, and the tier of its sources said."""
    cited = [e for i, e in ENTRIES.items() if i in EVENTS and e.title in guide.text]
    assert len(cited) >= 3
    assert 300 <= len(guide.text.split()) <= 600
    assert "commentary" in guide.text


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda e: e.id)
def test_every_sentence_can_be_quoted_alone(entry):
    for span in split_sentences(entry.text):
        sentence = entry.text[span.start : span.end]
        assert not DEPENDENT.match(sentence), sentence
        assert sentence[-1] in ".?!", sentence
        assert "\n" not in sentence


def test_no_sentence_stands_twice():
    told = Counter(e.text[s.start : s.end] for e in ENTRIES.values() for s in split_sentences(e.text))
    assert [sentence for sentence, times in told.items() if times > 1] == []
