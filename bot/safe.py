"""Text that comes from outside → text that Discord shows as it is: no ping, no masked link, no heading, no fence.

What Discord gives meaning to stands in its documentation (reference, "Message formatting"); that a backslash takes the
meaning from any sign, except inside the label of a masked link and inside code, is how its clients behave. So labels
lose such signs, everything else gets backslashes, and we write no code spans. Pings are also refused with every
message (`allowed_mentions`): only that is a guarantee.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

LONGEST_ADDRESS = 400  # characters of a link in a message: a longer one would take the room of the answer
LONGEST_LABEL = 100
# Signs with a meaning anywhere in a line.
SIGNS = re.compile(r"([\\*_~|`\[\]<>@#])")
# Signs with a meaning at the beginning of a line only, besides those above: lists, small text.
BEGINNING = re.compile(r"^(\d*)([-+.)])")
# An address without a backslash in it becomes a link, or an invitation, by itself.
ADDRESS = re.compile(r"(?<=\w):(?=//)|\.(?=gg/|com/invite)", re.IGNORECASE)
EMOJI = re.compile(r":(?=\w+:)")
# What the label of a masked link cannot hold, because no backslash works there.
NOT_IN_LABELS = str.maketrans(dict.fromkeys("\\*_~|`[]()<>#@", " "))


def plain(text: str) -> str:
    """One line, without characters that steer a terminal, show nothing or reorder what is read."""
    visible = (c if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else "" for c in text)
    return " ".join("".join(visible).split())


def escape(text: str) -> str:
    """One line in which nothing has a meaning for Discord."""
    line = unicodedata.normalize("NFC", plain(text))
    line = SIGNS.sub(r"\\\1", line)
    line = ADDRESS.sub(lambda found: f"\\{found[0]}", line)
    line = EMOJI.sub(r"\\:", line)
    return BEGINNING.sub(r"\1\\\2", line)


def escape_within(text: str, most: int) -> str:
    """As much of a text's beginning as takes at most so many characters of a message, backslashes included."""
    line = plain(text)
    room = most
    while (over := size(escaped := escape(shorten(line, room))) - most) > 0:
        room -= -(-over // 2)  # at most every second character is a backslash
    return escaped


def shorten(text: str, most: int) -> str:
    """At most so many characters of a text, cut between two words, with "…" where something was left out."""
    if size(text) <= most:
        return text
    part = text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", errors="ignore")
    return (part.rsplit(" ", 1)[0] if " " in part[most // 2 :] else part).rstrip() + "…"


def size(text: str) -> int:
    """How long Discord finds a text: it counts as JavaScript does, where an emoji may count twice."""
    return len(text.encode("utf-16-le")) // 2


def label(text: str) -> str:
    """A text for the label of a masked link; a label with an address in it would not be shown as a link."""
    line = plain(unicodedata.normalize("NFC", text)).translate(NOT_IN_LABELS)
    line = EMOJI.sub(" ", ADDRESS.sub(" ", line.replace("://", " ")))
    return shorten(" ".join(line.split()), LONGEST_LABEL)


def address(url: str | None) -> str | None:
    """A stored address as it may stand in ``(<…>)``; None where there is none, or too long a one."""
    if url is None or urlsplit(url).scheme not in {"http", "https"}:
        return None
    coded = quote(url, safe="/:?#[]@!$&'*+,;=%~")
    return coded if len(coded) <= LONGEST_ADDRESS else None


def link(title: str, url: str | None) -> str:
    """A title that leads to its page and does not unfurl; the title alone, where it has no page."""
    target, shown = address(url), label(title)
    if target is not None and any(c.isalnum() for c in shown):
        return f"[{shown}](<{target}>)"
    bare = escape_within(title, LONGEST_LABEL)  # a title of nothing but signs, which no label can hold
    return f"{bare} [page](<{target}>)" if target else bare


def link_to_quote(words: str, url: str | None, passage: str) -> str | None:
    """A link that scrolls to the passage (a text fragment); to the page alone, where the fragment would be too long."""
    target = address(url)
    if target is None:
        return None
    found = passage.split()
    ends = found if len(found) <= 8 else [*found[:4], *found[-4:]]  # noqa: PLR2004  enough to find it, and short
    parts = [ends] if ends is found else [ends[:4], ends[4:]]
    if not found:
        return f"[{label(words)}](<{target}>)"
    fragment = ",".join(quote(" ".join(part), safe="").replace("-", "%2D") for part in parts)
    whole = f"{target.split('#')[0]}#:~:text={fragment}"
    return f"[{label(words)}](<{whole if len(whole) <= 2 * LONGEST_ADDRESS else target}>)"
