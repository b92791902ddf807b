"""What changes from one frame to the next, as a rectangle that is drawn over the picture."""

from typing import NamedTuple

from PIL import Image, ImageChops

from ...indexed import IndexedImage, Palette
from ..indices import where_equal

__all__ = [
    "Box",
    "Patch",
    "changed_box",
    "indexed",
    "patches",
    "transparent_index",
    "unchanged_pixels",
]

Box = tuple[int, int, int, int]

NOTHING: Box = (0, 0, 1, 1)
"""Of a frame that changes nothing, one pixel is drawn as it was: the frame must still be there."""


class Patch(NamedTuple):
    """A part of a frame.

    Attributes:
        indices: mode "L".
        at: its left and top.
        is_over: whether transparent pixels leave the picture as it is; else they replace it.
    """

    indices: Image.Image
    at: tuple[int, int]
    is_over: bool


def transparent_index(palette: Palette) -> int | None:
    """Returns the first entry of alpha 0, whatever its colour; None where there is none."""
    index = palette.data[3::4].find(0)
    return index if index >= 0 else None


def changed_box(before: Image.Image | None, now: Image.Image) -> Box:
    """Returns the rectangle that has changed between two pictures of indices."""
    if before is None:
        return (0, 0, *now.size)
    return ImageChops.difference(before, now).getbbox() or NOTHING


def unchanged_pixels(
    before: Image.Image | None, now: Image.Image, palette: Palette, box: Box
) -> Image.Image | None:
    """Returns a mask of the pixels in a box that do not change.

    It is None where a pixel that changes is not opaque: drawn over the picture, it would not
    replace the one that is there.
    """
    if before is None:
        return None
    part = now.crop(box)
    unchanged = where_equal(before.crop(box), part)
    changed = part.histogram(ImageChops.invert(unchanged.convert("L")))
    alphas = palette.data[3::4]
    is_opaque = all(alpha == 255 for alpha, count in zip(alphas, changed, strict=False) if count)
    return unchanged if is_opaque else None


def patches(
    before: Image.Image | None,
    now: Image.Image,
    palette: Palette,
    box: Box,
    transparent: int | None,
) -> list[Patch]:
    """Returns the ways to draw a frame after the one before it. The caller takes the smallest.

    Args:
        before: the indices of the frame before, None for the first.
        now: those of the frame.
        palette: of both.
        box: the area to draw, which contains all that has changed.
        transparent: the index of pixels that leave the picture as it is, if there is one.
    """
    ways = [Patch(now.crop(box), box[:2], is_over=False)]
    unchanged = unchanged_pixels(before, now, palette, box)
    if unchanged is not None and transparent is not None:
        over = now.crop(box)
        over.paste(transparent, mask=unchanged)
        ways.append(Patch(over, box[:2], is_over=True))
    return ways


def indexed(indices: Image.Image, palette: Palette) -> IndexedImage:
    """Returns indices with their palette, for an encoder."""
    return IndexedImage(palette, indices.tobytes(), indices.width, indices.height, [], 0.0)
