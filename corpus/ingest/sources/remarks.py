"""What people are told of many files at once: a sentence for each kind of remark. Pure."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from corpus.ingest.parse.document import Remark

SHOWN = 5  # names, fields or endings that are told of each kind
MOST_PIECES = 10  # of which something is to be said, one by one
OTHERWISE = (
    "Where it came out on another, write published: 2026-06-01 into its front matter, or into a .yaml beside it."
)
KINDS_READ = "Markdown, text, HTML, PDF and JSON lines are"
SENTENCES = {
    "ending": f"{{files}} of other kinds not read ({{counts}}); {KINDS_READ}.",
    "hidden": "Hidden, and not read: {places}.",
    "draft": "Left out, as not published: {places}.",
    "field": "Fields that no entry has were passed over: {counts}.",
    "changed": f"Of the day of the last change, for want of another: {{places}}. {OTHERWISE}",
    "created": f"Of the day on which the PDF was made, for want of another: {{places}}. {OTHERWISE}",
}


def describe_remarks(remarks: Sequence[Remark]) -> tuple[str, ...]:
    """Return the remarks as sentences: one for each kind, and those on single pieces one by one, as far as ten."""
    by_topic: dict[str, list[str]] = {}
    for remark in remarks:
        by_topic.setdefault(remark.topic, []).append(remark.value)
    sentences = by_topic.pop("export", [])
    pieces = by_topic.pop("piece", [])
    for topic, values in by_topic.items():
        files = "1 file" if len(values) == 1 else f"{len(values):,} files"
        sentences.append(SENTENCES[topic].format(files=files, places=_list_names(values), counts=_list_counts(values)))
    more = len(pieces) - MOST_PIECES
    return (*sentences, *pieces[:MOST_PIECES], *([f"{more} more pieces have such faults."] if more > 0 else ()))


def _list_names(places: Sequence[str]) -> str:
    names = [PurePath(place).name for place in places]
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _list_counts(values: Sequence[str]) -> str:
    counts = Counter(values).most_common()
    more = f" and {len(counts) - SHOWN:,} other kinds" if len(counts) > SHOWN else ""
    return ", ".join(f"{count:,} {value}" for value, count in counts[:SHOWN]) + more
