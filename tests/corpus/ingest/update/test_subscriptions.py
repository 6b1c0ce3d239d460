"""Sources come and go, and how each does: over a real archive, and publishers on loopback."""

import json
import shutil
from dataclasses import replace

import pytest
from fakes import ToyEmbedder
from publishing import HuggingFace, Substack, allowed
from web import newsletter, serving

from bot.contract.results import record_json
from corpus import CorpusSettings, Origins, SourceRefused, SourceUnknown, open_corpus
from corpus.ingest.sources.local_import import import_files


@pytest.fixture(scope="module")
def publishers():
    with Substack("The Open Ledger") as ledger, HuggingFace("Model Blog") as blog:
        ledger.publish_many(6)
        blog.publish_many(6)
        yield ledger, blog


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder with the shipped corpus, whose sources are paused: they are on the real web."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    with open_corpus(CorpusSettings(data_dir=data), ToyEmbedder()) as opened:
        opened.prepare()
        for slug in ("interconnects", "huggingface"):
            opened.pause(slug)
    return data


@pytest.fixture
def corpus(publishers, prepared, tmp_path):
    data = shutil.copytree(prepared, tmp_path / "data")
    settings = CorpusSettings(data_dir=data, offline=False, fetch_allowed=allowed(*publishers), fetch_pause=0)
    with open_corpus(settings, ToyEmbedder()) as opened:
        yield opened


def standings(corpus):
    return {one.source.slug: one.state.standing for one in corpus.followed()}


def test_a_site_is_followed_by_the_feed_that_it_names(corpus, publishers):
    ledger, _ = publishers
    source = corpus.follow(ledger.home, by="Ada")
    assert (source.slug, source.name, source.feed) == ("the-open-ledger", "The Open Ledger", ledger.feed)
    assert standings(corpus)["the-open-ledger"] == "followed"
    report = corpus.refresh(source="the open ledger")
    (read,) = report.sources
    assert (read.outcome, read.new, len(report.plan.new)) == ("read", 6, 6)
    health = next(one for one in corpus.followed() if one.source == source)
    assert (health.entries, health.newest) == (6, ledger.posts[0].on.date())
    assert health.state.by == "Ada"
    assert {run.action for run in corpus.history(2)} == {"follow", "refresh"}


def test_a_sitemap_and_a_folder_can_be_followed(corpus, publishers, tmp_path):
    ledger, _ = publishers
    source = corpus.follow(ledger.sitemap, pattern="/p/", name="All of the Ledger", tier=2, slug="ledger")
    assert (source.sitemap, source.pattern, source.tier) == (ledger.sitemap, "/p/", 2)
    assert corpus.refresh(source="ledger").sources[0].new == 6
    folder = tmp_path / "Our notes"
    folder.mkdir()
    text = "We met and spoke of open models. " * 20
    front = "id: note\ntitle: A note\nsource: notes\nkind: event\ntier: 3\npeople: []\npublished: 2026-05-01"
    (folder / "note.md").write_text(f"---\n{front}\n---\n{text}\n")
    (folder / "bad.md").write_text("no front matter")
    notes = corpus.follow(str(folder))
    assert (notes.slug, notes.folder) == ("our-notes", str(folder))
    (read,) = corpus.refresh(source="our-notes").sources
    assert (read.items, read.new, read.rejected) == (2, 1, 1)
    assert {item.verdict for item in corpus.check("our-notes").items} == {"unchanged", "rejected"}


def test_what_is_paused_is_left_alone_until_it_is_named_or_resumed(corpus, publishers):
    ledger, _ = publishers
    corpus.follow(ledger.feed)
    corpus.pause("The Open Ledger", by="Mo")
    assert corpus.refresh(due=True).sources == ()
    assert corpus.next_due() is None
    assert len(corpus.refresh(source="the-open-ledger").sources) == 1
    corpus.resume("the-open-ledger")
    assert corpus.next_due() is not None
    assert len(corpus.refresh(due=True).sources) == 1
    assert corpus.refresh(due=True).sources == (), "its time has not come again"


def test_what_is_followed_no_more_keeps_its_entries_and_is_read_by_nobody(corpus, publishers):
    ledger, _ = publishers
    corpus.follow(ledger.feed)
    corpus.refresh(source="the-open-ledger")
    corpus.unfollow("the-open-ledger")
    report = corpus.refresh(source="the-open-ledger")
    assert report.sources == ()
    assert "is not followed" in report.notes[0]
    health = next(one for one in corpus.followed() if one.source.slug == "the-open-ledger")
    assert (health.state.standing, health.entries) == ("removed", 6)
    assert corpus.follow(ledger.feed).slug == "the-open-ledger", "it comes back under its own name"
    assert standings(corpus)["the-open-ledger"] == "followed"


def test_an_undone_following_is_gone(corpus, publishers):
    corpus.follow(publishers[0].feed)
    assert corpus.undo().undone.startswith("the following of a source")
    assert "the-open-ledger" not in standings(corpus)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere/at/all", "neither a web address nor a folder"),
        ("ftp://example.org/feed", "cannot be followed"),
        ("http://127.0.0.1:9/feed", "private network|port 9"),
        ("http://user:pw@example.org/feed", "user name or a password"),
        ("a\0b", "neither a web address nor a folder"),
        ("", "neither a web address nor a folder"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(corpus, address, said):
    with pytest.raises(SourceRefused, match=said):
        corpus.follow(address)
    assert set(standings(corpus)) == {"interconnects", "huggingface"}


def test_a_page_that_names_no_feed_and_a_slug_that_is_taken(corpus, publishers):
    ledger, blog = publishers
    with pytest.raises(SourceRefused, match=r"cannot be followed: it .*no feed"):
        corpus.follow(ledger.url(ledger.posts[0]))
    with pytest.raises(SourceRefused, match="is that of Interconnects"):
        corpus.follow(blog.feed, slug="interconnects")
    with pytest.raises(SourceRefused, match="is no slug"):
        corpus.follow(blog.feed, slug="Has Spaces")
    with pytest.raises(SourceUnknown, match="'nobody'"):
        corpus.pause("nobody")
    assert set(standings(corpus)) == {"interconnects", "huggingface"}
    assert corpus.history(1)[0].action == "refresh", "and nothing was written"


def test_offline_nothing_is_read_and_it_is_said(publishers, settings):
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert settings.offline
        report = corpus.refresh()
        assert (len(report.plan.new), report.sources) == (12, ())
        assert "FOOTNOTE_OFFLINE" in report.notes[0]
        assert corpus.next_due() is None
        with pytest.raises(SourceRefused, match="FOOTNOTE_OFFLINE"):
            corpus.follow(publishers[0].feed)
        refused = corpus.refresh(urls=[publishers[0].home]).plan.rejected
        assert "FOOTNOTE_OFFLINE" in refused[0].reason


def test_before_there_is_an_archive_the_shipped_sources_are_told(settings):
    with open_corpus(settings, ToyEmbedder()) as corpus:
        assert set(standings(corpus)) == {"interconnects", "huggingface"}
        assert not settings.data_dir.exists(), "looking writes nothing"


def test_a_check_tells_of_each_piece_and_writes_nothing(corpus, publishers):
    _, blog = publishers
    before = corpus.status(), corpus.history()
    found = corpus.check(blog.feed)
    assert found.source.name == "Model Blog"
    assert all(step.fine for step in found.steps)
    assert [item.verdict for item in found.items] == ["new"] * 6
    assert [item.url for item in found.items] == [blog.url(post) for post in blog.posts]
    assert (replace(corpus.status(), bytes=before[0].bytes), corpus.history()) == before
    missing = corpus.check(f"{blog.home}/missing.xml")
    assert missing.source is None
    assert "404" in missing.steps[-1].found


def test_a_check_says_where_title_people_and_day_were_found(publishers, prepared, tmp_path):
    _, blog = publishers
    data = shutil.copytree(prepared, tmp_path / "data")
    with serving() as web:
        reached = f"{allowed(*publishers)},{web.host}"
        settings = CorpusSettings(data_dir=data, offline=False, fetch_allowed=reached, fetch_pause=0)
        with open_corpus(settings, ToyEmbedder()) as corpus:
            found = corpus.check(blog.feed).items[0]
            page = corpus.check(web.put("/notes/pumps", newsletter()))
    assert found.people
    assert (found.origins.people, found.origins.published) != ("", "")
    assert page.source is None, "it can be read, and not followed"
    assert [(item.title, item.people, item.published, item.verdict) for item in page.items] == [
        ("Small models, large gardens", ("Ada Quill",), "2026-05-04", "new")
    ]
    assert page.items[0].origins == Origins(
        "<h1> that agrees with the page's title", "JSON-LD author", "JSON-LD datePublished"
    )


# A piece that is told of in several places


def shelf_entry(entry_id):
    return next(entry for _, entry in import_files(None).entries if entry.id == entry_id)


def test_the_words_of_the_author_take_the_place_of_a_summary_and_keep_it(corpus, publishers, tmp_path):
    """The shelf has a summary of a piece; its feed has the piece; a refresh of both does not go back and forth."""
    ledger, _ = publishers
    post = ledger.posts[0]
    summary = replace(shelf_entry("consortium"), id="ours", url=ledger.url(post), source="interconnects")
    file = tmp_path / "ours.jsonl"
    file.write_text(json.dumps(record_json(summary)))
    corpus.refresh([file])
    corpus.follow(ledger.feed)
    assert [entry.id for entry in corpus.refresh().plan.changed] == ["ours"]
    page = corpus.page("ours").entry
    assert (page.wording, page.source, post.paragraphs[0] in page.text) == ("author", "interconnects", True)
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "ours.jsonl").write_text(file.read_text())
    corpus.follow(str(folder))
    assert corpus.refresh().plan.changed == (), "a summary does not take the place of the piece"
    assert [entry.id for entry in corpus.refresh([file]).plan.changed] == ["ours"], "unless somebody names it"
