"""Which blocks of a page are in the words of others, or about its author, though no tag of theirs says so.

An interview, letters to the editor, a text that is set off below a colon, the lines on whoever wrote the piece.
"""

import re
from collections.abc import Collection, Sequence

from .elements import size_of
from .text_walk import Block

INTERVIEW = re.compile(
    r"\b(?:interview\w*|q\s?&\s?a|conversation with|in conversation|talks? (?:to|with)|asks?|im gespräch|gespräch mit"
    r"|entretien|entrevista\w*|intervista|conversa com|rozmowa|wywiad|интервью|беседа)\b|インタビュー|专访|對談|対談",
    re.IGNORECASE,
)
ASKS = ("?", "？", "؟")
LETTERS = re.compile(
    r"letters?|letters? (?:to the editors?|from (?:our )?readers)\b.*|(?:our )?readers (?:write|respond|reply)\b.*"
    r"|leserbriefe?\b.*|courrier des lecteurs\b.*|cartas al? (?:director|editor)\b.*|lettere al direttore\b.*",
    re.IGNORECASE,
)
CAPITALS = r"[^\W\d_a-z][\w.'’-]*"
SIGNED_HEAD = re.compile(rf"(?:{CAPITALS} ){{1,3}}{CAPITALS}, {CAPITALS}(?: {CAPITALS}){{0,2}}")  # Bo Marsh, Old Town
LONGEST_ABOUT = 500  # characters of what is said of an author at the end
IS = r"(?:is|was|are|writes|works|ist|arbeitet|est|écrit|es|è|é)"
LABELLED = re.compile(r"(?P<label>[^\W\d_][^.!?:：\n]{1,30}?)\s?[:：]\s*(?=\S)")
CORRECTS = re.compile(r"updat|correct|edit|errat|clarif|korrek|nachtrag|berichtig", re.IGNORECASE)
LINKED = 0.9  # of what stands behind a label


def mark_voices(blocks: Sequence[Block], heads: Sequence[str], people: Collection[str]) -> None:
    """Say of the blocks of a piece which are others'. `heads`: title and description; `people`: who wrote it."""
    asked = [place for place, block in enumerate(blocks) if block.bold and block.text.rstrip().endswith(ASKS)]
    if len(asked) > 1 and any(INTERVIEW.search(head) for head in heads):  # who answers is not said
        _give_to_nobody(blocks[asked[0] :])
    titles = [block.text for block in blocks if block.kind == "head"]
    is_signed = len(titles) > 1 and all(SIGNED_HEAD.fullmatch(title) for title in titles)
    if is_signed or any(LETTERS.fullmatch(head) for head in heads):
        first = next((place for place, block in enumerate(blocks) if block.kind == "head"), 0)
        _give_to_nobody(blocks[first:])
    is_quoted = False
    for place, block in enumerate(blocks):
        above = blocks[place - 1].text if place else ""
        is_quoted = block.set_off and block.kind == "text" and (is_quoted or above.endswith((":", "：")))
        if is_quoted:
            block.kind, block.speaker = "quote", ""
        elif block.kind == "text" and _only_links(block):
            block.kind = "caption"
    for block in reversed(blocks):
        names = "|".join(re.escape(name) for name in people if name)
        if not names or len(block.text) > LONGEST_ABOUT or not re.match(rf"(?:{names}),?\s+{IS}\b", block.text):
            break
        block.kind = "caption" if block.kind == "text" else block.kind


def _give_to_nobody(blocks: Sequence[Block]) -> None:
    for block in blocks:
        block.speaker = "" if block.kind == "text" else block.speaker


def _only_links(block: Block) -> bool:
    """Whether a line names what it leads to, and says no more: "Read also: …", in whatever language."""
    label = LABELLED.match(block.text)
    if label is None or CORRECTS.search(label["label"]) or len(block.text) > LONGEST_ABOUT:
        return False
    return block.linked >= LINKED * size_of(block.text[label.end() :])
