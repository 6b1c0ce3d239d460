"""Which sentences of an entry can be quoted, and whole: headings cut off, with what they lean on. Pure."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from corpus.answer.voices import find_block
from corpus.models.entries import Entry
from corpus.models.search import Hit, Span

LATELY = 256  # passages whose sentences are kept as they were read: a community asks of the same ones again
TOGETHER = 400  # characters that a sentence may have with the one that it leans on
WHOLE = 800  # characters that a sentence may have to be quoted whole, though it was cut for the index
# What a sentence may end with; also the end of a line, in lists and tables.
BOUNDARIES = ".?!…。？！\"'”’»」』》】）)]\n\r"
# What stands before a whole sentence: one of these, and perhaps the mark of a list, a heading or a quotation.
BEGINNING = re.compile(rf"[{re.escape(BOUNDARIES)}]\s*(?:(?:[-*•#>|:]+|\d{{1,3}}[.)])\s*)?$")
# Words that take up what the sentence before said; "That is" and "There" mostly do not, and are no cause to quote more.
LEANING = re.compile(
    r"""^[\W_]*(?:it|its|they|their|them|he|she|his|her|him|this|these|those|such|but|and|so|yet|however|instead
    |otherwise|nevertheless|therefore|thus|hence)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "It is likely that …", "This year …": the word points at what follows.
STANDING = re.compile(
    r"""^[\W_]*(?:it\ (?:is|was|has\ been|takes|took|costs|seems|appears)\ (?:\w+\ ){0,2}(?:that|to|for)\b
    |(?:this|these|those)\ (?:year|month|week|quarter|decade|century|day|spring|summer|autumn|fall|winter)s?\b
    |so\ far\b|such\ as\b|and\ so\ on\b)""",
    re.IGNORECASE | re.VERBOSE,
)


# What a publication says of itself between the paragraphs of a piece.
FURNITURE = re.compile(
    r"""(?:please\ )?(?:subscribe(?:\ (?:to|now|here|for|today)\b|[!.→]*$)|sign\ up\ (?:for|to|now|here|today)\b
    |share\ this\ (?:post|article|piece|story|episode|newsletter|on)\b|follow\ (?:us|me)\ (?:on|at|for)\b
    |(?:read\ (?:more|also|next)|related|see\ also)\s*(?:[:→»…]|$)
    |click\ here\b|join\ [\d.,]+\+?\ readers|become\ a\ (?:member|subscriber|patron)\b
    |support\ (?:us|our\ work|my\ work)\b|leave\ a\ comment\b|upgrade\ to\ paid\b|log\ in\ to\b
    |buy\ me\ a\ coffee|enter\ your\ e-?mail\b|we\ use\ cookies|(?:sponsored|advertisement)\s*(?:[:→]|content|$)
    |this\ (?:episode|post|newsletter)\ is\ (?:brought\ to\ you|sponsored)\b|comments\ are\ closed
    |you\ must\ be\ logged\ in|all\ rights\ reserved|please\ consider\ (?:a\ donation|donating)
    |if\ you\ (?:liked|enjoyed)\ this\b|estimated\ reading|filed\ under\b|posted\ in\b|(?:tags|keywords|doi)\s?:
    |(?:this\ (?:article|post|piece|essay|story|column)\ (?:was|is|has\ been)\ )?(?:originally|first)
     \ published\ (?:in|on|at)\b
    |get\ (?:our|the|all|more|new)\b[^.?!]{0,100}\b(?:inbox|newsletters?|e-?mail)\b
    |(?:this\ entry\ was\ )?(?:published|posted)(?:\ (?:on|in|by|at)\ [^.,?!]{3,40}){2,4}[.!]*$
    |last\ (?:modified|updated|edited)\s*(?:on|:)|the\ views\ expressed\b|lesen\ sie\ auch|abonnieren\ sie
    |melden\ sie\ sich\ (?:jetzt|hier)|abonnez-vous|(?:à\ )?lire\ aussi|suscríbe(?:te|se)|lea\ (?:también|más)
    |leia\ também|iscriviti|leggi\ anche|lees\ ook|zapisz\ się|подпишитесь|читайте\ также)
    [^.?!]{0,140}[.?!:…]*""",
    re.IGNORECASE | re.VERBOSE,
)
# The mark of a list, a heading or a quoted line, which is none of a sentence's words.
LINE_MARK = re.compile(
    r"(?:[-*•#>|:–→▪◦‣·①-⑳]+|\d{1,3}[.)]|\([a-z\d]{1,3}\)|\[\d{1,3}\]|\[\^\w{1,20}\]:|[¹²³⁴-⁹]+)[ \t]+(?=\S)"
)


# What stands before a correction, at the beginning of a sentence, and where its first sentence ends.
CORRECTION = re.compile(
    r"""(?:(?<=[.!?”\"'’)\]]\ )|(?<=\n)|(?<![\s\S]))[\[(*_]*(?:(?:updates?|updated|corrections?|corrected|edit(?:ed)?
    |errat(?:um|a)|clarifications?|retraction|editor['’]s\ note|eta|korrektur(?:hinweis)?|nachtrag|aktualisierung
    |berichtigung|richtigstellung|anm(?:erkung|\.)\ d(?:er|\.)\ red(?:aktion|\.)|mise\ à\ jour|maj|rectificati(?:f|on)
    |corrección|fe\ de\ err(?:ores|atas)|actualización|correção|atualização|rettifica|更新|更正|訂正|追記)(?!\w)
    (?:(?:[^.:!?\n\]]|(?<=\d)\.){0,40}[\]:：—–]|\s*\n)|(?-i:UPDATE|EDIT|CORRECTION)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
NEXT_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
ENDED = re.compile(r"[.!?…][”\"'’)\]]*(?=\s|\Z)|[。！？]")


class Stretch(Protocol):
    """What has a start and an end in an entry's text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class QuotableSentence(NamedTuple):
    """A sentence of a hit, or the part of one that is no heading; spans are of the entry's text.

    `place`: among the hit's sentences; `own`: what the hit has of it; `quoted`: what is to be quoted of it, whole where
    it was cut for the index; `start`: where the quote begins with the sentence that it leans on; `leans`: whether it
    leans on one that cannot be quoted with it.
    """

    place: int
    own: Span
    quoted: Span
    start: int
    leans: bool


def read_sentences(hit: Hit) -> tuple[QuotableSentence, ...]:
    """Return the sentences of a hit in their order.

    A splitter may take a heading for the first words of a sentence, or for its last: then only what is none counts.
    """
    return _read_spans(hit.entry, hit.start, hit.end, tuple(Span(s.start, s.end) for s in hit.sentences))


@lru_cache(maxsize=LATELY)
def _read_spans(entry: Entry, start: int, end: int, spans: Sequence[Span]) -> tuple[QuotableSentence, ...]:
    text, headings = entry.text, find_heading_lines(entry, Span(start, end))
    sentences = []
    for place, whole in enumerate(spans):
        for own in cut_headings(whole, headings, text):
            parts = cut_headings(_widen(entry, spans, place), headings, text) if own == whole else [own]
            quoted = _without_mark(text, next((part for part in parts if own.start < part.end), own))
            corrected = with_correction(entry, quoted)
            if corrected is None or FURNITURE.fullmatch(text, quoted.start, quoted.end):
                continue
            quoted = corrected
            leans = leans_on_previous(text[quoted.start : quoted.end])
            begins = _start_of_context(entry, spans, quoted) if leans else quoted.start
            sentences.append(QuotableSentence(place, own, quoted, begins, leans and begins == quoted.start))
    return tuple(sentences)


def leans_on_previous(sentence: str) -> bool:
    """Whether a sentence, in English, needs the one before it to be understood."""
    return bool(LEANING.match(sentence)) and not STANDING.match(sentence)


def begins_inside(entry: Entry, start: int) -> bool:
    """Whether a stretch of a text begins in the middle of a sentence: one too long for a quote had to be cut."""
    if any(start in (block.start, block.end) for block in entry.blocks):  # whoever speaks begins there
        return False
    text = entry.text
    before = text[max(0, start - 20) : start]
    return not BEGINNING.search(before if start > 20 else "\n" + before)  # noqa: PLR2004  far enough for a list's mark


def ends_inside(entry: Entry, end: int) -> bool:
    """Whether a stretch of a text ends in the middle of a sentence."""
    if any(end in (block.start, block.end) for block in entry.blocks):
        return False
    text = entry.text
    after = text[end : end + 20].lstrip(" \t\u00a0")
    return bool(after) and after[0] not in "\n\r" and text[end - 1] not in BOUNDARIES


def with_correction(entry: Entry, quoted: Span) -> Span | None:
    """Return a stretch with the correction or update of it that follows, so that neither is quoted without the other.

    A correction counts for the paragraph that it ends, or that it stands behind. None where the two together are too
    long to be quoted, or somebody else's words lie between.
    """
    text = entry.text
    blank = text.find("\n\n", quoted.end)
    end = blank if blank >= 0 else len(text)
    following = CORRECTION.search(text, quoted.end, min(end, quoted.end + WHOLE))
    if following is None and not CORRECTION.match(text, quoted.start):
        behind = NEXT_PARAGRAPH.match(text, end)
        following = CORRECTION.match(text, behind.end()) if behind else None
    if following is None:
        return quoted
    sentence = ENDED.search(text, following.end(), quoted.start + WHOLE)
    whole = Span(quoted.start, sentence.end()) if sentence else None
    return whole if whole and find_block(entry, *whole) else None


def _without_mark(text: str, stretch: Span) -> Span:
    """Return a stretch of the text without the mark of a line that it begins with."""
    begins_line = stretch.start == 0 or text[stretch.start - 1] == "\n"
    mark = LINE_MARK.match(text, stretch.start, stretch.end) if begins_line else None
    return Span(mark.end(), stretch.end) if mark else stretch


def _start_of_context(entry: Entry, spans: Sequence[Span], leaning: Span) -> int:
    """Return where the sentence before begins, if it can be quoted with this one; otherwise where this one does."""
    before = next((s for s in reversed(spans) if s.end <= leaning.start), None)
    if before is None or leaning.end - before.start > TOGETHER or not are_neighbours(entry, before, leaning):
        return leaning.start
    if begins_inside(entry, before.start):
        return leaning.start
    return _without_mark(entry.text, before).start


def are_neighbours(entry: Entry, one: Stretch, other: Stretch) -> bool:
    """Whether nothing stands between two stretches, in one line and in one voice."""
    between = entry.text[one.end : other.start]
    return not between.strip() and "\n" not in between and find_block(entry, one.start, other.end) is not None


def _widen(entry: Entry, spans: Sequence[Span], place: int) -> Span:
    """Return the whole sentence around a part of one, where the passage holds it and it is no longer than WHOLE.

    Half a sentence can say what its author denies: "the mistaken claim that …".
    """
    first = last = place
    while first > 0 and begins_inside(entry, spans[first].start):
        first -= 1
    while last < len(spans) - 1 and ends_inside(entry, spans[last].end):
        last += 1
    whole = Span(spans[first].start, spans[last].end)
    is_quotable = whole.end - whole.start <= WHOLE and find_block(entry, *whole) is not None
    return whole if is_quotable else spans[place]


# Headings


def find_heading(entry: Entry, place: int) -> str:
    """Return the title of the section that a place of the text is in, or ""."""
    behind = bisect_right(entry.sections, place, key=lambda section: section.start)
    return entry.sections[behind - 1].title if behind else ""


def find_heading_lines(entry: Entry, within: Span) -> list[Span]:
    """Return the lines within a stretch of the text that are headings; a section may begin with a sentence instead."""
    first = bisect_right(entry.sections, within.start, key=lambda section: section.start)
    lines = []
    for start, title in entry.sections[max(0, first - 1) :]:
        if start >= within.end:
            break
        end = entry.text.find("\n", start)
        line = entry.text[start : end if end >= 0 else len(entry.text)]
        if line.lstrip().startswith("#") or _letters_of(line) == _letters_of(title):
            lines.append(Span(start, start + len(line)))
    return lines


def cut_headings(stretch: Span, headings: Sequence[Span], text: str) -> list[Span]:
    """Return the parts of a stretch of the text that are in no heading, without the white space beside those."""
    inside = [h for h in headings if h.start < stretch.end and stretch.start < h.end]
    if not inside:
        return [stretch]
    edges = [stretch.start, *(edge for heading in inside for edge in heading), stretch.end]
    pairs = [(start, end, text[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [Span(end - len(part.lstrip()), start + len(part.rstrip())) for start, end, part in pairs if part.strip()]


def _letters_of(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())
