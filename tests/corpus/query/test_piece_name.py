"""Which piece a question names: by title words, people, source, month, address, the newest; and what names none."""

from datetime import date

import pytest

from corpus.query.piece_name import Piece, PieceName, find_pieces, read_piece_name
from corpus.query.request_forms import find_request

TODAY = date(2026, 12, 1)
STOP = frozenset("the a of on and is what for to in with about".split())


def terms(text):
    return [
        word for word in text.lower().replace("'s", "").replace(":", "").replace("?", "").split() if word not in STOP
    ]


def piece(number, published, title, names, address=""):
    return Piece(number, date.fromisoformat(published), frozenset(terms(title)), frozenset(terms(names)), address)


PIECES = (
    piece(1, "2026-02-17", "Ferries in perpetual delay", "Ann Archer The Paper", "paper.example/delay"),
    piece(2, "2026-04-11", "The need for a ferry consortium", "Ann Archer The Paper"),
    piece(3, "2026-04-15", "My bets on ferries", "Ann Archer The Paper"),
    piece(4, "2026-06-01", "Tunnels and bridges: what the islands need", "Bea Binder Harbour Herald"),
    piece(5, "2026-07-01", "The spring harbour roadmap", "Harbour Herald"),
    piece(6, "2026-09-01", "The autumn harbour roadmap", "Harbour Herald"),
)


def named(question):
    request = find_request(question)
    assert request is not None, "it has not the form of a request"
    return find_pieces(read_piece_name(request.after, TODAY), PIECES, terms, loose=request.is_loose)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("tl;dr of the consortium essay", [2]),
        ("tl;dr of The need for a ferry consortium", [2]),
        ("summarise the piece by Archer on perpetual delay", [1]),
        ("what is Binder's essay on tunnels about?", [4]),
        ("give me the gist of the Herald post about bridges in a line or two", [4]),
        ("tl;dr of Archer's latest essay", [3]),
        ("summarise Binder's interview", [4]),
        ("what does the June essay argue?", [4]),
        ("tl;dr of Archer's February essay", [1]),
        ("link to the bets post", [3]),
        ("where can I read the harbour roadmap post", [6, 5]),
        ("tldr paper.example/delay", []),
        ("thoughts on the need for a ferry consortium", [2]),
        ("summarise Archer's essay", [3, 2, 1]),
    ],
)
def test_a_piece_is_found_by_what_it_is_called(question, numbers):
    assert named(question) == numbers


@pytest.mark.parametrize(
    "question",
    [
        "tl;dr of sourdough",
        "thoughts on ferries",
        "what does Archer argue",
        "what is a consortium about",
        "summarise Miller's essay on tunnels in Japan",
        "tl;dr of the December essay",
    ],
)
def test_what_fits_no_title_well_names_no_piece(question):
    assert named(question) == []


def test_an_address_names_its_piece():
    name = read_piece_name("https://paper.example/delay", TODAY)
    assert name == PieceName("", is_piece=True, address="https://paper.example/delay")
    assert find_pieces(name._replace(address="paper.example/delay"), PIECES, terms) == [1]
