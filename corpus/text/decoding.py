"""Bytes → text: in the character set that they are in, whatever is claimed, with a word on what could not be read."""

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

from corpus.text.charset_guess import SIGNS, Guess, guess_charset

MARKS = {  # the longer ones first: that of UTF-32 begins as that of UTF-16 does
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
UNMARKED = {b"<\0": "utf-16-le", b"\0<": "utf-16-be", b"{\0": "utf-16-le", b"\0{": "utf-16-be"}
# What the Encoding standard knows, as Python's codecs are called; no other codec is run over what comes from outside.
CHARSETS = frozenset(
    """utf-8 utf-16 utf-16-le utf-16-be big5hkscs euc_jp gb18030 iso2022_jp cp932 cp949 koi8-r koi8-u cp866 cp874
    mac-roman mac-cyrillic cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4
    iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16""".split()
)
# Names that the standard reads as a wider set than they say, and labels of its that Python does not know.
WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874"}
WIDER |= {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"}
WIDER |= {"euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp", "shift_jis_2004": "cp932", "koi8-ru": "koi8-u"}
LABELS = {"windows-31j": "cp932", "sjis": "cp932", "windows-949": "cp949", "ksc_5601": "cp949", "euc-jp": "euc_jp"}
LABELS |= {"ks_c_5601-1989": "cp949", "windows-874": "cp874", "dos-874": "cp874", "gb_2312-80": "gb18030"}
LABELS |= {"gb_2312": "gb18030", "x-big5": "big5hkscs", "cn-big5": "big5hkscs", "mac": "mac-roman", "koi": "koi8-r"}
LABELS |= {"koi8": "koi8-r", "mac-ukrainian": "mac-cyrillic", "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8"}
LABELS |= {"visual": "iso8859-8", "iso-8859-6-i": "iso8859-6", "iso88591": "cp1252", "iso88592": "iso8859-2"}
TWO_BYTES = frozenset({"big5hkscs", "euc_jp", "gb18030", "cp932", "cp949"})
CERTAIN = 4  # characters in valid UTF-8 that no text of a two-byte set is by chance: 1 pair in 7 is one in GBK
ESCAPES = "iso2022_jp"  # in ASCII with escapes, and so valid UTF-8
NO_ASCII = re.compile(r"[^\x00-\x7f]")
CUT_SHORT = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2}|\xe2)(?![\x80-\xbf])")
# A character beyond 65,535 as two halves, each in UTF-8 of its own: what Java and some databases write (CESU-8).
HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
# A lone byte right behind an ASCII letter, which all sets of Windows for Latin letters read alike: ’ – “ ”, é ö ç …
OF_WINDOWS_ALONE = re.compile(
    rb"(?<=[A-Za-z])[\x85\x91-\x97\xdf\xe1\xe4\xe7\xe9\xeb\xed\xee\xf3\xf4\xf6\xfa\xfc\xfd](?=[\x00-\x7f]|\Z)"
)
WITHIN_WORDS = re.compile(r"(?<=[^\W\d_])[¡-©¬®-±³-¶¹»-¿×÷](?=[^\W\d_])")
LETTERS = re.compile(f"[^\x00-\x7f{''.join(SIGNS)}]")  # and signs that may stand for some
SHARE_WITHIN = 0.05  # of what is not ASCII
LOST = "\ufffd"  # stands for bytes that are no character of their set
SHOWN = 30  # characters before a fault, to find it by


class Decoded(NamedTuple):
    """A text, the codec that it was read with, and a clause on what of it could not be read or was mended, or ""."""

    text: str
    charset: str
    note: str = ""


def decode(body: bytes, server_says: object = None, document_says: object = None, *, may_guess: bool = True) -> Decoded:
    """Return the text of a body. `server_says`, `document_says`: labels of character sets, which may be wrong or None.

    A byte order mark counts first; then what the bytes prove: valid UTF-8 is UTF-8, and a text of it in which few bytes
    are wrong has U+FFFD there, or a sign of Windows-1252, where it stands in a word and can be nothing else. Else what
    the server says, then the document, then a guess; without one, UTF-8. Never fails.
    """
    mark = next((mark for mark in MARKS if body.startswith(mark)), b"")
    charset = MARKS.get(mark) or UNMARKED.get(body[:2])
    labels = [known for label in (server_says, document_says) if (known := known_charset(label))]
    stated = labels[0] if labels else None
    guess = Guess("utf-8")
    if charset in {None, "utf-8"}:
        body = HALVES.sub(_join_halves, body)
    if charset is None:
        other = next((label for label in labels if not label.startswith("utf-")), None)
        charset = _proven(body, stated) or other
    if charset is None:
        guess = guess_charset(body) if may_guess else Guess("utf-8")
        charset = known_charset(guess.charset) or "cp1252"
    alone = 0
    if charset == "utf-8":
        body, alone = OF_WINDOWS_ALONE.subn(lambda one: one[0].decode("cp1252").encode(), body)
    text = body.removeprefix(mark).decode(charset, errors="replace").removeprefix("\ufeff")
    notes = [_describe_lost(text, body, charset)]
    if charset == "utf-8":
        text, note = undo_double_encoding(text)
        if alone:
            notes.append(f"has {alone:,} byte{'s' * (alone > 1)} of Windows-1252 within UTF-8, read as such")
        notes += [note, f"has control characters that stand for {WINDOWS}, and were read so" if C1.search(text) else ""]
        text = text.translate(OF_WINDOWS)
    elif not charset.startswith("utf-") and charset not in labels:
        claims = "claims to be UTF-8 and is not" if stated else "names no character set and is no UTF-8"
        why = "as its words show" if guess.is_shown else "a guess"
        if not guess.is_shown and _is_disproved(text):
            text = LETTERS.sub(LOST, text)
            why = f"a guess that its words disprove, so that letters beyond ASCII are shown as {LOST}"
        notes.append(f"{claims}; it was read as {charset}, {why}")
    return Decoded(text, charset, "; ".join(filter(None, notes)))


def _is_disproved(text: str) -> bool:
    """Return whether signs stand within words of a text as letters do: "M³yn" is Polish, read in another set."""
    within = len(WITHIN_WORDS.findall(text))
    return within >= ENOUGH and within >= SHARE_WITHIN * len(NO_ASCII.findall(text))


def _join_halves(match: re.Match[bytes]) -> bytes:
    halves = match[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le").encode()


def known_charset(label: object) -> str | None:
    """Return the codec for a label of the Encoding standard; None for what is none."""
    name = str(label).strip().lower()
    name = LABELS.get(name.removeprefix("x-"), name.removeprefix("x-"))
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    name = WIDER.get(name, name)
    return name if name in CHARSETS else None


def is_garbled(text: str) -> bool:
    """Return whether a text holds what was not decoded, or decoded wrongly: such a sentence is not to be quoted."""
    return LOST in text or bool(SURELY_TWICE.search(text) or CYRILLIC_TWICE.search(text))


def _proven(body: bytes, stated: str | None) -> str | None:
    """UTF-8, or a set of escapes, where the bytes prove it."""
    if stated == ESCAPES and b"\x1b" in body:
        return ESCAPES
    try:
        text = body.decode()
    except UnicodeDecodeError:
        is_as_stated = stated in TWO_BYTES and LOST not in body.decode(stated, errors="replace")
        return "utf-8" if not is_as_stated and _is_mostly_utf_8(body) else None
    few = stated in TWO_BYTES and 0 < len(NO_ASCII.findall(text)) < CERTAIN
    return None if few else "utf-8"


def _is_mostly_utf_8(body: bytes) -> bool:
    """Whether more speaks for UTF-8 with a few wrong bytes than for another set.

    For it speaks each character of several bytes, and each that breaks off (or its first byte, where that is E2, with
    which all of “ ” ’ – … begin); against it each byte that is wrong otherwise.
    """
    text = body.decode(errors="replace")
    genuine = body.count(LOST.encode())
    wrong = text.count(LOST) - genuine
    right = len(NO_ASCII.findall(text)) - wrong
    short = len(CUT_SHORT.findall(body))
    return right + short >= wrong - short and right + short > 0


def _describe_lost(text: str, body: bytes, charset: str) -> str:
    lost = text.count(LOST) - (body.count(LOST.encode()) if charset == "utf-8" else 0)
    if lost <= 0:
        return ""
    words = re.sub(r"^[^<>]*>|<[^<>]*>?", " ", text[: text.index(LOST)][-4 * SHOWN :])
    before = " ".join(words.split())[-SHOWN:]
    count = "1 byte that is" if lost == 1 else f"{lost:,} bytes that are"
    name = "UTF-8" if charset == "utf-8" else charset
    return f"has {count} no {name}, shown as {LOST} (the first behind “{before}”)"


# Text that was encoded twice: the bytes of UTF-8, taken for characters of Windows-1252, and encoded again.

BYTE_OF: Mapping[str, int] = {chr(byte): byte for byte in range(0x80, 0xC0)} | {
    bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)
}
# Controls that no text holds: Windows-1252 that was taken for ISO 8859-1. HTML reads references to them so, too.
C1 = re.compile("[\x80-\x84\x86-\x9f]")
OF_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or " " for byte in range(0x80, 0xA0) if byte != 0x85}  # noqa: PLR2004
WINDOWS = "“ ” ’ – and other signs of Windows-1252"
_FOLLOWS = "[" + "".join(re.escape(sign) for sign, byte in BYTE_OF.items() if byte < 0xC0) + "]"  # noqa: PLR2004
TWICE = re.compile(f"[Â-ß]{_FOLLOWS}|[à-ï]{_FOLLOWS}{{2}}|[ð-ô]{_FOLLOWS}{{3}}")
# What no text means: Ã or Â before a sign that ends no word. «AMANHÃ», AMANHÃ… and AMANHÃ” are meant.
SURELY_TWICE = re.compile(r"Ã[¡-ª¬®-º¼-¿€ƒ†‡ˆ‰˜™\x80-\x84\x86-\x9f]|Â[\xa0°§©®£«·](?=\S)|â(?:€|\x80)\S")
# UTF-8 that was taken for Windows-1251: its Cyrillic letters are pairs that begin with Р or С.
BYTE_OF_CYRILLIC = {bytes([byte]).decode("cp1251", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
_PAIR = "[РС][" + "".join(re.escape(sign) for sign, byte in BYTE_OF_CYRILLIC.items() if byte < 0xC0) + "]"  # noqa: PLR2004
CYRILLIC_TWICE = re.compile(f"(?:{_PAIR}){{3}}")
CYRILLIC_RUN = re.compile(f"(?:{_PAIR})+(?![а-яё])")
ENOUGH = 2  # such sequences, of which one alone may be meant


def undo_double_encoding(text: str) -> tuple[str, str]:
    """Return a text as it was before it was encoded twice, and a clause on that; as it is where that is not proven.

    It is proven where some of it means nothing as it is, twice or in the middle of a word; each such place goes back.
    """
    found = SURELY_TWICE.search(text) or CYRILLIC_TWICE.search(text)
    if found is None:
        return text, ""
    example = f"“{' '.join(text[max(0, found.start() - 12) : found.end() + 8].split())}”"
    mended = text
    if CYRILLIC_TWICE.search(text):
        mended = CYRILLIC_RUN.sub(lambda one: _undo(one[0], BYTE_OF_CYRILLIC), text)
    count, is_whole = 0, not NO_ASCII.search(TWICE.sub("", mended))

    def undo(one: re.Match[str]) -> str:
        nonlocal count
        is_sure = is_whole or SURELY_TWICE.match(mended, one.start())
        signs = _undo(one[0], BYTE_OF) if is_sure else one[0]
        within = one.start() > 0 and mended[one.start() - 1].isalnum()
        count += (signs != one[0]) * (ENOUGH if len(signs) < len(one[0]) - 1 and within else 1)  # "5â€“10" alone
        return signs

    undone = TWICE.sub(undo, mended)
    mended = undone if count >= ENOUGH else mended
    if mended != text and not SURELY_TWICE.search(mended):
        return mended, f"was encoded twice ({example}), which was undone"
    return mended, f"seems to have been encoded twice in places ({example}); what is so is not quoted"


def _undo(signs: str, byte_of: Mapping[str, int]) -> str:
    """The signs that were encoded twice as they were; as they are, where they were not."""
    try:
        return bytes(byte_of[sign] for sign in signs).decode()
    except (UnicodeDecodeError, KeyError):
        return signs
