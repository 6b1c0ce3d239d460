"""What an element of a page is, by its name, its classes and what it holds. Pure functions over lxml's tree."""

import re
from typing import Any

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
INDENTED = re.compile(r"(?:margin|padding)-left\s*:\s*(?:[2-9]\d|1\d\d|[1-9](?:\.\d+)?(?=r?em))")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
SMALL = 0.1  # of what is read: a page that hides more of itself shows it later
FORMULAS = frozenset({"MathJax", "MathJax_Preview", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML", "katex-html"})
UNREADABLE = "\ufffd"  # in place of a formula that only a picture shows: no sentence with it is quoted
STRUCK = re.compile(r"text-decoration[^;]*line-through")
STRUCK_CLASSES = frozenset({"strike", "strikethrough", "line-through", "struck", "deleted"})
FORMULA_PICTURE = re.compile(r"\b(?:tex|latex|math|equation|formula|mwe-math\S*)\b", re.IGNORECASE)
LONG_CODE = 30  # characters of code in a paragraph of its own: what is shorter may be a word
LAYOUT_CELL = 300  # characters of a table's cell, which then is a part of a page's layout


def size_of(text: str | None) -> int:
    """Return how many characters a text has, without white space."""
    return sum(map(len, text.split())) if text else 0


def size_of_element(element: Any) -> int:
    """Return the same of all that stands in an element."""
    return sum(size_of(text) for text in element.itertext())


def classes_of(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def is_second_form(formula: Any, classes: set[str]) -> bool:
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


def is_all_in(paragraph: Any, *tags: str) -> bool:
    """Return whether all words of a paragraph are in elements of these names: in bold, or in italics."""
    inside = sum(size_of_element(part) for part in paragraph if part.tag in tags)
    return bool(inside) and inside == size_of_element(paragraph)


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
