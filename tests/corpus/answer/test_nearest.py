"""What is near a question that is not covered: entries that may speak of it, each in one exact sentence, none other."""

from datetime import date

import pytest
from build import hit, words_of

from corpus.answer.coverage import Asked
from corpus.answer.nearest import find_nearest, first_quotes

QUESTION = "open models consortium money"
SAYS, HALF, NOTHING = "A consortium could fund open models.", "Open models need more money.", "Nobody asked the birds."


def said(name, *scored, number=0, **changes):
    return hit(*scored, id=name, title="Notes", number=number, **changes)


def near(*hits):
    words = words_of(QUESTION)
    return find_nearest(hits, words, Asked(dict.fromkeys(words, 1.0)), words_of)


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ([], []),
        # What has nothing to do with the question is not named, however few there are.
        ([said("a", (NOTHING, 0.1))], []),
        ([said("a", (NOTHING, 0.1)), said("b", (HALF, 0.3))], [("b", HALF)]),
        # Of each entry one sentence, the most likely to answer first, whatever their order and their days.
        (
            [said("a", (HALF, 0.3), published=date(2026, 1, 1)), said("b", (NOTHING, 0.2), (SAYS, 0.6))],
            [("b", SAYS), ("a", HALF)],
        ),
        # At most three.
        ([said(i, (f"{HALF} {i}", 0.3)) for i in "abcd"], [(i, f"{HALF} {i}") for i in "abc"]),
        # The same words are said once, by who said them first.
        (
            [said("copy", (SAYS, 0.6), number=2), said("own", (SAYS, 0.6), number=1), said("b", (HALF, 0.3))],
            [("own", SAYS), ("b", HALF)],
        ),
        # Another entry's passage does not speak for this one.
        ([said("a", (SAYS, 0.7)), said("b", (NOTHING, 0.1))], [("a", SAYS)]),
    ],
)
def test_of_the_entries_that_are_near_enough_the_best_sentence(hits, expected):
    found = near(*hits)
    assert [(c.entry.id, c.quote) for c in found] == expected
    assert [c.number for c in found] == list(range(1, len(expected) + 1))
    for citation in found:
        assert citation.quote == citation.entry.text[citation.start : citation.end]
        assert citation.quote in citation.passage


def test_of_an_answer_that_is_near_each_entry_is_named_once():
    cited = near(said("a", (SAYS, 0.6)), said("b", (HALF, 0.3)))
    assert first_quotes([cited[0], cited[0], cited[1]]) == cited
    assert first_quotes([]) == ()
