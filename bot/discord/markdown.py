"""Text that comes from outside → text that Discord shows as it is: no ping, no masked link, no heading, no fence.

What Discord gives meaning to stands in its documentation (reference, "Message formatting"); that a backslash takes the
meaning from any sign, except inside the label of a masked link and inside code, is how its clients behave. So labels
lose such signs, everything else gets backslashes, and we write no code spans. Pings are also refused with every
message (`allowed_mentions`): only that is a guarantee.
"""

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from bot.text import plain, shorten, size

MOST = 1950  # of the 2,000 that Discord takes
LONGEST_ADDRESS = 400  # characters of a link in a message: a longer one would take the room of the answer
LONGEST_LABEL = 100
# Signs with a meaning anywhere in a line, and what becomes a link, an invitation, a gift or an emoji by itself: an
# address with a scheme, a bare domain (discord.gift/…, dis.gd/…), a shortcode (:+1:). One pass, or what one finds would
# take the backslash of another.
LIVE = re.compile(
    r"[\\*_~|`\[\]<>@#]|(?<=\w):(?=//)|:(?=[^\s:]+:)"
    r"|(?<=[Ww]{3})\.|(?<=\w)(?:\.(?=[^\W\d_]{2})|[\u2024\u3002\ufe52\uff0e\uff61](?=[A-Za-z]{2}))"
)
# Signs with a meaning at the beginning of a line only, besides those above: lists, small text.
BEGINNING = re.compile(r"^(\d*)([-+.)])")
# Where bold words begin and end, while they are escaped: what comes from outside loses these.
BOLD, PLAIN = "\ue000", "\ue001"
UNMARKED = str.maketrans(dict.fromkeys(BOLD + PLAIN))
EMOJI = re.compile(r":(?=[^\s:]+:)")
# What the label of a masked link cannot hold, because no backslash works there.
NOT_IN_LABELS = str.maketrans(dict.fromkeys("\\*_~|`[]()<>#@", " "))
# What is taken for a sign of an address, besides what compatibility forms (NFKC) make one.
DOTS, SLASHES, COLONS = "\u06d4\u0701\u0702\u3002\ua4f8\ua60e", "\u2044\u2215\u2571\u29f8", "\u02d0\u0589\u2236\ua789"
ALIKE = str.maketrans(dict.fromkeys(DOTS, ".") | dict.fromkeys(SLASHES, "/") | dict.fromkeys(COLONS, ":"))
LIKE_ADDRESS = re.compile(r"[^\s.]\.[^\W\d_]{2}|[Ww]{3}\.|://|\d(?:\.\d{1,3}){3}(?!\d)")
OF_ADDRESSES = re.compile(r"://|\.")


def escape(text: str) -> str:
    """One line in which nothing has a meaning for Discord."""
    line = unicodedata.normalize("NFC", plain(text))
    return BEGINNING.sub(r"\1\\\2", LIVE.sub(r"\\\g<0>", line))


def escape_highlights(parts: Sequence[tuple[str, bool]], most: int) -> str:
    """Return a text of parts in one line in which nothing has a meaning for Discord, with those highlighted in bold.

    At most so many characters of it, cut between two words.
    """
    marked = "".join(
        f"{BOLD}{words}{PLAIN}" if bold else words for words, bold in ((w.translate(UNMARKED), b) for w, b in parts)
    )
    escaped = escape(shorten(plain(marked), most))
    return escaped.replace(BOLD, "**").replace(PLAIN, "**") + "**" * (escaped.count(BOLD) > escaped.count(PLAIN))


def escape_within(text: str, most: int) -> str:
    """As much of a text's beginning as takes at most so many characters of a message, backslashes included."""
    line = plain(text)
    room = most
    while (over := size(escaped := escape(shorten(line, room))) - most) > 0:
        room -= -(-over // 2)  # at most every second character is a backslash
    return escaped


def label(text: str) -> str:
    """A text for the label of a masked link.

    A label with an address in it would not be shown as a link, and one that looks like an address would lie about where
    it leads: such a word loses its dots, whatever letters and dots it is written with.
    """
    line = " ".join(map(_without_address, unicodedata.normalize("NFC", plain(text)).split()))
    return shorten(" ".join(EMOJI.sub(" ", line.translate(NOT_IN_LABELS)).split()), LONGEST_LABEL)


def _without_address(word: str) -> str:
    """The word as it is; where it looks like an address, without its dots and the end of its scheme."""
    skeleton = word
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word)
        skeleton = "".join(c for c in apart if unicodedata.category(c) not in {"Mn", "Me"}).translate(ALIKE)
    if not LIKE_ADDRESS.search(skeleton):
        return word
    return OF_ADDRESSES.sub(" ", unicodedata.normalize("NFKC", word).translate(ALIKE))


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
