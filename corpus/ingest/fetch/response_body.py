"""A response's body as it comes over the line → its bytes, decompressed within limits."""

import re
import zlib
from collections.abc import Iterable, Mapping

from corpus.text.media_type import BodyRefused


class Unpacker:
    """Decompresses what comes in pieces, never beyond `size` bytes, compressed or not.

    `is_cut`: of what is larger, the beginning will do. `what`: what it is to be, for the words of a refusal.
    """

    def __init__(self, headers: Mapping[str, str], size: int, what: str = "page", *, is_cut: bool = False) -> None:
        coding = headers.get("content-encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BodyRefused("is compressed in a way that was not asked for; the site's server is at fault")
        length = headers.get("content-length", "")
        self._size, self._what, self._is_cut = size, what, is_cut
        if re.fullmatch(r"[0-9]{1,30}", length) and int(length) > size and not is_cut:
            raise self._too_large()
        self._deflate = coding == "deflate"
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 32) if coding not in {"", "identity"} else None

    def unpack(self, chunks: Iterable[bytes]) -> bytes:
        """Return the whole body. Raises BodyRefused where it is too large, or its compression is broken."""
        body, received = bytearray(), 0
        for chunk in chunks:
            received += len(chunk)
            body += self._decoded(chunk, self._size + 1 - len(body))
            if max(received, len(body)) > self._size:
                if self._is_cut:
                    return bytes(body[: self._size])
                raise self._too_large()
        if self._decoder and received and not self._decoder.eof:
            raise BodyRefused("broke off before its end; try again later", passing=True)
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
        return BodyRefused(
            f"is larger than {self._size / 1_000_000:g} MB, which is more than a {self._what} is read for"
        )
