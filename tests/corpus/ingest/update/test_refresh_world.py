"""Three newsletters and three blogs on loopback are followed: what a person sees of each refresh.

One pass for all (`refresh_table.SHORT`); `python tests/support/refresh_table.py` shows the table, one thing at a time.
"""

import pytest
from fakes import ToyEmbedder
from refresh_table import SHORT
from refresh_world import world
from undo_table import table

pytestmark = pytest.mark.slow

NAMES = ("amber", "birch", "cedar", "delta", "ember", "fjord")
NOTHING = (0, 0)


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    with world(tmp_path_factory.mktemp("world"), ToyEmbedder(), posts=22, history=53, little=4) as web:
        for acts in SHORT:
            web.play(*acts)
        yield web


@pytest.fixture
def rounds(web):
    """A round by something that happened in it."""
    return lambda act: next(found for found in web.rounds if act in found.name.split(", "))


@pytest.fixture
def of(rounds):
    """Of each source that was read in a round, how many of its pieces are (new, changed)."""
    return lambda act: {slug: (line.new, line.changed) for slug, line in rounds(act).lines.items()}


def ids(entries):
    return {entry.id for entry in entries}


def test_a_first_refresh_takes_what_is_listed_and_of_a_long_history_the_newest(web, of):
    letters = dict.fromkeys(("amber", "birch", "cedar"), (20, 0))
    assert of("first refresh") == letters | {"delta": (50, 0), "ember": (4, 0), "fjord": (4, 0)}
    assert web.entry_of("delta", web["delta"].posts[-1].title) is None, "the oldest of a long history was taken"


def test_where_nothing_happened_each_source_is_asked_once_and_nothing_is_new(rounds, of):
    for name, answer in (("nothing happened", {304: 1}), ("no etags", {200: 1})):
        assert {slug: line.answers for slug, line in rounds(name).lines.items()} == dict.fromkeys(NAMES, answer), name
        assert of(name) == dict.fromkeys(NAMES, NOTHING)
        assert not rounds(name).report.committed, name
    assert {line.outcome for line in rounds("nothing happened").lines.values()} == {"unchanged"}


def test_what_publishers_change_is_a_change_of_the_same_entry_and_what_they_remove_stays(rounds, of):
    """A new one each: birch's cross-post, cedar's paid post, and amber's feed lists an older one again."""
    letters = dict.fromkeys(("amber", "birch", "cedar"), (1, 1))
    assert of("corrections") == letters | {"delta": (0, 1), "ember": (0, 1), "fjord": NOTHING}
    plan = rounds("corrections").report.plan
    assert ids(plan.changed) <= ids(rounds("first refresh").report.plan.new)
    assert not plan.removed


def test_a_cross_post_is_taken_in_as_one_voice_with_its_original(web, rounds):
    (duplicate,) = rounds("crosspost").report.plan.duplicates
    (copy,) = [entry for entry in rounds("crosspost").report.plan.new if entry.source == "birch"]
    assert duplicate.id == copy.id
    (original,) = [e for e in rounds("first refresh").report.plan.new if e.source == "amber" and e.title == copy.title]
    assert duplicate.of == original.id
    assert ids(web.corpus.page(copy.id).copies) == {original.id}


def test_a_paid_post_is_known_as_a_teaser_and_a_full_text_is_kept(web, rounds):
    (title,) = [title for title in rounds("paid post").report.plan.new if title.source == "cedar"]
    entry = web.corpus.page(title.id).entry
    assert entry.access == "teaser"
    assert "Read more" not in entry.text
    later = next(post for post in web["cedar"].posts if post.paid and post.title != entry.title)
    assert web.entry_of("cedar", later.title).access == "full"


def test_sources_that_fail_say_so_and_stop_no_other(rounds, of):
    lines = rounds("deaths").lines
    assert [slug for slug, line in lines.items() if line.outcome == "failed"] == ["amber", "birch", "delta", "ember"]
    assert len({line.sentence for line in lines.values()}) == 6
    assert (lines["cedar"].outcome, lines["cedar"].rejected) == ("read", 1)  # what stands before the break is read
    assert of("deaths") == dict.fromkeys(NAMES, NOTHING) | {"fjord": (1, 0)}
    assert of("revival") == dict.fromkeys(NAMES, (1, 0))


def test_an_empty_feed_and_one_whose_pages_mostly_fail_change_nothing_until_they_are_well(rounds, of):
    lines = rounds("empty feed").lines
    assert [slug for slug, line in lines.items() if line.outcome == "failed"] == ["cedar", "delta"]
    assert of("failing pages") == dict.fromkeys(NAMES, NOTHING)
    assert of("healed pages")["delta"] == (8, 0) or of("interrupted")["delta"] == (8, 0)


def test_a_feed_that_has_moved_for_good_is_asked_for_where_it_is(rounds):
    assert rounds("move").lines["birch"].answers.get(301) == 1
    after = rounds("after the move").lines["birch"]
    assert (after.outcome, after.answers) == ("unchanged", {304: 1})


def test_a_refresh_that_was_stopped_is_taken_up_where_it_was(rounds, of):
    assert of("interrupted")["ember"] == (8, 0)
    assert sum(rounds("interrupted").lines["ember"].answers.values()) <= 1 + 4  # the feed, and the pages left


def test_what_a_moderator_removed_stays_out(web, rounds):
    (refused,) = rounds("removed by us").report.plan.rejected
    assert refused.was_removed
    assert not [entry for entry in web.corpus.entries() if entry.url == refused.where]


def test_a_source_that_says_it_has_ended_is_closed_and_not_asked_again(web, rounds):
    assert rounds("end").lines["fjord"].outcome == "closed"
    assert "fjord" not in rounds("after the end").lines
    assert not web["fjord"].statuses()


def test_after_all_that_the_index_shows_the_record_and_nothing_is_double(web):
    assert web.corpus.status().behind == 0
    addresses = [entry.url for entry in web.corpus.entries() if entry.url]
    assert len(addresses) == len(set(addresses))


def test_after_an_undo_all_is_as_before_to_the_byte_and_the_next_refresh_brings_the_same_again(web):
    rows = table(web)
    assert len(rows) == 14  # entries, pages, sources, how these do, and ten questions
    changed = [row.what for row in rows if row.before != row.after]
    assert {"the entries", "the entries' pages", "how the sources do"} < set(changed), "the refresh changed too little"
    assert [row.what for row in rows if not row.is_as_before] == []
    assert [row.what for row in rows if not row.comes_again] == []
