"""A tree → the blocks of its text. Every character of it is in a block, or left out under a name.

A tree that is walked with a case for each element loses what no case foresaw, and half a sentence can say the contrary
of the whole. So the walk counts: what comes in is what comes out and what is named in `LeftOut`; `lost` is the rest.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from .inline import is_note_mark, raised_by_style, render_formula, render_raised

Kind = Literal["text", "head", "quote", "list", "code", "table", "caption"]
LeftOut = Counter[str]  # why → characters, without white space

BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td tfoot
    th thead tr ul video audio object""".split()
)
HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose words nobody reads as a part of a text.
NO_TEXT = {
    **dict.fromkeys(("script", "style", "template", "head", "title", "meta", "link"), "scripts and styles"),
    **dict.fromkeys(("button", "select", "option", "input", "textarea", "label", "datalist"), "buttons and fields"),
    **dict.fromkeys(("iframe", "object", "embed", "video", "audio", "canvas", "map"), "embedded media"),
    **dict.fromkeys(("svg", "picture"), "pictures"),
    **dict.fromkeys(("nav", "menu"), "navigation"),
    **dict.fromkeys(("del", "s", "strike"), "withdrawn"),
    "noscript": "what shows without scripts",
    "rt": "readings of characters",
    "rp": "readings of characters",
    "dialog": "dialogs",
}
STRUCK = re.compile(r"text-decoration[^;]*line-through")
STRUCK_CLASSES = frozenset({"strike", "strikethrough", "line-through", "struck", "deleted"})
FORMULA_PICTURE = re.compile(r"\b(?:tex|latex|math|equation|formula|mwe-math\S*)\b", re.IGNORECASE)
BLANK = " \u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
DEEPEST = 150  # elements in one another; what is deeper is one line
LAYOUT_CELL = 300  # characters of a table's cell, which then is a part of a page's layout
ATTRIBUTION = re.compile(r"[—–―-]{1,2}\s*(?P<name>[^\W\d_][^,(@\n]{1,60}?)\s*(?:[,(@].*)?", re.DOTALL)


def size_of(text: str | None) -> int:
    """Return how many characters a text has, without white space."""
    return sum(map(len, text.split())) if text else 0


def size_of_element(element: Any) -> int:
    """Return the same of all that stands in an element."""
    return sum(size_of(text) for text in element.itertext())


def drop(element: Any, why: str, left_out: LeftOut) -> None:
    """Take an element out of its tree, and name what is lost with it."""
    left_out[why] += size_of_element(element)
    element.drop_tree()


@dataclass(slots=True)
class Block:
    """A paragraph of a text, or what stands in place of one. `size`: characters of the page that it was made of.

    `linked`: those of them inside of links. `speaker`: "" or a name in a quotation; None elsewhere. `holder`: the
    element that it stands in.
    """

    text: str
    kind: Kind = "text"
    speaker: str | None = None
    size: int = 0
    linked: int = 0
    holder: Any = None


@dataclass(slots=True)
class _State:
    """Where the walk is: the kind of what is read, whose words, and how deep."""

    kind: Kind = "text"
    speaker: str | None = None
    depth: int = 0


@dataclass(slots=True)
class Walk:
    """One walk over a tree. `blocks` and `left_out` are what it has come to."""

    left_out: LeftOut = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _size: int = 0
    _linked: int = 0
    _in_link: int = 0

    def read(self, element: Any) -> list[Block]:
        """Return the blocks of an element, with all that stands in it."""
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
            is_formula = (
                FORMULA_PICTURE.search(element.get("class") or "") and element.getparent().find(".//math") is None
            )
            return " ".join((element.get("alt") or "").split()) if is_formula else ""
        if element.tag == "math":
            return render_formula(element)
        if raised_by_style(element) and not any(child.tag in BLOCKS for child in element.iter()):
            return render_raised(element, "".join(self._words[-3:]))
        return " ".join("".join(element.itertext()).split()) if depth > DEEPEST else None

    def _read_block(self, element: Any, at: _State) -> None:
        tag = element.tag
        if tag == "pre":
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
        else:
            if tag in HEADS:
                at.kind = "head"
            elif tag in {"figcaption", "caption"}:
                at.kind = "caption"
            elif tag == "blockquote":
                at.kind, at.speaker = "quote", name_quoted(element)
            self._read_inside(element, at)
            self._flush(at, element)

    def _read_inside(self, element: Any, at: _State) -> None:
        self._add(element.text)
        for child in element:
            self._walk(child, at)
            if isinstance(child.tag, str) and child.tag in BLOCKS:
                self._flush(at, element)
            self._add(child.tail)

    def _omission(self, element: Any) -> str:
        """Return why an element is left out, or ""."""
        tag, classes = element.tag, set((element.get("class") or "").split())
        if tag in NO_TEXT:
            return "" if tag == "script" and (element.get("type") or "").startswith("math/tex") else NO_TEXT[tag]
        if STRUCK_CLASSES & classes or STRUCK.search(element.get("style") or ""):
            return "withdrawn"
        if classes & {"katex-html", "MathJax_Preview", "MathJax", "MathJax_Display", "MathJax_SVG"}:
            return "formulas shown twice"
        if tag not in BLOCKS and len(element) < 5 and is_note_mark(element, "".join(self._words[-3:])):  # noqa: PLR2004
            return "marks of notes"
        return ""

    # Words

    def _add(self, words: str | None, size: int | None = None) -> None:
        length = size_of(words) if size is None else size
        self._words.append(re.sub(r"\s+", " ", words or "") if size is None else words or "")
        self._size += length
        self._linked += length if self._in_link else 0

    def _flush(self, at: _State, holder: Any) -> None:
        """End a block: two breaks in a row end a paragraph, too."""
        words, size, linked = "".join(self._words), self._size, self._linked
        self._words, self._size, self._linked = [], 0, 0
        lines = [" ".join(line.split()) for line in words.split("\n")]
        paragraphs = [part for part in re.split(r"\n{2,}", "\n".join(lines).strip("\n")) if part.strip(BLANK)]
        for place, paragraph in enumerate(paragraphs):
            block = Block(paragraph, at.kind, at.speaker, holder=holder)
            if at.kind == "head":
                block.text = " ".join(paragraph.split())
            if place == 0:  # one paragraph counts for all that were made of its element
                block.size, block.linked = size, linked
            self.blocks.append(block)
        if not paragraphs and size:
            self.left_out["signs that show nothing"] += size

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

    def _read_separately(self, element: Any, at: _State) -> "_Lines":
        """Return the lines of an element, read by a walk of its own that counts on into what this one leaves out."""
        inner = Walk(self.left_out, _in_link=self._in_link)
        state = _State(at.kind, at.speaker, at.depth + 1)
        if why := inner._omission(element):
            self.left_out[why] += size_of_element(element)
            return _Lines([], 0, 0)
        if element.tag in {"ul", "ol"}:
            inner._walk(element, state)
        else:
            inner._read_inside(element, state)
        inner._flush(state, element)
        lines = [line for block in inner.blocks for line in block.text.split("\n") if line.strip()]
        return _Lines(lines, sum(b.size for b in inner.blocks), sum(b.linked for b in inner.blocks))


@dataclass(slots=True)
class _Lines:
    lines: list[str]
    size: int
    linked: int


def is_data(table: Any) -> bool:
    """Return whether a table holds data, and is none that a page is laid out with."""
    rows = table.findall(".//tr")
    if not rows or table.find(".//table") is not None or table.get("role") == "presentation":
        return False
    cells = [cell for row in rows for cell in row.iterchildren("td", "th")]
    widest = max((len(row) for row in rows), default=0)
    return widest > 1 and all(len("".join(cell.itertext())) <= LAYOUT_CELL for cell in cells) and _is_all_in_rows(table)


def _is_all_in_rows(table: Any) -> bool:
    """Return whether all words of a table stand in its cells and captions: others would be lost."""
    cells = (cell for row in table.iter("tr") for cell in row.iterchildren("td", "th"))
    within = sum(size_of_element(cell) for cell in (*cells, *table.iterchildren("caption")))
    return bool(within == size_of_element(table))


def name_quoted(quotation: Any) -> str:
    """Return the name that a quotation says it is by, or ""."""
    stated = quotation.xpath(".//cite | .//footer")
    last = next(iter(reversed(quotation.xpath(".//p | ."))), quotation)
    line = " ".join((stated[-1] if stated else last).text_content().split())[-200:]
    if stated and not ATTRIBUTION.match(line):
        line = f"— {line}"
    match = ATTRIBUTION.fullmatch(line)
    name = match["name"].strip() if match else ""
    return name if 0 < len(name.split()) <= 4 and not re.search(r"[.!?\d“”\"]", name) else ""  # noqa: PLR2004  names of a person


def lost(total: int, kept: int, left_out: LeftOut) -> int:
    """Return how many characters are neither kept nor left out by name: 0, or the walk has a hole."""
    return total - kept - sum(left_out.values())
