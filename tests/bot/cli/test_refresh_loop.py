"""`footnote refresh --watch`: it waits, reads what is due, tells a line a round, and no failing round ends it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from followed import report

from bot.cli.refresh_loop import LONGEST_PAUSE, LOOK, round_in_words, watch
from corpus import DataUnusable, Plan, RefreshRunning

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Told:
    """A clock that the watch's own waiting moves, and what it told at which second."""

    def __init__(self, dues, rounds):
        self.seconds = 0.0
        self.lines = []
        self._dues = iter(dues)
        self._rounds = iter(rounds)

    def now(self):
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds):
        self.seconds += seconds

    def _next(self, of):
        found = next(of, KeyboardInterrupt())
        if isinstance(found, BaseException):
            raise found
        return found

    def due(self):
        found = self._next(self._dues)
        return None if found is None else START + timedelta(seconds=found)

    def refresh(self):
        return self._next(self._rounds)

    def watch(self):
        with pytest.raises(KeyboardInterrupt):
            watch(self.due, self.refresh, self, self.now, self.sleep)
        return self.lines

    def waiting(self, until):
        self.lines.append((self.seconds, "waiting", until and (until - START).total_seconds()))

    def busy(self):
        self.lines.append((self.seconds, "busy"))

    def report(self, found):
        self.lines.append((self.seconds, found))

    def failed(self, error):
        self.lines.append((self.seconds, str(error)))


def test_it_waits_until_something_is_due_and_says_so_once():
    assert Told([150, 150, 150, 150, 9000], ["a round"]).watch() == [
        (0, "waiting", 150),
        (150, "a round"),
        (150 + LOOK, "waiting", 9000),
    ]


def test_a_source_that_is_added_meanwhile_is_read_at_the_next_look():
    assert Told([None, None, 0], ["a round"]).watch() == [(0, "waiting", None), (2 * LOOK, "a round")]


def test_a_failing_round_is_told_and_the_next_comes_ever_later_until_one_goes_well():
    full = [DataUnusable(f"full {n}") for n in range(2000)]
    told = Told([0] * 2002, [*full, "a round", *full[:1]]).watch()
    times = [line[0] for line in told]
    assert [line[1] for line in told] == [*(f"full {n}" for n in range(2000)), "a round", "full 0"]
    pauses = [after - before for before, after in pairwise(times)]
    assert pauses[:7] == [60, 120, 240, 480, 960, 1920, LONGEST_PAUSE]
    assert (set(pauses[7:-1]), pauses[-1]) == ({LONGEST_PAUSE}, LOOK)


def test_another_refresh_and_a_record_that_cannot_be_read_end_nothing():
    told = Told([0, DataUnusable("damaged"), 0], [RefreshRunning("busy"), "a round"]).watch()
    assert [line[1] for line in told] == ["busy", "damaged", "a round"]


def test_a_round_is_one_line():
    said = round_in_words(report())
    assert said.startswith(
        "4 sources read; 2 new, 1 changed, 1 rejected; generation 8 is committed; Hugging Face Blog fa"
    )
    assert "closed: says that it has ended (410)" in said
    assert said.endswith("Hugging Face Blog has failed for 5 days: it answers with 503 (Service Unavailable).")
    assert "\n" not in said
    assert "\x1b" not in said
    quiet = report(plan=Plan((), (), (), ()), sources=report().sources[2:3], notes=(), committed=False)
    assert round_in_words(quiet) == "1 source read; nothing new"
