"""Draws docs/graphics.png: details of drawings, the original, fewcolors and pngquant side by side.

    python benchmarks/sheet.py docs/graphics.png

Twelve details, three times as large: text, thin lines, gradients, shadows on light and on dark,
icons of 16 and of 48 pixels. pngquant has as many colours as fit into the bytes of fewcolors'
default, after oxipng.
"""

import argparse
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import graphics
import oxipng
from canvas import Canvas, gradient
from measure import command_of
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import fewcolors

SCALE = 3
DETAIL = (76, 48)
COLUMNS = 2
GAP = 10
TITLE = 18
OXIPNG_LEVEL = 4
INK = (40, 44, 52)


class Detail(NamedTuple):
    """A detail of a drawing.

    Attributes:
        title: what it shows.
        picture: the name of the drawing.
        corner: its upper left pixel.
        ground: what a drawing with alpha is put on.
    """

    title: str
    picture: str
    corner: tuple[int, int]
    ground: tuple[int, int, int] = (255, 255, 255)


def shadow() -> Image.Image:
    """A card with a soft shadow, on nothing."""
    mask = Image.new("L", (320, 260))
    ImageDraw.Draw(mask).rounded_rectangle((60, 50, 260, 200), 16, fill=150)
    picture = Image.new("RGBA", mask.size)
    picture.putalpha(mask.filter(ImageFilter.GaussianBlur(14)))
    card = Canvas(320, 260)
    card.rounded((60, 40, 260, 190), 16, (246, 248, 252))
    card.rounded(
        (60, 40, 260, 84),
        16,
        gradient(card.image.size, (60, 40, 260, 84), (88, 101, 242), (235, 69, 158), 0),
    )
    card.text((160, 62), "Saved", (255, 255, 255), 18, "mm")
    shape = Image.new("L", (1280, 1040))
    ImageDraw.Draw(shape).rounded_rectangle((240, 160, 1040, 760), 64, fill=255)
    picture.paste(card.image.convert("RGBA"), mask=shape.resize(mask.size, Image.Resampling.BOX))
    return picture


def icon(side: int) -> Callable[[], Image.Image]:
    """A round icon of one size, on nothing, beside three others."""

    def draw() -> Image.Image:
        large = graphics.icons().crop((30, 24, 30 + 4 * 114, 24 + 96)).convert("RGBA")
        tiles = Image.new("RGBA", (4 * (side + 3), 2 * (side + 3)))
        for number in range(4):
            tile = large.crop((114 * number, 0, 114 * number + 96, 96))
            mask = Image.new("L", tile.size)
            radius = 48 if number % 3 == 0 else 20
            ImageDraw.Draw(mask).rounded_rectangle((0, 0, 95, 95), radius, fill=255)
            tile.putalpha(mask)
            small = tile.resize((side, side), Image.Resampling.LANCZOS)
            tiles.paste(small, (number * (side + 3), 2))
            tiles.paste(small, ((3 - number) * (side + 3), side + 4))
        return tiles

    return draw


PICTURES: dict[str, Callable[[], Image.Image]] = {
    **graphics.PICTURES,
    "shadow": shadow,
    "icons of 16": icon(16),
    "icons of 48": icon(48),
}

DETAILS = (
    Detail("text", "text", (206, 78)),
    Detail("text on dark, syntax in colour", "windows", (262, 180)),
    Detail("thin lines", "chart", (150, 250)),
    Detail("a scale of colours", "chart", (880, 520)),
    Detail("soft edges", "icons", (30, 20)),
    Detail("buttons", "windows", (985, 585)),
    Detail("a gradient behind a window", "windows", (1080, 630)),
    Detail("pixel art under a vignette", "pixel-art", (520, 430)),
    Detail("a shadow on white", "shadow", (200, 175)),
    Detail("the same on dark", "shadow", (200, 175), (28, 30, 38)),
    Detail("icons of 16 pixels, on grey", "icons of 16", (0, 0), (128, 128, 128)),
    Detail("icons of 48 pixels, on dark", "icons of 48", (20, 0), (28, 30, 38)),
)


def png_of(image: Image.Image) -> bytes:
    """Returns a picture as a PNG."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def pngquant(png: bytes, most_bytes: int) -> tuple[bytes, int]:
    """Returns pngquant's file of the most colours within so many bytes, and their number."""
    command = command_of("pngquant")
    found, n_found = b"", 0
    for n_colors in (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256):
        run = subprocess.run(
            [command, str(n_colors), "-"], input=png, capture_output=True, check=True
        )
        data = oxipng.optimize_from_memory(run.stdout, level=OXIPNG_LEVEL)
        if len(data) <= most_bytes or not found:
            found, n_found = data, n_colors
    return found, n_found


def shown(data: bytes, detail: Detail) -> Image.Image:
    """Returns a detail of a file, on its ground, enlarged."""
    with Image.open(io.BytesIO(data)) as image:
        picture = image.convert("RGBA")
    ground = Image.new("RGBA", picture.size, (*detail.ground, 255))
    left, top = detail.corner
    box = (left, top, left + DETAIL[0], top + DETAIL[1])
    part = Image.alpha_composite(ground, picture).convert("RGB").crop(box)
    return part.resize((SCALE * DETAIL[0], SCALE * DETAIL[1]), Image.Resampling.NEAREST)


def main() -> None:
    """Draws the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    width, height = SCALE * DETAIL[0], SCALE * DETAIL[1]
    cell = (3 * width + 3 * GAP, height + TITLE + GAP)
    rows = -(-len(DETAILS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * cell[0] + GAP, rows * cell[1] + GAP), (255, 255, 255))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=12)
    files: dict[str, tuple[bytes, bytes, bytes, str]] = {}
    for name in dict.fromkeys(detail.picture for detail in DETAILS):
        png = png_of(PICTURES[name]())
        ours = fewcolors.compress(png)
        theirs, n_theirs = pngquant(png, ours.bytes_out)
        label = (
            f"fewcolors {ours.bytes_out:,} bytes, {ours.n_colors} colours; "
            f"pngquant {len(theirs):,}, {n_theirs}"
        )
        files[name] = (png, ours.data, theirs, label)
        print(f"{name}: {label}")
    for number, detail in enumerate(DETAILS):
        x, y = GAP + number % COLUMNS * cell[0], GAP + number // COLUMNS * cell[1]
        *datas, label = files[detail.picture]
        draw.text((x, y), f"{detail.title}: original, {label}", INK, font)
        for place, data in enumerate(datas):
            sheet.paste(shown(bytes(data), detail), (x + place * (width + GAP // 2), y + TITLE))
    result = fewcolors.compress(sheet, quality=90)
    result.save(arguments.output, force=True)


if __name__ == "__main__":
    main()
