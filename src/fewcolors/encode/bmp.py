"""Indexed images as uncompressed BMP: 1, 4 or 8 bits a pixel, or 32 where there is alpha."""

import struct

from .. import _core
from ..decode.metadata import Metadata
from ..errors import EncodeError
from ..indexed import IndexedImage

__all__ = ["encode_bmp"]

FILE_HEADER_BYTES = 14
INFO_HEADER_BYTES = 40
ROW_ALIGNMENT = 4

PLAIN, BITFIELDS = 0, 3  # ways to store the pixels

BGRA_MASKS = (0x00FF0000, 0x0000FF00, 0x000000FF, 0xFF000000)  # red, green, blue, alpha
SRGB = 0x73524742  # "sRGB"
UNUSED_BYTES = 48
"""End points and gammas, which follow "sRGB" in the header and have no meaning there."""

INCHES_A_METRE = 39.3701
MAX_BYTES = 2**32 - 1


def encode_bmp(image: IndexedImage, metadata: Metadata | None = None) -> bytes:
    """Encodes an indexed image.

    A palette of BMP has no alpha. A picture with alpha is therefore stored with 32 bits a pixel.

    Args:
        image: the picture.
        metadata: what to keep; BMP can hold the resolution.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: it is too large.
    """
    if image.palette.is_opaque:
        depth, rows = _palette_rows(image)
        compression, colors, rest = PLAIN, _palette(image), b""
    else:
        depth, compression, colors = 32, BITFIELDS, b""
        rows = image.to_pil().convert("RGBA").tobytes("raw", "BGRA", 0, -1)
        rest = struct.pack("<5I", *BGRA_MASKS, SRGB) + bytes(UNUSED_BYTES)
    dpi = metadata.dpi if metadata is not None and metadata.dpi is not None else (0.0, 0.0)
    per_metre = (round(value * INCHES_A_METRE) for value in dpi)
    n_colors = len(colors) // 4
    header_bytes = INFO_HEADER_BYTES + len(rest)
    info = struct.pack(
        "<IiiHHIIIIII",
        *(header_bytes, image.width, image.height, 1, depth, compression),
        *(len(rows), *per_metre, n_colors, n_colors),
    )
    start = FILE_HEADER_BYTES + header_bytes + len(colors)
    if start + len(rows) > MAX_BYTES:
        raise EncodeError("BMP has no more than 4 GB; choose format png")
    file_header = b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start)
    return b"".join([file_header, info, rest, colors, rows])


def _palette(image: IndexedImage) -> bytes:
    """Returns the colours as blue, green, red and a zero."""
    return b"".join(bytes([b, g, r, 0]) for r, g, b, _ in image.palette)


def _palette_rows(image: IndexedImage) -> tuple[int, bytes]:
    """Returns the bits a pixel and the rows, from the bottom up."""
    depth = next(bits for bits in (1, 4, 8) if image.n_colors <= 1 << bits)
    if depth == 4 and all(color[:3] == (i, i, i) for i, color in enumerate(image.palette)):
        depth = 8  # Pillow reads such a palette of 4 bits as greys of 8 bits
    packed = bytes(_core.pack_scanlines(image.data, image.width, depth))
    stride = len(packed) // image.height  # each row begins with PNG's filter byte, to be dropped
    padding = bytes(-(stride - 1) % ROW_ALIGNMENT)
    starts = range(len(packed) - stride, -1, -stride)
    return depth, b"".join(packed[start + 1 : start + stride] + padding for start in starts)
