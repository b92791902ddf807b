"""From anything that stands for a palette to its colours."""

import os
import re
from collections.abc import Sequence
from typing import Any

from PIL import Image

from ..limits import MAX_COLORS
from . import read_colors
from .picture import colors_of_image
from .text import color_of, is_hex

__all__ = ["colors_of"]

SEPARATORS = re.compile(r"[,;\s]+")


def colors_of(source: Any) -> list[bytes]:
    """Returns the 1 to 256 colours of what stands for a palette, four bytes each.

    Args:
        source: what `Palette.of` takes, but for a `Palette`.

    Raises:
        PaletteError, OSError: a file cannot be read as a palette.
        TypeError, ValueError: the source is something else, or not of 1 to 256 colours.
    """
    if isinstance(source, os.PathLike):
        return read_colors(source)
    if isinstance(source, str):
        return _named(source)
    if isinstance(source, Image.Image):
        return _counted(colors_of_image(source))
    if hasattr(source, "__array_interface__"):
        return _from_array(source)
    if isinstance(source, list | tuple):
        return _listed(source)
    raise TypeError(
        "palette must be a Palette, a path, a PIL image, hex colours or an array of shape (k, 3) "
        f"or (k, 4), got {type(source).__name__}"
    )


def _named(text: str) -> list[bytes]:
    """Reads the file of that path; or, where there is none, the hex colours in the text."""
    words = [word for word in SEPARATORS.split(text) if word]
    is_list = text.lstrip().startswith("#") or all(map(is_hex, words))
    if is_list and not os.path.exists(text):
        return _listed(words)
    return read_colors(text)


def _listed(items: Sequence[Any]) -> list[bytes]:
    if items and len(items) % 3 == 0 and all(isinstance(item, int) for item in items):
        items = [items[i : i + 3] for i in range(0, len(items), 3)]  # as by Image.getpalette()
    if any(map(_is_fractional, items)):
        return _from_array(items)
    try:
        colors = list(map(color_of, items))
    except ValueError as error:
        raise ValueError(f"palette: {error}") from None
    return _counted(colors)


def _is_fractional(row: Any) -> bool:
    """Whether a row of a list is an array, or of numbers that are not all integers."""
    if isinstance(row, list | tuple):
        return any(isinstance(value, float) for value in row)
    return getattr(row, "ndim", 0) == 1


def _from_array(source: Any) -> list[bytes]:
    import numpy as np

    try:
        array = np.asarray(source)
    except ValueError:
        raise ValueError("palette: rows must have the same length, 3 or 4") from None
    is_number = array.dtype.kind in "uif"
    if not is_number or array.ndim != 2 or array.shape[1] not in (3, 4):
        raise ValueError(
            "palette: an array must have shape (k, 3) or (k, 4) and hold numbers, "
            f"got {array.shape} and {array.dtype}"
        )
    if not ((array >= 0) & (array <= 255)).all():
        raise ValueError("palette: an array must hold numbers from 0 to 255")
    if array.dtype.kind == "f" and array.size and array.max() <= 1 and (array % 1).any():
        raise ValueError("palette: numbers from 0 to 1; multiply them by 255")
    rounded = np.rint(array).astype(np.uint8)
    return _counted([bytes(row).ljust(4, b"\xff") for row in rounded])


def _counted(colors: list[bytes]) -> list[bytes]:
    if not 1 <= len(colors) <= MAX_COLORS:
        raise ValueError(f"palette must have 1 to {MAX_COLORS} colours, got {len(colors)}")
    return colors
