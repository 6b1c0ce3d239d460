"""How sources are read from one refresh to the next, over publishers on loopback: what comes, is asked, stays.

The clock is that of the order: `hours` after the first refresh.
"""

import json
import re
import shutil
import socket
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes import ToyEmbedder
from publisher_server import Reply
from publishing import HuggingFace, Substack, allowed
from refresh_world import shelf_of

from bot.contract.results import record_json
from bot.contract.source_exports import exported_source_json
from corpus import CorpusSettings, FilterRefused, open_corpus
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.sources import local_files as shelf
from corpus.ingest.update.request import UpdateRequest
from corpus.models.sources import SourceUpdates

SHIPPED = shelf.SHELF
NOW = datetime.now(UTC)
DAY_IN_WORDS = re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}")
SITEMAP = '<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'


class OneForAll(Sandbox):
    """The process that takes documents apart; it is started once for all tests, and no refresh ends it."""

    def close(self):
        pass


@pytest.fixture(scope="module", autouse=True)
def _one_process():
    with pytest.MonkeyPatch.context() as patched:
        one = OneForAll()
        patched.setattr("corpus.ingest.sources.web.Sandbox", lambda: one)
        yield
        Sandbox.close(one)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder with a guide alone, and no source."""
    folder = tmp_path_factory.mktemp("prepared")
    with shelf_of(folder, {}), open_corpus(CorpusSettings(data_dir=folder / "data"), ToyEmbedder()) as corpus:
        corpus.prepare()
    return folder / "data"


@pytest.fixture
def corpus_of(prepared, tmp_path):
    """Opens the corpus of the test, which may read these publishers. Its shelf: a guide, and what is `described`."""
    with shelf_of(tmp_path, {}), ExitStack() as opened:

        def corpus_of(*publishers, **settings):
            given = {"data_dir": tmp_path / "data", "offline": False, "fetch_pause": 0} | settings
            if not given["data_dir"].exists() and "data_dir" not in settings:
                shutil.copytree(prepared, given["data_dir"])
            told = CorpusSettings(fetch_allowed=allowed(*publishers), **given)
            return opened.enter_context(open_corpus(told, ToyEmbedder()))

        yield corpus_of


def described(**addresses):
    """The shelf's sources from now on: slug → the address of its feed, or of a sitemap."""
    assert shelf.SHELF != SHIPPED, "the shelf of the test is not in place"
    rows = []
    for slug, address in addresses.items():
        what = "sitemap" if "sitemap" in address else "feed"
        rows.append(f'[[source]]\nslug = "{slug}"\nname = "The {slug}"\ntier = 2\n{what} = "{address}"\n')
    (shelf.SHELF / "sources.toml").write_text("".join(rows), encoding="utf-8")


def refresh(corpus, hours=0, progress=None, *, dry_run=False, **order):
    more = {"progress": progress} if progress else {}
    return corpus._updater.refresh(UpdateRequest(now=NOW + timedelta(hours=hours), **order), dry_run=dry_run, **more)


def publish(publisher, count):
    """So many pieces, one a day until yesterday; the newest first."""
    for days in range(count, 0, -1):
        publisher.publish(on=NOW - timedelta(days=days))
    return list(publisher.posts)


def titles(entries):
    return sorted(entry.title for entry in entries)


def entry_of(corpus, post):
    (found,) = [entry for entry in corpus.entries() if entry.title == post.title]
    return found


def path_of(publisher, post):
    return publisher.url(post).removeprefix(publisher.home)


def kept(corpus):
    """What is kept of pages that no refresh has committed."""
    return [file.name for file in (corpus.settings.data_dir / "fetched").glob("*")]


@contextmanager
def answering(publisher, other):
    """`other(path, headers)` answers instead of the publisher, wherever it has an answer."""
    own = publisher.answer
    publisher.answer = lambda path, headers: other(path, headers) or own(path, headers)
    try:
        yield
    finally:
        publisher.answer = own


def pages_answer(publisher, status, posts=None):
    paths = {path_of(publisher, post) for post in posts or publisher.posts}
    return answering(publisher, lambda path, _: Reply(status, b"no") if path in paths else None)


# Bytes that cannot be decoded


def test_a_bad_byte_spoils_one_character_of_a_feed_and_the_report_says_so(corpus_of):
    with Substack("Ledger") as publisher:
        publish(publisher, 4)
        own = publisher.answer

        def answer(path, headers):
            reply = own(path, headers)
            if path != publisher.feed_path:
                return reply
            body = reply.body.replace(
                b"</channel>", "<item><title>Café déjà".encode() + b"\x96 vu</title></item></channel>"
            )
            return replace(reply, body=body.replace(b"<title>", "<title>Naïve – ".encode()))

        with answering(publisher, answer):
            described(letters=publisher.feed)
            corpus = corpus_of(publisher)
            report = refresh(corpus)
            (read,) = report.sources
            assert "its list has 1 byte that is no UTF-8, shown as \ufffd (the first behind “" in read.sentence
            assert [entry.title[:8] for entry in corpus.entries() if entry.source == "letters"] == ["Naïve – "] * 4
            steps = {step.step: step for step in corpus.check("letters").steps}
            assert not steps["text"].fine


def test_a_page_with_a_bad_byte_is_taken_and_noted(corpus_of):
    with HuggingFace("Labs") as publisher:
        publish(publisher, 3)
        own, spoilt = publisher.answer, path_of(publisher, publisher.posts[0])

        def answer(path, headers):
            reply = own(path, headers)
            spoilt_body = reply.body.replace(b"</p>", "é, ".encode() + b"\xe2\x80 and so on.</p>", 1)
            return replace(reply, body=spoilt_body) if path == spoilt else reply

        with answering(publisher, answer):
            described(letters=publisher.feed)
            report = refresh(corpus_of(publisher))
    assert len(report.plan.new) == 3
    (note,) = report.notes
    assert note.startswith(f"{publisher.home}{spoilt} has 1 byte that is no UTF-8")


def test_a_file_with_a_bad_byte_is_taken_and_noted(corpus_of, tmp_path):
    file = tmp_path / "cafe.html"
    words = "<p>Le café était fermé ~ trois serrures. " + "So it was for the whole of the winter. " * 9
    page = (
        f"---\ntitle: Locks\npublished: 2026-05-04\n---\n<!doctype html><html><body><article>{words}</article></html>"
    )
    file.write_bytes(page.encode().replace(b"~", b"\x96"))
    with Substack("Ledger") as publisher:
        report = refresh(corpus_of(publisher), paths=[file], dry_run=True)
    assert len(report.plan.new) == 1
    (note,) = report.notes
    assert "cafe.html has 1 byte that is no UTF-8, shown as \ufffd (the first behind “" in note


# Without a network


@pytest.fixture
def no_network(monkeypatch):
    """No name is known but those of this computer."""
    asked = socket.getaddrinfo

    def unknown(host, *rest, **more):
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return asked(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


@pytest.mark.usefixtures("no_network")
def test_without_a_network_that_is_said_once_and_a_shelf_that_was_never_read_has_not_failed(corpus_of):
    described(ledger="https://ledger.example/feed", labs="https://labs.example/feed")
    with Substack("Elsewhere") as elsewhere:
        corpus = corpus_of(elsewhere)
    report = refresh(corpus)
    (note,) = report.notes
    assert note.startswith("No site could be reached: is this computer offline?")
    assert report.sources == ()
    alone = refresh(corpus, 1, source="ledger")
    assert [(one.slug, one.outcome) for one in alone.sources] == [("ledger", "failed")]
    assert "check its spelling, or whether this computer is online" in alone.sources[0].sentence


def test_a_source_that_was_read_before_has_failed_without_a_network_and_that_is_said_in_its_place(corpus_of, request):
    with Substack("Ledger") as publisher:
        publish(publisher, 3)
        described(ledger=publisher.feed)
        corpus = corpus_of(publisher)
        refresh(corpus)
        described(ledger=publisher.feed, labs="https://labs.example/feed")
        request.getfixturevalue("no_network")
        (read, failed) = refresh(corpus, 1).sources
        assert (read.outcome, failed.outcome) == ("unchanged", "failed")
        assert "check its spelling" in failed.sentence


# To another computer


def exported(corpus, file):
    lines = [*map(record_json, corpus.every_entry()), *map(exported_source_json, corpus.every_source())]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def test_sources_go_with_an_export_and_are_read_on_from_where_they_were(corpus_of, tmp_path):
    with HuggingFace("Labs") as publisher:
        posts = publish(publisher, 4)
        described(labs=publisher.feed)
        here = corpus_of(publisher)
        refresh(here)
        file = exported(here, tmp_path / "all.jsonl")
        described()
        there = corpus_of(publisher, data_dir=tmp_path / "elsewhere")
        report = refresh(there, paths=[file])
        assert (len(report.plan.new), report.plan.rejected) == (5, ())
        assert report.notes == ("With the file come its sources, and what they had listed: labs.",)
        publisher.tally.clear()
        post = publisher.publish(on=NOW)
        (read,) = refresh(there, 1).sources
        assert (read.slug, read.new, read.changed) == ("labs", 1, 0)
        asked = {path for path, _ in publisher.tally}
        assert path_of(publisher, post) in asked
        assert not asked & {path_of(publisher, one) for one in posts}


def test_an_import_takes_nothing_from_what_was_learnt_here(corpus_of, tmp_path):
    with Substack("Ledger") as publisher:
        publish(publisher, 3)
        described(ledger=publisher.feed)
        corpus = corpus_of(publisher)
        refresh(corpus)
        file = exported(corpus, tmp_path / "all.jsonl")
        publish(publisher, 1)
        refresh(corpus, 1)
        before = corpus.followed()
        refresh(corpus, 2, paths=[file])
        assert corpus.followed() == before
        (read,) = refresh(corpus, 3).sources
        assert (read.new, read.changed) == (0, 0)


def test_sources_of_an_export_can_be_left_out_and_an_old_export_is_taken(corpus_of, tmp_path):
    with Substack("Ledger") as publisher:
        publish(publisher, 3)
        described(ledger=publisher.feed)
        here = corpus_of(publisher)
        refresh(here)
        file = exported(here, tmp_path / "all.jsonl")
        described()
        there = corpus_of(publisher, data_dir=tmp_path / "elsewhere")
        report = refresh(there, paths=[file], takes_sources=False)
        assert (len(report.plan.new), report.notes) == (4, ("The sources in the file were left out: ledger.",))
        assert there.followed() == []
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(line for line in lines if "footnote_source" not in line), encoding="utf-8")
        report = refresh(there, paths=[file])
        assert (len(report.plan.unchanged), report.plan.rejected, report.notes) == (4, (), ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source": {"slug": "x", "name": "X", "tier": 3, "folder": "/etc"}}, "names a folder for the source x"),
        ({"footnote_source": 2}, "is no source as `footnote export` writes it (footnote_source: "),
        ({"source": {"slug": "x", "name": "X", "tier": 3, "feed": "file:///etc/passwd"}}, "(source.feed: "),
        ({"state": {"standing": "owned"}}, "(state.standing: "),
        ({"state": {"etag": "x\r\nHost: y"}}, "(state.etag: "),
        ({"state": {"tried": "2026-11-24T10:00:00"}}, "(state.tried: "),
        ({"seen": [{"key": "", "fingerprint": ""}]}, "(seen.0.key: "),
    ],
)
def test_a_source_that_no_export_has_written_is_refused_by_its_line(corpus_of, tmp_path, change, reason):
    line = {"footnote_source": 1, "source": {"slug": "x", "name": "X", "tier": 3, "feed": "https://x.example/feed"}}
    file = tmp_path / "all.jsonl"
    file.write_text(json.dumps(line | change) + "\n", encoding="utf-8")
    with Substack("Ledger") as publisher:
        corpus = corpus_of(publisher)
    report = refresh(corpus, paths=[file])
    (refused,) = report.plan.rejected
    assert refused.where.endswith("all.jsonl:1")
    assert reason in refused.reason
    assert corpus.followed() == []


def test_a_followed_folder_stays_on_its_computer(corpus_of, tmp_path):
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    with Substack("Ledger") as publisher:
        corpus = corpus_of(publisher)
    source = corpus.follow(str(pieces), slug="pieces")
    (one,) = [one for one in corpus.every_source() if one.source.slug == "pieces"]
    assert (one.source.folder, one.state, list(one.seen)) == (None, None, [])
    refresh(corpus, paths=[exported(corpus, tmp_path / "all.jsonl")])
    assert [health.source for health in corpus.followed()] == [source]


# One source alone


def test_of_one_source_nothing_else_is_read_and_not_even_parsed(corpus_of):
    """A part of its name will do, as in a question; what is wrong elsewhere is no matter of it."""
    with HuggingFace("Blog") as blog, Substack("Letter") as letter:
        publish(blog, 2)
        publish(letter, 2)
        corpus = corpus_of(blog, letter)
        described(blog=blog.feed, letter=letter.feed)
        (shelf.SHELF / "broken.md").write_text("---\nid: broken\nsource: blog\n---\nA title is missing.")
        report = refresh(corpus, source="letter"[:3])
        assert [one.slug for one in report.sources] == ["letter"]
        assert (titles(report.plan.new), report.plan.rejected) == (titles(letter.posts), ())
        assert blog.statuses() == {}
        assert [one.where for one in refresh(corpus, 1).plan.rejected] == [str(shelf.SHELF / "broken.md")]


def test_a_name_that_fits_two_sources_is_refused_before_either_is_asked(corpus_of):
    with HuggingFace("Blog") as blog, Substack("Letter") as letter:
        corpus = corpus_of(blog, letter)
        described(blog=blog.feed, letter=letter.feed)
        file = shelf.SHELF / "sources.toml"
        file.write_text(file.read_text().replace("The blog", "The Same").replace("The letter", "The Same"))
        with pytest.raises(FilterRefused, match="fits several sources; the choice is: blog, letter"):
            refresh(corpus, source="The Same")
        assert (blog.statuses(), letter.statuses()) == ({}, {})


# What was fetched before


def test_a_correction_arrives_though_another_source_fails(corpus_of):
    with HuggingFace("Blog") as blog, Substack("Letter") as letter:
        post = publish(blog, 3)[1]
        corpus = corpus_of(blog, letter)
        described(blog=blog.feed, letter=letter.feed)
        letter.die("503")
        outcomes = {one.slug: one.outcome for one in refresh(corpus).sources}
        assert outcomes == {"blog": "read", "letter": "failed"}
        corrected = blog.edit(blog.correct(post, "As it should have been called"), "Fish were never meant.")
        assert titles(refresh(corpus, 1).plan.changed) == ["As it should have been called"]
        assert "Fish were never meant." in entry_of(corpus, corrected).text


def test_of_a_refresh_that_broke_off_only_what_has_changed_since_is_fetched_again(corpus_of):
    with HuggingFace("Blog") as blog:
        posts = publish(blog, 4)
        corpus = corpus_of(blog)
        described(blog=blog.feed)

        def stop_at_the_end(stage, done, total, current=""):
            if stage == "fetch" and done == total == 4:
                raise KeyboardInterrupt(current)

        with pytest.raises(KeyboardInterrupt):
            refresh(corpus, progress=stop_at_the_end)
        assert len(corpus.entries()) == 1, "the guide alone"
        corrected = blog.correct(posts[2], "As it should have been called")
        blog.tally.clear()
        assert titles(refresh(corpus, 1).plan.new) == titles(blog.posts)
        asked = {path for path, _ in blog.tally} - {"/robots.txt", blog.feed_path}
        assert asked == {path_of(blog, corrected)}


def test_who_only_looks_leaves_no_page_behind(corpus_of):
    with HuggingFace("Blog") as blog:
        (post,) = publish(blog, 1)
        corpus = corpus_of(blog)
        assert titles(refresh(corpus, urls=[blog.url(post)], dry_run=True).plan.new) == [post.title]
        assert [item.verdict for item in corpus.check(blog.feed).items] == ["new"]
        assert kept(corpus) == []
        blog.edit(post, "Fish were never meant.")
        (title,) = refresh(corpus, urls=[blog.url(post)]).plan.new
        assert "Fish were never meant." in corpus.page(title.id).entry.text


# Where a source is


def test_a_feed_that_moved_is_asked_where_the_shelf_says_from_then_on(corpus_of):
    with HuggingFace("Blog") as blog:
        publish(blog, 2)
        corpus = corpus_of(blog)
        described(blog=blog.feed)
        refresh(corpus)
        blog.move_feed("/second.xml")
        assert "moved for good" in refresh(corpus, 7).sources[0].sentence
        blog._feed_moved, blog.feed_path = "", "/third.xml"
        described(blog=blog.feed)
        third = blog.publish(on=NOW)
        assert titles(refresh(corpus, 14).plan.new) == [third.title]


@pytest.mark.parametrize("is_followed_anew", [False, True])
def test_a_feed_that_moved_and_is_back_is_read_at_its_first_address(corpus_of, is_followed_anew):
    """By itself, where there is nothing at the second any more; where it is out of order, once it is followed anew."""
    with HuggingFace("Blog") as blog:
        publish(blog, 2)
        corpus = corpus_of(blog)
        described(blog=blog.feed)
        refresh(corpus)
        first = blog.feed_path
        blog.move_feed("/second.xml")
        refresh(corpus, 7)
        blog._feed_moved, blog.feed_path = "", first
        post = blog.publish(on=NOW)
        status = 500 if is_followed_anew else 404
        with answering(blog, lambda path, _: Reply(status, b"no") if path == "/second.xml" else None):
            if is_followed_anew:
                assert corpus.follow(blog.feed).slug == "blog"
            found = [*refresh(corpus, 14).plan.new, *refresh(corpus, 21).plan.new]
        assert titles(found) == [post.title]


def test_a_slug_that_is_used_again_is_that_of_another_source(corpus_of, monkeypatch):
    monkeypatch.setattr("corpus.ingest.sources.selection.MOST", 3)
    with HuggingFace("One") as one, HuggingFace("Another") as another:
        publish(one, 2)
        posts = publish(another, 5)
        corpus = corpus_of(one, another)
        corpus.follow(one.feed, slug="blog")
        refresh(corpus)
        one.move_feed("/moved.xml")
        refresh(corpus, 7)
        while corpus.followed():
            corpus.undo()
        assert len(corpus.entries()) == 1, "the guide alone"
        corpus.follow(another.feed, slug="blog")
        one.statuses()
        assert titles(refresh(corpus, 8).plan.new) == titles(posts[:3])
        assert one.statuses() == {}
        assert refresh(corpus, 15).plan.new == (), "older ones are passed over, as in any first reading"


def test_two_sources_with_one_feed_take_its_pieces_once(corpus_of):
    with HuggingFace("Blog") as blog:
        publish(blog, 3)
        corpus = corpus_of(blog)
        described(one=blog.feed, other=blog.feed)
        plan = refresh(corpus).plan
        assert (titles(plan.new), plan.rejected) == (titles(blog.posts), ())
        post = blog.publish(on=NOW)
        plan = refresh(corpus, 7).plan
        assert (titles(plan.new), plan.rejected) == ([post.title], ())
        assert blog.tally[blog.feed_path, 200] == 2
        assert all(blog.tally[path_of(blog, post), 200] == 1 for post in blog.posts)


def test_a_piece_that_two_parts_of_a_sitemap_name_is_read_once(corpus_of):
    with HuggingFace("Blog") as blog:
        posts = publish(blog, 2)

        def parts(path, _):
            names = [f"<sitemap><loc>{blog.home}/part-{part}.xml</loc></sitemap>" for part in (1, 2)]
            listed = {"/part-1.xml": posts[:1], "/part-2.xml": posts}.get(path, [])
            rows = [f"<url><loc>{blog.url(post)}</loc></url>" for post in listed]
            text = SITEMAP.format("urlset", "".join(rows)) if rows else SITEMAP.format("sitemapindex", "".join(names))
            is_sitemap = path.endswith(".xml")
            return Reply(200, text.encode(), {"Content-Type": "text/xml"}) if is_sitemap else None

        corpus = corpus_of(blog)
        described(blog=blog.sitemap)
        with answering(blog, parts):
            plan = refresh(corpus).plan
        assert (titles(plan.new), plan.rejected) == (titles(posts), ())
        assert [blog.tally[path_of(blog, post), 200] for post in posts] == [1, 1]


# When a source is read


def test_the_first_refresh_of_what_is_due_takes_the_shelf_too(corpus_of, tmp_path):
    with HuggingFace("Blog") as blog:
        posts = publish(blog, 2)
        described(blog=blog.feed)
        corpus = corpus_of(blog, data_dir=tmp_path / "empty")
        report = corpus.refresh(due=True)
        assert titles(report.plan.new) == sorted(["How to read", *titles(posts)])
        assert corpus.next_due() > datetime.now(UTC)
        assert corpus.refresh(due=True).sources == (), "its time has not come again"


def test_a_source_that_was_never_due_or_due_by_a_wrong_clock_becomes_due(corpus_of):
    with HuggingFace("Blog") as blog:
        publish(blog, 1)
        described(blog=blog.feed)
        by_hand = corpus_of(blog, refresh_hours=0)
        refresh(by_hand)
        assert by_hand.next_due() is None
        corpus = corpus_of(blog, refresh_hours=6)
        assert corpus.next_due() is not None
        assert [one.slug for one in refresh(corpus, 7, due=True).sources] == ["blog"]
        far = NOW + timedelta(days=900)
        with corpus._updater.workspace.changing() as (record, _):
            state = replace(record.sources.state("blog"), tried=far, due=far + timedelta(hours=6))
            record.sources.update(SourceUpdates([state]))
        assert corpus.next_due() <= datetime.now(UTC)
        assert [one.slug for one in corpus.refresh(due=True).sources] == ["blog"]


def test_a_piece_of_a_day_to_come_is_taken_when_it_has_come(corpus_of, monkeypatch):
    with Substack("Letter") as letter:
        publish(letter, 2)
        post = letter.publish(on=NOW + timedelta(days=4))
        corpus = corpus_of(letter)
        described(letter=letter.feed)
        (early,) = refresh(corpus).plan.rejected
        assert "yet to come" in early.reason
        pass_days(monkeypatch, 5)
        assert titles(refresh(corpus, 5 * 24).plan.new) == [post.title]


def pass_days(monkeypatch, days):
    """For those who ask the system for the day."""
    today = (NOW + timedelta(days=days)).date()
    from corpus.ingest.parse import feed  # noqa: PLC0415

    monkeypatch.setattr(feed, "make_listing", _at(feed.make_listing, today))


def _at(listing, today):
    return lambda said, address, _, *more: listing(said, address, today, *more)


# What pages say


def test_pages_are_asked_again_with_what_is_known_of_them_and_keep_what_the_feed_told(corpus_of):
    """The pages lack their day and their summary; the list does not change, and one page does."""
    with HuggingFace("Blog") as blog:
        posts = publish(blog, 2)
        item, page, asked = blog._item, blog.page, []
        blog._item = lambda post: item(post).replace(
            "</item>", f"<description>In short: {post.subtitle}</description></item>"
        )
        blog.page = lambda post: DAY_IN_WORDS.sub("", re.sub(r'<meta name="description"[^>]*>', "", page(post)))
        corpus = corpus_of(blog)
        described(blog=blog.feed)
        plan = refresh(corpus).plan
        found = [corpus.page(title.id).entry for title in plan.new]
        told = {entry.title: (entry.published, entry.summary) for entry in found}
        assert told == {post.title: (post.on.date(), f"In short: {post.subtitle}") for post in posts}
        blog.edit(posts[0], "Fish were never meant.")
        with answering(blog, lambda path, headers: asked.append((path, headers.get("if-none-match")))):
            blog.statuses()
            plan = refresh(corpus, 22).plan
        assert blog.statuses() == {304: 2, 200: 1}, "the list, one page; the other page"
        assert all(etag for path, etag in asked if path != "/robots.txt")
        (title,) = plan.changed
        entry = corpus.page(title.id).entry
        assert (entry.published, entry.summary) == told[posts[0].title]
        assert "Fish were never meant." in entry.text
        assert plan.rejected == ()


def test_the_whole_of_a_teaser_comes_once_its_page_can_be_read(corpus_of):
    with Substack("Letter") as letter:
        post = letter.make_paid(publish(letter, 3)[0])
        page = letter.page
        letter.page = lambda post: page(replace(post, paid=False))
        corpus = corpus_of(letter)
        described(letter=letter.feed)
        with pages_answer(letter, 503):
            refresh(corpus)
        assert entry_of(corpus, post).access == "teaser"
        refresh(corpus, 7)
        entry = entry_of(corpus, post)
        assert (entry.access, post.paragraphs[-1] in entry.text) == ("full", True)


def test_a_cross_post_is_known_as_one_though_the_refresh_that_took_it_was_stopped(corpus_of, monkeypatch):
    with Substack("Letter") as letter, Substack("Mirror") as mirror:
        post = publish(letter, 2)[0]
        mirror.crosspost(post, on=NOW)
        corpus = corpus_of(letter, mirror)
        described(letter=letter.feed, mirror=mirror.feed)

        def stopped(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("corpus.ingest.update.cross_posts.find_copies", stopped)
            with pytest.raises(KeyboardInterrupt):
                refresh(corpus)
        refresh(corpus, 1)
        both = {entry.id for entry in corpus.entries() if entry.title == post.title}
        assert len(both) == 2
        for entry_id in both:
            assert {copy.id for copy in corpus.page(entry_id).copies} == both - {entry_id}


# Pages that are no more


def test_what_is_new_comes_though_most_pages_that_are_asked_are_gone(corpus_of):
    with HuggingFace("Blog") as blog:
        posts = publish(blog, 3)
        corpus = corpus_of(blog)
        described(blog=blog.feed)
        refresh(corpus)
        for post in posts:
            blog.remove(post, 404)
        new = blog.publish(on=NOW)
        report = refresh(corpus, 22)
        assert titles(report.plan.new) == [new.title]
        assert report.sources[0].outcome == "read"


def test_where_all_pages_are_out_of_order_nothing_is_taken_until_they_are_not(corpus_of):
    with HuggingFace("Blog") as blog:
        publish(blog, 3)
        corpus = corpus_of(blog)
        described(blog=blog.feed)
        with pages_answer(blog, 500):
            report = refresh(corpus)
        assert (report.plan.new, report.sources[0].outcome) == ((), "failed")
        assert titles(refresh(corpus, 7).plan.new) == titles(blog.posts)


def test_a_page_behind_a_redirect_is_asked_again_the_next_day(corpus_of):
    with HuggingFace("Blog") as blog:
        post = publish(blog, 2)[0]
        listed = blog.feed_xml
        blog.feed_xml = lambda: listed().replace(f"{blog.home}/blog/", f"{blog.home}/out/")
        corpus = corpus_of(blog)
        described(blog=f"{blog.home}{blog.feed_path}")

        def leads_there(path, _):
            slug = path.removeprefix("/out/")
            return Reply(302, b"", {"Location": f"/blog/{slug}"}) if slug != path else None

        with answering(blog, leads_there):
            refresh(corpus)
            assert entry_of(corpus, post).url == blog.url(post)
            blog.edit(post, "Fish were never meant.")
            assert titles(refresh(corpus, 24).plan.changed) == [post.title]


def test_a_page_that_is_gone_is_told_once_and_asked_no_more(corpus_of):
    with HuggingFace("Blog") as blog:
        gone = blog.remove(publish(blog, 4)[0], 410)
        blog.change(gone, gone=0)
        corpus = corpus_of(blog)
        described(blog=blog.feed)
        refresh(corpus)
        blog.remove(gone, 410)
        told = [one.where for hours in (22, 44, 66) for one in refresh(corpus, hours).plan.rejected]
        assert told == [blog.url(gone)]
        assert blog.tally[path_of(blog, gone), 410] == 1
        assert entry_of(corpus, gone), "its entry stays"


def test_how_an_entry_comes_back_that_no_list_names_any_more_is_told(corpus_of):
    with Substack("Letter") as letter:
        post = publish(letter, 3)[-1]
        letter.feed_xml = lambda: letter._channel([letter._item(post) for post in letter.posts[:3]])
        corpus = corpus_of(letter)
        described(letter=letter.feed)
        refresh(corpus)
        removed = entry_of(corpus, post)
        corpus.remove([removed.id])
        letter.publish(on=NOW)
        report = refresh(corpus, 7, restore=True)
        assert removed.id not in {entry.id for entry in report.plan.new}
        (note,) = report.notes
        assert removed.id in note or removed.url in note
        assert "--url" in note
        assert [entry.id for entry in refresh(corpus, 8, urls=[removed.url], restore=True).plan.new] == [removed.id]
