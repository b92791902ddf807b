"""Palettes as pictures: their palette if they have one, or else their colours; squares in a PNG."""

import io
import sys
from collections.abc import Sequence

from PIL import Image

from ..decode import decode
from ..decode.alpha import with_alpha
from ..decode.faults import decoding
from ..decode.signatures import SIGNATURE_BYTES, SIGNATURES, find_opener
from ..errors import FewcolorsError, PaletteError
from ..limits import MAX_COLORS, MAX_PIXELS

__all__ = ["colors_of_image", "is_picture", "read_picture", "write_png"]

INDEXED = ("Png", "Gif", "Bmp", "Tiff")
"""Pillow's plugins for formats that can have a palette."""

SQUARE = 32
"""Pixels a side of a colour's square."""

MOST_IN_A_ROW = 16
"""Squares of a row: a full palette is a square of squares."""

STRIP_PIXELS = 1 << 16
"""A picture with too many colours is found out after a few of these."""


def is_picture(data: bytes) -> bool:
    """Tells by how a file begins whether it is a picture."""
    return _plugin(data) is not None


def read_picture(data: bytes) -> list[bytes]:
    """Reads a picture's palette, in order, or its distinct colours, in order of appearance."""
    colors = _stored_palette(data)
    return _colors_in_order(data) if colors is None else colors


def write_png(colors: Sequence[bytes], _shares: Sequence[float]) -> bytes:
    """Draws a square a colour, row by row; the PNG's own palette has the same order."""
    columns = min(len(colors), MOST_IN_A_ROW)
    rows = -(-len(colors) // columns)
    squares = Image.new("P", (columns, rows))
    squares.putdata([min(number, len(colors) - 1) for number in range(rows * columns)])
    squares.putpalette(b"".join(color[:3] for color in colors), "RGB")
    image = squares.resize((columns * SQUARE, rows * SQUARE), Image.Resampling.NEAREST)
    alphas = bytes(color[3] for color in colors).rstrip(b"\xff")
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, **({"transparency": alphas} if alphas else {}))
    return file.getvalue()


def _plugin(data: bytes) -> str | None:
    return next((name for at, sign, name in SIGNATURES if data[at:].startswith(sign)), None)


def _stored_palette(data: bytes) -> list[bytes] | None:
    """Returns the palette that a file holds, or None where it holds none."""
    if _plugin(data) not in INDEXED:
        return None
    _, open_file = find_opener(data[:SIGNATURE_BYTES])
    try:
        with decoding(), open_file(io.BytesIO(data)) as image:
            return _palette_of(image)
    except FewcolorsError as error:
        raise PaletteError(str(error)) from error


def colors_of_image(image: Image.Image) -> list[bytes]:
    """Returns a PIL image's palette, in order, or its distinct colours, in order of appearance."""
    colors = _palette_of(image)
    return _colors_in_order(image) if colors is None else colors


def _palette_of(image: Image.Image) -> list[bytes] | None:
    """Returns the palette of an image of mode "P"; None for other modes."""
    if image.mode != "P" or image.palette is None or image.width * image.height > MAX_PIXELS:
        return None
    if image.palette.mode == "RGBA":
        rgba = bytes(image.getpalette("RGBA") or b"")
        return [rgba[i : i + 4] for i in range(0, len(rgba), 4)]
    rgb = bytes(image.getpalette("RGB") or b"")
    transparency = image.info.get("transparency", b"")
    n_colors = len(rgb) // 3
    if isinstance(transparency, int):  # the number of the one entry that is transparent
        transparency = b"\xff" * transparency + b"\0"
    alphas = transparency[:n_colors].ljust(n_colors, b"\xff")
    return [rgb[3 * n : 3 * n + 3] + alphas[n : n + 1] for n in range(n_colors)]


def _colors_in_order(source: bytes | Image.Image) -> list[bytes]:
    """Returns the distinct colours of a picture, in order of appearance."""
    try:
        pixels = with_alpha(decode(source))
    except FewcolorsError as error:
        raise PaletteError(str(error)) from error
    values = memoryview(pixels.data).cast("I")  # a number a pixel
    colors: dict[bytes, None] = {}
    for first in range(0, len(values), STRIP_PIXELS):
        for value in dict.fromkeys(values[first : first + STRIP_PIXELS]):
            color = value.to_bytes(4, sys.byteorder)
            colors[color if color[3] > 0 else bytes(4)] = None
        if len(colors) > MAX_COLORS:
            raise PaletteError(
                f"a picture of more than {MAX_COLORS} colours, the most that a palette has; "
                "choose some with palette_of, or with the command fewcolors palette"
            )
    return list(colors)
