"""Which pages are pieces: a page that lists others, says that nothing is there, or has no title is none."""

import json

import pytest

from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.web_page import page_of
from corpus.models.fetched import Fetched

URL = "https://harbour.example/notes/pumps"
FIRST = "A pump that runs on the tide needs no fuel, and for a small harbour that is the whole of the argument."
SECOND = """What it needs is somebody who cleans its valves each week, because weed grows in them faster than anybody
expects, and the nets of the boats bring more."""
PROSE = f"""<p>{FIRST}</p><p>{SECOND}</p>
<p>The first of them stood still for a winter, and the quay was under water twice before it was mended in spring.</p>"""
DATED = '<meta property="article:published_time" content="2026-05-04T10:00:00+02:00">'
H1 = "<h1>Pumps on the tide</h1>"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def read(sandbox):
    """What a page is read as; `head` and `body` are parts of its HTML."""

    def read(body, head=DATED, title="Pumps on the tide", url=URL):
        html = f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
        return page_of(Fetched(url=url, final_url=url, content_type="text/html", text=html), sandbox.page(html, url))

    return read


def ld(**statement):
    return f'<script type="application/ld+json">{json.dumps(statement)}</script>'


def several(form, count=6):
    """A part of a page again and again; {n} in it is its number."""
    return "".join(form.replace("{n}", str(number)) for number in range(1, count + 1))


# Lists of pieces

CARD = """<div class="card"><h2><a href="/notes/{n}">Piece number {n} on pumps and what they cost a year</a></h2>
<p>The benefits of a slow pump in the morning are larger than many people think.</p>
<time datetime="2026-0{n}-07">7.{n}.2026</time></div>"""
LISTS = {
    "cards": several(CARD),
    "cards below a heading and a line": f"<h1>Notes on pumps</h1><p>All that we wrote of them.</p>{several(CARD, 4)}",
    "cards below a paragraph": f"<h1>Notes on pumps</h1><p>{FIRST}</p>{several(CARD, 4)}",
    "it says so": ld(**{"@type": "CollectionPage", "name": "Pumps"})
    + f"<h1>Pumps</h1>{several(CARD, 4)}<h2>About these notes</h2><p>Words that stand on each of our pages.</p>",
    "a list with days": "<h1>All notes</h1><ul>"
    + several('<li>0{n}.05.2026 <a href="/notes/{n}">A piece on pumps, number {n}</a></li>')
    + "</ul>",
    "days behind links": "<h1>All notes</h1><ul>"
    + several('<li><a href="/notes/{n}">A piece on pumps, number {n}</a> <time>0{n}.05.2026</time></li>')
    + "</ul>",
    "whole cards that are links": "<h1>Archive</h1>"
    + several('<article><a href="/notes/{n}"><h3>Piece {n}</h3></a><p>A teaser of it in a line.</p></article>'),
    "articles without a heading above": several(
        f'<article class="tile"><h2><a href="/notes/{{n}}">Piece {{n}}</a></h2><p>{FIRST}</p></article>'
    ),
    "whole pieces on a front page": several(
        f'<div class="post"><h2><a href="/p/{{n}}">Piece {{n}}</a></h2>{PROSE}</div>'
    ),
    "whole pieces with days": f"<h1>Notes</h1><p>{FIRST}</p>"
    + several(f'<section><h2><a href="/p/{{n}}">Piece {{n}}</a></h2><p>{{n}} May 2026</p>{PROSE * 3}</section>', 3),
    "whole pieces with parts": several(
        f'<article><h1><a href="/p/{{n}}">Piece {{n}}</a></h1>{PROSE}<h3>A part</h3>{PROSE}</article>', 3
    ),
    "whole pieces that end with a link": several(
        f'<div><h2><a href="/p/{{n}}">Piece {{n}}</a></h2>{PROSE}<a href="/p/{{n}}">Comments (4)</a></div>', 4
    ),
    "paragraphs that begin with a link": "<h1>Subject: pumps</h1>"
    + several(f'<p><a href="/notes/{{n}}">Piece number {{n}}</a> — {FIRST}</p>'),
    "read more": several(f'<section><h2>Piece {{n}}</h2><p>{FIRST}</p><a href="/notes/{{n}}">Read more</a></section>'),
    "to be read on, in another language": "<h1>Notizen</h1>"
    + several(f'<div><h3>Stück {{n}}</h3><p>{FIRST}</p><p><a href="/notes/{{n}}">Weiterlesen …</a></p></div>'),
    "previews without headings": several(
        f"""<div class="post-preview"><a href="https://harbour.example/p/{{n}}">A piece on pumps, number {{n}}
        </a><a class="post-preview-description">{FIRST}</a><div>May {{n}}, 2026 · Ada Quill</div></div>"""
    ),
    "a table": "<h1>Category: Pumps</h1><table>"
    + several('<tr><td><a href="/notes/{n}">A long piece on pumps, number {n}</a></td><td>0{n}.05.2026</td></tr>', 9)
    + "</table>",
    "sections of cards": "".join(
        f"<h2>{subject}</h2>"
        + several(f'<div><h3><a href="/{subject}/{{n}}">Piece {{n}} on {subject}</a></h3><p>{FIRST}</p></div>', 3)
        for subject in ("Pumps", "Ropes", "Weed")
    ),
    "an author's page": f"<h1>Ada Quill</h1><p>{FIRST}</p>{several(CARD, 5)}",
    "its own list for programs": ld(
        **{
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "url": f"https://harbour.example/p/{n}"} for n in range(5)],
        }
    )
    + f"<h1>Notes</h1>{several(CARD, 4)}<h2>Who we are</h2><p>{FIRST}</p><h2>Where we are</h2><p>{SECOND}</p>",
}


@pytest.mark.parametrize("body", LISTS.values(), ids=LISTS)
def test_a_page_that_lists_pieces_is_none_of_them_and_says_so(read, body):
    with pytest.raises(NotAnEntry, match="is a list of pieces and no piece itself; follow its feed"):
        read(f"<main>{body}</main>", title="The Harbour")


PIECES = {
    "related": f"{H1}{PROSE}<h2>Related</h2>{several(CARD)}",
    "cards below": f"{H1}{PROSE * 3}{several(CARD, 5)}",
    "many cards below": f"{H1}{PROSE * 3}{several(CARD, 30)}",
    "a short piece with a day, and cards": f"{H1}<time>4 May 2026</time>{PROSE}{several(CARD, 5)}",
    "cards below an article": f"<article>{H1}{PROSE}</article>"
    + several('<article><h3><a href="/notes/{n}">Piece {n}</a></h3><p>A teaser of it in a line.</p></article>'),
    "links of the week": f"{H1}"
    + several('<h2><a href="https://elsewhere.example/{n}">A link of the week</a></h2><p>What I think of it.</p>', 9)
    + PROSE,
    "permalinks": f"{H1}<ol>"
    + several('<li><a href="#s{n}">Part {n}</a></li>')
    + f"</ol>{PROSE}"
    + several(f'<h2 id="s{{n}}"><a href="#s{{n}}">Part {{n}}</a></h2>{PROSE}'),
    "whole permalinks": f"{H1}{PROSE}" + several(f'<h2><a href="{URL}#s{{n}}">Part {{n}}</a></h2><p>{FIRST}</p>'),
    "lessons that link to their pieces": f"{H1}<p>{FIRST}</p>"
    + several(f'<h2><a href="/p/{{n}}">Lesson {{n}}</a></h2><p>{SECOND}</p><p>{FIRST} {FIRST} {SECOND}</p>'),
    "such lessons without an opening": f"<article>{H1}"
    + several(f'<h2><a href="/p/{{n}}">Lesson {{n}}</a></h2><p>{SECOND}</p><p>{FIRST} {FIRST} {SECOND}</p>')
    + "</article>",
    "such lessons in an article": f"<article>{H1}{PROSE}"
    + several(f'<section><h2><a href="/p/{{n}}">Lesson {{n}}</a></h2><p>{SECOND}</p>{PROSE}</section>')
    + "</article>",
    "comments that are articles": f"<article>{H1}{PROSE}</article>"
    + several(
        f'<article><h4><a href="/user/{{n}}">Reader {{n}}</a></h4><p>{FIRST}</p><time>2026-05-0{{n}}</time></article>'
    ),
    "paragraphs with links": f"{H1}<p>{FIRST}</p>"
    + several(f'<p>Of <a href="/notes/{{n}}">the pumps of the year {{n}}</a> I said: {SECOND}</p>'),
    "a part of a series": f"{H1}{PROSE}<ul>"
    + several('<li><a href="/notes/{n}">Part {n} of the pumps</a></li>')
    + "</ul>",
    "questions that end with a link": f"{H1}{PROSE}{PROSE}"
    + several(f'<h2>Question {{n}}</h2><p>{SECOND} {FIRST}</p><p>{FIRST} <a href="/faq/{{n}}">More on it</a></p>'),
}


@pytest.mark.parametrize("body", PIECES.values(), ids=PIECES)
def test_a_piece_with_a_list_of_links_stays_one(read, body):
    assert "no fuel" in read(f"<main>{body}</main>").text


def test_what_programs_are_told_is_an_article_is_no_list(read):
    head = f'{DATED}<meta property="og:type" content="article">'
    assert read(f"<main>{H1}<p>{FIRST}</p>{several(CARD)}</main>", head).title == "Pumps on the tide"
    assert read(
        f"<main>{H1}<p>{FIRST}</p>{several(CARD)}</main>",
        DATED + ld(**{"@type": "Article", "headline": "Pumps on the tide"}),
    )
    with pytest.raises(NotAnEntry, match="is a list of pieces"):
        read(f"<main><h1>Pumps</h1>{several(CARD)}</main>", head + ld(**{"@type": "CollectionPage"}))


# Pages of which there is none, and without a title


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Page not found | The Harbour", ""),
        ("404", ""),
        ("The Harbour", "<h1>Oops! That page can’t be found.</h1>"),
        ("404 - Page Not Found", "<h1>Notes</h1>"),
        ("The Harbour", "<h1>Sorry, this article could not be found</h1>"),
        ("Seite nicht gefunden – Harbour", ""),
        ("Page introuvable | Harbour", ""),
        ("页面不存在", ""),
    ],
)
def test_a_page_that_says_that_there_is_none_is_refused_in_its_words(read, title, heading):
    with pytest.raises(NotAnEntry, match=r"says that there is no such page .+; check its address"):
        read(f"<main>{heading}{PROSE}</main>", title=title)


@pytest.mark.parametrize(
    ("title", "body", "head"),
    [
        ("Page not found", f"<article><h1>Page not found</h1>{PROSE * 6}</article>", DATED),
        ("404", f"<article><h1>404</h1>{PROSE}</article>", f'{DATED}<meta property="og:type" content="article">'),
        ("404 pumps and where they stand", f"<article>{PROSE}</article>", DATED),
        ("Lost and not found", f"<article>{PROSE}</article>", DATED),
    ],
)
def test_an_essay_on_lost_pages_is_a_piece(read, title, body, head):
    assert read(body, head, title=title).title == title


@pytest.mark.parametrize("title", ["", "Untitled", "Untitled document", "Home"])
def test_a_page_without_a_title_says_so(read, title):
    with pytest.raises(NotAnEntry, match=r"does not say what it is called, .*; add it as a file with front matter"):
        read(f"<article>{PROSE}</article>", title=title)
