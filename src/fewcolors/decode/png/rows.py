"""The rows of a PNG, a strip at a time: unpacked here, decoded by Pillow unless that is simple.

A row may be stored as the difference to the one above ("filtered"). So each strip is given to
Pillow with the last row of the strip before it in front, which is then cut off.
"""

import io
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from ... import _core
from ..bit_depth import Loaded, load
from ..strips import rows_of_strip
from .chunks import CHANNELS, GREY, RGB, RGBA, PngFile
from .unpacking import Unpacker

__all__ = [
    "is_interlaced",
    "n_stored_bytes",
    "opened_png",
    "row_bytes",
    "rows_in_strips",
]

NO_FILTER = b"\0"
"""Precedes a row that is stored as it is."""

MODES = {RGB: "RGB", RGBA: "RGBA"}
"""Pillow's, of the colour types that most pictures have."""

ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""The passes of an interlaced picture: first column and row, and the steps between."""


def is_interlaced(png: PngFile) -> bool:
    """Whether the rows are stored in seven passes."""
    return png.header[12] != 0


def rows_in_strips(png: PngFile, unpacker: Unpacker) -> Iterator[Loaded]:
    """Yields the strips of a picture that is not interlaced, from top to bottom.

    Args:
        png: its chunks, with a header that Pillow knows.
        unpacker: of its rows.
    """
    if png.header[8] == 8 and png.header[9] in MODES and not png.has_transparency:
        yield from _plain_strips(png, unpacker)
        return
    width, height = png.size
    row = 1 + row_bytes(png, width)
    n_rows = min(rows_of_strip(width), height)
    above = b""  # the last row of the strip before, as stored without a filter
    for top in range(0, height, n_rows):
        wanted = min(n_rows, height - top)
        stored = unpacker.read(wanted * row)
        if png.header[8] < 8:
            filtered = _with_filter_bytes(_unfiltered(png, above + stored), row)
            above = filtered[-row:]
            yield _decoded(png, filtered[-wanted * row :], 0)
        else:
            strip = _decoded(png, above + stored, 1 if above else 0)
            above = NO_FILTER + _last_row(strip)
            yield strip


def _plain_strips(png: PngFile, unpacker: Unpacker) -> Iterator[Loaded]:
    """Yields the strips of RGB or RGBA of 8 bits, which need nothing but their filters undone.

    Pillow would have them as a PNG of their own, packed and unpacked once more.
    """
    (width, height), mode = png.size, MODES[png.header[9]]
    n_rows, size = min(rows_of_strip(width), height), row_bytes(png, width)
    above = bytes(size)
    for top in range(0, height, n_rows):
        wanted = min(n_rows, height - top)
        plain: Any = _core.unfilter(unpacker.read(wanted * (1 + size)), above, len(mode))
        above = bytes(plain[-size:]) if top + wanted < height else b""
        strip = Loaded(Image.frombuffer(mode, (width, wanted), plain, "raw", mode, 0, 1))
        del plain  # a row may be the whole picture
        yield strip


def n_stored_bytes(png: PngFile) -> int:
    """Returns how many bytes the pixels of an interlaced picture take, unpacked."""
    (width, height), n_bytes = png.size, 0
    for x, y, across, down in ADAM7:
        columns, rows = len(range(x, width, across)), len(range(y, height, down))
        n_bytes += rows * (1 + row_bytes(png, columns)) if columns else 0
    return n_bytes


def row_bytes(png: PngFile, width: int) -> int:
    """Returns what a row takes without the byte that names its filter."""
    return (width * CHANNELS[png.header[9]] * png.header[8] + 7) // 8


def _decoded(png: PngFile, rows: bytes, n_above: int) -> Loaded:
    """Decodes rows, and cuts the first ones off."""
    n_rows = len(rows) // (1 + row_bytes(png, png.size[0]))
    data = png.rows_as_png(n_rows, zlib.compress(rows, 0))
    with opened_png(data) as file:
        image, low, key = load(file, lambda: opened_png(data))
    if n_above:
        box = (0, n_above, *image.size)
        image, low = image.crop(box), None if low is None else low.crop(box)
    return Loaded(image, low, key)


def opened_png(data: bytes) -> PngImageFile:
    """Has Pillow open the bytes of a PNG."""
    return PngImageFile(io.BytesIO(data), "")


def _unfiltered(png: PngFile, rows: bytes) -> bytes:
    """Returns rows of less than 8 bits a pixel as stored, without filters.

    They are read as grey of 8 bits: bits that are no pixels, at the end of a row, count as well.
    """
    row = row_bytes(png, png.size[0])
    grey = PngFile(png.file, png.header[:8] + bytes((8, GREY)) + png.header[10:])
    grey.header = row.to_bytes(4, "big") + grey.header[4:]
    return _decoded(grey, rows, 0).image.tobytes()


def _with_filter_bytes(raw: bytes, row: int) -> bytes:
    """Returns rows, of so many bytes each, that say in front that they are not filtered."""
    n_rows = len(raw) // (row - 1)
    stored = bytearray(n_rows * row)
    if n_rows < row:
        for number in range(n_rows):
            at = number * row
            stored[at + 1 : at + row] = raw[at - number : at - number + row - 1]
    else:  # the rows are short: column by column
        for column in range(row - 1):
            stored[column + 1 :: row] = raw[column :: row - 1]
    return bytes(stored)


def _last_row(strip: Loaded) -> bytes:
    """Returns the last row as stored, of 8 or 16 bits a channel."""
    image, low, _ = strip
    box = (0, image.height - 1, image.width, image.height)
    upper = _bytes_of(image, box)
    if image.mode.startswith("I;16"):
        upper, lower = upper[1::2], upper[::2]
    elif low is None:
        return upper
    else:
        lower = _bytes_of(low, box)
    both = bytearray(2 * len(upper))
    both[::2], both[1::2] = upper, lower
    return bytes(both)


def _bytes_of(image: Image.Image, box: tuple[int, int, int, int]) -> bytes:
    return image.crop(box).tobytes()
