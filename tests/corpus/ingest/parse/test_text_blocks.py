"""Whose words a stretch of a text is: told from a page's marks, from names before lines, and from quotation marks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import parse_markdown
from web import BODY, TEXT, newsletter

from corpus.ingest.parse.entry_records import parse_json_line
from corpus.ingest.parse.sandbox_worker.page import read_page
from corpus.ingest.parse.text_blocks import find_blocks
from corpus.models.entries import Block, Section

FIELDS = {
    "id": "gap",
    "source": "ledger",
    "kind": "event",
    "tier": 2,
    "title": "The gap",
    "people": [{"name": "Ada Quill", "role": "author"}],
    "published": "2026-06-01",
    "summary": "",
    "text": "Open models are behind.",
}
FRONT = "id: gap\nsource: ledger\nkind: event\ntier: 2\ntitle: The gap\npublished: 2026-06-01\n"
FRONT += "people: [{name: Ada Quill, role: author}]\n"


def parts(text, blocks):
    """Each block as (its words, kind, speaker)."""
    return [(text[start:end], kind, speaker) for start, end, kind, speaker in blocks]


def found(text, people=("Ada Quill", "Cy Wren"), sections=()):
    return parts(text, find_blocks(text, sections, people))


# On pages


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        (
            "<p>Bo Marsh wrote:</p><blockquote><p>Closed models win.</p></blockquote><p>He is wrong.</p>",
            [("Closed models win.", "quote", "")],
        ),
        (
            "<blockquote>Closed models win.<cite>Bo Marsh</cite></blockquote>",
            [("Closed models win.Bo Marsh", "quote", "Bo Marsh")],
        ),
        (
            "<blockquote><p>Closed models win.</p><p>— Bo Marsh, 2024</p></blockquote>",
            [("Closed models win.", "quote", "Bo Marsh"), ("— Bo Marsh, 2024", "quote", "Bo Marsh")],
        ),
        (
            "<div><blockquote><ul><li>They win.</li></ul></blockquote>So he says.</div>",
            [("- They win.", "list", "")],
        ),
        (
            "<p>The scores.</p><table><tr><th>Model</th><th>Score</th></tr><tr><td>A</td><td>61</td></tr></table>",
            [("Model | Score\nA | 61", "table", None)],
        ),
        (
            "<figure><img src='a'><figcaption>A rack of servers.</figcaption></figure><p>It is hot.</p>",
            [("A rack of servers.", "caption", None)],
        ),
        (
            "<h2>References</h2><ul><li>Quill, A. (2024). On beds. Journal of Gardens.</li></ul>",
            [("- Quill, A. (2024). On beds. Journal of Gardens.", "reference", None)],
        ),
    ],
    ids=range(7),
)
def test_what_a_page_marks_is_no_prose_of_its_author(html, blocks):
    page = read_page(newsletter(body=f"{BODY}{html}"), "https://ledger.example/p/gardens")
    sections = [Section(*section) for section in page.sections]
    assert page.text.startswith(TEXT)
    known = [Block(*block) for block in page.blocks]
    assert parts(page.text, find_blocks(page.text, sections, ["Ada Quill"], known))[3:] == blocks  # three are in BODY


# In Markdown


@pytest.mark.parametrize(
    ("body", "text", "blocks"),
    [
        ("Bo wrote:\n\n> They *win*.\n\nNo.", "Bo wrote:\n\nThey win.\n\nNo.", [("They win.", "quote", "")]),
        ("The gap is ~~three~~ nine months.", "The gap is nine months.", []),
        ("~~They win.~~ I withdraw this.", "I withdraw this.", []),
        ("See [a test](https://a.b 't') by `cy`[^1].\n\n[^1]: It cost 12.", "See a test by cy.\n\nIt cost 12.", []),
        (
            "| Model | Score |\n|---|---|\n| A | 61 |\n\nA leads.",
            "Model | Score\nA | 61\n\nA leads.",
            [("Model | Score\nA | 61", "table", None)],
        ),
        ("- One `x`\n- Two\n\n```\ncode *x*\n```", "- One x\n- Two\n\ncode *x*",
         [("- One x\n- Two", "list", None), ("code *x*", "code", None)]),
        ("Some 10<sup>25</sup> and <del>no</del> words.", "Some 10²⁵ and words.", []),
        ("**Ada:** Why?\n\n**Cy:** They win.\n\n**Ada:** No.", "Ada: Why?\n\nCy: They win.\n\nAda: No.",
         [("Why?", "prose", "Ada Quill"), ("They win.", "prose", "Cy"), ("No.", "prose", "Ada Quill")]),
        ("<Tip>\n\nKeep it.\n\n</Tip>\n{/* not this */}\nEnd.", "Keep it.\n\nEnd.", []),
    ],
    ids=range(9),
)  # fmt: skip
def test_the_marks_of_markdown_are_read(body, text, blocks):
    entry = parse_markdown(f"---\n{FRONT}---\n{body}\n")
    assert entry.text == text
    assert parts(entry.text, entry.blocks) == blocks


# Transcripts


def test_the_lines_of_a_transcript_are_their_speakers():
    text = """A talk that I had.

Ada Quill: What of it? I wonder.

Cy Wren: Closed models win. They always do.

And they will.

Ada: I am not sure."""
    assert found(text) == [
        ("What of it? I wonder.", "prose", "Ada Quill"),
        ("Closed models win. They always do.", "prose", "Cy Wren"),
        ("And they will.", "prose", "Cy Wren"),
        ("I am not sure.", "prose", "Ada Quill"),
    ]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("ADA QUILL: Why?\n\nCY WREN: So.\n\nADA QUILL: No.", ["Ada Quill", "Cy Wren", "Ada Quill"]),
        ("[00:01:05] Ada: Why?\n\n[00:02:10] Cy: So.\n\n[00:03:00] Ada: No.", ["Ada Quill", "Cy Wren", "Ada Quill"]),
        (
            "Dee Ash: Why?\n\nEve Oak: So.\n\nDee Ash: No.\n\nEve Oak: Yes.",
            ["Dee Ash", "Eve Oak", "Dee Ash", "Eve Oak"],
        ),
        ("Q: Why?\n\nA: So.\n\nQ: No?\n\nA: Yes.", ["", "", "", ""]),
        ("Interviewer: Why?\n\nCy: So.\n\nInterviewer: No?", ["", "Cy Wren", ""]),
        ("Ada Quill (00:12)\n\nWhy is it?\n\nCy Wren (01:15)\n\nIt is so.", ["Ada Quill", "Cy Wren"]),
        ("Dee: Why?\n\nEve: So.\n\nDee: No.\n\nEve: Yes.", ["Dee", "Eve", "Dee", "Eve"]),
        ("记者：为什么？\n\n李华：因为。\n\n记者：是吗？\n\n李华：是。", ["记者", "李华", "记者", "李华"]),
        ("Dee Ash — Why?\n\nEve Oak — So.\n\nDee Ash — No?", ["Dee Ash", "Eve Oak", "Dee Ash"]),
        ("Mr. MARSH. Why?\n\nThe CHAIRMAN. So.\n\nMr. MARSH. No?", ["MARSH", "CHAIRMAN", "MARSH"]),
        ("bo_marsh: why?\nadaq: so.\nbo_marsh: no?", ["bo_marsh", "adaq", "bo_marsh"]),
        ("Le Grenier : Et ?\n\nDee Ash : Si.\n\nL. G. : Non ?\n\nD. A. : Si.", ["Le Grenier", "Dee Ash"] * 2),
        ("CW: Why?\n\nAQ: So.\n\nCW: No?", ["Cy Wren", "Ada Quill", "Cy Wren"]),
        ("Me: Why?\n\nChatGPT: It is so.\n\nAnd I do not believe it.", ["", ""]),
    ],
    ids=range(14),
)
def test_speakers_are_known_in_many_hands(text, speakers):
    assert [speaker for _, _, speaker in found(text)] == speakers


def test_who_asks_without_a_name_is_nobody_and_never_who_answers():
    text = "Why is it?\n\nEve Oak: So.\n\nAnd always?\n\nEve Oak: Yes. (00:02:02) It is.\n\n(00:02:09) It will be."
    assert found(text) == [
        ("So.", "prose", "Eve Oak"),
        ("And always?", "prose", ""),
        ("Yes. (00:02:02) It is.", "prose", "Eve Oak"),
        ("It will be.", "prose", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is new.\n\nUpdate: it is old.\n\nNote: this is new again.",
        "Pros: it is fast.\n\nCons: it is dear.\n\nPros: it is small.\n\nCons: it is closed.",
        "Speed: it is fast.\n\nPrice: it is dear.\n\nSize: it is small.",
        "Key Point: it is fast.\n\nMain Idea: it is dear.\n\nBig Picture: it is small.",
        "Ada Quill: a name alone, in a list of one.",
        "Open Models — they last.\n\nClosed Models — they win.\n\nSmall Models — they run.",
        "Ada Quill — of whom more below — came first.\n\nIt rained.\n\nAda Quill — once more — left. It rained.",
        "fix: the wheel turns.\nfeat: a dam.\nfix: the dam holds.",
        "Key: it turns.\n\nPrompt engineering is a craft: it is learnt.",
    ],
    ids=range(9),
)
def test_a_word_with_a_colon_is_no_speaker(text):
    assert found(text) == []


# Quotations within a paragraph


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("“Closed models win.” I disagree.", ["“Closed models win.”"]),
        ("He said: “They win. Nobody can stop them.” I disagree.", ["Nobody can stop them.”"]),
        ("“They win,” he said. “They do. Always.” And then.", ["“They do. Always.”"]),
        ("„Sie gewinnen. Immer.“ Das sagt er.", ["„Sie gewinnen. Immer.“"]),
        ("「閉じたモデルが勝つ。」 違う。", ["「閉じたモデルが勝つ。」"]),
        ('"They win. They do." Not so.', ['"They win. They do."']),
        ("She calls it “the great wall”, and so do I.", []),
        ('A 5" screen is small. It is fine.', []),
        ("> They win.\n> Always.", ["> They win.\n> Always."]),
    ],
    ids=range(9),
)
def test_whole_sentences_in_quotation_marks_are_somebody_elses(text, quoted):
    assert found(text) == [(words, "quote", "") for words in quoted]


# References, rolls, captions, logs


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[12] A. Quill et al. On gardens. arXiv:2401.00001, 2024.", "reference"),
        ("Quill, A., & Marsh, B. (2024). On gardens. Journal of Beds.", "reference"),
        ("@article{quill2024,\n  title = {On gardens}\n}", "reference"),
        ("\n".join(f"{n}. Ada Quill, University of {place}" for n, place in enumerate("ABCDEF", 1)), "reference"),
        ("Figure 3: The gap over the years.", "caption"),
        ("Photo: Cy Wren", "caption"),
        ("2026-05-04 12:00 INFO started\n2026-05-04 12:01 INFO ended", "code"),
        ("Marsh, Bo, and Cy Wren. Wheels of Oak. Old Town: River Press, 2023.", "reference"),
        ("Quill, Ada: Über Betten von Flüssen, Stadt 2024, S. 5.", "reference"),
        ("- See Quill (2024), p. 3, for the wheel.\n- Ibid., p. 5.", "reference"),
        ("Signed, Ada Quill, Bo Marsh, Cy Wren, and 300 others of the town.", "reference"),
        ("(Photo: Pho Tog, for the town)", "caption"),
        ("Header image courtesy of Pho Tog, used with thanks.", "caption"),
        ("Crédit photo : Pho Tog.", "caption"),
        ('Tool call: read_file(path="a.txt")', "code"),
        ("// the tower\nbell.ring();\nconsole.log('rung');", "code"),
        ("def ring(bell):\n    bell.swing()\n    return bell.sound", "code"),
        ("width = 16  # planks\ndepth = 4", "code"),
        ("npx mill call 'grind(corn: 3)'", "code"),
        ("Ada Quill (Lead Maintainer)", "reference"),
        ("✦ Bo Marsh, CTO, The Mill", "reference"),
        ("- Ada Quill (Lead Maintainer)\n- Bo Marsh (Maintainer)", "reference"),
    ],
    ids=range(22),
)
def test_what_nobody_says_is_of_another_kind(text, kind):
    assert found(f"Some prose before it.\n\n{text}\n\nAnd some behind it.") == [(text, kind, None)]


@pytest.mark.parametrize(
    "text",
    [
        "We import corn from the north; the mill (of oak) grinds it.",
        "For each bell there is a rope, and with it a ringer: so it was.",
        "The depth is 4, and the width = 16 planks as well.",
        "Ada Quill, who leads the guild, is an engineer by trade.",
        "The rate of the flow is\nk = 4\nas we found when the wheel had turned for an hour and the water was high.",
        "Return the bell (if it is cracked) to the founder;",
    ],
)
def test_prose_with_signs_of_code_stays_prose(text):
    assert found(f"Some prose before it.\n\n{text}\n\nAnd some behind it.") == []


def test_a_long_line_of_brackets_takes_no_time():
    assert found("if " + "(=[" * 200_000) == []


def test_the_names_below_signed_by_are_a_roll_however_few():
    text = "All of it.\n\nSigned by:\n\nAda Quill, University of Rivers\n\nBo Marsh, Old Town\n\nSo it is."
    assert [(words, kind) for words, kind, _ in found(text)] == [
        (words, "reference") for words in ("Signed by:", "Ada Quill, University of Rivers", "Bo Marsh, Old Town")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sources\n\nTwo of them said so.",
        "See the report of the council (2024) for more, and then think again of what it says of the dam and the mill.",
        "Well, Ada: it was dark in the year 2024, and nobody saw the wheel turn at all that night.",
        "Photos of the mill show that it has three wheels.",
        "Signed copies of the book are dear.",
    ],
    ids=range(5),
)
def test_prose_that_looks_like_a_note_stays_prose(text):
    assert found(f"Some prose before it.\n\n{text}\n\nAnd some behind it.") == []


def test_what_stands_under_references_is_one_until_the_next_heading():
    text = "Prose.\n\nReferences\n\nSome line of it.\n\nWhat next\n\nMore prose."
    sections = (Section(8, "References"), Section(38, "What next"))
    assert found(text, sections=sections) == [("Some line of it.", "reference", None)]


# In records


def test_a_record_without_blocks_gets_those_that_its_text_shows_and_one_with_blocks_keeps_them():
    said = FIELDS | {"text": "“Closed models win.” I disagree."}
    assert parts(said["text"], parse_json_line(json.dumps(said)).blocks) == [("“Closed models win.”", "quote", "")]
    assert parse_json_line(json.dumps(said | {"blocks": []})).blocks == ()
    given = [{"start": 0, "end": 4, "kind": "quote", "speaker": "Bo"}]
    assert parse_json_line(json.dumps(said | {"blocks": given})).blocks == ((0, 4, "quote", "Bo"),)


@given(st.text(st.sampled_from("Aa: .\n“”\"'>-*[1]QC,?。「」"), max_size=200))
def test_blocks_are_in_order_and_within_the_text_whatever_it_is(text):
    blocks = find_blocks(text, (), ["Ada Quill"])
    edges = [edge for block in blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert all(block.start < block.end <= len(text) for block in blocks)
    assert all(block.speaker is not None for block in blocks if block.kind == "quote")
