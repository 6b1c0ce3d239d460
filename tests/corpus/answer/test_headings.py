"""Sections: each quote knows the heading it stands under, and no heading is quoted, alone or glued to a sentence."""

from dataclasses import replace

import pytest
from build import compose, entry, quick, words_of
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.cli.views.answers import answer_blocks, page_blocks
from corpus import Answer, Page, Related, Source, Timings
from corpus.answer.quote_lookup import add_context
from corpus.answer.select import Quote, choose_quotes
from corpus.answer.sentences import find_heading
from corpus.index.chunking import split_sentences
from corpus.models.entries import Section
from corpus.models.search import Hit, ScoredSentence, Span

SOURCE = Source("interconnects", "Interconnects", 2)
TEXT = """\
The opening stands under no heading at all.

## How the gap of models is measured in 2026

The gap is measured by benchmarks alone.

How the gap of models closes
The gap closes when the leaders slow down
What comes of the gap of the models
Nobody knows what comes of that gap.

Costs
A section may begin with a sentence of its own."""


def section(title, line=None):
    return Section(TEXT.index(line or title), title)


SECTIONS = (
    section("How the gap of models is measured in 2026", "## How"),
    section("How the gap of models closes"),
    section("What comes of the gap of the models"),
    section("Costs"),
    section("An editor's name for it", "A section may"),
)


def passage(text=TEXT, sections=SECTIONS, **changes):
    one = entry(text=text, sections=sections, **changes)
    sentences = tuple(ScoredSentence(s.start, s.end, 0.9) for s in split_sentences(text))
    return Hit(one, 0, len(text), 1.0, 0.9, sentences)


def quoted(hit):
    """What of a passage might be quoted."""
    found = choose_quotes([hit], ["gap"], words_of).considered
    return {hit.entry.text[c.start : c.end] for c in found}


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("The opening", ""),
        ("## How", "How the gap of models is measured in 2026"),
        ("The gap is", "How the gap of models is measured in 2026"),
        ("The gap closes", "How the gap of models closes"),
        ("Nobody", "What comes of the gap of the models"),
        ("A section", "An editor's name for it"),
    ],
)
def test_a_place_is_in_the_last_section_that_has_begun(words, title):
    assert find_heading(passage().entry, TEXT.index(words)) == title


def test_no_heading_is_quoted_and_none_is_glued_to_a_sentence():
    assert quoted(passage()) == {
        "The opening stands under no heading at all.",
        "The gap is measured by benchmarks alone.",
        "The gap closes when the leaders slow down",
        "Nobody knows what comes of that gap.",
        "A section may begin with a sentence of its own.",
    }


def test_without_sections_sentences_are_as_the_splitter_has_them():
    assert quoted(passage(sections=())) == {
        TEXT[s.start : s.end].lstrip("# ") for s in split_sentences(TEXT) if s.end - s.start > 25
    }


@quick
@given(
    st.lists(st.sampled_from(["# A # B", "## The gap of all models", "The gap closes. ", "Costs", "\n", "\n\n", " "])),
    st.lists(st.integers(0, 90), unique=True),
    st.booleans(),
)
def test_whatever_sections_an_entry_has_what_is_quoted_stands_in_it_and_no_heading_does(parts, starts, honest):
    text = "".join(parts) + "The gap is wide open."
    begins = sorted(start for start in starts if start < len(text))
    titles = [text[start:].split("\n")[0] if honest else "The gap closes." for start in begins]
    sections = tuple(map(Section, begins, titles))
    for one in choose_quotes([passage(text, sections)], ["gap"], words_of).considered:
        quote = text[one.start : one.end]
        assert quote
        assert quote == quote.strip()
        if honest:  # the words of a heading may stand elsewhere, too
            assert not [s for s in sections if s.title == quote and s.start == one.start]


def test_a_citation_and_its_evidence_name_the_section():
    hit = passage()
    choice = choose_quotes([hit], ["benchmarks"], words_of)
    _, citations = compose(choice.quotes, {})
    sections = {c.quote: c.section for c in citations}
    assert sections["The gap is measured by benchmarks alone."] == "How the gap of models is measured in 2026"
    place = TEXT.index("Nobody")
    context = add_context(hit.entry, SOURCE, Span(place, place + 6))
    assert context.section == "What comes of the gap of the models"


def shown(blocks):
    console = Console(width=200, color_system=None)
    with console.capture() as captured:
        for block in blocks:
            console.print(block)
    return captured.get()


@pytest.mark.parametrize(("length", "named"), [(1, False), (40, True)])
def test_a_terminal_names_the_sections_of_a_long_piece(length, named):
    title = "How the gap \x1b[31mof models closes"
    text = "A heading\n\nThe gap closes when the leaders slow down. " + "Word. " * 100 * length
    hit = passage(text, (Section(0, title),))
    sentences, citations = compose(choose_quotes([hit], ["leaders"], words_of).quotes, {})
    found = Answer(
        *("What?", "answered", 0.9, tuple(sentences), tuple(citations), Related(), (), Timings(0, 0, 0, 0), 1),
        sources={"interconnects": SOURCE},
    )
    assert ("\n    under “How the gap [31mof models closes”\n" in shown(answer_blocks(found))) == named


def test_a_terminal_says_what_was_understood_above_the_answer():
    found = Answer("What?", "not_covered", 0.0, (), (), Related(), (entry(),), Timings(0, 0, 0, 0), 1)
    told = replace(found, understood="since 1 April 2026, Na\x1bthan", notes=("No entry by him.",))
    assert shown(answer_blocks(told)).startswith(
        "Understood: since 1 April 2026, Nathan\nNo entry by him.\n\nThe corpus does not cover this."
    )
    assert shown(answer_blocks(found)).startswith("The corpus does not cover this.")


def test_a_terminal_shows_what_is_near_as_what_its_entry_says_and_as_no_answer():
    quotes = [passage("The gap\x1b is six months.", ()), passage("It closes.", (), id="two", wording="summary")]
    _, near = compose([Quote(one, 0, len(one.text)) for one in quotes], {"interconnects": SOURCE})
    found = Answer(
        *("What?", "not_covered", 0.3, (), (), Related(), tuple(c.entry for c in near), Timings(0, 0, 0, 0), 1),
        sources={"interconnects": SOURCE},
        near=tuple(near),
        passing=2,
    )
    facts = "    Nathan Lambert · Interconnects · 1 June 2026 · commentary, tier 2"
    assert [line.rstrip() for line in shown(answer_blocks(found)).splitlines()] == [
        "The corpus does not cover this.",
        "",
        "Near it, not an answer:",
        "  The gap  gap",
        facts,
        "    Nathan Lambert, Interconnects, 1 June 2026: “The gap is six months.”",
        "  The gap  two",
        facts,
        "    From a summary of Nathan Lambert's piece, 1 June 2026: It closes.",
    ]
    nothing = replace(found, nearest=(), near=())
    assert shown(answer_blocks(nothing)) == "The corpus does not cover this, and holds nothing near it.\n"
    assert "No entry passes the filters." in shown(answer_blocks(replace(nothing, passing=0)))


def test_a_terminal_says_of_the_closest_quotes_that_they_are_no_direct_answer():
    sentences, citations = compose([Quote(one, 0, len(one.text)) for one in [passage("It closes.", ())]], {})
    found = Answer(
        *("What?", "closest", 0.3, tuple(sentences), tuple(citations), Related(), (), Timings(0, 0, 0, 0), 1), passing=2
    )
    assert shown(answer_blocks(found)).startswith(
        "Nothing here answers this directly; closest:\n\nNathan Lambert, interconnects, 1 June 2026: “It closes.” [1]\n"
    )


def test_a_page_names_its_language_its_licence_and_where_else_it_was_published():
    one = entry(language="en", licence="CC BY 4.0")
    post = entry(id="post", title="The gap, again", source="elsewhere", url=None)
    page = Page(one, SOURCE, Related(), (post,), {"elsewhere": Source("elsewhere", "A Blog", 3)})
    text = shown(page_blocks(page, {"interconnects": SOURCE}))
    assert (
        "\nLanguage: en\nLicence: CC BY 4.0\nAlso published as: The gap, again · A Blog · 1 June 2026 · post\n" in text
    )
    bare = Page(entry(), SOURCE, Related())
    assert "Also published" not in shown(page_blocks(bare, {}))


def test_a_page_shows_lists_tables_and_code_in_their_lines_and_wraps_the_rest():
    text = "Wrapped\nby hand.\n\n- One \x1b[2J\n- Two\n\ndef f():\n\treturn 1\n\nModel | Score\nA | 1"
    told = shown(page_blocks(Page(entry(text=text), SOURCE, Related()), {}))
    assert "\nWrapped by hand.\n\n- One [2J\n- Two\n\ndef f():\n    return 1\n\nModel | Score\nA | 1" in told
