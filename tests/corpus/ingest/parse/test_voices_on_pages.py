"""Whose words, and which figure, in the forms that pages, mails and engines have for them."""

import re

import pytest
from web import BODY, TEXT, newsletter

from corpus.ingest.parse.sandbox_worker.markdown import extract
from corpus.ingest.parse.sandbox_worker.page import read_page
from corpus.ingest.parse.text_blocks import find_blocks
from corpus.models.entries import Block, Section

TALK = ["Cy Wren", "Bo Marsh", "Cy Wren"]


MATHJAX = (
    '<p>It is <mjx-container class="MathJax"><mjx-math aria-hidden="true"><mjx-mi>n</mjx-mi></mjx-math>'
    "<mjx-assistive-mml><math><mi>n</mi></math></mjx-assistive-mml></mjx-container> here.</p>"
)
HIDDEN_BY_PICTURE = (  # as Wikipedia shows one
    '<p>It is <span class="mwe-math-element"><span style="display: none;"><math alttext="{\\displaystyle n^2}">'
    '<mi>n</mi></math></span><img class="mwe-math-image" src="a.svg" alt="{\\displaystyle n^2}"></span> here.</p>'
)
MAIL = "<p>On Mon, Bo Marsh wrote:<br>&gt; It closes.<br>&gt; So it will.</p><p>&gt; It closes.<br>No.</p>"


def read(html, title="On mills", head=""):
    """The text of a page behind its usual body, and its blocks as (words, kind, speaker)."""
    page = newsletter(body=BODY + html, title=title).replace("</head>", f"{head}</head>")
    found = read_page(page, "https://ledger.example/p/gardens")
    assert not found.trouble
    known = [Block(*block) for block in found.blocks]
    blocks = find_blocks(found.text, [Section(*section) for section in found.sections], ["Ada Quill"], known)
    return found.text.removeprefix(TEXT).strip(), [(found.text[b.start : b.end], b.kind, b.speaker) for b in blocks[3:]]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("The isotope <sup>14</sup>C was found.", "The isotope ¹⁴C was found."),
        ("A cup; <sup>7</sup>/<sub>8</sub> inch; <sup>3</sup>/4 inch.", "A cup; 7/8 inch; 3/4 inch."),
        ("As (1 + r)<sup>12</sup>, (a+b)<sup>2</sup>, [0,1]<sup>3</sup>.", "As (1 + r)¹², (a+b)², [0,1]³."),
        ("The area is side<sup>2</sup>, per seconds<sup>2</sup>.", "The area is side², per seconds²."),
        ('See section <a href="#S4">4</a> and Table <a href="#t1">1</a>.', "See section 4 and Table 1."),
        ("Some 5<sup>1/2</sup> miles.", "Some 5 1/2 miles."),
        (
            "The 500<sup>a</sup> visitors, the 2<sup>a</sup> time, 25<sup>o</sup>C.",
            "The 500 visitors, the 2a time, 25°C.",
        ),
        ('3<span class="sup">2</span> and 10<span class="superscript">6</span>.', "3² and 10⁶."),
        ("600<sup>*</sup> in 2019<sup>1,2</sup> and 1950<sup>2</sup>.", "600 in 2019 and 1950."),
        ("€5<sup>.95</sup> for 12<sup><a href='https://a.example/s'>5</a></sup> pounds.", "€5.95 for 12 pounds."),
        ("<math><mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math> cups.", "3 1/2 cups."),
        (
            "<math><mfrac><mn>1</mn><mrow><mn>2</mn><mi>n</mi></mrow></mfrac></math> of it.",
            "1/(2n) of it.",
        ),
        (
            'So in 2025<a href="#note1">1</a> a mill<a href="#n2">2</a>, in Fig. <a href="#f3">3</a>.',
            "So in 2025 a mill, in Fig. 3.",
        ),
        (
            'A 10<font style="vertical-align: 5px">7</font>, x<b style="vertical-align:-.3em">2</b>.',
            "A 10⁷, x₂.",
        ),
        ('An <i style="vertical-align: 2px">icon</i> of it.', "An icon of it."),
        ("It\x92s 3 \x96 4 of it.", "It’s 3 – 4 of it."),
        ("It&amp;#8217;s &amp;ndash; <code>&amp;ndash;</code>.", "It’s – &ndash;."),
    ],
    ids=range(17),
)
def test_a_figure_is_as_on_the_page_whatever_stands_beside_it(html, text):
    assert read(f"<p>{html}</p>")[0] == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            MATHJAX,
            "It is n here.",
        ),
        ('<p>It is <span class="katex"><span class="katex-html">n</span></span> here.</p>', "It is n here."),
        ('<p>It is <img src="https://a.example/latex/svg?n^2" alt="n^2"> here.</p>', "It is n^2 here."),
        ('<p>It is <img class="latex" src="a.svg"> here.</p>', "It is \ufffd here."),
        (HIDDEN_BY_PICTURE, "It is n^2 here."),
        ('<p>It <span style="display:none">never</span> held, <span hidden>not</span> here.</p>', "It held, here."),
        (
            '<p>It is <span class="sidenote">Or so they say.</span> plain to all of us.</p>',
            "It is plain to all of us.\n\nOr so they say.",
        ),
        ('<p>It is <button class="gloss">not</button> true that it held.</p>', "It is not true that it held."),
        ("<p>The dam <object>never</object> held in the flood.</p>", "The dam held in the flood."),
    ],
    ids=range(9),
)
def test_a_sentence_goes_through_what_stands_in_it(html, text):
    assert read(html)[0] == text


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        (
            MAIL,
            [("> It closes.\n> So it will.", "quote", ""), ("> It closes.", "quote", "")],
        ),
        ('<div class="gmail_quote"><div>It will be closed.</div></div>', [("It will be closed.", "quote", "")]),
        ("<p>Mine.</p><p>-----Original Message-----</p><p>It closes.</p>", [("It closes.", "quote", "")]),
        ("<p><em>It will be closed.</em></p><p>— Bo Marsh, X</p>", [("It will be closed.", "quote", "Bo Marsh")]),
        ("<p><em>It will be closed.</em><br>— Bo Marsh</p>", [("It will be closed.", "quote", "Bo Marsh")]),
        ('<p class="quote">It will be closed.</p>', [("It will be closed.", "quote", "")]),
        (
            "<blockquote><p>It closes.</p><p>— Bo Marsh</p><p>It stands.</p><p>— Cy Wren</p></blockquote>",
            [(words, "quote", "") for words in ("It closes.", "— Bo Marsh", "It stands.", "— Cy Wren")],
        ),
        ("<blockquote><p>The plan:</p><p>- close the mill</p></blockquote>",
         [("The plan:", "quote", ""), ("- close the mill", "quote", "")]),
        ("<p>»Sie wird geschlossen. Bald.« So sprach er.</p>", [("»Sie wird geschlossen. Bald.«", "quote", "")]),
        ("<p>‘They win. They do.’ Not so, it’s said.</p>", [("‘They win. They do.’", "quote", "")]),
        ('<p class="wp-caption-text">A rack of servers, all of it.</p><p>Yes.</p>',
         [("A rack of servers, all of it.", "caption", None)]),
        ("<p><strong>References</strong></p><p>1. Quill, A. (2024). On beds.</p>",
         [("References", "reference", None), ("1. Quill, A. (2024). On beds.", "reference", None)]),
        ("<p>| Model | Score |<br>| A | 61.2 |</p><p>Yes.</p>", [("| Model | Score |\n| A | 61.2 |", "table", None)]),
    ],
    ids=range(13),
)  # fmt: skip
def test_others_words_are_told_in_the_forms_that_there_are(html, blocks):
    assert read(html)[1] == blocks


def test_each_quotation_of_a_list_is_its_own_speakers():
    _, blocks = read("<ul><li>“It will be closed.” — Bo Marsh</li><li>“It stands.” — Cy Wren</li><li>Mine.</li></ul>")
    assert [(words, speaker) for words, kind, speaker in blocks if kind == "quote"] == [
        ("“It will be closed.”", "Bo Marsh"),
        ("“It stands.”", "Cy Wren"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<dl><dt>Cy Wren</dt><dd>What now?</dd><dt>Bo Marsh</dt><dd>It closes.</dd><dt>Cy Wren</dt><dd>When?</dd></dl>",
        "<p>Cy Wren: What now?<br>Bo Marsh: It closes.<br>Cy Wren: When?</p>",
        "<p>Cy Wren (00:01:02) What now?</p><p>Bo Marsh (00:01:32) It closes.</p><p>Cy Wren (00:02:02) When?</p>",
        "<p>Cy Wren (host): What now?</p><p>Dr. Bo Marsh: It closes.</p><p>Cy Wren (host): When?</p>",
        "<p>[Cy Wren]: What now?</p><p>[Bo Marsh]: It closes.</p><p>[Cy Wren]: When?</p>",
        "<p>Cy Wren : What now?</p><p>Bo Marsh : It closes.</p><p>Cy Wren : When?</p>",
    ],
    ids=range(6),
)
def test_the_lines_of_a_talk_are_their_speakers_in_many_forms(html):
    assert read(html)[1] == [
        (words, "prose", name) for words, name in zip(["What now?", "It closes.", "When?"], TALK, strict=True)
    ]


def test_headings_that_come_again_are_those_who_speak():
    lines = [("Cy Wren", "What now?"), ("Bo Marsh", "It closes."), ("Cy Wren", "When?"), ("Bo Marsh", "Soon.")]
    html = "".join(f"<h3>{name}</h3><p>{words}</p>" for name, words in lines)
    assert read(html)[1] == [(words, "prose", name) for name, words in lines]


BOLD = (
    "<p><b>What of the mill?</b></p><p>It will be closed.</p><p><b>And the wheel?</b></p><p>It goes to the museum.</p>"
)


def test_who_answers_bold_questions_is_nobody_in_an_interview_and_the_author_elsewhere():
    assert {speaker for *_, speaker in read(BOLD, "An interview with Bo Marsh")[1]} == {""}
    assert read(BOLD)[1] == []


def test_letters_are_their_writers_and_not_of_who_prints_them():
    html = "<h3>Bo Marsh, Old Town</h3><p>It will be closed.</p><h3>Cy Wren, New Town</h3><p>It stands.</p>"
    lines = [("It will be closed.", "prose", ""), ("It stands.", "prose", "")]
    assert read(html.replace(", Old Town", " on mills"), "Letters to the editor")[1][-2:] == lines
    assert read(html.replace(", Old Town", " on mills"))[1] == []
    alone = newsletter(body="".join([html] * 3), title="On mills")
    found = read_page(alone, "https://ledger.example/p/gardens")
    assert [block[2:] for block in found.blocks] == [("prose", "")] * 6


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>Bo sent this:</p><p><em>Dear all, it closes.</em></p><p><em>Yours, Bo</em></p><p>No.</p>",
         [("Dear all, it closes.", "quote", ""), ("Yours, Bo", "quote", "")]),
        ('<p>Bo wrote:</p><p style="margin-left: 40px">It closes.</p><p>No.</p>', [("It closes.", "quote", "")]),
        ("<p>It is so.</p><p><em>It closes, I say.</em></p>", []),
        ('<p>Lesen Sie auch: <a href="/x">Die Mühle am Fluss</a></p>',
         [("Lesen Sie auch: Die Mühle am Fluss", "caption", None)]),
        ('<p>Update: <a href="/x">it goes to the museum</a></p>', []),
        ('<p>My view: it is <a href="/x">wrong</a>, all of it.</p>', []),
        ("<p>It closes.</p><p>Ada Quill is a miller. Follow her at @adaq.</p>",
         [("Ada Quill is a miller. Follow her at @adaq.", "caption", None)]),
        ("<p>Ada Quill is a miller.</p><p>It closes.</p>", []),
    ],
    ids=range(8),
)  # fmt: skip
def test_what_is_set_off_or_leads_elsewhere_or_is_about_the_author_is_not_his_prose(html, blocks):
    assert read(html)[1] == blocks


@pytest.mark.parametrize(
    "named", ["poll", "newsletter-box", "promo", "ad-container", "wp-block sponsor", "podcastCta", "related-inline"]
)
def test_boxes_are_known_by_a_word_of_their_class(named):
    assert (
        read(f'<div class="{named}"><p><a href="/shop">Buy wheels</a> of oak at once.</p></div><p>It closes.</p>')[0]
        == "It closes."
    )


@pytest.mark.parametrize("named", ["section--ads", "loads of words", "roads"])
def test_a_paragraph_stays_whose_class_only_looks_like_a_boxs(named):
    assert read(f'<div class="{named}"><p>It closes for good.</p></div>')[0] == "It closes for good."


SCRIPT = f"<script>{'var mills = 7; ' * 2_000}</script>"  # platforms put a hundred times a piece's size into a page


@pytest.mark.parametrize("script", ["", SCRIPT], ids=["a page without scripts", "a page of scripts"])
@pytest.mark.parametrize("named", ["newsletter-paragraph", "has-ads", "cta"])
def test_paragraphs_stay_where_all_of_them_have_a_boxs_word(script, named):
    page = newsletter(body=BODY.replace("<p>", f'<p class="{named}">') + script)
    assert read_page(page, "https://ledger.example/p/gardens").text == TEXT


@pytest.mark.parametrize("script", ["", SCRIPT], ids=["a page without scripts", "a page of scripts"])
@pytest.mark.parametrize("named", ["newsletter-issue", "post-content no-ads", "cta"])
def test_a_short_piece_stays_that_stands_in_what_is_called_a_box(script, named):
    words = "The mill will be closed, for nobody pays the miller and the river has run dry since 1950."
    page = newsletter(body=f'<div class="{named}"><p>{words} <a href="/dam">The dam</a> is why.</p></div>{script}')
    assert read_page(page, "https://ledger.example/p/gardens").text == f"{words} The dam is why."


def test_a_short_piece_in_a_box_stays_above_what_its_readers_write():
    words = "The mill will be closed, for nobody pays the miller and the river has run dry since 1950."
    readers = "<p>Nobody has asked the town, and the town would have said that the mill is to stay where it is.</p>" * 9
    issue = f'<div class="newsletter-issue"><p>{words} <a href="/dam">The dam</a> is why.</p></div>'
    page = newsletter(body=f'{issue}<section id="comments">{readers}</section>')
    assert read_page(page, "https://ledger.example/p/gardens").text == f"{words} The dam is why."


@pytest.mark.parametrize(
    "html",
    [
        '<section class="related-work"><p>Marsh counted mills, and others <a href="https://a.example">too</a>.</p></section>',
        '<div class="poll-results"><p>Of those asked, 53 % want the mill mended.</p></div>',
    ],
    ids=["related work", "what a poll has come to"],
)
def test_prose_stays_in_a_box_that_leads_nowhere(html):
    assert re.findall("Marsh|53 %", read(f"{html}<p>It closes.</p>")[0])


def test_what_a_style_sheet_strikes_is_withdrawn():
    head = "<style>.c3{color:red;text-decoration:line-through}</style>"
    assert read('<p>It has <span class="c3">nine</span> three wheels.</p>', head=head)[0] == "It has three wheels."


@pytest.mark.parametrize(
    ("written", "text", "kinds"),
    [
        ('{{< quote author="Bo" >}}\nIt closes.\n{{< /quote >}}\n\nNo.', "It closes.\n\nNo.", ["quote"]),
        ("{% blockquote %}\nIt closes.\n{% endblockquote %}\n\nNo.", "It closes.\n\nNo.", ["quote"]),
        ("::: epigraph\nIt closes.\n:::\n\nNo.", "It closes.\n\nNo.", ["quote"]),
        ("It has {--nine--}{++three++} wheels.", "It has three wheels.", []),
        ("It has %%not%% three wheels, {{< tweet 12 >}}.", "It has three wheels, .", []),
        ("Some 10^25^ and H~2~O, ==all== of [[Mill|the mill]].", "Some 10²⁵ and H₂O, all of the mill.", []),
        ("As in [@quill2024, p. 3].", "As in .", []),
        ("```\n{{< x >}} %%a%%\n```", "{{< x >}} %%a%%", ["code"]),
        ("It has {~~nine~>three~~} of ~9~ ten, ~5 to ~10 hours.", "It has three of ten, ~5 to ~10 hours.", []),
        ("Some 500^[See the mill book.] hands.", "Some 500 hands.\n\nSee the mill book.", []),
        ("- [x] It turns. ^turns\n- [ ] It is old. ![[mill.png]]", "- It turns.\n- It is old.", ["list"]),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_engines_add_to_markdown_is_put_into_its_words(written, text, kinds):
    found = extract({"text": written})
    assert found["text"] == text
    assert [kind for _, _, kind, _ in found["blocks"]] == kinds
