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
NAMES = frozenset({"nathan", "lambert", "dean", "ball"})


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
        "Which of its numbers best foretells how well a tuned model will be liked by people?",
        "ok so what should I do differently on an ordinary day because of that?",
        "Okay, and in Europe?",
        "How much quicker was it in the end?",
        "What kind of names does it come up with?",
        "Which engine is he excited about?",
        "can i get nicer ones somehow?",
        "What would the same thing have cost with a bigger model run by somebody else instead?",
        "which case was that again",
        "can i read the whole thing here?",
        "Who wrote it?",
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
        "Do voters prefer short answers or long ones?",
        "What does Ball say about his essay?",
        "How much of his own time did Lambert give to it?",
        "How many of its matches did Qwen 3 lose?",
        "Which questions should I ask of any benchmark that somebody posts here or elsewhere?",
        "开放模型会赶上吗？",
        "هل ستلحق النماذج المفتوحة؟",
        "",
        "?!",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question):
    assert add_context(question, ["What is a consortium?", FIRST], NAMES) == question


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
        # What was understood of a turn is not its subject for ever.
        ("and China?", [f"{FIRST} and what about Qwen? Why?"], f"{FIRST} and China?"),
        ("Why?", [f"{FIRST} and Qwen? Since when?", "and China?"], f"{FIRST} and China? Why?"),
        ("Which of them use it?", [FIRST, "and distillation?"], f"{FIRST} and distillation? Which of them use it?"),
        # "That" is the last subject.
        ("and what is that exactly?", [FIRST, "and by distillation?"], "and what is distillation exactly?"),
        ("How does it work?", [FIRST, "what about distillation?"], "How does distillation work?"),
        # As it was filled in from an answer: it stands by itself, and is of the question before it.
        ("And in Asia?", [f"{FIRST} Who disagrees with Ann?"], f"{FIRST} Who disagrees with Ann? And in Asia?"),
        # A new subject forgets the one before, with all that followed it.
        ("Why?", [FIRST, "and China?", "What is a consortium?"], "What is a consortium? Why?"),
        # Blanks and a missing mark.
        ("  and\nChina? ", [" open  models\n"], "open models? and China?"),
    ],
)
def test_a_conversation_keeps_its_subject(question, earlier, meant):
    assert add_context(question, earlier) == meant


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("and Claude?", "How much does Qwen cost?", "How much does Claude cost?"),
        ("What about Claude 4 then?", "Is GPT-5 open?", "Is Claude 4 open?"),
        ("ok and Europe?", "Why is China ahead?", "Why is Europe ahead?"),
        ("and RLHF?", "what is distillation?", "what is RLHF?"),
        ("what about reward models?", "Tell me about distillation", "Tell me about reward models"),
        ("and an ecosystem?", "What is a consortium?", "What is an ecosystem?"),
        ("and attention?", "Who invented the transformer?", "Who invented attention?"),
        ("How about scores?", "How do benchmarks work?", "How do scores work?"),
        # Not where it is not plain what would make way, or what is no subject alone.
        ("and Claude?", "Does Qwen lag behind Llama?", "Does Qwen lag behind Llama? and Claude?"),
        ("and China?", FIRST, f"{FIRST} and China?"),
        ("and in Europe?", "What is a consortium?", "What is a consortium? and in Europe?"),
        ("and why?", "What is a consortium?", "What is a consortium? and why?"),
        ("and C?", "What is the difference between A and B?", "What is the difference between A and B? and C?"),
        # People and days are put in their place where they are understood.
        ("and Ball?", "What does Lambert say of Qwen?", "What does Lambert say of Qwen? and Ball?"),
        ("and March?", "What came out in February?", "What came out in February? and March?"),
    ],
)
def test_a_subject_takes_the_place_of_the_one_before(question, before, meant):
    assert add_context(question, ["What is a ferry?", before], NAMES) == meant


def test_a_long_conversation_does_not_pile_up():
    asked = [FIRST]
    for question in ("and China?", "Why?", "and Europe?", "and what about licences?", "Why?", "who said that?"):
        asked.append(add_context(question, asked))
    assert asked[-1] == f"{FIRST} and what about licences? Why? who said that?"
    assert add_context("and Japan?", asked) == f"{FIRST} and Japan?"


def test_what_is_wanted_of_an_answer_stays_no_part_of_the_conversation():
    asked = [FIRST, "and China?", "link?", "who said that?"]
    assert add_context("summarise that", asked) == f"{FIRST} and China? summarise that"
    assert add_context("Why?", asked) == f"{FIRST} and China? Why?"
    assert add_context("more", [FIRST, "what else?"]) == f"{FIRST} what else? more"


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
def test_whatever_was_asked_a_follow_up_can_be_asked(question, earlier):
    meant = add_context(question, earlier)
    assert meant == question or len(meant) <= LONGEST
    assert meant == question or earlier
