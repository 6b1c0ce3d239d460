"""How each source that was read is reported, with what became of its pieces."""

from collections import defaultdict
from collections.abc import Mapping

from corpus.ingest.update.collect import CollectResult
from corpus.ingest.update.identify import Resolved
from corpus.models.entries import Entry
from corpus.models.updates import Counts, Plan, SourceRead


def describe_sources(found: CollectResult, resolved: Resolved, plan: Plan[Entry]) -> tuple[SourceRead, ...]:
    """Return how each source was read, in words, with what became of its pieces."""
    if not found.readings:
        return ()
    from corpus.ingest.sources.describe import describe_reading  # noqa: PLC0415  a question needs no network

    counts = _count_by_source(plan, resolved)
    return tuple(
        describe_reading(one, found.memory[one.source.slug].state, counts.get(one.source.slug, Counts()))
        for one in found.readings
        if one.source.slug not in found.unmentioned
    )


def _count_by_source(plan: Plan[Entry], resolved: Resolved) -> Mapping[str, Counts]:
    """Slug → what became of the pieces that were read at that source."""
    places = {entry.id: where for where, entry in resolved.entries}
    found: defaultdict[str, Counts] = defaultdict(Counts)
    for name in ("new", "changed", "unchanged", "rejected"):
        for one in getattr(plan, name):
            slug = resolved.origins.get(one.where if name == "rejected" else places.get(one.id, ""))
            if slug is not None:
                found[slug] = found[slug]._replace(**{name: getattr(found[slug], name) + 1})
    return found
