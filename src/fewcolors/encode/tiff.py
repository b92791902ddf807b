"""Indexed images as TIFF: a palette of 4 or 8 bits a pixel, one strip, compressed by deflate.

Pillow's own writer of compressed TIFF knows 8 bits only, starts deflate anew every 64 kB, and
loses the types of EXIF data.
"""

import struct
import zlib

from .. import _core
from ..decode.metadata import DESCRIPTIVE_TAGS, NESTED_TAGS, Metadata
from ..errors import EncodeError
from ..indexed import IndexedImage
from ..tiff_directory import (
    Directory,
    ascii_entry,
    byte_entry,
    longs,
    rationals,
    read_exif,
    shorts,
    undefined_entry,
    written_at,
)

__all__ = ["encode_tiff"]

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, SAMPLES, ROWS_PER_STRIP, STRIP_BYTES = 273, 277, 278, 279
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 282, 283, 296
COLOR_MAP, EXTRA_SAMPLES, XMP, PROFILE = 320, 338, 700, 34675

DEFLATE = 8
RGB, PALETTE = 2, 3
INCH = 2
STRAIGHT_ALPHA = 2

LITTLE_ENDIAN = b"II*\0"
DIRECTORY_AT = 8

FEW_COLORS = 16
"""Up to so many colours take 4 bits a pixel. Some readers know no palettes of 1 or 2 bits."""

SIXTEEN_BITS = 257
"""An 8-bit value times this is the same value in 16 bits."""

TAGS_OF_TEXTS = {
    "Description": 0x010E,
    "Comment": 0x010E,
    "Software": 0x0131,
    "Author": 0x013B,
    "Copyright": 0x8298,
}
"""The keywords of PNG for which TIFF has a tag."""


def encode_tiff(image: IndexedImage, metadata: Metadata | None = None) -> bytes:
    """Encodes an indexed image.

    A palette of TIFF has no alpha. A picture with alpha is therefore stored as RGBA.

    Args:
        image: the picture.
        metadata: what to keep; TIFF can hold all but texts of unusual keywords.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: it is too large.
    """
    try:
        directory, rows = _palette_rows(image) if image.palette.is_opaque else _rgba_rows(image)
        strip = zlib.compress(rows, 9)
        directory[WIDTH], directory[HEIGHT] = longs(image.width), longs(image.height)
        directory[COMPRESSION], directory[ROWS_PER_STRIP] = shorts(DEFLATE), longs(image.height)
        directory[STRIP_OFFSETS], directory[STRIP_BYTES] = longs(0), longs(len(strip))
        if image.profile is not None:
            directory[PROFILE] = undefined_entry(image.profile.icc)
        if metadata is not None:
            _add_metadata(directory, metadata)
        strip_at = DIRECTORY_AT + len(written_at(directory, DIRECTORY_AT))
        directory[STRIP_OFFSETS] = longs(strip_at)
        longs(strip_at + len(strip))  # 32 bits number the bytes of a TIFF
    except struct.error as error:
        raise EncodeError(f"cannot be written as TIFF ({error}); choose format png") from error
    start = LITTLE_ENDIAN + struct.pack("<I", DIRECTORY_AT)
    return start + written_at(directory, DIRECTORY_AT) + strip


def _palette_rows(image: IndexedImage) -> tuple[Directory, bytes]:
    """Returns what describes indices and their palette, and the rows of indices."""
    depth = 4 if image.n_colors <= FEW_COLORS else 8
    colors = image.palette.data
    channels = (colors[channel::4].ljust(1 << depth, b"\0") for channel in range(3))
    directory = {
        BITS: shorts(depth),
        SAMPLES: shorts(1),
        PHOTOMETRIC: shorts(PALETTE),
        COLOR_MAP: shorts(*(value * SIXTEEN_BITS for values in channels for value in values)),
    }
    if depth == 8:
        return directory, bytes(image.data)
    packed = bytes(_core.pack_scanlines(image.data, image.width, depth))
    stride = len(packed) // image.height  # each row begins with PNG's filter byte, to be dropped
    rows = b"".join(packed[at + 1 : at + stride] for at in range(0, len(packed), stride))
    return directory, rows


def _rgba_rows(image: IndexedImage) -> tuple[Directory, bytes]:
    """Returns what describes RGBA pixels, and their rows."""
    directory = {
        BITS: shorts(8, 8, 8, 8),
        SAMPLES: shorts(4),
        PHOTOMETRIC: shorts(RGB),
        EXTRA_SAMPLES: shorts(STRAIGHT_ALPHA),
    }
    return directory, image.to_pil().convert("RGBA").tobytes()


def _add_metadata(directory: Directory, metadata: Metadata) -> None:
    if metadata.dpi is not None:
        across, down = metadata.dpi
        directory[X_RESOLUTION], directory[Y_RESOLUTION] = rationals(across), rationals(down)
        directory[RESOLUTION_UNIT] = shorts(INCH)
    if metadata.exif is not None:
        directory.update(read_exif(metadata.exif, (*DESCRIPTIVE_TAGS, *NESTED_TAGS)))
    for text in metadata.texts:
        known = TAGS_OF_TEXTS.get(text.keyword)
        if known is not None and known not in directory:
            directory[known] = ascii_entry(text.value.encode())
    if metadata.xmp is not None:
        directory[XMP] = byte_entry(metadata.xmp)
