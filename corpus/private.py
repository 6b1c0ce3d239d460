"""What we write is for whoever runs this: full texts, also of paid pieces, and what people have asked.

A folder that is shared with a group on purpose stays so: one that the group may write into, or that hands its group on
(set-group-ID). Whatever is made in it then follows the umask of who makes it. Nobody else ever gets in.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS, GROUP = stat.S_IRWXO, stat.S_IRWXG
# How the names begin of what is kept in a data folder, by this library and by the programs around it.
OURS = (
    "archive",
    "index",
    "refresh",
    "fetched",
    "additions",
    "community",
    "run",
    "footnote-errors",
    "chat_history",
    ".",
)


def make_data_folder(folder: Path) -> None:
    """Make the data folder private, as `make_private_folder` does.

    People choose it: one that holds anything else than we keep in it, such as a home, is left as it is.
    """
    make_private_folder(folder, OURS)


def make_private_folder(folder: Path, ours: tuple[str, ...] = ("",)) -> None:
    """Make a folder that its owner alone may enter, or take the rights of others from one that is there and is theirs.

    One that holds names which begin otherwise than `ours` is left as it is. Raises OSError where it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
        with suppress(OSError):
            if all(path.name.startswith(ours) for path in folder.iterdir()):
                _tighten(folder, is_shared=is_shared(folder))


def make_private_file(file: Path) -> None:
    """Make an empty file for its owner alone, or take the rights of others from one that is there.

    In a shared folder, the group keeps what it has. Raises OSError where it cannot be made.
    """
    shared = is_shared(file.parent)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o660 if shared else 0o600))
    _tighten(file, is_shared=shared)


def is_shared(folder: Path) -> bool:
    """Whether a folder was given to a group."""
    return bool(folder.stat().st_mode & (stat.S_IWGRP | stat.S_ISGID))


def _tighten(path: Path, *, is_shared: bool) -> None:
    found = path.stat()
    mode = stat.S_IMODE(found.st_mode)
    wanted = mode & ~OTHERS if is_shared else mode & ~(OTHERS | GROUP)
    if wanted != mode and found.st_uid == os.geteuid():
        path.chmod(wanted)
