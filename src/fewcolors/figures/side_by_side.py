"""Pictures of results: original and compressed side by side, and the palette.

Drawn with Pillow, which is there already and shows both pictures pixel for pixel; matplotlib would
bring NumPy, resample the pictures, and take a hundred times as long to import.
"""

import io
import math
import os
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from ..animation.source import open_animation
from ..decode import ImageSource, Pixels, decode
from ..formats import FORMAT_NAMES
from ..limits import MAX_PIXELS
from ..options import Options
from ..result import Compressed
from ..wording import colors, kilobytes, times_smaller

__all__ = ["side_by_side"]

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}

PANEL = 720
"""The width a panel aims at: small pictures are magnified to about it, large ones reduced."""

# Sizes in pixels, chosen by eye for a figure 1100 to 1600 wide, as pages and slides show it.
MARGIN = 32
GAP = 24
LEADING = 8
TITLE_SIZE = 26
TEXT_SIZE = 17
LABEL_SIZE = 13
BAR_HEIGHT = 36
SWATCH = 56
SWATCH_HEIGHT = 32
SWATCH_ROW = SWATCH_HEIGHT + LABEL_SIZE + 2 * LEADING

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
    lines: tuple[str, str]


def side_by_side(source: ImageSource, result: Compressed, path: str = "figure.png") -> bytes:
    """Draws the original and the result side by side, over the palette with each colour's share.

    Args:
        source: the original, as it was given to `compress`; an open file has to be rewound.
        result: what `compress` returned.
        path: its extension decides the format: .png, .jpg, .jpeg or .webp.

    Returns:
        The bytes of the figure's file.

    Raises:
        DecodeError: the source cannot be read as a picture.
        ValueError: path has another extension.

    >>> import numpy as np, fewcolors
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> side_by_side(ramp, fewcolors.compress(ramp, 4))[1:4]
    b'PNG'
    """
    format_ = FORMATS.get(os.path.splitext(path)[1].lower())
    if format_ is None:
        raise ValueError(f"path must end in one of {', '.join(FORMATS)}, got {path!r}")
    pixels = _first_picture(source, result.options)
    mode = "RGB" if pixels.channels == 3 else "RGBA"
    original = Image.frombytes(mode, (pixels.width, pixels.height), bytes(pixels.data))
    kind, made = result.format_in or "raw pixels", FORMAT_NAMES[result.format]
    panels = [
        Panel(
            _fitted_to_panel(original),
            "Original",
            (f"{kind}, {kilobytes(result.bytes_in)}", colors(result.n_distinct)),
        ),
        Panel(
            _fitted_to_panel(result.indexed.to_pil().convert("RGBA")),
            "Compressed",
            (
                f"{made}, {kilobytes(result.bytes_out)}, {times_smaller(result.ratio)}",
                f"{colors(result.n_colors)}, mean squared error {result.mse:.1f}",
            ),
        ),
    ]
    figure = _draw(panels, result)
    file = io.BytesIO()
    figure.save(file, format=format_, icc_profile=pixels.profile.icc if pixels.profile else None)
    return file.getvalue()


def _first_picture(source: ImageSource, options: Options) -> Pixels:
    """Returns a picture, or the first frame of an animation."""
    max_pixels = max(MAX_PIXELS, options.max_pixels)
    animation = open_animation(source, max_pixels, options.max_frames)
    if animation is None:
        return decode(
            source,
            max_pixels=max_pixels,
            keep_profile=options.keep_profile,
            allow_damaged=options.allow_damaged,
        )
    return next(animation.frames()).pixels


def _fitted_to_panel(image: Image.Image) -> Image.Image:
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
    texts = [line for panel in panels for line in panel.lines]
    column = max(
        max(panel.image.width for panel in panels),
        *(math.ceil(text_font.getlength(text)) for text in texts),
    )
    width = 2 * MARGIN + len(panels) * column + GAP * (len(panels) - 1)
    top = MARGIN + TITLE_SIZE + 2 * (TEXT_SIZE + LEADING) + GAP
    palette_top = top + max(panel.image.height for panel in panels) + GAP
    bar_top = palette_top + TEXT_SIZE + 2 * LEADING
    swatches_top = bar_top + BAR_HEIGHT + 2 * LEADING
    per_row = (width - 2 * MARGIN) // SWATCH
    height = swatches_top + -(-result.n_colors // per_row) * SWATCH_ROW + MARGIN
    figure = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(figure)
    for number, panel in enumerate(panels):
        left = MARGIN + number * (column + GAP)
        draw.text((left, MARGIN), panel.title, INK, title_font)
        for row, line in enumerate(panel.lines):
            line_top = MARGIN + TITLE_SIZE + LEADING + row * (TEXT_SIZE + LEADING)
            draw.text((left, line_top), line, QUIET_INK, text_font)
        figure.paste(panel.image, (left, top))
    draw.text((MARGIN, palette_top), "Palette, by share of the pixels", INK, text_font)
    _draw_bar(draw, result, (MARGIN, bar_top), width - 2 * MARGIN)
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
        top = at[1] + number // per_row * SWATCH_ROW
        box = (left, top, left + SWATCH - 7, top + SWATCH_HEIGHT - 1)
        draw.rectangle(box, fill=_solid(color), outline=OUTLINE)
        text = f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %"
        draw.text((left, top + SWATCH_HEIGHT + 3), text, QUIET_INK, font)
