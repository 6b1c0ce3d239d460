"""Who speaks in a talk: told from the names before its lines, above its paragraphs, or in its headings. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.ingest.parse.paragraph import Paragraph

TIME = r"(?>[(\[]?(?:\d{1,2}:)?\d{1,2}:\d\d[)\]]?)"
NAME = r"[^\W\d_][\w.'’-]*(?:[ \u00a0](?:[^\W\d_a-z][\w.'’-]*|de|da|di|van|von|der|den|la|le|bin|al)){0,3}"
ROLE = r"(?:\s*\([^()\n:]{2,40}\)|,\s*[^\n:.!?]{2,40})?"
LABEL = re.compile(
    rf"(?:{TIME}\s*)?(?:>>\s*)?\[?(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir)\.?\s+)?(?P<name>{NAME})\]?"
    rf"(?:\s*[(\[](?>(?:\d{{1,2}}:)?\d{{1,2}}:\d\d)[)\]]\s*[:：]?|{ROLE}(?:\s*{TIME})?\s*[:：])\s*(?=\S)"
)
FIRST_LINE = re.compile(rf"(?P<name>{NAME})[ \t]*\n(?=\S)")
ALONE = re.compile(rf"(?:{TIME}\s*)?(?P<name>{NAME})(?:\s*{TIME})?\s*[:：]?")
LONGEST_NAME = 40  # characters
FEWEST_LABELS = 0.2  # of the paragraphs between the first and the last: answers have some paragraphs each
DENSE = 0.6  # of them: hardly anything but such lines
MOST_NAMES = 0.7  # a line: who speaks in a transcript speaks again, while the labels of a list differ
UNNAMED = frozenset("q a question answer interviewer host moderator interviewee guest speaker audience".split())
# What stands before a colon and is nobody.
NO_NAMES = frozenset(
    """note notes update updates correction edit example examples pro pros con cons source sources date location title
    author authors via warning tip summary tldr conclusion result results step option part chapter section figure table
    image photo read more see also ps nb fact claim verdict rating price cost input output prompt response user
    assistant system human model task instruction instructions definition theorem proof lemma remark disclosure
    disclaimer first second third finally observation thought
    action original generated mean stdev benefits costs key takeaway takeaways initial final next steps""".split()
)


def assign_speakers(
    paragraphs: Sequence[Paragraph], heads: set[int], people: Sequence[str]
) -> dict[int, tuple[int, str]]:
    """Return the places of the paragraphs of a transcript → where the words begin, and who speaks them."""
    labels = _find_labels(paragraphs, heads, people)
    if not labels:
        return {}
    labelled = {name for _, name in labels.values()}
    names = {name: _complete(name, (*people, *labelled)) for name in labelled}
    first, last = min(labels), max(labels)
    assigned = {place: (begin, names[name]) for place, (begin, name) in labels.items()}
    if len(labels) < FEWEST_LABELS * (last - first + 1):
        return assigned  # an essay with some lines of a talk in it
    speaker: str | None = None
    for place in range(first, len(paragraphs)):
        if place in labels:
            speaker = assigned[place][1]
        elif paragraphs[place].start in heads:
            speaker = "" if place < last else None  # behind the last name, the author of the whole may speak again
        elif speaker is not None and paragraphs[place].kind in {"prose", "list"}:
            is_spoken = place < last or assigned[place - 1][0] == paragraphs[place - 1].end  # a name in a line alone
            assigned[place] = (paragraphs[place].start, speaker if is_spoken else "")
    return assigned


def _find_labels(paragraphs: Sequence[Paragraph], heads: set[int], people: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Return the places of the paragraphs that begin with a speaker's name → where the words begin, and the name.

    None where the text is no transcript: there, others speak, too, and most of them more than once.
    """
    known = {part.casefold() for name in people for part in (name, *name.split())} | UNNAMED
    labels: dict[int, tuple[int, str]] = {}
    first_lines = Counter(paragraph.words.partition("\n")[0].strip() for paragraph in paragraphs)
    for place, paragraph in enumerate(paragraphs):
        if paragraph.kind not in {"prose", "list"}:
            continue
        if paragraph.start in heads and (first_lines[paragraph.words] < 2 or " " not in paragraph.words):  # noqa: PLR2004
            continue  # a heading that comes again may be a speaker's name
        match = LABEL.match(paragraph.words) or _match_first_line(paragraph.words, first_lines)
        if not match and (alone := ALONE.fullmatch(paragraph.words)):
            match = alone if alone["name"] != alone[0] or alone[0].casefold() in known else None
        if not match and paragraph.start in heads:
            match = ALONE.fullmatch(paragraph.words)
        if match and len(match["name"]) <= LONGEST_NAME and NO_NAMES.isdisjoint(match["name"].casefold().split()):
            labels[place] = (paragraph.start + match.end(), match["name"])
    counts = Counter(name for _, name in labels.values())
    is_dense = bool(labels) and len(labels) >= DENSE * (max(labels) - min(labels) + 1)

    def is_speaker(name: str) -> bool:
        if name.casefold() in known:
            return True
        # One name alone, once, or in small letters, is more often a word with a colon behind it.
        return not name[0].islower() and (" " in name or is_dense or counts[name] > 1)

    labels = {place: label for place, label in labels.items() if is_speaker(label[1])}
    names = {name for _, name in labels.values()}
    are_known = all(name.casefold() in known for name in names)
    is_named = are_known and all(name.casefold() not in UNNAMED for name in names)  # in a FAQ, only Q is marked
    if len(names) > 1:
        return labels if are_known or len(names) <= MOST_NAMES * len(labels) else {}
    # The questions of whoever asks may stand without a name; then only who is known to take part is no heading.
    return labels if len(labels) > 1 and is_named else {}


def _match_first_line(words: str, first_lines: Counter[str]) -> re.Match[str] | None:
    """Match a name in a line of its own above what is said, where other paragraphs begin with it, too."""
    match = FIRST_LINE.match(words)
    return match if match and first_lines[match["name"]] > 1 and " " in match["name"] else None


def _complete(name: str, names: Sequence[str]) -> str:
    """Return the whole name of whoever a transcript calls by a part of it; "" for one that is no name."""
    if name.casefold() in UNNAMED:
        return ""
    whole = {
        other
        for other in names
        if other.casefold() not in UNNAMED and set(name.casefold().split()) <= set(other.casefold().split())
    }
    fuller = {other for other in whole if len(other.split()) > len(name.split())} or {
        other for other in whole if other != name
    }
    return next(iter(fuller)) if len(fuller) == 1 else name
