"""Metadata as chunks of a PNG."""

import struct
import zlib

from ..decode.metadata import XMP_KEYWORD, Metadata, Text
from ..png_chunks import png_chunk, with_chunks_after_header

__all__ = ["add_to_png"]

METRES_AN_INCH = 0.0254
PIXELS_A_METRE = 1

MAX_KEYWORD_BYTES = 79


def add_to_png(png: bytes, metadata: Metadata) -> bytes:
    """Returns a PNG with all of the metadata.

    The chunks go before palette and pixels: PNG demands it of the resolution.
    """
    chunks = []
    if metadata.dpi is not None:
        across, down = (round(dpi / METRES_AN_INCH) for dpi in metadata.dpi)
        chunks.append(png_chunk(b"pHYs", struct.pack(">IIB", across, down, PIXELS_A_METRE)))
    if metadata.exif is not None:
        chunks.append(png_chunk(b"eXIf", metadata.exif))
    if metadata.xmp is not None:  # uncompressed, as readers that scan for it expect
        chunks.append(png_chunk(b"iTXt", XMP_KEYWORD.encode() + bytes(5) + metadata.xmp))
    chunks += map(_text_chunk, metadata.texts)
    return with_chunks_after_header(png, b"".join(chunks))


def _text_chunk(text: Text) -> bytes:
    """Returns the smallest of the chunks that can hold a text."""
    keyword = text.keyword.encode("latin-1", "replace")[:MAX_KEYWORD_BYTES] + b"\0"
    value = text.value.replace("\0", "")
    if not text.language and not text.translated_keyword:
        try:
            plain = value.encode("latin-1")
        except UnicodeEncodeError:
            pass
        else:
            zipped = zlib.compress(plain, 9)
            if len(zipped) + 1 < len(plain):
                return png_chunk(b"zTXt", keyword + b"\0" + zipped)
            return png_chunk(b"tEXt", keyword + plain)
    plain = value.encode("utf-8", "replace")
    zipped = zlib.compress(plain, 9)
    is_zipped = len(zipped) < len(plain)
    strings = [text.language.encode("ascii", "replace"), text.translated_keyword.encode()]
    head = keyword + bytes([is_zipped, 0]) + b"".join(string + b"\0" for string in strings)
    return png_chunk(b"iTXt", head + (zipped if is_zipped else plain))
