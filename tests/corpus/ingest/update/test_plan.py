"""What a refresh would do: new, changed, unchanged, and two entries of one id."""

from dataclasses import fields, replace
from datetime import date

import pytest
from build import entry, quick
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest.update.plan import content_hash, make_plan
from corpus.models.entries import Block, Entry, Person, Section
from corpus.models.updates import Rejected

CHANGES = {
    "id": "gap-2",
    "source": "huggingface",
    "kind": "guide",
    "tier": 1,
    "url": None,
    "title": "The Gap",
    "people": (Person("Nathan Lambert", "host"),),
    "published": date(2026, 6, 2),
    "summary": "An essay on the gap!",
    "text": "Open models are behind. The gap is nine months.",
    "access": "teaser",
    "wording": "summary",
    "language": "en",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "sections": (Section(0, "The gap"),),
    "blocks": (Block(0, 1, "list"),),
}
ENTRIES = st.builds(
    entry,
    id=st.sampled_from("abcd"),
    title=st.text(max_size=5),
    tier=st.sampled_from([1, 2, 3]),
    text=st.text(max_size=20),
)


def found(*entries):
    return [(f"place {n}", one) for n, one in enumerate(entries)]


def known(*entries):
    return {one.id: content_hash(one) for one in entries}


def ids(entries):
    return [one.id for one in entries]


def test_every_field_of_an_entry_has_a_change_below():
    assert set(CHANGES) == {field.name for field in fields(Entry)}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_any_field_changes_the_hash(name):
    assert content_hash(replace(entry(), **{name: CHANGES[name]})) != content_hash(entry())


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "id"])
def test_a_change_of_any_field_is_a_change_in_the_plan(name):
    after = replace(entry(), **{name: CHANGES[name]})
    plan = make_plan(known(entry()), found(after))
    assert (plan.new, plan.changed, plan.unchanged) == ((), (after,), ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"text": "a"}, {"text": "a "}),
        ({"text": "a\nb"}, {"text": "a\r\nb"}),
        ({"text": "é"}, {"text": "e\u0301"}),
        ({"url": None}, {"url": "None"}),
        ({"title": "ab", "summary": "c"}, {"title": "a", "summary": "bc"}),
        ({"people": ()}, {"people": (Person("A", "host"),)}),
        (
            {"people": (Person("A", "host"), Person("B", "host"))},
            {"people": (Person("B", "host"), Person("A", "host"))},
        ),
        ({"people": (Person("A, B", "host"),)}, {"people": (Person("A", "host"), Person("B", "host"))}),
    ],
    ids=range(8),
)
def test_the_smallest_difference_is_a_change(before, after):
    assert content_hash(entry(**before)) != content_hash(entry(**after))


def test_a_hash_is_the_same_in_every_run():
    """The archive keeps hashes for years: another value for the same entry would make every entry a changed one."""
    assert content_hash(entry()) == "d08beb3fd7535aa55765c51ba277703f2619647849c830e3b6b72a9254dc244b"


def test_entries_are_sorted_into_new_changed_and_unchanged_in_the_order_found():
    same, old, new = entry(id="same"), entry(id="changed"), entry(id="new")
    now = replace(old, text="Another text.")
    plan = make_plan(known(same, old), found(new, now, same))
    assert (plan.new, plan.changed, plan.unchanged, plan.rejected) == ((new,), (now,), (same,), ())


def test_what_is_known_and_not_found_stays_out_of_the_plan():
    plan = make_plan(known(entry(id="a"), entry(id="b")), found(entry(id="a")))
    assert (ids(plan.new), ids(plan.changed), ids(plan.unchanged)) == ([], [], ["a"])


def test_nothing_found_is_nothing_to_do():
    plan = make_plan(known(entry()), [])
    assert (plan.new, plan.changed, plan.unchanged, plan.rejected) == ((), (), (), ())


def test_of_two_entries_with_one_id_the_first_is_taken_and_the_second_told_with_both_places():
    first, second = entry(text="First."), entry(text="Second.")
    plan = make_plan({}, [("a.md", first), ("b.jsonl:3", second)])
    assert plan.new == (first,)
    [rejected] = plan.rejected
    assert rejected.where == "b.jsonl:3"
    assert "gap" in rejected.reason
    assert "a.md" in rejected.reason
    assert "give it another" in rejected.reason


def test_a_second_entry_of_one_id_never_counts_as_a_change_of_the_first():
    plan = make_plan(known(entry()), [("a", entry()), ("b", entry(text="Another.")), ("c", entry())])
    assert (len(plan.new), len(plan.changed), len(plan.unchanged)) == (0, 0, 1)
    assert [r.where for r in plan.rejected] == ["b", "c"]


def test_what_was_rejected_before_is_told_first():
    before = Rejected("x.md", "has no front matter")
    plan = make_plan({}, [("a", entry()), ("b", entry())], [before])
    assert plan.rejected[0] == before
    assert [r.where for r in plan.rejected] == ["x.md", "b"]


@quick
@given(st.lists(ENTRIES, max_size=8), st.lists(ENTRIES, max_size=8))
def test_planning_again_after_the_plan_was_carried_out_finds_nothing_to_do(before, now):
    held = known(*make_plan({}, found(*before)).new)
    plan = make_plan(held, found(*now))
    again = make_plan({**held, **known(*plan.new, *plan.changed)}, found(*now))
    assert (again.new, again.changed) == ((), ())
    assert sorted(ids(again.unchanged)) == sorted(ids(plan.new + plan.changed + plan.unchanged))
    assert again.rejected == plan.rejected


@quick
@given(st.lists(ENTRIES, max_size=8), st.lists(ENTRIES, max_size=8))
def test_every_entry_found_is_in_the_plan_once(before, now):
    plan = make_plan(known(*before), found(*now))
    taken = plan.new + plan.changed + plan.unchanged
    assert len(taken) + len(plan.rejected) == len(now)
    assert len(set(ids(taken))) == len(taken)


def test_a_field_at_its_default_is_no_part_of_the_hash():
    """So that a field that a later version adds, with a default, changes no entry."""
    assert content_hash(entry(access="full")) == content_hash(entry())
    assert content_hash(entry(access="teaser")) != content_hash(entry())
