"""In which character set bytes are that name none and are no UTF-8: told from their words, or guessed."""

import re
from typing import NamedTuple

from corpus.text.language_detection import detect_language

SAMPLE = 200_000  # bytes that it is told from
TOLD_APART = """big5hkscs euc_jp gb18030 cp932 cp949 koi8_r cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1255 cp1256
    iso8859_5 iso8859_6 iso8859_7""".split()  # of what a guess is made
HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
HIGH = re.compile(rb"[\x80-\xff]")
NO_ASCII = re.compile(r"[^\x00-\x7f]")
MARKUP = re.compile(rb"<(script|style)\b[^<]*(?:<(?!/\1)[^<]*)*|<[^<>]*>", re.IGNORECASE)
LANG = re.compile(rb"<html\b[^<>]{0,300}?\slang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
# Languages of Latin letters → theirs, of those beyond ASCII; the sets that have them.
CENTRAL, TURKISH, BALTIC = ("cp1250", "iso8859-2"), ("cp1254",), ("cp1257",)
LETTERS = {
    "pl": (CENTRAL, "ąćęłńóśźż"),
    "cs": (CENTRAL, "áčďéěíňóřšťúůýž"),
    "sk": (CENTRAL, "áäčďéíĺľňóôŕšťúýž"),
    "hu": (CENTRAL, "áéíóöőúüű"),
    "ro": (CENTRAL, "ăâîşţ"),
    "sl": (CENTRAL, "čšž"),
    "hr": (CENTRAL, "čćđšž"),
    "bs": (CENTRAL, "čćđšž"),
    "tr": (TURKISH, "çğıöşüâîû"),
    "lt": (BALTIC, "ąčęėįšųūž"),
    "lv": (BALTIC, "āčēģīķļņōŗšūž"),
    "et": (BALTIC, "äõöüšž"),
}
# Languages of other scripts → the sets that have them.
OTHER_SCRIPTS = {
    "el": ("cp1253", "iso8859-7"),
    "he": ("cp1255",),
    "iw": ("cp1255",),
    "ar": ("cp1256", "iso8859-6"),
    "fa": ("cp1256",),
    "th": ("cp874",),
    "ja": ("euc_jp", "cp932"),
    "ko": ("cp949",),
}
SIGNS = frozenset("„“”‘’‚–—…«»›‹•·§°€£©®™\xa0\xad")
MOST = 0.95  # of what is not ASCII is of the language
FEWEST = 20  # characters that prove a script
KANA = re.compile("[ぁ-ヿ]")
SHARE_OF_KANA = 0.2  # of Japanese; a text of another language that is read so has none
HEBREW = re.compile(rb"[\xe0-\xfa]")
NO_HEBREW = re.compile(rb"[\xc0-\xdf\xfb-\xff]|[A-Za-z][\xe0-\xfa]|[\xe0-\xfa][A-Za-z]")  # "café" has its bytes, too


class Guess(NamedTuple):
    """A codec; `is_shown`: the words show that it is right."""

    charset: str
    is_shown: bool = False


def guess_charset(body: bytes) -> Guess:
    """Return in which set a body looks to be; without a sign of another, in that of Western Europe."""
    lang = LANG.search(body[:5000])
    stated = lang[1].decode().lower() if lang else ""
    words = MARKUP.sub(b" ", body[:SAMPLE])
    shown = _find_latin(words, stated) or _find_script(words, stated)
    if shown:
        return Guess(shown, is_shown=True)
    # Letters with accents stand alone; those of other scripts in a row, and only these are told apart well.
    if sum(map(len, HIGH_RUN.findall(words))) * 2 > len(HIGH.findall(words)):
        import charset_normalizer  # noqa: PLC0415  a question's words come from no bytes

        best = charset_normalizer.from_bytes(words, cp_isolation=TOLD_APART).best()
        if best and best.encoding not in {"ascii", "utf_8"}:
            return Guess(best.encoding)
    return Guess("cp1252")


def _find_latin(words: bytes, stated: str) -> str | None:
    """The set in which nearly all letters are those of the language that is stated, or that the text is in then."""
    found: list[tuple[float, str]] = []
    for charset in dict.fromkeys(one for sets, _ in LETTERS.values() for one in sets):
        text = words.decode(charset, errors="replace")
        language = stated if stated in LETTERS else detect_language(text)
        sets, letters = LETTERS.get(language or "", ((), ""))
        beyond = [sign for sign in NO_ASCII.findall(text) if sign not in SIGNS]
        own = sum(sign.lower() in letters or sign == "İ" for sign in beyond)
        if charset in sets and beyond and own >= MOST * len(beyond):
            found.append((own / len(beyond), charset))
    return max(found, key=lambda one: one[0])[1] if found else None


def _find_script(words: bytes, stated: str) -> str | None:
    """The set of another script, where the language that is stated has no other, or the bytes are of it alone."""
    for charset in OTHER_SCRIPTS.get(stated, ()):
        try:
            beyond = [sign for sign in NO_ASCII.findall(words.decode(charset)) if sign not in SIGNS]
        except UnicodeDecodeError:
            continue
        if beyond and sum(sign.isalpha() and sign > "\u0300" for sign in beyond) >= MOST / 2 * len(beyond):
            return charset
    hebrew = sum(map(len, HIGH_RUN.findall(words)))
    if (
        hebrew >= FEWEST
        and not NO_HEBREW.search(words)
        and len(HEBREW.findall(words)) >= MOST * len(HIGH.findall(words))
    ):
        return "cp1255"  # in Cyrillic, a text without capitals and the last five letters
    try:
        japanese = NO_ASCII.findall(words.decode("euc_jp"))
    except UnicodeDecodeError:
        return None
    is_japanese = len(japanese) >= FEWEST and len(KANA.findall("".join(japanese))) >= SHARE_OF_KANA * len(japanese)
    return "euc_jp" if is_japanese else None
