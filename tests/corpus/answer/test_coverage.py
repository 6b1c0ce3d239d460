"""How sure an answer is: from one sentence that is near the question and holds, with its neighbours, what it names."""

import pytest
from build import hit, words_of

from corpus.answer.coverage import CLOSEST, COVERED, SUBJECTLESS, Coverage, read_asked, weigh_coverage
from corpus.models.entries import Person
from corpus.query.question_kind import classify_content

QUESTION = "open models consortium money"
SAYS = "A consortium could fund open models with money."
APART = ("A consortium could fund them.", "Open models need money.")
NOTHING = "Nobody has asked the birds about it."


def weighed(question, *hits):
    asked = read_asked(question, classify_content(question), words_of(question), words_of, lambda _: 1.0)
    return weigh_coverage(hits, asked, words_of)


def sure(*sentences, question=QUESTION, title="Notes"):
    return weighed(question, hit(*sentences, title=title)).confidence


def test_whether_a_bet_came_true_is_not_answered_by_the_bet():
    bet, look_back = "The bet is that the bets come to nothing.", "Looking back, all the bets came true."
    assert sure((bet, 0.6), question="Did the bets come true?") < COVERED
    assert sure((bet, 0.6), question="Which bets are there?") >= COVERED
    assert sure((look_back, 0.6), question="Did the bets come true?") >= COVERED


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


# What a question names, and what its kind wants

ADA = (Person("Ada Quill", "author"),)


def missing(question, *sentences, **changes):
    return weighed(question, hit(*[(s, 0.6) for s in sentences], **({"people": ADA} | changes))).missing


@pytest.mark.parametrize(
    ("question", "sentence", "share"),
    [
        ("what does she think of Brillo?", "She thinks little of the editor.", 1.0),
        ("what does she think of Brillo?", "She thinks little of Brillo.", 0.0),
        ("what does she think of brillo?", "She thinks little of the editor.", 0.0),  # not written as a name
        ("What does Ada Quill think of locks?", "Locks leak.", 0.0),  # she has written it
        ("How did Brillo do in the Harbour tests?", "In the harbour tests it leaked.", 0.5),
        ("is GPT-9 open?", "The model is open.", 1.0),
        ("WHAT IS BRILLO?", "An editor.", 0.0),  # shouted: no name can be told
        ("What came in May on Monday?", "Locks came.", 0.0),
    ],
)
def test_a_name_that_is_named_nowhere_around_is_missing(question, sentence, share):
    assert missing(question, sentence) == pytest.approx(share, abs=0.01)


def test_a_name_in_the_title_or_some_sentences_away_is_not_missing():
    question = "how fast is Brillo?"
    assert missing(question, "It is fast: 3 ms.", title="Notes on Brillo") == 0
    assert missing(question, "Brillo is an editor.", *["It has a window."] * 5, "It takes 3 ms.") == 0


def test_of_an_entry_that_names_nobody_any_name_may_be_its_authors():
    assert missing("what did Bo Marsh say of locks?", "Locks leak.", people=()) == 0


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("how many locks are there?", "There are twelve locks.", "There are many locks."),
        ("when was the lock built?", "The lock was built in spring.", "The lock was built of stone."),
        ("how many keys fit?", "Twelve small brass keys fit.", "Of the keys that fit, I own a lock of 1840."),
        (
            "how many keys fit?",
            "Of all brass keys just four fit.",
            "In 4 of 5 towns people ask whether any of them fit.",
        ),
        ("how many of the keys fit?", "Four do.", "Some do."),
        ("how much does a key cost?", "A key costs forty crowns.", "A key costs much."),
        ("who built the lock?", "The lock was built by Bo Marsh.", "The lock was built of stone."),
        # Neither whom a sentence retells, nor a title, nor whom the question names itself.
        (
            "who would run a lock?",
            "The town of Tarn would run a lock.",
            "Then Bo Marsh argues that a lock will be run.",
        ),
        ("who would run a lock?", "Locks are run by Bo Marsh.", "In “Locks for All” by Bo Marsh a lock is run."),
        ("who would run a lock?", "As Bo Marsh writes, Tarn runs the lock.", "In Bo Marsh's essay a lock is run."),
        (
            "who would run a lock?",
            "Locks are run by Tarn.",
            "“Locks” (6 May), hosted by Bo Marsh, is of a lock.",
        ),
        ("who would run a lock?", "A lock, so Bo Marsh, is run.", "The mill is older than Bo Marsh."),
        ("who built the lock of Brillo?", "The lock of Brillo is Bo Marsh's.", "The lock of Brillo is of stone."),
    ],
)
def test_a_sentence_without_what_its_kind_wants_makes_less_sure(question, has, lacks):
    assert missing(question, has) == 0 < missing(question, lacks)
    assert sure((has, 0.6), question=question) > sure((lacks, 0.6), question=question)


def test_there_are_three_outcomes_in_the_order_of_confidence():
    outcomes = [Coverage(sure, 0.5, 0.5).outcome for sure in (0.0, CLOSEST, COVERED)]
    assert outcomes == ["not_covered", "closest", "answered"]
