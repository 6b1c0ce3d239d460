"""What a person asks is cleaned, and what cannot be taken is refused with what to write instead."""

from datetime import date

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FilterRefused, QuestionRefused
from corpus.filters import parse_filters, resolve_source
from corpus.models.search import Filters
from corpus.models.sources import Source
from corpus.query.question import LONGEST, clean_question, completed, follow_up, follows_the_answer

SOURCES = {
    "interconnects": Source("interconnects", "Interconnects", 2),
    "huggingface": Source("huggingface", "Hugging Face Blog", 2),
    "footnote": Source("footnote", "Footnote guides", 3),
    "face-value": Source("face-value", "Face Value", 2),
}
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


# The question


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


# The filters


def test_no_filters_filter_nothing():
    assert parse_filters() == Filters()


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-04-20", date(2026, 4, 20), date(2026, 4, 20)),
        ("2026-04", date(2026, 4, 1), date(2026, 4, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        (" 2026-04 ", date(2026, 4, 1), date(2026, 4, 30)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_since_is_the_first_day_of_what_was_written_and_until_the_last(written, first, last):
    assert parse_filters(since=written) == Filters(since=first)
    assert parse_filters(until=written) == Filters(until=last)
    assert parse_filters(since=written, until=written) == Filters(since=first, until=last)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "yesterday",
        "April 2026",
        "2026-13",
        "2026-02-30",
        "2025-02-29",
        "2026-4",
        "2026-4-1",
        "26",
        "20260420",
        "2026/04/20",
        "20.04.2026",
        "2026-04-20T00:00",
        "2026-04-20 ; DROP TABLE",
        "-2026",
        "0000",
        "12026",
        "２０２６",
        "x" * 10_000,
        "\u202e2026",
        "2026-04-20\0",
    ],
    ids=range(22),
)
def test_what_is_no_date_is_refused_by_its_filter_with_how_to_write_one(name, written):
    with pytest.raises(
        FilterRefused, match=f"The filter {name} is no date.*Write it as 2026-06-01, 2026-06 or 2026"
    ) as e:
        parse_filters(**{name: written})
    assert len(str(e.value)) < 200
    assert str(e.value).isprintable()


@pytest.mark.parametrize(
    ("since", "until"), [("2026-05", "2026-04"), ("2026-04-21", "2026-04-20"), ("2027", "2026-12-31")]
)
def test_a_span_that_ends_before_it_begins_is_refused(since, until):
    with pytest.raises(FilterRefused, match=f"since {since} and until {until}; exchange the two"):
        parse_filters(since=since, until=until)


def test_a_month_may_begin_within_the_last_day():
    assert parse_filters(since="2026-04-30", until="2026-04") == Filters(
        since=date(2026, 4, 30), until=date(2026, 4, 30)
    )


@pytest.mark.parametrize(
    ("written", "kind"), [("event", "event"), ("guide", "guide"), ("Guide", "guide"), ("EVENT", "event")]
)
def test_a_kind_is_event_or_guide_in_any_case(written, kind):
    assert parse_filters(kind=written) == Filters(kind=kind)


@pytest.mark.parametrize("written", ["", "essay", "guides", "event guide"])
def test_another_kind_is_refused_with_the_two_that_exist(written):
    with pytest.raises(FilterRefused, match="it is event or guide"):
        parse_filters(kind=written)


@pytest.mark.parametrize("name", ["source", "person"])
def test_a_name_is_taken_without_the_blanks_around_and_within_it(name):
    assert parse_filters(**{name: "  Dean \n W.  Ball "}) == Filters(**{name: "Dean W. Ball"})


@pytest.mark.parametrize("name", ["source", "person"])
@pytest.mark.parametrize("written", ["", "  ", "x" * 201])
def test_a_name_that_is_none_is_refused_by_its_filter(name, written):
    with pytest.raises(FilterRefused, match=f"The filter {name} is empty or too long; give a name, or leave it out"):
        parse_filters(**{name: written})


@quick
@given(*[st.none() | ANY_TEXT | st.dates().map(str)] * 2, *[st.none() | ANY_TEXT] * 3)
def test_any_filters_are_taken_or_refused(since, until, source, person, kind):
    try:
        filters = parse_filters(since, until, source, person, kind)
    except FilterRefused:
        return
    assert filters.since is None or filters.until is None or filters.since <= filters.until
    assert filters.kind in {None, "event", "guide"}
    assert filters.source is None or filters.source.strip()


# The source


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("interconnects", "interconnects"),
        ("Interconnects", "interconnects"),
        ("INTER", "interconnects"),
        ("Hugging Face Blog", "huggingface"),
        ("hugging", "huggingface"),
        ("guides", "footnote"),
        ("face value", "face-value"),
        ("undescribed", "undescribed"),
    ],
)
def test_a_source_is_known_by_its_slug_its_name_or_a_part_of_one(written, slug):
    found = resolve_source(Filters(source=written, person="Ball", kind="guide"), SOURCES, ["undescribed"])
    assert found == Filters(source=slug, person="Ball", kind="guide")


def test_a_whole_name_is_chosen_before_those_that_contain_it():
    sources = {"one": Source("one", "Face", 1), "two": Source("two", "Face Value", 1)}
    assert resolve_source(Filters(source="face"), sources, []).source == "one"


def test_a_part_that_fits_several_sources_is_refused_with_those():
    with pytest.raises(FilterRefused, match="“face” fits several sources; the choice is: face-value, huggingface"):
        resolve_source(Filters(source="face"), SOURCES, [])


def test_an_unknown_source_is_refused_with_all_there_are():
    with pytest.raises(FilterRefused, match="is no source of this corpus") as caught:
        resolve_source(Filters(source="nytimes"), SOURCES, ["undescribed"])
    assert "face-value, footnote, huggingface, interconnects, undescribed" in str(caught.value)


def test_a_corpus_without_sources_says_so():
    with pytest.raises(FilterRefused, match="none yet"):
        resolve_source(Filters(source="interconnects"), {}, [])


def test_filters_without_a_source_stay_as_they_are():
    filters = Filters(since=date(2026, 1, 1), person="Ball")
    assert resolve_source(filters, SOURCES, []) == filters


@pytest.mark.parametrize("written", ["x" * 200, "\x1b[2J\u202enytimes"])
def test_a_refused_source_is_shown_short_and_printable(written):
    with pytest.raises(FilterRefused) as caught:
        resolve_source(Filters(source=written), SOURCES, [])
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("day", ["2026-00-15", "2026-00", "2026-04-00", "0000"])
def test_a_zero_is_no_month_and_no_day(day):
    for name in ("since", "until"):
        with pytest.raises(FilterRefused, match="is no date"):
            parse_filters(**{name: day})


def test_an_exact_slug_wins_over_a_name():
    sources = {"a": Source("a", "B", 2), "b": Source("b", "Other", 2)}
    assert resolve_source(Filters(source="b"), sources, []).source == "b"


# A follow-up

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
    assert follow_up(question, ["What is a consortium?", FIRST]) == f"{FIRST} {question}"


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
    assert follow_up(question, ["What is a consortium?", FIRST]) == question


@pytest.mark.parametrize("earlier", [[], ["", "  \n"]])
def test_without_an_earlier_question_there_is_nothing_to_follow(earlier):
    assert follow_up("Why?", earlier) == "Why?"


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
    assert follow_up(question, earlier) == meant


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
def test_a_follow_up_to_the_answer_is_completed_by_it(question, meant):
    assert follows_the_answer(question)
    assert completed(question, date(2026, 6, 1), ["Nathan Lambert", "Dean W. Ball"]) == meant
    assert follow_up(question, [FIRST]) == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question", ["Why?", "and since May?", "Who disagrees with Lambert?", "Who said that?", "Then?"]
)
def test_any_other_follow_up_is_to_the_question(question):
    assert not follows_the_answer(question)


def test_where_nobody_is_named_nobody_is_left_out():
    assert completed("Who disagrees?", date(2026, 6, 1), []) == "Who disagrees?"
    assert completed("Since then?", date(2026, 6, 1), []) == "Since 1 June 2026?"


def test_a_conversation_too_long_to_be_asked_is_left_out():
    assert follow_up("Why?", ["x " * (LONGEST // 2)]) == "Why?"


@quick
@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=3))
def test_whatever_was_asked_a_follow_up_ends_in_its_question(question, earlier):
    meant = follow_up(question, earlier)
    assert meant == question or (meant.endswith(" ".join(question.split())) and len(meant) <= LONGEST)
