"""What stands within a line and is more than its letters: raised and lowered figures, formulas, marks of notes.

A number keeps its value: 10²⁵ never becomes 1025, nor a note's mark a digit of the year before it.
"""

import re
from itertools import islice
from typing import Any

RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
LOWERED = dict(zip("0123456789+-−=()aeoxhklmnpstij", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ", strict=True))
WRITTEN = {"TM": "™", "SM": "℠", "tm": "™", "'": "′", "’": "′", '"': "″", "”": "″", "°": "°", "º": "°"}
# Letters that belong to the word or the number before them: 1st, 2e, Mme, No.
ENDINGS = frozenset("st nd rd th er re e es ère ème o a os as me mes lle lles gr de r s t".split())
ORDINAL = 100  # 1º and 2ª are ordinals; of what is larger, a letter behind it is the mark of a note
DEGREES = frozenset("o0°º")
FRACTION = re.compile(r"\d{1,3}\s*[/⁄]\s*\d{1,3}")
LONGEST_RAISED = 20  # characters; what is longer is small print in a line of its own
MOST_PARTS, LONGEST_MARK = 8, 40  # texts and characters of a note's mark
MARK = r"(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*†‡§¶#]{1,3})"
NOTE_MARK = re.compile(
    rf"\[?\(?\s*{MARK}(?:\s*[,–-]\s*{MARK})*\s*\)?\]?|🔗|\[(?:note|citation needed|[\w ]{{1,20}}\d)\]|[↩↑^⤴]\ufe0e?"
)
BRACKETED = re.compile(r"\[.{1,20}\]")
SIGN = re.compile(r"[*†‡§¶]{1,3}")
SEVERAL = re.compile(r"(?!\d{1,3}(?:,\d{3})+$)\d{1,3}(?:\s*,\s*\d{1,3})+")
WORD_BEFORE = re.compile(r"(?:(?P<word>[^\W\d_]{4,})|[.,;:!?\"'”’»]|(?<!\d)(?:1[89]|20)\d\d)$")
# A raised 2 or 3 behind these is no note.
UNITS = re.compile(
    r"(?:kilo|centi|milli)?met(?:er|re)s?|miles?|feet|inch(?:es)?|yards?|acres?|pixels?|seconds?|side|radius|diameter"
    r"|length|height|width|sigma|theta|alpha|beta|gamma|delta|lambda",
    re.IGNORECASE,
)
NOTE_CLASSES = re.compile(r"foot-?note|note-?ref|fn-?ref|reference|citation|endnote|sidenote-number", re.IGNORECASE)
RAISED_CLASSES = frozenset({"sup", "super", "superscript", "exponent"})
LOWERED_CLASSES = frozenset({"sub", "subscript"})
VERTICAL = re.compile(
    r"vertical-align\s*:\s*(?:(?P<named>super|sub)\b|(?P<below>-)?[\d.]*[1-9][\d.]*(?:px|em|ex|pt|%))"
)
STYLED = re.compile(r"\{?\\(?:display|text)style\s*(.*?)\}?")
DEEPEST = 50  # parts in one another, more than any formula has
SPACED = frozenset("= < > ≤ ≥ ≠ ≈ ≡ + − - ± × · ∈ ∉ ⊂ → ← ⇒ ⇔ ∼ ~ ∝ | ∣ :=".split())


def is_note_mark(element: Any, before: str) -> bool:
    """Return whether an element is the mark of a note, not a part of the number or the word `before` it.

    What may be either stays, raised as on the page: 10², (1 + r)¹².
    """
    words = "".join(islice(element.itertext(), MOST_PARTS)).strip()
    if not words or len(words) > LONGEST_MARK:
        return False
    noted = NOTE_CLASSES.search(f"{element.get('class')} {element.get('id')} {element.get('role')}") is not None
    raised, bracketed = raised_by_style(element) == "sup", BRACKETED.fullmatch(words) is not None
    links = [link.get("href") or "" for link in (*element.iter("a"), *element.iterancestors("a"))]
    if not raised:  # "Figure 2" may lead to that figure: only what stands as marks do is one
        is_glued = words.isdigit() and before[-1:].isalnum()  # 2025 and a link 1 beside it are no 20251
        is_mark = NOTE_MARK.fullmatch(words) and (noted or bracketed or is_glued or words in "↩↑^⤴¶#§🔗")
        return bool(is_mark) and any("#" in link for link in links)
    if noted or (NOTE_MARK.fullmatch(words) and (links or bracketed)):
        return True
    return NOTE_MARK.fullmatch(words) is not None and _is_mark_behind(before, words)


def _is_mark_behind(before: str, words: str) -> bool:
    """Whether raised words that may be a mark are one, behind what stands `before` them."""
    number = re.search(r"\d{1,6}$", before)
    if number and (SIGN.fullmatch(words) or SEVERAL.fullmatch(words)):
        return True
    if number and words.isalpha():
        return int(number[0]) > ORDINAL and len(words) == 1
    match = WORD_BEFORE.search(before[-40:])
    return match is not None and not (words in {"2", "3"} and UNITS.fullmatch(match["word"] or ""))


def raised_by_style(element: Any) -> str:
    """Return sup or sub for an element that is raised or lowered, by its name, its class or its style; else ""."""
    if element.tag in {"sup", "sub"}:
        return str(element.tag)
    classes = set((element.get("class") or "").split())
    if classes & (RAISED_CLASSES | LOWERED_CLASSES) and element.tag in {"span", "small", "i", "em", "b", "a"}:
        return "sup" if classes & RAISED_CLASSES else "sub"
    style = VERTICAL.search(element.get("style") or "")
    if style is None:
        return ""
    if style["named"]:
        return "sup" if style["named"] == "super" else "sub"
    # So are pictures and signs put into their line: only figures are an exponent or an index then.
    is_figure = re.fullmatch(r"[-+−]?\d{1,3}", "".join(islice(element.itertext(), MOST_PARTS)).strip())
    return ("sub" if style["below"] else "sup") if is_figure else ""


def render_raised(element: Any, before: str) -> str:
    """Return a raised or lowered element in plain text, as it is read behind the text `before` it."""
    words = " ".join("".join(element.itertext()).split())
    raised = raised_by_style(element) == "sup"
    if is_fraction(element) or (raised and FRACTION.fullmatch(words)):
        return f" {words}" if raised and before[-1:].isdigit() else words
    if len(words) > LONGEST_RAISED or not words:
        return f" {words}" if words else ""
    if raised and words in DEGREES and re.match(r"\s?[CF]\b", element.tail or ""):
        return "°"
    is_plain = (
        raised
        and (
            (re.fullmatch(r"[.,]\d\d", words) and before[-1:].isdigit())  # the cents of a price
            or (words.lower() in ENDINGS and (before[-1:].isdigit() or before[-1:].isupper()))
        )
    )
    if raised and words in WRITTEN:
        return WRITTEN[words]
    # Before a letter, as of an isotope, only figures are raised.
    is_behind = bool(before.strip()) and not before[-1].isspace()
    return words if is_plain or not (is_behind or words.isdigit()) else raise_words(words, raised=raised)


def raise_words(words: str, *, raised: bool) -> str:
    """Return words as raised or lowered: in the characters that are, or else behind ^ or _."""
    known = RAISED if raised else LOWERED
    if all(character in known for character in words) and (len(words) == 1 or not words.isalpha()):
        return "".join(known[character] for character in words)
    sign = "^" if raised else "_"
    return f"{sign}{words}" if words.isalnum() or re.fullmatch(r"[-−]?[\d.,]+", words) else f"{sign}({words})"


def is_fraction(element: Any) -> bool:
    """Return whether an element is a half of a fraction that is written with a raised and a lowered number."""
    first = element if raised_by_style(element) == "sup" else element.getprevious()
    if first is None or raised_by_style(first) != "sup":
        return False
    tail, second = first.tail or "", first.getnext()
    if re.match(r"\s*[/⁄]\s*\d", tail):
        return first is element
    return tail.strip() in {"/", "⁄"} and second is not None and raised_by_style(second) == "sub"


def render_formula(math: Any) -> str:
    """Return a formula (MathML) in a line: as its author wrote it in TeX, or else from its parts."""
    for note in math.iter("annotation"):
        if "tex" in (note.get("encoding") or "").lower() and (note.text or "").strip():
            return _without_style(str(note.text))
    return _without_style(math.get("alttext") or _render_part(math, 0))


def _without_style(formula: str) -> str:
    line = " ".join(formula.split())
    return styled[1].strip() if (styled := STYLED.fullmatch(line)) else line


# What stands below and above a base: whether each part behind it is raised.
SCRIPTS = {
    **dict.fromkeys(("msup", "mover"), (True,)),
    **dict.fromkeys(("msub", "munder"), (False,)),
    **dict.fromkeys(("msubsup", "munderover"), (False, True)),
}


def _render_part(part: Any, depth: int) -> str:
    """Return a part of a formula; what it does not know stands there as its words."""
    tag = part.tag if isinstance(part.tag, str) else ""
    if tag == "mo":
        sign = (part.text or "").strip()
        return f" {sign} " if sign in SPACED else sign
    if not len(part) or depth > DEEPEST:
        return " ".join("".join(part.itertext()).split())
    children = [child for child in part if child.tag not in {"annotation", "annotation-xml"}]
    parts = [_render_part(child, depth + 1) for child in children]
    for place, child in enumerate(children):  # 3 1/2 is no 31/2
        if child.tag == "mfrac" and place and parts[place - 1][-1:].isdigit():
            parts[place] = f" {parts[place]}"
    raised = SCRIPTS.get(tag, ())
    if raised and len(parts) == len(raised) + 1:
        scripts = (raise_words(one.strip(), raised=up) for one, up in zip(parts[1:], raised, strict=True))
        return parts[0].strip() + "".join(scripts)
    if tag == "mfrac" and len(parts) == 2:  # noqa: PLR2004  above and below the line
        single = [one.strip().isalnum() and (one.strip().isdigit() or len(one.strip()) == 1) for one in parts]
        return "/".join(one.strip() if alone else f"({one.strip()})" for one, alone in zip(parts, single, strict=True))
    if tag in {"msqrt", "mroot"}:
        degree = raise_words(parts.pop().strip(), raised=True) if tag == "mroot" and len(parts) > 1 else ""
        return f"{degree}√({''.join(parts).strip()})"
    return " ".join((part.text or "").split()) + "".join(parts) + ("; " if tag == "mtr" else "")
