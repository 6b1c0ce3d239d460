"""What feeds get wrong so often that it is repaired before a parser sees it. Run in the sandbox.

Each of it makes a parser refuse, or misread, a feed whose items are all there.
"""

import html.entities
import re

import lxml.etree

DECLARED = re.compile(rb"""(\s*<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][^"'>]{0,400}["']""", re.IGNORECASE)
FIRST_ELEMENT = re.compile(rb"<[A-Za-z_]")
TYPE_BEGINS = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
TYPE = re.compile(rb"<!DOCTYPE(?:[^>\[]*\[.*?\]\s*>|[^>\[]*>)", re.IGNORECASE | re.DOTALL)
PAIR = re.compile(
    rb"&#(?:x(d[89ab][0-9a-f]{2})|(5[56][0-9]{3}));&#(?:x(d[c-f][0-9a-f]{2})|(5[67][0-9]{3}));", re.IGNORECASE
)
REFERENCE = re.compile(rb"&#(?:x([0-9a-f]+)|([0-9]+));", re.IGNORECASE)
SOUND = ((9, 10, 13), range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))  # characters of XML
BARE = re.compile(rb"&(?!#(?:[0-9]+|x[0-9a-fA-F]+);|[A-Za-z][A-Za-z0-9]{1,31};)")
NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# RSS names an author by his address, with his name behind it; a name is all that is wanted.
MAIL = rb"[^\s<>@()&;]{1,64}@[\w.-]{1,200}"
AUTHOR = rb"(<(?:[a-z]{1,20}:)?(?:author|creator)>\s*(?:<!\[CDATA\[\s*)?"
MAIL_FIRST = re.compile(AUTHOR + rb")" + MAIL + rb"\s*", re.IGNORECASE)
MAIL_LAST = re.compile(AUTHOR + rb"[^<&@]{1,200}?)\s*(?:<|&lt;|\()" + MAIL + rb"(?:>|&gt;|\))", re.IGNORECASE)


def repair(body: bytes) -> bytes:
    """Return a feed, in UTF-8, without what parsers stumble over."""
    # A document type is where entities are declared: of bombs, of files, of addresses.
    element, begins = FIRST_ELEMENT.search(body), TYPE_BEGINS.search(body)
    declared = TYPE.match(body, begins.start()) if begins else None
    if declared and (element is None or declared.start() < element.start()):
        body = body[: declared.start()] + body[declared.end() :]
    declared = DECLARED.match(body)
    if declared:
        body = declared[1] + body[declared.end() :]
    return MAIL_LAST.sub(rb"\1", MAIL_FIRST.sub(rb"\1", repair_characters(body)))


def repair_characters(body: bytes) -> bytes:
    """Return XML, in UTF-8, without characters and references to such that XML does not have."""
    body = REFERENCE.sub(keep_character, PAIR.sub(join_surrogates, body))
    return CONTROLS.sub(b"", body)


def repair_references(body: bytes) -> bytes:
    """Return XML, in UTF-8, without references that XML does not know: what HTML means by them, or &amp; for &."""

    def replace(match: re.Match[bytes]) -> bytes:
        meant = html.entities.html5.get(match[1].decode(), "")
        return "".join(f"&#{ord(sign)};" for sign in meant).encode() or b"&amp;" + match[1]

    return NAMED.sub(replace, BARE.sub(b"&amp;", body))


def make_well_formed(body: bytes) -> bytes:
    """Return XML that ends what it began, and declares no encoding: what can be saved of one that does not."""
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    root = lxml.etree.fromstring(body, parser)
    return b"" if root is None else lxml.etree.tostring(root, encoding="utf-8")


def join_surrogates(match: re.Match[bytes]) -> bytes:
    """Return a character that was written as the two halves that some languages keep it in."""
    high, low = (number_of(match[at], match[at + 1]) for at in (1, 3))
    is_pair = 0xD800 <= high < 0xDC00 <= low < 0xE000  # noqa: PLR2004  the halves' own ranges
    return b"&#%d;" % (0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00) if is_pair else match[0]


def keep_character(match: re.Match[bytes]) -> bytes:
    """Return a reference to a character, or nothing where there is no such character in XML."""
    number = number_of(match[1], match[2])
    return match[0] if any(number in sound for sound in SOUND) else b""


def number_of(in_hex: bytes | None, in_decimal: bytes | None) -> int:
    """Return the number of a character reference; -1 for one that no character has."""
    digits = (in_hex or in_decimal or b"").lstrip(b"0") or b"0"
    return int(digits, 16 if in_hex else 10) if len(digits) < 9 else -1  # noqa: PLR2004  more than any character has
