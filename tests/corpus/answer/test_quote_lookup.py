"""A quote shown in its paragraph: found again after the entry has changed, or said to be gone."""

import pytest
from build import entry, quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.quote_lookup import BESIDE, add_context, find_quote, quote_hash
from corpus.models.search import Span
from corpus.models.sources import Source

SOURCE = Source("interconnects", "Interconnects", 2)
QUOTE = "The gap is six months."
TEXT = f"# The gap\n\nOpen models are behind. {QUOTE} It may close.\n\nAnother paragraph."


def place(text, quote=QUOTE):
    start = text.index(quote)
    return start, start + len(quote)


def found(text, was=TEXT, quote=QUOTE):
    """The quote as a face finds it in `text`, when it was cited from `was`."""
    span = find_quote(text, *place(was, quote), quote_hash(quote))
    return None if span is None else text[span.start : span.end]


def shown(text, quote=QUOTE):
    context = add_context(entry(text=text), SOURCE, Span(*place(text, quote)))
    return context.before, context.quote, context.after


def test_the_hash_of_a_quote_fits_into_a_button_and_tells_quotes_apart():
    assert quote_hash(QUOTE) == quote_hash(QUOTE)
    assert quote_hash(QUOTE) != quote_hash("The gap is nine months.")
    assert len(quote_hash(QUOTE)) == 8
    assert quote_hash("half \ud83d a pair")


@pytest.mark.parametrize(
    "now",
    [
        TEXT,
        f"A new opening. {TEXT}",
        f"{QUOTE} And nothing else.",
        f"It said:\n- {QUOTE}",
        TEXT.replace("Open models", "Closed models, of all things,"),
        QUOTE,
    ],
    ids=range(6),
)
def test_a_quote_is_found_where_it_stands_now(now):
    assert found(now) == QUOTE


@pytest.mark.parametrize("now", ["", "Short.", TEXT.replace("six", "ten"), TEXT.replace("six", "nine"), "x" * 9000])
def test_a_quote_that_was_taken_out_or_altered_is_not_found(now):
    assert found(now) is None


def test_of_two_equal_stretches_the_nearer_is_meant():
    twice = f"{QUOTE} {'Much stands between the two. ' * 5}{QUOTE}"
    near_the_end = len(twice) - len(QUOTE) - 3
    span = find_quote(twice, near_the_end, near_the_end + len(QUOTE), quote_hash(QUOTE))
    assert span == Span(len(twice) - len(QUOTE), len(twice))


def test_a_quote_in_a_script_without_blanks_is_found_again():
    was = "开放模型落后。差距是六个月。"
    assert found(f"新的开头。{was}", was, "差距是六个月。") == "差距是六个月。"


@pytest.mark.parametrize(("start", "end"), [(-5, 3), (5, 5), (9, 3), (0, 10**9), (10**9, 10**9 + 5)])
def test_a_place_that_is_none_finds_nothing(start, end):
    assert find_quote(TEXT, start, end, quote_hash("")) is None


def test_the_paragraph_is_what_stands_between_blank_lines():
    assert shown(TEXT) == ("Open models are behind. ", QUOTE, " It may close.")
    assert shown(TEXT.replace("\n\n", "\n \t\n")) == ("Open models are behind. ", QUOTE, " It may close.")
    assert shown(QUOTE) == ("", QUOTE, "")
    assert shown(f"One line\n{QUOTE}\nand the next") == ("One line\n", QUOTE, "\nand the next")


def test_a_long_paragraph_is_cut_at_a_sentence():
    sentence = "Open models are behind, and the labs know it. "
    before, quote, after = shown(f"{sentence * 40}{QUOTE} {sentence * 40}")
    assert quote == QUOTE
    assert before.startswith("… Open models")
    assert after.endswith("know it. …")
    assert BESIDE // 2 < len(before) <= BESIDE + 2
    assert BESIDE // 2 < len(after) <= BESIDE + 2


def test_a_paragraph_of_one_long_sentence_is_cut_at_a_word():
    before, _, after = shown(f"{'words go on ' * 200}{QUOTE} {'words go on ' * 200}")
    assert before.split()[:2] in (["…", "words"], ["…", "go"], ["…", "on"])
    assert after.split()[-2:] in (["words", "…"], ["go", "…"], ["on", "…"])


def test_a_paragraph_without_blanks_is_cut_all_the_same():
    before, _, after = shown(f"{'x' * 3000}. {QUOTE} {'y' * 3000}")
    assert max(len(before), len(after)) <= BESIDE + 2


@quick
@given(st.text("ab .\n。é", max_size=300), st.text("ab .\n。é", max_size=300), st.text("abé", min_size=1, max_size=9))
def test_whatever_stands_around_it_the_parts_join_to_a_stretch_of_the_text(above, below, quote):
    text = f"{above} {quote} {below}"
    start = len(above) + 1
    assert find_quote(text, start, start + len(quote), quote_hash(quote)) == Span(start, start + len(quote))
    context = add_context(entry(text=text), SOURCE, Span(start, start + len(quote)))
    assert context.quote == quote
    assert context.before + context.quote + context.after in text
    assert not any(line.strip() == "" for line in (context.before + quote + context.after).split("\n")[1:-1])
