"""Questions with known answers → figures: what counts as found, quoted, right, sure, and better than before."""

import json
import math
from itertools import product

import pytest
from build import quick
from hypothesis import given
from hypothesis import strategies as st

from corpus import (
    Evaluation,
    Judged,
    compare,
    figures,
    figures_by_kind,
    missed,
    new_floors,
    read_questions,
    reliability,
)
from corpus.errors import InputRefused
from corpus.evaluation.questions import KnownQuote
from corpus.evaluation.scoring import (
    Found,
    Known,
    Stretch,
    count_characters,
    count_common,
    locate_quote,
    score_question,
    take_within_budget,
)
from corpus.evaluation.stubs import can_be_asked_about
from corpus.models.answers import Timings

# Lines of questions

GOOD = {"id": "one", "question": "How wide is the gap?", "quotes": [{"entry": "gap", "text": "six months"}]}
BAD, LAST = GOOD | {"id": "bad"}, GOOD | {"id": "last"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "entry", "text"]), inner),
    max_leaves=6,
)


def read(*lines):
    return read_questions(enumerate((one if isinstance(one, str) else json.dumps(one) for one in lines), start=1))


def test_a_question_is_read_with_what_is_known_of_it():
    line = GOOD | {
        "kind": "time",
        "earlier": [" Is there a  gap?"],
        "since": "2026-04",
        "colour": 1,
        "relevant": {"a": 2},
    }
    found = read("", line, {"id": 2, "question": "x", "relevant": {"a": 1, "b": 0}}, GOOD | {"id": "e", "quotes": []})
    first, second, third = found.asked
    assert (first.id, first.kind, first.earlier, first.line) == ("one", "time", ("Is there a gap?",), 2)
    assert first.filters.since.isoformat() == "2026-04-01"
    assert first.quotes == (KnownQuote("gap", "six months"),)
    assert (second.id, second.kind, second.quotes, second.relevant) == ("2", "question", None, {"a": 1.0})
    assert (third.quotes, third.relevant) == ((), {})
    assert not found.rejected


def test_what_is_still_to_be_written_is_counted():
    found = read({"id": "stub", "question": " ", "quotes": [], "hint": {}}, GOOD)
    assert (len(found.asked), found.empty, found.rejected) == (1, 1, ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"id": NaN}', "is not JSON"),
        ([], "is no object"),
        ({"id": "a", "quotes": []}, 'has no "question"'),
        (GOOD | {"id": None}, 'has no "id"'),
        (GOOD | {"id": "x" * 500}, 'has no "id"'),
        (BAD | {"kind": []}, 'has no "kind"'),
        ({"id": "a", "question": "x"}, 'neither "quotes" nor "relevant"'),
        (BAD | {"question": "?!"}, "The question has no words"),
        (BAD | {"question": "x" * 3000}, "at most 2,000"),
        (BAD | {"since": "soon"}, "is no date"),
        (BAD | {"source": 5}, 'a "source" that is no text'),
        (BAD | {"earlier": "before"}, 'an "earlier" that is no list'),
        (BAD | {"asked": "soon"}, 'an "asked" that is no day'),
        (BAD | {"asked": 5}, 'an "asked" that is no day'),
        (BAD | {"earlier": [""]}, "The question is empty"),
        (BAD | {"quotes": {}}, '"quotes" that are no list'),
        (BAD | {"quotes": ["six months"]}, 'a quote that is not {"entry"'),
        (BAD | {"quotes": [{"entry": "gap", "text": " "}]}, 'a quote without "text"'),
        (BAD | {"quotes": [{"entry": "gap", "text": "x", "start": 4, "end": 4}]}, "are no stretch"),
        (BAD | {"quotes": [{"entry": "gap", "text": "x", "start": True, "end": 4}]}, "are no stretch"),
        (BAD | {"relevant": ["gap"]}, 'a "relevant" that is not'),
        (BAD | {"relevant": {"gap": -1}}, 'a "relevant" that is not'),
        (json.dumps(BAD | {"relevant": {"gap": 1}}).replace("1}", "1e999}"), 'a "relevant" that is not'),
        (BAD | {"relevant": {"gap": 0}}, "without any grade above 0"),
        (GOOD, "has the id of line 1, one"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line, said):
    found = read(GOOD, line, LAST)
    assert [q.id for q in found.asked] == ["one", "last"]
    (rejected,) = found.rejected
    assert rejected.where == "line 2"
    assert said in rejected.reason
    assert rejected.reason.endswith(".")
    assert len(rejected.reason) < 300


@quick
@given(st.dictionaries(st.sampled_from([*GOOD, "kind", "earlier", "since", "relevant"]), ANYTHING), ANYTHING)
def test_whatever_a_line_holds_it_is_read_counted_or_rejected(fields, other):
    found = read(json.dumps(GOOD | fields), json.dumps(other), "\ud800")
    assert len(found.asked) + found.empty + len(found.rejected) == 3
    assert all(len(q.key) == 12 for q in found.asked)


@pytest.mark.parametrize(
    ("changes", "is_the_same"),
    [
        ({"kind": "time"}, True),
        ({"id": "two"}, True),
        ({"quotes": [{"entry": "gap", "text": "six\n months", "start": 8, "end": 19}]}, True),
        ({"quotes": [{"entry": "gap", "text": "six"}]}, False),
        ({"quotes": []}, False),
        ({"question": "How wide?"}, False),
        ({"earlier": ["A gap?"]}, False),
        ({"since": "2026"}, False),
        ({"asked": "2026-06-01"}, False),
    ],
)
def test_a_question_is_known_again_by_what_is_asked_and_known(changes, is_the_same):
    before, after = read(GOOD).asked[0], read(GOOD | changes).asked[0]
    assert (before.key == after.key) == is_the_same


# One question

TEXT = "The gap is six months. Some say the gap is\nsix  months."


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (KnownQuote("gap", "six months"), (11, 21)),
        (KnownQuote("gap", " six\tmonths.  "), (11, 22)),
        (KnownQuote("gap", "gap is six", 36, 46), (36, 46)),
        (KnownQuote("gap", "six months", 0, 10), (11, 21)),
        (KnownQuote("gap", "six months", 500, 510), (11, 21)),
        (KnownQuote("gap", "", 11, 21), (11, 21)),
        (KnownQuote("gap", "", 500, 510), None),
        (KnownQuote("gap", "", 22, 23), None),
        (KnownQuote("gap", "seven months"), None),
        (KnownQuote("gap", "s.x months"), None),
    ],
)
def test_a_known_quote_is_found_where_it_stands(quote, expected):
    assert locate_quote(quote, TEXT) == (None if expected is None else ("gap", *expected))


STRETCHES = st.lists(
    st.builds(lambda e, a, n: Stretch(e, a, a + n), st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 12)),
    max_size=5,
)


def characters(stretches):
    return {(entry, at) for entry, start, end in stretches for at in range(start, end)}


@quick
@given(STRETCHES, STRETCHES)
def test_characters_are_counted_once(some, others):
    assert count_characters(some) == len(characters(some))
    assert count_common(some, others) == len(characters(some) & characters(others))


def test_passages_count_up_to_the_budget():
    passages = [Stretch("a", 0, 30), Stretch("b", 0, 30), Stretch("a", 0, 30), Stretch("c", 0, 30)]
    assert take_within_budget(passages, 70) == [("a", 0, 30), ("b", 0, 30), ("a", 0, 10)]
    assert take_within_budget(passages, 60) == passages[:2]


KNOWN = [Stretch("gap", 0, 40), Stretch("lag", 100, 200)]


@pytest.mark.parametrize(
    ("listed", "right"),
    [
        ((), False),
        (("gap",), True),  # half of those listed are known
        (("gap", "x", "y"), False),
        (("gap", "lag", "x", "y", "z"), True),  # all known ones are listed
        (("x", "y"), False),
    ],
)
def test_a_list_is_right_that_has_all_known_entries_or_is_half_of_them(listed, right):
    values = score_question(Known(KNOWN, {}), Found([], covered=False, quoted=[], listed=frozenset(listed)))
    assert values["right"] == right
    assert values["coverage.refused"] == (not listed)


@pytest.mark.parametrize(
    ("quoted", "right"),
    [
        ([Stretch("gap", 0, 20)], True),  # half of one known quote
        ([Stretch("gap", 0, 19), Stretch("far", 0, 400)], False),
        ([Stretch("lag", 100, 150), Stretch("far", 0, 400)], True),
        ([Stretch("lag", 95, 105)], True),  # half of what is quoted
        ([Stretch("lag", 94, 105)], False),
        ([Stretch("gap", 100, 200)], False),
        ([], False),
    ],
)
def test_what_is_answered_rightly(quoted, right):
    values = score_question(Known(KNOWN, {}), Found([], covered=bool(quoted), quoted=quoted))
    assert values["right"] == right
    assert values["coverage.refused"] == (not quoted)
    assert score_question(Known([], {}), Found([], covered=bool(quoted), quoted=quoted)) == {
        "right": float(not quoted),
        "coverage.answered": float(bool(quoted)),
    }


def test_a_questions_figures():
    passages, quoted = [Stretch("lag", 0, 150), Stretch("gap", 0, 50)], [Stretch("gap", 20, 100)]
    found = Found(passages, covered=True, quoted=quoted, highlighted=[Stretch("gap", 20, 60)])
    values = score_question(Known(KNOWN, {}), found)
    assert values == {
        "right": 1.0,
        "passages.recall": 90 / 140,
        "passages.precision": 90 / 200,
        "quotes.precision": 20 / 80,
        "quotes.recall": 20 / 140,
        "quotes.f1": pytest.approx(40 / 220),
        "highlights.precision": 20 / 40,
        "highlights.recall": 20 / 140,
        "highlights.f1": pytest.approx(40 / 180),
        "coverage.refused": 0.0,
    }


def test_a_ranking_counts_each_entry_once():
    passages = [Stretch(name, 0, 9) for name in ["far", "gap", "gap", "lag", *"abcdefghij"]]
    values = score_question(Known(None, {"gap": 2.0, "lag": 1.0, "j": 1.0}), Found(passages, covered=False, quoted=[]))
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    gain = 2 / math.log2(3) + 1 / math.log2(4)
    assert values == {
        "ranking.ndcg": pytest.approx(gain / ideal),
        "ranking.recall": 2 / 3,
        "ranking.mrr": 0.5,
    }


# All questions

TIMINGS = Timings(5.0, 2.0, 3.0, 10.0)


def judged(name, *, answerable=True, covered=True, right=True, confidence=0.5, **changes):
    known = {
        "right": float(right),
        "coverage.refused" if answerable else "coverage.answered": float(covered != answerable),
    }
    fields = {"kind": "fact", "key": name, "question": f"{name}?", "values": known if answerable is not None else {}}
    told = {"id": name, "answerable": answerable, "covered": covered, "confidence": confidence, "timings_ms": TIMINGS}
    return Judged(**{**fields, **told, **changes})


def several(*confidences, answerable):
    """Questions of one sort with these confidences; of two that can be answered, one is right."""
    return [
        judged(f"{answerable}{n}", answerable=answerable, right=answerable and n % 2 == 0, confidence=confidence)
        for n, confidence in enumerate(confidences)
    ]


CONFIDENCES = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=30)


@quick
@given(CONFIDENCES, CONFIDENCES)
def test_coverage_is_what_its_definitions_say(yes, no):
    asked = [*several(*yes, answerable=True), *several(*no, answerable=False)]
    found = {name: figure.value for name, figure in figures(asked).items()}
    assert found["coverage.auroc"] == pytest.approx(
        sum((y > n) + 0.5 * (y == n) for y, n in product(yes, no)) / len(yes) / len(no), abs=1e-4
    )
    bar = sorted(yes)[int(0.05 * len(yes))]
    assert found["coverage.answered_at_95"] == pytest.approx(sum(n >= bar for n in no) / len(no), abs=1e-4)
    so = [(j.confidence, j.answerable and j.values["right"]) for j in asked]
    assert found["coverage.brier"] == pytest.approx(sum((c - r) ** 2 for c, r in so) / len(so), abs=1e-4)
    table = reliability(asked)
    assert sum(one.n for one in table) == len(asked)
    off = sum(one.n * abs(one.confidence - one.right) for one in table) / len(asked)
    assert found["coverage.ece"] == pytest.approx(off, abs=1e-4)


def test_an_interval_is_the_same_each_time_and_narrower_with_more_questions():
    few = [judged(str(n), right=n % 2) for n in range(10)]
    many = [judged(str(n), right=n % 2) for n in range(1000)]
    assert figures(few) == figures(few)
    narrow, wide = figures(many)["right"], figures(few)["right"]
    assert wide.low < narrow.low < narrow.value == wide.value == 0.5 < narrow.high < wide.high
    assert (wide.n, narrow.n) == (10, 1000)


def test_a_kind_of_one_sort_is_told_apart_from_the_other_sort_of_all():
    asked = [
        judged("a", confidence=0.9),
        judged("b", confidence=0.2, kind="person"),
        judged("c", answerable=False, confidence=0.4, kind="near"),
        judged("d", answerable=None, kind="ranked", values={"ranking.ndcg": 0.25}),
    ]
    kinds = figures_by_kind(asked)
    assert {kind: its["coverage.auroc"].value for kind, its in kinds.items() if kind != "ranked"} == {
        "fact": 1.0,
        "person": 0.0,
        "near": 0.5,
    }
    assert list(kinds["ranked"]) == ["ranking.ndcg"]
    assert figures(asked)["coverage.auroc"] == pytest.approx((0.5, 3, 0.0, 1.0), abs=0.01)


# Compared


def evaluation(*asked, **changes):
    return Evaluation(**{"judged": asked, "generation": 1, "model": "toy", "entries": 12, "passages": 25} | changes)


def test_what_went_wrong_and_what_came_right_is_told():
    then = evaluation(*[judged(f"q{n:02}", right=n < 10) for n in range(20)])
    now = evaluation(*[judged(f"q{n:02}", right=0 < n < 18) for n in reversed(range(20))], entries=13)
    told = compare(then, now)
    assert [j.id for j in told.went_wrong] == ["q00"]
    assert [j.id for j in told.came_right] == [f"q{n}" for n in range(10, 18)]
    change = told.changes["right"]
    assert (change.then, change.now, change.is_clear) == (0.5, 0.85, True)
    assert change.low > 0
    assert told.notes == ("The entries changed: 12 → 13.",)
    assert told.latencies["latency_ms.total.p50"] == (10.0, 10.0)
    same = compare(now, now).changes["right"]
    assert (same.low, same.high, same.is_clear) == (0.0, 0.0, False)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ([judged("a")], "b are only in the report"),
        ([judged("a"), judged("b"), judged("c")], "c are not in the report"),
        ([judged("a"), judged("b", key="changed")], "b were changed since"),
        ([judged(f"x{n}") for n in range(9)], "x0, x1, x2, x3, x4 and 4 more are not in the report"),
    ],
)
def test_other_questions_are_not_compared(now, said):
    with pytest.raises(InputRefused, match=said):
        compare(evaluation(judged("a"), judged("b")), evaluation(*now))


# Floors

TEN = evaluation(
    *[judged(f"a{n}", right=n < 6, covered=n < 8, confidence=0.9) for n in range(8)],
    *[judged(f"n{n}", answerable=False, covered=False, confidence=0.1, kind="near") for n in range(2)],
)


@pytest.mark.parametrize(
    ("name", "floor", "said"),
    [
        ("right", 0.8, None),
        ("right", 0.81, "right is 0.800, below its floor of 0.810."),
        ("coverage.answered", 0.0, None),
        ("coverage.ece", 0.01, "coverage.ece is 0.140, above its ceiling of 0.010."),
        ("kinds.fact.right", 0.9, "kinds.fact.right is 0.750, below its floor of 0.900."),
        ("kinds.near.coverage.answered", 0.5, None),
        ("latency_ms.total.p95", 9, "latency_ms.total.p95 is 10.000, above its ceiling of 9.000."),
        ("wright", 0.5, "wright is no figure of these questions; take it out of the floors, or correct its name."),
    ],
)
def test_a_floor_that_is_missed_is_a_sentence(name, floor, said):
    assert [miss.sentence for miss in missed({name: floor}, TEN)] == ([said] if said else [])


@pytest.mark.parametrize(
    ("name", "floor", "raised", "lowered"),
    [
        ("right", 0.5, 0.7, 0.7),
        ("right", 0.9, 0.9, 0.7),
        ("coverage.answered", 0.9, 0.5, 0.5),
        ("coverage.answered", 0.1, 0.1, 0.5),
        ("kinds.fact.right", 0.1, 0.625, 0.625),
        ("latency_ms.total.p95", 500, 500, 500),
        ("wright", 0.5, 0.5, 0.5),
    ],
)
def test_floors_rise_and_fall_only_where_that_is_said(name, floor, raised, lowered):
    assert new_floors({name: floor}, TEN) == {name: raised}
    assert new_floors({name: floor}, TEN, lower=True) == {name: lowered}


def test_new_floors_are_kept():
    floors = new_floors({}, TEN)
    assert list(floors) == ["right", "coverage.auroc", "coverage.refused", "coverage.answered"]
    assert not missed(floors, TEN)
    assert new_floors(floors, TEN) == floors


# Sentences to ask about


@pytest.mark.parametrize(
    ("sentence", "fit"),
    [
        ("Nathan Lambert argues that a consortium for open models will be needed by the end of 2026.", True),
        ("“Open weights enable better defensive tools than closed ones do,” the three authors write in April.", True),
        ("It argues that a consortium for open models will be needed by the end of 2026.", False),
        ("But Nathan Lambert argues that a consortium for open models will be needed by the end of 2026.", False),
        ("On the other hand a consortium for open models will probably be needed by the end of 2026.", False),
        ("We’re sure that a consortium for open models will probably be needed by the end of 2026.", False),
        ("San Francisco, California\nNathan Lambert argues that a consortium for open models is needed.", False),
        ("For this reason a consortium for open models will probably be needed by the end of 2026.", False),
        ("Will a consortium for open models like OpenEuroLLM be needed before the end of 2026?", False),
        ("The inevitable need for an open model consortium, and what comes after it in the United States", False),
        ("Nathan Lambert said so.", False),
        ("Some of us are now at a place that is not as good as it was for all of us.", False),
        ("Read the whole comparison of frontier models at https://example.org/frontier before December 2026.", False),
        ("Llama 405 | 88.6 | 73.8 | 96.8 | Qwen 72 | 86.1 | 71.6 | 95.8 | DeepSeek 671 | 88.5 | 75.9 | 97.3.", False),
        (f"Nathan Lambert argues that {'very ' * 90}open models catch up with Anthropic.", False),
    ],
)
def test_which_sentences_can_be_asked_about(sentence, fit):
    assert can_be_asked_about(sentence) == fit
