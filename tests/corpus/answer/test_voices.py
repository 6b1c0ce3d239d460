"""Nobody is quoted with another's words: not with those that an entry quotes, nor with a fellow speaker's."""

from dataclasses import replace
from datetime import date

import pytest
from build import compose, entry, words_of

from corpus.answer.select import choose_quotes
from corpus.answer.voices import find_block, keep_quotable
from corpus.ingest.parse.text_blocks import find_blocks
from corpus.models.entries import Block, Person
from corpus.models.search import NO_FILTERS, Filters, Hit, ScoredSentence

TALK = """What do you make of the closed models of the harbour?

Ada Quill: What do you make of the harbour and its closed models?

Cy Wren: Closed models of the harbour will win within a year.

Ada Quill: Open models of the harbour will last for longer."""
PEOPLE = (Person("Ada Quill", "host"), Person("Cy Wren", "guest"))


ADA = (Person("Ada Quill", "author"),)


def hit_of(text, sentences, people=ADA, blocks=None):
    """A hit with these sentences of a text, all as near to the question."""
    names = [person.name for person in people]
    whole = replace(
        entry(), text=text, people=people, blocks=find_blocks(text, (), names) if blocks is None else blocks
    )
    spans = tuple(ScoredSentence(text.index(one), text.index(one) + len(one), 0.8) for one in sentences)
    return Hit(whole, 0, len(text), 1.0, 0.8, spans)


def quoted(hit, filters=NO_FILTERS, question="closed models of the harbour"):
    """What is quoted of a hit, as the answer's lines."""
    choice = choose_quotes(keep_quotable([hit], filters), words_of(question), words_of)
    return [sentence.text for sentence in compose(choice.quotes, {})[0]]


LINES = [line.partition(": ")[2] or line for line in TALK.split("\n\n")]


def test_a_line_of_a_talk_is_quoted_as_its_speakers():
    said = quoted(hit_of(TALK, LINES, PEOPLE))
    assert "Cy Wren, interconnects, 1 June 2026: “Closed models of the harbour will win within a year.”" in said
    assert not [line for line in said if "will win" in line and "Ada" in line]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(speakers=("Ada Quill",)), ["will last"]),
        (Filters(speakers=("Cy Wren",)), ["will win"]),
        (Filters(person="Cy Wren"), ["will win"]),
        (Filters(others_than=("Cy Wren",)), ["will last"]),
        (Filters(speakers=("Dee Ash",)), []),
    ],
    ids=range(5),
)
def test_what_somebody_said_is_never_another_ones_line(filters, words):
    said = " ".join(quoted(hit_of(TALK, LINES[1:], PEOPLE), filters))
    assert [one for one in ("will win", "will last") if one in said] == words


def test_a_quotation_is_quoted_as_one_and_never_as_the_authors():
    text = "Bo wrote:\n\nClosed models of the harbour win.\n\nClosed models of the harbour never win."
    blocks = (Block(11, 44, "quote", ""),)
    hit = hit_of(text, ["Closed models of the harbour win.", "Closed models of the harbour never win."], blocks=blocks)
    assert quoted(hit) == [
        "Quoted by Ada Quill, interconnects, 1 June 2026: “Closed models of the harbour win.”",
        "Ada Quill, interconnects, 1 June 2026: “Closed models of the harbour never win.”",
    ]
    by_name = hit_of(text, ["Closed models of the harbour win."], blocks=(blocks[0]._replace(speaker="Bo Marsh"),))
    assert quoted(by_name)[0].startswith("Bo Marsh, quoted by Ada Quill, interconnects, ")
    assert quoted(hit, Filters(speakers=("Ada Quill",))) == [
        "Ada Quill, interconnects, 1 June 2026: “Closed models of the harbour never win.”"
    ]
    assert quoted(by_name, Filters(speakers=("Ada Quill",))) == []


@pytest.mark.parametrize("kind", ["table", "code", "reference", "caption"])
def test_what_is_no_sentence_of_anybody_is_not_quoted(kind):
    text = "Closed models of the harbour | 61.2\n\nClosed models of the harbour cost more."
    hit = hit_of(text, text.split("\n\n"), blocks=(Block(0, 35, kind),))
    assert quoted(hit) == ["Ada Quill, interconnects, 1 June 2026: “Closed models of the harbour cost more.”"]


def test_a_sentence_that_runs_into_anothers_words_is_not_quoted():
    text = "Closed models of the harbour win, he says, and I deny it."
    assert quoted(hit_of(text, [text], blocks=(Block(0, 33, "quote", ""),))) == []


def test_a_quote_never_leans_on_somebody_elses_sentence():
    text = "“Models of the harbour win.” But this is wrong for closed models of the harbour."
    hit = hit_of(text, ["“Models of the harbour win.”", "But this is wrong for closed models of the harbour."])
    lines = quoted(hit, Filters(speakers=("Ada Quill",)))
    assert lines == ["Ada Quill, interconnects, 1 June 2026: “But this is wrong for closed models of the harbour.”"]


@pytest.mark.parametrize(
    "words",
    [
        "Subscribe to our newsletter!",
        "Sign up for more of the harbour.",
        "Get our best pieces on the harbour straight to your inbox.",
        "This article was originally published in The Harbour and is shown here with leave.",
        "Published on 3 March 2025 by Ada Quill in Models of the harbour.",
        "Closed models of the harb\ufffdur.",
        "Closed models of the cafÃ© of the harbour.",
        "Closed models of the harbour are ~~cheap~~ dear.",
        "Closed models of the harbour are c̶h̶e̶a̶p̶ dear.",
    ],
)
def test_furniture_and_broken_words_are_not_quoted(words):
    text = f"{words} Closed models of the harbour are dear."
    lines = quoted(hit_of(text, [words, "Closed models of the harbour are dear."]))
    assert lines == ["Ada Quill, interconnects, 1 June 2026: “Closed models of the harbour are dear.”"]


@pytest.mark.parametrize("mark", ["- ", "* ", "12. ", "3) ", "> ", "## ", "• ", ": "])
def test_the_mark_of_a_line_is_no_part_of_a_quote(mark):
    line = f"{mark}Closed models of the harbour are dear."
    lines = quoted(hit_of(f"First.\n{line}", [line], blocks=()))
    assert lines == ["Ada Quill, interconnects, 1 June 2026: “Closed models of the harbour are dear.”"]


def test_a_block_is_found_by_where_a_stretch_stands():
    text = "One. Two. Three."
    blocks = (Block(5, 9, "quote", "Bo"),)
    whole = replace(entry(), text=text, published=date(2026, 6, 1), blocks=blocks)
    assert find_block(whole, 5, 9) == blocks[0]
    assert find_block(whole, 0, 4) == Block(0, 4)
    assert find_block(whole, 10, 16) == Block(9, 16)
    assert find_block(whole, 0, 9) is None
    assert find_block(whole, 6, 12) is None


# Corrections


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Closed models of the harbour lead by a year. Update: it is nine months.", True),
        ("Closed models of the harbour lead by a year.\n\nCorrection (5 May): it is nine months.", True),
        ("Closed models of the harbour lead by a year.\n\n[Edit: it is nine months.]", True),
        ("Closed models of the harbour lead by a year.\n\nKorrektur: Es sind neun Monate.", True),
        ("Closed models of the harbour lead by a year.\n\nCorrections: it is nine months.", True),
        ("Closed models of the harbour lead by a year.\n\nUPDATE It is nine months.", True),
        ("Closed models of the harbour lead by a year.\n\nUpdate\n\nIt is nine months.", True),
        ("Closed models of the harbour lead by a year.\n\n[Mise à jour du 3 mai] Ce sont neuf mois.", True),
        ("Closed models of the harbour lead by a year.\n\nAnmerkung der Redaktion: Es sind neun Monate.", True),
        ("Closed models of the harbour lead by a year.\n\nFe de errores: son nueve meses.", True),
        ("Closed models of the harbour lead by a year.\n\nUpdate vom 3. Mai: Es sind neun Monate.", True),
        ("Closed models of the harbour lead by a year.\n\nAnm. d. Red.: Es sind neun Monate.", True),
        ("Closed models of the harbour lead by a year. The update came in May: it was large.", False),
        ("Closed models of the harbour lead by a year.\n\nUpdates of models come often.", False),
        ("Closed models of the harbour lead by a year.\n\nSome prose.\n\nUpdate: all of it is old.", False),
    ],
    ids=range(15),
)
def test_what_is_corrected_is_quoted_with_its_correction(text, whole):
    first = "Closed models of the harbour lead by a year."
    [line] = quoted(hit_of(text, [first], blocks=()))
    assert line.partition("“")[2] == (f"{text}”".replace(".]”", ".]”") if whole else f"{first}”")


def test_what_is_corrected_at_length_is_not_quoted():
    first = "Closed models of the harbour lead by a year."
    text = f"{first}\n\nCorrection: this was wrong, {'and wrong again, ' * 60}and it is nine months."
    assert quoted(hit_of(text, [first], blocks=())) == []


def test_a_correction_behind_its_passage_is_a_part_of_what_is_shown_as_one():
    first = "Closed models of the harbour lead by a year."
    whole = hit_of(f"{first}\n\nUpdate: it is nine months.", [first], blocks=())
    choice = choose_quotes([replace(whole, end=len(first))], words_of("harbour"), words_of)
    [citation] = compose(choice.quotes, {})[1]
    assert citation.quote.endswith("nine months.")
    assert citation.quote in citation.passage
