"""Sources that are folders of this computer: all of their files are read each time."""

import re
from pathlib import Path

from corpus.errors import FileRefused, SourceRefused
from corpus.ingest.sources.base import TIER, Listed, Lookup, ReadContext
from corpus.ingest.sources.local_import import import_files
from corpus.models.sources import Source

WEB_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class FolderKind:
    """A folder is read as it is listed; it needs no web."""

    field, needs_web = "folder", False

    def list_items(self, source: Source, context: ReadContext, /) -> Listed:
        folder = source.folder or ""
        context.on_step("folder", folder)
        if not Path(folder).is_absolute():
            return Listed(source, "failed", "its folder is no whole path; begin it with /")
        try:
            found = import_files([Path(folder)], context.options.characters, source)
        except FileRefused as refused:
            return Listed(source, "failed", str(refused).removesuffix("."))
        return Listed(source, "read", found=found)

    def describe(self, lookup: Lookup, /) -> Source | None:
        address = lookup.address
        if WEB_ADDRESS.match(address):
            return None
        try:
            folder = Path(address).expanduser().absolute()
            exists = bool(address) and folder.is_dir()
        except (OSError, ValueError, RuntimeError) as error:
            raise SourceRefused(f"{address!r} is neither a web address nor a folder ({error}).") from error
        if not exists:
            raise SourceRefused(
                f"{address!r} is neither a web address nor a folder that exists. An address begins with https://."
            )
        return Source("", folder.name or "files", TIER, folder=str(folder))
