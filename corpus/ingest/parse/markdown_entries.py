"""Markdown with front matter → an entry; the text of Markdown, or of a page, as plain text with its blocks in place."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from corpus import budgets
from corpus.ingest.parse.entry_records import LONGEST_NAME, entry_of, names_given, sections_of
from corpus.ingest.parse.front_matter import split_front_matter
from corpus.ingest.parse.not_an_entry import NotAnEntry
from corpus.ingest.parse.sandbox import Sandbox
from corpus.ingest.parse.text_blocks import find_blocks
from corpus.models.entries import Block, BlockKind, Entry, Section
from corpus.text.plain import plain

# What may be a mark of Markdown: a text without any is taken as it is written.
MARKED = re.compile(
    r"[*_~`<>&\\\[|#^]|\{[{%]|%%|==|^:::|^ {0,3}(?:[-+=]|\d{1,9}[.)])(?:[ \t]|-*$)|^(?: {4}|\t)", re.MULTILINE
)


def parse_markdown(text: str, sandbox: Sandbox) -> Entry:
    """Return an entry from Markdown with front matter; the body, without its marks, is its text. Raises NotAnEntry."""
    fields, body = split_front_matter(text)
    if fields is None:
        raise NotAnEntry("has no front matter; begin it with a line ---, the fields, and another line ---")
    return entry_of_markdown(fields, body, sandbox)


def entry_of_markdown(fields: dict[str, Any], body: str, sandbox: Sandbox) -> Entry:
    """Return an entry from all its fields and the Markdown below them. Raises NotAnEntry.

    Its headings are its sections. Where the fields give sections or blocks, they count the characters of the body as it
    is written: that is the text then.
    """
    body = body.strip()
    if {"sections", "blocks"} & fields.keys():
        return entry_of({"summary": "", **fields, "text": body})
    text, sections, known = read_markdown(body, sandbox)
    read = {
        "text": text,
        "sections": [section._asdict() for section in sections],
        "blocks": [block._asdict() for block in find_blocks(text, sections, names_given(fields.get("people")), known)],
    }
    return entry_of({"summary": "", **fields, **read})


def read_markdown(body: str, sandbox: Sandbox) -> tuple[str, tuple[Section, ...], tuple[Block, ...]]:
    """Return the text of Markdown without its marks, its headings, and the blocks that it marks. Raises NotAnEntry."""
    body = body.strip()
    if len(body) > budgets.MOST_CHARACTERS:
        raise NotAnEntry(f"the field text {budgets.TOO_LONG}")
    if not MARKED.search(body):
        return body, (), ()
    found = sandbox.markdown(body)
    return clean_text(found["text"], found["sections"], found["blocks"])


def clean_text(
    raw: str, found: Sequence[tuple[int, str]], marked: Sequence[tuple[int, int, BlockKind, str | None]]
) -> tuple[str, tuple[Section, ...], tuple[Block, ...]]:
    """Return a text as plain text, with its blocks, and those of its headings that stand in it as they are called.

    All of them are where they stand then.
    """
    cuts = sorted(
        {0, len(raw), *(start for start, _ in found), *(edge for start, end, *_ in marked for edge in (start, end))}
    )
    pieces = [plain(raw[start:end], keep="\n\t") for start, end in pairwise(cuts)]
    whole = "".join(pieces)
    text, cut_off = whole.strip(), len(whole) - len(whole.lstrip())
    moved = dict(zip(cuts, accumulate(map(len, pieces), initial=-cut_off), strict=True))
    heads = []
    for start, stated in found:
        title = plain(stated)
        first = moved[start] + len(title) - len(title.lstrip())
        if text.startswith(title.strip(), max(first, 0)):
            heads.append((first, title.strip()))
    blocks = []
    for start, end, kind, speaker in marked:
        inside = text[max(moved[start], 0) : moved[end]]
        first = max(moved[start], 0) + len(inside) - len(inside.lstrip())
        name = None if speaker is None else " ".join(plain(speaker).split())[:LONGEST_NAME]
        if inside.strip():
            blocks.append(Block(first, first + len(inside.strip()), kind, name))
    return text, tuple(Section(**section) for section in sections_of(heads, text)), tuple(blocks)
