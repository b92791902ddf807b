"""Indexed images as TIFF: a palette of 4 or 8 bits a pixel, one strip, compressed by deflate.

Pillow lays out the directory; its own writer of compressed TIFFs knows 8 bits alone, starts deflate
anew every 64 kB, and cannot write nested EXIF data.
"""

import struct
import zlib

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from .. import _core
from ..decode.metadata import DESCRIPTIVE_TAGS, NESTED_TAGS, Metadata
from ..errors import EncodeError
from ..indexed import IndexedImage

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

FEW_COLORS = 16  # in 4 bits; a palette of fewer bits is not for every reader

SIXTEEN_BITS = 257
"""Times an 8-bit value makes the same of 16 bits."""

TAGS_OF_TEXTS = {
    "Description": 0x010E,
    "Comment": 0x010E,
    "Software": 0x0131,
    "Author": 0x013B,
    "Copyright": 0x8298,
}
"""Those of PNG's keywords that TIFF has a tag for."""


def encode_tiff(image: IndexedImage, metadata: Metadata | None = None) -> bytes:
    """Encodes an indexed image.

    A palette of TIFF has no alpha: where there is some, the pixels become RGBA.

    Args:
        image: the picture.
        metadata: what to keep; all but texts of unusual keywords has a place.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: it is too large.
    """
    directory = ImageFileDirectory_v2()
    if image.palette.is_opaque:
        rows = _palette_rows(image, directory)
    else:
        rows = image.to_pil().convert("RGBA").tobytes()
        directory[BITS], directory[SAMPLES] = (8, 8, 8, 8), 4
        directory[PHOTOMETRIC], directory[EXTRA_SAMPLES] = RGB, STRAIGHT_ALPHA
    strip = zlib.compress(rows, 9)
    directory[WIDTH], directory[HEIGHT] = image.width, image.height
    directory[COMPRESSION], directory[ROWS_PER_STRIP] = DEFLATE, image.height
    directory[STRIP_OFFSETS], directory[STRIP_BYTES] = 0, len(strip)  # the first: of the strips
    if image.profile is not None:
        directory[PROFILE] = image.profile.icc
    try:
        if metadata is not None:
            _add_metadata(directory, metadata)
        start = LITTLE_ENDIAN + struct.pack("<I", DIRECTORY_AT) + directory.tobytes(DIRECTORY_AT)
    except (struct.error, ValueError) as error:  # 32 bits number its bytes
        raise EncodeError(f"cannot be written as TIFF ({error}); choose format png") from error
    return start + strip


def _palette_rows(image: IndexedImage, directory: ImageFileDirectory_v2) -> bytes:
    """Returns the pixels, and describes them."""
    depth = 4 if image.n_colors <= FEW_COLORS else 8
    directory[BITS], directory[SAMPLES], directory[PHOTOMETRIC] = depth, 1, PALETTE
    colors = image.palette.data
    directory[COLOR_MAP] = tuple(
        value * SIXTEEN_BITS
        for channel in range(3)
        for value in colors[channel::4].ljust(1 << depth, b"\0")
    )
    if depth == 8:
        return bytes(image.data)
    packed = bytes(_core.pack_scanlines(image.data, image.width, depth))
    stride = len(packed) // image.height  # with PNG's filter byte, which stays behind
    return b"".join(packed[at + 1 : at + stride] for at in range(0, len(packed), stride))


def _add_metadata(directory: ImageFileDirectory_v2, metadata: Metadata) -> None:
    if metadata.dpi is not None:
        directory[X_RESOLUTION], directory[Y_RESOLUTION] = metadata.dpi
        directory[RESOLUTION_UNIT] = INCH
    if metadata.exif is not None:
        exif = Image.Exif()
        exif.load(metadata.exif)
        for tag in DESCRIPTIVE_TAGS:
            if tag in exif:
                directory[tag] = str(exif[tag]).encode("latin-1", "replace")  # as Pillow reads it
        for tag in NESTED_TAGS:
            if nested := exif.get_ifd(tag):
                directory[tag] = nested
    for text in metadata.texts:
        known = TAGS_OF_TEXTS.get(text.keyword)
        if known is not None and known not in directory:
            directory[known] = text.value.encode()
    if metadata.xmp is not None:
        directory[XMP] = metadata.xmp
