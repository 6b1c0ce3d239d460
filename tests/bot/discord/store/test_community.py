"""The bot's own record: what members and moderators left is there after a restart, and nobody's id stands in it."""

import random
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.discord.store.community import Community
from bot.discord.store.database import CommunityBusy, CommunityDamaged, CommunityFull, CommunityNewer
from bot.discord.store.migrations import MIGRATIONS
from bot.discord.store.models import (
    Card,
    Feedback,
    Forgotten,
    Gap,
    GuildSettings,
    KeptAnswer,
    KeptCitation,
    LogLine,
    Pending,
    SettingRefused,
    Votes,
)

NOW = datetime(2026, 11, 3, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ROOT = Path(__file__).resolve().parents[4]
GUILD, OTHER, ALICE, BOB = 2**53 + 1, 7, 190_000_000_000_000_001, 190_000_000_000_000_002
ODD = "One.\r\nTwo.\u2028\u0085 \t\x00\x1b \ufeff\u202e🙂 👩‍👩‍👧 e\u0301 שלום '; DROP TABLE gaps; -- % _ \\ ``` <@1> [a](http://b)"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "community.sqlite3"


@pytest.fixture
def community(path):
    with Community(path) as opened:
        yield opened


def answer(**changes):
    citations = (KeptCitation(1, "may", 10, 90, "00ff00ff"), KeptCitation(2, "größe-🙂", 0, 5, "deadbeef"))
    fields = {
        "id": "a1",
        "made": NOW,
        "guild": GUILD,
        "channel": None,
        "message": None,
        "asker": "alice",
        "private": True,
        "covered": True,
        "generation": 42,
        "filters": {"since": "2026-04", "person": ODD},
        "citations": citations,
        "related": ("guide", "april"),
    }
    return KeptAnswer(**(fields | changes))


# People


def test_a_person_is_the_same_after_a_restart_and_another_in_another_record(path, tmp_path):
    with Community(path) as first:
        alice, bob = first.people.hash_of(ALICE), first.people.hash_of(BOB)
    with Community(path) as again, Community(tmp_path / "other.sqlite3") as other:
        assert again.people.hash_of(ALICE) == alice != bob
        assert other.people.hash_of(ALICE) != alice
    assert re.fullmatch(r"[0-9a-f]{32}", alice)


def test_two_who_make_the_secret_at_once_agree(path):
    with Community(path) as one, Community(path) as two:
        assert two.people.hash_of(ALICE) == one.people.hash_of(ALICE)


def test_no_user_id_stands_in_the_file_but_in_the_log(community, path):
    alice = community.people.hash_of(ALICE)
    community.answers.keep(answer(asker=alice))
    community.feedback.vote("a1", alice, "down", "Why?", GUILD, NOW)
    community.gaps.add("Why?", GUILD, alice, NOW)
    community.pending.keep("p", GUILD, alice, ["refresh"], NOW)
    assert str(ALICE) not in dump(path)
    community.log.add(GUILD, ALICE, "Alice", "removed may", NOW)
    assert str(ALICE) in dump(path)


def dump(path):
    with closing(sqlite3.connect(path)) as db:
        return "\n".join(db.iterdump())


def test_nobody_else_on_the_machine_reads_the_file(community, path):
    community.remembered.set("a", "b")
    files = list(path.parent.iterdir())
    assert len(files) > 1
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)


def test_forgetting_deletes_what_was_said_and_leaves_others_alone(community):
    alice, bob = community.people.hash_of(ALICE), community.people.hash_of(BOB)
    for name, person in (("alice", alice), ("bob", bob)):
        community.answers.keep(answer(id=f"of {name}", asker=person))
        community.feedback.vote("a1", person, "down", "Why?", GUILD, NOW)
        community.gaps.add("Why?", GUILD, person, NOW)
        community.pending.keep(f"of {name}", GUILD, person, ["remove"], NOW)
    community.gaps.add("Only Alice?", None, alice, NOW)
    assert community.forget(ALICE) == Forgotten(answers=1, feedback=1, gaps=2, pending=("of alice",))
    assert community.answers.get("of alice") == answer(id="of alice", asker="")
    assert community.answers.get("of bob") == answer(id="of bob", asker=bob)
    assert community.feedback.count(GUILD) == Votes(up=0, down=1)
    assert community.gaps.most_asked(None, 10) == [Gap("Why?", 1, NOW)]
    assert (community.pending.get("of alice"), community.pending.get("of bob").person) == (None, bob)
    assert community.forget(ALICE) == Forgotten(0, 0, 0)


def test_a_moderator_is_unnamed_in_the_log_and_what_was_done_stays(community, path):
    community.log.add(GUILD, ALICE, "Alice", "removed may", NOW)
    community.log.add(GUILD, BOB, "Bob", "closed a gap", NOW)
    community.log.add(GUILD, 0, "Discord", "#news was deleted", NOW)
    assert community.forget(ALICE).log == 1
    lines = [(line.user_id, line.name, line.what) for line in community.log.last(GUILD, 10)]
    assert lines == [
        (0, "Discord", "#news was deleted"),
        (BOB, "Bob", "closed a gap"),
        (0, "a former moderator", "removed may"),
    ]
    assert str(ALICE) not in dump(path)


def test_a_question_in_somebodys_vote_goes_with_who_asked_and_with_its_answer(community):
    alice, bob = community.people.hash_of(ALICE), community.people.hash_of(BOB)
    for name in ("forgotten", "deleted"):
        community.answers.keep(answer(id=name, asker=alice))
        community.feedback.vote(name, bob, "down", "Alice's question", GUILD, NOW)
        community.feedback.give_reason(name, bob, "It missed the point.")
    community.answers.drop("deleted")
    assert [f.question for f in community.feedback.last(GUILD, 9)] == ["", "Alice's question"]
    community.forget(ALICE)
    community.feedback.vote("forgotten", community.people.hash_of(3), "up", "Alice's question", GUILD, LATER)
    community.feedback.vote("never kept", bob, "up", "Alice's question", GUILD, LATER)
    assert {f.question for f in community.feedback.last(GUILD, 9)} == {""}
    assert community.feedback.count(GUILD) == Votes(up=2, down=2)


@pytest.mark.parametrize("seed", range(8))
def test_what_was_forgotten_is_not_left_in_the_files(community, path, seed):
    """Over many rows: secure deletion alone left some of it in 11 of 40 such records."""
    dice, people = random.Random(seed), (community.people.hash_of(ALICE), community.people.hash_of(BOB))  # noqa: S311
    for n in range(400):
        person = dice.choice(people)
        marked = "My own question" if person == people[0] else "Another"
        text = f"{marked} {'x' * dice.randrange(5, 900)} {dice.choice((n, n % 20))}"
        community.gaps.add(text, GUILD, person, NOW)
        community.answers.keep(answer(id=f"a{n}", asker=person))
        community.feedback.vote(f"a{n}", person, dice.choice(("up", "down")), text, GUILD, NOW)
        community.feedback.give_reason(f"a{n % 50}", person, text)
    community.forget(ALICE)
    for file in path.parent.iterdir():
        assert b"my own question" not in file.read_bytes().lower(), file.name


def test_a_server_that_the_bot_left_is_forgotten(community):
    community.settings.change(GUILD, private=True)
    community.settings.change(OTHER, private=True)
    community.announcements.mark(GUILD, ["may"])
    community.threads.open(7, GUILD, NOW)
    community.threads.number(7, ["may"])
    community.log.add(GUILD, ALICE, "Alice", "removed may", NOW)
    community.forget_server(GUILD)
    assert community.settings.get(GUILD) == GuildSettings()
    assert community.settings.get(OTHER).private
    assert community.announcements.missing_in(GUILD, ["may"]) == ["may"]
    assert (community.threads.contains(7), community.threads.numbers(7)) == (False, {})
    assert len(community.log.last(GUILD, 9)) == 1


def test_old_lines_of_the_log_name_no_question_any_more(path):
    with Community(path, MIGRATIONS[:1]) as old:
        old.log.add(GUILD, ALICE, "Alice", "closed the gap “Do I have measles?”", NOW)
        old.log.add(GUILD, ALICE, "Alice", "removed closed-the-gap", NOW)
        old._db.run("INSERT INTO feedback VALUES ('gone', 'p', 'up', 'Do I have measles?', NULL, 1, ?)", str(NOW))
    with Community(path) as new:
        assert [line.what for line in new.log.last(GUILD, 9)] == ["removed closed-the-gap", "closed a gap"]
        assert new.feedback.count(1) == Votes(up=1, down=0)
        assert all(b"measles" not in file.read_bytes() for file in path.parent.iterdir())


# Answers


def test_an_answers_buttons_find_everything_after_a_restart(path):
    with Community(path) as first:
        first.answers.keep(answer())
        first.answers.place("a1", 5, 6)
    with Community(path) as again:
        placed = answer(channel=5, message=6)
        assert again.answers.get("a1") == again.answers.of_message(6) == placed
        again.answers.drop("a1")
        assert again.answers.get("a1") is again.answers.of_message(6) is None


@pytest.mark.parametrize("unknown", ["", "nothing", ODD, "\ud800"])
def test_an_unknown_answer_is_none(community, unknown):
    community.answers.keep(answer())
    assert community.answers.get(unknown) is None
    community.answers.place(unknown, 1, 2)
    community.answers.drop(unknown)


@pytest.mark.parametrize("number", [0, -5, 6, 2**63, 10**30])
def test_an_unknown_message_is_none_however_long_its_number(community, number):
    community.answers.keep(answer())
    assert community.answers.of_message(number) is None
    assert not community.threads.contains(number)


def test_a_time_of_another_zone_is_the_same_moment(community):
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    community.answers.keep(answer(made=there, guild=None))
    assert community.answers.get("a1").made == NOW
    assert community.answers.get("a1").made.utcoffset() == timedelta(0)


# Feedback


def test_a_vote_can_be_changed_and_counts_once(community):
    community.feedback.vote("a1", "alice", "up", "Why?", GUILD, NOW)
    community.feedback.vote("a1", "bob", "up", "Why?", GUILD, NOW)
    community.feedback.vote("a1", "alice", "down", "Why?", GUILD, LATER)
    community.feedback.vote("a2", "alice", "up", "When?", OTHER, LATER)
    community.feedback.vote("a3", "alice", "up", "Where?", None, LATER)
    assert community.feedback.count(GUILD) == Votes(up=1, down=1)
    assert community.feedback.count(None) == Votes(up=3, down=1)


def test_a_reason_stays_with_its_vote_and_goes_when_that_is_changed(community):
    community.feedback.give_reason("a1", "alice", "There is no vote yet")
    assert community.feedback.last(GUILD, 10) == []
    community.answers.keep(answer(id="a1"))
    community.feedback.vote("a1", "alice", "down", "Why?", GUILD, NOW)
    community.feedback.give_reason("a1", "alice", ODD)
    community.feedback.vote("a1", "alice", "down", "Why?", GUILD, LATER)
    assert community.feedback.last(GUILD, 10) == [Feedback("a1", "down", "Why?", ODD, GUILD, LATER)]
    community.feedback.vote("a1", "alice", "up", "Why?", GUILD, LATER)
    assert community.feedback.last(GUILD, 10) == [Feedback("a1", "up", "Why?", None, GUILD, LATER)]


def test_feedback_is_of_its_server_newest_first_and_bounded(community):
    for minute in range(5):
        community.answers.keep(answer(id=f"a{minute}"))
        community.feedback.vote(f"a{minute}", "alice", "down", f"Q{minute}", GUILD, NOW + timedelta(minutes=minute))
    community.feedback.vote("b", "alice", "down", "Elsewhere", OTHER, NOW)
    assert [f.question for f in community.feedback.last(GUILD, 3)] == ["Q4", "Q3", "Q2"]
    community.feedback.give_reason("a4", "alice", "x" * 5000)
    assert community.feedback.last(GUILD, 1)[0].reason == "x" * 1000


# Gaps


def test_a_gap_is_one_however_it_is_written_and_the_most_asked_stands_first(community):
    community.gaps.add("Who pays?", GUILD, "alice", NOW)
    community.gaps.add("  who\u00a0 PAYS? ", GUILD, "bob", LATER)
    community.gaps.add("Who pays?", GUILD, "bob", NOW - timedelta(days=1))
    community.gaps.add("When?", GUILD, "alice", LATER)
    community.gaps.add("Who pays?", OTHER, "alice", NOW)
    community.gaps.add("In private?", None, "alice", NOW)
    assert [(g.times, g.last) for g in community.gaps.most_asked(GUILD, 10)] == [(3, LATER), (1, LATER)]
    assert community.gaps.most_asked(GUILD, 10, offset=1) == [Gap("When?", 1, LATER)]
    assert (community.gaps.count(GUILD), community.gaps.count(OTHER), community.gaps.count(None)) == (2, 1, 3)


def test_a_closed_gap_is_gone_until_it_is_asked_again(community):
    community.gaps.add("Who pays?", GUILD, "alice", NOW)
    community.gaps.add("Who pays?", OTHER, "alice", NOW)
    assert community.gaps.close(GUILD, " WHO pays?")
    assert not community.gaps.close(GUILD, "Who pays?")
    assert (community.gaps.count(GUILD), community.gaps.count(OTHER)) == (0, 1)
    community.gaps.add("Who pays?", GUILD, "bob", LATER)
    assert community.gaps.most_asked(GUILD, 10) == [Gap("Who pays?", 1, LATER)]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(ODD, ODD), ("x" * 6000, "x" * 1000), ("\u200b", "\u200b"), ("", ""), ("half \ud83d pair", "half � pair")],
    ids=range(5),
)
def test_a_hostile_question_is_kept_as_it_was_and_bounded(community, asked, kept):
    community.gaps.add(asked, GUILD, "alice", NOW)
    assert community.gaps.most_asked(GUILD, 10) == [Gap(kept, 1, NOW)]
    assert community.gaps.close(GUILD, asked)


# Settings


def test_settings_are_kept_and_the_rest_is_unchanged(path):
    with Community(path) as first:
        assert first.settings.get(GUILD) == GuildSettings()
        first.settings.change(GUILD, channels=[5, 6, 5], private=True)
        changed = first.settings.change(GUILD, announce=9, questions=2)
    with Community(path) as again:
        expected = GuildSettings(channels=(5, 6), private=True, announce=9, questions=2)
        assert again.settings.get(GUILD) == changed == expected
        assert again.settings.get(OTHER) == GuildSettings()
        assert again.settings.change(GUILD, announce=None).announce is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"questions": 0}, "from 1 to 100"),
        ({"questions": True}, "from 1 to 100"),
        ({"seconds": 10**9}, "from 1 to 3600"),
        ({"seconds": "60"}, "from 1 to 3600"),
        ({"channels": [-1]}, "channels"),
        ({"roles": [2**64]}, "roles"),
        ({"roles": ["5"]}, "roles"),
        ({"channels": range(1, 102)}, "at most 100"),
        ({"announce": "general"}, "announcement"),
        ({"private": "no"}, "on or off"),
        ({"colour": 1}, "channels, roles, private"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_what_can(community, changes, told):
    community.settings.change(GUILD, questions=3)
    with pytest.raises(SettingRefused, match=told):
        community.settings.change(GUILD, **{"private": True, **changes})
    assert community.settings.get(GUILD) == GuildSettings(questions=3)


def test_a_setting_of_a_later_version_is_left_aside(community, path):
    community.settings.change(GUILD, questions=3)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("""UPDATE settings SET fields = '{"questions": 4, "colour": "red"}'""")
    assert community.settings.get(GUILD) == GuildSettings(questions=4)


# Threads


def test_a_number_keeps_standing_for_its_entry_in_a_thread(path):
    with Community(path) as first:
        first.threads.open(50, GUILD, NOW)
        first.threads.open(50, GUILD, LATER)
        assert first.threads.number(50, ["may", "april"]) == {"may": 1, "april": 2}
    with Community(path) as again:
        assert (again.threads.contains(50), again.threads.contains(51)) == (True, False)
        assert again.threads.number(50, ["guide", "april", "guide"]) == {"may": 1, "april": 2, "guide": 3}
        assert again.threads.number(51, ["april"]) == {"april": 1}
        assert again.threads.numbers(50) == {"may": 1, "april": 2, "guide": 3}


def test_a_deleted_channel_is_forgotten_wherever_it_was_named(community):
    community.threads.open(50, GUILD, NOW)
    community.threads.number(50, ["may"])
    community.settings.change(GUILD, channels=[50, 51, 500], announce=51)
    community.settings.change(OTHER, channels=[500], questions=50)
    assert community.forget_channel(50) == [GUILD]
    assert (community.threads.contains(50), community.threads.numbers(50)) == (False, {})
    assert community.settings.get(GUILD) == GuildSettings(channels=(51, 500), announce=51)
    assert community.forget_channel(51) == [GUILD]
    assert community.settings.get(GUILD) == GuildSettings(channels=(500,))
    assert community.settings.get(OTHER) == GuildSettings(channels=(500,), questions=50)


# Moderators, announcements, jobs


def test_the_log_tells_who_did_what_when_the_last_first(community):
    community.log.add(GUILD, ALICE, ODD, "removed may", NOW)
    community.log.add(GUILD, BOB, "Bob", ODD, NOW)
    community.log.add(OTHER, BOB, "Bob", "undo", NOW)
    assert community.log.last(GUILD, 10) == [LogLine(NOW, BOB, "Bob", ODD), LogLine(NOW, ALICE, ODD, "removed may")]
    assert community.log.last(GUILD, 1) == [LogLine(NOW, BOB, "Bob", ODD)]


def test_an_entry_is_announced_once_in_each_server(community):
    many = [f"entry-{n}" for n in range(2000)]
    community.announcements.mark(GUILD, many)
    community.announcements.mark(GUILD, ["entry-1", "may"])
    assert community.announcements.missing_in(GUILD, ["new", "may", "entry-7", "new", "newer"]) == ["new", "newer"]
    assert community.announcements.missing_in(OTHER, ["may"]) == ["may"]


def test_a_job_card_is_open_until_it_is_closed(path):
    with Community(path) as first:
        first.cards.open("j1", GUILD, 5, 6, "refresh", NOW)
        first.cards.open("j0", GUILD, 5, 7, "undo", LATER)
        first.cards.open("j2", GUILD, 5, 8, "rebuild", LATER)
        first.cards.close("j2")
    with Community(path) as again:
        assert again.cards.all() == [
            Card("j1", GUILD, 5, 6, "refresh", NOW),
            Card("j0", GUILD, 5, 7, "undo", LATER),
        ]


def test_a_pending_addition_survives_a_restart_and_is_applied_once(path):
    words = ("refresh", "--from", "/data/größe 🙂.md", ODD)
    with Community(path) as first:
        first.pending.keep("p1", GUILD, "alice", words, NOW)
    with Community(path) as one, Community(path) as two:
        assert one.pending.get("p1") == Pending("p1", GUILD, "alice", words, NOW)
        assert [one.pending.drop("p1"), two.pending.drop("p1")] == [True, False]
        assert two.pending.get("p1") is None


def test_small_things_are_remembered(path):
    with Community(path) as first:
        assert first.remembered.get("commands") is None
        first.remembered.set("commands", "old")
        first.remembered.set("commands", ODD)
    with Community(path) as again:
        assert again.remembered.get("commands") == ODD


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (0.9, {"answer", "card", "gap", "vote", "log", "pending", "thread", "numbers"}),
        (1.1, {"answer", "card", "gap", "vote", "log", "thread", "numbers"}),
        (179, {"answer", "card", "gap", "vote", "log", "thread", "numbers"}),
        (181, {"log", "thread", "numbers"}),
        (364, {"log", "thread", "numbers"}),
        (366, set()),
    ],
)
def test_what_is_too_old_goes_as_privacy_says(community, days, left):
    for moment, name in ((NOW, "old"), (NOW + timedelta(days=days), "new")):
        thread = 1 if name == "old" else 2
        community.answers.keep(answer(id=name, made=moment))
        community.feedback.vote(name, "alice", "up", name, GUILD, moment)
        community.gaps.add(name, GUILD, "alice", moment)
        community.cards.open(name, GUILD, 1, 2, name, moment)
        community.pending.keep(name, GUILD, "alice", [], moment)
        community.log.add(GUILD, ALICE, "Alice", name, moment)
        community.threads.open(thread, GUILD, moment)
        community.threads.number(thread, [name])
    community.announcements.mark(GUILD, ["old"])
    community.prune((NOW + timedelta(days=days)).astimezone(timezone(timedelta(hours=-5))))

    def kept(name, thread):
        found = {
            "answer": community.answers.get(name),
            "card": name in [card.id for card in community.cards.all()],
            "gap": name in [gap.question for gap in community.gaps.most_asked(GUILD, 9)],
            "vote": name in [vote.answer for vote in community.feedback.last(GUILD, 9)],
            "log": name in [line.what for line in community.log.last(GUILD, 9)],
            "pending": community.pending.get(name),
            "thread": community.threads.contains(thread),
            "numbers": community.threads.numbers(thread),
        }
        return {what for what, there in found.items() if there}

    assert kept("old", 1) == left
    assert len(kept("new", 2)) == 8
    assert community.announcements.missing_in(GUILD, ["old"]) == [], "what was announced is never news again"


# Damage, versions, two at once


@pytest.mark.parametrize(
    "content", [b"not a database, whatever it is\n" * 100, b"\x00" * 4096, b"SQLite format 3\x00" + b"x" * 4080]
)
def test_a_damaged_file_is_told_with_its_remedy(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(CommunityDamaged, match=r"(?s)is damaged.*move the file away"):
        Community(path).gaps.add("Why?", GUILD, "alice", NOW)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("damage", "use"),
    [
        ("DROP TABLE gaps", lambda c: c.gaps.most_asked(GUILD, 1)),
        ("UPDATE answers SET citations = '[{}]'", lambda c: c.answers.get("a1")),
        ("UPDATE answers SET made = 'yesterday'", lambda c: c.answers.get("a1")),
        ("UPDATE answers SET related = '['", lambda c: c.answers.get("a1")),
        ("UPDATE settings SET fields = '[]'", lambda c: c.settings.get(GUILD)),
        ("""UPDATE settings SET fields = '{"questions": -1}'""", lambda c: c.settings.change(GUILD, private=True)),
        ("UPDATE pending SET words = 3", lambda c: c.pending.get("p")),
    ],
)
def test_damage_inside_is_told_and_the_rest_goes_on(community, path, damage, use):
    community.answers.keep(answer())
    community.pending.keep("p", GUILD, "alice", ["undo"], NOW)
    community.settings.change(GUILD, private=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(damage)
    with pytest.raises(CommunityDamaged, match="is damaged"):
        use(community)
    community.feedback.vote("a1", "alice", "up", "Why?", GUILD, NOW)
    assert community.feedback.count(GUILD) == Votes(1, 0)


def test_a_record_of_a_newer_version_is_left_alone(community, path):
    community.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with pytest.raises(CommunityNewer, match="newer version of footnote; install"):
        Community(path)
    assert path.read_bytes() == before


def test_an_older_record_is_brought_forward_with_all_it_holds(path):
    with Community(path) as old:
        old.settings.change(GUILD, questions=3)
        old.gaps.add("Why?", GUILD, "alice", NOW)

    later = (*MIGRATIONS, "ALTER TABLE gaps ADD COLUMN tone TEXT", "CREATE TABLE more (a TEXT)")

    for _ in range(2):  # the second time there is nothing to do
        with Community(path, later) as new:
            assert new.settings.get(GUILD).questions == 3
            assert new.gaps.most_asked(GUILD, 1) == [Gap("Why?", 1, NOW)]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 2,)


def test_a_migration_that_fails_changes_nothing(path):
    broken = (*MIGRATIONS, "CREATE TABLE more (a TEXT); INSERT INTO nowhere VALUES (1)")
    with pytest.raises(CommunityDamaged):
        Community(path, broken)
    with Community(path) as whole:
        whole.gaps.add("Why?", GUILD, "alice", NOW)
    assert "more" not in dump(path)


def test_a_full_disk_is_told_and_what_stood_there_stays(community):
    community.gaps.add("Why?", GUILD, "alice", NOW)
    [(pages,)] = community._db.rows("PRAGMA page_count")
    community._db.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CommunityFull, match="make room"):
        community.announcements.mark(GUILD, [f"entry-{n}" * 20 for n in range(2000)])
    assert community.announcements.missing_in(GUILD, ["entry-1" * 20]) == ["entry-1" * 20]
    assert community.gaps.most_asked(GUILD, 1) == [Gap("Why?", 1, NOW)]


def test_a_file_in_use_is_told(community, path):
    community._db.run("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(CommunityBusy, match="another process"):
            community.remembered.set("a", "b")
    community.remembered.set("a", "b")


def test_a_folder_where_the_file_should_be_is_told(path):
    path.mkdir(parents=True)
    with pytest.raises(CommunityDamaged, match="cannot be written"):
        Community(path)


MANY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.discord.store.community import Community
with Community(Path(sys.argv[1])) as community:
    for n in range(60):
        community.gaps.add("Why?", 1, sys.argv[2], datetime.now(UTC))
        community.threads.number(50, [f"{sys.argv[2]}-{n}"])
        community.settings.change(1, **({"questions": n + 1} if sys.argv[2] == "a" else {"seconds": n + 1}))
print(Path(sys.argv[1]).name)
"""


@pytest.mark.slow
def test_processes_that_begin_and_write_at_once_lose_nothing(path):
    names = ("a", "b", "c")
    command = [sys.executable, "-c", MANY, str(path)]
    running = [subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.PIPE) for name in names]
    assert [process.communicate(timeout=60)[0] for process in running] == [b"community.sqlite3\n"] * 3
    with Community(path) as community:
        assert community.gaps.most_asked(1, 1)[0].times == 180
        assert sorted(community.threads.numbers(50).values()) == list(range(1, 181))
        assert community.settings.get(1) == GuildSettings(questions=60, seconds=60)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
