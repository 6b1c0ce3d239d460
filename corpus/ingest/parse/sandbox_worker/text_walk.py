"""A tree → the blocks of its text. Every character of it is in a block, or left out under a name.

A tree that is walked with a case for each element loses what no case foresaw, and half a sentence can say the contrary
of the whole. So the walk counts: what comes in is what comes out and what is named in `LeftOut`; `lost` is the rest.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from .attribution import name_quoted
from .elements import (
    BESIDE,
    BLOCKS,
    CAPTIONS,
    FORMULA_PICTURE,
    HEADS,
    HIDDEN,
    HIDDEN_CLASSES,
    IN_A_LINE,
    INDENTED,
    NO_TEXT,
    QUOTING,
    REFERENCES,
    SMALL,
    STRUCK,
    STRUCK_CLASSES,
    UNREADABLE,
    classes_of,
    is_all_in,
    is_data,
    is_dialogue,
    is_only_code,
    is_second_form,
    size_of,
    size_of_element,
)
from .inline import is_note_mark, raised_by_style, render_formula, render_raised

Kind = Literal["text", "head", "quote", "list", "code", "table", "caption", "reference"]
LeftOut = Counter[str]  # why → characters, without white space
BLANK = " \u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
DEEPEST = 150  # elements in one another; what is deeper is one line


def drop_all(elements: Iterable[Any], why: str, left_out: LeftOut) -> None:
    """Take elements out of their tree, and name what is lost with them: what stands in another is counted with it."""
    dropped: set[Any] = set()
    for element in elements:
        if element.getparent() is None or element in dropped or not dropped.isdisjoint(element.iterancestors()):
            continue
        dropped.add(element)
        left_out[why] += size_of_element(element)
        element.drop_tree()


@dataclass(slots=True)
class Block:
    """A paragraph of a text, or what stands in place of one. `size`: characters of the page that it was made of.

    `linked`: those of them inside of links. `speaker`: "" or a name in a quotation; None elsewhere. `holder`: the
    element that it stands in. `bold`: all of it is; `set_off`: all of it is in italics, or indented.
    `has_formula`: one stands in it.
    """

    text: str
    kind: Kind = "text"
    speaker: str | None = None
    size: int = 0
    linked: int = 0
    holder: Any = None
    bold: bool = False
    set_off: bool = False
    has_formula: bool = False


@dataclass(slots=True)
class _State:
    """Where the walk is: the kind of what is read, whose words, and how deep."""

    kind: Kind = "text"
    speaker: str | None = None
    depth: int = 0


@dataclass(slots=True)
class Walk:
    """One walk over a tree. `blocks` and `left_out` are what it has come to.

    `struck`: classes of what is struck, those of a page's own style sheet among them.
    """

    left_out: LeftOut = field(default_factory=Counter)
    struck: frozenset[str] = STRUCK_CLASSES
    blocks: list[Block] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _size: int = 0
    _linked: int = 0
    _in_link: int = 0
    _has_formula: bool = False
    _most_hidden: float = 0
    _notes: list[Block] = field(default_factory=list)

    def read(self, element: Any) -> list[Block]:
        """Return the blocks of an element, with all that stands in it."""
        self._most_hidden = SMALL * size_of_element(element)
        self._walk(element, _State())
        self._flush(_State(), element)
        return self.blocks

    def _walk(self, element: Any, at: _State) -> None:
        """Read an element, without what stands behind it."""
        tag = element.tag
        if not isinstance(tag, str):
            return
        if why := self._omission(element):
            self.left_out[why] += size_of_element(element)
        elif (words := self._render_whole(element, at.depth)) is not None:
            self._add(words, size_of_element(element))
            self._has_formula |= tag == "math"
        elif tag not in BLOCKS and classes_of(element) & BESIDE and self._size:
            self._notes += self._read_separately(element, at, text=True).blocks
        elif tag in BLOCKS:
            self._flush(at, element.getparent())
            self._read_block(element, _State(at.kind, at.speaker, at.depth + 1))
        else:
            self._in_link += tag == "a"
            self._words.append("“" if tag == "q" else "")
            self._read_inside(element, _State(at.kind, at.speaker, at.depth + 1))
            self._words.append("”" if tag == "q" else "")
            self._in_link -= tag == "a"

    def _render_whole(self, element: Any, depth: int) -> str | None:
        """Return what an element reads as that is not read part by part; None for any other."""
        if element.tag == "br":
            return "\n"
        if element.tag == "img":
            return self._render_picture(element)
        if element.tag == "math":
            return render_formula(element)
        if raised_by_style(element) and not any(child.tag in BLOCKS for child in element.iter()):
            return render_raised(element, "".join(self._words[-3:]))
        return " ".join("".join(element.itertext()).split()) if depth > DEEPEST else None

    def _read_block(self, element: Any, at: _State) -> None:
        tag = element.tag
        if tag == "pre" or (tag in {"p", "div"} and is_only_code(element)):
            self._add_whole(element, Block("".join(element.itertext()).strip("\n").rstrip(), "code", at.speaker))
        elif tag in {"ul", "ol", "dir"} and not element.xpath(
            ".//h1|.//h2|.//h3|.//h4|.//blockquote|.//table|.//article"
        ):
            lines = self._list_lines(element, at)
            self._add_made(lines, "list", at, element)
        elif tag == "table" and is_data(element):
            for caption in element.iterchildren("caption"):
                self._walk(caption, at)
            rows = [self._lines_of(row.iterchildren("td", "th"), at, " | ") for row in element.iter("tr")]
            self._add_made(rows, "table", at, element)
        elif tag == "dl" and is_dialogue(element):
            self._read_dialogue(element, at)
        else:
            self._read_flow(element, at)

    def _read_flow(self, element: Any, at: _State) -> None:
        """Read an element of paragraphs, or one of them, as what its name or its class says that it is."""
        tag, classes = element.tag, classes_of(element)
        if tag in HEADS:
            at.kind = "head"
        elif tag in {"figcaption", "caption"} or classes & CAPTIONS:
            at.kind = "caption"
        elif tag == "blockquote" or classes & QUOTING:
            at.kind, at.speaker = "quote", name_quoted(element)
        elif classes & REFERENCES:
            at.kind = "reference"
        before = len(self.blocks)
        self._read_inside(element, at)
        self._flush(at, element)
        if tag == "p" and len(self.blocks) == before + 1:
            self.blocks[-1].bold = is_all_in(element, "b", "strong")
            self.blocks[-1].set_off = (
                is_all_in(element, "i", "em") or INDENTED.search(element.get("style") or "") is not None
            )

    def _read_dialogue(self, listed: Any, at: _State) -> None:
        """Read a list of who says what: each name with a colon before its words."""
        self._add(listed.text)
        for part in listed:
            if part.tag == "dt":
                self._flush(at, listed)
                self._add(f"{' '.join(part.text_content().split())}: ", size_of_element(part))
            elif part.tag == "dd" and not self._omission(part):
                self._read_inside(part, _State(at.kind, at.speaker, at.depth + 1))
            else:
                self._walk(part, at)
            self._add(part.tail)
        self._flush(at, listed)

    def _read_inside(self, element: Any, at: _State) -> None:
        self._add(element.text)
        for child in element:
            self._walk(child, at)
            if isinstance(child.tag, str) and child.tag in BLOCKS and not self._omission(child):
                self._flush(at, element)
            self._add(child.tail)

    def _render_picture(self, image: Any) -> str:
        """Return the formula that a picture shows, where it is one and stands there in no other form; else ""."""
        named, alt = f"{image.get('class') or ''} {image.get('src') or ''}", " ".join((image.get("alt") or "").split())
        if not (FORMULA_PICTURE.search(named) or alt.startswith(("\\", "$"))):
            return ""
        return "" if image.getparent().find(".//math") is not None else alt or UNREADABLE

    def _omission(self, element: Any) -> str:
        """Return why an element is left out, or ""."""
        tag, classes = element.tag, classes_of(element)
        style = element.get("style") or ""
        if tag in NO_TEXT and not (tag in IN_A_LINE and self._goes_through(element)):
            return "" if tag == "script" and (element.get("type") or "").startswith("math/tex") else NO_TEXT[tag]
        if (self.struck & classes and tag not in HEADS) or STRUCK.search(style):
            return "withdrawn"
        if is_second_form(element, classes):
            return "formulas shown twice"
        is_hidden = element.get("hidden") is not None or classes & HIDDEN_CLASSES or HIDDEN.search(style)
        # A formula may be hidden, since a picture shows it.
        if is_hidden and size_of_element(element) <= self._most_hidden and element.find(".//math") is None:
            return "hidden"
        if tag not in BLOCKS and len(element) < 5 and is_note_mark(element, "".join(self._words[-3:])):  # noqa: PLR2004
            return "marks of notes"
        return ""

    def _goes_through(self, element: Any) -> bool:
        """Whether a sentence goes through an element that mostly holds none."""
        parent, before = element.getparent(), element.getprevious()
        stands_behind = (before.tail if before is not None else parent.text) or ""
        return parent.tag in {"p", "li", "span", "em", "dd"} and bool(
            stands_behind.strip() and (element.tail or "").strip()
        )

    # Words

    def _add(self, words: str | None, size: int | None = None) -> None:
        length = size_of(words) if size is None else size
        self._words.append(re.sub(r"\s+", " ", words or "") if size is None else words or "")
        self._size += length
        self._linked += length if self._in_link else 0

    def _flush(self, at: _State, holder: Any) -> None:
        """End a block: two breaks in a row end a paragraph, too."""
        words, size, linked = "".join(self._words), self._size, self._linked
        has_formula = self._has_formula
        self._words, self._size, self._linked, self._has_formula = [], 0, 0, False
        lines = [" ".join(line.split()) for line in words.split("\n")]
        paragraphs = [part for part in re.split(r"\n{2,}", "\n".join(lines).strip("\n")) if part.strip(BLANK)]
        for place, paragraph in enumerate(paragraphs):
            block = Block(paragraph, at.kind, at.speaker, holder=holder, has_formula=has_formula)
            if at.kind == "head":
                block.text = " ".join(paragraph.split())
            if place == 0:  # one paragraph counts for all that were made of its element
                block.size, block.linked = size, linked
            self.blocks.append(block)
        if not paragraphs and size:
            self.left_out["signs that show nothing"] += size
        notes, self._notes = self._notes, []
        for note in notes:
            note.holder = holder
            self.blocks.append(note)

    def _add_whole(self, element: Any, block: Block) -> None:
        block.size, block.holder = size_of_element(element), element
        if block.text:
            self.blocks.append(block)
        else:
            self.left_out["signs that show nothing"] += block.size

    def _add_made(self, made: "list[_Lines]", kind: Kind, at: _State, holder: Any) -> None:
        """Add one block of lines that were read apart; a quotation's lists and tables are its own, too."""
        text = "\n".join(line for one in made for line in one.lines)
        block = Block(text, kind, at.speaker, sum(one.size for one in made), sum(one.linked for one in made), holder)
        if text.strip():
            self.blocks.append(block)
        else:
            self.left_out["signs that show nothing"] += block.size

    def _lines_of(self, elements: Any, at: _State, between: str) -> "_Lines":
        """Return what stands in some elements as one line, such as a row of a table."""
        parts = [self._read_separately(element, at) for element in elements]
        line = between.join(filter(None, (" ".join(" ".join(part.lines).split()) for part in parts)))
        return _Lines([line] if line else [], sum(part.size for part in parts), sum(part.linked for part in parts))

    def _list_lines(self, listed: Any, at: _State) -> "list[_Lines]":
        """Return the lines of a list's items; behind an item's first line, two spaces stand before each."""
        found = []
        if size_of(listed.text):
            found.append(_Lines([" ".join(listed.text.split())], size_of(listed.text), 0))
        for item in listed:
            if isinstance(item.tag, str):
                one = self._read_separately(item, at)
                one.lines = [f"  {line}" if place else f"- {line}" for place, line in enumerate(one.lines)]
                found.append(one)
            if size_of(item.tail):
                found.append(_Lines([" ".join(item.tail.split())], size_of(item.tail), 0))
        return found

    def _read_separately(self, element: Any, at: _State, *, text: bool = False) -> "_Lines":
        """Return the lines of an element, read by a walk of its own that counts on into what this one leaves out.

        `text`: of a text of its own, whose blocks are wanted.
        """
        inner = Walk(self.left_out, self.struck, _in_link=self._in_link, _most_hidden=self._most_hidden)
        state = _State(at.kind, at.speaker, at.depth + 1)
        if not text and (why := inner._omission(element)):
            self.left_out[why] += size_of_element(element)
            return _Lines([], 0, 0)
        if element.tag in {"ul", "ol"}:
            inner._walk(element, state)
        else:
            inner._read_inside(element, state)
        inner._flush(state, element)
        lines = [line for block in inner.blocks for line in block.text.split("\n") if line.strip()]
        return _Lines(lines, sum(b.size for b in inner.blocks), sum(b.linked for b in inner.blocks), inner.blocks)


@dataclass(slots=True)
class _Lines:
    lines: list[str]
    size: int
    linked: int
    blocks: list[Block] = field(default_factory=list)


def lost(total: int, kept: int, left_out: LeftOut) -> int:
    """Return how many characters are neither kept nor left out by name: 0, or the walk has a hole."""
    return total - kept - sum(left_out.values())
