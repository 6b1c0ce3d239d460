"""A response's body → text: decompressed within limits, of the type that it really is, in its character set."""

import codecs
import re
import zlib
from collections.abc import Iterable, Mapping
from email.message import Message

READ_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
WORTH_A_LOOK = 1024  # bytes in which a page says what it is, and in which character set (HTML standard, 13.2.3.2)
SIGNATURES = {
    b"%PDF-": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or sound",
    b"PK\x03\x04": "an archive or an office document",
    b"\x1f\x8b": "a compressed file",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}
LOOKS_LIKE_HTML = re.compile(
    rb"(?>\s*<!--.*?-->)*+\s*<(!doctype\s+html|html|head|body|article|main|div|p|h1)\b", re.IGNORECASE | re.DOTALL
)
LOOKS_LIKE_XML = re.compile(rb"\s*<(\?xml|rss|feed|svg)\b", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# What the Encoding standard knows, as Python's codecs are called; no other codec is run over what comes from outside.
CHARSETS = frozenset(
    """utf-8 utf-16 utf-16-le utf-16-be big5 big5hkscs euc_jp euc_kr gbk gb18030 iso2022_jp shift_jis cp932 cp949
    koi8-r koi8-u cp866 cp874 mac-roman mac-cyrillic cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15
    iso8859-16""".split()
)
# Names that the Encoding standard reads as a wider set than they say.
WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gbk", "iso8859-9": "cp1254", "iso8859-11": "cp874"}


class BodyRefused(Exception):  # an outcome for the report, as NotAnEntry is
    """Why a response is not a page that can be read, as a clause that fits behind its address."""


class Unpacker:
    """Decompresses what comes in pieces, never beyond `size` bytes, compressed or not."""

    def __init__(self, headers: Mapping[str, str], size: int) -> None:
        coding = headers.get("content-encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BodyRefused("is compressed in a way that was not asked for; the site's server is at fault")
        length = headers.get("content-length", "")
        self._size = size
        if re.fullmatch(r"[0-9]{1,30}", length) and int(length) > size:
            raise self._too_large()
        self._deflate = coding == "deflate"
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32) if coding not in {"", "identity"} else None

    def unpack(self, chunks: Iterable[bytes]) -> bytes:
        """The whole body. Raises BodyRefused where it is too large, or its compression is broken or breaks off."""
        body, received = bytearray(), 0
        for chunk in chunks:
            received += len(chunk)
            body += self._decoded(chunk, self._size + 1 - len(body))
            if max(received, len(body)) > self._size:
                raise self._too_large()
        if self._decoder and received and not self._decoder.eof:
            raise BodyRefused("broke off before its end; try again later")
        return bytes(body)

    def _decoded(self, chunk: bytes, room: int) -> bytes:
        if self._decoder is None:
            return chunk
        if self._deflate and chunk:
            # Some servers send bare deflate where the standard wants zlib's frame around it.
            self._deflate = False
            if (chunk[0] & 0x0F) != zlib.DEFLATED:
                self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # What does not fit into the room is left undone: the page is then too large anyhow.
            return self._decoder.decompress(chunk, room)
        except zlib.error as error:
            raise BodyRefused("is compressed wrongly; the site's server is at fault") from error

    def _too_large(self) -> BodyRefused:
        return BodyRefused(f"is larger than {self._size / 1_000_000:g} MB, which is more than a page is read for")


def read_type(claimed: str, body: bytes) -> tuple[str, str]:
    """What a body is (its media type) and its text. Raises BodyRefused for what is no page, whatever it claims."""
    header = Message()
    header["content-type"] = claimed
    kind = header.get_content_type() if claimed else ""
    start = body[:WORTH_A_LOOK]
    charset = _charset(header.get_param("charset"), start)
    really = next((name for mark, name in SIGNATURES.items() if start.startswith(mark)), None)
    if really is None and b"\0" in start and not charset.startswith("utf-16"):
        really = "no text"
    if really:
        raise BodyRefused(f"{'claims to be a page and is' if kind in READ_TYPES else 'is'} {really}; give a web page")
    if not body.strip():
        raise BodyRefused("is empty")
    looks = "text/html" if LOOKS_LIKE_HTML.match(start.lstrip(codecs.BOM_UTF8)) else ""
    if kind and kind not in READ_TYPES:
        raise BodyRefused(f"is of the type {kind[:60]}; only web pages and plain text are read")
    if not kind and not looks:
        raise BodyRefused("does not say what it is, and does not look like a web page")
    if not looks and kind != "application/xhtml+xml" and LOOKS_LIKE_XML.match(start) and b"<html" not in start.lower():
        raise BodyRefused("claims to be a page and is XML, such as a feed; give the address of one page")
    return looks or kind, body.decode(charset, errors="replace").removeprefix("\ufeff")


def _charset(told: object, start: bytes) -> str:
    """The character set by the HTML standard: byte order mark, what the server says, what the page says, UTF-8."""
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name
    meta = META_CHARSET.search(start)
    inside = _known(meta[1].decode()) if meta else None
    if inside and inside.startswith("utf-16"):  # it could not have been read then; the standard takes it for UTF-8
        inside = "utf-8"
    return _known(told) or inside or "utf-8"


def _known(label: object) -> str | None:
    try:
        name = codecs.lookup(str(label).strip()).name
    except (LookupError, ValueError):
        return None
    name = WIDER.get(name, name)
    return name if name in CHARSETS else None
