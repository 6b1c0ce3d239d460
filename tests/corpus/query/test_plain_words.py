"""What stands around a question is not searched, and nothing of the question is lost with it."""

import pytest

from corpus.query.plain_words import strip_noise


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("why's hf pushing openness for cyber lol", "why's hf pushing openness for cyber"),
        ("ok so imagine you're a startup", "imagine you're a startup"),
        ("So, um, is Llama dead?? lol", "is Llama dead??"),
        ("hey so quick question - why do models lag, thanks!", "why do models lag!"),
        ("hmm... is it true tho?", "is it true?"),
        ("what is RLVR pls, thanks?", "what is RLVR?"),
    ],
)
def test_noise_around_a_question_goes(question, left):
    assert strip_noise(question) == left


@pytest.mark.parametrize("sign", list(" .,!(…-"))
def test_many_signs_in_a_row_take_no_time(sign):
    question = f"a{sign * 100_000}b"  # a second each, where every one of them is a beginning
    assert strip_noise(question) == question


@pytest.mark.parametrize(
    "question",
    [
        *(
            "well-being of models",
            "hi-res images?",
            "thanks to whom did they catch up?",
            "who will thank you?!x",
            "lol",
        ),
        *("please", "Thanks", "Great powers and AI", "what is the market share right now?", "so", "Softmax, why?"),
    ],
)
def test_words_of_a_question_stay(question):
    assert strip_noise(question) == question
