"""A text in passages and sentences: nothing lost, nothing cut that need not be, nothing larger than may be."""

import re

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.index.chunking import PASSAGE, SENTENCE, split_passages, split_sentences

TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(" \n\r\t.!?;:,|-*1aB。、\u3000\u2028\x85\x1c\u200b'\"“”()", max_size=200),
    st.lists(
        st.sampled_from(
            ["Mr. ", "e.g. ", "A. B. ", "\n\n", "\r\n", "\n- a", "\n1. ", "“No.” ", "。", "🙂", "x" * 300, "ab "]
        ),
        max_size=30,
    ).map("".join),
)


def words(texts):
    return [len(text.split()) for text in texts]


def characters(texts):
    return [len(text) for text in texts]


def said(text):
    return [text[s.start : s.end] for s in split_sentences(text)]


def check(text, count_tokens, window):
    """The promises that hold for any text; returns its passages."""
    passages = split_passages(text, count_tokens, window)
    assert "".join(text[p.start : p.end] for p in passages) == (text if text.strip() else "")
    last = 0
    for passage in passages:
        assert passage.sentences
        assert len(text[passage.start : passage.end].strip()) <= PASSAGE
        for sentence in passage.sentences:
            quote = text[sentence.start : sentence.end]
            assert passage.start <= sentence.start < sentence.end <= passage.end
            assert sentence.start >= last
            assert quote == quote.strip()
            assert len(quote) <= SENTENCE
            last = sentence.end
        tokens = sum(count_tokens([text[s.start : s.end] for s in passage.sentences]))
        assert tokens <= window or (len(passage.sentences) == 1 and len(quote) == 1)
    kept = "".join(text[s.start : s.end] for p in passages for s in p.sentences)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", text)
    return passages


@quick
@given(TEXTS, st.integers(1, 60))
def test_any_text_is_split_without_loss_within_both_limits(text, window):
    check(text, words, window)
    check(text, characters, window)


@quick
@given(TEXTS)
def test_splitting_is_the_same_each_time(text):
    assert split_passages(text, words, 50) == split_passages(text, words, 50)


@pytest.mark.parametrize(
    "sentences",
    [
        ["In Anthropic v. Department of War the court ruled.", "It was close."],
        ["Use e.g. Llama or Qwen, i.e. open models.", "Yes."],
        ["It grew from 1.2 to 3.5 times.", "Dr. Smith and Mr. Ball agreed."],
        ["Nathan C. Lambert wrote it.", "Dean W. Ball replied."],
        ["The U.S. government acted.", "It paid $1.5 million."],
        ["See Fig. 3 and No. 5 on p. 12.", "It ends there."],
        ["At 5 p.m. it ended.", "On Jan. 5 it began again."],
        ["He said “Stop. Now.” and left.", "Nobody followed."],
        ["Version v1.5 of vLLM is on example.com.", "OpenAI has o1."],
        ["Will they catch up?", "They will!", "Perhaps."],
        ["It goes on... and on.", "It stops."],
    ],
    ids=lambda sentences: sentences[0],
)
def test_a_sentence_ends_where_a_reader_would_end_it(sentences):
    assert said(" ".join(sentences)) == sentences


def test_chinese_sentences_end_at_their_own_full_stops():
    assert said("开放模型会赶上吗？我认为会。他们进步很快！") == ["开放模型会赶上吗？", "我认为会。", "他们进步很快！"]


def test_a_heading_and_a_paragraph_are_not_one_sentence():
    assert said("# The gap\n\nOpen models are behind.\n\nStill") == ["# The gap", "Open models are behind.", "Still"]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "12) "])
def test_each_item_of_a_list_is_a_sentence(mark):
    items = [f"{mark}open weights", f"{mark}open data", f"{mark}open code"]
    assert said("They ask for three things:\n" + "\n".join(items)) == ["They ask for three things:", *items]


def test_a_sentence_wrapped_over_lines_stays_whole():
    text = "Open models are\nsix months behind\nthe closed ones. They catch up."
    assert said(text) == ["Open models are\nsix months behind\nthe closed ones.", "They catch up."]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", " \t\r\n\u3000\u2028 "])
def test_white_space_alone_has_no_passages(text):
    assert split_passages(text, words, 100) == []
    assert said(text) == []


@pytest.mark.parametrize("edge", [" ", "\n\n", "\t \r\n", "\u3000", "\u2028", "\ufeff"])
def test_white_space_at_the_edges_stays_in_the_passage_and_out_of_the_sentences(edge):
    text = f"{edge}Open models are behind.{edge}{edge}They catch up.{edge}"
    [passage] = check(text, words, 100)
    assert (passage.start, passage.end) == (0, len(text))


def test_a_short_text_is_one_passage():
    [passage] = check("Open models are behind. They catch up.", words, 100)
    assert len(passage.sentences) == 2


def test_passages_are_filled_with_whole_sentences_as_far_as_they_fit():
    sentences = [f"Sentence number {n:03} says that open models are closer than they were." for n in range(100)]
    text = " ".join(sentences)
    passages = check(text, words, 10_000)
    assert [text[s.start : s.end] for p in passages for s in p.sentences] == sentences
    assert all(p.end - p.start > PASSAGE - 2 * len(sentences[0]) for p in passages[:-1])


def test_the_models_window_limits_a_passage_before_its_characters_do():
    text = " ".join(f"Sentence {n} has six words." for n in range(30))
    passages = check(text, words, 12)
    assert [len(p.sentences) for p in passages] == [2] * 15


def test_a_sentence_at_the_limit_is_not_cut_and_one_beyond_it_is():
    whole = "x" * (SENTENCE - 1) + "."
    assert said(whole) == [whole]
    assert len(said("x" + whole)) == 2


def test_a_long_sentence_is_cut_between_words():
    text = "word " * 300 + "end."
    parts = said(text)
    assert " ".join(parts) == text
    assert min(map(len, parts)) > SENTENCE / 8


@pytest.mark.parametrize("mark", [";", ":", ","])
def test_a_long_sentence_is_cut_behind_a_clause_rather_than_inside_it(mark):
    text = f"{mark} ".join("one clause that has several words" for _ in range(40)) + "."
    assert {part[-1] for part in said(text)} == {mark, "."}


def test_a_long_sentence_is_cut_behind_a_semicolon_rather_than_a_comma():
    text = " ".join("first this, second that, third another;" for _ in range(40)) + " done."
    assert {part[-1] for part in said(text)} == {";", "."}


def test_a_long_sentence_is_not_cut_into_a_crumb_and_the_rest():
    text = "Well, " + "word " * 110 + "end."
    assert min(map(len, said(text))) > len(text) / 8


def test_a_long_table_is_cut_between_its_rows():
    rows = [f"| model {n} | {n}.5 points | open |" for n in range(60)]
    table = "\n".join(["| name | score | kind |", "| --- | --- | --- |", *rows])
    passages = check(table, words, 200)
    quotes = [table[s.start : s.end] for p in passages for s in p.sentences]
    assert all(quote.startswith("|") and quote.endswith("|") for quote in quotes)
    assert len(quotes) > 1


@pytest.mark.parametrize(
    "text",
    ["word " * 20_000, "x" * 100_000, "模型" * 20_000, "a\n" * 20_000, "a;b " * 20_000, "." * 20_000, "A. " * 20_000],
    ids=["words", "one word", "Chinese", "lines", "clauses", "full stops", "initials"],
)
def test_one_giant_line_is_split_like_any_text(text):
    assert len(check(text, words, 200)) >= len(text.strip()) / PASSAGE


def test_a_script_in_which_each_character_is_a_token_is_cut_to_the_models_window():
    text = "开放模型的差距正在缩小，许多人认为它们会赶上，" * 60
    passages = check(text, characters, 100)
    assert all(p.end - p.start <= 100 for p in passages)


def test_a_character_that_alone_exceeds_the_window_is_kept():
    check("模型 型模", lambda texts: [3 * len(text) for text in texts], 2)


@pytest.mark.parametrize("text", ["plan A\u00a0.", "I\u00a0.\u00a0.\u00a0.", "Nous disons\u202f: oui\u2009. Non."])
def test_white_space_of_any_kind_before_a_full_stop(text):
    """The segmenter panics at these as they stand."""
    assert "".join(text[s.start : s.end] for s in split_sentences(text)).replace(" ", "") == text.replace(" ", "")


def test_a_long_text_of_open_quotation_marks_takes_no_quadratic_time():
    assert split_sentences("“" * 300_000)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Results\nRevenue rose by a tenth in the year.", ["Results", "Revenue rose by a tenth in the year."]),
        (
            "It was released in spring.\n= Reception =\nCritics liked it. It sold well over the whole year.",
            ["It was released in spring.", "= Reception =", "Critics liked it.", "It sold well over the whole year."],
        ),
        ("Flower Fairies, 1985\nSimon the Swan, 1988", ["Flower Fairies, 1985", "Simon the Swan, 1988"]),
        # Broken to fit a width: the lines are as long as they could be.
        (
            "Open models were for many years, says\nLambert, much smaller than the models of\nAnthropic. Yes,\nBy far.",
            [
                "Open models were for many years, says\nLambert, much smaller than the models of\nAnthropic.",
                "Yes,",
                "By far.",
            ],
        ),
        ("A heading\nthat goes on in small letters.", ["A heading\nthat goes on in small letters."]),
        ("One.\n \n\nTwo", ["One.", "Two"]),
    ],
)
def test_a_line_that_was_not_broken_to_fit_a_width_ends_a_sentence(text, sentences):
    assert said(text) == sentences
