"""The command `footnote` as a process of its own, with the real model."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*words, data, stdin="", **environment):
    """Run `footnote` in a data folder; nothing that it prints is ever a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        env={
            **os.environ,
            "FOOTNOTE_DATA_DIR": str(data),
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": str(ROOT),
            **environment,
        },
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=data.parent,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done
