"""Opens a PNG: its description from Pillow, its pixels in strips."""

import zlib
from collections.abc import Iterator

from PIL import Image

from ..bit_depth import Loaded, load, strips_of_loaded
from ..opened import DAMAGED, Opened
from ..pillow import check_frames
from .chunks import PngFile
from .rows import is_interlaced, n_stored_bytes, opened_png, row_bytes, rows_in_strips
from .unpacking import Unpacker

__all__ = ["open_png"]


def open_png(png: PngFile, *, allow_damaged: bool) -> Opened:
    """Opens a PNG.

    Args:
        png: the chunks of a file.
        allow_damaged: whether to take what can be decoded of a damaged file.

    Raises:
        OSError, ValueError, SyntaxError: it is damaged.
        UnsupportedFormatError: it is an animation.
    """
    check_frames(png.n_frames, "PNG")
    description = _description(png)
    notes = []
    if png.left_out:
        notes.append(f"damaged chunks were left out: {', '.join(png.left_out)}")

    def fault_of_pixels(fault: str) -> None:
        if not allow_damaged:
            raise OSError(fault)
        if DAMAGED not in notes:
            notes.append(DAMAGED)

    if png.fault is not None:
        fault_of_pixels(png.fault)
    unpacker = Unpacker(png, fault_of_pixels)

    def strips() -> Iterator[Loaded]:
        if is_interlaced(png):
            return _interlaced(png, unpacker)
        return rows_in_strips(png, unpacker)

    return Opened(
        description,
        png.size,
        png.header[8] == 16,
        strips,
        notes,
        png.is_color_damaged,
    )


def _description(png: PngFile) -> Image.Image:
    """Has Pillow read all that the file says besides its pixels, in a PNG of one empty pixel."""
    empty = PngFile(png.file, (1).to_bytes(4, "big") + png.header[4:12] + b"\0")
    empty.for_pixels, empty.for_info = png.for_pixels, png.for_info
    row = zlib.compress(bytes(1 + row_bytes(png, 1)))
    data = empty.rows_as_png(1, row, with_info=True)
    with opened_png(data) as file:
        image = load(file, lambda: opened_png(data)).image
    image.format = "PNG"
    image.info.update(png.info)
    return image


def _interlaced(png: PngFile, unpacker: Unpacker) -> Iterator[Loaded]:
    """Yields the strips of an interlaced picture, which has to be decoded whole."""
    data = png.rows_as_png(png.size[1], zlib.compress(unpacker.read(n_stored_bytes(png)), 0))
    with opened_png(data) as image:
        yield from strips_of_loaded(load(image, lambda: opened_png(data)))
