"""An entry's text → sentences → passages. Pure; the passages of a text join to give it back.

A sentence is never cut, unless it alone is longer than a passage may be (a table, a log, a text without full stops):
then it is cut at the best break near its middle, a line end first.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import pairwise

from corpus.index.sentence_ends import find_sentence_ends
from corpus.models.search import Passage, Span

VERSION = "4"  # part of a generation's manifest: raise it with every change of what comes out
PASSAGE = 800  # characters. Five passages fill the 4,000 characters that retrieval is measured by
BLOCK = 10_000  # characters that are segmented at a time
SENTENCE = 400  # characters that one quote may have
# The last but one: behind a full stop it would look as if a sentence had ended ("bzw."), and no "…" would be shown.
BREAKS = (
    r"\n+",
    r"(?<=[;:])\s+|(?<=[；：])",
    r"(?<=[,|])\s+|(?<=[，、])",
    r"(?<![.?!…。？！\"'”’»)\]])\s+",
    r"\s+",
)
LIST_ITEM = re.compile(r"\n++(?=[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t])|\n[ \t]*\n+")

LINE = re.compile(r"[^\n]+|(?<=\n)(?=\n)")  # an empty one, too: it parts paragraphs
WIDTHS = range(40, 121)  # characters: what lines are broken to fit

TokenCounter = Callable[[Sequence[str]], list[int]]


def split_passages(
    text: str,
    count_tokens: TokenCounter,
    window: int,
    language: str | None = None,
    edges: Sequence[int] = (),
) -> list[Passage]:
    """Split a text into passages of at most PASSAGE characters and `window` tokens, whole sentences in each.

    `count_tokens` returns how many tokens of the embedding model each of some texts has: what exceeds the model's
    window would silently not be part of the vector. `language`, `edges`: see `split_sentences`.
    """
    sentences = _fit_window(text, split_sentences(text, language, edges), count_tokens, window)
    if not sentences:
        return []
    groups: list[list[Span]] = []
    size = 0
    for sentence, length in sentences:
        if not groups or sentence.end - groups[-1][0].start > PASSAGE or size + length > window:
            groups.append([])
            size = 0
        groups[-1].append(sentence)
        size += length
    starts = [0, *(g[0].start for g in groups[1:]), len(text)]
    return [Passage(starts[i], starts[i + 1], tuple(group)) for i, group in enumerate(groups)]


def split_sentences(text: str, language: str | None = None, edges: Sequence[int] = ()) -> list[Span]:
    """Return the sentences of a text, in order, without the white space around them; none is longer than SENTENCE.

    `language`: the tag of the one that the text is written in, whose rules say where a sentence ends; None is read as
    English. `edges`: offsets at which a sentence ends in any case.
    """
    return [sentence for block in _split_blocks(text, language, edges) for sentence in block]


def has_more_sentences(text: str, most: int) -> bool:
    """Whether a text has more than so many sentences: of one that has, little more than these are looked at."""
    left = most
    if len(text) <= most:
        return False
    for block in _split_blocks(text, None, ()):
        left -= len(block)
        if left < 0:
            return True
    return False


def _split_blocks(text: str, language: str | None, edges: Sequence[int]) -> Iterator[list[Span]]:
    """Yield the sentences of each block of a text."""
    # sentencex 1.0.32 panics at a letter, white space beyond ASCII and a full stop; a plain space has the same offsets.
    plain = re.sub(r"[^\S\n]", " ", text)
    lines, edges = _find_line_ends(text), sorted(edges)
    for block in _find_blocks(plain, edges):
        pieces: list[Span] = []
        position = block.start
        for end in find_sentence_ends(plain[block.start : block.end], language):
            end += block.start  # noqa: PLW2901  of the text
            ends = [m.end() for m in LIST_ITEM.finditer(text, position, end)]
            # Only those within: to look at all for each of 12,500 sentences took a list of 50,000 characters 12 s.
            within = lines[bisect_right(lines, position) : bisect_left(lines, end)]
            pieces.extend(_cut_at(text, Span(position, end), ends + within))
            position = end
        yield _strip(text, [part for piece in pieces for part in _shorten(text, piece, SENTENCE)])


def _find_line_ends(text: str) -> list[int]:
    """Return where a line's end is a sentence's: after a heading, an item of a list, a row of a table.

    It is none where the next line goes on in small letters, nor where most lines of the paragraph were broken to fit a
    width: such a line would be longer than the longest with the next one's first word.
    """
    ends: list[int] = []
    for paragraph in _find_paragraphs(text):
        lines = list(pairwise(paragraph))
        pairs = [(text[a.start : a.end].rstrip(), text[b.start : b.end].lstrip()) for a, b in lines]
        width = max((len(line) for pair in pairs for line in pair), default=0)
        # A line is loose where the next one's first word would have had room in it.
        loose = [width not in WIDTHS or len(a) + 1 + len(b.split(maxsplit=1)[0]) <= width for a, b in pairs]
        unbroken = 2 * sum(loose) >= len(loose)
        for (_, line), (_, after), is_loose in zip(lines, pairs, loose, strict=True):
            if (is_loose or unbroken) and not after[0].islower():
                ends.append(line.start)
    return ends


def _find_paragraphs(text: str) -> Iterator[list[Span]]:
    """Yield the lines of each paragraph, without what stands between the paragraphs."""
    paragraph: list[Span] = []
    for line in LINE.finditer(text):
        if line[0].strip():
            paragraph.append(Span(*line.span()))
        elif paragraph:
            yield paragraph
            paragraph = []
    yield paragraph


def _find_blocks(text: str, edges: Sequence[int]) -> list[Span]:
    """Return the text in blocks of some paragraphs: sentencex takes quadratic time where quotes never close.

    A block ends at each of `edges`, in order, too.
    """
    starts = [0]
    paragraphs = (paragraph.end() for paragraph in re.finditer(r"\n[ \t]*\n\s*|\Z", text))
    for end in merge(paragraphs, (edge for edge in edges if 0 < edge < len(text))):
        while end - starts[-1] > BLOCK:
            space = text.rfind(" ", starts[-1] + 1, starts[-1] + BLOCK)
            starts.append(space + 1 if space > 0 else starts[-1] + BLOCK)
        if end > starts[-1]:
            starts.append(end)
    return [Span(a, b) for a, b in pairwise(starts)]


def _fit_window(text: str, sentences: list[Span], count_tokens: TokenCounter, window: int) -> list[tuple[Span, int]]:
    """Return the sentences, each with its tokens; cut where they alone exceed the model's window (scripts in which each
    character is a token).
    """
    lengths = count_tokens([text[s.start : s.end] for s in sentences]) if sentences else []
    fitting: list[tuple[Span, int]] = []
    for sentence, length in zip(sentences, lengths, strict=True):
        if length <= window or sentence.end - sentence.start < 2:  # noqa: PLR2004  one character cannot be cut
            fitting.append((sentence, length))
        else:
            halves = _shorten(text, sentence, max(1, (sentence.end - sentence.start) // 2))
            fitting.extend(_fit_window(text, _strip(text, halves), count_tokens, window))
    return fitting


def _shorten(text: str, piece: Span, limit: int) -> list[Span]:
    """Return the piece, cut until no part is longer than the limit."""
    length = piece.end - piece.start
    if length <= limit:
        return [piece]
    middle = piece.start + length // 2
    margin = length // 8  # no crumbs: a break close to an edge is no break
    for pattern in BREAKS:
        breaks = [m.end() for m in re.finditer(pattern, text[piece.start : piece.end])]
        breaks = [b + piece.start for b in breaks if margin < b < length - margin]
        if breaks:
            middle = min(breaks, key=lambda b: abs(b - middle))
            break
    return [part for half in _cut_at(text, piece, [middle]) for part in _shorten(text, half, limit)]


def _cut_at(text: str, piece: Span, breaks: list[int]) -> list[Span]:
    edges = [piece.start, *sorted(b for b in breaks if piece.start < b < piece.end), piece.end]
    return [Span(a, b) for a, b in pairwise(edges) if text[a:b].strip()]


def _strip(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans without the white space at their edges; what is nothing else is left out."""
    stripped = []
    for span in spans:
        part = text[span.start : span.end]
        start = span.start + len(part) - len(part.lstrip())
        end = span.start + len(part.rstrip())
        if end > start:
            stripped.append(Span(start, end))
    return stripped
