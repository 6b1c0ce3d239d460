"""What a change would do, decided from what the archive holds; nothing is written here."""

from collections.abc import Sequence
from dataclasses import replace

from corpus import budgets
from corpus.errors import EntryUnknown, NothingToUndo
from corpus.filters import parse_filters, resolve_source
from corpus.index.chunking import has_more_sentences
from corpus.ingest.parse.entry_records import NotAnEntry
from corpus.ingest.sources.local_import import Gathered
from corpus.ingest.update.plan import make_plan, rank
from corpus.ingest.update.saved_plan import PlannedEntry, PlannedSource, SavedPlan, source_hash
from corpus.models.entries import Entry
from corpus.models.updates import Plan, Rejected, Removal, Run
from corpus.storage.record import Record
from corpus.text.dates import written_day

LONGEST_NAME = 200  # characters


def plan_of(archive: Record | None, gathered: Gathered, *, restore: bool, yielding: bool = False) -> Plan[Entry]:
    """What a refresh would do. `restore`: also with entries that were removed. No archive holds nothing.

    `yielding`: what is found does not replace what says more of its piece: no teaser the whole, no summary the words of
    the author. So the shelf and the web can both tell of a piece, and nothing goes back and forth.
    """
    if archive is None:
        return _within_budget(make_plan({}, gathered.entries, gathered.rejected), gathered)
    kept_out = {} if restore else _kept_out(archive.history.removals())
    ranks = {i: rank(*told) for i, told in archive.entries.kinds_of_text().items()} if yielding else {}
    plan = make_plan(archive.entries.hashes(), gathered.entries, gathered.rejected, kept_out, ranks)
    return _within_budget(plan, gathered)


def _within_budget(plan: Plan[Entry], gathered: Gathered) -> Plan[Entry]:
    """Without the entries that have too many sentences, which are refused before they are archived."""
    taken = (*plan.new, *plan.changed)
    over = {entry.id for entry in taken if has_more_sentences(entry.text, budgets.MOST_SENTENCES)}
    if not over:
        return plan
    refused = [Rejected(where, budgets.TOO_MANY_SENTENCES) for where, entry in gathered.entries if entry.id in over]
    new, changed = (tuple(e for e in entries if e.id not in over) for entries in (plan.new, plan.changed))
    return replace(plan, new=new, changed=changed, rejected=(*plan.rejected, *refused))


def plan_to_save(
    archive: Record | None, gathered: Gathered, plan: Plan[Entry], *, restore: bool, yielding: bool
) -> SavedPlan:
    """What a plan would change, with the state of the archive that it was decided upon."""
    hashes, described = (archive.entries.hashes(), archive.entries.sources()) if archive else ({}, {})
    places = {entry.id: where for where, entry in reversed(gathered.entries)}
    entries = [PlannedEntry(places[e.id], e, hashes.get(e.id)) for e in (*plan.new, *plan.changed)]
    before = {slug: source_hash(source) for slug, source in described.items()}
    sources = [PlannedSource(s, before.get(s.slug)) for s in gathered.sources if described.get(s.slug) != s]
    return SavedPlan(tuple(entries), tuple(sources), restore, yielding)


def placed(gathered: Gathered, archive: Record | None) -> Gathered:
    """With its pages as entries: under the ids that the archive, or a file, knows their addresses by, or new ones."""
    if not gathered.pages:
        return gathered
    from corpus.ingest.update.identify import Known, place  # noqa: PLC0415
    from corpus.text.canonical_url import ids_by_key, key  # noqa: PLC0415  a question needs no network

    files = {entry.id: entry for _, entry in gathered.entries}
    known = [*(archive.history.addresses() if archive else []), *((entry.id, entry.url) for entry in files.values())]
    ids, taken = ids_by_key(known), {entry_id for entry_id, _ in known}
    sources = (archive.entries.sources() if archive else {}) | {s.slug: s for s in gathered.sources}
    whole = replace(gathered, entries=[*gathered.entries], sources=[*gathered.sources], rejected=[*gathered.rejected])
    first: dict[str, str] = {}
    found: list[tuple[str, Entry]] = []
    for page in gathered.pages:
        if other := first.get(key(page.address)):
            if not (page.url in gathered.origins and other in gathered.origins):  # lists may name a piece twice
                whole.add(page.url, NotAnEntry(f"is the same page as {other}"))
            continue
        try:
            entry, source = place(page, Known(ids, taken, sources, lambda i: _entry(archive, i) or files.get(i)))
        except NotAnEntry as reason:
            whole.add(page.url, reason)
            continue
        followed = sources.get(gathered.origins.get(page.url, ""))
        if followed and entry.id not in taken:  # whose list names it, its piece it is
            entry, source = replace(entry, source=followed.slug, tier=followed.tier), followed
        found.append((page.url, entry))
        if source.slug not in sources:
            whole.sources.append(source)
            sources[source.slug] = source
        first[key(page.address)] = page.url
        taken.add(entry.id)
    whole.entries = _merged(whole.entries, found)
    return whole


def _merged(files: Sequence[tuple[str, Entry]], pages: Sequence[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """Of a file and a page of one entry, the one that says more of the piece; the page, where both say as much."""
    ranks = {entry.id: rank(entry.access, entry.wording) for _, entry in pages}
    kept = [(where, e) for where, e in files if rank(e.access, e.wording) > ranks.get(e.id, 0)]
    ids = {entry.id for _, entry in kept}
    return [*kept, *((where, entry) for where, entry in pages if entry.id not in ids)]


def _entry(archive: Record | None, entry_id: str) -> Entry | None:
    found = archive.entries.entry(entry_id) if archive else None
    return found[1] if found else None


def taken_back(removals: Sequence[Removal], new: Sequence[Entry]) -> list[str]:
    """The ids of those removed entries that came in again, or whose address did."""
    ids, addresses = {e.id for e in new}, {e.url for e in new if e.url}
    return [r.id for r in removals if r.id in ids or r.url in addresses]


def _kept_out(removals: Sequence[Removal]) -> dict[str, str]:
    """An id or an address of a removed entry → why it is not taken in. No id is an address: it has no slash."""
    why: dict[str, str] = {}
    for one in removals:
        told = f"was removed on {written_day(one.on)}{_by(one.by)}; a refresh with --restore takes it back"
        if one.url:
            why[one.url] = f"has the address of {one.id}, which {told}"
        why[one.id] = told
    return why


def only(source: str | None, gathered: Gathered, archive: Record | None) -> Gathered:
    """What was gathered of one source, by its slug or name. Raises FilterRefused for one that is not there."""
    if source is None:
        return gathered
    described = (archive.entries.sources() if archive else {}) | {s.slug: s for s in gathered.sources}
    used = [*(archive.entries.used_sources() if archive else ()), *(e.source for _, e in gathered.entries)]
    slug = resolve_source(parse_filters(source=source), described, used).source
    of_source = [(w, e) for w, e in gathered.entries if slug in {e.source, gathered.origins.get(w)}]
    return replace(gathered, entries=of_source, sources=[s for s in gathered.sources if s.slug == slug])


def removing(archive: Record, entry_ids: Sequence[str]) -> Plan[Entry]:
    """What a removal would do. Raises EntryUnknown, where one of these ids is that of no entry."""
    entries = []
    for entry_id in dict.fromkeys(i.strip() for i in entry_ids):
        found = archive.entries.entry(entry_id)
        if found is None:
            rest = " Nothing was removed." if len(entry_ids) > 1 else ""
            raise EntryUnknown(f"{archive.entries.unknown(entry_id)}{rest}")
        entries.append(found[1])
    if not entries:
        raise EntryUnknown("Name the entries to remove by their ids; `footnote entries` lists them.")
    return Plan((), (), (), (), removed=tuple(entries))


def run_to_undo(archive: Record, run_id: int | None) -> Run:
    """The last run that still stands. Raises NothingToUndo where there is none, or it is not the one that is meant."""
    run = archive.history.to_undo()
    if run_id not in {None, run.id}:
        raise NothingToUndo(
            f"The corpus has changed since this undo was previewed: now it would go back on {in_words(run)}. Nothing "
            "was undone; look at it again."
        )
    return run


def name_of(by: str | None) -> str:
    """A name for the record: one line, and no longer than a name is."""
    return " ".join("".join(c if c.isprintable() else " " for c in by or "").split())[:LONGEST_NAME]


def in_words(run: Run) -> str:
    """A run as part of a sentence: the refresh by Ada on 24 November 2026 (2 new, 1 changed)."""
    names = {"refresh": "refresh", "remove": "removal", "undo": "undo", "follow": "following of a source"}
    counts = {"new": run.new, "changed": run.changed, "removed": run.removed}
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "sources only"
    return f"the {names[run.action]}{_by(run.by)} on {written_day(run.finished.date())} ({told})"


def _by(name: str) -> str:
    return f" by {name}" if name else ""
