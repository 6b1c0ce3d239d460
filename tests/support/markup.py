"""What Discord would give a meaning to in a text: a reading of its own, so that the tests need not trust the bot's."""

import re

ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
LINK = re.compile(r"\[([^\]\n]*)\]\(<([^>\s]*)>\)")
MEANINGS = {
    "ping": r"@(?:everyone|here)|<@[!&]?\d+>",
    "channel, command, emoji, time or menu": r"<(?:#|/|:|a:|t:|id:)[^>]*>",
    "masked link": r"\[[^\]\n]*\]\(",
    "address": r"[A-Za-z][A-Za-z0-9+.-]*://\S|\w\.[A-Za-z]{2,}/|www\.|discord\.(?:gg|gift|new)|dis\.gd",
    "emphasis": r"\*\*?[^*\n]+\*|__?[^_\n]+_|~~[^~\n]+~~|\|\|[^|\n]+\|\|",
    "code": r"`[^`\n]*`|```",
    "heading, list, quotation or small text": r"(?m)^\s*(?:#{1,3} |-# |[-*] |\d+\. |>>?>? )",
    "shortcode": r":[\w+-]+:",
}


def live(text: str) -> set[str]:
    """The kinds of meaning that stand in a text, apart from what a backslash has taken it from."""
    bare = ESCAPED.sub("\ue000", text)
    return {kind for kind, pattern in MEANINGS.items() if re.search(pattern, bare)}


def links(text: str) -> list[tuple[str, str]]:
    """(label, address) of each masked link that does not unfurl."""
    return LINK.findall(ESCAPED.sub("\ue000", text))


OWN_WORDS = (
    r"\[\d+\]|Sources|Nothing here answers this directly; closest:"
    r"|The corpus does not cover this(?:, and holds nothing near it)?\."
    r"|Nothing of this question could be searched\.|Related \w+ \(\d+\)"
    r"|What to read next|The nearest entries|What the corpus holds|The newest entries"
)


def foreign(message: str, *, bold_quotes: bool = False) -> str:
    """A message without what the bot itself writes into it: its links, dates, numbers, headings and small lines.

    What answers in a quote is in bold. `bold_quotes`: a topic is, too (a timeline).
    """
    bare = LINK.sub("link", ESCAPED.sub("\ue000", message))
    bare = re.sub(r"<t:\d+:[DdR]>", "date", bare)
    bare = re.sub(rf"\*\*({OWN_WORDS})\*\*", "own", bare)
    bare = re.sub(r"(?m)^> .*$", lambda line: re.sub(r"\*\*([^*\n]+)\*\*", r"\1", line[0]), bare)
    if bold_quotes:
        bare = re.sub(r"(?m)^\*\*([^*\n]+)\*\*", r"\1", bare)
    return re.sub(r"(?m)^(?:-# |> |- |### )", "", bare)
