"""Manners on the web: whose turn it is at which host, how long we wait, and that whoever waits can be woken."""

import signal
import threading
from datetime import UTC, datetime

import pytest

from corpus.ingest.fetch.politeness import LeftAlone, Politeness, host_of, retry, retry_after, run_by_host

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Time:
    """A clock that only waiting moves."""

    def __init__(self):
        self.at, self.waits = 1000.0, []

    def clock(self):
        return self.at

    def wait(self, seconds):
        self.waits.append(seconds)
        self.at += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def politeness(time):
    return Politeness(2.0, time.clock, time.wait, lambda: NOW)


def visit(politeness, host="a"):
    waited = politeness.enter(host)
    politeness.leave(host)
    return waited


# Pauses


def test_there_is_a_pause_between_two_requests_to_a_host_and_none_between_hosts(politeness, time):
    assert [visit(politeness, host) for host in "aba"] == [0, 0, 2]
    time.at += 1.5
    assert visit(politeness) == 0.5
    time.at += 100
    assert visit(politeness) == 0


def test_a_host_may_want_a_longer_pause_and_not_a_shorter_one(politeness):
    for seconds in (10, 0, 3):
        politeness.pause_longer("a", seconds)
    assert [visit(politeness, host) for host in "aabb"] == [0, 10, 0, 2]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("86400", 86400),
        ("86401", 86400),
        ("9" * 99, 86400),
        ("9" * 5000, None),
        ("Tue, 24 Nov 2026 12:05:00 GMT", 300),
        ("Tue, 24 Nov 2026 12:05:00", 300),
        ("Tue, 24 Nov 2026 14:05:00 +0200", 300),
        ("Tuesday, 24-Nov-26 12:05:00 GMT", 300),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 86400),
        ("Fri, 31 Feb 2027 23:59:59 GMT", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("²", None),
        ("soon", None),
        ("", None),
        ("\x00", None),
        (", , , :::", None),
    ],
)
def test_how_long_a_server_sends_us_away(told, seconds):
    assert retry_after(told, NOW) == seconds


def test_a_host_that_sends_us_away_for_a_while_is_waited_for(politeness):
    politeness.stay_away("a", "45")
    assert [visit(politeness, host) for host in "ab"] == [45, 0]
    politeness.stay_away("a", "nonsense")
    assert visit(politeness) == 2


@pytest.mark.parametrize(("told", "until"), [("3600", "2026-11-24 13:00"), ("9" * 90, "2026-11-25 12:00")])
def test_a_host_that_sends_us_away_for_long_is_not_asked_and_it_is_said_when(politeness, time, told, until):
    politeness.stay_away("a", told)
    with pytest.raises(LeftAlone, match=f"was not asked: its site wants to be left alone until {until} UTC"):
        politeness.enter("a")
    assert time.waits == []
    assert visit(politeness, "b") == 0
    time.at += 86_400
    assert visit(politeness) == 0


def test_a_host_that_fails_again_and_again_is_left_alone_until_then_it_had_its_chances(politeness):
    def fail(times):
        for _ in range(times):
            visit(politeness)
            politeness.answered("a", well=False)

    fail(5)
    politeness.answered("a", well=True)
    fail(6)
    with pytest.raises(LeftAlone, match="has failed several times in a row"):
        politeness.enter("a")
    assert visit(politeness, "b") == 0


# Turns


def test_one_at_a_time_at_a_host_and_several_hosts_at_once():
    politeness = Politeness(0)
    both, inside, most, trouble = threading.Barrier(2, timeout=5), [], [], []

    def work(host):
        try:
            for _ in range(20):
                politeness.enter(host)
                inside.append(host)
                most.append(inside.count(host))
                inside.remove(host)
                politeness.leave(host)
            politeness.enter(host)
            if host in "ab" and not both.broken:
                both.wait()  # both hosts have us at the same moment
            politeness.leave(host)
        except Exception as error:  # noqa: BLE001  told in the thread that asserts
            trouble.append(error)

    threads = [threading.Thread(target=work, args=(host,)) for host in ("a", "b")]
    others = [threading.Thread(target=work, args=("c",)) for _ in range(6)]
    for thread in threads + others:
        thread.start()
    for thread in threads + others:
        thread.join()
    assert trouble == []
    assert set(most) == {1}


def started(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("why", ["a pause", "another's turn", "an absence"])
def test_whoever_waits_is_woken_and_nobody_gets_a_turn_any_more(why):
    politeness, said = Politeness(600), []
    politeness.enter("a")
    if why != "another's turn":
        politeness.leave("a")
    if why == "an absence":
        politeness.stay_away("a", "59")

    def wait():
        try:
            politeness.enter("a")
        except LeftAlone as reason:
            said.append(str(reason))

    waiting = started(wait)
    waiting.join(0.05)
    assert waiting.is_alive()
    politeness.stop()
    waiting.join(5)
    wait()
    assert said == ["was stopped"] * 2
    assert politeness.sleep(600) < 1


def test_a_turn_that_was_not_taken_blocks_nobody(politeness):
    politeness.stay_away("a", "3600")
    for _ in range(2):
        with pytest.raises(LeftAlone):
            politeness.enter("a")
    politeness.leave("b")  # nobody's


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Example.org/a", "example.org"),
        ("http://example.org.:80/b", "example.org"),
        ("http://example.org:443", "example.org"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("http://[::1]:8080/", "::1:8080"),
        ("http://[::1", ""),
        ("http://example.org:99999/", ""),
        ("", ""),
    ],
)
def test_whom_a_request_burdens(url, host):
    assert host_of(url) == host


# Again


def test_what_may_pass_is_asked_for_again_later_each_time_and_not_for_ever(time):
    answers = iter("xxyx")
    assert retry(lambda: next(answers), lambda answer: answer == "x", 3, 1.0, time.wait) == "y"
    first, second = time.waits
    assert 1 <= first <= 2
    assert 2 <= second <= 3
    answers = iter("xxxy")
    assert retry(lambda: next(answers), lambda answer: answer == "x", 3, 0, time.wait) == "x"


# Several hosts at once


def test_jobs_of_a_host_run_in_order_and_hosts_at_once():
    both, order = threading.Barrier(2, timeout=5), []

    def job(name):
        def run():
            if name in {"a0", "b0"}:
                both.wait()
            order.append(name)
            return name

        return run

    names = ["a0", "b0", "a1", "c0", "a2", "b1"]
    found = dict(run_by_host([(name[0], job(name)) for name in names], most_hosts=2))
    assert [found[place] for place in range(6)] == names
    assert [name for name in order if name[0] == "a"] == ["a0", "a1", "a2"]


def test_nothing_to_do_is_nothing():
    assert list(run_by_host([])) == []


def test_an_error_of_a_job_is_raised_and_the_others_are_stopped():
    stopped = threading.Event()

    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(run_by_host([("a", fail), ("b", lambda: stopped.wait(5)), ("a", pytest.fail)], stop=stopped.set))
    assert stopped.is_set()


def test_who_takes_no_more_results_ends_it():
    stopped, ran = threading.Event(), []
    work = run_by_host([("a", lambda: ran.append(1))] * 1000 + [("b", lambda: stopped.wait(5))], stop=stopped.set)
    next(work)
    work.close()
    assert stopped.is_set()
    assert len(ran) < 20  # results that nobody takes do not pile up


def test_ctrl_c_ends_it():
    stopped = threading.Event()

    def interrupted():
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        return stopped.wait(5)

    former = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it may be ignored
    try:
        with pytest.raises(KeyboardInterrupt):
            list(run_by_host([("a", interrupted), ("b", lambda: stopped.wait(5))], stop=stopped.set))
    finally:
        signal.signal(signal.SIGINT, former)
    assert stopped.is_set()
