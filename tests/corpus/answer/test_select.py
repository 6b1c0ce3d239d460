"""Which sentences an answer quotes: at most five, the best, nothing twice, in an order that can be read."""

import itertools
from dataclasses import replace
from datetime import date

import pytest
from build import compose, entry, hit, quick, words_of
from hypothesis import given
from hypothesis import strategies as st

from corpus.answer.coverage import Asked, share_terms
from corpus.answer.select import (
    MOST,
    PASSAGES,
    Quote,
    choose_best_of_each,
    choose_quotes,
)
from corpus.answer.sentences import begins_inside, ends_inside
from corpus.models.entries import Person
from corpus.models.question_kind import QuestionKind


def distinct(name, count=1):
    """Sentences that share no word."""
    return [f"Alpha{name}{n} beta{name}{n} gamma{name}{n} delta{name}{n} epsilon{name}{n}." for n in range(count)]


def said(quotes):
    return [q.hit.entry.text[q.start : q.end] for q in quotes]


def chosen_of(hits, question=""):
    return list(choose_quotes(hits, words_of(question), words_of).quotes)


def fates(*hits):
    """Sentence → what became of it, best first."""
    considered = choose_quotes(hits, [], words_of).considered
    return [(c.hit.entry.text[c.start : c.end], f"{c.outcome} {c.repeats or ''}".strip()) for c in considered]


def test_nothing_found_is_nothing_quoted():
    assert chosen_of([]) == []


def test_a_hit_without_sentences_is_nothing_quoted():
    assert chosen_of([hit()]) == []


def test_the_one_good_sentence_is_quoted_exactly_and_alone():
    [bad, good, other] = distinct("a", 3)
    found = hit((bad, 0.1), (good, 0.9), (other, 0.2))
    [quote] = chosen_of([found])
    assert said([quote]) == [good]
    assert quote.hit is found


def test_at_most_five_sentences_are_quoted_and_they_are_the_best():
    hits = [hit((distinct(f"h{n}")[0], 0.9 + n / 1000), id=f"e{n}") for n in range(8)]
    assert said(chosen_of(hits)) == [distinct(f"h{n}")[0] for n in (7, 6, 5, 4, 3)]


def test_five_joined_sentences_still_count_as_five():
    sentences = distinct("a", 9)
    [quote] = chosen_of([hit(*[(s, 0.9) for s in sentences])])
    assert said([quote]) == [" ".join(sentences[:MOST])]


def test_sentences_far_worse_than_the_best_are_left_out():
    hits = [hit((distinct("a")[0], 0.9), id="a"), hit((distinct("b")[0], 0.3), id="b")]
    assert [q.hit.entry.id for q in chosen_of(hits)] == ["a"]


def test_only_the_best_passages_are_looked_at():
    hits = [hit((distinct(f"h{n}")[0], 0.5), id=f"e{n}") for n in range(PASSAGES)]
    hits.append(hit((distinct("late")[0], 1.0), id="late"))
    assert "late" not in {q.hit.entry.id for q in chosen_of(hits)}


@pytest.mark.parametrize(
    "copy",
    [
        "Open models are six months behind the closed ones today.",
        "OPEN models are six months behind the closed ones, today!",
        "Today open models are six months behind the closed ones.",
    ],
)
def test_what_two_entries_say_in_the_same_words_is_quoted_once(copy):
    original = "Open models are six months behind the closed ones today."
    assert said(chosen_of([hit((original, 0.9), id="a"), hit((copy, 0.89), id="b")])) == [original]


def test_what_one_entry_says_twice_is_quoted_once():
    sentence = "Open models are six months behind the closed ones today."
    [other] = distinct("a")
    assert len(chosen_of([hit((sentence, 0.9), (other, 0.1), (sentence, 0.9))])) == 1


def test_of_two_copies_the_primary_source_is_quoted_even_when_found_second():
    sentence = "Open models are six months behind the closed ones today."
    retold = hit((sentence, 0.9), id="retold", tier=2)
    primary = hit((sentence, 0.9), id="primary", tier=1)
    assert [q.hit.entry.id for q in chosen_of([retold, primary])] == ["primary"]


def test_a_sentence_with_the_words_of_the_question_comes_before_a_nearer_one_without():
    near = hit((distinct("a")[0], 0.6), id="near")
    named = hit(("The Atom Project asks for ten thousand accelerators.", 0.5), id="named")
    assert chosen_of([near, named], "atom project")[0].hit.entry.id == "named"


def test_headings_and_crumbs_are_not_quoted():
    [sentence] = distinct("a")
    assert said(chosen_of([hit(("# The gap", 0.99), (sentence, 0.5), ("See [3].", 0.99), between="\n")])) == [sentence]


def test_an_entry_that_is_no_longer_than_a_crumb_may_be_quoted():
    assert said(chosen_of([hit(("Open models win.", 0.9))])) == ["Open models win."]


@pytest.mark.parametrize("between", [" ", "", "\u00a0 "])
def test_neighbours_are_joined_to_one_quote_that_stands_in_the_text(between):
    one, two = distinct("a", 2)
    found = hit((one, 0.9), (two, 0.9), between=between)
    [quote] = chosen_of([found])
    assert said([quote]) == [one + between + two]
    assert said([quote])[0] in found.text


def test_sentences_with_another_between_them_are_two_quotes():
    one, two, three = distinct("a", 3)
    assert said(chosen_of([hit((one, 0.9), (two, 0.1), (three, 0.9))])) == [one, three]


def test_neighbours_are_in_the_order_of_the_text_even_if_the_second_is_better():
    one, two = distinct("a", 2)
    [quote] = chosen_of([hit((one, 0.9), (two, 0.95))])
    assert said([quote]) == [f"{one} {two}"]


def test_the_end_of_one_entry_and_the_beginning_of_another_are_not_joined():
    first = hit((distinct("a")[0], 0.9), id="a")
    second = hit((distinct("b")[0], 0.5), (distinct("c")[0], 0.9), id="b")
    assert [q.hit.entry.id for q in chosen_of([first, second])] == ["a", "b"]


def test_the_entry_of_the_best_sentence_comes_first_and_those_of_one_entry_together():
    a, b = distinct("a", 3), distinct("b", 3)
    first = hit((a[0], 0.88), (a[1], 0.1), (a[2], 0.93), id="first")
    second = hit((b[0], 0.90), (b[1], 0.1), (b[2], 0.95), id="second")
    assert said(chosen_of([first, second])) == [b[0], b[2], a[0], a[2]]


def test_two_passages_of_one_entry_stay_in_the_order_of_its_text():
    one, two = distinct("a", 2)
    whole = hit((one, 0.9), (two, 0.95))
    cut = whole.sentences[1].start
    early = type(whole)(whole.entry, 0, cut, 0.9, 0.9, whole.sentences[:1])
    late = type(whole)(whole.entry, cut, len(whole.entry.text), 1.0, 0.95, whole.sentences[1:])
    assert said(chosen_of([late, early])) == [one, two]


@pytest.mark.parametrize(
    ("asked", "held", "share"),
    [
        ({"gap": 1.0, "model": 1.0}, {"gap"}, 0.5),
        ({"gap": 3.0, "model": 1.0}, {"gap", "other"}, 0.75),
        ({"gap": 1.0}, set(), 0.0),
        ({"gap": 1.0}, {"gap"}, 1.0),
        ({}, {"gap"}, 0.0),
        ({"gap": 0.0}, {"gap"}, 0.0),
    ],
)
def test_the_share_of_words_is_weighted_by_rarity(asked, held, share):
    assert share_terms(asked, [frozenset(held)]) == [pytest.approx(share)]


SENTENCES = st.tuples(st.text("abc .\n", min_size=1, max_size=60), st.floats(-1, 1))
HITS = st.lists(st.tuples(st.lists(SENTENCES, max_size=6), st.sampled_from("xyz"), st.floats(-1, 2)), max_size=10)


@quick
@given(HITS, st.text("abc ", max_size=20))
def test_whatever_was_found_the_quotes_are_few_exact_and_in_order(found, question):
    hits = [hit(*scored, id=f"{name}{n}", score=score) for n, (scored, name, score) in enumerate(found)]
    quotes = chosen_of(hits, question)
    assert len(quotes) <= MOST
    for quote in quotes:
        assert isinstance(quote, Quote)
        assert quote.hit in hits
        assert quote.hit.start <= quote.start < quote.end <= quote.hit.end
        assert quote.start in {s.start for s in quote.hit.sentences}
        assert quote.end in {s.end for s in quote.hit.sentences}
    groups = [list(group) for _, group in itertools.groupby(quotes, key=lambda q: q.hit.entry.id)]
    assert len({group[0].hit.entry.id for group in groups}) == len(groups)
    for group in groups:
        assert all(one.end <= two.start for one, two in itertools.pairwise(group))


@pytest.mark.parametrize(
    "other",
    [
        "Open models are nine months behind closed models on most benchmarks.",
        "Open models are not six months behind closed models on most benchmarks.",
        "Open models are 6 months behind closed models on most benchmarks.",
        "Open models aren't six months behind closed models on most benchmarks.",
    ],
)
def test_another_figure_or_a_denial_is_no_repeat(other):
    """People disagree, and one person changes a figure: both are quoted."""
    said_first = "Open models are six months behind closed models on most benchmarks."
    chosen = chosen_of([hit((said_first, 0.9), id="one"), hit((other, 0.89), id="two")])
    assert sorted(said(chosen)) == sorted([said_first, other])


def test_short_sentences_are_sentences():
    assert said(chosen_of([hit(("Open models win.", 0.9), ("Prices fall.", 0.1))])) == ["Open models win."]


@pytest.mark.parametrize("between", ["\n\n", " \r\n\t", "\n- "])
def test_sentences_of_two_paragraphs_stay_two_quotes(between):
    one, two = distinct("a", 2)
    assert said(chosen_of([hit((one, 0.9), (two, 0.9), between=between)])) == [one, two]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"id": "copy", "published": date(2026, 3, 2)}, {"id": "original", "published": date(2026, 3, 1)}),
        ({"id": "copy", "number": 9}, {"id": "original", "number": 4}),
    ],
)
def test_of_a_cross_post_the_original_is_quoted(first, second):
    """The same sentence in two entries is one voice: that of the entry published, or else archived, first."""
    sentence = "Open models are six months behind closed models on most benchmarks."
    [quote] = chosen_of([hit((sentence, 0.9), **first), hit((sentence, 0.88), score=0.98, **second)])
    assert quote.hit.entry.id == "original"


CUT = [("Critics have repeated the mistaken claim that, as they put it,", 0.2), ("the engine explodes at night.", 0.9)]


def test_a_sentence_that_was_cut_for_the_index_is_quoted_whole():
    """Half a sentence can say what its author denies."""
    assert said(chosen_of([hit(*CUT)])) == [f"{CUT[0][0]} {CUT[1][0]}"]


def test_what_is_too_long_to_be_quoted_whole_is_marked_as_cut():
    long = ("Critics have repeated the mistaken claim, " + "of which " * 90 + "one says that", 0.2)
    chosen = chosen_of([hit(long, CUT[1])])
    [sentence], [citation] = compose(chosen, {})
    assert citation.quote == CUT[1][0]
    assert sentence.text.removeprefix(sentence.lead) == f"“… {CUT[1][0]}”"


def test_lists_headings_and_lines_begin_nothing_inside():
    text = "# Title\n- first point\n2. second point\nA line\n> said."
    whole = entry(text=text)
    for part in ("Title", "first point", "second point", "A line", "said."):
        start = text.index(part)
        assert not begins_inside(whole, start)
        assert not ends_inside(whole, start + len(part))


# What became of each sentence

ONCE = "Open models are six months behind the closed ones today."


def test_of_every_sentence_it_can_be_told_whether_it_was_quoted_and_why_not():
    good, worse = distinct("a", 2)
    assert fates(hit((good, 0.9), (worse, 0.1), ("# Crumb", 0.9))) == [(good, "quoted"), (worse, "below the bar")]


def test_a_sixth_sentence_is_told_to_be_beyond_five():
    hits = [hit((distinct(f"h{n}")[0], 0.9 - n / 1000), id=f"e{n}") for n in range(7)]
    assert [fate for _, fate in fates(*hits)] == ["quoted"] * 5 + ["beyond five"] * 2


def test_a_repeated_sentence_names_the_entry_that_says_it():
    [other] = distinct("a")
    first, second = hit((other, 0.95), id="a"), hit((ONCE, 0.9), id="b")
    again = hit((ONCE.lower(), 0.89), id="c", published=date(2026, 7, 1))
    assert [fate for _, fate in fates(first, second, again)] == ["quoted", "quoted", "repeats b"]


def test_a_copy_that_gave_way_to_its_original_repeats_it():
    copy, original = hit((ONCE, 0.9), id="copy"), hit((ONCE, 0.89), id="original", published=date(2026, 1, 1))
    assert [fate for _, fate in fates(copy, original)] == ["repeats original", "quoted"]
    assert [q.hit.entry.id for q in chosen_of([copy, original])] == ["original"]


def test_two_parts_of_one_cut_sentence_overlap():
    found = hit(("Critics have said, at some length, that", 0.88), ("the engine may explode at night.", 0.9))
    assert [fate for _, fate in fates(found)] == ["quoted", "overlaps"]


@quick
@given(HITS, st.text("abc ", max_size=20))
def test_what_is_quoted_is_what_is_told_to_be_quoted(found, question):
    hits = [hit(*scored, id=f"{name}{n}", score=score) for n, (scored, name, score) in enumerate(found)]
    choice = choose_quotes(hits, words_of(question), words_of)
    told = [c for c in choice.considered if c.outcome == "quoted"]
    assert all(any(q.hit is c.hit and q.start <= c.start < c.end <= q.end for q in choice.quotes) for c in told)
    assert len(told) >= len(choice.quotes)
    assert all(c.worth >= choice.bar for c in told)
    outcomes = {"quoted", "below the bar", "beyond five", "overlaps", "repeats"}
    assert {c.outcome for c in choice.considered} <= outcomes
    quoted = {q.hit.entry.id for q in choice.quotes}
    assert all((c.repeats in quoted) == (c.outcome == "repeats") for c in choice.considered)


# The best of each entry


def lines(*hits, most=8):
    return [(q.hit.entry.id, *said([q])) for q in choose_best_of_each(hits, most, [], words_of)]


def test_each_entry_says_one_thing_the_oldest_first():
    a, b = distinct("a", 2), distinct("b", 1)
    june = hit((a[0], 0.5), (a[1], 0.9), id="june", published=date(2026, 6, 1))
    march = hit((b[0], 0.4), id="march", published=date(2026, 3, 1))
    assert lines(june, march) == [("march", b[0]), ("june", a[1])]


def test_only_the_best_entries_have_room():
    hits = [hit((distinct(f"h{n}")[0], n / 10), id=f"e{n}", published=date(2026, 9 - n, 1)) for n in range(1, 5)]
    assert [i for i, _ in lines(*hits, most=2)] == ["e4", "e3"]


def test_a_cross_post_is_one_line_and_a_changed_figure_is_two():
    original = hit((ONCE, 0.8), id="original", published=date(2026, 1, 1))
    copy = hit((ONCE, 0.9), (distinct("a")[0], 0.3), id="copy", published=date(2026, 2, 1))
    later = hit((ONCE.replace("six", "nine"), 0.7), id="later", published=date(2026, 3, 1))
    assert [i for i, _ in lines(copy, original, later)] == ["original", "later"]


def test_a_word_that_every_sentence_holds_tells_less_than_one_that_few_hold():
    """All speak of the song; who played the drums is what was asked."""
    song = [f"The song of Mariah was {what} in every land." for what in ("played", "praised", "bought", "sung")]
    drums = "Joe Franco hit the drums."
    found = hit(*[(sentence, 0.5) for sentence in song], (drums, 0.5))
    assert said(chosen_of([found], "drums song mariah"))[-1] == drums


def test_a_sentence_that_asks_gives_way_to_one_that_says():
    asks, says = "What does a model that is open cost at all?", "Running an open model can cost nine cents."
    assert said(chosen_of([hit((asks, 0.9), (says, 0.7))], "open model cost")) == [says]


def test_of_two_that_are_as_near_the_one_that_follows_a_near_sentence_is_worth_more():
    far, lonely, near, after = distinct("a", 4)
    hits = [hit((far, 0.1), (lonely, 0.8), id="one"), hit((near, 0.79), (after, 0.8), id="two")]
    considered = choose_quotes(hits, [], words_of).considered
    assert said([considered[0]]) == [after]


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it():
    one, two = "Open models cost nine cents an hour.", "But they need a large machine."
    [quote] = chosen_of([hit((one, 0.3), (two, 0.9))], "need machine")
    assert said([quote]) == [f"{one} {two}"]


@pytest.mark.parametrize(
    ("before", "between"),
    [
        ("Nobody knows that. " * 40, " "),  # together they would be too long
        ("Open models cost nine cents.", "\n\n"),  # another paragraph
    ],
)
def test_a_sentence_whose_ground_cannot_be_quoted_stands_alone(before, between):
    two = "But they need a large machine."
    found = hit((before.strip(), 0.1), (two, 0.9), between=between)
    assert said(chosen_of([found], "need machine")) == [two]


def test_of_equals_the_one_that_stands_by_itself_is_quoted_first():
    leaning, standing = "But they need a large machine.", "Models often need a large machine."
    considered = choose_quotes([hit((leaning, 0.9), id="a"), hit((standing, 0.9), id="b")], [], words_of).considered
    assert said(considered) == [standing, leaning]


def test_a_sentence_that_is_brought_counts_among_the_five():
    pairs = [
        hit((f"Thing{n} is one of those{n}.", 0.1), (f"But it{n} has wings{n}.", 0.9), id=f"e{n}") for n in range(5)
    ]
    quotes = chosen_of(pairs)
    assert sum(text.count(".") for text in said(quotes)) <= MOST


def test_what_a_sentence_leans_on_is_quoted_once_where_both_are_good():
    one, two = "Open models cost nine cents an hour.", "But they need a large machine."
    assert said(chosen_of([hit((one, 0.95), (two, 0.9))])) == [f"{one} {two}"]
    assert said(chosen_of([hit((one, 0.9), (two, 0.95))])) == [f"{one} {two}"]


# What the kind of a question wants


@pytest.mark.parametrize(
    ("kind", "question", "better"),
    [
        (QuestionKind.FIGURE, "gates", "The gates number twelve in all."),
        (QuestionKind.WHEN, "gates", "The gates were closed last winter."),
        (QuestionKind.DEFINITION, "sluice", "A sluice, in general, is a gate that holds water back."),
        (QuestionKind.DEFINITION, "sluice", "Today we proudly present the sluice of Delft, made of oak."),
    ],
)
def test_what_a_kind_wants_goes_before_what_is_as_near(kind, question, better):
    other = f"Whoever paints a {question} or more of the gates has a lot of time."
    found = hit((other, 0.6), (better, 0.6))
    best = choose_quotes([found], words_of(question), words_of, Asked({}, kind=kind)).considered[0]
    assert found.entry.text[best.start : best.end] == better


def test_what_stands_over_a_sentence_counts_as_said_in_it():
    about = hit(("The gates are opened at noon.", 0.5), id="about", title="The sluice of Delft")
    other = hit(("The sluice is opened at noon.", 0.5), id="other", title="Notes")
    worth = {c.hit.entry.id: c.worth for c in choose_quotes([about, other], ["sluice"], words_of).considered}
    assert worth["about"] == pytest.approx(worth["other"])


def test_on_which_day_a_piece_was_published_gives_way_to_what_it_says():
    says, published = "The sluice is shut at night.", "The Mill published this piece on the sluice on 1 June 2026."
    found = hit((says, 0.5), (published, 0.6), between="\n\n")
    found = replace(found, entry=replace(found.entry, published=date(2026, 6, 1)))
    for kind, best in ((QuestionKind.OTHER, says), (QuestionKind.WHEN, published)):
        first = choose_quotes([found], ["sluice"], words_of, Asked({}, kind=kind)).considered[0]
        assert found.entry.text[first.start : first.end] == best


def test_who_wrote_a_sentence_is_no_answer_to_who_did_something():
    people = (Person("Ann Archer", "author"),)
    found = hit(("A guild would run the sluice, says Ann Archer.", 0.6), ("A guild of Delft would run it.", 0.55))
    found = replace(found, entry=replace(found.entry, people=people))
    best = choose_quotes([found], ["guild"], words_of, Asked({}, kind=QuestionKind.WHO)).considered[0]
    assert found.entry.text[best.start : best.end] == "A guild of Delft would run it."


def test_a_guide_explains_a_term_as_well_as_a_primary_source():
    guide = hit(("A sluice is a gate that holds water back.", 0.6), id="guide", tier=3)
    primary = hit(("We built the sluice of oak in a week.", 0.65), id="primary", tier=1)
    best = choose_quotes([guide, primary], ["sluice"], words_of, Asked({}, kind=QuestionKind.DEFINITION)).considered[0]
    assert best.hit is guide
