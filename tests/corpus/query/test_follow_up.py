"""What a follow-up follows: the question before, or the day and the people of the answer before."""

from datetime import date

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.query.follow_up import add_context, fill_from_answer, refers_to_answer
from corpus.query.question import LONGEST

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
FIRST = "Will open models catch up?"


@pytest.mark.parametrize(
    "question",
    [
        "and what about cybersecurity?",
        "And China?",
        "but why?",
        "Why?",
        "Why not?",
        "How so?",
        "How many?",
        "So what?",
        "For example?",
        "Tell me more",
        "Any examples?",
        "Which ones?",
        "Deadline?",
        "What about Qwen?",
        "How about the licence?",
        "Same for startups?",
        "Who said that?",
        "Since then?",
        "What has changed since then?",
        "Who disagrees?",
        "Does anyone disagree with that?",
        "who said so",
        "Who else?",
        "What else does Nathan Lambert say?",
        "Does it matter?",
        "Is that true?",
        "Is it legal?",
        "What's his reason?",
        "What does he think of consortia?",
        "Why do they differ?",
        "When will that happen?",
        "How does it compare to Qwen?",
        "How long will it take?",
        "Is this gap closing?",
        "What does Nathan Lambert say about that?",
        "What do others say?",
        "In Europe?",
        "By whom?",
        "and since when?",
        "Is China too?",
        "Closed models as well?",
        "isn’t it wrong?",
    ],
)
def test_a_follow_up_is_put_behind_what_it_takes_up(question):
    assert add_context(question, ["What is a consortium?", FIRST]) == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "What is a consortium?",
        "Why do open and closed models differ?",
        "Why is China ahead?",
        "Who said that open models will catch up?",
        "Who is Nathan Lambert?",
        "What can we learn from open models?",
        "What is the latest?",
        "What is the gap this year?",
        "What does this year bring for open models?",
        "Is it true that open models lag behind?",
        "Is it legal to distill a closed model?",
        "How long does it take to train a model?",
        "Does it matter whether models are open?",
        "What is it that makes an ecosystem compound?",
        "Is there a consortium?",
        "Tell me more about consortia",
        "Explain the performance gap",
        "How do ecosystems compound?",
        "Do open models help or hurt cybersecurity?",
        "Why do labs keep their best models closed?",
        "What do labs gain from open models, and who pays for them?",
        "In 2026, will open models catch up with closed ones?",
        "And what does Nathan Lambert say of the price of training such large models in 2026?",
        "open models",
        "Open weights?",
        "开放模型会赶上吗？",
        "هل ستلحق النماذج المفتوحة؟",
        "",
        "?!",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question):
    assert add_context(question, ["What is a consortium?", FIRST]) == question


@pytest.mark.parametrize("earlier", [[], ["", "  \n"]])
def test_without_an_earlier_question_there_is_nothing_to_follow(earlier):
    assert add_context("Why?", earlier) == "Why?"


@pytest.mark.parametrize(
    ("question", "earlier", "meant"),
    [
        # A new subject takes the place of the last follow-up's; what only points back points at that.
        ("and China?", [FIRST, "and what about Qwen?"], f"{FIRST} and China?"),
        ("Why?", [FIRST, "and what about Qwen?"], f"{FIRST} and what about Qwen? Why?"),
        ("And why?", [FIRST, "and what about Qwen?"], f"{FIRST} and what about Qwen? And why?"),
        # The last question that stands by itself is the subject.
        ("Why?", [FIRST, "Why?", "What is a consortium?"], "What is a consortium? Why?"),
        # However it looks, the first question of a conversation is one.
        ("Why?", ["And China?"], "And China? Why?"),
        ("Why?", ["Deadline?", "And China?"], "Deadline? And China? Why?"),
        # Blanks and a missing mark.
        ("  and\nChina? ", [" open  models\n"], "open models? and China?"),
    ],
)
def test_a_conversation_keeps_its_subject(question, earlier, meant):
    assert add_context(question, earlier) == meant


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("since then?", "Since 1 June 2026?"),
        ("And since then?", "And since 1 June 2026?"),
        ("What has Lambert said since then?", "What has Lambert said since 1 June 2026?"),
        ("who disagrees?", "Who disagrees with Nathan Lambert and Dean W. Ball?"),
        ("But does anyone disagree with that?", "Who disagrees with Nathan Lambert and Dean W. Ball?"),
        ("what do others say?", "what do others than Nathan Lambert and Dean W. Ball say?"),
        ("What do the others think of it?", "What do others than Nathan Lambert and Dean W. Ball think of it?"),
    ],
)
def test_a_follow_up_to_the_answer_is_filled_from_it(question, meant):
    assert refers_to_answer(question)
    assert fill_from_answer(question, date(2026, 6, 1), ["Nathan Lambert", "Dean W. Ball"]) == meant
    assert add_context(question, [FIRST]) == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question", ["Why?", "and since May?", "Who disagrees with Lambert?", "Who said that?", "Then?"]
)
def test_any_other_follow_up_is_to_the_question(question):
    assert not refers_to_answer(question)


def test_where_nobody_is_named_nobody_is_left_out():
    assert fill_from_answer("Who disagrees?", date(2026, 6, 1), []) == "Who disagrees?"
    assert fill_from_answer("Since then?", date(2026, 6, 1), []) == "Since 1 June 2026?"


def test_a_conversation_too_long_to_be_asked_is_left_out():
    assert add_context("Why?", ["x " * (LONGEST // 2)]) == "Why?"


@quick
@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=3))
def test_whatever_was_asked_a_follow_up_ends_in_its_question(question, earlier):
    meant = add_context(question, earlier)
    assert meant == question or (meant.endswith(" ".join(question.split())) and len(meant) <= LONGEST)
