"""An answer is one to three places, each within its paragraph, with the sentences that answer highlighted."""

import pytest
from build import entry, hit, words_of

from corpus.answer.places import FURTHER, LIST, MOST, PLACES, choose_places, grow
from corpus.answer.select import choose_quotes
from corpus.models.entries import Block, Section
from corpus.models.search import Span

LONG = "The lock at the harbour was built in a wet year, and since then nobody has asked what it costs to keep."
OTHER = "Most of those who live beside the water have never seen the gates close, and few of them miss the sight."
THIRD = "A second canal was planned, drawn, paid for and forgotten, all within the time that a child needs to walk."


def grown(text, words, **changes):
    """The place around these words of a text."""
    piece = entry(text=text, **changes)
    start = text.index(words)
    span = grow(piece, Span(start, start + len(words)))
    return text[span.start : span.end]


def test_a_sentence_is_shown_with_its_paragraph():
    assert grown(f"Before.\n\n{LONG} {OTHER} {THIRD}\n\nBehind.", OTHER) == f"{LONG} {OTHER} {THIRD}"


def test_a_place_is_whole_sentences_and_no_longer_than_it_may_be():
    text = " ".join([LONG, OTHER, THIRD] * 5)
    place = grown(text, OTHER)
    assert OTHER in place
    assert place.endswith(".")
    assert len(place) <= MOST
    assert place.startswith(("The lock", "Most of", "A second"))


def test_a_place_does_not_begin_with_what_leans_on_a_sentence_before():
    assert grown(f"{LONG} But this costs a lot. {THIRD}", "But this costs a lot.").startswith(LONG)


def test_nothing_of_another_voice_is_taken_in():
    text = f"{LONG} {OTHER} {THIRD}"
    begin = text.index(OTHER)
    blocks = (Block(begin, begin + len(OTHER), "quote", "Bo Marsh"),)
    assert grown(text, LONG, blocks=blocks) == LONG
    assert grown(text, OTHER, blocks=blocks) == OTHER
    assert grown(text, THIRD, blocks=blocks) == THIRD


@pytest.mark.parametrize("furniture", ["Subscribe to our newsletter.", "~~It costs nine crowns.~~"])
def test_what_is_never_quoted_is_not_taken_in(furniture):
    assert furniture not in grown(f"The lock leaks. {furniture} {LONG}", "The lock leaks.")


def test_a_heading_is_no_part_of_a_place():
    text = f"Costs\n{LONG}\n\nMore\n{OTHER}"
    sections = (Section(0, "Costs"), Section(text.index("More"), "More"))
    assert grown(text, LONG, sections=sections) == LONG
    assert grown(text, OTHER, sections=sections) == OTHER


ITEMS = (
    "A lock needs three things:\n- a gate that closes\n- a keeper who is awake\n- water on both sides\n\nThat is all."
)


@pytest.mark.parametrize("words", ["A lock needs three things:", "a keeper who is awake", "water on both sides"])
@pytest.mark.parametrize("items", [ITEMS, ITEMS.replace("things:", "things:\n")])
def test_a_list_is_shown_with_its_items_and_what_announces_it(words, items):
    place = grown(items, words)
    assert place.startswith("A lock needs three things:")
    assert "a keeper who is awake" in place
    assert "That is all" not in place


def test_a_sentence_that_breaks_off_before_a_list_is_shown_with_it():
    text = "As a first version we check\n\n- the gate\n- the keeper\n\nThat is all."
    assert grown(text, "As a first version we check") == text.removesuffix("\n\nThat is all.")


def test_a_long_list_is_cut_between_items():
    items = "".join(f"- The keeper number {n} sleeps in the day and walks at night\n" for n in range(40))
    place = grown(f"There are keepers:\n{items}", "The keeper number 20 sleeps in the day and walks at night")
    assert len(place) <= LIST
    assert place.endswith("walks at night")


# The places of an answer


def places_of(*hits, question=""):
    choice = choose_places(choose_quotes(hits, words_of(question), words_of), words_of)
    return [
        (q.hit.entry.text[q.start : q.end], [q.hit.entry.text[h.start : h.end] for h in q.highlights])
        for q in choice.quotes
    ]


def test_the_sentence_that_answers_is_highlighted_in_its_place():
    assert places_of(hit((LONG, 0.2), (OTHER, 0.9), (THIRD, 0.1))) == [(f"{LONG} {OTHER} {THIRD}", [OTHER])]


def test_two_sentences_of_one_paragraph_are_one_place():
    [(place, highlights)] = places_of(hit((LONG, 0.9), (THIRD, 0.1), (OTHER, 0.9)))
    assert place == f"{LONG} {THIRD} {OTHER}"
    assert highlights == [LONG, OTHER]


def test_places_that_follow_upon_each_other_are_one():
    between = [(f"{OTHER[:-1]} {n}.", 0.1) for n in range(2)]
    [(place, highlights)] = places_of(hit((LONG, 0.9), *between, (THIRD, 0.9)))
    assert (place[: len(LONG)], place[-len(THIRD) :]) == (LONG, THIRD)
    assert highlights == [LONG, THIRD]


def test_there_are_at_most_three_places_and_they_are_the_best():
    hits = [hit((f"Keeper{n} walks{n} by{n} night{n} alone{n}.", 0.9 + n / 1000), id=f"e{n}") for n in range(6)]
    shown = places_of(*hits)
    assert len(shown) == PLACES
    assert {words.split()[0] for words, _ in shown} == {"Keeper5", "Keeper4", "Keeper3"}


def test_what_comes_next_is_shown_without_a_highlight_and_what_is_far_behind_is_not():
    best = hit(("Keeper walks by night alone.", 0.9), id="best")
    next_one = hit(("Gates close in winter mornings.", 0.9 * FURTHER + 0.02), id="next")
    far = hit(("Water stands on both sides.", 0.1), id="far")
    assert places_of(best, next_one, far) == [
        ("Keeper walks by night alone.", ["Keeper walks by night alone."]),
        ("Gates close in winter mornings.", []),
    ]


def test_nothing_found_is_no_place():
    assert places_of() == []
