"""What people are told of many files at once: a sentence for each kind of remark. Pure."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from corpus.ingest.parse.document import Remark

SHOWN = 5  # names, fields or endings that are told of each kind
OTHERWISE = (
    "Where it came out on another, write published: 2026-06-01 into its front matter, or into a .yaml beside it."
)
KINDS_READ = "Markdown, text, HTML, PDF and JSON lines are"


def describe_remarks(remarks: Sequence[Remark]) -> tuple[str, ...]:
    """Return the remarks as sentences, none for each kind that has none."""
    by_topic: dict[str, list[str]] = {}
    for remark in remarks:
        by_topic.setdefault(remark.topic, []).append(remark.value)
    sentences = []
    for topic, values in by_topic.items():
        count, places = len(values), _list_names(values)
        files = "1 file" if count == 1 else f"{count:,} files"
        match topic:
            case "draft":
                sentences.append(f"Left out, as not published: {places}.")
            case "ending":
                sentences.append(f"{files} of other kinds not read ({_list_counts(values)}); {KINDS_READ}.")
            case "hidden":
                sentences.append(f"Hidden, and not read: {places}.")
            case "field":
                sentences.append(f"Fields that no entry has were passed over: {_list_counts(values)}.")
            case "changed":
                sentences.append(f"Of the day of the last change, for want of another: {places}. {OTHERWISE}")
            case "created":
                sentences.append(f"Of the day on which the PDF was made, for want of another: {places}. {OTHERWISE}")
    return tuple(sentences)


def _list_names(places: Sequence[str]) -> str:
    names = [PurePath(place).name for place in places]
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _list_counts(values: Sequence[str]) -> str:
    counts = Counter(values).most_common()
    more = f" and {len(counts) - SHOWN:,} other kinds" if len(counts) > SHOWN else ""
    return ", ".join(f"{count:,} {value}" for value, count in counts[:SHOWN]) + more
