"""Whatever is asked, in any order of words: every way to understand it ends in a value, and in little time."""

from datetime import date

from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.query.catalogue import read_scope
from corpus.query.comparison import find_sides
from corpus.query.entities import index_names
from corpus.query.piece_name import Piece, find_pieces, read_piece_name
from corpus.query.question_kind import classify_content, classify_question
from corpus.query.request_forms import continue_request, find_request

TODAY = date(2026, 12, 1)
NAMES = index_names(("Ann Archer", "Bea Q. Binder"), (("herald", "Harbour Herald"),))
PIECES = (Piece(1, date(2026, 4, 1), frozenset({"ferry", "tolls"}), frozenset({"ann", "archer"})),)
WORDS = """what how many which who essays essay posts guides list all show me since april may 2026 2025 between and
vs compare difference by from in on about of the archer archer's binder harbour herald tolls ferry tl;dr summarise gist
link to is are did has changed publish latest newest new here thanks hi help you ? ! , . “tolls” https://a.example/b 31
february last month""".split()


@quick
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), st.text(max_size=20))
def test_any_row_of_words_is_understood_somehow(words, more):
    question = f"{' '.join(words)} {more}"
    assert classify_content(question).is_content
    classify_question(question)
    sides = find_sides(question, TODAY, NAMES)
    assert sides is None or all(side.topic for side in sides)
    for request in (find_request(question), continue_request(question, "list all essays")):
        if request is not None:
            read_scope(request, TODAY, NAMES)
            name = read_piece_name(request.after, TODAY)
            assert set(find_pieces(name, PIECES, str.split, loose=request.is_loose)) <= {1}
