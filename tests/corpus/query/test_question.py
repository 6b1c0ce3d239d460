"""What a person asks is cleaned, and what cannot be taken is refused with what to write instead."""

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QuestionRefused
from corpus.query.question import LONGEST, clean_question

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("Will open models catch up?", "Will open models catch up?"),
        ("  Will \t open\n\nmodels\u3000catch\u00a0up? ", "Will open models catch up?"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("open\x00 models\x07\x1b[31m?", "open models[31m?"),
        ("\u202eopen\u202c models\u200b?", "open models?"),
        ("half \ud83d a pair", "half a pair"),
        ("开放模型会赶上吗？", "开放模型会赶上吗？"),
        ("هل ستلحق النماذج المفتوحة؟", "هل ستلحق النماذج المفتوحة؟"),
        ("क्या मॉडल आगे हैं?", "क्या मॉडल आगे हैं?"),
        ("Wie groß ist der Abstand?", "Wie groß ist der Abstand?"),
        ("Was ist e\u0301?", "Was ist e\u0301?"),
        ("🙂 why?", "🙂 why?"),
        ("2026", "2026"),
    ],
    ids=range(13),
)
def test_a_question_becomes_one_line_of_what_can_be_seen(asked, text):
    assert clean_question(asked) == text


@pytest.mark.parametrize(
    "asked",
    ["", "   ", "\n\t\u3000", "\u200b\u200d\ufeff\u2060", "\x00\x07\x1b", "\ud83d", "?!…", "🙂", "--- * ---", "\u0301"],
    ids=ascii,
)
def test_a_question_without_words_is_refused_with_an_example(asked):
    with pytest.raises(QuestionRefused, match=r"Ask in words, for example: Will open models catch up\?"):
        clean_question(asked)


def test_a_question_of_ten_thousand_characters_is_refused_with_both_figures():
    with pytest.raises(QuestionRefused, match="has 10,000 characters; at most 2,000 are read"):
        clean_question("x" * 10_000)


def test_the_longest_question_is_taken_and_one_character_more_is_not():
    assert len(clean_question("x" * LONGEST)) == LONGEST
    with pytest.raises(QuestionRefused):
        clean_question("x" * (LONGEST + 1))


def test_blanks_and_invisible_characters_do_not_count_as_length():
    assert clean_question("x" + " \u200b" * 10_000 + "y") == "x y"


@quick
@given(ANY_TEXT)
def test_any_text_is_cleaned_once_and_for_all_or_refused(text):
    try:
        cleaned = clean_question(text)
    except QuestionRefused:
        return
    assert clean_question(cleaned) == cleaned
    assert len(cleaned.splitlines()) == 1
    cleaned.encode()
