"""A piece as a whole, and the link to it. The model is a toy, so that what is near is what shares words."""

import json
from datetime import date

import pytest

TODAY = date(2026, 11, 28)
ANN, BEA = [{"name": "Ann Archer", "role": "author"}], [{"name": "Bea Q. Binder", "role": "author"}]
FERRIES = (
    "Ferries were late again in May. The crews had no fuel for a day.\n\n"
    "In this essay I argue that the islands need a ferry consortium: no owner can pay for spare ferries alone.\n\n"
    "The harbour café sells soup. A bowl of it is six coins, and bread comes with it.\n\n"
    "Should the towns pay? They already pay for the quays.\n\n"
    "A consortium is the only way in which the islands will keep their ferries."
)
TUNNELS = "Tunnels cost more than bridges do. Rock is hard here, and the machines are rented by the day for much money."
ROWS = [
    (
        "ferries",
        "2026-04-11",
        "paper",
        ANN,
        "The need for a ferry consortium",
        FERRIES,
        "Why islands share.",
        "author",
    ),
    ("tunnels", "2026-06-01", "herald", BEA, "Tunnels or bridges", TUNNELS, "Tunnels cost more.", "summary"),
    (
        "roadmap",
        "2026-07-01",
        "herald",
        BEA,
        "The spring harbour roadmap",
        "The harbour roadmap names three quays to repair.",
        "",
        "author",
    ),
    (
        "roadmap-2",
        "2026-09-01",
        "herald",
        BEA,
        "The autumn harbour roadmap",
        "The new harbour roadmap names a fourth quay.",
        "",
        "author",
    ),
]


@pytest.fixture
def corpus(toy, tmp_path):
    keys = ("id", "published", "source", "people", "title", "text", "summary", "wording")
    lines = [
        dict(zip(keys, row, strict=True), kind="event", tier=2, url=f"https://{row[2]}.example/{row[0]}")
        for row in ROWS
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    toy.refresh([file])
    return toy


def test_a_piece_is_summed_up_in_its_summary_and_the_sentences_that_state_its_thesis(corpus):
    answer = corpus.ask("tl;dr of the consortium essay", today=TODAY)
    assert (answer.outcome, answer.kind) == ("answered", "summary")
    line = "“The need for a ferry consortium”, as its publisher sums it up: Why islands share."
    assert answer.listing.line == line
    quotes = [c.quote for c in answer.citations]
    assert any(quote.startswith("In this essay I argue that the islands need a ferry") for quote in quotes)
    assert quotes[-1] == "A consortium is the only way in which the islands will keep their ferries."
    assert len(quotes) <= 3
    assert not any("soup" in quote or quote.endswith("?") for quote in quotes)
    for citation in answer.citations:
        assert citation.entry.text[citation.start : citation.end] == citation.quote
        assert citation.entry.id == "ferries"


def test_whose_words_a_summary_is_is_told(corpus):
    answer = corpus.ask("summarise Binder's piece on tunnels", today=TODAY)
    assert answer.listing.line == "“Tunnels or bridges”, in our summary: Tunnels cost more."
    assert answer.sentences[0].text.startswith("From a summary of Bea Q. Binder's piece")


def test_of_two_that_fit_alike_the_newest_is_taken_and_the_other_named(corpus):
    answer = corpus.ask("what is the harbour roadmap post about?", today=TODAY)
    assert {c.entry.id for c in answer.citations} == {"roadmap-2"}
    assert "The name fits as well: “The spring harbour roadmap” (1 July 2026)." in answer.notes
    assert answer.listing.line == "“The autumn harbour roadmap” in its own sentences:"


@pytest.mark.parametrize(
    "question",
    [
        "tl;dr of https://paper.example/ferries?utm_source=x",
        "tl;dr of the consortum essay",
        "summarise Archer's last essay",
    ],
)
def test_an_address_a_misspelt_title_and_the_last_one_name_it_too(corpus, question):
    answer = corpus.ask(question, today=TODAY)
    assert {c.entry.id for c in answer.citations} == {"ferries"}


def test_a_link_is_given_from_the_record(corpus):
    answer = corpus.ask("where can I find the tunnels piece?", today=TODAY)
    assert (answer.outcome, answer.listing.line) == (
        "listed",
        "“Tunnels or bridges” is by Bea Q. Binder, published in herald on 1 June 2026:",
    )
    assert [entry.url for entry in answer.listing.entries] == ["https://herald.example/tunnels"]
    both = corpus.ask("link to the harbour roadmap", today=TODAY)
    assert both.listing.line == "2 entries fit, the newest first:"
    assert [entry.id for entry in both.listing.entries] == ["roadmap-2", "roadmap"]


@pytest.mark.parametrize("question", ["thoughts on ferries", "tl;dr of sourdough bread", "link to the recipe for soup"])
def test_what_names_no_piece_is_an_ordinary_question(corpus, question):
    answer = corpus.ask(question, today=TODAY)
    assert answer.listing is None
    assert answer.kind not in {"summary", "entry"}


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "who wrote the consortium essay?",
            "“The need for a ferry consortium” is by Ann Archer, published in paper on 11 April 2026:",
        ),
        (
            "when was the tunnels piece published?",
            "“Tunnels or bridges” is by Bea Q. Binder, published in herald on 1 June 2026:",
        ),
    ],
)
def test_by_whom_and_when_a_piece_is_stands_in_the_record(corpus, question, line):
    answer = corpus.ask(question, today=TODAY)
    assert (answer.outcome, answer.listing.line) == ("listed", line)
