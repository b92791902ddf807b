"""Decodes a plain PNG without Pillow: sound, RGB or RGBA of 8 bits a channel, upright, in sRGB.

Most PNGs of many colours are plain. libdeflate inflates one in a third of zlib's time, and a
kernel takes off the filters in place, so that no second copy of the pixels exists. To load Pillow
would take longer than to decode a small picture.
"""

import deflate

from ... import _core
from ..orientation import ORIENTATION_SOURCES
from .chunks import RGB, RGBA, PngFile
from .texts import TEXT_CHUNKS

__all__ = ["plain_pixels"]

PLAIN_HEADERS = {bytes((8, RGB, 0, 0, 0)): 3, bytes((8, RGBA, 0, 0, 0)): 4}
"""The channels by the rest of a header after the size: bits a channel, colour type, the methods of
compression and of filtering, and no interlacing."""

SRGB_NUMBERS = {b"gAMA", b"cHRM"}
"""What these say does not count beside the chunk sRGB or a profile."""


def plain_pixels(png: PngFile) -> tuple[bytearray, int] | None:
    """Decodes the pixels of a plain PNG.

    Args:
        png: the chunks of a file.

    Returns:
        height x width x channels bytes, and the channels, 3 or 4; None where the PNG is not plain,
        or its pixels are damaged.
    """
    channels = PLAIN_HEADERS.get(png.header[8:])
    if channels is None or png.fault is not None or not _is_plain(png):
        return None
    width, height = png.size
    n_bytes = height * width * channels
    try:
        pixels: bytearray = deflate.zlib_decompress(_compressed(png), n_bytes + height)
    except deflate.DeflateError:
        return None
    if len(pixels) < n_bytes + height or not _core.unfilter_in_place(pixels, height, channels):
        return None
    del pixels[n_bytes:]
    return pixels, channels


def _is_plain(png: PngFile) -> bool:
    """Whether nothing but the pixels counts."""
    if png.n_frames > 1 or png.left_out or png.is_color_damaged or png.for_pixels:
        return False
    kinds = {_kind_of(chunk) for chunk in png.for_info}
    return (
        _is_in_srgb(png.info, kinds)
        and b"eXIf" not in kinds
        and all(map(_says_nothing, png.for_info))
    )


def _is_in_srgb(info: dict[str, bytes], kinds: set[bytes]) -> bool:
    """Whether the values are sRGB, as far as that can be told soon."""
    if info:
        return list(info) == ["icc_profile"] and _is_srgb(info["icc_profile"])
    return SRGB_NUMBERS.isdisjoint(kinds) or b"sRGB" in kinds


def _is_srgb(icc: bytes) -> bool:
    from ..color.icc_read import is_srgb, space_of

    try:
        return space_of(icc) == "RGB" and is_srgb(icc)
    except Exception:  # damaged profiles raise errors of any kind
        return False


def _kind_of(chunk: bytes) -> bytes:
    return chunk[4:8]


def _says_nothing(chunk: bytes) -> bool:
    """Whether a chunk is no text that may say which way up the picture stands."""
    if _kind_of(chunk) not in TEXT_CHUNKS:
        return True
    keyword, _, _ = chunk[8:].partition(b"\0")
    return keyword.decode("latin-1") not in ORIENTATION_SOURCES


def _compressed(png: PngFile) -> bytes:
    pieces = []
    for start, length in png.pixels:
        png.file.seek(start)
        pieces.append(png.file.read(length))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
