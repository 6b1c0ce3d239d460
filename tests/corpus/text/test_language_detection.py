"""The language of a text, told from the text; what a template says of all its pages does not count for more."""

import pytest

from corpus.text.language import NAMES
from corpus.text.language_detection import detect_in_question, detect_language, settle_language

TEXTS = {
    "de": "Die Stadt hat das offene Modell abgelehnt, weil der Hafen es nicht brauchte. Im Herbst kam es zurück.",
    "fr": "La ville a refusé le modèle ouvert, parce que le port n'en avait pas besoin. Il est revenu en automne.",
    "es": "La ciudad rechazó el modelo abierto porque el puerto no lo necesitaba. Volvió en otoño con otra versión.",
    "pl": "Miasto odrzuciło otwarty model, ponieważ port go nie potrzebował. Jesienią wrócił w nowej wersji.",
    "ja": "市はその公開モデルを採用しなかった。港には必要がなかったからだ。秋になって新しい版が出た。",
    "zh": "这座城市没有采用开放模型，因为港口并不需要它。到了秋天，新的版本又回来了。",
    "ru": "Город отказался от открытой модели, потому что порту она была не нужна. Осенью она вернулась.",
    "en": "The city turned the open model down because the harbour had no need of it. It came back in autumn.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_paragraph_tells_its_language_and_the_same_one_each_time(language):
    assert {detect_language(TEXTS[language]) for _ in range(3)} == {language}


@pytest.mark.parametrize("text", ["", " \n ", "12.5 13.5 14.5", "x = f(x)", "OK.", "!!!"])
def test_what_does_not_tell_a_language_has_none(text):
    assert detect_language(text) is None


@pytest.mark.parametrize("language", [tag for tag in TEXTS if tag != "en"])
def test_a_template_that_says_english_of_a_long_text_in_another_language_loses(language):
    assert settle_language("en", TEXTS[language] * 6) == language
    assert settle_language("en-US", TEXTS[language] * 6) == language


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("en-GB", TEXTS["en"] * 6),
        ("de-AT", TEXTS["de"] * 6),
        ("zh-Hant", TEXTS["zh"] * 6),
        ("fr", "OK."),  # too little to contradict
        ("fr", TEXTS["de"][:60]),
        ("gl", TEXTS["es"] * 6),  # written so nearly alike that the guess may be wrong
        ("en", "x = f(x)\n" * 100),
    ],
)
def test_what_is_stated_stays_where_the_text_does_not_plainly_contradict_it(stated, text):
    assert settle_language(stated, text) == stated


def test_a_text_of_the_longest_kind_is_told_by_some_of_it():
    assert detect_language((TEXTS["de"] + "\n") * 5000) == "de"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Was sagt Archer zu China?", "de"),
        ("Pourquoi les modèles ouverts sont-ils en retard ?", "fr"),
        ("¿Qué es la destilación?", "es"),
        ("O que é destilação?", "pt"),
        ("Che cos'è la distillazione?", "it"),
        ("Waarom lopen open modellen achter?", "nl"),
        ("Açık modeller neden geride?", "tr"),
        ("Чому відкриті моделі відстають?", "uk"),
        ("RLHF是什么？", "zh"),
        ("GPT-5とClaudeの違いは？", "ja"),
        # Too little to be sure.
        ("que opina lambert", None),
        ("llama mistral gemma qwen", None),
        ("FrugalGPT", None),
    ],
)
def test_a_question_tells_its_language_or_nothing(question, language):
    assert detect_in_question(question) == language


def test_each_language_that_is_named_has_a_name_of_its_own():
    assert len(set(NAMES.values())) == len(NAMES) - 2, "Norwegian has three tags"
    assert NAMES["de"] == "German"
