"""A page's tree → the piece on it: which of its blocks are the text, and what is left out under which name.

An extractor (trafilatura) says which words of a page are its piece. It loses some of them on the way, so it only
points: the words themselves are read by our own walk, with what stands between and beside those that it found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

import trafilatura

from . import boilerplate
from .elements import STRUCK_CLASSES, size_of_element
from .other_voices import mark_voices
from .text_walk import Block, LeftOut, Walk, lost

ASIDE = ["//*[contains(concat(' ', @class, ' '), ' not-prose ')]"]  # typography's own word for it
MAIN = "//article | //main | //*[@role='main' or @role='article']"
AROUND = frozenset({"header", "nav", "footer", "aside"})
FEW, MOST = 2, 0.6  # paragraphs that one element holds, and their share of the characters of all of them
GRAM = 4  # words in a row, by which two texts are compared
FOUND = 0.5  # of a block's: the extractor has it
SENTENCE = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")
LONG = 80  # characters of a paragraph that needs no full stop to be one
LINKED = 0.5  # of a block's characters: a list of links
REPEATED = 25  # characters of a quotation that may stand in the text by chance
FEWEST = 200  # characters of a piece, beside which what is named as comments is none of it
# What is itself a part of a text, not what holds one.
TEXTUAL = frozenset(
    """p pre ul ol li dl dt dd table tbody tr td blockquote details summary figure figcaption
    h1 h2 h3 h4 h5 h6""".split()
)
ROOT = 0.9  # of the characters found: what holds as many holds the piece
OTHER = 0.05  # of them: an article that holds no more is another one
LAYOUT = 0.9  # of a text in quotations: then it is indented by them


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page's text was read as. `total`: characters on the page; those that are in no block are in `left_out`."""

    blocks: tuple[Block, ...]
    left_out: LeftOut
    total: int

    @property
    def lost(self) -> int:
        return lost(self.total, sum(block.size for block in self.blocks), self.left_out)


def point_out(tree: Any, url: str) -> Any:
    """Return the extractor's reading of a page, or None; the tree stays as it is."""
    tree = deepcopy(tree)
    boilerplate.prepare(tree)
    mark_article(tree)
    page = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=True, prune_xpath=ASIDE)
    return page if isinstance(page, trafilatura.settings.Document) and page.body is not None else None


def read_text(
    tree: Any,
    pointed: Any,
    heads: Iterable[str],
    people: Sequence[str],
    total: int,
    left_out: LeftOut,
    struck: frozenset[str] = frozenset(),
) -> PageText:
    """Return the blocks of a page's piece. `pointed`: the extractor's tree; `total`: characters on the whole page.

    `heads` and `people`: lines that are known beside it, as its title, and the names of who wrote it.
    `left_out`: what was taken from the tree before; `struck`: classes of what the page's own style sheet strikes.
    """
    walk = Walk(left_out, STRUCK_CLASSES | struck)
    blocks = walk.read(tree)
    kept = _without_repetitions(choose_blocks(blocks, pointed))
    lines = [line for line in heads if line]
    known = {_squash(line) for line in (*lines, *people)}
    kept = list(dropwhile(lambda one: _stands_above(one, known), kept))
    kept = boilerplate.without_boilerplate(kept)
    while kept and kept[-1].kind == "head":
        kept.pop()
    mark_voices(kept, lines, people)
    quoted = sum(b.size for b in kept if b.kind == "quote")
    if quoted > LAYOUT * sum(b.size for b in kept):
        for block in kept:
            block.speaker, block.kind = None, "text" if block.kind == "quote" else block.kind
    chosen = set(map(id, kept))
    for block in blocks:
        if id(block) not in chosen:
            left_out["around the piece"] += block.size
    return PageText(tuple(kept), left_out, total)


def _stands_above(block: Block, heads: set[str]) -> bool:
    """Whether a first block is a line that is known beside the text: a title, a name, a day."""
    words = _squash(block.text)
    if words in heads:  # a description is often the first paragraph once more
        return block.kind == "head" or len(block.text) < LONG or not SENTENCE.search(block.text)
    named = [head for head in heads if head and head in words]
    rest = len(words) - sum(map(len, named)) - len(re.findall(r"\d", block.text))
    return block.kind == "text" and len(block.text) < LONG and rest < len(words) / 2 and not SENTENCE.search(block.text)


def choose_blocks(blocks: Sequence[Block], pointed: Any) -> list[Block]:
    """Return the blocks that are the piece: those that the extractor found, and what belongs with them.

    What stands between them, or like them, and reads as sentences is theirs: an extractor loses paragraphs with a mark
    that it does not know, and the first of two halves of a text.
    """
    grams, lines = _grams_of(pointed)
    found = [_is_found(block, grams, lines) for block in blocks]
    named: dict[Any, bool] = {}
    commented = [is_comment(block, named) for block in blocks]
    if sum(b.size for b, f, c in zip(blocks, found, commented, strict=True) if f and not c) >= FEWEST:
        blocks = [block for block, comment in zip(blocks, commented, strict=True) if not comment]
        found = [is_found for is_found, comment in zip(found, commented, strict=True) if not comment]
    if not any(found):
        return []
    sizes: Counter[Any] = Counter()  # of what was found in each element
    for block, is_found in zip(blocks, found, strict=True):
        if is_found:
            sizes.update(dict.fromkeys(block.holder.iterancestors(), block.size))
    whole = max(sizes.values())
    root = min((element for element, size in sizes.items() if size >= ROOT * whole), key=size_of_element)
    inside = [root in block.holder.iterancestors() and _is_same_piece(block, sizes, whole) for block in blocks]
    places = [place for place, is_found in enumerate(found) if is_found and inside[place]]
    outers = [_outer(block) for block in blocks]
    holders = {outers[place] for place in places}
    alike = {_signature(outer) for outer in holders} - {None}
    kept = []
    for place, block in enumerate(blocks):
        between = inside[place] and places[0] < place < places[-1]
        beside = outers[place] in holders or _signature(outers[place]) in alike
        if found[place] or _belongs(block, between=between, beside=beside):
            kept.append(block)
    return kept


def _belongs(block: Block, *, between: bool, beside: bool) -> bool:
    """Whether a block that was not found is of the piece: no list of links, and it reads like a text."""
    if block.linked > LINKED * block.size:
        return False
    reads = SENTENCE.search(block.text) is not None or len(block.text) >= LONG
    if between:  # the extractor reads no formula, and may know nothing of a line with some
        return reads or block.has_formula or block.kind in {"head", "quote", "code", "table", "caption"}
    return beside and reads and block.kind not in {"head", "caption"}


def _is_same_piece(block: Block, sizes: Mapping[Any, int], whole: int) -> bool:
    """Whether a block is in no article of its own, in which hardly anything was found: that is another piece."""
    article = next(block.holder.iterancestors("article"), None)
    return article is None or sizes.get(article, 0) > OTHER * whole


def _grams_of(pointed: Any) -> tuple[set[tuple[str, ...]], set[str]]:
    """Return the words of the extractor's text, four in a row, and its lines."""
    words = re.findall(r"\w+", " ".join(pointed.itertext()).casefold())
    lines = {_squash("".join(element.itertext())) for element in pointed.iter() if len(element) < GRAM}
    return set(zip(*(words[place:] for place in range(GRAM)), strict=False)), lines


def _is_found(block: Block, grams: set[tuple[str, ...]], lines: set[str]) -> bool:
    words = re.findall(r"\w+", block.text.casefold())
    own = list(zip(*(words[place:] for place in range(GRAM)), strict=False))
    if len(own) < GRAM:
        return _squash(block.text) in lines or (len(own) > 1 and all(gram in grams for gram in own))
    return sum(gram in grams for gram in own) >= FOUND * len(own)


def _squash(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalnum())


def _outer(block: Block) -> Any:
    """Return what a paragraph stands in, together with others."""
    outer = block.holder
    while outer.tag in TEXTUAL and outer.getparent() is not None:
        outer = outer.getparent()
    return outer


def _signature(element: Any) -> tuple[Any, str, str] | None:
    """Return by what an element is known to be like one beside it; None for one without a name."""
    named = " ".join((element.get("class") or "").split()) if element is not None else ""
    return (element.getparent(), element.tag, named) if named else None


def is_comment(block: Block, named: dict[Any, bool]) -> bool:
    """Whether a block stands in what a page names as its readers' comments. `named`: what is known of its elements."""
    for element in (block.holder, *block.holder.iterancestors()):
        if element not in named:
            named[element] = boilerplate.is_named_as_comments(element)
        if named[element]:
            return True
    return False


def _without_repetitions(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without pulled quotes, which show again what the text says."""
    others = _squash(" ".join(block.text for block in blocks if block.kind != "quote"))
    return [b for b in blocks if b.kind != "quote" or len(b.text) < REPEATED or _squash(b.text) not in others]


def mark_article(tree: Any) -> None:
    """Make an article of what holds most of the paragraphs, where a page names nothing as one.

    Else the extractor would gather paragraphs from everywhere.
    """
    if tree.xpath(MAIN):
        return
    lengths: Counter[Any] = Counter()
    for paragraph in tree.iter("p"):
        lengths[paragraph.getparent()] += len(paragraph.text_content())
    holder, length = next(iter(lengths.most_common(1)), (None, 0))
    if holder is None or holder.tag in {"blockquote", "li"} or len(holder.findall("p")) < FEW:
        return
    if length < MOST * lengths.total():
        return
    if holder.tag != "body":
        holder.tag = "article"
        return
    article = holder.makeelement("article")
    article.text, holder.text = holder.text, None
    for child in [child for child in holder if child.tag not in AROUND]:
        article.append(child)
    holder.append(article)
