"""How sure an answer is: from one sentence that is near the question and holds, with its neighbours, what it names."""

import pytest
from build import hit, words_of

from corpus.answer.coverage import SUBJECTLESS, Coverage, weigh_coverage

QUESTION = "open models consortium money"
SAYS = "A consortium could fund open models with money."
APART = ("A consortium could fund them.", "Open models need money.")
NOTHING = "Nobody has asked the birds about it."


def weighed(question, *hits):
    return weigh_coverage(hits, words_of(question), words_of, lambda _: 1.0)


def sure(*sentences, question=QUESTION, title="Notes"):
    return weighed(question, hit(*sentences, title=title)).confidence


@pytest.mark.parametrize("found", [(), (hit(),)])
def test_without_a_sentence_nothing_is_covered(found):
    assert weighed(QUESTION, *found) == Coverage(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        # Near and about it, against near alone, and against its words alone.
        (sure((SAYS, 0.7)), sure((NOTHING, 0.7))),
        (sure((SAYS, 0.7)), sure((SAYS, 0.1))),
        # In one sentence, against in two that stand beside each other, against in two that do not.
        (sure((SAYS, 0.5)), sure(*[(s, 0.5) for s in APART])),
        (sure(*[(s, 0.5) for s in APART]), sure((APART[0], 0.5), (NOTHING, 0.5), (NOTHING, 0.5), (APART[1], 0.5))),
        # The title says what a sentence leaves out.
        (sure((APART[1], 0.5), title="The consortium"), sure((APART[1], 0.5))),
        # Of several sentences, the best one counts.
        (sure((NOTHING, 0.1), (SAYS, 0.7)), sure((NOTHING, 0.1), (NOTHING, 0.7))),
    ],
)
def test_what_makes_an_answer_surer(more, less):
    assert more > less


def test_the_words_of_one_entry_and_the_nearness_of_another_do_not_add_up():
    apart = weighed(QUESTION, hit((SAYS, 0.1), id="words"), hit((NOTHING, 0.7), id="meaning"))
    assert apart.confidence < weighed(QUESTION, hit((SAYS, 0.7))).confidence
    assert (apart.nearness, apart.share) in [(0.1, 1.0), (0.7, 0.0)]


def test_a_question_of_stop_words_alone_is_weighed_by_its_meaning():
    assert weighed("", hit((SAYS, 0.6))).share == SUBJECTLESS
    assert weighed("", hit((SAYS, 0.9))).confidence > weighed("", hit((SAYS, 0.2))).confidence


def test_confidence_is_a_probability_whatever_the_signals():
    extremes = [sure((text, cosine)) for text in (SAYS, NOTHING) for cosine in (-1.0, 0.0, 1.0)]
    assert all(0 < confidence < 1 for confidence in extremes)
