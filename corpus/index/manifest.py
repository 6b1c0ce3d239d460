"""What a generation was made with, and the checksum of each of its files: none is opened that is not as it was written.

The manifest has a checksum of its own. One from before every file was named in it (`names_all` is false) has none, and
names the files alone that we read as they are: `probe.py` looks at the others.
"""

import errno
import json
import math
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import IndexDamaged, IndexOutdated, shortage_of
from corpus.index import keyword_index, passage_store
from corpus.models.search import Linear, Scale

MANIFEST, ENTRIES = "manifest.json", "entries.sqlite3"
VOCABULARY = f"{keyword_index.FOLDER}/{keyword_index.VOCABULARY}"
ONCE_NAMED = frozenset(
    {*passage_store.FILES, ENTRIES, VOCABULARY}
)  # all that a manifest named before it named every file
OWN = "manifest"  # the field with the manifest's own checksum
BLOCK = 1 << 20  # bytes read at a time
UNREADABLE = (OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a generation was made with; two generations mix only if theirs are equal."""

    model: str
    fingerprint: str
    dimension: int
    splitter: str
    words: str
    distance: str


@dataclass(frozen=True, slots=True)
class Manifest:
    recipe: Recipe
    entries: int
    passages: int
    next_key: int
    checksums: dict[str, int]  # CRC-32 of each file, by its path in the folder
    scale: Scale | None = None  # of its model's cosines; an index from before it was measured has none
    yardstick: str = ""  # the version that it was measured by
    runtime: str = ""  # what ran the model; equal weights give equal vectors in any, so generations of several mix

    @property
    def names_all(self) -> bool:
        """Whether every file has its checksum here."""
        return not self.checksums.keys() <= ONCE_NAMED


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest. Raises IndexDamaged, IndexOutdated, or a ResourceShort."""
    try:
        written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        own = written.pop(OWN, None)
        known = written.keys() & Manifest.__dataclass_fields__.keys()  # a later version's may have more
        fields = {name: written[name] for name in known}
        if fields.get("scale"):
            fields["scale"] = Scale(*(Linear(*map(_check_finite, line)) for line in fields["scale"]))
        if fields["recipe"].keys() != Recipe.__dataclass_fields__.keys():
            raise IndexOutdated(
                f"Another version of footnote has made {folder} in a form that this one cannot read. Run `footnote "
                "rebuild`."
            )
        manifest = Manifest(**{**fields, "recipe": Recipe(**fields["recipe"])})
        # Without its own checksum only one passes that looks old altogether: two places would have to be damaged.
        if own != _checksum_of(written) and (own is not None or manifest.names_all):
            raise ValueError("it is not as it was written")
    except UNREADABLE as error:
        raise shortage_of(error, folder / MANIFEST) or IndexDamaged(
            f"The manifest in {folder} cannot be read ({error}). Run `footnote rebuild`."
        ) from error
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it with its own checksum, in one step where there is one already."""
    fields = asdict(manifest)
    written = folder / f".{MANIFEST}"
    written.write_text(json.dumps(fields | {OWN: _checksum_of(fields)}, indent=1), encoding="utf-8")
    written.replace(folder / MANIFEST)


def _checksum_of(fields: Mapping[str, object]) -> int:
    """Return the CRC-32 of what a manifest says, however it is spaced."""
    return zlib.crc32(json.dumps(fields, sort_keys=True).encode())


def _check_finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{number} is no finite number")
    return float(number)


def files_of(folder: Path) -> list[str]:
    """Return the paths of all files in a generation but the manifest, in order; whatever is no folder is a file."""
    try:
        names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
        return sorted(name for name in names if name != MANIFEST)
    except OSError as error:
        raise _translate_read_error(folder, error) from error


def checksum_of(file: Path) -> int:
    """Return the CRC-32 of a file (1.8 GB/s). Raises IndexDamaged where it cannot be read, or a ResourceShort."""
    checksum = 0
    for block in _read_blocks(file):
        checksum = zlib.crc32(block, checksum)
    return checksum


def checksums_of(folder: Path, names: Iterable[str]) -> dict[str, int]:
    return {name: checksum_of(folder / name) for name in names}


def verify(folder: Path, expected: Mapping[str, int]) -> None:
    """Raise IndexDamaged where one of these files is not as it was written, or a ResourceShort."""
    _raise_changed(folder, [name for name, value in expected.items() if checksum_of(folder / name) != value])


def copy_verified(folder: Path, target: Path, expected: Mapping[str, int]) -> None:
    """Copy these files; what was read is what was verified. Raises as `verify` does; OSError is the target's alone."""
    wrong = []
    for name, value in expected.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        checksum = 0
        with (target / name).open("wb") as copy:
            for block in _read_blocks(folder / name):
                checksum = zlib.crc32(block, checksum)
                copy.write(block)
        if checksum != value:
            wrong.append(name)
    _raise_changed(folder, wrong)


def check_names(folder: Path, manifest: Manifest) -> None:
    """Raise IndexDamaged where a file is missing, or one is there that the manifest does not name."""
    named = manifest.checksums.keys()
    there = set(files_of(folder)) if manifest.names_all else ONCE_NAMED - {VOCABULARY} | named
    _raise_changed(folder, sorted(there ^ named))


def _read_blocks(file: Path) -> Iterator[bytes]:
    try:
        if not file.is_file():  # a pipe would be waited for
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file))
        with file.open("rb", buffering=0) as source:
            while block := source.read(BLOCK):
                yield block
    except OSError as error:
        raise _translate_read_error(file, error) from error


def _translate_read_error(place: Path, error: OSError) -> Exception:
    """Return what it means that a part of a generation cannot be read: something is short, or else it is damaged."""
    return shortage_of(error, place) or IndexDamaged(f"{place} cannot be read ({error.strerror}).")


def _raise_changed(folder: Path, names: Sequence[str]) -> None:
    if names:
        raise IndexDamaged(f"{', '.join(names)} in {folder} is not as it was written.")
