"""Who speaks in a talk: told from the names before its lines, above its paragraphs, or in its headings. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from corpus.ingest.parse.paragraph import Paragraph

TIME = r"(?>[(\[]?(?:\d{1,2}:)?\d{1,2}:\d\d[)\]]?)"
MOMENT = re.compile(rf"{TIME}\s+(?=\S)")
NAME = r"[^\W\d_][\w.'’-]*(?:[ \u00a0](?:[^\W\d_a-z][\w.'’-]*|de|da|di|van|von|der|den|la|le|bin|al)){0,3}"
ROLE = r"(?:\s*\([^()\n:]{2,40}\)|,\s*[^\n:.!?]{2,40})?"
LABEL = re.compile(
    rf"(?:{TIME}\s*)?(?:>>\s*)?\[?(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir)\.?\s+)?(?P<name>{NAME})\]?"
    rf"(?:\s*[(\[](?>(?:\d{{1,2}}:)?\d{{1,2}}:\d\d)[)\]]\s*[:：]?|{ROLE}(?:\s*{TIME})?\s*[:：])\s*(?=\S)"
)
CAPITALS = r"[^\W\d_a-z][\w.'’-]*"
# Forms that prose has, too: "Bo Marsh — …", "Mr. MARSH. …" of a hearing, "bo_marsh: …" of a chat.
DASHED = re.compile(rf"(?P<name>{CAPITALS}(?: {CAPITALS}){{1,3}})\s*[—–]\s+(?=\S)")
HEARING = re.compile(
    r"(?:The|Mr\.|Mrs\.|Ms\.|Dr\.|Senator)\s+(?P<name>[^\W\d_a-z]{3,}(?: [^\W\d_a-z]{2,})?)\.\s+(?=\S)"
)
CHAT = re.compile(r"@?(?P<name>[a-z][\w.-]{1,30}):\s+(?=\S)")
HANDLE = re.compile(r"[a-z]+[._\d]\w*")  # what only a chat calls anybody
FIRST_LINE = re.compile(rf"(?P<name>{NAME})[ \t]*\n(?=\S)")
ALONE = re.compile(rf"(?:{TIME}\s*)?(?P<name>{NAME})(?:\s*{TIME})?\s*[:：]?")
LONGEST_NAME = 40  # characters
FEWEST_LABELS = 0.2  # of the paragraphs between the first and the last: answers have some paragraphs each
DENSE = 0.6  # of them: hardly anything but such lines
MOST_NAMES = 0.7  # a line: who speaks in a transcript speaks again, while the labels of a list differ
FEWEST = 3  # lines by which a talk is told from such a form alone
# Who asks a program; what stands behind in the next line is its answer.
ASKS = frozenset("me i you user human prompt".split())
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
    exchanged = _find_exchanges(paragraphs)
    if not labels:
        return exchanged
    names = _complete_names(labels, people)
    first, last = min(labels), max(labels)
    assigned = {place: (begin, names[name]) for place, (begin, name) in labels.items()}
    if len(labels) < FEWEST_LABELS * (last - first + 1):
        return exchanged | assigned  # an essay with some lines of a talk in it
    is_asked_by_nobody = len(set(names.values())) == 1  # only the answers have a name before them
    speaker: str | None = None
    for place in range(first, len(paragraphs)):
        if place in labels:
            speaker = assigned[place][1]
        elif paragraphs[place].start in heads:
            speaker = "" if place < last else None  # behind the last name, the author of the whole may speak again
        elif speaker is not None and paragraphs[place].kind in {"prose", "list"}:
            is_spoken = place < last or assigned[place - 1][0] == paragraphs[place - 1].end  # a name in a line alone
            if is_asked_by_nobody and place + 1 in labels and _is_question(paragraphs[place]):
                is_spoken = False
            time = MOMENT.match(paragraphs[place].words)
            begin = paragraphs[place].start + (time.end() if time else 0)
            assigned[place] = (begin, speaker if is_spoken else "")
    return exchanged | assigned


def _find_labels(paragraphs: Sequence[Paragraph], heads: set[int], people: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Return the places of the paragraphs that begin with a speaker's name → where the words begin, and the name.

    None where the text is no transcript: there, others speak, too, and most of them more than once.
    """
    known = {part.casefold() for name in people for part in (name, *name.split())} | UNNAMED
    labels = _read_labels(paragraphs, heads, known)
    counts = Counter(name for _, name in labels.values())
    is_dense = _is_dense(labels)

    def is_speaker(name: str) -> bool:
        if name.casefold() in known:
            return True
        # One name alone, once, or in small letters, is more often a word with a colon behind it.
        return not name[0].islower() and (" " in name or is_dense or counts[name] > 1)

    labels = {place: label for place, label in labels.items() if is_speaker(label[1])}
    names = set(_complete_names(labels, people).values())
    written = {name.casefold() for _, name in labels.values()}
    are_known = written <= known
    if len(written) > 1 and (are_known or len(names) <= MOST_NAMES * len(labels)):
        return labels
    # The questions of whoever asks may stand without a name; then only who is known to take part is no heading.
    is_named = are_known and UNNAMED.isdisjoint(written)  # in a FAQ, only Q is marked
    are_answers = all(place and _is_question(paragraphs[place - 1]) for place in labels)
    if len(written) == 1 and len(labels) > 1 and (is_named or are_answers):
        return labels
    return next((found for form in (DASHED, HEARING, CHAT) if (found := _read_again(paragraphs, form))), {})


def _read_labels(
    paragraphs: Sequence[Paragraph], heads: set[int], known: Collection[str]
) -> dict[int, tuple[int, str]]:
    """Return the places of the paragraphs that begin with what may be a name → where the words begin, and the name."""
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
    return labels


def _read_again(paragraphs: Sequence[Paragraph], form: re.Pattern[str]) -> dict[int, tuple[int, str]]:
    """Return the same of a form that prose has, too: where hardly anything else stands, and the names come again."""
    labels: dict[int, tuple[int, str]] = {}
    for place, paragraph in enumerate(paragraphs):
        if paragraph.kind == "prose" and (match := form.match(paragraph.words)):
            labels[place] = (paragraph.start + match.end(), match["name"])
    counts = Counter(name for _, name in labels.values())
    is_talk = len(labels) >= FEWEST and 1 < len(counts) <= MOST_NAMES * len(labels) and _is_dense(labels)
    if form is CHAT:
        is_talk = is_talk and any(HANDLE.fullmatch(name) and count > 1 for name, count in counts.items())
    return labels if is_talk else {}


def _find_exchanges(paragraphs: Sequence[Paragraph]) -> dict[int, tuple[int, str]]:
    """Return the places of what somebody asks a program, and of its answers: the words of nobody."""
    found: dict[int, tuple[int, str]] = {}
    for place, (one, other) in enumerate(pairwise(paragraphs)):
        asked, answered = LABEL.match(one.words), LABEL.match(other.words)
        if asked and answered and asked["name"].casefold() in ASKS and one.kind == other.kind == "prose":
            found[place] = (one.start + asked.end(), "")
            found[place + 1] = (other.start + answered.end(), "")
    return found


def _is_dense(labels: Collection[int]) -> bool:
    """Whether hardly anything but such lines stands between the first and the last of them."""
    return bool(labels) and len(labels) >= DENSE * (max(labels) - min(labels) + 1)


def _is_question(paragraph: Paragraph) -> bool:
    return paragraph.words.endswith(("?", "？", "؟"))


def _match_first_line(words: str, first_lines: Counter[str]) -> re.Match[str] | None:
    """Match a name in a line of its own above what is said, where other paragraphs begin with it, too."""
    match = FIRST_LINE.match(words)
    return match if match and first_lines[match["name"]] > 1 and " " in match["name"] else None


def _complete_names(labels: Mapping[int, tuple[int, str]], people: Sequence[str]) -> dict[str, str]:
    labelled = {name for _, name in labels.values()}
    return {name: _complete(name, (*people, *labelled)) for name in labelled}


def _complete(name: str, names: Sequence[str]) -> str:
    """Return the whole name of whoever a transcript calls by a part of it, or its initials; "" for one that is none."""
    if name.casefold() in UNNAMED:
        return ""
    initials = "".join(filter(str.isalpha, name)) if name.isupper() else ""
    whole = {
        other
        for other in names
        if other.casefold() not in UNNAMED
        and (
            set(name.casefold().split()) <= set(other.casefold().split())
            or (len(initials) > 1 and initials == "".join(word[0] for word in other.split()))
        )
    }
    fuller = {other for other in whole if len(other.split()) > len(name.split())} or {
        other for other in whole if other != name
    }
    return next(iter(fuller)) if len(fuller) == 1 else name
