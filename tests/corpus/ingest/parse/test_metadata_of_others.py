"""What a page says of others than its piece: of other pieces, books, comments and events. None of it is the piece's."""

import json

import pytest
from reading import read_note

from corpus.ingest.parse.not_an_entry import NotAnEntry

H1 = "<h1>Pumps on the tide</h1>"
PROSE = """<p>A pump that runs on the tide needs no fuel, and for a small harbour that is the whole of the argument.</p>
<p>What it needs is somebody who cleans its valves each week, because weed grows in them faster than anybody
expects.</p>"""
DATED = '<meta property="article:published_time" content="2026-05-04T10:00:00+02:00">'


@pytest.fixture
def read():
    return read_note


def ld(**statement):
    return f'<script type="application/ld+json">{json.dumps(statement)}</script>'


def item(kind, inner):
    return f'<div itemscope itemtype="https://schema.org/{kind}">{inner}</div>'


AUTHOR = '<span itemprop="author">Bo Marsh</span>'
OTHERS_LD = {"@type": "Article", "headline": "Ropes for beginners", "url": "https://harbour.example/notes/ropes"}


@pytest.mark.parametrize(
    ("head", "below"),
    [
        ("", item("Book", f'<span itemprop="name">Weed</span> {AUTHOR}')),
        ("", item("Answer", f"<p>They do not rust.</p>{AUTHOR}")),
        ("", item("BlogPosting", f'<h3 itemprop="headline">Ropes for beginners</h3>{AUTHOR}')),
        ("", item("Article", f'<a itemprop="url" href="/notes/ropes">Ropes</a> {AUTHOR}')),
        ("", item("Movie", AUTHOR)),
        (ld(**OTHERS_LD, author={"@type": "Person", "name": "Bo Marsh"}), ""),
        (ld(**{"@type": "Book"}, name="Weed", author={"@type": "Person", "name": "Bo Marsh"}), ""),
    ],
)
def test_statements_on_others_name_nobody(read, head, below):
    assert read(f"<article>{H1}{PROSE}{below}</article>", DATED + head).people == ()


@pytest.mark.parametrize(
    ("head", "below"),
    [
        (ld(**OTHERS_LD, datePublished="2024-01-02"), ""),
        (
            "",
            item(
                "Article",
                '<a itemprop="url" href="/o">Ropes</a><meta itemprop="datePublished" content="2024-01-02">',
            ),
        ),
        (
            "",
            item(
                "NewsArticle",
                '<h3 itemprop="headline">Ropes</h3><meta itemprop="datePublished" content="2024-01-02">',
            ),
        ),
        ("", item("Event", '<span itemprop="name">Fair</span><meta itemprop="datePublished" content="2024-01-02">')),
    ],
)
def test_statements_on_others_give_no_day(read, head, below):
    with pytest.raises(NotAnEntry, match="does not say when it was published"):
        read(f"<article>{H1}{PROSE}{below}</article>", head)


@pytest.mark.parametrize(
    "page",
    [
        item("BlogPosting", f'{H1}<meta itemprop="datePublished" content="2026-05-04">{AUTHOR}{PROSE}'),
        f'{H1}{item("Article", f"""<meta itemprop="datePublished" content="2026-05-04">{AUTHOR}{PROSE}""")}',
        ld(**{"@type": "Article"}, headline="Tide pumps", datePublished="2026-05-04", author={"name": "Bo Marsh"})
        + f"{H1}{PROSE}",
        ld(**OTHERS_LD | {"headline": "Pumps on every tide"}, datePublished="2026-05-04", author={"name": "Bo Marsh"})
        + f"{H1}{PROSE}",
    ],
)
def test_statements_on_the_piece_count(read, page):
    found = read(page)
    assert (found.day, found.people) == ("2026-05-04", ("Bo Marsh",))


# Days


@pytest.mark.parametrize(
    "written",
    [
        "<p>On 3 March 1999 the first pump was drowned.</p>",
        "<p>It burnt on 3 March 1999.</p>",
        "<p>Join us on 12 June 2025 in the boat house.</p>",
        "<p>Ada Quill came to the harbour on 3 March 2019.</p>",
        "<p>On Mon, 3 Mar 2025, Bo Marsh wrote:</p><p>It stands.</p>",
        '<p>The water came on <time datetime="1999-03-05">5 March 1999</time> and took the quay.</p>',
        "<p>Event: 12 June 2025, boat house</p>",
        "<p>Next meeting: 12 June 2025</p>",
        "<p>Received 1 January 2025</p>",
        "<ul><li>2025-04-05: a typo is mended</li><li>2025-03-03: first version</li></ul>",
        "<ul><li>3 March 1999: the flood</li><li>4 May 2001: the fire</li></ul>",
        "<table><tr><td>3 March 1999</td><td>Flood</td></tr></table>",
        # of comments and other pieces, under headings in languages of which the code knows nothing
        "<div><b>Bo Marsh</b> 2 February 2026 at 10:15 am</div><div>What a good piece of work it is.</div>",
        "<h3>Zobacz też</h3><p>Liny, 2 February 2026</p>",
        "<h3>Deja tu opinión</h3><p>Bo Marsh, 2 February 2026</p><p>Me parece muy bien pensado todo.</p>",
        '<div class="teaser-list"><a href="/ropes">Ropes</a><span>2 February 2026</span></div>',
        '<div class="prevnext"><a href="/ropes">Before: Ropes</a> 2 January 2024</div>',
        "<h2>3 March 1999</h2><p>Before noon the water stood so high that nobody came over the quay.</p>",
    ],
)
@pytest.mark.parametrize("filled", [PROSE, PROSE * 5])
def test_days_in_sentences_and_lists_are_none_of_publication(read, written, filled):
    with pytest.raises(NotAnEntry, match="does not say when it was published"):
        read(f"<article>{H1}{filled}{written}</article>")


@pytest.mark.parametrize(
    "written",
    [
        "<p>Published on 5 March 2025 by Ada Quill.</p>",
        "<p>Ada Quill, 5 March 2025</p>",
        '<p>First posted in the harbour paper on <time datetime="2025-03-05">5 March 2025</time>.</p>',
        '<ul class="meta"><li>5 March 2025</li><li>Ada Quill</li></ul>',
        '<footer>5 March 2025, filed under <a href="/tag/pumps">pumps</a></footer>',
        "<table><tr><td>Date:</td><td>5 March 2025</td></tr></table>",
        "<p>v2: 7 April 2025, v1: 5 March 2025</p>",
        "<p>[Submitted on 5 Mar 2025 (v1), last revised 7 Apr 2025 (this version, v3)]</p>",
    ],
)
def test_a_day_of_publication_stands_above_the_prose_or_in_its_foot(read, written):
    pages = (f"<article>{H1}{written}{PROSE}</article>", f"<article>{H1}{PROSE}{written}</article>")
    assert [read(page).day for page in pages] == ["2025-03-05"] * 2


@pytest.mark.parametrize(
    "written",
    [
        "<p>Wed Mar  5 10:15:00 UTC 2025</p>",
        "<p>Wed Mar 5 10:15:00 2025</p>",
        "<p>Posted: Wed Mar 5 10:15 CET 2025 by Ada Quill</p>",
        '<div class="date">Wed Mar 05 10:15:00 +0100 2025</div>',
    ],
)
def test_a_day_with_the_time_before_its_year_is_read(read, written):
    assert read(f"<article>{H1}{written}{PROSE}</article>").day == "2025-03-05"


@pytest.mark.parametrize(
    "written",
    [
        "<p>Updated Mar 5, 2025 3:00 pm</p>",
        "<p>Last updated: 5 March 2025</p>",
        "<p>Last updated on March 5, 2025</p>",
        "<p>Last modified: 2025-03-05</p>",
    ],
)
def test_the_day_of_a_change_is_taken_as_such_where_it_is_the_only_one(read, written):
    found = read(f"<article>{H1}{written}{PROSE}</article>")
    assert (found.day, found.origins["day"]) == ("2025-03-05", "date below the title, of a change")
    dated = read(f"<article>{H1}{written}<p>1 March 2025</p>{PROSE}</article>")
    assert (dated.day, dated.origins["day"]) == ("2025-03-01", "date below the title")


@pytest.mark.parametrize(
    "written",
    [
        "<div>Saturday, 2016-10-08, 0:26 AM Welcome Guest | RSS</div>",
        "<div>Samstag, 8. Oktober 2016. Willkommen, Gast!</div>",
        "<div>8 October 2016 | Log in</div>",
        # words that would be a label at the start of a line
        "<p>It was written by a man for a <a>radio</a> play that began on October 14, 1999 and ran a year.</p>",
    ],
)
def test_a_bar_of_the_site_and_a_story_give_no_day(read, written):
    with pytest.raises(NotAnEntry, match="does not say when it was published"):
        read(f"{written}<article>{H1}{PROSE}</article>")
    with pytest.raises(NotAnEntry, match="does not say when it was published"):
        read(f"<article>{H1}{written}{PROSE}</article>")


# People


@pytest.mark.parametrize(
    "written",
    [
        '<h3>Deja tu opinión</h3><div class="author">Bo Marsh</div>',
        '<div><span class="author-name">Bo Marsh</span><p>A nice piece, and I like it well.</p></div>',
        '<h3>Lees ook</h3><ul><li><a href="/ropes">Ropes</a> <span class="author">Bo Marsh</span></li></ul>',
        '<div class="next"><a href="/ropes">Ropes</a><span class="byline">By Bo Marsh</span></div>',
        '<div class="quote"><p>It stands.</p><span class="quote-author">Bo Marsh</span></div>',
        '<div class="praise"><p>The best of all letters on harbours.</p><span class="author">Bo Marsh</span></div>',
        '<footer>Theme by <a rel="author" href="https://themes.example">Bo Marsh</a></footer>',
        '<footer>Site designed and built by <span class="author">Bo Marsh</span></footer>',
    ],
)
@pytest.mark.parametrize("filled", [PROSE, PROSE * 5])
def test_a_name_behind_the_prose_is_anothers(read, written, filled):
    assert read(f"<article>{H1}{filled}{written}</article>", DATED).people == ()


@pytest.mark.parametrize(
    "written",
    [
        "<p>By Design</p>",
        "<h2>By Sheer Luck</h2>",
        "<h2>Von Anfang An</h2>",
        "<p>By Bo Marsh / Unsplash</p>",
        '<div class="book"><span class="title">Weed</span> <span class="author">Bo Marsh</span></div>',
    ],
)
def test_what_begins_as_a_byline_is_none(read, written):
    assert read(f"<article>{H1}{written}{PROSE}</article>", DATED).people == ()


@pytest.mark.parametrize(
    "written",
    [
        '<p class="byline">By Ada Quill</p>',
        '<footer>Posted by <a rel="author" href="/author/ada">Ada Quill</a></footer>',
        '<div class="author">Ada Quill</div>',
        '<h3>About the author</h3><div class="author">Ada Quill</div>',
    ],
)
def test_a_name_stands_by_the_title_or_in_the_foot(read, written):
    pages = (f"<article>{H1}{written}{PROSE}</article>", f"<article>{H1}{PROSE}{written}</article>")
    assert [read(page, DATED).people for page in pages] == [("Ada Quill",)] * 2


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("<p>Words Ada Quill Photography Bo Marsh</p>", ("Ada Quill",)),
        ("<p>Author: Ada Quill Date: 3 March 2026 Category: Pumps</p>", ("Ada Quill",)),
        ("<p>Ein Interview von Ada Quill</p>", ("Ada Quill",)),
        ("<p>Ein Gastbeitrag von Ada Quill und Bo Marsh</p>", ("Ada Quill", "Bo Marsh")),
        ("<p>Propos recueillis par Ada Quill</p>", ("Ada Quill",)),
        ("<p>Автор: Иван Петров</p>", ("Иван Петров",)),
        ("<p>By Ada Quill. Edited by Bo Marsh.</p>", ("Ada Quill",)),
        ("<p>Filed under Pumps by Ada Quill</p>", ("Ada Quill",)),
        ("<p>Bo Marsh, interviewed by Ada Quill</p>", ("Ada Quill",)),
        ('<p class="byline">By Bo Marsh, as told to Ada Quill</p>', ("Bo Marsh", "Ada Quill")),
        ('<p class="byline">Medically reviewed by Bo Marsh — Written by Ada Quill</p>', ("Ada Quill",)),
        ('<div class="byline"><span>By Ada Quill</span><span>Harbour News, Bergen</span></div>', ("Ada Quill",)),
        ('<div class="byline"><span>By Ada Quill</span> <span>and Bo Marsh</span></div>', ("Ada Quill", "Bo Marsh")),
        ('<div class="byline"><span>By Ada</span> <span>Quill</span></div>', ("Ada Quill",)),
    ],
)
def test_a_byline_names_those_who_wrote_the_piece(read, written, people):
    assert read(f"<article>{H1}{written}{PROSE}</article>", DATED).people == people


# Titles


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Pumps", '<h1>Pumps<sup><a href="#fn1">1</a></sup></h1>', "Pumps"),
        ("Pumps", '<h1>Pumps <a class="anchor" href="#pumps">¶</a></h1>', "Pumps"),
        ("Pumps and weed", "<h1>Pumps<br><small>and weed</small></h1>", "Pumps and weed"),
        ("It took 10^25 strokes | Harbour", "<h1>It took 10<sup>25</sup> strokes</h1>", "It took 10²⁵ strokes"),
        ("The nine three pumps", "<h1>The <s>nine</s> three pumps</h1>", "The three pumps"),
        ("Home", "<h2>Pumps on the tide</h2>", "Pumps on the tide"),
        ("Welcome to Harbour Notes", "<h1>Pumps on the tide</h1>", "Pumps on the tide"),
        ("The Harbour", "<h1>Pumps on the tide</h1>", "Pumps on the tide"),
        ("Pumps on the tide - by Ada Quill - Harbour Notes", "", "Pumps on the tide"),
        ("Pumps on the tide | by Ada Quill | Quays | Mar, 2026 | Medium", "", "Pumps on the tide"),
        ("Stand by Me - Harbour", "", "Stand by Me"),
        ("[2503.01234v2] Pumps on the tide", "", "Pumps on the tide"),
        (
            "[cs/0703012] Pumps on the tide",
            '<h1><span class="descriptor">Title:</span>Pumps on the tide</h1>',
            "Pumps on the tide",
        ),
        ("GitHub - ada/pumps: Pumps on the tide", "", "ada/pumps: Pumps on the tide"),
        ("Pumps on the tide - Google Docs", "", "Pumps on the tide"),
        ("Pumps on the tide | Hacker News", "", "Pumps on the tide"),
        ("Pumps on the tide – Harbour | Substack", "", "Pumps on the tide"),
        ("Pumps on the tide – The Harbour Blog", "", "Pumps on the tide"),
        ("Pumps on the tide – Harbour Blog", "", "Pumps on the tide"),
        ("Medium: a short history", "", "Medium: a short history"),
        ("What became of them: Reddit", "", "What became of them: Reddit"),
        ("潮汐水泵-港口报", '<meta property="og:site_name" content="港口报">', "潮汐水泵"),
        ("Pumps on the tide – Harbour", "<h1>3 thoughts on “Pumps on the tide”</h1>", "Pumps on the tide"),
        ("Harbour", "<h2>Pumps on the tide</h2><h1>Subscribe to our newsletter</h1>", "Pumps on the tide"),
        ("Pumps: on the tide", "<h1><span>Pumps</span><span>On the tide</span></h1>", "Pumps: on the tide"),
        (
            "Pumps: how they stand | Harbour News",
            "<div class='title'>Pumps</div><h1>Pumps: how they stand</h1>",
            "Pumps: how they stand",
        ),
    ],
)
def test_a_title_is_read_without_what_stands_in_and_beside_it(read, title, heading, expected):
    assert read(f"<article>{heading}{PROSE}</article>", DATED, title=title).title == expected


@pytest.mark.parametrize("host", ["www.the-ledger.co.uk", "blog.ledger.example", "theledger.example"])
def test_the_name_of_the_host_proves_that_of_the_site(read, host):
    found = read(f"<article>{PROSE}</article>", DATED, title="Pumps – The Ledger", url=f"https://{host}/pumps")
    assert found.title == "Pumps"
