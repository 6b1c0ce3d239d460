"""The terminal's streams: what is shown, noted, typed. Colours, wrapping and progress on a terminal, none in a pipe."""

import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from bot.shared import STAGES
from bot.text import json_text, plain, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import ReadableBuffer

    from bot.cli.views.blocks import Block
    from corpus import Progress

CURRENT = 36  # characters of what is being done just now that stand beside a progress bar
UNWRAPPED = 100_000  # columns: a pipe gets each line whole; it is for programs, or for a pager that wraps by itself


class ReaderGone(SystemExit):
    """Nobody reads what runs on, as behind `| head -1`: it ends, and that is no error."""


class _Pipe(io.FileIO):
    """A stream whose reader may go away. What is written from then on goes nowhere."""

    is_broken = False

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            self.is_broken = True
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return super().write(data)


def whole_streams() -> None:
    """Put something in place of a stream that was closed before we began, and of characters it cannot encode.

    Where nobody reads a stream any more, what is written to it goes nowhere: the libraries that print for us would end
    the command with code 1.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  for the whole process
        elif isinstance(stream, io.TextIOWrapper) and name != "stdin":
            stream.reconfigure(errors="replace")
            if not stream.isatty():
                pipe = io.BufferedWriter(_Pipe(stream.fileno(), "wb", closefd=False))
                by_line, at_once = stream.line_buffering, stream.write_through
                setattr(sys, name, io.TextIOWrapper(pipe, stream.encoding, "replace", None, by_line, at_once))


def typed_lines(history: Path) -> Iterator[str]:
    """What a person types, line by line, until Ctrl-D; on a terminal with the arrow keys and an earlier day's lines."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        return
    import readline  # noqa: PLC0415  importing it gives input() its line editing

    readline.set_history_length(500)
    with contextlib.suppress(OSError):
        readline.read_history_file(history)
    while True:
        try:
            line = input("? ")
        except EOFError:
            show_line("")
            return
        except KeyboardInterrupt:  # as in a shell: it clears the line
            show_line("")
            continue
        with contextlib.suppress(OSError):
            readline.write_history_file(history)
        if line.strip():
            yield line


@contextlib.contextmanager
def progress_bars() -> "Iterator[Progress]":
    """A progress bar on a terminal's error stream; nothing in a pipe."""
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars  # noqa: PLC0415
    from rich.table import Column  # noqa: PLC0415

    console = Console(stderr=True)
    wide = Column(
        no_wrap=True, min_width=min(len(STAGES["fetch"]) + 1 + CURRENT, console.width - 36)
    )  # so that the bars stand still
    columns = (
        TextColumn("{task.description}", table_column=wide),
        BarColumn(bar_width=15),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int, current: str = "") -> None:
            name = STAGES.get(stage, stage.capitalize())
            if stage not in tasks:
                tasks[stage] = bars.add_task(name, total=None)
            what = f"{name} {shorten(plain(current), CURRENT)}" if current else name
            bars.update(tasks[stage], description=escape(what), completed=done, total=total)

        yield show


@contextlib.contextmanager
def spinner(what: str) -> Iterator[None]:
    """A spinner on a terminal while the model loads; nothing in a pipe."""
    console = Console(stderr=True)
    with console.status(f"{what} …") if console.is_terminal else contextlib.nullcontext():
        yield


def is_terminal() -> bool:
    """Whether a person reads what is noted."""
    return Console(stderr=True).is_terminal


def show(blocks: "Sequence[Block]") -> None:
    console = Console(highlight=False)
    if console.is_terminal:
        for block in blocks:
            console.print(block)
        return
    console.width = UNWRAPPED
    with console.capture() as captured:
        for block in blocks:
            console.print(block)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def show_line(line: str) -> None:
    """Print a line of what runs on, at once: somebody may be waiting for it. Raises ReaderGone where nobody is."""
    console = Console(highlight=False)
    console.print(line, markup=False, soft_wrap=not console.is_terminal)
    _flush_what_runs_on()


def show_json(value: Any, indent: int | None = 2) -> None:
    """Print a value as JSON, at once; without `indent`, in one line as of what runs on, and raising as `show_line`."""
    sys.stdout.write(json_text(value, indent) + "\n")
    if indent is None:
        _flush_what_runs_on()
    else:
        sys.stdout.flush()


def _flush_what_runs_on() -> None:
    sys.stdout.flush()
    pipe = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if isinstance(pipe, _Pipe) and pipe.is_broken:
        raise ReaderGone


def note(sentence: str, style: str = "dim") -> None:
    console = Console(stderr=True, highlight=False)
    console.print(sentence, style=style, markup=False, soft_wrap=not console.is_terminal)


def complain(sentence: str) -> None:
    note(sentence, "red")


class _Notes(logging.Handler):
    """The library's warnings, as notes."""

    def emit(self, record: logging.LogRecord) -> None:
        note(record.getMessage())


def quiet_logs() -> None:
    logging.getLogger("corpus").addHandler(_Notes(logging.WARNING))
    logging.getLogger("corpus").propagate = False
    logging.getLogger().addHandler(logging.NullHandler())  # other libraries' warnings are not for this person


class _OneLine(logging.Filter):
    """What the Discord library says of a connection that it mends by itself: its error in a line, not as a trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        refused = isinstance(getattr(error, "code", None), int)  # by Discord: a suggestion that came too late
        mended = {"discord.shard", "discord.gateway", "discord.client"}
        if error is not None and (record.name in mended or (refused and record.name == "discord.app_commands.tree")):
            record.msg, record.args = f"{record.getMessage()} ({type(error).__name__}: {error})", ()
            record.exc_info, record.exc_text, record.levelno, record.levelname = None, None, logging.WARNING, "WARNING"
        return True


def record_logs() -> None:
    """For a process that runs on: what happens, a line each, with the time, on the error stream."""
    handler = logging.StreamHandler()
    handler.addFilter(_OneLine())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("bot", "corpus"):
        logging.getLogger(name).setLevel(logging.INFO)
    logging.getLogger("corpus").handlers.clear()
    logging.getLogger("corpus").propagate = True
