"""Who wrote a page, on which day, and what it is called: what the page says of its own piece, and of nothing else."""

import json
import time
from dataclasses import replace

import lxml.html
import pytest
from reading import NOTE_URL as URL
from reading import SANDBOX, read_note

from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox_worker import page_day, page_kind, page_parts, page_people
from corpus.ingest.parse.web_page import page_of
from corpus.ingest.sources.pages import page_item
from corpus.models.fetched import Fetched

PROSE = """<p>A pump that runs on the tide needs no fuel, and for a small harbour that is the whole of the argument.</p>
<p>What it needs is somebody who cleans its valves each week, because weed grows in them faster than anybody
expects.</p>
<p>The first of them stood still for a winter, and the quay was under water twice before it was mended in spring.</p>"""
DATED = '<meta property="article:published_time" content="2026-05-04T10:00:00+02:00">'
BY_ADA = '<meta name="author" content="Ada Quill">'
H1 = "<h1>Pumps on the tide</h1>"


@pytest.fixture
def read():
    """What a page with a day is read as; `head` and `body` are parts of its HTML."""

    def read(body, head=DATED, *language, **parts):
        return read_note(body, head, *language, **parts)

    return read


def ld(*statements):
    told = json.dumps(statements if len(statements) > 1 else statements[0])
    return f'<script type="application/ld+json">{told}</script>'


def piece(**more):
    return {"@type": "NewsArticle", "headline": "Pumps on the tide", "datePublished": "2026-05-04"} | more


# People


@pytest.mark.parametrize(
    ("head", "body", "people"),
    [
        # those of the comments, the pictures and the design are none of the piece's
        (
            "",
            f"""<div id="main">{H1}<div class="entry">{PROSE}</div><h3>3 Responses</h3><ol class="commentlist">
<li class="comment">
            <div class="comment-author vcard"><cite class="fn">Bo Marsh</cite> says:</div><p>Well said, I
think.</p></li></ol></div>""",
            (),
        ),
        (
            "",
            f"""<main>{H1}{PROSE}<section id="discussion-thread"><h2>Join the discussion</h2><article
itemprop="comment" itemscope
            itemtype="https://schema.org/Comment"><span itemprop="author">Bo Marsh</span><p>Good.</p></article>
</section></main>""",
            (),
        ),
        (
            "",
            f"""<main>{H1}<p class="byline">Words by Ada Quill</p><figure><img src="a.png"><figcaption>A valve.
            <span class="author">Photo: Cy Wren</span></figcaption></figure>{PROSE}</main>""",
            ("Ada Quill",),
        ),
        ("", f"<main>{H1}<p>By Ada Quill; photographs by Cy Wren</p>{PROSE}</main>", ("Ada Quill",)),
        (
            "",
            f"""<main>{H1}{PROSE}</main><footer>Theme: Tidy by <a rel="author"
href="https://themes.example">Nat Pine</a></footer>""",
            (),
        ),
        (
            "",
            f"""<main><article>{H1}<div class="byline">Ada Quill</div>{PROSE}</article><div class="related">
<h3>Related</h3>
            <article><h4><a href="/x">Weed</a></h4><span class="byline">Bo Marsh</span></article></div></main>""",
            ("Ada Quill",),
        ),
        # what programs are told
        ("<meta name='author' content='admin'>", f"<main>{H1}{PROSE}</main>", ()),
        ("<meta name='author' content='Harbour Notes Editorial Team'>", f"<main>{H1}{PROSE}</main>", ()),
        ("<meta name='author' content='Redacci&amp;oacute;n Puerto'>", f"<main>{H1}{PROSE}</main>", ()),
        (
            "<meta name='author' content='Harbour Notes'><meta property='og:site_name' content='Harbour Notes'>",
            f"<main>{H1}{PROSE}</main>",
            (),
        ),
        (
            "<meta name='author' content='webteam'>",
            f"<main>{H1}<p class='meta'>Von Ada Quill und Bo Marsh | 4. Mai 2026</p>{PROSE}</main>",
            ("Ada Quill", "Bo Marsh"),
        ),
        (
            "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Ada Quill'>",
            f"<main>{H1}{PROSE}</main>",
            ("Ada Quill",),
        ),
        (
            "".join(f"<meta name='citation_author' content='{name}'>" for name in ("Quill, Ada", "van der Berg, Jan")),
            f"<main>{H1}{PROSE}</main>",
            ("Ada Quill", "Jan van der Berg"),
        ),
        (
            ld(
                piece(
                    author=[
                        {"@type": ["Organization"], "name": "Harbour House GmbH"},
                        {"@type": "NewsMediaOrganization", "name": "Harbour Daily"},
                        {"@type": "Person", "name": "Redacci&oacute;n Harbour"},
                        {"@type": "Person", "name": "Ada Quill, Bo Marsh"},
                        {"@type": "Person", "name": "ada.quill"},
                    ]
                )
            ),
            f"<main>{H1}{PROSE}</main>",
            ("Ada Quill", "Bo Marsh"),
        ),
        (
            ld(
                {
                    "@graph": [
                        piece(author={"@id": "#ada"}),
                        {"@type": ["Person", "Organization"], "@id": "#ada", "name": "莫言"},
                    ]
                }
            ),
            f"<main>{H1}{PROSE}</main>",
            ("莫言",),
        ),
        (
            ld(
                {"@type": "ImageObject", "author": "Cy Wren"},
                {"@type": "Comment", "author": {"@type": "Person", "name": "Bo Marsh"}},
                {"@type": "Review", "author": {"@type": "Person", "name": "Dee Plum"}},
            ),
            f"<main>{H1}{PROSE}</main>",
            (),
        ),
        (
            ld(
                piece(headline="Weed in the valves", url="https://harbour.example/notes/weed", author="Bo Marsh"),
                piece(url=URL, author="bell hooks"),
            ),
            f"<main>{H1}{PROSE}</main>",
            ("bell hooks",),
        ),
        (
            "",
            f"""<article itemscope itemtype="https://schema.org/Article">{H1}<div itemprop="author" itemscope
            itemtype="https://schema.org/Person"><img alt=""><span itemprop="name">Madonna</span>
</div>{PROSE}</article>""",
            ("Madonna",),
        ),
        (
            "",
            f"<main>{H1}<p>Por Ada Quill y José Ortega y Gasset</p>{PROSE}</main>",
            ("Ada Quill", "José Ortega y Gasset"),
        ),
        ("", f"<main>{H1}<div class='author'>Cy Wren / Getty Images</div>{PROSE}</main>", ()),
        (
            "",
            f"<main>{H1}<p>Guest post by <a href='/ada'>Ada Quill</a> on May 4, 2026</p>{PROSE}</main>",
            ("Ada Quill",),
        ),
        ("", f"<main>{H1}<p class='byline'>By Ada Quill, New York</p>{PROSE}</main>", ("Ada Quill",)),
        (
            "",
            f"<main>{H1}<ul><li><b>Author</b> Ada Quill</li><li><b>Pages</b> 4</li></ul>{PROSE}</main>",
            ("Ada Quill",),
        ),
        ("<meta name='author' content='Harbour'>", f"<main>{H1}{PROSE}</main>", ()),
        ("", f"<main>{H1}<p>By the time the pumps came, half of the quay was gone.</p>{PROSE}</main>", ()),
    ],
    ids=range(25),
)
def test_the_people_are_those_who_wrote_the_piece(read, head, body, people):
    assert read(body, DATED + head).people == people


# Day


RELATED = """<section><h3>More from this house</h3><ul><li><time datetime="2026-06-28">28.06.2026</time> <a
href="/b">B</a></li>
</ul></section>"""


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (
            "",
            f"""<header><time class="nav-date">Monday, 30 November 2026</time></header><main>{H1}<span
itemprop="datePublished"
            content="2026-04-27T18:50:24+02:00">27.04.2026 - 18:50</span>{PROSE}</main>""",
            "2026-04-27",
        ),
        ("", f"<div class='topbar'>Today is 29 November 2026</div><main>{H1}{PROSE}</main>", None),
        ("", f"<main>{H1}<time datetime='2026-03-12 12:22'>12.03.2026</time>{PROSE}{RELATED}</main>", "2026-03-12"),
        ("", f"<main>{H1}{PROSE}{RELATED}</main>", None),
        (
            "",
            f"""<main>{H1}<p class="date">Written: 2026-02-07 15:03:30 / Updated: 2026-02-09 15:30:46</p>{PROSE}</main>
            <aside><p class="date">2026-02-03</p></aside>""",
            "2026-02-07",
        ),
        (
            "",
            f"""<main><time itemprop="dateModified" class="hidden">2026-08-29</time><time itemprop="datePublished"
            class="hidden" datetime="2026-06-22 10:20:00">2026-06-22</time>{H1}{PROSE}</main>""",
            "2026-06-22",
        ),
        (
            ld(piece(dateModified="2026-09-01", datePublished="2026-06-22T23:30:00-07:00")),
            f"<main>{H1}{PROSE}</main>",
            "2026-06-22",
        ),
        (
            """<meta property="article:published_time" content="Tue, 07/11/2023 - 17:57">
            <meta property="article:modified_time" content="Fri, 07/14/2023 - 10:30">""",
            f"<main>{H1}{PROSE}</main>",
            "2023-07-11",
        ),
        ('<meta name="date" content="Wed, 03/04/2026 - 09:00">', f"<main>{H1}{PROSE}</main>", "2026-03-04"),
        ('<meta name="date" content="11/01/2025 12:43:42">', f"<main>{H1}{PROSE}</main>", None),
        ('<meta name="date" content="25/01/2025">', f"<main>{H1}{PROSE}</main>", "2025-01-25"),
        ("", f"<main>{H1}<p>Published on 4 May 2026 · Updated 9 May 2026</p>{PROSE}</main>", "2026-05-04"),
        (
            "",
            f"<main>{H1}<p><b>Updated</b> 9 May 2026</p><p><b>Published</b> 4 May 2026</p>{PROSE}</main>",
            "2026-05-04",
        ),
        ("", f"<main>{H1}<figure><figcaption>The quay on 3 May 2019.</figcaption></figure>{PROSE}</main>", None),
        (
            "",
            f"<main>{H1}<blockquote><p>Bo <time datetime='2019-01-01'>1 Jan 2019</time></p></blockquote>{PROSE}</main>",
            None,
        ),
        (
            "",
            f"<main>{H1}<p>It was on 3 May 2019 that the first of the pumps was brought to the quay.</p>{PROSE}</main>",
            None,
        ),
        ("", f"<main>{H1}{PROSE}</main><footer>Built on 2026-11-30</footer>", None),
        ("", f"<main>{H1}{PROSE}</main><script>var day = '2026-11-30'</script>", None),
        (
            "",
            f"""<main>{H1}{PROSE}<h3>2 Comments</h3><ol class="commentlist"><li class="comment">Bo, August 24,
2026</li></ol>
            </main>""",
            None,
        ),
        (
            '<meta property="article:published_time" content="2026-05-05T04:30:00Z">',
            f"<main>{H1}<time>May 4, 2026</time>{PROSE}</main>",
            "2026-05-04",
        ),
        (
            "",
            f"<article>{H1}{PROSE}<footer class='entry-footer'>Posted on 4 May 2026 by Ada</footer></article>",
            "2026-05-04",
        ),
        (
            "",
            f"""<div id="page"><div id="header"><span>Sunday, 29 November 2026</span></div><div id="content">{H1}{PROSE}
            </div></div>""",
            None,
        ),
        ("", f"<div class='post'><p class='date-header'>4 May 2026</p>{H1}{PROSE}</div>", "2026-05-04"),
        ("", f"<div class='wrap'><p class='date'>29 November 2026</p><main>{H1}{PROSE}</main></div>", None),
        ("", f"<main>{H1}<p>Last updated: 9 May 2026</p>{PROSE}</main>", "2026-05-09"),
        ("", f"<main>{H1}{PROSE}<p>© Harbour Notes, 1 January 2026</p></main>", None),
        ("", f"<main>{H1}<p>Original run: 14 October 1999 – 20 January 2000</p>{PROSE}</main>", None),
        ("", f"<div id='content'>{H1}{PROSE}</div><div id='bottom'>30 November 2026</div>", None),
        ("", f"<main>{H1}{PROSE}<div>Last build: 30 November 2026</div></main>", None),
        ("", f"<main>{H1}<ul><li><b>Date</b> 19.01.2020</li><li><b>Pages</b> 4</li></ul>{PROSE}</main>", "2020-01-19"),
        ("", f"<main>{H1}<p class='date'><b>4</b><i>May</i><span>2026</span></p>{PROSE}</main>", "2026-05-04"),
        ('<meta property="article:published_time" content="2999-05-05">', f"<main>{H1}{PROSE}</main>", None),
    ],
    ids=range(32),
)
def test_the_day_is_that_on_which_the_piece_was_published(read, head, body, day):
    if day:
        assert read(body, head).day == day
    else:
        with pytest.raises(NotAnEntry, match="does not say when it was published"):
            read(body, head)


@pytest.mark.parametrize(
    ("written", "lang", "day"),
    [
        ("Veröffentlicht am 4. März 2026", "de", "2026-03-04"),
        ("Publié le 1er avril 2026", "fr", "2026-04-01"),
        ("4 de mayo de 2026", "es", "2026-05-04"),
        ("2026年5月4日", "ja", "2026-05-04"),
        ("4.5.26", "de", "2026-05-04"),
        ("04.05.2026, 11:20 Uhr", "de", "2026-05-04"),
        ("04/05/2026", "fr", "2026-05-04"),
    ],
)
def test_a_day_that_is_written_by_the_title_is_read_in_the_pages_language(read, written, lang, day):
    assert read(f"<main>{H1}<p>{written}</p>{PROSE}</main>", "", lang).day == day


def test_a_day_in_the_address_is_the_last_resort_but_one(read):
    url = "https://harbour.example/2026/05/04/pumps"
    assert read(f"<main>{H1}{PROSE}</main>", "", url=url).day == "2026-05-04"


# Title


@pytest.mark.parametrize(
    ("title", "body", "called"),
    [
        (
            "Pumps on the tide &laquo; Four Quays",
            f'<h1><a href="/">Four Quays</a></h1><h2>Pumps on the tide</h2>{PROSE}',
            "Pumps on the tide",
        ),
        (
            "Four Quays » Pumps on the tide",
            f"<h2>Pumps on the tide</h2>{PROSE}<h1>Write a Reply or Comment</h1>",
            "Pumps on the tide",
        ),
        (
            "Pumps on the tide | Four Quays",
            f"<h1 class='site-title'>Four Quays</h1><h1>Pumps on the tide</h1>{PROSE}",
            "Pumps on the tide",
        ),
        (
            "Four Quays » Blog Archive » Pumps on the tide",
            f"<h1>Four Quays</h1><h3>Pumps on the tide</h3>{PROSE}",
            "Pumps on the tide",
        ),
        (
            "Pumps on the tide « The Long Chronicle of Four Quays",
            f"<div id='header'><h1>The Long Chronicle of Four Quays</h1></div><h2>Pumps on the tide</h2>{PROSE}",
            "Pumps on the tide",
        ),
        ("Pumps on the tide - H. N.", f"<div class='title'>Pumps on the tide</div>{PROSE}", "Pumps on the tide"),
        ("Gezeiten", f"<div><h2>Gezeiten</h2>{PROSE}<h1>Schreibe einen Kommentar</h1></div>", "Gezeiten"),
        ("Pumps - Harbour", f"<main>{PROSE}<h2>Comments</h2><h2>Related posts</h2></main>", "Pumps"),
        ("", f"<main><h1>Pumps on the tide</h1>{PROSE}<h1>Leave a comment</h1></main>", "Pumps on the tide"),
        (
            "Tide and time: a note",
            f"<main><h1>Tide and time: a note</h1>{PROSE}<h2>Time</h2></main>",
            "Tide and time: a note",
        ),
    ],
    ids=range(10),
)
def test_the_title_is_the_pieces_own(read, title, body, called):
    assert read(body, title=title).title == called


def test_a_title_that_nothing_agrees_with_gives_way_to_that_of_the_list():
    html = f"<!DOCTYPE html><html><head><title>H. N.</title>{DATED}</head><body>{PROSE}</body></html>"
    fetched = Fetched(url=URL, final_url=URL, content_type="text/html", text=html)
    item = replace(page_item(URL), title="Pumps on the tide", people=("Ada Quill",))
    found = page_of(fetched, SANDBOX.page(html, URL), item)
    assert (found.title, found.people) == ("Pumps on the tide", ("Ada Quill",))
    assert found.origins == {"title": "feed", "people": "feed", "day": "meta article:published_time"}


# Where it was found


def test_each_of_the_three_says_where_it_was_found(read):
    found = read(
        f"<main>{H1}<p class='byline'>By Ada Quill</p><time datetime='2026-05-04'>4 May</time>{PROSE}</main>", ""
    )
    assert found.origins == {
        "title": "<h1> that agrees with the page's title",
        "people": "byline",
        "day": "<time> below the title",
    }
    told = read(f"<main>{H1}{PROSE}</main>", ld(piece(author="Ada Quill")))
    assert (told.origins["people"], told.origins["day"]) == ("JSON-LD author", "JSON-LD datePublished")


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<div class='date'>1" * 200 + "<span></span>" * 60_000,
        "<span itemprop='author'>Ada</span>" * 60_000,
        "<div itemprop='author'>" * 200 + "<i itemprop='name'>A</i>" * 40_000,
        "<div class='author byline'>" * 200 + "<span class='author'>Ada 1</span>" * 30_000,
        "<h2><a href='/x'>Tide and time</a></h2>" * 30_000,
        "<div><li>" * 100 + "<a href='/a'>Twelve letters here</a>" * 30_000,
    ],
    ids=["dates", "authors", "names", "bylines", "headings", "links"],
)
def test_what_is_sought_in_a_page_takes_no_longer_than_the_page_is_large(body):
    tree = lxml.html.document_fromstring(f"<html><head><title>Tide</title></head><body>{H1}{body}</body></html>")
    start = time.process_time()
    parts = page_parts.read_parts(tree, URL)
    page_kind.is_list_of_pieces(parts)
    page_people.find_people(parts)
    page_day.find_days(parts)
    assert time.process_time() - start < 15
