"""Pictures of results: original and compressed side by side, and the palette.

Drawn with Pillow, which is there already and shows both pictures pixel for pixel; matplotlib would
bring NumPy, resample the pictures, and take a hundred times as long to import.
"""

import io
import math
import os
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from .decode import ImageSource, decode
from .options import MAX_PIXELS
from .result import Compressed

__all__ = ["comparison_figure"]

PANEL = 720
"""The width a panel aims at: small pictures are magnified to about it, large ones reduced."""

MARGIN = 32
GAP = 24
TITLE_SIZE = 26
TEXT_SIZE = 17
LABEL_SIZE = 13
BAR_HEIGHT = 36
SWATCH = 56
SWATCH_HEIGHT = 32

INK = (28, 28, 30)
QUIET_INK = (110, 110, 115)
PAPER = (255, 255, 255)
OUTLINE = (200, 200, 204)
CHECKS = ((255, 255, 255), (222, 222, 226))
CHECK_SIZE = 12


class Panel(NamedTuple):
    """One of the two pictures, ready to be shown."""

    image: Image.Image
    title: str
    text: str


def comparison_figure(source: ImageSource, result: Compressed, path: str = "figure.png") -> bytes:
    """Draws the original and the result side by side, over the palette with each colour's share.

    Args:
        source: the original, as it was given to `compress`.
        result: what `compress` returned.
        path: its extension decides the format: PNG, JPEG or WebP.

    Returns:
        The bytes of the figure's file.
    """
    pixels = decode(source, max_pixels=max(MAX_PIXELS, result.options.max_pixels))
    mode = "RGB" if pixels.channels == 3 else "RGBA"
    original = Image.frombytes(mode, (pixels.width, pixels.height), bytes(pixels.data))
    kind = f"{result.format_in} " if result.format_in else "raw pixels, "
    smaller = (
        f"{result.ratio:.1f} times smaller"
        if result.ratio >= 1
        else f"{1 / result.ratio:.1f} times larger"
    )
    panels = [
        Panel(
            _shown(original),
            "Original",
            f"{kind}{_kilobytes(result.bytes_in)}, {_colors(result.n_distinct)}",
        ),
        Panel(
            _shown(result.indexed.to_pil().convert("RGBA")),
            "Compressed",
            f"PNG {_kilobytes(result.bytes_out)}, {smaller}, {_colors(result.n_colors)}, "
            f"mean squared error {result.mse:.1f}",
        ),
    ]
    figure = _draw(panels, result)
    file = io.BytesIO()
    figure.save(file, format=Image.registered_extensions()[os.path.splitext(path)[1].lower()])
    return file.getvalue()


def _kilobytes(n_bytes: int) -> str:
    return f"{n_bytes / 1000:,.1f} kB"


def _colors(count: int) -> str:
    return "1 colour" if count == 1 else f"{count:,} colours"


def _shown(image: Image.Image) -> Image.Image:
    """Returns the picture at about a panel's width, over checks where it is transparent."""
    width, height = image.size
    if max(width, height) > 2 * PANEL:
        image = image.copy()
        image.thumbnail((PANEL, 2 * PANEL), Image.Resampling.LANCZOS)
    elif width * 2 <= PANEL and height * 2 <= PANEL:
        scale = PANEL // max(width, height)
        image = image.resize((width * scale, height * scale), Image.Resampling.NEAREST)
    if image.mode != "RGBA":
        return image
    under = _checks(image.size)
    under.paste(image, (0, 0), image)
    return under


def _checks(size: tuple[int, int]) -> Image.Image:
    tile = Image.new("RGB", (2 * CHECK_SIZE, 2 * CHECK_SIZE), CHECKS[0])
    draw = ImageDraw.Draw(tile)
    for left, top in ((CHECK_SIZE, 0), (0, CHECK_SIZE)):
        right, bottom = left + CHECK_SIZE - 1, top + CHECK_SIZE - 1
        draw.rectangle((left, top, right, bottom), fill=CHECKS[1])
    image = Image.new("RGB", size)
    for y in range(0, size[1], tile.height):
        for x in range(0, size[0], tile.width):
            image.paste(tile, (x, y))
    return image


def _draw(panels: list[Panel], result: Compressed) -> Image.Image:
    title_font = ImageFont.load_default(TITLE_SIZE)
    text_font = ImageFont.load_default(TEXT_SIZE)
    column = max(
        max(panel.image.width, math.ceil(text_font.getlength(panel.text))) for panel in panels
    )
    width = 2 * MARGIN + len(panels) * column + GAP * (len(panels) - 1)
    top = MARGIN + TITLE_SIZE + TEXT_SIZE + 24
    picture_height = max(panel.image.height for panel in panels)
    palette_top = top + picture_height + GAP
    inner = width - 2 * MARGIN
    per_row = inner // SWATCH
    n_rows = -(-result.n_colors // per_row)
    swatches_top = palette_top + TEXT_SIZE + 14 + BAR_HEIGHT + 16
    height = swatches_top + n_rows * (SWATCH_HEIGHT + LABEL_SIZE + 14) + MARGIN
    figure = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(figure)
    for number, panel in enumerate(panels):
        left = MARGIN + number * (column + GAP)
        draw.text((left, MARGIN), panel.title, INK, title_font)
        draw.text((left, MARGIN + TITLE_SIZE + 10), panel.text, QUIET_INK, text_font)
        figure.paste(panel.image, (left, top))
    draw.text((MARGIN, palette_top), "Palette, by share of the pixels", INK, text_font)
    _draw_bar(draw, result, (MARGIN, palette_top + TEXT_SIZE + 14), inner)
    _draw_swatches(draw, result, (MARGIN, swatches_top), per_row)
    return figure


def _solid(color: tuple[int, int, int, int]) -> tuple[int, int, int]:
    """Returns a colour as it looks over white."""
    red, green, blue, alpha = color
    return (
        (red * alpha + 255 * (255 - alpha)) // 255,
        (green * alpha + 255 * (255 - alpha)) // 255,
        (blue * alpha + 255 * (255 - alpha)) // 255,
    )


def _by_share(result: Compressed) -> list[tuple[float, tuple[int, int, int, int]]]:
    pairs = zip(result.indexed.shares, result.indexed.palette, strict=True)
    return sorted(pairs, key=lambda pair: -pair[0])


def _draw_bar(
    draw: ImageDraw.ImageDraw, result: Compressed, at: tuple[int, int], width: int
) -> None:
    """Draws one bar whose parts are as wide as the colours' shares."""
    left, top = at
    passed = 0.0
    for share, color in _by_share(result):
        start, end = left + round(passed * width), left + round((passed + share) * width)
        if end > start:
            draw.rectangle((start, top, end - 1, top + BAR_HEIGHT - 1), fill=_solid(color))
        passed += share
    draw.rectangle((left, top, left + width - 1, top + BAR_HEIGHT - 1), outline=OUTLINE)


def _draw_swatches(
    draw: ImageDraw.ImageDraw, result: Compressed, at: tuple[int, int], per_row: int
) -> None:
    """Draws every colour at the same size, with its share in per cent."""
    font = ImageFont.load_default(LABEL_SIZE)
    for number, (share, color) in enumerate(_by_share(result)):
        left = at[0] + number % per_row * SWATCH
        top = at[1] + number // per_row * (SWATCH_HEIGHT + LABEL_SIZE + 14)
        box = (left, top, left + SWATCH - 7, top + SWATCH_HEIGHT - 1)
        draw.rectangle(box, fill=_solid(color), outline=OUTLINE)
        text = f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %"
        draw.text((left, top + SWATCH_HEIGHT + 3), text, QUIET_INK, font)
