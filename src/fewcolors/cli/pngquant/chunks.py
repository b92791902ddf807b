"""Texts, resolution and other chunks, carried from a PNG to the PNG made of it."""

import contextlib
import struct
import zlib

from ...decode.metadata import (
    EXIF_PREFIX,
    RAW_PROFILE,
    UPRIGHT,
    XMP_KEYWORD,
    raw_profile,
    upright_exif,
    upright_xmp,
)
from ...png_chunks import HEADER_END, chunks_of, png_chunk

__all__ = ["kept_chunks", "with_chunks"]

TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt")
XMP, EXIF_TEXT = XMP_KEYWORD.encode(), f"{RAW_PROFILE}exif".encode()
"""The keywords of texts whose orientation is applied to the pixels."""

NOT_COMPRESSED = b"\0\0"
"""The flag and the method of compression in iTXt."""
NO_LABELS = b"\0\0"
"""An empty language and an empty translated keyword, each with the byte that ends it."""

MAX_TEXT_BYTES = 16 << 20
"""Of a text that is read for its orientation, once decompressed. XMP of more than a few megabytes
is unknown; the limit stops a small file from filling the memory."""


def kept_chunks(png: bytes) -> bytes:
    """Returns the chunks to copy from an original to its result.

    These are the ones before the pixels that the PNG specification marks as safe to copy by
    lower-case letters: the first for a chunk that decoding does not need, the last for one that
    stays true when the pixels change. Chunks that describe the colour space are not among them.

    The pixels of the result are upright, so XMP is copied with its orientation reset, and EXIF is
    not copied at all, as by pngquant. A damaged chunk ends the search.
    """
    kept = []
    with contextlib.suppress(ValueError):
        for name, data in chunks_of(png):
            if name == b"IDAT":
                break
            if _is_safe_to_copy(name):
                kept.append(_for_upright_pixels(name, data))
    return b"".join(kept)


def with_chunks(png: bytes, chunks: bytes) -> bytes:
    """Returns a PNG with further chunks."""
    return png[:HEADER_END] + chunks + png[HEADER_END:]


def _is_safe_to_copy(name: bytes) -> bool:
    return name[0:1].islower() and name[3:4].islower() and name != b"eXIf"


def _for_upright_pixels(name: bytes, data: bytes) -> bytes:
    """Returns the chunk, whole, as upright pixels need it; nothing for one to leave out.

    It stays as it is unless it holds an orientation other than upright.
    """
    keyword, _, value = data.partition(b"\0")
    if name not in TEXT_CHUNKS or keyword not in (XMP, EXIF_TEXT):
        return png_chunk(name, data)
    try:
        labels, text = _labels_and_text(name, value)
        if keyword == EXIF_TEXT and not _is_upright(text):
            return b""
    except (ValueError, IndexError, struct.error, zlib.error):
        return b""  # damaged, and other readers might find an orientation in it
    upright = upright_xmp(text) if keyword == XMP else text
    if upright == text:
        return png_chunk(name, data)
    return png_chunk(b"iTXt", keyword + b"\0" + NOT_COMPRESSED + labels + upright)


def _labels_and_text(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Splits what follows the keyword of a text chunk.

    Returns:
        Language and translated keyword, as iTXt has them, and the text, decompressed.

    Raises:
        ValueError, IndexError, zlib.error: it is damaged, or longer than MAX_TEXT_BYTES.
    """
    if name == b"tEXt":
        return NO_LABELS, value
    if name == b"zTXt":
        return NO_LABELS, _decompressed(value[1:])
    language, translated_keyword, text = value[2:].split(b"\0", 2)
    labels = language + b"\0" + translated_keyword + b"\0"
    return labels, _decompressed(text) if value[0] else text


def _decompressed(stream: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    text = decompressor.decompress(stream, MAX_TEXT_BYTES)
    if not decompressor.eof:
        raise ValueError("cut off, or too long")
    return text


def _is_upright(exif_text: bytes) -> bool:
    """Tells whether EXIF data in hex digits have no orientation but upright.

    Raises:
        ValueError, struct.error: they are damaged.
    """
    exif = raw_profile(exif_text.decode("latin-1")).removeprefix(EXIF_PREFIX)
    return upright_exif(exif)[1] == UPRIGHT
