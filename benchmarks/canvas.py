"""What the drawings of `graphics.py` are drawn with: shapes with soft edges, gradients, words."""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SCALE = 4
"""Shapes are drawn so many times larger, then reduced by averaging."""

Color = tuple[int, int, int]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Box = tuple[float, float, float, float]

INK: Color = (33, 37, 41)
GRAY: Color = (108, 117, 125)
LINE: Color = (222, 226, 230)
WHITE: Color = (255, 255, 255)
TAB10: tuple[Color, ...] = (
    (31, 119, 180),
    (255, 127, 14),
    (44, 160, 44),
    (214, 39, 40),
    (148, 103, 189),
    (140, 86, 75),
)
VOCABULARY = (
    "colour palette image cluster centroid pixel distance mean point nearest assign update until "
    "converges quality size error dither edge sharp smooth gradient window button text and the of "
    "to a in is for with by on from are that each which few many small large every over under "
    "between histogram weight index row column deflate filter chunk byte entry order"
)
WORDS = VOCABULARY.split()


class Canvas:
    """A picture that is drawn in its final coordinates, with soft edges."""

    def __init__(self, width: int, height: int, background: Color = WHITE) -> None:
        self.image = Image.new("RGB", (width, height), background)

    def shape(
        self,
        box: Box,
        paint: Callable[[ImageDraw.ImageDraw, Callable[[float, float], tuple[float, float]]], None],
        fill: "Color | Image.Image",
        opacity: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        """Fills what paint draws, in white on black, into the box (left, top, right, bottom).

        Args:
            box: what has to be redrawn; nothing outside is touched.
            paint: draws on a canvas SCALE times as large; its second argument turns final
                coordinates into those of that canvas.
            fill: a colour, or a picture as large as the whole canvas.
            opacity: 0 to 1.
            blur: the deviation of a Gaussian, in final pixels.
        """
        left, top = max(0, math.floor(box[0])), max(0, math.floor(box[1]))
        right = min(self.image.width, math.ceil(box[2]) + 1)
        bottom = min(self.image.height, math.ceil(box[3]) + 1)
        mask = Image.new("L", ((right - left) * SCALE, (bottom - top) * SCALE))
        paint(ImageDraw.Draw(mask), lambda x, y: ((x - left) * SCALE, (y - top) * SCALE))
        mask = mask.resize((right - left, bottom - top), Image.Resampling.BOX)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if opacity < 1:
            mask = mask.point([round(opacity * value) for value in range(256)])
        if isinstance(fill, Image.Image):
            self.image.paste(fill.crop((left, top, right, bottom)), (left, top), mask)
        else:
            self.image.paste(fill, (left, top, right, bottom), mask)

    def rounded(self, box: Box, radius: float, fill: "Color | Image.Image", **how: float) -> None:
        """Fills a rectangle with round corners."""
        spread = 3 * how.get("blur", 0)
        outer = (box[0] - spread, box[1] - spread, box[2] + spread, box[3] + spread)
        self.shape(
            outer,
            lambda draw, at: draw.rounded_rectangle(
                (*at(*box[:2]), *(value - 1 for value in at(*box[2:]))), radius * SCALE, fill=255
            ),
            fill,
            **how,
        )

    def window(self, box: Box, radius: float, fill: "Color | Image.Image") -> None:
        """Fills a rectangle with round corners, a shadow below it and a thin outline."""
        below = (box[0], box[1] + 8, box[2], box[3] + 8)
        self.rounded(below, radius, (0, 0, 0), opacity=0.32, blur=12)
        outline = (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
        self.rounded(outline, radius + 1, (0, 0, 0), opacity=0.18)
        self.rounded(box, radius, fill)

    def ellipse(self, box: Box, fill: "Color | Image.Image", opacity: float = 1.0) -> None:
        """Fills an ellipse."""
        self.shape(
            box, lambda draw, at: draw.ellipse((*at(*box[:2]), *at(*box[2:])), 255), fill, opacity
        )

    def polygon(self, points: Sequence[tuple[float, float]], fill: "Color | Image.Image") -> None:
        """Fills a polygon."""
        xs, ys = zip(*points, strict=True)
        self.shape(
            (min(xs), min(ys), max(xs), max(ys)),
            lambda draw, at: draw.polygon([at(*point) for point in points], 255),
            fill,
        )

    def line(
        self, points: Sequence[tuple[float, float]], fill: Color, width: float, opacity: float = 1
    ) -> None:
        """Draws a line through points."""
        xs, ys = zip(*points, strict=True)
        self.shape(
            (min(xs) - width, min(ys) - width, max(xs) + width, max(ys) + width),
            lambda draw, at: draw.line(
                [at(*point) for point in points], 255, round(width * SCALE), joint="curve"
            ),
            fill,
            opacity,
        )

    def text(
        self,
        at: tuple[float, float],
        text: str,
        fill: Color = INK,
        size: float = 14,
        anchor: str = "la",
        subpixel: bool = False,
    ) -> None:
        """Writes a line, its edges grey or, like on many screens, in three colours."""
        font = ImageFont.load_default(size=size)
        if not subpixel:
            ImageDraw.Draw(self.image).text(at, text, fill, font, anchor)
            return
        # The glyphs three times as wide, each third of a pixel the light of one channel.
        left, top, right, bottom = font.getbbox(text)
        width, height = math.ceil(right - left) + 4, math.ceil(bottom - top) + 2
        large = ImageFont.load_default(size=3 * size)
        mask = Image.new("L", (3 * width, 3 * height))
        ImageDraw.Draw(mask).text((6 - 3 * left, 3 - 3 * top), text, 255, large)
        mask = mask.resize((3 * width, height), Image.Resampling.BOX)
        light = np.asarray(mask, float)
        light = np.pad(light, ((0, 0), (1, 1)))
        light = (light[:, :-2] + light[:, 1:-1] + light[:, 2:]) / 3
        cover = light.reshape(height, width, 3) / 255
        x, y = round(at[0] + left) - 2, round(at[1] + top) - 1
        below = np.asarray(self.image.crop((x, y, x + width, y + height)), float)
        mixed = below + (np.array(fill) - below) * cover
        self.image.paste(Image.fromarray(np.uint8(np.rint(mixed))), (x, y))


def gradient(size: tuple[int, int], box: Box, first: Color, last: Color, angle: int) -> Image.Image:
    """A picture of the given size with a linear gradient over the box, at 0 or 90 degrees."""
    start, end = (box[1], box[3]) if angle == 90 else (box[0], box[2])
    length = size[1] if angle == 90 else size[0]
    place = np.clip((np.arange(length) + 0.5 - start) / (end - start), 0, 1)[:, None]
    ramp = np.rint(np.array(first) * (1 - place) + np.array(last) * place).astype(np.uint8)
    rows = ramp[:, None] if angle == 90 else ramp[None]
    return Image.fromarray(np.ascontiguousarray(np.broadcast_to(rows, (size[1], size[0], 3))))


def colormap(value: Floats) -> Bytes:
    """Colours for values of 0 to 1, much like the colour map viridis."""
    stops = np.array(
        [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)], float
    )
    place = np.linspace(0, 1, len(stops))
    channels = [np.interp(value, place, stops[:, channel]) for channel in range(3)]
    colors: Bytes = np.rint(np.stack(channels, -1)).astype(np.uint8)
    return colors


def sentence(rng: random.Random, n_words: int) -> str:
    """Words in a row, the first with a capital letter."""
    words = " ".join(rng.choice(WORDS) for _ in range(n_words))
    return words[0].upper() + words[1:] + "."
