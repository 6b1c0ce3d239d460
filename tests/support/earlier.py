"""Data folders as earlier versions or other settings have left them."""

import tarfile
from dataclasses import replace
from pathlib import Path

from corpus.index.generation import committed, folder_of
from corpus.index.manifest import read_manifest, write_manifest

# Three entries (a river, cats, bread) taken in by `footnote refresh` of commit c21f4a4, 24 November 2026: the record's
# first form, the second splitter, no vocabulary, a manifest that names six files.
FIRST_FORM = Path(__file__).parent / "index_of_24_november.tar.xz"


def unpack_first_form(data: Path) -> Path:
    data.mkdir(mode=0o700)
    with tarfile.open(FIRST_FORM) as archive:
        archive.extractall(data, filter="data")
    return data


def say_made_with(data: Path, **recipe: str) -> None:
    """Have the newest generation's manifest say that it was made with another splitter, model …"""
    root = data / "index"
    folder = folder_of(root, committed(root)[-1])
    manifest = read_manifest(folder)
    write_manifest(folder, replace(manifest, recipe=replace(manifest.recipe, **recipe)))
