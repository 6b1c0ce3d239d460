"""How often somebody may ask, and that an event that comes twice is answered once."""

from bot.discord.rate_limits import MOST_EVENTS, MOST_KEYS, Cooldown, Seen


def test_a_member_waits_after_so_many_questions_and_no_longer():
    cooldown = Cooldown()
    for second in range(3):
        assert cooldown.wait("ada", 3, 60, now=second) == 0
        cooldown.take("ada", now=second)
    assert cooldown.wait("ada", 3, 60, now=10) == 50
    assert cooldown.wait("bob", 3, 60, now=10) == 0
    assert cooldown.wait("ada", 3, 60, now=60) == 0


def test_asking_how_long_to_wait_costs_no_turn():
    cooldown = Cooldown()
    assert [cooldown.wait("ada", 1, 60, now=0) for _ in range(5)] == [0] * 5


def test_a_short_window_elsewhere_does_not_shorten_a_long_one():
    cooldown = Cooldown()
    for _ in range(10):
        cooldown.take("ada", now=0)
    assert cooldown.wait("ada", 5, 60, now=100) == 0
    cooldown.take("ada", now=100)
    assert cooldown.wait("ada", 10, 3600, now=101) == 3499


def test_members_at_rest_are_forgotten():
    cooldown = Cooldown()
    for member in range(MOST_KEYS + 100):
        cooldown.take(member, now=1)
    assert len(cooldown) == MOST_KEYS


def test_an_event_that_comes_again_is_known():
    seen = Seen()
    assert seen.first_time(1)
    assert not seen.first_time(1)
    assert all(seen.first_time(event) for event in range(2, MOST_EVENTS + 2))
    assert seen.first_time(1), "the oldest are forgotten: no more than so many are kept"
