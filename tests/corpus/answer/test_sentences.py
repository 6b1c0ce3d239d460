"""Which sentences can stand by themselves, and which lean on the one before."""

import pytest

from corpus.answer.sentences import leans_on_previous


@pytest.mark.parametrize(
    "sentence",
    [
        "It runs on one machine.",
        "But that is a different question.",
        "They may catch up by 2027.",
        "“His view has changed since.”",
        "- This means that prices fall.",
        "However, the gap is smaller in code.",
        "So the consortium was never founded.",
        "These models are small.",
        "And yet it moves.",
        "Its weights are open.",
        "Therefore nobody followed.",
    ],
)
def test_a_sentence_that_takes_up_another_leans_on_it(sentence):
    assert leans_on_previous(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Open models will not catch up.",
        "It is likely that prices fall.",
        "It takes a year to train one.",
        "This year saw three releases.",
        "So far nobody has tried.",
        "Nathan Lambert argues that it matters.",
        "Item seven is missing.",
        "Butter is not an open model.",
        "Sofia hosts the archive.",
        "Heather wrote the licence.",
        "Die Modelle sind offen.",
        "",
    ],
)
def test_a_sentence_that_says_what_it_is_about_stands(sentence):
    assert not leans_on_previous(sentence)
