"""No character of a page is lost: it is in the text, or it was left out under a name."""

import lxml.html
import platforms
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platforms import SHAPES
from web import BODY, TEXT, blog_post, newsletter

from corpus.ingest.parse.sandbox_worker.elements import size_of_element
from corpus.ingest.parse.sandbox_worker.page import read_page
from corpus.ingest.parse.sandbox_worker.text_walk import LeftOut, Walk, lost

URL = "https://ledger.example/p/gardens"
INLINE = "a abbr b bdi cite code del em font i ins kbd mark q s small span strike strong sub sup time u var".split()
BLOCK = """address article aside blockquote dd details div dl dt figcaption figure footer form h1 h2 h3 header li main
nav ol p pre section summary table tbody td th tr ul caption""".split()
ODD = (
    "button iframe label math mi mn mo msup mfrac noscript option ruby rt select svg textarea video wbr x-card".split()
)
WORDS = st.sampled_from(
    ["one", " two ", "3", "\n", " 4 %", "“five”", "六。", "é", "1", "[2]", "", "\u200b", "&#11;", "nb\xa0"]
)
ATTRIBUTES = st.sampled_from(
    ["", ' class="comment"', ' class="footnote"', ' href="#fn1"', ' style="vertical-align: super"', ' class="strike"']
)


def tags(inner):
    names = st.sampled_from([*INLINE, *BLOCK, *BLOCK, *ODD])
    parts = st.lists(inner, max_size=5).map("".join)
    return st.builds(
        lambda tag, given, inside, tail: f"<{tag}{given}>{inside}</{tag}>{tail}", names, ATTRIBUTES, parts, WORDS
    )


TREES = st.recursive(st.one_of(WORDS, st.just("<br>"), st.just("<img alt='x'>")), tags, max_leaves=25)


def count(html):
    """How many characters of a page are neither in a block nor left out by name."""
    tree = lxml.html.document_fromstring(f"<body>{html}</body>")
    left_out = LeftOut()
    blocks = Walk(left_out).read(tree)
    return lost(size_of_element(tree), sum(block.size for block in blocks), left_out)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_nothing_of_a_tree_is_lost_without_a_name(html):
    assert count(html) == 0


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(TREES)
def test_nothing_of_ten_thousand_trees_is_lost_without_a_name(html):
    assert count(html) == 0


PAGES = {name: shape() for name, shape in SHAPES.items()} | {
    "newsletter": newsletter(),
    "paid": platforms.substack(paid=True),
    "blog post": blog_post(),
    "depths": "<div>" * 180 + "deep" + "</div>" * 180 + newsletter(),
    "a form around all": f"<form>{newsletter()}</form>",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_of_a_page_all_is_taken_or_left_out_by_name(page):
    found = read_page(page, URL)
    assert not found.trouble
    assert found.characters > sum(found.left_out.values()) > 0
    assert all(found.left_out)


def test_what_is_dropped_within_a_box_counts_once():
    form = '<form><p>Your <a href="/in">address</a></p></form>'
    page = newsletter(body=f'{BODY}<div class="newsletter-signup"><p>A letter each week.</p>{form}</div>')
    found, without = read_page(page, URL), read_page(newsletter(), URL)
    added = found.left_out["what platforms add"] - without.left_out["what platforms add"]
    assert added == found.characters - without.characters == len("Alettereachweek.Youraddress")


def text_of(body):
    """What is read of a page with this below its article's usual body."""
    found = read_page(newsletter(body=BODY + body), URL)
    assert not found.trouble
    return found.text.removeprefix(TEXT).strip()


# What a text may not lose: half a sentence can say the contrary of the whole


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>It is not true, and never was, that <code>flock</code> is safe on a share.</p>",
            "It is not true, and never was, that flock is safe on a share.",
        ),
        ("<p>Nobody says <kbd>Ctrl</kbd> <em>alone</em> <var>x</var> helps.</p>", "Nobody says Ctrl alone x helps."),
        ("<div>Bare words, <code>a</code> and <b>b</b>.<p>Then a paragraph.</p>And a tail of them.</div>",
         "Bare words, a and b.\n\nThen a paragraph.\n\nAnd a tail of them."),
        ("<p>I deny that <a href='/x'><code>a</code></a> <code>b</code> is faster.</p>", "I deny that a b is faster."),
        ("<details><summary>Not in short.</summary>It is long, and it is here.</details>",
         "Not in short.\n\nIt is long, and it is here."),
        ("<p>Typed in a<br><br>word&#11;processor, a&#12;end.</p>", "Typed in a\n\nword processor, a end."),
        ("<dl><dt>Weights</dt><dd>They are not <b>open</b> here.</dd></dl>", "Weights\n\nThey are not open here."),
    ],
    ids=range(7),
)  # fmt: skip
def test_words_beside_marks_within_a_line_stay(html, text):
    assert text_of(html) == text


PARTS = [
    f"<p>But part {n} of this says that a model is never done by those who began it, and that all of us go on.</p>"
    for n in range(8)
]


@pytest.mark.parametrize(
    "around",
    [
        '<div class="body">{}</div><div class="ad">Advertisement</div><div class="body">{}</div>',
        '<section class="part">{}</section><section class="part">{}</section>',
        "<div>{}</div><div><div>{}</div></div>",
        '<div class="a">{}</div><table><tr><td>{}</td></tr></table>',
    ],
    ids=range(4),
)
def test_a_piece_in_two_containers_is_read_whole(around):
    page = (
        f"<html><body><div class='story'><h1>On parts</h1>{around.format(''.join(PARTS[:3]), ''.join(PARTS[3:]))}</div>"
    )
    text = read_page(page + "</body></html>", URL).text
    assert [n for n in range(8) if f"part {n} of" in text] == list(range(8))


@pytest.mark.parametrize(
    "comments",
    [
        '<ol class="commentlist"><li class="comment"><p>{}</p></li></ol>',
        '<section id="comments"><div><p>{}</p></div></section>',
        '<div class="userComments"><div class="text"><p>{}</p></div></div>',
        '<div id="disqus_thread"><p>{}</p></div>',
        '<div class="leserkommentare"><article><p>{}</p></article></div>',
    ],
    ids=range(5),
)
def test_what_readers_write_below_a_piece_is_none_of_it(comments):
    said = "This author knows nothing of gardens, and I have grown open models for thirty years. " * 4
    page = newsletter().replace("</article>", f"</article>{comments.format(said)}")
    assert "thirty years" not in read_page(page, URL).text


# Figures


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("It cost $5<sup>3</sup> million and 10<sup>25</sup> operations.", "It cost $5³ million and 10²⁵ operations."),
        ('So it was in 2025<sup><a href="#fn1">1</a></sup>.', "So it was in 2025."),
        ('So it was in 2025<a class="footnote-ref" href="#fn:1">[1]</a>.', "So it was in 2025."),
        ("So it was in 2025<sup>[12]</sup>, they say.", "So it was in 2025, they say."),
        ("All models<sup>3</sup> fell.<sup>4</sup>", "All models fell."),
        ("A lab of 40 m<sup>2</sup> and CO<sub>2</sub> of 10<sup>−3</sup>.", "A lab of 40 m² and CO₂ of 10⁻³."),
        ("Take 3<sup>1</sup>/<sub>2</sub> cups, or <sup>3</sup>⁄<sub>4</sub>.", "Take 3 1/2 cups, or 3⁄4."),
        ('Some 10<span style="vertical-align: super">9</span> words.', "Some 10⁹ words."),
        ("The 1<sup>st</sup> and the XX<sup>e</sup> of M<sup>me</sup> Quill.", "The 1st and the XXe of Mme Quill."),
        ("Some 2<sup>10,000</sup> ways, e<sup>iπ</sup>, x<sub>max</sub>.", "Some 2^10,000 ways, e^iπ, x_max."),
        ("Ledger<sup>TM</sup> has it.", "Ledger™ has it."),
    ],
    ids=range(11),
)
def test_a_number_is_the_number_on_the_page(html, text):
    assert text_of(f"<p>{html}</p>") == text


@pytest.mark.parametrize(
    ("math", "text"),
    [
        ("<math><mi>L</mi><mo>=</mo><mn>0.5</mn></math>", "L = 0.5"),
        ("<math><msup><mi>N</mi><mn>2</mn></msup><mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "N² + 1/2"),
        ("<math><msqrt><msub><mi>x</mi><mn>1</mn></msub></msqrt></math>", "√(x₁)"),
        ('<math alttext="E=mc^2"><mi>E</mi></math>', "E=mc^2"),
        (
            '<math><semantics><mi>E</mi><annotation encoding="application/x-tex">E = 4</annotation></semantics></math>',
            "E = 4",
        ),
        (
            '<b class="katex"><b class="katex-mathml"><math><mi>k</mi></math></b><b class="katex-html">k</b></b>',
            "k",
        ),
        ('<img class="latex" alt="a^2" src="a.png">', "a^2"),
    ],
    ids=range(7),
)
def test_a_formula_in_a_sentence_can_be_read(math, text):
    assert text_of(f"<p>The loss is {math} here.</p>") == f"The loss is {text} here."


def test_a_line_of_formulas_stays_in_its_place():
    formula = '<math alttext="E=mc^2"><mi>E</mi></math>'
    below = f"<p>With {formula} it is {formula}</p><div>{formula}</div><p>The mill stands for good.</p>"
    assert text_of(below).split("\n\n") == ["With E=mc^2 it is E=mc^2", "E=mc^2", "The mill stands for good."]


# Withdrawn


@pytest.mark.parametrize(
    "html",
    [
        "<del>three</del> <ins>nine</ins>",
        "<s>three</s> nine",
        "<strike>three</strike> nine",
        '<span style="text-decoration: line-through">three</span> nine',
        '<span class="strikethrough">three</span> nine',
    ],
    ids=range(5),
)
def test_what_is_struck_is_no_part_of_the_text(html):
    assert text_of(f"<p>The lead is {html} months.</p>") == "The lead is nine months."
    assert read_page(newsletter(body=f"{BODY}<p>{html}</p>"), URL).left_out["withdrawn"] == 5
