"""The sentences of an answer: who says it, where and when, and the exact words; a summary's never as a quotation."""

from datetime import date

import pytest
from build import compose, entry, hit, quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.select import Quote
from corpus.answer.writers.quotes import lead_in
from corpus.models.entries import Person
from corpus.models.sources import Source
from corpus.text.dates import written_day

SOURCES = {"interconnects": Source("interconnects", "Interconnects", 2, piece="essay")}
WORDS = "Open models are six months behind."


def people(role, *names):
    return tuple(Person(name, role) for name in names)


def quote(found, number=0):
    sentence = found.sentences[number]
    return Quote(found, sentence.start, sentence.end)


def told(*quotes, sources=SOURCES):
    return [sentence.text for sentence in compose(quotes, sources)[0]]


AUTHORS = [
    (people("author", "Nathan Lambert"), "Nathan Lambert, Interconnects, 1 June 2026"),
    (people("author", "A", "B"), "A and B, Interconnects, 1 June 2026"),
    (people("author", "A", "B", "C"), "A, B and C, Interconnects, 1 June 2026"),
    (people("author", "A", "B", "C", "D"), "A, B and 2 others, Interconnects, 1 June 2026"),
    (people("author", *"ABCDEFGHIJKLM"), "A, B and 11 others, Interconnects, 1 June 2026"),
    (people("host", "A"), "A, Interconnects, 1 June 2026"),
    (people("author", "A") + people("host", "B"), "A, Interconnects, 1 June 2026"),
    ((), "Interconnects, 1 June 2026"),
    (people("guest", "G") + people("host", "H"), "interview of G by H, Interconnects, 1 June 2026"),
    (
        people("guest", "G", "I") + people("host", "H", "K"),
        "interview of G and I by H and K, Interconnects, 1 June 2026",
    ),
    (people("guest", "G"), "interview of G, Interconnects, 1 June 2026"),
]
SUMMARIES = [
    (people("author", "Nathan Lambert"), "a summary of Nathan Lambert's essay, 1 June 2026"),
    (people("author", "A", "B"), "a summary of A and B's essay, 1 June 2026"),
    (people("author", "A", "B", "C", "D"), "a summary of the essay by A, B and 2 others, 1 June 2026"),
    (people("host", "A"), "a summary of A's essay, 1 June 2026"),
    ((), "a summary of an essay in Interconnects, 1 June 2026"),
    (people("guest", "G") + people("host", "H"), "a summary of G's interview with H, 1 June 2026"),
    (people("guest", "G"), "a summary of an interview with G, 1 June 2026"),
]


@pytest.mark.parametrize(("who", "lead"), AUTHORS, ids=range(len(AUTHORS)))
def test_an_authors_words_stand_in_quotation_marks_behind_who_where_and_when(who, lead):
    assert told(quote(hit((WORDS, 0.9), people=who))) == [f"{lead}: “{WORDS}”"]


@pytest.mark.parametrize(("who", "lead"), SUMMARIES, ids=range(len(SUMMARIES)))
def test_a_summarys_words_stand_without_quotation_marks_behind_whose_piece_it_sums_up(who, lead):
    assert told(quote(hit((WORDS, 0.9), people=who, wording="summary"))) == [f"From {lead}: {WORDS}"]


def test_a_publication_that_is_called_as_its_author_is_not_named_twice():
    found = hit((WORDS, 0.9), people=people("author", "Bo Marsh"), source="bo-marsh")
    assert told(quote(found), sources={"bo-marsh": Source("bo-marsh", "Bo Marsh", 2)}) == [
        f"Bo Marsh, 1 June 2026: “{WORDS}”"
    ]


def test_a_second_quote_of_an_author_needs_no_second_introduction():
    found = hit(("First sentence here.", 0.9), ("Second sentence here.", 0.8), ("Third sentence here.", 0.7))
    assert told(quote(found, 0), quote(found, 2)) == [
        "Nathan Lambert, Interconnects, 1 June 2026: “First sentence here.”",
        "“Third sentence here.”",
    ]


def test_a_second_sentence_of_a_summary_says_again_that_it_is_one():
    found = hit(("First sentence here.", 0.9), ("Second.", 0.8), ("Third sentence here.", 0.7), wording="summary")
    assert told(quote(found, 0), quote(found, 2)) == [
        "From a summary of Nathan Lambert's essay, 1 June 2026: First sentence here.",
        "From the same summary: Third sentence here.",
    ]


@pytest.mark.parametrize(
    ("wording", "first", "second"),
    [
        ("author", "Nathan Lambert, Interconnects, 1 June 2026: ", ""),
        ("summary", "From a summary of Nathan Lambert's essay, 1 June 2026: ", "From the same summary: "),
    ],
)
def test_a_face_can_set_the_lead_in_apart_from_the_quote(wording, first, second):
    """Whatever the quote holds: a colon, a mark, a lead-in of its own."""
    words = "Nathan Lambert, Interconnects: “so it is”."
    found = hit((words, 0.9), ("Second sentence here.", 0.1), (words, 0.9), wording=wording)
    sentences, _ = compose([quote(found, 0), quote(found, 2)], SOURCES)
    assert [s.lead for s in sentences] == [first, second]
    marked = words if wording == "summary" else f"“{words}”"
    assert [s.text.removeprefix(s.lead) for s in sentences] == [marked, marked]


def test_a_source_that_nobody_described_is_named_by_its_slug():
    assert told(quote(hit((WORDS, 0.9))), sources={}) == [f"Nathan Lambert, interconnects, 1 June 2026: “{WORDS}”"]
    summary = hit((WORDS, 0.9), wording="summary")
    assert told(quote(summary), sources={}) == [f"From a summary of Nathan Lambert's piece, 1 June 2026: {WORDS}"]
    nobodys = hit((WORDS, 0.9), wording="summary", people=())
    assert "a piece in interconnects" in told(quote(nobodys), sources={})[0]


def test_the_same_author_in_two_entries_is_introduced_twice_with_both_dates():
    april = hit((WORDS, 0.9), id="april", published=date(2026, 4, 20))
    june = hit(("Open models are nine months behind.", 0.9), id="june", published=date(2026, 6, 1))
    first, second = told(quote(april), quote(june))
    assert "20 April 2026" in first
    assert second.startswith("Nathan Lambert, Interconnects, 1 June 2026: ")


def test_entries_are_numbered_in_the_order_they_are_quoted_and_keep_their_number():
    a = hit(("First of a.", 0.9), ("Second of a.", 0.9), id="a")
    b, c = hit((WORDS, 0.9), id="b"), hit((WORDS, 0.9), id="c")
    sentences, citations = compose([quote(b), quote(a, 0), quote(a, 1), quote(c)], SOURCES)
    assert [s.citations for s in sentences] == [(1,), (2,), (2,), (3,)]
    assert [(c.number, c.entry.id) for c in citations] == [(1, "b"), (2, "a"), (2, "a"), (3, "c")]


def test_two_passages_of_one_entry_share_its_number():
    whole = hit(("First of a.", 0.9), ("Second of a.", 0.9))
    late = type(whole)(whole.entry, 12, len(whole.entry.text), 1.0, 0.9, whole.sentences[1:])
    _, citations = compose([quote(whole), quote(late)], SOURCES)
    assert [c.number for c in citations] == [1, 1]
    assert [c.passage for c in citations] == ["First of a. Second of a.", "Second of a."]


def test_nothing_to_quote_is_no_sentence_and_no_citation():
    assert compose([], SOURCES) == ([], [])


@pytest.mark.parametrize("wording", ["author", "summary"])
@pytest.mark.parametrize(
    "words",
    [
        'He said "stop" and left.',
        "“Nested,” they said.",
        "Two\n\nparagraphs.",
        "**bold** [1] `code` @everyone",
        "🙂\u2028x",
    ],
    ids=range(5),
)
def test_the_quote_is_the_exact_stretch_of_the_text_and_the_sentence_holds_it(words, wording):
    found = hit(("Before it.", 0.1), (words, 0.9), ("After it.", 0.1), wording=wording)
    [sentence], [citation] = compose([quote(found, 1)], SOURCES)
    assert citation.quote == words == found.entry.text[citation.start : citation.end]
    assert citation.quote in citation.passage
    assert words in sentence.text


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
PEOPLE = st.lists(st.builds(Person, TEXT, st.sampled_from(["author", "host", "guest"])), max_size=5).map(tuple)


@quick
@given(TEXT, PEOPLE, st.booleans(), st.sampled_from(["author", "summary"]))
def test_whoever_speaks_the_words_are_exact_and_marked_as_what_they_are(words, who, described, wording):
    found = hit((words, 0.9), people=who, wording=wording)
    [sentence], [citation] = compose([quote(found)], SOURCES if described else {})
    lead = lead_in(found.entry, SOURCES if described else {})
    assert citation.quote == words
    assert sentence.text == (f"{lead}: “{words}”" if wording == "author" else f"From {lead}: {words}")
    assert "1 June 2026" in lead
    assert sentence.text.startswith(sentence.lead)


@pytest.mark.parametrize("wording", ["author", "summary"])
def test_no_name_beyond_the_third_makes_a_lead_in_longer(wording):
    few, many = (entry(people=people("author", *["Nobody"] * n), wording=wording) for n in (4, 9))
    assert len(lead_in(few, SOURCES)) == len(lead_in(many, SOURCES))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 1), "1 January 2026"),
        (date(2024, 2, 29), "29 February 2024"),
        (date(2025, 12, 31), "31 December 2025"),
    ],
)
def test_a_day_is_written_in_english(day, written):
    assert written_day(day) == written
