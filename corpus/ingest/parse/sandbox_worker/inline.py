"""What stands within a line and is more than its letters: raised and lowered figures, formulas, marks of notes.

A number keeps its value: 10²⁵ never becomes 1025, nor a note's mark a digit of the year before it.
"""

import re
from itertools import islice
from typing import Any

RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
LOWERED = dict(zip("0123456789+-−=()aeoxhklmnpstij", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ", strict=True))
SIGNS = {"TM": "™", "SM": "℠", "tm": "™"}
# Letters that belong to the word or the number before them: 1st, 2e, Mme, No.
ENDINGS = frozenset("st nd rd th er re e es ère ème o a os as me mes lle lles gr de r s t".split())
MOST_PARTS, LONGEST_MARK = 8, 40  # texts and characters of a note's mark
LONGEST_RAISED = 20  # characters; what is longer is small print in a line of its own
MARK = r"(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*†‡§¶#]{1,3})"
NOTE_MARK = re.compile(
    rf"\[?\(?\s*{MARK}(?:\s*[,–-]\s*{MARK})*\s*\)?\]?|\[(?:note|citation needed|[\w ]{{1,20}}\d)\]|[↩↑^⤴]\ufe0e?"
)
BRACKETED = re.compile(r"\[.{1,20}\]")
WORD_BEFORE = re.compile(r"(?:[^\W\d_]{4,}|[.,;:!?\"'”’»)\]])\s*$")
NOTE_CLASSES = re.compile(r"foot-?note|note-?ref|fn-?ref|reference|citation|endnote|sidenote-number", re.IGNORECASE)
STYLED = re.compile(r"\{?\\(?:display|text)style\s*(.*?)\}?")
DEEPEST = 50  # parts in one another, more than any formula has
SPACED = frozenset("= < > ≤ ≥ ≠ ≈ ≡ + − - ± × · ∈ ∉ ⊂ → ← ⇒ ⇔ ∼ ~ ∝ | ∣ :=".split())


def is_note_mark(element: Any, before: str) -> bool:
    """Return whether an element is the mark of a note, not a part of the number or the word `before` it."""
    words = "".join(islice(element.itertext(), MOST_PARTS)).strip()
    if not words or len(words) > LONGEST_MARK or not NOTE_MARK.fullmatch(words):
        return False
    links = [element, *element.iter("a"), *element.iterancestors("a")]
    if any("#" in (link.get("href") or "") for link in links if link.tag == "a"):
        return True
    if element.tag != "sup" and raised_by_style(element) != "sup":
        return False
    if NOTE_CLASSES.search(f"{element.get('class')} {element.get('id')} {element.get('role')}"):
        return True
    return BRACKETED.fullmatch(words) is not None or WORD_BEFORE.search(before) is not None


def raised_by_style(element: Any) -> str:
    """Return sup or sub for an element that is raised or lowered, by its name or its style; else ""."""
    if element.tag in {"sup", "sub"}:
        return str(element.tag)
    style = re.search(r"vertical-align\s*:\s*(super|sub)\b", element.get("style") or "")
    return {"super": "sup", "sub": "sub"}[style[1]] if style else ""


def render_raised(element: Any, before: str) -> str:
    """Return a raised or lowered element in plain text, as it is read behind the text `before` it."""
    words = " ".join("".join(element.itertext()).split())
    raised = raised_by_style(element) == "sup"
    if is_fraction(element):
        return f" {words}" if raised and before[-1:].isdigit() else words
    if not before or before[-1:].isspace() or not words or len(words) > LONGEST_RAISED:
        return f" {words}" if len(words) > LONGEST_RAISED else words
    if raised and words in SIGNS:
        return SIGNS[words]
    if raised and words.lower() in ENDINGS and (before[-1].isdigit() or before[-1].isupper()):
        return words
    return raise_words(words, raised=raised)


def raise_words(words: str, *, raised: bool) -> str:
    """Return words as raised or lowered: in the characters that are, or else behind ^ or _."""
    known = RAISED if raised else LOWERED
    if all(character in known for character in words) and (len(words) == 1 or not words.isalpha()):
        return "".join(known[character] for character in words)
    sign = "^" if raised else "_"
    return f"{sign}{words}" if words.isalnum() or re.fullmatch(r"[-−]?[\d.,]+", words) else f"{sign}({words})"


def is_fraction(element: Any) -> bool:
    """Return whether an element is one half of a fraction that is written with a raised and a lowered number."""
    first = element if element.tag == "sup" else element.getprevious()
    second = first.getnext() if first is not None and first.tag == "sup" else None
    return second is not None and second.tag == "sub" and (first.tail or "").strip() in {"/", "⁄"}


def render_formula(math: Any) -> str:
    """Return a formula (MathML) in a line: as its author wrote it in TeX, or else from its parts."""
    for note in math.iter("annotation"):
        if "tex" in (note.get("encoding") or "").lower() and (note.text or "").strip():
            tex = " ".join(str(note.text).split())
            return styled[1].strip() if (styled := STYLED.fullmatch(tex)) else tex
    return " ".join((math.get("alttext") or _render_part(math, 0)).split())


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
    raised = SCRIPTS.get(tag, ())
    if raised and len(parts) == len(raised) + 1:
        scripts = (raise_words(one.strip(), raised=up) for one, up in zip(parts[1:], raised, strict=True))
        return parts[0].strip() + "".join(scripts)
    if tag == "mfrac" and len(parts) == 2:  # noqa: PLR2004  above and below the line
        return "/".join(one.strip() if one.strip().isalnum() else f"({one.strip()})" for one in parts)
    if tag in {"msqrt", "mroot"}:
        degree = raise_words(parts.pop().strip(), raised=True) if tag == "mroot" and len(parts) > 1 else ""
        return f"{degree}√({''.join(parts).strip()})"
    return " ".join((part.text or "").split()) + "".join(parts) + ("; " if tag == "mtr" else "")
