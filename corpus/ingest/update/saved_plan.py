"""A plan kept in a file between its preview and its application, so that what is applied is what was previewed.

One JSON object a line: first what the plan is of, then each entry that it would take in, with the hash that the archive
had of it before. A plan is known by the SHA-256 of its file, which who previewed it holds elsewhere.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import DataUnusable, PlanRefused
from corpus.ingest.parse.entry_records import SourceRecord, entry_of
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.update.identify import Resolved
from corpus.ingest.update.plan import content_hash
from corpus.models.entries import Entry
from corpus.models.sources import Source
from corpus.models.updates import Plan
from corpus.storage.record import Record

FORMAT = 1
LARGEST = 1_000_000_000  # bytes: a plan of 50,000 long essays


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """An entry that a plan would take in, and where it was found. `before`: its hash in the archive, if it is there."""

    where: str
    entry: Entry
    before: str | None


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """A source that a plan would describe. `before`: the `source_hash` of its description so far, if there is one."""

    source: Source
    before: str | None


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What a refresh would change, with the state of the archive that this was decided upon.

    `restore`: removed entries are taken in, too. `yielding`: nothing replaces what says more of its piece.
    """

    entries: tuple[PlannedEntry, ...]
    sources: tuple[PlannedSource, ...]
    restore: bool
    yielding: bool

    def fits(self, hashes: Mapping[str, str], sources: Mapping[str, Source]) -> bool:
        """Return whether an archive with these hashes by id, and these sources by slug, is as the plan found it."""
        return all(hashes.get(one.entry.id) == one.before for one in self.entries) and all(
            (source_hash(sources[slug]) if (slug := one.source.slug) in sources else None) == one.before
            for one in self.sources
        )


def source_hash(source: Source) -> str:
    """Return the SHA-256 over every field of a source's description."""
    return hashlib.sha256(json.dumps(asdict(source), sort_keys=True).encode()).hexdigest()


def plan_to_save(
    plan: Plan[Entry], resolved: Resolved, record: Record | None, *, restore: bool, yielding: bool
) -> SavedPlan:
    """Return what a plan would change, with the state of the record that it was decided upon."""
    hashes, described = (record.entries.hashes(), record.entries.sources()) if record else ({}, {})
    places = {entry.id: where for where, entry in reversed(resolved.entries)}
    entries = [PlannedEntry(places[e.id], e, hashes.get(e.id)) for e in (*plan.new, *plan.changed)]
    before = {slug: source_hash(source) for slug, source in described.items()}
    sources = [PlannedSource(s, before.get(s.slug)) for s in resolved.sources if described.get(s.slug) != s]
    return SavedPlan(tuple(entries), tuple(sources), restore, yielding)


def save_plan(plan: SavedPlan, file: Path) -> str:
    """Write a plan, in place of one that was there; return the SHA-256 of the file. Raises DataUnusable."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    digest = hashlib.sha256()
    try:
        with open(aside, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as written:
            for line in _lines(plan):
                data = json.dumps(line).encode() + b"\n"
                digest.update(data)
                written.write(data)
        aside.replace(file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise DataUnusable(f"The plan cannot be written to {file} ({error.strerror}); check its folder.") from error
    return digest.hexdigest()


def read_plan(file: Path, sha256: str | None = None) -> SavedPlan:
    """Return the plan in a file. Raises PlanRefused where it is none, or not the one that has this SHA-256."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise PlanRefused(f"The plan {file} cannot be read ({error.strerror}). Make the dry run again.") from error
    if len(data) > LARGEST:
        raise PlanRefused(f"The plan {file} is larger than {LARGEST // 1_000_000} MB. Take in less at a time.")
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise PlanRefused(f"The plan {file} is not the one that was previewed. Make the dry run again.")
    try:
        return _plan([json.loads(line) for line in data.splitlines()])
    except (NotAnEntry, ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise PlanRefused(f"{file} is no plan of this version of footnote. Make the dry run again.") from error


def _lines(plan: SavedPlan) -> Iterator[dict[str, Any]]:
    sources = [{"source": asdict(one.source), "before": one.before} for one in plan.sources]
    yield {"footnote_plan": FORMAT, "restore": plan.restore, "yielding": plan.yielding, "sources": sources}
    for one in plan.entries:  # each in the form that is taken in
        fields = asdict(one.entry) | {"published": one.entry.published.isoformat()}
        fields["sections"] = [section._asdict() for section in one.entry.sections]
        fields["blocks"] = [block._asdict() for block in one.entry.blocks]
        yield {"where": one.where, "before": one.before, "hash": content_hash(one.entry), "entry": fields}


def _plan(lines: Sequence[dict[str, Any]]) -> SavedPlan:
    head, *rest = lines
    if head["footnote_plan"] != FORMAT:
        raise ValueError("of another version")
    sources = [PlannedSource(SourceRecord.model_validate(s["source"]).source(), s["before"]) for s in head["sources"]]
    entries = []
    for line in rest:
        entry = entry_of(line["entry"])
        if content_hash(entry) != line["hash"]:
            raise ValueError("an entry is not as it was planned")
        entries.append(PlannedEntry(str(line["where"]), entry, line["before"]))
    return SavedPlan(tuple(entries), tuple(sources), bool(head["restore"]), bool(head["yielding"]))
