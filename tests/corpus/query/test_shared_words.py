"""Whether a question may be in another language, and what of it an English corpus has all the same."""

import pytest

from corpus.query.entities import index_names
from corpus.query.shared_words import Shared, find_shared, may_be_foreign
from corpus.query.spelling import KnownWords

HELD = {
    "china",
    "rlhf",
    "gpt-5",
    "distillation",
    "benchmark",
    "training",
    "open",
    "comment",
    "die",
    "leolm",
    "2023",
}


class Words:
    words = sorted(HELD)
    counts = dict.fromkeys(HELD, 1)


KNOWN = KnownWords(Words(), frozenset(), lambda text: [text.lower()], HELD.__contains__)
NAMES = index_names(("Ada Quill", "Bo Marsh"), (("harbour", "The Harbour"),))


@pytest.mark.parametrize(
    "question",
    [
        "Warum sind offene Modelle langsamer?",
        "Was sagt Ada Quill über lokale Modelle?",
        "Qu'est-ce que la distillation ?",
        "¿Qué es la destilación?",
        "Che cos'è la distillazione?",
        "O que é destilação?",
        "Dlaczego otwarte modele są wolniejsze?",
        "Почему открытые модели отстают?",
        "RLHF是什么？",
        "GPT-5とClaudeの違いは？",
        "왜 오픈 모델은 뒤처져 있나요?",
    ],
)
def test_a_question_in_another_language_may_be_one(question):
    assert may_be_foreign(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What does Müller say about the Zeitenwende?",
        "Who founded Aleph Alpha in Heidelberg?",
        "Is Mistral's Le Chat any good?",
        "What does 开源 mean?",
        "open weights vs closed weights",
        "Société Générale model",
        "Bundesverfassungsgericht ruling LLMs",
        "Schadenfreude?",
        "déjà vu",
        "wat is distilation",
        "Ada Quill Bo Marsh",
    ],
)
def test_english_with_foreign_names_and_too_few_words_are_none(question):
    assert not may_be_foreign(question)


@pytest.mark.parametrize(
    ("question", "shared"),
    [
        ("Was sagt Ada Quill zu China?", Shared(("Ada Quill",), ("China",))),
        ("Que dit le Harbour de la distillation ?", Shared((), ("Harbour", "distillation"))),
        ("RLHF和GPT-5是什么？", Shared((), ("RLHF", "GPT-5"))),
        ("Что такое benchmark?", Shared((), ("benchmark",))),
        ("Was zeigt LeoLM über das Training am Ende 2023?", Shared((), ("LeoLM", "Training"))),
        ("comment marche la chose open ?", Shared((), ("open",))),
        ("Comment die Modelle denken", Shared()),
        ("Was kostet Qwen im Sommer?", Shared()),
    ],
)
def test_names_terms_and_words_of_titles_are_shared(question, shared):
    assert find_shared(question, NAMES, KNOWN, {"open"}) == shared


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("¿qué opina Ada Quill sobre el consorcio?", ("consortium",)),
        ("brauchen wir ein Konsortium?", ("consortium",)),
        ("Pourquoi la cybersécurité est-elle importante ?", ("cybersecurity",)),
        ("la cybersécurité en China", ("China",)),  # what both share goes first
        ("Was kostet die Konsultation?", ()),
        ("os modelos abertos", ()),  # too short: chance makes them alike
    ],
)
def test_where_nothing_is_shared_words_of_titles_that_are_spelt_alike_are(question, terms):
    assert find_shared(question, NAMES, KNOWN, {"consortium", "cybersecurity", "open", "models"}).terms == terms
