"""Entries and the like into a file: written aside, then put in its place, so that it is there whole or not at all."""

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.text import json_text
from corpus import FileRefused


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write a JSON line for each of the records; returns how many. Raises FileRefused."""
    return _write_whole(path, (json_text(record) for record in records))


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, for people, too. Raises FileRefused."""
    _write_whole(path, [json.dumps(value, indent=2)])


def _write_whole(path: Path, lines: Iterable[str]) -> int:
    try:
        path = path.resolve()
        if path.exists() and not path.is_file() and not path.is_dir():
            return _write(path, lines)  # a pipe or a device: nothing can be put in its place
        # A new file is its owner's alone, for it holds whole texts; one that is replaced keeps its rights.
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
        os.close(handle)
        aside = Path(name)
        try:
            count = _write(aside, lines)
            if path.is_file():
                aside.chmod(path.stat().st_mode & 0o777)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileRefused(f"{path} cannot be written ({reason}); give another file.") from error
    return count


def _write(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(line + "\n")
            count += 1
        file.flush()
        if path.is_file():
            os.fsync(file.fileno())
    return count
