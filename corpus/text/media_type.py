"""What a body is, whatever it claims, and its text: by its first bytes, what its server says, and its character set."""

import re
from collections.abc import Mapping
from email.message import Message
from typing import Literal, NamedTuple

from corpus.text.decoding import Decoded, decode, known_charset

Want = Literal["page", "feed", "sitemap", "file"]
READ_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
PDF_TYPES = frozenset({"application/pdf", "application/x-pdf"})
JSON_TYPES = frozenset({"application/json", "application/feed+json", "text/json"})
A_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
ANY_TYPE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})  # says nothing
NO_LISTS = ("image/", "audio/", "video/", "font/", "application/pdf")
REMEDIES: Mapping[Want, str] = {
    "page": "give a web page",
    "file": "give a web page, a text or a PDF",
    "feed": "give the address of a feed",
    "sitemap": "give the address of a sitemap",
}
WORTH_A_LOOK = 1024  # bytes in which a page says what it is
HEAD = 65_536  # bytes in which it says its character set: the standard looks at 1024, and pages say it behind scripts
GZIP = b"\x1f\x8b"
SIGNATURES = {
    b"%PDF-": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or sound",
    b"PK\x03\x04": "an archive or an office document",
    GZIP: "a compressed file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
LOOKS_LIKE_HTML = re.compile(
    rb"(?>\s*<!--.*?-->)*+\s*<(!doctype\s+html|html|head|body|article|main|div|p|h1)\b", re.IGNORECASE | re.DOTALL
)
IS_XHTML = re.compile(rb"(?>\s*<(?:\?|!--|!doctype)[^>]*>)*+\s*<html\b", re.IGNORECASE)
LOOKS_LIKE_XML = re.compile(rb"\s*<(\?xml|rss|feed|svg)\b", re.IGNORECASE)
A_LIST = re.compile(rb"<(rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
TO_FOLLOW = "is a feed or a sitemap and no page; `footnote sources add` follows it, or give the address of one page"
LOOKS_LIKE_JSON = re.compile(rb"\s*[{\[]")
XML_CHARSET = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']\s*([\w.:-]{1,40})""")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


class BodyRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why a response is not what can be read, as a clause that fits behind its address. `passing`: it may be later."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class ReadBody(NamedTuple):
    """What a body is (its media type), its text, and a clause on what of that could not be decoded, or ""."""

    kind: str
    text: str
    note: str = ""


def read_type(claimed: str, body: bytes, want: Want = "page", claims: str = "claims to be") -> ReadBody:
    """Return what a body is, and its text. Raises BodyRefused for what is not wanted.

    The text of a PDF is "". The type of a feed or a sitemap keeps the character set that the server names. A page where
    a feed was wanted is one (text/html): it may name the feed. `claims`: what a refusal says of a claim that is wrong.
    """
    header = Message()
    header["content-type"] = claimed
    kind = header.get_content_type() if claimed else ""
    kind = kind if A_TYPE.fullmatch(kind) else ""
    described = header.get_param("charset")
    if not body.strip():
        raise BodyRefused("is empty")
    start = body[:WORTH_A_LOOK]
    looks = "text/html" if LOOKS_LIKE_HTML.match(start.removeprefix(b"\xef\xbb\xbf")) else ""
    if want in {"feed", "sitemap"}:
        return _type_of_list(kind, described, body, looks, want)
    if start.startswith(b"%PDF-") and kind in PDF_TYPES | ANY_TYPE:
        return ReadBody("application/pdf", "")
    decoded = decode_document(body, described)
    is_utf_16 = decoded.charset.startswith("utf-16")
    _refuse_other_files(start, want, claims if kind in READ_TYPES else "", is_utf_16=is_utf_16)
    is_xml = LOOKS_LIKE_XML.match(start) and b"<html" not in start.lower()
    if is_xml and not looks and A_LIST.search(start):
        raise BodyRefused(TO_FOLLOW)
    if kind and kind not in READ_TYPES and not (want == "file" and kind in ANY_TYPE):
        raise BodyRefused(f"is of the type {kind[:60]}; only web pages and plain text are read")
    if not kind and not looks and want == "page":
        raise BodyRefused("does not say what it is, and does not look like a web page")
    if not looks and kind != "application/xhtml+xml" and is_xml:
        raise BodyRefused(f"{claims} a page and is XML; give the address of a page")
    return ReadBody(looks or ("text/plain" if kind in ANY_TYPE else kind), decoded.text, decoded.note)


def _type_of_list(kind: str, described: object, body: bytes, looks: str, want: Want) -> ReadBody:
    """What a feed or a sitemap is. Whether it is one is for its parser to say: here, what is surely none is refused."""
    start = body[:WORTH_A_LOOK]
    if start.startswith(GZIP) and want == "sitemap":  # a file that is compressed, not its transport
        return ReadBody("application/gzip", "")
    bare = start.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    is_list = bare.startswith((b"<", b"{", b"["))
    if not is_list:
        _refuse_other_files(start, want, "claims to be" if kind in READ_TYPES else "", is_utf_16=True)
        if kind.startswith(NO_LISTS):
            raise BodyRefused(f"is of the type {kind[:60]}; {REMEDIES[want]}")
    if looks or IS_XHTML.match(bare):
        return ReadBody("text/html", *decode_document(body, described)[::2])
    is_json = LOOKS_LIKE_JSON.match(bare) is not None
    if is_json:
        kind = kind if kind in JSON_TYPES else "application/json"
    elif kind in ANY_TYPE | JSON_TYPES or not kind.endswith("xml"):
        kind = "application/xml" if is_list else "text/plain"
    label = str(described or "").strip()
    if re.fullmatch(r"[\w.:-]{1,40}", label, re.ASCII):
        kind = f"{kind}; charset={label}"
    return ReadBody(kind, *decode_document(body, None if is_json else described)[::2])


def _refuse_other_files(start: bytes, want: Want, claims: str, *, is_utf_16: bool) -> None:
    """Raises BodyRefused for what its first bytes tell to be a picture, a program and the like, or no text at all."""
    really = next((name for mark, name in SIGNATURES.items() if start.startswith(mark)), None)
    if really is None and b"\0" in start and not is_utf_16:
        really = "no text"
    if really:
        raise BodyRefused(f"{f'{claims} a page and is' if claims else 'is'} {really}; {REMEDIES[want]}")


def decode_document(body: bytes, described: object = None, *, may_guess: bool = True) -> Decoded:
    """Return the text of a page or a list. `described`: the character set that its server says, or None.

    It says one itself in a page's <meta>, or in the declaration of XML (RFC 7303; for HTML, too, where nothing else is
    said).
    """
    start = body[:HEAD]
    is_xml = LOOKS_LIKE_XML.match(start) and b"<html" not in start[:WORTH_A_LOOK].lower()
    first, *behind = start.split(b"<!--")
    shown = first + b"".join(part.partition(b"-->")[2] for part in behind)
    stated = (None if is_xml else META_CHARSET.search(shown)) or XML_CHARSET.match(start)
    inside = known_charset(stated[1].decode()) if stated else None
    if inside and inside.startswith("utf-16"):  # it could not have been read then; the standard takes it for UTF-8
        inside = "utf-8"
    return decode(body, described, inside, may_guess=may_guess)
