"""A tree → the blocks of its text. Every character of it is in a block, or left out under a name.

A tree that is walked with a case for each element loses what no case foresaw, and half a sentence can say the contrary
of the whole. So the walk counts: what comes in is what comes out and what is named in `LeftOut`; `lost` is the rest.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from .inline import is_note_mark, raised_by_style, render_formula, render_raised

Kind = Literal["text", "head", "quote", "list", "code", "table", "caption", "reference"]
LeftOut = Counter[str]  # why → characters, without white space

BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody td tfoot
    th thead tr ul""".split()
)
HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose words nobody reads as a part of a text.
NO_TEXT = {
    **dict.fromkeys(("script", "style", "template", "head", "title", "meta", "link"), "scripts and styles"),
    **dict.fromkeys(("button", "select", "option", "input", "textarea", "label", "datalist"), "buttons and fields"),
    **dict.fromkeys(("iframe", "object", "embed", "video", "audio", "canvas", "map"), "embedded media"),
    **dict.fromkeys(("svg", "picture"), "pictures"),
    "nav": "navigation",
    **dict.fromkeys(("del", "s", "strike"), "withdrawn"),
    "noscript": "what shows without scripts",
    "rt": "readings of characters",
    "rp": "readings of characters",
    "dialog": "dialogs",
}
IN_A_LINE = frozenset({"button", "label", "noscript"})  # what a sentence may go through
# Names of classes, whole: what is quoted, a caption, a note beside the line, and what only some readers see.
QUOTING = frozenset(
    """quote quotation blockquote block-quote epigraph testimonial pullquote pull-quote gmail_quote yahoo_quoted
    protonmail_quote moz-cite-prefix twitter-tweet mastodon-embed bluesky-embed instagram-media""".split()
)
CAPTIONS = frozenset(
    """caption wp-caption-text image-caption photo-caption picture-caption img-caption figure-caption photo-credit
    image-credit media-credit""".split()
)
REFERENCES = frozenset(
    {"csl-entry", "csl-bib-body", "bibliography", "references", "ltx_bibliography", "citation-entry"}
)
BESIDE = frozenset({"sidenote", "marginnote", "margin-note", "side-note", "footnote", "tooltip", "footnote-content"})
HIDDEN_CLASSES = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader-only"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
SMALL = 0.1  # of what is read: a page that hides more of itself shows it later
FORMULAS = frozenset({"MathJax", "MathJax_Preview", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML", "katex-html"})
UNREADABLE = "\ufffd"  # in place of a formula that only a picture shows: no sentence with it is quoted
STRUCK = re.compile(r"text-decoration[^;]*line-through")
STRUCK_CLASSES = frozenset({"strike", "strikethrough", "line-through", "struck", "deleted"})
FORMULA_PICTURE = re.compile(r"\b(?:tex|latex|math|equation|formula|mwe-math\S*)\b", re.IGNORECASE)
BLANK = " \u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
DEEPEST = 150  # elements in one another; what is deeper is one line
LONG_CODE = 30  # characters of code in a paragraph of its own: what is shorter may be a word
LAYOUT_CELL = 300  # characters of a table's cell, which then is a part of a page's layout
ATTRIBUTION = re.compile(r"[—–―-]{1,2}\s*(?P<name>[^\W\d_][^,(@\n]{1,60}?)\s*(?:[,(@].*)?", re.DOTALL)


PARTICLES = frozenset("de da di van von der den la le al bin del dos du".split())
NO_PERSON = frozenset("the a an proverb anonymous unknown source via saying folk old and never again".split())


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
    element that it stands in. `bold`: all of it is.
    """

    text: str
    kind: Kind = "text"
    speaker: str | None = None
    size: int = 0
    linked: int = 0
    holder: Any = None
    bold: bool = False


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
        elif tag not in BLOCKS and _classes_of(element) & BESIDE and self._size:
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
        tag, classes = element.tag, _classes_of(element)
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
            self.blocks[-1].bold = is_bold(element)

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
        tag, classes = element.tag, _classes_of(element)
        style = element.get("style") or ""
        if tag in NO_TEXT and not (tag in IN_A_LINE and self._goes_through(element)):
            return "" if tag == "script" and (element.get("type") or "").startswith("math/tex") else NO_TEXT[tag]
        if (self.struck & classes and tag not in HEADS) or STRUCK.search(style):
            return "withdrawn"
        if _is_second_form(element, classes):
            return "formulas shown twice"
        is_hidden = element.get("hidden") is not None or classes & HIDDEN_CLASSES or HIDDEN.search(style)
        if is_hidden and size_of_element(element) <= self._most_hidden:
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


def _classes_of(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def _is_second_form(formula: Any, classes: set[str]) -> bool:
    """Whether an element is a formula as a program has drawn it, which stands beside it as it was written, too."""
    if formula.tag == "mjx-math":
        return formula.getparent().find(".//math") is not None
    if not classes & FORMULAS or formula.tag == "mjx-container":
        return False
    beside = (formula.getparent(), formula.getnext(), formula.getprevious())
    written = [one for one in beside if one is not None and isinstance(one.tag, str)]
    return "MathJax_Preview" in classes or any(
        one.tag == "math" or one.find(".//math") is not None or (one.get("type") or "").startswith("math/tex")
        for one in written
    )


def is_dialogue(listed: Any) -> bool:
    """Return whether a list of terms is a talk: its terms are short and come again."""
    terms = [" ".join(term.text_content().split()) for term in listed.findall("dt")]
    return len(set(terms)) < len(terms) and all(0 < len(term) <= 40 for term in terms)  # noqa: PLR2004  a name


def is_bold(paragraph: Any) -> bool:
    """Return whether all words of a paragraph are in bold."""
    bold = sum(size_of_element(part) for part in paragraph if part.tag in {"b", "strong"})
    return bool(bold) and bold == size_of_element(paragraph)


def is_only_code(element: Any) -> bool:
    """Return whether an element holds a piece of code and nothing else."""
    codes = element.findall("code")
    return len(codes) == 1 and len(element) == 1 and size_of_element(codes[0]) == size_of_element(element) > LONG_CODE


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
    """Return the name that a quotation says it is by, or "": of several, or of none that is surely a person's."""
    cited = quotation.xpath(".//cite | .//footer | .//figcaption")
    lines = [line for part in quotation.xpath(".//p | .//footer | .//cite") for line in part.text_content().split("\n")]
    lines += [" ".join(child.tail.split()) for child in quotation.iter("br") if child.tail]
    lines += [quotation.text_content().strip().rpartition("\n")[2]]
    names = {name for line in lines if (name := find_attribution(line))}
    last = " ".join(cited[-1].text_content().split()) if cited else ""
    if not names and last and quotation.text_content().rstrip().endswith(last.rpartition(" ")[2]):
        names = {name for name in [find_attribution(f"— {last}")] if name}
    return names.pop() if len(names) == 1 else ""


def find_attribution(line: str) -> str:
    """Return the name in a line that says whose words stand above it: "— Bo Marsh, The Mill"; "" for any other."""
    match = ATTRIBUTION.fullmatch(" ".join(line.split())[-200:])
    words = match["name"].split() if match else []
    are_names = all(word[0].isupper() or word in PARTICLES or not word.isascii() for word in words)
    if not 1 < len(words) <= 4 or not are_names or NO_PERSON & {word.lower() for word in words}:  # noqa: PLR2004
        return ""
    return "" if match is None or re.search(r"[.!?\d“”\"]", match["name"].replace(". ", " ")) else match["name"].strip()


def lost(total: int, kept: int, left_out: LeftOut) -> int:
    """Return how many characters are neither kept nor left out by name: 0, or the walk has a hole."""
    return total - kept - sum(left_out.values())
