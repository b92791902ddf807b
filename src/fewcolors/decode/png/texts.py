"""Texts in a PNG. Pillow refuses a picture for one that unpacks to more than a megabyte."""

import zlib

from ...png_chunks import png_chunk

__all__ = ["TEXT_CHUNKS", "Texts"]

TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt"}

PILLOW_TEXT_BYTES = 1 << 20
"""Pillow refuses to unpack a longer text, but takes it where it is not compressed."""

MOST_TEXT_BYTES = 1 << 25
"""Of all texts of a file together, unpacked. Pillow takes twice as many."""

BYTES_BESIDE = 128
"""Counted for each text, so that the number of texts is limited as well."""

DEFLATE = 0


class Texts:
    """Prepares the texts of one file for Pillow."""

    def __init__(self) -> None:
        self._n_bytes = 0

    def readable(self, kind: bytes, data: bytes) -> bytes | None:
        """Returns a chunk that Pillow can read, or None where the text is damaged or too long."""
        if kind == b"tEXt" or (kind == b"iTXt" and not _is_compressed(data)):
            return self._counted(len(data), png_chunk(kind, data))
        keyword, _, rest = data.partition(b"\0")
        if kind == b"zTXt":
            method, packed, unpacked_kind, front = rest[:1], rest[1:], b"tEXt", keyword + b"\0"
        else:
            method = rest[1:2]
            language, _, rest = rest[2:].partition(b"\0")
            translated, separator, packed = rest.partition(b"\0")
            if not separator:
                return None
            unpacked_kind = b"iTXt"
            front = b"\0".join([keyword, b"\0\0" + language, translated, b""])
        text = self._unpacked(packed) if method == bytes([DEFLATE]) else None
        if text is None:
            return None
        if len(text) < PILLOW_TEXT_BYTES:
            return self._counted(0, png_chunk(kind, data))
        return self._counted(0, png_chunk(unpacked_kind, front + text))

    def _unpacked(self, packed: bytes) -> bytes | None:
        """Unpacks a text. What is unpacked counts even where the text turns out to be too long."""
        most, unpacker = MOST_TEXT_BYTES - self._n_bytes, zlib.decompressobj()
        if most <= 0:
            return None
        try:
            text = unpacker.decompress(packed, most)
        except zlib.error:
            return None
        self._n_bytes += len(text)
        return text if unpacker.eof else None

    def _counted(self, n_bytes: int, chunk: bytes) -> bytes | None:
        self._n_bytes += n_bytes + BYTES_BESIDE
        return chunk if self._n_bytes <= MOST_TEXT_BYTES else None


def _is_compressed(data: bytes) -> bool:
    """Whether the flag after an iTXt's keyword is set."""
    at = data.find(b"\0") + 1
    return at > 0 and data[at : at + 1] not in (b"", b"\0")
