"""Sources leave with an export, and come in with it elsewhere, with what they have listed: they go on from there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.ingest.parse.document import Remark
from corpus.ingest.sources.findings import Findings
from corpus.ingest.update.identify import Resolved
from corpus.models.sources import ExportedSource, SeenItem, SourceUpdates
from corpus.storage.record import Record

IN_A_LINE = 5000  # pieces: a line has 4 MB at most, and one of them some 200 bytes


def export_sources(record: Record) -> Iterator[ExportedSource]:
    """Yield the described sources, by slug, in parts of some thousand pieces that each has listed.

    A folder that is followed is one of this computer: it stays here, and so does what was listed in it.
    """
    states = record.sources.states()
    for slug, source in sorted(record.entries.sources().items()):
        if source.folder or not source.address:
            yield ExportedSource(replace(source, folder=None))
            continue
        seen = [*record.sources.seen(slug).values()]
        for start in range(0, max(len(seen), 1), IN_A_LINE):
            yield ExportedSource(source, states.get(slug), seen[start : start + IN_A_LINE])


def note_exported(files: Findings, *, taken: bool) -> Findings:
    """Return what files hold, with a note on the sources that an export carries there; without them unless `taken`."""
    slugs = ", ".join(sorted({one.source.slug for one in files.exported}))
    if not slugs:
        return files
    if not taken:
        left_out = Remark("export", f"The sources in the file were left out: {slugs}.")
        return replace(files, exported=(), remarks=(left_out, *files.remarks))
    come_with = Remark("export", f"With the file come its sources, and what they had listed: {slugs}.")
    return replace(files, remarks=(come_with, *files.remarks))


def with_exported(
    resolved: Resolved, exported: Sequence[ExportedSource], record: Record | None
) -> tuple[Resolved, SourceUpdates]:
    """Return what was found with the sources that an export carries, and what is remembered of them from then on.

    One that is followed here is not replaced by one that is not. What was learnt here counts for more: only of a source
    that was never read here is the state taken over.
    """
    described = record.entries.sources() if record else {}
    states = record.sources.states() if record else {}
    followed = {slug for slug, source in described.items() if source.address}
    sources = {one.source.slug: one.source for one in exported if one.source.address or one.source.slug not in followed}
    fresh = [
        one for one in exported if one.state and (one.source.slug not in states or not states[one.source.slug].tried)
    ]
    items: dict[str, list[SeenItem]] = {}
    for one in fresh:
        items.setdefault(one.source.slug, []).extend(one.seen)
    kept = {one.source.slug: one.state for one in fresh if one.state}
    return replace(resolved, sources=(*resolved.sources, *sources.values())), SourceUpdates([*kept.values()], items)
