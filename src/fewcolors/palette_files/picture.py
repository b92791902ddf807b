"""Palettes as pictures: their palette if they have one, or else their colours; squares in a PNG."""

import importlib
import io

from PIL import Image

from .. import _core
from ..decode import decode
from ..decode.signatures import SIGNATURES
from ..encode.png import encode_png
from ..errors import FewcolorsError, PaletteError
from ..histogram import build_histogram
from ..indexed import IndexedImage
from ..options import MAX_COLORS, MAX_PIXELS
from ..palette import Palette

__all__ = ["is_picture", "read_picture", "write_png"]

INDEXED = ("Png", "Gif", "Bmp", "Tiff")
"""Pillow's plugins for formats that can have a palette."""

SQUARE = 32
"""Pixels a side."""

MOST_IN_A_ROW = 16


def is_picture(data: bytes) -> bool:
    """Tells by how a file begins whether it is a picture."""
    return _plugin(data) is not None


def read_picture(data: bytes) -> list[bytes]:
    """Reads a picture's palette, in order, or its distinct colours, in order of appearance."""
    colors = _stored_palette(data)
    return _colors_in_order(data) if colors is None else colors


def write_png(palette: Palette) -> bytes:
    """Draws a square a colour, row by row; the PNG's own palette has the same order."""
    columns = min(len(palette), MOST_IN_A_ROW)
    rows = -(-len(palette) // columns)
    numbers = [min(number, len(palette) - 1) for number in range(rows * columns)]
    lines = []
    for row in range(rows):
        line = b"".join(bytes([n]) * SQUARE for n in numbers[row * columns : (row + 1) * columns])
        lines.append(line * SQUARE)
    counts = [numbers.count(number) * SQUARE**2 for number in range(len(palette))]
    data = b"".join(lines)
    image = IndexedImage(palette, data, columns * SQUARE, rows * SQUARE, counts, mse=0.0)
    return encode_png(image)


def _plugin(data: bytes) -> str | None:
    return next((name for at, sign, name in SIGNATURES if data[at:].startswith(sign)), None)


def _stored_palette(data: bytes) -> list[bytes] | None:
    """Returns the palette that a file holds, or None where it holds none."""
    plugin = _plugin(data)
    if plugin not in INDEXED:
        return None
    try:
        importlib.import_module(f"PIL.{plugin}ImagePlugin")
        open_file, _ = Image.OPEN[plugin.upper()]
        with open_file(io.BytesIO(data), "") as image:
            is_huge = image.width * image.height > MAX_PIXELS
            if image.mode != "P" or image.palette is None or is_huge:
                return None
            rgb = bytes(image.getpalette("RGB") or b"")
            transparency = image.info.get("transparency", b"")
    except Exception as error:  # decoders throw OSError, SyntaxError, ValueError, struct.error, ...
        fault = " ".join(str(error).split()) or type(error).__name__
        raise PaletteError(f"damaged picture ({fault}); get it anew from its source") from error
    n_colors = len(rgb) // 3
    if isinstance(transparency, int):  # the number of the one entry that is transparent
        transparency = b"\xff" * transparency + b"\0"
    alphas = transparency[:n_colors].ljust(n_colors, b"\xff")
    return [rgb[3 * n : 3 * n + 3] + alphas[n : n + 1] for n in range(n_colors)]


def _colors_in_order(data: bytes) -> list[bytes]:
    try:
        pixels = decode(data)
    except FewcolorsError as error:
        raise PaletteError(str(error)) from error
    histogram = build_histogram(pixels)
    if histogram.n_colors > MAX_COLORS:
        raise PaletteError(
            f"a picture of {histogram.n_colors:,} colours, and a palette has at most {MAX_COLORS}; "
            "choose some with fewcolors palette"
        )
    labels = bytes(range(histogram.n_colors))
    indices = bytes(_core.map_colors(pixels.data, pixels.channels, histogram.colors, labels, 1))
    colors = bytes(histogram.colors)
    order = sorted(range(histogram.n_colors), key=lambda label: indices.index(bytes([label])))
    return [colors[4 * label : 4 * label + 4] for label in order]
