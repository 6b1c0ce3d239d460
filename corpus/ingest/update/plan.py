"""What a refresh would do, decided from plain data alone."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from types import MappingProxyType

from corpus.models.entries import Access, Entry, Wording
from corpus.models.updates import Plan, Rejected


def content_hash(entry: Entry) -> str:
    """SHA-256 over every field of the entry: a corrected title, date or tier is a change, as a corrected text is.

    Fields at their default are left out, so that a field that a later version adds changes no entry that lacks it.
    """
    defaults = {field.name: field.default for field in dataclass_fields(entry)}
    told = {name: value for name, value in asdict(entry).items() if value != defaults[name]}
    fields = json.dumps(told, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(fields.encode()).hexdigest()


def rank(access: Access, wording: Wording) -> int:
    """How much a text says of its piece: the opening alone, a summary of it, or all of it in its author's words."""
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
    """Compare what was found, as (where, entry), with what the archive knows, as id → content hash.

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
