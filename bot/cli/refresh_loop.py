"""`footnote refresh --watch`: round after round, what is due is read. A round that fails ends nothing."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn, Protocol

from bot.cli.views.blocks import counted, numbered
from bot.text import plain
from corpus import RefreshReport, RefreshRunning

LOOK = 60.0  # seconds between two looks at what is due: sources come, go and are paused meanwhile
MOST_FAILURES = 9  # that are counted: the pause grows no more
LONGEST_PAUSE = 3600.0  # seconds after a round that failed once more


class WatchOutput(Protocol):
    """Shows how the watch goes on: to people a line a round, to programs a JSON line for each."""

    def waiting(self, until: datetime | None) -> None: ...
    def busy(self) -> None: ...
    def report(self, report: RefreshReport) -> None: ...
    def failed(self, error: Exception) -> None: ...


def watch(
    next_due: Callable[[], datetime | None],
    refresh: Callable[[], RefreshReport],
    output: WatchOutput,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> NoReturn:
    """Wait until something is due, and refresh, round after round. A KeyboardInterrupt ends it."""
    failures, is_announced = 0, False
    while True:
        try:
            due = next_due()
            if due is None or due > now():
                if not is_announced:
                    output.waiting(due)
                is_announced = True
                sleep(LOOK if due is None else min(LOOK, max(0.1, (due - now()).total_seconds())))
                continue
            is_announced = False
            output.report(refresh())
            failures = 0
        except RefreshRunning:
            output.busy()
        except Exception as error:  # noqa: BLE001  whatever it is: it is shown, and the next round may go well
            failures = min(failures + 1, MOST_FAILURES)
            output.failed(error)
        sleep(min(LOOK * 2 ** max(0, failures - 1), LONGEST_PAUSE))


def round_in_words(report: RefreshReport) -> str:
    """What a round has done, in one line."""
    plan = report.plan
    counts = {"new": len(plan.new), "changed": len(plan.changed), "rejected": len(plan.rejected)}
    changes = numbered(counts) or "nothing new"
    troubles = [
        f"{plain(read.name)} {read.outcome}: {plain(read.sentence)}"
        for read in report.sources
        if read.outcome in {"failed", "closed"}
    ]
    generation = [f"generation {report.generation} is committed"] if report.committed else []
    parts = [f"{counted(len(report.sources), 'source', 'sources')} read", changes, *generation, *troubles]
    return "; ".join([*parts, *map(plain, report.notes)])
