"""Long work in a child process: progress and report arrive, and whatever the child does, it ends in one sentence."""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.contract.events import Progress, parse_event
from bot.contract.schema import CrossPost, Rejection, Report, SourceReport
from bot.discord.jobs.finished import Finished
from bot.discord.jobs.process import JobRefused, JobRunning, Jobs

REPORT = {
    "event": "report",
    "dry_run": False,
    "new": ["may"],
    "changed": ["april"],
    "unchanged": ["größe-🙂"],
    "removed": ["old"],
    "rejected": [{"where": "a.md", "reason": "It has no title"}],
    "indexed": 2,
    "committed": True,
    "generation": 7,
    "notes": ["A note."],
    "sources": [{"slug": "s", "name": "S", "outcome": "failed", "sentence": "cannot be reached", "items": 0}],
    "duplicates": [{"id": "may", "of": "april"}],
    "key of a later version": {},
}
PARSED = Report(
    dry_run=False,
    committed=True,
    new=("may",),
    changed=("april",),
    unchanged=("größe-🙂",),
    removed=("old",),
    rejected=(Rejection("a.md", "It has no title"),),
    indexed=2,
    generation=7,
    notes=("A note.",),
    sources=(SourceReport("s", "S", "failed", "cannot be reached"),),
    duplicates=(CrossPost("may", "april"),),
)
# What every child can use; a test adds what this one does.
BEGINNING = """
import json, os, signal, subprocess, sys, time
def say(**event): print(json.dumps(event, ensure_ascii=False), flush=True)
def hold(): time.sleep(300)
REPORT = json.loads(os.environ["REPORT"])
"""


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Makes jobs whose command is a script of these lines; `mark` is a file for it to leave a message in."""
    monkeypatch.setenv("REPORT", json.dumps(REPORT))
    monkeypatch.setenv("MARK", str(tmp_path / "mark"))

    def made(lines, kill_after=10.0):
        script = tmp_path / "child.py"
        script.write_text(BEGINNING + lines, encoding="utf-8")
        return Jobs((sys.executable, str(script)), kill_after)

    made.mark = tmp_path / "mark"
    return made


def run(jobs, *words):
    """Start one job and wait for its end."""

    async def through():
        job = await jobs.start(words or ("refresh",), "refresh", "Alice")
        return await asyncio.wait_for(job.wait(), 60)

    return asyncio.run(through())


async def at_work(job, stage="load"):
    """Return once the child has said that it is at this stage."""
    async with asyncio.timeout(60):
        while job.progress is None or job.progress.stage != stage:
            assert not job.done
            await asyncio.sleep(0.01)


def is_gone(mark):
    """Whether the process whose id stands in this file ends, or waits only for its parent to notice."""
    stat = Path("/proc") / mark.read_text() / "stat"
    for _ in range(1000):
        try:
            if stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


# What arrives


def test_a_job_ends_with_its_report(child):
    assert run(child("say(**REPORT)")) == Finished(report=PARSED)


def test_a_report_stands_where_some_was_rejected(child):
    assert run(child("say(**REPORT); sys.exit(3)")) == Finished(report=PARSED, code=3)


def test_the_latest_progress_can_be_seen_while_it_is_at_work(child):
    jobs = child("""
say(event="progress", stage="read", done=1, total=3)
say(event="progress", stage="load", done=2, total=3, current="größe", estimate=1.5)
hold()
""")

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        assert jobs.running is job
        await at_work(job)
        seen = job.progress
        await jobs.close()
        return seen, jobs.running

    assert asyncio.run(through()) == (Progress("load", 2, 3, "größe", 1.5), None)


def test_the_words_arrive_one_by_one_and_who_wished_it(child):
    jobs = child("""say(**REPORT | {"notes": sys.argv[1:]})""")

    async def through(by):
        job = await jobs.start(["remove", "--", "a b", "$(touch x)", "--größe 🙂"], "remove", by)
        return (await job.wait()).report.notes

    hostile = "--dry-run; rm -rf ~ 'Zoë'"
    expected = ("remove", "--json-lines", f"--by={hostile}", "--", "a b", "$(touch x)", "--größe 🙂")
    assert asyncio.run(through(hostile)) == expected


def test_the_child_gets_no_token_no_input_and_leaves_a_processor_free(child, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_DISCORD_TOKEN", "secret-1")
    monkeypatch.setenv("footnote_discord_token", "secret-2")
    monkeypatch.setenv("FOOTNOTE_MODEL", "some/model")
    finished = run(
        child("""
for _ in range(1000):  # niceness is set right after the start
    if os.getpriority(os.PRIO_PROCESS, 0) == 19: break
    time.sleep(0.01)
told = [json.dumps(dict(os.environ)), sys.stdin.read(), os.environ["FOOTNOTE_MODEL"], os.environ["OMP_NUM_THREADS"]]
say(**REPORT | {"notes": [*told, str(os.getpriority(os.PRIO_PROCESS, 0)), str(os.getpgrp() == os.getpid())]})
""")
    )
    environment, typed, model, threads, niceness, leads = finished.report.notes
    assert "secret" not in environment
    assert (typed, model, niceness, leads) == ("", "some/model", "19", "True")
    assert int(threads) == max(1, os.cpu_count() - 1)


def test_an_error_of_the_command_is_told_as_it_stands(child):
    finished = run(child("""say(event="error", error="No entry is called “x”.", code=3); sys.exit(3)"""))
    assert finished == Finished(error="No entry is called “x”.", code=3)
    assert finished.public


@pytest.mark.parametrize("code", [1, 4, 6, 7, 99])
def test_an_error_that_may_name_a_path_is_for_the_log_alone(child, code, caplog):
    finished = run(child(f"""say(event="error", error="/home/me is full.", code={code}); sys.exit({code})"""))
    assert (finished.error, finished.code, finished.public) == ("/home/me is full.", code, False)
    assert "/home/me is full." in caplog.text


def test_a_refresh_outside_discord_is_told_without_its_folder(child):
    finished = run(
        child("""say(event="error", error="Another refresh of /home/me is running.", code=5); sys.exit(5)""")
    )
    assert (finished.code, finished.public) == (5, True)
    assert "outside Discord" in finished.error
    assert "/home" not in finished.error


# What else a child may print

HOSTILE = [
    b"",
    b"not JSON",
    b"[]",
    b"null",
    b'"report"',
    b"{}",
    b'{"event": "report"}',
    b'{"event": "launch"}',
    b'{"event": ["report"]}',
    b'{"event": "error", "code": 3}',
    b'{"event": "error", "error": "", "code": 3}',
    b'{"event": "progress", "stage": "read", "done": -1, "total": 3}',
    b'{"event": "progress", "stage": "read", "done": NaN, "total": 3}',
    b'{"event": "progress", "stage": "read", "done": 1e300, "total": 3}',
    b'{"event": "progress", "stage": {"a": 1}, "done": 1, "total": 3}',
    b'{"event": "progress", "stage": "read", "done": 1, "total": 3, "estimate": NaN}',
    b'{"event": "progress", "stage": "read", "done": 1, "total": 3, "current": 3}',
    b'{"event": "report", "dry_run": false, "committed": true, "new": "may"}',
    b'{"event": "report", "dry_run": false, "committed": true, "sources": [{"name": "S"}]}',
    b'{"event": "report", "dry_run": false, "committed": true, "new": [1]}',
    b'{"event": "report", "dry_run": false, "committed": true, "rejected": [{"where": "a"}]}',
    b'{"event": "report", "dry_run": "perhaps", "committed": true}',
    b"\xff\xfe{",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"event": "error", "error": "\\ud800", "code": 3}',
]


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_a_line_that_is_no_event_is_none(line):
    assert parse_event(line) is None


def test_garbage_is_left_aside_and_told_in_the_log(child, caplog):
    finished = run(
        child("""
print("Loading weights …", flush=True); sys.stdout.buffer.write(b"\\xff\\x00\\n\\n"); sys.stdout.flush()
print("[" * 100_000)
say(event="progress", stage="read", done=-1, total=3)
say(**REPORT)
""")
    )
    assert finished == Finished(report=PARSED)
    assert "printed 4 lines that are no events; the first: b'Loading weights" in caplog.text
    assert len(caplog.text) < 1000


def test_a_line_without_an_end_neither_fills_the_memory_nor_hides_the_report(child, monkeypatch, caplog):
    monkeypatch.setattr("bot.discord.jobs.process.LINE_AT_MOST", 2**16)
    lines = "sys.stdout.write('x' * 5_000_000); print(flush=True); say(**REPORT)"
    assert run(child(lines)) == Finished(report=PARSED)
    assert "too long" in caplog.text


def test_a_very_long_report_arrives_whole(child):
    finished = run(child("""say(**REPORT | {"unchanged": [f"entry-{n:06}" for n in range(200_000)]})"""))
    assert len(finished.report.unchanged) == 200_000


def test_the_first_report_stands(child):
    assert run(child("say(**REPORT); say(event='error', error='No', code=3); say(**REPORT | {'new': []})")) == Finished(
        report=PARSED
    )


def test_a_child_that_pours_out_lines_stops_nothing_else(child):
    jobs = child("""
line = json.dumps(dict(event="progress", stage="load", done=1, total=3)) + "\\n"
while True: sys.stdout.write(line * 1000)
""")

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        await at_work(job)
        turns = 0
        for _ in range(200):
            await asyncio.sleep(0)
            turns += 1
        job.cancel()
        return turns, (await job.wait()).cancelled

    assert asyncio.run(through()) == (200, True)


def test_the_last_words_of_the_error_stream_are_for_the_log_alone(child, caplog):
    finished = run(child("""sys.stderr.write("y" * 10**6 + "\\nValueError: the last words\\n"); sys.exit(1)"""))
    assert finished.report is None
    assert finished.code == 1
    assert "without a report (exit code 1)" in finished.error
    assert "last words" not in finished.error
    assert "ValueError: the last words" in caplog.text
    assert len(caplog.text) < 6000


# How it ends otherwise


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_child_that_somebody_else_ends_is_told(child, number):
    finished = run(child(f"os.kill(os.getpid(), {int(number)})"))
    assert finished.report is None
    assert "ended from outside" in finished.error
    assert (finished.code, finished.cancelled, finished.public) == (-number, False, True)


def test_a_child_that_ends_well_but_says_nothing_is_no_success(child):
    finished = run(child("pass"))
    assert (finished.report, finished.code) == (None, 1)
    assert "without a report" in finished.error


@pytest.mark.parametrize(
    ("command", "word"),
    [(("/no/such/program",), "refresh"), ((sys.executable,), "nul\x00"), ((sys.executable,), "half \ud83d pair")],
    ids=range(3),
)
def test_a_child_that_cannot_be_started_is_told_and_the_next_can(command, word):
    jobs = Jobs(command)
    for _ in range(2):
        finished = run(jobs, "refresh", word)
        assert finished.error == "The work could not be started. Nothing was changed."


def test_a_child_that_has_reported_and_does_not_go_is_ended(child, monkeypatch):
    monkeypatch.setattr("bot.discord.jobs.process.EXIT_AFTER", 0.1)
    assert run(child("say(**REPORT); hold()")).report == PARSED


def test_a_grandchild_that_holds_the_streams_keeps_no_job_open(child, monkeypatch):
    monkeypatch.setattr("bot.discord.jobs.process.PIPES_AFTER", 0.1)
    lines = """
other = subprocess.Popen(["sleep", "300"])
open(os.environ["MARK"], "w").write(str(other.pid))
say(**REPORT)
"""
    assert run(child(lines)).report == PARSED
    assert is_gone(child.mark)


# Cancel, one at a time, close


def test_a_cancelled_job_stops_as_with_ctrl_c(child):
    jobs = child("""
try:
    say(event="progress", stage="load", done=0, total=1)
    hold()
except KeyboardInterrupt:
    say(event="error", error="Stopped. Nothing was lost.", code=130)
    sys.exit(130)
""")

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        await at_work(job)
        job.cancel()
        job.cancel()
        finished = await job.wait()
        job.cancel()
        return finished

    assert asyncio.run(through()) == Finished(error="Stopped. Nothing was lost.", code=130, cancelled=True)


@pytest.mark.parametrize("stage", [None, "load"], ids=["at once", "at work"])
def test_a_cancelled_job_that_will_not_stop_is_ended_by_force(child, stage):
    jobs = child(
        """
signal.signal(signal.SIGINT, signal.SIG_IGN)
say(event="progress", stage="load", done=0, total=1)
hold()
""",
        kill_after=0.2,
    )

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        if stage:
            await at_work(job, stage)
        job.cancel()
        return await asyncio.wait_for(job.wait(), 60)

    assert asyncio.run(through()) == Finished(error="Stopped. Nothing was lost.", code=130, cancelled=True)


def test_a_cancel_that_comes_too_late_leaves_the_report(child):
    jobs = child("""
signal.signal(signal.SIGINT, signal.SIG_IGN)
say(**REPORT)
say(event="progress", stage="load", done=1, total=1)
time.sleep(0.3)
""")

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        await at_work(job)
        job.cancel()
        return await job.wait()

    assert asyncio.run(through()) == Finished(report=PARSED)


def test_one_job_at_a_time_and_who_comes_second_is_told_whose(child):
    jobs = child("say(event='progress', stage='load', done=0, total=1); hold()")

    async def through():
        first, second = await asyncio.gather(
            jobs.start(["refresh"], "refresh", "Alice"), jobs.start(["undo"], "undo", "Bob"), return_exceptions=True
        )
        assert isinstance(second, JobRunning)
        assert (second.what, second.by) == ("refresh", "Alice")
        assert "Alice has started “refresh”" in str(second)
        first.cancel()
        await first.wait()
        third = await jobs.start(["undo"], "undo", "Bob")
        third.cancel()
        return (await third.wait()).cancelled

    assert asyncio.run(through())


def test_many_may_wait_and_who_stops_waiting_stops_nothing(child):
    jobs = child(f"while not os.path.exists({str(child.mark)!r}): time.sleep(0.01)\nsay(**REPORT)")

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        waiting = [asyncio.create_task(job.wait()) for _ in range(3)]
        with suppress(TimeoutError):
            await asyncio.wait_for(job.wait(), 0.1)
        waiting[0].cancel()
        await asyncio.sleep(0)
        child.mark.touch()
        return await asyncio.gather(*waiting[1:])

    assert asyncio.run(through()) == [Finished(report=PARSED)] * 2


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_bot_that_stops_takes_its_child_along_and_starts_no_more(child, stubborn, monkeypatch):
    monkeypatch.setattr("bot.discord.jobs.process.CLOSE_WITHIN", 0.3 if stubborn else 60)
    jobs = child(f"""
if {stubborn}: signal.signal(signal.SIGINT, signal.SIG_IGN)
open(os.environ["MARK"], "w").write(str(os.getpid()))
say(event="progress", stage="load", done=0, total=1)
hold()
""")

    async def through():
        job = await jobs.start(["refresh"], "refresh", "Alice")
        await at_work(job)
        await jobs.close()
        await jobs.close()
        with pytest.raises(JobRefused, match="being stopped"):
            await jobs.start(["refresh"], "refresh", "Alice")
        return await job.wait()

    assert asyncio.run(through()).cancelled
    assert is_gone(child.mark)


def test_closing_without_a_job_is_nothing():
    asyncio.run(Jobs().close())


def test_a_loop_that_is_torn_down_leaves_no_child(child):
    jobs = child("""
open(os.environ["MARK"], "w").write(str(os.getpid()))
say(event="progress", stage="load", done=0, total=1)
hold()
""")

    async def through():
        await at_work(await jobs.start(["refresh"], "refresh", "Alice"))

    asyncio.run(through())
    assert is_gone(child.mark)


def test_a_job_that_went_well_leaves_the_log_alone(child, caplog):
    caplog.set_level(logging.INFO)
    run(child("say(event='progress', stage='load', done=0, total=1); say(**REPORT); print('oh', file=sys.stderr)"))
    assert [record for record in caplog.records if record.name.startswith("bot")] == []


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_job_that_takes_too_long_is_stopped_and_the_next_can_start(child, caplog, stubborn):
    """Also one that does not listen: it hangs inside a library."""
    ignoring = "signal.signal(signal.SIGINT, signal.SIG_IGN); " if stubborn else ""
    jobs = Jobs(child(ignoring + "hold()")._command, kill_after=0.2, most_seconds=0.5)
    assert run(jobs) == Finished(
        error="It took longer than 0.000138889 hours, so it was stopped. Nothing was lost.", code=130
    )
    assert "so it was stopped" in caplog.text
    assert jobs.running is None
    assert run(jobs).code == 130


def test_a_job_that_reports_in_time_is_left_alone(child):
    jobs = Jobs(child("time.sleep(0.2); say(**REPORT)")._command, most_seconds=30.0)
    assert run(jobs).report == PARSED
