"""Follow-ups to the answer before, and not to its subject: its source, a summary of its piece, who said it, more. Pure.

Each is a question of its own only in a conversation; alone, "sources?" is a question as any other.
"""

import re
from enum import Enum, auto

PIECE = "(?:piece|essay|article|post|entry|interview|guide|text|thing|one)"
SAID = "(?:said|says|say|wrote|writes|claimed|claims|argued|argues|thinks|believes|published)"
THAT = rf"(?:that|this|it|those|these|them|(?:the|that|this)(?: whole| last| first)? {PIECE})"
ASKING = (
    r"(?:(?:and|but|so|please|can|could|you|i|we|do|have|has|is|are|there|got|get|give|show|send|me|us|see|read|what|s|"
    r"the|a|an|any|your|its|their|quick|short|original|full) )*"
)
PLEASE = "(?: (?:please|then|again|for me))?"


class AboutAnswer(Enum):
    """What is wanted of the answer before."""

    SOURCE = auto()  # its pieces, with their addresses
    SUMMARY = auto()  # what its first piece says as a whole
    VOICE = auto()  # who said it, where and when
    MORE = auto()  # what else there is


# Put to the words of a question, lower case and with one blank between them.
_PHRASES = {
    AboutAnswer.SOURCE: rf"{ASKING}(?:links?|urls?|sources?|address|addresses|references?|citations?)"
    rf"(?: (?:to|for|of|on|behind) {THAT})?"
    rf"|{ASKING}where (?:can|could|do) (?:i|we|you) (?:read|find|see) (?:more of )?{THAT}"
    rf"|{ASKING}(?:which|what) {PIECE} (?:is|was) (?:that|this|it)(?: from| in)?"
    rf"|{ASKING}where (?:is|was|does|did) (?:that|this|it) (?:come )?from",
    AboutAnswer.SUMMARY: rf"{ASKING}(?:summari[sz]e|sum up|recap|sum(?= .* up))(?: {THAT}(?: up)?)?"
    rf"|{ASKING}(?:summary|tl dr|tldr|gist|main point|overview)(?: of {THAT})?"
    rf"|{ASKING}(?:(?:is|does) )?{THAT} (?:all )?about(?: in short)?"
    rf"|{ASKING}(?:does|do) {THAT} (?:argue|say) (?:overall|as a whole|in short)",
    AboutAnswer.VOICE: r"(?:(?:and|but|so) )?(?:"
    rf"(?:who|where|when) (?:was it )?{SAID} (?:all )?(?:so|{THAT})"
    rf"|(?:when|where) (?:was|were) {THAT}(?: (?:said|written|published|from|posted))?"
    r"|(?:when|where) did (?:he|she|they|[^\W_]+(?: [^\W_]+)?) (?:say|write|claim|argue|publish) (?:so|that|this|it)"
    rf"|whose (?:words|view|opinion|piece|text)? ?(?:is|are|was|were) {THAT}"
    rf"|who (?:s|is|was|are|were) (?:the authors?|(?:that|this|it) (?:by|from))(?: of {THAT})?"
    r"|says who|by whom|how (?:old|recent) (?:is|are) (?:that|this|it))",
    AboutAnswer.MORE: r"(?:(?:and|but|so|please|ok) )?(?:(?:tell|show|give) me )?(?:some |any |a bit )?"
    rf"(?:more|(?:what|anything) else|go on|continue|keep going)(?: (?:is|was) (?:there|said|written))?"
    rf"(?: (?:of|on|about) {THAT})?",
}
PATTERNS = {about: re.compile(rf"(?:{phrase}){PLEASE}") for about, phrase in _PHRASES.items()}


def read_about_answer(question: str) -> AboutAnswer | None:
    """Return what a follow-up wants of the answer before it; None where it asks something of its own."""
    words = " ".join(re.findall(r"[^\W_]+", question.lower())[:20])
    return next((about for about, pattern in PATTERNS.items() if pattern.fullmatch(words)), None)
