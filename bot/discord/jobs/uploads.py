"""Files that wait for the job that takes them in."""

import shutil
import time
from pathlib import Path

FOLDER = "additions"
KEPT = 24 * 3600  # seconds that a preview waits for its Apply


def drop(data_dir: Path, pending_id: str) -> None:
    """Delete what was stored for an addition that has been applied or discarded."""
    shutil.rmtree(data_dir / FOLDER / pending_id, ignore_errors=True)


def drop_old(data_dir: Path) -> None:
    """Delete what was stored for additions that nobody applied within a day."""
    for folder in (data_dir / FOLDER).glob("*"):
        try:
            old = folder.stat().st_mtime < time.time() - KEPT
        except OSError:  # somebody else was faster
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True)
