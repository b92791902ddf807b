"""Indexed images as BMP: 1, 4 or 8 bits a pixel, as runs where that is smaller."""

import struct

from .. import _core
from ..decode.metadata import Metadata
from ..errors import EncodeError
from ..indexed import IndexedImage

__all__ = ["encode_bmp"]

FILE_HEADER_BYTES = 14
INFO_HEADER_BYTES = 40
V4_HEADER_BYTES = 108
ROW_ALIGNMENT = 4

PLAIN, RLE8, RLE4, BITFIELDS = 0, 1, 2, 3
RLE = {4: RLE4, 8: RLE8}

BGRA_MASKS = (0x00FF0000, 0x0000FF00, 0x000000FF, 0xFF000000)  # red, green, blue, alpha
SRGB = 0x73524742  # "sRGB"
V4_REST_BYTES = 48  # end points and gammas, which sRGB has no use for

INCHES_A_METRE = 39.3701
MAX_BYTES = 2**32 - 1


def encode_bmp(image: IndexedImage, metadata: Metadata | None = None) -> bytes:
    """Encodes an indexed image.

    A palette of BMP has no alpha: where there is some, the pixels take 32 bits each.

    Args:
        image: the picture.
        metadata: what to keep; the resolution has a place.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: it is too large.
    """
    if image.palette.is_opaque:
        depth, compression, rows = _palette_rows(image)
        colors, rest = _palette(image), b""
    else:
        depth, compression, colors = 32, BITFIELDS, b""
        rows = image.to_pil().convert("RGBA").tobytes("raw", "BGRA", 0, -1)
        rest = struct.pack("<5I", *BGRA_MASKS, SRGB) + bytes(V4_REST_BYTES)
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


def _palette_rows(image: IndexedImage) -> tuple[int, int, bytes]:
    """Returns bits a pixel, the compression and the rows, from the bottom up."""
    depth = next(bits for bits in (1, 4, 8) if image.n_colors <= 1 << bits)
    if depth == 4 and all(color[:3] == (i, i, i) for i, color in enumerate(image.palette)):
        depth = 8  # Pillow takes such a palette for greys of 8 bits
    packed = bytes(_core.pack_scanlines(image.data, image.width, depth))
    stride = len(packed) // image.height  # with PNG's filter byte, which stays behind
    padding = bytes(-(stride - 1) % ROW_ALIGNMENT)
    starts = range(len(packed) - stride, -1, -stride)
    plain = b"".join(packed[start + 1 : start + stride] + padding for start in starts)
    if depth in RLE:
        runs = bytes(_core.run_lengths(image.data, image.width, depth))
        if len(runs) < len(plain):
            return depth, RLE[depth], runs
    return depth, PLAIN, plain
