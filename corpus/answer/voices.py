"""Whose words a sentence is, and whether it may be quoted for a question. Pure.

A row of a table, code, a reference or a caption is no sentence that somebody says. What the entry quotes from others,
and what one of several speakers says, is never its author's.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus.models.entries import Block, Entry
from corpus.models.search import Filters, Hit
from corpus.text.decoding import is_garbled

# What is struck by signs: n̶i̶n̶e̶ and ~~nine~~, as pages show it that have no other way.
STRUCK = re.compile(r"(?:\w[\u0335\u0336]){2}|~~[^~\n]{1,200}~~")
NOT_QUOTED = frozenset({"table", "code", "reference", "caption"})


def find_block(entry: Entry, start: int, end: int) -> Block | None:
    """Return the block that holds a stretch of an entry's text; None for one that begins or ends within another.

    What is in no block is prose of the entry's own voice.
    """
    behind = bisect_right(entry.blocks, start, key=lambda block: block.start)
    before = entry.blocks[behind - 1] if behind else None
    if before and start < before.end:
        return before if end <= before.end else None
    if behind < len(entry.blocks) and entry.blocks[behind].start < end:
        return None
    return Block(before.end if before else 0, end)


def keep_quotable(hits: Sequence[Hit], filters: Filters) -> list[Hit]:
    """Return the hits with those sentences alone that may be quoted, as the filters say whose words are sought.

    A hit of which nothing is left is left out.
    """
    kept = []
    for hit in hits:
        if not hit.entry.blocks and not is_garbled(hit.text) and not STRUCK.search(hit.text):
            kept.append(hit)
            continue
        sentences = tuple(s for s in hit.sentences if _is_quotable(hit.entry, s.start, s.end, filters))
        if sentences:
            nearest = max(sentence.similarity for sentence in sentences)
            changed = sentences != hit.sentences
            similarity = min(hit.similarity, nearest) if changed else hit.similarity
            kept.append(replace(hit, sentences=sentences, similarity=similarity))
    return kept


def leave_out(hits: list[Hit], without: Collection[tuple[str, int, int]]) -> list[Hit]:
    """Return the hits without the sentences that lie in one of these stretches: entry id, start, end."""
    if not without:
        return hits
    left = [
        replace(
            hit,
            sentences=tuple(
                s
                for s in hit.sentences
                if not any(hit.entry.id == entry and s.start < end and start < s.end for entry, start, end in without)
            ),
        )
        for hit in hits
    ]
    return [hit for hit in left if hit.sentences]


def _is_quotable(entry: Entry, start: int, end: int, filters: Filters) -> bool:
    block = find_block(entry, start, end)
    words = entry.text[start:end]
    if block is None or block.kind in NOT_QUOTED or is_garbled(words) or STRUCK.search(words):
        return False
    if block.speaker is None:
        return _is_sought(entry.voice, filters)
    if filters.speakers or filters.person:
        asked = (*filters.speakers, *([filters.person] if filters.person else ()))
        return block.kind != "quote" and any(_is_one_person(name, block.speaker) for name in asked)
    return not any(_is_one_person(name, block.speaker) for name in filters.others_than)


def _is_sought(voice: Sequence[str], filters: Filters) -> bool:
    """Whether the entry's own voice is sought; an entry passes, too, where one who is sought has lines of his own."""
    if filters.speakers and set(filters.speakers).isdisjoint(voice):
        return False
    return not voice or not set(voice) <= set(filters.others_than)


def _is_one_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: a transcript calls people by a part of theirs."""
    names = set(one.casefold().split()), set(other.casefold().split())
    return all(names) and (names[0] <= names[1] or names[1] <= names[0])
