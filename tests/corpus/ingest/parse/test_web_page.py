"""A page of the web becomes an entry, or a clause that says why not; and what the archive knows of it is respected."""

import json
from dataclasses import replace
from datetime import date

import platforms
import pytest
from fakes import ToyEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import XMP, pdf
from platforms import NOISE, SHAPES
from typer.testing import CliRunner
from web import BODY, TEXT, blog_post, newsletter

import corpus
from bot.cli import app
from corpus import CorpusSettings, Entry, Person, Source
from corpus.ingest.fetch.client import Fetcher
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.web_page import WebPage, page_as_found, page_of, page_of_item, parse_page
from corpus.ingest.update.identify import Known, place
from corpus.library import open_corpus
from corpus.models.entries import Block, Section
from corpus.models.fetched import Fetched
from corpus.models.items import Item
from corpus.text.canonical_url import canonical_url, page_key
from corpus.text.plain import plain
from tests.corpus.ingest.fetch.test_client import web as _web

web = _web
TERMS = "https://ledger.example/terms"
LICENCES_IN_A_TEXT = """<p>I like <a href="https://creativecommons.org/licenses/by/4.0/">this licence</a>.</p><figure>
<img src="x.png"><figcaption><a rel="license" href="https://a.example/of-the-picture">CC</a></figcaption></figure>"""
ON_PAYWALLS = (
    """<h2>This post is for paying subscribers only</h2><p>So says a paywall, with a link to
<a href="/subscribe">subscribe</a>, and <code>isAccessibleForFree: false</code> in its head.</p>
<blockquote><p>This post is for paid subscribers.</p><a href="/subscribe">Subscribe</a></blockquote>
<pre><code>&lt;div class="paywall"&gt;Members only&lt;/div&gt;</code></pre>"""
    + "<p>Walls keep gardens poor.</p>" * 50
)
UNKNOWN = Known({}, frozenset(), {}, lambda _: None)
BLOCKS = (Block(221, 276, "quote", ""), Block(278, 351, "list"), Block(368, 403, "code"))
PAGE = WebPage(
    url="https://ledger.example/p/gardens?utm_source=x",
    address="https://ledger.example/p/gardens",
    title="Small models, large gardens",
    people=("Ada Quill",),
    day="2026-05-04",
    site="The Open Ledger",
    summary="Why the edges matter",
    text=TEXT,
    access="full",
    language="en",
    sections=(Section(98, "The edges"),),
    blocks=BLOCKS,
)
ENTRY = Entry(
    id="small-models-large-gardens",
    source="ledger.example",
    kind="event",
    tier=3,
    url="https://ledger.example/p/gardens",
    title="Small models, large gardens",
    people=(Person("Ada Quill", "author"),),
    published=date(2026, 5, 4),
    summary="Why the edges matter",
    text=TEXT,
    access="full",
    wording="author",
    language="en",
    sections=(Section(98, "The edges"),),
    blocks=BLOCKS,
)


@pytest.fixture(scope="module")
def sandbox():
    """One process for all pages of this file, as a refresh has one for all of its own."""
    with Sandbox() as sandbox:
        yield sandbox


def read(url, fetcher, sandbox, seconds=30.0):
    fetched = fetcher.fetch(url)
    if not isinstance(fetched, Fetched):
        return NotAnEntry(fetched.reason)
    try:
        return parse_page(fetched, sandbox, seconds=seconds)
    except NotAnEntry as reason:
        return reason


@pytest.fixture
def read_page(web, sandbox):
    """What a page is read as, when the loopback web gives it."""

    def read_page(body, path="/p/gardens", seconds=30.0, **headers):
        return read(web.put(path, body, **headers), Fetcher(allowed=frozenset({web.host})), sandbox, seconds)

    return read_page


def refusal(outcome):
    assert isinstance(outcome, NotAnEntry), outcome
    return str(outcome)


# From page to text


def test_a_newsletters_page_is_its_text_and_what_it_says_of_itself(web, read_page):
    found = read_page(newsletter(address=web.url("/p/gardens"), authors=["Ada Quill", "Béla Inkwell"]))
    assert found == replace(
        PAGE, url=web.url("/p/gardens"), address=web.url("/p/gardens"), people=("Ada Quill", "Béla Inkwell")
    )


def test_a_blog_post_without_metadata_is_read_from_what_stands_beside_its_text(read_page):
    found = read_page(blog_post())
    assert (found.title, found.people, found.day) == (
        "A tiny model for every school",
        ("Mira Vale", "Joss Ember"),
        "2026-03-09",
    )
    assert found.text == TEXT
    assert found.summary == ""  # what it says of itself is said of the whole site


@pytest.mark.parametrize(
    "button", ["Subscribe", "Share", "reader-supported", "Discussion about", "thank you", "©", "1"]
)
def test_what_stands_around_a_text_is_not_in_it(read_page, button):
    assert button not in read_page(newsletter()).text


@pytest.mark.parametrize("day", ["9 March 2026", "Mar 9, 2026", "2026-03-09", "March 9th, 2026"])
def test_a_day_that_is_written_below_the_title_is_found(read_page, day):
    assert read_page(blog_post(day=day)).day == "2026-03-09"


def test_the_day_of_publication_is_told_and_not_that_of_a_change(read_page):
    assert read_page(newsletter()).day == "2026-05-04"


@pytest.mark.parametrize(("said", "access"), [(True, "full"), (None, "full"), (False, "teaser"), ("False", "teaser")])
def test_a_teaser_is_one_where_the_page_says_so(read_page, said, access):
    assert read_page(newsletter(isAccessibleForFree=said)).access == access


def test_an_organisation_is_nobody(read_page):
    author = [{"@type": "Organization", "name": "The Ledger"}, {"@type": "Person", "name": "By Ada Quill"}]
    assert read_page(newsletter(author=author)).people == ("Ada Quill",)


def test_signs_that_hide_or_reorder_are_taken_out(read_page):
    title = "A \u202egarden\u202c of\u200b mo\u00addels 👩"
    found = read_page(newsletter(title=title, authors=["Ada\u2066 Quill\0"]))
    assert (found.title, found.people) == ("A garden of models 👩", ("Ada Quill",))


@pytest.mark.parametrize("kind", ["text/markdown", "text/plain"])
def test_markdown_with_front_matter_is_an_entry_as_a_file_would_be(read_page, kind):
    front = "id: gap\nsource: x\nkind: guide\ntier: 2\ntitle: The gap\npeople: []\npublished: 2026-06-01\n"
    found = read_page(f"---\n{front}---\nOpen models are behind.", Content_Type=kind)
    assert (found.id, found.text) == ("gap", "Open models are behind.")
    assert "the field title is missing" in refusal(
        read_page(f"---\n{front.replace('title: The gap', '')}---\nText.", Content_Type=kind)
    )


def test_a_pdf_of_the_web_is_a_page_too(web, read_page):
    lines = ["At the edges of a garden the soil is poor, and a small model that runs on a phone lives there."] * 3
    found = read_page(pdf(lines, xmp=XMP), "/gardens.pdf", Content_Type="application/pdf")
    assert (found.title, found.people, found.day) == (PAGE.title, ("Ada Quill", "Béla Inkwell"), "2026-03-09")
    assert (found.address, found.text) == (web.url("/gardens.pdf"), " ".join(lines))
    assert refusal(read_page(pdf([]), Content_Type="application/pdf")).startswith("shows pictures of its pages")


# As the world's platforms build their pages


@pytest.fixture
def found_in(sandbox):
    """What stands in a page, without a web around it."""

    def found_in(html, item=None, url=PAGE.address):
        return page_of(
            Fetched(url=url, final_url=url, content_type="text/html", text=html), sandbox.page(html, url), item
        )

    return found_in


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_text_of_a_platforms_page_is_the_text_and_nothing_of_what_stands_around_it(found_in, shape):
    found = found_in(shape())
    assert found.text == TEXT
    assert (found.title, found.people, found.day) == (PAGE.title, PAGE.people, PAGE.day)
    assert (found.access, found.sections) == ("full", (Section(98, "The edges"),))
    assert not [word for word in NOISE if word in found.text]


@pytest.mark.parametrize(
    ("shape", "language", "licence"),
    [
        (platforms.substack, "en", None),
        (platforms.hub, None, None),
        (platforms.wordpress, "en-GB", "https://creativecommons.org/licenses/by/4.0/"),
        (platforms.static, "en", "https://creativecommons.org/licenses/by-sa/4.0/"),
        (lambda: platforms.static(lang="pt_br"), "pt-BR", "https://creativecommons.org/licenses/by-sa/4.0/"),
        (lambda: platforms.static(lang="und"), None, "https://creativecommons.org/licenses/by-sa/4.0/"),
        (lambda: platforms.wordpress(licence='<a rel="license" href="/terms">ours</a>'), "en-GB", TERMS),
        (lambda: platforms.wordpress(licence='<a rel="license" href="javascript:x()">x</a>'), "en-GB", None),
        (lambda: newsletter(inLanguage="de", license="CC BY 4.0"), "de", "CC BY 4.0"),
        (lambda: newsletter(inLanguage={"name": "x y"}, license=["https://[::1"]), "en", None),
        (lambda: newsletter(body=BODY + LICENCES_IN_A_TEXT), "en", None),
    ],
    ids=range(11),
)
def test_language_and_licence_are_those_that_the_page_says(found_in, shape, language, licence):
    found = found_in(shape())
    assert (found.language, found.licence) == (language, licence)


@pytest.mark.parametrize(
    ("page", "access"),
    [
        (platforms.substack(paid=True), "teaser"),
        (platforms.ghost(paid=True), "teaser"),
        (platforms.ghost(paid=True).replace("gh-post-upgrade-cta", "members-cta"), "teaser"),
        (platforms.platform_story(tier="metered"), "teaser"),
        (platforms.platform_story(tier="locked"), "teaser"),
        (platforms.platform_story(tier="free"), "full"),
        (newsletter(hasPart={"isAccessibleForFree": False, "cssSelector": ".paid"}), "teaser"),
        (newsletter(hasPart=[7, {"isAccessibleForFree": "False"}]), "teaser"),
        (newsletter(hasPart=[{"isAccessibleForFree": True}, None, "no"]), "full"),
        (
            platforms.wordpress(
                BODY + '<div class="pmpro_content_message">For members: <a href="/in">log in</a></div>'
            ),
            "teaser",
        ),
        (platforms.substack(BODY + ON_PAYWALLS), "full"),
        (platforms.ghost(BODY + ON_PAYWALLS), "full"),
        (platforms.substack(BODY + '<div class="paywall" hidden>Subscribe to go on</div>'), "full"),
        (platforms.substack(BODY + '<div class="paywall" style="display: none">Subscribe to go on</div>'), "full"),
        (platforms.substack(BODY + '<div class="paywall"></div>'), "full"),
        (platforms.substack(f'<div class="paywall">{BODY * 3}</div>'), "full"),
    ],
    ids=range(16),
)
def test_a_paid_piece_is_known_by_its_wall_and_not_by_its_subject(found_in, page, access):
    found = found_in(page)
    assert found.access == access
    assert TEXT in found.text
    if access == "teaser":
        assert found.text == TEXT  # and the wall is none of it


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One<br>two</p>", "One\ntwo"),
        ("<p>One<br><br>two<br>\n<br>three</p>", "One\n\ntwo\n\nthree"),
        (
            "<ul><li>One<ul><li>In it</li></ul></li><li><p>Two</p><p>more</p></li></ul>",
            "- One\n  - In it\n- Two\n  more",
        ),
        ("<pre>def f():\n    return 1</pre>", "def f():\n    return 1"),
        ("<pre><code>a\n  b</code></pre>", "a\n  b"),
        ("<ul><li>So: <code>x = 1</code> and<pre><code>y\nz</code></pre></li></ul>", "- So: x = 1 and\n  y\n  z"),
        ("<blockquote><p>One.</p><p>Two.</p></blockquote>", "One.\n\nTwo."),
        (
            "<table><tr><th>Model</th><th>Score</th></tr><tr><td>A</td><td>1<p>x</p></td></tr></table>",
            "Model | Score\nA | 1 x",
        ),
        ('<h3>More <code>x</code><a class="anchor" href="#more">¶</a></h3><p>Words.</p>', "More x\n\nWords."),
        ("<p>Article voiceover</p><ul><li>Share on LinkedIn</li><li>Tweet</li></ul><p>Share one.</p>", "Share one."),
        ("<p>Read more</p><p>Share this post</p><p>Subscribe now →</p><p>The end.</p>", "The end."),
        ("<p>Read more of him, and you will share this.</p>", "Read more of him, and you will share this."),
        ("<p>Thanks for reading drafts of this to Jan.</p>", "Thanks for reading drafts of this to Jan."),
        ("<blockquote><p>Subscribe now</p></blockquote><pre>share</pre>", "Subscribe now\n\nshare"),
        ("<h2>Related work</h2><p>Others have grown them.</p>", "Related work\n\nOthers have grown them."),
        (
            f"<h2>Comments</h2><p>{'Words on comments. ' * 60}</p>",
            f"Comments\n\n{('Words on comments. ' * 60).strip()}",
        ),
        (
            "<p>The end.</p><h2>About the author</h2><p>Ada writes.</p><h3>Related posts</h3><ul><li>A</li></ul>",
            "The end.",
        ),
        (
            "<h2>About the author</h2><p>Ada writes.</p><h2>Notes</h2><p>Yes.</p>",
            "About the author\n\nAda writes.\n\nNotes\n\nYes.",
        ),
    ],
    ids=range(18),
)
def test_what_stands_in_a_text_can_be_quoted_and_what_platforms_add_is_gone(found_in, html, lines):
    assert found_in(newsletter(body=BODY + html)).text == f"{TEXT}\n\n{lines}"


# From a list that says more


ITEM = Item(
    url="https://ledger.example/p/gardens?utm_source=x",
    key="ledger.example/p/gardens?",
    title="The list's title",
    people=("Bo",),
    day="2026-05-03",
    updated="",
    summary="The list's summary",
    html=BODY,
    access="full",
    language="de",
    licence="CC BY",
    fingerprint="1",
)


def test_a_piece_whose_text_its_feed_carries_is_what_the_list_says_of_it(sandbox):
    found = page_of_item(ITEM, sandbox.page(f"<html><body><article>{ITEM.html}</article></body></html>", ITEM.url))
    assert found == replace(
        PAGE,
        title="The list's title",
        people=("Bo",),
        day="2026-05-03",
        site="ledger.example",
        summary="The list's summary",
        language="de",
        licence="CC BY",
    )
    opening = replace(ITEM, access="teaser")
    assert page_of_item(opening, sandbox.page(f"<html><body><article>{ITEM.html}", ITEM.url)).access == "teaser"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"day": ""}, "does not say when it was published"), ({"html": "<p>A note.</p>"}, "holds hardly any text (7 ")],
    ids=["day", "text"],
)
def test_a_piece_in_a_feed_that_is_no_entry_says_why(sandbox, changes, said):
    item = replace(ITEM, **changes)
    with pytest.raises(NotAnEntry) as caught:
        page_of_item(item, sandbox.page(f"<html><body><article>{item.html}</article></body></html>", item.url))
    assert said in str(caught.value)


def test_a_page_is_filled_up_from_the_list_that_led_to_it(found_in):
    told = found_in(newsletter(), ITEM)
    assert (told.title, told.people, told.day, told.language) == (PAGE.title, PAGE.people, PAGE.day, "en")
    assert told.licence == "CC BY"
    bare = found_in(platforms.hub().replace("Published May 4, 2026", "").replace("fullname", "name"), ITEM)
    assert (bare.day, bare.people, bare.summary, bare.language) == ("2026-05-03", ("Bo",), "The list's summary", "de")
    assert bare.title == PAGE.title


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.text(st.characters(exclude_categories=()), max_size=20), max_size=6),
)
def test_headings_stand_where_they_are_said_to_whatever_is_cleaned_away(first, parts):
    raw, sections = first, []
    for part in parts:
        sections.append((len(raw), part))
        raw += part + "\n\n" + first
    said = {"text": raw, "sections": sections, "people": [], "title": "", "site": "", "summary": "", "day": ""}
    page = page_as_found(said | {"teaser": False, "languages": [], "licences": []}, "", "")
    assert all(page.text.startswith(title, start) for start, title in page.sections)
    assert [start for start, _ in page.sections] == sorted({start for start, _ in page.sections})
    clean = {part for part in parts if part == " ".join(plain(part).split()) and any(c.isalnum() for c in part)}
    assert clean <= {title for _, title in page.sections}


# Not an entry


AS_A_FILE = "add it as a file with front matter"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (newsletter(body="<p>Too short.</p>"), "holds hardly any text ("),
        ("<html><body><script>document.write('all of it')</script></body></html>", "holds no text that can be read"),
        ("<html><body></body></html>", "holds no text that can be read"),
        (newsletter(datePublished=None, dateModified=None), f"does not say when it was published; {AS_A_FILE}"),
        (newsletter(datePublished="soon", dateModified=None), f"does not say when it was published; {AS_A_FILE}"),
        (newsletter(datePublished="2999-01-01", dateModified=None), f"does not say when it was published; {AS_A_FILE}"),
        (blog_post(day="in 2019"), f"does not say when it was published; {AS_A_FILE}"),
        ("<html><body>" + "<br>x" * 100_001, "is too large a page; give the address of one piece"),
    ],
    ids=range(8),
)
def test_a_page_that_is_no_entry_says_why(read_page, page, said):
    assert refusal(read_page(page)).startswith(said)


def test_plain_text_without_front_matter_is_refused(read_page):
    assert "does not say what it is" in refusal(read_page("Words. " * 100, Content_Type="text/plain"))


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p " + " ".join(f"a{n}=b" for n in range(200_000)) + ">",
        "<" * 5_000_000,
        "<html><body>" + "<p>Words about gardens, and about models in them.</p>" * 90_000,
    ],
    ids=["attributes", "brackets", "paragraphs"],
)
def test_a_page_that_is_made_to_take_hours_is_given_up(read_page, page):
    said = refusal(read_page(page, seconds=1.5))
    assert said == f"is built in a way that takes too long to read; {AS_A_FILE}"


BOMB = '<!DOCTYPE html [<!ENTITY a "aaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=False)
)


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 50_000,
        "<b><i>" * 50_000,
        "<table><tr><td>" * 20_000,
        "\0" * 1000,
        "<!--" * 1000,
        "<p title='" + "x" * 500_000 + "'>",
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<script type="application/ld+json">{"author": {"name": {"name": 1}}, "@graph": 7}</script>',
        '<script type="application/ld+json">[1, null, {"author": [null, 1, {"name": []}]}]</script>',
        "&i;" * 100,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_page_with_hostile_parts_is_read_or_refused(read_page, hostile, place):
    page = newsletter()
    at = page.index('<article class="newsletter') if place == "before" else page.index("<footer")
    found = read_page(BOMB + "]>" + page[:at] + hostile + page[at:])
    assert isinstance(found, WebPage | NotAnEntry)
    assert isinstance(found, NotAnEntry) or (found.day == "2026-05-04" and len(found.text) < 10_000)


def test_the_process_that_reads_a_page_is_given_no_secret(web, monkeypatch, tmp_path):
    monkeypatch.setenv("FOOTNOTE_DISCORD_TOKEN", "secret")
    told = tmp_path / "told.py"
    told.write_text("import json, os; input(); print(json.dumps({'trouble': ' '.join(sorted(os.environ))}))")
    monkeypatch.setattr("corpus.ingest.parse.sandbox.WORKER", told)
    with Sandbox() as own:
        names = refusal(read(web.put("/p/gardens", newsletter()), Fetcher(allowed=frozenset({web.host})), own))
    assert "PATH" in names.split()
    assert "FOOTNOTE" not in names


# Which address


@pytest.mark.parametrize(
    ("fetched", "said", "is_known_by"),
    [
        ("https://a.example/p/x?utm_source=rss&utm_medium=mail", "", "https://a.example/p/x"),
        ("https://a.example/p/x?action=share", "", "https://a.example/p/x"),
        ("https://a.example/x?action=edit", "", "https://a.example/x?action=edit"),
        ("https://a.example/p/x/comments", "", "https://a.example/p/x"),
        ("https://a.example/p/x/comments/?utm_source=x", "", "https://a.example/p/x"),
        ("https://a.example/p/x?r=4f2k&s=w", "", "https://a.example/p/x"),
        ("https://a.example/find?r=4f2k&s=w", "", "https://a.example/find?r=4f2k&s=w"),
        ("https://a.example/x?fbclid=1&page=2", "", "https://a.example/x?page=2"),
        ("https://a.example/x?q=a%20b", "", "https://a.example/x?q=a%20b"),
        ("https://a.example/x?b", "https://A.example/p/y", "https://a.example/p/y"),
        ("https://a.example/x?b", "/p/y", "https://a.example/p/y"),
        ("https://www.a.example/x", "https://a.example/x", "https://a.example/x"),
        ("http://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("https://a.example/x", "http://a.example/x", "https://a.example/x"),
        ("https://a.example/x", "https://evil.example/x", "https://a.example/x"),
        ("https://a.example/x", "https://a.example/", "https://a.example/x"),
        ("https://a.example/x", "javascript:alert(1)", "https://a.example/x"),
        ("https://a.example/x", "https://u:p@a.example/y", "https://a.example/x"),
        ("https://a.example/x", "https://[::1", "https://a.example/x"),
        ("https://a.example", "", "https://a.example/"),
        ("https://a.example/comments", "", "https://a.example/comments"),
        ("https://a.example/p/x?amp=1", "", "https://a.example/p/x"),
        ("https://a.example/x?outputType=amp&n=2", "", "https://a.example/x?n=2"),
        ("https://amp.a.example/x", "https://www.a.example/x", "https://www.a.example/x"),
        ("https://a.example/2026/x/amp/", "https://a.example/2026/x", "https://a.example/2026/x"),
        ("https://m.a.example/x", "https://a.example/x", "https://a.example/x"),
        ("https://mobile.a.example/x", "https://m.a.example/x", "https://m.a.example/x"),
        ("https://m.a.example/x", "https://b.example/x", "https://m.a.example/x"),
        ("https://shop.a.example/x", "https://a.example/x", "https://shop.a.example/x"),
        ("https://amp.example/x", "https://m.example/x", "https://amp.example/x"),
        ("https://m.a.example/x", "", "https://m.a.example/x"),
    ],
)
def test_a_page_is_known_by_its_own_address_without_noise(fetched, said, is_known_by):
    assert canonical_url(fetched, said) == is_known_by
    assert canonical_url(is_known_by) == is_known_by


def test_all_addresses_of_a_page_have_one_key():
    spellings = [
        "https://www.a.example/p/größe",
        "http://a.example/p/gr%C3%B6%C3%9Fe/",
        "HTTPS://A.example:443/p/größe?utm_source=x#part",
        "https://a.example/p/größe/comments?action=share",
        "https://m.a.example/p/größe?amp=1",
    ]
    assert len({page_key(address) for address in spellings}) == 1
    assert page_key("https://a.example/2026/open-models/amp/") == page_key("https://a.example/2026/open-models")
    others = [
        "https://a.example/p/y",
        "https://a.example:8443/p/y",
        "https://b.example/p/y",
        "https://a.example/p/y?n=2",
        "https://a.example/guitars/amp",
        "https://a.example/guitars",
        "https://amp.a.example/guitars",
        "https://m.example/guitars",
        "https://example/guitars",
    ]
    assert len({page_key(address) for address in others}) == len(others)


@given(st.text(max_size=60))
def test_no_address_is_too_odd_for_a_key(address):
    assert isinstance(page_key(address), str)
    assert isinstance(page_key(f"https://a.example/{address}"), str)


# Which entry, which source


def test_a_page_nobody_knows_is_a_new_entry_of_a_new_source():
    entry, source = place(PAGE, UNKNOWN)
    assert entry == ENTRY
    assert source == Source("ledger.example", "The Open Ledger", 3, "https://ledger.example")


SOURCES = {
    "hub": Source("hub", "Hub", 1, "https://hub.example"),
    "blog": Source("blog", "The Hub's blog", 2, "https://www.hub.example/blog/"),
    "none": Source("none", "Nowhere", 2),
}


@pytest.mark.parametrize(
    ("address", "slug", "tier"),
    [
        ("https://hub.example/blog/x", "blog", 2),
        ("https://hub.example/blogger", "hub", 1),
        ("https://www.hub.example/papers/x", "hub", 1),
        ("https://sub.hub.example/x", "sub.hub.example", 3),
        ("https://hub.example.evil/x", "hub.example.evil", 3),
        ("http://[2606:4700::1111]/x", "2606-4700-1111", 3),
        ("https://xn--gre-jna9c.example/x", "xn--gre-jna9c.example", 3),
    ],
)
def test_a_page_belongs_to_the_source_whose_home_it_is_in(address, slug, tier):
    entry, source = place(replace(PAGE, address=address), replace(UNKNOWN, sources=SOURCES))
    assert (entry.source, entry.tier, source.slug) == (slug, tier, slug)


@pytest.mark.parametrize(
    ("title", "entry_id"),
    [
        ("Open models: what's next?", "open-models-whats-next"),
        ("Größe & Éclat — 2026", "groe-eclat-2026"),
        ("word " * 40, "word-" * 15 + "word"),
        ("x" * 300, "page-c58db2e4"),
        ("开放模型会赶上吗", "page-c58db2e4"),
    ],
)
def test_an_id_is_made_of_the_title(title, entry_id):
    found = place(replace(PAGE, title=title), UNKNOWN)[0].id
    assert len(found) <= 80
    assert found == entry_id or (entry_id.startswith("page-") and found.startswith("page-"))


def test_an_id_that_is_taken_gets_a_mark_of_its_own_address():
    known = replace(UNKNOWN, taken=frozenset({ENTRY.id}))
    one, same = place(PAGE, known)[0].id, place(replace(PAGE, url="https://ledger.example/elsewhere"), known)[0].id
    other = place(replace(PAGE, address="https://b.example/p/gardens"), known)[0].id
    assert one == same != other
    assert one.startswith(f"{ENTRY.id}-")


def test_the_names_that_a_transcript_calls_by_their_first_are_those_of_the_front_matter():
    text = "Ada: What of the wheel?\n\nCy: It turns.\n\nAda: And the dam?"
    people = [{"name": "Ada Quill", "role": "host"}, {"name": "Cy Wren", "role": "guest"}]
    entry, _ = place(replace(PAGE, text=text, people=(), given={"people": people}, sections=(), blocks=()), UNKNOWN)
    assert [block.speaker for block in entry.blocks] == ["Ada Quill", "Cy Wren", "Ada Quill"]


def test_a_language_and_a_licence_that_are_known_stay_where_a_page_does_not_say_them():
    filed = replace(ENTRY, language="de", licence="CC BY")
    known = Known({page_key(ENTRY.url): ENTRY.id}, {ENTRY.id}, {}, {ENTRY.id: filed}.get)
    bare = replace(PAGE, language=None, licence=None, text="12 34 56. " * 30, sections=(), blocks=())
    assert (place(bare, known)[0].language, place(bare, known)[0].licence) == ("de", "CC BY")
    assert place(replace(PAGE, licence="CC0"), known)[0] == replace(ENTRY, licence="CC0")


def test_a_page_that_the_archive_knows_keeps_its_id_and_what_people_have_decided():
    filed = replace(
        ENTRY, id="gardens", source="none", kind="guide", tier=2, url="http://www.ledger.example/p/gardens/"
    )
    filed = replace(filed, people=(Person("Ada Quill", "host"), Person("Bo", "guest")), text="Old.", wording="summary")
    known = Known({page_key(filed.url): "gardens"}, {"gardens"}, SOURCES, {"gardens": filed}.get)
    entry, source = place(PAGE, known)
    assert (entry.id, entry.source, entry.kind, entry.tier, entry.people) == (
        "gardens",
        "none",
        "guide",
        2,
        filed.people,
    )
    assert (entry.text, entry.wording, entry.url) == (TEXT, "author", PAGE.address)
    assert source == SOURCES["none"]
    assert place(replace(PAGE, people=("Cy",)), known)[0].people == (Person("Cy", "author"),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "the field title is empty"),
        ({"title": "x" * 501}, "the field title"),
        ({"day": "2026-02-30"}, "the field published"),
        ({"address": "https://a.example/" + "x" * 2000}, "the field url"),
    ],
)
def test_a_page_is_checked_by_the_rules_for_all_entries(changes, said):
    with pytest.raises(NotAnEntry, match=said):
        place(replace(PAGE, **changes), UNKNOWN)


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_whatever_a_page_says_can_be_stored_once_it_is_plain(text):
    title, body = " ".join(plain(text).split()), plain(text, keep="\n\t")
    page = replace(PAGE, title=f"T {title}", text=f"Text. {body}", sections=(), blocks=())
    place(page, UNKNOWN)[0].text.encode()


# As moderators and maintainers meet it


@pytest.fixture
def footnote(web, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_FETCH_ALLOWED", f"wiki.example, {web.host}")
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "false")
    monkeypatch.setattr(corpus, "open_corpus", lambda settings: open_corpus(settings, ToyEmbedder()))

    def run(*words, code=0):
        done = CliRunner().invoke(app.app, [*words, "--json"])
        assert done.exit_code == code, (done.output, done.exception)
        return json.loads(done.stdout)

    return run


def test_a_page_is_added_found_and_read_again(web, footnote):
    url = web.put("/p/gardens", newsletter(address=web.url("/p/gardens")))
    planned = footnote("refresh", "--url", f"{url}?utm_source=x", "--dry-run")
    assert (planned["new"], planned["committed"]) == ([ENTRY.id], False)
    assert footnote("refresh", "--url", f"{url}?utm_source=x")["new"] == [ENTRY.id]
    page = footnote("entry", ENTRY.id)
    assert (page["url"], page["source"], page["wording"]) == (url, "127.0.0.1", "author")
    again = footnote("refresh", f"--url={url}?action=share", f"--url={url}")
    assert (again["new"], again["changed"], again["unchanged"], again["rejected"]) == ([], [], [ENTRY.id], [])
    web.put("/p/gardens", newsletter(title="Small models, larger gardens", address=url))
    assert footnote("refresh", "--url", url)["changed"] == [ENTRY.id]


def test_pages_and_files_are_taken_in_together_and_each_refusal_has_its_place(web, footnote, tmp_path):
    front = "id: gap\nsource: x\nkind: guide\ntier: 2\ntitle: The gap\npeople: []\npublished: 2026-06-01\n"
    (tmp_path / "gap.md").write_text(f"---\n{front}---\nOpen models are behind.")
    web.put("/p/gardens", newsletter())
    web.put("/same", status=301, Location="/p/gardens")
    urls = [web.url(path) for path in ("/p/gardens", "/same", "/gone")] + ["http://169.254.169.254/x", "mailto:a@b.c"]
    found = footnote("refresh", "--from", "gap.md", *(f"--url={url}" for url in urls), code=3)
    assert sorted(found["new"]) == ["gap", ENTRY.id]
    reasons = {row["where"]: row["reason"] for row in found["rejected"]}
    assert list(reasons) == [urls[2], urls[3], urls[4], urls[1]]
    assert reasons[urls[1]] == f"is the same page as {urls[0]}"
    assert reasons[urls[2]] == "is not there (404); check the address"
    assert reasons[urls[3]].startswith("leads into a private network")
    assert reasons[urls[4]].startswith("is no web address")


def test_a_page_alone_leaves_the_shipped_corpus_out_and_a_refused_one_changes_nothing(web, footnote):
    footnote("refresh", "--url", web.url("/gone"), code=3)
    assert footnote("history") == []
    web.put("/p/gardens", newsletter())
    footnote("refresh", "--url", web.url("/p/gardens"))
    assert [entry["id"] for entry in footnote("entries")] == [ENTRY.id]


def test_a_page_that_was_removed_stays_out_until_it_is_wished_for(web, footnote):
    url = web.put("/p/gardens", newsletter())
    footnote("refresh", "--url", url)
    footnote("remove", ENTRY.id)
    assert "was removed on" in footnote("refresh", "--url", url)["rejected"][0]["reason"]
    assert footnote("refresh", "--url", url, "--restore")["new"] == [ENTRY.id]
    footnote("undo")
    assert footnote("entries") == []


def test_an_entry_of_the_shipped_corpus_takes_its_authors_words_under_its_own_id(web, footnote, tmp_path):
    front = "id: gap\nsource: ledger\nkind: event\ntier: 2\ntitle: The gap\npublished: 2026-06-01\nwording: summary\n"
    front += f"people: [{{name: Ada Quill, role: host}}]\nurl: {web.url('/p/gardens')}/\n"
    (tmp_path / "gap.md").write_text(f"---\n{front}---\nOpen models are behind.")
    web.put("/p/gardens", newsletter())
    footnote("refresh", "--from", "gap.md")
    assert footnote("refresh", "--url", web.url("/p/gardens?r=1"))["changed"] == ["gap"]
    entry = footnote("entry", "gap")
    assert (entry["people"], entry["source"], entry["wording"]) == (
        [{"name": "Ada Quill", "role": "host"}],
        "ledger",
        "author",
    )


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        ("localhost", {"localhost"}),
        ("Wiki.Example.org , 127.0.0.1:8080 [::1]:80", {"wiki.example.org", "127.0.0.1:8080", "[::1]:80"}),
        ("", set()),
    ],
)
def test_allowed_hosts_are_a_list(monkeypatch, value, hosts):
    monkeypatch.setenv("FOOTNOTE_FETCH_ALLOWED", value)
    assert CorpusSettings().fetch_allowed == hosts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOOTNOTE_FETCH_ALLOWED", "https://example.org"),
        ("FOOTNOTE_FETCH_ALLOWED", "*"),
        ("FOOTNOTE_FETCH_ALLOWED", "10.0.0.0/8"),
        ("FOOTNOTE_CONTACT", "a\nHost: b"),
        ("FOOTNOTE_CONTACT", "me) (not me"),
    ],
)
def test_settings_that_would_allow_or_say_something_else_are_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name.removeprefix("FOOTNOTE_").lower()):
        CorpusSettings()
