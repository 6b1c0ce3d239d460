"""Whether a sentence can stand by itself: one that begins with "It" or "But" leans on what was said before. Pure."""

import re

# Words that take up what the sentence before said; "That is" and "There" mostly do not, and are no cause to quote more.
LEANING = re.compile(
    r"""^[\W_]*(?:it|its|they|their|them|he|she|his|her|him|this|these|those|such|but|and|so|yet|however|instead
    |otherwise|nevertheless|therefore|thus|hence)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "It is likely that …", "This year …": the word points at what follows.
STANDING = re.compile(
    r"""^[\W_]*(?:it\ (?:is|was|has\ been|takes|took|costs|seems|appears)\ (?:\w+\ ){0,2}(?:that|to|for)\b
    |(?:this|these|those)\ (?:year|month|week|quarter|decade|century|day|spring|summer|autumn|fall|winter)s?\b
    |so\ far\b|such\ as\b|and\ so\ on\b)""",
    re.IGNORECASE | re.VERBOSE,
)


def leans_on_previous(sentence: str) -> bool:
    """Whether a sentence, in English, needs the one before it to be understood."""
    return bool(LEANING.match(sentence)) and not STANDING.match(sentence)
