"""What a change would do, decided from what the record holds; nothing is written here."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from dataclasses import fields as dataclass_fields
from types import MappingProxyType

from corpus import budgets
from corpus.errors import EntryUnknown, NothingToUndo
from corpus.index.chunking import has_more_sentences
from corpus.models.entries import Access, Entry, Wording
from corpus.models.updates import Plan, Rejected, Removal, Run
from corpus.storage.record import Record
from corpus.text.dates import written_day


def content_hash(entry: Entry) -> str:
    """Return the SHA-256 over every field: a corrected title, date or tier is a change, as a corrected text is.

    Fields at their default are left out, so that a field that a later version adds changes no entry that lacks it.
    """
    defaults = {field.name: field.default for field in dataclass_fields(entry)}
    given = {name: value for name, value in asdict(entry).items() if value != defaults[name]}
    fields = json.dumps(given, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(fields.encode()).hexdigest()


def rank(access: Access, wording: Wording) -> int:
    """Return how much a text says of its piece: its opening (1), a summary of it (2), or all in its author's words."""
    if wording == "summary":
        return 2
    return 1 if access == "teaser" else 3


def make_plan(
    known: Mapping[str, str],
    found: Iterable[tuple[str, Entry]],
    rejected: Iterable[Rejected] = (),
    kept_out: Mapping[str, str] = MappingProxyType({}),
    ranks: Mapping[str, int] = MappingProxyType({}),
) -> Plan[Entry]:
    """Compare what was found, as (where, entry), with what the record knows, as id → content hash.

    The first of two entries with one id is taken, the second rejected. What is known and was not found stays.
    `kept_out`: an id or an address → why no new entry that has it is taken in. `ranks`: id → `rank` of what is known,
    where what is found may not replace what says more.
    """
    new, changed, unchanged, refused = [], [], [], list(rejected)
    first: dict[str, str] = {}
    for where, entry in found:
        if entry.id in first:
            reason = f"its id {entry.id} is already that of {first[entry.id]}; give it another"
            refused.append(Rejected(where, reason))
            continue
        first[entry.id] = where
        if entry.id not in known and (why := kept_out.get(entry.id) or kept_out.get(entry.url or "")):
            refused.append(Rejected(where, why, was_removed=True))
        elif entry.id not in known:
            new.append(entry)
        elif known[entry.id] != content_hash(entry) and rank(entry.access, entry.wording) >= ranks.get(entry.id, 0):
            changed.append(entry)
        else:
            unchanged.append(entry)
    return Plan(tuple(new), tuple(changed), tuple(unchanged), tuple(refused))


def plan_update(
    entries: Sequence[tuple[str, Entry]],
    rejected: Sequence[Rejected],
    record: Record | None,
    *,
    restore: bool = False,
    yielding: bool = False,
) -> Plan[Entry]:
    """Return what taking in these (where, entry) would do. No record holds nothing.

    `restore`: also with entries that were removed. `yielding`: what is found does not replace what says more of its
    piece: no teaser the whole, no summary the words of the author. So the shelf and the web can both tell of a piece,
    and nothing goes back and forth.
    """
    if record is None:
        return _within_budget(make_plan({}, entries, rejected), entries)
    kept_out = {} if restore else _kept_out(record.history.removals())
    ranks = {i: rank(*kind) for i, kind in record.entries.kinds_of_text().items()} if yielding else {}
    return _within_budget(make_plan(record.entries.hashes(), entries, rejected, kept_out, ranks), entries)


def _within_budget(plan: Plan[Entry], found: Sequence[tuple[str, Entry]]) -> Plan[Entry]:
    """Without the entries that have too many sentences, which are refused before they are archived."""
    taken = (*plan.new, *plan.changed)
    over = {entry.id for entry in taken if has_more_sentences(entry.text, budgets.MOST_SENTENCES)}
    if not over:
        return plan
    refused = [Rejected(where, budgets.TOO_MANY_SENTENCES) for where, entry in found if entry.id in over]
    new, changed = (tuple(e for e in entries if e.id not in over) for entries in (plan.new, plan.changed))
    return replace(plan, new=new, changed=changed, rejected=(*plan.rejected, *refused))


def _kept_out(removals: Sequence[Removal]) -> dict[str, str]:
    """An id or an address of a removed entry → why it is not taken in. No id is an address: it has no slash."""
    why: dict[str, str] = {}
    for one in removals:
        by = f" by {one.by}" if one.by else ""
        removed = f"was removed on {written_day(one.on)}{by}; a refresh with --restore takes it back"
        if one.url:
            why[one.url] = f"has the address of {one.id}, which {removed}"
        why[one.id] = removed
    return why


def taken_back(removals: Sequence[Removal], new: Sequence[Entry]) -> list[str]:
    """Return the ids of those removed entries that came in again, or whose address did."""
    ids, addresses = {e.id for e in new}, {e.url for e in new if e.url}
    return [r.id for r in removals if r.id in ids or r.url in addresses]


def plan_removal(record: Record, entry_ids: Sequence[str]) -> Plan[Entry]:
    """Return what a removal would do. Raises EntryUnknown, where one of these ids is that of no entry."""
    entries = []
    for entry_id in dict.fromkeys(i.strip() for i in entry_ids):
        found = record.entries.entry(entry_id)
        if found is None:
            rest = " Nothing was removed." if len(entry_ids) > 1 else ""
            raise EntryUnknown(f"{record.entries.unknown(entry_id)}{rest}")
        entries.append(found[1])
    if not entries:
        raise EntryUnknown("Name the entries to remove by their ids; `footnote entries` lists them.")
    return Plan((), (), (), (), removed=tuple(entries))


def run_to_undo(record: Record, run_id: int | None) -> Run:
    """Return the last run that still stands. Raises NothingToUndo where there is none, or it is not the one meant."""
    run = record.history.to_undo()
    if run_id not in {None, run.id}:
        raise NothingToUndo(
            f"The corpus has changed since this undo was previewed: now it would go back on {describe_run(run)}. "
            "Nothing was undone; look at it again."
        )
    return run


def describe_run(run: Run) -> str:
    """Return a run as part of a sentence: the refresh by Ada on 24 November 2026 (2 new, 1 changed)."""
    names = {"refresh": "refresh", "remove": "removal", "undo": "undo", "follow": "following of a source"}
    counts = {"new": run.new, "changed": run.changed, "removed": run.removed}
    what = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "sources only"
    by = f" by {run.by}" if run.by else ""
    return f"the {names[run.action]}{by} on {written_day(run.finished.date())} ({what})"
